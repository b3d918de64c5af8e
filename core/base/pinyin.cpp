// Pinyin for search and for sorting. A Chinese name is typed as bohaicanyin or bhcy far more often than as 博海餐饮.
#include <algorithm>
#include <span>
#include <vector>

#include "core/base/pinyin_table.h"
#include "core/base/text.h"

namespace kehubu {
namespace {

constexpr std::size_t longest_name = 40;       // code points: what is longer is prose, where a first reading will do
constexpr std::size_t varied_characters = 2;   // 2 × 2 = at most 4 combinations
constexpr char part_separator = '\1';

std::string_view syllable(std::uint32_t number) {
  const std::span<const char> letters = pinyin_table::syllables.subspan(number * pinyin_table::syllable_width,
                                                                        pinyin_table::syllable_width);
  std::size_t length = 0;
  while (length < letters.size() && letters[length] != ' ') {
    ++length;
  }
  return {letters.data(), length};
}

// Finds (key, number) in a sorted list of key × 512 + number; 0 when the key is not there.
std::uint32_t find_packed(std::span<const std::uint32_t> packed, std::uint32_t key) {
  const auto found = std::ranges::lower_bound(packed, key * 512U);
  return found != packed.end() && *found / 512U == key ? *found % 512U : 0;
}

bool in_main_table(char32_t code_point) {
  return code_point >= pinyin_table::first_code_point &&
         code_point - pinyin_table::first_code_point < pinyin_table::first_low.size();
}

std::uint32_t first_reading(char32_t code_point) {
  if (!in_main_table(code_point)) {
    return is_han(code_point) ? find_packed(pinyin_table::rare, code_point) : 0;
  }
  const std::size_t position = code_point - pinyin_table::first_code_point;
  const std::uint32_t high = (pinyin_table::first_high[position / 8] >> (position % 8)) & 1U;
  return pinyin_table::first_low[position] | (high << 8);
}

std::uint32_t second_reading(char32_t code_point) {
  return in_main_table(code_point) ? find_packed(pinyin_table::second, code_point - pinyin_table::first_code_point) : 0;
}

// One character of a name: a hanzi with one or two readings, or a letter or digit that stands for itself.
struct Unit {
  char32_t code_point = 0;
  std::uint32_t reading = 0;
  std::uint32_t other_reading = 0;
};

bool is_punctuation(char32_t code_point) {
  if (code_point < 0x80) {
    const bool letter_or_digit = (code_point >= '0' && code_point <= '9') || (code_point >= 'a' && code_point <= 'z');
    return !letter_or_digit;
  }
  return (code_point >= 0xA0 && code_point <= 0xBF) || (code_point >= 0x2000 && code_point <= 0x206F) ||
         (code_point >= 0x3000 && code_point <= 0x303F && code_point != 0x3007) || code_point == 0xFFFD;
}

std::vector<Unit> read_units(std::string_view folded) {
  std::vector<Unit> units;
  units.reserve(folded.size() / 3 + 1);
  for (std::size_t position = 0; position < folded.size();) {
    const char32_t code_point = next_code_point(folded, position);
    if (!is_punctuation(code_point)) {
      units.push_back({code_point, first_reading(code_point), second_reading(code_point)});
    }
  }
  return units;
}

void append_part(std::string& parts, std::string_view part) {
  // At most nine parts, the folded text itself is the first: a walk is cheaper than a set.
  std::string_view rest = parts;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(part_separator), rest.size());
    if (rest.substr(0, end) == part) {
      return;
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  parts += part_separator;
  parts += part;
}

// Spells the name, with the other reading for the varied characters whose bit is set in `combination`.
void spell(const std::vector<Unit>& units, const std::vector<std::size_t>& varied, unsigned combination, std::string& full,
           std::string& initials) {
  full.clear();
  initials.clear();
  for (std::size_t index = 0; index < units.size(); ++index) {
    const Unit& unit = units[index];
    std::uint32_t reading = unit.reading;
    for (std::size_t bit = 0; bit < varied.size(); ++bit) {
      if (varied[bit] == index && ((combination >> bit) & 1U) != 0) {
        reading = unit.other_reading;
      }
    }
    if (reading == 0) {
      append_utf8(full, unit.code_point);
      append_utf8(initials, unit.code_point);
    } else {
      full += syllable(reading);
      initials += syllable(reading).front();
    }
  }
}

std::vector<std::size_t> characters_to_vary(const std::vector<Unit>& units) {
  std::vector<std::size_t> varied;
  for (std::size_t index = 0; index < units.size() && units.size() <= longest_name; ++index) {
    if (units[index].other_reading != 0 && varied.size() < varied_characters) {
      varied.push_back(index);
    }
  }
  return varied;
}

// A name of two to four hanzi may be a person's; then its surname is read as one.
void read_surname(std::vector<Unit>& units) {
  const bool all_hanzi = std::ranges::all_of(units, [](const Unit& unit) { return in_main_table(unit.code_point); });
  if (!all_hanzi || units.size() < 2 || units.size() > 4) {
    return;
  }
  const auto offset = [&units](std::size_t index) {
    return static_cast<std::uint16_t>(units[index].code_point - pinyin_table::first_code_point);
  };
  const auto table = pinyin_table::surnames;
  for (std::size_t row = 0; row + 3 < table.size(); row += 4) {
    const bool compound = table[row + 1] != 0xFFFF;
    if (table[row] != offset(0) || (compound ? table[row + 1] != offset(1) : units.size() > 3)) {
      continue;
    }
    units[0].reading = table[row + 2];
    if (compound) {
      units[1].reading = table[row + 3];
      return;
    }
  }
}

}  // namespace

std::string search_text(std::string_view text) {
  std::string parts = fold(text);
  const std::vector<Unit> units = read_units(parts);
  if (std::ranges::none_of(units, [](const Unit& unit) { return unit.reading != 0; })) {
    return parts;
  }
  const std::vector<std::size_t> varied = characters_to_vary(units);
  const unsigned combinations = 1U << varied.size();
  std::vector<std::string> full(combinations);
  std::vector<std::string> initials(combinations);
  for (unsigned combination = 0; combination < combinations; ++combination) {
    spell(units, varied, combination, full[combination], initials[combination]);
  }
  for (const auto* spellings : {&full, &initials}) {
    for (const std::string& spelling : *spellings) {
      append_part(parts, spelling);
    }
  }
  return parts;
}

std::string pinyin_sort_key(std::string_view text) {
  std::vector<Unit> units = read_units(fold(text));
  read_surname(units);
  std::string key;
  key.reserve(units.size() * 8);
  for (const Unit& unit : units) {
    if (unit.reading != 0) {
      key += syllable(unit.reading);
      key += part_separator;  // below every letter, so that li comes before lian
    }
    append_utf8(key, unit.code_point);
  }
  return key;
}

}  // namespace kehubu
