// Deals under way, won and lost, and what was signed.
#include "core/sample/data.h"

namespace kehubu::sample {
namespace {

constexpr Opportunity opportunity_rows[] = {
    {"粤秀书吧", {"小份坚果进咖啡馆", "Small nut portions for the café"}, {"每份30克，透明小袋", "30 g in clear bags"}, "CH-105", 600000, "prospecting", -6, 60, "c", 1000, "", {}, {}},
    {"启明中学食堂", {"进入学校供应商名录", "Onto the school's supplier list"}, {"资质齐全、低糖", "Certificates; little sugar"}, "GD-301", 3600000, "prospecting", -18, 100, "c", 1000, "", {}, {}},
    {"桂林漓江假日", {"四店客房小吧坚果", "Nuts for the minibars of four hotels"}, {"小罐装，保质期六个月以上", "Small tins that keep six months"}, "CH-104", 8800000, "prospecting", -11, 75, "c", 1000, "", {}, {}},
    {"海味轩", {"甜品榛子仁供应", "Hazelnuts for desserts"}, {"每月10箱，需要小包装试用", "10 cases a month; wants a small pack to try"}, "JK-601", 8000000, "needs", -9, 24, "b", 2500, "", {}, {}},
    {"福田智谷产业园", {"园区下午茶集采", "Afternoon snacks for the tenants"}, {"三十家企业，按周配送", "Thirty companies, weekly deliveries"}, "CH-105", 15000000, "needs", -14, 45, "b", 2500, "", {}, {}},
    {"羊城书城文创店", {"岭南礼盒联名", "Gift box with the bookshop's own design"}, {"封套联名，首批200盒", "Own sleeve, first 200 boxes"}, "ZH-501", 4200000, "needs", -5, 40, "b", 2500, "", {}, {}},
    {"和济堂大药房", {"收银台润喉糖陈列", "Throat drops at the till"}, {"二十七家门店统一陈列架", "The same rack in twenty-seven shops"}, "TG-402", 12000000, "proposal", -16, 30, "b", 4000, "", {}, {}},
    {"绿洲健身", {"健身房吧台无糖坚果", "Unsweetened nuts for the gym bars"}, {"无添加、单份包装", "Nothing added, single portions"}, "CH-105", 2400000, "proposal", -8, 28, "b", 4000, "", {}, {}},
    {"广穗婚庆", {"喜糖定制套餐", "Wedding sweets to order"}, {"三档价位，起订50份", "Three price levels from 50 sets"}, "TG-401", 3000000, "quoted", -7, 21, "a", 5000, "", {}, {}},
    {"前海云仓", {"直播间瓜子专场", "A live show about sunflower seeds"}, {"一件代发，两天内出货", "Shipped singly within two days"}, "CH-102", 20000000, "quoted", -12, 18, "a", 5000, "", {}, {}},
    {"云山旅行社", {"冬季团伴手礼", "Gifts for the winter tours"}, {"每团40份，导游代收款", "40 for each tour; the guide collects"}, "ZH-501", 9600000, "negotiation", -13, 12, "a", 7500, "", {}, {}},
    {"罗湖口岸免税百货", {"口岸礼品柜进场", "Into the gift counters at the border"}, {"进场费和条码费", "Listing and barcode fees"}, "ZH-501", 36000000, "negotiation", -20, 25, "b", 7500, "", {}, {}},
    {"华星科技", {"年会礼品与下午茶年框", "Frame order: year-end gifts and snacks"}, {"按季结算，礼盒印公司标志", "Quarterly settlement; logo on the boxes"}, "ZH-501", 28000000, "contract", -4, 5, "o", 9000, "", {}, {}},
    {"恒丰超市", {"春节堆头与年货大礼包", "New Year display and family boxes"}, {"18店堆头，提前45天进货", "Displays in 18 shops, delivered 45 days ahead"}, "ZH-502", 46000000, "contract", -3, 4, "o", 9000, "", {}, {}},
    {"博海餐饮", {"餐前小食年度供应", "Snacks before meals, a year's supply"}, {"六店统一配送", "One delivery round for six restaurants"}, "CH-101", 18000000, "won", -58, -58, "none", 10000, "", {}, {}},
    {"禅城供销食品", {"佛山经销续约", "Foshan distribution renewed"}, {"返利随量", "Rebate by volume"}, "CH-101", 92000000, "won", -84, -84, "none", 10000, "", {}, {}},
    {"鹏城优选", {"腰果团购第三季", "Cashews, third season of group buying"}, {"每批附检测报告", "A test report with every batch"}, "CH-104", 52800000, "won", -31, -31, "none", 10000, "", {}, {}},
    {"华美宾馆", {"房间零食包", "Snack packs for the rooms"}, {"单价不超过三元", "At most three yuan each"}, "TG-401", 1800000, "lost", -3, -3, "none", 0, "price",
     {"竞品甲低两成，客户只比单价", "A competitor is a fifth cheaper, and price is all they compare"}, {"春节后带小规格再谈", "Come back after New Year with a smaller pack"}},
    {"三水水都饮料经销部", {"可吸果冻分销", "Distribution of drinkable jelly"}, {"要求赊销60天", "Asks for 60 days' credit"}, "GD-303", 7200000, "lost", -41, -41, "none", 0, "other",
     {"无抵押要求赊销，超出信用政策", "Wanted credit without security, beyond our policy"}, {"改为现款小批量试销", "Offer small batches for cash"}},
    {"晨光幼儿园", {"六一节日礼包", "Children's Day bags"}, {}, "GD-302", 500000, "lost", -120, -120, "none", 0, "timing", {"家长会决定今年不发食品", "The parents decided against food this year"}, {"明年四月再联系", "Ask again next April"}},
};

constexpr ContractLine bohai_lines[] = {{"CH-101", 480000, 17600}, {"CH-102", 240000, 15900}, {"MJ-202", 120000, 19800}};
constexpr ContractLine hengfeng_lines[] = {{"GD-301", 1200000, 9200}, {"GD-303", 900000, 10200}, {"CH-102", 600000, 15800}};
constexpr ContractLine hengfeng_gift_lines[] = {{"ZH-502", 720000, 51800}, {"ZH-501", 120000, 65500}};
constexpr ContractLine chancheng_lines[] = {{"CH-101", 2400000, 15800}, {"CH-103", 1800000, 13200}, {"GD-302", 1500000, 7300}, {"TG-401", 600000, 11200}};
constexpr ContractLine pengcheng_lines[] = {{"CH-104", 1000000, 50200}};
constexpr ContractLine huaxing_lines[] = {{"ZH-501", 300000, 66000}, {"CH-105", 150000, 34500}};
constexpr ContractLine oriental_lines[] = {{"CH-104", 96000, 51500}, {"TG-402", 60000, 14000}};
constexpr ContractLine yongcheng_lines[] = {{"ZH-502", 800000, 49800}, {"MJ-201", 300000, 17600}};

constexpr Contract contract_rows[] = {
    {"博海餐饮", "HT-NY-061", {"博海餐饮年度供货合同", "Bohai Catering: yearly supply"}, "sales", "active", -60, 305, "net_days", 45, bohai_lines},
    {"恒丰超市", "HT-NY-044", {"恒丰超市年度购销合同", "Hengfeng Supermarket: yearly purchase"}, "sales", "active", -210, 24, "monthly_cash", 30, hengfeng_lines},
    {"恒丰超市", "HT-NY-073", {"恒丰超市春节年货补充协议", "Hengfeng Supermarket: New Year supplement"}, "sales", "pending_approval", 0, 90, "monthly_cash", 30, hengfeng_gift_lines},
    {"禅城供销食品", "HT-NY-052", {"佛山市经销合同", "Distribution of Foshan"}, "dealership", "active", -86, 279, "floor_stock", 0, chancheng_lines},
    {"鹏城优选", "HT-NY-068", {"腰果团购供货合同", "Cashews for group buying"}, "sales", "active", -33, 57, "net_days", 60, pengcheng_lines},
    {"华星科技", "HT-NY-074", {"华星科技礼品及下午茶框架合同", "Huaxing Technology: gifts and snacks"}, "sales", "draft", 0, 365, "net_days", 30, huaxing_lines},
    {"东方酒店", "HT-NY-031", {"东方酒店小吧供货合同", "Oriental Hotel: minibars"}, "sales", "active", -340, 25, "net_days", 30, oriental_lines},
    {"邕城年货行", "HT-NY-012", {"邕城年货行上年度经销协议", "Yongcheng: last year's distribution"}, "dealership", "completed", -400, -35, "bill_days", 30, yongcheng_lines},
};

}  // namespace

std::span<const Opportunity> opportunities() { return opportunity_rows; }
std::span<const Contract> contracts() { return contract_rows; }

}  // namespace kehubu::sample
