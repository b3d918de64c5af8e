// A wrong file is called what it is, with what to do about it, and never in a parser's words.
#include <doctest/doctest.h>

#include <string>

#include "core/sync/bundle.h"
#include "core/sync/foreign_file.h"
#include "tests/support/test_device.h"

using namespace kehubu;
using namespace kehubu::test;
using namespace std::string_literals;

namespace {

struct Wrong {
  std::string name, bytes;
  std::string_view zh, en;
};

const Wrong wrong_files[] = {
    {"photo.png", "\x89PNG\r\n\x1a\n\0\0\0\rIHDR"s, "是图片", "it is a picture"},
    {"photo.jpg", "\xFF\xD8\xFF\xE0\0\x10JFIF"s, "是图片", "it is a picture"},
    {"photo.bmp", "BM\x36\0\0\0\0\0"s, "是图片", "it is a picture"},
    {"photo.heic", "\0\0\0\x18"s "ftypheic\0\0\0\0"s, "是视频或照片", "it is a video or a photo"},
    {"list.csv", "客户名称,电话\n博海餐饮,0755-1\n", "是表格（CSV），没有导入任何内容。要导入表格里的名单，请到客户簿的网页里用“导入名单”", "use \"Import a list\""},
    {"list.csv", "\xEF\xBB\xBF\"客户名称\";\"电话\"\r\n", "是表格（CSV）", "it is a table (CSV)"},
    {"list.txt", "\xFF\xFE\x41\0\t\0"s, "是另一种编码的文字或表格", "in another encoding"},
    {"list.xlsx", "PK\x03\x04\x14\0\x06\0[Content_Types].xml xl/workbook.xml"s, "是 Excel 表格", "it is an Excel table"},
    {"list.xls", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"s, "旧版 Office", "old Office"},
    {"letter.docx", "PK\x03\x04\x14\0\x06\0[Content_Types].xml word/document.xml"s, "是 Word 文档", "it is a Word document"},
    {"all.zip", "PK\x03\x04\x14\0\0\0\x08\0kehubu.json"s, "是压缩包", "unpack it first"},
    {"office.db", "SQLite format 3\0\x10\0"s, "是数据库", "kehubu export"},
    {"letter.pdf", "%PDF-1.7\n", "是 PDF 文档", "PDF"},
    {"page.html", "<!doctype html><title>x</title>", "是网页", "it is a web page"},
    {"other.json", "{\"name\":\"x\"}", "是别的程序的数据（JSON）", "another program's data"},
    {"other.json", "\xEF\xBB\xBF{\"name\":\"x\"}", "是别的程序的数据（JSON）", "another program's data"},
    {"other.json", "[1,2]", "是别的程序的数据（JSON）", "another program's data"},
    {"letter.txt", "BMW 的王总来电", "是文字文件", "it is a text"},
    {"noise.bin", "\x01\x02\x03\0\x05"s, "不认识的文件", "not known here"},
    {"cut.json.gz", "\x1f\x8b\x08\0\0"s, "压缩文件已损坏", "did not arrive whole"},
    {"empty.json", "", "文件是空的", "The file is empty"},
    {"blank.json", " \r\n", "文件是空的", "The file is empty"},
};

}  // namespace

TEST_CASE("what is no bundle is named as what it is, with what to do") {
  for (const Wrong& wrong : wrong_files) {
    CAPTURE(wrong.name);
    BundleReader reader{wrong.bytes};
    const auto read = reader.read_header();
    REQUIRE_FALSE(read.has_value());
    CHECK_MESSAGE(read.error().message.zh.contains(wrong.zh), read.error().message.zh);
    CHECK_MESSAGE(read.error().message.en.contains(wrong.en), read.error().message.en);
    for (const std::string_view parsers : {"第 1 行", "0x", "应该是", "Line 1", "expected"}) {
      CHECK_FALSE(read.error().message.zh.contains(parsers));
      CHECK_FALSE(read.error().message.en.contains(parsers));
    }
  }
}

TEST_CASE("a bundle that was cut or damaged is no foreign file") {
  TestDevice device{1, "总部"};
  device.create("customer", {{"name", "甲"}}, {.skip_validation = true});
  const std::string bundle = device.export_all();
  for (const std::size_t length : {std::size_t{1}, std::size_t{12}, std::size_t{30}, bundle.size() / 2}) {
    CHECK_FALSE(foreign_file(std::string_view(bundle).substr(0, length)).has_value());
  }
  CHECK_FALSE(foreign_file("x" + bundle).has_value());
}
