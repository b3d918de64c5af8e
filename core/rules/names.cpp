#include "core/rules/names.h"

#include <algorithm>
#include <array>
#include <span>
#include <unordered_map>
#include <vector>

#include "core/base/text.h"

namespace kehubu {
namespace {

// Provinces and cities of prefecture level and above, without 省, 市, 自治区. Names that stand for a place only at the
// front of an organisation's name.
constexpr std::string_view places =
    "北京 上海 天津 重庆 河北 山西 内蒙古 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 广西 海南 四川 "
    "贵州 云南 西藏 陕西 甘肃 青海 宁夏 新疆 香港 澳门 台湾 石家庄 唐山 秦皇岛 邯郸 邢台 保定 张家口 承德 沧州 廊坊 衡水 太原 "
    "大同 阳泉 长治 晋城 朔州 晋中 运城 忻州 临汾 吕梁 呼和浩特 包头 乌海 赤峰 通辽 鄂尔多斯 呼伦贝尔 沈阳 大连 鞍山 抚顺 "
    "本溪 丹东 锦州 营口 阜新 辽阳 盘锦 铁岭 朝阳 葫芦岛 长春 四平 辽源 通化 白山 松原 白城 哈尔滨 齐齐哈尔 鸡西 鹤岗 双鸭山 "
    "大庆 伊春 佳木斯 七台河 牡丹江 黑河 绥化 南京 无锡 徐州 常州 苏州 南通 连云港 淮安 盐城 扬州 镇江 泰州 宿迁 杭州 宁波 "
    "温州 嘉兴 湖州 绍兴 金华 衢州 舟山 台州 丽水 义乌 合肥 芜湖 蚌埠 淮南 马鞍山 淮北 铜陵 安庆 黄山 滁州 阜阳 宿州 六安 亳州 "
    "池州 宣城 福州 厦门 莆田 三明 泉州 漳州 南平 龙岩 宁德 南昌 景德镇 萍乡 九江 新余 鹰潭 赣州 吉安 宜春 抚州 上饶 济南 青岛 "
    "淄博 枣庄 东营 烟台 潍坊 济宁 泰安 威海 日照 临沂 德州 聊城 滨州 菏泽 郑州 开封 洛阳 平顶山 安阳 鹤壁 新乡 焦作 濮阳 许昌 "
    "漯河 三门峡 南阳 商丘 信阳 周口 驻马店 武汉 黄石 十堰 宜昌 襄阳 鄂州 荆门 孝感 荆州 黄冈 咸宁 随州 长沙 株洲 湘潭 衡阳 邵阳 "
    "岳阳 常德 张家界 益阳 郴州 永州 怀化 娄底 广州 韶关 深圳 珠海 汕头 佛山 江门 湛江 茂名 肇庆 惠州 梅州 汕尾 河源 阳江 清远 "
    "东莞 中山 潮州 揭阳 云浮 南宁 柳州 桂林 梧州 北海 防城港 钦州 贵港 玉林 百色 贺州 河池 来宾 崇左 海口 三亚 儋州 成都 自贡 "
    "攀枝花 泸州 德阳 绵阳 广元 遂宁 内江 乐山 南充 眉山 宜宾 广安 达州 雅安 巴中 资阳 贵阳 六盘水 遵义 安顺 毕节 铜仁 昆明 曲靖 "
    "玉溪 保山 昭通 丽江 普洱 临沧 拉萨 日喀则 西安 铜川 宝鸡 咸阳 渭南 延安 汉中 榆林 安康 商洛 兰州 嘉峪关 金昌 白银 天水 武威 "
    "张掖 平凉 酒泉 庆阳 定西 陇南 西宁 海东 银川 石嘴山 吴忠 固原 中卫 乌鲁木齐 克拉玛依 吐鲁番 哈密";

constexpr std::size_t hanzi_bytes = 3;  // all of them are from the basic plane
constexpr std::array<std::string_view, 6> legal_forms = {"有限责任公司", "股份有限公司", "有限公司", "公司", "集团", "店"};
constexpr std::span<const std::string_view> company_forms(legal_forms.data(), 4);
constexpr std::array<std::string_view, 5> place_kinds = {"自治区", "省", "市", "区", "县"};

// Places by their first hanzi (three bytes): an import asks this of every row.
std::unordered_map<std::string_view, std::vector<std::string_view>> places_by_first_hanzi() {
  std::unordered_map<std::string_view, std::vector<std::string_view>> by_first;
  for (std::size_t begin = 0; begin < places.size();) {
    const std::size_t end = std::min(places.find(' ', begin), places.size());
    by_first[places.substr(begin, hanzi_bytes)].push_back(places.substr(begin, end - begin));
    begin = end + 1;
  }
  return by_first;
}

// Length of the place that the text begins with, without its kind; 0 when it begins with none.
std::size_t place_at_front(std::string_view text) {
  static const auto by_first = places_by_first_hanzi();
  const auto candidates = by_first.find(text.substr(0, hanzi_bytes));
  std::size_t longest = 0;
  for (std::size_t index = 0; candidates != by_first.end() && index < candidates->second.size(); ++index) {
    const std::string_view place = candidates->second[index];
    longest = text.starts_with(place) ? std::max(longest, place.size()) : longest;
  }
  return longest;
}

std::size_t kind_at_front(std::string_view text) {
  for (const std::string_view kind : place_kinds) {
    if (text.starts_with(kind)) {
      return kind.size();
    }
  }
  return 0;
}

std::string_view without_legal_form(std::string_view text, std::span<const std::string_view> forms = legal_forms) {
  for (bool found = true; found;) {
    found = false;
    for (const std::string_view form : forms) {
      // "公司" alone is a name, if a strange one.
      if (text.ends_with(form) && text.size() > form.size()) {
        text.remove_suffix(form.size());
        found = true;
        break;
      }
    }
  }
  return text;
}

bool is_punctuation(char32_t character) {
  return (character < 0x80 && !((character >= '0' && character <= '9') || (character >= 'a' && character <= 'z'))) ||
         (character >= 0x2000 && character <= 0x206f) || (character >= 0x3000 && character <= 0x303f) || character == 0xb7 || character == 0x30fb || character == 0xff65;
}

}  // namespace

const Field* telling_field(const Entity& entity) { return entity.id == "interaction" ? entity.find("content") : nullptr; }

std::string as_title(std::string_view words) {
  constexpr std::size_t longest = 44;  // letters; a hanzi is as wide as two
  constexpr char32_t first_wide = 0x1100;
  const std::string_view line = trim(words.substr(0, words.find('\n')));
  std::size_t end = 0;
  for (std::size_t width = 0; width < longest && end < line.size();) {
    width += next_code_point(line, end) < first_wide ? 1 : 2;
  }
  return std::string(line.substr(0, end)) + (end < line.size() ? "…" : "");
}

std::string main_name(std::string_view name) {
  std::string_view rest = trim(name);
  for (std::size_t size = place_at_front(rest); size > 0; size = place_at_front(rest)) {
    std::string_view behind = rest.substr(size);
    behind.remove_prefix(kind_at_front(behind));
    if (without_legal_form(behind).empty()) {
      break;  // a place is all there is
    }
    rest = behind;
  }
  return std::string(without_legal_form(rest));
}

namespace {

std::string without_punctuation(std::string_view name) {
  const std::string folded = fold(name);
  std::string kept;
  for (std::size_t position = 0; position < folded.size();) {
    const char32_t character = next_code_point(folded, position);
    if (!is_punctuation(character)) {
      append_utf8(kept, character);
    }
  }
  return kept;
}

std::string normalised_without(std::string_view name, std::span<const std::string_view> forms) {
  const std::string kept = without_punctuation(name);
  std::string places_without_kinds;
  std::string_view rest = kept;
  for (std::size_t size = place_at_front(rest); size > 0; size = place_at_front(rest)) {
    places_without_kinds += rest.substr(0, size);
    rest.remove_prefix(size);
    rest.remove_prefix(kind_at_front(rest));
  }
  return places_without_kinds + std::string(without_legal_form(rest, forms));
}

}  // namespace

std::string normalised_organisation_name(std::string_view name) { return normalised_without(name, legal_forms); }

std::string organisation_identity(std::string_view name) { return normalised_without(name, company_forms); }

bool is_place(std::string_view name) {
  std::string_view rest = trim(name);
  const std::size_t size = place_at_front(rest);
  rest.remove_prefix(size);
  return size > 0 && kind_at_front(rest) == rest.size();
}

std::string person_identity(std::string_view name) {
  std::string kept = without_punctuation(name);
  return kept.empty() ? fold(name) : kept;
}

}  // namespace kehubu
