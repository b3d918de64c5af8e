// Undo and redo as actions in the log.
#include <doctest/doctest.h>


#include "tests/support/log_exchange.h"
#include "tests/support/store_fixture.h"
#include "tests/support/temporary_file.h"

namespace kehubu::test {

TEST_CASE("creating, changing and deleting are undone and done again, each with its sentence") {
  StoreFixture fixture;
  const Id id = fixture.create(catalog::customer, {{"name", "博海餐饮"}, {"phone", "02112345678"}});
  REQUIRE(fixture.write(catalog::customer, id, {{"phone", "02187654321"}}));
  CHECK(fixture.store->undo_state().undo_label.zh == "撤销：修改客户 博海餐饮：电话");
  CHECK(fixture.store->undo().value().zh == "已撤销：修改客户 博海餐饮：电话");
  CHECK(text_or_empty(fixture.read(catalog::customer, id).value("phone")) == "02112345678");
  CHECK(fixture.store->undo_state().undo_label.zh == "撤销：新建客户 博海餐饮");
  REQUIRE(fixture.store->undo());
  CHECK(fixture.read(catalog::customer, id).deleted);
  REQUIRE(fixture.store->redo());
  CHECK(!fixture.read(catalog::customer, id).deleted);
  REQUIRE(fixture.store->redo());
  CHECK(text_or_empty(fixture.read(catalog::customer, id).value("phone")) == "02187654321");
  CHECK(!fixture.store->undo_state().can_redo);
  REQUIRE(fixture.remove(catalog::customer, id));
  REQUIRE(fixture.store->undo());
  REQUIRE(fixture.store->redo());
  CHECK(fixture.read(catalog::customer, id).deleted);
  REQUIRE(fixture.store->undo());
  CHECK(!fixture.read(catalog::customer, id).deleted);
  REQUIRE(fixture.write(catalog::customer, id, {{"remark", "新的一步"}}));
  CHECK(!fixture.store->undo_state().can_redo);
  CHECK(fixture.store->verify().value() == "");
}

TEST_CASE("undoing is refused when something was built upon it") {
  StoreFixture fixture;
  StoreFixture other(2);
  const Id id = fixture.create(catalog::customer, {{"name", "博海餐饮"}});
  REQUIRE(fixture.write(catalog::customer, id, {{"phone", "02112345678"}}));
  carry(*fixture.store, *other.store);
  REQUIRE(other.write(catalog::customer, id, {{"phone", "02100000000"}}));
  carry(*other.store, *fixture.store);
  const auto refused = fixture.store->undo();
  REQUIRE(!refused);
  CHECK(refused.error().message.zh == "“博海餐饮”之后又被修改过，不能撤销");
  CHECK(text_or_empty(fixture.read(catalog::customer, id).value("phone")) == "02100000000");
}

TEST_CASE("a creation is not undone while another record refers to it") {
  StoreFixture fixture;
  StoreFixture other(2);
  const Id id = fixture.create(catalog::customer, {{"name", "博海餐饮"}});
  carry(*fixture.store, *other.store);
  other.create(catalog::contact, {{"customer", id}, {"name", "张三"}});
  carry(*other.store, *fixture.store);
  const auto refused = fixture.store->undo();
  REQUIRE(!refused);
  CHECK(refused.error().message.zh == "仍有 1 个联系人：张三");
}

TEST_CASE("an import is one action and undone whole; a field that it filled becomes empty again") {
  StoreFixture fixture;
  const Id present = fixture.create(catalog::customer, {{"name", "博海餐饮"}});
  fixture.environment.wall_ms += 1000;
  std::vector<Edit> edits{edit_of(catalog::customer, present, {{"phone", "02112345678"}})};
  for (int index = 0; index < 300; ++index) {
    edits.push_back(edit_of(catalog::customer, new_id(fixture.environment), {{"name", "客户" + std::to_string(index)}}));
  }
  REQUIRE(fixture.store->write(edits, {.kind = ChangeKind::import}));
  CHECK(fixture.store->count({.entity = &catalog::customer}).value() == 301);
  CHECK(fixture.store->undo_state().undo_label.zh == "撤销：导入 301 条客户");
  REQUIRE(fixture.store->undo());
  CHECK(fixture.store->count({.entity = &catalog::customer}).value() == 1);
  CHECK(is_null(fixture.read(catalog::customer, present).value("phone")));
  REQUIRE(fixture.store->redo());
  CHECK(fixture.store->count({.entity = &catalog::customer}).value() == 301);
}

TEST_CASE("the stack survives a restart") {
  const TemporaryFile file("undo_stack.db");
  Id id;
  {
    StoreFixture fixture(3, file.path);
    id = fixture.create(catalog::customer, {{"name", "博海餐饮"}});
  }
  TestEnvironment environment(4);
  auto store = open_store({.path = file.path}, environment).value();
  CHECK(store->identity().name == "王敏的平板");
  REQUIRE(store->undo());
  CHECK(store->read(catalog::customer, id).value().deleted);
  CHECK(store->verify().value() == "");
  store.reset();
}

}  // namespace kehubu::test
