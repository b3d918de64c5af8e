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
  candidate.brought_back_own = 0;  // where histories part nothing comes back to this one
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
  own_numbers_ = number_beginnings(store_, store_.identity().person, store_.identity().letter);
  letter_is_shared_ = false;
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
    const auto run = std::span<const Change>(fresh).subspan(begin, end - begin);
    const Version first = run.front().version;
    if (first.sequence != log_.last_sequence(first.device) + 1) {
      return history_refusal({log_.device(first.device).name, log_.device(first.device).name});
    }
    KEHUBU_TRY(append_run(run));
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
// the tables, made anew, only what is open since, and what is not any more; of what lost in them, the cells that were written.
Result<MaterialiseStatistics> MergeSession::what_came_in(MaterialiseStatistics of_all, const std::vector<std::string>& open_before) {
  MaterialiseStatistics statistics;
  KEHUBU_TRY_ASSIGN(open_now, open_conflicts());
  std::vector<std::string> kept;
  std::ranges::set_intersection(open_before, open_now, std::back_inserter(kept));
  statistics.conflicts_opened = static_cast<std::int64_t>(open_now.size() - kept.size());
  statistics.conflicts_closed = static_cast<std::int64_t>(open_before.size() - kept.size());
  std::set<std::pair<std::string, Id>> touched;
  std::set<std::pair<Id, std::string>> written;
  decisions_.clear();
  for (DeviceNumber number = 1; number <= log_.device_count(); ++number) {
    KEHUBU_TRY(log_.for_each(number, known_before_[number] + 1, log_.last_sequence(number), [&](const Change& change) -> Status {
      touched.emplace(change.entity, change.row);
      for (const FieldChange& cell : change.fields) {
        written.emplace(change.row, cell.field);
      }
      ++statistics.changes;
      if (change.kind == ChangeKind::resolve) {
        decisions_.push_back(change.version);
      }
      return {};
    }));
  }
  statistics.records_touched = static_cast<std::int64_t>(touched.size());
  std::ranges::copy_if(of_all.losses, std::back_inserter(statistics.losses),
                       [&](const Loss& loss) { return written.contains({loss.row, std::string(loss.field->id)}); });
  statistics.superseded = static_cast<std::int64_t>(statistics.losses.size());
  statistics.doubts = std::move(of_all.doubts);
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
  if (mine != histories.end()) {  // to people it is this device, under both names
    KEHUBU_TRY(store_.set_setting(former_branch_setting, log_.device_id(*mine).text()));
    log_.describe_device(*mine, store_.identity().name, store_.identity().person);
  }
  letter_is_shared_ = false;  // that was of the letter before
  report_.remarks.push_back(renewed_sentence(store_.identity().letter));
  return {};
}

// Numbers like this device's own, given by a device that is older: of a person's devices that did not know of each other's
// choice, the older one keeps the letter.
void MergeSession::note_letters(std::span<const Change> appended) {
  const auto is_like_ours = [this](const Change& change) {
    return change.kind == ChangeKind::create && std::ranges::any_of(own_numbers_, [&](const NumberBeginning& own) {
      return own.entity->id == change.entity && std::ranges::any_of(change.fields, [&](const FieldChange& cell) {
        return cell.field == own.entity->number_field && text_or_empty(cell.value).starts_with(own.text);
      });
    });
  };
  const bool is_older = !appended.empty() && log_.device_id(appended.front().version.device) < own_device();
  letter_is_shared_ = letter_is_shared_ || (is_older && !own_numbers_.empty() && std::ranges::any_of(appended, is_like_ours));
}

Result<bool> MergeSession::is_letter_shared() {
  const DeviceIdentity& own = store_.identity();
  KEHUBU_TRY_ASSIGN(peers, tables_.peers());
  return letter_is_shared_ || std::ranges::any_of(peers, [&](const Peer& peer) {
    const bool is_left = std::ranges::any_of(peers, [&](const Peer& other) { return other.former == peer.device; }) || store_.setting(former_device_setting) == peer.device.text();
    const auto number = log_.find_device(peer.device);
    return !is_left && !(number && log_.is_cut(*number)) && peer.person == own.person && peer.letter == own.letter && peer.device < own.device;
  });
}

// Two devices of one person that give the same numbers would do so every day.
Status MergeSession::leave_shared_letter() {
  const DeviceIdentity& own = store_.identity();
  if (own.person.empty() || own.letter.empty()) {
    return {};
  }
  KEHUBU_TRY_ASSIGN(shared, is_letter_shared());
  if (!shared) {
    return {};
  }
  const std::string before = own.letter;
  KEHUBU_TRY(take_other_letter(store_, tables_));
  report_.remarks.push_back(sentence("业务编号里的字母 {}，您的另一台设备也在用：本机以后改用 {}，两边就不会编出同一个号。已有的编号不变。",
                                     "Another device of yours uses the letter {} in business numbers, too: this one uses {} from now on, so that the two do not give the "
                                     "same number. Numbers given before stay.",
                                     {before, store_.identity().letter}));
  return {};
}

}  // namespace kehubu
