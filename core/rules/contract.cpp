// Rules of contracts and their lines.
#include <algorithm>
#include <array>

#include "core/base/money.h"
#include "core/catalog/areas.h"
#include "core/catalog/lists.h"
#include "core/rules/approval.h"
#include "core/rules/areas.h"
#include "core/rules/payment_term_rule.h"

namespace kehubu {
namespace {

constexpr std::array<std::string_view, 4> signed_states = {"active", "completed", "terminated", "expired"};

using Contract = DraftView<catalog::contract>;
using Line = DraftView<catalog::contract_line>;

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
void check_steps(Findings& found, Contract draft) {
  const std::string& now = draft.text("status");
  if (now == "expired") {
    found.problem(draft, "status", "“已到期”由有效期止自动得出，不能手工填写",
                  "“Expired” follows from the last day of validity and is not entered by hand");
    return;
  }
  const std::string& before = draft.text_before("status");
  const Choice* from = lists::contract_status.find(before);
  const Choice* to = lists::contract_status.find(now);
  const bool is_step = std::ranges::any_of(steps, [&](const Step& step) { return step.from == before && step.to == now; });
  if (draft->loses_approval || draft->is_new || from == nullptr || to == nullptr || is_step) {
    return;
  }
  const Sentence next = names_of_next(before);
  found.problem(draft, "status",
                next.zh.empty() ? Sentence{substitute("合同“{}”，状态不能再改", {from->zh}),
                                           substitute("A contract that is “{}” does not change its state any more", {from->en})}
                                : Sentence{substitute("合同状态不能从“{}”改为“{}”，只能改为{}", {from->zh, to->zh, next.zh}),
                                           substitute("The state cannot go from “{}” to “{}”, only to {}", {from->en, to->en, next.en})});
}

void check_status(const World&, Findings& found, Contract draft) {
  if (!draft.changes("status")) {
    return;
  }
  if (draft->is_deleted() && !draft->restore) {
    found.problem(draft, "status", "合同已删除，请先恢复它", "The contract is deleted; bring it back first");
  } else {
    check_steps(found, draft);
  }
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
    if (is_amount(*draft.entity, field) && draft.changes(field)) {
      return &field;
    }
  }
  return nullptr;
}

// Calls function(draft, amount, contract) for each draft that changes an amount, once for each contract that it is one of.
template <typename Function> void for_each_changed_amount(const std::deque<Draft>& drafts, Function function) {
  for (std::size_t index = 0; index < drafts.size(); ++index) {  // which the function may add to
    const Draft& draft = drafts[index];
    const Field* amount = changed_amount(draft);
    if (amount == nullptr) {
      continue;
    }
    if (draft.entity == &catalog::contract) {
      function(draft, *amount, draft.row);
      continue;
    }
    const Line line(draft);
    const Id before = id_or_empty(line.value_before("contract"));
    const Id now = line.reference("contract");
    for (const Id& contract : {before, now}) {
      if (!contract.empty() && (contract == before || now != before)) {
        function(draft, *amount, contract);
      }
    }
  }
}

bool goes_on(Contract head) { return head.text("status") == "active" || head.text("status") == "pending_approval"; }

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
  for_each_changed_amount(action.drafts(), [&](const Draft&, const Field&, const Id& contract) {
    const auto head = action.open<catalog::contract>(contract);
    if (head->before && !head->remove && head.text_before("status") == "active" && goes_on(head)) {
      static_cast<Draft&>(head).loses_approval = true;
      action.set(head, "status", std::string("pending_approval"));
    }
  });
}

void check_approvals(const World& world, Findings& found) {
  std::vector<Id> told;
  for_each_changed_amount(world.drafts(), [&](const Draft& draft, const Field& amount, const Id& contract) {
    const Draft* opened = world.find(catalog::contract, contract);
    if (opened == nullptr || !opened->before || opened->remove) {
      return;
    }
    const Contract head(*opened);
    const std::string& before = head.text_before("status");
    if (is_over(before)) {
      const Choice& was = *lists::contract_status.find(before);
      found.problem(draft, amount,
                    {substitute("合同“{}”，金额不能再改", {was.zh}),
                     substitute("The contract is “{}”: its amounts do not change any more", {was.en})});
    } else if (before == "active" && !goes_on(head)) {
      found.problem(draft, amount, "改动金额的合同须重新批准，不能同时结束",
                    "A contract whose amounts change needs approving again and cannot end at the same time");
    } else if (opened->loses_approval && std::ranges::find(told, contract) == told.end()) {
      told.push_back(contract);
      const Choice &was = *lists::contract_status.find("active"), &becomes = *lists::contract_status.find("pending_approval");
      found.hint(draft, amount,
                 Sentence{substitute("合同“{}”：改动金额后退回“{}”，需重新批准", {was.zh, becomes.zh}),
                          substitute("The contract is “{}”: with other amounts it goes back to “{}” and needs approving again",
                                     {was.en, becomes.en})});
    }
  });
}

