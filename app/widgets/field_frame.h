// FieldFrame: the parts that all fields share: label with its required mark, the frame, and the hint or error below.
// Inside app/widgets only.
#pragma once

#include <string>

#include "app/widgets/ui_state.h"

namespace kehubu {

class FieldFrame {
 public:
  FieldFrame(UiState& state, const FieldOptions& options);

  // Use in this order: width() … place_box() (draws the label) … draw_box() … finish() (draws hint or error).
  [[nodiscard]] float width() const { return width_; }
  Rectangle place_box(float height);
  void draw_label();  // for frames without a box
  void draw_box(const Rectangle& box, bool hovered, bool focused);
  void finish();

  [[nodiscard]] std::string name() const;         // what screen readers call the field
  [[nodiscard]] std::string description() const;  // hint and error

 private:
  UiState& state_;
  FieldOptions options_;
  Rectangle outer_;
  float width_;
};

}  // namespace kehubu
