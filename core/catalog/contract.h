// Contracts, each a document that moves together with its lines.
#pragma once

#include "core/catalog/lists.h"

namespace kehubu::catalog {

inline constexpr Field contract_fields[] = {
    {.id = "contract_no", .zh = "合同编号", .en = "Contract no.", .type = FieldType::text,
     .required = Required::always, .merge = MergePolicy::person_decides, .format = Format::code, .unique = true,
     .searchable = true, .in_list = true, .length_limit = 40},
    {.id = "customer", .zh = "客户名称", .en = "Customer", .type = FieldType::reference,
     .required = Required::always, .references = "customer", .merge = MergePolicy::person_decides, .in_list = true},
    {.id = "opportunity", .zh = "机会", .en = "Opportunity", .type = FieldType::reference,
     .references = "opportunity", .merge = MergePolicy::person_decides},
    {.id = "title", .zh = "合同名称", .en = "Title", .type = FieldType::text, .searchable = true, .in_list = true},
    {.id = "kind", .zh = "合同类别", .en = "Kind", .type = FieldType::choice, .required = Required::always,
     .list = &lists::contract_kind, .merge = MergePolicy::person_decides, .default_value = "sales"},
    {.id = "status", .zh = "合同状态", .en = "State", .type = FieldType::choice, .required = Required::always,
     .list = &lists::contract_status, .merge = MergePolicy::person_decides, .in_list = true, .workflow = true,
     .default_value = "draft"},
    {.id = "negotiator", .zh = "我方洽谈人", .en = "Our negotiator", .type = FieldType::reference,
     .required = Required::always, .references = "employee", .merge = MergePolicy::person_decides,
     .default_value = "me"},
    {.id = "signed_on", .zh = "合同日期", .en = "Signed on", .type = FieldType::date,
     .required = Required::conditional, .merge = MergePolicy::person_decides, .in_list = true, .group_zh = "日期",
     .group_en = "Dates", .aliases = "签定日期|签署日期"},
    {.id = "start_on", .zh = "有效期起", .en = "Valid from", .type = FieldType::date,
     .merge = MergePolicy::person_decides},
    {.id = "end_on", .zh = "有效期止", .en = "Valid to", .type = FieldType::date,
     .merge = MergePolicy::person_decides, .in_list = true},
    {.id = "billing_mode", .zh = "开单方式", .en = "Billing mode", .type = FieldType::choice,
     .required = Required::always, .list = &lists::billing_mode, .merge = MergePolicy::person_decides,
     .default_value = "by_order", .group_zh = "付款", .group_en = "Payment"},
    {.id = "payment_method", .zh = "付款方式", .en = "Payment method", .type = FieldType::choice,
     .list = &lists::payment_method, .merge = MergePolicy::person_decides},
    {.id = "payment_term", .zh = "付款条件", .en = "Payment term", .type = FieldType::choice,
     .list = &lists::payment_term, .merge = MergePolicy::person_decides},
    {.id = "term_days", .zh = "付款条件天数", .en = "Term days", .type = FieldType::integer,
     .merge = MergePolicy::person_decides, .minimum = 0, .maximum = 365},
    {.id = "term_day_of_month", .zh = "固定结款日", .en = "Fixed settlement day", .type = FieldType::integer,
     .merge = MergePolicy::person_decides, .minimum = 1, .maximum = 31},
    {.id = "term_percent", .zh = "付款条件百分比", .en = "Term percentage", .type = FieldType::basis_points,
     .merge = MergePolicy::person_decides, .minimum = 0, .maximum = 10000},
    {.id = "term_percent2", .zh = "付款条件第二百分比", .en = "Second percentage", .type = FieldType::basis_points,
     .merge = MergePolicy::person_decides, .minimum = 0, .maximum = 10000},
    {.id = "term_floor", .zh = "铺底数", .en = "Floor-stock amount", .type = FieldType::money,
     .merge = MergePolicy::person_decides, .minimum = 0},
    {.id = "discount_kind", .zh = "扣别", .en = "Discount kind", .type = FieldType::choice,
     .list = &lists::discount_kind, .merge = MergePolicy::person_decides, .group_zh = "折让与费用",
     .group_en = "Discounts and fees"},
    {.id = "rebate_kind", .zh = "合同返利条款", .en = "Rebate clause", .type = FieldType::choice,
     .list = &lists::rebate_kind, .merge = MergePolicy::person_decides, .default_value = "none"},
    {.id = "rebate_rate", .zh = "返利比例", .en = "Rebate rate", .type = FieldType::basis_points,
     .required = Required::conditional, .merge = MergePolicy::person_decides, .minimum = 0, .maximum = 10000},
    {.id = "rebate_threshold", .zh = "返利条件销售额", .en = "Rebate threshold", .type = FieldType::money,
     .required = Required::conditional, .merge = MergePolicy::person_decides, .minimum = 0},
    {.id = "promoter_fee", .zh = "促销员管理费", .en = "Promoter fee", .type = FieldType::money,
     .merge = MergePolicy::person_decides, .minimum = 0},
    {.id = "other_fee", .zh = "其他费用", .en = "Other fee", .type = FieldType::money,
     .merge = MergePolicy::person_decides, .minimum = 0},
    {.id = "returns_allowed", .zh = "注明退换货", .en = "Return clause included", .type = FieldType::boolean,
     .required = Required::always, .merge = MergePolicy::person_decides, .default_value = "false",
     .group_zh = "退换货", .group_en = "Returns"},
    {.id = "returns_deadline", .zh = "退换约定期限", .en = "Return deadline", .type = FieldType::date,
     .required = Required::conditional, .merge = MergePolicy::person_decides},
    {.id = "remark", .zh = "备注", .en = "Remarks", .type = FieldType::long_text},
    {.id = "total", .zh = "总价", .en = "Contract total", .type = FieldType::money, .in_list = true,
     .derived_sql = 
         "(SELECT sum(multiply_divide(l.qty, l.unit_price, 1000)) FROM contract_line l"
         " WHERE l.contract = r.id AND l.live = 1)",
     .group_zh = "自动计算", .group_en = "Computed", .aliases = "合同金额"},
    // 已到期 is never written: a contract in force whose last day has passed is shown so.
    {.id = "status_now", .zh = "当前状态", .en = "State today", .type = FieldType::choice,
     .list = &lists::contract_status,
     .derived_sql = "iif(r.status = 'active' AND r.end_on < today(), 'expired', r.status)"},
};

inline constexpr Field contract_line_fields[] = {
    {.id = "contract", .zh = "合同编号", .en = "Contract", .type = FieldType::reference,
     .required = Required::always, .references = "contract", .merge = MergePolicy::person_decides},
    {.id = "line_no", .zh = "行号", .en = "Line no.", .type = FieldType::integer, .required = Required::always,
     .merge = MergePolicy::person_decides, .in_list = true, .minimum = 1},
    {.id = "product", .zh = "产品/服务名称", .en = "Product", .type = FieldType::reference,
     .required = Required::always, .references = "product", .merge = MergePolicy::person_decides, .in_list = true},
    {.id = "qty", .zh = "产品/服务数量", .en = "Quantity", .type = FieldType::quantity, .required = Required::always,
     .merge = MergePolicy::person_decides, .in_list = true, .minimum = 1},
    {.id = "unit_price", .zh = "单价", .en = "Unit price", .type = FieldType::money, .required = Required::always,
     .merge = MergePolicy::person_decides, .in_list = true, .minimum = 0},
    {.id = "remark", .zh = "备注", .en = "Remarks", .type = FieldType::text, .in_list = true},
    {.id = "amount", .zh = "总价", .en = "Amount", .type = FieldType::money, .in_list = true,
     .derived_sql = 
         "multiply_divide(r.qty, r.unit_price, 1000)"},
};

inline constexpr Entity contract = {
    .id = "contract",
    .zh = "合同",
    .en = "Contract",
    .fields = contract_fields,
    .title_field = "title",
    .number_field = "contract_no",
    .number_prefix = "HT",
    .document = true,
    .icon = "form",
};

inline constexpr Entity contract_line = {
    .id = "contract_line",
    .zh = "合同明细",
    .en = "Contract line",
    .fields = contract_line_fields,
    .title_field = "line_no",
    .part_of = "contract",
    .icon = "list",
};

}  // namespace kehubu::catalog
