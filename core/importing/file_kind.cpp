// What a file is that is no text table, by its first bytes: what a person should do with it is said instead of reading noise.
#include <algorithm>
#include <array>

#include "core/base/text.h"
#include "core/importing/importing.h"

namespace kehubu {
namespace {

constexpr std::string_view save_zh = "请用 Excel 或 WPS 打开，另存为 CSV 再导入";
constexpr std::string_view save_en = "open it in Excel or WPS, save it as CSV and import that";
struct FileKind {
  std::string_view beginning;  // small letters
  std::string_view zh, en;
  std::string_view advice_zh = save_zh, advice_en = save_en;
};

constexpr std::string_view html_zh = "这个文件其实是网页（HTML），", html_en = "This file is really a web page (HTML); ";

constexpr std::array binary_kinds = {
    FileKind{"pk\x03\x04", "这是 Excel 文件（.xlsx）或压缩包，", "This is an Excel file (.xlsx) or an archive; "},
    FileKind{"\xd0\xcf\x11\xe0", "这是旧版 Excel 文件（.xls），", "This is an old Excel file (.xls); "},
    FileKind{"%pdf", "这是 PDF 文件，", "This is a PDF file; "},
    FileKind{"{\\rtf", "这是 Word 文档（RTF），", "This is a Word document (RTF); "},
    FileKind{"\x89png", "这是图片，", "This is a picture; "},
    FileKind{"\xff\xd8\xff", "这是图片，", "This is a picture; "},
    FileKind{"gif8", "这是图片，", "This is a picture; "},
};
constexpr std::array text_kinds = {
    FileKind{"<!doctype", html_zh, html_en}, FileKind{"<html", html_zh, html_en},   FileKind{"<head", html_zh, html_en},
    FileKind{"<meta", html_zh, html_en},     FileKind{"<table", html_zh, html_en},  FileKind{"<body", html_zh, html_en},
    FileKind{"<style", html_zh, html_en},    FileKind{"<div", html_zh, html_en},
    FileKind{"begin:vcard", "这是手机通讯录文件（vCard），", "This is a file of phone contacts (vCard); ",
             "请在手机或邮箱的通讯录里导出为 CSV 再导入", "export the contacts as CSV from the phone or the mail program and import that"},
    FileKind{"begin:vcalendar", "这是日历文件（iCalendar），里面没有客户名单", "This is a calendar (iCalendar) and holds no list of customers", "", ""},
    FileKind{"<?xml", "这个文件其实是 XML，", "This file is really XML; "},
    FileKind{"[{\"", "这个文件其实是 JSON 数据，", "This file is really JSON; "},
    FileKind{"{\"", "这个文件其实是 JSON 数据，", "This file is really JSON; "},
};

// The first letters, without marks, blanks and the zero bytes of UTF-16.
std::string first_letters(std::span<const std::uint8_t> bytes) {
  constexpr std::size_t looked_at = 512;
  std::string letters;
  for (const std::uint8_t byte : bytes.first(std::min(bytes.size(), looked_at))) {
    const bool mark = letters.empty() && byte >= 0x80;
    const bool blank = byte == 0 || byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
    if (!mark && !blank) {
      letters += byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte + 32) : static_cast<char>(byte);
    }
  }
  return letters;
}

std::string first_bytes(std::span<const std::uint8_t> bytes) {
  constexpr std::size_t longest_mark = 8;
  std::string first;
  for (const std::uint8_t byte : bytes.first(std::min(bytes.size(), longest_mark))) {
    first += byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte + 32) : static_cast<char>(byte);
  }
  return first;
}

Status refuse(const FileKind& kind) {
  return fail(ErrorKind::invalid_input, std::string(kind.zh) + std::string(kind.advice_zh), std::string(kind.en) + std::string(kind.advice_en));
}

// Its kana and kanji begin with 0x81–0x9F, where GB18030 has hanzi that hardly any text holds twice.
bool is_shift_jis(std::span<const std::uint8_t> bytes) {
  constexpr std::size_t looked_at = 64U << 10, fewest = 4;
  std::size_t pairs = 0, low = 0, alone = 0;
  const std::size_t end = std::min(bytes.size(), looked_at);
  for (std::size_t position = 0; position + 1 < end; ++position) {
    const std::uint8_t first = bytes[position], second = bytes[position + 1];
    if (first < 0x80) {
      continue;
    }
    if (first >= 0xA1 && first <= 0xDF) {
      ++alone;  // a kana of half width, or what is no Japanese
      continue;
    }
    if (first == 0x80 || first == 0xA0 || first > 0xFC || second < 0x40 || second == 0x7F || second > 0xFC) {
      return false;
    }
    ++pairs;
    low += first <= 0x9F ? 1U : 0U;
    ++position;
  }
  return pairs >= fewest && low * 10 >= pairs * 8 && alone * 2 <= pairs;
}

}  // namespace

Status check_is_text_table(std::span<const std::uint8_t> bytes) {
  const std::string first = first_bytes(bytes);
  for (const FileKind& kind : binary_kinds) {
    if (first.starts_with(kind.beginning)) {
      return refuse(kind);
    }
  }
  const std::string letters = first_letters(bytes);
  for (const FileKind& kind : text_kinds) {
    if (letters.starts_with(kind.beginning)) {
      return refuse(kind);
    }
  }
  const TextEncoding encoding = is_shift_jis(bytes) ? detect_encoding(bytes) : TextEncoding::utf8;
  if (encoding == TextEncoding::gb18030 || encoding == TextEncoding::big5) {
    return fail(ErrorKind::invalid_input, "这个文件是日文编码（Shift-JIS），里面的字这里读不出来。请用 Excel 打开，另存为“CSV UTF-8”再导入",
                "This file is in a Japanese encoding (Shift-JIS), whose letters cannot be read here. Open it in Excel, save it as “CSV UTF-8” and import that");
  }
  return {};
}

}  // namespace kehubu
