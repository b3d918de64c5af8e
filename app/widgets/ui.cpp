#include "app/widgets/ui.h"

#include <algorithm>
#include <cmath>

#include "app/widgets/typefaces.h"
#include "app/widgets/ui_state.h"
#include "imgui.h"
#include "imgui_internal.h"

namespace kehubu {

namespace {

constexpr ImGuiWindowFlags page_window_flags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoBackground |
                                               ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                                               ImGuiWindowFlags_NoBringToFrontOnFocus | ImGuiWindowFlags_NoNav |
                                               ImGuiWindowFlags_NoScrollWithMouse | ImGuiWindowFlags_NoFocusOnAppearing;
constexpr std::size_t memory_limit = 4096;  // remembered sizes; beyond it they are measured anew

void begin_page_window(const UiState& state) {
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize({state.viewport.width * state.scale, state.viewport.height * state.scale});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 0.0F);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowMinSize, ImVec2(1, 1));
  ImGui::Begin("page", nullptr, page_window_flags);
  ImGui::PopStyleVar(3);
}

void take_up_events(UiState& state) {
  state.frame_events.assign(std::make_move_iterator(state.events.begin()), std::make_move_iterator(state.events.end()));
  state.events.clear();
  for (const SemanticEvent& event : state.frame_events) {
    switch (event.kind) {
      case SemanticEvent::Kind::focus:
        state.focused = event.node;
        state.focus_from_keyboard = event.from_keyboard;
        state.reveal = event.node;
        break;
      case SemanticEvent::Kind::blur:
        if (state.focused == event.node) {
          state.focused = 0;
        }
        break;
      case SemanticEvent::Kind::scroll_to:
        state.reveal = event.node;
        break;
      case SemanticEvent::Kind::cancel:
        state.escape_pressed = true;
        break;
      default: break;
    }
  }
}

void forget_old_memory(UiState& state) {
  if (state.heights.size() > memory_limit) {
    state.heights.clear();
  }
  if (state.rows.size() > memory_limit) {
    state.rows.clear();
  }
  if (state.animations.size() > memory_limit) {
    state.animations.clear();
  }
  if (state.pickers.size() > memory_limit) {
    std::erase_if(state.pickers, [](const auto& picker) { return !picker.second.open; });
  }
}

// The largest part that scrolls is what Page Up and Page Down mean, if nothing else has asked for them.
void page_keys(UiState& state) {
  const bool typing = (state.focused >> 32) == static_cast<NodeId>(Role::text_box) + 1 ||
                      (state.focused >> 32) == static_cast<NodeId>(Role::search_box) + 1;
  if (typing) {
    return;
  }
  const ScrollRegion* largest = nullptr;
  for (const ScrollRegion& region : state.last_regions) {
    const bool better = largest == nullptr || region.rectangle.height * region.rectangle.width >
                                                  largest->rectangle.height * largest->rectangle.width;
    if (region.vertical && region.layer >= state.top_blocking_layer() && better) {
      largest = &region;
    }
  }
  if (largest == nullptr) {
    return;
  }
  ScrollAxis& axis = state.scrolls[largest->key].vertical;
  constexpr double kept_share = 0.9;  // a little of the old page stays in view
  if (ImGui::IsKeyPressed(ImGuiKey_PageDown)) {
    axis.move_by(axis.viewport() * kept_share);
  } else if (ImGui::IsKeyPressed(ImGuiKey_PageUp)) {
    axis.move_by(-axis.viewport() * kept_share);
  } else if (ImGui::IsKeyPressed(ImGuiKey_Home)) {
    axis.move_to(0);
  } else if (ImGui::IsKeyPressed(ImGuiKey_End)) {
    axis.move_to(axis.maximum());
  }
}

// How large a heading is drawn says which of two is the higher one, but may skip a size. The outline that is read out has
// no gaps: each heading lies one below the nearest higher one before it.
void number_headings(SemanticTree& tree) {
  std::vector<std::int8_t> above;
  for (SemanticNode& node : tree.nodes) {
    if (node.role != Role::heading) {
      continue;
    }
    const std::int8_t drawn = std::max<std::int8_t>(1, node.level);
    while (!above.empty() && above.back() >= drawn) {
      above.pop_back();
    }
    above.push_back(drawn);
    node.level = static_cast<std::int8_t>(above.size());
  }
}

}  // namespace

Ui::Ui(Platform& platform, SemanticMirror& mirror) : state_(std::make_unique<UiState>(platform, mirror)) {}
Ui::~Ui() = default;

