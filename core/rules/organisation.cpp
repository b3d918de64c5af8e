// Rules of our own organisation, of products, and of the values that people add to lists.
#include <algorithm>

#include "core/catalog/areas.h"
#include "core/rules/areas.h"

namespace kehubu {
namespace {

// Whether another living record agrees in both fields.
bool agrees_with_another(Action& action, const Draft& draft, std::string_view first, std::string_view second) {
  if (draft.is_empty(first) || (!draft.restore && !draft.changes(first) && !draft.changes(second))) {
    return false;
  }
  const std::vector<Id> same = action.rows_with(*draft.entity, *draft.entity->find(first), draft.value(first));
  return std::ranges::any_of(same, [&](const Id& other) {
    return other != draft.row && action.value(*draft.entity, other, second) == draft.value(second);
  });
}

// Whether its list offers another value of its name.
bool has_active_twin(Action& action, const Draft& draft) {
  const auto has = [&](const Id& other, std::string_view field, const Value& value) { return action.value(*draft.entity, other, field) == value; };
  const std::vector<Id> same = action.rows_with(*draft.entity, *draft.entity->find("zh"), draft.value("zh"));
  return std::ranges::any_of(same, [&](const Id& other) {
    return other != draft.row && has(other, "list", draft.value("list")) && !has(other, "ident", draft.value("ident")) && !has(other, "active", std::int64_t{0});
  });
}

}  // namespace

void check_product(Action& action, const Draft& draft) {
  if (agrees_with_another(action, draft, "name", "spec")) {
    action.problem(draft, "name", "已有名称和规格相同的产品", "There is a product with this name and specification");
  }
}

void check_org_unit(Action& action, const Draft& draft) {
  if (agrees_with_another(action, draft, "name", "parent")) {
    action.problem(draft, "name", "同一上级下已有同名机构", "The parent already has a unit of this name");
  }
}

void check_employee(Action& action, const Draft& draft) {
  if (draft.changes("hire_date") && draft.text("hire_date") > action.latest_day()) {
    action.problem(draft, "hire_date", "入职日期不能晚于今天", "The hire date must not be in the future");
  }
  const bool plain = std::ranges::all_of(draft.text("login_name"), [](char character) {
    return (character >= 'a' && character <= 'z') || (character >= '0' && character <= '9');
  });
  if (draft.changes("login_name") && !plain) {
    action.problem(draft, "login_name", "登录名只能用小写字母和数字", "The login name may hold only lower-case letters and digits");
  }
}

void check_dict_item(Action& action, const Draft& draft) {
  const ChoiceList* list = find_list(draft.text("list"));
  if (draft.changes("list") && (list == nullptr || !list->editable)) {
    action.problem(draft, "list", "这个列表不能增加选项", "This list takes no further values");
  }
  if (!draft.is_new && draft.changes("ident")) {
    action.problem(draft, "ident", "标识一经使用不能修改", "An identifier is never changed");
  }
  if (agrees_with_another(action, draft, "ident", "list")) {
    action.problem(draft, "ident", "列表中已有这个标识", "The list already has this identifier");
  }
  const auto built_in = [&](const Choice& choice) { return choice.zh == draft.text("zh") && choice.id != draft.text("ident"); };
  const bool is_named_anew = draft.changes("zh") || draft.restore;
  const bool starts_again = !draft.is_new && draft.changes("active") && integer_or(draft.value("active"), 1) != 0;
  if ((is_named_anew && (agrees_with_another(action, draft, "zh", "list") || (list != nullptr && std::ranges::any_of(list->choices, built_in)))) ||
      (starts_again && has_active_twin(action, draft))) {
    action.problem(draft, "zh", "列表中已有这个选项，名称请写得不一样", "The list has a value of this name already; please use another name");
  }
}

}  // namespace kehubu
