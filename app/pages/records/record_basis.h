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
  // What the document came to then, and now, where that is not the same.
  struct Amount {
    std::string name, before, now;
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
  void add_clause(const Entity& entity, const Id& row, std::string_view field, std::string clause);
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
  std::vector<std::pair<std::string, std::string>> by_author_;
  std::vector<std::string> changes_;
  std::optional<Amount> amount_;
};

}  // namespace kehubu
