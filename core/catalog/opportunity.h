// Possible deals, from the first need to won or lost.
#pragma once

#include "core/catalog/lists.h"

namespace kehubu::catalog {

inline constexpr Field opportunity_fields[] = {
    {.id = "opp_no", .zh = "机会编号", .en = "Opportunity no.", .type = FieldType::text,
     .required = Required::always, .merge = MergePolicy::person_decides, .format = Format::code, .unique = true,
     .searchable = true, .in_list = true, .length_limit = 40},
    {.id = "topic", .zh = "主题", .en = "Topic", .type = FieldType::text, .required = Required::always,
     .searchable = true, .in_list = true, .aliases = "项目信息-主题"},
    {.id = "customer", .zh = "客户", .en = "Customer", .type = FieldType::reference, .required = Required::always,
     .references = "customer", .merge = MergePolicy::person_decides, .in_list = true},
    {.id = "contact", .zh = "主要联系人", .en = "Contact", .type = FieldType::reference, .references = "contact"},
    {.id = "owner", .zh = "业务员", .en = "Owner", .type = FieldType::reference, .required = Required::always,
     .references = "employee", .merge = MergePolicy::person_decides, .in_list = true, .default_value = "me"},
    {.id = "basic_info", .zh = "基本信息", .en = "Basic information", .type = FieldType::long_text,
     .group_zh = "需求", .group_en = "Needs"},
    {.id = "need", .zh = "项目需求", .en = "Need", .type = FieldType::long_text,
     .aliases = "现产品需求|产品|服务的需求"},
    {.id = "original_product", .zh = "原产品信息", .en = "Original product and supplier",
     .type = FieldType::long_text},
    {.id = "usage", .zh = "产品使用情况", .en = "Product usage", .type = FieldType::long_text},
    {.id = "obstacle", .zh = "跟踪情况及合作障碍", .en = "Obstacle", .type = FieldType::long_text},
    {.id = "analysis", .zh = "机会分析", .en = "Opportunity analysis", .type = FieldType::long_text},
    {.id = "countermeasure", .zh = "应对措施", .en = "Countermeasure", .type = FieldType::long_text},
    {.id = "interest", .zh = "意向产品", .en = "Product of interest", .type = FieldType::reference,
     .references = "product", .merge = MergePolicy::person_decides},
    {.id = "amount", .zh = "预计金额", .en = "Expected amount", .type = FieldType::money,
     .merge = MergePolicy::person_decides, .in_list = true, .minimum = 0, .group_zh = "金额与进度",
     .group_en = "Amount and progress"},
    {.id = "expected_close", .zh = "预计成交时间", .en = "Expected close date", .type = FieldType::date,
     .required = Required::conditional, .merge = MergePolicy::person_decides, .in_list = true},
    {.id = "stage", .zh = "销售阶段", .en = "Stage", .type = FieldType::choice, .required = Required::always,
     .list = &lists::opp_stage, .merge = MergePolicy::person_decides, .in_list = true, .workflow = true,
     .default_value = "prospecting", .aliases = "项目信息-阶段"},
    {.id = "stage_since", .zh = "进入本阶段日期", .en = "In stage since", .type = FieldType::date,
     .required = Required::always, .merge = MergePolicy::person_decides, .default_value = "today"},
    {.id = "level", .zh = "有望度", .en = "Prospect level", .type = FieldType::choice, .required = Required::always,
     .list = &lists::intent_level, .merge = MergePolicy::person_decides, .in_list = true},
    {.id = "probability", .zh = "成交概率", .en = "Closing odds", .type = FieldType::basis_points,
     .required = Required::always, .merge = MergePolicy::person_decides, .minimum = 0, .maximum = 10000},
    {.id = "closed_on", .zh = "成交", .en = "Closed on", .type = FieldType::date, .required = Required::conditional,
     .merge = MergePolicy::person_decides, .group_zh = "成交与流失", .group_en = "Won or lost", .aliases = "流失日期"},
    {.id = "lost_reason", .zh = "流失原因", .en = "Reason lost", .type = FieldType::choice,
     .required = Required::conditional, .list = &lists::lost_reason, .merge = MergePolicy::person_decides},
    {.id = "lost_analysis", .zh = "流失原因分析", .en = "Lost analysis", .type = FieldType::long_text,
     .required = Required::conditional},
    {.id = "lost_remedy", .zh = "挽回或改进措施", .en = "Win-back or improvement", .type = FieldType::long_text},
    {.id = "lost_manager_opinion", .zh = "主管意见", .en = "Manager's opinion", .type = FieldType::long_text},
    {.id = "remark", .zh = "备注", .en = "Remarks", .type = FieldType::long_text},
    {.id = "weighted", .zh = "加权金额", .en = "Weighted amount", .type = FieldType::money, .in_list = true,
     .derived_sql = 
         "CASE WHEN r.stage = 'lost' THEN 0 ELSE multiply_divide(r.amount, r.probability, 10000) END",
     .group_zh = "自动计算", .group_en = "Computed"},
    {.id = "days_in_stage", .zh = "本阶段天数", .en = "Days in stage", .type = FieldType::integer,
     .derived_sql = 
         "CAST(julianday(today()) - julianday(r.stage_since) AS INTEGER)"},
};

inline constexpr Entity opportunity = {
    .id = "opportunity",
    .zh = "销售机会",
    .en = "Opportunity",
    .fields = opportunity_fields,
    .title_field = "topic",
    .number_field = "opp_no",
    .number_prefix = "J",
    .icon = "opportunity",
};

}  // namespace kehubu::catalog
