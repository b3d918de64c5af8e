// Files as people have them, each through the whole way: bytes, table, mapping, plan, records. tests/data/import/cases/expect.json
// says what a careful person would find afterwards: how many records, what stands in them, which lines are named and why.
#ifndef __EMSCRIPTEN__
#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "core/base/text.h"
#include "core/catalog/areas.h"
#include "core/importing/cell_writer.h"
#include "core/importing/doubts.h"
#include "tests/support/import_support.h"
#include "tests/support/store_fixture.h"
#include "web/native/text_decoder_iconv.h"

namespace kehubu::test {
namespace {

using Json = nlohmann::json;
const std::string folder = "tests/data/import/cases/";

ImportTable read_case(const std::string& name) {
  const std::string bytes = read_bytes(folder + name);
  REQUIRE_FALSE(bytes.empty());
  IconvTextDecoder decoder;
  return table_of(decode_text(as_bytes(bytes), detect_encoding(as_bytes(bytes)), decoder).value());
}

ImportPlan import_case(StoreFixture& fixture, const ImportTable& table, ImportOptions options = {}) {
  const ImportPlan plan = plan_table(*fixture.store, fixture.environment, table, catalog::customer, std::move(options));
  if (!plan.edits.empty()) {
    commit(*fixture.store, plan);
  }
  return plan;
}

const Field* field_called(const Entity& entity, std::string_view heading) {
  const auto found = std::ranges::find(entity.fields, heading, &Field::zh);
  REQUIRE_MESSAGE(found != entity.fields.end(), std::string(heading));
  return &*found;
}

std::vector<Record> all_of(Store& store, const Entity& entity) {
  std::vector<Record> records;
  for (const std::int64_t row : store.list({.entity = &entity}).value()) {
    records.push_back(store.read_row(entity, row).value());
  }
  return records;
}

void check_field(const Record& record, Store& store, const std::string& heading, const Json& expected) {
  const Field* field = field_called(*record.entity, heading);
  const std::string shown = CellWriter(store, true).shown(*field, record.value(field->id));
  CAPTURE(heading);
  CHECK(shown == expected.get<std::string>());
}

void check_record(const std::vector<Record>& records, Store& store, const Json& expected) {
  const auto name = expected[records.empty() || records.front().entity == &catalog::customer ? "客户名称" : "联系人姓名"].get<std::string>();
  CAPTURE(name);
  const auto record = std::ranges::find_if(records, [&name](const Record& one) { return text_or_empty(one.value("name")) == name; });
  REQUIRE(record != records.end());
  for (const auto& [heading, value] : expected.items()) {
    if (heading != "_contains") {
      check_field(*record, store, heading, value);
      continue;
    }
    for (const auto& [where, parts] : value.items()) {
      const std::string text = text_or_empty(record->value(field_called(*record->entity, where)->id));
      for (const Json& part : parts) {
        CHECK_MESSAGE(text.contains(part.get<std::string>()), text << " should contain " << part.get<std::string>());
      }
    }
  }
}

std::set<std::uint32_t> lines_of(const ImportPlan& plan, NoteKind kind) {
  std::set<std::uint32_t> lines;
  for (const ImportProblem& problem : plan.problems) {
    if (problem.kind == kind) {
      lines.insert(problem.line);
    }
  }
  return lines;
}

void check_notes(const ImportPlan& plan, const Json& expected) {
  static const std::map<std::string, NoteKind> kinds = {{"check", NoteKind::check}, {"kept_as_text", NoteKind::kept_as_text},
                                                        {"changed", NoteKind::changed}, {"tidied", NoteKind::tidied},
                                                        {"emptied", NoteKind::emptied}, {"overwritten", NoteKind::overwritten}, {"existing", NoteKind::existing}, {"column_left", NoteKind::column_left}};
  for (const auto& [kind, lines] : expected.items()) {
    CAPTURE(kind);
    CHECK(lines_of(plan, kinds.at(kind)) == lines.get<std::set<std::uint32_t>>());
  }
}

// Some note of the line says these words.
void check_messages(const ImportPlan& plan, const Json& expected) {
  for (const auto& [line, messages] : expected.items()) {
    for (const Json& words : messages) {
      const bool said = std::ranges::any_of(plan.problems, [&](const ImportProblem& problem) {
        return std::to_string(problem.line) == line && problem.message.zh.contains(words.get<std::string>());
      });
      CHECK_MESSAGE(said, "line " << line << " should say " << words.get<std::string>());
    }
  }
}

void check_table(const ImportTable& table, const Json& expected) {
  if (expected.contains("header_line")) {
    CHECK(table.header_line == expected["header_line"].get<std::uint32_t>());
  }
  if (expected.contains("left_rows")) {
    std::vector<std::uint32_t> left;
    std::ranges::transform(table.left_rows, std::back_inserter(left), &LeftRow::line);
    CHECK(left == expected["left_rows"].get<std::vector<std::uint32_t>>());
  }
}

// Some sentence about the table as a whole says these words.
void check_doubts(const ImportTable& table, const Json& expected) {
  const std::vector<Sentence> doubts = doubts_about(table, catalog::customer, propose_mapping(table, catalog::customer));
  for (const Json& words : expected) {
    CHECK_MESSAGE(std::ranges::any_of(doubts, [&words](const Sentence& doubt) { return doubt.zh.contains(words.get<std::string>()); }), words.get<std::string>());
  }
}

void check_round_trip(Store& store) {
  Progress progress;
  const std::string csv = run_to_end(export_csv(store, {.entity = &catalog::customer}, true, progress)).value();
  StoreFixture to;
  commit(*to.store, plan_text(*to.store, to.environment, csv, catalog::customer));
  CHECK(run_to_end(export_csv(*to.store, {.entity = &catalog::customer}, true, progress)).value() == csv);
}

}  // namespace

TEST_CASE("import cases: what a careful person would find in the records") {
  const Json cases = Json::parse(read_bytes(folder + "expect.json"));
  CHECK(cases.size() == 179);
  for (const auto& [name, expected] : cases.items()) {
    SUBCASE(name.c_str()) {
      StoreFixture fixture;
      if (expected.contains("after")) {
        import_case(fixture, read_case(expected["after"].get<std::string>()));
      }
      const ImportTable table = read_case(name);
      check_table(table, expected);
      check_doubts(table, expected.value("doubts", Json::array()));
      const ImportPlan plan = import_case(fixture, table, {.existing = expected.value("update", false) ? ExistingPolicy::update : ExistingPolicy::skip,
                                                           .filled_down = expected.value("filled_down", std::vector<std::uint32_t>())});
      const auto records = all_of(*fixture.store, catalog::customer);
      CHECK(records.size() == expected["customers"].get<std::size_t>());
      if (expected.contains("contacts")) {
        CHECK(fixture.store->count({.entity = &catalog::contact}).value() == expected["contacts"].get<std::int64_t>());
      }
      CHECK(lines_of(plan, NoteKind::left_out) == expected.value("left_out", std::set<std::uint32_t>()));
      check_notes(plan, expected.value("notes", Json::object()));
      check_messages(plan, expected.value("messages", Json::object()));
      CHECK(plan.count(NoteKind::column_left) == expected.value("columns_left", plan.count(NoteKind::column_left)));
      for (const Json& contact : expected.value("contact", Json::array())) {
        check_record(all_of(*fixture.store, catalog::contact), *fixture.store, contact);
      }
      for (const Json& record : expected["expect"]) {
        check_record(records, *fixture.store, record);
      }
      for (const Json& absent : expected.value("absent", Json::array())) {
        CHECK(std::ranges::none_of(records, [&](const Record& one) { return text_or_empty(one.value("name")) == absent.get<std::string>(); }));
      }
      for (const auto& [customer, characters] : expected.value("long_remark", Json::object()).items()) {
        const auto record = std::ranges::find_if(records, [&](const Record& one) { return text_or_empty(one.value("name")) == customer; });
        REQUIRE(record != records.end());
        CHECK(count_code_points(text_or_empty(record->value("remark"))) == characters.get<std::size_t>());
      }
      if (expected.value("round_trip", false)) {
        check_round_trip(*fixture.store);
      }
    }
  }
}

}  // namespace kehubu::test
#endif
