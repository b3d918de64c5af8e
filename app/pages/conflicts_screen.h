// The conflicts that wait for a person, and one of them: what it was, what each side says, who said so, when and where.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "app/pages/records/field_draft.h"
#include "app/shell/screen.h"

namespace kehubu {

class ConflictsScreen final : public Screen {
 public:
  explicit ConflictsScreen(App& app) : Screen(app, {.place = Place::conflicts}) {}
  std::string title() override { return std::string(say(Word::conflicts)); }
  void draw(const Rectangle& place) override;

 private:
  std::int64_t revision_ = -1;
  std::vector<Conflict> conflicts_;
};

class ConflictScreen final : public Screen {
 public:
  ConflictScreen(App& app, const Route& route);
  std::string title() override;
  void draw(const Rectangle& place) override;

 private:
  void refresh();
  void foresee();
  void draw_sides();
  void draw_base();
  void draw_side(std::size_t index);
  void draw_holder(std::size_t index);
  void draw_authors(const ConflictSide& side);
  void draw_effects(const ConflictSide& side);
  void draw_opens(std::size_t index);
  void draw_cells(const std::vector<ConflictSide::Cell>& cells);
  void draw_other_rows();
  void draw_own_value();
  [[nodiscard]] bool is_about_several() const;
  [[nodiscard]] bool is_mine(const ConflictSide& side) const;
  [[nodiscard]] std::string name_of(const ConflictSide& side) const;
  [[nodiscard]] std::string authors_of(const ConflictSide& side) const;
  [[nodiscard]] bool goes_by_device(const ConflictSide& side, const Author& author) const;
  [[nodiscard]] std::string decided_first(const ConflictSide& side);
  [[nodiscard]] std::string name_of(const Id& row) const;
  [[nodiscard]] std::string take_label(const ConflictSide& side) const;
  [[nodiscard]] std::string numbers_given(std::size_t kept) const;
  [[nodiscard]] std::string what_becomes_of_all(const ConflictSide& chosen) const;
  [[nodiscard]] bool takes_own_value() const;
  void start_own_value();
  void settle(const std::function<Result<Written>()>& resolve, std::string done = {});

  std::int64_t revision_ = -1;
  std::optional<Conflict> conflict_;
  std::vector<std::vector<Sentence>> opens_;  // of each side: the questions that choosing it would open
  std::string next_key_;
  std::vector<std::pair<RecordName, std::string>> open_documents_;  // that wait for a decision of their own, with its key
  std::string done_;  // what the decision did, where that is worth saying
  std::optional<FieldDraft> own_;  // the value that is neither side's, where one can be entered
  DraftKeeper drafts_;             // of that
};

// What kind of conflict it is, in a few words.
[[nodiscard]] Word word_of(ConflictKind kind);

}  // namespace kehubu
