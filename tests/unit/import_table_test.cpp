// Importing, as far as it needs no store: encodings, CSV, tables, mapping, cells.
#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "core/base/text.h"
#include "core/importing/cells.h"
#include "core/importing/choices.h"
#include "core/catalog/areas.h"
#include "core/importing/doubts.h"
#include "core/importing/importing.h"

#ifndef __EMSCRIPTEN__
#include "web/native/text_decoder_iconv.h"
#endif

using namespace kehubu;

namespace {

std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

class NoDecoder final : public TextDecoder {
 public:
  Result<std::string> decode(std::span<const std::uint8_t>, TextEncoding) override {
    return fail(ErrorKind::unsupported, "无", "none");
  }
};

std::string decoded(std::string_view bytes) {
  NoDecoder decoder;
  return decode_text(bytes_of(bytes), detect_encoding(bytes_of(bytes)), decoder).value();
}

std::vector<CsvRow> rows_of(std::string_view text) { return parse_csv(text).value(); }

ImportTable table_of(std::string_view text) { return find_table(rows_of(text)).value(); }

std::vector<std::string> titles_of(const ImportTable& table) {
  std::vector<std::string> titles;
  for (const CsvRow& row : table.title_rows) {
    titles.push_back(row.cells.front());
  }
  return titles;
}

// "customer.name remark - contact.mobile": what each column was mapped to.
std::string mapped(std::string_view text, std::string_view entity_id = "customer") {
  const Entity& entity = *find_entity(entity_id);
  std::string result;
  for (const ColumnMapping& column : propose_mapping(table_of(text), entity)) {
    result += result.empty() ? "" : " ";
    if (column.use != ColumnUse::field) {
      result += column.use == ColumnUse::remark ? "remark" : "-";
      continue;
    }
    const auto fields = mappable_fields(entity);
    const auto found = std::ranges::find(fields, column.field, &MappableField::field);
    result += std::string(found->entity->id) + "." + std::string(column.field->id);
  }
  return result;
}

}  // namespace

TEST_CASE("encodings are told apart and decoded") {
  CHECK(detect_encoding(bytes_of("客户")) == TextEncoding::utf8);
  CHECK(detect_encoding(bytes_of("\xEF\xBB\xBF客户")) == TextEncoding::utf8_with_mark);
  CHECK(detect_encoding(bytes_of("\xBF\xCD\xBB\xA7")) == TextEncoding::gb18030);  // 客户
  CHECK(detect_encoding(bytes_of("客户").first(5)) == TextEncoding::utf8);         // cut inside the last character
  CHECK(detect_encoding({}) == TextEncoding::utf8);
  using namespace std::string_view_literals;
  CHECK(decoded("\xEF\xBB\xBF客户") == "客户");
  CHECK(decoded("\xFF\xFE\xA2\x5B,\0\x37\x62\n\0"sv) == "客,户\n");
  CHECK(decoded("\xFE\xFF\x5B\xA2\0,\x62\x37\0\n"sv) == "客,户\n");
  CHECK(decoded("\xA2\x5B,\0\x37\x62\n\0"sv) == "客,户\n");  // without a mark
  CHECK(decoded("\x5B\xA2\0,\x62\x37\0\n"sv) == "客,户\n");
  CHECK(decoded("\xFF\xFE\x42\xD8\xB7\xDF,\0\x42\xD8"sv) == "𠮷,\xEF\xBF\xBD");
}

