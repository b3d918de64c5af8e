// Rules of contacts: R-VAL-02, R-VAL-09, R-VAL-15, one primary contact, R-DUP-06, R-REM-05.
#include <algorithm>
#include <array>
#include <charconv>

#include "core/base/text.h"
#include "core/catalog/areas.h"
#include "core/rules/areas.h"

namespace kehubu {
namespace {

constexpr std::array<std::string_view, 12> zodiac_animals = {"rat",   "ox",   "tiger",  "rabbit",  "dragon", "snake",
                                                             "horse", "goat", "monkey", "rooster", "dog",    "pig"};
constexpr std::string_view earliest_birthday = "1900-01-01";
constexpr std::int64_t oldest_age = 120;

std::int64_t year_of(std::string_view iso_date) {
  std::int64_t year = 0;
  const std::string_view digits = iso_date.substr(0, 4);
  std::from_chars(digits.data(), digits.data() + digits.size(), year);
  return year;
}

std::int64_t birth_year(const Draft& draft) {
  return draft.is_empty("birthday") ? integer_or(draft.value("birth_year"), 0) : year_of(draft.text("birthday"));
}

bool is_primary(Action& action, const Id& contact) {
  return integer_or(action.value(catalog::contact, contact, "is_primary"), 0) != 0;
}

std::vector<Id> others_of(Action& action, const Id& customer, const Id& contact) {
  std::vector<Id> others = action.referring(catalog::contact, "customer", customer);
  std::erase(others, contact);
  return others;
}

// Exactly one primary contact for each customer that has any. Setting it here takes it from the others; taking it away
// gives it to the first of the others; who comes back from the bin has it where nobody else has.
void keep_one_primary(Action& action, Draft& draft) {
  const Id customer = draft.reference("customer");
  if (customer.empty() || !(draft.is_new || draft.restore || draft.changes("is_primary") || draft.changes("customer"))) {
    return;
  }
  const std::vector<Id> others = others_of(action, customer, draft.row);
  const bool wants = integer_or(draft.value("is_primary"), 0) != 0;
  const auto present = std::ranges::find_if(others, [&](const Id& other) { return is_primary(action, other); });
  if (wants && draft.changes("is_primary")) {
    for (const Id& other : others) {
      if (is_primary(action, other)) {
        action.set(action.open(catalog::contact, other, false), "is_primary", std::int64_t{0});
      }
    }
  } else if (wants && present != others.end()) {
    action.set(draft, "is_primary", std::int64_t{0});  // moved or brought back to a customer that has one
  } else if (!wants && present == others.end()) {
    const bool gives_away = !draft.is_new && !others.empty() && draft.changes("is_primary");
    Draft& heir = gives_away ? action.open(catalog::contact, others.front(), false) : draft;
    action.set(heir, "is_primary", std::int64_t{1});
  }
}

void check_birth(Action& action, const Draft& draft) {
  const std::string& birthday = draft.text("birthday");
  if (draft.changes("birthday") && !birthday.empty()) {
    if (birthday > action.latest_day()) {
      action.problem(draft, "birthday", "生日不能晚于今天", "The birthday must not be in the future");
    } else if (birthday < earliest_birthday || year_of(action.latest_day()) - year_of(birthday) > oldest_age) {
      action.problem(draft, "birthday", "生日不合理：年龄应在 0 至 120 岁之间", "The birthday gives an age beyond 0 to 120");
    }
  }
  const std::int64_t year = integer_or(draft.value("birth_year"), 0);
  if (draft.changes("birth_year") && year > year_of(action.latest_day())) {
    action.problem(draft, "birth_year", "出生年份不能晚于今年", "The year of birth must not be in the future");
  }
}

// R-DUP-06: the same name and the same number at one customer.
void hint_duplicate(Action& action, const Draft& draft) {
  if (!draft.is_new || draft.is_empty("name")) {
    return;
  }
  for (const Id& other : others_of(action, draft.reference("customer"), draft.row)) {
    if (action.value(catalog::contact, other, "name") != draft.value("name")) {
      continue;
    }
    for (const std::string_view number : {"phone", "mobile"}) {
      if (!draft.is_empty(number) && action.value(catalog::contact, other, number) == draft.value(number)) {
        action.hint(draft, "name", "该客户已有同名同电话的联系人", "The customer already has a contact with this name and number");
        return;
      }
    }
  }
}

void give_hints(Action& action, const Draft& draft) {
  if (!draft.is_new && draft.cells.empty()) {
    return;
  }
  if (draft.is_empty("title")) {
    action.hint(draft, "title", "职务最好填写", "Better fill in the job title");
  }
  if (draft.is_empty("email")) {
    action.hint(draft, "email", "最好包含电邮", "Better include an e-mail address");
  }
  if (!draft.is_empty("name") && count_code_points(draft.text("name")) == 1) {
    action.hint(draft, "name", "联系人姓名最好写全名", "Better write the full name");
  }
  const bool reachable = !draft.is_empty("phone") || !draft.is_empty("mobile") || !draft.is_empty("email") ||
                         !draft.is_empty("wechat");
  if (!reachable) {
    action.hint(draft, "mobile", "电话、手机、电邮、微信最好至少填一项", "Better give a phone, mobile, e-mail or social account");
  }
}

}  // namespace

void prepare_contact(Action& action, Draft& draft) {
  keep_one_primary(action, draft);
  const std::int64_t year = birth_year(draft);
  if (year >= 1900 && !draft.names("zodiac") && (draft.changes("birthday") || draft.changes("birth_year"))) {
    action.set_default(draft, "zodiac", std::string(zodiac_animals[static_cast<std::size_t>((year - 4) % 12)]));
  }
}

void prepare_contact_removal(Action& action, const Draft& draft) {
  const std::vector<Id> others = others_of(action, id_or_empty(draft.value_before("customer")), draft.row);
  if (integer_or(draft.value_before("is_primary"), 0) != 0 && !others.empty() &&
      std::ranges::none_of(others, [&](const Id& other) { return is_primary(action, other); })) {
    action.set(action.open(catalog::contact, others.front(), false), "is_primary", std::int64_t{1});
  }
}

void check_contact(Action& action, const Draft& draft) {
  check_birth(action, draft);
  if (integer_or(draft.value("consent"), 0) != 0 && (draft.is_new || draft.names("consent") || draft.changes("consent_on"))) {
    action.require(draft, "consent_on");
  }
  const Id superior = draft.reference("reports_to");
  if (draft.changes("reports_to") && !superior.empty() && action.value(catalog::contact, superior, "customer") != draft.value("customer")) {
    action.problem(draft, "reports_to", "上级联系人必须属于同一客户", "The superior must work for the same customer");
  }
  hint_duplicate(action, draft);
  give_hints(action, draft);
}

}  // namespace kehubu
