#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "app/widgets/symbols.h"
#include "app/widgets/text_layout.h"

using namespace kehubu;

namespace {

// Hanzi are ten wide, everything else five.
std::vector<std::string> lines_of(std::string_view text, float width, int max_lines = 0) {
  const auto advance = [](Symbol symbol) { return symbol.cluster || is_wide(symbol.code) ? 10.0F : 5.0F; };
  std::vector<TextLine> lines;
  break_lines(text, width, max_lines, advance, lines);
  std::vector<std::string> words;
  for (const TextLine& line : lines) {
    words.push_back(std::string(text.substr(line.begin, line.end - line.begin)) + (line.cut ? "…" : ""));
  }
  return words;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("hanzi break anywhere, words only between") {
  CHECK(lines_of("客户名称", 20) == Lines{"客户", "名称"});
  CHECK(lines_of("one two three", 40) == Lines{"one two", "three"});
  CHECK(lines_of("", 40) == Lines{""});
  CHECK(lines_of("a\nb\n", 40) == Lines{"a", "b", ""});
}

TEST_CASE("punctuation neither begins nor ends a line where it must not") {
  CHECK(lines_of("拜访记录，总结", 40) == Lines{"拜访记", "录，总结"});
  CHECK(lines_of("客户（重点）", 30) == Lines{"客户", "（重", "点）"});
  CHECK(lines_of("金额¥1,234", 25) == Lines{"金额", "¥1,23", "4"});
}

TEST_CASE("dates and telephone numbers stay whole where a line can begin before them") {
  CHECK(lines_of("逾期 3 天 · 2026-11-23 09:00", 70) == Lines{"逾期 3 天 ·", "2026-11-23", "09:00"});
  CHECK(lines_of("电话 020-80001001", 70) == Lines{"电话", "020-80001001"});
  CHECK(lines_of("合同 HT-R15B-261126-001", 100) == Lines{"合同", "HT-R15B-261126-001"});
  CHECK(lines_of("check-in desk", 35) == Lines{"check-", "in desk"});
}

TEST_CASE("a word wider than the line is broken where it must be") { CHECK(lines_of("abcdefgh", 20) == Lines{"abcd", "efgh"}); }

TEST_CASE("the last line that is allowed ends with an ellipsis") {
  CHECK(lines_of("一二三四五六七八", 30, 1) == Lines{"一二…"});
  CHECK(lines_of("一二三", 30, 1) == Lines{"一二三"});
  CHECK(lines_of("一二三四五六七八", 30, 2) == Lines{"一二三", "四五…"});
  CHECK(lines_of("一\n二", 30, 1) == Lines{"一…"});
}

TEST_CASE("a grapheme cluster is one symbol") {
  const auto symbols = [](std::string_view text) {
    std::vector<Symbol> found;
    while (!text.empty()) {
      found.push_back(next_symbol(text));
    }
    return found;
  };
  CHECK(symbols("a客𬭛").size() == 3);
  CHECK(symbols("a客𬭛")[2].code == 0x2CB5B);
  const auto scientist = symbols("👩‍🔬!");
  REQUIRE(scientist.size() == 2);
  CHECK(scientist[0].cluster);
  CHECK(cluster_text(scientist[0].code) == "👩‍🔬");
  CHECK(symbols("👩‍🔬")[0].code == scientist[0].code);
  CHECK(symbols("e\u0301").size() == 1);
  CHECK(symbols("🇨🇳🇨🇳").size() == 2);
  CHECK(symbols("👍").size() == 1);
  CHECK_FALSE(symbols("👍")[0].cluster);
}

TEST_CASE("broken UTF-8 reads as the replacement character and ends") {
  std::string_view broken = "\xE5\xAE";
  int symbols = 0;
  while (!broken.empty()) {
    CHECK(next_symbol(broken).code == 0xFFFD);
    ++symbols;
  }
  CHECK(symbols >= 1);
  std::string_view overlong = "\xC0\xAF";
  CHECK(next_symbol(overlong).code == 0xFFFD);
}