void Ui::begin_frame() {
  UiState& state = *state_;
  ++state.frame_number;
  const float keyboard_before = state.viewport.keyboard_height;
  state.viewport = state.platform.viewport();
  if (state.viewport.keyboard_height > keyboard_before) {
    state.reveal = state.focused;  // what is being typed into must stay in sight
  }
  state.scale = state.viewport.device_pixel_ratio;
  state.now_seconds = static_cast<double>(state.platform.monotonic_us()) * 1e-6;
  state.made_again = state.unsettled;
  state.unsettled = state.animating = false;
  state.tree.nodes.clear();
  state.regions.clear();
  state.hold_targets.clear();
  state.layers.clear();
  state.layer = state.drawn_layers = 0;
  state.parents.assign(1, 0);
  state.keys.assign(1, 0);
  state.disabled_depth = 0;
  forget_old_memory(state);
  begin_page_window(state);
  state.painter.emplace(ImGui::GetWindowDrawList(), *state.theme, state.scale);
  state.escape_pressed = ImGui::IsKeyPressed(ImGuiKey_Escape, false);
  take_up_events(state);
  state.begin_pointer();
  page_keys(state);

  const Rectangle whole{0, 0, state.viewport.width, state.viewport.height};
  state.clips.assign(1, whole);
  state.layouts.clear();
  state.push_column(screen(), 0, whole.height);
  state.paint().fill(whole, ColorToken::page);
}

void Ui::end_frame() {
  UiState& state = *state_;
  state.draw_toasts(*this);
  state.draw_dragged();
  IM_ASSERT(state.layouts.size() == 1 && state.clips.size() == 1 && state.parents.size() == 1 && "a scope was left open");
  ImGui::End();
  state.painter.reset();
  state.last_regions.swap(state.regions);
  state.last_hold_targets.swap(state.hold_targets);
  if (state.last_layers.size() != state.layers.size()) {
    state.unsettled = true;  // what is pressable has changed: one more frame sees it
  }
  state.last_layers.swap(state.layers);
  if (state.drawn_wanted_focus != 0 && state.drawn_wanted_focus == state.wanted_focus) {
    state.wanted_focus = state.drawn_wanted_focus = 0;
  }
  number_headings(state.tree);
  state.mirror.publish(state.tree);
}

void Ui::handle(const SemanticEvent& event) {
  constexpr std::size_t event_limit = 256;
  if (state_->events.size() < event_limit) {
    state_->events.push_back(event);
  }
}

bool Ui::wants_frame() const { return state_->animating || state_->unsettled || !state_->events.empty(); }
bool Ui::unsettled() const { return state_->unsettled; }

void Ui::set_language(bool chinese) { state_->chinese = chinese; }
bool Ui::chinese() const { return state_->chinese; }
void Ui::set_theme(ThemeName name) { state_->theme = &Theme::get(name); }
const Theme& Ui::theme() const { return *state_->theme; }
Platform& Ui::platform() const { return state_->platform; }

// ---- geometry -----------------------------------------------------------------------------------------------------

Rectangle Ui::screen() const {
  const Viewport& viewport = state_->viewport;
  return {viewport.safe_left, viewport.safe_top, viewport.width - viewport.safe_left - viewport.safe_right,
          viewport.height - viewport.safe_top - viewport.safe_bottom};
}

Rectangle Ui::visible_screen() const {
  Rectangle visible = screen();
  const float keyboard_top = state_->viewport.height - state_->viewport.keyboard_height;
  visible.height = std::min(visible.height, keyboard_top - visible.top);
  return visible;
}

Insets Ui::safe_area() const {
  const Viewport& viewport = state_->viewport;
  return {viewport.safe_top, viewport.safe_right, viewport.safe_bottom, viewport.safe_left};
}

WidthClass Ui::width_class() const {
  const float width = state_->viewport.width;
  return width < Metrics::phone_below      ? WidthClass::phone
         : width < Metrics::portrait_below ? WidthClass::portrait
                                           : WidthClass::landscape;
}

float Ui::available_width() const { return state_->rest_width(); }

float Ui::available_height() const {
  const Layout& present = state_->layouts.back();
  const float gap = present.first ? 0 : present.gap;
  return std::max(0.0F, present.lower_edge - present.cursor.y - gap);
}

Point Ui::cursor() const { return state_->layouts.back().cursor; }

// ---- keyboard -----------------------------------------------------------------------------------------------------

bool Ui::shortcut(char key, bool with_command) {
  const ImGuiIO& io = ImGui::GetIO();
  const bool command = io.KeyCtrl || io.KeySuper;
  ImGuiKey code = ImGuiKey_None;
  if (key >= 'A' && key <= 'Z') {
    code = static_cast<ImGuiKey>(ImGuiKey_A + (key - 'A'));
  } else if (key >= '0' && key <= '9') {
    code = static_cast<ImGuiKey>(ImGuiKey_0 + (key - '0'));
  } else if (key == '/') {
    code = ImGuiKey_Slash;
  }
  const bool reached = state_->layer >= state_->top_blocking_layer();
  return code != ImGuiKey_None && reached && command == with_command && ImGui::IsKeyPressed(code, false);
}

bool Ui::escape_pressed() {
  const bool pressed = state_->escape_pressed && state_->last_layers.empty();
  state_->escape_pressed = state_->escape_pressed && !pressed;
  return pressed;
}

NodeId Ui::focused_node() const { return state_->focused; }

}  // namespace kehubu
