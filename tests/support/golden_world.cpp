#include "tests/support/golden_world.h"

#include <doctest/doctest.h>
#include <sqlite3.h>

#include "core/sample/sample.h"
#include "core/store/drafts.h"
#include "tests/support/temporary_file.h"

namespace kehubu::test {
namespace {

constexpr WriteOptions as_it_is{.skip_validation = true};

nlohmann::json plain(const Value& value) {
  struct Written {
    nlohmann::json operator()(std::monostate) const { return nullptr; }
    nlohmann::json operator()(std::int64_t number) const { return number; }
    nlohmann::json operator()(const std::string& text) const { return text; }
    nlohmann::json operator()(const Id& id) const { return "#" + id.text(); }
  };
  return std::visit(Written{}, value);
}

void tell_record(Store& store, const Entity& entity, std::int64_t row_number, nlohmann::json& told) {
  const auto record = store.read_row(entity, row_number);
  REQUIRE(record.has_value());
  nlohmann::json& records = told["records"][std::string(entity.id)][record->id.text()];
  records["$deleted"] = record->deleted;
  records["$in_conflict"] = record->in_conflict;
  for (std::size_t index = 0; index < entity.fields.size(); ++index) {
    const Field& field = entity.fields[index];
    if (field.derived()) {
      told["derived"][std::string(entity.id)][record->id.text()][std::string(field.id)] = plain(record->values[index]);
    } else if (!is_null(record->values[index])) {
      records[std::string(field.id)] = plain(record->values[index]);
    }
  }
}

nlohmann::json told_of(const Conflict& conflict) {
  nlohmann::json sides = nlohmann::json::array();
  for (const ConflictSide& side : conflict.sides) {
    nlohmann::json cells = nlohmann::json::array();
    for (const ConflictSide::Cell& cell : side.cells) {
      cells.push_back({std::string(cell.entity->id), cell.row.text(), std::string(cell.field->id), plain(cell.value)});
    }
    std::vector<std::string> people;
    for (const Author& author : side.authors) {
      people.push_back(author.person_name);
    }
    sides.push_back({{"cells", cells}, {"people", people}, {"stands", side.stands_now}, {"removes", side.removed}});
  }
  return {{"kind", static_cast<int>(conflict.kind)}, {"row", conflict.row.text()}, {"sides", sides}};
}

// The office, two tablets, and what all three do to one another.
class GoldenWorld {
 public:
  explicit GoldenWorld(const std::string& database) : office_(1, "办公室", database) {
    for (TestDevice* device : {&office_, &tablet_, &other_}) {
      device->environment().now = opened_ms;
    }
    REQUIRE(write_sample_data(office_.store(), office_.environment(), true).has_value());
    exchange({&office_, &tablet_, &other_});
    use(office_, "赵工");
    use(tablet_, "王敏");
    use(other_, "李强");
    office_.create("org_unit", {{"code", text("D-9")}, {"name", text("西南大区")}, {"kind", text("region")}}, as_it_is);
    office_.create("dict_item",
                   {{"list", text("customer_tag")},
                    {"ident", text("frozen")},
                    {"zh", text("冷冻/冷藏")},
                    {"en", text("Frozen")},
                    {"seq", std::int64_t{90}},
                    {"active", std::int64_t{1}}},
                   as_it_is);
    product_ = office_.create("product", {{"code", text("P-900")}, {"name", text("瓜子")}, {"list_price", std::int64_t{10'000}}}, as_it_is);
    for (int number = 0; number < 13; ++number) {
      customers_.push_back(office_.create("customer",
                                          {{"code", text("K-9" + std::to_string(10 + number))},
                                           {"name", text("金盛商行 " + std::to_string(number + 1))},
                                           {"grade", text("d")}},
                                          as_it_is));
    }
    contract_ = contract("HT-901");
    exchange({&office_, &tablet_, &other_});
  }

  GoldenFiles live() {
    fields();
    documents();
    facts();
    references();
    twins();
    decisions();
    exchange({&office_, &tablet_, &other_});
    office_.import(clone_->export_all());
    steps();
    return leave();
  }

 private:
  static constexpr std::int64_t opened_ms = 1'795'670'000'000;
  static Value text(std::string value) { return value; }

  void use(TestDevice& device, const std::string& name) {
    device.use_as(device.create("employee", {{"code", text("Z" + device.store().identity().letter)}, {"name", text(name)}}, as_it_is));
  }
  Id contract(const std::string& number) {
    const Id id = office_.create(
        "contract", {{"contract_no", text(number)}, {"title", text("年度合同")}, {"customer", customers_[0]}, {"status", text("pending")}},
        as_it_is);
    lines_.push_back(office_.create("contract_line",
                                    {{"contract", id},
                                     {"line_no", std::int64_t{1}},
                                     {"product", product_},
                                     {"qty", std::int64_t{10'000}},
                                     {"unit_price", std::int64_t{10'000}}},
                                    as_it_is));
    return id;
  }

  // What nobody has asked for stands in each of them; `open`, `decided` and `undone` differ by what becomes of it later.
  void fields() {
    for (const std::size_t customer : {open_field, decided_field, undone_field}) {
      office_.edit("customer", customers_[customer], {{"grade", text("a")}});
      tablet_.edit("customer", customers_[customer], {{"grade", text("b")}});
    }
    other_.edit("customer", customers_[open_field], {{"grade", text("c")}});
    office_.edit("customer", customers_[open_field], {{"remark", text("每周一送货")}});  // the later clock takes the note
    tablet_.edit("customer", customers_[open_field], {{"remark", text("每周二送货")}});
    office_.edit("customer", customers_[rule], {{"term_percent", std::int64_t{6'000}}});
    tablet_.edit("customer", customers_[rule], {{"term_percent2", std::int64_t{7'000}}});
  }
  void documents() {
    office_.edit("contract", contract_, {{"status", text("active")}});
    tablet_.edit("contract_line", lines_[0], {{"qty", std::int64_t{12'000}}});
  }
  void facts() {
    const Value at = opened_ms + 60'000;
    const Id plan = office_.create("interaction", {{"customer", customers_[4]}, {"status", text("planned")}, {"planned_at", at}}, as_it_is);
    exchange({&office_, &tablet_});
    tablet_.edit("interaction", plan, {{"status", text("done")}, {"occurred_at", at}, {"content", text("王敏谈了")}});
    office_.edit("interaction", plan, {{"status", text("done")}, {"occurred_at", at}, {"content", text("赵工谈了")}});
    tablet_.create("interaction",
                   {{"customer", customers_[4]}, {"status", text("done")}, {"occurred_at", at}, {"content", text("第一次拜访")}}, as_it_is);
    tablet_.create(
        "opportunity",
        {{"topic", text("春季供货")}, {"customer", customers_[4]}, {"amount", std::int64_t{1'000'000}}, {"stage", text("contact")}},
        as_it_is);
  }
  void references() {
    office_.remove("customer", customers_[5]);
    tablet_.create("contact", {{"customer", customers_[5]}, {"name", text("张三")}}, as_it_is);
    office_.remove("customer", customers_[6]);
    tablet_.edit("customer", customers_[6], {{"phone", text("028-85550001")}});
    office_.remove("customer", customers_[12]);
    office_.edit("customer", customers_[7], {{"parent", customers_[8]}});
    tablet_.edit("customer", customers_[8], {{"parent", customers_[7]}});
  }
  void twins() {
    office_.create("contact", {{"customer", customers_[9]}, {"name", text("李经理")}, {"is_primary", std::int64_t{1}}}, as_it_is);
    tablet_.create("contact", {{"customer", customers_[9]}, {"name", text("王经理")}, {"is_primary", std::int64_t{1}}}, as_it_is);
    office_.create("customer", {{"code", text("K-990")}, {"name", text("东兴超市")}}, as_it_is);
    tablet_.create("customer", {{"code", text("K-990")}, {"name", text("西兴超市")}}, as_it_is);
    REQUIRE(sqlite3_exec(tablet_.store().connection(), ("VACUUM INTO '" + backup_.path + "'").c_str(), nullptr, nullptr, nullptr) ==
            SQLITE_OK);
    clone_ = std::make_unique<TestDevice>(24, "王敏的平板", backup_.path);
    clone_->environment().now = tablet_.environment().now;
    clone_->edit("customer", customers_[10], {{"phone", text("020-11111111")}});
    tablet_.edit("customer", customers_[10], {{"phone", text("020-22222222")}});
  }
  void decide(std::size_t customer) {
    const auto questions = office_.sync().conflicts_about(*find_entity("customer"), customers_[customer]);
    REQUIRE((questions.has_value() && questions->size() == 1));
    office_.environment().now += 1000;
    REQUIRE(office_.sync().resolve(questions->front(), 1).has_value());
  }
  void decisions() {
    exchange({&office_, &tablet_, &other_});
    decide(decided_field);
    decide(undone_field);
    REQUIRE(office_.store().undo().has_value());
  }
  // What can be undone and redone, what is typed and not saved, what waits.
  void steps() {
    office_.create("customer", {{"code", text("K-991")}, {"name", text("撤销又重做")}}, as_it_is);
    office_.edit("customer", customers_[11], {{"phone", text("020-33333333")}});
    REQUIRE(office_.store().undo().has_value());
    Drafts drafts(internals(office_.store()));
    REQUIRE(drafts
                .keep({.id = new_id(office_.environment()),
                       .address = "/customer/new",
                       .title = {"新建客户 · 没有保存", "New customer · not saved"},
                       .kept_at_ms = office_.environment().now,
                       .open = false,
                       .content = "{}"})
                .has_value());
    REQUIRE(office_.store().set_setting("language", "zh").has_value());
  }
  GoldenFiles leave() {
    GoldenFiles files;
    office_.import(tablet_.export_all());
    tablet_.import(office_.export_all());
    tablet_.edit("customer", customers_[11], {{"phone", text("020-44444444")}});
    files.later = tablet_.export_for(office_);
    tablet_.edit("customer", customers_[11], {{"fax", text("020-55555555")}});
    files.waiting = after(files.later);
    CHECK(office_.import(files.waiting).waiting == 1);
    files.everything = office_.export_all();
    files.at_ms = office_.environment().now;
    return files;
  }
  // A bundle of what the tablet wrote after this one: the tablet is told that the office has got it.
  std::string after(const std::string& bundle) {
    const TemporaryFile copy("golden_copy.db");
    REQUIRE(sqlite3_exec(office_.store().connection(), ("VACUUM INTO '" + copy.path + "'").c_str(), nullptr, nullptr, nullptr) ==
            SQLITE_OK);
    TestDevice ahead(1, "办公室", copy.path);
    ahead.import(bundle);
    tablet_.import(ahead.export_all());
    return tablet_.export_for(ahead);
  }

  static constexpr std::size_t open_field = 1, decided_field = 2, undone_field = 3, rule = 0;
  const TemporaryFile backup_{"golden_clone.db"};
  TestDevice office_;
  TestDevice tablet_{2, "王敏的平板"};
  TestDevice other_{3, "李强的平板"};
  std::unique_ptr<TestDevice> clone_;
  std::vector<Id> customers_, lines_;
  Id product_, contract_;
};

}  // namespace

nlohmann::json told_by(Store& store, Sync& sync) {
  nlohmann::json told{{"content_hash", store.content_hash().value()}};
  for (const Entity* entity : entities()) {
    for (const bool deleted : {false, true}) {
      const auto rows = store.list({.entity = entity, .deleted = deleted});
      REQUIRE(rows.has_value());
      for (const std::int64_t row : *rows) {
        tell_record(store, *entity, row, told);
      }
    }
  }
  const auto conflicts = sync.conflicts();
  REQUIRE(conflicts.has_value());
  for (const Conflict& conflict : *conflicts) {
    told["questions"][conflict.key] = told_of(conflict);
  }
  return told;
}

GoldenFiles write_golden_world(const std::string& database) { return GoldenWorld(database).live(); }

}  // namespace kehubu::test
