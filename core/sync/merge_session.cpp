#include "core/sync/merge_session.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "core/base/task_result.h"
#include "core/store/transaction.h"
#include "core/sync/new_device.h"

namespace kehubu {
namespace {

constexpr std::int64_t changes_between_slices = 128;
constexpr std::size_t records_between_slices = 64;
constexpr std::int64_t changes_at_once = 65'536;   // kept in memory while a file is checked
constexpr std::size_t appended_at_once = 1'024;
constexpr std::int64_t waiting_bytes_limit = 64 << 20;

std::unexpected<Error> cancelled() {
  return fail(ErrorKind::cancelled, "已取消导入，没有改动任何数据", "The import was cancelled; nothing was changed");
}

}  // namespace

void MergeSession::refuse(Candidate& candidate, Sentence message) {
  candidate.fate = Fate::refused;
  candidate.message = std::move(message);
}

// The files of this session, then those that waited from before, in the order in which they were written.
Status MergeSession::gather(std::vector<File> files) {
  for (auto& [name, json] : files) {
    candidates_.push_back({.name = std::move(name), .json = std::move(json)});
  }
  KEHUBU_TRY_ASSIGN(waiting, tables_.waiting());
  for (auto& bundle : waiting) {
    candidates_.push_back({.name = std::move(bundle.name), .json = std::move(bundle.json), .waiting_digest = std::move(bundle.digest)});
  }
  for (Candidate& candidate : candidates_) {
    open(candidate);
  }
  std::ranges::sort(candidates_, {}, [](const Candidate& candidate) { return std::tie(candidate.header.created, candidate.name); });
  return {};
}

void MergeSession::open(Candidate& candidate) {
  BundleReader reader{candidate.json, limits_};
  if (auto opened = reader.read_header(); !opened) {
    refuse(candidate, std::move(opened.error().message));
    return;
  }
  candidate.header = reader.header();
}

// False when every file is known already: then nothing of them is read any further, and nothing is written.
Result<bool> MergeSession::anything_to_do() {
  bool anything = false;
  for (Candidate& candidate : candidates_) {
    if (candidate.fate != Fate::pending) {
      anything = true;
      continue;
    }
    KEHUBU_TRY_ASSIGN(examination, examine(candidate.header, log_, tables_, own_device()));
    if (examination.relation == Relation::covered && candidate.waiting_digest.empty()) {
      candidate.fate = Fate::covered;
      KEHUBU_TRY(remember_peer(candidate));
    } else {
      anything = true;
    }
  }
  return anything;
}

void MergeSession::begin_again() {
  cautious_ = true;
  must_begin_again_ = false;
  bytes_before_ = 0;
  statistics_ = {};
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
  KEHUBU_CO_TRY_ASSIGN(anything, anything_to_do());
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
    KEHUBU_CO_TRY(transaction.commit());
    break;
  }
  summarise();
  co_return std::move(report_);
}

// Passes over the pending files until one changes nothing any more: each file applied may be what another waited for.
Step<Status> MergeSession::attempt(Progress& progress) {
  progress.done = 0;
  progress.total = 0;
  for (const Candidate& candidate : candidates_) {
    progress.total += candidate.fate == Fate::pending ? static_cast<std::int64_t>(candidate.json.size()) : 0;
  }
  progress.activity = {"正在读取", "Reading"};
  for (bool moved = true; moved;) {
    moved = false;
    for (Candidate& candidate : candidates_) {
      if (candidate.fate != Fate::pending) {
        continue;
      }
      KEHUBU_CO_TRY_ASSIGN(settled, co_await consider(candidate, progress));
      moved = moved || settled;
      if (must_begin_again_) {
        co_return Status{};
      }
    }
  }
  KEHUBU_CO_TRY(co_await keep_the_rest_waiting(progress));
  co_return co_await materialise(progress);
}

// True when the file's fate is decided.
Step<Result<bool>> MergeSession::consider(Candidate& candidate, Progress& progress) {
  KEHUBU_CO_TRY_ASSIGN(examination, examine(candidate.header, log_, tables_, own_device()));
  switch (examination.relation) {
    case Relation::covered:
      candidate.fate = Fate::covered;
      co_return true;
    case Relation::diverged:
      KEHUBU_CO_TRY(remember_own_divergence(candidate, examination.diverged_device));
      refuse(candidate, diverged_sentence(examination, candidate.header, log_, own_device()));
      co_return true;
    case Relation::waiting:
      candidate.message = waiting_sentence(examination, candidate.header, log_);
      co_return false;
    case Relation::applicable:
      break;
  }
  candidate.applied_changes = examination.new_changes;
  candidate.brought_back_own = examination.brings_back_own;
  const bool overlaps = examination.new_changes != candidate.header.count;
  KEHUBU_CO_TRY(co_await apply(candidate, cautious_ || overlaps, progress));
  bytes_before_ += static_cast<std::int64_t>(candidate.json.size());
  co_return true;
}

Status MergeSession::remember_own_divergence(const Candidate& candidate, const Id& device) {
  return device == own_device() ? remember_divergence(store_, candidate.json, limits_) : Status();
}

