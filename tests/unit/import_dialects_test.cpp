// Random tables written in every dialect that programs and people use: what comes out is what went in, or is counted in the
// preview with its line. The oracle is the generator's own table.
#ifndef __EMSCRIPTEN__
#include <doctest/doctest.h>
#include <iconv.h>

#include <algorithm>
#include <map>
#include <random>

#include "core/base/text.h"
#include "core/catalog/areas.h"
#include "core/importing/cell_writer.h"
#include "tests/support/import_support.h"
#include "tests/support/store_fixture.h"
#include "web/native/text_decoder_iconv.h"

namespace kehubu::test {
namespace {

struct Customer {
  std::string name, phone, address, remark;
  Date start;
  std::int64_t capital_fen = 0;
  std::uint32_t line = 0;  // where it was written
};

struct Dialect {
  std::string separator = ",", line_end = "\r\n", encoding = "UTF-8";
  bool mark = false, english = false, quote_all = false, backslash = false, blank_before_quote = false, serials = false;
  int titles = 0, blank_every = 0, dates = 0, money = 0;
  bool total = false, told = false, repeated_header = false;
  bool headless = false, furniture = false, bare_separators = false;
};

class Generator {
 public:
  explicit Generator(std::uint64_t seed) : dice_(seed) {}

  std::size_t roll(std::size_t sides) { return std::uniform_int_distribution<std::size_t>(0, sides - 1)(dice_); }
  bool chance(int percent) { return roll(100) < static_cast<std::size_t>(percent); }
  template <typename T, std::size_t n>
  const T& one_of(const T (&things)[n]) { return things[roll(n)]; }

  Dialect dialect() {
    static const std::string separators[] = {",", "\t", ";", "|", "，", "；"};
    static const std::string ends[] = {"\r\n", "\n", "\r"};
    static const std::string encodings[] = {"UTF-8", "UTF-16LE", "UTF-16BE", "GB18030", "BIG5-HKSCS"};
    Dialect dialect{.separator = one_of(separators), .line_end = one_of(ends), .encoding = one_of(encodings)};
    dialect.mark = dialect.encoding.starts_with("UTF-16") || (dialect.encoding == "UTF-8" && chance(50));
    dialect.english = dialect.encoding == "BIG5-HKSCS" || chance(20);
    dialect.quote_all = chance(30);
    dialect.backslash = chance(15);
    dialect.blank_before_quote = chance(15) && dialect.separator != "\t";
    dialect.titles = chance(30) ? static_cast<int>(roll(3)) : 0;
    dialect.blank_every = chance(20) ? 2 + static_cast<int>(roll(4)) : 0;
    dialect.dates = static_cast<int>(roll(8));
    dialect.money = static_cast<int>(roll(7));
    if (dialect.encoding == "BIG5-HKSCS" && dialect.money == 4) {
      dialect.money = 1;  // it has no ￥
    }
    dialect.total = chance(30);
    dialect.told = chance(10) && dialect.separator.size() == 1;
    dialect.repeated_header = chance(15);
    return dialect;
  }

  // Characters of GB18030 and Big5 alike.
  std::string hanzi(std::size_t count) {
    static const std::string characters[] = {"大", "中", "天", "山", "水", "金", "木", "石", "王", "李", "林", "江", "河", "海", "南", "北", "安", "平",
                                             "和", "美", "好", "新", "明", "光", "星", "月", "日", "正", "文", "化", "食", "品", "百", "年", "老", "店"};
    std::string text;
    for (std::size_t index = 0; index < count; ++index) {
      text += one_of(characters);
    }
    return text;
  }

