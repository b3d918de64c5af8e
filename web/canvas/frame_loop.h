// FrameLoop: the loop. It turns what the browser tells into ImGui's input, lets the application draw, and hands the result to
// WebGL. It draws when something asked for it and never otherwise (decision 7).
#pragma once

#include <memory>

#include "app/application.h"
#include "web/platform/browser_platform.h"

namespace kehubu {

class FrameLoop {
 public:
  explicit FrameLoop(BrowserPlatform& platform);
  ~FrameLoop();
  FrameLoop(const FrameLoop&) = delete;
  FrameLoop& operator=(const FrameLoop&) = delete;

  // Makes the typefaces and the renderer; the ImGui context is there from the beginning. False: there is no WebGL 2.
  [[nodiscard]] bool start();
  // From now on frames are drawn.
  void run(Application& application);

  void work();                                    // a slice of the application's long work
  void draw();                                    // now
  void handle(const SemanticEvent& event);        // and draw, inside the browser's event

  // --- from canvas.library.js
  enum class PointerEvent : int { move, down, up, leave };
  void pointer(PointerEvent kind, float x, float y, int source, int button);
  void wheel(float across, float down, float x, float y);
  void key(int letter, int code, bool is_down, int modifiers);
  void focus_lost();
  void resized(const Viewport& viewport, int device_width, int device_height);
  void context_lost() { context_is_lost_ = true; }
  void context_restored();
  void hidden();

 private:
  void draw_once(double now_seconds);
  void render();
  void work_soon();

  BrowserPlatform& platform_;
  Application* application_ = nullptr;
  double last_frame_seconds_ = 0;
  float scale_ = 1;
  int device_width_ = 1, device_height_ = 1;
  bool context_is_lost_ = false;
  bool drawing_ = false;
  bool work_is_coming_ = false;
  bool shown_ = false;
};

}  // namespace kehubu
