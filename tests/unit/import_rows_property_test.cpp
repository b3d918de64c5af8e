// Random rows for a book that holds something already: several rows a company, parents, contacts, numbers that contradict names,
// values that no record may have. The oracle knows cells and records and nothing of the planner: nothing of a row vanishes without
// the row being counted, no record gets what no row of it says, what the book held gives way only with a note, and the commit takes
// what the plan calls good.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "core/catalog/areas.h"
#include "core/importing/cell_writer.h"
#include "tests/support/import_support.h"
#include "tests/support/store_fixture.h"

namespace kehubu::test {
namespace {

struct ColumnPool {
  std::string heading;
  std::vector<std::string> cells;
  int filled = 50;  // percent
};

const std::vector<std::string> companies = {"恒丰商行", "博海餐饮", "东方酒店", "美和超市", "天平食品", "林记茶庄"};
const std::vector<std::string> persons = {"张三", "李四", "王五"};

std::vector<ColumnPool> columns_of_customers() {
  return {{"客户编号", {"A1", "A2", "A3", "B 9"}, 30},
          {"客户名称", companies, 95},
          {"电话", {"021-61230001", "021-61230002", "021-61230003", "12345"}},
          {"地址", {"人民路1号", "解放路2号", "中山路3号"}},
          {"邮编", {"200001", "200002", "99"}, 30},
          {"税务编号", {"91310000MA1FL1AB2C", "91310000MA1FL1AB3C", "91310000MA1FL1AB4C"}, 25},
          {"从属单位", {"恒丰商行", "博海餐饮", "东方酒店", "没有的公司"}, 40},
          {"业务开始日期", {"2020-01-05", "2023-01-05"}, 30},
          {"业务结束日期", {"2019-06-30", "2024-06-30"}, 30},
          {"付款条件", {"进货后30天结现或结30天票", "进货后45天结现或结45天票", "货到结现"}, 30},
          {"付款条件天数", {"30", "60"}, 30},
          {"付款条件百分比", {"60", "120"}, 20},
          {"付款条件第二百分比", {"60", "30"}, 20},
          {"联系人", {"张三", "李四", "王五 021-88880001", "王五 021-88880002"}, 60},
          {"手机", {"13800138001", "13800138002", "13800138003"}, 40},
          {"职务", {"经理", "店长"}, 40},
          {"备注", {"周五送货", "勿催款", "送货"}, 30},
          {"楼层", {"1", "12", "2"}, 40}};
}

std::vector<ColumnPool> columns_of_contacts() {
  return {{"单位名称", companies, 95},
          {"姓名", persons, 95},
          {"手机", {"13800138001", "13800138002", "13800138003"}},
          {"职务", {"经理", "店长"}},
          {"电子邮件", {"a@b.cn", "keine"}, 30},
          {"上级联系人", persons, 50},
          {"备注", {"周五送货", "勿催款", "送货"}, 30},
          {"楼层", {"1", "12", "2"}, 40}};
}

struct Line {
  std::uint32_t number = 0;
  std::vector<std::string> cells;
};

struct Sheet {
  std::vector<ColumnPool> columns;
  std::vector<Line> lines;

  [[nodiscard]] std::string text() const {
    std::string text;
    for (std::size_t column = 0; column < columns.size(); ++column) {
      text += (column > 0 ? "," : "") + columns[column].heading;
    }
    for (const Line& line : lines) {
      text += "\n";
      for (std::size_t column = 0; column < columns.size(); ++column) {
        text += (column > 0 ? "," : "") + line.cells[column];
      }
    }
    return text + "\n";
  }
};

class Rows {
 public:
  explicit Rows(std::uint64_t seed) : dice_(seed) {}
  std::size_t roll(std::size_t sides) { return static_cast<std::size_t>(dice_() % sides); }  // the same with every library
  bool chance(int percent) { return roll(100) < static_cast<std::size_t>(percent); }
  const std::string& one_of(const std::vector<std::string>& things) { return things[roll(things.size())]; }

  Sheet sheet(const std::vector<ColumnPool>& all, std::size_t required) {
    Sheet sheet;
    for (std::size_t column = 0; column < all.size(); ++column) {
      if (column <= required || chance(60)) {
        sheet.columns.push_back(all[column]);
      }
    }
    for (std::size_t index = 0, count = 3 + roll(10); index < count; ++index) {
      Line line{.number = static_cast<std::uint32_t>(index + 2), .cells = {}};
      for (const ColumnPool& column : sheet.columns) {
        line.cells.push_back(chance(column.filled) ? one_of(column.cells) : "");
      }
      if (std::ranges::any_of(line.cells, [](const std::string& cell) { return !cell.empty(); })) {
        sheet.lines.push_back(std::move(line));
      } else {
        --index;
      }
    }
    return sheet;
  }

