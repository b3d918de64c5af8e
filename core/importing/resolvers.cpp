#include "core/importing/resolvers.h"

#include <algorithm>

#include "core/base/text.h"

namespace kehubu {
namespace {

std::string four_hex_digits_of(std::string_view text) {  // FNV-1a, folded to 16 bits
  std::uint32_t hash = 2166136261U;
  for (const char character : text) {
    hash = (hash ^ static_cast<unsigned char>(character)) * 16777619U;
  }
  hash = (hash >> 16) ^ (hash & 0xFFFFU);
  std::string digits;
  for (int shift = 12; shift >= 0; shift -= 4) {
    digits += "0123456789abcdef"[(hash >> shift) & 15U];
  }
  return digits;
}

const Field& field_of(const Entity& entity, std::string_view field_id) { return *entity.find(field_id); }

}  // namespace

std::string identifier_of(std::string_view text) {
  constexpr std::size_t longest = 40;
  // The first spelling behind the folded text, or the folded text itself when it has no hanzi.
  const std::string spellings = search_text(text);
  const std::size_t first = spellings.find('\1');
  std::string_view spelling = first == std::string::npos ? std::string_view(spellings) : std::string_view(spellings).substr(first + 1);
  spelling = spelling.substr(0, spelling.find('\1'));
  std::string identifier;
  for (const char character : spelling) {
    const bool usable = (character >= 'a' && character <= 'z') || (character >= '0' && character <= '9');
    identifier += usable && identifier.size() < longest ? std::string(1, character) : std::string();
  }
  return identifier.empty() ? "x" + four_hex_digits_of(text) : identifier;
}

Sentence more_than_one(const Field& field, std::string_view name, const Sentence& outcome) {
  return {substitute("叫“{}”的{}不止一个，{}", {name, field.zh, outcome.zh}), substitute("More than one {} is called “{}”; {}", {field.en, name, outcome.en})};
}

// --- texts that mean nothing yet

ByText::ByText(std::span<const UnknownChoice> choices) {
  for (const UnknownChoice& choice : choices) {
    count_ += choice.field != nullptr && add(*choice.field, choice.text).second ? 0 : 1;  // of two that are written alike the first counts
  }
}

std::string ByText::folded(std::string_view text) const {
  ++texts_read_;
  return fold(text);
}

std::pair<std::size_t, bool> ByText::add(const Field& field, std::string_view text) {
  const auto [number, is_new] = numbers_[&field].emplace(folded(text), count_);
  count_ += is_new ? 1 : 0;
  return {number->second, is_new};
}

std::optional<std::size_t> ByText::find(const Field& field, std::string_view text) const {
  const auto texts = numbers_.find(&field);
  if (texts == numbers_.end()) {
    return std::nullopt;
  }
  const auto number = texts->second.find(folded(text));
  return number != texts->second.end() ? std::optional(number->second) : std::nullopt;
}

UnknownChoice& UnknownTexts::of(const Field& field, std::string_view text, const std::function<std::string()>& alike) {
  const auto [number, is_first] = known_.add(field, text);
  if (is_first) {
    UnknownChoice& made = unknown_.emplace_back(UnknownChoice{.field = &field, .text = std::string(text)});
    const auto decided = decided_.find(field, text);
    made.map_to = decided ? decisions_[*decided].map_to : alike();
    made.add = decided ? decisions_[*decided].add : made.map_to.empty() && field.required == Required::always;
  }
  ++unknown_[number].rows;
  of_row_.push_back(number);
  return unknown_[number];
}

void UnknownTexts::take_back_row() {
  for (const std::size_t number : of_row_) {
    unknown_[number].rows -= unknown_[number].field->required == Required::always ? 0 : 1;
  }
  of_row_.clear();
}

std::vector<UnknownChoice> UnknownTexts::take() {
  std::erase_if(unknown_, [](const UnknownChoice& choice) { return choice.rows == 0; });
  return std::move(unknown_);
}

void keep_decisions(std::vector<UnknownChoice>& choices, std::span<const UnknownChoice> decided) {
  const ByText by_text(decided);
  for (UnknownChoice& choice : choices) {
    if (const auto number = by_text.find(*choice.field, choice.text)) {
      choice.map_to = decided[*number].map_to;
      choice.add = decided[*number].add;
    }
  }
}

// --- choices

namespace {

// Whether no living record gives the list this value any more.
bool is_deleted(Store& store, const ChoiceList& list, std::string_view choice) {
  const Entity& item = *find_entity("dict_item");
  ListQuery query{.entity = &item, .search = {}};
  query.filters.push_back({.field = &field_of(item, "list"), .op = Filter::Operator::equals, .operands = {std::string(list.id)}});
  query.filters.push_back({.field = &field_of(item, "ident"), .op = Filter::Operator::equals, .operands = {std::string(choice)}});
  const auto count = store.count(query);
  return list.find(choice) == nullptr && count && *count == 0;
}

}  // namespace

ChoiceResolver::ChoiceResolver(Store& store, Environment& environment, std::vector<UnknownChoice> decisions)
    : store_(store), environment_(environment), unknown_(std::move(decisions)) {}

ChoiceResolver::List& ChoiceResolver::list_of(const Field& field) {
  auto [position, is_first] = lists_.try_emplace(field.list);
  List& list = position->second;
  if (is_first) {
    for (const Store::ChoiceLabel& choice : store_.choices(*field.list)) {
      list.ids.insert(choice.id);  // of deleted ones, too: records may have them under their old name
      ++list.count;
      if (choice.active || !is_deleted(store_, *field.list, choice.id)) {
        list.matcher.add(choice.id, choice.label.zh, choice.label.en);
      }
    }
    list.matcher.add_other_words(*field.list);
  }
  return list;
}

bool ChoiceResolver::is_new(const Field& field, std::string_view choice_ids) const {
  const auto found = lists_.find(field.list);
  return found != lists_.end() && std::ranges::any_of(split_choices(choice_ids), [&](std::string_view id) {
           return found->second.new_ids.contains(std::string(id));
         });
}

std::string ChoiceResolver::add_choice(std::string_view text, const Field& field, List& list) {
  std::string id = identifier_of(text);
  while (list.ids.contains(id)) {
    id += "_" + four_hex_digits_of(text);
  }
  list.ids.insert(id);
  list.new_ids.insert(id);
  list.new_id_by_text.emplace(fold(text), id);
  const Entity& dict_item = *find_entity("dict_item");
  Edit edit{.entity = &dict_item, .row = new_id(environment_), .fields = {}};
  edit.fields = {{&field_of(dict_item, "list"), Value{std::string(field.list->id)}},
                 {&field_of(dict_item, "ident"), Value{id}},
                 {&field_of(dict_item, "zh"), Value{std::string(text)}},
                 {&field_of(dict_item, "seq"), Value{++list.count}},
                 {&field_of(dict_item, "active"), Value{std::int64_t{1}}}};
  edits_.push_back(std::move(edit));
  return id;
}

std::string ChoiceResolver::resolve_one(std::string_view text, const Field& field) {
  constexpr std::size_t longest_label = 40;  // code points: a sentence is no choice
  List& list = list_of(field);
  if (const auto found = list.matcher.find(text)) {
    return *found;
  }
  UnknownChoice& choice = unknown_.of(field, text, [&] { return list.matcher.find_alike(text).value_or(""); });
  if (!choice.map_to.empty() || !choice.add || !field.list->editable || count_code_points(text) > longest_label) {
    return choice.map_to;
  }
  const auto added = list.new_id_by_text.find(fold(text));
  return added != list.new_id_by_text.end() ? added->second : add_choice(text, field, list);
}

CellValue ChoiceResolver::resolve(std::string_view cell, const Field& field) {
  std::string ids, unknown;
  CellValue result;
  for (const std::string_view part : field.type == FieldType::choices ? list_of(field).matcher.split(cell) : std::vector<std::string_view>{cell}) {
    const std::string id = resolve_one(part, field);
    if (id.empty()) {
      unknown += (unknown.empty() ? "" : "、") + std::string(part);
      result.hint = Sentence{substitute("“{}”不在“{}”的选项里，已记入备注", {unknown, field.zh}),
                             substitute("“{}” is not one of the choices of “{}”; kept in the remark", {unknown, field.en})};
      result.keep_text = true;
      result.unknown_choice = field.list->editable;
    } else if (!("," + ids + ",").contains("," + id + ",")) {
      ids += (ids.empty() ? "" : ",") + id;
    }
  }
  if (!ids.empty()) {
    result.value = std::move(ids);
  }
  return result;
}

// --- references

ReferenceResolver::ReferenceResolver(Store& store, Environment& environment, std::vector<UnknownChoice> decisions)
    : store_(store), environment_(environment), unknown_(std::move(decisions)) {}

KnownRecords& ReferenceResolver::known(const Entity& entity) {
  std::unique_ptr<KnownRecords>& records = known_[&entity];
  if (records == nullptr) {
    records = std::make_unique<KnownRecords>(store_, entity);
  }
  return *records;
}

Edit ReferenceResolver::new_region(const Entity& entity, std::string_view name) {
  KnownRecords& regions = known(entity);
  std::string code = identifier_of(name).substr(0, 12);
  std::ranges::transform(code, code.begin(), [](char letter) { return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 32) : letter; });
  if (regions.by_unique(field_of(entity, "code"), code)) {
    code += "-" + four_hex_digits_of(name);
  }
  const bool district = name.ends_with("片区") || name.ends_with("县");
  const std::string kind = name.ends_with("大区") ? "big_region" : district ? "district" : "province_region";
  Edit edit{.entity = &entity, .row = new_id(environment_), .fields = {}};
  edit.fields = {{&field_of(entity, "code"), Value{code}},
                 {&field_of(entity, "name"), Value{std::string(name)}},
                 {&field_of(entity, "kind"), Value{kind}}};
  regions.add_unique(field_of(entity, "code"), code, {edit.row, 0});
  return edit;
}

