// Rules of customers.
#include "core/catalog/areas.h"
#include "core/rules/areas.h"
#include "core/rules/names.h"
#include "core/rules/payment_term_rule.h"

namespace kehubu {
namespace {

using Customer = DraftView<catalog::customer>;

void fill_mnemonic(Action& action, DraftOf<catalog::customer> draft) {
  if (!draft.is_empty("mnemonic") || draft.names("mnemonic") || draft.is_empty("name")) {
    return;
  }
  const std::string name = draft.text("nature") == "individual" ? draft.text("name") : main_name(draft.text("name"));
  action.set(draft, "mnemonic", draft.is_empty("city") ? name : draft.text("city") + "-" + name);
}

// A customer who is a person is their own primary contact.
void add_contact_of_individual(Action& action, DraftOf<catalog::customer> draft) {
  const bool becomes_individual = draft.text("nature") == "individual" && draft.changes("nature");
  if (!becomes_individual || draft.is_empty("name") || !action.referring<catalog::contact>("customer", draft->row).empty()) {
    return;
  }
  const auto contact = action.open<catalog::contact>(action.make_id(), true);
  action.set(contact, "customer", draft->row);
  action.set(contact, "name", draft.value("name"));
  action.set(contact, "is_primary", std::int64_t{1});
  action.set_default(contact, "mobile", draft.value("phone"));
  action.set_default(contact, "email", draft.value("email"));
}

void check_name(const World&, Findings& found, Customer draft) {
  if (draft.is_empty("name") && (draft->is_new || draft.names("name"))) {
    found.problem(draft, "name", "单位名称不能为空", "The customer's name is required");
  }
}

void check_registration(const World& world, Findings& found, Customer draft) {
  if (draft.changes("registered_date") && draft.text("registered_date") > world.latest_day()) {
    found.problem(draft, "registered_date", "注册日期不能晚于今天", "The registration date must not be in the future");
  }
}

void check_business_dates(const World&, Findings& found, Customer draft) {
  if (!draft.is_empty("coop_start") && !draft.is_empty("coop_end") && draft.text("coop_end") < draft.text("coop_start")) {
    found.problem(draft, "coop_end", "业务结束日期不能早于开始日期", "The business must not end before it starts");
  }
}

void check_merged(const World&, Findings& found, Customer draft) {
  if (draft.text("status") == "merged") {
    found.require(draft, "merged_into");
  }
}

void hint_source(const World&, Findings& found, Customer draft) {
  if (draft.changes("source") && draft.text("source") == "referral" && draft.is_empty("source_note")) {
    found.hint(draft, "source_note", "转介绍的客户最好写明介绍人", "For a referral, better note who referred them");
  }
}

constexpr Rule rules[] = {
    complete<catalog::customer, fill_mnemonic>("R-VAL-10", on_write, "mnemonic", "name", "nature", "city"),
    follow_up<catalog::customer, add_contact_of_individual>("R-VAL-11", on_write, "nature", "name", "phone", "email"),
    check<catalog::customer, check_name>("R-VAL-01", on_write, "name"),
    check<catalog::customer, check_registration>("customer.registered", on_write, "registered_date"),
    check<catalog::customer, check_business_dates>("customer.business_dates", on_write | on_touch, "coop_start", "coop_end"),
    check<catalog::customer, check_merged>("customer.merged", on_write | on_touch, "status", "merged_into"),
    check<catalog::customer, hint_source>("customer.referral", on_write, "source", "source_note"),
    check<catalog::customer, check_payment_term<catalog::customer>>("customer.payment_term", on_write, KEHUBU_PAYMENT_TERM_FIELDS),
};

}  // namespace

std::span<const Rule> customer_rules() { return rules; }

}  // namespace kehubu
