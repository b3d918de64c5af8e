// MergeSession, where histories of one device part (branches.h): both are kept.
#include <algorithm>
#include <iterator>
#include <set>

#include "core/base/task_result.h"
#include "core/sync/merge_session.h"
#include "core/sync/new_device.h"

namespace kehubu {

// Nothing is cut before the whole file was checked, and before all that it builds on is here.
Step<Status> MergeSession::graft(std::size_t index, Progress& progress) {
  Candidate& candidate = candidates_[index];
  KEHUBU_CO_TRY(co_await check_whole_file(candidate, true, true, progress));
  if (candidate.fate == Fate::refused) {
    co_return Status{};
  }
  BranchTrace trace{log_, tables_, candidate.header};
  const ChainedChanges bundle{{changes_.data(), change_count_}, chains_};
  candidate.parting.clear();
  KEHUBU_CO_TRY(trace.run(bundle));
  if (trace.new_changes() > 0 && !trace.gaps().empty()) {
    wait_for(index, trace.gaps());
    co_return Status{};
  }
  for (const std::size_t parting : trace.parting_devices()) {
    candidate.parting.push_back(device_title(candidate.header.root(parting), candidate.header, log_));
  }
  while (!trace.cuts().empty()) {
    KEHUBU_CO_TRY(cut(trace.cuts().front()));
    KEHUBU_CO_TRY(trace.run(bundle));
  }
  KEHUBU_CO_TRY(trace.name_devices());
  candidate.applied_changes = trace.new_changes();
  candidate.fate = trace.new_changes() > 0 ? Fate::applied : Fate::covered;
  KEHUBU_CO_TRY(append_new(trace));
  KEHUBU_CO_TRY(note_course(candidate, trace));
  co_return candidate.fate == Fate::applied ? close_gaps(candidate.header) : Status();
}

void MergeSession::note_what_is_known() {
  known_before_.clear();
  for (DeviceNumber number = 1; number <= log_.device_count(); ++number) {
    known_before_.emplace(number, log_.last_sequence(number));
  }
}

Status MergeSession::cut(const BranchTrace::Cut& cut) {
  if (log_.device_id(cut.device) == own_device()) {
    own_chain_ = log_.chain(cut.device);
  }
  KEHUBU_TRY_ASSIGN(tail, log_.split(cut.device, cut.last_kept));
  tables_are_stale_ = true;
  std::int64_t& last = known_before_[cut.device];
  known_before_[tail] = std::max(last, cut.last_kept);
  last = std::min(last, cut.last_kept);
  return tables_.split(log_.device(cut.device), cut.device, log_.device(tail), tail);
}

Status MergeSession::append_new(const BranchTrace& trace) {
  std::vector<Change> fresh;
  for (std::size_t index = 0; index < change_count_; ++index) {
    if (!trace.is_new(changes_[index].version)) {
      continue;
    }
    Change& change = fresh.emplace_back(std::move(changes_[index]));
    change.version = trace.local(change.version);
    for (FieldChange& field : change.fields) {
      for (Version& version : field.replaced) {
        version = trace.local(version);
      }
      std::ranges::sort(field.replaced);
    }
  }
  for (std::size_t begin = 0, end = 0; begin < fresh.size(); begin = end) {
    while (end < fresh.size() && fresh[end].version.device == fresh[begin].version.device) {
      ++end;
    }
    KEHUBU_TRY(log_.append(std::span<const Change>(fresh).subspan(begin, end - begin), &store_.materialiser()));
  }
  changes_.clear();
  change_count_ = 0;
  return {};
}

// What the sender knows, under the names that this device has for it.
Status MergeSession::note_course(Candidate& candidate, const BranchTrace& trace) {
  const BundleHeader& header = candidate.header;
  candidate.traced = true;
  candidate.peer_knows.clear();
  for (std::size_t index = 0; index < header.devices.size(); ++index) {
    trace.add_knowledge(candidate.peer_knows, index, header.have[index]);
  }
  return {};
}

Result<std::vector<std::string>> MergeSession::open_conflicts() {
  Database database{store_.connection()};
  std::vector<std::string> keys;
  Statement& select = database.statement("SELECT key FROM conflict");
  while (select.row()) {
    keys.emplace_back(select.text(0));
  }
  KEHUBU_TRY(select.status());
  std::ranges::sort(keys);
  return keys;
}

// Afterwards what came in is asked of the log: a change that was read before the log was cut may be called otherwise now. Of
// the tables, made anew, only what is open since, and what is not any more.
Result<MaterialiseStatistics> MergeSession::what_came_in(const std::vector<std::string>& open_before) {
  MaterialiseStatistics statistics;
  KEHUBU_TRY_ASSIGN(open_now, open_conflicts());
  std::vector<std::string> kept;
  std::ranges::set_intersection(open_before, open_now, std::back_inserter(kept));
  statistics.conflicts_opened = static_cast<std::int64_t>(open_now.size() - kept.size());
  statistics.conflicts_closed = static_cast<std::int64_t>(open_before.size() - kept.size());
  std::set<std::pair<std::string, Id>> touched;
  decisions_.clear();
  for (DeviceNumber number = 1; number <= log_.device_count(); ++number) {
    KEHUBU_TRY(log_.for_each(number, known_before_[number] + 1, log_.last_sequence(number), [&](const Change& change) -> Status {
      touched.emplace(change.entity, change.row);
      ++statistics.changes;
      if (change.kind == ChangeKind::resolve) {
        decisions_.push_back(change.version);
      }
      return {};
    }));
  }
  statistics.records_touched = static_cast<std::int64_t>(touched.size());
  return statistics;
}

// Another machine has written under this device's name: nothing must follow where the histories part.
Status MergeSession::leave_shared_name() {
  const auto own = log_.find_device(own_device());
  if (!own || !log_.is_cut(*own)) {
    return {};
  }
  // The machines that leave the name may each not know what the others choose, but all know the histories: by those they
  // choose different letters.
  std::size_t rank = 0;
  const std::vector<DeviceNumber> histories = log_.branches_of(own_device());
  const auto mine = std::ranges::find_if(histories, [this](DeviceNumber number) { return own_chain_ && log_.chain(number) == *own_chain_; });
  for (const DeviceNumber number : histories) {
    rank += mine != histories.end() && !log_.is_cut(number) && log_.device_id(number) < log_.device_id(*mine) ? 1 : 0;
  }
  KEHUBU_TRY(take_new_device(store_, tables_, rank));
  report_.remarks.push_back(renewed_sentence(store_.identity().letter));
  return {};
}

}  // namespace kehubu
