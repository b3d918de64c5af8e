// Stepping back gives a state that there was, or is refused: what a step brings back is never mixed with what was said since into
// something that no form lets pass.
#include <doctest/doctest.h>

#include "core/store/undo_steps.h"
#include "tests/support/log_exchange.h"
#include "tests/support/store_fixture.h"

namespace kehubu::test {
namespace {

std::int64_t position_of(Store& store, bool redo, std::string_view label_ends) {
  for (const UndoStep& step : undo_steps(store, redo, 1000)) {
    if (step.label.zh.ends_with(label_ends)) {
      return step.position;
    }
  }
  FAIL("no such step: ", std::string(label_ends));
  return -1;
}

Sentence refusal_of(Result<Sentence> done) {
  REQUIRE_MESSAGE(!done, done->zh);
  return done.error().message;
}

struct Visited : StoreFixture {
  using StoreFixture::StoreFixture;
  const Id customer = create(catalog::customer, {{"name", "博海餐饮"}});
  const Id visit = create(catalog::interaction, {{"customer", customer}, {"kind", "visit"}, {"status", "planned"}, {"purpose", "送样"}, {"planned_at", environment.wall_ms + 1000}});

  Result<Written> complete() {
    return write(catalog::interaction, visit, {{"status", "done"}, {"occurred_at", environment.wall_ms}, {"contact_text", "钱二"}});
  }
  std::string purpose() { return text_or_empty(read(catalog::interaction, visit).value("purpose")); }
};

}  // namespace

TEST_CASE("an older step whose dates do not fit what was changed since is refused, in undoing and in redoing, and so is each rule over several fields") {
  StoreFixture fixture;
  const Id id = fixture.create(catalog::customer, {{"name", "博海餐饮"}, {"coop_start", "2026-01-01"}, {"coop_end", "2026-06-01"}});
  REQUIRE(fixture.write(catalog::customer, id, {{"coop_end", "2026-09-01"}}));
  REQUIRE(fixture.write(catalog::customer, id, {{"coop_start", "2026-08-01"}}));
  REQUIRE(fixture.write(catalog::customer, id, {{"remark", "别处"}}));
  const Sentence refused = refusal_of(take_step(*fixture.store, false, position_of(*fixture.store, false, "：业务结束日期")));
  CHECK(refused.zh == "不能撤销“修改客户 博海餐饮：业务结束日期”：“博海餐饮”之后又被您改过，合在一起不相符：业务结束日期早于开始日期；要改回来，请直接编辑它");
  CHECK(refused.en.ends_with("was changed again by you, and together it would not fit: the business ends before it starts; to change it back, edit the record itself"));
  CHECK(text_or_empty(fixture.read(catalog::customer, id).value("coop_end")) == "2026-09-01");
  // What stands in the way goes first, then it fits.
  REQUIRE(take_step(*fixture.store, false, position_of(*fixture.store, false, "业务开始日期")));
  REQUIRE(take_step(*fixture.store, false, position_of(*fixture.store, false, "：业务结束日期")));
  CHECK(text_or_empty(fixture.read(catalog::customer, id).value("coop_end")) == "2026-06-01");
  // Done again first, the later one does not fit.
  CHECK(refusal_of(take_step(*fixture.store, true, position_of(*fixture.store, true, "业务开始日期"))).zh ==
        "不能重做“修改客户 博海餐饮：业务开始日期”：“博海餐饮”之后又被您改过，合在一起不相符：业务结束日期早于开始日期；要改回来，请直接编辑它");
  REQUIRE(fixture.store->redo());
  REQUIRE(fixture.store->redo());
  CHECK(text_or_empty(fixture.read(catalog::customer, id).value("coop_start")) == "2026-08-01");

  const Id opportunity = fixture.create(catalog::opportunity, {{"customer", id}, {"topic", "年货礼盒"}});
  REQUIRE(fixture.write(catalog::opportunity, opportunity, {{"expected_close", "2026-12-31"}}));
  REQUIRE(fixture.write(catalog::opportunity, opportunity, {{"stage", "quoted"}}));
  CHECK(refusal_of(take_step(*fixture.store, false, position_of(*fixture.store, false, "预计成交时间"))).zh.contains("已到方案阶段之后，却没有预计成交时间"));
  CHECK(text_or_empty(fixture.read(catalog::opportunity, opportunity).value("expected_close")) == "2026-12-31");
  CHECK(fixture.store->verify().value() == "");
}

TEST_CASE("an older step is no way to change a visit that is closed since; the closing itself, and what stays open, is taken back") {
  Visited fixture;
  REQUIRE(fixture.write(catalog::interaction, fixture.visit, {{"purpose", "催收货款"}}));
  REQUIRE(fixture.write(catalog::interaction, fixture.visit, {{"contact_text", "陈一"}}));
  REQUIRE(fixture.complete());
  const Sentence refused = refusal_of(take_step(*fixture.store, false, position_of(*fixture.store, false, "目的")));
  CHECK(refused.zh == "不能撤销“修改联系记录 催收货款：目的”：“催收货款”之后已完成，不能再改；请新建一条更正记录");
  CHECK(refused.en.ends_with("has been done since and is never changed; add a correction instead"));
  CHECK(fixture.purpose() == "催收货款");
  REQUIRE(fixture.write(catalog::interaction, fixture.visit, {{"next_at", fixture.environment.wall_ms + 86'400'000}}));
  REQUIRE(fixture.store->undo());  // a field that stays open
  REQUIRE(fixture.store->undo());
  CHECK(text_or_empty(fixture.read(catalog::interaction, fixture.visit).value("status")) == "planned");
  REQUIRE(take_step(*fixture.store, false, position_of(*fixture.store, false, "目的")));
  CHECK(fixture.purpose() == "送样");
  for (int again = 0; again < 3; ++again) {
    REQUIRE(fixture.store->redo());
  }
  CHECK(fixture.purpose() == "催收货款");
  CHECK(text_or_empty(fixture.read(catalog::interaction, fixture.visit).value("status")) == "done");
  CHECK(fixture.store->verify().value() == "");
}

TEST_CASE("what somebody else has done since counts as one's own does: a visit that he closed, and a date that fits no more, for undoing and redoing") {
  Visited fixture;
  StoreFixture other(2);
  const Id fitting = fixture.create(catalog::customer, {{"name", "长江酒店"}, {"coop_start", "2026-01-01"}, {"coop_end", "2026-06-01"}});
  REQUIRE(fixture.write(catalog::customer, fixture.customer, {{"coop_start", "2026-01-01"}, {"coop_end", "2026-06-01"}}));
  REQUIRE(fixture.write(catalog::customer, fixture.customer, {{"coop_end", "2026-09-01"}}));
  REQUIRE(fixture.write(catalog::customer, fitting, {{"coop_end", "2026-10-01"}}));
  REQUIRE(fixture.write(catalog::interaction, fixture.visit, {{"purpose", "催收货款"}}));
  const auto exchange = [&] {
    carry(*fixture.store, *other.store);
    other.environment.wall_ms = std::max(other.environment.wall_ms, fixture.environment.wall_ms) + 1000;
  };
  SUBCASE("undoing") {
    exchange();
    REQUIRE(other.write(catalog::customer, fixture.customer, {{"coop_start", "2026-08-01"}}));
    REQUIRE(other.write(catalog::customer, fitting, {{"coop_start", "2026-02-01"}, {"remark", "别的"}}));
    REQUIRE(other.write(catalog::interaction, fixture.visit, {{"status", "done"}, {"occurred_at", other.environment.wall_ms}, {"contact_text", "钱二"}}));
    carry(*other.store, *fixture.store);
    CHECK(refusal_of(fixture.store->undo()).zh.contains("之后已完成，不能再改"));
    REQUIRE(take_step(*fixture.store, false, position_of(*fixture.store, false, "长江酒店：业务结束日期")));  // fits
    CHECK(refusal_of(take_step(*fixture.store, false, position_of(*fixture.store, false, "博海餐饮：业务结束日期"))).zh.contains("之后又被王敏改过，合在一起不相符：业务结束日期早于开始日期"));
    CHECK(fixture.purpose() == "催收货款");
  }
  SUBCASE("redoing") {
    for (int back = 0; back < 3; ++back) {
      REQUIRE(fixture.store->undo());
    }
    REQUIRE(fixture.store->undo());
    exchange();
    REQUIRE(other.write(catalog::customer, fixture.customer, {{"coop_start", "2026-11-01"}}));
    REQUIRE(other.write(catalog::interaction, fixture.visit, {{"status", "done"}, {"occurred_at", other.environment.wall_ms}, {"contact_text", "钱二"}}));
    carry(*other.store, *fixture.store);
    CHECK(refusal_of(take_step(*fixture.store, true, position_of(*fixture.store, true, "博海餐饮：业务结束日期"))).zh.starts_with("不能重做"));
    CHECK(refusal_of(take_step(*fixture.store, true, position_of(*fixture.store, true, "目的"))).zh.contains("之后已完成，不能再改"));
    REQUIRE(take_step(*fixture.store, true, position_of(*fixture.store, true, "长江酒店：业务结束日期")));
    CHECK(fixture.purpose() == "送样");
  }
  CHECK(fixture.store->verify().value() == "");
}

TEST_CASE("what did not fit before the step, and a visit that was closed before it, is there again when the step is undone") {
  Visited fixture;
  constexpr WriteOptions unchecked{.skip_validation = true};
  const Id id = fixture.create(catalog::customer, {{"name", "长江酒店"}});
  REQUIRE(fixture.write(catalog::customer, id, {{"coop_start", "2026-08-01"}, {"coop_end", "2026-06-01"}}, unchecked));
  REQUIRE(fixture.write(catalog::customer, id, {{"coop_end", "2026-09-01"}}));
  REQUIRE(fixture.write(catalog::customer, id, {{"coop_start", "2026-08-02"}}));
  REQUIRE(fixture.store->undo());  // said anew, and it is what it was
  REQUIRE(fixture.store->undo());
  CHECK(text_or_empty(fixture.read(catalog::customer, id).value("coop_end")) == "2026-06-01");
  REQUIRE(fixture.store->redo());

  REQUIRE(fixture.complete());
  REQUIRE(fixture.write(catalog::interaction, fixture.visit, {{"purpose", "改过"}}, unchecked));
  REQUIRE(fixture.store->undo());
  CHECK(fixture.purpose() == "送样");
  REQUIRE(fixture.store->redo());
  CHECK(fixture.purpose() == "改过");

  // A step that leaves as it is what does not fit is refused for nothing.
  REQUIRE(fixture.write(catalog::customer, id, {{"phone", "02112345678"}}));
  REQUIRE(fixture.write(catalog::customer, id, {{"coop_end", "2026-06-01"}}, unchecked));
  REQUIRE(take_step(*fixture.store, false, position_of(*fixture.store, false, "长江酒店：电话")));
}

TEST_CASE("an import of many records is undone whole, or refused whole for the one record that would not fit") {
  StoreFixture fixture;
  constexpr int count = 300;
  const Id customer = fixture.create(catalog::customer, {{"name", "博海餐饮"}});
  std::vector<Id> rows;
  std::vector<Edit> born, filled;
  for (int index = 0; index < count; ++index) {
    rows.push_back(new_id(fixture.environment));
    born.push_back(edit_of(catalog::opportunity, rows.back(), {{"customer", customer}, {"topic", "机会" + std::to_string(index)}}));
    filled.push_back(edit_of(catalog::opportunity, rows.back(), {{"expected_close", "2026-12-31"}}));
  }
  REQUIRE(fixture.store->write(born));
  fixture.environment.wall_ms += 1000;
  REQUIRE(fixture.store->write(filled, {.kind = ChangeKind::import}));
  REQUIRE(fixture.write(catalog::opportunity, rows[7], {{"stage", "quoted"}}));
  const std::int64_t import = position_of(*fixture.store, false, "导入 300 条销售机会");
  CHECK(refusal_of(take_step(*fixture.store, false, import)).zh.contains("“机会7”之后又被您改过，合在一起不相符"));
  for (const Id& row : {rows.front(), rows.back()}) {
    CHECK(text_or_empty(fixture.read(catalog::opportunity, row).value("expected_close")) == "2026-12-31");
  }
  REQUIRE(fixture.store->undo());
  REQUIRE(take_step(*fixture.store, false, import));
  for (const Id& row : rows) {
    CHECK(is_null(fixture.read(catalog::opportunity, row).value("expected_close")));
  }
}

TEST_CASE("an older step on a contract's line is refused once anything else of the contract was changed: the document never was so") {
  StoreFixture fixture;
  const auto [contract, line] = fixture.make_contract();
  REQUIRE(fixture.write(catalog::contract_line, line, {{"qty", 100000}}));
  REQUIRE(fixture.write(catalog::contract, contract, {{"title", "供货二期"}}));
  CHECK(refusal_of(take_step(*fixture.store, false, position_of(*fixture.store, false, "数量"))).zh.contains("之后又被您改过，请先撤销那一步"));
  REQUIRE(fixture.store->undo());
  REQUIRE(fixture.store->undo());
  CHECK(fixture.read(catalog::contract_line, line).value("qty") == Value(std::int64_t{120000}));
}

TEST_CASE("a step back that opens a question says so") {
  StoreFixture fixture;
  const Id id = fixture.create(catalog::customer, {{"name", "博海餐饮"}, {"code", "K100"}});
  REQUIRE(fixture.write(catalog::customer, id, {{"code", "K101"}}));
  fixture.create(catalog::customer, {{"name", "长江酒店"}, {"code", "K100"}});
  const auto undone = take_step(*fixture.store, false, position_of(*fixture.store, false, "客户编号"));
  REQUIRE(undone);
  CHECK(undone->zh == "已撤销：修改客户 博海餐饮：客户编号。又有 1 个冲突等您决定。");
  CHECK(undone->en.ends_with(". Your decision is needed on 1 more conflict."));
  CHECK(fixture.store->redo().value().zh.contains("这一步就是裁定"));
}

}  // namespace kehubu::test
