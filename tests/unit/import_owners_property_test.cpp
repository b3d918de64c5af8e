// Random lists of customers with persons in them, in every order that people have: whose each column is, the generator knows, and
// nothing here is taken from the code that guesses it. What must hold of every column: it stands with whom it belongs to, or it is in
// the remark and marked to be checked. It never stands with anybody else.
//
// Two conventions are plain enough to be no guess: of one person beside one company, a single bare telephone or mail address may be
// either's. And what reads as whole groups (姓名,电话,姓名,电话) is taken as that, so no table is made that reads so and means something else.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <random>
#include <set>

#include "core/catalog/areas.h"
#include "tests/support/import_support.h"
#include "tests/support/store_fixture.h"

namespace kehubu::test {
namespace {

constexpr int company = -1;
constexpr int somebody = -2;  // 法人, 业务员: neither the company nor one of the persons

enum class Thing : std::uint8_t { other, name, phone, mobile, office, home, mail, account, title, birthday, home_address, fax };

bool is_telephone(Thing thing) { return thing == Thing::phone || thing == Thing::mobile || thing == Thing::office || thing == Thing::home; }

struct Column {
  std::string heading;
  int owner = company;
  Thing thing = Thing::other;
  bool said = false;               // by the heading
  std::set<std::string> fields{};  // where it belongs; none: we have no such field
};

struct Kind {
  Thing thing;
  std::vector<std::string> headings;
  std::set<std::string> of_person, of_company;
};
const std::vector<Kind> kinds = {
    {Thing::phone, {"电话", "联系电话", "联系方式", "电话号码"}, {"phone", "mobile"}, {"phone"}},
    {Thing::mobile, {"手机", "手机号", "移动电话"}, {"mobile"}, {"phone"}},
    {Thing::office, {"办公电话"}, {"phone"}, {"phone"}},
    {Thing::home, {"家庭电话", "宅电"}, {"home_phone"}, {}},
    {Thing::mail, {"邮箱", "电子邮件"}, {"email"}, {"email"}},
    {Thing::account, {"微信", "微信号", "QQ"}, {"wechat"}, {}},
    {Thing::title, {"职务", "职位"}, {"title"}, {}},
    {Thing::birthday, {"生日"}, {"birthday"}, {}},
    {Thing::home_address, {"家庭地址", "住址"}, {"address"}, {}},
    {Thing::fax, {"传真"}, {"fax"}, {"fax"}},
};

struct Sheet {
  std::vector<Column> columns;
  int persons = 0;
  bool regular = false;  // nothing in it is worth a question

  [[nodiscard]] std::string head() const {
    std::string text;
    for (const Column& column : columns) {
      text += (text.empty() ? "" : ",") + column.heading;
    }
    return text;
  }
};

std::string cell_of(const Column& column, std::size_t index, int row) {
  const auto two = [](std::size_t number) { return std::to_string(10 + number); };
  const std::string place = two(index) + two(static_cast<std::size_t>(row));
  switch (column.thing) {
    case Thing::name: return std::string(row == 0 ? "张" : row == 1 ? "李" : "王") + std::vector<std::string>{"一", "二", "三", "四", "五", "六"}[static_cast<std::size_t>(column.owner == somebody ? 5 : column.owner)];
    case Thing::phone: return (column.owner == company ? "020-8100" : "1380000") + place;
    case Thing::mobile: return "1390000" + place;
    case Thing::office:
    case Thing::home:
    case Thing::fax: return "020-8200" + place;
    case Thing::mail: return "a" + place + "@b.cn";
    case Thing::birthday: return "19" + std::to_string(50 + index) + "-01-1" + std::to_string(row);
    default: return column.heading == "客户级别" ? "A级" : column.fields.contains("name") ? "公司" + std::to_string(row) : "词" + place;
  }
}

std::string text_of(const Sheet& sheet) {
  std::string text = sheet.head();
  for (int row = 0; row < 3; ++row) {
    text += "\n";
    for (std::size_t column = 0; column < sheet.columns.size(); ++column) {
      text += (column > 0 ? "," : "") + cell_of(sheet.columns[column], column, row);
    }
  }
  return text + "\n";
}

class Sheets {
 public:
  explicit Sheets(std::uint64_t seed) : dice_(seed) {}

