// Holding: the long press of a finger and the right button of a mouse ask for a menu; what can be dragged is picked up by the
// same long press, or by moving the mouse. Decided at the start of a frame against what the frame before has registered.
#include <algorithm>
#include <cmath>

#include "app/widgets/ui.h"
#include "app/widgets/ui_state.h"
#include "imgui.h"
#include "imgui_internal.h"

namespace kehubu {

namespace {

constexpr double long_press_seconds = 0.5;
constexpr float edge_width = 56;              // of what scrolls: holding something there scrolls it
constexpr double edge_speed = 600;            // CSS pixels a second, at the very edge
constexpr float least_swipe = 64;

// What is held near the edge of something that scrolls moves it, the faster the nearer.
void scroll_at_edges(UiState& state) {
  const Point at = state.pointer.position;
  const double elapsed = static_cast<double>(ImGui::GetIO().DeltaTime);
  for (auto region = state.last_regions.rbegin(); region != state.last_regions.rend(); ++region) {
    if (!contains_point(region->rectangle, at)) {
      continue;
    }
    const auto pull = [](float place, float begin, float length) {
      const float before = place - begin, behind = begin + length - place;
      return before < edge_width ? before / edge_width - 1 : behind < edge_width ? 1 - behind / edge_width : 0.0F;
    };
    ScrollMemory& memory = state.scrolls[region->key];
    const auto move = [&](ScrollAxis& axis, float strength) {
      const double before = axis.position();
      axis.move_by(static_cast<double>(strength) * edge_speed * elapsed);
      state.animating = state.animating || axis.position() != before;
    };
    if (region->vertical) {
      move(memory.vertical, pull(at.y, region->rectangle.top, region->rectangle.height));
    }
    if (region->horizontal) {
      move(memory.horizontal, pull(at.x, region->rectangle.left, region->rectangle.width));
    }
  }
}

}  // namespace

const UiState::HoldTarget* UiState::hold_target_at(Point point) const {
  for (auto target = last_hold_targets.rbegin(); target != last_hold_targets.rend(); ++target) {
    if (target->layer >= top_blocking_layer() && contains_point(target->rectangle, point)) {
      return &*target;
    }
  }
  return nullptr;
}

void UiState::begin_hold(bool was_down) {
  menu_of = 0;
  swipe = 0;
  if (drag.dropped) {
    drag = {};
  }
  const auto ask = [&](Key key) {
    menu_of = key;
    menu_place = {pointer.position.x, pointer.position.y, 1, 1};
  };
  if (ImGui::IsMouseReleased(1) && ImGui::IsMousePosValid()) {
    if (const HoldTarget* target = hold_target_at(pointer.position)) {
      ask(target->key);
    }
  }
  if (pointer.down && !was_down) {
    pointer.down_since = now_seconds;
    pointer.held_long = pointer.held_due = pointer.swipes = false;
  }
  const bool rests = pointer.down && !pointer.wandered && !pointer.captured && !pointer.held_long;
  const HoldTarget* under = pointer.down && drag.source == 0 ? hold_target_at(pointer.start) : nullptr;
  if (under != nullptr && rests && pointer.touch) {
    const double left_seconds = long_press_seconds - (now_seconds - pointer.down_since);
    if (left_seconds > 0) {
      platform.request_frame_after(left_seconds * 1000 + 1);
    } else if (!pointer.held_due || made_again) {
      // On a slow device the finger may be up again, and the event of that wait behind this frame: events come before the next.
      pointer.held_due = true;
      platform.request_frame_after(1);
    } else {
      pointer.held_long = pointer.captured = true;
      if (under->draggable) {
        drag = {.source = under->key, .moved = false, .dropped = false, .label = {}};
      } else {
        ask(under->key);
      }
    }
  }
  const bool by_mouse = under != nullptr && under->draggable && !pointer.touch && pointer.wandered && !pointer.captured && pointer.scroll_bar == 0;
  if (by_mouse) {
    drag = {.source = under->key, .moved = true, .dropped = false, .label = {}};
    pointer.captured = true;
  }
  if (drag.source != 0 && pointer.down) {
    drag.moved = drag.moved || pointer.wandered;
    if (escape_pressed) {
      escape_pressed = false;
      drag = {};
    } else if (drag.moved) {
      scroll_at_edges(*this);
    }
  } else if (drag.source != 0 && was_down) {
    drag.dropped = drag.moved;
    animating = true;
    if (!drag.moved) {
      ask(drag.source);
      drag = {};
    }
  }
  if (!pointer.down && was_down && pointer.swipes) {
    const float across = pointer.position.x - pointer.start.x, down = std::abs(pointer.position.y - pointer.start.y);
    swipe = std::abs(across) >= least_swipe && std::abs(across) > 2 * down ? (across < 0 ? 1 : -1) : 0;
    unsettled = unsettled || swipe != 0;
  }
  if (pointer.captured) {
    ImGui::ClearActiveID();
  }
}

bool UiState::asks_for_menu(Key key, NodeId node, const Rectangle& rectangle, bool draggable) {
  hold_targets.push_back({key, intersection(rectangle, clips.back()), layer, draggable});
  if (menu_of == key) {
    menu_of = 0;
    unsettled = true;
    return true;
  }
  if (node != 0 && take_event(node, SemanticEvent::Kind::menu)) {
    menu_place = rectangle;
    unsettled = true;
    return true;
  }
  return false;
}

HoldResult Ui::hold(std::string_view name_key, const HoldOptions& options) {
  UiState& state = *state_;
  const Key key = state.key_of(name_key);
  HoldResult result;
  result.menu = state.asks_for_menu(key, 0, state.last_rectangle, options.draggable);
  result.dragged = state.drag.source == key;
  if (result.dragged) {
    state.drag.label = options.label;
    if (state.visible(state.last_rectangle)) {
      state.paint().outline(state.last_rectangle, ColorToken::accent, 2, Metrics::radius_card);
    }
  }
  return result;
}

DropState Ui::drop_target(const Rectangle& place) const {
  const UiState::Drag& drag = state_->drag;
  if (drag.source == 0 || !drag.moved || !contains_point(place, state_->pointer.position)) {
    return DropState::none;
  }
  return drag.dropped ? DropState::dropped : DropState::over;
}

int Ui::swiped() const { return state_->last_layers.empty() ? state_->swipe : 0; }
Rectangle Ui::context_place() const { return state_->menu_place; }
void Ui::anchor(const Rectangle& place) { state_->last_rectangle = place; }
float Ui::text_width(std::string_view words, TextStyle style) const { return state_->paint().measure(words, style); }
void Ui::set_page(std::int64_t page) {
  if (std::exchange(state_->page, page) != page) {
    for (const Layer& open : state_->last_layers) {
      state_->left_open.push_back(open.key);
    }
  }
}

// What is dragged, small, beside the pointer and above everything.
void UiState::draw_dragged() {
  if (drag.source == 0 || !drag.moved || drag.dropped) {
    return;
  }
  Painter above(ImGui::GetForegroundDrawList(), *theme, scale);
  constexpr float widest_label = 220;
  const float width = std::min(widest_label, above.measure(drag.label, TextStyle::body_strong) + 1) + 2 * pixels(Space::l);
  const Rectangle box{pointer.position.x - width / 2, pointer.position.y - Metrics::control_height - pixels(Space::m), width, Metrics::control_height};
  above.shadow(box, Metrics::radius_card, 14);
  above.fill(box, ColorToken::surface_raised, Metrics::radius_card);
  above.outline(box, ColorToken::accent, 2, Metrics::radius_card);
  const float line = Theme::text_style(TextStyle::body_strong).line_height;
  above.text({box.left + pixels(Space::l), box.top + (box.height - line) / 2}, drag.label, TextStyle::body_strong, ColorToken::text, width - 2 * pixels(Space::l));
}

}  // namespace kehubu
