// Application: the whole product behind one small door.
//
// web/main.cpp (and the tests) make the platform, the mirror, the ImGui context with its typefaces and the store; the
// Application draws itself into that context, frame by frame, and is told what comes through the mirror. It is
// implemented in app/shell/.
#pragma once

#include <memory>

#include "app/platform.h"
#include "app/widgets/semantics.h"

namespace kehubu {

class DurableStore;  // core/store/durable_store.h
class PageImage;     // core/store/page_image.h

// What the application is given. Everything outlives it. `store` has not been opened yet: the application opens it, and
// shows the outcome itself.
struct ApplicationHost {
  Platform& platform;
  SemanticMirror& mirror;
  PageImage& image;
  DurableStore& store;
};

class Application {
 public:
  virtual ~Application() = default;

  // The database is still being opened. What the caller shows meanwhile may stay: a frame would only say the same.
  [[nodiscard]] virtual bool opening() const = 0;
  // Draws one frame. The caller has called ImGui::NewFrame() and calls ImGui::Render() afterwards.
  virtual void frame() = 0;
  // True while something moves or a task has slices left: the caller then draws the next frame at once.
  [[nodiscard]] virtual bool wants_frame() const = 0;
  // True when the frame just made found that something has another size than it had assumed. The caller then makes the
  // frame again at once, before anything is shown (at most twice), so that nothing is ever seen jumping into place.
  [[nodiscard]] virtual bool unsettled() const = 0;
  // Long work (imports, merges, exports) goes on between frames, so that drawing slowly does not make it slow. True while
  // there is some to do at once; the caller then calls work() again and again, letting the browser's events in between.
  // One call takes a few milliseconds and asks for a frame when there is progress to show.
  [[nodiscard]] virtual bool has_work() const = 0;
  virtual void work() = 0;
  // What a person did through the mirror. The caller draws a frame right afterwards, inside the same browser event, so
  // that file pickers and share sheets still count as asked for by the person.
  virtual void handle(const SemanticEvent& event) = 0;
  // The page is about to be hidden, frozen or closed: put drafts into the store now; no further call may come.
  virtual void on_hidden() = 0;
};

[[nodiscard]] std::unique_ptr<Application> make_application(const ApplicationHost& host);

}  // namespace kehubu
