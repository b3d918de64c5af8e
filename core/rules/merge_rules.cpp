#include "core/rules/merge_rules.h"

#include <algorithm>
#include <string>
#include <vector>

#include "core/catalog/catalog.h"

namespace kehubu {
namespace {

constexpr Hierarchy all_hierarchies[] = {
    {"org_unit", "parent"},     {"employee", "reports_to"},  {"customer", "parent"},     {"customer", "merged_into"},
    {"contact", "reports_to"},  {"interaction", "corrects"}, {"interaction", "follows"},
};

constexpr MergeRule all_rules[] = {
    {"customer", "coop_dates", "coop_start|coop_end", "r.coop_end < r.coop_start", "业务结束日期早于开始日期", "the business ends before it starts"},
    {"customer", "merged", "status|merged_into", "r.status = 'merged' AND r.merged_into IS NULL", "状态是已合并，却没有写明并入哪个客户",
     "it is merged, but into nobody"},
    {"customer", "percentages", "term_percent|term_percent2", "coalesce(r.term_percent, 0) + coalesce(r.term_percent2, 0) > 10000",
     "两个付款条件百分比之和超过 100 %", "the two percentages of the payment term exceed 100 % together"},
    {"customer", "term", "payment_term|term_days|term_day_of_month|term_percent|term_percent2|term_floor",
     "(r.payment_term = 'monthly_cash' AND r.term_day_of_month IS NULL)"
     " OR (r.payment_term IN ('monthly_bill', 'bill_days', 'net_days', 'prev_batch', 'prepaid_then_net', 'cod_then_net', 'prepaid_then_batch')"
     "  AND r.term_days IS NULL)"
     " OR (r.payment_term = 'floor_stock' AND r.term_floor IS NULL)"
     " OR (r.payment_term IN ('prepaid_then_net', 'cod_then_net', 'prepaid_then_batch') AND r.term_percent IS NULL)"
     " OR (r.payment_term = 'prepaid_then_batch' AND r.term_percent2 IS NULL)",
     "付款条件缺少它需要的数字", "the payment term lacks a number that it needs"},
    {"contact", "consent", "consent|consent_on", "r.consent = 1 AND r.consent_on IS NULL", "已同意处理个人信息，却没有同意日期", "consent to keep personal data is given, but on no day"},
    {"interaction", "planned", "status|planned_at", "r.status = 'planned' AND r.planned_at IS NULL", "是计划中的联系，却没有计划时间",
     "it is planned, but for no time"},
    {"interaction", "purpose", "kind|purpose", "r.kind = 'visit' AND r.purpose IS NULL", "是拜访，却没有目的", "it is a visit without a purpose"},
    {"interaction", "done_when", "status|occurred_at", "r.status = 'done' AND r.occurred_at IS NULL", "已完成，却没有联系时间", "it is done, but at no time"},
    {"interaction", "done_with", "status|contact|contact_text", "r.status = 'done' AND r.contact IS NULL AND r.contact_text IS NULL", "已完成，却没有写明和谁联系",
     "it is done, but with nobody"},
    {"interaction", "next", "occurred_at|next_at", "r.next_at <= r.occurred_at", "下次联系时间不晚于联系时间", "the next contact is not after this one"},
    {"opportunity", "closed", "stage|closed_on", "r.stage IN ('won', 'lost') AND r.closed_on IS NULL", "已成交或流失，却没有日期",
     "it is won or lost, but on no day"},
    {"opportunity", "lost", "stage|lost_reason|lost_analysis", "r.stage = 'lost' AND (r.lost_reason IS NULL OR r.lost_analysis IS NULL OR length(r.lost_analysis) < 5)",
     "已流失，却没有写明原因", "it is lost, but the reason is missing"},
    {"opportunity", "offered", "stage|expected_close",
     "r.stage IN ('proposal', 'quoted', 'negotiation', 'contract') AND r.expected_close IS NULL", "已到方案阶段之后，却没有预计成交时间",
     "it is past the proposal, but has no expected close date"},
};

// A document's fields move together anyway, and what closes a visit stands whole.
constexpr Together all_togethers[] = {
    {"customer", "status", "merged_into"},
    {"customer", "payment_term", "term_days|term_day_of_month|term_percent|term_percent2|term_floor"},
    {"contact", "consent", "consent_on"},
    {"opportunity", "stage", "stage_since|probability|level|closed_on|lost_reason|lost_analysis|lost_remedy|lost_manager_opinion"},
};

constexpr OnlyOne all_only_ones[] = {
    {.entity = "contact", .id = "primary", .alike = "customer", .mark = "is_primary", .marked = "true", .unmarked = "false", .at_least_one = true, .apart = {},
     .remedy = OnlyOne::Remedy::unmark, .zh = "同一客户只能有一位主要联系人", .en = "a customer has one primary contact only",
     .none_zh = "其中没有一位是主要联系人了", .none_en = "none of them is the primary contact any more"},
    {.entity = "interaction", .id = "plan", .alike = "follows", .mark = "status", .marked = "planned", .unmarked = "cancelled", .at_least_one = false, .apart = {},
     .remedy = OnlyOne::Remedy::unmark, .zh = "同一次联系之后只能有一个计划", .en = "one contact is followed by one plan only", .none_zh = {}, .none_en = {}},
    {.entity = "product", .id = "name_and_spec", .alike = "name|spec", .mark = {}, .marked = {}, .unmarked = {}, .at_least_one = false, .apart = {},
     .remedy = OnlyOne::Remedy::by_hand, .zh = "名称和规格都相同", .en = "they have the same name and specification", .none_zh = {}, .none_en = {}},
    {.entity = "org_unit", .id = "name", .alike = "name|parent", .mark = {}, .marked = {}, .unmarked = {}, .at_least_one = false, .apart = {},
     .remedy = OnlyOne::Remedy::by_hand, .zh = "同一上级下的机构同名", .en = "they have the same name under the same parent", .none_zh = {}, .none_en = {}},
    {.entity = "dict_item", .id = "ident", .alike = "ident|list", .mark = {}, .marked = {}, .unmarked = {}, .at_least_one = false, .apart = {},
     .remedy = OnlyOne::Remedy::remove, .zh = "同一列表中的标识相同", .en = "they have the same identifier in one list", .none_zh = {}, .none_en = {}},
    // Records name either, so none of them is deleted: those that are not chosen are offered no more.
    {.entity = "dict_item", .id = "label", .alike = "zh|list", .mark = "active", .marked = "true", .unmarked = "false", .at_least_one = false, .apart = "ident",
     .remedy = OnlyOne::Remedy::unmark, .zh = "同一列表中有两个名称相同的选项", .en = "one list has two values of the same name", .none_zh = {}, .none_en = {}},
};

}  // namespace

std::span<const Hierarchy> hierarchies() { return all_hierarchies; }
std::span<const MergeRule> merge_rules() { return all_rules; }
std::span<const OnlyOne> only_ones() { return all_only_ones; }
std::span<const Together> togethers() { return all_togethers; }

const Together* find_together(std::string_view entity, std::string_view lead) {
  const auto found = std::ranges::find_if(all_togethers, [&](const Together& one) { return one.entity == entity && one.lead == lead; });
  return found != std::end(all_togethers) ? &*found : nullptr;
}

std::string_view lead_of(std::string_view entity, std::string_view field) {
  const std::string named = "|" + std::string(field) + "|";
  for (const Together& one : all_togethers) {
    if (one.entity == entity && ("|" + std::string(one.follow) + "|").contains(named)) {
      return one.lead;
    }
  }
  return {};
}

bool stands_where_given(const Field& field) {
  static const std::vector<const Field*> marks = [] {
    std::vector<const Field*> found;
    for (const OnlyOne& rule : all_only_ones) {
      const Field* mark = rule.mark.empty() ? nullptr : find_entity(rule.entity)->find(rule.mark);
      if (mark != nullptr && mark->type == FieldType::boolean) {
        found.push_back(mark);
      }
    }
    return found;
  }();
  return std::ranges::find(marks, &field) != marks.end();
}

bool gives_mark(const Value& value) { return integer_or(value, 0) != 0; }

const MergeRule* find_merge_rule(std::string_view entity, std::string_view id) {
  const auto found = std::ranges::find_if(all_rules, [&](const MergeRule& rule) { return rule.entity == entity && rule.id == id; });
  return found != std::end(all_rules) ? &*found : nullptr;
}

}  // namespace kehubu