Step<Status> MergeSession::apply(Candidate& candidate, bool check_chain, Progress& progress) {
  const bool at_once = candidate.header.count <= changes_at_once;
  KEHUBU_CO_TRY(co_await check_whole_file(candidate, check_chain, at_once, progress));
  if (candidate.fate == Fate::refused) {
    co_return Status{};
  }
  number_devices(candidate.header);
  if (at_once) {
    KEHUBU_CO_TRY(append_read());
  } else {
    KEHUBU_CO_TRY(co_await append_in_pieces(candidate, progress));
  }
  candidate.fate = Fate::applied;
  if (!chains_match(candidate.header)) {
    refuse(candidate, chain_refusal(candidate.header.device_name).error().message);
    must_begin_again_ = true;
  }
  co_return Status{};
}

Step<Status> MergeSession::check_whole_file(Candidate& candidate, bool check_chain, bool keep_changes, Progress& progress) {
  BundleReader reader{candidate.json, limits_};
  static_cast<void>(reader.read_header());  // it was read once already
  BundleChain chain{candidate.header};
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
    change_count_ += keep_changes ? 1 : 0;
    if (read % changes_between_slices == 0) {
      progress.done = bytes_before_ + static_cast<std::int64_t>(reader.progress() * static_cast<double>(candidate.json.size()));
      co_await next_slice();
      if (progress.cancelled) {
        co_return cancelled();
      }
    }
  }
  auto digest = reader.finish();
  if (!digest) {
    refuse(candidate, digest.error().message);
    co_return Status{};
  }
  candidate.digest = *digest;
  co_return Status{};
}

// Where a file and the log overlap, both must say the same; and the file must agree with its own header.
bool MergeSession::chain_agrees(Candidate& candidate, BundleChain& chain, const Change& change) {
  if (!chain.add(change)) {
    refuse(candidate, chain_refusal(candidate.header.device_name).error().message);
    return false;
  }
  if (!agrees_with_log(candidate.header, change.version, chain.value(), log_)) {
    Examination examination;
    examination.diverged_device = candidate.header.devices[static_cast<std::size_t>(change.version.device)];
    examination.diverged_at = change.version.sequence;
    static_cast<void>(remember_own_divergence(candidate, examination.diverged_device));  // the refusal is what matters
    refuse(candidate, diverged_sentence(examination, candidate.header, log_, own_device()));
    return false;
  }
  return true;
}

Step<Status> MergeSession::append_in_pieces(Candidate& candidate, Progress& progress) {
  BundleReader reader{candidate.json, limits_};
  static_cast<void>(reader.read_header());
  changes_.resize(appended_at_once);
  for (bool more = true; more;) {
    change_count_ = 0;
    while (more && change_count_ < appended_at_once) {
      KEHUBU_CO_TRY_ASSIGN(found, reader.next(changes_[change_count_]));
      more = found;
      change_count_ += found ? 1 : 0;
    }
    KEHUBU_CO_TRY(append_read());
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
      std::ranges::sort(field.replaced);
    }
  }
}

// Appends what was read, device by device, leaving out what is known already.
Status MergeSession::append_read() {
  std::size_t first = 0;
  while (first < change_count_) {
    to_local(changes_[first]);
    const Version begin = changes_[first].version;
    std::size_t end = first + 1;
    const bool known = begin.sequence <= log_.last_sequence(begin.device);
    const DeviceNumber device_in_file = known ? 0 : begin.device;
    while (!known && end < change_count_ && end - first < appended_at_once) {
      if (numbers_[static_cast<std::size_t>(changes_[end].version.device)] != device_in_file) {
        break;
      }
      to_local(changes_[end]);
      ++end;
    }
    if (!known) {
      const std::span<const Change> run{changes_.data() + first, end - first};
      KEHUBU_TRY(log_.append(run, &store_.materialiser()));
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
  statistics_ = statistics;
  co_return Status{};
}

// What cannot be applied yet is checked like everything else, then kept.
Step<Status> MergeSession::keep_the_rest_waiting(Progress& progress) {
  KEHUBU_CO_TRY_ASSIGN(kept_bytes, tables_.waiting_bytes());
  for (Candidate& candidate : candidates_) {
    if (candidate.fate != Fate::pending) {
      continue;
    }
    if (!candidate.waiting_digest.empty()) {
      candidate.fate = Fate::waiting;
      continue;
    }
    const Sentence gaps = candidate.message;
    KEHUBU_CO_TRY(co_await check_whole_file(candidate, true, false, progress));
    if (candidate.fate == Fate::refused) {
      continue;
    }
    kept_bytes += static_cast<std::int64_t>(candidate.json.size());
    if (kept_bytes > waiting_bytes_limit) {
      refuse(candidate, sentence("等待中的文件太多，这个没有保存。请先导入缺少的数据包，再导入它。",
                                 "Too many files are waiting already; this one was not kept. Import the missing bundles first, then this one."));
      continue;
    }
    candidate.fate = Fate::waiting;
    candidate.message = gaps;
    KEHUBU_CO_TRY(tables_.keep_waiting(candidate.digest, candidate.name, candidate.json));
  }
  co_return Status{};
}

}  // namespace kehubu
