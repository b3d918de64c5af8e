#include "core/store/action_label.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/rules/names.h"

namespace kehubu {
namespace {

constexpr std::size_t most_named = 2;

std::string name_of(Action& action, const Draft& draft) {
  const Entity& entity = *draft.entity;
  const Field* telling = telling_field(entity);
  std::string name = telling != nullptr ? as_title(draft.text(*telling)) : std::string();
  const Value& titled = draft.value(*entity.find(entity.title_field));
  if (!name.empty()) {
    return name;  // what it says names it
  }
  if (const auto* text = std::get_if<std::string>(&titled)) {
    return *text;
  }
  if (!entity.number_field.empty()) {
    return draft.text(*entity.find(entity.number_field));
  }
  if (const auto* number = std::get_if<std::int64_t>(&titled)) {  // a line, by its place in its document
    const Entity* document = entity.part_of.empty() ? nullptr : find_entity(entity.find(entity.part_of)->references);
    return (document != nullptr ? action.title(*document, draft.reference(*entity.find(entity.part_of))) + " " : std::string()) + std::to_string(*number);
  }
  return {};
}

bool closes_fact(const Draft& draft) {
  const Field* field = draft.entity->find(draft.entity->fact_field);
  return field != nullptr && draft.changes(*field) && draft.text(*field) == draft.entity->fact_value;
}

Sentence deed(const Draft& draft, ChangeKind kind) {
  switch (kind) {
    case ChangeKind::create: return {"新建", "Create "};
    case ChangeKind::remove: return {"删除", "Delete "};
    case ChangeKind::restore: return {"恢复", "Restore "};
    default: return closes_fact(draft) ? Sentence{"完成", "Complete "} : Sentence{"修改", "Change "};
  }
}

// "新建客户 博海餐饮" · "修改客户 博海餐饮：电话" · "完成联系记录 送样"
Sentence label_of(Action& action, const Draft& draft, ChangeKind asked_kind) {
  const ChangeKind kind = kind_of(draft, asked_kind);
  Sentence label = deed(draft, kind);
  label.zh += draft.entity->zh;
  label.en += draft.entity->en;
  if (const std::string name = name_of(action, draft); !name.empty()) {
    label.zh += " " + name;
    label.en += " " + name;
  }
  if (kind == ChangeKind::update && !closes_fact(draft)) {
    std::size_t changed = 0;
    const Field* only = nullptr;
    for (const auto& [field, value, by_rule] : draft.cells) {
      if (draft.changes(*field)) {
        ++changed;
        only = field;
      }
    }
    if (changed == 1) {
      label.zh += "：" + std::string(only->zh);
      label.en += ": " + std::string(only->en);
    }
  }
  return label;
}

bool does_something(const Draft& draft) {
  return draft.is_new || draft.remove || draft.restore ||
         std::ranges::any_of(draft.cells, [&](const auto& cell) { return draft.changes(*cell.field); });
}

// A line goes by the name of its document where that is asked for, too.
std::vector<const Draft*> to_be_named(Action& action, std::size_t asked) {
  std::vector<const Draft*> named;
  for (std::size_t index = 0; index < asked; ++index) {
    const Draft& draft = action.drafts()[index];
    const Field* part_of = draft.entity->find(draft.entity->part_of);
    const Entity* document = part_of == nullptr ? nullptr : find_entity(part_of->references);
    const bool goes_with_it = document != nullptr && action.find(*document, draft.reference(*part_of)) != nullptr;
    if (does_something(draft) && !goes_with_it) {
      named.push_back(&draft);
    }
  }
  if (named.empty()) {
    named.push_back(&action.drafts().front());
  }
  return named;
}

// "导入 97 条客户、30 条联系人"
Sentence import_label(Action& action, std::size_t asked) {
  std::vector<std::pair<const Entity*, std::size_t>> counts;
  for (std::size_t index = 0; index < asked; ++index) {
    const Entity* entity = action.drafts()[index].entity;
    const auto same = std::ranges::find(counts, entity, &std::pair<const Entity*, std::size_t>::first);
    same != counts.end() ? void(++same->second) : void(counts.emplace_back(entity, 1));
  }
  Sentence label;
  for (const auto& [entity, count] : counts) {
    const bool first = label.zh.empty();
    const std::string number = std::to_string(count);
    label.zh += substitute(first ? "导入 {} 条{}" : "、{} 条{}", {number, entity->zh});
    label.en += substitute(first ? "Import {} × {}" : ", {} × {}", {number, entity->en});
  }
  return label;
}

}  // namespace

ChangeKind kind_of(const Draft& draft, ChangeKind asked_kind) {
  if (asked_kind != ChangeKind::update) {
    return asked_kind;
  }
  if (draft.remove) {
    return ChangeKind::remove;
  }
  return draft.is_new ? ChangeKind::create : draft.restore ? ChangeKind::restore : ChangeKind::update;
}

Sentence action_label(Action& action, ChangeKind kind, std::size_t asked) {
  if (action.drafts().empty()) {
    return {};
  }
  if (kind == ChangeKind::import) {
    return import_label(action, asked);
  }
  if (kind == ChangeKind::sample) {
    return sentence("载入示例数据 {} 条", "Load {} sample record{s}", {std::to_string(action.drafts().size())});
  }
  const std::vector<const Draft*> named = to_be_named(action, asked);
  Sentence label;
  for (const Draft* draft : std::span(named).first(std::min(named.size(), most_named))) {
    const Sentence one = label_of(action, *draft, kind);
    label.zh += (label.zh.empty() ? "" : "，") + one.zh;
    label.en += (label.en.empty() ? "" : ", ") + one.en;
  }
  if (named.size() > most_named) {
    const std::string count = std::to_string(named.size());
    label.zh += substitute(" 等 {} 条记录", {count});
    label.en += substitute(" and others, {} records in all", {count});
  }
  return label;
}

}  // namespace kehubu
