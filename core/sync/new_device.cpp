#include "core/sync/new_device.h"

#include "core/store/transaction.h"
#include "core/sync/letters.h"

namespace kehubu {

namespace {

// "王敏的平板（B）": to people it is another device from now on.
std::string name_with_letter(std::string_view name, std::string_view former_letter, std::string_view letter) {
  const auto suffix = [](std::string_view text) { return "（" + std::string(text) + "）"; };
  if (name.ends_with(suffix(former_letter))) {
    name.remove_suffix(suffix(former_letter).size());
  }
  return name.empty() ? std::string() : std::string(name) + suffix(letter);
}

}  // namespace

std::vector<DeviceNumber> own_histories(StoreInternals& store, std::optional<DeviceNumber> parted) {
  Log& log = store.log();
  std::vector<DeviceNumber> histories;
  const auto add = [&](std::optional<DeviceNumber> number) {
    const std::vector<DeviceNumber> behind = number ? log.histories_behind(*number) : std::vector<DeviceNumber>();
    histories.insert(histories.end(), behind.begin(), behind.end());
  };
  add(parted ? parted : log.find_device(store.identity().device));
  const auto branch = Id::parse(store.setting(former_branch_setting)), device = Id::parse(store.setting(former_device_setting));
  add(branch ? log.find_device(*branch) : device ? log.find_device(*device) : std::nullopt);
  return histories;
}

Status take_new_device(StoreInternals& store, SyncTables& tables, std::size_t rank) {
  const DeviceIdentity& own = store.identity();
  KEHUBU_TRY_ASSIGN(letters, letters_in_use(store, tables, own.person));
  letters.push_back({own.letter, {}});
  for (std::size_t before = 0; before < rank; ++before) {
    letters.push_back({next_letter(letters), {}});
  }
  const std::string letter = next_letter(letters);
  KEHUBU_TRY(store.set_setting(former_branch_setting, ""));
  return store.become_new_device(letter, name_with_letter(own.name, own.letter, letter));
}

Status take_other_letter(StoreInternals& store, SyncTables& tables) {
  DeviceIdentity own = store.identity();
  KEHUBU_TRY_ASSIGN(letters, letters_in_use(store, tables, own.person));
  letters.push_back({own.letter, {}});
  const std::string letter = next_letter(letters);
  const bool says_it = own.name.ends_with("（" + own.letter + "）");
  own.name = says_it ? name_with_letter(own.name, own.letter, letter) : own.name;
  own.letter = letter;
  return store.set_identity(own);
}

Status start_as_new_device(StoreInternals& store, SyncTables& tables) {
  Transaction transaction{store};
  KEHUBU_TRY(transaction.begin());
  KEHUBU_TRY(take_new_device(store, tables));
  return transaction.commit();
}

}  // namespace kehubu
