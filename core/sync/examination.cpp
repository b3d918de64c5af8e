#include "core/sync/examination.h"

#include <algorithm>

namespace kehubu {
namespace {

constexpr std::int64_t tolerated_ms = 5 * 60 * 1000;
constexpr std::int64_t places_apart = 256;
constexpr std::size_t ranges_shown = 3;

std::string range(const Gap& gap) {
  return gap.first == gap.last ? std::to_string(gap.first) : std::to_string(gap.first) + "–" + std::to_string(gap.last);
}

// Names branches that are not known here, or goes on where histories part.
bool tells_of_branches(const BundleHeader& header, const Log& log) {
  for (std::size_t index = 0; index < header.devices.size(); ++index) {
    const auto number = log.find_device(header.devices[index]);
    const bool is_branch = header.root(index) != header.devices[index];
    if (!number && (is_branch || !log.branches_of(header.root(index)).empty())) {
      return true;
    }
    if (number && log.has_branches() && header.have[index] > log.last_sequence(*number) && log.is_cut(*number)) {
      return true;
    }
  }
  return false;
}

// Empty of a file that was made for this device or for anybody.
Sentence made_for_another(const BundleHeader& header, StoreInternals& store) {
  const DeviceIdentity& here = store.identity();
  if (header.receiver.empty() || header.receiver == here.device || header.receiver.text() == store.setting(former_device_setting)) {
    return {};
  }
  const Sentence receiver = device_title(header.receiver, header, store.log()), sender = device_title(header.device, header, store.log());
  return sentence("这个文件是给“{}”做的，只有那台设备还没有的修改。请让“{}”在“同步”里选“{}”再发一次，那里没有这一项就选“全部内容”。",
                  "This file was made for \"{}\" and holds only what that device lacked. Ask \"{}\" to choose \"{}\" on the Sync page and to send again, or everything where it is not listed. ",
                  {receiver.zh, sender.zh, here.name});
}

// The device of the header that is something else here; none: all fit. Where a history begins never changes, and no branch is the root
// of others.
std::optional<std::size_t> unfit_device(const BundleHeader& header, const Log& log) {
  for (std::size_t index = 0; index < header.devices.size(); ++index) {
    const auto number = log.find_device(header.devices[index]);
    const auto root = log.find_device(header.root(index));
    if ((number && (log.device(*number).root != header.root(index) || log.device(*number).base != header.base(index))) || (root && log.device(*root).is_branch())) {
      return index;
    }
  }
  return std::nullopt;
}

}  // namespace

std::unexpected<Error> history_refusal(const Sentence& device_title) {
  return std::unexpected(Error{
      ErrorKind::invalid_input,
      {substitute("设备“{}”的修改历史接不上，没有导入任何内容。请让对方导出“全部内容”再发一次。", {device_title.zh}),
       substitute("The history of the device \"{}\" does not fit together; nothing was imported. Ask the sender for a bundle of everything.", {device_title.en})},
      {}});
}

Result<Digest> known_chain(Log& log, SyncTables& tables, DeviceNumber device, std::int64_t sequence) {
  const DeviceState& state = log.device(device);
  if (sequence == state.base) {
    return state.base_chain;
  }
  if (sequence == log.last_sequence(device)) {
    return log.chain(device);
  }
  KEHUBU_TRY_ASSIGN(remembered, tables.place_before(device, sequence));
  SyncTables::Place place = remembered.value_or(SyncTables::Place{state.base, state.base_chain});
  if (place.sequence == sequence) {
    return place.chain;
  }
  // Whoever asks for one place will ask for others: with places remembered on the way no two walks are long.
  std::string canonical;
  KEHUBU_TRY(log.for_each(device, place.sequence + 1, sequence, [&](const Change& change) -> Status {
    canonical.clear();
    log.append_canonical(canonical, change);
    place = {change.version.sequence, Log::next_chain(place.chain, canonical)};
    const bool worth_remembering = place.sequence % places_apart == 0 || place.sequence == sequence;
    return worth_remembering ? tables.remember_chain(device, place.sequence, place.chain) : Status();
  }));
  return place.chain;
}

Result<Examination> examine(const BundleHeader& header, Log& log, SyncTables& tables, const Id& own_device) {
  Examination result;
  if (const auto unfit = unfit_device(header, log)) {
    result.relation = Relation::unfit;
    result.why_unfit = history_refusal(device_title(header.devices[*unfit], header, log)).error().message;
    return result;
  }
  if (tells_of_branches(header, log)) {
    result.relation = Relation::branched;
    return result;
  }
  for (std::size_t index = 0; index < header.devices.size(); ++index) {
    const Id& device = header.devices[index];
    const std::int64_t since = header.since[index];
    const std::int64_t have = header.have[index];
    const auto number = log.find_device(device);
    const std::int64_t last = number ? log.last_sequence(*number) : 0;
    if (since > last) {
      result.gaps.push_back({device, last + 1, since});
    }
    if (have > last) {
      result.new_changes += have - std::max(since, last);
      if (device == own_device) {
        result.own_told = have;
        result.brings_back_own = since <= last ? have - last : 0;
      }
    }
    // Equal chains at the latest number that both know prove that everything before is equal too.
    const std::int64_t both_know = have <= last ? have : since <= last ? since : 0;
    if (both_know == 0) {
      continue;
    }
    KEHUBU_TRY_ASSIGN(chain, known_chain(log, tables, *number, both_know));
    if (chain != (both_know == have ? header.chain_have[index] : header.chain_since[index])) {
      return Examination{.relation = Relation::branched};
    }
  }
  // Without anything new it waits all the same when it proves that changes of this very device are missing here.
  const bool proves_a_loss = std::ranges::find(result.gaps, own_device, &Gap::device) != result.gaps.end();
  result.relation = result.new_changes == 0 && !proves_a_loss ? Relation::covered
                    : !result.gaps.empty()                    ? Relation::waiting
                                                              : Relation::applicable;
  return result;
}

bool agrees_with_log(const BundleHeader& header, Version version, const Digest& chain, const Log& log) {
  const auto number = log.find_device(header.devices[static_cast<std::size_t>(version.device)]);
  return !number || log.last_sequence(*number) != version.sequence || log.chain(*number) == chain;
}

Sentence device_title(const Id& device, const BundleHeader& header, const Log& log) {
  if (device == header.device && !header.device_name.empty()) {
    return {header.device_name, header.device_name};
  }
  if (const auto number = log.find_device(device); number && !log.device(*number).name.empty()) {
    return {log.device(*number).name, log.device(*number).name};
  }
  if (device == header.former && !header.device_name.empty()) {
    return {header.device_name, header.device_name};
  }
  if (device == header.receiver && !header.receiver_name.empty()) {
    return {header.receiver_name, header.receiver_name};
  }
  const std::string end = device.text().substr(18);  // random; the beginning is a time and much the same for all
  return sentence("还没见过的设备（尾号 {}）", "a device not met yet (ending in {})", {end});
}

Sentence missing_words(const std::vector<Gap>& missing, const BundleHeader& header, const Log& log) {
  Sentence words;
  for (std::size_t index = 0; index < std::min(ranges_shown, missing.size()); ++index) {
    const Gap& gap = missing[index];
    const bool same_device = index > 0 && missing[index - 1].device == gap.device;
    const Sentence title = device_title(gap.device, header, log);
    words.zh += same_device ? "、" + range(gap) : substitute(index == 0 ? "“{}”的序号 {}" : "、“{}”的序号 {}", {title.zh, range(gap)});
    words.en += same_device ? " and " + range(gap) : substitute(index == 0 ? "numbers {} of \"{}\"" : ", numbers {} of \"{}\"", {range(gap), title.en});
  }
  if (missing.size() > ranges_shown) {
    words.zh += "等";
    words.en += " and more";
  }
  return words;
}

Result<Sentence> waiting_sentence(const std::vector<Gap>& gaps, Keeping keeping, WaitingFiles& waiting,
                                  const BundleHeader& header, StoreInternals& store) {
  const Log& log = store.log();
  std::vector<Gap> missing;
  const auto look = [&](const Gap& gap) -> Status {
    if (missing.size() <= ranges_shown) {  // each costs a query, and more are not told
      KEHUBU_TRY_ASSIGN(found, waiting.missing_of(gap, ranges_shown + 1));
      missing.insert(missing.end(), found.begin(), found.end());
    }
    return {};
  };
  for (const Gap& gap : gaps) {
    KEHUBU_TRY(look(gap));
  }
  const bool others_hold_it = missing.empty();
  if (others_hold_it) {
    KEHUBU_TRY_ASSIGN(all, waiting.open_gaps());
    for (Gap& gap : all) {
      const auto number = log.find_device(gap.device);
      gap.first = (number ? log.last_sequence(*number) : 0) + 1;
      KEHUBU_TRY(look(gap));
    }
  }
  if (missing.empty()) {
    return sentence("等待中的文件互相接在对方之后。请让其中一位发来“全部内容”。",
                    "The waiting files build on each other. Ask one of the senders for a bundle of everything.");
  }
  const Sentence words = missing_words(missing, header, log);
  const Sentence lacks = others_hold_it ? Sentence{substitute("它接在别的等待中的文件之后，那些还缺少{}。", {words.zh}),
                                                  substitute("It builds on other files that wait; they miss: {}.", {words.en})}
                                        : Sentence{substitute("缺少{}。", {words.zh}), substitute("Missing: {}.", {words.en})};
  const Sentence made = made_for_another(header, store);
  const Sentence what{made.zh + lacks.zh, made.en + lacks.en};
  switch (keeping) {
    case Keeping::kept:
      return Sentence{what.zh + "文件先保存着，收到缺少的数据包后会自动导入。",
                      what.en + " The file is kept and will be imported by itself when the missing bundles arrive."};
    case Keeping::kept_before:
      return Sentence{what.zh + "这个文件已经保存着，不必再给；收到缺少的数据包后会自动导入。",
                      what.en + " The file is kept already, no need to give it again; it will be imported by itself when the missing bundles arrive."};
    case Keeping::too_large:
      break;
  }
  return Sentence{what.zh + "文件太大，不能存在这里等：请留着它，收到缺少的数据包后会提醒您再选一次。",
                  what.en + " The file is too large to be kept here meanwhile: hold on to it; you will be reminded to pick it again when the missing "
                            "bundles have arrived."};
}

Sentence parting_sentence(const Sentence& device_title, bool is_own) {
  if (is_own) {
    return sentence("本机的身份用在了两台机器上（平板被复制过，或从备份恢复后继续使用），两边各有对方没有的修改。合并后两边的修改都保留，"
                    "相遇之处由您决定；本机从此以新设备的身份继续。",
                    "The identity of this tablet is in use on two machines (it was cloned, or restored from a backup and used further), and each "
                    "has changes that the other has not. Merging keeps both and asks where they meet; this tablet goes on as a new device.");
  }
  return {substitute("设备“{}”的身份用在了两台机器上（平板被复制过，或从备份恢复后继续使用），两边各有对方没有的修改。合并后两边的修改都保留，相遇之处由您决定。",
                     {device_title.zh}),
          substitute("The identity of the device \"{}\" is in use on two machines (it was cloned, or restored from a backup and used further), and each "
                     "has changes that the other has not. Merging keeps both and asks where they meet.",
                     {device_title.en})};
}

Sentence parted_sentence(const Sentence& device_title) {
  return {substitute("设备“{}”的身份用在了两台机器上：两边的修改都保留了，分别记名。", {device_title.zh}),
          substitute("The identity of the device \"{}\" is in use on two machines: the changes of both are kept, each under a name of its own.",
                     {device_title.en})};
}

Sentence renewed_sentence(std::string_view letter) {
  return sentence("本机的身份用在了两台机器上：本机从此以新设备的身份继续，业务编号改用字母 {}。以前的修改一条不少，只是不能再撤销。",
                  "The identity of this tablet is in use on two machines: it goes on as a new device, with the letter {} in business numbers. No change "
                  "is lost; those made before can no longer be undone.",
                  {letter});
}

Sentence brings_back_sentence(std::int64_t changes) {
  return sentence("其中有本机自己做过、但本机已经没有的 {} 处修改：这台平板是从备份恢复的。合并后它们会回到本机。",
                  "It holds {} change{s} that this tablet made and no longer has: it was restored from a backup. They come back with the merge.",
                  {std::to_string(changes)});
}

Sentence brought_back_sentence(std::int64_t changes) {
  return sentence("这台平板是从备份恢复的：它自己做过、本机没有了的 {} 处修改已经取回。",
                  "This tablet was restored from a backup: it has got back {} change{s} of its own that were missing here.", {std::to_string(changes)});
}

Sentence duration_words(std::int64_t milliseconds) {
  const auto rounded = [milliseconds](std::int64_t unit) { return (milliseconds + unit / 2) / unit; };
  const std::int64_t minutes = rounded(60'000);
  const std::int64_t hours = rounded(3'600'000);
  if (hours >= 48) {
    return sentence("{} 天", "{} day{s}", {std::to_string(rounded(86'400'000))});
  }
  if (hours >= 2) {
    return sentence("{} 小时", "{} hour{s}", {std::to_string(hours)});
  }
  return sentence("{} 分钟", "{} minute{s}", {std::to_string(minutes)});
}

std::int64_t clock_ahead_ms(std::int64_t clock, std::int64_t now_ms) {
  const std::int64_t ahead = clock - now_ms;
  return ahead <= tolerated_ms ? 0 : ahead;
}

Sentence clock_sentence(std::string_view device_name, std::int64_t ahead_ms, std::size_t others) {
  const Sentence by = duration_words(ahead_ms);
  if (others > 0) {
    const std::string more = std::to_string(others);
    return {substitute("“{}”的时钟比本机快 {}，另有 {} 台也快：先看看是不是本机的时钟慢了。先后次序不受影响，需要人来决定的内容也不会因此占先。",
                       {device_name, by.zh, more}),
            substitute("The clock of \"{}\" is {} ahead of this device's, and {} more are ahead: see first whether this device's clock is slow. The order "
                       "of changes does not depend on it, and nothing that a person must decide is won by it.",
                       {device_name, by.en, more})};
  }
  return {substitute("“{}”的时钟比本机快 {}，其中一台不准，请核对两台设备的时间。先后次序不受影响，需要人来决定的内容也不会因此占先。", {device_name, by.zh}),
          substitute("The clock of \"{}\" is {} ahead of this device's: one of the two is wrong; please check both. The order of changes does not "
                     "depend on it, and nothing that a person must decide is won by it.",
                     {device_name, by.en})};
}

Sentence changes_ahead_sentence(std::int64_t ahead_ms) {
  const Sentence by = duration_words(ahead_ms);
  return {substitute("里面有的修改，时间比本机晚 {}：有一台设备的时钟不准，请核对。先后次序不受影响，需要人来决定的内容也不会因此占先。", {by.zh}),
          substitute("Some of its changes are dated {} later than this device's clock: some clock is wrong; please check. The order of changes does not "
                     "depend on it, and nothing that a person must decide is won by it.",
                     {by.en})};
}

Sentence clock_behind_sentence(std::string_view device_name, std::string_view other_name, std::int64_t behind_ms) {
  const Sentence by = duration_words(behind_ms);
  const Sentence other = other_name.empty() ? sentence("本机", "this device") : Sentence{substitute("“{}”", {other_name}), substitute("\"{}\"", {other_name})};
  return {substitute("“{}”的时钟比{}慢 {}，其中一台不准，请核对两台设备的时间。", {device_name, other.zh, by.zh}),
          substitute("The clock of \"{}\" is {} behind that of {}: one of the two is wrong; please check both.", {device_name, by.en, other.en})};
}

}  // namespace kehubu
