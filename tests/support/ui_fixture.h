// Widgets without a browser: an ImGui context with box letters, a platform in memory, and a recorded semantic tree. A test
// draws frames, presses things by role and name as a person would, and reads the tree.
#pragma once

#include <functional>
#include <string_view>

#include "app/widgets/ui.h"
#include "web/native/memory_platform.h"

struct ImGuiContext;

namespace kehubu::test {

class RecordedMirror final : public SemanticMirror {
 public:
  SemanticTree tree;
  std::function<void(const SemanticTree&)> on_publish;
  void publish(const SemanticTree& published) override {
    tree = published;
    if (on_publish) {
      on_publish(tree);
    }
  }

  // The node; null when there is none.
  [[nodiscard]] const SemanticNode* find(Role role, std::string_view name) const;
  [[nodiscard]] int count(Role role) const;
};

class UiFixture {
 public:
  using Body = FunctionRef<void()>;

  UiFixture();
  ~UiFixture();
  UiFixture(const UiFixture&) = delete;
  UiFixture& operator=(const UiFixture&) = delete;

  MemoryPlatform platform;
  RecordedMirror mirror;

  // One frame as the page makes it: again until it is settled. Answers how often it was made.
  int frame(Body draw, double elapsed_ms = 16);
  // The same around something that begins and ends the frame itself, such as an Application.
  int whole_frame(Body draw, FunctionRef<bool()> unsettled, double elapsed_ms = 16);
  // Frames until nothing moves any more; fails the test after two hundred.
  int rest(Body draw);

  void pointer_down(Point point, bool touch = false);
  void pointer_move(Point point);
  void pointer_up();
  void wheel(Point point, float css_pixels_down);
  void key(int imgui_key, Body draw);
  // Pressed and released at its centre, with the frames in between.
  void tap(Role role, std::string_view name, Body draw);
  void send(const SemanticEvent& event) { ui.handle(event); }

  Ui ui{platform, mirror};

 private:
  ImGuiContext* context_;
  ImGuiContext* outer_context_;
};

[[nodiscard]] Point center(const Rectangle& rectangle);

}  // namespace kehubu::test
