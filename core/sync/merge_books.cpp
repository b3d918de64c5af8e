// MergeSession, the end: the register of bundles, what peers know, and the report.
#include <algorithm>

#include "core/sync/merge_session.h"

namespace kehubu {

Status MergeSession::keep_books() {
  for (Candidate& candidate : candidates_) {
    const bool settled = candidate.fate != Fate::waiting;
    if (settled && !candidate.waiting_digest.empty()) {
      KEHUBU_TRY(tables_.forget_waiting(candidate.waiting_digest));
    }
    if (candidate.fate == Fate::applied) {
      const auto number = log_.device_number(candidate.header.device);
      log_.describe_device(number, candidate.header.device_name, candidate.header.person);
      KEHUBU_TRY(remember_places(candidate.header));
    }
    if (candidate.fate == Fate::applied || candidate.fate == Fate::covered) {
      KEHUBU_TRY(remember_peer(candidate));
    }
    KEHUBU_TRY(record(candidate));
  }
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
  for (std::size_t index = 0; index < header.devices.size(); ++index) {
    const auto number = log_.find_device(header.devices[index]);
    const std::int64_t last = number ? log_.last_sequence(*number) : 0;
    const std::int64_t proven = header.have[index] <= last ? header.have[index] : header.since[index] <= last ? header.since[index] : 0;
    if (proven > 0) {
      peer.have.emplace(header.devices[index], proven);
    }
  }
  return tables_.remember_peer(peer);
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
  const bool waited_on = candidate.fate == Fate::waiting && !candidate.waiting_digest.empty();
  if (candidate.fate == Fate::covered || waited_on) {
    return {};
  }
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
                : candidate.fate == Fate::waiting ? BundleState::waiting
                                                  : BundleState::refused;
  entry.message = candidate.message;
  return tables_.record(entry);
}

void MergeSession::summarise() {
  std::int64_t revived = 0;
  const std::int64_t now = store_.environment().now_ms();
  for (const Candidate& candidate : candidates_) {
    report_.bundles += candidate.fate == Fate::applied ? 1 : 0;
    report_.refused += candidate.fate == Fate::refused ? 1 : 0;
    report_.waiting += candidate.fate == Fate::waiting ? 1 : 0;
    report_.already_known += candidate.fate == Fate::covered && candidate.waiting_digest.empty() ? 1 : 0;
    const bool newly_told = candidate.fate == Fate::refused || (candidate.fate == Fate::waiting && candidate.waiting_digest.empty());
    if (newly_told) {
      report_.remarks.push_back({substitute("{}：{}", {candidate.name, candidate.message.zh}),
                                 substitute("{}: {}", {candidate.name, candidate.message.en})});
    }
    if (candidate.fate != Fate::applied) {
      continue;
    }
    report_.changes_applied += candidate.applied_changes;
    revived += candidate.waiting_digest.empty() ? 0 : 1;
    if (candidate.brought_back_own) {
      report_.remarks.push_back(brings_back_sentence(candidate.applied_changes));
    }
    if (Sentence clock = clock_sentence(candidate.header, now); !clock.zh.empty()) {
      report_.remarks.push_back(std::move(clock));
    }
  }
  if (revived > 0) {
    report_.remarks.push_back(sentence("之前等待的 {} 个文件现在也导入了。", "Imported too: {} file{s} that had been waiting.",
                                       {std::to_string(revived)}));
  }
  report_.records_touched = statistics_.records_touched;
  report_.conflicts_opened = statistics_.conflicts_opened;
  report_.superseded = statistics_.superseded;
  report_.parked = statistics_.parked;
}

}  // namespace kehubu