namespace {

// The term that was agreed with the customer.
void take_payment_term(Action& action, DraftOf<catalog::contract> draft) {
  const Id customer = draft.reference("customer");
  if (customer.empty() || !draft.is_empty("payment_term") || draft.names("payment_term")) {
    return;
  }
  const auto take = [&](StoredFieldOf<catalog::contract> field, StoredFieldOf<catalog::customer> from) {
    action.set_default(draft, field, action.value(catalog::customer, customer, from));
  };
  take("term_days", "term_days");
  take("term_day_of_month", "term_day_of_month");
  take("term_percent", "term_percent");
  take("term_percent2", "term_percent2");
  take("term_floor", "term_floor");
  take("payment_term", "payment_term");
}

void check_validity(const World&, Findings& found, Contract draft) {
  if (!draft.is_empty("start_on") && !draft.is_empty("end_on") && draft.text("end_on") < draft.text("start_on")) {
    found.problem(draft, "end_on", "有效期止不能早于有效期起", "The contract must not end before it starts");
  }
}

void check_signed(const World&, Findings& found, Contract draft) {
  if (std::ranges::find(signed_states, draft.text("status")) != signed_states.end()) {
    found.require(draft, "signed_on");
  }
}

void check_rebate(const World&, Findings& found, Contract draft) {
  const std::string& rebate = draft.text("rebate_kind");
  if (rebate.empty() || rebate == "none") {
    return;
  }
  found.require(draft, "rebate_rate");
  if (rebate == "conditional") {
    found.require(draft, "rebate_threshold");
  }
}

void check_returns(const World&, Findings& found, Contract draft) {
  if (draft.integer("returns_allowed") != 0) {
    found.require(draft, "returns_deadline");
  }
}

void check_opportunity(const World& world, Findings& found, Contract draft) {
  const Id opportunity = draft.reference("opportunity");
  if (!opportunity.empty() && (draft.changes("opportunity") || draft.changes("customer")) &&
      world.value<catalog::opportunity>(opportunity, "customer") != draft.value("customer")) {
    found.problem(draft, "opportunity", "销售机会不属于该客户", "The opportunity is not this customer's");
  }
}

void give_line_number(Action& action, DraftOf<catalog::contract_line> draft) {
  if (!draft.is_empty("line_no")) {
    return;
  }
  std::int64_t last = 0;
  for (const Id& line : action.referring<catalog::contract_line>("contract", draft.reference("contract"))) {
    last = std::max(last, action.integer<catalog::contract_line>(line, "line_no"));
  }
  action.set(draft, "line_no", last + 1);
}

void take_list_price(Action& action, DraftOf<catalog::contract_line> draft) {
  const Id product = draft.reference("product");
  if (!product.empty()) {
    action.set_default(draft, "unit_price", action.value<catalog::product>(product, "list_price"));
  }
}

void check_document(const World& world, Findings& found, Line draft) {
  if (draft->restore && !draft->comes_with_document && !world.is_live(catalog::contract, draft.reference("contract"))) {
    found.problem(draft, "contract", "合同已删除，请恢复合同，它的明细会一起恢复",
                  "Its contract is deleted; bring that back and its lines come with it");
  }
  if (!draft->is_new && draft.changes("contract")) {
    found.problem(draft, "contract", "明细不能移到另一份合同", "A line cannot move to another contract");
  }
}

void check_line_number(const World& world, Findings& found, Line draft) {
  if (!draft.changes("line_no")) {
    return;
  }
  for (const Id& line : world.referring<catalog::contract_line>("contract", draft.reference("contract"))) {
    if (line != draft->row && world.value<catalog::contract_line>(line, "line_no") == draft.value("line_no")) {
      found.problem(draft, "line_no", "行号重复", "The line number is used twice");
      return;
    }
  }
}

// What a line comes to is a number like any other, and so many of them can be added up.
void check_amount(const World&, Findings& found, Line draft) {
  constexpr std::int64_t most_lines = 1000, thousandths = 1000, most = largest_integer / most_lines;
  const auto amount = multiply_divide(draft.integer("qty"), draft.integer("unit_price"), thousandths);
  if (!amount || *amount > most) {
    found.problem(draft, "unit_price", "数量乘单价最多 {}，请核对", "Quantity times price may be {} at most; please check", {format_money(most)});
  }
}

void check_product(const World& world, Findings& found, Line draft) {
  const Id product = draft.reference("product");
  if (!product.empty() && draft.changes("product") && world.integer<catalog::product>(product, "active", 1) == 0) {
    found.problem(draft, "product", "该产品已停售，不能用于新的明细", "The product is no longer sold");
  }
}

constexpr Rule rules[] = {
    complete<catalog::contract, take_payment_term>("contract.term_of_customer", on_create, "customer", KEHUBU_PAYMENT_TERM_FIELDS),
    check<catalog::contract, check_validity>("contract.validity", on_write | on_touch, "start_on", "end_on"),
    check<catalog::contract, check_status>("contract.steps", on_write, "status"),
    check<catalog::contract, check_signed>("contract.signed", on_create | on_touch, "status", "signed_on"),
    check<catalog::contract, check_rebate>("contract.rebate", on_create | on_touch, "rebate_kind", "rebate_rate", "rebate_threshold"),
    check<catalog::contract, check_returns>("contract.returns", on_create | on_touch, "returns_allowed", "returns_deadline"),
    check<catalog::contract, check_opportunity>("contract.opportunity", on_write, "opportunity", "customer"),
    check<catalog::contract, check_payment_term<catalog::contract>>("contract.payment_term", on_write, KEHUBU_PAYMENT_TERM_FIELDS),
    complete<catalog::contract_line, give_line_number>("contract_line.number", on_create, "line_no", "contract"),
    complete<catalog::contract_line, take_list_price>("contract_line.price", on_create, "product", "unit_price"),
    check<catalog::contract_line, check_document>("contract_line.document", on_write, "contract"),
    check<catalog::contract_line, check_line_number>("contract_line.number_once", on_write, "line_no", "contract"),
    check<catalog::contract_line, check_amount>("R-SAL-01", on_write, "qty", "unit_price"),
    check<catalog::contract_line, check_product>("contract_line.product", on_write, "product"),
};

}  // namespace

std::span<const Rule> contract_rules() { return rules; }

}  // namespace kehubu