  Sheet sheet() {
    Sheet sheet{.columns = {}, .persons = 1 + static_cast<int>(roll(4)), .regular = true};
    const bool numbered = sheet.persons > 1 && chance(30);
    std::vector<Kind> of_persons = some_kinds(sheet.persons == 1 && chance(30));
    std::vector<std::vector<Column>> blocks = persons(sheet, of_persons, numbered);
    const std::vector<Column> of_company = company_columns(sheet);
    std::vector<std::vector<Column>> others = chance(40) ? somebodies(sheet) : std::vector<std::vector<Column>>();

    // The company's name and its columns, then the persons, and somebody else between, before or behind; or the persons first.
    std::vector<Column> front{{.heading = one_of({"客户名称", "单位名称", "公司名称", "客户"}), .fields = {"name"}}}, back;
    for (const Column& column : of_company) {
      const bool free = column.said || column.thing == Thing::other;
      (free && chance(50) ? back : front).push_back(column);
    }
    if (!company_first_ && chance(20)) {
      std::ranges::rotate(front, front.begin() + static_cast<std::ptrdiff_t>(roll(front.size())));  // the name is not the first
    }
    std::vector<std::vector<Column>> all;
    all.push_back(front);
    all.insert(all.end(), blocks.begin(), blocks.end());
    if (!back.empty()) {
      all.push_back(back);
    }
    for (std::vector<Column>& other : others) {
      all.insert(all.begin() + static_cast<std::ptrdiff_t>(1 + roll(all.size())), std::move(other));
    }
    if (!company_first_ && chance(15)) {
      std::ranges::rotate(all, all.begin() + 1);  // a list of persons beside where they work
      sheet.regular = false;
    }
    for (const std::vector<Column>& block : all) {
      sheet.columns.insert(sheet.columns.end(), block.begin(), block.end());
    }
    if (numbered && std::ranges::all_of(sheet.columns, [](const Column& column) { return column.said || column.thing == Thing::other || column.owner == company; }) && chance(40)) {
      for (std::size_t column = sheet.columns.size(); column > 1; --column) {
        std::swap(sheet.columns[column - 1], sheet.columns[roll(column)]);
      }
      sheet.regular = false;
    }
    return sheet;
  }

 private:
  std::size_t roll(std::size_t sides) { return static_cast<std::size_t>(dice_() % sides); }  // the same with every library
  bool chance(int percent) { return roll(100) < static_cast<std::size_t>(percent); }
  std::string one_of(const std::vector<std::string>& things) { return things[roll(things.size())]; }

  // What the persons have; of each kind once.
  std::vector<Kind> some_kinds(bool many) {
    std::vector<Kind> chosen;
    for (const Kind& kind : kinds) {
      if (chance(kind.thing == Thing::phone || kind.thing == Thing::mobile ? 50 : many ? 50 : 20)) {
        Kind one = kind;
        one.headings = {one_of(kind.headings)};
        chosen.push_back(std::move(one));
      }
    }
    for (std::size_t kind = chosen.size(); kind > 1; --kind) {
      std::swap(chosen[kind - 1], chosen[roll(kind)]);
    }
    return chosen;
  }

  static Column of_person(const Kind& kind, int person) {
    Column column{.heading = kind.headings.front(), .owner = person, .thing = kind.thing, .said = false, .fields = kind.of_person};
    column.fields = column.heading == "QQ" ? std::set<std::string>() : column.fields;
    return column;
  }

