// The catalog: the declared data model (decision 1). Everything uniform — SQL schema, forms, lists, filters, search,
// import and export mapping, bundles, merge, audit — is derived from these declarations; a new form is a new
// declaration in core/catalog/<area>.inc and no code.
//
// All of it is constant data with static lifetime: pointers to entities, fields and lists stay valid for ever and may
// be compared.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace kehubu {

enum class FieldType : std::uint8_t {
  text, long_text, integer, basis_points, money, quantity, date, date_time, boolean, choice, choices, reference,
};

// What happens when two devices changed the same field without knowing of each other (decision 3).
enum class MergePolicy : std::uint8_t {
  later_clock,     // notes and contact data: the later clock stands, the other stays one tap away
  person_decides,  // money, quantities, dates, status, terms, ownership: one deterministic value stands, a conflict opens
};

enum class Required : std::uint8_t { no, always, conditional };  // conditional: a rule (core/rules) says when

enum class PersonalData : std::uint8_t { none, ordinary, private_data, sensitive };

// A check on one value that needs nothing but the value. The sentences are made once, in validation.cpp.
enum class Format : std::uint8_t { any, phone, email, website, postcode, tax_number, licence_number, bank_account, code };

struct Choice {
  std::string_view id, zh, en;
};

struct ChoiceList {
  std::string_view id, zh, en;
  bool editable = false;  // people may add values as records of dict_item
  std::span<const Choice> choices;

  [[nodiscard]] const Choice* find(std::string_view choice_id) const;
};

struct Field {
  static constexpr std::string_view outlives_tasks_because = "the catalog is constant data of the program";
  std::string_view id, zh, en;
  FieldType type = FieldType::text;
  Required required = Required::no;
  const ChoiceList* list = nullptr;  // of choice and choices
  std::string_view references;       // entity id, of reference
  MergePolicy merge = MergePolicy::later_clock;
  Format format = Format::any;
  PersonalData personal = PersonalData::none;
  bool unique = false;      // two live records with the same value: refused here, flagged after a merge
  bool searchable = false;  // part of the record's search text
  bool in_list = false;     // a column of the list by default
  bool workflow = false;    // a choice: rules say which value may follow which, and forms offer only those
  std::int64_t minimum = INT64_MIN;  // of numbers, in the stored unit
  std::int64_t maximum = INT64_MAX;
  std::uint32_t length_limit = 0;    // Unicode code points; 0: 200 for text, 100,000 for long text
  std::string_view default_value;    // as text: "today", "now", "me", a choice id, a number, "true"
  std::string_view derived_sql;      // not empty: derived, never written. An expression over the record's row r; it
                                     // may name derived fields declared before it
  std::string_view group_zh, group_en;    // heading that the form shows above this field and those after it
  std::string_view aliases;          // further Chinese column heads for imports, separated by |
  std::string_view hint_zh, hint_en;

  [[nodiscard]] constexpr bool derived() const { return !derived_sql.empty(); }
};

struct Entity {
  static constexpr std::string_view outlives_tasks_because = "the catalog is constant data of the program";
  std::string_view id, zh, en;
  std::span<const Field> fields;
  std::string_view title_field;      // what names a record of this entity to people
  std::string_view number_field;     // numbered by R-NUM-01 when left empty
  std::string_view number_prefix;
  bool document = false;             // it and its lines move together or wait together
  std::string_view part_of;          // id of the reference field to the document that a line belongs to
  // Facts are added and never changed: the field that, holding the value, closes the record against editing. A
  // correction is a new record whose `corrects` field names the old one. Both empty: not a fact.
  std::string_view fact_field, fact_value;
  std::string_view fact_open_fields;  // fields of a closed fact that stay open (plans, links), separated by |
  std::string_view icon;             // name in app/widgets/icons

  [[nodiscard]] const Field* find(std::string_view field_id) const;
};

// All entities, in an order in which references point backwards where they can.
[[nodiscard]] std::span<const Entity* const> entities();
[[nodiscard]] const Entity* find_entity(std::string_view entity_id);
[[nodiscard]] const ChoiceList* find_list(std::string_view list_id);

// Raised whenever a declaration changes in a way that an older program would not understand.
inline constexpr int catalog_version = 1;

}  // namespace kehubu
