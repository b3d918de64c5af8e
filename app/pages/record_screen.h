// One record of any entity: its profile, the lines of a document, its history. Customers have a page of their own.
#pragma once

#include <optional>

#include "app/pages/records/record_history.h"
#include "app/pages/records/record_profile.h"
#include "app/pages/records/record_removal.h"
#include "app/pages/records/stage_move.h"
#include "app/shell/screen.h"

namespace kehubu {

// What every page of one record does alike: reading it, saying when it is gone, deleted or in conflict, deleting it.
class RecordScreenBase : public Screen {
 public:
  RecordScreenBase(App& app, const Route& route);
  std::string title() override;
  std::string bar_title() override { return name_in_view_ ? std::string(say(entity_)) : title(); }

 protected:
  // The record's name upon its page, of which the upper edge is given: as long as it is in view the bar says what it is a name of.
  void draw_name(int level, float page_top);
  // Reads again when the store has changed. False: there is nothing to show, and an empty state was drawn.
  [[nodiscard]] bool refresh();
  virtual void refreshed() {}
  void draw_missing(const Rectangle& place);
  void draw_banners();
  void draw_questions();
  void draw_remove_question();
  [[nodiscard]] std::optional<HistoryEntry> deletion_of(const Entity& entity, const Id& id) const;
  void ask_to_remove() { removal_.ask(entity_, route().id); }
  // Closed facts are corrected, not changed.
  [[nodiscard]] bool closed_fact() const;
  [[nodiscard]] const Record& record() const { return *record_; }
  [[nodiscard]] bool has_record() const { return record_.has_value(); }

  const Entity& entity_;

 private:
  [[nodiscard]] bool was_undone() const;

  std::optional<Record> record_;
  std::vector<Conflict> questions_;  // that are open about it
  std::string title_;
  std::int64_t revision_ = -1;
  bool name_in_view_ = false;
  RecordRemoval removal_;
};

class RecordScreen final : public RecordScreenBase {
 public:
  RecordScreen(App& app, const Route& route);

  void draw(const Rectangle& place) override;
  std::vector<BarAction> bar_actions() override;
  void on_bar_action(std::string_view key) override;

 private:
  void refreshed() override;
  void read_lines();
  void draw_header(float page_top);
  void draw_header_details();
  void draw_stages();
  [[nodiscard]] std::vector<const Field*> said_above() const;

  RecordProfile profile_;
  RecordHistory history_;
  const Entity* line_entity_ = nullptr;
  std::vector<Record> lines_;
  StageMove stages_;
  bool stages_open_ = false;
  int tab_ = 0;
};

// The entity whose records are lines of this document, or null.
[[nodiscard]] const Entity* lines_of(const Entity& document);

}  // namespace kehubu
