// The form of any record: new or existing, with its lines when it is a document. What is typed survives navigation and a
// restart as a draft until it is saved or discarded.
#pragma once

#include <memory>

#include "app/pages/line_editor.h"
#include "app/pages/records/record_form.h"
#include "app/shell/draft_keeper.h"
#include "app/shell/screen.h"

namespace kehubu {

class FormScreen final : public Screen {
 public:
  FormScreen(App& app, const Route& route);

  std::string title() override;
  void draw(const Rectangle& place) override;
  std::vector<BarAction> bar_actions() override;
  void on_bar_action(std::string_view key) override;
  bool is_form() const override { return !guard_.refuses(); }
  // Where nothing can be saved nothing is typed either: a draft that waits for better times is not asked about.
  bool unsaved() override { return !guard_.refuses() && Screen::unsaved(); }

 private:
  [[nodiscard]] Rectangle draw_index(const Rectangle& place);
  void draw_lines();
  void jump_to(std::size_t section);
  void start();
  void follow_store();
  // Goes on with what a draft holds.
  void unpack(const std::string& draft);
  [[nodiscard]] std::string pack() const;  // "" when there is nothing to keep
  [[nodiscard]] std::string draft_title();
  void save();

  const Entity& entity_;
  EditGuard guard_;
  std::unique_ptr<RecordForm> form_;
  std::unique_ptr<LineEditor> lines_;
  std::size_t sections_drawn_ = 0;
  bool jump_to_lines_ = false;
  DraftKeeper drafts_;
  std::string waiting_;  // the draft, while the guard refuses
  bool done_ = false;
};

}  // namespace kehubu
