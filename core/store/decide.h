// Questions that are open about records, and a person's decision between the sides of one: otherwise as Store::write(). On the stack
// of undoing it is called by the question ("处理冲突 客户“长江酒店”"), whatever records the answer touches.
#pragma once

#include <span>
#include <utility>
#include <vector>

#include "core/store/store.h"

namespace kehubu {

class Database;
struct MergeRule;

// Whether these values of the rule's fields do not fit together; a field that is not named is empty.
[[nodiscard]] Result<bool> is_broken(Database& database, const MergeRule& rule, std::span<const std::pair<const Field*, Value>> values);

// The fields of the record about which a question is open that an edit of them answers: it is written and told as a decision.
[[nodiscard]] Result<std::vector<const Field*>> disputed_fields(Store& store, const Record& record);

// The document that the edit changes and whose sides have met: until a person has chosen one of them, write() refuses every other
// change of it and of its lines. Empty where nothing waits.
[[nodiscard]] Result<Id> unsettled_document(Store& store, const Edit& edit);

[[nodiscard]] Result<Written> decide(Store& store, std::span<const Edit> edits, const WriteOptions& options, const Sentence& question);

}  // namespace kehubu
