// A fresh Store in memory with an employee R07 who uses it, and short ways to write and read.
#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <utility>
#include <vector>

#include "core/catalog/areas.h"
#include "core/store/log.h"
#include "core/store/store.h"
#include "tests/support/test_environment.h"

namespace kehubu::test {

// A value as tests write it: "text", 12, Id; "" is null.
struct Given {
  Given(const char* text) : value(*text != '\0' ? Value(std::string(text)) : Value()) {}
  Given(std::string text) : value(std::move(text)) {}
  Given(int number) : value(std::int64_t{number}) {}
  Given(std::int64_t number) : value(number) {}
  Given(Id id) : value(id) {}
  Given(Value given) : value(std::move(given)) {}
  Value value;
};
using GivenFields = std::vector<std::pair<std::string_view, Given>>;

inline Edit edit_of(const Entity& entity, const Id& row, const GivenFields& fields) {
  Edit edit{.entity = &entity, .row = row};
  for (const auto& [name, given] : fields) {
    const Field* field = entity.find(name);
    REQUIRE(field != nullptr);
    edit.fields.emplace_back(field, given.value);
  }
  return edit;
}

struct StoreFixture {
  explicit StoreFixture(std::uint64_t seed = 1, const std::string& path = ":memory:") : environment(seed) {
    auto opened = open_store({.path = path}, environment);
    REQUIRE_MESSAGE(opened, (opened ? std::string() : opened.error().message.zh));
    store = std::move(*opened);
    me = create(catalog::employee, {{"code", "R07"}, {"name", "王敏"}, {"login_name", "wangmin"}});
    REQUIRE(store->set_identity({.letter = "A", .name = "王敏的平板", .person = me}));
  }

  Result<Written> write(const Entity& entity, const Id& row, const GivenFields& fields, WriteOptions options = {}) {
    const Edit edit = edit_of(entity, row, fields);
    environment.wall_ms += 1000;
    return store->write({&edit, 1}, options);
  }
  Id create(const Entity& entity, const GivenFields& fields) {
    const Id id = new_id(environment);
    const auto written = write(entity, id, fields);
    REQUIRE_MESSAGE(written, (written ? std::string() : written.error().message.zh));
    return id;
  }
  Result<Written> remove(const Entity& entity, const Id& row) {
    const Edit edit{.entity = &entity, .row = row, .remove = true};
    return store->write({&edit, 1});
  }
  Record read(const Entity& entity, const Id& row) {
    auto record = store->read(entity, row);
    REQUIRE_MESSAGE(record, (record ? std::string() : record.error().message.zh));
    return *record;
  }
  // The sentences, in Chinese, that a refused write says.
  std::string refusal(const Entity& entity, const GivenFields& fields) {
    const auto written = write(entity, new_id(environment), fields);
    return written ? std::string() : written.error().message.zh;
  }

  // A contract of one line, 120 × 35.50.
  std::pair<Id, Id> make_contract() {
    const Id customer = create(catalog::customer, {{"name", "博海餐饮"}});
    const Id product = create(catalog::product, {{"code", "P1"}, {"name", "瓜子"}, {"category", "roasted_nuts"}, {"unit", "箱"}, {"list_price", 3550}});
    const Id contract = create(catalog::contract, {{"contract_no", "HT-1"}, {"customer", customer}, {"title", "供货"}});
    const Id line = create(catalog::contract_line, {{"contract", contract}, {"line_no", 1}, {"product", product}, {"qty", 120000}, {"unit_price", 3550}});
    return {contract, line};
  }

  TestEnvironment environment;
  std::unique_ptr<Store> store;
  Id me;
};

}  // namespace kehubu::test
