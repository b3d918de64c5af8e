// How many questions a bundle would bring to a person, worked out before it is merged: cells, records and documents that here
// and there were written without knowledge of each other, and not alike; deletions there of what is needed here, and here of what
// is needed there. Both the same is no question, nor is a file that says first one thing and then another two.
#pragma once

#include <map>
#include <string>
#include <tuple>

#include "core/store/log.h"
#include "core/store/sql.h"
#include "core/sync/bundle.h"

namespace kehubu {

class MetQuestions {
 public:
  MetQuestions(StoreInternals& store, const BundleHeader& header) : store_(store), log_(store.log()), header_(header), database_(store.connection()) {}

  // A change that is not here yet, in the order of the file.
  Status note(const Change& change);
  // Beyond a number of look-ups an estimate from below.
  [[nodiscard]] Result<std::int64_t> count();
  void forget();

 private:
  using Record = std::pair<const Entity*, Id>;
  struct Document {
    bool met = false;                                                // both sides acted on it or on a line of it
    std::map<std::tuple<const Entity*, Id, std::string>, bool> cells;  // that the file writes: whether otherwise than it is here
  };

  Status note_document(const Entity& entity, const Change& change);
  Status note_references(const Entity& entity, const Change& change);
  // Whether something here, of which the sender had not heard, refers to the record.
  [[nodiscard]] Result<bool> is_needed_here(const Entity& entity, const Id& row);
  // Whether it was deleted here without the sender's having heard of it, and no question about that is open yet.
  [[nodiscard]] Result<bool> is_gone_here(const Entity& entity, const Id& row);
  [[nodiscard]] Result<std::int64_t> count_missed();
  [[nodiscard]] Result<bool> is_asked(const Record& name, const Document& document);
  [[nodiscard]] bool is_unknown(Version head) const;
  [[nodiscard]] Result<std::vector<Version>> unknown_heads(const Entity& entity, const Id& row, std::string_view field);
  [[nodiscard]] Result<bool> has_unknown_head(const Entity& entity, const Id& row);
  // What the table shows in a column of its own or the catalog's; none where there is no such record.
  [[nodiscard]] Result<std::optional<Value>> shown(const Entity& entity, const Id& row, const std::string& column);
  [[nodiscard]] Result<bool> is_removed(const Entity& entity, const Id& row);

  StoreInternals& store_;
  Log& log_;
  const BundleHeader& header_;
  Database database_;
  std::int64_t looked_up_ = 0;
  std::map<Record, std::map<std::string, bool>> cells_;  // by field, "~" included: whether they would be asked about
  std::map<Record, Document> documents_;
  // A deletion that meets a use: records that the file deletes and something here needs, and what of the file needs records that
  // are deleted here.
  std::map<Record, bool> needed_here_;
  std::map<std::tuple<const Entity*, Id, std::string>, Record> needing_;
  std::int64_t references_looked_up_ = 0;
};

}  // namespace kehubu
