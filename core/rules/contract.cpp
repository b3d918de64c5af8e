// Rules of contracts and their lines: validity, rebates, returns, R-SAL-01's inputs.
#include <algorithm>
#include <array>

#include "core/base/money.h"
#include "core/catalog/areas.h"
#include "core/catalog/lists.h"
#include "core/rules/approval.h"
#include "core/rules/areas.h"

namespace kehubu {
namespace {

constexpr std::array<std::string_view, 4> signed_states = {"active", "completed", "terminated", "expired"};
constexpr std::array<std::string_view, 6> term_fields = {"payment_term", "term_days",     "term_day_of_month",
                                                         "term_percent", "term_percent2", "term_floor"};

// draft → pending_approval → active → completed or terminated.
struct Step {
  std::string_view from, to;
};
constexpr Step steps[] = {
    {"draft", "pending_approval"}, {"pending_approval", "active"}, {"active", "completed"},
    {"active", "terminated"},      {"expired", "completed"},       {"expired", "terminated"},
};

Sentence names_of_next(std::string_view status) {
  Sentence names;
  for (const Step& step : steps) {
    if (step.from == status) {
      const Choice& next = *lists::contract_status.find(step.to);
      names.zh += (names.zh.empty() ? "“" : "、“") + std::string(next.zh) + "”";
      names.en += (names.en.empty() ? "“" : " or “") + std::string(next.en) + "”";
    }
  }
  return names;
}

// A contract that was signed on paper is entered as it stands; from then on it goes step by step.
void check_status_change(Action& action, const Draft& draft) {
  const std::string& now = draft.text("status");
  if (now == "expired") {
    action.problem(draft, "status", "“已到期”由有效期止自动得出，不能手工填写",
                   "“Expired” follows from the last day of validity and is not entered by hand");
    return;
  }
  const std::string& before = text_or_empty(draft.value_before("status"));
  const Choice* from = lists::contract_status.find(before);
  const Choice* to = lists::contract_status.find(now);
  if (draft.loses_approval) {
    return;
  }
  const bool is_step = std::ranges::any_of(steps, [&](const Step& step) { return step.from == before && step.to == now; });
  if (draft.is_new || from == nullptr || to == nullptr || is_step) {
    return;
  }
  const Sentence next = names_of_next(before);
  action.problem(draft, "status",
                 next.zh.empty() ? Sentence{substitute("合同“{}”，状态不能再改", {from->zh}), substitute("A contract that is “{}” does not change its state any more", {from->en})}
                                 : Sentence{substitute("合同状态不能从“{}”改为“{}”，只能改为{}", {from->zh, to->zh, next.zh}),
                                            substitute("The state cannot go from “{}” to “{}”, only to {}", {from->en, to->en, next.en})});
}

// --- what was approved (docs/store.md, "What was approved")

constexpr std::array<std::string_view, 2> amount_kinds = {"discount_kind", "rebate_kind"};

bool is_over(std::string_view status) { return status == "completed" || status == "terminated"; }

// The field to speak about, where the draft changes an amount of its contract; null where it does not.
const Field* changed_amount(const Draft& draft) {
  const bool is_line = draft.entity == &catalog::contract_line;
  if (!is_line && draft.entity != &catalog::contract) {
    return nullptr;
  }
  const bool was_alive = draft.before && !draft.before->deleted;
  if (is_line && (draft.remove ? was_alive : draft.restore ? !was_alive && !draft.comes_with_document : draft.is_new)) {
    return draft.entity->find("unit_price");
  }
  if (draft.remove) {
    return nullptr;
  }
  for (const Field& field : draft.entity->fields) {
    if (is_amount(*draft.entity, field) && draft.changes(field.id)) {
      return &field;
    }
  }
  return nullptr;
}

void withdraw_approval(Action& action, const Draft& draft, const Field& amount, const Id& contract) {
  Draft& head = action.open(catalog::contract, contract, false);
  if (!head.before || head.remove) {
    return;
  }
  const std::string& before = text_or_empty(head.value_before("status"));
  const bool goes_on = head.text("status") == "active" || head.text("status") == "pending_approval";
  if (is_over(before)) {
    const Choice& was = *lists::contract_status.find(before);
    action.problem(draft, amount.id, {substitute("合同“{}”，金额不能再改", {was.zh}),
                                      substitute("The contract is “{}”: its amounts do not change any more", {was.en})});
  } else if (before == "active" && !goes_on) {
    action.problem(draft, amount.id, "改动金额的合同须重新批准，不能同时结束",
                   "A contract whose amounts change needs approving again and cannot end at the same time");
  } else if (before == "active" && !head.loses_approval) {
    head.loses_approval = true;
    action.set(head, "status", std::string("pending_approval"));
    const Choice &was = *lists::contract_status.find("active"), &becomes = *lists::contract_status.find("pending_approval");
    action.hint(draft, amount.id,
                Sentence{substitute("合同“{}”：改动金额后退回“{}”，需重新批准", {was.zh, becomes.zh}),
                         substitute("The contract is “{}”: with other amounts it goes back to “{}” and needs approving again", {was.en, becomes.en})});
  }
}

}  // namespace

bool is_amount(const Entity& entity, const Field& field) {
  if (field.derived()) {
    return false;
  }
  if (&entity == &catalog::contract_line && (field.id == "product" || field.id == "contract")) {
    return true;
  }
  return field.type == FieldType::money || field.type == FieldType::quantity || field.type == FieldType::basis_points ||
         std::ranges::find(amount_kinds, field.id) != amount_kinds.end();
}

bool puts_in_force(const Entity& document, const Field& field, const Value& value) {
  return &document == &catalog::contract && field.id == "status" && text_or_empty(value) == "active";
}

bool keeps_amounts(const Entity& document, const Field& field, const Value& value) {
  return &document == &catalog::contract && field.id == "status" && is_over(text_or_empty(value));
}

Value without_approval(const Entity& document, const Field& field, const Value& value) {
  return puts_in_force(document, field, value) ? Value(std::string("pending_approval")) : value;
}

void withdraw_approvals(Action& action) {
  for (std::size_t index = 0; index < action.drafts().size(); ++index) {
    const Draft& draft = action.drafts()[index];
    const Field* amount = changed_amount(draft);
    if (amount == nullptr) {
      continue;
    }
    if (draft.entity == &catalog::contract) {
      withdraw_approval(action, draft, *amount, draft.row);
      continue;
    }
    const Id before = id_or_empty(draft.value_before("contract"));
    const Id now = draft.reference("contract");
    for (const Id& contract : {before, now}) {
      if (!contract.empty() && (contract == before || now != before)) {
        withdraw_approval(action, draft, *amount, contract);
      }
    }
  }
}

void prepare_contract(Action& action, Draft& draft) {
  const Id customer = draft.reference("customer");
  if (draft.is_new && !customer.empty() && draft.is_empty("payment_term") && !draft.names("payment_term")) {
    for (const std::string_view field : term_fields) {
      action.set_default(draft, field, action.value(catalog::customer, customer, field));
    }
  }
}

void check_contract(Action& action, const Draft& draft) {
  if (!draft.is_empty("start_on") && !draft.is_empty("end_on") && draft.text("end_on") < draft.text("start_on")) {
    action.problem(draft, "end_on", "有效期止不能早于有效期起", "The contract must not end before it starts");
  }
  if (draft.changes("status") && draft.before && draft.before->deleted && !draft.restore) {
    action.problem(draft, "status", "合同已删除，请先恢复它", "The contract is deleted; bring it back first");
  } else if (draft.changes("status")) {
    check_status_change(action, draft);
  }
  const bool touched = draft.is_new || !draft.cells.empty();
  if (touched && std::ranges::find(signed_states, draft.text("status")) != signed_states.end()) {
    action.require(draft, "signed_on");
  }
  const std::string& rebate = draft.text("rebate_kind");
  if (touched && !rebate.empty() && rebate != "none") {
    action.require(draft, "rebate_rate");
    if (rebate == "conditional") {
      action.require(draft, "rebate_threshold");
    }
  }
  if (touched && integer_or(draft.value("returns_allowed"), 0) != 0) {
    action.require(draft, "returns_deadline");
  }
  const Id opportunity = draft.reference("opportunity");
  if (!opportunity.empty() && (draft.changes("opportunity") || draft.changes("customer")) &&
      action.value(catalog::opportunity, opportunity, "customer") != draft.value("customer")) {
    action.problem(draft, "opportunity", "销售机会不属于该客户", "The opportunity is not this customer's");
  }
  check_payment_term(action, draft);
}

void prepare_contract_line(Action& action, Draft& draft) {
  if (!draft.is_new) {
    return;
  }
  if (draft.is_empty("line_no")) {
    std::int64_t last = 0;
    for (const Id& line : action.referring(catalog::contract_line, "contract", draft.reference("contract"))) {
      last = std::max(last, integer_or(action.value(catalog::contract_line, line, "line_no"), 0));
    }
    action.set(draft, "line_no", last + 1);
  }
  const Id product = draft.reference("product");
  if (!product.empty()) {
    action.set_default(draft, "unit_price", action.value(catalog::product, product, "list_price"));
  }
}

namespace {

// What a line comes to is a number like any other, and so many of them can be added up.
void check_amount(Action& action, const Draft& draft) {
  constexpr std::int64_t most_lines = 1000, thousandths = 1000, most = largest_integer / most_lines;
  const auto amount = multiply_divide(integer_or(draft.value("qty"), 0), integer_or(draft.value("unit_price"), 0), thousandths);
  if ((!amount || *amount > most) && (draft.restore || draft.changes("qty") || draft.changes("unit_price"))) {
    action.problem(draft, "unit_price", "数量乘单价最多 {}，请核对", "Quantity times price may be {} at most; please check", {format_money(most)});
  }
}

}  // namespace

void check_contract_line(Action& action, const Draft& draft) {
  check_amount(action, draft);
  if (draft.restore && !draft.comes_with_document && !action.is_live(catalog::contract, draft.reference("contract"))) {
    action.problem(draft, "contract", "合同已删除，请恢复合同，它的明细会一起恢复", "Its contract is deleted; bring that back and its lines come with it");
  }
  if (!draft.is_new && draft.changes("contract")) {
    action.problem(draft, "contract", "明细不能移到另一份合同", "A line cannot move to another contract");
  }
  for (const Id& line : action.referring(catalog::contract_line, "contract", draft.reference("contract"))) {
    if (line != draft.row && draft.changes("line_no") &&
        action.value(catalog::contract_line, line, "line_no") == draft.value("line_no")) {
      action.problem(draft, "line_no", "行号重复", "The line number is used twice");
      break;
    }
  }
  const Id product = draft.reference("product");
  if (!product.empty() && draft.changes("product") &&
      integer_or(action.value(catalog::product, product, "active"), 1) == 0) {
    action.problem(draft, "product", "该产品已停售，不能用于新的明细", "The product is no longer sold");
  }
}

}  // namespace kehubu