  std::vector<Customer> customers(const Dialect& dialect) {
    in_big5_ = dialect.encoding == "BIG5-HKSCS";  // which has no simplified 转
    no_backslash_ = dialect.backslash;  // a file with \\ and no \" cannot be told from one that means two of them
    std::vector<Customer> made(1 + roll(25));
    for (std::size_t index = 0; index < made.size(); ++index) {
      Customer& customer = made[index];
      customer.name = "第" + std::to_string(index + 1) + hanzi(2 + roll(4));
      customer.phone = phone();
      customer.address = awkward(hanzi(2) + "路" + std::to_string(1 + roll(300)));
      customer.remark = chance(40) ? awkward(hanzi(1 + roll(12))) : "";
      customer.start = date_from_days(static_cast<std::int64_t>(11'000 + roll(9'000)));  // 2000 … 2024
      customer.capital_fen = static_cast<std::int64_t>(roll(90'000) + 1) * 100'000;      // whole 0.1 万
    }
    return made;
  }

  // With what separates and quotes in some dialect.
  std::string awkward(std::string text) {
    static const std::string inserts[] = {",", "\t", ";", "|", "，", "；", "\"", "\n", " \"x\" ", "、", "'", "1,2", "\\", "a & b"};
    for (int count = static_cast<int>(roll(3)); count > 0 && chance(60); --count) {
      const std::string& insert = one_of(inserts);
      text += (no_backslash_ && insert == "\\" ? "" : insert) + hanzi(1);
    }
    return text;
  }

  std::string phone() {
    const std::string tail = std::to_string(10'000'000 + roll(90'000'000));
    switch (roll(4)) {
      case 0:
        return "010-" + tail;
      case 1:
        return "400-" + tail.substr(0, 3) + "-" + tail.substr(3, 4);
      case 2:
        return "021-" + tail + (in_big5_ ? "x" : "转") + tail.substr(5);
      default:
        return "139" + tail;
    }
  }

 private:
  std::mt19937_64 dice_;
  bool no_backslash_ = false;
  bool in_big5_ = false;
};

std::string grouped(std::string digits) {
  for (std::size_t place = std::min(digits.find('.'), digits.size()); place > 3; place -= 3) {
    digits.insert(place - 3, ",");
  }
  return digits;
}

std::string plain_money(std::int64_t fen, int decimals_of_unit) {
  std::int64_t divisor = 1;
  for (int power = 0; power < decimals_of_unit + 2; ++power) {
    divisor *= 10;
  }
  std::string text = std::to_string(fen / divisor);
  std::string fraction = std::to_string(divisor + fen % divisor).substr(1);
  while (fraction.ends_with('0')) {
    fraction.pop_back();
  }
  return fraction.empty() ? text : text + "." + fraction;
}

std::string written_money(std::int64_t fen, int style) {
  switch (style) {
    case 1:
      return grouped(plain_money(fen, 0));
    case 2:
    case 7:
    case 8:
    case 9:
      return plain_money(fen, 4);  // under a heading in 万元
    case 3:
      return plain_money(fen, 0) + "元";
    case 4:
      return "￥" + grouped(plain_money(fen, 0));
    case 5:
      return plain_money(fen, 4) + "万";
    case 6:
      return plain_money(fen, 4) + "w";
    default:
      return plain_money(fen, 0);
  }
}

std::string written_date(const Date& date, int style) {
  const std::string iso = iso_date(date);
  const std::string year = iso.substr(0, 4);
  const std::string month = std::to_string(date.month);
  const std::string day = std::to_string(date.day);
  switch (style) {
    case 1:
      return year + "/" + month + "/" + day;
    case 2:
      return year + "年" + month + "月" + day + "日";
    case 3:
      return year + iso.substr(5, 2) + iso.substr(8, 2);
    case 4:
      return year + "." + month + "." + day;
    case 5:  // midnight in China, as JavaScript writes it
      return iso_date(date_from_days(days_since_epoch(date) - 1)) + "T16:00:00.000Z";
    case 6:
      return std::to_string(days_since_epoch(date) + 25'569);
    case 7:
      return iso + " 00:00:00";
    default:
      return iso;
  }
}

class Writer {
 public:
  explicit Writer(const Dialect& dialect) : dialect_(dialect) {}

  std::string write(std::vector<Customer>& customers) {
    text_ = dialect_.told ? "sep=" + dialect_.separator + dialect_.line_end : std::string();
    for (int title = 0; title < dialect_.titles; ++title) {
      row({title == 0 ? "2024" : "v2"});
    }
    static const std::map<int, std::string> units = {{2, "(万元)"}, {7, "/万"}, {8, "：万元"}, {9, " 万元"}};
    const auto unit = units.find(dialect_.money);
    const std::string capital = (dialect_.english ? "Registered capital" : "注册资金") + (unit == units.end() ? std::string() : unit->second);
    const std::vector<std::string> header = {dialect_.english ? "Name" : "客户名称", dialect_.english ? "Phone" : "电话", dialect_.english ? "Address" : "地址",
                                             dialect_.english ? "Business start" : "业务开始日期", capital,
                                             dialect_.english ? "Remarks" : "备注"};
    if (!dialect_.headless) {
      row(header);
    }
    for (std::size_t index = 0; index < customers.size(); ++index) {
      Customer& customer = customers[index];
      if (dialect_.blank_every > 0 && index % static_cast<std::size_t>(dialect_.blank_every) == 1) {
        row({"", "", "", "", "", ""});
      }
      if (dialect_.repeated_header && index == customers.size() / 2 && index > 0) {
        row(header);
      }
      row({customer.name, customer.phone, customer.address, written_date(customer.start, dialect_.dates), written_money(customer.capital_fen, dialect_.money),
           customer.remark});
      customer.line = line_;
    }
    if (dialect_.total) {
      row({"Total", "", "", "", "123", ""});
    }
    if (dialect_.furniture) {
      row({"注：以上为2024年数据", "", "", "", "", ""});
      row({"2024-03-31", "", "", "", "", ""});
      row({"第 1 页 共 1 页", "", "", "", "", ""});
    }
    return encoded();
  }

 private:
  void row(const std::vector<std::string>& cells) {
    ++line_;
    for (std::size_t column = 0; column < cells.size(); ++column) {
      text_ += (column > 0 ? dialect_.separator : "") + cell(cells[column], column > 0);
    }
    text_ += dialect_.line_end;
  }

  std::string cell(const std::string& text, bool not_first) {
    const bool separates = text.contains(dialect_.separator) && !dialect_.bare_separators;
    if (!dialect_.quote_all && !separates && text.find_first_of("\"\r\n") == std::string::npos) {
      return text;
    }
    std::string quoted = dialect_.blank_before_quote && not_first ? " \"" : "\"";
    for (const char character : text) {
      const bool escaped = character == '"' || (dialect_.backslash && character == '\\');
      quoted += escaped ? (dialect_.backslash ? "\\" : "\"") : "";
      quoted += character == '\n' ? dialect_.line_end : std::string(1, character);
    }
    return quoted + "\"";
  }

  std::string encoded() const {
    if (dialect_.encoding == "UTF-8") {
      return (dialect_.mark ? "\xEF\xBB\xBF" : "") + text_;
    }
    const std::string marked = dialect_.mark ? "\xEF\xBB\xBF" + text_ : text_;
    iconv_t converter = iconv_open(dialect_.encoding.c_str(), "UTF-8");
    REQUIRE(converter != reinterpret_cast<iconv_t>(-1));
    std::string bytes(marked.size() * 4 + 16, '\0');
    char* input = const_cast<char*>(marked.data());
    char* output = bytes.data();
    std::size_t input_left = marked.size();
    std::size_t output_left = bytes.size();
    const std::size_t failed = iconv(converter, &input, &input_left, &output, &output_left);
    iconv_close(converter);
    REQUIRE_MESSAGE((failed != static_cast<std::size_t>(-1) && input_left == 0), text_);
    bytes.resize(bytes.size() - output_left);
    return bytes;
  }

  const Dialect& dialect_;
  std::string text_;
  std::uint32_t line_ = 0;
};

// A carriage return within a cell comes out as \n; everything else as it went in, without outer blanks.
std::string expected_text(const std::string& text) { return std::string(trim(text)); }

bool same(const Record& record, const Customer& customer) {
  return text_or_empty(record.value("phone")) == expected_text(customer.phone) && text_or_empty(record.value("address")) == expected_text(customer.address) &&
         text_or_empty(record.value("coop_start")) == iso_date(customer.start) &&
         integer_or(record.value("registered_capital"), -1) == customer.capital_fen && text_or_empty(record.value("remark")) == expected_text(customer.remark);
}

std::string shown(const Record& record) {
  return text_or_empty(record.value("phone")) + " | " + text_or_empty(record.value("address")) + " | " + text_or_empty(record.value("coop_start")) + " | " +
         std::to_string(integer_or(record.value("registered_capital"), -1)) + " | " + text_or_empty(record.value("remark"));
}

// Which lines the preview names, whatever for.
std::map<std::uint32_t, std::string> named_lines(const ImportPlan& plan, const ImportTable& table) {
  std::map<std::uint32_t, std::string> lines;
  for (const ImportProblem& problem : plan.problems) {
    lines[problem.line] += problem.message.zh + ";";
  }
  for (const LeftRow& row : table.left_rows) {
    lines[row.line] += "left;";
  }
  for (const CsvRow& row : table.title_rows) {
    lines[row.line] += "title;";
  }
  return lines;
}

struct Outcome {
  std::size_t equal = 0, named = 0, records = 0;
};

// Every customer is there as it was written, or its line is named.
Outcome check_outcome(const std::string& bytes, const std::vector<Customer>& customers) {
  IconvTextDecoder decoder;
  const auto text = decode_text(as_bytes(bytes), detect_encoding(as_bytes(bytes)), decoder);
  REQUIRE(text);
  const ImportTable table = table_of(*text);
  StoreFixture fixture;
  const ImportPlan plan = plan_table(*fixture.store, fixture.environment, table, catalog::customer);
  CHECK(plan.rows_good + plan.rows_left_out + plan.rows_existing == static_cast<std::int64_t>(table.rows.size()));
  if (!plan.edits.empty()) {
    commit(*fixture.store, plan);
  }
  std::map<std::string, Record> records;
  for (const std::int64_t row : fixture.store->list({.entity = &catalog::customer}).value()) {
    Record record = fixture.store->read_row(catalog::customer, row).value();
    const std::string name = text_or_empty(record.value("name"));
    records.emplace(name, std::move(record));
  }
  const auto named = named_lines(plan, table);
  Outcome outcome{.records = records.size()};
  for (const Customer& customer : customers) {
    const auto record = records.find(customer.name);
    if (record != records.end() && same(record->second, customer)) {
      ++outcome.equal;
      continue;
    }
    ++outcome.named;
    const bool told = named.contains(customer.line);
    CHECK_MESSAGE(told, "line " << customer.line << " " << customer.name << ": " << (record == records.end() ? "missing" : shown(record->second)) << " instead of "
                                << customer.phone << " | " << customer.address << " | " << iso_date(customer.start) << " | " << customer.capital_fen << " | "
                                << customer.remark << "\n" << *text);
  }
  return outcome;
}

void check_dialect(std::uint64_t seed) {
  CAPTURE(seed);
  Generator generator(seed);
  Dialect dialect = generator.dialect();
  dialect.furniture = seed % 4 == 0 && dialect.encoding != "BIG5-HKSCS";  // which has no 页
  dialect.money = seed % 3 == 0 ? 7 + static_cast<int>(seed / 3 % 3) : dialect.money;
  std::vector<Customer> customers = generator.customers(dialect);
  const std::string bytes = Writer(dialect).write(customers);
  const Outcome outcome = check_outcome(bytes, customers);
  INFO("encoding " << dialect.encoding << ", separator " << dialect.separator << ", dates " << dialect.dates << ", money " << dialect.money << ", backslash "
                   << dialect.backslash << ", quote all " << dialect.quote_all);
  CHECK(outcome.named == 0);  // nothing of a well-formed file needs a note
  CHECK(outcome.records == customers.size());
}

// Addresses whose separators nobody quoted, in any share of the rows: each of these rows is named.
void check_bare_separators(std::uint64_t seed) {
  CAPTURE(seed);
  Generator generator(seed);
  Dialect dialect;
  dialect.bare_separators = true;
  std::vector<Customer> customers = generator.customers(dialect);
  const int share = static_cast<int>(generator.roll(101));
  for (Customer& customer : customers) {
    customer.address = generator.hanzi(2) + (generator.chance(share) ? "," : "") + generator.hanzi(3);
    customer.remark = generator.chance(50) ? generator.hanzi(4) : "";
  }
  static_cast<void>(check_outcome(Writer(dialect).write(customers), customers));
}

// Without a header every row is a customer: with its name and its telephone, and all else in its remark.
void check_headless(std::uint64_t seed) {
  CAPTURE(seed);
  Generator generator(seed);
  Dialect dialect = generator.dialect();
  dialect.headless = true;
  dialect.total = dialect.repeated_header = dialect.english = false;
  std::vector<Customer> customers = generator.customers(dialect);
  const std::string bytes = Writer(dialect).write(customers);
  IconvTextDecoder decoder;
  const ImportTable table = table_of(decode_text(as_bytes(bytes), detect_encoding(as_bytes(bytes)), decoder).value());
  CHECK(table.header_line == 0);
  StoreFixture fixture;
  commit(*fixture.store, plan_table(*fixture.store, fixture.environment, table, catalog::customer));
  CHECK(fixture.store->count({.entity = &catalog::customer}).value() == static_cast<std::int64_t>(customers.size()));
  for (const std::int64_t row : fixture.store->list({.entity = &catalog::customer}).value()) {
    const Record record = fixture.store->read_row(catalog::customer, row).value();
    const auto customer = std::ranges::find_if(customers, [&](const Customer& one) { return one.name == text_or_empty(record.value("name")); });
    REQUIRE_MESSAGE(customer != customers.end(), text_or_empty(record.value("name")));
    const std::string everything = text_or_empty(record.value("phone")) + "\n" + text_or_empty(record.value("remark"));
    CHECK(everything.contains(expected_text(customer->phone)));
    CHECK_MESSAGE(everything.contains(expected_text(customer->address)), everything);
  }
}

// One fault in the file: whatever it does, the row that has it is named, and the others are as they were.
void check_damage(std::uint64_t seed) {
  CAPTURE(seed);
  Generator generator(seed);
  Dialect dialect;
  dialect.separator = generator.chance(50) ? "," : "\t";
  dialect.quote_all = generator.chance(30);
  std::vector<Customer> customers = generator.customers(dialect);
  Customer& damaged = customers[generator.roll(customers.size())];
  const std::size_t kind = generator.roll(3);
  static const std::string separator_in_text = "\x01";
  damaged.address = "甲" + separator_in_text + "乙";
  std::string bytes = Writer(dialect).write(customers);
  const std::string fault = kind == 0 ? "\"" : kind == 1 ? dialect.separator : "\xE5";
  damaged.address = kind == 0 ? "甲\"乙" : damaged.address;  // a quote within an unquoted cell is one
  const std::size_t place = bytes.find(separator_in_text);
  bytes.replace(place, 1, fault);
  if (kind == 0 && generator.chance(50)) {
    // At the front of the cell instead.
    bytes.erase(place, 1);
    bytes.insert(bytes.rfind("甲", place), "\"");
  }
  if (kind == 1 && dialect.quote_all) {
    return;  // a separator within quotes is no fault
  }
  static_cast<void>(check_outcome(bytes, customers));
}

}  // namespace

TEST_CASE("import dialects: random tables come out as they went in") {
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    check_dialect(seed);
  }
  for (const std::uint64_t seed : {std::uint64_t{10213}, std::uint64_t{10727}}) {  // a few words in Big5
    check_dialect(seed);
  }
}

TEST_CASE("import dialects: one fault is named with its line and harms no other row") {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    check_damage(seed);
  }
}

TEST_CASE("import dialects: however many rows a bare separator widens, each of them is named") {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    check_bare_separators(seed);
  }
}

TEST_CASE("import dialects: without a header no row is lost") {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    check_headless(seed);
  }
}

TEST_CASE("import dialects: many more of all" * doctest::skip()) {
  for (std::uint64_t seed = 10'000; seed < 40'000; ++seed) {
    check_dialect(seed);
    check_damage(seed);
    check_bare_separators(seed);
    check_headless(seed);
  }
}

}  // namespace kehubu::test
#endif
