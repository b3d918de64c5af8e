#include "web/canvas/frame_loop.h"

#include <GLES3/gl3.h>
#include <emscripten/emscripten.h>

#include <algorithm>
#include <cfloat>

#include "app/widgets/input.h"
#include "backends/imgui_impl_opengl3.h"
#include "imgui.h"
#include "imgui_internal.h"
#include "web/text/letters.h"

extern "C" {
int kehubu_canvas_start();
void kehubu_count_frame(double microseconds);
void kehubu_show_page();
void kehubu_work_soon();
}

namespace kehubu {
namespace {

FrameLoop* the_frame_loop = nullptr;

// A tap of a finger arrives as move, down and up; ImGui takes them one frame after the other. This many frames at most
// are made within one browser event, only the last of which is shown.
constexpr int input_frames_limit = 4;
// A frame may find that something has another size than it assumed; then it is made again before anybody sees it.
constexpr int settling_frames_limit = 3;
// For hanzi that are seen for the first time; what takes longer appears with the next frame.
constexpr double letters_budget_ms = 6;
constexpr double first_letters_budget_ms = 60;  // behind the welcome, where a longer frame is better than a patchy one

ImGuiKey key_of(int letter, int code) {
  static constexpr ImGuiKey named[] = {ImGuiKey_None,   ImGuiKey_LeftArrow, ImGuiKey_RightArrow, ImGuiKey_UpArrow, ImGuiKey_DownArrow,
                                       ImGuiKey_PageUp, ImGuiKey_PageDown,  ImGuiKey_Home,       ImGuiKey_End,     ImGuiKey_Escape,
                                       ImGuiKey_Enter,  ImGuiKey_Space,     ImGuiKey_Delete,     ImGuiKey_Tab};
  if (letter >= 'A' && letter <= 'Z') {
    return static_cast<ImGuiKey>(ImGuiKey_A + (letter - 'A'));
  }
  if (letter >= '0' && letter <= '9') {
    return static_cast<ImGuiKey>(ImGuiKey_0 + (letter - '0'));
  }
  return code > 0 && code < static_cast<int>(std::size(named)) ? named[code] : ImGuiKey_None;
}

ImGuiMouseSource source_of(int source) {
  return source == 1 ? ImGuiMouseSource_TouchScreen : source == 2 ? ImGuiMouseSource_Pen : ImGuiMouseSource_Mouse;
}

}  // namespace

FrameLoop::FrameLoop(BrowserPlatform& platform) : platform_(platform) {
  the_frame_loop = this;
  ImGui::CreateContext();
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.LogFilename = nullptr;
  io.ConfigFlags |= ImGuiConfigFlags_NoMouseCursorChange;
  io.BackendPlatformName = "kehubu";
}

FrameLoop::~FrameLoop() {
  the_frame_loop = nullptr;
  ImGui_ImplOpenGL3_Shutdown();
  ImGui::DestroyContext();
}

bool FrameLoop::start() {
  if (kehubu_canvas_start() == 0) {
    return false;
  }
  ImGui_ImplOpenGL3_Init("#version 300 es");
  add_browser_typefaces();
  return true;
}

void FrameLoop::run(Application& application) {
  application_ = &application;
  platform_.request_frame();
}

void FrameLoop::draw_once(double now_seconds) {
  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = ImVec2(static_cast<float>(device_width_), static_cast<float>(device_height_));
  io.DeltaTime = static_cast<float>(std::clamp(now_seconds - last_frame_seconds_, 1e-4, 0.1));
  last_frame_seconds_ = now_seconds;
  ImGui_ImplOpenGL3_NewFrame();
  ImGui::NewFrame();
  application_->frame();
  ImGui::Render();
}

void FrameLoop::draw() {
  if (application_ == nullptr || drawing_ || (!shown_ && application_->opening())) {
    return;
  }
  drawing_ = true;
  const double began_ms = emscripten_get_now();
  const double now_seconds = began_ms / 1000.0;
  draw_once(now_seconds);
  for (int frames = 1; frames < input_frames_limit && ImGui::GetCurrentContext()->InputEventsQueue.Size > 0; ++frames) {
    draw_once(now_seconds);
  }
  for (int frames = 1; frames < settling_frames_limit && application_->unsettled(); ++frames) {
    draw_once(now_seconds);
  }
  const bool letters_wait = draw_pending_letters(shown_ ? letters_budget_ms : first_letters_budget_ms);
  const double drawn_ms = emscripten_get_now();
  render();
  kehubu_count_frame((drawn_ms - began_ms) * 1000.0);
  drawing_ = false;
  if (letters_wait || application_->wants_frame() || application_->unsettled() || ImGui::GetCurrentContext()->InputEventsQueue.Size > 0) {
    platform_.request_frame();
  }
  work_soon();
  if (!shown_) {
    shown_ = true;
    kehubu_show_page();
  }
}

void FrameLoop::work_soon() {
  if (application_->has_work() && !work_is_coming_) {
    work_is_coming_ = true;
    kehubu_work_soon();
  }
}

void FrameLoop::work() {
  work_is_coming_ = false;
  if (application_ != nullptr && application_->has_work()) {
    application_->work();
    work_soon();
  }
}

void FrameLoop::render() {
  if (context_is_lost_) {
    return;
  }
  glViewport(0, 0, device_width_, device_height_);
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
}

void FrameLoop::handle(const SemanticEvent& event) {
  if (application_ == nullptr) {
    return;
  }
  application_->handle(event);
  if (drawing_) {
    platform_.request_frame();  // the frame itself moved the focus; its event is for the next one
  } else {
    draw();
  }
}

void FrameLoop::pointer(PointerEvent kind, float x, float y, int source, int button) {
  ImGuiIO& io = ImGui::GetIO();
  io.AddMouseSourceEvent(source_of(source));
  if (kind == PointerEvent::leave) {
    io.AddMousePosEvent(-FLT_MAX, -FLT_MAX);
    platform_.request_frame();
    return;
  }
  io.AddMousePosEvent(x * scale_, y * scale_);
  if (kind == PointerEvent::move) {
    platform_.request_frame();
    return;
  }
  if (button == 0 || button == 2) {
    io.AddMouseButtonEvent(button == 2 ? 1 : 0, kind == PointerEvent::down);
    draw();
  }
}

void FrameLoop::wheel(float across, float down, float x, float y) {
  ImGuiIO& io = ImGui::GetIO();
  io.AddMouseSourceEvent(ImGuiMouseSource_Mouse);
  io.AddMousePosEvent(x * scale_, y * scale_);
  io.AddMouseWheelEvent(-across / wheel_unit, -down / wheel_unit);
  platform_.request_frame();
}

void FrameLoop::key(int letter, int code, bool is_down, int modifiers) {
  ImGuiIO& io = ImGui::GetIO();
  io.AddKeyEvent(ImGuiMod_Ctrl, (modifiers & 1) != 0);
  io.AddKeyEvent(ImGuiMod_Shift, (modifiers & 2) != 0);
  io.AddKeyEvent(ImGuiMod_Alt, (modifiers & 4) != 0);
  const ImGuiKey key = key_of(letter, code);
  if (key == ImGuiKey_None) {
    return;
  }
  io.AddKeyEvent(key, is_down);
  if (is_down) {
    draw();
  } else {
    platform_.request_frame();
  }
}

void FrameLoop::focus_lost() {
  // Keys that are released while another window has the focus are never told.
  ImGui::GetIO().ClearInputKeys();
}

void FrameLoop::resized(const Viewport& viewport, int device_width, int device_height) {
  device_width_ = std::max(1, device_width);
  device_height_ = std::max(1, device_height);
  Viewport exact = viewport;
  // Where the browser rounds the canvas to whole device pixels, positions follow the canvas and not the nominal ratio.
  if (viewport.width > 0) {
    exact.device_pixel_ratio = static_cast<float>(device_width_) / viewport.width;
  }
  scale_ = exact.device_pixel_ratio;
  platform_.set_viewport(exact);
}

void FrameLoop::context_restored() {
  context_is_lost_ = false;
  // Everything on the graphics card is gone; what the backend makes anew includes the letters' textures.
  ImGui_ImplOpenGL3_Shutdown();
  ImGui_ImplOpenGL3_Init("#version 300 es");
  draw();
}

void FrameLoop::hidden() {
  if (application_ != nullptr) {
    // What was typed since the last frame has not reached its form yet, and there may be no other frame.
    if (application_->wants_frame()) {
      draw();
    }
    application_->on_hidden();
  }
}

}  // namespace kehubu

