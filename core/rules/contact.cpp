// Rules of contacts.
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

using Contact = DraftView<catalog::contact>;

std::int64_t birth_year(Contact draft) {
  return draft.is_empty("birthday") ? draft.integer("birth_year") : year_of(draft.text("birthday"));
}

bool is_primary(const World& world, const Id& contact) { return world.integer<catalog::contact>(contact, "is_primary") != 0; }

std::vector<Id> others_of(const World& world, const Id& customer, const Id& contact) {
  std::vector<Id> others = world.referring<catalog::contact>("customer", customer);
  std::erase(others, contact);
  return others;
}

// Exactly one primary contact for each customer that has any. Setting it here takes it from the others; taking it away
// gives it to the first of the others; who comes back from the bin has it where nobody else has.
void keep_one_primary(Action& action, DraftOf<catalog::contact> draft) {
  const Id customer = draft.reference("customer");
  if (customer.empty() || !(draft->is_new || draft->restore || draft.changes("is_primary") || draft.changes("customer"))) {
    return;
  }
  const std::vector<Id> others = others_of(action, customer, draft->row);
  const bool wants = draft.integer("is_primary") != 0;
  const auto present = std::ranges::find_if(others, [&](const Id& other) { return is_primary(action, other); });
  if (wants && draft.changes("is_primary")) {
    for (const Id& other : others) {
      if (is_primary(action, other)) {
        action.set(action.open<catalog::contact>(other), "is_primary", std::int64_t{0});
      }
    }
  } else if (wants && present != others.end()) {
    action.set(draft, "is_primary", std::int64_t{0});  // moved or brought back to a customer that has one
  } else if (!wants && present == others.end()) {
    const bool gives_away = !draft->is_new && !others.empty() && draft.changes("is_primary");
    action.set(gives_away ? action.open<catalog::contact>(others.front()) : draft, "is_primary", std::int64_t{1});
  }
}

void check_birth(const World& world, Findings& found, Contact draft) {
  const std::string& birthday = draft.text("birthday");
  if (draft.changes("birthday") && !birthday.empty()) {
    if (birthday > world.latest_day()) {
      found.problem(draft, "birthday", "生日不能晚于今天", "The birthday must not be in the future");
    } else if (birthday < earliest_birthday || year_of(world.latest_day()) - year_of(birthday) > oldest_age) {
      found.problem(draft, "birthday", "生日不合理：年龄应在 0 至 120 岁之间", "The birthday gives an age beyond 0 to 120");
    }
  }
  const std::int64_t year = draft.integer("birth_year");
  if (draft.changes("birth_year") && year > year_of(world.latest_day())) {
    found.problem(draft, "birth_year", "出生年份不能晚于今年", "The year of birth must not be in the future");
  }
}

// The same name and the same number at one customer.
void hint_duplicate(const World& world, Findings& found, Contact draft) {
  if (draft.is_empty("name")) {
    return;
  }
  const auto has_number_of = [&](const Id& other) {
    return (!draft.is_empty("phone") && world.value<catalog::contact>(other, "phone") == draft.value("phone")) ||
           (!draft.is_empty("mobile") && world.value<catalog::contact>(other, "mobile") == draft.value("mobile"));
  };
  for (const Id& other : others_of(world, draft.reference("customer"), draft->row)) {
    if (world.value<catalog::contact>(other, "name") == draft.value("name") && has_number_of(other)) {
      found.hint(draft, "name", "该客户已有同名同电话的联系人", "The customer already has a contact with this name and number");
      return;
    }
  }
}

void hint_gaps(const World&, Findings& found, Contact draft) {
  if (draft.is_empty("title")) {
    found.hint(draft, "title", "职务最好填写", "Better fill in the job title");
  }
  if (draft.is_empty("email")) {
    found.hint(draft, "email", "最好包含电邮", "Better include an e-mail address");
  }
  if (!draft.is_empty("name") && count_code_points(draft.text("name")) == 1) {
    found.hint(draft, "name", "联系人姓名最好写全名", "Better write the full name");
  }
  const bool reachable = !draft.is_empty("phone") || !draft.is_empty("mobile") || !draft.is_empty("email") || !draft.is_empty("wechat");
  if (!reachable) {
    found.hint(draft, "mobile", "电话、手机、电邮、微信最好至少填一项", "Better give a phone, mobile, e-mail or social account");
  }
}

void fill_zodiac(Action& action, DraftOf<catalog::contact> draft) {
  const std::int64_t year = birth_year(draft);
  if (year >= 1900 && !draft.names("zodiac") && (draft.changes("birthday") || draft.changes("birth_year"))) {
    action.set_default(draft, "zodiac", std::string(zodiac_animals[static_cast<std::size_t>((year - 4) % 12)]));
  }
}

void give_primary_away(Action& action, DraftOf<catalog::contact> draft) {
  const std::vector<Id> others = others_of(action, id_or_empty(draft.value_before("customer")), draft->row);
  if (integer_or(draft.value_before("is_primary"), 0) != 0 && !others.empty() &&
      std::ranges::none_of(others, [&](const Id& other) { return is_primary(action, other); })) {
    action.set(action.open<catalog::contact>(others.front()), "is_primary", std::int64_t{1});
  }
}

void check_consent(const World&, Findings& found, Contact draft) {
  if (draft.integer("consent") != 0 && (draft->is_new || draft.names("consent") || draft.changes("consent_on"))) {
    found.require(draft, "consent_on");
  }
}

void check_superior(const World& world, Findings& found, Contact draft) {
  const Id superior = draft.reference("reports_to");
  if (draft.changes("reports_to") && !superior.empty() && world.value<catalog::contact>(superior, "customer") != draft.value("customer")) {
    found.problem(draft, "reports_to", "上级联系人必须属于同一客户", "The superior must work for the same customer");
  }
}

constexpr Rule rules[] = {
    follow_up<catalog::contact, keep_one_primary>("contact.one_primary", on_write, "customer", "is_primary"),
    follow_up<catalog::contact, give_primary_away>("contact.primary_removed", on_remove, "customer", "is_primary"),
    complete<catalog::contact, fill_zodiac>("R-REM-05", on_write, "birthday", "birth_year", "zodiac"),
    check<catalog::contact, check_birth>("R-VAL-09", on_write, "birthday", "birth_year"),
    check<catalog::contact, check_consent>("contact.consent", on_write, "consent", "consent_on"),
    check<catalog::contact, check_superior>("contact.superior", on_write, "reports_to", "customer"),
    check<catalog::contact, hint_duplicate>("R-DUP-06", on_create, "name", "customer", "phone", "mobile"),
    check<catalog::contact, hint_gaps>("R-VAL-15", on_write | on_touch, "title", "email", "name", "phone", "mobile", "wechat"),
};

}  // namespace

std::span<const Rule> contact_rules() { return rules; }

}  // namespace kehubu
