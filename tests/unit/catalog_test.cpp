// The catalog says what the domain's model says, and is sound in itself.
#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "core/catalog/areas.h"

namespace kehubu::test {
namespace {

nlohmann::json load_excerpt() {
  std::ifstream file("tests/data/model_excerpt.json");
  REQUIRE_MESSAGE(file, "run the tests from the repository's root");
  return nlohmann::json::parse(file, nullptr, false);
}

// The model's words for types: "enum:x", "multi:x", "ref:x", "derived:…" before any of them.
void check_type(const Field& field, std::string type) {
  const bool derived = type.starts_with("derived:");
  CHECK(field.derived() == derived);
  type = derived ? type.substr(8) : type;
  std::ranges::replace(type, ' ', ':');
  const std::size_t colon = type.find(':');
  const std::string kind = type.substr(0, colon);
  const std::string detail = colon == std::string::npos ? "" : type.substr(colon + 1);
  if (kind == "enum" || kind == "multi") {
    CHECK(field.type == (kind == "enum" ? FieldType::choice : FieldType::choices));
    REQUIRE(field.list != nullptr);
    CHECK(field.list->id == detail);
  } else if (kind == "ref") {
    CHECK(field.type == FieldType::reference);
    CHECK(field.references == detail);
  } else {
    const std::map<std::string, FieldType> types = {
        {"text", FieldType::text}, {"long_text", FieldType::long_text}, {"integer", FieldType::integer}, {"money", FieldType::money},
        {"quantity", FieldType::quantity}, {"date", FieldType::date}, {"datetime", FieldType::date_time}, {"bool", FieldType::boolean}};
    const bool basis_points = kind == "integer" && detail == "(bp)";
    CHECK(field.type == (basis_points ? FieldType::basis_points : types.at(kind)));
  }
}

}  // namespace

TEST_CASE("every field and list of the model is declared") {
  const nlohmann::json model = load_excerpt();
  REQUIRE(model.contains("entities"));
  for (const auto& entry : model["entities"]) {
    const Entity* entity = find_entity(entry["id"].get<std::string>());
    REQUIRE(entity != nullptr);
    for (const auto& declared : entry["fields"]) {
      const std::string id = declared["id"].get<std::string>();
      CAPTURE(id);
      const Field* field = entity->find(id);
      REQUIRE(field != nullptr);
      check_type(*field, declared["type"].get<std::string>());
      if (!field->derived()) {
        CHECK((field->required == Required::always) == (declared["required"] == "always"));
      }
      // The label, or one of its other names, is a word of the model's.
      CHECK(declared["zh"].get<std::string>().find(field->zh) != std::string::npos);
    }
  }
  for (const auto& entry : model["lists"]) {
    const ChoiceList* list = find_list(entry["id"].get<std::string>());
    REQUIRE(list != nullptr);
    CHECK(list->editable == entry["editable"].get<bool>());
    CHECK(list->choices.size() == entry["values"].size());
    for (const auto& value : entry["values"]) {
      const Choice* choice = list->find(value["id"].get<std::string>());
      REQUIRE(choice != nullptr);
      CHECK(choice->zh == value["zh"].get<std::string>());
      CHECK(!choice->en.empty());
    }
  }
}

TEST_CASE("every declaration is sound") {
  std::set<std::string_view> prefixes;
  for (const Entity* entity : entities()) {
    CAPTURE(entity->id);
    CHECK(entity->find(entity->title_field) != nullptr);
    CHECK((entity->number_field.empty() || entity->find(entity->number_field) != nullptr));
    CHECK((entity->number_prefix.empty() || prefixes.insert(entity->number_prefix).second));
    CHECK((entity->part_of.empty() || entity->find(entity->part_of)->type == FieldType::reference));
    CHECK((entity->fact_field.empty() || entity->find(entity->fact_field)->list->find(entity->fact_value) != nullptr));
    std::set<std::string_view> ids, labels;
    for (const Field& field : entity->fields) {
      CAPTURE(field.id);
      CHECK(ids.insert(field.id).second);
      CHECK(labels.insert(field.zh).second);
      CHECK(!field.en.empty());
      CHECK((field.type == FieldType::choice || field.type == FieldType::choices) == (field.list != nullptr));
      CHECK((field.type == FieldType::reference) == !field.references.empty());
      CHECK((field.references.empty() || find_entity(field.references) != nullptr));
      CHECK((field.list == nullptr || field.default_value.empty() || field.list->find(field.default_value) != nullptr));
      CHECK(field.group_zh.empty() == field.group_en.empty());
      CHECK(field.hint_zh.empty() == field.hint_en.empty());
    }
  }
}

}  // namespace kehubu::test
