// RecordBasis: what the form of a stored record was begun from: the record's values and, of a document, its lines' and what
// they come to. It tells what is otherwise by now, and by whom: while the form stands open behind another page, and, packed into
// its draft, when that is gone on with.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/shell/app.h"

namespace kehubu {

class RecordBasis {
 public:
  // As it is stored now.
  RecordBasis(App& app, const Entity& entity, const Id& id);

  [[nodiscard]] const std::string& pack() const { return packed_; }
  // Of a draft that one goes on with: as it was stored when that was begun.
  void unpack(std::string_view packed);

  // True once whenever the record is stored otherwise than the last time, or than it was at first.
  [[nodiscard]] bool take_moved();

  // A sentence for everybody who has changed something since, and one for the amount; none where all is as it was.
  [[nodiscard]] const std::vector<std::string>& changes();
  // Where something that counts as an amount of the document (docs/store.md) is not as it was: what, by whom, and what it came
  // to then; and what it comes to now.
  struct Amount {
    std::string changes, now;
    bool other_total = false;
  };
  [[nodiscard]] const std::optional<Amount>& changed_amount();

 private:
  using Values = std::map<std::string, Value, std::less<>>;  // by field; no empty ones
  using Rows = std::map<std::string, Values, std::less<>>;   // by record, the lines of a document included

  [[nodiscard]] Rows read_rows();
  [[nodiscard]] static Values values_of(const Record& record);
  void look();
  void refresh();
  void compare(const Entity& entity, const Id& row, const Values& before, const Values& now);
  void compare_amount(const Values& before, const Values& now);
  using Clauses = std::vector<std::pair<std::string, std::string>>;  // by author
  void add_clause(const Entity& entity, const Id& row, std::string_view field, const std::string& clause, bool of_amount);
  [[nodiscard]] std::string author(const Entity& entity, const Id& row, std::string_view field);

  App& app_;
  const Entity& entity_;
  Id id_;
  Rows rows_;  // as the form was begun from them
  Rows now_;   // as they are stored, at revision_
  std::string packed_;
  std::int64_t revision_;
  bool moved_ = false;
  bool compared_ = false;  // what follows tells of rows_ and now_
  bool chinese_ = true;
  Clauses by_author_, amounts_by_author_;
  std::vector<std::string> changes_;
  std::optional<Amount> amount_;
};

}  // namespace kehubu