  // One group each, or names side by side with what they have behind them, all of one thing or round by round.
  std::vector<std::vector<Column>> persons(Sheet& sheet, const std::vector<Kind>& has, bool numbered) {
    const std::string name = one_of({"联系人", "姓名", "联系人姓名"});
    const bool says = sheet.persons == 1 && chance(20);  // 联系人电话
    const auto named = [&](Column column) {
      if (numbered) {
        column.heading += std::to_string(column.owner + 1);
        column.said = true;
      } else if (says && column.thing != Thing::name && column.heading != "QQ" && column.thing != Thing::home_address) {
        column.heading.insert(0, "联系人");
        column.said = true;
      }
      return column;
    };
    std::vector<std::vector<Column>> groups;
    const auto telephones = std::ranges::count_if(has, [](const Kind& kind) { return is_telephone(kind.thing) && kind.thing != Thing::home; });
    const auto offices = std::ranges::count_if(has, [](const Kind& kind) { return kind.thing == Thing::phone || kind.thing == Thing::office; });
    sheet.regular = sheet.regular && telephones <= 2 && (sheet.persons > 1 || offices < 2);  // we have two places for them
    for (int person = 0; person < sheet.persons; ++person) {
      std::vector<Column> group{named({.heading = name, .owner = person, .thing = Thing::name, .said = false, .fields = {"name"}})};
      for (const Kind& kind : has) {
        group.push_back(named(of_person(kind, person)));
      }
      groups.push_back(std::move(group));
    }
    const std::size_t shape = roll(10);
    company_first_ = shape == 4;
    if (shape != 4 && chance(20) && !has.empty()) {
      // One has less than the others.
      std::vector<Column>& group = groups[roll(groups.size())];
      group.erase(group.begin() + 1 + static_cast<std::ptrdiff_t>(roll(group.size() - 1)));
      sheet.regular = sheet.regular && (numbered || sheet.persons == 1);
      company_first_ = true;
    }
    if (shape < 4) {
      return groups;
    }
    if (shape < 5) {
      for (std::vector<Column>& group : groups) {
        std::ranges::rotate(group, group.begin() + 1);  // the name is the last
      }
      sheet.regular = false;
      return groups;
    }
    std::vector<Column> side_by_side;
    const bool rounds = shape < 7;
    for (const std::vector<Column>& group : groups) {
      side_by_side.push_back(group.front());
    }
    for (std::size_t place = 1; !rounds && place <= has.size(); ++place) {
      for (const std::vector<Column>& group : groups) {
        for (const Column& column : group) {
          if (column.thing == has[place - 1].thing) {
            side_by_side.push_back(column);
          }
        }
      }
    }
    for (const std::vector<Column>& group : groups) {
      if (rounds) {
        side_by_side.insert(side_by_side.end(), group.begin() + 1, group.end());
      }
    }
    return {side_by_side};
  }

  std::vector<Column> company_columns(Sheet& sheet) {
    std::vector<Column> columns;
    for (const auto& [heading, field] : std::vector<std::pair<std::string, std::string>>{{"地址", "address"}, {"备注", "remark"}, {"客户级别", "grade"}, {"所属城市", "city"}, {"送货地址", "delivery_address"}}) {
      if (chance(30)) {
        columns.push_back({.heading = heading, .owner = company, .thing = Thing::other, .said = false, .fields = {field}});
      }
    }
    for (const Thing thing : {Thing::phone, Thing::mobile, Thing::mail, Thing::fax}) {
      const Kind& kind = *std::ranges::find(kinds, thing, &Kind::thing);
      if (!chance(thing == Thing::phone ? 50 : 15)) {
        continue;
      }
      Column column{.heading = one_of(kind.headings), .owner = company, .thing = thing, .said = false, .fields = kind.of_company};
      if (chance(40)) {
        column.heading.insert(0, one_of({"公司", "单位", "客户", "门店"}));
        column.said = true;
      }
      sheet.regular = sheet.regular && thing != Thing::mobile;
      columns.push_back(std::move(column));
    }
    return columns;
  }

