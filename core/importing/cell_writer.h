// CellWriter: a record's value as text, as people see it and as a spreadsheet keeps it. Private to importing/.
#pragma once

#include <string>

#include "core/store/store.h"

namespace kehubu {

class CellWriter {
 public:
  CellWriter(Store& store, bool chinese) : store_(store), chinese_(chinese) {}

  // As it is read by people: "2,5", "食品饮料、零售". "" for null.
  [[nodiscard]] std::string shown(const Field& field, const Value& value) const;
  // The same, protected from what spreadsheets and our own import would make of it: ="000720", '=1+1.
  [[nodiscard]] std::string write(const Field& field, const Value& value) const;
  // With what other fields of the record say of it: a payment term with its days.
  [[nodiscard]] std::string write(const Record& record, const Field& field, const Value& value) const;

 private:
  [[nodiscard]] std::string labels(const ChoiceList& list, std::string_view ids) const;
  [[nodiscard]] std::string label(const ChoiceList& list, std::string_view id) const;
  [[nodiscard]] std::string title(const Field& field, const Id& id) const;

  Store& store_;
  bool chinese_;
};

}  // namespace kehubu
