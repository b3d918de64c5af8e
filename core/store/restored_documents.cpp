// A document that comes back from the bin (docs/store.md, "What goes along").
//
// Several may have deleted it, each with another state before that: nobody asked anybody, since all of them said the same.
// When it comes back they would be mixed, an approval of one amount beside the lines of another. So each state comes back whole,
// in an action of its own, as where a decision is undone; which of them stands is the question that it would have been.
#include <algorithm>
#include <iterator>

#include "core/base/text.h"
#include "core/store/store_implementation.h"

namespace kehubu {

Status StoreImplementation::bring_back_sides_of(const RecordWrite& restored, std::span<const Version> states, std::vector<RecordWrite>& writes) {
  for (std::size_t side = 0; side < states.size(); ++side) {
    KEHUBU_TRY_ASSIGN(edits, materialiser_->document_return(*restored.table->entity, restored.row, states[side]));
    for (const Edit& edit : edits) {
      RecordWrite& write = writes.emplace_back(write_returning(edit, restored.kind, side));
      write.stamp = restored.stamp;
    }
    RecordWrite& head = writes[writes.size() - edits.size()];
    for (const auto& cell : restored.cells) {  // what was changed along with it
      std::erase_if(head.cells, [&](const auto& one) { return one.first == cell.first; });
      head.cells.push_back(cell);
    }
  }
  return {};
}

// What is to be told of it.
Result<std::vector<Sentence>> StoreImplementation::bring_back_sides(std::vector<RecordWrite>& writes) {
  std::vector<Sentence> told;
  std::vector<RecordWrite> restored;
  std::ranges::copy_if(writes, std::back_inserter(restored), [](const RecordWrite& write) { return write.table->entity->document && write.removed == false; });
  for (const RecordWrite& document : restored) {
    KEHUBU_TRY_ASSIGN(flags, flags_of(*document.table, document.row));
    const bool is_deleted = (flags & (flag_removed | flag_document_conflict)) == flag_removed;
    KEHUBU_TRY_ASSIGN(states, is_deleted ? materialiser_->states_before_deletion(*document.table->entity, document.row) : Result<std::vector<Version>>());
    if (states.size() < 2) {
      continue;
    }
    std::erase_if(writes, [&](const RecordWrite& write) {
      const bool is_line = write.table->document == document.table &&
                           id_or_empty(value(*write.table->entity, write.row, *write.table->entity->find(write.table->entity->part_of))) == document.row;
      return is_line || (write.table == document.table && write.row == document.row);
    });
    KEHUBU_TRY(bring_back_sides_of(document, states, writes));
    const std::string name = title(*document.table->entity, document.row);
    told.push_back({substitute("“{}”曾在几处分别被删除，删除前的内容不同：已全部恢复，请选定一边", {name}),
                    substitute("“{}” was deleted in several places, and was not the same there before: all of it is back, please choose a side", {name})});
  }
  if (!told.empty()) {
    add_document_marks(writes);  // before the sides are put in order: the marks of an action belong to it
    put_sides_in_order(writes);
  }
  return told;
}

}  // namespace kehubu
