// What happens on visits. {c} is the contact, {p} the product, {q} a number of cases.
#include <array>

#include "core/sample/data.h"

namespace kehubu::sample {
namespace {

constexpr Scene first_visit[] = {
    {"visit", "cold", "company_brochure,business_card,sample", 25, {"了解客户基础信息、交换联系方式", "Get to know them, exchange cards"},
     {"第一次上门，{c}在店里。介绍了公司和{p}，对方现在从批发市场拿货，抱怨品质不稳。", "First visit; {c} was in. Introduced us and the {p}. They buy at the wholesale market and complain of uneven quality."},
     {"留下样品和名片，对方愿意试吃。", "Left samples and a card; they will taste."}, {"三天后电话问试吃意见", "Call in three days about the taste"}},
    {"visit", "cold", "flyer,business_card", 15, {"陌生拜访，找到采购决策人", "Cold visit: find who decides"},
     {"前台说采购归{c}管，等了十分钟见到面。聊了{p}的规格和到货时间。", "The desk said {c} does the buying; met after ten minutes. Talked about sizes of {p} and delivery times."},
     {"拿到手机号，约好下周再谈。", "Got the mobile number; next week again."}, {"发电子版产品册", "Send the catalogue"}},
    {"visit", "referral", "sample,business_card", 30, {"转介绍首访，了解规模及需求", "First visit on a recommendation"},
     {"老客户介绍过来，{c}很客气，带着看了货架。{p}这一类目前有两个牌子，动销一般。", "Recommended by an old customer; {c} was friendly and showed the shelves. Two brands of this kind, selling so-so."},
     {"对方要一份价格表和检测报告。", "Wants a price list and the test report."}, {"整理资料，周五前送到", "Bring the papers by Friday"}},
};
constexpr Scene needs_call[] = {
    {"phone", "prospect_followup", "", 12, {"确认试吃意见与用量", "Taste and quantities"},
     {"{c}说{p}口味可以，担心起订量。解释了可以先{q}箱试单。", "{c} likes the {p} but fears the minimum order. Explained that {q} cases are enough to begin."}, {"要和合伙人商量。", "Has to ask a partner."}, {"周末前再联系", "Again before the weekend"}},
    {"social", "prospect_followup", "", 8, {"微信跟进需求", "Follow up by WeChat"},
     {"发了{p}的配料表和实拍图，{c}问保质期和退换规定，都答复了。", "Sent ingredients and photographs of the {p}; {c} asked about shelf life and returns, all answered."}, {"对方把资料转给了老板。", "Passed on to the owner."}, {"约时间带样上门", "Fix a day for bringing samples"}},
    {"call_in", "reception", "", 10, {"客户来电询价", "They call for a price"},
     {"{c}来电问{p}{q}箱什么价、多久能到。报了目录价，说明满50箱有折让。", "{c} asks what {q} cases of {p} cost and when they can be here. Gave the list price, with a discount from 50 cases."}, {"价格可以接受，交期要再快一天。", "The price is acceptable; delivery one day sooner."}, {"问仓库能否次日达", "Ask the warehouse about next-day delivery"}},
};
constexpr Scene sample_visit[] = {
    {"visit", "prospect_followup", "sample,promo_item", 35, {"带样试吃，定规格", "Tasting; choose the pack"},
     {"带了三个批次的{p}，{c}和两位同事一起试。一致选了中间一批，觉得甜度合适。", "Brought three batches of {p}; {c} and two colleagues tasted and all chose the middle one."}, {"口味通过，要小规格报价。", "Taste approved; wants a price for the small pack."}, {"两天内出正式报价", "A quotation within two days"}},
    {"visit", "prospect_followup", "sample,flyer", 40, {"看场地，谈陈列", "Look at the place; talk about display"},
     {"看了收银台和端架，{c}同意给{p}一个位置，但要我们出陈列架。", "Looked at the till and the end of the shelves. {c} gives the {p} a place if we bring the rack."}, {"位置约60厘米宽，可放六个品种。", "60 cm wide, room for six kinds."}, {"申请陈列架，做效果图", "Apply for a rack, draw it up"}},
};
constexpr Scene quote_step[] = {
    {"email", "prospect_followup", "", 20, {"发送报价单", "Send the quotation"},
     {"报价{p}{q}箱，含运费，有效期15天。抄送{c}和财务。", "Quoted {q} cases of {p}, freight included, valid 15 days. Copy to {c} and their accounts."}, {"当天已读，未回复。", "Read the same day; no answer yet."}, {"三天后电话确认", "Call in three days"}},
    {"phone", "prospect_followup", "", 15, {"跟进报价反馈", "Answer to the quotation?"},
     {"{c}说总价高了一点，想要账期。告知首单现款、第二单起可谈30天。", "{c} finds the sum a little high and wants credit. First order cash; 30 days from the second."}, {"松口了，要见面敲定。", "Softening; wants to meet."}, {"下周上门谈条件", "Visit next week about terms"}},
};
constexpr Scene bargaining[] = {
    {"visit", "prospect_followup", "record_tool", 50, {"谈价格与账期", "Prices and credit"},
     {"和{c}谈了近一小时：{p}单价让2%，换取整年不换供应商；账期30天，超期停货。", "Nearly an hour with {c}: 2 % off the {p} for a year without another supplier; 30 days' credit, no goods when overdue."}, {"原则同意，等法务看条款。", "Agreed in principle; their lawyers read it."}, {"发合同草稿", "Send the draft contract"}},
    {"meeting", "prospect_followup", "", 60, {"双方碰头会", "Meeting of both sides"},
     {"陈强一起到场。对方关心旺季断货，我们承诺{p}安全库存不少于{q}箱。", "Chen Qiang came along. They fear shortages in the season; we promise a stock of {q} cases of {p}."}, {"把保供写进补充条款。", "Security of supply goes into a clause."}, {"修改合同后再约签字", "Change the contract, then sign"}},
};
constexpr Scene regular_visit[] = {
    {"visit", "existing", "notebook,sample", 40, {"例行拜访、盘点补货", "Regular visit: count and restock"},
     {"和{c}一起点了库存，{p}剩不到一周的量，补{q}箱。老批次已拉到前排。", "Counted with {c}: less than a week of {p}; {q} cases ordered. The older batch moved to the front."}, {"当场下单，明天送货。", "Ordered on the spot; delivered tomorrow."}, {"下周看新陈列效果", "See next week how the new display sells"}},
    {"visit", "existing", "promo_item", 30, {"检查陈列，换价签", "Check the display, change price tags"},
     {"堆头被竞品占了半边，和{c}交涉后恢复。{p}换上新价签，补了爆炸贴。", "A competitor had half of our display; put right with {c}. New tags and stickers on the {p}."}, {"陈列恢复，拍照留底。", "Display restored, photographed."}, {"两周内抽查一次", "Look again within two weeks"}},
    {"phone", "existing", "", 8, {"电话补货", "Restock by phone"}, {"{c}要{p}{q}箱，另问节前有没有活动。", "{c} wants {q} cases of {p} and asks about a promotion before the holiday."}, {"已下单，周四到。", "Ordered; arrives Thursday."}, {"活动方案出来先发给他们", "Send them the promotion first"}},
    {"visit", "existing", "flyer", 45, {"推荐新品", "Show something new"}, {"带了新品试吃，{c}觉得包装好看，但怕和{p}抢位置。建议先放两家店试卖。", "Brought the new product. {c} likes the pack but fears for the place of the {p}. Suggested a trial in two shops."}, {"同意试两家店、四周。", "Two shops, four weeks."}, {"每周报一次动销", "Report sales weekly"}},
};
constexpr Scene regular_more[] = {
    {"visit", "plan_review", "record_tool", 55, {"季度回顾", "Review of the quarter"}, {"用动销表和{c}过了一遍：{p}同比增长，果冻下滑。对方希望加大周末促销。", "Went through the sales with {c}: {p} up on last year, jelly down. They want more at weekends."}, {"定下每月一次周末试吃。", "One tasting a month, at the weekend."}, {"排促销员班表", "Plan the promoters"}},
    {"phone", "collection", "", 10, {"提醒到期货款", "Remind of a payment due"}, {"提醒{c}本月货款，对方说发票少一张，已请刘芳补寄。", "Reminded {c} of this month's payment; one invoice was missing, Liu Fang sends it."}, {"答应收到后三天内付。", "Pays within three days of getting it."}, {"周五查到账", "Check on Friday"}},
    {"survey_call", "after_sale_followup", "", 12, {"到货回访", "Call after delivery"}, {"{c}说{p}到货完好，司机帮忙卸到冷库，很满意。", "{c}: the {p} came in good order and the driver helped unload; very content."}, {"无问题。", "No problem."}, {"按计划补货", "Restock as planned"}},
    {"visit", "existing", "gift", 25, {"节前拜访", "Visit before the holiday"}, {"送了样品礼盒，聊了春节计划。{c}打算把{p}备到{q}箱。", "Brought a sample box and talked about New Year. {c} plans a stock of {q} cases of {p}."}, {"意向明确，等价格政策。", "Decided; waits for the price list."}, {"政策一出马上报价", "Quote as soon as it is out"}},
};
constexpr Scene dealer_visit[] = {
    {"visit", "existing", "record_tool", 60, {"盘库存、看出货", "Stock and sell-through"}, {"仓库里{p}还有{q}箱，{c}说乡镇出货慢，想我们派人跑一趟。", "{q} cases of {p} in the warehouse. {c}: slow in the townships; would like us to go there with him."}, {"安排下周联合拜访分销商。", "Joint visits to his retailers next week."}, {"列分销商名单", "List the retailers"}},
    {"joint_activity", "existing", "flyer,promo_item", 180, {"联合拜访分销商", "Visiting retailers together"}, {"跟{c}的车跑了八家店，六家补货，两家嫌价高。{p}最好走。", "Rode with {c} to eight shops: six restocked, two found it dear. The {p} sells best."}, {"补货合计{q}箱。", "{q} cases in all."}, {"两家高价店谈陈列支持", "Offer the two shops display support"}},
    {"phone", "existing", "", 15, {"对返利与到货", "Rebate and deliveries"}, {"和{c}核对上月返利，差两笔退货没冲，已请财务查。{p}下批周三发车。", "Checked last month's rebate with {c}; two returns are not booked, accounts looks. The next {p} leaves Wednesday."}, {"数字对上后再签字。", "Signs when the figures agree."}, {"周三前给结果", "Answer by Wednesday"}},
};
constexpr Scene complaint[] = {
    {"call_in", "complaint", "", 18, {"投诉：到货少箱", "Complaint: cases missing"}, {"{c}来电，{p}少了两箱，外包装有压痕。语气比较急，已道歉并登记。", "{c} calls: two cases of {p} missing, cartons crushed. Impatient; apologised and recorded."}, {"答应24小时内补货。", "Replacement within 24 hours."}, {"联系仓库和承运商", "Speak to warehouse and carrier"}},
    {"visit", "complaint", "sample,gift", 45, {"上门处理投诉", "Visit about the complaint"}, {"带着补货当面点清，{c}指出{p}日期不够新。同意换一批三个月内的。", "Brought the replacement and counted it together. {c}: the {p} is not fresh enough. We change it for one under three months old."}, {"客户接受处理，暂不换供应商。", "Accepted; stays with us for now."}, {"一周后回访", "Call in a week"}},
};
constexpr Scene complaint_after[] = {
    {"survey_call", "after_sale_followup", "", 10, {"投诉回访", "Call after the complaint"}, {"问{c}换货后的情况，说卖得正常，希望以后发货前拍照。", "Asked {c} after the exchange: selling normally; wants a photograph before each delivery."}, {"已写进发货要求。", "Written into the delivery instructions."}, {"下单时再确认一次", "Remind at the next order"}},
};
constexpr Scene sleepy_call[] = {
    {"phone", "existing", "", 6, {"问候，唤醒合作", "A greeting, to wake things up"}, {"{c}说今年预算收紧，节日福利改发购物卡，{p}暂时不订。", "{c}: the budget is tight and they give vouchers this year; no {p} for now."}, {"保持联系。", "Stay in touch."}, {"春节前一个月再问", "Ask again a month before New Year"}},
    {"social", "special_date", "", 5, {"节日问候", "Holiday greetings"}, {"发了中秋问候和新品图，{c}回了谢谢，说换了领导要重新走流程。", "Sent Mid-Autumn greetings and pictures. {c} thanks; a new director, so everything begins anew."}, {"等新领导到任。", "Wait for the new director."}, {"打听新领导分工", "Find out who decides now"}},
};
constexpr Scene sleepy_before[] = {
    {"visit", "existing", "gift,flyer", 30, {"拜访维护关系", "Keep the relation warm"}, {"顺路拜访{c}，去年的{p}反馈不错，但今年还没立项。", "Called on {c} in passing: last year's {p} was liked, but nothing is planned yet."}, {"给了两套方案参考。", "Left two proposals."}, {"季度末再跟进", "Again at the end of the quarter"}},
    {"phone", "prospect_followup", "", 9, {"跟进方案", "About the proposals"}, {"{c}在外地出差，简单聊了两句，方案还没看。", "{c} was travelling and has not read them."}, {"没有进展。", "No progress."}, {"两周后再打", "Call in two weeks"}},
};
constexpr Scene lost_talk[] = {
    {"phone", "prospect_followup", "", 14, {"了解未成交原因", "Why not us?"}, {"{c}直说选了别家，{p}不是品质问题。感谢坦诚，约定明年再给机会。", "{c} said frankly that they took another; the quality of the {p} was not the reason. Thanked and agreed on a chance next year."}, {"本次流失。", "Lost this time."}, {"三个月后回访", "Call in three months"}},
};
constexpr Scene member_visit[] = {
    {"store_visit", "reception", "sample", 20, {"会员到店选购", "A member comes to the showroom"}, {"{c}到店试吃，买了{p}和两袋话梅，问积分怎么用。", "{c} tasted and bought {p} and two bags of plums; asked how to use the points."}, {"成交，积分已登记。", "Bought; points recorded."}, {"到新货时微信通知", "Tell by WeChat when the new batch is in"}},
    {"social", "special_date", "", 4, {"生日祝福", "Birthday wishes"}, {"发了生日祝福和会员券，{c}很高兴，说周末来用。", "Sent wishes and a voucher; {c} was glad and comes at the weekend."}, {"已领券。", "Voucher taken."}, {"周末留货", "Keep some aside for the weekend"}},
};
constexpr Scene member_call[] = {
    {"phone", "existing", "", 7, {"年货团购", "New Year orders"}, {"{c}帮同事统计年货，预计{p}{q}箱，要开发票。", "{c} collects New Year orders for colleagues: about {q} cases of {p}, with an invoice."}, {"月底前确认数量。", "Numbers by the end of the month."}, {"留出库存", "Keep stock for them"}},
};
constexpr Scene planned_rows[] = {
    {"visit", "existing", "sample,notebook", 0, {"补货并看新陈列效果", "Restock and look at the new display"}, {}, {}, {}},
    {"visit", "prospect_followup", "sample,flyer", 0, {"带样上门，谈起订量", "Bring samples, talk about the first order"}, {}, {}, {}},
    {"phone", "prospect_followup", "", 0, {"确认报价反馈", "Answer to the quotation"}, {}, {}, {}},
    {"meeting", "prospect_followup", "record_tool", 0, {"合同条款最后确认", "Last look at the contract"}, {}, {}, {}},
    {"visit", "plan_review", "record_tool", 0, {"季度回顾与春节计划", "Quarterly review and New Year plan"}, {}, {}, {}},
    {"phone", "collection", "", 0, {"提醒本月货款", "Remind of this month's payment"}, {}, {}, {}},
    {"survey_call", "after_sale_followup", "", 0, {"投诉处理后回访", "Call after the complaint"}, {}, {}, {}},
    {"social", "special_date", "", 0, {"送生日祝福", "Birthday wishes"}, {}, {}, {}},
};

using Moments = std::span<const std::span<const Scene>>;
constexpr std::span<const Scene> regular_story[] = {regular_visit, regular_more, regular_visit, regular_more, regular_visit};
constexpr std::span<const Scene> dealer_story[] = {dealer_visit, regular_more, dealer_visit, dealer_visit, regular_more};
constexpr std::span<const Scene> fresh_story[] = {first_visit, needs_call};
constexpr std::span<const Scene> trying_story[] = {first_visit, needs_call, sample_visit, quote_step};
constexpr std::span<const Scene> signing_story[] = {first_visit, sample_visit, quote_step, bargaining, bargaining};
constexpr std::span<const Scene> sleepy_story[] = {sleepy_before, sleepy_call};
constexpr std::span<const Scene> unhappy_story[] = {regular_visit, regular_more, complaint, complaint, complaint_after};
constexpr std::span<const Scene> lost_story[] = {first_visit, quote_step, lost_talk};
constexpr std::span<const Scene> member_story[] = {member_visit, member_call, member_visit};

}  // namespace

std::span<const std::span<const Scene>> scenes_of(Story story) {
  static constexpr std::array<Moments, 9> stories = {regular_story, dealer_story,  fresh_story, trying_story, signing_story,
                                                     sleepy_story,  unhappy_story, lost_story,  member_story};
  return stories[static_cast<std::size_t>(story)];
}

std::span<const Scene> planned_scenes() { return planned_rows; }

}  // namespace kehubu::sample
