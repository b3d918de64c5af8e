// Rules of opportunities.
#include <algorithm>

#include "core/base/text.h"
#include "core/catalog/areas.h"
#include "core/catalog/lists.h"
#include "core/rules/areas.h"

namespace kehubu {
namespace {

struct StageOdds {
  std::string_view stage;
  std::int64_t basis_points;
};
constexpr StageOdds stage_odds[] = {
    {"prospecting", 1000}, {"needs", 2500},    {"proposal", 4000}, {"quoted", 5000},
    {"negotiation", 7500}, {"contract", 9000}, {"won", 10'000},    {"lost", 0},
};
constexpr std::size_t shortest_analysis = 5;

std::ptrdiff_t stage_order(std::string_view stage) {
  return std::ranges::find(stage_odds, stage, &StageOdds::stage) - std::begin(stage_odds);
}

bool is_closed(std::string_view stage) { return stage == "won" || stage == "lost"; }

using Opportunity = DraftView<catalog::opportunity>;

// Nobody named yet (a first run) may do everything.
bool may_manage(const World& world) {
  if (world.person().employee.empty()) {
    return true;
  }
  const std::string role = world.text<catalog::employee>(world.person().employee, "role");
  return role == "sales_manager" || role == "director" || role == "admin";
}

// A living contract that is in force.
bool has_active_contract(const World& world, const Id& opportunity) {
  return std::ranges::any_of(world.referring<catalog::contract>("opportunity", opportunity),
                             [&](const Id& contract) { return world.text<catalog::contract>(contract, "status") == "active"; });
}

void follow_stage(Action& action, DraftOf<catalog::opportunity> draft) {
  const std::int64_t odds = stage_probability(draft.text("stage"));
  if (draft->is_new) {
    action.set_default(draft, "probability", odds);
  } else if (draft.changes("stage")) {
    if (!draft.names("stage_since")) {
      action.set(draft, "stage_since", action.today());
    }
    // Odds that were the former stage's own move with the stage; typed ones stay, unless the deal is closed.
    const bool typed = draft.value_before("probability") != Value(stage_probability(draft.text_before("stage")));
    if (!draft.names("probability") && (!typed || is_closed(draft.text("stage")))) {
      action.set(draft, "probability", odds);
    }
  }
}

void suggest_level(Action& action, DraftOf<catalog::opportunity> draft) {
  const bool suggests = draft->is_new || draft.changes("probability") || draft.changes("expected_close");
  if (suggests && !draft.names("level")) {
    action.set(draft, "level", std::string(suggested_level(draft.integer("probability"), draft.text("expected_close"), action.today())));
  }
}

void check_stage_change(const World& world, Findings& found, Opportunity draft) {
  if (!draft.changes("stage")) {
    return;
  }
  const std::string& before = draft.text_before("stage");
  const std::string& now = draft.text("stage");
  if (!draft->is_new && is_closed(before) && !may_manage(world)) {
    found.problem(draft, "stage", "已成交或流失的机会只能由销售部经理重新打开", "Only a sales manager reopens a won or lost opportunity");
    return;
  }
  if (now == "won" && !has_active_contract(world, draft->row)) {
    found.problem(draft, "stage", "没有执行中的合同或有效订单，不能标记为成交",
                  "It can be won only with an active contract or a valid order");
  }
  const bool goes_back = !draft->is_new && !is_closed(now) && !is_closed(before) && stage_order(now) < stage_order(before);
  if (goes_back && !draft.changes("remark")) {
    found.problem(draft, "remark", "退回较早的阶段需在备注中写明原因", "Going back to an earlier stage needs its reason in the remarks");
  }
}

void check_closed(const World&, Findings& found, Opportunity draft) {
  const std::string& stage = draft.text("stage");
  if (!is_closed(stage)) {
    return;
  }
  found.require(draft, "closed_on");
  if (stage == "lost") {
    found.require(draft, "lost_reason");
    found.require(draft, "lost_analysis");
    if (!draft.is_empty("lost_analysis") && count_code_points(draft.text("lost_analysis")) < shortest_analysis) {
      found.problem(draft, "lost_analysis", "流失原因分析至少 5 个字", "The lost analysis needs at least 5 characters");
    }
  }
}

void check_expected_close(const World&, Findings& found, Opportunity draft) {
  const std::string& stage = draft.text("stage");
  const bool is_offered = stage_order(stage) >= stage_order("proposal") && !is_closed(stage);
  if (is_offered && (draft.changes("stage") || draft.changes("expected_close"))) {
    found.require(draft, "expected_close");
  }
}

void check_contact(const World& world, Findings& found, Opportunity draft) {
  const Id contact = draft.reference("contact");
  if (!contact.empty() && (draft.changes("contact") || draft.changes("customer")) &&
      world.value<catalog::contact>(contact, "customer") != draft.value("customer")) {
    found.problem(draft, "contact", "联系人不属于该客户", "The contact does not work for this customer");
  }
}

void check_opinion(const World& world, Findings& found, Opportunity draft) {
  if (draft.changes("lost_manager_opinion") && !may_manage(world)) {
    found.problem(draft, "lost_manager_opinion", "主管意见只能由销售部经理填写", "Only a sales manager writes the manager's opinion");
  }
}

constexpr Rule rules[] = {
    complete<catalog::opportunity, follow_stage>("R-OPP-01", on_write, "stage", "stage_since", "probability"),
    complete<catalog::opportunity, suggest_level>("R-LEV-02", on_write, "probability", "expected_close", "level"),
    check<catalog::opportunity, check_stage_change>("R-OPP-02", on_write, "stage", "remark"),
    check<catalog::opportunity, check_closed>("opportunity.closed", on_create | on_touch, "stage", "closed_on", "lost_reason",
                                              "lost_analysis"),
    check<catalog::opportunity, check_expected_close>("opportunity.expected_close", on_write, "stage", "expected_close"),
    check<catalog::opportunity, check_contact>("opportunity.contact", on_write, "contact", "customer"),
    check<catalog::opportunity, check_opinion>("opportunity.opinion", on_write, "lost_manager_opinion"),
};

}  // namespace

std::int64_t stage_probability(std::string_view stage) {
  const auto* found = std::ranges::find(stage_odds, stage, &StageOdds::stage);
  return found != std::end(stage_odds) ? found->basis_points : 0;
}

std::string_view suggested_level(std::int64_t probability, std::string_view expected_close, std::string_view today) {
  constexpr std::string_view levels[] = {"o", "a", "b", "c"};
  if (probability <= 0) {
    return "none";
  }
  std::size_t level = probability >= 7500 ? 0 : probability >= 5000 ? 1 : probability >= 2500 ? 2 : 3;
  const auto expected = parse_date(expected_close);
  const auto from = parse_date(today);
  if (!expected || !from) {
    return levels[3];
  }
  const std::int64_t days = days_since_epoch(*expected) - days_since_epoch(*from);
  level = std::max<std::size_t>(level, days <= 30 ? 0 : days <= 90 ? 2 : 3);
  return levels[level];
}

std::span<const Rule> opportunity_rules() { return rules; }

}  // namespace kehubu
