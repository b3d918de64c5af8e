#include "core/sync/merge_session.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "core/base/sort.h"
#include "core/base/task_result.h"
#include "core/store/transaction.h"
#include "core/sync/conflicts.h"
#include "core/sync/new_device.h"

namespace kehubu {
namespace {

constexpr std::int64_t changes_between_slices = 128;
constexpr std::size_t records_between_slices = 64;
constexpr std::int64_t changes_at_once = 65'536;   // kept in memory while a file is checked
constexpr std::size_t appended_at_once = 1'024;
// Above it nobody reads a list of what was changed on its way, and reading all of a thousand known files takes many times as long as knowing them.
constexpr std::size_t files_that_people_look_at = 32;

std::unexpected<Error> cancelled() {
  return fail(ErrorKind::cancelled, "已取消导入，没有改动任何数据", "The import was cancelled; nothing was changed");
}

}  // namespace

void MergeSession::refuse(Candidate& candidate, Sentence message) {
  candidate.fate = Fate::refused;
  candidate.message = std::move(message);
}

// In the order in which they were written: that is mostly the order of need.
Status MergeSession::gather(std::vector<File> files) {
  for (auto& [name, json] : files) {
    candidates_.push_back({.name = std::move(name), .json = std::move(json)});
  }
  for (Candidate& candidate : candidates_) {
    open(candidate);
  }
  kehubu::sort(candidates_, {}, [](const Candidate& candidate) { return std::tie(candidate.header.created, candidate.name); });
  // A gap that this device's own writing has closed.
  if (const auto own = log_.find_device(own_device())) {
    KEHUBU_TRY(waiting_.close_gaps(own_device(), log_.last_sequence(*own)));
  }
  KEHUBU_TRY(fetch_ready());
  return {};
}

// Files that waited in the database and have no gap any more. True when there are some that this session has not seen.
Result<bool> MergeSession::fetch_ready() {
  KEHUBU_TRY_ASSIGN(files, waiting_.ready());
  bool any = false;
  for (WaitingFiles::File& file : files) {
    if (file.json.empty() || !fetched_.insert(file.digest).second) {
      continue;
    }
    candidates_.push_back({.name = std::move(file.name), .json = std::move(file.json), .waiting_digest = std::move(file.digest)});
    open(candidates_.back());
    ready_.push_back(candidates_.size() - 1);
    any = true;
  }
  return any;
}

void MergeSession::open(Candidate& candidate) {
  BundleReader reader{candidate.json, limits_};
  if (auto opened = reader.read_header(); !opened) {
    refuse(candidate, std::move(opened.error().message));
    return;
  }
  candidate.header = reader.header();
}

// False when every file is known already, and is what it says it is: then nothing of them is understood, and nothing is written.
Step<Result<bool>> MergeSession::anything_to_do(Progress& progress) {
  bool anything = false;
  for (Candidate& candidate : candidates_) {
    if (candidate.fate != Fate::pending) {
      anything = true;
      continue;
    }
    KEHUBU_CO_TRY_ASSIGN(examination, look_at(candidate));
    if (examination.relation == Relation::covered && candidate.waiting_digest.empty()) {
      KEHUBU_CO_TRY(co_await cover(candidate, progress));
    }
    if (candidate.fate == Fate::covered) {
      KEHUBU_CO_TRY(remember_peer(candidate));
    } else {
      anything = true;
    }
  }
  co_return anything;
}

// It has nothing new. That it was changed on its way is told all the same: who sent it may believe that it says something else.
Step<Status> MergeSession::cover(Candidate& candidate, Progress& progress) {
  const bool was_looked_at = !candidate.waiting_digest.empty();  // when it came
  if (!was_looked_at && candidates_.size() <= files_that_people_look_at) {
    DigestCheck check{candidate.json};
    while (check.step()) {
      co_await next_slice();
      if (progress.cancelled) {
        co_return cancelled();
      }
    }
    if (!check.agrees()) {
      KEHUBU_CO_TRY(co_await check_whole_file(candidate, false, false, progress));
      if (candidate.fate == Fate::refused) {
        co_return Status{};
      }
    }
  }
  candidate.fate = Fate::covered;
  co_return Status{};
}

void MergeSession::begin_again() {
  cautious_ = true;
  must_begin_again_ = false;
  bytes_before_ = 0;
  statistics_ = {};
  decisions_.clear();
  own_chain_.reset();
  tables_are_stale_ = false;
  for (Candidate& candidate : candidates_) {
    if (candidate.fate != Fate::refused && candidate.fate != Fate::covered) {
      candidate.fate = Fate::pending;
      candidate.applied_changes = 0;
    }
  }
}

Step<Result<MergeReport>> MergeSession::run(std::vector<File> files, Progress& progress) {
  progress.activity = {"正在检查文件", "Checking the files"};
  KEHUBU_CO_TRY(gather(std::move(files)));
  KEHUBU_CO_TRY_ASSIGN(parts_before, Conflicts{store_}.count_parts());
  KEHUBU_CO_TRY_ASSIGN(anything, co_await anything_to_do(progress));
  Transaction transaction{store_};
  while (anything) {
    KEHUBU_CO_TRY(transaction.begin());
    KEHUBU_CO_TRY(co_await attempt(progress));
    if (must_begin_again_) {
      transaction.roll_back();
      begin_again();
      continue;
    }
    KEHUBU_CO_TRY(keep_books());
    KEHUBU_CO_TRY(leave_shared_name());
    tell_what_own_is_missing();  // of a name that was left nothing is missing
    KEHUBU_CO_TRY(leave_shared_letter());
    KEHUBU_CO_TRY(settle_doubts());
    KEHUBU_CO_TRY(tell_concerns());
    KEHUBU_CO_TRY(transaction.commit());
    break;
  }
  KEHUBU_CO_TRY_ASSIGN(waiting, waiting_.count());  // those of earlier sessions, too
  report_.waiting = waiting;
  report_.waiting_rows_read = waiting_.take_rows_read();
  KEHUBU_CO_TRY(summarise());
  KEHUBU_CO_TRY_ASSIGN(rows, Conflicts{store_}.count_rows());
  KEHUBU_CO_TRY_ASSIGN(parts, anything ? Conflicts{store_}.count_parts() : Result<std::int64_t>(parts_before));  // what is one question was counted by its rows
  report_.conflicts_open = rows - parts;
  report_.conflicts_opened = std::max<std::int64_t>(0, report_.conflicts_opened - std::max<std::int64_t>(0, parts - parts_before));
  report_.conflicts_closed = std::max<std::int64_t>(0, report_.conflicts_closed - std::max<std::int64_t>(0, parts_before - parts));
  co_return std::move(report_);
}

Result<Examination> MergeSession::look_at(const Candidate& candidate) {
  ++report_.headers_examined;
  return examine(candidate.header, log_, tables_, own_device());
}

// Of another history than the one known here the header alone does not tell: that is known from its changes.
Result<std::vector<Gap>> MergeSession::gaps_of(const Candidate& candidate) {
  KEHUBU_TRY_ASSIGN(examination, look_at(candidate));
  const bool is_told_by_header = examination.relation != Relation::branched && examination.relation != Relation::unfit;
  return is_told_by_header ? std::move(examination.gaps) : candidate.gaps;
}

void MergeSession::queue_pending() {
  ready_.clear();
  waiting_for_.clear();
  for (std::size_t index = 0; index < candidates_.size(); ++index) {
    if (candidates_[index].fate == Fate::pending) {
      ready_.push_back(index);
    }
  }
}

// Each file applied may be what another waited for: that one is looked at when its last gap is closed.
Step<Status> MergeSession::attempt(Progress& progress) {
  progress.done = 0;
  progress.total = 0;
  for (const Candidate& candidate : candidates_) {
    progress.total += candidate.fate == Fate::pending ? static_cast<std::int64_t>(candidate.json.size()) : 0;
  }
  progress.activity = {"正在读取", "Reading"};
  note_what_is_known();
  queue_pending();
  for (bool more = true; more;) {
    while (!ready_.empty()) {
      const std::size_t index = ready_.front();
      ready_.pop_front();
      Status considered = co_await consider(index, progress);
      if (!considered && considered.error().kind == ErrorKind::invalid_input) {  // the file's fault; some of it may be in the log already
        refuse(candidates_[index], std::move(considered.error().message));
        must_begin_again_ = true;
      } else {
        KEHUBU_CO_TRY(std::move(considered));
      }
      if (must_begin_again_) {
        co_return Status{};
      }
    }
    KEHUBU_CO_TRY_ASSIGN(found, fetch_ready());
    more = found;
  }
  KEHUBU_CO_TRY(co_await keep_the_rest_waiting(progress));
  co_return co_await materialise(progress);
}

void MergeSession::wait_for(std::size_t index, const std::vector<Gap>& gaps) {
  candidates_[index].gaps = gaps;
  candidates_[index].open_gaps = gaps.size();
  for (const Gap& gap : gaps) {
    const auto place = std::ranges::find(candidates_[index].header.devices, gap.device) - candidates_[index].header.devices.begin();
    waiting_for_[candidates_[index].header.root(static_cast<std::size_t>(place))].emplace(gap.last, index);
  }
}

// What the file brought may be what files of this session, or of earlier ones, waited for. A branch counts as its root:
// who waits may call it otherwise.
Status MergeSession::close_gaps(const BundleHeader& header) {
  for (std::size_t index = 0; index < header.devices.size(); ++index) {
    if (header.since[index] == header.have[index]) {
      continue;
    }
    const Id& root = header.root(index);
    const auto number = log_.find_device(header.devices[index]);
    const std::int64_t last = std::max(header.have[index], number ? log_.last_sequence(*number) : 0);
    if (const auto waiting = waiting_for_.find(root); waiting != waiting_for_.end()) {
      auto& by_number = waiting->second;
      for (; !by_number.empty() && by_number.begin()->first <= last; by_number.erase(by_number.begin())) {
        const std::size_t candidate = by_number.begin()->second;
        if (--candidates_[candidate].open_gaps == 0) {
          ready_.push_back(candidate);
        }
      }
    }
    KEHUBU_TRY(waiting_.close_gaps(root, last));
  }
  return {};
}

Step<Status> MergeSession::consider(std::size_t index, Progress& progress) {
  Candidate& candidate = candidates_[index];
  if (candidate.fate != Fate::pending) {
    co_return Status{};
  }
  KEHUBU_CO_TRY_ASSIGN(examination, look_at(candidate));
  candidate.own_told = examination.own_told;
  switch (examination.relation) {
    case Relation::covered:
      co_return co_await cover(candidate, progress);
    case Relation::branched:
      co_return co_await graft(index, progress);
    case Relation::unfit:
      refuse(candidate, std::move(examination.why_unfit));
      co_return Status{};
    case Relation::waiting:
      wait_for(index, examination.gaps);
      co_return Status{};
    case Relation::applicable:
      break;
  }
  candidate.applied_changes = examination.new_changes;
  candidate.brought_back_own = examination.brings_back_own;
  const bool overlaps = examination.new_changes != candidate.header.count;
  KEHUBU_CO_TRY(co_await apply(candidate, cautious_ || overlaps, progress));
  if (candidate.parts && candidate.fate == Fate::pending) {
    co_return co_await graft(index, progress);
  }
  bytes_before_ += static_cast<std::int64_t>(candidate.json.size());
  if (candidate.fate == Fate::applied) {
    KEHUBU_CO_TRY(close_gaps(candidate.header));
  }
  co_return Status{};
}

Step<Status> MergeSession::apply(Candidate& candidate, bool check_chain, Progress& progress) {
  const bool at_once = candidate.header.count <= changes_at_once;
  KEHUBU_CO_TRY(co_await check_whole_file(candidate, check_chain, at_once, progress));
  if (candidate.fate == Fate::refused || candidate.parts) {
    co_return Status{};
  }
  number_devices(candidate.header);
  if (at_once) {
    KEHUBU_CO_TRY(append_read());
  } else {
    KEHUBU_CO_TRY(co_await append_in_pieces(candidate, nullptr, progress));
  }
  candidate.fate = Fate::applied;
  if (!chains_match(candidate.header)) {
    refuse(candidate, chain_refusal(candidate.header.device_name).error().message);
    must_begin_again_ = true;
  }
  co_return Status{};
}

Step<Status> MergeSession::check_whole_file(Candidate& candidate, bool check_chain, bool keep_changes, Progress& progress, BranchTrace* trace) {
  BundleReader reader{candidate.json, limits_};
  static_cast<void>(reader.read_header());  // it was read once already
  BundleChain chain{candidate.header};
  candidate.parts = false;
  change_count_ = 0;
  for (std::int64_t read = 0;; ++read) {
    if (keep_changes || changes_.empty()) {
      changes_.resize(std::max(changes_.size(), change_count_ + 1));
    }
    Change& change = changes_[change_count_];
    const auto more = reader.next(change);
    if (!more) {
      refuse(candidate, more.error().message);
      co_return Status{};
    }
    if (!*more) {
      break;
    }
    if (check_chain && !chain_agrees(candidate, chain, change)) {
      co_return Status{};
    }
    if (trace != nullptr) {
      KEHUBU_CO_TRY(trace->meet(change.version, chain.value()));
    }
    change_count_ += keep_changes ? 1 : 0;
    if (read % changes_between_slices == 0) {
      progress.done = bytes_before_ + static_cast<std::int64_t>(reader.progress() * static_cast<double>(candidate.json.size()));
      co_await next_slice();
      if (progress.cancelled) {
        co_return cancelled();
      }
    }
  }
  most_changes_held_ = std::max(most_changes_held_, changes_.size());
  auto digest = reader.finish();
  if (!digest) {
    refuse(candidate, digest.error().message);
    co_return Status{};
  }
  candidate.digest = *digest;
  co_return Status{};
}

// The file must agree with its own header. Where it and the log overlap and say different things, two histories part.
bool MergeSession::chain_agrees(Candidate& candidate, BundleChain& chain, const Change& change) {
  if (!chain.add(change)) {
    refuse(candidate, chain_refusal(candidate.header.device_name).error().message);
    return false;
  }
  candidate.parts = candidate.parts || !agrees_with_log(candidate.header, change.version, chain.value(), log_);
  return true;
}

// Of a file whose histories were traced only what is new.
Step<Status> MergeSession::append_in_pieces(Candidate& candidate, const BranchTrace* trace, Progress& progress) {
  BundleReader reader{candidate.json, limits_};
  static_cast<void>(reader.read_header());
  changes_.resize(appended_at_once);
  most_changes_held_ = std::max(most_changes_held_, changes_.size());
  for (bool more = true; more;) {
    change_count_ = 0;
    for (std::size_t read = 0; more && read < appended_at_once; ++read) {
      Change& change = changes_[change_count_];
      KEHUBU_CO_TRY_ASSIGN(found, reader.next(change));
      more = found;
      change_count_ += found && (trace == nullptr || trace->is_new(change.version)) ? 1 : 0;
    }
    KEHUBU_CO_TRY(trace != nullptr ? append_new(*trace) : append_read());
    co_await next_slice();
    if (progress.cancelled) {
      co_return cancelled();
    }
  }
  co_return Status{};
}

void MergeSession::number_devices(const BundleHeader& header) {
  numbers_.clear();
  for (const Id& device : header.devices) {
    numbers_.push_back(log_.device_number(device));
  }
}

void MergeSession::to_local(Change& change) const {
  change.version.device = numbers_[static_cast<std::size_t>(change.version.device)];
  for (FieldChange& field : change.fields) {
    for (Version& version : field.replaced) {
      version.device = numbers_[static_cast<std::size_t>(version.device)];
    }
    if (field.replaced.size() > 1) {
      kehubu::sort(field.replaced);
    }
  }
}

// Changes of one device, under the names of here: whether histories parted or not, they are noted alike.
Status MergeSession::append_run(std::span<const Change> run) {
  KEHUBU_TRY(log_.append(run, &store_.materialiser()));
  note_letters(run);
  for (const Change& change : run) {
    if (change.kind == ChangeKind::resolve) {
      decisions_.push_back(change.version);
    }
  }
  return {};
}

// Appends what was read, device by device, leaving out what is known already.
Status MergeSession::append_read() {
  std::size_t first = 0;
  while (first < change_count_) {
    to_local(changes_[first]);
    const Version begin = changes_[first].version;
    std::size_t end = first + 1;
    const bool known = begin.sequence <= log_.last_sequence(begin.device);
    while (!known && end < change_count_ && end - first < appended_at_once) {
      if (numbers_[static_cast<std::size_t>(changes_[end].version.device)] != begin.device) {
        break;
      }
      to_local(changes_[end]);
      ++end;
    }
    if (!known) {
      const std::span<const Change> run{changes_.data() + first, end - first};
      KEHUBU_TRY(append_run(run));
    }
    first = end;
  }
  return {};
}

bool MergeSession::chains_match(const BundleHeader& header) const {
  for (std::size_t index = 0; index < header.devices.size(); ++index) {
    const DeviceNumber number = numbers_[index];
    if (log_.last_sequence(number) == header.have[index] && log_.chain(number) != header.chain_have[index]) {
      return false;
    }
  }
  return true;
}

Step<Status> MergeSession::materialise(Progress& progress) {
  progress.activity = {"正在合并", "Merging"};
  progress.done = 0;
  progress.total = 0;
  Materialiser& materialiser = store_.materialiser();
  std::vector<std::string> open_before;
  if (tables_are_stale_) {
    KEHUBU_CO_TRY_ASSIGN(open, open_conflicts());
    open_before = std::move(open);
    KEHUBU_CO_TRY(store_.begin_tables_anew(known_numbers()));
  }
  materialiser.tell_losses_of(own_histories(store_, own_history()));
  materialiser.doubt_clocks_after(store_.environment().now_ms() + doubted_clock_ms);
  while (true) {
    KEHUBU_CO_TRY_ASSIGN(finished, materialiser.step(records_between_slices));
    if (progress.total == 0) {
      progress.total = materialiser.records_waiting();
    }
    progress.done = progress.total - materialiser.records_waiting();
    if (finished) {
      break;
    }
    co_await next_slice();
    if (progress.cancelled) {
      co_return cancelled();
    }
  }
  KEHUBU_CO_TRY_ASSIGN(statistics, materialiser.finish());
  statistics_ = std::move(statistics);
  if (tables_are_stale_) {
    KEHUBU_CO_TRY(look_at_what_came_in(open_before));
  }
  co_return Status{};
}

// What cannot be applied yet is checked like everything else, then kept.
Step<Status> MergeSession::keep_the_rest_waiting(Progress& progress) {
  KEHUBU_CO_TRY_ASSIGN(kept_bytes, waiting_.bytes());
  for (Candidate& candidate : candidates_) {
    if (candidate.fate != Fate::pending) {
      continue;
    }
    if (candidate.waiting_digest.empty()) {
      KEHUBU_CO_TRY(co_await check_whole_file(candidate, true, false, progress));
      if (candidate.fate == Fate::refused) {
        continue;
      }
    }
    candidate.fate = Fate::waiting;
    KEHUBU_CO_TRY(keep_waiting(candidate, kept_bytes));
  }
  co_return say_what_is_missing();
}

Status MergeSession::keep_waiting(Candidate& candidate, std::int64_t& kept_bytes) {
  KEHUBU_TRY_ASSIGN(gaps, gaps_of(candidate));
  candidate.open_gaps = gaps.size();
  if (!candidate.waiting_digest.empty()) {
    return waiting_.keep(candidate.waiting_digest, candidate.name, candidate.json, candidate.header, gaps);
  }
  KEHUBU_TRY_ASSIGN(waits_already, waiting_.contains(candidate.digest));
  candidate.waited_before = waits_already;
  if (waits_already) {
    return {};
  }
  const auto size = static_cast<std::int64_t>(candidate.json.size());
  if (kept_bytes + size > static_cast<std::int64_t>(limits_.waiting_bytes)) {
    candidate.json.clear();  // only remembered
  } else {
    kept_bytes += size;
  }
  return waiting_.keep(candidate.digest, candidate.name, candidate.json, candidate.header, gaps);
}

// Known when all that waits is: what one file lacks may be in another.
Status MergeSession::say_what_is_missing() {
  const auto is_told = [](const Candidate& candidate) { return candidate.fate == Fate::waiting && candidate.waiting_digest.empty(); };
  if (std::ranges::none_of(candidates_, is_told)) {
    return {};
  }
  for (Candidate& candidate : candidates_) {
    if (!is_told(candidate)) {
      continue;
    }
    KEHUBU_TRY_ASSIGN(gaps, gaps_of(candidate));
    const Keeping keeping = candidate.waited_before ? Keeping::kept_before : candidate.json.empty() ? Keeping::too_large : Keeping::kept;
    KEHUBU_TRY_ASSIGN(message, waiting_sentence(gaps, keeping, waiting_, candidate.header, store_));
    candidate.message = message;
  }
  return {};
}

}  // namespace kehubu
