// What each payment term needs to be a term at all.
#include <algorithm>
#include <array>

#include "core/rules/areas.h"

namespace kehubu {
namespace {

struct TermNeeds {
  std::string_view term;
  std::array<std::string_view, 3> fields;
};

constexpr TermNeeds needs[] = {
    {"monthly_cash", {"term_day_of_month"}},
    {"monthly_bill", {"term_days"}},
    {"bill_days", {"term_days"}},
    {"net_days", {"term_days"}},
    {"prev_batch", {"term_days"}},
    {"floor_stock", {"term_floor"}},
    {"prepaid_then_net", {"term_percent", "term_days"}},
    {"cod_then_net", {"term_percent", "term_days"}},
    {"prepaid_then_batch", {"term_percent", "term_percent2", "term_days"}},
};

constexpr std::string_view term_fields[] = {"payment_term", "term_days",     "term_day_of_month",
                                            "term_percent", "term_percent2", "term_floor"};

}  // namespace

void check_payment_term(Action& action, const Draft& draft) {
  if (std::ranges::none_of(term_fields, [&](std::string_view field) { return draft.changes(field); })) {
    return;
  }
  const auto* found = std::ranges::find(needs, draft.text("payment_term"), &TermNeeds::term);
  if (found != std::end(needs)) {
    for (const std::string_view field : found->fields) {
      if (!field.empty()) {
        action.require(draft, field);
      }
    }
  }
  const std::int64_t together =
      integer_or(draft.value("term_percent"), 0) + integer_or(draft.value("term_percent2"), 0);
  if (together > 10'000) {
    action.problem(draft, "term_percent2", "两个付款条件百分比之和不能超过 100 %",
                   "The two percentages of the payment term must not exceed 100 % together");
  }
}

}  // namespace kehubu