  // What the book holds before: some of the companies, with persons, parents and a namesake.
  void fill(StoreFixture& fixture) {
    std::vector<Id> made;
    for (const std::string& name : companies) {
      if (chance(60)) {
        continue;
      }
      GivenFields fields = {{"name", name}};
      for (const auto& [field, value] : std::vector<std::pair<std::string_view, std::string>>{{"phone", "021-61230001"}, {"address", "解放路2号"}, {"remark", "老客户\n楼层：12"}}) {
        if (chance(50)) {
          fields.emplace_back(field, value);
        }
      }
      if (chance(40)) {
        fields.emplace_back("code", "A" + std::to_string(made.size() + 1));
      }
      if (!made.empty() && chance(40)) {
        fields.emplace_back("parent", made[roll(made.size())]);
      }
      made.push_back(fixture.create(catalog::customer, fields));
      for (const std::string& person : persons) {
        if (chance(30)) {
          fixture.create(catalog::contact, {{"customer", made.back()}, {"name", person}, {"mobile", chance(50) ? "13800138001" : ""}, {"title", chance(50) ? "经理" : ""}});
        }
      }
    }
    if (chance(20) && !made.empty()) {
      fixture.create(catalog::customer, {{"name", text_or_empty(fixture.read(catalog::customer, made.front()).value("name"))}, {"code", "Z9"}});
    }
  }

 private:
  std::mt19937_64 dice_;
};

using Book = std::map<std::string, Record>;  // by entity and id

std::string key_of(const Entity& entity, const Id& id) {
  return std::string(entity.id) + std::string(reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size());
}

Book read_book(Store& store) {
  Book book;
  for (const Entity* entity : {&catalog::customer, &catalog::contact}) {
    for (const std::int64_t row : store.list({.entity = entity}).value()) {
      Record record = store.read_row(*entity, row).value();
      book.emplace(key_of(*entity, record.id), std::move(record));
    }
  }
  return book;
}

std::string shown(Store& store, const Field& field, const Value& value) {
  const bool is_text = std::holds_alternative<std::string>(value) && field.list == nullptr;
  return is_text ? std::get<std::string>(value) : CellWriter(store, true).shown(field, value);
}

// Everything that stands in the record, a line a field, with what its references were called before, and with a company what stands
// in its contacts.
std::string everything(Store& store, const Book& before, const Book& book, const Record& record) {
  std::string text = "\n";
  for (const Field& field : record.entity->fields) {
    const Value& value = record.value(field.id);
    if (!field.derived() && !is_null(value)) {
      text += shown(store, field, value) + "\n";
      const auto target = field.type == FieldType::reference ? before.find(key_of(*find_entity(field.references), id_or_empty(value))) : before.end();
      text += target != before.end() ? text_or_empty(target->second.value("name")) + "\n" : "";
    }
  }
  for (const auto& [key, other] : book) {
    if (record.entity == &catalog::customer && other.entity == &catalog::contact && id_or_empty(other.value("customer")) == record.id) {
      text += everything(store, before, book, other);
    }
  }
  return text;
}

// Each word of the cell: a name with a telephone becomes two fields.
bool holds_cell(const std::string& text, const Record& record, const ColumnPool& column, const std::string& cell) {
  if (column.heading == "付款条件" && cell.starts_with("进货后") && text_or_empty(record.value("payment_term")) == "net_days") {
    const std::string days = std::to_string(integer_or(record.value("term_days"), 0));
    for (const std::string number : {"30", "45"}) {
      if (cell.contains(number) && (days == number || text.contains("付款条件天数：" + number))) {
        return true;
      }
    }
  }
  if (column.heading.contains("百分比") && text.contains("\n" + cell + " %\n")) {
    return true;
  }
  if (column.heading == "楼层") {
    for (const std::string_view end : {"\n", "；"}) {
      if (text.contains("楼层：" + cell + std::string(end))) {
        return true;
      }
    }
    return false;
  }
  const std::size_t blank = cell.find(' ');
  return text.contains(cell) || (blank != std::string::npos && text.contains(cell.substr(0, blank)) && text.contains(cell.substr(blank + 1)));
}

class Oracle {
 public:
  Oracle(Store& store, const Sheet& sheet, const ImportTable& table, const ImportPlan& plan, Book before)
      : store_(store), sheet_(sheet), table_(table), plan_(plan), before_(std::move(before)), after_(read_book(store)) {}

