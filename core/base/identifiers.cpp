#include "core/base/identifiers.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/base/text.h"

namespace kehubu {
namespace {

bool is_digit(char character) { return character >= '0' && character <= '9'; }
bool all_digits(std::string_view text) { return !text.empty() && std::ranges::all_of(text, is_digit); }

bool is_hyphen(char32_t character) {
  return (character >= 0x2010 && character <= 0x2015) || character == 0x2212 || character == 0x2014 || character == 0xFE58 ||
         character == 0xFE63 || character == 0x00AD;
}

std::string without(std::string text, std::string_view dropped) {
  std::erase_if(text, [dropped](char character) { return dropped.contains(character); });
  return text;
}

// A number and the extension behind it, folded. "010-6123转8001" → "010-6123", "8001".
struct Parts {
  std::string number;
  std::string extension;
  bool extended = false;
};

Parts split_extension(std::string folded) {
  static constexpr std::array<std::string_view, 7> marks = {"转", "轉", "分机", "分機", "ext", "x", "#"};
  std::size_t first = std::string::npos;
  for (const std::string_view mark : marks) {
    first = std::min(first, folded.find(mark));
  }
  if (first == std::string::npos || first == 0) {
    return {std::move(folded), {}, false};
  }
  std::string_view extension = std::string_view(folded).substr(first);
  for (bool stripped = true; stripped;) {
    stripped = false;
    for (const std::string_view mark : {"转", "轉", "分机", "分機", "ext", "x", "#", ".", ":", "-"}) {
      if (extension.starts_with(mark)) {
        extension.remove_prefix(mark.size());
        stripped = true;
      }
    }
  }
  return {folded.substr(0, first), std::string(extension), true};
}

bool is_extension(std::string_view digits) { return all_digits(digits) && digits.size() <= 6; }
bool is_mobile(std::string_view digits) { return digits.size() == 11 && digits[0] == '1' && digits[1] >= '3'; }

PhoneKind kind_of_digits(std::string_view digits) {
  if (is_mobile(digits)) {
    return PhoneKind::mobile;
  }
  if (digits.size() == 10 && (digits.starts_with("400") || digits.starts_with("800"))) {
    return PhoneKind::service;
  }
  if (digits.starts_with('0')) {
    return digits.size() >= 10 && digits.size() <= 12 && digits[1] != '0' ? PhoneKind::land_line : PhoneKind::none;
  }
  if ((digits.size() == 7 || digits.size() == 8) && digits[0] != '1') {
    return PhoneKind::local;
  }
  const bool short_number = (digits.size() == 5 || digits.size() == 6) && (digits.starts_with("95") || digits.starts_with("96"));
  return short_number || (digits.size() == 5 && digits.starts_with("100")) ? PhoneKind::short_number : PhoneKind::none;
}

// "86 139…" is meant as +86: no Chinese number begins so.
void drop_country(std::string& number) {
  number = without(std::move(number), "()");
  for (const std::string_view prefix : {"+86", "0086"}) {
    if (number.starts_with(prefix)) {
      number.erase(0, prefix.size());
      number.erase(0, number.starts_with('-') ? 1 : 0);
      const std::string digits = without(number, "-.");
      if (all_digits(digits) && kind_of_digits(digits) == PhoneKind::none && digits[0] != '0') {
        number.insert(0, "0");  // from abroad an area is dialled without its 0
      }
      return;
    }
  }
  const std::string digits = without(number, "-.");
  if (digits.starts_with("86") && is_mobile(std::string_view(digits).substr(2))) {
    number = digits.substr(2);
  }
}

struct ReadPhone {
  PhoneKind kind = PhoneKind::none;
  std::string digits;  // without country and extension
  std::string extension;
};

ReadPhone read_phone(std::string_view text) {
  Parts parts = split_extension(fold(tidy_phone(text)));
  std::string& number = parts.number;
  if ((parts.extended && !is_extension(parts.extension)) || number.ends_with('-')) {
    return {};
  }
  drop_country(number);
  if (number.starts_with('+')) {
    std::string digits = without(number.substr(1), "-.");
    const bool possible = all_digits(digits) && digits.size() >= 7 && digits.size() <= 15;
    return {possible ? PhoneKind::international : PhoneKind::none, std::move(digits), std::move(parts.extension)};
  }
  std::string digits = without(number, "-.");
  if (!all_digits(digits)) {
    return {};
  }
  const PhoneKind kind = kind_of_digits(digits);
  // A third group of digits behind a land line is its extension.
  const std::size_t last = number.rfind('-');
  if (last != std::string::npos && last != number.find('-') && digits.starts_with('0') &&
      is_extension(std::string_view(number).substr(last + 1))) {
    std::string line = without(number.substr(0, last), "-.");
    if (const PhoneKind line_kind = kind_of_digits(line); line_kind == PhoneKind::land_line) {
      return {line_kind, std::move(line), number.substr(last + 1)};
    }
  }
  return {kind, std::move(digits), std::move(parts.extension)};
}

// What people put between two numbers.
std::size_t find_separator(std::string_view text, std::size_t& size) {
  static constexpr std::array<std::string_view, 9> separators = {"/", ";", ",", "、", "；", "，", "或", "\n", "|"};
  std::size_t first = std::string_view::npos;
  for (const std::string_view separator : separators) {
    if (const std::size_t found = text.find(separator); found < first) {
      first = found;
      size = separator.size();
    }
  }
  return first;
}

}  // namespace

std::string tidy_phone(std::string_view text) {
  std::string tidy;
  const std::string half = half_width(trim(text));
  for (std::size_t position = 0; position < half.size();) {
    const char32_t character = next_code_point(half, position);
    append_utf8(tidy, is_hyphen(character) ? U'-' : character == 0xA0 ? U' ' : character);
  }
  return tidy;
}

PhoneKind phone_kind(std::string_view text) { return read_phone(text).kind; }

bool is_phone_number(std::string_view text) { return !phone_numbers(text).empty(); }

std::vector<PhoneNumber> phone_numbers(std::string_view text) {
  const std::string tidy = tidy_phone(text);
  std::vector<PhoneNumber> numbers;
  for (std::string_view rest = tidy;;) {
    const bool is_one = phone_kind(rest) != PhoneKind::none;
    std::size_t size = 0;
    std::size_t end = is_one ? std::string_view::npos : find_separator(rest, size);
    if (!is_one && end == std::string_view::npos) {
      // Two numbers with only a blank between them.
      end = rest.find(' ');
      while (end != std::string_view::npos && phone_kind(rest.substr(0, end)) == PhoneKind::none) {
        end = rest.find(' ', end + 1);
      }
      size = 1;
    }
    const ReadPhone read = read_phone(rest.substr(0, end));
    if (read.kind == PhoneKind::none) {
      return {};
    }
    numbers.push_back({.written = std::string(trim(rest.substr(0, end))),
                       .dialled = (read.kind == PhoneKind::international ? "+" : "") + read.digits + (read.extension.empty() ? "" : "," + read.extension)});
    if (end == std::string_view::npos) {
      return numbers;
    }
    rest.remove_prefix(end + size);
  }
}

std::string phone_key(std::string_view text) {
  const std::string tidy = tidy_phone(text);
  ReadPhone read = read_phone(tidy);
  std::size_t size = 0;
  if (const std::size_t end = find_separator(tidy, size); read.kind == PhoneKind::none && end != std::string::npos) {
    read = read_phone(std::string_view(tidy).substr(0, end));
  }
  return read.kind == PhoneKind::none ? std::string() : read.digits;
}

std::string tidy_bank_account(std::string_view text) {
  std::string folded = tidy_phone(text);
  return without(std::move(folded), " -\t");
}

std::string tidy_tax_number(std::string_view text) {
  std::string tidy = tidy_bank_account(text);
  std::ranges::transform(tidy, tidy.begin(), [](char character) {
    return character >= 'a' && character <= 'z' ? static_cast<char>(character - 'a' + 'A') : character;
  });
  return tidy;
}

namespace {

bool is_letter(char character) { return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z'); }
bool is_beyond_ascii(char character) { return static_cast<unsigned char>(character) >= 0x80; }

std::string in_small_letters(std::string_view text) {
  std::string small(text);
  std::ranges::transform(small, small.begin(), [](char letter) { return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter; });
  return small;
}

// Without a scheme it must look like one of the web: a dot, and a last part that is a word or the fourth number of four.
bool is_host(std::string_view host, bool has_scheme) {
  if (const std::size_t colon = host.rfind(':'); colon != std::string_view::npos) {
    if (!all_digits(host.substr(colon + 1))) {
      return false;
    }
    host = host.substr(0, colon);
  }
  std::size_t parts = 0;
  std::string_view last;
  for (std::string_view rest = host; !rest.empty() || parts == 0; ++parts) {
    const std::size_t end = std::min(rest.find('.'), rest.size());
    last = rest.substr(0, end);
    if (last.empty() || !std::ranges::all_of(last, [](char character) { return is_letter(character) || is_digit(character) || character == '-' || character == '_' || is_beyond_ascii(character); })) {
      return false;
    }
    if (end + 1 == rest.size()) {
      return false;  // a dot at the end
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  const bool word = last.size() >= 2 && (std::ranges::all_of(last, is_letter) || std::ranges::all_of(last, is_beyond_ascii));
  return has_scheme || (parts >= 2 && word) || (parts == 4 && std::ranges::all_of(host, [](char character) { return is_digit(character) || character == '.'; }));
}

}  // namespace

std::optional<std::string> tidy_web_address(std::string_view text) {
  text = trim(text);
  // What separates two addresses, and what stands in none.
  for (const std::string_view foreign : {" ", "\t", "\n", "\r", "\"", "<", ">", "、", "，", "；", "。", "　", ";http", ";www", ",http", ",www"}) {
    if (text.contains(foreign)) {
      return std::nullopt;
    }
  }
  std::string scheme = "https:";
  if (const std::size_t end = text.find("://"); end != std::string_view::npos && end < text.find_first_of("/?#")) {
    scheme = in_small_letters(text.substr(0, end)) + ":";
    text.remove_prefix(end + 1);
  }
  if (scheme != "https:" && scheme != "http:") {
    return std::nullopt;
  }
  const bool has_scheme = text.starts_with("//");
  text.remove_prefix(has_scheme ? 2 : 0);
  const std::string_view host = text.substr(0, std::min(text.find_first_of("/?#"), text.size()));
  return is_host(host, has_scheme) ? std::optional(scheme + "//" + std::string(text)) : std::nullopt;
}

}  // namespace kehubu
