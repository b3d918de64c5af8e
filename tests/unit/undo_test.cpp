// Undo and redo as actions in the log.
#include <doctest/doctest.h>


#include "core/store/undo_steps.h"
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

TEST_CASE("an action that touches several records is called by all of them, for undoing it takes back all of them") {
  StoreFixture fixture;
  const Id customer = fixture.create(catalog::customer, {{"name", "博海餐饮"}});
  const Id visit = fixture.create(catalog::interaction, {{"customer", customer}, {"status", "planned"}, {"kind", "visit"}, {"purpose", "送样"}, {"planned_at", fixture.environment.wall_ms}});
  const Id person = new_id(fixture.environment);
  const std::vector<Edit> completed{edit_of(catalog::contact, person, {{"customer", customer}, {"name", "陈经理"}}),
                                    edit_of(catalog::interaction, visit, {{"status", "done"}, {"occurred_at", fixture.environment.wall_ms}, {"contact", person}})};
  REQUIRE(fixture.store->write(completed, {.skip_validation = true}));
  CHECK(fixture.store->undo_state().undo_label.zh == "撤销：新建联系人 陈经理，完成联系记录 送样");
  CHECK(fixture.store->undo_state().undo_label.en == "Undo: Create Contact 陈经理, Complete Interaction 送样");
  REQUIRE(fixture.store->undo());
  CHECK(text_or_empty(fixture.read(catalog::interaction, visit).value("status")) == "planned");
  CHECK(fixture.read(catalog::contact, person).deleted);

  std::vector<Edit> several;
  for (const char* name : {"甲", "乙", "丙"}) {
    several.push_back(edit_of(catalog::customer, new_id(fixture.environment), {{"name", name}}));
  }
  REQUIRE(fixture.store->write(several, {.skip_validation = true}));
  CHECK(fixture.store->undo_state().undo_label.zh == "撤销：新建客户 甲，新建客户 乙 等 3 条记录");
  CHECK(fixture.store->undo_state().undo_label.en == "Undo: Create Customer 甲, Create Customer 乙 and others, 3 records in all");

  // A contract's lines go by its name; what an import brings is counted of each kind.
  const Id contract = new_id(fixture.environment);
  const std::vector<Edit> with_a_line{edit_of(catalog::contract, contract, {{"customer", customer}, {"title", "年度合同"}}),
                                      edit_of(catalog::contract_line, new_id(fixture.environment), {{"contract", contract}, {"line_no", std::int64_t{1}}})};
  REQUIRE(fixture.store->write(with_a_line, {.skip_validation = true}));
  CHECK(fixture.store->undo_state().undo_label.zh == "撤销：新建合同 年度合同");
  const std::vector<Edit> imported{edit_of(catalog::customer, new_id(fixture.environment), {{"name", "丁"}}), edit_of(catalog::contact, new_id(fixture.environment), {{"customer", customer}, {"name", "李四"}}),
                                   edit_of(catalog::contact, new_id(fixture.environment), {{"customer", customer}, {"name", "王五"}})};
  REQUIRE(fixture.store->write(imported, {.kind = ChangeKind::import, .skip_validation = true}));
  CHECK(fixture.store->undo_state().undo_label.zh == "撤销：导入 1 条客户、2 条联系人");
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
  CHECK(refused.error().message.zh == "不能撤销“修改客户 博海餐饮：电话”：“博海餐饮”之后又被王敏改过；要改回来，请直接编辑它");
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
  CHECK(refused.error().message.zh == "不能撤销“新建客户 博海餐饮”：“博海餐饮”仍有 1 个联系人：张三（王敏新建）。请先删除，再来做这一步");
}

TEST_CASE("a step that cannot be undone stands in no other one's way: not after a restart, not where what is in the way goes, and not for redoing") {
  const TemporaryFile file("undo_in_the_way.db");
  StoreFixture other(2);
  Id early, used, contact;
  {
    StoreFixture fixture(3, file.path);
    early = fixture.create(catalog::customer, {{"name", "长江酒店"}});
    used = fixture.create(catalog::customer, {{"name", "博海餐饮"}});
    carry(*fixture.store, *other.store);
    contact = other.create(catalog::contact, {{"customer", used}, {"name", "张三"}});
    carry(*other.store, *fixture.store);
    REQUIRE(!fixture.store->undo());
  }
  TestEnvironment environment(4);
  auto store = open_store({.path = file.path}, environment).value();
  const auto position_of = [&](bool redo, std::string_view label) -> std::int64_t {
    for (const UndoStep& step : undo_steps(*store, redo, 100)) {
      if (step.label.zh == label) {
        return step.position;
      }
    }
    return -1;
  };
  REQUIRE(!store->undo());
  const auto undone = take_step(*store, false, position_of(false, "新建客户 长江酒店"));
  REQUIRE(undone);
  CHECK(undone->zh == "已撤销：新建客户 长江酒店");
  CHECK(store->read(catalog::customer, early).value().deleted);
  CHECK(position_of(false, "新建客户 长江酒店") == -1);
  CHECK(store->undo_state().redo_label.zh == "重做：新建客户 长江酒店");
  REQUIRE(store->redo());
  CHECK(!store->read(catalog::customer, early).value().deleted);
  CHECK(store->undo_state().undo_label.zh == "撤销：新建客户 长江酒店");  // what was done last, wherever it stands

  // What is in the way goes, by a step of its own: that stays, and the earlier one is undone.
  const Edit removal{.entity = &catalog::contact, .row = contact, .remove = true};
  REQUIRE(store->write({&removal, 1}));
  REQUIRE(take_step(*store, false, position_of(false, "新建客户 博海餐饮")));
  CHECK(store->read(catalog::customer, used).value().deleted);
  CHECK(store->read(catalog::contact, contact).value().deleted);
  const auto in_the_way = take_step(*store, false, position_of(false, "删除联系人 张三"));
  REQUIRE(!in_the_way);
  CHECK_MESSAGE(in_the_way.error().message.zh.contains("客户“博海餐饮”已删除，请先恢复它"), in_the_way.error().message.zh);
  CHECK(in_the_way.error().message.en.starts_with("“Delete"));

  // Of two steps that were undone the one that others have built upon keeps the other one from nothing.
  REQUIRE(take_step(*store, false, position_of(false, "新建客户 长江酒店")));
  CHECK(store->undo_state().redo_label.zh == "重做：新建客户 长江酒店");
  REQUIRE(take_step(*store, true, position_of(true, "新建客户 博海餐饮")));
  CHECK(position_of(true, "新建客户 长江酒店") != -1);
  REQUIRE(store->redo());
  CHECK(!store->read(catalog::customer, early).value().deleted);
  CHECK(!take_step(*store, false, 1'000'000));
  CHECK(store->verify().value() == "");
  store.reset();
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
