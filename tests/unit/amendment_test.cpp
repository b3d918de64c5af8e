// What was approved is not changed in silence: a contract is in force only at an amount that it had when somebody
// approved it, whatever people write, undo, decide and exchange.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

#include "tests/support/test_device.h"

using namespace kehubu;
using namespace kehubu::test;

namespace {

constexpr WriteOptions as_it_is{.skip_validation = true};
const Entity& contracts = *find_entity("contract");
const Entity& lines = *find_entity("contract_line");

std::int64_t total_of(TestDevice& device, const Id& contract) { return integer_or(device.value("contract", contract, "total"), 0); }

Edit edit_of(const Entity& entity, const Id& row, const TestDevice::FieldValues& fields) {
  Edit edit{.entity = &entity, .row = row, .fields = {}};
  for (const auto& [name, value] : fields) {
    edit.fields.emplace_back(entity.find(name), value);
  }
  return edit;
}

struct Desk {
  TestDevice device{1, "总部"};
  Id customer, product, contract, line;

  Desk() {
    const Id me = device.create("employee", {{"code", "R01"}, {"name", "李强"}}, as_it_is);
    device.use_as(me);
    customer = device.create("customer", {{"code", "K-1"}, {"name", "博海餐饮"}}, as_it_is);
    product = device.create("product", {{"code", "P1"}, {"name", "瓜子"}, {"category", "roasted_nuts"}, {"unit", "箱"}, {"list_price", std::int64_t{100}}}, as_it_is);
    contract = device.create("contract", {{"contract_no", "HT-1"}, {"title", "供货"}, {"customer", customer}, {"kind", "sales"}, {"billing_mode", "by_order"}, {"negotiator", me},
                                          {"returns_allowed", std::int64_t{0}}, {"signed_on", "2026-11-20"}, {"status", "pending_approval"}}, as_it_is);
    line = add_line(1, 10'00);
    device.edit("contract", contract, {{"status", "active"}}, {});
  }
  Id add_line(std::int64_t number, std::int64_t price, const WriteOptions& options = as_it_is) {
    return device.create("contract_line", {{"contract", contract}, {"line_no", number}, {"product", product}, {"qty", std::int64_t{1000}}, {"unit_price", price}}, options);
  }
  std::string status() { return device.text("contract", contract, "status"); }
};

}  // namespace

TEST_CASE("an amount of a contract in force is changed: it goes back to awaiting approval, said before and after") {
  const Sentence sentence{"合同“执行中”：改动金额后退回“待审批”，需重新批准",
                          "The contract is “Active”: with other amounts it goes back to “Waiting for approval” and needs approving again"};
  const std::vector<std::pair<const Entity*, TestDevice::FieldValues>> amounts{
      {&lines, {{"unit_price", std::int64_t{99'00}}}},      {&lines, {{"qty", std::int64_t{5000}}}},
      {&contracts, {{"promoter_fee", std::int64_t{5'00}}}}, {&contracts, {{"other_fee", std::int64_t{5'00}}}},
      {&contracts, {{"term_floor", std::int64_t{5'00}}}},   {&contracts, {{"term_percent", std::int64_t{500}}}},
      {&contracts, {{"rebate_kind", "unconditional"}, {"rebate_rate", std::int64_t{500}}}},
      {&contracts, {{"discount_kind", "goods_deduct"}}}};
  for (const bool checked : {true, false}) {
    for (const auto& [entity, fields] : amounts) {
      CAPTURE(checked);
      CAPTURE(fields.front().first);
      Desk desk;
      const Edit edit = edit_of(*entity, entity == &lines ? desk.line : desk.contract, fields);
      const auto problems = desk.device.store().validate(edit);
      CHECK(std::ranges::count_if(problems, [&](const Store::Problem& one) { return one.hint_only && one.message == sentence; }) == 1);
      CHECK(std::ranges::none_of(problems, [](const Store::Problem& one) { return !one.hint_only; }));
      const auto written = desk.device.store().write({&edit, 1}, {.skip_validation = !checked});
      REQUIRE_MESSAGE(written.has_value(), (written ? std::string() : written.error().message.zh));
      CHECK(std::ranges::count(written->hints, sentence) == 1);
      CHECK(desk.status() == "pending_approval");
      const auto history = desk.device.store().history(contracts, desk.contract, "status");
      REQUIRE(history.has_value());
      CHECK(history->front().action == written->action);
      CHECK(text_or_empty(history->front().before) == "active");
      // As it was: in force at what was approved.
      REQUIRE(desk.device.store().undo().has_value());
      CHECK(desk.status() == "active");
      CHECK(total_of(desk.device, desk.contract) == 10'00);
    }
  }
}

TEST_CASE("a line of a contract in force is added, removed or restored: it goes back to awaiting approval") {
  for (const WriteOptions& options : {WriteOptions{}, as_it_is}) {
    Desk desk;
    desk.add_line(2, 5'00, options);
    CHECK(desk.status() == "pending_approval");
    desk.device.edit("contract", desk.contract, {{"status", "active"}}, {});
    const Edit removal{.entity = &lines, .row = desk.line, .fields = {}, .remove = true};
    REQUIRE(desk.device.store().write({&removal, 1}, options));
    CHECK(desk.status() == "pending_approval");
    desk.device.edit("contract", desk.contract, {{"status", "active"}}, {});
    const Edit back{.entity = &lines, .row = desk.line, .fields = {}, .restore = true};
    REQUIRE(desk.device.store().write({&back, 1}, options));
    CHECK(desk.status() == "pending_approval");
    CHECK(total_of(desk.device, desk.contract) == 15'00);
  }
}

TEST_CASE("what is no amount leaves a contract in force, and so does deleting and restoring it whole") {
  Desk desk;
  desk.device.edit("contract", desk.contract, {{"remark", "客户已通知"}}, {});
  desk.device.edit("contract_line", desk.line, {{"remark", "分两批"}}, {});
  CHECK(desk.status() == "active");
  desk.device.remove("contract", desk.contract);
  desk.device.restore("contract", desk.contract);
  CHECK(desk.status() == "active");
  CHECK(total_of(desk.device, desk.contract) == 10'00);
}

TEST_CASE("a contract is not ended together with another amount, and ended ones keep their amounts") {
  Desk desk;
  const std::vector<Edit> together{edit_of(contracts, desk.contract, {{"status", "completed"}}), edit_of(lines, desk.line, {{"unit_price", std::int64_t{1}}})};
  const auto refused = desk.device.store().write(together);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().message.zh == "改动金额的合同须重新批准，不能同时结束");
  desk.device.edit("contract", desk.contract, {{"status", "completed"}}, {});
  const Edit late = edit_of(lines, desk.line, {{"unit_price", std::int64_t{1}}});
  const auto too_late = desk.device.store().write({&late, 1});
  REQUIRE_FALSE(too_late.has_value());
  CHECK(too_late.error().message.zh == "合同“已完成”，金额不能再改");
}

TEST_CASE("an import and a decision about another record take a contract out of force like anything else") {
  Desk desk;
  const Edit edit = edit_of(lines, desk.line, {{"unit_price", std::int64_t{99'00}}});
  REQUIRE(desk.device.store().write({&edit, 1}, {.kind = ChangeKind::import}));
  CHECK(desk.status() == "pending_approval");

  Desk office;
  TestDevice tablet{2, "平板"};
  const Id other = office.device.create("product", {{"code", "P2"}, {"name", "糖果"}}, as_it_is);
  exchange({&office.device, &tablet});
  tablet.remove("product", other);
  office.device.create("contract_line", {{"contract", office.contract}, {"line_no", std::int64_t{2}}, {"product", other}, {"qty", std::int64_t{1000}}, {"unit_price", std::int64_t{3'00}}}, as_it_is);
  office.device.edit("contract", office.contract, {{"status", "active"}}, {});
  exchange({&office.device, &tablet});
  REQUIRE(tablet.conflicts().size() == 1);
  REQUIRE(tablet.sync().resolve(tablet.conflicts().front(), 1).has_value());  // it stays deleted: the line goes
  exchange({&office.device, &tablet});
  CHECK(total_of(office.device, office.contract) == 10'00);
  CHECK(office.status() == "pending_approval");
}

TEST_CASE("no decision about another record takes a line from a contract that is over, whoever writes it") {
  Desk desk;
  desk.device.edit("contract", desk.contract, {{"status", "completed"}}, {});
  const Edit removal{.entity = &lines, .row = desk.line, .fields = {}, .remove = true};
  for (const ChangeKind kind : {ChangeKind::update, ChangeKind::import, ChangeKind::resolve}) {
    for (const bool checked : {true, false}) {
      CAPTURE(static_cast<int>(kind));
      CAPTURE(checked);
      const auto written = desk.device.store().write({&removal, 1}, {.kind = kind, .skip_validation = !checked});
      REQUIRE_FALSE(written.has_value());
      CHECK(written.error().message.zh == "合同“已完成”，金额不能再改");
    }
  }
  CHECK(total_of(desk.device, desk.contract) == 10'00);
}

// --- random histories

namespace {

// Two or three desks work on two contracts; each action that sets a contract to active approves the total of that moment.
class RandomOffice {
 public:
  explicit RandomOffice(std::uint64_t seed) : dice_(seed) {
    for (std::uint64_t index = 0; index < 2 + seed % 2; ++index) {
      devices_.push_back(std::make_unique<TestDevice>(seed * 8 + index));
    }
    TestDevice& first = *devices_.front();
    customer_ = first.create("customer", {{"code", "K-1"}, {"name", "博海餐饮"}}, as_it_is);
    for (int index = 0; index < 2; ++index) {
      products_.push_back(first.create("product", {{"code", "P" + std::to_string(index)}, {"name", "瓜子"}}, as_it_is));
      contracts_.push_back(first.create("contract", {{"contract_no", "HT-" + std::to_string(index)}, {"title", "供货"}, {"customer", customer_}, {"signed_on", "2026-11-20"}, {"status", "pending_approval"}}, as_it_is));
      for (int count = 0; count < 2; ++count) {
        first.create("contract_line", {{"contract", contracts_.back()}, {"line_no", std::int64_t{1}}, {"product", products_.back()}, {"qty", std::int64_t{1000}}, {"unit_price", amount()}}, as_it_is);
      }
    }
    for (const auto& device : devices_) {
      device->import(first.export_all());
    }
  }

  void run(int steps) {
    for (int step = 0; step < steps && problem.empty(); ++step) {
      act(*devices_[below(devices_.size())]);
      for (const auto& device : devices_) {
        look(*device);
      }
    }
    for (const auto& device : devices_) {
      const auto difference = device->store().verify();
      problem = !problem.empty() ? problem : difference ? *difference : difference.error().message.en;
    }
  }

  std::string problem, trace;
  std::int64_t approvals = 0, undone = 0, decided = 0, seen_active = 0, seen_over = 0;

 private:
  std::size_t below(std::size_t limit) { return dice_.below(limit); }
  std::int64_t amount() { return static_cast<std::int64_t>(1 + below(1'000'000)); }  // no two totals are alike by chance

  Id any(TestDevice& device, const Entity& entity, bool deleted) {
    std::vector<Id> ids;
    for (const std::int64_t row : device.store().list({.entity = &entity, .deleted = deleted}).value()) {
      ids.push_back(device.store().read_row(entity, row)->id);
    }
    std::ranges::sort(ids);
    return ids.empty() ? Id{} : ids[below(ids.size())];
  }

  void write(TestDevice& device, std::vector<Edit> edits, const char* what) {
    dice_.now += 1000;
    device.environment().now = dice_.now;
    std::erase_if(edits, [](const Edit& edit) { return edit.row.empty(); });
    std::vector<Id> to_approve;
    for (const Edit& edit : edits) {
      const bool sets = std::ranges::any_of(edit.fields, [](const auto& cell) { return cell.first->id == "status" && cell.second == Value("active"); });
      if (sets && text_or_empty(device.value("contract", edit.row, "status")) != "active") {
        to_approve.push_back(edit.row);
      }
    }
    const auto written = device.store().write(edits, {.skip_validation = below(2) == 0});
    trace += std::string(what) + (written ? "" : " refused") + "\n";
    for (const Id& contract : written ? to_approve : std::vector<Id>()) {
      approved_[contract].insert(total_of(device, contract));
      ++approvals;
    }
  }

  // Over, at what was approved: from there on it keeps its amount.
  void complete(TestDevice& device) {
    for (const Id& contract : contracts_) {
      const auto record = device.store().read(contracts, contract);
      if (record && !record->deleted && !record->in_conflict && text_or_empty(record->value("status")) == "active") {
        const Edit edit = edit_of(contracts, contract, {{"status", "completed"}});
        trace += device.store().write({&edit, 1}) ? "complete\n" : "complete refused\n";
      }
    }
  }

  void act(TestDevice& device) {
    const Id contract = contracts_[below(contracts_.size())];
    const Id line = any(device, lines, false);
    switch (below(21)) {
      case 0: case 1: return write(device, {edit_of(lines, line, {{"unit_price", amount()}})}, "price");
      case 2: return write(device, {edit_of(lines, line, {{"qty", amount()}}), edit_of(contracts, contract, {{"remark", "x"}})}, "quantity");
      case 3: return write(device, {edit_of(lines, new_id(device.environment()), {{"contract", contract}, {"line_no", amount()}, {"product", products_[below(2)]}, {"qty", std::int64_t{1000}}, {"unit_price", amount()}})}, "add");
      case 4: return write(device, {{.entity = &lines, .row = line, .fields = {}, .remove = true}}, "remove line");
      case 5: return write(device, {{.entity = &lines, .row = any(device, lines, true), .fields = {}, .restore = true}}, "restore line");
      case 6: return write(device, {{.entity = &contracts, .row = contract, .fields = {}, .remove = true}}, "remove contract");
      case 7: return write(device, {{.entity = &contracts, .row = any(device, contracts, true), .fields = {}, .restore = true}}, "restore contract");
      case 8: case 9: case 10: return write(device, {edit_of(contracts, any(device, contracts, false), {{"status", "active"}})}, "approve");
      case 11: return write(device, {edit_of(contracts, any(device, contracts, false), {{"status", "pending_approval"}}), edit_of(lines, line, {{"unit_price", amount()}})}, "withdraw");
      case 12: return write(device, {{.entity = find_entity("product"), .row = any(device, *find_entity("product"), false), .fields = {}, .remove = true}}, "remove product");
      case 13: case 14: case 15: {
        dice_.now += 1000;
        device.environment().now = dice_.now;
        const bool redo = below(3) == 0;
        const auto done = redo ? device.store().redo() : device.store().undo();
        trace += done ? done->zh + "\n" : "refused: " + done.error().message.zh + "\n";
        undone += done ? 1 : 0;
        return;
      }
      case 16: {
        const auto conflicts = device.conflicts();
        if (!conflicts.empty()) {
          const Conflict& conflict = conflicts[below(conflicts.size())];
          dice_.now += 1000;
          device.environment().now = dice_.now;
          const auto written = device.sync().resolve(conflict, below(conflict.sides.size()));
          trace += "decide " + conflict.key + (written ? "" : " refused") + "\n";
          decided += written ? 1 : 0;
        }
        return;
      }
      case 20: return below(3) == 0 ? complete(device) : void();
      default: {
        TestDevice& from = *devices_[below(devices_.size())];
        if (&from != &device) {
          trace += "import\n";
          device.import(from.export_all());
        }
      }
    }
  }

  void look(TestDevice& device) {
    for (const Id& contract : contracts_) {
      const auto record = device.store().read(contracts, contract);
      const std::string status = record && !record->deleted ? text_or_empty(record->value("status")) : std::string();
      if (status != "active" && status != "completed") {
        continue;
      }
      ++(status == "active" ? seen_active : seen_over);
      const std::int64_t total = integer_or(record->value("total"), 0);
      if (!approved_[contract].contains(total)) {
        problem = status + " at " + std::to_string(total) + (record->in_conflict ? " with a conflict open" : "");
      }
    }
  }

  SeededEnvironment dice_;
  std::vector<std::unique_ptr<TestDevice>> devices_;
  Id customer_;
  std::vector<Id> products_, contracts_;
  std::map<Id, std::set<std::int64_t>> approved_;
};

}  // namespace

TEST_CASE("random: no contract is ever in force, or over, at a total that nobody approved") {
  std::int64_t approvals = 0, undone = 0, decided = 0, seen_active = 0, seen_over = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    RandomOffice office{seed};
    office.run(60);
    CAPTURE(seed);
    CAPTURE(office.trace);
    CHECK(office.problem == "");
    approvals += office.approvals;
    undone += office.undone;
    decided += office.decided;
    seen_active += office.seen_active;
    seen_over += office.seen_over;
  }
  // It has looked at something.
  CHECK(approvals > 100);
  CHECK(undone > 100);
  CHECK(decided > 20);
  CHECK(seen_active > 1000);
  CHECK(seen_over > 100);
}
