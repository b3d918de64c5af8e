#include "app/pages/records/record_profile.h"

#include <algorithm>

#include "app/pages/records/entity_view.h"
#include "app/pages/records/internal_fields.h"

namespace kehubu {
namespace {

constexpr std::string_view covered = "●●●●●●";
constexpr std::size_t own_group_from = 3;

struct Group {
  std::string_view heading;
  std::vector<std::pair<const Field*, const Value*>> lines;
};

// The dialog's name on its page: "section/<first field>".
constexpr std::string_view part_prefix = "section/";

// As in the form.
void put_name_first(std::vector<const Field*>& fields, const Entity& entity) {
  const auto name = std::ranges::find(fields, entity.title_field, &Field::id);
  if (name != fields.end()) {
    std::rotate(fields.begin(), name, name + 1);
  }
}

bool is_long(const Field& field) { return field.type == FieldType::long_text || field.type == FieldType::choices; }

}  // namespace

RecordProfile::RecordProfile(DraftHost& host, const Entity& entity, const Id& id) : app_(host.draft_app()), host_(&host), entity_(&entity), id_(id), questions_(std::in_place, app_, entity, id) {
  const std::string part = host.resumed_part(part_prefix);
  const Field* field = part.empty() ? nullptr : entity.find(std::string_view(part).substr(part_prefix.size()));
  if (field && app_.read(entity, id)) {
    edit(*field);
  }
}

void RecordProfile::draw(const Record& record, const std::vector<const Field*>& said, bool editable) {
  std::vector<Group> groups;
  bool any_empty = false;
  for (Section& section : sections_of(*record.entity)) {
    put_name_first(section.fields, *record.entity);
    Group& group = groups.emplace_back(Group{.heading = section.heading, .lines = {}});
    for (const Field* field : section.fields) {
      const Value& value = record.value(field->id);
      if (std::ranges::find(said, field) != said.end()) {
        continue;
      }
      // "No" is what a switch says when nobody touched it: as good as empty.
      const bool empty = is_null(value) || (field->type == FieldType::boolean && integer_or(value, 0) == 0);
      any_empty = any_empty || empty;
      if (!empty || show_empty_ || (editable && questions_ && questions_->about(*field))) {
        group.lines.emplace_back(field, &value);
      }
    }
  }
  std::int64_t number = 0;
  for (const Group& group : groups) {
    if (group.lines.empty()) {
      continue;
    }
    app_.ui.with_key(number++, [&] {
      app_.ui.card("group", {.name = group.heading}, [&] {
        const Field* first = nullptr;
        for (const auto& line : group.lines) {
          first = first == nullptr && !line.first->derived() ? line.first : first;
        }
        app_.ui.row("head", {.gap = Space::s, .wrap = false}, [&] {
          app_.ui.width_limit(app_.ui.available_width() - Metrics::touch_target - pixels(Space::s), [&] { app_.ui.heading(group.heading, 3); });
          if (editable && first != nullptr && app_.ui.icon_button("edit", Icon::edit, app_.say(Word::edit_section, {group.heading}))) {
            edit(*first);
          }
        });
        app_.ui.grid("lines", {.min_column_width = 300, .max_columns = 2, .gap = Space::xl, .line_gap = Space::xs}, static_cast<int>(group.lines.size()), [&](int cell) {
          const auto& [field, value] = group.lines[static_cast<std::size_t>(cell)];
          draw_value(record, *field, *value, editable);
          if (editable && questions_) {
            questions_->draw(*field, [](const Field&) { return nullptr; });
          }
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

std::vector<RecordProfile::Section> RecordProfile::sections_of(const Entity& entity) const {
  std::vector<Section> sections{{.heading = app_.say(Word::record_basics), .fields = {}}};
  for (const Field& field : entity.fields) {
    if (const std::string_view heading = app_.say.group(field); !heading.empty()) {
      // A lonely number before the first heading joins what follows.
      if (sections.size() == 1 && sections.back().fields.size() < own_group_from) {
        sections.back().heading = heading;
      } else {
        sections.push_back({.heading = heading, .fields = {}});
      }
    }
    is_internal(field) ? void() : sections.back().fields.push_back(&field);
  }
  return sections;
}

bool RecordProfile::edit(const Field& field) {
  if (refuse_edit(app_, *entity_, id_)) {
    return false;
  }
  for (const Section& section : sections_of(*entity_)) {
    if (std::ranges::find(section.fields, &field) != section.fields.end()) {
      heading_ = section.heading;
      edited_ = section.fields;
    }
  }
  std::erase_if(edited_, [](const Field* each) { return each->derived(); });
  dialog_ = std::make_unique<DialogForm>(*host_, *entity_, id_, DialogForm::Options{.part = std::string(part_prefix) + std::string(edited_.front()->id), .title = [this] { return app_.title_of(*entity_, id_) + " · " + heading_; }});
  return true;
}

void RecordProfile::draw_overlays() {
  if (!dialog_) {
    return;
  }
  constexpr float width = 640;
  const std::string title = app_.say(Word::edit_section, {heading_});
  const auto fields = [&] {
    dialog_->form().draw_problem_summary();
    dialog_->form().draw_section(edited_);
  };
  const auto write = [&] {
    const Edit edit = dialog_->form().edit();
    return edit.fields.empty() || app_.write({&edit, 1}, app_.say(Word::saved_entity, {heading_}));
  };
  const DialogForm::Answer answer = dialog_->draw({.key = "section", .title = title, .width = width}, fields);
  if (answer == DialogForm::Answer::closed || (answer == DialogForm::Answer::save && dialog_->save(write))) {
    dialog_.reset();
  }
}

void RecordProfile::draw_value(const Record& record, const Field& field, const Value& value, bool editable) {
  const std::string_view label = app_.say(field);
  const std::string shown = app_.show(record, field.id);
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
  if (editable && !field.derived()) {
    if (app_.ui.key_value_button(field.id, {.label = label,
                                            .value = shown.empty() ? app_.say(Word::dash) : std::string_view(shown),
                                            .action_icon = Icon::none,  // the pencil of its card is enough for the eye
                                            .action_name = app_.say(Word::edit_value),
                                            .value_color = shown.empty() ? ColorToken::text_muted : ColorToken::on_neutral_soft,
                                            .strong = !is_long(field) && field.type == FieldType::money}) && edit(field)) {
      dialog_->form().focus(field.id);
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
