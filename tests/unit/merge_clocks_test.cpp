// A clock that is known to be wrong wins nothing as "the later one" (docs/merge.md, "A clock that is ahead").
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/support/three_devices.h"

namespace kehubu::test {
namespace {

constexpr std::int64_t day_ms = 86'400'000;

bool says(const std::vector<Sentence>& sentences, std::string_view part) {
  return std::ranges::any_of(sentences, [&](const Sentence& one) { return one.zh.find(part) != std::string::npos; });
}

// The tablet is three days ahead; both write a note of one customer without knowing of each other.
struct Ahead : Three {
  Id customer;
  Ahead() {
    customer = make_customer("K-1", "博海餐饮");
    share();
    tablet.environment().skew = 3 * day_ms + 3'600'000;
    tablet.edit("customer", customer, {{"phone", "1111"}, {"remark", "平板写的"}});
    office.environment().now += 10'000;
    office.edit("customer", customer, {{"phone", "2222"}});
  }
  void check_phone(const char* expected) {
    for (TestDevice* device : {&office, &tablet, &branch}) {
      CHECK(device->text("customer", customer, "phone") == expected);
      CHECK(device->text("customer", customer, "remark") == "平板写的");  // nobody wrote another
      CHECK(device->table_hash() == office.table_hash());
      CHECK(device->content_hash() == office.content_hash());
      CHECK(device->store().verify().value() == "");
    }
  }
};

}  // namespace

TEST_CASE("three days ahead wins no note, whoever merges first, and everybody is told") {
  for (const int first : {0, 1, 2}) {
    CAPTURE(first);
    Ahead all;
    TestDevice* order[] = {&all.office, &all.tablet, &all.branch};
    std::rotate(std::begin(order), std::begin(order) + first, std::end(order));
    const std::string from_office = all.office.export_all(), from_tablet = all.tablet.export_all();
    const MergeReport report = order[0]->import({from_tablet, from_office});
    if (order[0] != &all.tablet) {  // who is ahead himself does not notice
      CHECK(says(report.remarks, "“王敏的平板”的时钟快了，有 1 处没有让它占先，以同时写的另一个值为准"));
      CHECK(order[0]->text("customer", all.customer, "phone") == "2222");
      CHECK_FALSE(order[0]->store().undo_state().undo_label.zh.starts_with("撤销：处理冲突"));
    }
    for (int round = 0; round < 2; ++round) {
      exchange({order[1], order[2], order[0]});
    }
    all.check_phone("2222");
    const auto told = all.tablet.sync().concerns().value();
    CHECK(std::ranges::any_of(told, [](const Sync::Concern& one) {
      return one.text.zh.find("电话定为“2222”（您写的是“1111”") != std::string::npos && one.text.zh.find("那台设备的时钟快了 3 天，所以没有占先") != std::string::npos;
    }));
    const std::string before = all.office.content_hash();
    exchange({order[1], order[2], order[0]});
    CHECK(all.office.content_hash() == before);  // settled once and for all
    all.tablet.edit("customer", all.customer, {{"phone", "3333"}});  // knowing of the other
    exchange({order[0], order[1], order[2]});
    all.check_phone("3333");
  }
}

TEST_CASE("two offices settle the same without knowing of each other: one value, nothing to decide") {
  Ahead all;
  const std::string from_office = all.office.export_all(), from_tablet = all.tablet.export_all();
  all.office.import(from_tablet);
  all.branch.import({from_tablet, from_office});
  exchange({&all.branch, &all.tablet, &all.office});
  exchange({&all.branch, &all.tablet, &all.office});
  all.check_phone("2222");
  all.check_none_open();
}

TEST_CASE("a day ahead is not doubted, and neither is anybody by a device whose own clock is behind") {
  for (const bool slow : {false, true}) {
    CAPTURE(slow);
    Three three;
    const Id customer = three.make_customer("K-1", "博海餐饮");
    three.share();
    three.tablet.environment().skew = slow ? 0 : 20 * 3'600'000;
    three.branch.environment().skew = slow ? -20'000 * day_ms : 0;
    three.office.edit("customer", customer, {{"phone", "2222"}});
    three.tablet.environment().now += 10'000;
    three.tablet.edit("customer", customer, {{"phone", "1111"}});
    if (slow) {
      three.branch.edit("customer", customer, {{"phone", "9999"}});  // of fifty years ago, or so its clock says
    }
    const MergeReport report = three.branch.import({three.office.export_all(), three.tablet.export_all()});
    CHECK_FALSE(says(report.remarks, "没有让它占先"));
    CHECK(says(report.remarks, "本机的时钟可能慢了，请先校准。") == slow);
    exchange({&three.office, &three.tablet, &three.branch});
    CHECK(three.office.text("customer", customer, "phone") == "1111");
    CHECK(three.branch.text("customer", customer, "phone") == "1111");
  }
}

}  // namespace kehubu::test
