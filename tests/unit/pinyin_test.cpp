#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/base/text.h"

using namespace kehubu;

namespace {

bool finds(std::string_view name, std::string_view typed) { return search_text(name).contains(typed); }

std::vector<std::string> sorted(std::vector<std::string> names) {
  std::ranges::sort(names, {}, [](const std::string& name) { return pinyin_sort_key(name); });
  return names;
}

}  // namespace

TEST_CASE("search text: folded, full pinyin, initials, each once") {
  CHECK(search_text("博海餐饮") == "博海餐饮\1bohaicanyin\1bhcy");
  CHECK(search_text("新 希 望") == "新希望\1xinxiwang\1xxw");
  CHECK(search_text("Bohai Ltd") == "bohailtd");
  CHECK(search_text("") == "");
  CHECK(search_text("*ST上普") == "*st上普\1stshangpu\1stsp");
  CHECK(search_text("ＴＣＬ集团（惠州）") == "tcl集团(惠州)\1tcljituanhuizhou\1tcljthz");
  CHECK(search_text("啊a") == "啊a\1aa");
}

TEST_CASE("characters with two readings are found by either") {
  for (const char* typed : {"yinhang", "yinxing", "yh", "yx"}) {
    CHECK(finds("银行", typed));
  }
  CHECK(finds("重庆长安", "chongqingchangan"));
  CHECK(finds("厦门国贸", "xiamenguomao"));
  CHECK(finds("成都广和", "chengduguanghe"));
  CHECK(finds("中国广大银行", "zhongguoguangdayinhang"));
  CHECK(finds("东阿阿胶", "dongeejiao"));
  CHECK(finds("番禺", "panyu"));
  CHECK(finds("单县", "shanxian"));
  CHECK(finds("曾志伟", "zengzhiwei"));
  CHECK(finds("吕氏", "lvshi"));
  CHECK(finds("绿城", "lvcheng"));
  CHECK(finds("六安", "luan"));
  // Never more than four combinations: folded + 4 full + 4 initials.
  CHECK(std::ranges::count(search_text("长行重乐朝调"), '\1') <= 8);
}

TEST_CASE("prose gets one reading, rare characters and broken text do no harm") {
  std::string prose;
  for (int count = 0; count < 60; ++count) {
    prose += "行";
  }
  CHECK(std::ranges::count(search_text(prose), '\1') == 2);
  CHECK(finds("𠮷野家", "yejia"));
  CHECK(finds("二〇二六", "erlingerliu"));
  CHECK_FALSE(search_text("\xE5\x8D").empty());
}

TEST_CASE("names sort as in a Chinese phone book") {
  CHECK(sorted({"周宁", "陈强", "王敏", "刘芳", "林总", "赵工"}) ==
        std::vector<std::string>{"陈强", "林总", "刘芳", "王敏", "赵工", "周宁"});
  CHECK(sorted({"连城", "李伟", "黎明", "李安"}) == std::vector<std::string>{"李安", "李伟", "黎明", "连城"});
  CHECK(sorted({"单雄信", "上海", "丹东"}) == std::vector<std::string>{"丹东", "单雄信", "上海"});
  CHECK(sorted({"尉迟恭", "尉健行", "云南"}) == std::vector<std::string>{"尉健行", "尉迟恭", "云南"});
  CHECK(sorted({"阿里", "Apple", "360", "360安全"}) == std::vector<std::string>{"360", "360安全", "阿里", "Apple"});
  CHECK(sorted({"新 希 望", "新希"}) == std::vector<std::string>{"新希", "新 希 望"});
}