TEST_CASE("CSV: what Excel and WPS write") {
  const auto rows = rows_of("a,b\r\n\"x,\"\"y\"\"\",\"line 1\r\nline 2\"\r\n\r\n=\"00123\",'0138\r1,\n");
  REQUIRE(rows.size() == 5);
  CHECK(rows[1].cells == std::vector<std::string>{"x,\"y\"", "line 1\nline 2"});
  CHECK(rows[1].line == 2);
  CHECK(rows[2].cells == std::vector<std::string>{""});
  CHECK(rows[2].line == 3);  // as Excel numbers rows: a cell of two lines is in one row
  CHECK(rows[3].cells == std::vector<std::string>{"00123", "0138"});
  CHECK(rows[4].cells == std::vector<std::string>{"1", ""});
  CHECK(rows_of("a;b\n1,5;2,5\n")[1].cells == std::vector<std::string>{"1,5", "2,5"});
  CHECK(rows_of("a\tb\n1,5\t2\n")[1].cells == std::vector<std::string>{"1,5", "2"});
  CHECK(rows_of("sep=|\r\na|b\r\n")[0].cells == std::vector<std::string>{"a", "b"});
  CHECK(rows_of("sep=|\r\na|b\r\n")[0].line == 1);  // Excel shows no such row
  CHECK(rows_of("名单\n姓名;电话\n张三;1\n李四;2\n")[1].cells.size() == 2);
  CHECK(rows_of("").empty());
}

TEST_CASE("CSV: damage stays where it is") {
  const auto rows = rows_of("5\" pipe,2\n\"open,3\nlast,4\n");
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].cells[0] == "5\" pipe");
  CHECK(rows[1].cells == std::vector<std::string>{"\"open", "3"});
  CHECK(rows[2].line == 3);
  // A quote that nothing closes is a character also where more follows than a cell may hold; one that is closed is refused.
  const auto open = parse_csv("a,b\n\"open,2\nmany,bytes\nthat,follow\n", {.cell_bytes = 12});
  REQUIRE(open.has_value());
  CHECK(open->size() == 4);
  CHECK((*open)[1].damage == RowDamage::stray_quote);
  CHECK_FALSE(parse_csv("a,b\n\"open,2\nmany,bytes\nthat\",follow\n", {.cell_bytes = 12}).has_value());
  CHECK(rows_of("\"a\"b,c")[0].cells == std::vector<std::string>{"\"a\"b", "c"});
}

TEST_CASE("CSV: a quote that nothing closes costs its own row and not the file, however large that is") {
  std::string text = "客户名称,备注,数量\n甲,\"特价,1\n";
  const std::size_t first = text.size();
  while (text.size() < first + (3U << 19)) {
    text += "乙,\"\",2\n";
  }
  const auto rows = parse_csv(text + "丙,\"好\",3\n");
  REQUIRE(rows);
  CHECK((*rows)[1].cells == std::vector<std::string>{"甲", "\"特价", "1"});
  CHECK((*rows)[1].damage == RowDamage::stray_quote);
  CHECK(rows->back().cells == std::vector<std::string>{"丙", "好", "3"});
  // What is closed, and too long, is refused and becomes no rows.
  const std::string line = "一行很长的说明：他说\"\"好\"\"\n";
  std::string prose;
  while (prose.size() <= (3U << 19)) {
    prose += line;
  }
  CHECK_FALSE(parse_csv("客户名称,备注\n甲,\"" + prose + "\"\n乙,\"好\"\n"));
}

TEST_CASE("CSV: limits are refused with a sentence") {
  CHECK_FALSE(parse_csv("abc", {.bytes = 2}));
  CHECK_FALSE(parse_csv("a\nb\nc", {.rows = 2}));
  CHECK(parse_csv("a\nb\n", {.rows = 2}));
  CHECK_FALSE(parse_csv("a,b,c", {.columns = 2}));
  CHECK_FALSE(parse_csv("abcdef", {.cell_bytes = 5}));
  CHECK_FALSE(parse_csv("\"abcdef\"", {.cell_bytes = 5}));
  CHECK(parse_csv("a\nb\nc", {.rows = 2}).error().message.zh == "文件超过 2 行");
}

