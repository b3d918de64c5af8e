// A tablet that must not go on under its name: it misses changes of its own, or another machine uses the name too.
#include <charconv>

#include "core/store/store_implementation.h"

namespace kehubu {
namespace {

constexpr std::string_view told_setting = "own_numbers_told";  // greatest number of this device that others proved to know

}  // namespace

Sentence missing_own_sentence(std::int64_t first, std::int64_t last) {
  const std::string range = first == last ? std::to_string(first) : std::to_string(first) + "–" + std::to_string(last);
  return sentence("这台平板是从备份恢复的：它自己做过的第 {} 号修改别人那里有，这里没有。取回之前不能保存新的修改，否则两边会对不上。"
                  "请到“同步”：导入任何一位同事或总部发来的“全部内容”，或以新设备的身份继续。正在填写的内容不会丢。",
                  "This tablet was restored from a backup: others have its changes {}, and it has not. Nothing new can be saved before they are back, "
                  "or the two would contradict each other. Open Sync: import a bundle of everything from a colleague or head office, or go on as a "
                  "new device. What you are typing is not lost.",
                  {range});
}

Status StoreImplementation::note_own_numbers(std::int64_t told) {
  const auto missing = missing_own_numbers();
  const bool is_news = told > log_->last_sequence(own_device()) && (!missing || told > missing->second);
  if (is_news) {
    return set_setting(told_setting, std::to_string(told));
  }
  return missing || setting(told_setting).empty() ? Status() : set_setting(told_setting, "");
}

std::optional<std::pair<std::int64_t, std::int64_t>> StoreImplementation::missing_own_numbers() {
  const std::string text = setting(told_setting);
  std::int64_t told = 0;
  std::from_chars(text.data(), text.data() + text.size(), told);
  const std::int64_t last = told > 0 ? log_->last_sequence(own_device()) : 0;
  return told > last ? std::optional(std::pair(last + 1, told)) : std::nullopt;
}

Status StoreImplementation::become_new_device(std::string_view letter, std::string_view name) {
  DeviceIdentity fresh = identity_;
  fresh.device = new_id(environment_);
  fresh.letter = letter;
  fresh.name = name;
  log_->describe_device(log_->device_number(fresh.device), fresh.name, fresh.person);
  KEHUBU_TRY(log_->flush());
  KEHUBU_TRY(set_setting("device", fresh.device.text()));
  KEHUBU_TRY(set_setting("device_letter", fresh.letter));
  KEHUBU_TRY(set_setting("device_name", fresh.name));
  KEHUBU_TRY(set_setting(former_device_setting, identity_.device.text()));
  KEHUBU_TRY(set_setting(told_setting, ""));
  KEHUBU_TRY(database_->execute("DELETE FROM undo_stack"));  // it names actions by the old device's numbers
  identity_ = fresh;
  return {};
}

Status StoreImplementation::begin_tables_anew(std::vector<std::int64_t> known_before) {
  KEHUBU_TRY(materialiser_->begin_rebuild(std::move(known_before)));
  search_indexes_.clear();
  orders_.clear();
  return {};
}

}  // namespace kehubu
