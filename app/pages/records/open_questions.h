// OpenQuestions: what of a record waits for a decision, shown wherever the record is edited: a mark beside each field that is
// disputed. Whoever saves another value there decides (core/store/decisions.cpp), and reads so before he does.
//
// What cannot be edited at all does not open an editor: EditGuard says why, and where to go.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/shell/app.h"
#include "app/shell/route.h"

namespace kehubu {

class OpenQuestions {
 public:
  OpenQuestions(App& app, const Entity& entity, const Id& id) : app_(app), entity_(entity), id_(id) {}

  [[nodiscard]] bool about(const Field& field) { return find(field) != nullptr; }
  // Below the field, if a question about it is open. `typed`: of a field what saving would write; null where nothing was changed.
  using Typed = std::function<const Value*(const Field&)>;
  void draw(const Field& field, const Typed& typed);
  // Above the fields, if one is open about the record as a whole: whether it is deleted.
  void draw_of_record();

 private:
  void refresh();
  [[nodiscard]] const Conflict* find(const Field& field);
  [[nodiscard]] std::string words(const Conflict& conflict) const;

  App& app_;
  const Entity& entity_;
  Id id_;
  std::int64_t revision_ = -1;
  std::vector<Conflict> conflicts_;
};

struct EditRefusal {
  std::string sentence;
  std::string action_label;  // empty: there is nothing to go to
  Route action;
};

// Why nothing that is edited in the record (empty id: in a new one) could be saved.
[[nodiscard]] std::optional<EditRefusal> edit_refusal(App& app, const Entity& entity, const Id& id);
// The same for an editor upon a page: true when it must not open, which has been told then.
[[nodiscard]] bool refuse_edit(App& app, const Entity& entity, const Id& id);

// In place of a page that edits, where nothing could be saved: it would waste what is typed.
class EditGuard {
 public:
  EditGuard(App& app, const Entity& entity, const Id& id) : app_(app), entity_(entity), id_(id), refusal_(edit_refusal(app, entity, id)), revision_(app.store->revision()) {}

  [[nodiscard]] bool refuses() const { return refusal_.has_value(); }
  // Once a frame: a page that stood open while something was merged cannot save any more, either. `before_refusing` is called
  // as long as the page still holds what was typed.
  void look_again(const std::function<void()>& before_refusing);
  // Why, and where to go. Opens `page` anew once nothing is in the way any more. `written`: what a draft of the page holds, by
  // field; it is shown, since it stays where it is.
  void draw(const Route& page, const std::vector<std::pair<std::string, std::string>>& written);

 private:
  App& app_;
  const Entity& entity_;
  Id id_;
  void draw_written(const std::vector<std::pair<std::string, std::string>>& written);

  std::optional<EditRefusal> refusal_;
  std::int64_t revision_;
};

}  // namespace kehubu