TEST_CASE("files of other programs are refused with what they are") {
  using namespace std::string_view_literals;
  const auto refusal = [](std::string_view file) {
    const Status status = check_is_text_table(bytes_of(file));
    return status ? std::string() : status.error().message.zh;
  };
  CHECK(refusal("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:张一\r\n"sv) == "这是手机通讯录文件（vCard），请在手机或邮箱的通讯录里导出为 CSV 再导入");
  CHECK(refusal("PK\x03\x04zip"sv).starts_with("这是 Excel 文件（.xlsx）"));
  CHECK(refusal("\xD0\xCF\x11\xE0\xA1\xB1"sv).starts_with("这是旧版 Excel 文件（.xls）"));
  CHECK(refusal("%PDF-1.7").starts_with("这是 PDF"));
  CHECK(refusal("\xEF\xBB\xBF\r\n <HTML xmlns:x=\"urn\">\n<body>") == "这个文件其实是网页（HTML），请用 Excel 或 WPS 打开，另存为 CSV 再导入");
  CHECK(refusal("<\0t\0a\0b\0l\0e\0"sv).starts_with("这个文件其实是网页"));
  CHECK(refusal("[ {\"客户名称\": \"博海\"}]").starts_with("这个文件其实是 JSON"));
  CHECK(refusal("<?xml version=\"1.0\"?>").starts_with("这个文件其实是 XML"));
  CHECK(refusal("客户名称,电话\n<b>,1\n").empty());
  CHECK(refusal("PKU 医药,1\n").empty());
  CHECK(refusal("").empty());
}

TEST_CASE("the header may stand far down, and the first table of a file is the one") {
  std::string text;
  for (int row = 1; row <= 70; ++row) {
    text += "说明第" + std::to_string(row) + "行：本表由系统自动导出,,\n";
  }
  const ImportTable late = table_of(text + "客户名称,电话,备注\n甲商行,010-61230001,\n乙商行,010-61230002,好\n");
  CHECK(late.header_line == 71);
  CHECK(late.title_rows.size() == 70);
  CHECK(late.rows.size() == 2);
  const ImportTable first = table_of("客户名称,电话\n甲商行,010-61230001\n乙商行,010-61230002\n\n联系人,客户名称,手机,职务,备注\n张三,甲商行,13800138000,经理,\n");
  CHECK(first.header_line == 1);
  CHECK(first.rows.size() == 2);
  REQUIRE(first.left_rows.size() == 2);
  CHECK(first.left_rows[0].reason == LeftReason::other_table);
}

TEST_CASE("a table is found between its title and its totals") {
  const ImportTable table = table_of(
      "2026年客户名单,,\n单位：万元,,\n客户编号,客户名称,金额\n1,博海,2\n,,\n小计,,2\n客户编号,客户名称,金额\n2,合计科技,3\n合 计：,2家,5\n制表人：刘芳,,审核：陈强\n");
  CHECK(titles_of(table) == std::vector<std::string>{"2026年客户名单", "单位：万元"});
  CHECK(table.header == std::vector<std::string>{"客户编号", "客户名称", "金额"});
  REQUIRE(table.rows.size() == 2);
  CHECK(table.rows[1].cells[1] == "合计科技");
  CHECK(table.rows[1].line == 8);
  REQUIRE(table.left_rows.size() == 4);
  CHECK(table.left_rows[0].line == 6);
  CHECK(table.left_rows[0].reason == LeftReason::total);
  CHECK(table.left_rows[1].reason == LeftReason::repeated_header);
  CHECK(table.left_rows[2].line == 9);
  CHECK(table.left_rows[3].line == 10);
  CHECK(table.left_rows[3].reason == LeftReason::foot_note);
}

std::vector<Sentence> doubts_of(const ImportTable& table) { return doubts_about(table, catalog::customer, propose_mapping(table, catalog::customer)); }

