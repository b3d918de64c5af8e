// How versions, values, records and people are called in the sentences of sync/.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "core/store/log.h"
#include "core/sync/sync.h"

namespace kehubu {

[[nodiscard]] std::string joined(const std::vector<std::string>& parts, std::string_view separator);
// A value as people read it: choices by their label, money with two decimals, references by title. "（空）" when null.
[[nodiscard]] Sentence value_words(Store& store, const Field& field, const Value& value);
// "王敏", else the name of the device, else "另一台设备".
[[nodiscard]] Sentence author_words(StoreInternals& store, const Author& author);
[[nodiscard]] std::string person_title(Store& store, const Id& person);
// "客户“博海餐饮”", or the entity's name when the record has no title.
[[nodiscard]] Sentence record_words(Store& store, const Entity& entity, const Id& row);
// With what tells how much hangs on it: "合同 HT-118“年度供货”（执行中，¥12,000.00）", "合同明细 1（瓜子，12，¥35.50）".
// `values`: as it was on some side, parallel to the entity's fields; none: as the tables have it.
[[nodiscard]] Sentence record_in_full(Store& store, const Entity& entity, const Id& row, std::span<const Value> values = {});
// Its two halves: "合同 HT-118“年度供货”", and "执行中，¥12,000.00"; the second may be empty.
[[nodiscard]] Sentence record_with_number(Store& store, const Entity& entity, std::span<const Value> values);
[[nodiscard]] Sentence record_weight(Store& store, const Entity& entity, std::span<const Value> values);
// "把{subject}单价从“¥100.00”改为“¥999.00”", "维持{subject}单价为“¥100.00”"; `subject` may be empty ("合同明细 1 的").
[[nodiscard]] Sentence change_words(Store& store, const Field& field, const Sentence& subject, const Value& before, const Value& after);

// Who wrote a version, on which device, when.
[[nodiscard]] Result<Author> author_of(StoreInternals& store, Version version);
// What stood in the cell before; a change may name versions of other cells, too, as replaced.
[[nodiscard]] Result<Value> value_before(StoreInternals& store, const Entity& entity, const FieldChange& cell);
// A version of a field with all that history shows of it.
[[nodiscard]] Result<HistoryEntry> history_entry(StoreInternals& store, const Entity& entity, Version version, std::string_view field);

}  // namespace kehubu
