#include "app/pages/records/record_profile.h"

#include <algorithm>

#include "app/pages/records/entity_view.h"

namespace kehubu {
namespace {

constexpr std::string_view covered = "●●●●●●";
constexpr std::size_t own_group_from = 3;

struct Group {
  std::string_view heading;
  std::vector<std::pair<const Field*, const Value*>> lines;
};

bool is_long(const Field& field) { return field.type == FieldType::long_text || field.type == FieldType::choices; }

}  // namespace

void RecordProfile::draw(const Record& record, const std::vector<const Field*>& said) {
  std::vector<Group> groups{{.heading = app_.say(Word::record_basics), .lines = {}}};
  bool any_empty = false;
  for (std::size_t index = 0; index < record.entity->fields.size(); ++index) {
    const Field& field = record.entity->fields[index];
    const Value& value = record.values[index];
    if (!app_.say.group(field).empty()) {
      // A lonely number before the first heading joins what follows.
      if (groups.size() == 1 && groups.back().lines.size() < own_group_from) {
        groups.back().heading = app_.say.group(field);
      } else {
        groups.push_back({.heading = app_.say.group(field), .lines = {}});
      }
    }
    if (std::ranges::find(said, &field) != said.end()) {
      continue;
    }
    // "No" is what a switch says when nobody touched it: as good as empty.
    const bool empty = is_null(value) || (field.type == FieldType::boolean && integer_or(value, 0) == 0);
    any_empty = any_empty || empty;
    if (!empty || show_empty_) {
      groups.back().lines.emplace_back(&field, &value);
    }
  }
  std::int64_t number = 0;
  for (const Group& group : groups) {
    if (group.lines.empty()) {
      continue;
    }
    app_.ui.with_key(number++, [&] {
      app_.ui.card("group", {.name = group.heading}, [&] {
        app_.ui.heading(group.heading, 3);
        app_.ui.grid("lines", {.min_column_width = 300, .max_columns = 2, .gap = Space::xl, .line_gap = Space::xs}, static_cast<int>(group.lines.size()), [&](int cell) {
          const auto& [field, value] = group.lines[static_cast<std::size_t>(cell)];
          draw_value(record, *field, *value);
        });
      });
      app_.ui.space();
    });
  }
  if (any_empty && app_.ui.button("empty", app_.say(show_empty_ ? Word::empty_fields_hide : Word::empty_fields_show),
                                  {.kind = ButtonKind::ghost, .icon = show_empty_ ? Icon::eye_off : Icon::eye})) {
    show_empty_ = !show_empty_;
  }
}

void RecordProfile::draw_value(const Record& /*record*/, const Field& field, const Value& value) {
  const std::string_view label = app_.say(field);
  const std::string shown = app_.show(field, value);
  if (field.personal == PersonalData::sensitive && !shown.empty() && !revealed_) {
    if (app_.ui.key_value_button(field.id, {.label = label, .value = covered, .action_icon = Icon::eye, .action_name = app_.say(Word::reveal)})) {
      revealed_ = true;
    }
    return;
  }
  const Id target = id_or_empty(value);
  const Entity* entity = find_entity(field.references);
  if (entity && !target.empty()) {
    const std::string name = app_.say(Word::open_named, {shown});
    if (app_.ui.key_value_button(field.id, {.label = label, .value = shown, .action_icon = Icon::chevron_right, .action_name = name})) {
      app_.router.go(record_of(*entity, target));
    }
    return;
  }
  if (field.format == Format::phone && !shown.empty()) {
    const std::string name = app_.say(Word::copy_phone, {shown});
    if (app_.ui.key_value_button(field.id, {.label = label, .value = shown, .action_icon = Icon::copy, .action_name = name})) {
      app_.platform.copy_to_clipboard(shown);
      app_.notify(app_.say(Word::phone_copied, {shown}));
    }
    return;
  }
  app_.ui.space(Space::s);  // on one line with the neighbours that can be pressed, which are higher
  app_.ui.key_value({.label = label,
                     .value = shown.empty() ? app_.say(Word::dash) : std::string_view(shown),
                     .value_color = shown.empty() ? ColorToken::text_muted : ColorToken::text,
                     .strong = !is_long(field) && field.type == FieldType::money});
}

}  // namespace kehubu
