// What each column of an import becomes: as it was proposed, or as a person chooses.
#include <algorithm>
#include <utility>

#include "app/pages/import_screen.h"
#include "app/pages/records/entity_view.h"

namespace kehubu {
namespace {

constexpr std::string_view key_remark = "#remark", key_ignore = "#ignore";

}  // namespace

// A list of companies may name people: fields of the contact stand beside those of the customer.
std::string ImportScreen::key_of(const MappableField& target) { return std::string(target.entity->id) + "." + std::string(target.field->id); }

void ImportScreen::draw_columns() {
  ui.card("columns", {.name = say(Word::import_columns)}, [&] {
    ui.heading(say(Word::import_columns), 2);
    ui.muted(say(Word::import_columns_sentence, {std::to_string(table_->header.size()), App::format_count(static_cast<std::int64_t>(table_->rows.size()))}));
    if (std::vector<NamedPerson> persons = persons_of(*table_, mapping_); persons != persons_) {
      persons_ = std::move(persons);
      offered_in_chinese_.reset();
    }
    for (std::size_t column = 0; column < std::min(table_->header.size(), columns_offered); ++column) {
      ui.with_key(static_cast<std::int64_t>(column), [&] { draw_column(column); });
    }
  });
}

std::string ImportScreen::sample_of(std::size_t column) const {
  for (const CsvRow& row : table_->rows) {
    if (column < row.cells.size() && !row.cells[column].empty()) {
      return row.cells[column];
    }
  }
  return {};
}

// The same for every column: made once for a language and the persons of the table, not in every frame for each of eighty.
const std::vector<Option>& ImportScreen::targets_offered() {
  if (offered_in_chinese_ == say.chinese()) {
    return offered_targets_;
  }
  offered_in_chinese_ = say.chinese();
  offered_targets_ = {{.key = std::string(key_remark), .label = std::string(say(Word::import_column_remark))}, {.key = std::string(key_ignore), .label = std::string(say(Word::import_column_ignore))}};
  const auto offer = [this](bool of_contact, const NamedPerson& whose) {
    for (const MappableField& target : targets_) {
      const std::string label(say(*target.field));
      if ((target.entity != &entity_) == of_contact) {
        offered_targets_.push_back({.key = key_of(target, whose.person),
                                    .label = !of_contact ? label : std::string(say(*target.entity)) + (whose.name.empty() ? "" : " ") + whose.name + " · " + label,
                                    .search = search_text(target.field->zh) + fold(target.field->en) + fold(target.field->aliases) + search_text(whose.name)});
      }
    }
  };
  offer(false, {});
  const std::size_t several = persons_.size() > 1 ? persons_.size() : 1;
  for (std::size_t index = 0; index < several; ++index) {
    offer(true, several > 1 ? persons_[index] : NamedPerson{});
  }
  return offered_targets_;
}

std::string ImportScreen::key_of(const MappableField& target, int person) const {
  const bool is_one_of_several = target.entity != &entity_ && persons_.size() > 1;
  return key_of(target) + (is_one_of_several ? "@" + std::to_string(person) : std::string());
}

void ImportScreen::choose_target(std::size_t column, std::string_view key) {
  ColumnMapping& mapping = mapping_[column];
  mapping = proposed_[column];
  mapping.use = key == key_ignore ? ColumnUse::ignore : ColumnUse::remark;
  mapping.field = nullptr;
  mapping.confidence = 100;
  for (const MappableField& target : targets_) {
    const bool of_contact = target.entity != &entity_;
    const std::size_t several = of_contact && persons_.size() > 1 ? persons_.size() : 1;
    for (std::size_t index = 0; index < several; ++index) {
      const int person = !of_contact || persons_.empty() ? 0 : persons_[index].person;
      if (key_of(target, person) == key) {
        mapping.use = ColumnUse::field;
        mapping.field = target.field;
        mapping.person = person;
      }
    }
  }
  // One column per field: the other one steps back into the remark.
  for (std::size_t other = 0; other < mapping_.size(); ++other) {
    ColumnMapping& present = mapping_[other];
    if (other != column && mapping.field && present.field == mapping.field && present.person == mapping.person) {
      present.use = ColumnUse::remark;
      present.field = nullptr;
      present.confidence = 100;
    }
  }
  stale_ = true;
}

void ImportScreen::draw_column(std::size_t column) {
  ColumnMapping& mapping = mapping_[column];
  const std::vector<Option>& options = targets_offered();
  const auto target = std::ranges::find(targets_, mapping.field, &MappableField::field);
  const bool is_field = mapping.use == ColumnUse::field && target != targets_.end();
  std::string chosen = is_field ? key_of(*target, mapping.person) : std::string(mapping.use == ColumnUse::ignore ? key_ignore : key_remark);
  const bool unsure = wants_a_look(mapping);
  const std::string sample = say(Word::import_column_sample, {samples_[column]});
  const std::string head = table_->header[column].empty() ? say(Word::import_column_unnamed, {std::to_string(column + 1)}) : table_->header[column];
  ui.divider();
  constexpr float weights[] = {1, 1}, narrowest = 220;  // on a phone one below the other: whose field it is must be read, and of what
  ui.columns("column", weights, narrowest, [&](int half) {
    if (half == 0) {
      ui.stack(Space::hair, [&] {
        ui.row("head", {.gap = Space::s}, [&] {
          ui.text(head, {.style = TextStyle::body_strong, .max_lines = 1});
          if (unsure) {
            ui.badge(say(Word::import_column_unsure), {.tone = Tone::warning});
          }
        });
        ui.text(sample, {.style = TextStyle::caption, .color = ColorToken::text_muted, .max_lines = 1});
        if (unsure && !mapping.doubt.zh.empty()) {
          ui.text(say(Word::import_column_whose, {std::string(say(mapping.doubt))}), {.style = TextStyle::caption});
        }
      });
      return;
    }
    if (ui.combo("target", chosen, options, {.field = {.label = head, .label_hidden = true}})) {
      choose_target(column, chosen);
    }
  });
}

}  // namespace kehubu
