// Who we are and what we sell.
#include "core/sample/data.h"

namespace kehubu::sample {
namespace {

constexpr Unit unit_rows[] = {
    {"NY", {"南粤食品有限公司", "Nanyue Foods Co., Ltd."}, "company", ""},
    {"NY-XS", {"销售部", "Sales department"}, "department", "NY"},
    {"NY-CW", {"财务部", "Finance department"}, "department", "NY"},
    {"NY-SC", {"市场部", "Marketing department"}, "department", "NY"},
    {"HN", {"华南大区", "South China"}, "big_region", "NY"},
    {"HN-GD", {"广东省区", "Guangdong"}, "province_region", "HN"},
    {"HN-GX", {"广西省区", "Guangxi"}, "province_region", "HN"},
    {"HN-GD-GZ", {"广州片区", "Guangzhou district"}, "district", "HN-GD"},
    {"HN-GD-FS", {"佛山片区", "Foshan district"}, "district", "HN-GD"},
    {"HN-GD-SZ", {"深圳片区", "Shenzhen district"}, "district", "HN-GD"},
    {"TH01", {"天河体验店", "Tianhe showroom"}, "store", "HN-GD-GZ"},
};

constexpr Person people_rows[] = {
    {"D01", {"林总", "Director Lin"}, "director", "linzong", "13900000001", "NY-SC", "", ""},
    {"M01", {"陈强", "Chen Qiang"}, "sales_manager", "chenqiang", "13900000002", "NY-XS", "HN", "D01"},
    {"R07", {"王敏", "Wang Min"}, "rep", "wangmin", "13900000007", "NY-XS", "HN-GD-GZ", "M01"},
    {"R15", {"李伟", "Li Wei"}, "rep", "liwei", "13900000015", "NY-XS", "HN-GD-FS", "M01"},
    {"R23", {"吴娟", "Wu Juan"}, "rep", "wujuan", "13900000023", "NY-XS", "HN-GD-SZ", "M01"},
    {"C01", {"刘芳", "Liu Fang"}, "clerk", "liufang", "13900000003", "NY-XS", "", "M01"},
    {"F01", {"周宁", "Zhou Ning"}, "finance", "zhouning", "13900000004", "NY-CW", "", "D01"},
    {"A01", {"赵工", "Engineer Zhao"}, "admin", "zhaogong", "13900000005", "NY-SC", "", "D01"},
};

constexpr Product product_rows[] = {
    {"CH-101", {"原味葵花籽", "Sunflower seeds, plain"}, {"500g×20袋", "20 × 500 g"}, "roasted_nuts", "bag", {"箱", "case"}, 18600, 12900},
    {"CH-102", {"五香葵花籽", "Sunflower seeds, five spice"}, {"260g×30袋", "30 × 260 g"}, "roasted_nuts", "bag", {"箱", "case"}, 16800, 11500},
    {"CH-103", {"奶油花生", "Peanuts, butter"}, {"散装10kg", "10 kg loose"}, "roasted_nuts", "bulk", {"箱", "case"}, 15500, 10200},
    {"CH-104", {"盐焗腰果", "Cashews, salted"}, {"180g×24罐", "24 × 180 g tins"}, "roasted_nuts", "bag", {"箱", "case"}, 52800, 39600},
    {"CH-105", {"开口夏威夷果", "Macadamias in shell"}, {"散装5kg", "5 kg loose"}, "roasted_nuts", "bulk", {"箱", "case"}, 36000, 26800},
    {"MJ-201", {"九制话梅", "Preserved plums"}, {"120g×40袋", "40 × 120 g"}, "preserved_fruit", "bag", {"箱", "case"}, 19200, 13100},
    {"MJ-202", {"甘草杏脯", "Apricots, liquorice"}, {"散装8kg", "8 kg loose"}, "preserved_fruit", "bulk", {"箱", "case"}, 20800, 14600},
    {"MJ-203", {"盐津橄榄", "Salted olives"}, {"90g×48袋", "48 × 90 g"}, "preserved_fruit", "bag", {"箱", "case"}, 17300, 11900},
    {"GD-301", {"蜜豆果冻杯", "Jelly cups, sweet bean"}, {"85g×60杯", "60 × 85 g"}, "jelly", "bag", {"箱", "case"}, 9800, 6200},
    {"GD-302", {"什锦果冻", "Jelly, mixed fruit"}, {"散装10kg", "10 kg loose"}, "jelly", "bulk", {"箱", "case"}, 8600, 5400},
    {"GD-303", {"可吸果冻", "Drinkable jelly"}, {"150g×36袋", "36 × 150 g"}, "jelly", "bag", {"箱", "case"}, 10800, 7100},
    {"TG-401", {"椰子软糖", "Coconut chews"}, {"散装6kg", "6 kg loose"}, "candy", "bulk", {"箱", "case"}, 13200, 8800},
    {"TG-402", {"陈皮硬糖", "Tangerine drops"}, {"100g×50袋", "50 × 100 g"}, "candy", "bag", {"箱", "case"}, 14500, 9900},
    {"ZH-501", {"岭南好礼坚果礼盒", "Lingnan nut gift box"}, {"1.2kg×6盒", "6 × 1.2 kg"}, "assorted", "gift_box", {"箱", "case"}, 69600, 48900},
    {"ZH-502", {"团圆年货大礼包", "New Year family box"}, {"1.8kg×4盒", "4 × 1.8 kg"}, "assorted", "gift_box", {"箱", "case"}, 55200, 38700},
    {"JK-601", {"进口榛子仁", "Imported hazelnut kernels"}, {"1kg×10袋", "10 × 1 kg"}, "imported_module", "bag", {"箱", "case"}, 76000, 58500},
};

}  // namespace

std::span<const Unit> units() { return unit_rows; }
std::span<const Person> people() { return people_rows; }
std::span<const Product> products() { return product_rows; }

}  // namespace kehubu::sample
