// Foreseen: what the changes of a file would bring about together with what is here, where neither side does so alone:
// references that lead in a circle, fields that do not fit, several records where there may be only one
// (core/rules/merge_rules.h). For the preview; counted from below where a file is very large. Changes nothing.
#pragma once

#include <map>
#include <set>
#include <tuple>
#include <vector>

#include "core/store/log.h"
#include "core/store/sql.h"
#include "core/store/tables.h"
#include "core/sync/bundle.h"

namespace kehubu {

class Foreseen {
 public:
  Foreseen(StoreInternals& store, const BundleHeader& header)
      : store_(store), log_(store.log()), materialiser_(store.materialiser()), header_(header), database_(store.connection()) {}

  // A change of the file that is new here. What was noted is looked at in the end only, so that the file may be in any order.
  void note(const Change& change);
  void forget() { records_.clear(); }
  // A sentence for each kind of thing that a person would have to decide.
  [[nodiscard]] Step<Result<std::vector<Sentence>>> sentences(Progress& progress);

 private:
  using Name = std::pair<Id, std::int64_t>;  // of a version: device and sequence
  struct Said {
    Name name;
    std::int64_t clock = 0;
    std::int64_t decision = 0;  // of one that was made to answer a question: its action
    Value value;
  };
  struct Cell {  // of the file's changes
    std::vector<Said> said;
    std::set<Name> replaced;
  };
  using Place = std::pair<const Table*, Id>;
  using Link = std::tuple<const Table*, std::size_t, Id>;  // a reference of a record: by index of the field
  using Cells = std::map<std::size_t, Cell>;  // by index of the field; that of "~" lies behind the last
  struct Found {
    std::int64_t count = 0;
    Place first;
    Sentence what;
    void add(const Place& place, Sentence words);
  };

  [[nodiscard]] Name name_of(Version version) const { return {header_.devices[static_cast<std::size_t>(version.device)], version.sequence}; }
  [[nodiscard]] static bool concerns_rules(const Table& table, std::size_t field);
  [[nodiscard]] Result<std::vector<Said>> merged(const Place& place, std::size_t field);
  [[nodiscard]] static const Said& standing(const Field& field, const std::vector<Said>& heads);
  [[nodiscard]] Result<Value> would_be(const Place& place, std::size_t field);
  [[nodiscard]] Result<bool> would_live(const Place& place);
  [[nodiscard]] Result<bool> is_open(const std::string& conflict);
  Status look_for_circles(const Place& place, const Cells& cells, std::set<Link>& passed, Found& found);
  Status look_for_rules(const Place& place, const Cells& cells, Found& found);
  [[nodiscard]] Result<bool> breaks(const Place& place, const Table::Rule& rule);
  struct Group {  // records that are alike
    const Table::OnlyOneRule* rule = nullptr;
    std::vector<Value> alike;
    std::vector<Id> rows;  // of the file's records
  };
  using Groups = std::map<std::pair<const Table*, std::string>, Group>;  // by what a conflict over them would be about
  Status gather_groups(const Place& place, Groups& groups);
  Status look_for_several(const Table& table, const Group& group, Found& found);

  StoreInternals& store_;
  Log& log_;
  Materialiser& materialiser_;
  const BundleHeader& header_;
  Database database_;
  std::map<Place, Cells> records_;
};

}  // namespace kehubu
