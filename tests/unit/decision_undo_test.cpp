// The inverse of a decision is that the question is open again: the same conflict, told in the same words, on all devices.
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <algorithm>
#include <functional>
#include <optional>

#include "tests/support/test_device.h"
#include "tests/support/temporary_file.h"

using namespace kehubu;
using namespace kehubu::test;

namespace {

constexpr WriteOptions as_it_is{.skip_validation = true};

std::string text_of(const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    return std::to_string(*number);
  }
  const Id id = id_or_empty(value);
  return id.empty() ? text_or_empty(value) : id.text();
}

std::string text_of(const std::vector<ConflictSide::Cell>& cells) {
  std::vector<std::string> parts;
  for (const ConflictSide::Cell& cell : cells) {
    parts.push_back(std::string(cell.entity->id) + " " + cell.row.text() + " " + std::string(cell.field->id) + "=" + text_of(cell.value));
  }
  std::ranges::sort(parts);
  std::string text;
  for (const std::string& part : parts) {
    text += "    " + part + "\n";
  }
  return text;
}

// Everything that a person is told about what waits for a decision.
std::string told(TestDevice& device) {
  std::string text;
  for (const Conflict& conflict : device.conflicts()) {
    text += conflict.key + "\n  " + conflict.headline.zh + "\n  base\n" + text_of(conflict.base);
    for (const ConflictSide& side : conflict.sides) {
      const Author author = side.authors.empty() ? Author{} : side.authors.front();
      text += "  " + author.person_name + " on " + author.device.text() + " at " + std::to_string(author.clock) + (side.stands_now ? " stands" : "") +
              (side.removed ? " removed" : "") + "\n" + text_of(side.cells);
    }
  }
  return text;
}

// Head office, two tablets, and how they come to differ. Head office's database is a file, so that it can be closed.
struct Office {
  std::optional<TemporaryFile> file;  // goes after the device that has it open
  std::string path;
  std::optional<TestDevice> office;
  TestDevice wang_tablet{2, "王敏的平板"}, zhou_tablet{3, "周宁的平板"};
  Id li, wang, zhou, customer, product, contract, line;

