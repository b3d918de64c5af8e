#include "core/store/validation.h"

#include <algorithm>
#include <charconv>

#include "core/base/identifiers.h"
#include "core/base/text.h"

namespace kehubu {
namespace {

bool all_digits(std::string_view text) {
  return std::ranges::all_of(text, [](char character) { return character >= '0' && character <= '9'; });
}

bool all_letters_or_digits(std::string_view text) {
  return std::ranges::all_of(text, [](char character) {
    return (character >= '0' && character <= '9') || (character >= 'A' && character <= 'Z') ||
           (character >= 'a' && character <= 'z');
  });
}

bool is_valid_as(FieldType type, const Value& value) {
  switch (type) {
    case FieldType::text:
    case FieldType::long_text:
    case FieldType::choice:
    case FieldType::choices:
    case FieldType::date:
      return std::holds_alternative<std::string>(value);
    case FieldType::reference:
      return std::holds_alternative<Id>(value);
    case FieldType::boolean:
      return value == Value(std::int64_t{0}) || value == Value(std::int64_t{1});
    default:
      return std::holds_alternative<std::int64_t>(value) && std::abs(std::get<std::int64_t>(value)) <= largest_integer;
  }
}

void check_length(Findings& found, const Draft& draft, const Field& field, const std::string& text) {
  const std::uint32_t otherwise = field.type == FieldType::long_text ? default_long_text_limit : default_text_limit;
  const std::uint32_t limit = field.length_limit != 0 ? field.length_limit : otherwise;
  if (!is_valid_utf8(text)) {
    found.problem_about(draft, field, "{}含有无法识别的字符", "{} holds bytes that are not text", {});
  } else if (count_code_points(text) > limit) {
    const std::string limit_text = std::to_string(limit);
    found.problem_about(draft, field, "{}最多{}个字", "{} may have at most {} characters", {limit_text});
  }
}

std::string shown_limit(const Field& field, std::int64_t limit) {
  switch (field.type) {
    case FieldType::money:
      return format_money(limit);
    case FieldType::quantity:
      return format_quantity(limit);
    case FieldType::basis_points:
      return format_percent(limit);
    default:
      return std::to_string(limit);
  }
}

void check_range(Findings& found, const Draft& draft, const Field& field, std::int64_t number) {
  if (number < field.minimum) {
    const std::string limit = shown_limit(field, field.minimum);
    field.type == FieldType::quantity && field.minimum == 1
        ? found.problem_about(draft, field, "{}必须大于 0", "{} must be more than 0", {})
        : found.problem_about(draft, field, "{}不能小于{}", "{} must not be less than {}", {limit});
  } else if (number > field.maximum) {
    const std::string limit = shown_limit(field, field.maximum);
    found.problem_about(draft, field, "{}不能大于{}", "{} must not be more than {}", {limit});
  }
}

void check_format(Findings& found, const Draft& draft, const Field& field, const std::string& text) {
  switch (field.format) {
    case Format::phone:
      if (!is_phone_number(text)) {
        found.hint_about(draft, field, "{}看起来不是有效的电话号码", "{} does not look like a phone number", {});
      }
      return;
    case Format::email:
      if (!is_email_address(text)) {
        found.problem_about(draft, field, "{}格式不正确", "{} is not an e-mail address", {});
      }
      return;
    case Format::postcode:
      if (const Field* country = draft.entity->find("country"); country == nullptr || draft.is_empty(*country) || draft.text(*country) == "中国") {
        if (text.size() != 6 || !all_digits(text)) {
          found.problem_about(draft, field, "{}应为6位数字", "{} must have 6 digits", {});
        }
      }
      return;
    case Format::tax_number:
      if (text.size() < 15 || text.size() > 20 || !all_letters_or_digits(text)) {
        found.problem_about(draft, field, "{}应为15至20位字母或数字", "{} must have 15 to 20 letters or digits", {});
      }
      return;
    case Format::licence_number:
      if ((text.size() != 15 && text.size() != 18) || !all_letters_or_digits(text)) {
        found.problem_about(draft, field, "{}应为15或18位", "{} must have 15 or 18 characters", {});
      }
      return;
    case Format::bank_account:
      if (text.size() < 8 || text.size() > 30 || !all_digits(text)) {
        found.problem_about(draft, field, "{}应为8至30位数字", "{} must have 8 to 30 digits", {});
      }
      return;
    case Format::code:
      if (text.find_first_of(" \t\r\n") != std::string::npos) {
        found.problem_about(draft, field, "{}不能含有空格", "{} must not hold blanks", {});
      }
      return;
    case Format::website:
      if (!tidy_web_address(text)) {
        found.problem_about(draft, field, "{}不是网址，应如 www.example.com", "{} is not a web address, such as www.example.com", {});
      }
      return;
    case Format::any:
      return;
  }
}

void check_date(Findings& found, const Draft& draft, const Field& field, const std::string& text) {
  const auto date = parse_date(text);
  if (!date || iso_date(*date) != text) {
    found.problem_about(draft, field, "{}不是有效日期", "{} is not a date", {});
  }
}

void check_choice(Findings& found, const Draft& draft, const Field& field, std::string_view text,
                  std::span<const Store::ChoiceLabel> choices) {
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = field.type == FieldType::choices ? std::min(text.find(',', begin), text.size()) : text.size();
    const std::string_view one = text.substr(begin, end - begin);
    if (std::ranges::find(choices, one, &Store::ChoiceLabel::id) == choices.end()) {
      found.problem_about(draft, field, "{}没有“{}”这个选项", "{} has no choice “{}”", {one});
    }
    begin = end + 1;
  }
}

}  // namespace

