// RecordRemoval: deleting a record, from its page or from a list. What stands in the way is looked for before anything is
// asked: then the dialog shows it, one tap away each, and says what can be done instead.
#pragma once

#include <string>
#include <vector>

#include "app/shell/app.h"

namespace kehubu {

class RecordRemoval {
 public:
  explicit RecordRemoval(App& app) : app_(app) {}

  void ask(const Entity& entity, const Id& id);
  // The question or the explanation, while one is open. True when the record has just been deleted.
  [[nodiscard]] bool draw();

 private:
  [[nodiscard]] bool draw_question();
  [[nodiscard]] std::string document_in_full() const;
  [[nodiscard]] std::string open_question() const;
  [[nodiscard]] std::string won_by_it() const;
  void draw_refusal();
  void draw_obstacles();
  void draw_obstacle(const Store::Obstacle& obstacle);
  void retire();

  App& app_;
  const Entity* entity_ = nullptr;
  Id id_;
  std::string name_;
  std::string what_goes_;  // of a document
  std::string question_;   // that waits for a decision
  std::string refusal_;    // why it cannot be deleted as things are, where no record stands in the way
  std::vector<Store::Obstacle> obstacles_;
  std::vector<std::pair<const Field*, Value>> retirement_;  // what takes the record out of use instead, if anything does
  std::int64_t revision_ = -1;
  bool open_ = false;
};

}  // namespace kehubu
