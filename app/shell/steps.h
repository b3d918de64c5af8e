// Steps: undoing and redoing, whatever it was asked for by: the bar, keys, the palette, the button of a message. Where the step is
// refused, or a person wants an earlier one, it asks which of them.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "core/base/result.h"

namespace kehubu {

class App;
class Screen;

class Steps {
 public:
  explicit Steps(App& app) : app_(app) {}
  // The next one. Says so where there is none, and where something is being filled in: what was saved before is not taken back
  // behind that.
  void next(bool redo);
  void choose(bool redo);
  // A message with a button that takes back just what was written last.
  void tell_undoable(std::string message);
  [[nodiscard]] std::function<void()> take_back_last();
  // The question which of them, over the page where it came up.
  void draw(const Screen& screen);

 private:
  [[nodiscard]] bool may_step(bool redo);
  void take(bool redo, std::int64_t position);
  [[nodiscard]] bool something_is_filled_in() const;

  App& app_;
  struct Choice {
    bool open = false, redo = false;
    std::int64_t refused = 0;  // the position of one, and why
    Sentence reason = {};
    std::int64_t page = 0;     // over which it was opened
  };
  Choice choice_;
};

}  // namespace kehubu
