// A document at any moment of its history, in words: its number, how far it had come and over how much money, as it was then.
#pragma once

#include <optional>
#include <vector>

#include "core/store/log.h"

namespace kehubu {

// The values of the document (the first of the records) with those that are worked out from it and its lines as they were.
[[nodiscard]] Result<std::vector<Value>> document_values(Store& store, const std::vector<DocumentRecord>& records);
// The document as it is by its "#" head, where it is deleted as it was before. Empty while sides of it wait.
[[nodiscard]] Result<std::vector<DocumentRecord>> document_last_alive(StoreInternals& store, const Entity& entity, const Id& row);
// The change of an action that carries the document's "#".
[[nodiscard]] Result<std::optional<Change>> mark_in_action(Log& log, const Change& one, const Id& document);
// "执行中，¥1,150.00"; "已删除".
[[nodiscard]] Result<Sentence> document_weight(Store& store, const std::vector<DocumentRecord>& records);
// "合同 HT-118“年度供货”从“执行中，¥1,150.00”变为“待审批，¥1,000.00”", or "… 仍是“…”". `name`: record_with_number().
[[nodiscard]] Sentence weight_change_words(const Sentence& name, const Sentence& before, const Sentence& after);

}  // namespace kehubu
