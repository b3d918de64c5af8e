#include "app/pages/line_editor.h"

#include <algorithm>

namespace kehubu {
namespace {

constexpr float line_weights[] = {2.6F, 1, 1.2F, 1.3F};
constexpr float line_column_least = 112;
constexpr float table_least_width = 720;     // narrower, the columns stand below each other
constexpr float amount_button_room = Metrics::touch_target + pixels(Space::s);  // beside an amount
constexpr std::int64_t thousandths = 1000;  // quantities are stored in thousandths
constexpr char line_mark = '\x1d';           // between the lines of a packed draft
constexpr char part_mark = '\x1c';           // between a line's id (none: a new line), its removal and its fields
constexpr std::string_view removed_word = "removed";

// What stands before the next mark; `rest` goes on behind it.
std::string_view take(std::string_view& rest, char mark) {
  const std::size_t end = rest.find(mark);
  const std::string_view taken = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return taken;
}

std::string amount_or_dash(std::optional<std::int64_t> amount) { return amount ? "¥" + format_money(*amount) : "—"; }

}  // namespace

std::optional<std::int64_t> sum_of(std::optional<std::int64_t> a, std::optional<std::int64_t> b) {
  std::int64_t sum = 0;
  return a && b && !__builtin_add_overflow(*a, *b, &sum) ? std::optional(sum) : std::nullopt;
}

void draw_total(App& app, std::optional<std::int64_t> total) {
  app.ui.divider();
  app.ui.stack(Space::hair, [&] {
    app.ui.row("total", {.gap = Space::m, .align = Align::end, .wrap = false}, [&] {
      app.ui.text(app.say(Word::contract_total), {.color = ColorToken::text_muted});
      app.ui.text(amount_or_dash(total), {.style = TextStyle::title, .role = Role::status});
    });
    if (total) {
      app.ui.text(app.say(Word::contract_capitals, {money_in_capitals(*total)}), {.style = TextStyle::caption, .color = ColorToken::text_muted, .align = Align::end});
    }
  });
}

LineEditor::LineEditor(App& app, DraftKeeper& keeper, const Entity& line_entity, const Id& document, bool is_new)
    : app_(app), keeper_(keeper), entity_(line_entity), document_(document) {
  is_new ? add() : read_lines();
}

void LineEditor::read_lines() {
  lines_.clear();
  ListQuery query{.entity = &entity_, .search = {}};
  add_filter(query, entity_.part_of, document_);
  query.sort_by = entity_.find("line_no");
  const auto head = app_.read(*find_entity(entity_.find(entity_.part_of)->references), document_);
  query.deleted = head && head->deleted;  // then they went with it, and a draft of it still speaks of them
  for (const Record& record : app_.records(query)) {
    lines_.push_back({.form = std::make_unique<RecordForm>(app_, keeper_, entity_, record.id)});
  }
}

void LineEditor::follow_store() {
  const std::string typed = pack();
  read_lines();
  unpack(typed);
}

int LineEditor::next_number() const {
  std::int64_t highest = 0;
  for (const Line& line : lines_) {
    highest = std::max(highest, integer_or(line.form->value("line_no"), 0));
  }
  return static_cast<int>(highest) + 1;
}

void LineEditor::add() {
  const int number = next_number();
  auto form = std::make_unique<RecordForm>(app_, keeper_, entity_, Id{});
  form->preset(entity_.part_of, document_);
  form->preset("line_no", std::int64_t{number});
  lines_.push_back({.form = std::move(form), .is_new = true});
}

std::optional<std::int64_t> LineEditor::amount_of(const RecordForm& form) {
  if (!form.is_readable("qty") || !form.is_readable("unit_price")) {
    return std::nullopt;
  }
  return multiply_divide(integer_or(form.value("qty"), 0), integer_or(form.value("unit_price"), 0), thousandths);
}

void LineEditor::draw() {
  std::optional<std::int64_t> total = 0;
  app_.ui.card("lines", {.name = app_.say(Word::contract_lines)}, [&] {
    app_.ui.heading(app_.say(Word::contract_lines), 3);
    if (in_columns()) {
      draw_head();
    }
    int number = 0;
    for (std::size_t index = 0; index < lines_.size(); ++index) {
      Line& line = lines_[index];
      if (line.removed) {
        continue;
      }
      app_.ui.with_key(static_cast<std::int64_t>(index), [&] { draw_line(line, ++number); });
      total = sum_of(total, amount_of(*line.form));
    }
    if (number == 0) {
      app_.ui.muted(app_.say(Word::contract_lines_none));
    }
    if (app_.ui.button("add", app_.say(Word::contract_add_line), {.icon = Icon::plus})) {
      add();
    }
    draw_total(app_, total);
    draw_consequences();
  });
}

// One head for all lines where they stand in columns; stacked, on a phone, each field says itself what it is.
bool LineEditor::in_columns() const { return app_.ui.available_width() >= table_least_width; }

void LineEditor::draw_head() {
  const std::string_view titles[] = {app_.say(*entity_.find("product")), app_.say(Word::contract_quantity), app_.say(*entity_.find("unit_price")), app_.say(Word::contract_amount)};
  app_.ui.columns("head", line_weights, line_column_least, [&](int column) {
    const auto index = static_cast<std::size_t>(column);
    const auto title = [&] { app_.ui.text(titles[index], {.style = TextStyle::caption_strong, .color = ColorToken::text_muted, .align = index == 0 ? Align::start : Align::end}); };
    index + 1 == std::size(titles) ? app_.ui.width_limit(app_.ui.available_width() - amount_button_room, title) : title();
  });
}

void LineEditor::draw_line(Line& line, int number) {
  const bool table = in_columns();
  const std::string unit = unit_of(*line.form);
  const std::string row = app_.say(Word::contract_line, {std::to_string(number)});
  // The name of a field in a table says the line, too: a screen reader comes to it without the head.
  const auto draw_number = [&](std::string_view field, std::string_view label, std::string_view behind) {
    table ? line.form->cell(field, row + " " + std::string(label), behind) : line.form->field(field, label);
  };
  app_.ui.group("line", Role::group, row, [&] {
    app_.ui.columns("fields", line_weights, line_column_least, [&](int column) {
      switch (column) {
        case 0: {
          const std::string label(app_.say(*entity_.find("product")));
          if (table ? line.form->cell("product", row + " " + label) : line.form->field("product")) {
            take_price(*line.form);
          }
          break;
        }
        case 1:
          draw_number("qty", app_.say(Word::contract_quantity), unit);
          break;
        case 2:
          draw_number("unit_price", app_.say(*entity_.find("unit_price")), {});
          break;
        default:
          draw_amount(line, number);
      }
    });
  });
  app_.ui.divider();
}

void LineEditor::draw_amount(Line& line, int number) {
  app_.ui.row("amount", {.gap = Space::s, .align = Align::end, .wrap = false}, [&] {
    app_.ui.text(amount_or_dash(amount_of(*line.form)), {.style = TextStyle::body_strong});
    if (app_.ui.icon_button("remove", Icon::trash, app_.say(Word::contract_remove_line, {std::to_string(number)}))) {
      remove(line);
    }
  });
}

// What saving will say of it is said now: the line itself is not there any more to say it.
void LineEditor::remove(Line& line) {
  line.removed = true;
  const Edit edit{.entity = &entity_, .row = line.form->id(), .fields = {}, .remove = true};
  line.consequences = line.is_new ? std::vector<Store::Problem>() : app_.store->validate(edit);
}

void LineEditor::draw_consequences() {
  std::vector<std::string> told;
  for (const Line& line : lines_) {
    for (const Store::Problem& problem : line.removed ? line.consequences : std::vector<Store::Problem>()) {
      const std::string sentence(app_.say(problem.message));
      if (std::ranges::find(told, sentence) == told.end()) {
        told.push_back(sentence);
        app_.ui.text(sentence, {.color = problem.hint_only ? ColorToken::on_warning_soft : ColorToken::danger, .role = Role::status});
      }
    }
  }
}

std::string LineEditor::unit_of(const RecordForm& form) {
  const auto product = app_.read(entity_named("product"), id_or_empty(form.value("product")));
  return product ? app_.show(*product, "unit") : std::string();
}

void LineEditor::take_price(RecordForm& form) {
  const auto product = app_.read(entity_named("product"), id_or_empty(form.value("product")));
  form.follow("unit_price", "product", product ? std::optional(product->value("list_price")) : std::nullopt);
  if (product && is_null(form.value("qty"))) {
    form.set("qty", thousandths);
  }
}

void LineEditor::draw_overlays() {
  for (std::size_t index = 0; index < lines_.size(); ++index) {
    app_.ui.with_key(static_cast<std::int64_t>(index), [&] { lines_[index].form->draw_overlays(); });
  }
}

bool LineEditor::draw_problems() {
  if (!check_failed_) {
    return false;
  }
  std::string sentences;
  int number = 0;
  for (const Line& line : lines_) {
    number += line.removed ? 0 : 1;
    for (const std::string& sentence : is_blank(line) ? std::vector<std::string>() : line.form->problem_sentences()) {
      sentences += (sentences.empty() ? "" : "\n") + app_.say(Word::contract_line_problem, {std::to_string(number), sentence});
    }
  }
  if (sentences.empty()) {
    check_failed_ = false;
    return false;
  }
  const BannerAction pressed = app_.ui.banner("lines_incomplete", {.tone = Tone::danger, .title = app_.say(Word::contract_lines), .sentence = sentences, .action_label = app_.say(Word::problems_go)});
  if (pressed == BannerAction::action) {
    (void)std::ranges::any_of(lines_, [](const Line& line) { return !is_blank(line) && line.form->focus_problem(); });
  }
  for (std::size_t index = 0; index < lines_.size(); ++index) {
    app_.ui.with_key(static_cast<std::int64_t>(index), [&] { lines_[index].form->draw_deleted_references(); });
  }
  return true;
}

bool LineEditor::changed() const {
  return std::any_of(lines_.begin(), lines_.end(), [](const Line& line) {
    return line.is_new ? !line.removed && line.form->changed() : line.removed || line.form->changed();
  });
}

bool LineEditor::check() {
  check_failed_ = false;
  for (Line& line : lines_) {
    const bool good = is_blank(line) || line.form->check();
    check_failed_ = check_failed_ || !good;
  }
  return !check_failed_;
}

// Removed, or never begun.
bool LineEditor::is_blank(const Line& line) { return line.removed || (line.is_new && !line.form->changed()); }

void LineEditor::collect(std::vector<Edit>& edits) const {
  for (const Line& line : lines_) {
    const bool untouched = !line.form->changed();
    if (line.removed && !line.is_new) {
      edits.push_back({.entity = &entity_, .row = line.form->id(), .fields = {}, .remove = true});
    } else if (!line.removed && !untouched) {
      edits.push_back(line.form->edit());
    }
  }
}

std::string LineEditor::pack() const {
  std::string packed;
  for (const Line& line : lines_) {
    const bool worth_keeping = line.is_new ? !line.removed && line.form->changed() : line.removed || line.form->changed();
    if (worth_keeping) {
      packed += (line.is_new ? std::string() : line.form->id().text()) + part_mark;
      packed += std::string(line.removed ? removed_word : std::string_view()) + part_mark;
      packed += line.form->pack() + line_mark;
    }
  }
  return packed;
}

std::vector<std::pair<std::string, std::string>> LineEditor::written() const {
  std::vector<std::pair<std::string, std::string>> written;
  int number = 0;
  for (const Line& line : lines_) {
    const std::string row = app_.say(Word::contract_line, {std::to_string(++number)});
    if (line.removed) {
      written.emplace_back(row, app_.say(Word::history_line_removed));
      continue;
    }
    for (auto& [field, value] : line.form->written()) {
      written.emplace_back(row + " " + field, std::move(value));
    }
  }
  return written;
}

void LineEditor::unpack(std::string_view packed) {
  if (!packed.empty()) {
    std::erase_if(lines_, [](const Line& line) { return line.is_new && !line.form->changed(); });
  }
  while (!packed.empty()) {
    std::string_view entry = take(packed, line_mark);
    const std::string_view id = take(entry, part_mark);
    const bool removed = take(entry, part_mark) == removed_word;
    auto line = std::ranges::find_if(lines_, [id](const Line& present) { return present.form->id().text() == id; });
    if (id.empty()) {
      add();
      line = std::prev(lines_.end());
    }
    if (line != lines_.end()) {  // else somebody removed it meanwhile
      line->form->unpack(entry);
      if (removed) {
        remove(*line);
      }
    }
  }
}

}  // namespace kehubu