  std::vector<std::vector<Column>> somebodies(Sheet& sheet) {
    std::vector<std::vector<Column>> all;
    sheet.regular = false;
    for (std::size_t count = 1 + roll(2); count > 0; --count) {
      const std::string who = one_of({"法人", "老板", "采购人", "前负责人", "财务", "对账人", "上级", "配偶", "店长", "司机", "业务员", "介绍人"});
      std::vector<Column> block;
      const bool named = chance(50);
      if (named) {
        block.push_back({.heading = who, .owner = somebody, .thing = Thing::name, .said = true, .fields = {}});
      }
      const Kind& kind = kinds[roll(2)];
      const bool bare = named && chance(40);
      block.push_back({.heading = (bare ? "" : who) + one_of(kind.headings), .owner = somebody, .thing = kind.thing, .said = !bare, .fields = {}});
      if (!bare && chance(30)) {
        block.push_back({.heading = who + one_of({"微信", "生日", "邮箱"}), .owner = somebody, .thing = Thing::account, .said = true, .fields = {}});
      }
      all.push_back(std::move(block));
    }
    return all;
  }

  std::mt19937_64 dice_;
  // 电话,姓名,电话,姓名, or somebody who has no 电话: with 电话 of the company behind them it would read as 姓名,电话,姓名,电话.
  bool company_first_ = false;
};

// A telephone or a mail address alone of its kind, of which neither the heading nor the place says more: either's.
bool is_plain(const Sheet& sheet, std::size_t index) {
  const Column& column = sheet.columns[index];
  const auto same = [&](const Column& other) { return other.thing == column.thing || (is_telephone(other.thing) && other.thing != Thing::mobile && other.thing != Thing::home && is_telephone(column.thing) && column.thing != Thing::mobile && column.thing != Thing::home); };
  return sheet.persons == 1 && column.owner != somebody && !column.said && std::ranges::count_if(sheet.columns, [&](const Column& other) { return same(other) && !other.said && other.owner != somebody; }) == 1;
}

bool is_of_contact(const Field& field) {
  return std::ranges::any_of(catalog::contact.fields, [&field](const Field& own) { return &own == &field; });
}

// Empty where all is well.
std::string fault_in(const Sheet& sheet, const std::vector<ColumnMapping>& mapping) {
  for (std::size_t index = 0; index < sheet.columns.size(); ++index) {
    const Column& column = sheet.columns[index];
    const ColumnMapping& made = mapping[index];
    if (column.owner == somebody && column.thing == Thing::name) {
      continue;  // 介绍人 is where the customer comes from
    }
    const std::string which = "column " + std::to_string(index + 1) + " " + column.heading;
    if (made.use == ColumnUse::ignore) {
      return which + " is left out";
    }
    if (made.use == ColumnUse::remark) {
      const bool nothing_to_ask = column.fields.empty() && (column.said || column.thing == Thing::account);
      if (!wants_a_look(made) && !nothing_to_ask) {
        return which + " is in the remark without a question";
      }
      if (sheet.regular && wants_a_look(made)) {
        return which + " is asked about though the table is plain";
      }
      continue;
    }
    const bool with_person = is_of_contact(*made.field);
    const int stands_with = with_person ? made.person : company;
    // Whose columns are numbered is counted by the numbers, else by the places of the names.
    if (stands_with != column.owner && !is_plain(sheet, index)) {
      return which + " stands with another (" + std::to_string(stands_with) + "), " + std::string(made.field->id);
    }
    if (!is_plain(sheet, index) && !column.fields.contains(std::string(made.field->id))) {
      return which + " stands in another field, " + std::string(made.field->id);
    }
    if (sheet.regular && wants_a_look(made)) {
      return which + " is asked about though the table is plain";
    }
  }
  return {};
}

// --- what becomes of the values

struct Book {
  std::vector<Record> customers, contacts;
};

Book read_book(Store& store) {
  Book book;
  for (const std::int64_t row : store.list({.entity = &catalog::customer}).value()) {
    book.customers.push_back(store.read_row(catalog::customer, row).value());
  }
  for (const std::int64_t row : store.list({.entity = &catalog::contact}).value()) {
    book.contacts.push_back(store.read_row(catalog::contact, row).value());
  }
  return book;
}

// Fields but the remark in which the value stands.
std::set<std::string> fields_with(const Record& record, const std::string& value) {
  std::set<std::string> fields;
  for (const Field& field : record.entity->fields) {
    if (field.type != FieldType::choice && field.id != "remark" && field.id != "name" && text_or_empty(record.value(field.id)) == value) {
      fields.insert(std::string(field.id));
    }
  }
  return fields;
}

// "电话（张一、李一？）：138…", "张一的QQ：123": the value behind its heading.
bool is_kept(const std::string& remark, const std::string& heading, const std::string& value) {
  std::size_t begin = 0;
  while (begin < remark.size()) {
    const std::size_t end = std::min({remark.find("；", begin), remark.find('\n', begin), remark.size()});
    const std::string entry = remark.substr(begin, end - begin);
    if (entry.contains(heading) && entry.ends_with("：" + value)) {
      return true;
    }
    begin = end + (end < remark.size() && remark[end] == '\n' ? 1 : std::string_view("；").size());
  }
  return false;
}

std::string fault_in_book(const Sheet& sheet, const Book& book) {
  for (int row = 0; row < 3; ++row) {
    const auto company_of_row = std::ranges::find_if(book.customers, [row](const Record& one) { return text_or_empty(one.value("name")) == "公司" + std::to_string(row); });
    if (company_of_row == book.customers.end()) {
      return "公司" + std::to_string(row) + " is missing";
    }
    for (std::size_t index = 0; index < sheet.columns.size(); ++index) {
      const Column& column = sheet.columns[index];
      if (column.thing == Thing::other || column.thing == Thing::name) {
        continue;
      }
      const std::string value = cell_of(column, index, row), which = column.heading + " " + value;
      const auto named = std::ranges::find_if(sheet.columns, [&column](const Column& one) { return one.thing == Thing::name && one.owner == column.owner; });
      const std::string person = column.owner >= 0 ? cell_of(*named, 0, row) : std::string();
      bool stands = is_kept(text_or_empty(company_of_row->value("remark")), column.heading, value);
      for (const std::vector<Record>* records : {&book.customers, &book.contacts}) {
        for (const Record& record : *records) {
          const bool is_companys = record.id == company_of_row->id, of_company = records == &book.contacts && id_or_empty(record.value("customer")) == company_of_row->id;
          const bool his = column.owner == company ? is_companys : of_company && text_or_empty(record.value("name")) == person;
          for (const std::string& field : fields_with(record, value)) {
            const bool right = is_plain(sheet, index) ? is_companys || of_company : his && column.fields.contains(field);
            if (!right) {
              return which + " stands with “" + text_or_empty(record.value("name")) + "” as " + field;
            }
            stands = true;
          }
        }
      }
      if (!stands) {
        return which + " is lost";
      }
    }
  }
  return {};
}

}  // namespace

TEST_CASE("import owners: each value stands with whom it belongs to, or in the remark with its heading") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const Sheet sheet = Sheets(seed).sheet();
    StoreFixture fixture;
    commit(*fixture.store, plan_text(*fixture.store, fixture.environment, text_of(sheet), catalog::customer));
    const std::string fault = fault_in_book(sheet, read_book(*fixture.store));
    CHECK_MESSAGE(fault.empty(), "seed " << seed << ": " << sheet.head() << "\n  " << fault);
  }
}

TEST_CASE("import owners: each column stands with whom it belongs to, or is asked about, in whatever order") {
  const char* many = std::getenv("KEHUBU_LONG");
  int faults = 0;
  for (std::uint64_t seed = 1, last = many != nullptr ? 200'000 : 3'000; seed <= last && faults < 20; ++seed) {
    const Sheet sheet = Sheets(seed).sheet();
    const std::string fault = fault_in(sheet, propose_mapping(table_of(text_of(sheet)), catalog::customer));
    faults += fault.empty() ? 0 : 1;
    CHECK_MESSAGE(fault.empty(), "seed " << seed << ": " << sheet.head() << "\n  " << fault);
  }
}

}  // namespace kehubu::test
