// How versions, values and people are called in the sentences of sync/.
#pragma once

#include <string>

#include "core/store/log.h"

namespace kehubu {

// A value as people read it: choices by their label, money with two decimals, references by title. "（空）" when null.
[[nodiscard]] Sentence value_words(Store& store, const Field& field, const Value& value);
// "王敏", else the name of the device, else "另一台设备".
[[nodiscard]] Sentence author_words(StoreInternals& store, const Id& person, DeviceNumber device);
[[nodiscard]] std::string person_title(Store& store, const Id& person);
// “博海餐饮”, or the entity's name when the record has no title.
[[nodiscard]] Sentence record_words(Store& store, const Entity& entity, const Id& row);

// A version of a field with all that history shows of it.
[[nodiscard]] Result<HistoryEntry> history_entry(StoreInternals& store, const Entity& entity, Version version, std::string_view field);

}  // namespace kehubu
