// Fields that follow from one choice, and marks of which only one may be given: one question, whose sides are whole.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/support/conflict_properties.h"
#include "tests/support/firm.h"

namespace kehubu::test {
namespace {

Conflict only_conflict(TestDevice& device) {
  const auto open = device.conflicts();
  REQUIRE(open.size() == 1);
  CHECK(check_conflicts(device) == "");
  CHECK(check_choices(device, 1000) == "");
  return open.front();
}

std::string value_of(const ConflictSide& side, std::string_view field) {
  const auto cell = std::ranges::find_if(side.cells, [&](const ConflictSide::Cell& one) { return one.field->id == field; });
  REQUIRE(cell != side.cells.end());
  return is_null(cell->value) ? "" : std::holds_alternative<std::int64_t>(cell->value) ? std::to_string(integer_or(cell->value, -1)) : text_or_empty(cell->value);
}

// 赵工 wins what 王敏 loses.
struct WonAndLost : FirmInForce {
  Id deal;

  WonAndLost() {
    deal = office.create("opportunity", {{"opp_no", "J-1"}, {"topic", "春季订货"}, {"customer", customer}, {"stage", "negotiation"}, {"expected_close", "2026-12-20"},
                                         {"stage_since", "2026-11-01"}, {"probability", std::int64_t{7'500}}, {"level", "a"}}, as_it_is);
    share();
    office.edit("opportunity", deal, {{"stage", "won"}, {"probability", std::int64_t{10'000}}, {"level", "o"}, {"closed_on", "2026-11-26"}}, as_it_is);
    tablet.edit("opportunity", deal, {{"stage", "lost"}, {"probability", std::int64_t{0}}, {"level", "none"}, {"closed_on", "2026-11-26"}, {"lost_reason", "price"}}, as_it_is);
    tablet.edit("opportunity", deal, {{"lost_analysis", "对手便宜了一成"}}, as_it_is);  // and afterwards
    share();
  }
  std::string text(TestDevice& device, std::string_view field) { return device.text("opportunity", deal, field); }
};

}  // namespace

TEST_CASE("won against lost is one question, and either answer is whole") {
  for (const bool won : {true, false}) {
    CAPTURE(won);
    WonAndLost firm;
    const Conflict conflict = only_conflict(firm.other);
    CHECK(conflict.field->id == "stage");
    CHECK_MESSAGE(has(conflict.headline.zh, "赵工 改为“成交”，王敏 改为“流失”。以哪个为准（成交概率、有望度、流失原因、流失原因分析随之而定）？"), conflict.headline.zh);
    const ConflictSide &of_zhao = conflict.sides[side_of(conflict, "赵工")], &of_wang = conflict.sides[side_of(conflict, "王敏")];
    CHECK(value_of(of_zhao, "probability") == "10000");
    CHECK(value_of(of_zhao, "lost_reason").empty());
    CHECK(value_of(of_zhao, "lost_analysis").empty());
    CHECK(value_of(of_wang, "level") == "none");
    CHECK(value_of(of_wang, "lost_analysis") == "对手便宜了一成");
    CHECK(firm.office.conflicts().size() == 1);
    CHECK(firm.other.sync().conflicts_about(*find_entity("opportunity"), firm.deal).value().size() == 1);
    decide(firm.other, side_of(conflict, won ? "赵工" : "王敏"));
    firm.share();
    for (TestDevice* device : {&firm.office, &firm.tablet, &firm.other}) {
      CHECK(device->conflicts().empty());
      CHECK(firm.text(*device, "stage") == (won ? "won" : "lost"));
      CHECK(firm.text(*device, "level") == (won ? "o" : "none"));
      CHECK(integer_or(device->value("opportunity", firm.deal, "probability"), -1) == (won ? 10'000 : 0));
      CHECK(firm.text(*device, "lost_reason") == (won ? "" : "price"));
      CHECK(firm.text(*device, "lost_analysis") == (won ? "" : "对手便宜了一成"));
    }
  }
}

TEST_CASE("an answer to such a question that is taken back opens the same one, with all that follows") {
  for (const char* person : {"赵工", "王敏"}) {
    CAPTURE(person);
    WonAndLost firm;
    const Conflict before = only_conflict(firm.other);
    decide(firm.other, side_of(before, person));
    REQUIRE(firm.other.store().undo().has_value());
    firm.share();
    for (TestDevice* device : {&firm.office, &firm.tablet, &firm.other}) {
      const Conflict again = only_conflict(*device);
      CHECK(again.headline.zh == before.headline.zh);
      REQUIRE(again.sides.size() == before.sides.size());
      for (const char* side : {"赵工", "王敏"}) {
        const auto &now = again.sides[side_of(again, side)].cells, &then = before.sides[side_of(before, side)].cells;
        CHECK(std::ranges::equal(now, then, [](const auto& a, const auto& b) { return a.field == b.field && a.value == b.value; }));
      }
    }
    decide(firm.office, side_of(firm.office.conflicts().at(0), "赵工"));
    CHECK(firm.text(firm.office, "lost_reason").empty());
    CHECK(firm.text(firm.office, "level") == "o");
  }
}

TEST_CASE("two who answer such a question differently are asked the one question again, with whole sides") {
  WonAndLost firm;
  decide(firm.office, side_of(firm.office.conflicts().at(0), "赵工"));
  decide(firm.tablet, side_of(firm.tablet.conflicts().at(0), "王敏"));
  firm.share();
  const Conflict conflict = only_conflict(firm.other);
  CHECK(value_of(conflict.sides[side_of(conflict, "赵工")], "lost_reason").empty());
  CHECK(value_of(conflict.sides[side_of(conflict, "王敏")], "probability") == "0");
}

// Whatever each field's own rule would let stand: a note of the later clock, what one side alone wrote, in every order of arrival.
TEST_CASE("while a choice is a question what stands is one side, whole, as its card says") {
  const auto check_all = [](FirmInForce& firm) {
    std::vector<std::string> hashes;
    const std::vector<std::string> bundles{firm.office.export_all(), firm.tablet.export_all(), firm.other.export_all()};
    std::vector<std::size_t> order{0, 1, 2};
    do {
      TestDevice reader{20 + hashes.size(), "新来的"};
      for (const std::size_t index : order) {
        reader.import(bundles[index]);
      }
      only_conflict(reader);
      hashes.push_back(reader.table_hash());
      CHECK(reader.store().verify().has_value());
    } while (std::ranges::next_permutation(order).found);
    CHECK(std::ranges::all_of(hashes, [&](const std::string& hash) { return hash == hashes.front() && hash == firm.office.table_hash(); }));
    for (TestDevice* device : {&firm.office, &firm.tablet, &firm.other}) {
      only_conflict(*device);
    }
  };
  SUBCASE("won and lost") {
    for (const char* keeps : {"", "赵工", "王敏"}) {  // of whom the office decides, the tablet for the other one
      for (const bool tablet_last : {true, false}) {
        CAPTURE(keeps);
        CAPTURE(tablet_last);
        WonAndLost firm;
        const auto decides = [&](TestDevice& device, const char* person) { *keeps != 0 ? decide(device, side_of(device.conflicts().at(0), person)) : void(); };
        const bool won = keeps == std::string_view("赵工");
        tablet_last ? decides(firm.office, won ? "赵工" : "王敏") : decides(firm.tablet, won ? "王敏" : "赵工");
        tablet_last ? decides(firm.tablet, won ? "王敏" : "赵工") : decides(firm.office, won ? "赵工" : "王敏");
        firm.share();
        check_all(firm);
        const std::string stage = firm.text(firm.other, "stage");
        CHECK(stage == (keeps == std::string_view("王敏") ? "lost" : "won"));
        for (TestDevice* device : {&firm.office, &firm.tablet, &firm.other}) {
          CHECK(firm.text(*device, "lost_analysis") == (stage == "lost" ? "对手便宜了一成" : ""));
          CHECK(firm.text(*device, "lost_reason") == (stage == "lost" ? "price" : ""));
          CHECK(device->sync().superseded(*find_entity("opportunity"), firm.deal)->empty());
        }
      }
    }
  }
  SUBCASE("an edit of what follows against a decision") {
    WonAndLost firm;
    decide(firm.office, side_of(firm.office.conflicts().at(0), "王敏"));
    firm.tablet.edit("opportunity", firm.deal, {{"probability", std::int64_t{8'000}}}, as_it_is);
    firm.share();
    check_all(firm);
    CHECK(firm.text(firm.other, "stage") == "lost");
    CHECK(firm.text(firm.other, "lost_analysis") == "对手便宜了一成");
  }
  SUBCASE("payment terms") {
    for (const bool decided : {false, true}) {
      CAPTURE(decided);
      FirmInForce firm;
      firm.office.edit("customer", firm.customer, {{"payment_term", "monthly_bill"}, {"term_days", std::int64_t{45}}}, as_it_is);
      firm.tablet.edit("customer", firm.customer, {{"payment_term", "prepaid_then_batch"}, {"term_days", std::int64_t{60}}, {"term_percent", std::int64_t{70'00}}, {"term_percent2", std::int64_t{30'00}}}, as_it_is);
      firm.share();
      if (decided) {
        decide(firm.office, side_of(firm.office.conflicts().at(0), "赵工"));
        decide(firm.tablet, side_of(firm.tablet.conflicts().at(0), "王敏"));
        firm.share();
      }
      check_all(firm);
      CHECK(firm.other.text("customer", firm.customer, "payment_term") == "monthly_bill");
      CHECK(is_null(firm.other.value("customer", firm.customer, "term_percent")));
    }
  }
  SUBCASE("consent, and into whom") {
    FirmInForce firm;
    const Id contact = firm.office.create("contact", {{"name", "张总"}, {"customer", firm.customer}}, as_it_is);
    const Id other_customer = firm.office.create("customer", {{"code", "K-2"}, {"name", "长江酒店"}, {"grade", "d"}}, as_it_is);
    firm.share();
    SUBCASE("consent") {
      firm.office.edit("contact", contact, {{"consent", std::int64_t{0}}}, as_it_is);
      firm.tablet.edit("contact", contact, {{"consent", std::int64_t{1}}, {"consent_on", "2026-11-26"}}, as_it_is);
      firm.share();
      check_all(firm);
      CHECK(firm.other.text("contact", contact, "consent_on").empty());
    }
    SUBCASE("merged, with a circle of what does not stand") {
      firm.office.edit("customer", firm.customer, {{"status", "inactive"}}, as_it_is);
      firm.tablet.edit("customer", firm.customer, {{"status", "merged"}, {"merged_into", other_customer}}, as_it_is);
      firm.other.edit("customer", other_customer, {{"status", "merged"}, {"merged_into", firm.customer}}, as_it_is);
      firm.share();
      check_all(firm);
      CHECK(is_null(firm.other.value("customer", firm.customer, "merged_into")));
      decide(firm.office, side_of(firm.office.conflicts().at(0), "王敏"));
      firm.share();
      CHECK(only_conflict(firm.other).kind == ConflictKind::circle);
      REQUIRE(firm.office.store().undo().has_value());
      firm.share();
      check_all(firm);
    }
  }
}

TEST_CASE("who chooses in the form while the choice is a question decides for all of it as he saw it") {
  WonAndLost firm;
  firm.other.edit("opportunity", firm.deal, {{"stage", "contract"}}, as_it_is);
  firm.share();
  for (TestDevice* device : {&firm.office, &firm.tablet, &firm.other}) {
    CHECK(device->conflicts().empty());
    CHECK(firm.text(*device, "stage") == "contract");
    CHECK(firm.text(*device, "lost_reason").empty());
    CHECK(firm.text(*device, "lost_analysis").empty());
  }
}

// What was before anybody chose, also where they have decided since.
TEST_CASE("such a question tells what was before, whole: before decisions that contradict each other, too") {
  for (const bool decided : {false, true}) {
    CAPTURE(decided);
    WonAndLost firm;
    if (decided) {
      decide(firm.office, side_of(firm.office.conflicts().at(0), "赵工"));
      decide(firm.tablet, side_of(firm.tablet.conflicts().at(0), "王敏"));
      firm.share();
    }
    for (TestDevice* device : {&firm.office, &firm.other}) {
      const Conflict conflict = only_conflict(*device);
      const ConflictSide base{.cells = conflict.base};
      CHECK(value_of(base, "stage") == "negotiation");
      CHECK(value_of(base, "probability") == "7500");
      CHECK(value_of(base, "level") == "a");
      CHECK(value_of(base, "lost_reason").empty());
      CHECK(value_of(base, "lost_analysis").empty());
    }
  }
}

// Whoever creates it: of several values the one of the least device would stand.
TEST_CASE("what was before a choice is what the one wrote who did not choose, and not what that replaced") {
  for (const bool office_creates : {true, false}) {
    CAPTURE(office_creates);
    FirmInForce firm;
    TestDevice &creator = office_creates ? firm.office : firm.other, &third = office_creates ? firm.other : firm.office;
    const Id deal = creator.create("opportunity", {{"opp_no", "J-1"}, {"topic", "春季订货"}, {"customer", firm.customer}, {"stage", "negotiation"}, {"level", "a"}}, as_it_is);
    firm.share();
    creator.edit("opportunity", deal, {{"stage", "won"}, {"level", "o"}}, as_it_is);
    firm.tablet.edit("opportunity", deal, {{"stage", "lost"}, {"level", "none"}}, as_it_is);
    third.edit("opportunity", deal, {{"level", "b"}}, as_it_is);
    firm.share();
    for (TestDevice* device : {&firm.office, &firm.tablet, &firm.other}) {
      const Conflict conflict = only_conflict(*device);
      CHECK(conflict.field->id == "stage");
      const ConflictSide base{.cells = conflict.base};
      CHECK(value_of(base, "stage") == "negotiation");
      CHECK(value_of(base, "level") == "b");
    }
  }
}

TEST_CASE("a value of one's own answers such a question as a whole: as the side that says so, as the rules have it, and else as it was before") {
  const auto answer = [](WonAndLost& firm, const char* stage) {
    firm.other.edit("employee", firm.other.store().identity().person, {{"role", "sales_manager"}}, as_it_is);  // won or lost stands meanwhile
    const auto written = firm.other.sync().resolve_with(only_conflict(firm.other), Value(std::string(stage)));
    firm.share();
    return written;
  };
  SUBCASE("the value of a side") {
    WonAndLost firm;
    REQUIRE(answer(firm, "won").has_value());
    for (TestDevice* device : {&firm.office, &firm.tablet, &firm.other}) {
      CHECK(device->conflicts().empty());
      CHECK(firm.text(*device, "stage") == "won");
      CHECK(firm.text(*device, "level") == "o");
      CHECK(firm.text(*device, "lost_reason").empty());
      CHECK(firm.text(*device, "lost_analysis").empty());
    }
  }
  SUBCASE("another value") {
    for (const bool decided : {false, true}) {
      CAPTURE(decided);
      WonAndLost firm;
      if (decided) {
        decide(firm.office, side_of(firm.office.conflicts().at(0), "赵工"));
        decide(firm.tablet, side_of(firm.tablet.conflicts().at(0), "王敏"));
        firm.share();
      }
      const auto written = answer(firm, "contract");
      REQUIRE_MESSAGE(written.has_value(), written.error().message.zh);
      for (TestDevice* device : {&firm.office, &firm.tablet, &firm.other}) {
        CHECK(device->conflicts().empty());
        CHECK(firm.text(*device, "stage") == "contract");
        CHECK(integer_or(device->value("opportunity", firm.deal, "probability"), -1) == 9'000);
        CHECK(firm.text(*device, "lost_reason").empty());
        CHECK(firm.text(*device, "lost_analysis").empty());
      }
      REQUIRE(firm.other.store().undo().has_value());
      CHECK(only_conflict(firm.other).field->id == "stage");
    }
  }
  SUBCASE("one that needs more than can be given there says where") {
    WonAndLost firm;
    firm.office.edit("opportunity", firm.deal, {{"expected_close", Value{}}}, as_it_is);
    firm.share();
    const auto written = answer(firm, "negotiation");
    REQUIRE_FALSE(written.has_value());
    CHECK_MESSAGE(has(written.error().message.zh, "预计成交时间不能为空。请打开这条记录，在表单里和它需要的内容一起填写，保存就是裁定"), written.error().message.zh);
    CHECK(only_conflict(firm.other).field->id == "stage");
  }
}

// Who sees the question open and edits a field that follows from the choice decides for the choice that he sees.
TEST_CASE("who edits a field that follows from a choice decides for the choice that stands, whole: no answer is a mixture") {
  for (const char* field : {"probability", "lost_analysis", "lost_remedy"}) {
    for (const bool by_author : {false, true}) {
      CAPTURE(field);
      CAPTURE(by_author);
      WonAndLost firm;
      TestDevice& editor = by_author ? firm.tablet : firm.other;
      const std::string question = only_conflict(editor).headline.zh;
      REQUIRE(firm.text(editor, "stage") == "won");
      const bool is_odds = field == std::string_view("probability");
      const Value value = is_odds ? Value{std::int64_t{8'000}} : Value{std::string("客户换了采购")};
      const std::vector<Edit> edits{{.entity = find_entity("opportunity"), .row = firm.deal, .fields = {{find_entity("opportunity")->find(field), value}}}};
      const auto written = editor.store().write(edits, as_it_is);
      REQUIRE(written.has_value());
      CHECK_MESSAGE(std::ranges::any_of(written->hints, [](const Sentence& hint) { return has(hint.zh, "销售阶段有不同的值在等待裁定，这次保存就是裁定"); }), field);
      firm.share();
      for (TestDevice* device : {&firm.office, &firm.tablet, &firm.other}) {
        CHECK(device->conflicts().empty());
        CHECK(firm.text(*device, "stage") == "won");
        CHECK(firm.text(*device, "level") == "o");
        CHECK(firm.text(*device, "lost_reason").empty());
        CHECK(integer_or(device->value("opportunity", firm.deal, "probability"), -1) == (is_odds ? 8'000 : 10'000));
        CHECK(firm.text(*device, "lost_analysis") == (field == std::string_view("lost_analysis") ? "客户换了采购" : ""));
      }
      if (!by_author) {
        CHECK(std::ranges::any_of(told(firm.tablet), [](const std::string& text) { return has(text, "李强") && has(text, "销售阶段定为“成交”"); }));
        CHECK(!is_odds == told(firm.office).empty());
      }
      REQUIRE(editor.store().undo().has_value());
      firm.share();
      CHECK(only_conflict(firm.office).headline.zh == question);
    }
  }
}

TEST_CASE("who edits such a field and another one in one go decides for the choice all the same, whole") {
  WonAndLost firm;
  firm.other.edit("opportunity", firm.deal, {{"lost_analysis", "客户换了采购"}, {"topic", "秋季订货"}}, as_it_is);
  firm.share();
  for (TestDevice* device : {&firm.office, &firm.tablet, &firm.other}) {
    CHECK(device->conflicts().empty());
    CHECK(firm.text(*device, "stage") == "won");
    CHECK(firm.text(*device, "level") == "o");
    CHECK(firm.text(*device, "lost_reason").empty());
    CHECK(firm.text(*device, "lost_analysis") == "客户换了采购");
    CHECK(firm.text(*device, "topic") == "秋季订货");
  }
}

TEST_CASE("an edit of what follows from a choice meets a decision for the other choice: the question is open again, with whole sides") {
  for (const char* field : {"probability", "lost_analysis"}) {
    for (const bool edit_stands : {false, true}) {
      CAPTURE(field);
      CAPTURE(edit_stands);
      WonAndLost firm;
      decide(firm.office, side_of(firm.office.conflicts().at(0), "王敏"));
      const bool is_odds = field == std::string_view("probability");
      firm.other.edit("opportunity", firm.deal, {{field, is_odds ? Value{std::int64_t{8'000}} : Value{std::string("客户换了采购")}}}, as_it_is);
      firm.share();
      for (TestDevice* device : {&firm.office, &firm.tablet, &firm.other}) {
        const Conflict conflict = only_conflict(*device);
        CHECK(conflict.field->id == "stage");
        const ConflictSide &of_li = conflict.sides[side_of(conflict, "李强")], &of_zhao = conflict.sides[side_of(conflict, "赵工")];
        CHECK(value_of(of_li, "stage") == "won");
        CHECK(value_of(of_li, "probability") == (is_odds ? "8000" : "10000"));
        CHECK(value_of(of_li, "lost_reason").empty());
        CHECK(value_of(of_zhao, "probability") == "0");
        CHECK(value_of(of_zhao, "lost_analysis") == "对手便宜了一成");
      }
      decide(firm.tablet, side_of(firm.tablet.conflicts().at(0), edit_stands ? "李强" : "赵工"));
      firm.share();
      for (TestDevice* device : {&firm.office, &firm.tablet, &firm.other}) {
        CHECK(device->conflicts().empty());
        CHECK(firm.text(*device, "stage") == (edit_stands ? "won" : "lost"));
        CHECK(integer_or(device->value("opportunity", firm.deal, "probability"), -1) == (!edit_stands ? 0 : is_odds ? 8'000 : 10'000));
        CHECK(firm.text(*device, "lost_reason") == (edit_stands ? "" : "price"));
        CHECK(firm.text(*device, "lost_analysis") == (!edit_stands ? "对手便宜了一成" : is_odds ? "" : "客户换了采购"));
      }
    }
  }
}

TEST_CASE("who has heard of one choice alone and edits what follows from it has written of that one") {
  FirmInForce firm;
  const Id deal = firm.office.create("opportunity", {{"opp_no", "J-1"}, {"topic", "春季订货"}, {"customer", firm.customer}, {"stage", "negotiation"}}, as_it_is);
  firm.share();
  firm.office.edit("opportunity", deal, {{"stage", "won"}}, as_it_is);
  firm.tablet.edit("opportunity", deal, {{"stage", "lost"}, {"lost_reason", "price"}, {"lost_analysis", "贵"}}, as_it_is);
  firm.other.import(firm.tablet.export_all());
  firm.other.edit("opportunity", deal, {{"lost_analysis", "对手便宜了一成"}}, as_it_is);
  firm.share();
  const Conflict conflict = only_conflict(firm.office);
  CHECK(value_of(conflict.sides[side_of(conflict, "王敏")], "lost_analysis") == "对手便宜了一成");
  CHECK(value_of(conflict.sides[side_of(conflict, "赵工")], "lost_analysis").empty());
}

TEST_CASE("the number of a payment term is edited while the term is a question: the term that is seen is decided for") {
  FirmInForce firm;
  firm.office.edit("customer", firm.customer, {{"payment_term", "net_days"}, {"term_days", std::int64_t{30}}}, as_it_is);
  firm.tablet.edit("customer", firm.customer, {{"payment_term", "monthly_cash"}, {"term_day_of_month", std::int64_t{25}}}, as_it_is);
  firm.share();
  firm.other.edit("customer", firm.customer, {{"term_days", std::int64_t{50}}}, as_it_is);
  firm.share();
  for (TestDevice* device : {&firm.office, &firm.tablet, &firm.other}) {
    CHECK(device->conflicts().empty());
    CHECK(device->text("customer", firm.customer, "payment_term") == "net_days");
    CHECK(integer_or(device->value("customer", firm.customer, "term_days"), 0) == 50);
    CHECK(is_null(device->value("customer", firm.customer, "term_day_of_month")));
  }
}

TEST_CASE("a merge counts such a question once, and a field that two changed without choosing is asked about alone") {
  WonAndLost firm;
  TestDevice newcomer{9, "新来的"};
  newcomer.import(firm.office.export_all());
  CHECK(newcomer.sync().conflict_count().value() == 1);
  decide(firm.other, 0);
  firm.share();
  firm.office.edit("opportunity", firm.deal, {{"probability", std::int64_t{1'000}}}, as_it_is);
  firm.tablet.edit("opportunity", firm.deal, {{"probability", std::int64_t{2'000}}}, as_it_is);
  const MergeReport report = firm.other.import({firm.office.export_all(), firm.tablet.export_all()});
  CHECK(report.conflicts_opened == 1);
  CHECK(only_conflict(firm.other).field->id == "probability");
}

TEST_CASE("the report of the merge that meets them speaks of one question") {
  WonAndLost firm;
  TestDevice late{9, "新来的"};
  const MergeReport report = late.import(firm.office.export_all());
  CHECK(report.conflicts_open == 1);
  CHECK(report.conflicts_opened == 1);
}

TEST_CASE("the report of the merge that brings its answer speaks of one question that was closed") {
  WonAndLost firm;
  decide(firm.other, 0);
  const MergeReport report = firm.office.import(firm.other.export_all());
  CHECK(report.conflicts_open == 0);
  CHECK(report.conflicts_closed == 1);
}

TEST_CASE("a payment term goes with its numbers") {
  FirmInForce firm;
  firm.office.edit("customer", firm.customer, {{"payment_term", "net_days"}, {"term_days", std::int64_t{30}}}, as_it_is);
  firm.tablet.edit("customer", firm.customer, {{"payment_term", "monthly_cash"}, {"term_day_of_month", std::int64_t{25}}}, as_it_is);
  firm.share();
  decide(firm.other, side_of(only_conflict(firm.other), "王敏"));
  CHECK(firm.other.text("customer", firm.customer, "payment_term") == "monthly_cash");
  CHECK(is_null(firm.other.value("customer", firm.customer, "term_days")));
  CHECK(integer_or(firm.other.value("customer", firm.customer, "term_day_of_month"), 0) == 25);
}

TEST_CASE("two plans after one contact, decided differently: the question is open again, and says when each is") {
  FirmInForce firm;
  const Id visit = firm.office.create("interaction", {{"customer", firm.customer}, {"status", "cancelled"}, {"purpose", "谈续约"}}, as_it_is);
  firm.share();
  const auto plan = [&](TestDevice& device, std::int64_t days) {
    return device.create("interaction", {{"customer", firm.customer}, {"status", "planned"}, {"purpose", "谈续约"}, {"follows", visit}, {"planned_at", 1'764'000'000'000 + days * 86'400'000}}, as_it_is);
  };
  const Id first = plan(firm.office, 3), second = plan(firm.tablet, 7);
  firm.share();
  const Conflict conflict = only_conflict(firm.other);
  REQUIRE(conflict.kind == ConflictKind::only_one);
  REQUIRE(conflict.sides.size() == 2);
  CHECK(conflict.sides[0].effects.front().text.zh.starts_with("计划时间：2025-1"));
  CHECK(conflict.sides[0].effects.front().text.zh != conflict.sides[1].effects.front().text.zh);
  const auto keeps = [](const Conflict& question, const Id& row) { return question.sides[0].cells.front().row == row ? std::size_t{0} : std::size_t{1}; };
  decide(firm.office, keeps(firm.office.conflicts().at(0), first));
  decide(firm.tablet, keeps(firm.tablet.conflicts().at(0), second));
  firm.share();
  for (TestDevice* device : {&firm.office, &firm.tablet, &firm.other}) {
    const Conflict again = only_conflict(*device);
    CHECK(again.kind == ConflictKind::only_one);
    CHECK(again.key == conflict.key);
    CHECK(again.sides[side_of(again, "王敏")].cells.front().row == second);
    CHECK(again.sides[side_of(again, "赵工")].cells.front().row == first);
    CHECK(device->sync().conflicts_about(*find_entity("interaction"), second).value().size() == 1);
  }
  decide(firm.other, keeps(firm.other.conflicts().at(0), second));
  firm.share();
  for (TestDevice* device : {&firm.office, &firm.tablet, &firm.other}) {
    CHECK(device->conflicts().empty());
    CHECK(device->text("interaction", first, "status") == "cancelled");
    CHECK(device->text("interaction", second, "status") == "planned");
  }
}

// Three plans after one contact, or three who might be the primary contact: two people decide differently, neither for the third.
struct ThreeToChooseFrom : FirmInForce {
  std::string entity, mark;
  std::vector<Id> rows;  // of 赵工, 王敏 and 李强

  explicit ThreeToChooseFrom(bool plans) : entity(plans ? "interaction" : "contact"), mark(plans ? "status" : "is_primary") {
    const Id visit = office.create("interaction", {{"customer", customer}, {"status", "cancelled"}, {"purpose", "谈续约"}}, as_it_is);
    share();
    for (TestDevice* device : everybody()) {
      rows.push_back(plans ? device->create("interaction", {{"customer", customer}, {"status", "planned"}, {"purpose", "谈续约"}, {"follows", visit},
                                                            {"planned_at", 1'764'000'000'000 + static_cast<std::int64_t>(rows.size() + 3) * 86'400'000}}, as_it_is)
                           : device->create("contact", {{"customer", customer}, {"name", "联系人" + std::to_string(rows.size())}, {"is_primary", std::int64_t{1}}}, as_it_is));
    }
    share();
  }
  std::vector<TestDevice*> everybody() { return {&office, &tablet, &other}; }
  [[nodiscard]] Value given(bool is_given) const { return mark == "status" ? Value(std::string(is_given ? "planned" : "cancelled")) : Value(std::int64_t{is_given}); }
  [[nodiscard]] static std::size_t side_for(const Conflict& question, const Id& row) {
    const auto side = std::ranges::find(question.sides, row, [](const ConflictSide& one) { return one.cells.front().row; });
    REQUIRE(side != question.sides.end());
    return static_cast<std::size_t>(side - question.sides.begin());
  }
  void choose(TestDevice& device, std::size_t index) { decide(device, side_for(device.conflicts().at(0), rows[index])); }
};

TEST_CASE("what two took away by decisions that contradict each other has a card, and its author is told that it waits") {
  for (const bool plans : {true, false}) {
    for (const std::size_t chosen : {std::size_t{0}, std::size_t{1}, std::size_t{2}}) {
      CAPTURE(plans);
      CAPTURE(chosen);
      ThreeToChooseFrom firm(plans);
      firm.choose(firm.office, 0);
      firm.choose(firm.tablet, 1);
      firm.share();
      for (TestDevice* device : firm.everybody()) {
        const Conflict again = only_conflict(*device);
        CHECK(again.kind == ConflictKind::only_one);
        REQUIRE(again.sides.size() == 3);
        const ConflictSide& third = again.sides[ThreeToChooseFrom::side_for(again, firm.rows[2])];
        CHECK(third.authors.front().person_name == "李强");
        CHECK(device->sync().conflicts_about(*find_entity(firm.entity), firm.rows[2]).value().size() == 1);
      }
      const std::vector<std::string> waits = told(firm.other);
      CHECK(std::ranges::any_of(waits, [](const std::string& text) { return has(text, "还没有定下来"); }));
      firm.choose(firm.other, chosen);
      firm.share();
      for (TestDevice* device : firm.everybody()) {
        CHECK(device->conflicts().empty());
        for (std::size_t index = 0; index < 3; ++index) {
          CHECK(device->value(firm.entity, firm.rows[index], firm.mark) == firm.given(index == chosen));
        }
      }
      REQUIRE(firm.other.store().undo().has_value());
      firm.share();
      CHECK(only_conflict(firm.tablet).sides.size() == 3);
    }
  }
}

TEST_CASE("what one decision took away that everybody knows of has no card when others are asked about") {
  ThreeToChooseFrom firm(true);
  firm.choose(firm.office, 0);
  firm.share();
  const Id follows = id_or_empty(firm.office.value("interaction", firm.rows[0], "follows"));
  firm.tablet.create("interaction", {{"customer", firm.customer}, {"status", "planned"}, {"purpose", "谈价格"}, {"follows", follows}, {"planned_at", std::int64_t{1'765'000'000'000}}}, as_it_is);
  firm.share();
  CHECK(only_conflict(firm.other).sides.size() == 2);
}

}  // namespace kehubu::test
