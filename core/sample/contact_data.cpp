// The people we talk to. The first contact of a customer is the primary one.
#include "core/sample/data.h"

namespace kehubu::sample {
namespace {

constexpr Text manager = {"采购经理", "Purchasing manager"};
constexpr Text owner = {"老板", "Owner"};
constexpr Text buyer = {"采购员", "Buyer"};
constexpr Text shop_manager = {"店长", "Shop manager"};
constexpr Text finance = {"财务主管", "Head of finance"};

constexpr Contact rows[] = {
    {"博海餐饮", {"张三", "Zhang San"}, "male", owner, "13900010001", "zhang@bohai.example.cn", "decision_maker", "1976-11-28", {"喜欢喝单丛茶", "Likes Dancong tea"}},
    {"博海餐饮", {"李四", "Li Si"}, "female", buyer, "13900010002", "lisi@bohai.example.cn", "user", "", {"下单找她，回复很快", "Takes the orders; answers at once"}},
    {"恒丰超市", {"郑海涛", "Zheng Haitao"}, "male", {"商品部总监", "Merchandise director"}, "13900010003", "zhenght@hengfeng.example.cn", "decision_maker", "1981-03-14", {}},
    {"恒丰超市", {"林晓燕", "Lin Xiaoyan"}, "female", {"休闲食品采购", "Snack buyer"}, "13900010004", "linxy@hengfeng.example.cn", "influencer", "", {"看重陈列费和动销数据", "Cares about display fees and sales figures"}},
    {"恒丰超市", {"罗会计", "Accountant Luo"}, "female", finance, "13900010005", "", "approver", "", {"对账找她，每月5日前", "Statements go to her before the 5th"}},
    {"东方酒店", {"冯国栋", "Feng Guodong"}, "male", {"餐饮总监", "Food and beverage director"}, "13900010006", "feng@oriental.example.cn", "decision_maker", "1972-06-02", {}},
    {"东方酒店", {"谭雅文", "Tan Yawen"}, "female", {"客房部主管", "Housekeeping supervisor"}, "13900010007", "", "user", "", {}},
    {"海味轩", {"陈总", "Mr Chen"}, "male", owner, "13900010008", "", "decision_maker", "", {"自己试菜，主意很快", "Tastes everything himself and decides fast"}},
    {"华美宾馆", {"黎经理", "Manager Li"}, "male", manager, "13900010009", "", "decision_maker", "", {}},
    {"锐达电子", {"欧阳慧", "Ouyang Hui"}, "female", {"行政经理", "Office manager"}, "13900010010", "ouyang@ruida.example.cn", "influencer", "1988-09-09", {}},
    {"华星科技", {"曾文杰", "Zeng Wenjie"}, "male", {"行政总监", "Head of administration"}, "13900010011", "zeng.wj@huaxing.example.cn", "decision_maker", "", {}},
    {"华星科技", {"Amy Wong", "Amy Wong"}, "female", finance, "13900010012", "amy.wong@huaxing.example.cn", "approver", "", {}},
    {"明辉商贸", {"梁明辉", "Liang Minghui"}, "male", owner, "13900010013", "", "decision_maker", "1969-12-06", {"潮汕人，过年必送茶", "From Chaoshan; gives tea at New Year"}},
    {"广东粤惠百货连锁商业发展股份有限公司江南西分店", {"苏丽珍", "Su Lizhen"}, "female", {"食品馆经理", "Food hall manager"}, "13900010014", "sulz@yuehui.example.cn", "influencer", "", {}},
    {"广东粤惠百货连锁商业发展股份有限公司江南西分店", {"高建国", "Gao Jianguo"}, "male", {"总部采购总监", "Purchasing director, head office"}, "13900010015", "gaojg@yuehui.example.cn", "decision_maker", "", {}},
    {"好又邻便利", {"邓家豪", "Deng Jiahao"}, "male", manager, "13900010016", "deng@haoyoulin.example.cn", "decision_maker", "1990-01-19", {"做事看数据", "Wants figures"}},
    {"老谢烟酒行", {"谢伯", "Uncle Xie"}, "male", owner, "13900010017", "", "decision_maker", "", {}},
    {"启明中学食堂", {"钟老师", "Teacher Zhong"}, "female", {"总务处主任", "Bursar"}, "13900010018", "", "approver", "", {}},
    {"绿洲健身", {"Kevin 胡", "Kevin Hu"}, "male", {"运营总监", "Operations manager"}, "13900010019", "kevin@oasis.example.cn", "decision_maker", "1993-07-21", {"只看配料表", "Reads nothing but ingredients"}},
    {"云山旅行社", {"彭雪", "Peng Xue"}, "female", {"产品经理", "Product manager"}, "13900010020", "pengxue@yunshan.example.cn", "influencer", "", {}},
    {"和济堂大药房", {"杜药师", "Pharmacist Du"}, "female", {"非药采购", "Buyer for non-medicines"}, "13900010021", "", "influencer", "", {}},
    {"珠江影城", {"莫少聪", "Mo Shaocong"}, "male", {"卖品部经理", "Snack counter manager"}, "13900010023", "mo@prc.example.cn", "decision_maker", "", {"上次缺货后比较急", "Impatient since the last shortage"}},
    {"禅城供销食品", {"区伟强", "Ou Weiqiang"}, "male", {"总经理", "General manager"}, "13900020001", "ou@ccfood.example.cn", "decision_maker", "1971-05-11", {}},
    {"禅城供销食品", {"关姐", "Sister Guan"}, "female", {"仓库主管", "Head of the warehouse"}, "13900020002", "", "user", "", {}},
    {"顺德家家福", {"霍小姐", "Miss Huo"}, "female", manager, "13900020003", "", "decision_maker", "", {}},
    {"南海陶瓷总部大厦食堂", {"麦师傅", "Chef Mai"}, "male", {"食堂主管", "Head of the canteen"}, "13900020004", "", "user", "", {}},
    {"西樵山景区商店", {"冼惠玲", "Xian Huiling"}, "female", shop_manager, "13900020005", "", "decision_maker", "", {}},
    {"三水水都饮料经销部", {"伍老板", "Mr Wu"}, "male", owner, "13900020006", "", "decision_maker", "", {}},
    {"鹏城优选", {"薛凯", "Xue Kai"}, "male", {"品类总监", "Category director"}, "13900030001", "xuekai@pcyx.example.cn", "decision_maker", "1986-12-01", {}},
    {"鹏城优选", {"易萌", "Yi Meng"}, "female", {"品控", "Quality control"}, "13900030002", "", "gatekeeper", "", {"每批要检测报告", "Wants a test report with every batch"}},
    {"罗湖口岸免税百货", {"Grace 蔡", "Grace Cai"}, "female", {"买手", "Buyer"}, "13900030003", "grace@lhdf.example.cn", "influencer", "", {}},
    {"福田智谷产业园", {"贺敏", "He Min"}, "female", {"企业服务经理", "Tenant services manager"}, "13900030004", "", "influencer", "", {}},
    {"龙岗万家惠大卖场", {"汤伟", "Tang Wei"}, "male", {"干货课长", "Dry goods supervisor"}, "13900030005", "", "user", "", {}},
    {"龙岗万家惠大卖场", {"裴总", "Director Pei"}, "male", {"采购总监", "Purchasing director"}, "13900030006", "", "decision_maker", "", {}},
    {"前海云仓", {"娜娜", "Nana"}, "female", {"主播", "Host"}, "13900030007", "nana@qhyc.example.cn", "coach", "1999-02-18", {}},
    {"邕城年货行", {"韦大哥", "Brother Wei"}, "male", owner, "13900040001", "", "decision_maker", "", {"微信语音沟通", "Prefers voice messages"}},
    {"桂林漓江假日", {"秦岚", "Qin Lan"}, "female", {"采购主管", "Head of purchasing"}, "13900040002", "qinlan@ljholiday.example.cn", "influencer", "", {}},
    {"柳州工人俱乐部", {"覃主席", "Chairman Qin"}, "male", {"工会主席", "Union chairman"}, "13900040003", "", "decision_maker", "", {}},
    {"天河城便民超市", {"阿珍", "Ah Zhen"}, "female", {"老板娘", "Owner"}, "13900010024", "", "decision_maker", "", {}},
    {"岭南茶居", {"容叔", "Uncle Rong"}, "male", {"掌柜", "Keeper"}, "13900010025", "", "decision_maker", "1963-11-30", {}},
    {"晨光幼儿园", {"园长朱老师", "Headmistress Zhu"}, "female", {"园长", "Headmistress"}, "13900010026", "", "decision_maker", "", {}},
    {"广穗婚庆", {"小米", "Xiao Mi"}, "female", {"策划师", "Planner"}, "13900010027", "xiaomi@gswed.example.cn", "influencer", "", {}},
    {"粤秀书吧", {"阿哲", "Ah Zhe"}, "male", {"主理人", "Keeper"}, "13900010028", "", "decision_maker", "", {}},
    {"陈静", {"陈静", "Chen Jing"}, "female", {}, "13900001022", "chenjing@mail.example.cn", "", "1990-12-01", {}},
    {"何伟雄", {"何伟雄", "He Weixiong"}, "male", {}, "13900001023", "", "", "1978-04-04", {}},
    {"单丽华", {"单丽华", "Shan Lihua"}, "female", {}, "13900003006", "shan@mail.example.cn", "", "", {}},
    {"岭风校友会", {"柯秘书", "Secretary Ke"}, "female", {"秘书长", "Secretary general"}, "13900010029", "", "influencer", "", {}},
    {"羊城书城文创店", {"叶子", "Ye Zi"}, "female", shop_manager, "13900010031", "yezi@ycbooks.example.cn", "decision_maker", "", {}},
};

}  // namespace

std::span<const Contact> contacts() { return rows; }

}  // namespace kehubu::sample
