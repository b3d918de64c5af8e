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

ImportPlan import_case(StoreFixture& fixture, const std::string& name) {
  const ImportPlan plan = plan_table(*fixture.store, fixture.environment, read_case(name), catalog::customer);
  if (!plan.edits.empty()) {
    commit(*fixture.store, plan);
  }
  return plan;
}

const Field* field_called(std::string_view heading) {
  const auto found = std::ranges::find(catalog::customer.fields, heading, &Field::zh);
  REQUIRE_MESSAGE(found != catalog::customer.fields.end(), std::string(heading));
  return &*found;
}

std::vector<Record> all_customers(Store& store) {
  std::vector<Record> records;
  for (const std::int64_t row : store.list({.entity = &catalog::customer}).value()) {
    records.push_back(store.read_row(catalog::customer, row).value());
  }
  return records;
}

void check_field(const Record& record, Store& store, const std::string& heading, const Json& expected) {
  const Field* field = field_called(heading);
  const std::string shown = CellWriter(store, true).shown(*field, record.value(field->id));
  CAPTURE(heading);
  CHECK(shown == expected.get<std::string>());
}

void check_record(const std::vector<Record>& records, Store& store, const Json& expected) {
  const auto name = expected["客户名称"].get<std::string>();
  CAPTURE(name);
  const auto record = std::ranges::find_if(records, [&name](const Record& one) { return text_or_empty(one.value("name")) == name; });
  REQUIRE(record != records.end());
  for (const auto& [heading, value] : expected.items()) {
    if (heading != "_contains") {
      check_field(*record, store, heading, value);
      continue;
    }
    for (const auto& [where, parts] : value.items()) {
      const std::string text = text_or_empty(record->value(field_called(where)->id));
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
                                                        {"changed", NoteKind::changed}, {"tidied", NoteKind::tidied}};
  for (const auto& [kind, lines] : expected.items()) {
    CAPTURE(kind);
    CHECK(lines_of(plan, kinds.at(kind)) == lines.get<std::set<std::uint32_t>>());
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
  CHECK(cases.size() == 41);
  for (const auto& [name, expected] : cases.items()) {
    SUBCASE(name.c_str()) {
      StoreFixture fixture;
      if (expected.contains("after")) {
        import_case(fixture, expected["after"].get<std::string>());
      }
      const ImportPlan plan = import_case(fixture, name);
      const auto records = all_customers(*fixture.store);
      CHECK(records.size() == expected["customers"].get<std::size_t>());
      if (expected.contains("contacts")) {
        CHECK(fixture.store->count({.entity = &catalog::contact}).value() == expected["contacts"].get<std::int64_t>());
      }
      CHECK(lines_of(plan, NoteKind::left_out) == expected.value("left_out", std::set<std::uint32_t>()));
      check_notes(plan, expected.value("notes", Json::object()));
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
