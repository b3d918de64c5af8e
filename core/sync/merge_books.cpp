// MergeSession, the end: the register of bundles, what peers know, and the report.
#include <algorithm>

#include "core/sync/concerns.h"
#include "core/sync/merge_session.h"

namespace kehubu {

Status MergeSession::keep_books() {
  bool lost_some = tables_are_stale_;  // of what waits
  for (Candidate& candidate : candidates_) {
    const bool settled = candidate.fate != Fate::waiting;
    if (settled && !candidate.waiting_digest.empty()) {
      lost_some = lost_some || candidate.fate == Fate::refused;
      KEHUBU_TRY(waiting_.forget(candidate.waiting_digest));
    } else if (candidate.fate == Fate::applied) {
      KEHUBU_TRY(waiting_.forget(candidate.digest));  // it was waited for
    }
    if (candidate.fate == Fate::applied) {
      const auto number = log_.device_number(candidate.header.device);
      log_.describe_device(number, candidate.header.device_name, candidate.header.person);
      if (!candidate.traced) {
        KEHUBU_TRY(remember_places(candidate.header));
      }
    }
    if (candidate.fate == Fate::applied || candidate.fate == Fate::covered) {
      KEHUBU_TRY(remember_peer(candidate));
    }
    if (settled) {
      KEHUBU_TRY_ASSIGN(told, tables_.settle_waiting(candidate.waiting_digest.empty() ? candidate.digest : candidate.waiting_digest, entry_of(candidate)));
      if (told) {
        continue;  // what was said of it when it came says now what became of it
      }
    }
    KEHUBU_TRY(record(candidate));
  }
  if (lost_some) {
    KEHUBU_TRY(waiting_.make_sums_anew());
  }
  KEHUBU_TRY(note_own_numbers());
  KEHUBU_TRY(remind_of_large_files());
  return {};
}

// Others know changes of this device that it does not have: nothing may be written under those numbers.
Status MergeSession::note_own_numbers() {
  std::int64_t told = 0;
  for (const Candidate& candidate : candidates_) {
    const bool was_checked = candidate.fate == Fate::applied || candidate.fate == Fate::waiting;
    told = was_checked ? std::max(told, candidate.own_told) : told;
  }
  return store_.note_own_numbers(told);
}

void MergeSession::tell_what_own_is_missing() {
  if (const auto missing = store_.missing_own_numbers()) {
    report_.remarks.push_back(missing_own_sentence(missing->first, missing->second));
  }
}

// Files too large to be kept have only left their names: they are asked for when they can be imported.
Status MergeSession::remind_of_large_files() {
  KEHUBU_TRY_ASSIGN(files, waiting_.ready());
  for (const WaitingFiles::File& file : files) {
    KEHUBU_TRY_ASSIGN(contents, waiting_.contents(file.digest));
    const bool known = std::ranges::all_of(contents, [&](const auto& range) {
      const auto number = log_.find_device(range.first);
      return number && range.second <= log_.last_sequence(*number);
    });
    if (known) {
      KEHUBU_TRY(waiting_.forget(file.digest));
      Sync::BundleRecord entry;
      entry.state = BundleState::already_known;
      KEHUBU_TRY(tables_.settle_waiting(file.digest, entry));
    } else {
      report_.remarks.push_back(sentence("“{}”缺少的都到了，现在可以导入：请再选一次这个文件。",
                                         "What \"{}\" was missing has arrived; it can be imported now: please pick the file again.", {file.name}));
    }
  }
  return {};
}

// To the person whose values others have decided about, or whose notes lost.
Status MergeSession::tell_concerns() {
  Concerns concerns{store_};
  KEHUBU_TRY_ASSIGN(told, concerns.note(decisions_, statistics_.losses, statistics_.more_losses));
  report_.concerns = std::move(told);
  return {};
}

// Of a peer's knowledge only what its chain values prove: what is known here too.
Status MergeSession::remember_peer(const Candidate& candidate) {
  const BundleHeader& header = candidate.header;
  if (header.device == own_device()) {
    return {};
  }
  Peer peer;
  peer.device = header.device;
  peer.name = header.device_name;
  peer.letter = header.device_letter;
  peer.person = header.person;
  peer.person_name = header.person_name;
  peer.last_heard = header.created;
  if (!header.former.empty()) {
    KEHUBU_TRY(tables_.remember_former(store_, header.device, header.former));
  }
  if (const auto branch = log_.find_device(header.former_branch); branch && log_.device(*branch).is_branch()) {
    log_.describe_device(*branch, header.device_name, header.person);  // one name for what one machine wrote
  }
  if (const auto number = log_.find_device(header.device); number && log_.is_cut(*number)) {
    return tables_.remember_peer(peer, {});  // several machines bear that name: of none of them it is certain what it knows
  }
  if (candidate.traced) {
    peer.have = candidate.peer_knows;
    return tables_.remember_peer(peer, candidate.peer_knows);
  }
  for (std::size_t index = 0; index < header.devices.size(); ++index) {
    const auto number = log_.find_device(header.devices[index]);
    const std::int64_t last = number ? log_.last_sequence(*number) : 0;
    const std::int64_t proven = header.have[index] <= last ? header.have[index] : header.since[index] <= last ? header.since[index] : 0;
    if (proven > 0) {
      peer.have.emplace(header.devices[index], proven);
    }
  }
  return tables_.remember_peer(peer, header.knowledge());
}

// A later bundle of the same sender builds on these places.
Status MergeSession::remember_places(const BundleHeader& header) {
  for (std::size_t index = 0; index < header.devices.size(); ++index) {
    const auto number = log_.find_device(header.devices[index]);
    if (number && header.since[index] < header.have[index] && header.have[index] <= log_.last_sequence(*number)) {
      KEHUBU_TRY(tables_.remember_chain(*number, header.have[index], header.chain_have[index]));
    }
  }
  return {};
}

Status MergeSession::record(const Candidate& candidate) {
  const bool waited_on = candidate.fate == Fate::waiting && (candidate.waited_before || !candidate.waiting_digest.empty());
  return candidate.fate == Fate::covered || waited_on ? Status() : tables_.record(entry_of(candidate));
}

Sync::BundleRecord MergeSession::entry_of(const Candidate& candidate) const {
  const bool only_one = std::ranges::count(candidates_, Fate::applied, &Candidate::fate) == 1;
  Sync::BundleRecord entry;
  entry.at = store_.environment().now_ms();
  entry.name = candidate.name;
  entry.digest = candidate.digest;
  entry.device_name = candidate.header.device_name;
  entry.person_name = candidate.header.person_name;
  entry.changes = candidate.applied_changes;
  entry.conflicts = candidate.fate == Fate::applied && only_one ? statistics_.conflicts_opened : 0;
  entry.state = candidate.fate == Fate::applied   ? BundleState::ready
                : candidate.fate == Fate::covered ? BundleState::already_known
                : candidate.fate == Fate::waiting ? BundleState::waiting
                                                  : BundleState::refused;
  entry.message = candidate.message;
  return entry;
}

Status MergeSession::summarise() {
  std::int64_t revived = 0;
  std::int64_t brought_back = 0;
  for (const Candidate& candidate : candidates_) {
    report_.bundles += candidate.fate == Fate::applied ? 1 : 0;
    report_.refused += candidate.fate == Fate::refused ? 1 : 0;
    report_.already_known += candidate.fate == Fate::covered && candidate.waiting_digest.empty() ? 1 : 0;
    if (candidate.fate == Fate::applied) {
      report_.changes_applied += candidate.applied_changes;
      revived += candidate.waiting_digest.empty() ? 0 : 1;
      brought_back += candidate.brought_back_own;
    }
  }
  tell_of_files();
  KEHUBU_TRY(tell_of_clocks());
  std::map<std::string, Sentence> parted;
  for (const Candidate& candidate : candidates_) {
    if (candidate.fate == Fate::applied) {  // else nothing of it was kept
      for (const Sentence& title : candidate.parting) {
        parted.emplace(title.zh, title);
      }
    }
  }
  for (const auto& [zh, title] : parted) {
    report_.remarks.push_back(parted_sentence(title));
  }
  if (brought_back > 0) {
    report_.remarks.push_back(brought_back_sentence(brought_back));
  }
  if (revived > 0) {
    report_.remarks.push_back(sentence("之前等待的 {} 个文件现在也导入了。", "Imported too: {} file{s} that had been waiting.",
                                       {std::to_string(revived)}));
  }
  report_.records_touched = statistics_.records_touched;
  report_.conflicts_opened = statistics_.conflicts_opened;
  report_.conflicts_closed = statistics_.conflicts_closed;
  report_.superseded = statistics_.superseded;
  report_.ruled_out = statistics_.ruled_out;
  report_.parked = statistics_.parked;
  return {};
}

// What was refused, and what waits: one remark for all files of which the same is to be said.
void MergeSession::tell_of_files() {
  struct Told {
    const Candidate* first;
    std::int64_t files;
  };
  std::vector<Told> told;
  std::map<std::string, std::size_t> by_message;
  for (const Candidate& candidate : candidates_) {
    if (candidate.fate != Fate::refused && (candidate.fate != Fate::waiting || !candidate.waiting_digest.empty())) {
      continue;
    }
    const auto [place, is_new] = by_message.emplace(candidate.message.zh, told.size());
    if (is_new) {
      told.push_back({&candidate, 0});
    }
    ++told[place->second].files;
  }
  for (const auto& [first, files] : told) {
    const std::string count = std::to_string(files);
    const std::string others = std::to_string(files - 1);
    report_.remarks.push_back(files == 1 ? Sentence{substitute("{}：{}", {first->name, first->message.zh}),
                                                    substitute("{}: {}", {first->name, first->message.en})}
                                         : Sentence{substitute("{} 等 {} 个文件：{}", {first->name, count, first->message.zh}),
                                                    substitute("{} and {} more file{s}: {}", {first->name, others, first->message.en})});
  }
}

}  // namespace kehubu
