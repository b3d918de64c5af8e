// The Store: writing, reading, lists, defaults, numbers, deleting.
#include <doctest/doctest.h>

#include <random>

#include "core/catalog/areas.h"
#include "tests/support/store_fixture.h"

namespace kehubu::test {

TEST_CASE("a customer is written, read back and listed") {
  StoreFixture fixture;
  const Id id = fixture.create(catalog::customer, {{"name", "博海餐饮"}, {"city", "上海"}});
  const Record record = fixture.read(catalog::customer, id);
  CHECK(text_or_empty(record.value("name")) == "博海餐饮");
  CHECK(text_or_empty(record.value("country")) == "中国");
  CHECK(text_or_empty(record.value("party_types")) == "customer");
  CHECK(integer_or(record.value("consent"), -1) == 0);
  CHECK(id_or_empty(record.value("owner")) == fixture.me);
  CHECK(text_or_empty(record.value("filed_on")) == "2026-11-20");
  CHECK(text_or_empty(record.value("code")) == "K-R07A-261120-001");
  CHECK(fixture.store->title(catalog::customer, id) == "博海餐饮");
  ListQuery query{.entity = &catalog::customer};
  CHECK(fixture.store->list(query).value() == std::vector{record.row_number});
  CHECK(fixture.store->count(query).value() == 1);
  CHECK(fixture.store->verify().value().empty());
}

TEST_CASE("a number that nobody counts up to does not become the next one, and numbers go on") {
  for (const char* typed : {"9223372036854775807", "9223372036854775806", "99999999999999999999999", "1000000000", "-5", "999999999"}) {
    CAPTURE(typed);
    StoreFixture fixture;
    const auto next = [&] { return text_or_empty(fixture.read(catalog::customer, fixture.create(catalog::customer, {{"name", "新的"}})).value("code")); };
    fixture.create(catalog::customer, {{"name", "博海餐饮"}, {"code", std::string("K-R07A-261120-") + typed}});
    const bool is_counted_on = std::string_view(typed) == "999999999";
    CHECK(next() == (is_counted_on ? "K-R07A-261120-1000000000" : "K-R07A-261120-001"));
    CHECK(next() == (is_counted_on ? "K-R07A-261120-1000000001" : "K-R07A-261120-002"));
  }
}

TEST_CASE("search finds hanzi, pinyin, initials, numbers and tails of phones") {
  StoreFixture fixture;
  const Id bohai = fixture.create(catalog::customer, {{"name", "博海餐饮"}, {"phone", "138-0013-8000"}});
  fixture.create(catalog::customer, {{"name", "恒通超市"}, {"phone", "021-12345678"}});
  const std::int64_t row = fixture.read(catalog::customer, bohai).row_number;
  for (const char* word : {"博海", "bohai", "bhcy", "8000", "0013-8000", "k-r07a-261120-001", "餐 bo", "海餐"}) {
    CAPTURE(word);
    ListQuery query{.entity = &catalog::customer, .search = word};
    CHECK(fixture.store->list(query).value() == std::vector{row});
  }
  ListQuery nothing{.entity = &catalog::customer, .search = "博海 恒通"};
  CHECK(fixture.store->list(nothing).value().empty());
  CHECK(fixture.write(catalog::customer, bohai, {{"name", "蓝天饭店"}, {"mnemonic", "蓝天"}}));
  CHECK(fixture.store->list({.entity = &catalog::customer, .search = "博海"}).value().empty());
  CHECK(fixture.store->list({.entity = &catalog::customer, .search = "lantian"}).value() == std::vector{row});
}

TEST_CASE("lists sort as a Chinese phone book, put what is empty last, and filter") {
  StoreFixture fixture;
  std::vector<std::int64_t> rows;
  for (const auto& [name, grade] : std::initializer_list<std::pair<const char*, const char*>>{
           {"张江酒店", "b"}, {"博海餐饮", ""}, {"恒通超市", "a"}}) {
    const Id id = fixture.create(catalog::customer, {{"name", name}, {"grade", grade}});
    rows.push_back(fixture.read(catalog::customer, id).row_number);
  }
  const auto list = [&](std::string_view field, SortDirection direction) {
    return fixture.store->list({.entity = &catalog::customer, .sort_by = catalog::customer.find(field), .direction = direction}).value();
  };
  CHECK(list("name", SortDirection::ascending) == std::vector{rows[1], rows[2], rows[0]});
  CHECK(list("name", SortDirection::descending) == std::vector{rows[0], rows[2], rows[1]});
  CHECK(list("grade", SortDirection::ascending) == std::vector{rows[2], rows[0], rows[1]});
  CHECK(list("grade", SortDirection::descending) == std::vector{rows[0], rows[2], rows[1]});
  ListQuery query{.entity = &catalog::customer};
  query.filters.push_back({catalog::customer.find("grade"), Filter::Operator::any_of, {std::string("a"), std::string("c")}});
  CHECK(fixture.store->list(query).value() == std::vector{rows[2]});
  query.filters = {{catalog::customer.find("last_contact_at"), Filter::Operator::is_empty, {}}};
  CHECK(fixture.store->count(query).value() == 3);
}

TEST_CASE("an order that is brought up to date row by row is the order that sorting gives") {
  StoreFixture fixture;
  std::mt19937 dice(3);
  const char* names[] = {"张江酒店", "博海餐饮", "恒通超市", "阿里", "重庆火锅", "Zoo", ""};
  const char* grades[] = {"a", "b", "c", ""};
  std::vector<Id> ids;
  const auto lists = [&](bool fresh) {
    std::vector<std::vector<std::int64_t>> all;
    for (const std::string_view field : {"", "name", "grade", "city", "filed_on"}) {
      for (const SortDirection direction : {SortDirection::ascending, SortDirection::descending}) {
        ListQuery query{.entity = &catalog::customer, .sort_by = catalog::customer.find(field), .direction = direction};
        query.filters.push_back({catalog::customer.find("grade"), Filter::Operator::not_equals, {std::string("c")}});
        if (fresh) {
          fixture.write(catalog::dict_item, new_id(fixture.environment), {{"list", "industry"}, {"ident", "x"}, {"zh", "x"}});
          query.filters.push_back({catalog::customer.find("remark"), Filter::Operator::not_equals, {std::to_string(dice())}});
        }
        all.push_back(fixture.store->list(query).value());
      }
    }
    return all;
  };
  for (int round = 0; round < 60; ++round) {
    if (ids.size() < 5 || dice() % 3 == 0) {
      ids.push_back(fixture.create(catalog::customer, {{"name", names[dice() % 6]}, {"grade", grades[dice() % 4]}, {"city", names[dice() % 7]}}));
    } else if (dice() % 4 == 0) {
      (void)fixture.remove(catalog::customer, ids[dice() % ids.size()]);
    } else {
      (void)fixture.write(catalog::customer, ids[dice() % ids.size()], {{"name", names[dice() % 6]}, {"grade", grades[dice() % 4]}, {"city", names[dice() % 7]}});
    }
    if (round % 3 == 0) {
      CHECK(lists(false) == lists(true));
    }
  }
}

TEST_CASE("a record that others refer to is not deleted; a deleted one lies in the bin and comes back") {
  StoreFixture fixture;
  const Id customer = fixture.create(catalog::customer, {{"name", "博海餐饮"}});
  const Id contact = fixture.create(catalog::contact, {{"customer", customer}, {"name", "张三"}});
  const auto refused = fixture.remove(catalog::customer, customer);
  REQUIRE(!refused);
  CHECK(refused.error().message.zh == "仍有 1 个联系人：张三");
  REQUIRE(fixture.remove(catalog::contact, contact));
  REQUIRE(fixture.remove(catalog::customer, customer));
  CHECK(fixture.store->count({.entity = &catalog::customer}).value() == 0);
  CHECK(fixture.store->count({.entity = &catalog::customer, .deleted = true}).value() == 1);
  CHECK(fixture.read(catalog::customer, customer).deleted);
  REQUIRE(fixture.store->write(std::vector<Edit>{{.entity = &catalog::customer, .row = customer, .restore = true}}));
  CHECK(fixture.store->count({.entity = &catalog::customer}).value() == 1);
  CHECK(fixture.store->verify().value().empty());
}

TEST_CASE("deleting a contract takes its lines along") {
  StoreFixture fixture;
  const auto [contract, line] = fixture.make_contract();
  CHECK(integer_or(fixture.read(catalog::contract, contract).value("total"), 0) == 426000);
  REQUIRE(fixture.remove(catalog::contract, contract));
  CHECK(fixture.read(catalog::contract_line, line).deleted);
  REQUIRE(fixture.store->undo());
  CHECK(!fixture.read(catalog::contract_line, line).deleted);
  CHECK(integer_or(fixture.read(catalog::contract, contract).value("total"), 0) == 426000);
  CHECK(fixture.store->verify().value().empty());
}

TEST_CASE("identity and settings stay, the log's hash does not depend on them") {
  StoreFixture fixture;
  CHECK(fixture.store->identity().letter == "A");
  const std::string before = fixture.store->content_hash().value();
  REQUIRE(fixture.store->set_setting("language", "zh"));
  CHECK(fixture.store->setting("language") == "zh");
  CHECK(fixture.store->content_hash().value() == before);
}

}  // namespace kehubu::test
