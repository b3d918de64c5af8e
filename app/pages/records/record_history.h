// RecordHistory: who changed what and when, newest first, of a document with what happened to its lines; each old value one
// press away from being current again; and the whole record as it stood at the end of any day.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/pages/records/record_profile.h"
#include "app/shell/app.h"

namespace kehubu {

class RecordHistory {
 public:
  RecordHistory(App& app, const Entity& entity, const Id& id) : app_(app), entity_(entity), id_(id), past_profile_(app) {}
  void draw();

  // Entries of one action together. For timelines too.
  struct Action {
    HistoryEntry first;                  // who, when, what kind
    std::vector<HistoryEntry> changes;   // of known, visible fields
    bool made = false;                   // the record: its first entry, which lists all its values
    std::optional<bool> removed;         // that it deleted the record, or brought it back
    std::vector<Action> lines;           // what it did to lines of the document, one each
  };
  [[nodiscard]] static std::vector<Action> actions_of(App& app, const Entity& entity, const Id& id);
  [[nodiscard]] static std::string describe(App& app, const Action& action);
  [[nodiscard]] static std::string who_and_when(App& app, const HistoryEntry& entry);

 private:
  [[nodiscard]] static std::string decided(App& app, const Action& action);
  void refresh();
  void draw_time_machine();
  void look_at(const Date& day);
  void draw_past();
  void draw_superseded();
  void draw_action(const Action& action);
  void draw_line(const Action& action);
  void draw_change(const HistoryEntry& change);
  [[nodiscard]] std::string before_and_after(const HistoryEntry& change);
  [[nodiscard]] bool can_restore(const HistoryEntry& change) const;

  App& app_;
  const Entity& entity_;
  Id id_;
  std::int64_t revision_ = -1;
  std::vector<Action> actions_;
  std::vector<Sync::Superseded> superseded_;
  std::size_t shown_ = 30;
  std::string day_;
  std::optional<Date> past_day_;      // that is looked back at
  std::optional<Record> past_;        // as it was then; none when there was none
  std::vector<Record> past_lines_;    // of a document
  std::optional<Record> present_;
  RecordProfile past_profile_;
};

}  // namespace kehubu
