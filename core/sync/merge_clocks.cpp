// MergeSession: what stands only because a clock was ahead. Where the later of two values stands by itself, a clock that is
// known to be wrong wins nothing: this device decides for the latest of the others, in the log, as a person would. So all
// devices come to the same in every order, programs of before included. docs/merge.md, "A clock that is ahead".
#include <algorithm>
#include <set>

#include "core/sync/merge_session.h"

namespace kehubu {
namespace {

constexpr std::int64_t tolerated_ms = 5 * 60 * 1000;

}  // namespace

// Not when it stands before what this device has written itself, nor when most of the others are ahead of it.
Result<bool> MergeSession::is_own_clock_believed() {
  const std::int64_t latest = store_.environment().now_ms() + tolerated_ms;
  const auto own = log_.find_device(own_device());
  if (own && log_.device(*own).last_clock > latest) {
    return false;
  }
  KEHUBU_TRY_ASSIGN(peers, tables_.peers());
  const std::int64_t ahead = std::ranges::count_if(peers, [latest](const Peer& peer) { return peer.last_heard > latest; });
  const std::int64_t in_step = static_cast<std::int64_t>(peers.size()) - ahead + 1;  // itself
  return ahead <= in_step;
}

Result<std::vector<Change>> MergeSession::changes_for_doubts() {
  const DeviceNumber device = log_.device_number(own_device());
  const std::int64_t first = log_.last_sequence(device) + 1, clock = log_.next_clock(device, store_.environment().now_ms());
  std::vector<Change> changes;
  for (const Doubt& doubt : statistics_.doubts) {
    KEHUBU_TRY_ASSIGN(record, store_.read(*doubt.entity, doubt.row));
    KEHUBU_TRY_ASSIGN(heads, store_.materialiser().heads(*doubt.entity, doubt.row, doubt.field->id));
    KEHUBU_TRY_ASSIGN(value, store_.materialiser().value_at(doubt.believed, doubt.field->id));
    if (record.deleted || record.value(doubt.field->id) == value) {
      continue;
    }
    Change& change = changes.emplace_back();
    change.version = {device, first + static_cast<std::int64_t>(changes.size()) - 1};
    change.clock = clock;
    change.action = first;
    change.kind = ChangeKind::resolve;
    change.entity = doubt.entity->id;
    change.row = doubt.row;
    change.fields.push_back({std::string(doubt.field->id), std::move(value), std::move(heads)});
  }
  return changes;
}

// Nobody's decision, and on nobody's stack of undoing: who wants the other value takes it from the record's history.
Status MergeSession::settle_doubts() {
  if (statistics_.doubts.empty()) {
    return {};
  }
  KEHUBU_TRY_ASSIGN(believed, is_own_clock_believed());
  const auto own = log_.find_device(own_device());
  const bool may_write = !store_.missing_own_numbers() && !(own && log_.is_cut(*own));
  std::int64_t settled = 0;
  if (believed && may_write) {
    KEHUBU_TRY_ASSIGN(changes, changes_for_doubts());
    KEHUBU_TRY(log_.append(changes, &store_.materialiser()));
    KEHUBU_TRY_ASSIGN(finished, store_.materialiser().step(SIZE_MAX));
    static_cast<void>(finished);
    KEHUBU_TRY(store_.materialiser().finish());
    settled = static_cast<std::int64_t>(changes.size());
  }
  tell_of_doubts(settled, believed && may_write ? 0 : static_cast<std::int64_t>(statistics_.doubts.size()), believed);
  return {};
}

void MergeSession::tell_of_doubts(std::int64_t settled, std::int64_t left, bool believed) {
  std::string zh, en;
  std::set<DeviceNumber> told;
  for (const Doubt& doubt : statistics_.doubts) {
    if (told.insert(doubt.stands.device).second) {
      const DeviceState& device = log_.device(doubt.stands.device);
      const Sentence name = device.name.empty() ? sentence("另一台设备", "another device") : Sentence{device.name, device.name};
      zh += (zh.empty() ? "“" : "、“") + name.zh + "”";
      en += (en.empty() ? "\"" : ", \"") + name.en + "\"";
    }
  }
  if (settled > 0) {
    const std::string count = std::to_string(settled);
    report_.remarks.push_back({substitute("{}的时钟快了，有 {} 处没有让它占先，以同时写的另一个值为准；它写的在历史里，需要的话可以改回。", {zh, count}),
                               substitute("The clock of {} is ahead, so in {} place{s} it did not win as the later one: the other value stands; what it wrote is in the history.", {en, count})});
  } else if (left > 0 && !believed) {
    const std::string count = std::to_string(left);
    report_.remarks.push_back({substitute("本机的时钟可能慢了，请先校准。有 {} 处写得晚的为准（{}），没有改动；被替代的值在历史里。", {count, zh}),
                               substitute("This device's clock may be slow; please set it first. In {} place{s} what was written later stands ({}); what it replaced is in the history.", {count, en})});
  } else if (left > 0) {
    const std::string count = std::to_string(left);
    report_.remarks.push_back({substitute("{}的时钟快了，有 {} 处暂以它写的为准；被替代的值在历史里。", {zh, count}),
                               substitute("The clock of {} is ahead; in {} place{s} what it wrote stands for now; what it replaced is in the history.", {en, count})});
  }
}

}  // namespace kehubu