  void check() {
    CHECK(plan_.counts[static_cast<std::size_t>(NoteKind::lost)] == 0);
    for (const Line& line : sheet_.lines) {
      if (!told(line.number, NoteKind::left_out) && !told(line.number, NoteKind::existing) && !looks_like_no_row(line.number)) {
        check_line(line);
      }
    }
    for (const auto& [key, record] : before_) {
      check_overwritten(record);
    }
    for (const auto& [key, record] : after_) {
      check_origin(key, record);
    }
  }

 private:
  bool told(std::uint32_t line, NoteKind kind) const {
    return std::ranges::any_of(plan_.problems, [&](const ImportProblem& problem) { return problem.line == line && problem.kind == kind; });
  }

  // A date alone at the foot of a table: shown with its line, and may be taken in.
  bool looks_like_no_row(std::uint32_t line) const { return std::ranges::find(table_.left_rows, line, &LeftRow::line) != table_.left_rows.end(); }

  // Some record holds all that the row says.
  void check_line(const Line& line) {
    const Entity* entity = sheet_.columns.front().heading == "单位名称" ? &catalog::contact : &catalog::customer;
    const bool held = std::ranges::any_of(after_, [&](const auto& entry) {
      if (entry.second.entity != entity) {
        return false;
      }
      const std::string text = everything(store_, before_, after_, entry.second);
      for (std::size_t column = 0; column < line.cells.size(); ++column) {
        if (!line.cells[column].empty() && !holds_cell(text, entry.second, sheet_.columns[column], line.cells[column])) {
          return false;
        }
      }
      return true;
    });
    CHECK_MESSAGE(held, "no record holds all of line " << line.number);
  }

  void check_overwritten(const Record& record) {
    const auto now = after_.find(key_of(*record.entity, record.id));
    REQUIRE(now != after_.end());
    for (const Field& field : record.entity->fields) {
      const Value& old = record.value(field.id);
      if (field.derived() || is_null(old) || now->second.value(field.id) == old || field.id == "is_primary" || field.id == "mnemonic") {
        continue;
      }
      const std::string before = shown(store_, field, old), called_before = name_before(field, old);
      if (field.id == "remark") {
        CHECK_MESSAGE(text_or_empty(now->second.value("remark")).starts_with(before + "\n"), before << " became " << text_or_empty(now->second.value("remark")));
        const bool told = std::ranges::any_of(plan_.problems, [&](const ImportProblem& problem) {
          return (problem.kind == NoteKind::overwritten && problem.message.zh.contains("“" + before + "”后面加上")) || problem.message.zh.contains("已记入备注");
        });
        CHECK_MESSAGE(told, "the remark “" << before << "” is added to, and nothing says so");
        continue;
      }
      const bool noted = std::ranges::any_of(plan_.problems, [&](const ImportProblem& problem) {
        return (problem.kind == NoteKind::overwritten || problem.kind == NoteKind::decides) && (problem.message.zh.contains("“" + before + "”改为") || problem.message.zh.contains("“" + called_before + "”改为"));
      });
      CHECK_MESSAGE(noted, field.zh << ": " << before << " became " << shown(store_, field, now->second.value(field.id)));
    }
  }

  // What a record got, some row says that names it.
  void check_origin(const std::string& key, const Record& record) {
    static const std::set<std::string_view> told_fields = {"phone", "address", "tax_no", "postcode", "parent", "mobile", "title", "reports_to", "coop_start", "coop_end", "remark"};
    const auto old = before_.find(key);
    for (const Field& field : record.entity->fields) {
      const Value& value = record.value(field.id);
      if (!told_fields.contains(field.id) || is_null(value) || (old != before_.end() && old->second.value(field.id) == value)) {
        continue;
      }
      std::string text = shown(store_, field, value);
      if (const std::string former = name_before(field, value); !former.empty() && former != text) {
        CHECK_MESSAGE((is_said(record, former) || is_said(record, text)), store_.title(*record.entity, record.id) << " got “" << text << "”, once “" << former << "”");
        continue;
      }
      if (field.id == "remark" && old != before_.end() && !is_null(old->second.value("remark"))) {
        text.erase(0, std::min(text.size(), text_or_empty(old->second.value("remark")).size() + 1));
      }
      for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        check_said(record, text.substr(begin, end - begin));
        begin = end + 1;
      }
    }
  }

  // A record that is referred to may be called otherwise now; rows may use either name.
  std::string name_before(const Field& field, const Value& value) const {
    const auto target = field.type == FieldType::reference ? before_.find(key_of(*find_entity(field.references), id_or_empty(value))) : before_.end();
    return target != before_.end() ? text_or_empty(target->second.value("name")) : std::string();
  }

