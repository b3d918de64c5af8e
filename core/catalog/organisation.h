// Our own organisation: units, employees, and the values that people add to editable lists.
#pragma once

#include "core/catalog/lists.h"

namespace kehubu::catalog {

inline constexpr Field org_unit_fields[] = {
    {.id = "code", .zh = "机构编号", .en = "Code", .type = FieldType::text, .required = Required::always,
     .format = Format::code, .unique = true, .searchable = true, .in_list = true, .length_limit = 20,
     .aliases = "区域代号"},
    {.id = "name", .zh = "名称", .en = "Name", .type = FieldType::text, .required = Required::always,
     .searchable = true, .in_list = true, .length_limit = 60, .aliases = "部门名|店名|所辖区域名称"},
    {.id = "kind", .zh = "机构类别", .en = "Kind", .type = FieldType::choice, .required = Required::always,
     .list = &lists::org_kind, .merge = MergePolicy::person_decides, .in_list = true},
    {.id = "parent", .zh = "上级机构", .en = "Parent", .type = FieldType::reference, .references = "org_unit",
     .merge = MergePolicy::person_decides, .in_list = true},
    {.id = "manager", .zh = "负责人", .en = "Manager", .type = FieldType::reference, .references = "employee",
     .merge = MergePolicy::person_decides, .in_list = true},
    {.id = "region", .zh = "所属区域", .en = "Region of a store", .type = FieldType::reference,
     .references = "org_unit", .merge = MergePolicy::person_decides, .aliases = "店面用"},
    {.id = "group_name", .zh = "组别", .en = "Territory group", .type = FieldType::text},
    {.id = "boundary", .zh = "区域界限", .en = "Territory boundary", .type = FieldType::long_text,
     .group_zh = "详情", .group_en = "Details"},
    {.id = "address", .zh = "地址", .en = "Address", .type = FieldType::text},
    {.id = "city", .zh = "所属城市", .en = "City", .type = FieldType::text},
    {.id = "phone", .zh = "联系电话", .en = "Phone", .type = FieldType::text, .format = Format::phone},
    {.id = "duties", .zh = "工作职责", .en = "Duties", .type = FieldType::long_text},
    {.id = "active", .zh = "启用", .en = "Active", .type = FieldType::boolean, .required = Required::always,
     .in_list = true, .default_value = "true"},
};

inline constexpr Field employee_fields[] = {
    {.id = "code", .zh = "员工编号", .en = "Employee code", .type = FieldType::text, .required = Required::always,
     .format = Format::code, .unique = true, .searchable = true, .in_list = true, .length_limit = 12,
     .aliases = "业务代码|工号", .hint_zh = "用于离线编号，如 R07", .hint_en = "Part of offline numbers, e.g. R07"},
    {.id = "name", .zh = "姓名", .en = "Name", .type = FieldType::text, .required = Required::always,
     .searchable = true, .in_list = true, .length_limit = 30},
    {.id = "phone", .zh = "联系电话", .en = "Phone", .type = FieldType::text, .format = Format::phone,
     .personal = PersonalData::ordinary, .searchable = true, .in_list = true},
    {.id = "email", .zh = "电子邮件", .en = "E-mail", .type = FieldType::text, .format = Format::email,
     .personal = PersonalData::ordinary},
    {.id = "hire_date", .zh = "入职日期", .en = "Hire date", .type = FieldType::date},
    {.id = "department", .zh = "部门", .en = "Department", .type = FieldType::reference, .references = "org_unit",
     .in_list = true, .group_zh = "岗位", .group_en = "Position"},
    {.id = "store", .zh = "所在店面", .en = "Store", .type = FieldType::reference, .references = "org_unit",
     .merge = MergePolicy::person_decides},
    {.id = "region", .zh = "负责区域", .en = "Region", .type = FieldType::reference, .references = "org_unit",
     .merge = MergePolicy::person_decides},
    {.id = "reports_to", .zh = "上级", .en = "Reports to", .type = FieldType::reference, .references = "employee",
     .merge = MergePolicy::person_decides},
    {.id = "role", .zh = "系统角色", .en = "Role", .type = FieldType::choice, .required = Required::always,
     .list = &lists::role, .merge = MergePolicy::person_decides, .in_list = true, .default_value = "rep"},
    {.id = "login_name", .zh = "登录名", .en = "Login name", .type = FieldType::text, .required = Required::always,
     .unique = true, .length_limit = 40, .group_zh = "账号", .group_en = "Account"},
    {.id = "status", .zh = "员工状态", .en = "Status", .type = FieldType::choice, .required = Required::always,
     .list = &lists::employee_status, .merge = MergePolicy::person_decides, .in_list = true,
     .default_value = "active"},
};

inline constexpr Field dict_item_fields[] = {
    {.id = "list", .zh = "列表", .en = "List", .type = FieldType::text, .required = Required::always,
     .format = Format::code, .in_list = true, .length_limit = 60},
    {.id = "ident", .zh = "标识", .en = "Identifier", .type = FieldType::text, .required = Required::always,
     .format = Format::code, .in_list = true, .length_limit = 60},
    {.id = "zh", .zh = "中文", .en = "Chinese label", .type = FieldType::text, .required = Required::always,
     .searchable = true, .in_list = true},
    {.id = "en", .zh = "英文", .en = "English label", .type = FieldType::text, .searchable = true, .in_list = true},
    {.id = "seq", .zh = "顺序", .en = "Order", .type = FieldType::integer, .required = Required::always,
     .in_list = true, .default_value = "1"},
    {.id = "active", .zh = "启用", .en = "Active", .type = FieldType::boolean, .required = Required::always,
     .in_list = true, .default_value = "true"},
};

inline constexpr Entity org_unit = {
    .id = "org_unit",
    .zh = "机构",
    .en = "Organisation unit",
    .fields = org_unit_fields,
    .title_field = "name",
    .icon = "building",
};

inline constexpr Entity employee = {
    .id = "employee",
    .zh = "员工",
    .en = "Employee",
    .fields = employee_fields,
    .title_field = "name",
    .icon = "user",
};

inline constexpr Entity dict_item = {
    .id = "dict_item",
    .zh = "字典项",
    .en = "Dictionary item",
    .fields = dict_item_fields,
    .title_field = "zh",
    .icon = "list",
};

}  // namespace kehubu::catalog
