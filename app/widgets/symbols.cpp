#include "app/widgets/symbols.h"

#include <string>
#include <unordered_map>
#include <vector>

namespace kehubu {

namespace {

constexpr char32_t replacement = 0xFFFD;
constexpr char32_t zero_width_joiner = 0x200D;
constexpr char32_t emoji_presentation = 0xFE0F;
constexpr std::size_t cluster_bytes_limit = 64;  // longer ones are cut: nobody can tell, and nothing can be flooded

char32_t decode(std::string_view& text) {
  const auto byte = [&](std::size_t index) { return static_cast<unsigned char>(text[index]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) {
    text.remove_prefix(1);
    return lead;
  }
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
  if (length == 0 || lead > 0xF4 || text.size() < length) {
    text.remove_prefix(1);
    return replacement;
  }
  char32_t code = lead & (0xFFU >> (length + 1));
  for (std::size_t index = 1; index < length; ++index) {
    if ((byte(index) & 0xC0) != 0x80) {
      text.remove_prefix(index);
      return replacement;
    }
    code = (code << 6) | (byte(index) & 0x3FU);
  }
  text.remove_prefix(length);
  constexpr char32_t shortest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  return code < shortest[length] || code > 0x10FFFF || surrogate ? replacement : code;
}

bool is_regional(char32_t code) { return code >= 0x1F1E6 && code <= 0x1F1FF; }

// Marks that belong to the character before them.
bool extends(char32_t code) {
  return (code >= 0x0300 && code <= 0x036F) || (code >= 0x1AB0 && code <= 0x1AFF) || (code >= 0x20D0 && code <= 0x20FF) ||
         (code >= 0xFE00 && code <= 0xFE0F) || code == zero_width_joiner || (code >= 0x1F3FB && code <= 0x1F3FF) ||
         (code >= 0xE0020 && code <= 0xE007F) || (code >= 0xE0100 && code <= 0xE01EF) || (code >= 0x0E31 && code <= 0x0E3A && code != 0x0E32 && code != 0x0E33) ||
         (code >= 0x0F71 && code <= 0x0F84) || (code >= 0x064B && code <= 0x065F) || (code >= 0x3099 && code <= 0x309A);
}

struct ClusterTable {
  std::vector<std::string> texts;
  std::unordered_map<std::string, char32_t> codes;
};

ClusterTable& clusters() {
  static ClusterTable table;
  return table;
}

Symbol cluster_symbol(std::string_view text, char32_t first) {
  ClusterTable& table = clusters();
  std::string key(text.substr(0, cluster_bytes_limit));
  if (const auto found = table.codes.find(key); found != table.codes.end()) {
    return {found->second, true};
  }
  if (table.texts.size() >= cluster_limit) {
    return {first, false};
  }
  const char32_t code = first_cluster + static_cast<char32_t>(table.texts.size());
  table.texts.push_back(key);
  table.codes.emplace(std::move(key), code);
  return {code, true};
}

}  // namespace

Symbol next_symbol(std::string_view& text) {
  const std::string_view start = text;
  const char32_t first = decode(text);
  // The second byte of everything that could extend a symbol is not ASCII: the common case ends here.
  if (text.empty() || static_cast<unsigned char>(text[0]) < 0x80) {
    return {first, false};
  }
  std::size_t taken = start.size() - text.size();
  bool joined = false;
  bool joins_next = false;
  bool one_flag = is_regional(first);
  while (!text.empty()) {
    std::string_view rest = text;
    const char32_t code = decode(rest);
    const bool flag_pair = one_flag && is_regional(code);
    if (!extends(code) && !joins_next && !flag_pair) {
      break;
    }
    // A variation selector that asks for what is drawn anyway makes no cluster.
    joined = joined || code != emoji_presentation || !is_colour_emoji(first);
    joins_next = code == zero_width_joiner;
    one_flag = false;
    text = rest;
    taken = start.size() - text.size();
  }
  return joined ? cluster_symbol(start.substr(0, taken), first) : Symbol{first, false};
}

std::string_view cluster_text(char32_t code) {
  const ClusterTable& table = clusters();
  if (code < first_cluster || code - first_cluster >= table.texts.size()) {
    return {};
  }
  return table.texts[code - first_cluster];
}

bool is_colour_emoji(char32_t code) {
  if (code >= 0x1F300 && code <= 0x1FAFF) {
    return true;
  }
  if (code >= 0x1F1E6 && code <= 0x1F1FF) {
    return true;
  }
  // The older symbols whose default presentation is an emoji.
  static constexpr char32_t singles[] = {0x231A, 0x231B, 0x23E9, 0x23EA, 0x23EB, 0x23EC, 0x23F0, 0x23F3, 0x25FD, 0x25FE, 0x2614,
      0x2615, 0x267F, 0x2693, 0x26A1, 0x26AA, 0x26AB, 0x26BD, 0x26BE, 0x26C4, 0x26C5, 0x26CE, 0x26D4, 0x26EA, 0x26F2, 0x26F3,
      0x26F5, 0x26FA, 0x26FD, 0x2705, 0x270A, 0x270B, 0x2728, 0x274C, 0x274E, 0x2753, 0x2754, 0x2755, 0x2757, 0x2795, 0x2796,
      0x2797, 0x27B0, 0x27BF, 0x2B1B, 0x2B1C, 0x2B50, 0x2B55, 0x1F004, 0x1F0CF, 0x1F18E, 0x1F201, 0x1F21A, 0x1F22F};
  for (const char32_t single : singles) {
    if (single == code) {
      return true;
    }
  }
  return code >= 0x2648 && code <= 0x2653;
}

bool is_wide(char32_t code) {
  return (code >= 0x2E80 && code <= 0xA4CF) || (code >= 0xAC00 && code <= 0xD7A3) || (code >= 0xF900 && code <= 0xFAFF) ||
         (code >= 0xFE30 && code <= 0xFE4F) || (code >= 0xFF00 && code <= 0xFF60) || (code >= 0xFFE0 && code <= 0xFFE6) ||
         (code >= 0x20000 && code <= 0x3FFFF) || (code >= 0x1F300 && code <= 0x1FAFF);
}

}  // namespace kehubu