  explicit Office(const std::string& name = {}) {
    if (!name.empty()) {
      path = file.emplace("decision_" + name + ".db").path;
    }
    office.emplace(1, "总部", path.empty() ? ":memory:" : path);
    li = office->create("employee", {{"code", "R01"}, {"name", "李强"}, {"role", "director"}}, as_it_is);
    wang = office->create("employee", {{"code", "R07"}, {"name", "王敏"}, {"role", "rep"}}, as_it_is);
    zhou = office->create("employee", {{"code", "R08"}, {"name", "周宁"}, {"role", "rep"}}, as_it_is);
    office->use_as(li);
    wang_tablet.use_as(wang);
    zhou_tablet.use_as(zhou);
    customer = office->create("customer", {{"code", "K-1"}, {"name", "博海餐饮"}, {"grade", "b"}}, as_it_is);
    product = office->create("product", {{"code", "P1"}, {"name", "瓜子"}}, as_it_is);
    contract = office->create("contract", {{"contract_no", "HT-1"}, {"title", "年度供货"}, {"customer", customer}, {"signed_on", "2026-11-20"}, {"status", "pending_approval"}}, as_it_is);
    line = office->create("contract_line", {{"contract", contract}, {"line_no", std::int64_t{1}}, {"product", product}, {"qty", std::int64_t{1000}}, {"unit_price", std::int64_t{100'00}}}, as_it_is);
    share();
  }
  void share() { exchange({&*office, &wang_tablet, &zhou_tablet}); }
  void restart() {
    const std::int64_t now = office->environment().now;
    office.reset();
    office.emplace(71, "总部", path);  // other dice: ids that are made now are not those of before
    office->environment().now = now + 1000;
  }
  std::string told_everywhere() {
    const std::string here = told(*office);
    CHECK(told(wang_tablet) == here);
    CHECK(told(zhou_tablet) == here);
    CHECK(office->table_hash() == wang_tablet.table_hash());
    CHECK(office->table_hash() == zhou_tablet.table_hash());
    return here;
  }
};

struct Meeting {
  const char* name;
  std::function<void(Office&)> happens;
};

const std::vector<Meeting> meetings{
    {"a field", [](Office& all) {
       all.office->edit("customer", all.customer, {{"grade", "a"}});
       all.wang_tablet.edit("customer", all.customer, {{"grade", "c"}});
     }},
    {"a field, three values", [](Office& all) {
       all.office->edit("customer", all.customer, {{"grade", "a"}});
       all.wang_tablet.edit("customer", all.customer, {{"grade", "c"}});
       all.zhou_tablet.edit("customer", all.customer, {{"grade", "d"}});
     }},
    {"approve and amend", [](Office& all) {
       all.office->edit("contract", all.contract, {{"status", "active"}});
       all.wang_tablet.edit("contract_line", all.line, {{"unit_price", std::int64_t{999'00}}});
     }},
    {"approve, amend and add", [](Office& all) {
       all.office->edit("contract", all.contract, {{"status", "active"}});
       all.wang_tablet.edit("contract_line", all.line, {{"unit_price", std::int64_t{999'00}}});
       all.zhou_tablet.create("contract_line", {{"contract", all.contract}, {"line_no", std::int64_t{2}}, {"product", all.product}, {"qty", std::int64_t{2000}}, {"unit_price", std::int64_t{5'00}}}, as_it_is);
     }},
    {"a line deleted, another changed", [](Office& all) {
       all.office->remove("contract_line", all.line);
       all.wang_tablet.edit("contract", all.contract, {{"status", "active"}});
     }},
    {"a contract deleted and changed", [](Office& all) {
       all.office->remove("contract", all.contract);
       all.wang_tablet.edit("contract_line", all.line, {{"unit_price", std::int64_t{999'00}}});
     }},
    {"deleted and changed", [](Office& all) {
       const Id other = all.office->create("customer", {{"code", "K-2"}, {"name", "长江"}}, as_it_is);
       all.share();
       all.office->remove("customer", other);
       all.wang_tablet.edit("customer", other, {{"grade", "a"}, {"phone", "1111"}});
     }},
    {"deleted and needed", [](Office& all) {
       const Id other = all.office->create("customer", {{"code", "K-2"}, {"name", "长江"}}, as_it_is);
       all.share();
       all.office->remove("customer", other);
       all.wang_tablet.create("contact", {{"customer", other}, {"name", "张三"}}, as_it_is);
     }},
    {"one number twice", [](Office& all) {
       all.office->create("customer", {{"code", "K-9"}, {"name", "甲"}}, as_it_is);
       all.wang_tablet.create("customer", {{"code", "K-9"}, {"name", "乙"}}, as_it_is);
     }},
};

}  // namespace

TEST_CASE("a decision is undone: the same question is open again on all devices, whatever was decided and however the files come") {
  for (const Meeting& meeting : meetings) {
    CAPTURE(meeting.name);
    for (std::size_t side = 0; side < 3; ++side) {
      for (const bool told_before_undoing : {false, true}) {
        Office all;
        meeting.happens(all);
        all.share();
        const std::string question = all.told_everywhere();
        const std::string open_state = all.office->table_hash();
        REQUIRE(all.office->conflicts().size() == 1);
        const Conflict conflict = all.office->conflicts().front();
        if (side >= conflict.sides.size()) {
          continue;
        }
        CAPTURE(side);
        CAPTURE(told_before_undoing);
        const std::string before = all.office->export_all();
        REQUIRE(all.office->sync().resolve(conflict, side).has_value());
        const std::string decided = all.office->export_all();
        const std::string decided_state = all.office->table_hash();
        CHECK(told(*all.office).empty());
        if (told_before_undoing) {
          all.share();
          CHECK(all.told_everywhere().empty());
        }
        all.office->environment().now += 1000;
        const auto undone = all.office->store().undo();
        REQUIRE_MESSAGE(undone.has_value(), (undone ? std::string() : undone.error().message.zh));
        CHECK(undone->zh.ends_with("。这个问题重新等您决定。"));
        CHECK(told(*all.office) == question);
        CHECK(all.office->table_hash() == open_state);
        CHECK(all.office->store().verify().value() == "");

        // Another tablet gets the files of each moment in any order.
        std::vector<std::string> files{before, decided, all.office->export_all()};
        std::vector<std::size_t> order{0, 1, 2};
        do {
          TestDevice fresh{9};
          for (const std::size_t file : order) {
            fresh.import(files[file]);
          }
          CHECK(told(fresh) == question);
          CHECK(fresh.table_hash() == open_state);
        } while (std::ranges::next_permutation(order).found);
        all.share();
        CHECK(all.told_everywhere() == question);

        // Redo is the decision again; undone once more the question is open once more.
        REQUIRE(all.office->store().redo().has_value());
        CHECK(told(*all.office).empty());
        CHECK(all.office->table_hash() == decided_state);
        all.share();
        CHECK(all.told_everywhere().empty());
        REQUIRE(all.office->store().undo().has_value());
        all.share();
        CHECK(all.told_everywhere() == question);

        // And somebody else may decide it now.
        REQUIRE(all.wang_tablet.sync().resolve(all.wang_tablet.conflicts().front(), conflict.sides.size() - 1 - side).has_value());
        all.share();
        CHECK(all.told_everywhere().empty());
        const auto late = all.office->store().redo();
        REQUIRE_FALSE(late.has_value());
        CHECK_MESSAGE(late.error().message.zh.starts_with("不能重做“"), late.error().message.zh);
        CHECK(all.office->store().verify().value() == "");
      }
    }
  }
}

TEST_CASE("approving is decided and undone: nobody sees the contract in force at an amount that nobody approved") {
  for (const std::size_t side : {std::size_t{0}, std::size_t{1}}) {
    CAPTURE(side);
    Office all;
    meetings[2].happens(all);
    all.share();
    REQUIRE(all.office->sync().resolve(all.office->conflicts().front(), side).has_value());
    REQUIRE(all.office->store().undo().has_value());
    all.share();
    for (TestDevice* device : {&*all.office, &all.wang_tablet, &all.zhou_tablet}) {
      CHECK(device->conflicts().size() == 1);
      CHECK(device->text("contract", all.contract, "status") == "active");
      CHECK(integer_or(device->value("contract", all.contract, "total"), 0) == 100'00);
    }
  }
}

TEST_CASE("a contract that waits is not decided by the way, when a number that it shares is: nobody approved what it would be") {
  Office all;
  all.office->edit("contract", all.contract, {{"status", "active"}});
  all.wang_tablet.edit("contract_line", all.line, {{"unit_price", std::int64_t{999'00}}});
  const Id other = all.zhou_tablet.create("contract", {{"contract_no", "HT-1"}, {"title", "展会"}, {"customer", all.customer}, {"status", "draft"}}, as_it_is);
  all.share();
  const std::vector<Conflict> open = all.office->conflicts();
  REQUIRE(open.size() == 2);
  const auto number = std::ranges::find(open, ConflictKind::duplicate_number, &Conflict::kind);
  REQUIRE(number != open.end());
  for (std::size_t side = 0; side < number->sides.size(); ++side) {
    const bool takes_number_from_contract = number->sides[side].cells.front().row == other;
    CAPTURE(takes_number_from_contract);
    CHECK(number->sides[side].refused.zh.contains("自己还有冲突") == takes_number_from_contract);
    if (takes_number_from_contract) {
      const auto decided = all.office->sync().resolve(*number, side);
      REQUIRE_FALSE(decided.has_value());
      CHECK(decided.error().message.zh.contains("自己还有冲突"));
    }
  }
  CHECK(all.office->conflicts().size() == 2);
  for (std::size_t side = 0; side < number->sides.size(); ++side) {
    if (number->sides[side].refused.zh.empty()) {
      REQUIRE(all.office->sync().resolve(*number, side).has_value());  // the other one gives its number up
    }
  }
  all.share();
  const std::string here = all.told_everywhere();
  CHECK(all.office->conflicts().size() == 1);
}

TEST_CASE("a line that is changed as its contract is brought back takes the approval back") {
  Office all;
  all.office->edit("contract", all.contract, {{"status", "active"}});
  all.office->remove("contract", all.contract);
  const Entity &contract = *find_entity("contract"), &line = *find_entity("contract_line");
  const Edit edits[] = {{.entity = &contract, .row = all.contract, .fields = {}, .restore = true},
                        {.entity = &line, .row = all.line, .fields = {{line.find("unit_price"), std::int64_t{999'00}}}}};
  REQUIRE(all.office->store().write(edits, as_it_is).has_value());
  CHECK(all.office->text("contract", all.contract, "status") == "pending_approval");
}

TEST_CASE("a decision is undone and done again after the program was closed, and what was decided before too") {
  for (const Meeting& meeting : meetings) {
    CAPTURE(meeting.name);
    Office all{"restart"};
    meeting.happens(all);
    all.share();
    const std::string question = all.told_everywhere();
    REQUIRE(all.office->sync().resolve(all.office->conflicts().front(), 1).has_value());
    const std::string decided = all.office->table_hash();
    all.restart();
    REQUIRE(all.office->store().undo().has_value());
    CHECK(told(*all.office) == question);
    all.restart();
    CHECK(told(*all.office) == question);
    REQUIRE(all.office->store().redo().has_value());
    CHECK(all.office->table_hash() == decided);
    all.restart();
    REQUIRE(all.office->store().undo().has_value());
    all.share();
    CHECK(all.told_everywhere() == question);
    CHECK(all.office->store().verify().value() == "");
  }
}

TEST_CASE("who built on a decision: its undoing is refused where that is known, and a conflict where it is not") {
  for (const bool known : {true, false}) {
    CAPTURE(known);
    Office all;
    meetings[2].happens(all);
    all.share();
    REQUIRE(all.office->sync().resolve(all.office->conflicts().front(), 0).has_value());
    all.share();
    all.zhou_tablet.edit("contract", all.contract, {{"remark", "已通知客户"}});
    if (known) {
      all.share();
    }
    const auto undone = all.office->store().undo();
    REQUIRE(undone.has_value() == !known);
    if (known) {
      CHECK_MESSAGE(undone.error().message.zh.contains("”：“年度供货”之后又被"), undone.error().message.zh);
      CHECK(all.office->text("contract", all.contract, "remark") == "已通知客户");
      continue;
    }
    all.share();
    CHECK_FALSE(all.told_everywhere().empty());
    CHECK(all.office->conflicts().front().sides.size() == 3);
  }
}

TEST_CASE("two head offices decide the same and one takes it back: it is a conflict, not a silence") {
  for (const Meeting& meeting : {meetings[0], meetings[1], meetings[2], meetings[5]}) {
    CAPTURE(meeting.name);
    Office all;
    meeting.happens(all);
    all.share();
    REQUIRE(all.office->sync().resolve(all.office->conflicts().front(), 0).has_value());
    REQUIRE(all.zhou_tablet.sync().resolve(all.zhou_tablet.conflicts().front(), 1).has_value());
    REQUIRE(all.office->store().undo().has_value());
    all.share();
    CHECK_FALSE(all.told_everywhere().empty());
    const auto again = all.zhou_tablet.store().undo();  // it knows that the question is open anyway
    CHECK_FALSE(again.has_value());
    CHECK(all.zhou_tablet.store().verify().value() == "");
  }
}

// Deciding for the side that names a deleted customer closes one question and opens another.
TEST_CASE("a decision that opened another question is undone and done again all the same") {
  Office all;
  const Id other = all.office->create("customer", {{"code", "K-2"}, {"name", "长江商贸"}}, as_it_is);
  all.share();
  all.wang_tablet.edit("contract", all.contract, {{"customer", other}});
  all.office->edit("contract", all.contract, {{"title", "改过的"}});
  all.office->remove("customer", other);
  all.share();
  const std::string before = all.told_everywhere();
  const Conflict conflict = all.office->conflicts().front();
  REQUIRE(all.office->conflicts().size() == 1);
  REQUIRE(conflict.kind == ConflictKind::document);
  REQUIRE(all.office->sync().resolve(conflict, 1));
  REQUIRE(all.office->conflicts().size() == 1);
  REQUIRE(all.office->conflicts().front().kind == ConflictKind::missing_reference);
  const std::string decided = told(*all.office);
  const auto undone = all.office->store().undo();
  REQUIRE_MESSAGE(undone, (undone ? std::string() : undone.error().message.zh));
  all.share();
  CHECK(all.told_everywhere() == before);
  const auto redone = all.office->store().redo();
  REQUIRE_MESSAGE(redone, (redone ? std::string() : redone.error().message.zh));
  all.share();
  CHECK(all.told_everywhere() == decided);
}

TEST_CASE("one office undoes keeping or deleting while another decides knowing the edit: the question is open again, and a decision closes it") {
  for (const std::size_t undone : {0u, 1u}) {
    for (const std::size_t decided : {0u, 1u}) {
      CAPTURE(undone);
      CAPTURE(decided);
      Office all;
      meetings[6].happens(all);
      all.share();
      const Conflict asked = all.office->conflicts().at(0);
      REQUIRE(all.office->sync().resolve(asked, undone).has_value());
      REQUIRE(all.office->store().undo().has_value());
      REQUIRE(all.zhou_tablet.sync().resolve(all.zhou_tablet.conflicts().at(0), decided).has_value());
      all.share();
      CHECK_FALSE(all.told_everywhere().empty());
      const auto open = all.wang_tablet.conflicts();
      REQUIRE(open.size() == 1);
      CHECK(open[0].key == asked.key);
      REQUIRE(open[0].sides.size() == 2);
      CHECK_FALSE(open[0].sides[0].removed);
      CHECK(open[0].sides[1].removed);
      CHECK(std::ranges::any_of(open[0].sides[0].effects, [](const Effect& effect) { return effect.text.zh.find("1111") != std::string::npos; }));
      CHECK_FALSE(all.office->store().read(*find_entity("customer"), asked.row)->deleted);
      CHECK(all.office->store().verify().value() == "");
      REQUIRE(all.wang_tablet.sync().resolve(open[0], 1).has_value());
      all.share();
      CHECK(all.told_everywhere().empty());
      CHECK(all.office->store().read(*find_entity("customer"), asked.row)->deleted);
    }
  }
}

TEST_CASE("two offices decide to delete, one thinks better of it twice: both decided the same, and nobody is asked") {
  Office all;
  all.office->remove("contract", all.contract);
  all.wang_tablet.edit("contract", all.contract, {{"title", "改了名的"}});
  all.wang_tablet.edit("contract", all.contract, {{"title", "年度供货"}});  // and back: a decision writes it, its undoing has nothing to write
  all.share();
  for (TestDevice* device : {&*all.office, &all.zhou_tablet}) {
    const Conflict asked = device->conflicts().at(0);
    const auto deleting = std::ranges::find(asked.sides, true, &ConflictSide::removed);
    REQUIRE(deleting != asked.sides.end());
    REQUIRE(device->sync().resolve(asked, static_cast<std::size_t>(deleting - asked.sides.begin())).has_value());
    device->environment().now += 1000;
  }
  REQUIRE(all.office->store().undo().has_value());
  REQUIRE(all.office->store().redo().has_value());
  all.share();
  CHECK(all.told_everywhere().empty());
  CHECK(all.wang_tablet.store().read(*find_entity("contract"), all.contract)->deleted);
}

TEST_CASE("a deletion met an edit that had been taken back: deciding about it is undone, and the question is open again") {
  for (const std::size_t decided : {0u, 1u}) {
    struct Scene {
      char decides;  // the device of the edit, of the deletion, or another
      std::int64_t hours_ahead, hours_between;  // the clock of the edit; deciding and undoing
    };
    for (const auto& [decides, hours_ahead, hours_between] : {Scene{'e', 0, 0}, {'o', 0, 0}, {'o', 8760, 0}, {'d', 8760, 0}, {'o', 2, 0}, {'o', 2, 5}, {'d', 2, 5}}) {
      CAPTURE(decided);
      CAPTURE(decides);
      CAPTURE(hours_ahead);
      CAPTURE(hours_between);
      Office all;
      const Id other = all.office->create("customer", {{"code", "K-2"}, {"name", "长江"}, {"grade", "b"}}, as_it_is);
      all.share();
      all.wang_tablet.environment().skew = hours_ahead * 3'600'000;
      all.office->remove("customer", other);
      all.wang_tablet.edit("customer", other, {{"grade", "a"}});
      REQUIRE(all.wang_tablet.store().undo().has_value());
      all.share();
      const std::string before = all.told_everywhere();
      TestDevice& device = decides == 'e' ? all.wang_tablet : decides == 'd' ? *all.office : all.zhou_tablet;
      REQUIRE(device.conflicts().size() == 1);
      for (int times = 0; times < 2; ++times) {
        CAPTURE(times);
        REQUIRE((times == 0 ? device.sync().resolve(device.conflicts().front(), decided).has_value() : device.store().redo().has_value()));
        CHECK(device.conflicts().empty());
        device.environment().now += hours_between * 3'600'000;
        CHECK(device.store().undo().has_value());
        all.share();
        CHECK(all.told_everywhere() == before);
      }
    }
  }
}

TEST_CASE("of three records with one number one is deleted or renumbered by hand: the others are still a question, and the step is undone and done again") {
  for (const bool deletes : {true, false}) {
    CAPTURE(deletes);
    Office all;
    Id row;
    for (TestDevice* device : {&*all.office, &all.zhou_tablet, &all.wang_tablet}) {
      row = device->create("customer", {{"code", "K-7"}, {"name", device->id().text()}}, as_it_is);
    }
    all.share();
    const std::string three = all.told_everywhere();
    REQUIRE(all.wang_tablet.conflicts().size() == 1);
    deletes ? all.wang_tablet.remove("customer", row) : all.wang_tablet.edit("customer", row, {{"code", "K-8"}}, {});
    const std::string two = told(all.wang_tablet);
    REQUIRE(all.wang_tablet.conflicts().size() == 1);
    CHECK(two != three);
    for (const bool tells : {false, true}) {
      CAPTURE(tells);
      const auto undone = all.wang_tablet.store().undo();
      CHECK_MESSAGE(undone.has_value(), (undone ? "" : undone.error().message.zh));
      tells ? all.share() : void();
      CHECK(told(all.wang_tablet) == three);
      const auto redone = all.wang_tablet.store().redo();
      CHECK_MESSAGE(redone.has_value(), (redone ? "" : redone.error().message.zh));
      tells ? all.share() : void();
      CHECK(told(all.wang_tablet) == two);
    }
    CHECK(all.told_everywhere() == two);
  }
}

TEST_CASE("keeping a record is not undone into a deletion that nobody is asked about") {
  Office all;
  meetings[7].happens(all);
  all.share();
  REQUIRE(all.office->sync().resolve(all.office->conflicts().front(), 0).has_value());
  all.share();
  const Id contact = all.wang_tablet.store().read_row(*find_entity("contact"), all.wang_tablet.store().list({.entity = find_entity("contact")})->front())->id;
  const Id kept = id_or_empty(all.wang_tablet.value("contact", contact, "customer"));
  all.wang_tablet.remove("contact", contact);
  all.share();
  const auto undone = all.office->store().undo();
  REQUIRE_FALSE(undone.has_value());
  CHECK_MESSAGE(undone.error().message.zh.ends_with("”：当时要决定的问题已经不在了"), undone.error().message.zh);
  CHECK_FALSE(all.office->store().read(*find_entity("customer"), kept)->deleted);
}

TEST_CASE("a deleted record is not changed before it is brought back") {
  Office all;
  all.office->remove("contract", all.contract);
  for (const WriteOptions& options : {WriteOptions{}, as_it_is}) {
    const Edit edit{.entity = find_entity("contract"), .row = all.contract, .fields = {{find_entity("contract")->find("remark"), std::string("x")}}};
    const auto refused = all.office->store().write({&edit, 1}, options);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().message.zh == "“年度供货”已删除，请先恢复它再修改");
  }
}

TEST_CASE("an edit of what somebody deleted since is neither undone nor done again in the bin: nobody is asked about it") {
  TestDevice office{1};
  TestDevice rep{2};
  const Id customer = office.create("customer", {{"name", "博海餐饮"}}, as_it_is);
  office.edit("customer", customer, {{"phone", "0531-1"}});
  office.edit("customer", customer, {{"phone", "0531-2"}});
  REQUIRE(office.store().undo().has_value());
  rep.import(office.export_all());
  rep.remove("customer", customer);
  office.import(rep.export_all());
  const std::string before = office.table_hash();
  const auto undone = office.store().undo();
  REQUIRE_FALSE(undone.has_value());
  CHECK_MESSAGE(undone.error().message.zh.contains("”：“博海餐饮”之后被"), undone.error().message.zh);
  const auto redone = office.store().redo();
  REQUIRE_FALSE(redone.has_value());
  CHECK_MESSAGE(redone.error().message.zh.starts_with("不能重做“"), redone.error().message.zh);
  CHECK(office.table_hash() == before);
  CHECK(office.conflicts().empty());
  rep.restore("customer", customer);
  office.import(rep.export_all());
  REQUIRE(office.store().undo().has_value());
  CHECK(office.value("customer", customer, "phone") == Value());
  CHECK(office.conflicts().empty());
}

TEST_CASE("an edit over two notes is undone: both are there again") {
  Office all;
  all.office->edit("customer", all.customer, {{"phone", "1111"}});
  all.wang_tablet.environment().now = all.office->environment().now + 5000;
  all.wang_tablet.edit("customer", all.customer, {{"phone", "2222"}});
  all.share();
  CHECK(all.office->text("customer", all.customer, "phone") == "2222");
  all.office->environment().now += 60'000;
  all.office->edit("customer", all.customer, {{"phone", "3333"}});
  REQUIRE(all.office->store().undo().has_value());
  all.share();
  for (TestDevice* device : {&*all.office, &all.wang_tablet}) {
    CHECK(device->text("customer", all.customer, "phone") == "2222");
    const auto other = device->sync().superseded(*find_entity("customer"), all.customer);
    REQUIRE(other->size() == 1);
    CHECK(text_or_empty(other->front().other.value) == "1111");
  }
}

// --- documents

TEST_CASE("an edit of a contract is not undone once somebody approved what it left") {
  Office all;
  all.wang_tablet.edit("contract_line", all.line, {{"unit_price", std::int64_t{999'00}}});
  all.share();
  all.office->edit("contract", all.contract, {{"status", "active"}});
  all.share();
  const auto undone = all.wang_tablet.store().undo();
  REQUIRE_FALSE(undone.has_value());
  CHECK_MESSAGE(undone.error().message.zh.contains("”：“年度供货”之后又被"), undone.error().message.zh);
  CHECK(integer_or(all.wang_tablet.value("contract", all.contract, "total"), 0) == 999'00);
}

TEST_CASE("edits of a contract are undone and done again one by one, each a state that it had") {
  Office all;
  TestDevice& tablet = all.wang_tablet;
  const auto state = [&] { return tablet.text("contract", all.contract, "status") + " " + std::to_string(integer_or(tablet.value("contract", all.contract, "total"), 0)); };
  std::vector<std::string> states{state()};
  tablet.edit("contract_line", all.line, {{"unit_price", std::int64_t{999'00}}});
  states.push_back(state());
  tablet.edit("contract", all.contract, {{"status", "active"}});
  states.push_back(state());
  tablet.edit("contract_line", all.line, {{"unit_price", std::int64_t{500'00}}});
  states.push_back(state());
  tablet.remove("contract_line", all.line);
  states.push_back(state());
  tablet.restore("contract_line", all.line);
  states.push_back(state());
  tablet.remove("contract", all.contract);
  states.push_back(state());
  tablet.restore("contract", all.contract);
  states.push_back(state());
  CHECK(states[2] == "active 99900");
  CHECK(states[3] == "pending_approval 50000");
  CHECK(states.back() == states[5]);
  for (int round = 0; round < 2; ++round) {
    for (std::size_t step = states.size() - 1; step > 0; --step) {
      const auto undone = tablet.store().undo();
      REQUIRE_MESSAGE(undone.has_value(), (undone ? std::string() : undone.error().message.zh));
      CHECK(state() == states[step - 1]);
    }
    for (std::size_t step = 1; step < states.size(); ++step) {
      const auto redone = tablet.store().redo();
      REQUIRE_MESSAGE(redone.has_value(), (redone ? std::string() : redone.error().message.zh));
      CHECK(state() == states[step]);
    }
  }
  all.share();
  CHECK(all.told_everywhere().empty());
  CHECK(tablet.store().verify().value() == "");
}

TEST_CASE("a contract that is restored from the bin has the lines that it had, and no others") {
  Office all;
  TestDevice& office = *all.office;
  const Id second = office.create("contract_line", {{"contract", all.contract}, {"line_no", std::int64_t{2}}, {"product", all.product}, {"qty", std::int64_t{1000}}, {"unit_price", std::int64_t{7'00}}}, as_it_is);
  office.remove("contract_line", all.line);  // before, and for itself
  office.remove("contract", all.contract);
  const auto line_alone = office.store().write(std::vector<Edit>{{.entity = find_entity("contract_line"), .row = second, .fields = {}, .restore = true}});
  REQUIRE_FALSE(line_alone.has_value());
  CHECK(line_alone.error().message.zh == "合同已删除，请恢复合同，它的明细会一起恢复");
  all.share();
  all.wang_tablet.restore("contract", all.contract);
  all.share();
  CHECK(all.told_everywhere().empty());
  for (TestDevice* device : {&office, &all.wang_tablet}) {
    CHECK(integer_or(device->value("contract", all.contract, "total"), 0) == 7'00);
    CHECK(device->store().read(*find_entity("contract_line"), all.line)->deleted);
  }
  REQUIRE(all.wang_tablet.store().undo().has_value());
  CHECK(all.wang_tablet.store().read(*find_entity("contract_line"), second)->deleted);
}

TEST_CASE("a decision about another record takes a contract's lines along, and undoing it brings both back") {
  Office all;
  const Id other = all.office->create("customer", {{"code", "K-2"}, {"name", "长江"}}, as_it_is);
  all.share();
  all.office->remove("customer", other);
  const Id contract = all.wang_tablet.create("contract", {{"contract_no", "HT-2"}, {"title", "零售"}, {"customer", other}, {"signed_on", "2026-11-20"}, {"status", "active"}}, as_it_is);
  const Id line = all.wang_tablet.create("contract_line", {{"contract", contract}, {"line_no", std::int64_t{1}}, {"product", all.product}, {"qty", std::int64_t{1000}}, {"unit_price", std::int64_t{50'00}}}, as_it_is);
  all.share();
  const std::string question = all.told_everywhere();
  REQUIRE(all.office->conflicts().size() == 1);
  REQUIRE(all.office->sync().resolve(all.office->conflicts().front(), 1).has_value());
  all.share();
  CHECK(all.told_everywhere().empty());
  CHECK(all.office->store().read(*find_entity("contract"), contract)->deleted);
  CHECK(all.office->store().read(*find_entity("contract_line"), line)->deleted);
  REQUIRE(all.office->store().undo().has_value());
  all.share();
  CHECK(all.told_everywhere() == question);
  CHECK(integer_or(all.wang_tablet.value("contract", contract, "total"), 0) == 50'00);
}

TEST_CASE("a field that was changed twice is undone twice and done again twice") {
  Office all;
  TestDevice& office = *all.office;
  office.edit("customer", all.customer, {{"phone", "1111"}});
  office.edit("customer", all.customer, {{"phone", "2222"}});
  REQUIRE(office.store().undo().has_value());
  REQUIRE(office.store().undo().has_value());
  CHECK(office.text("customer", all.customer, "phone").empty());
  REQUIRE(office.store().redo().has_value());
  REQUIRE(office.store().redo().has_value());
  CHECK(office.text("customer", all.customer, "phone") == "2222");
}

TEST_CASE("a stack of an older program is read, and what it undid is done again") {
  Office all{"older"};
  all.office->edit("customer", all.customer, {{"phone", "1111"}});
  REQUIRE(all.office->store().undo().has_value());
  REQUIRE(sqlite3_exec(all.office->store().connection(), "ALTER TABLE undo_stack DROP COLUMN last_action", nullptr, nullptr, nullptr) == SQLITE_OK);
  all.restart();
  CHECK(all.office->store().undo_state().can_redo);
  REQUIRE(all.office->store().redo().has_value());
  CHECK(all.office->text("customer", all.customer, "phone") == "1111");
}