Value normalised(const Field& field, Value value) {
  auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) {
    return value;
  }
  std::string kept(trim(*text));
  if (field.format == Format::phone) {
    kept = tidy_phone(kept);
  } else if (field.format == Format::bank_account) {
    kept = tidy_bank_account(kept);
  } else if (field.format == Format::tax_number || field.format == Format::licence_number) {
    kept = tidy_tax_number(kept);
  } else if (field.format == Format::postcode || field.format == Format::email || field.format == Format::code) {
    kept = half_width(kept);
  } else if (field.format == Format::website) {
    kept = tidy_web_address(kept).value_or(kept);
  }
  return kept.empty() ? Value() : Value(std::move(kept));
}

Value default_value(const Field& field, const World& world) {
  const std::string_view declared = field.default_value;
  if (declared.empty()) {
    return {};
  }
  if (declared == "today") {
    return world.today();
  }
  if (declared == "now") {
    return world.now_ms();
  }
  if (declared == "me") {
    return world.person().employee.empty() ? Value() : Value(world.person().employee);
  }
  switch (field.type) {
    case FieldType::boolean:
      return std::int64_t{declared == "true"};
    case FieldType::integer:
    case FieldType::money:
    case FieldType::quantity:
    case FieldType::basis_points: {
      std::int64_t number = 0;
      std::from_chars(declared.data(), declared.data() + declared.size(), number);
      return number;
    }
    default:
      return std::string(declared);
  }
}

void check_value(const World& world, Findings& found, const Draft& draft, const Field& field, const Value& value,
                 std::span<const Store::ChoiceLabel> choices) {
  if (is_null(value)) {
    if (field.required == Required::always) {
      found.require(draft, field);
    }
    return;
  }
  if (!is_valid_as(field.type, value)) {
    found.problem_about(draft, field, "{}的内容类型不对", "{} holds a value of the wrong type", {});
    return;
  }
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    check_range(found, draft, field, *number);
    return;
  }
  if (const auto* text = std::get_if<std::string>(&value)) {
    switch (field.type) {
      case FieldType::date:
        check_date(found, draft, field, *text);
        break;
      case FieldType::choice:
      case FieldType::choices:
        check_choice(found, draft, field, *text, choices);
        break;
      default:
        check_length(found, draft, field, *text);
        check_format(found, draft, field, *text);
    }
    return;
  }
  const Entity* target = find_entity(field.references);
  if (target == nullptr || world.is_live(*target, std::get<Id>(value))) {
    return;
  }
  if (const std::string name = world.title(*target, std::get<Id>(value)); !name.empty()) {
    found.problem_about(draft, field, "{}“{}”已删除：请恢复它，或者另选", "{} “{}” has been deleted: bring it back, or choose another", {name});
  } else {
    found.problem_about(draft, field, "{}所指的记录不存在或已删除", "{} names a record that is not there", {});
  }
}

void check_references_brought_back(Store& store, const World& world, Findings& found, const Draft& draft) {
  for (const Field& field : draft.entity->fields) {
    const Entity* entity = field.derived() || draft.remove || field.id == draft.entity->part_of ? nullptr : find_entity(field.references);
    if (entity == nullptr) {
      continue;
    }
    const Id target = draft.reference(field);
    const bool looked_at = draft.restore || (draft.writes(field) && draft.changes(field));
    if (target.empty() || !looked_at || world.is_live(*entity, target)) {
      continue;
    }
    const auto gone = store.read(*entity, target);
    if (gone && gone->deleted) {
      found.problem(draft, field, "{}“{}”已删除，请先恢复它", "{} “{}” is deleted; bring it back first", {entity->zh, world.title(*entity, target)});
    }
  }
}

const Field* changes_closed_fact(const Draft& draft) {
  const Entity& entity = *draft.entity;
  if (entity.fact_field.empty() || draft.is_new || text_or_empty(draft.value_before(*entity.find(entity.fact_field))) != entity.fact_value) {
    return nullptr;
  }
  const std::string open = "|" + std::string(entity.fact_open_fields) + "|";
  const auto closed = [&](const Draft::Cell& cell) { return draft.changes(*cell.field) && !open.contains("|" + std::string(cell.field->id) + "|"); };
  const auto found = std::ranges::find_if(draft.cells, closed);
  return found != draft.cells.end() ? found->field : nullptr;
}

bool is_email_address(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == 0 || at == std::string_view::npos || text.find('@', at + 1) != std::string_view::npos ||
      text.find_first_of(" \t\r\n") != std::string_view::npos) {
    return false;
  }
  const std::string_view name = text.substr(0, at), domain = text.substr(at + 1);
  const auto empty_part = [](std::string_view part) { return part.starts_with('.') || part.ends_with('.') || part.find("..") != std::string_view::npos; };
  const bool wide = half_width(text) != text;  // as typed with a Chinese keyboard; normalised() writes it plainly
  return !wide && domain.find('.') != std::string_view::npos && !empty_part(name) && !empty_part(domain);
}

}  // namespace kehubu
