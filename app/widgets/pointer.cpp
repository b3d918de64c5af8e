// The pointer between two frames: taps go to ImGui's items, drags of a finger become scrolling, wheels scroll.
//
// It is decided at the start of a frame, against the regions that the frame before has registered, innermost last. So
// positions are right before anything is drawn, and a list follows the finger without a frame of delay.
#include <algorithm>
#include <cmath>

#include "app/widgets/input.h"
#include "app/widgets/ui_state.h"
#include "imgui.h"
#include "imgui_internal.h"

namespace kehubu {

namespace {

constexpr float pan_slop = 8;              // CSS pixels a finger may wander within a tap
constexpr float scroll_bar_grip_width = 16;
constexpr float scroll_bar_least_thumb = 44;
constexpr float reveal_margin = 24;

struct Thumb {
  float top = 0, height = 0;
};

Thumb thumb_of(const ScrollAxis& axis, const Rectangle& rectangle) {
  const float track = rectangle.height - 8;
  const auto share = static_cast<float>(axis.viewport() / std::max(1.0, axis.extent()));
  const float height = std::min(track, std::max(scroll_bar_least_thumb, track * share));
  const double along = axis.maximum() > 0 ? axis.position() / axis.maximum() : 0;
  return {rectangle.top + 4 + static_cast<float>(along) * (track - height), height};
}

// The innermost region at a point that can scroll along the axis.
const ScrollRegion* region_at(UiState& state, Point point, bool vertical) {
  const int layer = state.top_blocking_layer();
  for (auto region = state.last_regions.rbegin(); region != state.last_regions.rend(); ++region) {
    if (region->layer < layer || !contains_point(region->rectangle, point)) {
      continue;
    }
    const ScrollMemory& memory = state.scrolls[region->key];
    if (vertical ? region->vertical && memory.vertical.can_scroll() : region->horizontal && memory.horizontal.can_scroll()) {
      return &*region;
    }
  }
  return nullptr;
}

void step_flings(UiState& state, double elapsed) {
  for (const ScrollRegion& region : state.last_regions) {
    ScrollMemory& memory = state.scrolls[region.key];
    memory.vertical.step(elapsed);
    memory.horizontal.step(elapsed);
    state.animating = state.animating || memory.vertical.moving() || memory.horizontal.moving();
  }
}

// A finger that comes down upon something moving only stops it.
bool stop_fling_at(UiState& state, Point point) {
  bool stopped = false;
  for (const ScrollRegion& region : state.last_regions) {
    ScrollMemory& memory = state.scrolls[region.key];
    if (contains_point(region.rectangle, point) && (memory.vertical.moving() || memory.horizontal.moving())) {
      memory.vertical.stop();
      memory.horizontal.stop();
      stopped = true;
    }
  }
  return stopped;
}

void begin_scroll_bar_drag(UiState& state) {
  auto& pointer = state.pointer;
  const ScrollRegion* region = region_at(state, pointer.start, true);
  if (region == nullptr || pointer.touch) {
    return;
  }
  const float right = region->rectangle.left + region->rectangle.width;
  if (pointer.start.x < right - scroll_bar_grip_width) {
    return;
  }
  const Thumb thumb = thumb_of(state.scrolls[region->key].vertical, region->rectangle);
  const bool on_thumb = pointer.start.y >= thumb.top && pointer.start.y < thumb.top + thumb.height;
  pointer.scroll_bar = region->key;
  pointer.scroll_bar_grip = on_thumb ? pointer.start.y - thumb.top : thumb.height / 2;
  pointer.captured = true;
}

void drag_scroll_bar(UiState& state) {
  const auto region = std::find_if(state.last_regions.begin(), state.last_regions.end(),
                                   [&](const ScrollRegion& each) { return each.key == state.pointer.scroll_bar; });
  if (region == state.last_regions.end()) {
    return;
  }
  ScrollAxis& axis = state.scrolls[region->key].vertical;
  const Thumb thumb = thumb_of(axis, region->rectangle);
  const double track = region->rectangle.height - 8 - thumb.height;
  if (track > 0) {
    const double along = (state.pointer.position.y - state.pointer.scroll_bar_grip - region->rectangle.top - 4) / track;
    axis.move_to(along * axis.maximum());
  }
}

void begin_pan(UiState& state) {
  auto& pointer = state.pointer;
  if (!pointer.wandered) {
    return;
  }
  const float across = std::abs(pointer.position.x - pointer.start.x);
  const float down = std::abs(pointer.position.y - pointer.start.y);
  pointer.captured = true;  // whatever it becomes, it is no tap any more
  const bool vertical = down >= across;
  const ScrollRegion* region = region_at(state, pointer.start, vertical);
  if (region == nullptr) {
    pointer.swipes = !vertical;
    return;
  }
  pointer.panned = region->key;
  pointer.pans_vertically = vertical;
  ScrollMemory& memory = state.scrolls[region->key];
  // From the present position, not from the start: the content must not jump by the slop.
  (vertical ? memory.vertical : memory.horizontal)
      .begin_drag(vertical ? pointer.position.y : pointer.position.x, state.now_seconds);
}

void end_pan(UiState& state) {
  ScrollMemory& memory = state.scrolls[state.pointer.panned];
  ScrollAxis& axis = state.pointer.pans_vertically ? memory.vertical : memory.horizontal;
  axis.end_drag(state.now_seconds);
  if (state.platform.preferences().reduced_motion) {
    axis.stop();
  }
  state.animating = state.animating || axis.moving();
}

void turn_wheel(UiState& state) {
  const ImGuiIO& io = ImGui::GetIO();
  const float down = -io.MouseWheel * wheel_unit;
  const float across = -io.MouseWheelH * wheel_unit;
  if (down != 0) {
    if (const ScrollRegion* region = region_at(state, state.pointer.position, true)) {
      state.scrolls[region->key].vertical.move_by(down);
    } else if (const ScrollRegion* sideways = region_at(state, state.pointer.position, false)) {
      state.scrolls[sideways->key].horizontal.move_by(down);
    }
  }
  if (across != 0) {
    if (const ScrollRegion* region = region_at(state, state.pointer.position, false)) {
      state.scrolls[region->key].horizontal.move_by(across);
    }
  }
}

}  // namespace

int UiState::top_blocking_layer() const {
  // Layers of the frame before: those of this frame are only known when everything is drawn.
  for (std::size_t index = last_layers.size(); index > 0; --index) {
    if (last_layers[index - 1].blocks) {
      return static_cast<int>(index);
    }
  }
  return 0;
}

void UiState::begin_pointer() {
  const ImGuiIO& io = ImGui::GetIO();
  const bool was_down = pointer.down;
  const bool known = ImGui::IsMousePosValid();
  if (known) {
    pointer.position = {io.MousePos.x / scale, io.MousePos.y / scale};
  }
  pointer.down = io.MouseDown[0];
  // Pens hover as a mouse does and pan as a finger does.
  pointer.touch = io.MouseSource == ImGuiMouseSource_TouchScreen;
  const bool pans = pointer.touch || io.MouseSource == ImGuiMouseSource_Pen;
  step_flings(*this, io.DeltaTime);
  const float distance = std::max(std::abs(pointer.position.x - pointer.start.x), std::abs(pointer.position.y - pointer.start.y));
  pointer.wandered = pointer.wandered || (was_down && distance >= pan_slop);

  if (pointer.down && !was_down) {
    pointer.start = pointer.position;
    pointer.wandered = false;
    pointer.panned = pointer.scroll_bar = 0;
    pointer.captured = stop_fling_at(*this, pointer.position);
    begin_scroll_bar_drag(*this);
  } else if (pointer.down && pointer.scroll_bar != 0) {
    drag_scroll_bar(*this);
  } else if (pointer.down && pointer.panned != 0) {
    ScrollMemory& memory = scrolls[pointer.panned];
    (pointer.pans_vertically ? memory.vertical : memory.horizontal)
        .drag_to(pointer.pans_vertically ? pointer.position.y : pointer.position.x, now_seconds);
  } else if (pointer.down && pans && !pointer.captured) {
    begin_pan(*this);
  } else if (!pointer.down && was_down && pointer.panned != 0) {
    end_pan(*this);
  }
  begin_hold(was_down);
  if (pointer.captured) {
    ImGui::ClearActiveID();
  }
  if (!pointer.down && !was_down) {
    pointer.captured = false;  // one frame after the release, so that the release itself presses nothing
    pointer.panned = pointer.scroll_bar = 0;
  }
  if (known) {
    turn_wheel(*this);
  }
}

void UiState::register_scroll(Key key, const Rectangle& rectangle, bool vertical, bool horizontal) {
  regions.push_back({key, intersection(rectangle, clips.back()), layer, vertical, horizontal});
}

void UiState::draw_scroll_bar(Key key, const ScrollAxis& axis, const Rectangle& rectangle) {
  const bool in_use = pointer.scroll_bar == key || pointer.panned == key || axis.moving();
  const bool near = !pointer.touch && contains_point(rectangle, pointer.position) && ImGui::IsMousePosValid();
  if (!axis.can_scroll() || (!in_use && !near)) {
    return;
  }
  const Thumb thumb = thumb_of(axis, rectangle);
  const float right = rectangle.left + rectangle.width;
  const bool gripped = pointer.scroll_bar == key || (near && pointer.position.x > right - scroll_bar_grip_width);
  const float width = gripped ? 8.0F : 4.0F;
  paint().fill({right - width - 3, thumb.top, width, thumb.height}, ColorToken::border_control, width / 2);
}

void UiState::reveal_in_scrolls(const Rectangle& rectangle) {
  Rectangle wanted = rectangle;
  for (auto frame = scroll_frames.rbegin(); frame != scroll_frames.rend(); ++frame) {
    ScrollMemory& memory = scrolls[frame->key];
    // The window may have shrunk in this very frame: the soft keyboard has come up.
    memory.vertical.set_sizes(memory.vertical.extent(), static_cast<double>(frame->rectangle.height));
    const double before_y = memory.vertical.position();
    const double before_x = memory.horizontal.position();
    if (frame->vertical) {
      const double top = before_y + wanted.top - frame->rectangle.top;
      memory.vertical.reveal(top, top + wanted.height, reveal_margin);
    }
    if (frame->horizontal) {
      const double left = before_x + wanted.left - frame->rectangle.left;
      memory.horizontal.reveal(left, left + wanted.width, reveal_margin);
    }
    const double moved_y = memory.vertical.position() - before_y;
    const double moved_x = memory.horizontal.position() - before_x;
    unsettled = unsettled || moved_y != 0 || moved_x != 0;
    wanted.top -= static_cast<float>(moved_y);
    wanted.left -= static_cast<float>(moved_x);
  }
  reveal = 0;
}

}  // namespace kehubu
