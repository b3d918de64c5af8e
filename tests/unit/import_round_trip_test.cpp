// Everything that an export writes reads back to the same records: every entity of the sample company in both languages, and
// texts that spreadsheets and our own import would take for something else.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "core/base/text.h"
#include "core/catalog/areas.h"
#include "core/sample/sample.h"
#include "tests/support/import_support.h"
#include "tests/support/store_fixture.h"

namespace kehubu::test {
namespace {

std::string export_list(Store& store, const Entity& entity, bool chinese) {
  Progress progress;
  return run_to_end(export_csv(store, {.entity = &entity}, chinese, progress)).value();
}

struct Line {
  std::uint32_t number = 0;
  std::string record;  // cell by cell under its heading, without what the app computes
};

std::vector<Line> lines_of(const std::string& csv, const Entity& entity, bool chinese) {
  const auto rows = parse_csv(csv).value();
  std::vector<Line> lines;
  for (std::size_t index = 1; index < rows.size(); ++index) {
    Line line{.number = rows[index].line, .record = {}};
    for (std::size_t column = 0; column < rows[index].cells.size(); ++column) {
      const std::string& head = rows[0].cells[column];
      const auto field = std::ranges::find_if(entity.fields, [&](const Field& one) { return (chinese ? one.zh : one.en) == head; });
      REQUIRE(field != entity.fields.end());
      if (!field->derived() && !rows[index].cells[column].empty()) {
        line.record += head + "=" + rows[index].cells[column] + "; ";
      }
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

std::string notes_of(const ImportPlan& plan) {
  std::string text;
  for (const ImportProblem& problem : plan.problems) {
    text += "\nline " + std::to_string(problem.line) + ": " + problem.message.zh;
  }
  return text;
}

struct EmptyStore {
  EmptyStore() { store = std::move(open_store({.path = ":memory:"}, environment).value()); }
  TestEnvironment environment;
  std::unique_ptr<Store> store;
};

}  // namespace

TEST_CASE("export and import again: the sample company, every list, in both languages") {
  // What others refer to comes first, as a person would import it.
  const Entity* const lists[] = {&catalog::org_unit, &catalog::employee, &catalog::product, &catalog::customer, &catalog::contact,
                                 &catalog::opportunity, &catalog::contract, &catalog::interaction};
  for (const bool chinese : {true, false}) {
    CAPTURE(chinese);
    EmptyStore from;
    REQUIRE(write_sample_data(*from.store, from.environment, chinese));
    EmptyStore to;
    std::size_t named = 0;
    for (const Entity* entity : lists) {
      CAPTURE(std::string(entity->id));
      const std::string csv = export_list(*from.store, *entity, chinese);
      // Persons who are customers have made their contacts already.
      const ExistingPolicy existing = ExistingPolicy::update;
      const ImportPlan first = plan_text(*to.store, to.environment, csv, *entity, {.existing = existing});
      const ImportPlan plan = plan_text(*to.store, to.environment, csv, *entity, {.decisions = add_all(first.unknown_choices), .existing = existing});
      CHECK(plan.count(NoteKind::overwritten) == 0);
      if (!plan.edits.empty()) {
        commit(*to.store, plan);
      }
      std::set<std::string> after;
      for (const Line& line : lines_of(export_list(*to.store, *entity, chinese), *entity, chinese)) {
        after.insert(line.record);
      }
      for (const Line& line : lines_of(csv, *entity, chinese)) {
        if (!after.contains(line.record)) {
          ++named;
          const bool told = std::ranges::any_of(plan.problems, [&](const ImportProblem& problem) { return problem.line == line.number; });
          CHECK_MESSAGE(told, line.number << ": " << line.record);
        }
      }
    }
    // A won opportunity needs its contract and the contract names its opportunity: whichever list comes first says so.
    CHECK(named < 40);
  }
}

TEST_CASE("export and import again: texts that look like something else") {
  StoreFixture from;
  const std::string texts[] = {"nan", "-", "—", "null", "#N/A", "/", "None", "=1+1", "+86", "@x", "'quoted", "''", "2024-01-05", "1e5", "1.39E+10", "00123", "12.0",
                               "2001.0", "&amp;", "a &lt; b", "_x000D_", "_x005F_", "A\u200E" "B", "a\u2060b", "合计", "说明：好", "line 1\nline 2", "a\tb", "\"q\"",
                               "a,b;c|d，e；f", "sep=;", "客户名称", "1/2", "３", "\uFEFFx", "x_x000D_y&amp;z", "=\"1\"", "'=\"1\"", "\\\"", "a\\", "50%", "5w", "同上", "〃", "无"};
  for (const std::string& text : texts) {
    const std::string name = "甲" + std::to_string(&text - texts);
    from.create(catalog::customer, {{"name", name}, {"address", text}, {"remark", text}, {"branch_name", text}, {"phone", "010-61230001"}});
  }
  for (const bool chinese : {true, false}) {
    const std::string csv = export_list(*from.store, catalog::customer, chinese);
    StoreFixture to;
    const ImportPlan plan = plan_text(*to.store, to.environment, csv, catalog::customer);
    CHECK_MESSAGE(plan.problem_count == 0, notes_of(plan));
    CHECK(plan.rows_good == static_cast<std::int64_t>(std::size(texts)));
    commit(*to.store, plan);
    for (const std::string& text : texts) {
      const std::string name = "甲" + std::to_string(&text - texts);
      for (const std::int64_t row : to.store->list({.entity = &catalog::customer}).value()) {
        const Record record = to.store->read_row(catalog::customer, row).value();
        if (text_or_empty(record.value("name")) == name) {
          CAPTURE(text);
          CHECK(text_or_empty(record.value("address")) == trim(text));
          CHECK(text_or_empty(record.value("remark")) == trim(text));
          CHECK(text_or_empty(record.value("branch_name")) == trim(text));
        }
      }
    }
  }
}

}  // namespace kehubu::test
