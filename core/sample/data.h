// The sample company as tables; sample.cpp makes records of them. Private to sample/.
//
// Rows name each other by keys: codes of employees, products and customers. Days are relative to the day of loading,
// negative in the past.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace kehubu::sample {

struct Text {
  std::string_view zh, en;
  [[nodiscard]] std::string_view in(bool chinese) const { return chinese ? zh : en; }
};

struct Unit {
  std::string_view code;
  Text name;
  std::string_view kind, parent;
};

struct Person {
  std::string_view code;
  Text name;
  std::string_view role, login, phone, department, region, reports_to;
};

struct Product {
  std::string_view code;
  Text name, spec;
  std::string_view category, packaging;
  Text unit;
  std::int64_t list_price, cost_price;  // fen
};

// What has happened with a customer so far; decides its interactions.
enum class Story : std::uint8_t { regular, dealer, fresh, trying, signing, sleepy, unhappy, lost, member };

struct Customer {
  std::string_view code;  // empty: numbered by the device, as a rep's newest customers are
  Text name;
  Text registered_name;
  Text city, address;
  std::string_view phone;
  std::string_view industry, forms, ownership, size, grade, source, customer_class, region, owner;
  std::string_view payment_term;
  std::int64_t term_days = 0;
  std::int64_t stores = 0;
  Story story = Story::regular;
  std::string_view product;  // what is talked about most
  Text main_business, no_visit_time, remark;
};

struct Contact {
  std::string_view customer;  // by Chinese name of the customer
  Text name;
  std::string_view gender;
  Text title;
  std::string_view mobile, email, decision_role, birthday;
  Text remark;
};

struct Opportunity {
  std::string_view customer;
  Text topic, need;
  std::string_view product;
  std::int64_t amount;  // fen
  std::string_view stage;
  int stage_since, close;  // days
  std::string_view level;
  std::int64_t probability;
  std::string_view lost_reason;
  Text lost_analysis, lost_remedy;
};

struct ContractLine {
  std::string_view product;
  std::int64_t quantity, unit_price;  // thousandths, fen
};
struct Contract {
  std::string_view customer, number;
  Text title;
  std::string_view kind, status;
  int signed_on, end_on;
  std::string_view payment_term;
  std::int64_t term_days;
  std::span<const ContractLine> lines;
};

// One thing that may happen in a story. {c} is the contact, {p} the product, {q} a quantity.
struct Scene {
  std::string_view kind, scenario, materials;
  std::int64_t minutes;
  Text purpose, content, result, next_plan;
};

[[nodiscard]] std::span<const Unit> units();
[[nodiscard]] std::span<const Person> people();
[[nodiscard]] std::span<const Product> products();
[[nodiscard]] std::span<const Customer> customers();
[[nodiscard]] std::span<const Contact> contacts();
[[nodiscard]] std::span<const Opportunity> opportunities();
[[nodiscard]] std::span<const Contract> contracts();
// The scenes of a story in the order in which they happen; variants of one moment stand together.
[[nodiscard]] std::span<const std::span<const Scene>> scenes_of(Story story);
[[nodiscard]] std::span<const Scene> planned_scenes();

}  // namespace kehubu::sample
