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
      CHECK(says(report.remarks, "“王敏的平板”的时钟比本机快 3 天，其中一台不准，请核对两台设备的时间。有 1 处没有让它占先，以同时写的另一个值为准"));
      CHECK(order[0]->text("customer", all.customer, "phone") == "2222");
      CHECK_FALSE(order[0]->store().undo_state().undo_label.zh.starts_with("撤销：处理冲突"));
    }
    for (int round = 0; round < 2; ++round) {
      exchange({order[1], order[2], order[0]});
    }
    all.check_phone("2222");
    const auto told = all.tablet.sync().concerns().value();
    CHECK(std::ranges::any_of(told, [](const Sync::Concern& one) {
      return one.text.zh.find("电话改为“2222”（您写的是“1111”") != std::string::npos && one.text.zh.find("和您写的那台设备的时间相差 3 天，其中一台不准") != std::string::npos;
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

TEST_CASE("whoever is told that his value lost is told of his clock only when it lost by that") {
  Three three;
  const Id customer = three.make_customer("K-1", "博海餐饮"), other = three.make_customer("K-2", "长江酒店");
  three.share();
  three.branch.environment().now += 60'000;  // a little fast as well, and set right since: its decision is dated after what it wrote
  three.branch.edit("customer", other, {{"phone", "3333"}});
  three.branch.environment().now -= 60'000;
  three.office.environment().now = three.tablet.environment().now = three.branch.environment().now;
  three.tablet.environment().skew = day_ms + 1'000;
  SUBCASE("the clock that was ahead") {
    three.tablet.edit("customer", customer, {{"phone", "1111"}});
    three.office.edit("customer", customer, {{"phone", "2222"}});
    REQUIRE(three.branch.import({three.office.export_all(), three.tablet.export_all()}).changes_applied == 2);
    three.tablet.import(three.branch.export_all());
    const auto told = three.tablet.sync().concerns().value();
    REQUIRE(told.size() == 1);
    CHECK_MESSAGE(told[0].text.zh.contains("和您写的那台设备的时间相差 24 小时，其中一台不准"), told[0].text.zh);
  }
  SUBCASE("one that was not, beside it") {
    TestDevice rep{4, "李强的平板"};
    rep.import(three.office.export_all());
    rep.edit("customer", customer, {{"phone", "4444"}});
    three.tablet.edit("customer", customer, {{"phone", "1111"}});
    three.office.edit("customer", customer, {{"phone", "2222"}});
    three.branch.import({three.office.export_all(), three.tablet.export_all(), rep.export_all()});
    const std::string stands = three.branch.text("customer", customer, "phone");
    CHECK(stands != "1111");
    TestDevice& loser = stands == "2222" ? rep : three.office;
    loser.import(three.branch.export_all());
    const auto told = loser.sync().concerns().value();
    REQUIRE(told.size() == 1);
    CHECK_MESSAGE(!told[0].text.zh.contains("时钟"), told[0].text.zh);
  }
}

TEST_CASE("five minutes are no reason to doubt one's own clock, more of most others are") {
  for (const std::int64_t skew : {300'000, 300'001}) {
    CAPTURE(skew);
    Three three;
    TestDevice rep{4, "李强的平板"};
    const Id customer = three.make_customer("K-1", "博海餐饮");
    three.share();
    rep.import(three.office.export_all());
    const std::int64_t now = three.office.environment().now;
    for (TestDevice* device : {&three.tablet, &three.branch, &rep}) {
      device->environment().now = now;
      device->environment().skew = device == &three.tablet ? 3 * day_ms : skew;
    }
    three.tablet.edit("customer", customer, {{"phone", "1111"}});
    three.office.edit("customer", customer, {{"phone", "2222"}});
    three.office.environment().now = now;
    const MergeReport report = three.office.import({three.branch.export_all(), rep.export_all(), three.tablet.export_all()});
    CHECK(says(report.remarks, "没有让它占先") == (skew == 300'000));
    CHECK(says(report.remarks, "本机的时钟可能慢了，请先校准。") == (skew > 300'000));
    CHECK(three.office.text("customer", customer, "phone") == (skew > 300'000 ? "1111" : "2222"));
  }
}

TEST_CASE("two notes of one record that a clock ahead would have won are both settled, and counted") {
  Three three;
  const Id customer = three.make_customer("K-1", "博海餐饮");
  three.share();
  three.tablet.environment().skew = 3 * day_ms;
  three.tablet.edit("customer", customer, {{"phone", "1111"}, {"remark", "平板写的"}});
  three.office.edit("customer", customer, {{"remark", "总部写的"}, {"phone", "2222"}});
  const auto remarks = three.office.import(three.tablet.export_all()).remarks;
  CHECK(says(remarks, "“王敏的平板”的时钟比本机快 3 天，其中一台不准，请核对两台设备的时间。有 2 处没有让它占先"));
  CHECK_FALSE(says(remarks, "、“王敏的平板”"));  // named once
  three.share();
  CHECK(three.tablet.text("customer", customer, "phone") == "2222");
  CHECK(three.tablet.text("customer", customer, "remark") == "总部写的");
}

// The tablet is ten days slow, and head office is all that it has heard of.
struct Slow {
  TestDevice office{1, "总部"};
  TestDevice tablet{2, "李强的平板"};
  Id customer;
  Slow() {
    const Id zhao = office.create("employee", {{"code", "HQ1"}, {"name", "赵工"}, {"login_name", "zhao"}}, as_it_is);
    const Id li = office.create("employee", {{"code", "R15"}, {"name", "李强"}, {"login_name", "li"}}, as_it_is);
    customer = office.create("customer", {{"code", "K-1"}, {"name", "博海餐饮"}}, as_it_is);
    office.use_as(zhao);
    tablet.environment().now = office.environment().now;
    tablet.environment().skew = -10 * day_ms;
    tablet.import(office.export_all());
    tablet.use_as(li);
    office.edit("customer", customer, {{"phone", "1111"}});
    tablet.environment().now += 5 * 3'600'000;
    tablet.edit("customer", customer, {{"phone", "2222"}});
  }
};

TEST_CASE("of two clocks that differ none is blamed, and of what a program took nobody is said to have decided it") {
  Slow two;
  const MergeReport slow = two.tablet.import(two.office.export_all());
  CHECK(says(slow.remarks, "“总部”的时钟比本机快 10 天，其中一台不准，请核对两台设备的时间。有 1 处没有让它占先"));  // 9 days and 19 hours
  CHECK(slow.superseded == 0);  // told already, and it was not the later one
  CHECK(std::ranges::count_if(slow.remarks, [](const Sentence& one) { return one.zh.contains("时钟"); }) == 1);
  two.office.environment().now = two.tablet.environment().now;
  const std::string bundle = two.tablet.export_all();
  TestDevice branch{3, "分部"};
  branch.environment().now = two.office.environment().now;
  branch.import(two.office.export_all());
  const MergeReport report = two.office.import(bundle);
  CHECK_MESSAGE(says(report.remarks, "“李强的平板”的时钟比本机慢 10 天，其中一台不准"), (report.remarks.empty() ? std::string() : report.remarks[0].zh));
  CHECK(report.superseded == 0);
  REQUIRE(report.concerns.size() == 1);
  const std::string& told = report.concerns[0].zh;
  CHECK_MESSAGE(told.starts_with("没有人裁定，是“李强的平板”合并时自动取的值："), told);
  CHECK_MESSAGE(told.contains("电话改为“2222”（您写的是“1111”"), told);
  CHECK_MESSAGE(told.contains("时间相差 10 天，其中一台不准，请核对"), told);
  for (const auto& sentences : {slow.remarks, report.remarks, report.concerns}) {
    CHECK_FALSE(says(sentences, "时钟快了"));
    CHECK_FALSE(says(sentences, "请校准"));
  }
  // Whoever is neither of them is told of both.
  CHECK(says(branch.import(bundle).remarks, "“李强的平板”合并时有 1 处自动取了值，没有让“总部”写得晚的占先：这两台设备的时钟相差 10 天，其中一台不准，请核对。"));
  CHECK(branch.table_hash() == two.office.table_hash());
}

TEST_CASE("who passes on what a clock ahead has written is not said to be ahead himself") {
  Three three;
  three.tablet.create("customer", {{"code", "K-1"}, {"name", "博海餐饮"}}, as_it_is);
  three.share();
  three.tablet.environment().skew = 3 * day_ms;
  three.tablet.create("customer", {{"code", "K-2"}, {"name", "长江酒店"}}, as_it_is);
  three.office.import(three.tablet.export_all());
  three.tablet.environment().now = three.branch.environment().now = three.office.environment().now;
  const std::string passed_on = three.office.export_all();
  for (const PreviewLine& line : three.branch.preview(passed_on).lines) {
    CHECK_MESSAGE(!line.text.zh.contains("“总部”"), line.text.zh);
  }
  const MergeReport report = three.branch.import(passed_on);
  CHECK_MESSAGE(says(report.remarks, "“王敏的平板”的时钟比本机快 3 天"), (report.remarks.empty() ? std::string() : report.remarks[0].zh));
  CHECK_FALSE(says(report.remarks, "“总部”"));
}

TEST_CASE("of a clock five minutes ahead nobody speaks, of one that is more people are told") {
  for (const std::int64_t skew : {300'000, 300'001}) {
    CAPTURE(skew);
    Three three;
    three.share();
    three.tablet.environment().now = three.office.environment().now;
    three.tablet.environment().skew = skew;
    three.make_customer("K-1", "博海餐饮");
    three.tablet.environment().now = three.office.environment().now;
    three.tablet.create("customer", {{"code", "K-2"}, {"name", "长江酒店"}}, as_it_is);
    three.office.environment().now = three.tablet.environment().now;
    CHECK(says(three.office.import(three.tablet.export_all()).remarks, "的时钟比本机快") == (skew > 300'000));
  }
}

}  // namespace kehubu::test