Id ReferenceResolver::create(const Entity& entity, std::string_view name) {
  Edit edit;
  if (entity.id == "org_unit") {
    edit = new_region(entity, name);
  } else {
    edit = {.entity = &entity, .row = new_id(environment_), .fields = {}};
    edit.fields = {{entity.find(entity.title_field), Value{std::string(name)}}};
  }
  const Id id = edit.row;
  known(entity).add_name(name, {}, {id, 0});
  created_.insert(id);
  edits_.push_back(std::move(edit));
  return id;
}

std::optional<KnownRecords::Found> ReferenceResolver::find(const Entity& target, std::string_view text, const Id& of) {
  const KnownRecords& records = known(target);
  return owner_field(target) != nullptr ? records.by_name(text, of) : records.by_any(text);
}

// Where the record cannot do without, the first of several is taken and told; else the name stays text.
CellValue ReferenceResolver::one_of_several(std::string_view cell, const Field& field, const Entity& target, const Id& first) {
  CellValue result;
  result.keep_text = field.required != Required::always;
  if (result.keep_text) {
    result.hint = more_than_one(field, cell, {"不能确定是哪一个，已记入备注", "it is not certain which is meant. Kept in the remark"});
    return result;
  }
  const auto record = target.number_field.empty() || created_.contains(first) ? fail(ErrorKind::not_found, "", "") : store_.read(target, first);
  const std::string number = record ? text_or_empty(record->value(target.number_field)) : std::string();
  result.value = first;
  result.hint = more_than_one(field, cell,
                              number.empty() ? Sentence{"按其中第一个导入，请核对", "imported as of the first of them. Please check"}
                                             : sentence("按编号 {} 的那个导入，请核对", "imported as of number {}. Please check", {number}));
  return result;
}

