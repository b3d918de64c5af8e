// What each payment term needs to be a term at all: a rule of customers and of contracts. Internal to core/rules.
#pragma once

#include <algorithm>
#include <array>

#include "core/rules/rule.h"

namespace kehubu {

#define KEHUBU_PAYMENT_TERM_FIELDS "payment_term", "term_days", "term_day_of_month", "term_percent", "term_percent2", "term_floor"

template <const Entity& entity> void check_payment_term(const World&, Findings& found, DraftView<entity> draft) {
  using Stored = StoredFieldOf<entity>;
  struct Needs {
    std::string_view term;
    std::array<const Field*, 3> fields{};
  };
  static constexpr auto stored = [](Stored name) { return static_cast<const Field*>(&static_cast<const Field&>(name)); };
  static constexpr Needs needs[] = {
      {"monthly_cash", {stored("term_day_of_month")}},
      {"monthly_bill", {stored("term_days")}},
      {"bill_days", {stored("term_days")}},
      {"net_days", {stored("term_days")}},
      {"prev_batch", {stored("term_days")}},
      {"floor_stock", {stored("term_floor")}},
      {"prepaid_then_net", {stored("term_percent"), stored("term_days")}},
      {"cod_then_net", {stored("term_percent"), stored("term_days")}},
      {"prepaid_then_batch", {stored("term_percent"), stored("term_percent2"), stored("term_days")}},
  };
  constexpr std::int64_t whole = 10'000;  // basis points
  if (std::ranges::none_of(std::initializer_list<Stored>{KEHUBU_PAYMENT_TERM_FIELDS}, [&](Stored name) { return draft.changes(name); })) {
    return;
  }
  const auto* needed = std::ranges::find(needs, draft.text("payment_term"), &Needs::term);
  for (const Field* field : needed != std::end(needs) ? needed->fields : std::array<const Field*, 3>{}) {
    if (field != nullptr) {
      found.require(static_cast<const Draft&>(draft), *field);
    }
  }
  if (draft.integer("term_percent") + draft.integer("term_percent2") > whole) {
    found.problem(draft, "term_percent2", "两个付款条件百分比之和不能超过 100 %",
                  "The two percentages of the payment term must not exceed 100 % together");
  }
}

}  // namespace kehubu
