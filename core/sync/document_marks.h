// DocumentMarks: the actions on one document by their "#", whose words stand in each of them, and what the decisions between its sides
// took and left. Read once, by one walk, however many decisions are asked about; a snapshot of the log as it was then.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "core/store/log.h"
#include "core/sync/sync.h"

namespace kehubu {

class DocumentMarks {
 public:
  // What the document's heads build on, and what these do, which may have been taken back.
  [[nodiscard]] static Result<DocumentMarks> read(StoreInternals& store, const RecordName& document, std::span<const Version> beside);

  [[nodiscard]] bool knows(Version mark) const { return places_.contains(mark); }
  [[nodiscard]] bool knows_decision(Version decision) const { return met_.contains(decision); }
  // The decisions between sides that the document's heads build on, the latest first.
  [[nodiscard]] const std::vector<Version>& decisions() const { return decisions_; }
  using IsMine = std::function<bool(Version, const Id& person)>;
  [[nodiscard]] bool any(const IsMine& is_mine) const;
  // Of a decision: the latest of these actions in a side that it did not take (of several sides the last one) and in none that it took.
  [[nodiscard]] std::optional<Version> latest_lost(Version decision, const IsMine& is_mine) const;
  // Whose word a "#" is: who acted, and, where that was a decision, those for whom it was taken, however many decisions lie between.
  [[nodiscard]] std::vector<Version> words_in(Version mark) const;
  // The head of the side that a decision did not take and in which this action is, as it is in none that it took.
  [[nodiscard]] std::optional<Version> lost_side_of(Version decision, Version mark) const;
  // The latest decision that went against the side that this action is part of; none where a later one took that side.
  [[nodiscard]] std::optional<Version> decided_against(Version mark) const;

 private:
  using Place = std::size_t;
  struct Mark {
    Version version;
    Id person;
    std::int64_t clock = 0;
    bool resolves = false, decides = false;  // by a change of kind resolve; between sides
    std::vector<Version> replaced;
    std::vector<Place> before;  // whose words stand in it: of a decision those of the side that it took
  };
  struct Side {
    Version head;
    Place place = 0;
    bool taken = false;
  };
  explicit DocumentMarks(StoreInternals& store) : store_(&store) {}
  Result<Place> place_of(Version version);
  Status walk(std::vector<Version> waiting);
  Status find_what_was_taken(const RecordName& document, std::span<const Version> beside);
  Status connect();
  template <typename Visit>
  void reach(Place from, std::vector<bool>& reached, Visit visit) const;
  [[nodiscard]] std::vector<bool> taken_by(const std::vector<Side>& met) const;
  [[nodiscard]] std::vector<bool> holding(Version mark) const;
  [[nodiscard]] bool is_lost(const std::vector<Side>& met, const std::vector<bool>& holds) const;

  StoreInternals* store_;
  std::vector<Mark> marks_;
  std::map<Version, Place> places_;  // of what was said, and of what repeats it
  std::map<Version, std::vector<Side>> met_;  // of decisions: what met in them
  std::map<Place, Version> took_;
  std::vector<Version> decisions_;
};

}  // namespace kehubu
