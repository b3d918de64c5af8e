// What the commit would refuse is put right in the plan, or leaves the row out: a row that the plan calls good is taken.
#include <algorithm>
#include <set>

#include "core/importing/planner.h"
#include "core/rules/approval.h"
#include "core/rules/merge_rules.h"
#include "core/store/decide.h"

namespace kehubu {
namespace {

// “0571”：电话看起来不是有效的电话号码.
Sentence about(const std::string& cell, Sentence message) {
  if (!cell.empty()) {
    message.zh.insert(0, "“" + cell + "”：");
    message.en.insert(0, "“" + cell + "”: ");
  }
  return message;
}

}  // namespace

// A value that the plan itself will make: the store cannot know it yet.
bool Planner::depends_on_new(const Edit& edit, const Field& field) const {
  for (const auto& [own, value] : edit.fields) {
    if (own == &field) {
      return field.type == FieldType::reference ? references_.is_new(id_or_empty(value))
                                                : field.list != nullptr && choices_.is_new(field, text_or_empty(value));
    }
  }
  return false;
}

// What the record can do without: what is neither its name nor required, has a default, or stands in the store as it was before.
bool Planner::may_spare(const Edit& edit, std::size_t index) const {
  const Field& field = *edit.fields[index].first;
  const bool wanted = field.required == Required::always || field.id == edit.entity->title_field;
  return &field != remark_ && (!wanted || !field.default_value.empty() || !references_.is_new(edit.row));
}

// The value goes to the remark, with what is wrong with it.
void Planner::spare(Draft& draft, Edit& edit, std::size_t index, const Sentence& why) {
  const auto [field, value] = edit.fields[index];
  const Source source = source_of(draft, *field, value);
  edit.fields.erase(edit.fields.begin() + static_cast<std::ptrdiff_t>(index));
  keep_value(draft, *field, source);
  note(draft, remark_ != nullptr ? NoteKind::kept_as_text : NoteKind::lost, source.column, [&] {
    Sentence message = about(source.text, why);
    message.zh += remark_ != nullptr ? "，已记入备注" : "，没有导入";
    message.en += remark_ != nullptr ? "; kept in the remark" : "; not imported";
    return message;
  });
}

// What is wrong with the record as the book has it, as when two devices brought a broken rule about: every edit would be refused for it,
// one that only adds to the remark, too.
bool Planner::is_broken_already(const Draft& draft, const Edit& edit, const Store::Problem& problem) {
  if (references_.is_new(edit.row)) {
    return false;
  }
  Edit least{.entity = edit.entity, .row = edit.row};
  if (const Field* remark = edit.entity->find("remark")) {
    least.fields.emplace_back(remark, Value{std::string("…")});
  }
  return std::ranges::any_of(problems_of(draft, least, 0), [&problem](const Store::Problem& one) { return !one.hint_only && one.message == problem.message; });
}

// The rule names a field that the row does not have: what it does have, and without which the rule holds, is at fault.
bool Planner::spare_what_breaks(Draft& draft, Edit& edit, std::size_t earlier, const Store::Problem& problem) {
  const bool named = std::ranges::any_of(edit.fields, [&problem](const auto& entry) { return entry.first == problem.field; });
  if (problem.field != nullptr && !named && problem.field->required == Required::always) {
    return false;  // nothing that it has makes up for what every record must have
  }
  if (edit.entity->id == "product" && problem.field == title_) {
    return false;  // without its specification it would only be another product
  }
  for (std::size_t index = edit.fields.size(); index-- > earlier;) {
    if (!may_spare(edit, index)) {
      continue;
    }
    Edit without = edit;
    without.fields.erase(without.fields.begin() + static_cast<std::ptrdiff_t>(index));
    const auto problems = problems_of(draft, without, earlier);
    if (std::ranges::none_of(problems, [&problem](const Store::Problem& left) { return left.message == problem.message; })) {
      spare(draft, edit, index, problem.message);
      return true;
    }
  }
  return false;
}

// Whether the reference comes back to the record, by what other rows say, and by the store where they say nothing.
bool Planner::leads_back(const Edit& edit, const Field& field, const Value& value) {
  const auto is_this = [&](const Hierarchy& one) { return one.entity == edit.entity->id && one.field == field.id; };
  if (std::ranges::none_of(hierarchies(), is_this)) {
    return false;
  }
  std::set<Id> passed;
  Id at = id_or_empty(value);
  while (!at.empty() && at != edit.row && passed.insert(at).second) {
    const auto planned = pending_.find(at);
    const auto* cells = planned != pending_.end() ? &plan_.edits[planned->second.edit].fields : nullptr;
    const auto said = cells != nullptr ? std::ranges::find(*cells, &field, [](const auto& cell) { return cell.first; }) : decltype(cells->begin()){};
    if (cells != nullptr && said != cells->end()) {
      at = id_or_empty(said->second);
    } else {
      const auto record = store_.read(*edit.entity, at);
      at = record ? id_or_empty(record->value(field.id)) : Id{};
    }
  }
  return !at.empty() && at == edit.row;
}

// A contract that two devices changed apart takes no edit but the choice between its sides: known now, it costs its own row only.
std::optional<Store::Problem> Planner::problem_with_document(const Edit& edit) {
  const Id waiting = unsettled_document(store_, edit).value_or(Id{});
  if (waiting.empty()) {
    return std::nullopt;
  }
  const Entity& document = edit.entity->document ? *edit.entity : *find_entity(edit.entity->find(edit.entity->part_of)->references);
  const std::string name = store_.title(document, waiting);
  return Store::Problem{title_,
                        {substitute("{}“{}”在不同设备上改得不一样，还没有裁定：它保持现在的样子，这一行没有导入。请先在“冲突”里选定一边，再导入这一行", {document.zh, name}),
                         substitute("The {} “{}” was changed differently on several devices and waits for a decision: it stays as it is, and this row is not imported. Choose a side under Conflicts first, then import the row", {document.en, name})},
                        false};
}

// A step of a contract or an opportunity is taken where its amount is seen, and a list approves nothing.
std::optional<Store::Problem> Planner::problem_with_step(const Edit& edit, const Field& field, const Value& value) {
  const bool is_step = field.workflow && (!references_.is_new(edit.row) || puts_in_force(*edit.entity, field, value));
  if (!is_step) {
    return std::nullopt;
  }
  return Store::Problem{&field,
                        {substitute("{}要在{}自己的页面上看着金额改，名单不替人决定", {field.zh, edit.entity->zh}),
                         substitute("{} is changed on the page of the {} itself, where its amount is seen; a list does not decide it", {field.en, edit.entity->en})},
                        false};
}

// What no two products may share: name and specification, as the edit leaves them. "" for other entities and for what says neither.
std::string Planner::product_key(const Edit& edit) {
  const Field* spec = edit.entity->find("spec");
  if (edit.entity != &entity_ || entity_.id != "product" || std::ranges::none_of(edit.fields, [&](const auto& entry) { return entry.first == title_ || entry.first == spec; })) {
    return {};
  }
  const auto record = record_in_store(edit);
  const auto value_of = [&](const Field* field) {
    const auto own = std::ranges::find(edit.fields, field, [](const auto& entry) { return entry.first; });
    return own != edit.fields.end() ? text_or_empty(own->second) : record ? text_or_empty(record->value(field->id)) : std::string();
  };
  return value_of(title_) + "\1" + value_of(spec);
}

// What the store cannot know: a number that another row of the file gives, a reference that others lead back.
std::optional<Store::Problem> Planner::problem_with_plan(const Edit& edit, const Field& field, const Value& value) {
  if (leads_back(edit, field, value)) {
    return Store::Problem{&field, {substitute("{}不能形成循环：顺着它会回到这条记录自己", {field.zh}), substitute("{} must not lead back: following it comes to this record again", {field.en})}, false};
  }
  const auto same = field.id == title_->id || field.id == "spec" ? products_.find(product_key(edit)) : products_.end();
  if (same != products_.end() && same->second.first != edit.row) {
    return Store::Problem{title_, sentence("已有名称和规格相同的产品：第 {} 行。要分开的话，请在规格里写明不同", "Line {} is a product of the same name and specification. To keep both, tell them apart in the specification", {std::to_string(same->second.second)}), false};
  }
  const std::string& text = text_or_empty(value);
  const auto other = field.unique && !text.empty() ? references_.known(entity_).by_unique(field, text) : std::nullopt;
  if (!other || other->id == edit.row) {
    return std::nullopt;
  }
  const std::string line = std::to_string(other->line);
  return Store::Problem{&field,
                        other->line != 0 ? Sentence{substitute("{}与第 {} 行重复", {field.zh, line}), substitute("{} is the same as in line {}", {field.en, line})}
                                         : Sentence{substitute("{}与“{}”重复", {field.zh, store_.title(entity_, other->id)}), substitute("{} is already used by “{}”", {field.en, store_.title(entity_, other->id)})},
                        false};
}

// What the commit would refuse the edit for, or hints at. `earlier`: how many of its values are of rows before this one.
std::vector<Store::Problem> Planner::problems_of(const Draft& draft, const Edit& edit, std::size_t earlier) {
  std::vector<Store::Problem> problems = store_.validate(edit);
  std::erase_if(problems, [&](const Store::Problem& problem) { return problem.field != nullptr && depends_on_new(edit, *problem.field); });
  for (std::size_t index = earlier; edit.entity == &entity_ && index < edit.fields.size(); ++index) {
    const auto& [field, value] = edit.fields[index];
    const bool told = std::ranges::any_of(problems, [&](const Store::Problem& problem) { return problem.field == field && !problem.hint_only; });
    auto problem = told ? std::nullopt : problem_with_step(edit, *field, value);
    problem = told || problem ? std::move(problem) : problem_with_plan(edit, *field, value);
    if (problem) {
      problems.push_back(std::move(*problem));
    }
  }
  for (Store::Problem& problem : problems) {
    problem.message = problem.field != nullptr ? in_words_of_file(std::move(problem.message), *problem.field, draft.person) : std::move(problem.message);
  }
  return problems;
}

// Moves what is wrong to the remark until nothing is, of this row's values only. What it gives cannot be put right so.
std::optional<Store::Problem> Planner::make_valid(Draft& draft, Edit& edit, std::size_t earlier) {
  for (bool first = true;; first = false) {
    std::optional<Store::Problem> unspared;
    bool changed = false;
    for (const Store::Problem& problem : problems_of(draft, edit, earlier)) {
      const auto own = std::ranges::find_if(edit.fields, [&](const auto& entry) { return entry.first == problem.field; });
      const auto index = static_cast<std::size_t>(own - edit.fields.begin());
      if (problem.hint_only) {
        first ? note_hint(draft, edit, earlier, problem) : void();
      } else if (own != edit.fields.end() && index >= earlier && may_spare(edit, index)) {
        spare(draft, edit, index, problem.message);
        changed = true;
      } else if (!unspared) {
        unspared = problem;
      }
    }
    // A rule about two fields may be broken only by what is gone now.
    if (!changed && !unspared) {
      return std::nullopt;
    }
    if (!changed && is_broken_already(draft, edit, *unspared)) {
      unspared->message.zh += "；客户簿里的这条记录本来就是这样，它保持不变。请先改好它（有冲突的先裁定），再导入这一行";
      unspared->message.en += "; the record is so in the book, and stays as it is. Mend it first (or settle its conflict), then import the row";
      return unspared;
    }
    if (!changed && !spare_what_breaks(draft, edit, earlier, *unspared)) {
      return unspared;
    }
  }
}

void Planner::note_hint(Draft& draft, const Edit& edit, std::size_t earlier, const Store::Problem& problem) {
  for (std::size_t index = earlier; index < edit.fields.size(); ++index) {
    const auto& [field, value] = edit.fields[index];
    if (field != problem.field) {
      continue;
    }
    const Source source = source_of(draft, *field, value);
    note(draft, NoteKind::check, source.column, [&] {
      Sentence message = about(source.text, problem.message);
      message.zh += "，照原样导入，请核对";
      message.en += "; imported as it stands. Please check";
      return message;
    });
  }
}

void Planner::leave_out(Draft& draft, const Store::Problem& problem) {
  draft.left_out = true;
  note(draft, NoteKind::left_out, problem.field != nullptr ? column_of(problem.field, draft.person) : 0, [&] { return problem.message; });
}

}  // namespace kehubu
