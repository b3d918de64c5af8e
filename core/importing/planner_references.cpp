// References to records of the list itself: 从属单位, 上级联系人. They wait until all rows are read, for who is meant may stand further
// down, and a ring shows only then.
#include <algorithm>

#include "core/importing/planner.h"
#include "core/store/decide.h"

namespace kehubu {

// Waits with the edit until all rows are read.
void Planner::hand_over(Draft& draft, std::size_t edit) {
  for (Deferred& reference : draft.deferred) {
    reference.edit = edit;
    deferred_.push_back(std::move(reference));
  }
  draft.deferred.clear();
}

void Planner::resolve_deferred() {
  for (const Deferred& reference : deferred_) {
    const auto why_not = set_reference(reference);
    if (!why_not) {
      continue;
    }
    report_late(reference, remark_ != nullptr ? NoteKind::kept_as_text : NoteKind::lost, *why_not);
    if (!add_to_remark(plan_.edits[reference.edit], std::string(reference.field->zh) + "：" + reference.text)) {
      report_late(reference, NoteKind::lost, remark_is_full());
    }
  }
}

// Why the reference cannot be set, and stays text.
std::optional<Sentence> Planner::set_reference(const Deferred& reference) {
  Edit& edit = plan_.edits[reference.edit];
  const Field& field = *reference.field;
  const auto found = references_.find(entity_, reference.text, reference.of);
  if (!found) {
    return Sentence{substitute("没有“{}”这个{}，已记入备注", {reference.text, field.zh}), substitute("There is no {} “{}”; kept in the remark", {field.en, reference.text})};
  }
  if (!found->certain) {
    return more_than_one(field, reference.text, {"不能确定是哪一个，已记入备注", "it is not certain which is meant. Kept in the remark"});
  }
  if (found->id == edit.row) {
    return sentence("“{}”就是它自己，已记入备注", "“{}” is the record itself; kept in the remark", {reference.text});
  }
  Pending& pending = pending_.at(edit.row);
  if (const Value* said = said_before(pending, field)) {
    return *said == Value{found->id} ? std::optional<Sentence>() : sentence("“{}”与第 {} 行不同，已记入备注", "“{}” differs from line {}; kept in the remark", {reference.text, std::to_string(line_of(pending, field))});
  }
  if (closes_ring(edit.row, field, found->id)) {
    return sentence("“{}”会使上下级绕成一圈，已记入备注", "“{}” would make a ring of who belongs to whom; kept in the remark", {reference.text});
  }
  const auto record = record_in_store(edit);
  const Value before = record ? record->value(field.id) : Value();
  const bool confirms = before == Value{found->id};
  (confirms ? pending.confirmed : edit.fields).emplace_back(&field, Value{found->id});
  note_line(pending, field, reference.line);
  link(edit.row, field, found->id);
  if (!is_null(before) && !confirms) {
    const auto disputed = disputed_fields(store_, *record).value_or(std::vector<const Field*>());
    const bool decides = std::ranges::find(disputed, &field) != disputed.end();
    report_late(reference, decides ? NoteKind::decides : NoteKind::overwritten, overwritten(field, before, Value{found->id}, decides));
  }
  return std::nullopt;
}

// A note about a row that is counted already.
void Planner::report_late(const Deferred& reference, NoteKind kind, Sentence message) {
  const Edit& edit = plan_.edits[reference.edit];
  const std::string own = text_of(edit.fields, title_);
  report({reference.line, reference.column, std::move(message), kind, own.empty() ? store_.title(entity_, edit.row) : own});
  lines_with_hints_.insert(reference.line);
}

void Planner::link(const Id& row, const Field& field, const Id& target) {
  Links& links = links_[&field];
  links.above[row] = target;
  links.somebody_above.insert(target);
}

// Below whom a record stands once the plan is carried out.
Id Planner::above_of(const Id& row, const Field& field) const {
  if (const auto links = links_.find(&field); links != links_.end()) {
    if (const auto link = links->second.above.find(row); link != links->second.above.end()) {
      return link->second;
    }
  }
  const auto record = references_.is_new(row) ? fail(ErrorKind::not_found, "", "") : store_.read(entity_, row);
  return record ? id_or_empty(record->value(field.id)) : Id{};
}

// 甲 below 乙 below 甲: the store would refuse all of it.
bool Planner::closes_ring(const Id& row, const Field& field, const Id& target) const {
  const auto links = links_.find(&field);
  const bool is_above = links != links_.end() && links->second.somebody_above.contains(row);
  if (references_.is_new(row) && !is_above) {
    return false;
  }
  constexpr int deepest = 1000;
  Id above = target;
  for (int steps = 0; steps < deepest && !above.empty(); ++steps) {
    if (above == row) {
      return true;
    }
    above = above_of(above, field);
  }
  return false;
}

}  // namespace kehubu
