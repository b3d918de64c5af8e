// write() on its way: what is left out because nothing changes, what is refused and how that is told, and what may not
// happen between the check and the writing.
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <algorithm>
#include <optional>

#include "core/base/task.h"
#include "core/store/heads.h"
#include "core/store/long_write.h"
#include "core/store/sql.h"
#include "core/sync/sync.h"
#include "tests/support/log_exchange.h"
#include "tests/support/store_fixture.h"
#include "tests/support/temporary_file.h"
#include "tests/support/test_device.h"

namespace kehubu::test {

TEST_CASE("saving what stands already writes nothing and leaves nothing to undo") {
  StoreFixture fixture;
  const Id customer = fixture.create(catalog::customer, {{"name", "博海餐饮"}, {"grade", "c"}});
  const std::string hash = fixture.store->content_hash().value();
  const Sentence label = fixture.store->undo_state().undo_label;
  const auto same = fixture.write(catalog::customer, customer, {{"name", "博海餐饮"}, {"grade", "c"}});
  REQUIRE(same);
  CHECK(same->action == 0);
  CHECK(fixture.store->content_hash().value() == hash);
  CHECK(fixture.store->undo_state().undo_label == label);
  REQUIRE(fixture.write(catalog::customer, customer, {{"name", "博海餐饮"}, {"grade", "a"}}));
  CHECK(fixture.store->history(catalog::customer, customer, "name").value().size() == 1);
  CHECK(fixture.store->history(catalog::customer, customer, "grade").value().size() == 2);
  CHECK(fixture.store->undo_state().undo_label.zh == "撤销：修改客户 博海餐饮：客户级别");
}

TEST_CASE("of many problems the first twenty are told, and how many more there are") {
  for (const int count : {1, 20, 21, 25}) {
    CAPTURE(count);
    StoreFixture fixture;
    std::vector<Edit> edits;
    for (int number = 0; number < count; ++number) {
      const std::string code = "K-" + std::to_string(number);
      fixture.create(catalog::customer, {{"name", "旧 " + code}, {"code", code}});
      edits.push_back(edit_of(catalog::customer, new_id(fixture.environment), {{"name", "新 " + code}, {"code", code}}));
    }
    const auto refused = fixture.store->write(edits);
    REQUIRE_FALSE(refused);
    const std::string& told = refused.error().message.zh;
    CHECK(std::ranges::count(told, '\n') + 1 == std::min(count, 21));
    CHECK(told.contains("另有") == (count > 20));
    if (count > 20) {
      const std::string more = std::to_string(count - 20);
      CHECK(told.ends_with("\n另有 " + more + " 处问题"));
      CHECK(refused.error().message.en.ends_with("\nand " + more + (count == 21 ? " more problem" : " more problems")));
    }
  }
}

TEST_CASE("a value that the same action adds to a list can be chosen in it, and the list keeps what it had") {
  for (const bool value_first : {true, false}) {
    CAPTURE(value_first);
    StoreFixture fixture;
    std::vector<Edit> edits{edit_of(catalog::dict_item, new_id(fixture.environment), {{"list", "industry"}, {"ident", "toys"}, {"zh", "玩具"}, {"en", "Toys"}}),
                            edit_of(catalog::customer, new_id(fixture.environment), {{"name", "甲"}, {"industry", "toys"}}),
                            edit_of(catalog::customer, new_id(fixture.environment), {{"name", "乙"}, {"industry", "catering_lodging"}}),
                            edit_of(catalog::customer, new_id(fixture.environment), {{"name", "丙"}, {"industry", "toys"}, {"grade", "b"}})};
    if (!value_first) {
      std::ranges::rotate(edits, edits.begin() + 1);
    }
    const auto written = fixture.store->write(edits);
    CHECK_MESSAGE(written, (written ? std::string() : written.error().message.zh));
    edits.push_back(edit_of(catalog::customer, new_id(fixture.environment), {{"name", "丁"}, {"industry", "nothing"}}));
    CHECK_FALSE(fixture.store->write(edits));
  }
}

TEST_CASE("a long write whose ground has moved since the check is refused, and nothing of it is there") {
  TestDevice device{1};
  device.use_as(device.create("employee", {{"code", "R01"}, {"name", "李强"}, {"login_name", "li"}}, {.skip_validation = true}));
  std::vector<Edit> edits;
  const Entity& customer = *find_entity("customer");
  for (int number = 0; number < 300; ++number) {
    edits.push_back({.entity = &customer, .row = new_id(device.environment()), .fields = {{customer.find("name"), Value("客户 " + std::to_string(number))}}});
  }
  for (const bool disturbed : {true, false}) {
    CAPTURE(disturbed);
    Scheduler scheduler{device.environment()};
    Progress progress;
    std::optional<Result<Written>> result;
    scheduler.spawn<Result<Written>>(write_in_slices(device.store(), edits, {.kind = ChangeKind::import}, progress),
                                     [&](Result<Written> written) { result = std::move(written); });
    REQUIRE(scheduler.run(1));
    CHECK(progress.total == 1200);
    if (disturbed) {
      device.create("customer", {{"name", "插进来的"}}, {.skip_validation = true});
    }
    while (scheduler.run(1)) {
    }
    REQUIRE(result);
    CHECK(result->has_value() != disturbed);
    if (disturbed) {
      CHECK(result->error().kind == ErrorKind::conflict);
      CHECK(result->error().message.zh == "检查之后数据有了变化，请重新检查一遍");
      CHECK(*device.store().count({.entity = &customer}) == 1);
    }
  }
  CHECK(*device.store().count({.entity = &customer}) == 301);
}

TEST_CASE("what cannot be read while a write is prepared is not taken for nothing: the write is refused") {
  const TemporaryFile file{"unread.db"};
  StoreFixture fixture{1, file.path};
  const Id customer = fixture.create(catalog::customer, {{"name", "博海餐饮"}, {"grade", "a"}});
  const std::string before = fixture.store->table_hash().value();
  sqlite3* other = nullptr;
  REQUIRE(sqlite3_open(file.path.c_str(), &other) == SQLITE_OK);
  const auto run = [other](const char* sql) { REQUIRE(sqlite3_exec(other, sql, nullptr, nullptr, nullptr) == SQLITE_OK); };
  for (const bool validated : {true, false}) {
    CAPTURE(validated);
    Scheduler scheduler{fixture.environment};
    Progress progress;
    std::optional<Result<Written>> result;
    run("BEGIN EXCLUSIVE");  // another program, for as long as the edits are drafted
    scheduler.spawn<Result<Written>>(write_in_slices(*fixture.store, {edit_of(catalog::customer, customer, {{"name", "博海餐饮公司"}})},
                                                     {.skip_validation = !validated}, progress),
                                     [&](Result<Written> written) { result = std::move(written); });
    REQUIRE(scheduler.run(0));
    run("ROLLBACK");
    while (scheduler.run(0)) {
    }
    REQUIRE(result);
    REQUIRE_FALSE(result->has_value());
    CHECK(result->error().kind == ErrorKind::storage);
    CHECK(result->error().message.zh.contains("另一个程序"));
    CHECK(fixture.store->table_hash().value() == before);
  }
  sqlite3_close(other);
  REQUIRE(fixture.write(catalog::customer, customer, {{"name", "博海餐饮公司"}}));  // once it can be read
}

TEST_CASE("what cannot be read is no answer: whoever asks is told, and asks again when it can be read") {
  const TemporaryFile file{"unanswered.db"};
  StoreFixture fixture{1, file.path};
  const Id customer = fixture.create(catalog::customer, {{"name", "博海餐饮"}, {"grade", "a"}});
  const Id contact = fixture.create(catalog::contact, {{"customer", customer}, {"name", "张三"}});
  const auto sync = make_sync(*fixture.store, fixture.environment);
  const Edit edit = edit_of(catalog::customer, customer, {{"name", "博海餐饮公司"}}), removal{.entity = &catalog::customer, .row = customer, .fields = {}, .remove = true};
  const ListQuery query{.entity = &catalog::customer, .search = "博海"};
  const auto unread = [](const std::vector<Store::Problem>& problems) {
    return problems.size() == 1 && problems[0].field == nullptr && !problems[0].hint_only && problems[0].message.zh.contains("另一个程序");
  };
  sqlite3* other = nullptr;
  REQUIRE(sqlite3_open(file.path.c_str(), &other) == SQLITE_OK);
  REQUIRE(sqlite3_exec(other, "BEGIN EXCLUSIVE", nullptr, nullptr, nullptr) == SQLITE_OK);
  CHECK(unread(fixture.store->validate(edit)));
  CHECK(unread(fixture.store->validate(removal)));
  CHECK_FALSE(fixture.store->read(catalog::customer, customer));
  CHECK_FALSE(fixture.store->list(query));
  CHECK_FALSE(fixture.store->count(query));
  CHECK_FALSE(fixture.store->read_as_of(catalog::customer, customer, fixture.environment.now_ms()));
  CHECK_FALSE(sync->conflicts());
  CHECK_FALSE(sync->concerns());
  CHECK_FALSE(sync->bundle_history());
  REQUIRE(sqlite3_exec(other, "ROLLBACK", nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(other);
  CHECK(fixture.store->validate(edit).empty());
  CHECK(fixture.store->validate(removal).size() == 1);
  CHECK(fixture.store->validate(removal)[0].field == catalog::customer.find("name"));
  CHECK(fixture.store->list(query).value().size() == 1);
  CHECK(fixture.store->read(catalog::contact, contact));
}

TEST_CASE("a deletion that wrote a value with it is the same deletion again when the restoring is undone") {
  StoreFixture fixture;
  const Id customer = fixture.create(catalog::customer, {{"name", "博海餐饮"}, {"grade", "b"}});
  Edit removal = edit_of(catalog::customer, customer, {{"remark", "停业"}});
  removal.remove = true;
  REQUIRE(fixture.store->write({&removal, 1}, {.skip_validation = true}));
  const Edit restoring{.entity = &catalog::customer, .row = customer, .restore = true};
  REQUIRE(fixture.store->write({&restoring, 1}));
  CHECK_FALSE(fixture.read(catalog::customer, customer).deleted);
  const auto undone = fixture.store->undo();
  CHECK_MESSAGE(undone, (undone ? std::string() : undone.error().message.zh));
  CHECK(fixture.read(catalog::customer, customer).deleted);
  CHECK_FALSE(fixture.read(catalog::customer, customer).in_conflict);
  REQUIRE(fixture.store->redo());
  CHECK_FALSE(fixture.read(catalog::customer, customer).deleted);
  CHECK(text_or_empty(fixture.read(catalog::customer, customer).value("remark")) == "停业");
  CHECK(fixture.store->verify().value() == "");
}

TEST_CASE("a record that was deleted and brought back was alive, deleted, and alive again, as one looks back") {
  StoreFixture fixture;
  const Id customer = fixture.create(catalog::customer, {{"name", "博海餐饮"}});
  const std::int64_t alive = fixture.environment.wall_ms;
  fixture.environment.wall_ms += 1000;
  REQUIRE(fixture.remove(catalog::customer, customer));
  const std::int64_t deleted = fixture.environment.wall_ms;
  fixture.environment.wall_ms += 1000;
  const Edit restoring{.entity = &catalog::customer, .row = customer, .restore = true};
  REQUIRE(fixture.store->write({&restoring, 1}));
  CHECK_FALSE(fixture.store->read_as_of(catalog::customer, customer, alive).value().deleted);
  CHECK(fixture.store->read_as_of(catalog::customer, customer, deleted).value().deleted);
  CHECK_FALSE(fixture.store->read_as_of(catalog::customer, customer, fixture.environment.wall_ms).value().deleted);
}

TEST_CASE("what a write leaves in the log is what was asked, and the marks that its kind of record has") {
  StoreFixture fixture;
  const auto fields_written = [&](const Entity& entity, const Id& row, const GivenFields& fields) {
    REQUIRE(fixture.write(entity, row, fields, {.skip_validation = true}));
    Log& log = internals(*fixture.store).log();
    const DeviceNumber own = log.device_number(fixture.store->identity().device);
    std::vector<std::string> names;
    for (const FieldChange& field : log.read({own, log.last_sequence(own)}).value().fields) {
      names.push_back(field.field);
    }
    return names;
  };
  using Names = std::vector<std::string>;
  const Id customer = fixture.create(catalog::customer, {{"name", "博海餐饮"}});
  CHECK(fields_written(catalog::customer, customer, {{"grade", "a"}}) == Names{"grade"});
  CHECK(fields_written(catalog::customer, customer, {{"status", "archived"}}) == Names{"status"});
  const Id contract = fixture.make_contract().first;
  CHECK(fields_written(catalog::contract, contract, {{"remark", "急"}}) == Names{"#", "remark"});
  const Id visit = fixture.create(catalog::interaction, {{"customer", customer}, {"status", "planned"}, {"kind", "phone"}, {"content", "问好"}, {"planned_at", fixture.environment.wall_ms}});
  CHECK(fields_written(catalog::interaction, visit, {{"content", "问候"}}) == Names{"content"});
  CHECK(fields_written(catalog::interaction, visit, {{"status", "done"}}) == Names{"_closed", "status"});
}

TEST_CASE("what stands in the way of deleting is told by kind, counted, and named as far as asked") {
  StoreFixture fixture;
  const Id customer = fixture.create(catalog::customer, {{"name", "博海餐饮"}});
  CHECK(fixture.store->obstacles_to_removal(catalog::customer, customer, 2).empty());
  std::vector<Id> contacts;
  for (const char* name : {"张三", "李四", "王五"}) {
    contacts.push_back(fixture.create(catalog::contact, {{"customer", customer}, {"name", name}}));
  }
  const auto found = fixture.store->obstacles_to_removal(catalog::customer, customer, 2);
  REQUIRE(found.size() == 1);
  CHECK(found[0].entity == &catalog::contact);
  CHECK(found[0].field->id == "customer");
  CHECK(found[0].count == 3);
  CHECK(found[0].rows == std::vector<Id>{contacts[0], contacts[1]});
  for (const Id& contact : contacts) {
    CHECK(fixture.store->obstacles_to_removal(catalog::contact, contact, 2).empty());
    REQUIRE(fixture.remove(catalog::contact, contact));
  }
  CHECK(fixture.store->obstacles_to_removal(catalog::customer, customer, 2).empty());
  const Id contract = fixture.make_contract().first;
  CHECK(fixture.store->obstacles_to_removal(catalog::contract, contract, 2).empty());  // its lines go with it
}

TEST_CASE("an action on a record without a title is called by its number") {
  StoreFixture fixture;
  const Id customer = fixture.create(catalog::customer, {{"name", "博海餐饮"}});
  REQUIRE(fixture.write(catalog::contract, new_id(fixture.environment), {{"contract_no", "HT-9"}, {"customer", customer}}, {.skip_validation = true}));
  CHECK(fixture.store->undo_state().undo_label.zh == "撤销：新建合同 HT-9");
  CHECK(fixture.store->undo_state().undo_label.en == "Undo: Create Contract HT-9");
}

TEST_CASE("while a document waits for a decision, undoing says that it waits and not that somebody changed it") {
  TestDevice office{1};
  TestDevice tablet{2};
  const Id contract = office.create("contract", {{"contract_no", "HT-1"}, {"title", "年度供货"}, {"status", "pending_approval"}}, {.skip_validation = true});
  exchange({&office, &tablet});
  office.edit("contract", contract, {{"status", "active"}});
  tablet.edit("contract", contract, {{"remark", "急"}});
  exchange({&office, &tablet});
  REQUIRE(office.conflicts().size() == 1);
  const auto refused = office.store().undo();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::conflict);
  CHECK(refused.error().message.zh == "不能撤销“修改合同 年度供货：合同状态”：“年度供货”被不同设备改得不一样，还没有裁定，请先选定一边");
}

TEST_CASE("an edit of what somebody had decided is undone like any other") {
  TestDevice office{1};
  TestDevice tablet{2};
  const Id customer = office.create("customer", {{"name", "博海餐饮"}}, {.skip_validation = true});
  exchange({&office, &tablet});
  office.edit("customer", customer, {{"grade", "a"}});
  tablet.edit("customer", customer, {{"grade", "c"}});
  exchange({&office, &tablet});
  REQUIRE(office.sync().resolve(office.conflicts().at(0), 1));
  office.edit("customer", customer, {{"grade", "e"}});
  const auto undone = office.store().undo();
  CHECK_MESSAGE(undone, (undone ? std::string() : undone.error().message.zh));
  CHECK(office.text("customer", customer, "grade") == "c");
  REQUIRE(office.store().redo());
  CHECK(office.text("customer", customer, "grade") == "e");
  CHECK(office.conflicts().empty());
}

TEST_CASE("a clock at most five minutes ahead is followed, so that what comes after is not dated before") {
  for (const std::int64_t by : {4 * 60'000, 5 * 60'000, 5 * 60'000 + 1}) {
    CAPTURE(by);
    StoreFixture fixture;
    StoreFixture ahead(2);
    const Id id = fixture.create(catalog::customer, {{"name", "博海餐饮"}});
    carry(*fixture.store, *ahead.store);
    ahead.environment.wall_ms = fixture.environment.wall_ms + by;
    REQUIRE(ahead.write(catalog::customer, id, {{"phone", "02112345678"}}));
    carry(*ahead.store, *fixture.store);
    REQUIRE(fixture.write(catalog::customer, id, {{"phone", "02187654321"}}));
    const auto entries = fixture.store->history(catalog::customer, id, "phone").value();
    const auto clock_of = [&](std::string_view phone) {
      const auto found = std::ranges::find_if(entries, [&](const HistoryEntry& entry) { return text_or_empty(entry.value) == phone; });
      REQUIRE(found != entries.end());
      return found->clock;
    };
    CHECK(clock_of("02112345678") == fixture.environment.wall_ms + by);
    CHECK((clock_of("02187654321") >= clock_of("02112345678")) == (by <= 5 * 60'000));
  }
}

TEST_CASE("a record as it was is the same row of its list as it is now") {
  StoreFixture fixture;
  fixture.create(catalog::customer, {{"name", "博海餐饮"}});
  const Id second = fixture.create(catalog::customer, {{"name", "长江酒店"}});
  const std::int64_t then = fixture.environment.wall_ms;
  REQUIRE(fixture.write(catalog::customer, second, {{"grade", "a"}}));
  const std::int64_t row_number = fixture.read(catalog::customer, second).row_number;
  CHECK(row_number == 2);
  CHECK(fixture.store->read_as_of(catalog::customer, second, then).value().row_number == row_number);
}

TEST_CASE("packed heads are of one record, whatever was packed before them") {
  const std::vector<Head> first{{3, {1, 7}}, {5, {1, 7}}, {5, {2, 9}}}, second{{4, {3, 1}}};
  std::string bytes, other, again;
  pack_heads(bytes, first);
  pack_heads(other, second);
  pack_heads(again, first);
  CHECK(again == bytes);
  CHECK(other.size() == 5);  // one version, one cell
  std::vector<Head> unpacked;
  CHECK(unpack_heads(bytes, unpacked));
  CHECK(unpacked == first);
}

TEST_CASE("a batch says how many questions it opened and closed, none twice") {
  TestDevice first{1}, second{2}, third{3};
  const WriteOptions as_it_is{.skip_validation = true};
  const auto counts = [&](TestDevice& from) {
    const MaterialiseStatistics statistics = carry(from.store(), first.store());
    return std::pair{statistics.conflicts_opened, statistics.conflicts_closed};
  };
  using Counts = std::pair<std::int64_t, std::int64_t>;
  first.create("customer", {{"code", "K-9"}, {"name", "甲"}}, as_it_is);
  const Id other = second.create("customer", {{"code", "K-9"}, {"name", "乙"}}, as_it_is);
  CHECK(counts(second) == Counts{1, 0});
  const Id another = third.create("customer", {{"code", "K-9"}, {"name", "丙"}}, as_it_is);
  CHECK(counts(third) == Counts{0, 0});  // the question is the same
  second.edit("customer", other, {{"code", "K-10"}});
  CHECK(counts(second) == Counts{0, 0});  // two share it still
  second.edit("customer", other, {{"code", "K-11"}});
  CHECK(counts(second) == Counts{0, 0});
  third.edit("customer", another, {{"code", "K-12"}});
  CHECK(counts(third) == Counts{0, 1});

  // What a field asks by itself, a document asks as a whole.
  const Id contract = first.create("contract", {{"contract_no", "HT-1"}, {"title", "年度供货"}, {"status", "pending_approval"}}, as_it_is);
  carry(first.store(), second.store());
  first.edit("contract", contract, {{"status", "active"}});
  second.edit("contract", contract, {{"status", "draft"}});
  CHECK(counts(second) == Counts{1, 0});
  REQUIRE(first.sync().resolve(first.conflicts().at(0), 0));
  carry(first.store(), second.store());
  CHECK(first.conflicts().empty());
}

TEST_CASE("a record that is missed stays one question when somebody else has deleted it, too") {
  TestDevice first{1}, second{2}, third{3};
  const WriteOptions as_it_is{.skip_validation = true};
  const Id customer = first.create("customer", {{"code", "K-9"}, {"name", "甲"}}, as_it_is);
  carry(first.store(), second.store());
  carry(first.store(), third.store());
  first.remove("customer", customer);
  second.remove("customer", customer);
  third.create("contact", {{"customer", customer}, {"name", "张三"}}, as_it_is);
  CHECK(carry(third.store(), first.store()).conflicts_opened == 1);
  const MaterialiseStatistics statistics = carry(second.store(), first.store());
  CHECK(statistics.conflicts_opened == 0);
  CHECK(statistics.conflicts_closed == 0);
  REQUIRE(first.conflicts().size() == 1);
  CHECK(first.conflicts()[0].kind == ConflictKind::missing_reference);
}

TEST_CASE("a question about a field that only a newer program knows stands in nobody's way, and stays") {
  StoreFixture fixture;
  const Id customer = fixture.create(catalog::customer, {{"name", "博海餐饮"}, {"grade", "b"}});
  Database database(fixture.store->connection());
  Log& log = internals(*fixture.store).log();
  REQUIRE(database.execute("UPDATE customer SET flags = flags | 8 WHERE name = '博海餐饮'"));
  REQUIRE(database.statement("INSERT INTO conflict(key, kind, entity, row, field) VALUES('field/customer/newer', 0, ?, ?, ?)")
              .bind(1, std::int64_t{log.symbol("customer")})
              .bind(2, customer)
              .bind(3, std::int64_t{log.symbol("of_a_newer_program")})
              .run());
  REQUIRE(fixture.write(catalog::customer, customer, {{"grade", "a"}}));
  CHECK(text_or_empty(fixture.read(catalog::customer, customer).value("grade")) == "a");
  Statement& select = database.statement("SELECT count(*) FROM conflict WHERE key = 'field/customer/newer'");
  REQUIRE(select.row());
  CHECK(select.integer(0) == 1);
}

TEST_CASE("what a write that was given up had numbered is numbered anew: names of fields, people, devices") {
  StoreFixture fixture;
  StoreInternals& internal = internals(*fixture.store);
  const Id first = new_id(fixture.environment), second = new_id(fixture.environment);
  const auto append = [&](const Id& person, const std::string& field) {
    Log& log = internal.log();
    const DeviceNumber own = log.device_number(fixture.store->identity().device);
    const std::int64_t next = log.last_sequence(own) + 1;
    Change change{.version = {own, next}, .clock = fixture.environment.wall_ms, .action = next, .kind = ChangeKind::update, .person = person, .entity = "customer", .row = new_id(fixture.environment), .fields = {{field, Value(std::string("x")), {}}}};
    for (int times = 0; times < 2; ++times) {
      CHECK(log.symbol_text(log.symbol(field)) == field);
    }
    REQUIRE(log.append({&change, 1}));
    return change.version;
  };
  REQUIRE(internal.begin());
  append(first, "of_a_newer_program");
  internal.rollback();
  REQUIRE(internal.begin());
  const Version by_second = append(second, "of_another_program"), by_first = append(first, "of_a_newer_program");
  REQUIRE(internal.commit());
  CHECK(internal.log().read(by_second).value().person == second);
  CHECK(internal.log().read(by_second).value().fields[0].field == "of_another_program");
  CHECK(internal.log().read(by_first).value().person == first);
  CHECK(internal.log().read(by_first).value().fields[0].field == "of_a_newer_program");
}

}  // namespace kehubu::test
