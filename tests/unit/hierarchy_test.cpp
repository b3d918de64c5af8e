// Every field that is declared a hierarchy (core/rules/merge_rules.h) is refused a way back: where it is written, and by every
// other way in which one device can bring one about.
#include <doctest/doctest.h>

#include <algorithm>

#include "core/rules/merge_rules.h"
#include "tests/support/import_support.h"
#include "tests/support/three_devices.h"

namespace kehubu::test {
namespace {

struct Tree {
  TestDevice device{1, "总部"};
  const Hierarchy& hierarchy;
  const Entity& entity;
  const Field& field;
  int made = 0;

  explicit Tree(const Hierarchy& one) : hierarchy(one), entity(*find_entity(one.entity)), field(*entity.find(one.field)) {}
  // A record that the rules have nothing against.
  Id make() {
    const std::string number = std::to_string(++made);
    TestDevice::FieldValues fields;
    if (entity.id == "customer") {
      fields = {{"name", "客户" + number}};
    } else if (entity.id == "contact") {
      fields = {{"customer", shared("customer", {{"name", "博海餐饮"}})}, {"name", "张" + number}};
    } else if (entity.id == "org_unit") {
      fields = {{"code", "U" + number}, {"name", "部门" + number}};
    } else if (entity.id == "employee") {
      fields = {{"code", "R" + number}, {"name", "员工" + number}, {"login_name", "e" + number}};
    } else {
      fields = {{"customer", shared("customer", {{"name", "博海餐饮"}})}, {"employee", shared("employee", {{"code", "R1"}, {"name", "李强"}, {"login_name", "li"}})},
                {"kind", "phone"}, {"purpose", "送样"}, {"contact_text", "张老板"}, {"status", "done"}, {"occurred_at", device.environment().now - 60'000}};
    }
    return device.create(entity.id, fields, as_it_is);
  }
  Id shared(std::string_view of, const TestDevice::FieldValues& fields) {
    Id& row = of == "customer" ? customer_ : employee_;
    row = row.empty() ? device.create(of, fields, as_it_is) : row;
    return row;
  }
  Edit leading(const Id& from, const Value& to) { return {.entity = &entity, .row = from, .fields = {{&field, to}}}; }
  std::string refusal(const std::vector<Edit>& edits) {
    const auto written = device.store().write(edits);
    return written ? std::string() : written.error().message.zh;
  }
  [[nodiscard]] std::string sentence() const { return std::string(field.zh) + "不能形成循环"; }

 private:
  Id customer_, employee_;
};

bool is_a_circle_open(TestDevice& device) {
  const auto open = device.conflicts();
  return std::ranges::any_of(open, [](const Conflict& one) { return one.kind == ConflictKind::circle; });
}

}  // namespace

TEST_CASE("no hierarchy leads back, be it by one edit, by a chain, or by one action on several records") {
  for (const Hierarchy& hierarchy : hierarchies()) {
    CAPTURE(hierarchy.entity);
    CAPTURE(hierarchy.field);
    Tree tree(hierarchy);
    const Id a = tree.make(), b = tree.make(), c = tree.make();
    // Nobody is above himself, a new record included.
    CHECK(tree.refusal({tree.leading(a, a)}).find(tree.sentence()) != std::string::npos);
    const Id fresh = new_id(tree.device.environment());
    CHECK(tree.refusal({tree.leading(fresh, fresh)}).find(tree.sentence()) != std::string::npos);
    const Id first = new_id(tree.device.environment()), second = new_id(tree.device.environment());
    CHECK(tree.refusal({tree.leading(first, second), tree.leading(second, first)}).find(tree.sentence()) != std::string::npos);
    CHECK(tree.refusal({tree.leading(a, b), tree.leading(b, c), tree.leading(c, a)}).find(tree.sentence()) != std::string::npos);
    tree.device.edit(tree.entity.id, a, {{hierarchy.field, b}});
    tree.device.edit(tree.entity.id, b, {{hierarchy.field, c}});
    CHECK(tree.refusal({tree.leading(c, a)}).find(tree.sentence()) != std::string::npos);
    CHECK_FALSE(is_a_circle_open(tree.device));
    CHECK(tree.device.store().verify().value() == "");
  }
}

TEST_CASE("a chain that is longer than anybody would follow by hand is followed to its end") {
  for (const Hierarchy& hierarchy : hierarchies()) {
    if (hierarchy.entity != "customer" || hierarchy.field != "parent") {
      continue;
    }
    Tree tree(hierarchy);
    constexpr std::size_t length = 1'200;
    std::vector<Edit> edits;
    for (std::size_t index = 0; index < length; ++index) {
      Edit& edit = edits.emplace_back(Edit{.entity = &tree.entity, .row = new_id(tree.device.environment()), .fields = {{tree.entity.find("code"), "K-" + std::to_string(index)}, {tree.entity.find("name"), "客户" + std::to_string(index)}}});
      index > 0 ? void(edit.fields.emplace_back(&tree.field, Value{edits[index - 1].row})) : void();
    }
    REQUIRE(tree.device.store().write(edits, as_it_is).has_value());
    CHECK(tree.refusal({tree.leading(edits.front().row, edits.back().row)}).find(tree.sentence()) != std::string::npos);
  }
}

TEST_CASE("an undo that would lead back is refused and says so; nothing has changed") {
  for (const Hierarchy& hierarchy : hierarchies()) {
    CAPTURE(hierarchy.entity);
    CAPTURE(hierarchy.field);
    Tree tree(hierarchy);
    TestDevice office{2, "分部"};
    const Id a = tree.make(), b = tree.make();
    tree.device.edit(tree.entity.id, a, {{hierarchy.field, b}});
    tree.device.edit(tree.entity.id, a, {{hierarchy.field, Value{}}});
    exchange({&tree.device, &office});
    office.edit(tree.entity.id, b, {{hierarchy.field, a}});
    exchange({&tree.device, &office});
    const std::string before = tree.device.table_hash();
    const auto undone = tree.device.store().undo();
    CHECK_FALSE(undone.has_value());
    CHECK((undone ? std::string() : undone.error().message.zh).find(tree.sentence()) != std::string::npos);
    CHECK_FALSE(is_a_circle_open(tree.device));
    CHECK(tree.device.table_hash() == before);
  }
}

TEST_CASE("an import that would lead back: the rows are counted and told, and nothing leads back") {
  TestDevice device{1};
  device.use_as(device.create("employee", {{"code", "R1"}, {"name", "李强"}, {"login_name", "li"}}, as_it_is));
  const Entity& customer = *find_entity("customer");
  device.create("customer", {{"name", "甲公司"}}, as_it_is);
  device.create("customer", {{"name", "乙公司"}}, as_it_is);
  for (const char* text : {"客户名称,从属单位\n甲公司,乙公司\n乙公司,甲公司\n", "客户名称,并入客户\n甲公司,乙公司\n乙公司,甲公司\n", "客户名称,并入客户\n甲公司,甲公司\n", "客户名称,并入客户\n丙公司,丁公司\n丁公司,丙公司\n"}) {
    INFO(text);
    ImportPlan plan = plan_text(device.store(), device.environment(), text, customer, {.existing = ExistingPolicy::update});
    Progress progress;
    const auto written = run_to_end(commit_import(device.store(), std::move(plan), progress));
    CHECK_MESSAGE(written.has_value(), (written ? std::string() : written.error().message.zh));  // what the plan calls good the commit takes
    CHECK_FALSE(is_a_circle_open(device));
    CHECK(device.store().verify().value() == "");
  }
}

}  // namespace kehubu::test
