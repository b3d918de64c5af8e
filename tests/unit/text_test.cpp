#include "core/base/text.h"

#include <doctest/doctest.h>

using namespace kehubu;

TEST_CASE("UTF-8: valid text is told from broken text") {
  CHECK(is_valid_utf8(""));
  CHECK(is_valid_utf8("博海餐饮 Bohai 𠮷 \xEF\xBF\xBD"));
  CHECK_FALSE(is_valid_utf8("\xC0\xAF"));          // overlong
  CHECK_FALSE(is_valid_utf8("\xE0\x80\xAF"));
  CHECK_FALSE(is_valid_utf8("\xF0\x80\x80\xAF"));
  CHECK_FALSE(is_valid_utf8("\xED\xA0\x80"));      // surrogate
  CHECK_FALSE(is_valid_utf8("\xF4\x90\x80\x80"));  // beyond U+10FFFF
  CHECK_FALSE(is_valid_utf8("\xE5\x8D"));          // cut off
  CHECK_FALSE(is_valid_utf8("\x80"));
  CHECK_FALSE(is_valid_utf8("\xFF"));
}

TEST_CASE("UTF-8: code points are read, written and counted") {
  const std::string text = "a博𠮷";
  std::string copy;
  for (std::size_t position = 0; position < text.size();) {
    append_utf8(copy, next_code_point(text, position));
  }
  CHECK(copy == text);
  CHECK(count_code_points(text) == 3);
  std::size_t position = 0;
  CHECK(next_code_point("\xE5\x8D"
                        "a",
                        position) == 0xFFFD);
  CHECK(position == 1);
  std::string surrogate;
  append_utf8(surrogate, 0xD800);
  CHECK(surrogate == "\xEF\xBF\xBD");
}

TEST_CASE("trim takes off every blank that a spreadsheet may hold") {
  CHECK(trim(" \t\r\n博海　\xC2\xA0") == "博海");
  CHECK(trim("\xEF\xBB\xBF" "a b") == "a b");
  CHECK(trim("　 ") == "");
  CHECK(trim("") == "");
}

TEST_CASE("fold makes texts equal that a person would call the same") {
  CHECK(fold("新 希 望") == "新希望");
  CHECK(fold("ＡＢＣ１２３（上海）") == "abc123(上海)");
  CHECK(fold("*ST上普") == "*st上普");
  CHECK(fold("ÄÖÜ ПРИВЕТ ΑΒΓ") == "äöüприветαβγ");
  CHECK(fold("￥１２．５") == "¥12.5");
  CHECK(fold("") == "");
}

TEST_CASE("half_width leaves everything but full-width forms") {
  CHECK(half_width("１２，３４５．６　Ａb") == "12,345.6 Ab");
  CHECK(half_width("，。") == ",。");
}
