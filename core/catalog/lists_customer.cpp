// Lists of customers and their contacts.
#include "core/catalog/lists.h"

namespace kehubu::lists {
namespace {

constexpr Choice party_type_choices[] = {
    {"customer", "客户", "Customer"},
    {"partner", "合作伙伴", "Partner"},
    {"supplier", "供应商", "Supplier"},
};

constexpr Choice customer_nature_choices[] = {
    {"organisation", "单位", "Organisation"},
    {"individual", "个人", "Individual"},
};

constexpr Choice ownership_choices[] = {
    {"sino_foreign_jv", "中外合资", "Sino-foreign joint venture"},
    {"state_owned", "国有（国营）", "State-owned"},
    {"collective", "集体", "Collective"},
    {"private", "民营", "Private"},
    {"foreign_owned", "外资", "Foreign-owned"},
    {"sole_trader", "个体工商户", "Sole trader"},
    {"public_institution", "事业单位", "Public institution"},
    {"other", "其他", "Other"},
};

constexpr Choice business_form_choices[] = {
    {"guesthouse", "宾馆", "Guest house"},
    {"hotel", "酒店", "Hotel"},
    {"unrated_catering", "无级餐饮", "Unrated catering"},
    {"tobacco_grocery", "烟杂店", "Tobacco and grocery shop"},
    {"general_mall", "综合商场（商场）", "General mall"},
    {"supermarket", "一般超市（超市）", "Supermarket"},
    {"chain_supermarket", "连锁超市", "Chain supermarket"},
    {"convenience_store", "便利商店", "Convenience store"},
    {"department_store", "百货公司", "Department store"},
    {"large_supermarket", "大超市", "Large supermarket"},
    {"warehouse_store", "量版店（量贩店）", "Warehouse store"},
    {"hypermarket", "大卖场", "Hypermarket"},
    {"institution", "机关单位", "Institution"},
    {"wholesale", "批发", "Wholesale"},
    {"specialty_store", "专卖店", "Speciality store"},
    {"other", "其他", "Other"},
};

constexpr Choice company_size_choices[] = {
    {"large", "大", "Large"},
    {"medium", "中", "Medium"},
    {"small", "小", "Small"},
    {"micro", "微型", "Micro"},
};

constexpr Choice industry_choices[] = {
    {"food_beverage", "食品饮料", "Food and beverage"},
    {"retail", "零售", "Retail"},
    {"wholesale", "批发", "Wholesale"},
    {"catering_lodging", "餐饮住宿", "Catering and lodging"},
    {"manufacturing", "制造业", "Manufacturing"},
    {"electronics", "电子信息制造", "Electronics"},
    {"automotive", "汽车", "Automotive"},
    {"construction_property", "建筑房地产", "Construction and property"},
    {"finance_insurance", "金融保险", "Finance and insurance"},
    {"it_telecom", "软件与信息服务", "Software and IT"},
    {"healthcare", "医药卫生", "Healthcare"},
    {"education", "教育", "Education"},
    {"transport_logistics", "交通物流", "Transport and logistics"},
    {"tourism", "旅游", "Tourism"},
    {"government", "政府机关", "Government"},
    {"agriculture", "农林牧渔", "Agriculture"},
    {"energy", "能源", "Energy"},
    {"other", "其他", "Other"},
};

constexpr Choice customer_source_choices[] = {
    {"active_search", "主动寻找", "Own search"},
    {"web_info", "网络信息", "Web"},
    {"map_search", "地图搜寻", "Map search"},
    {"referral", "转介绍", "Referral"},
    {"association", "地方协会", "Local association"},
    {"exhibition", "展销会", "Trade fair"},
    {"walk_in", "来店", "Walk-in"},
    {"call_in", "来电", "Incoming call"},
    {"campaign", "集客活动", "Campaign"},
    {"inquiry", "询盘", "Inquiry"},
    {"social_media", "社交媒体", "Social media"},
    {"other", "其他", "Other"},
};

constexpr Choice customer_grade_choices[] = {
    {"a", "A级", "Grade A"},
    {"b", "B级", "Grade B"},
    {"c", "C级", "Grade C"},
    {"d", "D级", "Grade D"},
    {"e", "E级", "Grade E"},
};

constexpr Choice importance_choices[] = {
    {"very_important", "非常重要", "Very important"},
    {"important", "重要", "Important"},
    {"normal", "一般", "Normal"},
};

constexpr Choice customer_class_choices[] = {
    {"key_account", "大客户", "Key account"},
    {"dealer", "经销商", "Dealer"},
    {"terminal", "终端客户", "End customer"},
    {"retail_person", "零散个人客户", "Individual buyer"},
    {"institution", "机关团体", "Institution"},
};

constexpr Choice evaluation_category_choices[] = {
    {"excellent", "优质", "Excellent"},
    {"good", "良好", "Good"},
    {"ordinary", "普通", "Ordinary"},
    {"attention", "需关注", "Needs attention"},
    {"bad", "劣质", "Poor"},
};

constexpr Choice progress_tag_choices[] = {
    {"contacted", "已沟通", "Contacted"},
    {"quoted", "已报价", "Quoted"},
    {"proposal_done", "已做方案", "Proposal made"},
    {"sampled", "已打样", "Sampled"},
    {"visited", "已拜访", "Visited"},
    {"negotiating", "谈判中", "Negotiating"},
};

constexpr Choice segment_tag_choices[] = {
    {"geo_local", "本地", "Local"},
    {"geo_outside", "外地", "Out of town"},
    {"demo_smb", "中小企业", "Small or medium business"},
    {"demo_large", "大型企业", "Large business"},
    {"behav_price_sensitive", "价格敏感", "Price-sensitive"},
    {"behav_quality_first", "质量优先", "Quality first"},
    {"psych_innovative", "求新", "Innovative"},
    {"psych_conservative", "求稳", "Conservative"},
};

constexpr Choice business_type_choices[] = {
    {"product_sale", "产品销售", "Product sales"},
    {"service", "服务", "Service"},
    {"distribution", "经销", "Distribution"},
    {"agency", "代理", "Agency"},
    {"project", "项目", "Project"},
    {"other", "其他", "Other"},
};

constexpr Choice coop_status_choices[] = {
    {"negotiating", "洽谈中", "Negotiating"},
    {"cooperating", "合作中", "Cooperating"},
    {"suspended", "暂停", "Suspended"},
    {"ended", "已结束", "Ended"},
};

constexpr Choice business_condition_choices[] = {
    {"booming", "旺", "Booming"},
    {"normal", "平稳", "Stable"},
    {"declining", "下滑", "Declining"},
    {"closing", "濒临停业", "About to close"},
};

constexpr Choice transport_mode_choices[] = {
    {"own_delivery", "我方送货", "Delivered by us"},
    {"self_pickup", "客户自提", "Collected by the customer"},
    {"road", "公路托运", "Road"},
    {"rail", "铁路", "Rail"},
    {"express", "快递", "Express"},
    {"water", "水运", "Water"},
};

constexpr Choice distribution_mode_choices[] = {
    {"consignment", "代销", "Consignment"},
    {"distribution", "经销", "Distribution"},
};

constexpr Choice member_level_choices[] = {
    {"ordinary", "普通会员", "Ordinary member"},
    {"silver", "银卡会员", "Silver member"},
    {"gold", "金卡会员", "Gold member"},
    {"platinum", "白金会员", "Platinum member"},
};

constexpr Choice lifecycle_stage_choices[] = {
    {"potential", "潜在客户", "Potential"},
    {"intent", "意向客户", "Interested"},
    {"new", "新客户", "New"},
    {"active", "活跃客户", "Active"},
    {"silent", "沉默客户", "Silent"},
    {"lost", "流失客户", "Lost"},
};

constexpr Choice follow_bucket_choices[] = {
    {"screening", "联系筛选客户", "To be screened"},
    {"long_term", "长期跟踪客户", "Long-term"},
    {"three_month", "近三个月能成交客户", "May close within three months"},
    {"this_month", "当月成交客户", "Closes this month"},
};

constexpr Choice record_status_choices[] = {
    {"active", "在用", "In use"},
    {"archived", "归档", "Archived"},
    {"merged", "已合并", "Merged"},
};

constexpr Choice gender_choices[] = {
    {"male", "男", "Male"},
    {"female", "女", "Female"},
    {"unknown", "未知", "Unknown"},
};

constexpr Choice contact_role_choices[] = {
    {"principal", "企业负责人（负责人）", "Person in charge"},
    {"legal_rep", "法人代表", "Legal representative"},
    {"purchaser", "采购员（采购人）", "Purchaser"},
    {"purchase_head", "采购部领导（采购主管）", "Head of purchasing"},
    {"executive", "主管采购的公司领导", "Executive for purchasing"},
    {"dept_head", "部门主管", "Department supervisor"},
    {"dept_manager", "部门经理", "Department manager"},
    {"handler", "经办人", "Handler"},
    {"finance", "财务", "Finance"},
    {"hr", "人事", "Human resources"},
    {"union", "工会", "Union"},
    {"payer", "付款人", "Payer"},
    {"other", "其他", "Other"},
};

constexpr Choice decision_role_choices[] = {
    {"decision_maker", "决策者", "Decision maker"},
    {"approver", "审批者", "Approver"},
    {"influencer", "影响者", "Influencer"},
    {"user", "使用者", "User"},
    {"gatekeeper", "把关者", "Gatekeeper"},
    {"coach", "内部支持者", "Inside supporter"},
    {"unknown", "未知", "Unknown"},
};

constexpr Choice contact_group_choices[] = {
    {"business", "商务", "Business"},
    {"technical", "技术", "Technical"},
    {"finance", "财务", "Finance"},
    {"executive", "高层", "Executive"},
    {"personal", "私交", "Personal"},
};

constexpr Choice marital_status_choices[] = {
    {"single", "未婚", "Single"},
    {"married", "已婚", "Married"},
    {"divorced", "离异", "Divorced"},
    {"widowed", "丧偶", "Widowed"},
    {"unknown", "未知", "Unknown"},
};

constexpr Choice zodiac_choices[] = {
    {"rat", "鼠", "Rat"},
    {"ox", "牛", "Ox"},
    {"tiger", "虎", "Tiger"},
    {"rabbit", "兔", "Rabbit"},
    {"dragon", "龙", "Dragon"},
    {"snake", "蛇", "Snake"},
    {"horse", "马", "Horse"},
    {"goat", "羊", "Goat"},
    {"monkey", "猴", "Monkey"},
    {"rooster", "鸡", "Rooster"},
    {"dog", "狗", "Dog"},
    {"pig", "猪", "Pig"},
};

constexpr Choice constellation_choices[] = {
    {"aries", "白羊座", "Aries"},
    {"taurus", "金牛座", "Taurus"},
    {"gemini", "双子座", "Gemini"},
    {"cancer", "巨蟹座", "Cancer"},
    {"leo", "狮子座", "Leo"},
    {"virgo", "处女座", "Virgo"},
    {"libra", "天秤座", "Libra"},
    {"scorpio", "天蝎座", "Scorpio"},
    {"sagittarius", "射手座", "Sagittarius"},
    {"capricorn", "摩羯座", "Capricorn"},
    {"aquarius", "水瓶座", "Aquarius"},
    {"pisces", "双鱼座", "Pisces"},
};

}  // namespace

const ChoiceList party_type = {"party_type", "客户类型", "Party type", false, party_type_choices};
const ChoiceList customer_nature = {"customer_nature", "客户性质", "Organisation or person", false, customer_nature_choices};
const ChoiceList ownership = {"ownership", "企业性质", "Ownership form", true, ownership_choices};
const ChoiceList business_form = {"business_form", "营业形态", "Business form", true, business_form_choices};
const ChoiceList company_size = {"company_size", "公司规模", "Company size", false, company_size_choices};
const ChoiceList industry = {"industry", "所属行业", "Industry", true, industry_choices};
const ChoiceList customer_source = {"customer_source", "客户来源", "Customer source", true, customer_source_choices};
const ChoiceList customer_grade = {"customer_grade", "客户级别", "Customer grade", false, customer_grade_choices};
const ChoiceList importance = {"importance", "重要程度", "Importance", false, importance_choices};
const ChoiceList customer_class = {"customer_class", "客户分类", "Customer class", true, customer_class_choices};
const ChoiceList evaluation_category = {"evaluation_category", "客户评价类别", "Customer evaluation category", true, evaluation_category_choices};
const ChoiceList progress_tag = {"progress_tag", "步骤标签", "Step tag", true, progress_tag_choices};
const ChoiceList segment_tag = {"segment_tag", "细分标签", "Segment tag", true, segment_tag_choices};
const ChoiceList business_type = {"business_type", "业务类型", "Business type", true, business_type_choices};
const ChoiceList coop_status = {"coop_status", "业务状态", "Business state", false, coop_status_choices};
const ChoiceList business_condition = {"business_condition", "营业情况", "Trading condition", false, business_condition_choices};
const ChoiceList transport_mode = {"transport_mode", "运输方式", "Transport mode", true, transport_mode_choices};
const ChoiceList distribution_mode = {"distribution_mode", "经销方式", "Distribution mode", false, distribution_mode_choices};
const ChoiceList member_level = {"member_level", "会员等级", "Member level", true, member_level_choices};
const ChoiceList lifecycle_stage = {"lifecycle_stage", "生命周期阶段", "Life-cycle stage", false, lifecycle_stage_choices};
const ChoiceList follow_bucket = {"follow_bucket", "意向客户分类", "Prospect bucket", false, follow_bucket_choices};
const ChoiceList record_status = {"record_status", "档案状态", "Record status", false, record_status_choices};
const ChoiceList gender = {"gender", "性别", "Gender", false, gender_choices};
const ChoiceList contact_role = {"contact_role", "联系人角色", "Contact role", true, contact_role_choices};
const ChoiceList decision_role = {"decision_role", "决策角色", "Decision role", false, decision_role_choices};
const ChoiceList contact_group = {"contact_group", "联系人分组", "Contact group", true, contact_group_choices};
const ChoiceList marital_status = {"marital_status", "婚姻状况", "Marital status", false, marital_status_choices};
const ChoiceList zodiac = {"zodiac", "生肖", "Chinese zodiac", false, zodiac_choices};
const ChoiceList constellation = {"constellation", "星座", "Western zodiac sign", false, constellation_choices};

}  // namespace kehubu::lists
