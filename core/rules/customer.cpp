// Rules of customers: R-VAL-01, R-VAL-10, R-VAL-11, dates, terms.
#include "core/catalog/areas.h"
#include "core/rules/areas.h"
#include "core/rules/names.h"

namespace kehubu {
namespace {

// R-VAL-11: a customer who is a person is their own primary contact.
void add_contact_of_individual(Action& action, const Draft& draft) {
  const bool becomes_individual = draft.text("nature") == "individual" && draft.changes("nature");
  if (!becomes_individual || draft.is_empty("name") ||
      !action.referring(catalog::contact, "customer", draft.row).empty()) {
    return;
  }
  Draft& contact = action.open(catalog::contact, action.make_id(), true);
  action.set(contact, "customer", draft.row);
  action.set(contact, "name", draft.value("name"));
  action.set(contact, "is_primary", std::int64_t{1});
  for (const std::string_view shared : {"phone", "email"}) {
    action.set_default(contact, shared == "phone" ? "mobile" : shared, draft.value(shared));
  }
}

}  // namespace

void prepare_customer(Action& action, Draft& draft) {
  if (draft.is_empty("mnemonic") && !draft.names("mnemonic") && !draft.is_empty("name")) {
    const std::string name = draft.text("nature") == "individual" ? draft.text("name") : main_name(draft.text("name"));
    action.set(draft, "mnemonic", draft.is_empty("city") ? name : draft.text("city") + "-" + name);
  }
  add_contact_of_individual(action, draft);
}

void check_customer(Action& action, const Draft& draft) {
  if (draft.is_empty("name") && (draft.is_new || draft.names("name"))) {
    action.problem(draft, "name", "单位名称不能为空", "The customer's name is required");
  }
  if (draft.changes("registered_date") && draft.text("registered_date") > action.latest_day()) {
    action.problem(draft, "registered_date", "注册日期不能晚于今天", "The registration date must not be in the future");
  }
  if (!draft.is_empty("coop_start") && !draft.is_empty("coop_end") && draft.text("coop_end") < draft.text("coop_start")) {
    action.problem(draft, "coop_end", "业务结束日期不能早于开始日期", "The business must not end before it starts");
  }
  if (draft.text("status") == "merged") {
    action.require(draft, "merged_into");
  }
  if (draft.changes("source") && draft.text("source") == "referral" && draft.is_empty("source_note")) {
    action.hint(draft, "source_note", "转介绍的客户最好写明介绍人", "For a referral, better note who referred them");
  }
  check_payment_term(action, draft);
}

}  // namespace kehubu
