// Short ways to import a text or a file into a store.
#pragma once

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <utility>

#include "core/base/task.h"
#include "core/importing/importing.h"

namespace kehubu::test {

inline ImportTable table_of(std::string_view text) {
  auto rows = parse_csv(text);
  REQUIRE(rows);
  auto table = find_table(std::move(*rows));
  REQUIRE(table);
  return std::move(*table);
}

inline ImportPlan plan_table(Store& store, Environment& environment, const ImportTable& table, const Entity& entity, ImportOptions options = {}) {
  Progress progress;
  auto plan = run_to_end(plan_import(store, environment, std::make_shared<const ImportTable>(table), entity, propose_mapping(table, entity),
                                     std::move(options), progress));
  REQUIRE_MESSAGE(plan, (plan ? std::string() : plan.error().message.zh));
  return std::move(*plan);
}

inline ImportPlan plan_text(Store& store, Environment& environment, std::string_view text, const Entity& entity, ImportOptions options = {}) {
  return plan_table(store, environment, table_of(text), entity, std::move(options));
}

// What a person does who wants every new choice and region in the lists.
inline std::vector<UnknownChoice> add_all(std::vector<UnknownChoice> choices) {
  for (UnknownChoice& choice : choices) {
    choice.add = choice.map_to.empty();
  }
  return choices;
}

inline void commit(Store& store, ImportPlan plan) {
  Progress progress;
  const auto written = run_to_end(commit_import(store, std::move(plan), progress));
  REQUIRE_MESSAGE(written, (written ? std::string() : written.error().message.zh));
}

inline std::string read_bytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline std::span<const std::uint8_t> as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace kehubu::test
