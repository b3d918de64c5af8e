// Interactions: visits, calls and messages, planned and done. A done one is a fact: it is corrected by another record.
#pragma once

#include "core/catalog/lists.h"

namespace kehubu::catalog {

inline constexpr Field interaction_fields[] = {
    {.id = "customer", .zh = "单位名称", .en = "Customer", .type = FieldType::reference,
     .required = Required::always, .references = "customer", .merge = MergePolicy::person_decides, .in_list = true,
     .aliases = "客户"},
    {.id = "contact", .zh = "联系人姓名", .en = "Contact", .type = FieldType::reference,
     .required = Required::conditional, .references = "contact", .in_list = true},
    {.id = "contact_text", .zh = "联系人", .en = "Contact typed by hand", .type = FieldType::text,
     .required = Required::conditional, .aliases = "手工输入"},
    {.id = "employee", .zh = "业务员", .en = "Employee", .type = FieldType::reference, .required = Required::always,
     .references = "employee", .merge = MergePolicy::person_decides, .in_list = true, .default_value = "me"},
    {.id = "status", .zh = "联系状态", .en = "Status", .type = FieldType::choice, .required = Required::always,
     .list = &lists::interaction_status, .merge = MergePolicy::person_decides, .in_list = true,
     .default_value = "done"},
    {.id = "planned_at", .zh = "计划时间", .en = "Planned time", .type = FieldType::date_time,
     .required = Required::conditional, .merge = MergePolicy::person_decides, .group_zh = "时间与方式",
     .group_en = "When and how"},
    {.id = "occurred_at", .zh = "联系时间", .en = "Contact time", .type = FieldType::date_time,
     .required = Required::conditional, .merge = MergePolicy::person_decides, .in_list = true,
     .aliases = "拜访日期|沟通时间|谈话时间"},
    {.id = "duration_min", .zh = "时长", .en = "Duration (min)", .type = FieldType::integer, .minimum = 0,
     .maximum = 1440, .aliases = "分钟"},
    {.id = "kind", .zh = "联系方式", .en = "Method", .type = FieldType::choice, .required = Required::always,
     .list = &lists::interaction_kind, .merge = MergePolicy::person_decides, .in_list = true,
     .default_value = "visit", .aliases = "跟踪方式|沟通方式"},
    {.id = "scenario", .zh = "拜访场景", .en = "Scenario", .type = FieldType::choice, .list = &lists::visit_scenario},
    {.id = "place", .zh = "地点", .en = "Place", .type = FieldType::text, .aliases = "见面地址"},
    {.id = "purpose", .zh = "目的", .en = "Purpose", .type = FieldType::text, .required = Required::conditional,
     .searchable = true, .group_zh = "内容", .group_en = "Content"},
    {.id = "content", .zh = "沟通内容", .en = "Content", .type = FieldType::long_text,
     .required = Required::conditional, .searchable = true, .in_list = true},
    {.id = "result", .zh = "结果", .en = "Result", .type = FieldType::long_text, .searchable = true},
    {.id = "customer_feedback", .zh = "客户反馈", .en = "Customer's feedback", .type = FieldType::long_text},
    {.id = "countermeasure", .zh = "应对措施", .en = "Countermeasure", .type = FieldType::long_text},
    {.id = "next_plan", .zh = "后续计划", .en = "Next plan", .type = FieldType::long_text, .group_zh = "下一步",
     .group_en = "Next step"},
    {.id = "next_at", .zh = "下次联系时间", .en = "Next contact time", .type = FieldType::date_time,
     .merge = MergePolicy::person_decides},
    {.id = "opportunity", .zh = "项目", .en = "Opportunity", .type = FieldType::reference,
     .references = "opportunity", .group_zh = "关联", .group_en = "Related", .aliases = "机会"},
    {.id = "level_after", .zh = "本次有望度", .en = "Level after contact", .type = FieldType::choice,
     .list = &lists::intent_level, .merge = MergePolicy::person_decides},
    {.id = "materials", .zh = "携带物资", .en = "Materials carried", .type = FieldType::choices,
     .list = &lists::carried_material},
    {.id = "location", .zh = "定位", .en = "GPS position", .type = FieldType::text,
     .personal = PersonalData::private_data},
    {.id = "remark", .zh = "备注", .en = "Remarks", .type = FieldType::long_text},
    {.id = "corrects", .zh = "更正", .en = "Corrects", .type = FieldType::reference, .references = "interaction",
     .merge = MergePolicy::person_decides, .hint_zh = "已完成的记录不能修改；更正是一条新记录",
     .hint_en = "A done record is never changed; a correction is a new record"},
    {.id = "follows", .zh = "来自联系", .en = "Follows", .type = FieldType::reference, .references = "interaction",
     .hint_zh = "由这次联系的“下次联系时间”产生", .hint_en = "Made by the next contact time of that interaction"},
    // R-VIS-01: a plan whose day has passed is shown as missed.
    {.id = "status_now", .zh = "当前状态", .en = "Status today", .type = FieldType::choice,
     .list = &lists::interaction_status,
     .derived_sql = "iif(r.status = 'planned' AND local_day(r.planned_at) < today(), 'missed', r.status)",
     .group_zh = "自动计算", .group_en = "Computed"},
};

inline constexpr Entity interaction = {
    .id = "interaction",
    .zh = "联系记录",
    .en = "Interaction",
    .fields = interaction_fields,
    .title_field = "purpose",
    .fact_field = "status",
    .fact_value = "done",
    .fact_open_fields = "next_plan|next_at|contact|contact_text",
    .icon = "visit",
};

}  // namespace kehubu::catalog
