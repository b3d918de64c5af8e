// MergeSession: clocks that differ, and what stands only because one was ahead. Where the later of two values stands by itself, a clock that is
// known to be wrong wins nothing: this device decides for the latest of the others, in the log, as a person would. So all
// devices come to the same in every order, programs of before included. docs/merge.md, "A clock that is ahead".
#include <algorithm>
#include <map>
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
    uncount(changes);
  }
  const auto met = static_cast<std::int64_t>(statistics_.doubts.size()) + statistics_.more_doubts;
  return tell_of_doubts(settled, believed && may_write ? statistics_.more_doubts : met, believed);
}

// What a remark says of them is not counted a second time as settled by the later clock.
void MergeSession::uncount(const std::vector<Change>& settled) {
  for (const Change& change : settled) {
    statistics_.superseded -= std::min(static_cast<std::int64_t>(change.fields[0].replaced.size()) - 1, statistics_.superseded);
  }
}

Sentence MergeSession::name_of(DeviceNumber device) const {
  const std::string& name = log_.device(device).name;
  return name.empty() ? sentence("另一台设备", "another device") : Sentence{substitute("“{}”", {name}), substitute("\"{}\"", {name})};
}

// Which of the clocks is wrong nobody can tell from two of them: the words blame neither.
Status MergeSession::tell_of_doubts(std::int64_t settled, std::int64_t left, bool believed) {
  Sentence names;
  std::int64_t most_ahead = 0;
  const std::int64_t now = store_.environment().now_ms();
  for (const Doubt& doubt : statistics_.doubts) {
    KEHUBU_TRY_ASSIGN(change, log_.read(doubt.stands));
    most_ahead = std::max(most_ahead, change.clock - now);
    if (clocks_told_.insert(log_.device_id(doubt.stands.device)).second) {
      const Sentence name = name_of(doubt.stands.device);
      names.zh += (names.zh.empty() ? "" : "、") + name.zh;
      names.en += (names.en.empty() ? "" : ", ") + name.en;
    }
  }
  const Sentence by = duration_words(most_ahead);
  if (settled > 0) {
    const std::string count = std::to_string(settled);
    report_.remarks.push_back(
        {substitute("{}的时钟比本机快 {}，其中一台不准，请核对两台设备的时间。有 {} 处没有让它占先，以同时写的另一个值为准；它写的在历史里，需要的话可以改回。", {names.zh, by.zh, count}),
         substitute("The clock of {} is {} ahead of this device's: one of the two is wrong; please check both. In {} place{s} it did not win as the later one: the other "
                    "value stands; what it wrote is in the history.",
                    {names.en, by.en, count})});
  }
  if (left > 0 && !believed) {
    const std::string count = std::to_string(left);
    report_.remarks.push_back({substitute("本机的时钟可能慢了，请先校准。有 {} 处写得晚的为准（{}），没有改动；被替代的值在历史里。", {count, names.zh}),
                               substitute("This device's clock may be slow; please set it first. In {} place{s} what was written later stands ({}); what it replaced is in the history.",
                                          {count, names.en})});
  } else if (left > 0) {
    const std::string count = std::to_string(left);
    report_.remarks.push_back(
        {substitute("{}的时钟比本机快 {}，其中一台不准，请核对两台设备的时间。有 {} 处暂以它写的为准；被替代的值在历史里。", {names.zh, by.zh, count}),
         substitute("The clock of {} is {} ahead of this device's: one of the two is wrong; please check both. In {} place{s} what it wrote stands for now; what it replaced "
                    "is in the history.",
                    {names.en, by.en, count})});
  }
  return {};
}

// --- of clocks that differ, whatever was won by them

