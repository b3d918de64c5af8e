// MergeSession, where histories of one device part (branches.h): both are kept.
#include <algorithm>
#include <iterator>
#include <ranges>

#include "core/base/sort.h"
#include "core/base/task_result.h"
#include "core/sync/merge_session.h"
#include "core/sync/new_device.h"

namespace kehubu {

// Nothing is cut before the whole file was checked, and before all that it builds on is here. None of its changes is kept: what there
// is to cut, and how it is called here, follows from reading it, and then it is read again to be appended.
Step<Status> MergeSession::graft(std::size_t index, Progress& progress) {
  Candidate& candidate = candidates_[index];
  BranchTrace trace{log_, tables_, candidate.header};
  candidate.parting.clear();
  KEHUBU_CO_TRY(co_await follow(candidate, trace, progress));
  if (candidate.fate == Fate::refused) {
    co_return Status{};
  }
  const BranchTrace::OwnLoss loss = trace.own_loss(own_device());
  candidate.own_told = loss.told;
  candidate.brought_back_own = trace.parts(own_device()) ? 0 : loss.comes_back;  // where its own name parts it goes on under another
  if (trace.must_wait(loss)) {
    wait_for(index, trace.gaps());
    co_return Status{};
  }
  for (const std::size_t parting : trace.parting_devices()) {
    candidate.parting.push_back(device_title(candidate.header.root(parting), candidate.header, log_));
  }
  while (!trace.cuts().empty()) {
    KEHUBU_CO_TRY(cut(trace.cuts()));
    KEHUBU_CO_TRY(co_await follow(candidate, trace, progress));
  }
  KEHUBU_CO_TRY(trace.name_devices());
  candidate.applied_changes = trace.new_changes();
  candidate.fate = trace.new_changes() > 0 ? Fate::applied : Fate::covered;
  KEHUBU_CO_TRY(co_await append_in_pieces(candidate, &trace, progress));
  KEHUBU_CO_TRY(note_course(candidate, trace));
  co_return candidate.fate == Fate::applied ? close_gaps(candidate.header) : Status();
}

Step<Status> MergeSession::follow(Candidate& candidate, BranchTrace& trace, Progress& progress) {
  KEHUBU_CO_TRY(trace.begin());
  KEHUBU_CO_TRY(co_await check_whole_file(candidate, true, false, progress, &trace));
  co_return candidate.fate == Fate::refused ? Status() : trace.finish();
}

void MergeSession::note_what_is_known() {
  known_before_.clear();
  for (DeviceNumber number = 1; number <= log_.device_count(); ++number) {
    known_before_.emplace(number, log_.last_sequence(number));
  }
  own_numbers_ = number_beginnings(store_, store_.identity().person, store_.identity().letter);
  letter_is_shared_ = false;
}

Status MergeSession::cut(const std::vector<Log::Cut>& cuts) {
  for (const Log::Cut& cut : cuts) {
    if (log_.device_id(cut.from) == own_device() && !own_chain_) {  // where it is cut again it ends in what others have, too
      own_chain_ = log_.chain(cut.from);
    }
  }
  KEHUBU_TRY_ASSIGN(done, log_.split(cuts));
  tables_are_stale_ = true;
  for (const Log::Cut& cut : std::views::reverse(done)) {  // from the end: each piece ends where the next one begins
    std::int64_t& last = known_before_[cut.from];
    known_before_[cut.tail] = std::max(last, cut.last_kept);
    last = std::min(last, cut.last_kept);
    KEHUBU_TRY(tables_.split(log_.device(cut.from), cut.from, log_.device(cut.tail), cut.tail));
  }
  return {};
}

// What was read, none of which is here yet.
Status MergeSession::append_new(const BranchTrace& trace) {
  const std::span<Change> fresh{changes_.data(), change_count_};
  for (Change& change : fresh) {
    change.version = trace.local(change.version);
    for (FieldChange& field : change.fields) {
      for (Version& version : field.replaced) {
        version = trace.local(version);
      }
      kehubu::sort(field.replaced);
    }
  }
  for (std::size_t begin = 0, end = 0; begin < fresh.size(); begin = end) {
    while (end < fresh.size() && fresh[end].version.device == fresh[begin].version.device) {
      ++end;
    }
    const std::span<const Change> run = fresh.subspan(begin, end - begin);
    const Version first = run.front().version;
    if (first.sequence != log_.last_sequence(first.device) + 1) {
      return history_refusal({log_.device(first.device).name, log_.device(first.device).name});
    }
    KEHUBU_TRY(append_run(run));
  }
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
  kehubu::sort(keys);
  return keys;
}

// A decision that was read before the log was cut may be called otherwise now; and of the tables, made anew, only what is open since
// was opened, and closed what is not any more.
Status MergeSession::look_at_what_came_in(const std::vector<std::string>& open_before) {
  KEHUBU_TRY_ASSIGN(open_now, open_conflicts());
  std::vector<std::string> kept;
  std::ranges::set_intersection(open_before, open_now, std::back_inserter(kept));
  statistics_.conflicts_opened = static_cast<std::int64_t>(open_now.size() - kept.size());
  statistics_.conflicts_closed = static_cast<std::int64_t>(open_before.size() - kept.size());
  decisions_.clear();
  for (DeviceNumber number = 1; number <= log_.device_count(); ++number) {
    KEHUBU_TRY(log_.for_each(number, known_before_[number] + 1, log_.last_sequence(number), [&](const Change& change) -> Status {
      if (change.kind == ChangeKind::resolve) {
        decisions_.push_back(change.version);
      }
      return {};
    }));
  }
  return {};
}

// Device number − 1 → the last number that was known before this merge.
std::vector<std::int64_t> MergeSession::known_numbers() const {
  std::vector<std::int64_t> numbers(static_cast<std::size_t>(log_.device_count()), 0);
  for (const auto& [device, last] : known_before_) {
    numbers[static_cast<std::size_t>(device) - 1] = last;
  }
  return numbers;
}

// What this machine wrote of a name that another one bears, too; none where nothing has parted.
std::optional<DeviceNumber> MergeSession::own_history() const {
  const std::vector<DeviceNumber> histories = own_chain_ ? log_.branches_of(own_device()) : std::vector<DeviceNumber>();
  const auto mine = std::ranges::find_if(histories, [this](DeviceNumber number) { return log_.chain(number) == *own_chain_; });
  return mine != histories.end() ? std::optional(*mine) : std::nullopt;
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
  const std::optional<DeviceNumber> mine = own_history();
  for (const DeviceNumber number : log_.branches_of(own_device())) {
    rank += mine && !log_.is_cut(number) && log_.device_id(number) < log_.device_id(*mine) ? 1 : 0;
  }
  KEHUBU_TRY(take_new_device(store_, tables_, rank));
  if (mine) {  // to people it is this device, under both names
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
