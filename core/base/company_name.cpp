#include "core/base/company_name.h"

#include <algorithm>
#include <array>
#include <vector>

#include "core/base/text.h"

namespace kehubu {
namespace {

// Provinces with what the longer official names add, then cities that companies carry in their names.
constexpr std::string_view places =
    "北京 上海 天津 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 云南 陕西 甘肃 "
    "青海 台湾 内蒙古 内蒙 广西 西藏 宁夏 新疆 香港 澳门 "
    "石家庄 唐山 秦皇岛 邯郸 保定 张家口 承德 沧州 廊坊 太原 大同 长治 晋城 临汾 运城 呼和浩特 包头 赤峰 鄂尔多斯 沈阳 大连 鞍山 抚顺 本溪 "
    "丹东 锦州 营口 长春 四平 哈尔滨 齐齐哈尔 大庆 牡丹江 南京 无锡 徐州 常州 苏州 南通 连云港 淮安 盐城 扬州 镇江 泰州 宿迁 昆山 江阴 张家港 "
    "常熟 杭州 宁波 温州 嘉兴 湖州 绍兴 金华 衢州 舟山 台州 丽水 义乌 合肥 芜湖 蚌埠 淮南 马鞍山 安庆 黄山 滁州 阜阳 六安 福州 厦门 莆田 三明 泉州 "
    "漳州 南平 龙岩 宁德 晋江 南昌 景德镇 九江 赣州 吉安 宜春 上饶 济南 青岛 淄博 枣庄 东营 烟台 潍坊 济宁 泰安 威海 日照 临沂 德州 聊城 滨州 菏泽 "
    "郑州 开封 洛阳 平顶山 安阳 新乡 焦作 许昌 漯河 南阳 商丘 信阳 周口 驻马店 武汉 黄石 十堰 宜昌 襄阳 荆门 孝感 荆州 黄冈 长沙 株洲 湘潭 衡阳 "
    "邵阳 岳阳 常德 益阳 郴州 永州 怀化 广州 韶关 深圳 珠海 汕头 佛山 江门 湛江 茂名 肇庆 惠州 梅州 汕尾 河源 阳江 清远 东莞 中山 潮州 揭阳 云浮 "
    "顺德 番禺 南宁 柳州 桂林 梧州 北海 玉林 海口 三亚 成都 自贡 攀枝花 泸州 德阳 绵阳 广元 遂宁 内江 乐山 南充 宜宾 达州 贵阳 遵义 昆明 曲靖 玉溪 "
    "大理 拉萨 西安 宝鸡 咸阳 渭南 汉中 榆林 兰州 天水 西宁 银川 乌鲁木齐 克拉玛依";

constexpr std::array<std::string_view, 9> place_suffixes = {"壮族自治区", "回族自治区", "维吾尔自治区", "自治区", "特别行政区",
                                                            "省",         "市",         "区",           "县"};
constexpr std::array<std::string_view, 6> legal_forms = {"有限责任公司", "股份有限公司", "有限公司", "公司", "集团", "店"};

std::vector<std::string_view> split_words(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const std::size_t end = text.find(' ') == std::string_view::npos ? text.size() : text.find(' ');
    words.push_back(text.substr(0, end));
    text.remove_prefix(end == text.size() ? end : end + 1);
  }
  return words;
}

// The longest place that the text begins with; empty when there is none.
std::string_view leading_place(std::string_view text) {
  static const std::vector<std::string_view> known = split_words(places);
  std::string_view longest;
  for (const std::string_view place : known) {
    if (place.size() > longest.size() && text.starts_with(place)) {
      longest = place;
    }
  }
  return longest;
}

std::string_view leading_suffix(std::string_view text) {
  for (const std::string_view suffix : place_suffixes) {
    if (text.starts_with(suffix)) {
      return suffix;
    }
  }
  return {};
}

bool is_punctuation(char32_t code_point) {
  const bool ascii = code_point < 0x80 && !((code_point >= '0' && code_point <= '9') || (code_point >= 'a' && code_point <= 'z'));
  return ascii || code_point == 0xB7 || (code_point >= 0x2000 && code_point <= 0x206F) ||
         (code_point >= 0x3001 && code_point <= 0x303F && code_point != 0x3007);
}

std::string without_punctuation(std::string_view folded) {
  std::string text;
  text.reserve(folded.size());
  for (std::size_t position = 0; position < folded.size();) {
    if (const char32_t code_point = next_code_point(folded, position); !is_punctuation(code_point)) {
      append_utf8(text, code_point);
    }
  }
  return text;
}

// Takes legal forms off the end while at least two characters stay.
std::string_view without_legal_form(std::string_view name) {
  constexpr std::size_t shortest = 6;  // bytes of two hanzi
  for (bool found = true; found;) {
    found = false;
    for (const std::string_view form : legal_forms) {
      if (name.ends_with(form) && name.size() >= form.size() + shortest) {
        name.remove_suffix(form.size());
        found = true;
        break;
      }
    }
  }
  return name;
}

}  // namespace

std::string normalised_company_name(std::string_view name) {
  const std::string text = without_punctuation(fold(name));
  std::string_view rest = text;
  std::string normalised;
  for (std::string_view place = leading_place(rest); !place.empty(); place = leading_place(rest)) {
    normalised += place;
    rest.remove_prefix(place.size());
    rest.remove_prefix(leading_suffix(rest).size());
  }
  normalised += rest;
  return std::string(without_legal_form(normalised));
}

std::string main_company_name(std::string_view name) {
  std::string_view rest = trim(name);
  for (std::string_view place = leading_place(rest); !place.empty(); place = leading_place(rest)) {
    const std::size_t length = place.size() + leading_suffix(rest.substr(place.size())).size();
    const std::string_view remaining = rest.substr(length);
    if (remaining.size() < 6 || std::ranges::find(legal_forms, remaining) != legal_forms.end()) {
      break;  // 上海公司 has no other name
    }
    rest.remove_prefix(length);
  }
  return std::string(without_legal_form(rest));
}

}  // namespace kehubu