// Whose changes are dated later than now, and who wrote a file later than now: who only passes on what another wrote is not named.
Status MergeSession::tell_of_clocks() {
  const std::int64_t now = store_.environment().now_ms();
  std::map<Id, std::pair<std::int64_t, std::string>> ahead;  // by how much, and the name
  for (const Candidate& candidate : candidates_) {
    const BundleHeader& header = candidate.header;
    for (std::size_t index = 0; candidate.fate == Fate::applied && index < header.devices.size(); ++index) {
      const auto number = log_.find_device(header.devices[index]);
      const auto known = number ? known_before_.find(*number) : known_before_.end();
      const bool is_new = number && header.have[index] > std::max(header.since[index], known == known_before_.end() ? 0 : known->second);
      const bool is_sender = header.devices[index] == header.device;
      const std::int64_t clock = std::max(is_new ? log_.device(*number).last_clock : 0, is_sender ? header.created : 0);
      if (const std::int64_t by = clock_ahead_ms(clock, now); by > 0 && header.devices[index] != own_device() && !clocks_told_.contains(header.devices[index])) {
        auto& most = ahead[header.devices[index]];
        most = std::max(most, {by, device_title(header.devices[index], header, log_).zh});
      }
    }
    if (const std::int64_t by = candidate.fate == Fate::applied ? clock_ahead_ms(header.created, now) : 0; by > 0 && !clocks_told_.contains(header.device)) {
      auto& most = ahead[header.device];
      most = std::max(most, {by, header.device_name});
    }
  }
  if (!ahead.empty()) {
    const auto& [by, name] = std::ranges::max_element(ahead, {}, [](const auto& one) { return one.second.first; })->second;
    report_.remarks.push_back(clock_sentence(name, by, ahead.size() - 1));
  }
  KEHUBU_TRY(tell_of_clocks_behind());
  return tell_of_foreign_doubts();
}

// Who says that he knows what was written long after his own now. Of those whom nobody's clock here contradicts.
Status MergeSession::tell_of_clocks_behind() {
  const std::int64_t latest = store_.environment().now_ms() + tolerated_ms;
  std::int64_t most = 0;
  Sentence told;
  for (const Candidate& candidate : candidates_) {
    const BundleHeader& header = candidate.header;
    for (std::size_t index = 0; candidate.fate == Fate::applied && index < header.devices.size(); ++index) {
      const auto number = log_.find_device(header.devices[index]);
      const bool may_be = number && header.devices[index] != header.device && log_.device(*number).last_clock - header.created > doubted_clock_ms;
      const bool is_here = may_be && header.have[index] > log_.device(*number).base && header.have[index] <= log_.last_sequence(*number);
      if (!is_here) {
        continue;
      }
      KEHUBU_TRY_ASSIGN(change, log_.read({*number, header.have[index]}));
      const std::int64_t behind = change.clock - header.created;
      if (behind > std::max(most, doubted_clock_ms) && change.clock <= latest) {
        most = behind;
        const bool is_own = header.devices[index] == own_device();
        told = clock_behind_sentence(header.device_name, is_own ? std::string() : device_title(header.devices[index], header, log_).zh, behind);
      }
    }
  }
  if (most > 0) {
    report_.remarks.push_back(std::move(told));
  }
  return {};
}

// What another device settled by itself, where neither of the two clocks is this one's: whose value lost here is told as a concern.
Status MergeSession::tell_of_foreign_doubts() {
  std::map<std::pair<DeviceNumber, DeviceNumber>, std::pair<std::int64_t, std::int64_t>> settled;  // who, whose clock → by how much, places
  for (const Version decision : decisions_) {
    KEHUBU_TRY_ASSIGN(change, log_.read(decision));
    const Entity* entity = find_entity(change.entity);
    for (const FieldChange& cell : change.fields) {
      const Field* field = entity != nullptr ? entity->find(cell.field) : nullptr;
      if (field == nullptr || !is_settled_by_program(change, *field)) {
        continue;
      }
      Version latest;
      std::int64_t clock = 0;
      for (const Version& version : cell.replaced) {
        KEHUBU_TRY_ASSIGN(replaced, log_.read(version));
        if (replaced.clock > clock) {
          clock = replaced.clock;
          latest = version;
        }
      }
      if (clock - change.clock > doubted_clock_ms / 2 && log_.device_id(latest.device) != own_device()) {
        auto& [most, places] = settled[{decision.device, latest.device}];
        most = std::max(most, clock - change.clock);
        ++places;
      }
    }
  }
  for (const auto& [devices, found] : settled) {
    const Sentence who = name_of(devices.first), whose = name_of(devices.second), by = duration_words(found.first);
    const std::string places = std::to_string(found.second);
    report_.remarks.push_back({substitute("{}合并时有 {} 处自动取了值，没有让{}写得晚的占先：这两台设备的时钟相差 {}，其中一台不准，请核对。", {who.zh, places, whose.zh, by.zh}),
                               substitute("{} settled {} place{s} by itself, where what {} wrote later did not win: the clocks of these two differ by {}; one of them is wrong, please check.",
                                          {who.en, places, whose.en, by.en})});
  }
  return {};
}

}  // namespace kehubu
