// Lists of interactions, opportunities, contracts and terms of trade.
#include "core/catalog/lists.h"

namespace kehubu::lists {
namespace {

constexpr Choice interaction_status_choices[] = {
    {"planned", "计划", "Planned"},
    {"done", "已完成", "Done"},
    {"cancelled", "取消", "Cancelled"},
    {"missed", "未执行", "Missed"},
};

constexpr Choice interaction_kind_choices[] = {
    {"phone", "电话", "Phone"},
    {"visit", "拜访", "Visit"},
    {"email", "邮件", "E-mail"},
    {"social", "社交媒体", "Social media"},
    {"sms", "短信", "Text message"},
    {"store_visit", "来店接待", "Visit to our store"},
    {"call_in", "来电接待", "Incoming call"},
    {"joint_activity", "合作活动", "Joint activity"},
    {"meeting", "会议", "Meeting"},
    {"survey_call", "回访", "Follow-up call"},
    {"gift_card", "发礼物及贺卡", "Gift or card"},
    {"other", "其他", "Other"},
};

constexpr Choice visit_scenario_choices[] = {
    {"cold", "陌生拜访", "Cold visit"},
    {"referral", "转介绍", "Referral"},
    {"existing", "老客户拜访", "Existing customer"},
    {"reception", "接待", "Reception"},
    {"prospect_followup", "潜在客户回访", "Prospect follow-up"},
    {"after_sale_followup", "售后回访", "After-sales follow-up"},
    {"special_date", "特殊日期维护", "Special date"},
    {"collection", "催收货款", "Payment collection"},
    {"complaint", "投诉处理", "Complaint handling"},
    {"plan_review", "回顾POP业绩", "Account-plan review"},
};

constexpr Choice carried_material_choices[] = {
    {"company_brochure", "公司宣传资料", "Company brochure"},
    {"business_card", "名片", "Business cards"},
    {"flyer", "彩页", "Flyers"},
    {"notebook", "笔记本", "Notebook"},
    {"pen", "签字笔", "Pen"},
    {"sample", "样品", "Samples"},
    {"promo_item", "宣传品", "Promotional items"},
    {"gift", "馈赠礼品", "Gift"},
    {"record_tool", "客户记录工具", "Recording tool"},
};

constexpr Choice intent_level_choices[] = {
    {"o", "O级", "Level O"},
    {"a", "A级", "Level A"},
    {"b", "B级", "Level B"},
    {"c", "C级", "Level C"},
    {"none", "未定级", "Not rated"},
};

constexpr Choice opp_stage_choices[] = {
    {"prospecting", "潜在客户挖掘", "Prospecting"},
    {"needs", "客户需求分析", "Needs analysis"},
    {"proposal", "解决方案制定（已做方案）", "Proposal"},
    {"quoted", "已报价", "Quoted"},
    {"negotiation", "交易谈判", "Negotiation"},
    {"contract", "合同签约", "Contract"},
    {"won", "成交", "Won"},
    {"lost", "流失", "Lost"},
};

constexpr Choice lost_reason_choices[] = {
    {"price", "价格", "Price"},
    {"product_fit", "产品不符", "Product does not fit"},
    {"competitor", "选择竞品", "Chose a competitor"},
    {"service", "服务不满", "Dissatisfied with service"},
    {"delivery", "交期", "Delivery time"},
    {"budget", "预算取消", "Budget cancelled"},
    {"timing", "时机推迟", "Postponed"},
    {"relationship", "关系因素", "Relationship"},
    {"no_contact", "失去联系", "Lost touch"},
    {"other", "其他", "Other"},
};

constexpr Choice contract_kind_choices[] = {
    {"sales", "销售合同", "Sales contract"},
    {"dealership", "经销合同", "Dealership contract"},
    {"service", "服务协议", "Service agreement"},
    {"subscription", "认购协议书", "Subscription agreement"},
    {"other", "其他", "Other"},
};

constexpr Choice contract_status_choices[] = {
    {"draft", "草稿", "Draft"},
    {"pending_approval", "待审批", "Waiting for approval"},
    {"active", "执行中", "Active"},
    {"completed", "已完成", "Completed"},
    {"terminated", "已终止", "Terminated"},
    {"expired", "已到期", "Expired"},
};

constexpr Choice billing_mode_choices[] = {
    {"by_order", "按订单", "By order"},
    {"by_contract", "按合同", "By contract"},
};

constexpr Choice payment_method_choices[] = {
    {"cash", "现金", "Cash"},
    {"credit_card", "信用卡", "Credit card"},
    {"instalment", "分期付款", "Instalments"},
    {"bank_transfer", "银行转账", "Bank transfer"},
    {"cheque", "支票", "Cheque"},
    {"acceptance_bill", "承兑汇票", "Acceptance bill"},
    {"wechat_pay", "微信支付", "WeChat Pay"},
    {"alipay", "支付宝", "Alipay"},
    {"full_payment", "全款", "Paid in full"},
    {"mortgage", "按揭", "Mortgage"},
};

constexpr Choice payment_term_choices[] = {
    {"prepaid", "款到发货", "Prepaid"},
    {"cod", "货到结现", "Cash on delivery"},
    {"monthly_cash", "月结现金（固定每月日结款）", "Monthly, cash on a fixed day"},
    {"monthly_bill", "月结X天票", "Monthly, X-day bill"},
    {"bill_days", "货到X天票", "X-day bill from delivery"},
    {"net_days", "进货后X天结现或结X天票", "X days after purchase"},
    {"prev_batch", "押前批款但X天无进货结现", "Previous batch, at most X days"},
    {"floor_stock", "押X元铺底数超额付现", "Above a floor stock of X yuan"},
    {"prepaid_then_net", "X%款到发货Y天结现", "X % prepaid, rest in Y days"},
    {"cod_then_net", "X%货到结现Y天结现", "X % on delivery, rest in Y days"},
    {"prepaid_then_batch", "X%款到发货Y%押下批进货时付现，超过Z天无进货亦付现", "X % prepaid, Y % with the next batch, at most Z days"},
    {"other", "其他", "Other"},
};

constexpr Choice trade_mode_choices[] = {
    {"cash_sale", "现款", "Cash sale"},
    {"credit_sale", "赊销", "Credit sale"},
    {"consignment", "代销", "Consignment"},
    {"prepaid", "预付", "Prepaid"},
};

constexpr Choice settlement_method_choices[] = {
    {"cash", "现金", "Cash"},
    {"bill", "票据", "Bill"},
    {"mixed", "现金加票据", "Cash and bill"},
    {"transfer", "转账", "Transfer"},
};

constexpr Choice discount_kind_choices[] = {
    {"account_deduct", "账扣", "Deducted from the account"},
    {"goods_deduct", "实物扣", "Given in goods"},
    {"none", "无", "None"},
};

constexpr Choice rebate_kind_choices[] = {
    {"unconditional", "无条件返利", "Unconditional rebate"},
    {"conditional", "有条件返利", "Conditional rebate"},
    {"none", "无", "None"},
};

}  // namespace

const ChoiceList interaction_status = {"interaction_status", "联系状态", "Interaction status", false, interaction_status_choices};
const ChoiceList interaction_kind = {"interaction_kind", "联系方式", "Interaction method", true, interaction_kind_choices};
const ChoiceList visit_scenario = {"visit_scenario", "拜访场景", "Visit scenario", true, visit_scenario_choices};
const ChoiceList carried_material = {"carried_material", "携带物资", "Materials carried", true, carried_material_choices};
const ChoiceList intent_level = {"intent_level", "有望度", "Prospect level", false, intent_level_choices};
const ChoiceList opp_stage = {"opp_stage", "销售阶段", "Opportunity stage", false, opp_stage_choices};
const ChoiceList lost_reason = {"lost_reason", "流失原因", "Lost reason", true, lost_reason_choices};
const ChoiceList contract_kind = {"contract_kind", "合同类别", "Contract kind", true, contract_kind_choices};
const ChoiceList contract_status = {"contract_status", "合同状态", "Contract state", false, contract_status_choices};
const ChoiceList billing_mode = {"billing_mode", "开单方式", "Billing mode", false, billing_mode_choices};
const ChoiceList payment_method = {"payment_method", "付款方式", "Payment method", true, payment_method_choices};
const ChoiceList payment_term = {"payment_term", "付款条件", "Payment term", false, payment_term_choices};
const ChoiceList trade_mode = {"trade_mode", "交易方式", "Trade mode", true, trade_mode_choices};
const ChoiceList settlement_method = {"settlement_method", "结算方式", "Settlement method", true, settlement_method_choices};
const ChoiceList discount_kind = {"discount_kind", "扣别", "Discount kind", false, discount_kind_choices};
const ChoiceList rebate_kind = {"rebate_kind", "返利条款", "Rebate kind", false, rebate_kind_choices};

}  // namespace kehubu::lists
