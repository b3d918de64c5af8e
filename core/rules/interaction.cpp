// Rules of interactions: R-VAL-03, R-VIS-02, R-VIS-04, R-VIS-05, corrections, the level that a contact leaves.
#include <algorithm>

#include "core/catalog/areas.h"
#include "core/rules/areas.h"

namespace kehubu {
namespace {

constexpr std::int64_t five_minutes_ms = 5 * 60 * 1000;

struct ScenarioAim {
  std::string_view scenario, aim;
};
constexpr ScenarioAim scenario_aims[] = {
    {"cold", "了解客户基础信息、交换联系方式、介绍产品及活动"},
    {"referral", "了解规模及需求、探索合作机会点"},
    {"existing", "维护关系、挖掘需求、加强合作"},
};

void fill_purpose(Action& action, Draft& draft) {
  const auto* aim = std::ranges::find(scenario_aims, draft.text("scenario"), &ScenarioAim::scenario);
  if (aim != std::end(scenario_aims) && draft.changes("scenario")) {
    action.set_default(draft, "purpose", std::string(aim->aim));
  }
}

// A contact of another customer is no contact of this one; a chosen contact makes the typed name superfluous.
void keep_contact_of_customer(Action& action, Draft& draft) {
  const Id contact = draft.reference("contact");
  if (contact.empty()) {
    return;
  }
  const bool belongs = action.value(catalog::contact, contact, "customer") == draft.value("customer");
  if (!belongs && draft.changes("customer") && !draft.changes("contact")) {
    action.set(draft, "contact", Value());
  } else if (!draft.is_empty("contact_text")) {
    action.set(draft, "contact_text", Value());
  }
}

// The planned interaction that the next contact time of this one made, or of the one that this one corrects.
Id planned_next(Action& action, const Draft& draft) {
  for (const Id& origin : {draft.row, draft.reference("corrects")}) {
    if (origin.empty()) {
      continue;
    }
    for (const Id& next : action.referring(catalog::interaction, "follows", origin)) {
      if (text_or_empty(action.value(catalog::interaction, next, "status")) == "planned") {
        return next;
      }
    }
  }
  return {};
}

// R-VIS-05: one planned interaction for the next contact time, moved and cancelled with it.
void plan_next(Action& action, Draft& draft) {
  if (!draft.changes("next_at")) {
    return;
  }
  const Id planned = planned_next(action, draft);
  if (draft.is_empty("next_at")) {
    if (!planned.empty()) {
      action.set(action.open(catalog::interaction, planned, false), "status", std::string("cancelled"));
    }
    return;
  }
  if (!planned.empty()) {
    Draft& next = action.open(catalog::interaction, planned, false);
    action.set(next, "planned_at", draft.value("next_at"));
    action.set(next, "follows", draft.row);
    return;
  }
  Draft& next = action.open(catalog::interaction, action.make_id(), true);
  action.set(next, "status", std::string("planned"));
  action.set(next, "planned_at", draft.value("next_at"));
  action.set(next, "follows", draft.row);
  for (const std::string_view same : {"customer", "contact", "contact_text", "kind", "employee", "opportunity"}) {
    action.set_default(next, same, draft.value(same));
  }
  action.set_default(next, "purpose", draft.is_empty("next_plan") ? draft.value("purpose") : draft.value("next_plan"));
}

void check_belonging(Action& action, const Draft& draft) {
  const Id contact = draft.reference("contact");
  if (!contact.empty() && draft.changes("contact") &&
      action.value(catalog::contact, contact, "customer") != draft.value("customer")) {
    action.problem(draft, "contact", "联系人不属于该客户", "The contact does not work for this customer");
  }
  const Id opportunity = draft.reference("opportunity");
  if (!opportunity.empty() && draft.changes("opportunity") &&
      action.value(catalog::opportunity, opportunity, "customer") != draft.value("customer")) {
    action.problem(draft, "opportunity", "销售机会不属于该客户", "The opportunity is not this customer's");
  }
}

void check_done(Action& action, const Draft& draft) {
  action.require(draft, "occurred_at");
  action.require(draft, "customer");
  if (draft.is_empty("contact") && draft.is_empty("contact_text")) {
    action.require(draft, "contact");
  }
  if (draft.changes("occurred_at") && integer_or(draft.value("occurred_at"), 0) > action.now_ms() + five_minutes_ms) {
    action.problem(draft, "occurred_at", "联系时间不能晚于现在", "The contact time must not be in the future");
  }
  if (draft.is_empty("content")) {
    action.hint(draft, "content", "最好填写沟通内容", "Better note what was said");
  }
}

void check_planned(Action& action, const Draft& draft) {
  action.require(draft, "planned_at");
  const Id customer = draft.reference("customer");
  if (customer.empty() || !draft.changes("planned_at")) {
    return;
  }
  const Value unsuitable = action.value(catalog::customer, customer, "no_visit_time");
  if (!is_null(unsuitable)) {
    action.hint(draft, "planned_at", "该客户不宜访问的时间：{}", "Times not to visit this customer: {}",
                {text_or_empty(unsuitable)});
  }
}

}  // namespace

void prepare_interaction(Action& action, Draft& draft) {
  fill_purpose(action, draft);
  keep_contact_of_customer(action, draft);
  plan_next(action, draft);
  const Id opportunity = draft.reference("opportunity");
  if (!opportunity.empty() && !draft.is_empty("level_after") && draft.changes("level_after") &&
      action.is_live(catalog::opportunity, opportunity)) {
    action.set(action.open(catalog::opportunity, opportunity, false), "level", draft.value("level_after"));
  }
}

void check_interaction(Action& action, const Draft& draft) {
  check_belonging(action, draft);
  const std::string& status = draft.text("status");
  const bool touched = draft.is_new || !draft.cells.empty();
  if (status == "done" && touched) {
    check_done(action, draft);
  } else if (status == "planned" && touched) {
    check_planned(action, draft);
  }
  if (draft.text("kind") == "visit" && (draft.is_new || draft.names("purpose") || draft.changes("kind"))) {
    action.require(draft, "purpose");
  }
  if (draft.changes("next_at") && !draft.is_empty("next_at") && !draft.is_empty("occurred_at") &&
      integer_or(draft.value("next_at"), 0) <= integer_or(draft.value("occurred_at"), 0)) {
    action.problem(draft, "next_at", "下次联系时间必须晚于联系时间", "The next contact must be after this one");
  }
  const Id corrected = draft.reference("corrects");
  if (!corrected.empty() && draft.changes("corrects") &&
      text_or_empty(action.value(catalog::interaction, corrected, "status")) != "done") {
    action.problem(draft, "corrects", "只有已完成的记录需要更正，其他的可以直接修改", "Only a done record is corrected; change others directly");
  }
}

}  // namespace kehubu