using kehubu::the_frame_loop;

extern "C" {
EMSCRIPTEN_KEEPALIVE void kehubu_frame() {
  if (the_frame_loop != nullptr) {
    the_frame_loop->draw();
  }
}
EMSCRIPTEN_KEEPALIVE void kehubu_work() {
  if (the_frame_loop != nullptr) {
    the_frame_loop->work();
  }
}
EMSCRIPTEN_KEEPALIVE void kehubu_pointer(int kind, float x, float y, int source, int button) {
  the_frame_loop->pointer(static_cast<kehubu::FrameLoop::PointerEvent>(kind), x, y, source, button);
}
EMSCRIPTEN_KEEPALIVE void kehubu_wheel(float across, float down, float x, float y) { the_frame_loop->wheel(across, down, x, y); }
EMSCRIPTEN_KEEPALIVE void kehubu_key(int letter, int code, int is_down, int modifiers) {
  the_frame_loop->key(letter, code, is_down != 0, modifiers);
}
EMSCRIPTEN_KEEPALIVE void kehubu_focus_lost() { the_frame_loop->focus_lost(); }
EMSCRIPTEN_KEEPALIVE void kehubu_viewport(float width, float height, float ratio, float top, float right, float bottom, float left,
                                          float keyboard, int device_width, int device_height) {
  the_frame_loop->resized({width, height, ratio, top, right, bottom, left, keyboard}, device_width, device_height);
}
EMSCRIPTEN_KEEPALIVE void kehubu_context_lost() { the_frame_loop->context_lost(); }
EMSCRIPTEN_KEEPALIVE void kehubu_context_restored() { the_frame_loop->context_restored(); }
EMSCRIPTEN_KEEPALIVE void kehubu_hidden() {
  if (the_frame_loop != nullptr) {
    the_frame_loop->hidden();
  }
}
}
