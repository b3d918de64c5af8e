// StageMove: an opportunity goes on to another stage, wherever that is asked for: a card that is dragged, its button, a menu,
// its own page. Asks for what the new stage requires, and only for that; says why where it cannot be, and what to do.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/pages/records/dialog_form.h"

namespace kehubu {

class StageMove {
 public:
  explicit StageMove(DraftHost& host);

  // The open stages in their order, then won and lost.
  struct Stage {
    std::string id, label;
  };
  [[nodiscard]] std::vector<Stage> stages() const;
  // What comes after it; won after the last open one; empty id after those.
  [[nodiscard]] Stage next(std::string_view stage) const;
  // Menu entries of all stages but the present one; `chosen` of their menu is an index of stages_but().
  [[nodiscard]] std::vector<Stage> stages_but(std::string_view stage) const;

  void move(const Id& opportunity, const std::string& stage);
  // The dialog, while it is open. Once per frame.
  void draw();

  [[nodiscard]] static bool is_closed(std::string_view stage) { return stage == "won" || stage == "lost"; }

 private:
  void begin(const Id& opportunity, const std::string& stage);
  [[nodiscard]] bool write();
  void draw_refusal();
  [[nodiscard]] const Store::Problem* refusal() const;

  [[nodiscard]] RecordForm& form() const { return dialog_->form(); }

  DraftHost& host_;
  App& app_;
  const Entity& entity_;
  const Field& stage_field_;
  std::unique_ptr<DialogForm> dialog_;
};

}  // namespace kehubu
