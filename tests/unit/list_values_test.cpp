// Values that people added to a list, and the records that have them: nobody ever reads an identifier.
#include <doctest/doctest.h>

#include <algorithm>

#include "core/sync/words.h"
#include "tests/support/three_devices.h"

namespace kehubu::test {
namespace {

Id add_value(TestDevice& device, const char* label, const char* identifier, const char* list = "customer_source") {
  return device.create("dict_item", {{"list", list}, {"ident", identifier}, {"zh", label}, {"en", label}}, {});
}

Id customer_from(TestDevice& device, const char* name, const char* source) { return device.create("customer", {{"name", name}, {"source", source}}, as_it_is); }

std::string source_of(TestDevice& device, const Id& customer) {
  const Field& field = *find_entity("customer")->find("source");
  return value_words(device.store(), field, device.value("customer", customer, "source")).zh;
}

Result<Written> delete_value(TestDevice& device, const Id& value) {
  const Edit edit{.entity = find_entity("dict_item"), .row = value, .fields = {}, .remove = true};
  return device.store().write({&edit, 1});
}

}  // namespace

TEST_CASE("a value that records have is not deleted, and the refusal names them and says what can be done") {
  TestDevice device{1};
  const Id value = add_value(device, "抖音", "douyin"), unused = add_value(device, "小红书", "red");
  const Id first = customer_from(device, "长江酒店", "douyin");
  customer_from(device, "城关店", "douyin");
  customer_from(device, "别家", "exhibition");
  const auto refused = delete_value(device, value);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().message.zh == "“抖音”仍有 2 个客户在用：长江酒店、城关店。可以改为停用：不再供选择，原有记录照常显示");
  CHECK(device.store().obstacles_to_removal(*find_entity("dict_item"), value, 8).size() == 1);
  CHECK(delete_value(device, unused).has_value());
  device.remove("customer", first);
  CHECK_FALSE(delete_value(device, value).has_value());
  device.edit("dict_item", value, {{"active", std::int64_t{0}}}, {});
  CHECK(source_of(device, first) == "抖音");
}

TEST_CASE("one of several choices is in use as well as a single one, and a word within another one is not") {
  TestDevice device{1};
  const auto customer = find_entity("customer");
  const auto several = std::ranges::find_if(customer->fields, [](const Field& field) { return field.type == FieldType::choices && field.list->editable; });
  REQUIRE(several != customer->fields.end());
  const std::string list(several->list->id);
  const Id value = add_value(device, "抖音", "dou", list.c_str()), longer = add_value(device, "抖音店", "douyin", list.c_str());
  const Id row = device.create("customer", {{"name", "长江酒店"}, {several->id, several->list->choices.empty() ? "douyin" : std::string(several->list->choices[0].id) + ",douyin"}}, as_it_is);
  CHECK(delete_value(device, value).has_value());
  CHECK_FALSE(delete_value(device, longer).has_value());
  device.remove("customer", row);
  CHECK(delete_value(device, longer).has_value());
}

TEST_CASE("creating a value that records have meanwhile is not undone, and with the records that have it it is") {
  Three three;
  const Id value = add_value(three.office, "抖音", "douyin");
  three.share();
  customer_from(three.tablet, "博海餐饮", "douyin");
  three.share();
  const auto refused = three.office.store().undo();
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().message.zh.find("博海餐饮") != std::string::npos);
  CHECK_FALSE(three.office.store().read(*find_entity("dict_item"), value)->deleted);
  // Made in one action with its record, as an import makes it.
  const Id other = new_id(three.branch.environment()), customer = new_id(three.branch.environment());
  const Entity &item = *find_entity("dict_item"), &customers = *find_entity("customer");
  const std::vector<Edit> both{{.entity = &item, .row = other, .fields = {{item.find("list"), std::string("customer_source")}, {item.find("ident"), std::string("red")}, {item.find("zh"), std::string("小红书")}}},
                               {.entity = &customers, .row = customer, .fields = {{customers.find("name"), std::string("城关店")}, {customers.find("source"), std::string("red")}}}};
  REQUIRE(three.branch.store().write(both, as_it_is).has_value());
  const auto undone = three.branch.store().undo();
  CHECK_MESSAGE(undone.has_value(), (undone ? std::string() : undone.error().message.zh));
}