TEST_CASE("a table may lack a header, and a file a table") {
  const ImportTable table = table_of("博海餐饮,13800138000,2026-01-05\n恒丰超市,13900139000,2026-01-06\n");
  CHECK(table.header == std::vector<std::string>{"", "", ""});
  CHECK(table.rows.size() == 2);
  REQUIRE(doubts_of(table).size() == 1);
  CHECK(doubts_of(table)[0].zh.starts_with("没有标题行"));
  CHECK(doubts_of(table_of("姓名,手机\n陈静,13800138000\n")).empty());
  CHECK(doubts_of(table_of("客户名称,甲商行,乙商行\n电话,13800310001,13800310002\n地址,北京1号,北京2号\n"))[0].zh.contains("横着"));
  CHECK(doubts_of(table_of("产品名称,规格,单位\n瓜子,500g,箱\n"))[0].zh.contains("产品清单"));
  CHECK(doubts_of(table_of("产品名称,规格,单位\n瓜子,500g,箱\n"))[1].zh.contains("没有一列被认作“客户名称”"));
  CHECK(doubts_of(table_of("姓名,手机\n"))[0].zh == "文件里没有数据行。");
  const ImportTable prices = table_of("品名,规格,单位,产品类别,单价\n瓜子,500g,箱,干果,12\n");
  const std::vector<Sentence> of_prices = doubts_about(prices, catalog::product, propose_mapping(prices, catalog::product));
  REQUIRE(of_prices.size() == 1);
  CHECK(of_prices[0].zh.contains("没有一列被认作“产品编号”，没有它不能新建"));
  CHECK(mapped("物料编码,品名,单价\nA1,瓜子,12\n", "product").starts_with("product.code product.name"));
  CHECK(mapped("博海餐饮,13800138000\n恒丰超市,13900139000\n") == "customer.name customer.phone");
  CHECK_FALSE(find_table({}));
  CHECK_FALSE(find_table(rows_of(",,\n \n")));
  CHECK(table_of("姓名\n").rows.empty());
}

TEST_CASE("headings are mapped by labels, aliases and content") {
  CHECK(mapped("客户编号,单位名称,所属行业,所属区域,首次交易日期,总资产（万元）,股东户数\n"
               "600336,澳柯玛,家用电器,山东,2000/12/29,609099.56,35072\n") ==
        "customer.code customer.name customer.industry customer.region customer.coop_start remark remark");
  CHECK(mapped("序号,客户名称,地址,联系人,职务,电话,手机,备注\n1,博海,天河路1号,张三,经理,020-87654321,13800138000,老客户\n") ==
        "- customer.name customer.address contact.name contact.title customer.phone contact.mobile customer.remark");
  CHECK(mapped("姓名,性别,年龄,联系方式,地址,邮箱,备注\n陈静,女,36,13800138000,广州,c@x.cn,会员\n") ==
        "customer.name contact.gender contact.birth_year contact.mobile customer.address contact.email customer.remark");
  CHECK(mapped("企业名称,行业,等级,注册资金(万元),业务员\n博海,餐饮住宿,A,100,王敏\n") ==
        "customer.name customer.industry customer.grade customer.registered_capital customer.owner");
  CHECK(mapped("Company,Phone,E-mail\nBohai,020-87654321,a@b.cn\n") == "customer.name customer.phone customer.email");
  // A column of dates without dates: what it says counts less than what it is.
  CHECK(mapped("客户名称,建档日期,电话\n博海,很久以前,13800138000\n恒丰,不详,\n") == "customer.name remark customer.phone");
  CHECK(mapped("单位名称,姓名,手机,性别\n博海,张三,13800138000,男\n", "contact") ==
        "contact.customer contact.name contact.mobile contact.gender");
  CHECK(mapped("货号,品名,规格,单位,单价\nP1,原味瓜子,500g,袋,12.5\n", "product") ==
        "product.code product.name product.spec product.unit product.list_price");
}

TEST_CASE("every entity's own labels map to its own fields, in both languages") {
  for (const Entity* entity : entities()) {
    for (const bool chinese : {true, false}) {
      ImportTable table;
      std::vector<const Field*> expected;
      for (const Field& field : entity->fields) {
        table.header.emplace_back(chinese ? field.zh : field.en);
        expected.push_back(field.derived() ? nullptr : &field);
      }
      const auto mapping = propose_mapping(table, *entity);
      for (std::size_t column = 0; column < expected.size(); ++column) {
        CAPTURE(std::string(entity->id) + ": " + table.header[column]);
        CHECK(mapping[column].field == expected[column]);
      }
    }
  }
}

