#include "core/sync/examination.h"

#include <algorithm>

namespace kehubu {
namespace {

constexpr std::int64_t tolerated_ms = 5 * 60 * 1000;

Sentence duration(std::int64_t milliseconds) {
  const std::int64_t minutes = milliseconds / 60'000;
  const std::int64_t hours = minutes / 60;
  const std::int64_t days = hours / 24;
  if (days >= 2) {
    return sentence("{} 天", "{} day{s}", {std::to_string(days)});
  }
  if (hours >= 2) {
    return sentence("{} 小时", "{} hour{s}", {std::to_string(hours)});
  }
  return sentence("{} 分钟", "{} minute{s}", {std::to_string(minutes)});
}

std::string range(const Gap& gap) {
  return gap.first == gap.last ? std::to_string(gap.first) : std::to_string(gap.first) + "–" + std::to_string(gap.last);
}

}  // namespace

Result<Digest> known_chain(Log& log, SyncTables& tables, DeviceNumber device, std::int64_t sequence) {
  if (sequence == 0) {
    return Log::first_chain(log.device_id(device));
  }
  if (sequence == log.last_sequence(device)) {
    return log.chain(device);
  }
  KEHUBU_TRY_ASSIGN(remembered, tables.chain(device, sequence));
  if (remembered) {
    return *remembered;
  }
  KEHUBU_TRY_ASSIGN(walked, log.chain_at(device, sequence));
  KEHUBU_TRY(tables.remember_chain(device, sequence, walked));
  return walked;
}

Result<Examination> examine(const BundleHeader& header, Log& log, SyncTables& tables, const Id& own_device) {
  Examination result;
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
      result.brings_back_own = result.brings_back_own || device == own_device;
    }
    // Equal chains at the latest number that both know prove that everything before is equal too.
    const std::int64_t both_know = have <= last ? have : since <= last ? since : 0;
    if (both_know == 0) {
      continue;
    }
    KEHUBU_TRY_ASSIGN(chain, known_chain(log, tables, *number, both_know));
    if (chain != (both_know == have ? header.chain_have[index] : header.chain_since[index])) {
      result.relation = Relation::diverged;
      result.diverged_device = device;
      result.diverged_at = both_know;
      return result;
    }
  }
  result.relation = result.new_changes == 0 ? Relation::covered
                    : !result.gaps.empty()  ? Relation::waiting
                                            : Relation::applicable;
  return result;
}

bool agrees_with_log(const BundleHeader& header, Version version, const Digest& chain, const Log& log) {
  const auto number = log.find_device(header.devices[static_cast<std::size_t>(version.device)]);
  return !number || log.last_sequence(*number) != version.sequence || log.chain(*number) == chain;
}

std::string device_title(const Id& device, const BundleHeader& header, const Log& log) {
  if (device == header.device && !header.device_name.empty()) {
    return header.device_name;
  }
  if (const auto number = log.find_device(device); number && !log.device(*number).name.empty()) {
    return log.device(*number).name;
  }
  return device.text().substr(14);  // the random end; the beginning is a time and much the same for all
}

Sentence waiting_sentence(const Examination& examination, const BundleHeader& header, const Log& log) {
  constexpr std::size_t shown = 3;
  std::string zh;
  std::string en;
  for (std::size_t index = 0; index < std::min(shown, examination.gaps.size()); ++index) {
    const Gap& gap = examination.gaps[index];
    const std::string title = device_title(gap.device, header, log);
    zh += substitute(index == 0 ? "“{}”的序号 {}" : "、“{}”的序号 {}", {title, range(gap)});
    en += substitute(index == 0 ? "numbers {} of \"{}\"" : ", numbers {} of \"{}\"", {range(gap), title});
  }
  if (examination.gaps.size() > shown) {
    const std::string more = std::to_string(examination.gaps.size() - shown);
    zh += substitute("等（另有 {} 台设备）", {more});
    en += substitute(" and of {} more device{s}", {more});
  }
  return {substitute("缺少{}。文件先保存着，收到缺少的数据包后会自动导入。", {zh}),
          substitute("Missing: {}. The file is kept and will be imported by itself when the missing bundles arrive.", {en})};
}

Sentence diverged_sentence(const Examination& examination, const BundleHeader& header, const Log& log, const Id& own_device) {
  const std::string number = std::to_string(examination.diverged_at);
  if (examination.diverged_device == own_device) {
    return sentence(
        "本机在序号 {} 或之前的修改与别处收到的不同：本机曾从备份恢复后继续使用，或有另一台平板用着同一个身份。没有导入任何内容。"
        "请先在本机“设置”里以新设备的身份重新开始，再导入。",
        "Changes of this device up to number {} differ from those that others received: it was restored from a backup and "
        "used further, or another tablet uses the same identity. Nothing was imported. Start over as a new device in the "
        "settings, then import.",
        {number});
  }
  const std::string title = device_title(examination.diverged_device, header, log);
  return sentence(
      "设备“{}”的序号 {} 或之前出现了两种不同的内容：这台平板被复制过，或从备份恢复后继续使用。没有导入任何内容。"
      "请联系这台设备的使用人，让其中一台以新设备的身份重新开始。",
      "The device \"{}\" has two different histories at number {} or before: the tablet was cloned, or restored from a "
      "backup and used further. Nothing was imported. Ask its user to let one of the two start over as a new device.",
      {title, number});
}

Sentence brings_back_sentence(std::int64_t changes) {
  return sentence("其中有本机自己做过、但本机已经没有的修改：这台平板是从备份恢复的。它们会回到本机（共 {} 处新修改）。",
                  "It holds changes that this tablet made and no longer has: it was restored from a backup. They come back "
                  "({} new change{s} in all).",
                  {std::to_string(changes)});
}

Sentence clock_sentence(const BundleHeader& header, std::int64_t now_ms) {
  const std::int64_t ahead = std::max(header.created, header.clock_last) - now_ms;
  if (ahead <= tolerated_ms) {
    return {};
  }
  const Sentence by = duration(ahead);
  return {substitute("“{}”的时钟比本机快 {}，请校准。先后次序不受影响，需要人来决定的内容也不会因此占先。", {header.device_name, by.zh}),
          substitute("The clock of \"{}\" is {} ahead of this device's; please set it. The order of changes does not depend on it, and "
                     "nothing that a person must decide is won by it.",
                     {header.device_name, by.en})};
}

}  // namespace kehubu