TEST_CASE("a value deleted here and chosen there keeps its label, is offered no more, and everybody reads the same") {
  Three three;
  const Id value = add_value(three.office, "抖音", "douyin");
  three.share();
  REQUIRE(delete_value(three.office, value).has_value());
  const Id customer = customer_from(three.tablet, "博海餐饮", "douyin");
  three.share();
  for (TestDevice* device : {&three.office, &three.tablet, &three.branch}) {
    CHECK(source_of(*device, customer) == "抖音");
    const auto choices = device->store().choices(*find_list("customer_source"));
    CHECK(std::ranges::none_of(choices, [](const Store::ChoiceLabel& choice) { return choice.id == "douyin" && choice.active; }));
  }
  // Added again under that identifier it is the list's again.
  add_value(three.branch, "抖音号", "douyin");
  CHECK(source_of(three.branch, customer) == "抖音号");
}

TEST_CASE("three people add one value and choose it: one is kept, the others are stopped, and no record loses its word") {
  for (const std::size_t side : {0u, 1u, 2u}) {
    CAPTURE(side);
    Three three;
    std::vector<Id> customers;
    const char* identifiers[] = {"va", "vb", "vc"};
    TestDevice* devices[] = {&three.office, &three.tablet, &three.branch};
    for (std::size_t index = 0; index < 3; ++index) {
      add_value(*devices[index], "抖音", identifiers[index]);
      customers.push_back(customer_from(*devices[index], (std::string("客户") + identifiers[index]).c_str(), identifiers[index]));
    }
    three.share();
    const auto open = three.branch.conflicts();
    REQUIRE(open.size() == 1);
    CHECK(open[0].kind == ConflictKind::only_one);
    REQUIRE_FALSE(open[0].by_hand);
    REQUIRE(open[0].sides.size() == 3);
    bool names_its_users = false;
    for (const Effect& effect : open[0].sides[side].effects) {
      names_its_users = names_its_users || effect.text.zh.find("客户va") != std::string::npos;
    }
    CHECK(names_its_users);
    REQUIRE(three.branch.sync().resolve(open[0], side).has_value());
    three.share();
    three.check_none_open();
    for (TestDevice* device : devices) {
      for (const Id& customer : customers) {
        CHECK(source_of(*device, customer) == "抖音");
      }
      const auto choices = device->store().choices(*find_list("customer_source"));
      CHECK(std::ranges::count_if(choices, [](const Store::ChoiceLabel& choice) { return choice.label.zh == "抖音" && choice.active; }) == 1);
    }
  }
}

TEST_CASE("stopping one of two values of one name, or renaming it, answers the question, and starting it again is refused") {
  for (const bool renames : {true, false}) {
    CAPTURE(renames);
    Three three;
    add_value(three.office, "抖音", "va");
    const Id second = add_value(three.tablet, "抖音", "vb");
    three.share();
    REQUIRE(three.tablet.conflicts().size() == 1);
    Three::edit_as_a_person(three.tablet, "dict_item", second, renames ? TestDevice::FieldValues{{"zh", "抖音号"}} : TestDevice::FieldValues{{"active", std::int64_t{0}}});
    three.share();
    three.check_none_open();
    if (!renames) {
      const Edit again{.entity = find_entity("dict_item"), .row = second, .fields = {{find_entity("dict_item")->find("active"), std::int64_t{1}}}};
      const auto refused = three.office.store().write({&again, 1});
      REQUIRE_FALSE(refused.has_value());
      CHECK(refused.error().message.zh.find("列表中已有这个选项") != std::string::npos);
    }
  }
}

}  // namespace kehubu::test
