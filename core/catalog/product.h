// What we sell.
#pragma once

#include "core/catalog/lists.h"

namespace kehubu::catalog {

inline constexpr Field product_fields[] = {
    {.id = "code", .zh = "产品编号", .en = "Product no.", .type = FieldType::text, .required = Required::always,
     .merge = MergePolicy::person_decides, .format = Format::code, .unique = true, .searchable = true,
     .in_list = true},
    {.id = "name", .zh = "产品/服务名称", .en = "Product/service name", .type = FieldType::text,
     .required = Required::always, .searchable = true, .in_list = true, .length_limit = 80,
     .aliases = "产品名称|服务名称|品名|商品名称"},
    {.id = "spec", .zh = "规格", .en = "Specification", .type = FieldType::text, .searchable = true, .in_list = true},
    {.id = "category", .zh = "产品类别", .en = "Category", .type = FieldType::choice, .required = Required::always,
     .list = &lists::product_category, .in_list = true},
    {.id = "packaging", .zh = "包装方式", .en = "Packaging", .type = FieldType::choice, .list = &lists::packaging,
     .default_value = "none"},
    {.id = "unit", .zh = "单位", .en = "Unit", .type = FieldType::text, .required = Required::always, .in_list = true},
    {.id = "list_price", .zh = "售价", .en = "List (selling) price", .type = FieldType::money,
     .required = Required::always, .merge = MergePolicy::person_decides, .in_list = true, .minimum = 0,
     .group_zh = "价格", .group_en = "Prices"},
    {.id = "cost_price", .zh = "成本价", .en = "Cost price", .type = FieldType::money,
     .merge = MergePolicy::person_decides, .minimum = 0},
    {.id = "is_service", .zh = "是否服务", .en = "Is a service", .type = FieldType::boolean,
     .required = Required::always, .merge = MergePolicy::person_decides, .default_value = "false",
     .group_zh = "状态", .group_en = "State"},
    {.id = "fee_enabled", .zh = "适用客情费", .en = "Relationship expense applies", .type = FieldType::boolean,
     .required = Required::always, .merge = MergePolicy::person_decides, .default_value = "false"},
    {.id = "active", .zh = "在售", .en = "On sale", .type = FieldType::boolean, .required = Required::always,
     .merge = MergePolicy::person_decides, .in_list = true, .default_value = "true"},
    {.id = "remark", .zh = "备注", .en = "Remarks", .type = FieldType::long_text},
};

inline constexpr Entity product = {
    .id = "product",
    .zh = "产品",
    .en = "Product",
    .fields = product_fields,
    .title_field = "name",
    .icon = "box",
};

}  // namespace kehubu::catalog
