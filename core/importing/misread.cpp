// Cells whose letters come from another encoding than they were read in: what such a mistake leaves behind, and no text has.
#include <algorithm>
#include <array>

#include "core/base/text.h"
#include "core/importing/cells.h"

namespace kehubu {
namespace {

// UTF-8 read as GB18030: the commonest hanzi and marks begin with bytes that are these, which hardly any text has twice.
bool is_left_by_utf8(char32_t letter) {
  return std::u32string_view(U"锛銆鈥鐨鏄鍦涓浜鍏鍙澶鎴璺甯闄徃鍟绗浠缁鐢鎵椋熷搧垚晢琛尯棰璐鏉鍖鍗闂澹瀹閮").contains(letter);
}

// What may well stand between two words in letters: iPhone与iPad.
bool joins_words(char32_t letter) { return std::u32string_view(U"与和或及的之是在有为到于同跟从对加版款型号店用双单小大中新老").contains(letter); }

bool is_latin_letter(char32_t letter) { return (letter >= U'a' && letter <= U'z') || (letter >= U'A' && letter <= U'Z'); }

}  // namespace

bool looks_misread(std::string_view cell) {
  if (std::ranges::all_of(cell, [](char byte) { return static_cast<unsigned char>(byte) < 0x80 && byte != '?'; })) {
    return false;
  }
  static constexpr std::array<std::string_view, 4> remains = {"锟斤拷", "烫烫烫", "屯屯屯", "???"};
  if (std::ranges::any_of(remains, [cell](std::string_view remain) { return cell.contains(remain); })) {
    return true;
  }
  char32_t before_last = U' ', last = U' ';
  int left_by_utf8 = 0;
  for (std::size_t position = 0; position < cell.size();) {
    const char32_t letter = next_code_point(cell, position);
    left_by_utf8 += is_left_by_utf8(letter) ? 1 : 0;
    // M黮ler: one hanzi within a word.
    if (is_latin_letter(before_last) && is_han(last) && !joins_words(last) && letter >= U'a' && letter <= U'z') {
      return true;
    }
    before_last = last;
    last = letter;
  }
  return left_by_utf8 >= 2;
}

}  // namespace kehubu
