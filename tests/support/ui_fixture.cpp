#include "tests/support/ui_fixture.h"

#include <doctest/doctest.h>

#include <cfloat>

#include "app/widgets/input.h"
#include "imgui.h"
#include "imgui_internal.h"
#include "web/native/box_typefaces.h"

namespace kehubu::test {

const SemanticNode* RecordedMirror::find(Role role, std::string_view name) const {
  for (const SemanticNode& node : tree.nodes) {
    if (node.role == role && node.name == name) {
      return &node;
    }
  }
  return nullptr;
}

int RecordedMirror::count(Role role) const {
  int found = 0;
  for (const SemanticNode& node : tree.nodes) {
    found += node.role == role ? 1 : 0;
  }
  return found;
}

Point center(const Rectangle& rectangle) { return {rectangle.left + rectangle.width / 2, rectangle.top + rectangle.height / 2}; }

UiFixture::UiFixture() : context_(nullptr), outer_context_(ImGui::GetCurrentContext()) {
  context_ = ImGui::CreateContext();
  ImGui::SetCurrentContext(context_);
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.BackendFlags |= ImGuiBackendFlags_RendererHasTextures;
  add_box_typefaces();
}

UiFixture::~UiFixture() {
  for (ImTextureData* texture : ImGui::GetPlatformIO().Textures) {
    texture->SetTexID(ImTextureID_Invalid);
    texture->SetStatus(ImTextureStatus_Destroyed);
  }
  ImGui::DestroyContext(context_);
  ImGui::SetCurrentContext(outer_context_);
}

namespace {

// What a renderer would do: take over textures that are new or changed.
void accept_textures() {
  for (ImTextureData* texture : ImGui::GetPlatformIO().Textures) {
    if (texture->Status == ImTextureStatus_WantDestroy) {
      texture->SetTexID(ImTextureID_Invalid);
      texture->SetStatus(ImTextureStatus_Destroyed);
    } else if (texture->Status != ImTextureStatus_OK) {
      texture->SetTexID(static_cast<ImTextureID>(1));
      texture->SetStatus(ImTextureStatus_OK);
    }
  }
}

}  // namespace

int UiFixture::whole_frame(Body draw, FunctionRef<bool()> unsettled, double elapsed_ms) {
  ImGui::SetCurrentContext(context_);
  platform.monotonic_clock_us += static_cast<std::int64_t>(elapsed_ms * 1000);
  platform.wall_clock_ms += static_cast<std::int64_t>(elapsed_ms);
  constexpr int settling_limit = 4;
  int made = 0;
  do {
    ImGuiIO& io = ImGui::GetIO();
    io.DisplaySize = {platform.viewport_now.width * platform.viewport_now.device_pixel_ratio,
                      platform.viewport_now.height * platform.viewport_now.device_pixel_ratio};
    io.DeltaTime = made == 0 ? static_cast<float>(elapsed_ms / 1000) : 1e-4F;
    ImGui::NewFrame();
    draw();
    ImGui::Render();
    accept_textures();
    ++made;
  } while ((unsettled() || context_->InputEventsQueue.Size > 0) && made < settling_limit);
  return made;
}

int UiFixture::frame(Body draw, double elapsed_ms) {
  const auto whole = [&] {
    ui.begin_frame();
    draw();
    ui.end_frame();
  };
  return whole_frame(whole, [&] { return ui.unsettled(); }, elapsed_ms);
}

int UiFixture::rest(Body draw) {
  constexpr int frame_limit = 200;
  int made = 0;
  do {
    platform.clear_requests();
    frame(draw);
    ++made;
  } while ((ui.wants_frame() || platform.frame_requested) && made < frame_limit);
  REQUIRE(made < frame_limit);
  return made;
}

void UiFixture::pointer_down(Point point, bool touch) {
  ImGui::SetCurrentContext(context_);
  ImGuiIO& io = ImGui::GetIO();
  const float scale = platform.viewport_now.device_pixel_ratio;
  io.AddMouseSourceEvent(touch ? ImGuiMouseSource_TouchScreen : ImGuiMouseSource_Mouse);
  io.AddMousePosEvent(point.x * scale, point.y * scale);
  io.AddMouseButtonEvent(0, true);
}

void UiFixture::pointer_move(Point point) {
  const float scale = platform.viewport_now.device_pixel_ratio;
  ImGui::GetIO().AddMousePosEvent(point.x * scale, point.y * scale);
}

void UiFixture::pointer_up() { ImGui::GetIO().AddMouseButtonEvent(0, false); }

void UiFixture::wheel(Point point, float css_pixels_down) {
  ImGui::GetIO().AddMouseSourceEvent(ImGuiMouseSource_Mouse);
  pointer_move(point);
  ImGui::GetIO().AddMouseWheelEvent(0, -css_pixels_down / wheel_unit);
}

void UiFixture::key(int imgui_key, Body draw) {
  ImGui::GetIO().AddKeyEvent(static_cast<ImGuiKey>(imgui_key), true);
  frame(draw);
  ImGui::GetIO().AddKeyEvent(static_cast<ImGuiKey>(imgui_key), false);
  frame(draw);
}

void UiFixture::tap(Role role, std::string_view name, Body draw) {
  const SemanticNode* node = mirror.find(role, name);
  REQUIRE_MESSAGE(node != nullptr, std::string(name));
  pointer_down(center(node->rectangle));
  frame(draw);
  pointer_up();
  frame(draw);
}

}  // namespace kehubu::test
