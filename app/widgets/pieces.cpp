// The bigger pieces: progress, empty states, banners, key figures.
#include <algorithm>

#include "app/widgets/list_parts.h"
#include "app/widgets/ui.h"
#include "app/widgets/ui_state.h"

namespace kehubu {

namespace {

Icon icon_of(Tone tone) {
  switch (tone) {
    case Tone::success: return Icon::check;
    case Tone::warning: return Icon::warning;
    case Tone::danger: return Icon::error;
    default: return Icon::info;
  }
}

// The narrowest in which the words take no more lines: a last line of one letter looks like a mistake.
float balanced_width(UiState& state, std::string_view words, TextStyle style, float width) {
  const int lines = wrapped_line_count(state, words, style, width);
  float narrow = width / 2, wide = width;
  while (lines > 1 && wide - narrow > 4) {
    const float middle = (narrow + wide) / 2;
    (wrapped_line_count(state, words, style, middle) > lines ? narrow : wide) = middle;
  }
  return wide;
}

}  // namespace

bool Ui::progress(std::string_view name_key, const ProgressOptions& options) {
  UiState& state = *state_;
  const Key key = state.key_of(name_key);
  constexpr float bar_height = 6;
  constexpr float words_height = 24;
  constexpr float whole_height = words_height + bar_height + 4;
  const bool cancellable = !options.cancel_label.empty();
  bool cancelled = false;
  const float button_width = cancellable ? state.paint().measure(options.cancel_label, TextStyle::body_strong) + 2 * pixels(Space::l) + pixels(Space::m) : 0;
  const Rectangle line = state.place_rest(std::max(whole_height, cancellable ? Metrics::touch_target : 0));
  const Rectangle box{line.left, line.top + (line.height - whole_height) / 2, line.width - button_width, whole_height};
  SemanticNode node;
  node.id = state.node_id(key, Role::progress_bar);
  node.role = Role::progress_bar;
  node.name = options.label.empty() ? state.word("进度", "Progress") : options.label;
  node.value = options.detail;
  node.rectangle = box;
  node.progress = static_cast<std::int16_t>(options.fraction < 0 ? -1 : std::clamp(options.fraction, 0.0F, 1.0F) * 1000);
  state.add_node(std::move(node));
  if (state.visible(line)) {
    Painter& painter = state.paint();
    const float detail = options.detail.empty() ? 0 : painter.measure(options.detail, TextStyle::caption) + pixels(Space::m);
    painter.text({box.left, box.top}, options.label, TextStyle::body, ColorToken::text, box.width - detail);
    painter.text({box.left + box.width - detail + pixels(Space::m), box.top + 2}, options.detail, TextStyle::caption, ColorToken::text_muted);
    const Rectangle track{box.left, box.top + words_height + 2, box.width, bar_height};
    painter.fill(track, ColorToken::neutral_soft, bar_height / 2);
    // Of unknown length: a quiet third, which does not move and so costs no frames.
    const float share = options.fraction < 0 ? 0.33F : std::clamp(options.fraction, 0.0F, 1.0F);
    if (share > 0) {
      painter.fill({track.left, track.top, std::max(bar_height, track.width * share), bar_height}, ColorToken::accent, bar_height / 2);
    }
  }
  if (cancellable) {
    state.push_column({line.left + line.width - button_width + pixels(Space::m), line.top + (line.height - Metrics::control_height) / 2, button_width - pixels(Space::m), 0}, 0, 0);
    state.keys.push_back(key);
    cancelled = button("cancel", options.cancel_label, {.fill_width = true});
    state.keys.pop_back();
    state.pop_column();
    state.last_rectangle = line;
  }
  return cancelled;
}

EmptyStateAction Ui::empty_state(std::string_view key, const EmptyStateOptions& options) {
  UiState& state = *state_;
  EmptyStateAction action = EmptyStateAction::none;
  with_key(key, [&] {
    space(Space::huge);
    constexpr float disc = 88;
    const Rectangle line = state.place_rest(disc);
    if (state.visible(line) && options.icon != Icon::none) {
      const Rectangle circle{line.left + (line.width - disc) / 2, line.top, disc, disc};
      state.paint().circle({circle.left + disc / 2, circle.top + disc / 2}, disc / 2, ColorToken::accent_soft);
      state.paint().icon_centered(circle, options.icon, ColorToken::on_accent_soft, Metrics::icon_huge - 8);
    }
    text(options.title, {.style = TextStyle::subtitle, .align = Align::center});
    constexpr float reading_width = 420;
    const float rest = state.rest_width();
    const float side = std::max(0.0F, (rest - balanced_width(state, options.sentence, TextStyle::body, std::min(rest, reading_width))) / 2);
    indent(Space::none, [&] {
      Layout& column = state.layout();
      column.box.left += side;
      column.cursor.x += side;
      column.box.width = rest - 2 * side;
      text(options.sentence, {.color = ColorToken::text_muted, .align = Align::center});
    });
    space(Space::s);
    row("actions", {.gap = Space::m, .align = Align::center}, [&] {
      if (!options.second_label.empty() && button("second", options.second_label)) {
        action = EmptyStateAction::second;
      }
      if (!options.action_label.empty() && button("first", options.action_label, {.kind = options.within_page ? ButtonKind::secondary : ButtonKind::primary, .icon = options.action_icon})) {
        action = EmptyStateAction::first;
      }
    });
    space(Space::xl);
  });
  return action;
}

namespace {

struct BannerSizes {
  float close_room = 0, action_width = 0;
  bool below = false;  // on narrow screens the action stands below the words
  float room = 0, words_height = 0;
  float line_height = 0, height = 0;
};

constexpr float banner_padding = pixels(Space::l), banner_icon_room = Metrics::icon + pixels(Space::m);

BannerSizes sizes_of(UiState& state, const BannerOptions& options, float width) {
  BannerSizes sizes{.close_room = options.closable ? Metrics::touch_target : 0};
  sizes.action_width = options.action_label.empty() ? 0 : state.paint().measure(options.action_label, TextStyle::body_strong) + 2 * pixels(Space::l);
  sizes.below = sizes.action_width > 0 && width < 520;
  sizes.room = width - 2 * banner_padding - banner_icon_room - sizes.close_room - (sizes.below || sizes.action_width == 0 ? 0 : sizes.action_width + pixels(Space::m));
  sizes.words_height = wrapped_height(state, options.title, TextStyle::body_strong, sizes.room) + wrapped_height(state, options.sentence, TextStyle::body, sizes.room);
  const float least = sizes.action_width > 0 || options.closable ? Metrics::touch_target + pixels(Space::s) : 0;
  sizes.line_height = std::max(sizes.words_height + 2 * pixels(Space::m), least);
  sizes.height = sizes.line_height + (sizes.below ? Metrics::control_height + pixels(Space::m) : 0);
  return sizes;
}

}  // namespace

float Ui::banner_height(const BannerOptions& options, float width) const { return sizes_of(*state_, options, width).height; }

BannerAction Ui::banner(std::string_view name_key, const BannerOptions& options) {
  UiState& state = *state_;
  const Key key = state.key_of(name_key);
  BannerAction action = BannerAction::none;
  const auto [close_room, action_width, below, room, words_height, line_height, height] = sizes_of(state, options, state.rest_width());
  constexpr float padding = banner_padding, icon_room = banner_icon_room;
  const Rectangle box = state.place_rest(height);
  const TonePair colors = Theme::soft(options.tone);

  SemanticNode node;
  node.id = state.node_id(key, Role::group);
  node.role = options.tone == Tone::danger || options.tone == Tone::warning ? Role::alert : Role::status;
  node.id = state.node_id(key, node.role);
  node.name = joined({options.title, options.sentence});
  node.rectangle = box;
  state.add_node(std::move(node));
  if (state.visible(box)) {
    Painter& painter = state.paint();
    painter.fill(box, colors.fill, Metrics::radius_card);
    const float top = box.top + (line_height - words_height) / 2;
    const float first_line = Theme::text_style(TextStyle::body).line_height;
    painter.icon({box.left + padding, top + (first_line - Metrics::icon) / 2}, icon_of(options.tone), colors.text);
    const float used = draw_wrapped(state, {box.left + padding + icon_room, top, room, 0}, options.title, TextStyle::body_strong, colors.text);
    draw_wrapped(state, {box.left + padding + icon_room, top + used, room, 0}, options.sentence, TextStyle::body, colors.text);
  }
  state.keys.push_back(key);
  if (action_width > 0) {
    const float left = below ? box.left + padding + icon_room : box.left + box.width - padding - close_room - action_width;
    const float top = below ? box.top + line_height : box.top + (line_height - Metrics::control_height) / 2;
    state.push_column({left, top, action_width, 0}, 0, 0);
    if (button("action", options.action_label, {.fill_width = true})) {
      action = BannerAction::action;
    }
    state.pop_column();
  }
  if (options.closable) {
    state.push_column({box.left + box.width - close_room - 4, box.top + (line_height - Metrics::touch_target) / 2, close_room, 0}, 0, 0);
    if (icon_button("close", Icon::close, state.word("关闭提示", "Dismiss"))) {
      action = BannerAction::close;
    }
    state.pop_column();
  }
  state.keys.pop_back();
  state.last_rectangle = box;
  return action;
}

bool Ui::statistic(std::string_view name_key, const StatisticOptions& options) {
  UiState& state = *state_;
  const auto body = [&] {
    row("label", {.gap = Space::s, .wrap = false}, [&] {
      if (options.icon != Icon::none) {
        icon(options.icon, ColorToken::text_muted, Metrics::icon);
      }
      text(options.label, {.style = TextStyle::caption, .color = ColorToken::text_muted, .max_lines = 1});
    });
    // An amount that would lose digits is written smaller instead.
    const bool fits = state.paint().measure(options.value, TextStyle::display) <= state.rest_width();
    text(options.value, {.style = fits ? TextStyle::display : TextStyle::subtitle, .max_lines = 1});
    if (!options.change.empty() || !options.detail.empty()) {
      row("change", {.gap = Space::s}, [&] {
        if (!options.change.empty()) {
          badge(options.change, {.tone = options.change_tone});
        }
        if (!options.detail.empty()) {
          text(options.detail, {.style = TextStyle::caption, .color = ColorToken::text_muted});
        }
      });
    }
  };
  const CardOptions card_options{};
  if (!options.pressable) {
    card(name_key, card_options, body);
    return false;
  }
  const std::string name = joined({options.label, options.value, options.change, options.detail});
  const bool pressed = card_button(name_key, name, card_options, body);
  return pressed;
}

}  // namespace kehubu
