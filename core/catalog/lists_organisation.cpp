// Lists of our own organisation and of products.
#include "core/catalog/lists.h"

namespace kehubu::lists {
namespace {

constexpr Choice org_kind_choices[] = {
    {"company", "公司", "Company"},
    {"department", "部门", "Department"},
    {"store", "店面", "Store"},
    {"big_region", "大区", "Large region"},
    {"province_region", "省区", "Province region"},
    {"district", "片区", "District"},
};

constexpr Choice role_choices[] = {
    {"rep", "销售代表", "Sales representative"},
    {"clerk", "销售文员", "Sales clerk"},
    {"sales_manager", "销售部经理", "Sales manager"},
    {"finance", "财务部", "Finance"},
    {"director", "营销总监（营销总经理）", "Sales director"},
    {"admin", "系统管理员", "Administrator"},
};

constexpr Choice employee_status_choices[] = {
    {"active", "在职", "Employed"},
    {"left", "离职", "Left"},
    {"disabled", "停用", "Disabled"},
};

constexpr Choice product_category_choices[] = {
    {"roasted_nuts", "炒货", "Roasted nuts"},
    {"preserved_fruit", "蜜饯", "Preserved fruit"},
    {"dried_goods", "干货", "Dried goods"},
    {"jelly", "果冻", "Jelly"},
    {"candy", "糖果", "Candy"},
    {"assorted", "组合装", "Assorted"},
    {"imported_module", "进口模块", "Imported"},
    {"other", "其他", "Other"},
};

constexpr Choice packaging_choices[] = {
    {"bag", "袋装", "Bagged"},
    {"bulk", "散装", "Bulk"},
    {"gift_box", "礼盒装", "Gift box"},
    {"none", "不适用", "Not applicable"},
};

}  // namespace

const ChoiceList org_kind = {"org_kind", "机构类别", "Organisation-unit kind", false, org_kind_choices};
const ChoiceList role = {"role", "系统角色", "Role", false, role_choices};
const ChoiceList employee_status = {"employee_status", "员工状态", "Employee state", false, employee_status_choices};
const ChoiceList product_category = {"product_category", "产品类别", "Product category", true, product_category_choices};
const ChoiceList packaging = {"packaging", "包装方式", "Packaging", true, packaging_choices};

}  // namespace kehubu::lists