  void check_said(const Record& record, const std::string& words) {
    CHECK_MESSAGE(is_said(record, words), store_.title(*record.entity, record.id) << " got “" << words << "”, and no row of it says so");
  }

  // Some row of the record has a cell that the words hold.
  bool is_said(const Record& record, const std::string& words) {
    const Id customer = record.entity == &catalog::contact ? id_or_empty(record.value("customer")) : record.id;
    std::set<std::string> names = {store_.title(catalog::customer, customer)};
    if (const auto known = before_.find(key_of(catalog::customer, customer)); known != before_.end()) {
      // What it was called before, by numbers, too: a row may give it another one, and the next row use the one it had.
      for (const std::string_view field : {"name", "code", "tax_no"}) {
        names.insert(text_or_empty(known->second.value(field)));
      }
    }
    if (const auto known = after_.find(key_of(catalog::customer, customer)); known != after_.end()) {
      names.insert(text_or_empty(known->second.value("code")));
      names.insert(text_or_empty(known->second.value("tax_no")));
    }
    if (names.contains("B9")) {
      names.insert("B 9");
    }
    const std::string days = words.starts_with("付款条件天数：") ? words.substr(words.find("：") + std::string_view("：").size()) + "天" : words;
    bool of_it = false;  // rows without a company follow the one above
    return std::ranges::any_of(sheet_.lines, [&](const Line& line) {
      bool blank = true;
      bool named = false;
      for (std::size_t column = 0; column < line.cells.size(); ++column) {
        const std::string& heading = sheet_.columns[column].heading;
        const bool names_it = heading == "客户名称" || heading == "单位名称" || heading == "客户编号" || heading == "税务编号";
        blank = blank && (!names_it || line.cells[column].empty());
        named = named || (names_it && names.contains(line.cells[column]));
      }
      of_it = blank ? of_it : named;
      return of_it && std::ranges::any_of(line.cells, [&](const std::string& cell) {
               return !cell.empty() && (words.contains(cell) || cell.contains(words) || cell.contains(days) || words.contains(cell.substr(std::min(cell.find(' ') + 1, cell.size()))));
             });
    });
  }

  Store& store_;
  const Sheet& sheet_;
  const ImportTable& table_;
  const ImportPlan& plan_;
  Book before_, after_;
};

std::string notes_of(const ImportPlan& plan) {
  std::string text;
  for (const ImportProblem& problem : plan.problems) {
    text += "\nline " + std::to_string(problem.line) + ", " + std::to_string(static_cast<int>(problem.kind)) + ": " + problem.message.zh;
  }
  return text;
}

void check_rows(std::uint64_t seed, const Entity& entity) {
  CAPTURE(seed);
  Rows rows(seed);
  StoreFixture fixture;
  rows.fill(fixture);
  const bool contacts = &entity == &catalog::contact;
  const Sheet sheet = rows.sheet(contacts ? columns_of_contacts() : columns_of_customers(), 1);
  const std::string text = sheet.text();
  const ExistingPolicy existing = rows.chance(70) ? ExistingPolicy::update : ExistingPolicy::skip;
  const ImportTable table = table_of(text);
  const ImportPlan plan = plan_table(*fixture.store, fixture.environment, table, entity, {.existing = existing});
  const std::string notes = notes_of(plan);
  CAPTURE(text);
  CAPTURE(notes);
  const std::int64_t skipped = existing == ExistingPolicy::skip ? plan.rows_existing : 0;
  CHECK(plan.rows_good + plan.rows_left_out + skipped + static_cast<std::int64_t>(table.left_rows.size()) == static_cast<std::int64_t>(sheet.lines.size()));
  Book before = read_book(*fixture.store);
  if (!plan.edits.empty()) {
    Progress progress;
    const auto written = run_to_end(commit_import(*fixture.store, plan, progress));
    CHECK_MESSAGE(written, (written ? std::string() : written.error().message.zh));
  }
  Oracle(*fixture.store, sheet, table, plan, std::move(before)).check();
}

}  // namespace

TEST_CASE("import rows: random rows into a book lose nothing, mix nothing up and are taken") {
  for (std::uint64_t seed = 1; seed <= 120; ++seed) {
    check_rows(seed, catalog::customer);
    check_rows(seed, catalog::contact);
  }
}

TEST_CASE("import rows: many more random rows" * doctest::skip()) {
  for (std::uint64_t seed = 1'000; seed < 6'000; ++seed) {
    check_rows(seed, catalog::customer);
    check_rows(seed, catalog::contact);
  }
}

}  // namespace kehubu::test
