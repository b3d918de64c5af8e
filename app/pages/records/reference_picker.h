// ReferencePicker: finds records to refer to, as one types. What belongs to another customer, has left or is no longer
// active is not offered (R-VAL-04).
#pragma once

#include <string>
#include <vector>

#include "app/shell/app.h"

namespace kehubu {

class ReferencePicker {
 public:
  explicit ReferencePicker(App& app) : app_(app) {}

  // `customer` limits the answer to that customer's records where the entity belongs to customers.
  [[nodiscard]] std::vector<Option> search(const Entity& entity, std::string_view query, const Id& customer, const Id& own = {});

 private:
  App& app_;
  // The widget asks again in every frame in which its list is open.
  struct Answer {
    const Entity* entity = nullptr;
    std::string query;
    Id customer;
    std::int64_t revision = -1;
    std::vector<Option> options;
  } last_;
};

// Second line of a record in pickers and lists: its first few list columns besides the title.
[[nodiscard]] std::string summary_of(App& app, const Record& record, std::size_t parts = 3, std::string_view without = {});

// The contacts of a customer as R-VAL-04 wants them: living, not left, the primary one first, then by name.
[[nodiscard]] std::vector<Record> contacts_of(App& app, const Id& customer);

// A filter "field equals value" (or as `op` says) where the entity has that field.
void add_filter(ListQuery& query, std::string_view field, const Value& value,
                Filter::Operator op = Filter::Operator::equals);

}  // namespace kehubu
