// Rules of our own organisation, of products, and of the values that people add to lists.
#include <algorithm>

#include "core/catalog/areas.h"
#include "core/rules/areas.h"

namespace kehubu {
namespace {

// Whether another living record agrees in both fields.
bool agrees_with_another(const World& world, const Draft& draft, const Field& first, const Field& second) {
  if (draft.is_empty(first) || (!draft.restore && !draft.changes(first) && !draft.changes(second))) {
    return false;
  }
  const std::vector<Id> same = world.rows_with(*draft.entity, first, draft.value(first));
  return std::ranges::any_of(
      same, [&](const Id& other) { return other != draft.row && world.value(*draft.entity, other, second) == draft.value(second); });
}

template <const Entity& entity>
bool agrees_with_another(const World& world, DraftView<entity> draft, std::type_identity_t<StoredFieldOf<entity>> first,
                         std::type_identity_t<StoredFieldOf<entity>> second) {
  return agrees_with_another(world, static_cast<const Draft&>(draft), static_cast<const Field&>(first), static_cast<const Field&>(second));
}

// Whether its list offers another value of its name.
bool has_active_twin(const World& world, DraftView<catalog::dict_item> draft) {
  const Field& zh = StoredFieldOf<catalog::dict_item>("zh");
  return std::ranges::any_of(world.rows_with(catalog::dict_item, zh, draft.value("zh")), [&](const Id& other) {
    return other != draft->row && world.value<catalog::dict_item>(other, "list") == draft.value("list") &&
           world.value<catalog::dict_item>(other, "ident") != draft.value("ident") && world.integer<catalog::dict_item>(other, "active", 1) != 0;
  });
}

void check_product_twice(const World& world, Findings& found, DraftView<catalog::product> draft) {
  if (agrees_with_another(world, draft, "name", "spec")) {
    found.problem(draft, "name", "已有名称和规格相同的产品", "There is a product with this name and specification");
  }
}

void check_unit_twice(const World& world, Findings& found, DraftView<catalog::org_unit> draft) {
  if (agrees_with_another(world, draft, "name", "parent")) {
    found.problem(draft, "name", "同一上级下已有同名机构", "The parent already has a unit of this name");
  }
}

void check_hire_date(const World& world, Findings& found, DraftView<catalog::employee> draft) {
  if (draft.changes("hire_date") && draft.text("hire_date") > world.latest_day()) {
    found.problem(draft, "hire_date", "入职日期不能晚于今天", "The hire date must not be in the future");
  }
}

void check_login_name(const World&, Findings& found, DraftView<catalog::employee> draft) {
  const bool plain = std::ranges::all_of(draft.text("login_name"), [](char character) {
    return (character >= 'a' && character <= 'z') || (character >= '0' && character <= '9');
  });
  if (draft.changes("login_name") && !plain) {
    found.problem(draft, "login_name", "登录名只能用小写字母和数字", "The login name may hold only lower-case letters and digits");
  }
}

void check_list(const World&, Findings& found, DraftView<catalog::dict_item> draft) {
  const ChoiceList* list = find_list(draft.text("list"));
  if (draft.changes("list") && (list == nullptr || !list->editable)) {
    found.problem(draft, "list", "这个列表不能增加选项", "This list takes no further values");
  }
}

void check_identifier(const World& world, Findings& found, DraftView<catalog::dict_item> draft) {
  if (!draft->is_new && draft.changes("ident")) {
    found.problem(draft, "ident", "标识一经使用不能修改", "An identifier is never changed");
  }
  if (agrees_with_another(world, draft, "ident", "list")) {
    found.problem(draft, "ident", "列表中已有这个标识", "The list already has this identifier");
  }
}

void check_choice_twice(const World& world, Findings& found, DraftView<catalog::dict_item> draft) {
  const ChoiceList* list = find_list(draft.text("list"));
  const auto built_in = [&](const Choice& choice) { return choice.zh == draft.text("zh") && choice.id != draft.text("ident"); };
  const bool is_named_anew = draft.changes("zh") || draft->restore;
  const bool starts_again = !draft->is_new && draft.changes("active") && draft.integer("active", 1) != 0;
  if ((is_named_anew && (agrees_with_another(world, draft, "zh", "list") || (list != nullptr && std::ranges::any_of(list->choices, built_in)))) ||
      (starts_again && has_active_twin(world, draft))) {
    found.problem(draft, "zh", "列表中已有这个选项，名称请写得不一样",
                  "The list has a value of this name already; please use another name");
  }
}

constexpr Rule rules_of_organisation[] = {
    check<catalog::org_unit, check_unit_twice>("org_unit.name", on_write, "name", "parent"),
    check<catalog::employee, check_hire_date>("employee.hired", on_write, "hire_date"),
    check<catalog::employee, check_login_name>("employee.login_name", on_write, "login_name"),
    check<catalog::dict_item, check_list>("dict_item.list", on_write, "list"),
    check<catalog::dict_item, check_identifier>("dict_item.identifier", on_write, "ident", "list"),
    check<catalog::dict_item, check_choice_twice>("dict_item.name", on_write, "zh", "list", "ident", "active"),
};

constexpr Rule rules_of_products[] = {
    check<catalog::product, check_product_twice>("product.name", on_write, "name", "spec"),
};

}  // namespace

std::span<const Rule> organisation_rules() { return rules_of_organisation; }
std::span<const Rule> product_rules() { return rules_of_products; }

}  // namespace kehubu
