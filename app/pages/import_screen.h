// Importing a spreadsheet: pick a file, look over what each column becomes, see every problem with its line, confirm. One
// action, so that one undo takes all of it back.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/shell/screen.h"
#include "core/importing/importing.h"

namespace kehubu {

class ImportScreen final : public Screen {
 public:
  ImportScreen(App& app, const Route& route);

  std::string title() override { return std::string(say(Word::import_title)); }
  void draw(const Rectangle& place) override;
  std::vector<BarAction> bar_actions() override;
  void on_bar_action(std::string_view key) override;
  void resumed() override;
  bool unsaved() override { return table_ && !committing_ && !done_; }
  bool keeps_drafts() override { return false; }

 private:
  void pick();
  void read(PickedFile file);
  void check();
  void commit();

  [[nodiscard]] bool may_commit() const;
  [[nodiscard]] std::string commit_label() const;
  void draw_pick();
  void draw_columns();
  void draw_column(std::size_t column);
  void draw_preview();
  void draw_result();
  void draw_unknown_choices();
  void draw_unknown_choice(UnknownChoice& decision, const std::vector<Option>& options);
  void draw_problems();
  [[nodiscard]] std::string sample_of(std::size_t column) const;

  const Entity& entity_;
  std::vector<MappableField> targets_;
  std::string file_name_;
  std::shared_ptr<const ImportTable> table_;  // shared with the check that is under way, whose table it stays
  std::vector<ColumnMapping> mapping_;
  std::vector<UnknownChoice> decisions_;
  ExistingPolicy existing_ = ExistingPolicy::skip;
  std::optional<ImportPlan> plan_;
  std::shared_ptr<Job> checking_;
  bool stale_ = false;       // something changed since the plan was made
  bool all_choices_ = false;
  bool committing_ = false;
  bool done_ = false;
};

}  // namespace kehubu