// 山东省 and 山东 are one region; 华东大区 and 华东 may be two.
std::string ReferenceResolver::alike_region(const Entity& target, std::string_view text) {
  const KnownRecords& records = known(target);
  for (const std::string_view kind : {"省", "市"}) {
    const bool has_kind = text.ends_with(kind) && text.size() > kind.size();
    const std::string other = has_kind ? std::string(text.substr(0, text.size() - kind.size())) : std::string(text) + std::string(kind);
    if (records.by_name(other)) {
      return other;
    }
  }
  return {};
}

CellValue ReferenceResolver::resolve(std::string_view cell, const Field& field, const Id& of) {
  const Entity* target = find_entity(field.references);
  CellValue result;
  if (target != nullptr) {
    std::optional<KnownRecords::Found> found = find(*target, cell, of);
    if (found && !found->certain) {
      return one_of_several(cell, field, *target, found->id);
    }
    const bool fits = count_code_points(cell) <= length_limit(*target->find(target->title_field));
    bool create_it = fits && target->id == "customer";
    if (fits && target->id == "org_unit" && (!found || created_.contains(found->id))) {
      UnknownChoice& region = unknown_.of(field, cell, [&] { return alike_region(*target, cell); });
      found = found || region.map_to.empty() ? found : find(*target, region.map_to, of);
      create_it = region.add;
      result.unknown_choice = true;
    }
    if (found || create_it) {
      result.value = found ? found->id : create(*target, cell);
      return result;
    }
  }
  result.hint = Sentence{substitute("没有“{}”这个{}，已记入备注", {cell, field.zh}), substitute("There is no {} “{}”; kept in the remark", {field.en, cell})};
  result.keep_text = true;
  return result;
}

}  // namespace kehubu
