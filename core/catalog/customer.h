// Customers and the people who work there.
#pragma once

#include "core/catalog/lists.h"

namespace kehubu::catalog {

// R-CLS-03. Orders are not kept here yet: that a customer buys is known from its signed contracts, each for as long as it
// runs, and from its won opportunities.
inline constexpr std::string_view lifecycle_sql =
    "CASE WHEN r.coop_status = 'ended' THEN 'lost' ELSE (SELECT CASE"
    " WHEN first_deal IS NULL THEN (SELECT CASE WHEN count(*) > 0 AND min(o.stage IS 'lost') THEN 'lost'"
    "  WHEN max(coalesce(o.stage, '') NOT IN ('won', 'lost') AND coalesce(o.level, 'none') <> 'none') THEN 'intent'"
    "  ELSE 'potential' END FROM opportunity o WHERE o.customer = r.id AND o.live = 1)"
    " WHEN last_deal < date(today(), '-180 days') THEN 'lost'"
    " WHEN last_deal < date(today(), '-90 days') THEN 'silent'"
    " WHEN first_deal >= date(today(), '-90 days') THEN 'new' ELSE 'active' END"
    " FROM (SELECT min(begun) AS first_deal, max(lasted) AS last_deal FROM ("
    "SELECT k.signed_on AS begun, CASE WHEN k.status = 'active' AND (k.end_on IS NULL OR k.end_on >= today()) THEN today()"
    " WHEN k.status <> 'terminated' AND k.end_on < today() THEN k.end_on ELSE k.signed_on END AS lasted"
    " FROM contract k WHERE k.customer = r.id AND k.live = 1"
    " AND k.status IN ('active', 'completed', 'terminated', 'expired') AND k.signed_on IS NOT NULL"
    " UNION ALL SELECT o.closed_on, o.closed_on FROM opportunity o"
    " WHERE o.customer = r.id AND o.live = 1 AND o.stage = 'won' AND o.closed_on IS NOT NULL))) END";

// R-LEV-04: the earlier of what is planned and of the last contact + the days that level or grade allow. Before the first
// contact a plan stands alone: a list that is imported brings filing days of years ago, and those are nobody's promise. Without
// a plan the days run from the filing.
// Whoever is lost or filed away is contacted only where somebody planned it.
inline constexpr std::string_view next_follow_up_sql =
    "(SELECT coalesce(min(planned, due), planned, due) FROM (SELECT planned,"
    " CASE WHEN r.lifecycle = 'lost' OR coalesce(r.status, 'active') <> 'active' THEN NULL ELSE"
    " date(coalesce(last_contact, iif(planned IS NULL, r.filed_on, NULL)), CASE r.intent_level WHEN 'o' THEN '+2 days' WHEN 'a' THEN '+3 days'"
    " WHEN 'b' THEN '+7 days' WHEN 'c' THEN '+15 days' ELSE CASE r.grade WHEN 'a' THEN '+7 days' WHEN 'b' THEN '+14 days'"
    " WHEN 'd' THEN '+60 days' WHEN 'e' THEN '+90 days' ELSE '+30 days' END END) END AS due"
    " FROM (SELECT last_contact, (SELECT min(local_day(i.planned_at)) FROM interaction i WHERE i.customer = r.id AND i.live = 1"
    "  AND i.status = 'planned' AND (last_contact IS NULL OR local_day(i.planned_at) >= last_contact)) AS planned"
    " FROM (SELECT local_day(r.last_contact_at) AS last_contact))))";

// R-OPP-04: the best bucket of the customer's opportunities.
inline constexpr std::string_view follow_bucket_sql =
    "(SELECT CASE min(CASE WHEN o.stage = 'won' THEN iif(substr(o.closed_on, 1, 7) = substr(today(), 1, 7), 1, 4)"
    " WHEN o.stage = 'lost' THEN 4 WHEN o.expected_close < date(today(), 'start of month', '+1 month') THEN 1"
    " WHEN o.expected_close < date(today(), 'start of month', '+3 months') THEN 2"
    " WHEN coalesce(o.level, 'none') <> 'none' THEN 3 ELSE 4 END)"
    " WHEN 1 THEN 'this_month' WHEN 2 THEN 'three_month' WHEN 3 THEN 'long_term' ELSE 'screening' END"
    " FROM opportunity o WHERE o.customer = r.id AND o.live = 1)";

inline constexpr Field customer_fields[] = {
    {.id = "code", .zh = "客户编号", .en = "Customer no.", .type = FieldType::text, .required = Required::always,
     .merge = MergePolicy::person_decides, .format = Format::code, .unique = true, .searchable = true,
     .in_list = true, .length_limit = 40},
    {.id = "name", .zh = "客户名称", .en = "Name", .type = FieldType::text, .required = Required::always,
     .searchable = true, .in_list = true, .group_zh = "基本信息", .group_en = "Basics",
     .aliases = "单位名称|公司名称|客户全称|企业名称"},
    {.id = "mnemonic", .zh = "助记", .en = "Mnemonic", .type = FieldType::text, .searchable = true,
     .aliases = "助记码|简称"},
    {.id = "party_types", .zh = "客户类型", .en = "Party types", .type = FieldType::choices,
     .required = Required::always, .list = &lists::party_type, .default_value = "customer"},
    {.id = "nature", .zh = "客户性质", .en = "Organisation or person", .type = FieldType::choice,
     .required = Required::always, .list = &lists::customer_nature, .merge = MergePolicy::person_decides,
     .default_value = "organisation"},
    {.id = "parent", .zh = "从属单位", .en = "Parent company", .type = FieldType::reference,
     .references = "customer", .merge = MergePolicy::person_decides},
    {.id = "branch_name", .zh = "分店名称", .en = "Branch name", .type = FieldType::text, .searchable = true},
    {.id = "registered_name", .zh = "注册名称", .en = "Registered name", .type = FieldType::text, .searchable = true,
     .group_zh = "工商登记", .group_en = "Registration"},
    {.id = "registered_date", .zh = "注册日期", .en = "Registration date", .type = FieldType::date,
     .merge = MergePolicy::person_decides},
    {.id = "registered_address", .zh = "注册地址", .en = "Registered address", .type = FieldType::text},
    {.id = "registered_capital", .zh = "注册资金", .en = "Registered capital", .type = FieldType::money,
     .merge = MergePolicy::person_decides, .minimum = 0, .aliases = "资本金"},
    {.id = "tax_no", .zh = "税务编号", .en = "Tax number", .type = FieldType::text,
     .merge = MergePolicy::person_decides, .format = Format::tax_number, .unique = true, .searchable = true,
     .aliases = "税号"},
    {.id = "license_no", .zh = "营业执照编号", .en = "Business licence no.", .type = FieldType::text,
     .merge = MergePolicy::person_decides, .format = Format::licence_number, .searchable = true},
    {.id = "ownership", .zh = "企业性质", .en = "Ownership form", .type = FieldType::choice,
     .list = &lists::ownership, .merge = MergePolicy::person_decides, .aliases = "组织形态|经营性质"},
    {.id = "business_forms", .zh = "营业形态", .en = "Business forms", .type = FieldType::choices,
     .list = &lists::business_form, .group_zh = "经营", .group_en = "Business", .aliases = "类别|经营类别"},
    {.id = "industry", .zh = "所属行业", .en = "Industry", .type = FieldType::choice, .list = &lists::industry,
     .in_list = true},
    {.id = "size", .zh = "公司规模", .en = "Company size", .type = FieldType::choice, .list = &lists::company_size},
    {.id = "main_business", .zh = "主营项目", .en = "Main business / profile", .type = FieldType::long_text,
     .aliases = "企业简介"},
    {.id = "website", .zh = "公司网址", .en = "Web site", .type = FieldType::text, .format = Format::website},
    {.id = "country", .zh = "国家", .en = "Country", .type = FieldType::text, .default_value = "中国",
     .group_zh = "联系方式", .group_en = "How to reach"},
    {.id = "city", .zh = "所属城市", .en = "City", .type = FieldType::text, .searchable = true, .in_list = true},
    {.id = "address", .zh = "地址", .en = "Address", .type = FieldType::text, .personal = PersonalData::ordinary,
     .aliases = "单位地址|公司地址|营业地址|详细地址"},
    {.id = "delivery_address", .zh = "送货地址", .en = "Delivery address", .type = FieldType::text},
    {.id = "postcode", .zh = "邮编", .en = "Post code", .type = FieldType::text, .format = Format::postcode},
    {.id = "phone", .zh = "电话", .en = "Phone", .type = FieldType::text, .format = Format::phone,
     .personal = PersonalData::ordinary, .searchable = true, .in_list = true,
     .aliases = "联系方式|公司电话|单位电话|联系电话"},
    {.id = "fax", .zh = "传真", .en = "Fax", .type = FieldType::text, .format = Format::phone},
    {.id = "email", .zh = "电邮", .en = "E-mail", .type = FieldType::text, .format = Format::email,
     .personal = PersonalData::ordinary, .searchable = true, .aliases = "邮箱|电子邮件"},
    {.id = "bank_name", .zh = "开户银行", .en = "Bank", .type = FieldType::text,
     .merge = MergePolicy::person_decides, .group_zh = "开户银行", .group_en = "Bank"},
    {.id = "bank_account", .zh = "账号", .en = "Bank account", .type = FieldType::text,
     .merge = MergePolicy::person_decides, .format = Format::bank_account, .personal = PersonalData::private_data},
    {.id = "bank_address", .zh = "开户行地址", .en = "Bank address", .type = FieldType::text},
    {.id = "region", .zh = "所属区域", .en = "Region", .type = FieldType::reference, .references = "org_unit",
     .merge = MergePolicy::person_decides, .group_zh = "归属", .group_en = "Ownership"},
    {.id = "owner", .zh = "业务员", .en = "Owner", .type = FieldType::reference, .required = Required::always,
     .references = "employee", .merge = MergePolicy::person_decides, .in_list = true, .default_value = "me",
     .aliases = "负责人|业务负责人|我方负责人"},
    {.id = "filed_on", .zh = "建档日期", .en = "File opened on", .type = FieldType::date,
     .required = Required::always, .merge = MergePolicy::person_decides, .default_value = "today"},
    {.id = "source", .zh = "客户来源", .en = "Source", .type = FieldType::choice, .list = &lists::customer_source},
    {.id = "source_note", .zh = "来源说明", .en = "Source detail", .type = FieldType::text, .aliases = "转介绍人等"},
    {.id = "grade", .zh = "客户级别", .en = "Grade", .type = FieldType::choice, .list = &lists::customer_grade,
     .merge = MergePolicy::person_decides, .in_list = true, .group_zh = "分级与标签", .group_en = "Grades and tags",
     .aliases = "等级|级别|客户等级"},
    {.id = "importance", .zh = "重要程度", .en = "Importance", .type = FieldType::choice, .list = &lists::importance,
     .merge = MergePolicy::person_decides, .aliases = "优先等级"},
    {.id = "customer_class", .zh = "客户分类", .en = "Own class", .type = FieldType::choice,
     .list = &lists::customer_class, .merge = MergePolicy::person_decides},
    {.id = "evaluation_category", .zh = "客户评价类别", .en = "Evaluation category", .type = FieldType::choice,
     .list = &lists::evaluation_category, .merge = MergePolicy::person_decides},
    {.id = "tags", .zh = "标签", .en = "Step tags", .type = FieldType::choices, .list = &lists::progress_tag,
     .aliases = "步骤分化"},
    {.id = "segments", .zh = "细分标签", .en = "Segment tags", .type = FieldType::choices,
     .list = &lists::segment_tag},
    {.id = "business_type", .zh = "业务类型", .en = "Business type", .type = FieldType::choice,
     .list = &lists::business_type, .merge = MergePolicy::person_decides, .group_zh = "业务状态",
     .group_en = "Dealings"},
    {.id = "coop_status", .zh = "业务状态", .en = "Business state", .type = FieldType::choice,
     .list = &lists::coop_status, .merge = MergePolicy::person_decides},
    {.id = "coop_start", .zh = "业务开始日期", .en = "Business start", .type = FieldType::date,
     .merge = MergePolicy::person_decides},
    {.id = "coop_end", .zh = "业务结束日期", .en = "Business end", .type = FieldType::date,
     .merge = MergePolicy::person_decides},
    {.id = "no_visit_time", .zh = "不宜访问时间", .en = "Times not to visit", .type = FieldType::text},
    {.id = "store_count", .zh = "总门店数", .en = "Number of stores", .type = FieldType::integer, .minimum = 0,
     .group_zh = "经营条件", .group_en = "Premises and trade", .aliases = "分店数目"},
    {.id = "floor_area", .zh = "营业面积", .en = "Floor area (m²)", .type = FieldType::quantity,
     .merge = MergePolicy::person_decides, .minimum = 0},
    {.id = "shop_staff", .zh = "营业人员", .en = "Shop staff", .type = FieldType::integer, .minimum = 0},
    {.id = "trading_condition", .zh = "营业情况", .en = "Trading condition", .type = FieldType::choice,
     .list = &lists::business_condition},
    {.id = "warehouse_area", .zh = "仓库面积", .en = "Warehouse area (m²)", .type = FieldType::quantity,
     .merge = MergePolicy::person_decides, .minimum = 0},
    {.id = "transport", .zh = "运输方式", .en = "Transport", .type = FieldType::choice,
     .list = &lists::transport_mode},
    {.id = "trade_area", .zh = "商圈范围", .en = "Trade area", .type = FieldType::text},
    {.id = "distribution_mode", .zh = "经销方式", .en = "Distribution mode", .type = FieldType::choice,
     .list = &lists::distribution_mode, .merge = MergePolicy::person_decides},
    {.id = "trade_mode", .zh = "交易方式", .en = "Trade mode", .type = FieldType::choice, .list = &lists::trade_mode,
     .merge = MergePolicy::person_decides},
    {.id = "settlement_method", .zh = "结算方式", .en = "Settlement method", .type = FieldType::choice,
     .list = &lists::settlement_method, .merge = MergePolicy::person_decides, .group_zh = "结算与付款",
     .group_en = "Settlement and payment"},
    {.id = "settlement_time", .zh = "结算时间", .en = "Settlement time", .type = FieldType::text,
     .merge = MergePolicy::person_decides},
    {.id = "settlement_discount", .zh = "结算折扣率", .en = "Settlement discount rate",
     .type = FieldType::basis_points, .merge = MergePolicy::person_decides, .minimum = 0, .maximum = 10000},
    {.id = "payment_term", .zh = "付款条件", .en = "Default payment term", .type = FieldType::choice,
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
    {.id = "persona_features", .zh = "画像：特征", .en = "Persona: features", .type = FieldType::long_text,
     .group_zh = "客户画像", .group_en = "Persona"},
    {.id = "persona_demands", .zh = "画像：诉求", .en = "Persona: demands", .type = FieldType::long_text,
     .aliases = "客户需求"},
    {.id = "persona_advantages", .zh = "画像：优势", .en = "Persona: advantages", .type = FieldType::long_text},
    {.id = "preference", .zh = "购买偏好", .en = "Purchase preference", .type = FieldType::long_text,
     .aliases = "需求偏好"},
    {.id = "potential_score", .zh = "长期潜力评分", .en = "Long-term potential 1–5", .type = FieldType::integer,
     .minimum = 1, .maximum = 5},
    {.id = "member_no", .zh = "会员号", .en = "Member no.", .type = FieldType::text,
     .merge = MergePolicy::person_decides, .unique = true, .searchable = true, .group_zh = "会员",
     .group_en = "Membership"},
    {.id = "member_level", .zh = "会员等级", .en = "Member level", .type = FieldType::choice,
     .list = &lists::member_level, .merge = MergePolicy::person_decides},
    {.id = "member_since", .zh = "入会日期", .en = "Member since", .type = FieldType::date,
     .merge = MergePolicy::person_decides},
    {.id = "consent", .zh = "个人信息处理同意", .en = "Privacy consent given", .type = FieldType::boolean,
     .required = Required::always, .merge = MergePolicy::person_decides, .default_value = "false",
     .group_zh = "档案管理", .group_en = "File"},
    {.id = "verified_on", .zh = "最近核实日期", .en = "Last verified on", .type = FieldType::date,
     .merge = MergePolicy::person_decides},
    {.id = "verified_by", .zh = "核实人", .en = "Verified by", .type = FieldType::reference, .references = "employee"},
    {.id = "status", .zh = "档案状态", .en = "Record status", .type = FieldType::choice,
     .required = Required::always, .list = &lists::record_status, .merge = MergePolicy::person_decides,
     .default_value = "active"},
    {.id = "merged_into", .zh = "并入客户", .en = "Merged into", .type = FieldType::reference,
     .required = Required::conditional, .references = "customer", .merge = MergePolicy::person_decides},
    {.id = "remark", .zh = "备注", .en = "Remarks", .type = FieldType::long_text},
    {.id = "first_contact_at", .zh = "首次联系时间", .en = "First contact time", .type = FieldType::date_time,
     .derived_sql = 
         "(SELECT min(i.occurred_at) FROM interaction i WHERE i.customer = r.id AND i.live = 1 AND i.status = 'done'"
         " AND NOT EXISTS (SELECT 1 FROM interaction c WHERE c.corrects = i.id AND c.live = 1))",
     .group_zh = "自动计算", .group_en = "Computed", .aliases = "初次接触日期"},
    {.id = "last_contact_at", .zh = "最后联系时间", .en = "Last contact time", .type = FieldType::date_time,
     .in_list = true,
     .derived_sql = 
         "(SELECT max(i.occurred_at) FROM interaction i WHERE i.customer = r.id AND i.live = 1 AND i.status = 'done'"
         " AND NOT EXISTS (SELECT 1 FROM interaction c WHERE c.corrects = i.id AND c.live = 1))"},
    {.id = "intent_level", .zh = "有望度", .en = "Prospect level", .type = FieldType::choice,
     .list = &lists::intent_level, .in_list = true,
     .derived_sql = 
         "(SELECT CASE min(instr('oabcn', substr(coalesce(o.level, 'none'), 1, 1)))"
         " WHEN 1 THEN 'o' WHEN 2 THEN 'a' WHEN 3 THEN 'b' WHEN 4 THEN 'c' WHEN 5 THEN 'none' END"
         " FROM opportunity o WHERE o.customer = r.id AND o.live = 1 AND coalesce(o.stage, '') NOT IN ('won', 'lost'))"},
    {.id = "lifecycle", .zh = "生命周期阶段", .en = "Life-cycle stage", .type = FieldType::choice,
     .list = &lists::lifecycle_stage, .derived_sql = lifecycle_sql},
    {.id = "next_follow_up", .zh = "下次跟进日", .en = "Next follow-up due", .type = FieldType::date,
     .derived_sql = next_follow_up_sql},
    {.id = "follow_bucket", .zh = "意向客户分类", .en = "Prospect bucket", .type = FieldType::choice,
     .list = &lists::follow_bucket, .derived_sql = follow_bucket_sql},
    {.id = "has_contract", .zh = "有无合约", .en = "Has contract", .type = FieldType::boolean,
     .derived_sql = 
         "EXISTS (SELECT 1 FROM contract k WHERE k.customer = r.id AND k.live = 1 AND k.status = 'active'"
         " AND (k.end_on IS NULL OR k.end_on >= today()))"},
    {.id = "completeness", .zh = "档案完整度", .en = "File completeness", .type = FieldType::basis_points,
     .derived_sql = 
         "(SELECT multiply_divide(always_filled + CASE WHEN r.nature = 'individual' THEN 0 ELSE organisation_filled END, 10000,"
         " CASE WHEN r.nature = 'individual' THEN 9 ELSE 12 END) FROM (SELECT"
         " (r.address IS NOT NULL) + (r.phone IS NOT NULL) + (r.industry IS NOT NULL) + (r.region IS NOT NULL) +"
         " (r.owner IS NOT NULL) + (r.grade IS NOT NULL) + (r.source IS NOT NULL) +"
         " EXISTS (SELECT 1 FROM contact p WHERE p.customer = r.id AND p.live = 1 AND (p.phone IS NOT NULL OR p.mobile IS NOT NULL)) +"
         " EXISTS (SELECT 1 FROM interaction i WHERE i.customer = r.id AND i.live = 1 AND i.status = 'done' AND i.occurred_at >= now_ms() - 15552000000) AS always_filled,"
         " (r.ownership IS NOT NULL) + (r.tax_no IS NOT NULL) + (r.payment_term IS NOT NULL) AS organisation_filled))"},
};

inline constexpr Field contact_fields[] = {
    {.id = "customer", .zh = "单位名称", .en = "Customer", .type = FieldType::reference,
     .required = Required::always, .references = "customer", .merge = MergePolicy::person_decides, .in_list = true,
     .aliases = "客户名称|公司名称|客户"},
    {.id = "name", .zh = "联系人姓名", .en = "Name", .type = FieldType::text, .required = Required::always,
     .personal = PersonalData::ordinary, .searchable = true, .in_list = true, .aliases = "姓名|客户姓名"},
    {.id = "nickname", .zh = "昵称", .en = "Nickname", .type = FieldType::text, .personal = PersonalData::ordinary,
     .searchable = true},
    {.id = "gender", .zh = "性别", .en = "Gender", .type = FieldType::choice, .list = &lists::gender,
     .personal = PersonalData::ordinary},
    {.id = "roles", .zh = "联系人角色", .en = "Roles", .type = FieldType::choices, .list = &lists::contact_role},
    {.id = "is_primary", .zh = "主要联系人", .en = "Primary contact", .type = FieldType::boolean,
     .required = Required::always, .in_list = true, .default_value = "false", .aliases = "首要联系人"},
    {.id = "department", .zh = "部门", .en = "Department", .type = FieldType::text, .group_zh = "职务",
     .group_en = "Position"},
    {.id = "title", .zh = "职务", .en = "Job title", .type = FieldType::text, .in_list = true,
     .aliases = "职位|现在职衔"},
    {.id = "professional_title", .zh = "职称", .en = "Professional title", .type = FieldType::text},
    {.id = "phone", .zh = "电话", .en = "Office phone", .type = FieldType::text, .format = Format::phone,
     .personal = PersonalData::ordinary, .searchable = true, .in_list = true, .group_zh = "联系方式",
     .group_en = "How to reach", .aliases = "公司电话|办公电话"},
    {.id = "mobile", .zh = "私人电话", .en = "Mobile", .type = FieldType::text, .format = Format::phone,
     .personal = PersonalData::ordinary, .searchable = true, .in_list = true, .aliases = "手机|联系方式|移动电话"},
    {.id = "home_phone", .zh = "住宅电话", .en = "Home phone", .type = FieldType::text, .format = Format::phone,
     .personal = PersonalData::private_data, .searchable = true},
    {.id = "fax", .zh = "传真", .en = "Fax", .type = FieldType::text, .format = Format::phone},
    {.id = "email", .zh = "电邮", .en = "E-mail", .type = FieldType::text, .format = Format::email,
     .personal = PersonalData::ordinary, .searchable = true, .aliases = "邮箱|电子邮件|Email"},
    {.id = "wechat", .zh = "社交媒体账号", .en = "Social-media account", .type = FieldType::text,
     .personal = PersonalData::ordinary, .searchable = true, .aliases = "微信号|微信"},
    {.id = "address", .zh = "住址", .en = "Home address", .type = FieldType::text,
     .personal = PersonalData::private_data},
    {.id = "birthday", .zh = "生日", .en = "Birthday", .type = FieldType::date,
     .personal = PersonalData::private_data, .group_zh = "个人资料", .group_en = "Personal", .aliases = "出生年月日"},
    {.id = "birth_year", .zh = "出生年份", .en = "Birth year", .type = FieldType::integer,
     .personal = PersonalData::private_data, .minimum = 1900, .maximum = 2100},
    {.id = "birthplace", .zh = "出生地", .en = "Birthplace", .type = FieldType::text,
     .personal = PersonalData::private_data},
    {.id = "native_place", .zh = "籍贯", .en = "Native place", .type = FieldType::text,
     .personal = PersonalData::private_data},
    {.id = "zodiac", .zh = "生肖", .en = "Chinese zodiac", .type = FieldType::choice, .list = &lists::zodiac,
     .personal = PersonalData::private_data},
    {.id = "constellation", .zh = "星座", .en = "Zodiac sign", .type = FieldType::choice,
     .list = &lists::constellation, .personal = PersonalData::private_data,
     .derived_sql = 
         "CASE WHEN r.birthday IS NULL THEN NULL ELSE (SELECT CASE"
         " WHEN d >= '03-21' AND d <= '04-19' THEN 'aries' WHEN d >= '04-20' AND d <= '05-20' THEN 'taurus'"
         " WHEN d >= '05-21' AND d <= '06-21' THEN 'gemini' WHEN d >= '06-22' AND d <= '07-22' THEN 'cancer'"
         " WHEN d >= '07-23' AND d <= '08-22' THEN 'leo' WHEN d >= '08-23' AND d <= '09-22' THEN 'virgo'"
         " WHEN d >= '09-23' AND d <= '10-23' THEN 'libra' WHEN d >= '10-24' AND d <= '11-22' THEN 'scorpio'"
         " WHEN d >= '11-23' AND d <= '12-21' THEN 'sagittarius' WHEN d >= '12-22' OR d <= '01-19' THEN 'capricorn'"
         " WHEN d <= '02-18' THEN 'aquarius' ELSE 'pisces' END FROM (SELECT substr(r.birthday, 6) AS d)) END"},
    {.id = "hobbies", .zh = "兴趣爱好", .en = "Hobbies", .type = FieldType::long_text,
     .personal = PersonalData::private_data, .aliases = "嗜好与娱乐"},
    {.id = "marital", .zh = "婚姻状况", .en = "Marital status", .type = FieldType::choice,
     .list = &lists::marital_status, .personal = PersonalData::private_data},
    {.id = "wedding_day", .zh = "结婚纪念日", .en = "Wedding anniversary", .type = FieldType::date,
     .personal = PersonalData::private_data},
    {.id = "reports_to", .zh = "上级联系人", .en = "Reports to", .type = FieldType::reference,
     .references = "contact", .group_zh = "关系", .group_en = "Relations", .aliases = "协作脉络"},
    {.id = "decision_role", .zh = "决策角色", .en = "Decision role", .type = FieldType::choice,
     .list = &lists::decision_role, .in_list = true},
    {.id = "groups", .zh = "联系人分组", .en = "Groups", .type = FieldType::choices, .list = &lists::contact_group},
    {.id = "consent", .zh = "个人信息处理同意", .en = "Privacy consent given", .type = FieldType::boolean,
     .required = Required::always, .merge = MergePolicy::person_decides, .default_value = "false",
     .group_zh = "档案管理", .group_en = "File"},
    {.id = "consent_on", .zh = "同意日期", .en = "Consent date", .type = FieldType::date,
     .required = Required::conditional, .merge = MergePolicy::person_decides},
    {.id = "left", .zh = "已离职", .en = "Left the company", .type = FieldType::boolean,
     .required = Required::always, .merge = MergePolicy::person_decides, .default_value = "false"},
    {.id = "remark", .zh = "备注", .en = "Remarks", .type = FieldType::long_text},
    {.id = "age", .zh = "年龄", .en = "Age", .type = FieldType::integer, .personal = PersonalData::private_data,
     .derived_sql = 
         "CASE WHEN r.birthday IS NOT NULL THEN CAST(substr(today(), 1, 4) AS INTEGER) - CAST(substr(r.birthday, 1, 4) AS INTEGER)"
         " - (substr(today(), 6) < substr(r.birthday, 6))"
         " WHEN r.birth_year IS NOT NULL THEN CAST(substr(today(), 1, 4) AS INTEGER) - r.birth_year END"},
};

inline constexpr Entity customer = {
    .id = "customer",
    .zh = "客户",
    .en = "Customer",
    .fields = customer_fields,
    .title_field = "name",
    .number_field = "code",
    .number_prefix = "K",
    .icon = "customers",
};

inline constexpr Entity contact = {
    .id = "contact",
    .zh = "联系人",
    .en = "Contact",
    .fields = contact_fields,
    .title_field = "name",
    .icon = "contact",
};

}  // namespace kehubu::catalog