TEST_CASE("cells are read as their fields want them") {
  const Entity& customer = *find_entity("customer");
  const auto read = [&customer](std::string_view cell, std::string_view field, ColumnFormat format = {}) {
    return read_cell(cell, *customer.find(field), format, 2026);
  };
  CHECK(read("609099.56", "registered_capital", {.extra_decimals = 4}).value == Value{std::int64_t{609099560000}});
  CHECK(read("5万元", "registered_capital").value == Value{std::int64_t{5000000}});
  CHECK(read("￥1,234.567", "registered_capital").value == Value{std::int64_t{123457}});
  CHECK(read("￥1,234.567", "registered_capital").hint.has_value());
  CHECK(read("-0.005", "registered_capital").value == Value{std::int64_t{-1}});
  CHECK(read("9.3656E+05", "registered_capital").value == Value{std::int64_t{93656000}});
  CHECK(read("1.5e-1", "registered_capital").value == Value{std::int64_t{15}});
  CHECK(read("12 家", "store_count").value == Value{std::int64_t{12}});
  CHECK(read("约12家", "store_count").keep_text);
  CHECK(read("95%", "settlement_discount").value == Value{std::int64_t{9500}});
  CHECK(read("0.95", "settlement_discount", {.fractions = true}).value == Value{std::int64_t{9500}});
  CHECK(read("2000/12/29", "coop_start").value == Value{std::string("2000-12-29")});
  CHECK(read("46347", "coop_start").value == Value{std::string("2026-11-21")});
  CHECK(read("不详", "coop_start").keep_text);
  CHECK(read("是", "consent").value == Value{std::int64_t{1}});
  CHECK(read("1.38E+10", "phone").keep_text);
  CHECK(is_null(read("1.38E+10", "phone").value));
  CHECK(read("000720", "code").value == Value{std::string("000720")});
  CHECK(read("99999999999999999999", "store_count").keep_text);
  const Entity& contact = *find_entity("contact");
  CHECK(read_cell("36岁", *contact.find("birth_year"), {}, 2026).value == Value{std::int64_t{1990}});
  CHECK(read_cell("1990", *contact.find("birth_year"), {}, 2026).value == Value{std::int64_t{1990}});
  const Field& occurred = *find_entity("interaction")->find("occurred_at");
  CHECK(read_cell("46347.5", occurred, {}, 2026).value == Value{parse_date_time("2026-11-21 12:00").value()});
  CHECK(clean_cell(" #N/A ").empty());
  CHECK(clean_cell("新\x01\x7F 希") == "新 希");
}

TEST_CASE("choices are matched by label, alias and containment") {
  const ChoiceMatcher industry(*find_entity("customer")->find("industry")->list);
  CHECK(industry.find("食品饮料") == "food_beverage");
  CHECK(industry.find("Food and Beverage") == "food_beverage");
  CHECK_FALSE(industry.find("家用电器"));
  CHECK_FALSE(industry.find_alike("汽车配件"));
  CHECK_FALSE(industry.find_alike("食品"));
  CHECK(industry.find_alike("汽车行业") == "automotive");
  CHECK_FALSE(industry.find_alike("其他建材"));
  CHECK_FALSE(industry.find_alike("铝"));
  const ChoiceMatcher grade(*find_entity("customer")->find("grade")->list);
  CHECK(grade.find("A级") == "a");
  CHECK(grade.find("Ａ") == "a");
  const ChoiceMatcher ownership(*find_entity("customer")->find("ownership")->list);
  CHECK(ownership.find("国营") == "state_owned");
  CHECK(split_choices("已报价、已打样，已拜访;").size() == 3);
  CHECK(split_choices("").empty());
}

#ifndef __EMSCRIPTEN__
TEST_CASE("a list of companies in GB18030, as it was sent") {
  std::ifstream file("tests/data/import/listed-companies-gb18030.csv", std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  REQUIRE_FALSE(bytes.empty());
  REQUIRE(detect_encoding(bytes_of(bytes)) == TextEncoding::gb18030);
  IconvTextDecoder decoder;
  const std::string text = decode_text(bytes_of(bytes), TextEncoding::gb18030, decoder).value();
  const ImportTable table = table_of(text);
  CHECK(titles_of(table) == std::vector<std::string>{"上市公司客户名单"});
  CHECK(table.rows.size() == 61);
  REQUIRE(table.left_rows.size() == 1);
  CHECK(table.left_rows[0].cells[0] == "合计");
  CHECK(table.rows[0].line == 3);
}
#endif
