// A tablet whose device number was used twice goes on as a new device: what only it knows takes the new device's name.
#include <algorithm>

#include "core/store/store_implementation.h"

namespace kehubu {

Result<std::int64_t> StoreImplementation::become_new_device(std::int64_t last_shared, std::string_view letter) {
  const DeviceNumber old = own_device();
  last_shared = std::clamp<std::int64_t>(last_shared, 0, log_->last_sequence(old));
  // An action travels whole.
  if (last_shared < log_->last_sequence(old)) {
    KEHUBU_TRY_ASSIGN(first_moved, log_->read({old, last_shared + 1}));
    last_shared = std::min(last_shared, first_moved.action - 1);
  }
  const std::int64_t moved = log_->last_sequence(old) - last_shared;
  DeviceIdentity fresh = identity_;
  fresh.device = new_id(environment_);
  fresh.letter = letter;
  const DeviceNumber number = log_->device_number(fresh.device);
  KEHUBU_TRY(log_->flush());
  KEHUBU_TRY(log_->move_tail(old, last_shared, number));
  log_->describe_device(number, fresh.name, fresh.person);
  KEHUBU_TRY(log_->flush());
  KEHUBU_TRY(set_setting("device", fresh.device.text()));
  KEHUBU_TRY(set_setting("device_letter", fresh.letter));
  KEHUBU_TRY(database_->execute("DELETE FROM undo_stack"));  // it names actions by the old device's numbers
  KEHUBU_TRY(materialiser_->rebuild());
  search_indexes_.clear();
  orders_.clear();
  identity_ = fresh;
  return moved;
}

}  // namespace kehubu
