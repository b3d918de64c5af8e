// The review of an import: what the file is, what must be decided, and everything that is not simply imported as it stands, in
// groups that unfold to lines numbered as Excel numbers them.
#include <algorithm>

#include "app/pages/import_screen.h"
#include "app/pages/records/list_card.h"

namespace kehubu {
namespace {

constexpr std::size_t lines_at_first = 12;
constexpr std::size_t lines_more = 100;
constexpr std::string_view key_remark = "#remark", key_add = "#add", key_turn = "#turn", key_as_it_stands = "#as_it_stands";

std::string shortened(std::string text) {
  constexpr std::size_t longest = 160;  // bytes, cut before a character
  if (text.size() > longest) {
    std::size_t end = longest;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
      --end;
    }
    text = text.substr(0, end) + "…";
  }
  return text;
}

std::string joined(const CsvRow& row) {
  std::string text;
  for (const std::string& cell : row.cells) {
    if (!trim(cell).empty()) {
      text += text.empty() ? "" : "  ";
      text += trim(cell);
    }
  }
  return shortened(std::move(text));
}

}  // namespace

void ImportScreen::draw_result() {
  ui.card("result", {.name = say(Word::import_result)}, [&] {
    ui.heading(file_name_.empty() ? std::string(say(Word::import_result)) : file_name_, 2);
    if (!plan_) {
      const Progress* progress = checking_ ? &checking_->progress : nullptr;
      const float fraction = progress && progress->total > 0 ? static_cast<float>(progress->done) / static_cast<float>(progress->total) : -1;
      (void)ui.progress("checking", {.label = say(Word::import_checking), .fraction = fraction});
      return;
    }
    draw_counts();
    if (!plan_->edits.empty() || plan_->rows_good > 0) {  // all may be as the book has it
      ui.muted(std::string(say(outcome_of(*plan_))));
    }
    for (const Sentence& doubt : doubts_) {
      ui.text(say(doubt), {.color = ColorToken::warning});
    }
    // A phone's bar has no room for the words; here there is.
    if (ui.width_class() == WidthClass::phone && ui.button("commit", commit_label(), {.kind = ButtonKind::primary, .icon = Icon::check, .disabled = !may_commit(), .fill_width = true})) {
      commit();
    }
  });
  if (!plan_) {
    return;
  }
  ui.space();
  draw_questions();
  draw_notes();
}

void ImportScreen::draw_counts() {
  struct Count {
    Word label;
    std::int64_t number;
    Icon icon;
  };
  const Count counts[] = {{Word::import_good, plan_->rows_good, Icon::check},
                          {Word::import_hints, plan_->rows_with_hints, Icon::info},
                          {Word::import_existing, plan_->rows_existing, Icon::copy},
                          {Word::import_left_out, plan_->rows_left_out + static_cast<std::int64_t>(table_->left_rows.size()), Icon::warning}};
  ui.grid("counts", {.min_column_width = 130, .max_columns = 4}, 4, [&](int cell) {
    const Count& count = counts[cell];
    const std::string number = say(Word::import_unknown_rows, {App::format_count(count.number)});  // "5 行": of the file, not records
    (void)ui.statistic(say(count.label), {.label = say(count.label), .value = number, .icon = count.icon});
  });
}

// --- what is asked

void ImportScreen::draw_questions() {
  ui.card("questions", {.name = say(Word::import_title)}, [&] {
    draw_reading();
    if (plan_->rows_existing > 0) {
      const std::string_view labels[] = {say(Word::import_existing_skip), say(Word::import_existing_update)};
      ui.form_field({.label = say(Word::import_existing_policy)}, [&] {
        if (const int chosen = ui.segmented("existing", say(Word::import_existing_policy), labels, options_.existing == ExistingPolicy::update ? 1 : 0); chosen >= 0) {
          options_.existing = chosen == 1 ? ExistingPolicy::update : ExistingPolicy::skip;
          stale_ = true;
        }
      });
    }
    if (plan_->customers_without_owner > 0) {
      ask_owner();
    }
    if (plan_->customers_new > 0) {
      ask_follow_up();
    }
    for (const std::uint32_t column : plan_->merged_columns) {
      ui.with_key(static_cast<std::int64_t>(column), [&] { ask_merged(column); });
    }
    std::vector<const Field*> fields;
    for (const UnknownChoice& choice : options_.decisions) {
      if (choice.field && std::find(fields.begin(), fields.end(), choice.field) == fields.end()) {
        fields.push_back(choice.field);
      }
    }
    for (const Field* field : fields) {
      ui.with_key(field->id, [&] { ask_choices(*field); });
    }
    if (!plan_->new_references.empty()) {
      std::string names;
      for (const std::string& name : plan_->new_references) {
        names += (names.empty() ? std::string() : std::string(say.list_separator())) + name;
      }
      ui.muted(say(Word::import_new_references, {shortened(std::move(names))}));
    }
  });
}

// How the file was read: the header row and the encoding, to be put right where they were misjudged.
void ImportScreen::draw_reading() {
  constexpr std::size_t rows_offered = 6;
  std::vector<Option> rows;
  if (table_->layout != TableLayout::rows) {
    rows = {{.key = std::string(key_turn), .label = std::string(say(Word::import_header_turn))}, {.key = std::string(key_as_it_stands), .label = std::string(say(Word::import_header_as_it_stands))}};
  }
  rows.push_back({.key = "0", .label = std::string(say(Word::import_header_none))});
  const auto offer = [&](const CsvRow& row) {
    rows.push_back({.key = std::to_string(row.line), .label = say(Word::import_header_option, {std::to_string(row.line), joined(row)})});
  };
  // Of a turned table nothing is a row of the file.
  if (!table_->turned) {
    std::ranges::for_each(table_->title_rows, offer);
    if (table_->header_line != 0) {
      offer({.line = table_->header_line, .cells = table_->header});
    }
    for (std::size_t index = 0; index < std::min(table_->rows.size(), rows_offered); ++index) {
      offer(table_->rows[index]);
    }
  }
  std::string header = table_->turned ? std::string(key_turn) : std::to_string(table_->header_line);
  std::vector<Option> encodings{{.key = "utf8", .label = "UTF-8"},
                                {.key = "gb18030", .label = std::string(say(Word::import_encoding_gb))},
                                {.key = "big5", .label = std::string(say(Word::import_encoding_big5))},
                                {.key = "utf16le", .label = "UTF-16"},
                                {.key = "utf16be", .label = "UTF-16 BE"},
                                {.key = "windows1252", .label = "Windows-1252 (é ü ñ)"}};
  constexpr TextEncoding values[] = {TextEncoding::utf8, TextEncoding::gb18030, TextEncoding::big5, TextEncoding::utf16_little_endian, TextEncoding::utf16_big_endian, TextEncoding::windows_1252};
  const TextEncoding shown = encoding_ == TextEncoding::utf8_with_mark ? TextEncoding::utf8 : encoding_;
  std::string encoding = encodings[static_cast<std::size_t>(std::find(std::begin(values), std::end(values), shown) - std::begin(values))].key;
  constexpr float weights[] = {2, 1};
  ui.columns("reading", weights, 200, [&](int column) {
    if (column == 0 && ui.combo("header", header, rows, {.field = {.label = say(Word::import_header_row)}, .search_from = 100})) {
      const bool of_layout = header == key_turn || header == key_as_it_stands;
      choices_.as_it_stands = header == key_as_it_stands;
      choices_.header_line = of_layout ? std::nullopt : std::optional(static_cast<std::uint32_t>(std::stoul(header)));
      new_header_ = true;
      reread_ = Reread::text;
    } else if (column == 1 && ui.combo("encoding", encoding, encodings, {.field = {.label = say(Word::import_encoding)}})) {
      encoding_ = values[std::find_if(encodings.begin(), encodings.end(), [&](const Option& option) { return option.key == encoding; }) - encodings.begin()];
      reread_ = Reread::bytes;
    }
  });
}

void ImportScreen::ask_owner() {
  const Entity& employee = *find_entity("employee");
  std::vector<Option> people;
  for (const std::int64_t row : app.store->list({.entity = &employee}).value_or(std::vector<std::int64_t>())) {
    if (const auto record = app.store->read_row(employee, row)) {
      people.push_back({.key = record->id.text(), .label = app.store->title(employee, record->id)});
    }
  }
  std::string chosen = options_.owner.text();
  if (ui.combo("owner", chosen, people, {.field = {.label = say(Word::import_ask_owner, {App::format_count(plan_->customers_without_owner)})}})) {
    options_.owner = Id::parse(chosen).value_or(Id{});
    stale_ = true;
  }
}

void ImportScreen::ask_follow_up() {
  const std::string_view labels[] = {say(Word::import_follow_none), say(Word::import_follow_spread), say(Word::import_follow_one)};
  const std::int64_t customers = plan_->customers_new;
  const std::string question = say(Word::import_ask_follow_up, {App::format_count(customers)});
  ui.form_field({.label = question}, [&] {
    if (const int chosen = ui.segmented("follow_up", question, labels, static_cast<int>(options_.follow_up)); chosen >= 0 && chosen != static_cast<int>(options_.follow_up)) {
      options_.follow_up = static_cast<FollowUpPlan>(chosen);
      stale_ = true;
    }
    const std::int64_t a_day = (customers + options_.working_days - 1) / options_.working_days;
    const bool spread = options_.follow_up == FollowUpPlan::spread;
    const Word sentence = spread ? Word::import_follow_spread_sentence
                          : options_.follow_up == FollowUpPlan::one_day ? Word::import_follow_one_sentence
                                                                        : Word::import_follow_none_sentence;
    ui.muted(say(sentence, {App::format_count(spread ? a_day : customers)}));
  });
}

// A column whose blank cells most likely belong to the one above.
void ImportScreen::ask_merged(std::uint32_t column) {
  const std::string_view labels[] = {say(Word::import_merged_leave), say(Word::import_merged_fill)};
  const std::string question = say(Word::import_ask_merged, {table_->header[column].empty() ? say(Word::import_column_unnamed, {std::to_string(column + 1)}) : table_->header[column]});
  const auto filled = std::ranges::find(options_.filled_down, column);
  ui.form_field({.label = question}, [&] {
    const int now = filled != options_.filled_down.end() ? 1 : 0;
    if (const int chosen = ui.segmented("merged", question, labels, now); chosen >= 0 && chosen != now) {
      chosen == 1 ? static_cast<void>(options_.filled_down.push_back(column)) : static_cast<void>(options_.filled_down.erase(filled));
      stale_ = true;
    }
  });
}

// All new choices of one list together; one by one for whoever wants to.
void ImportScreen::ask_choices(const Field& field) {
  std::vector<UnknownChoice*> choices;
  std::size_t added = 0;
  std::size_t kept = 0;
  for (UnknownChoice& choice : options_.decisions) {
    if (choice.field == &field) {
      choices.push_back(&choice);
      added += choice.add && choice.map_to.empty() ? 1U : 0U;
      kept += !choice.add && choice.map_to.empty() ? 1U : 0U;
    }
  }
  const std::string question = say(Word::import_ask_choices, {std::string(say(field)), App::format_count(static_cast<std::int64_t>(choices.size()))});
  const bool may_add = field.list == nullptr || field.list->editable;
  ui.form_field({.label = question}, [&] {
    const std::string_view labels[] = {say(Word::import_choices_remark), say(Word::import_choices_add)};
    if (may_add) {
      if (const int chosen = ui.segmented("all", question, labels, added == 0 ? 0 : kept == 0 ? 1 : -1); chosen >= 0) {
        for (UnknownChoice* choice : choices) {
          choice->add = chosen == 1 && choice->map_to.empty();
        }
        stale_ = true;
      }
    } else if (kept > 0) {
      ui.muted(say(Word::import_choices_fixed));
    }
    std::string some;
    for (std::size_t index = 0; index < std::min<std::size_t>(choices.size(), 8); ++index) {
      some += (index == 0 ? std::string() : std::string(say.list_separator())) + choices[index]->text;
    }
    ui.muted(shortened(some + (choices.size() > 8 ? "…" : "")));
    const bool open = each_of_ == &field;
    if (ui.button("each", say(Word::import_choices_each, {App::format_count(static_cast<std::int64_t>(choices.size()))}),
                  {.kind = ButtonKind::ghost, .icon = open ? Icon::chevron_up : Icon::chevron_down})) {
      each_of_ = open ? nullptr : &field;
    }
  });
  if (each_of_ != &field) {
    return;
  }
  std::vector<Option> options{{.key = std::string(key_remark), .label = std::string(say(Word::import_choices_remark))}};
  if (may_add) {
    options.push_back({.key = std::string(key_add), .label = std::string(say(Word::import_unknown_add))});
  }
  for (const Store::ChoiceLabel& choice : field.list ? app.store->choices(*field.list) : std::span<const Store::ChoiceLabel>()) {
    options.push_back({.key = choice.id, .label = std::string(say(choice.label))});
  }
  for (std::size_t index = 0; index < choices.size(); ++index) {
    ui.with_key(static_cast<std::int64_t>(index), [&] { draw_unknown_choice(*choices[index], options); });
  }
}

void ImportScreen::draw_unknown_choice(UnknownChoice& decision, const std::vector<Option>& options) {
  constexpr float weights[] = {1, 1};
  ui.columns("choice", weights, 150, [&](int half) {
    if (half == 0) {
      ui.stack(Space::hair, [&] {
        ui.text(decision.text, {.style = TextStyle::body_strong, .max_lines = 1});
        ui.muted(say(Word::import_unknown_rows, {App::format_count(decision.rows)}));
      });
      return;
    }
    std::vector<Option> offered = options;
    if (decision.field && !decision.field->list && !decision.map_to.empty()) {
      offered.push_back({.key = decision.map_to, .label = decision.map_to});  // the region that it is another spelling of
    }
    std::string chosen = !decision.map_to.empty() ? decision.map_to : std::string(decision.add ? key_add : key_remark);
    if (ui.combo("map", chosen, offered, {.field = {.label = decision.text, .label_hidden = true}})) {
      decision.add = chosen == key_add;
      decision.map_to = chosen == key_add || chosen == key_remark ? std::string() : chosen;
      stale_ = true;
    }
  });
}

// --- what is told

bool ImportScreen::draw_group(std::string_view key, Icon icon, Tone tone, Word title, Word sentence, std::int64_t count) {
  const bool open = open_group_ == key;
  const std::string number = App::format_count(count);
  if (ui.list_row(key, {.title = say(title), .subtitle = say(sentence), .trailing = number, .icon = icon, .icon_tone = tone, .chevron = true, .selected = open, .wrap = true})) {
    open_group_ = open ? std::string() : std::string(key);
    lines_shown_ = lines_at_first;
  }
  return open;
}

// Under the words of the row that they belong to, where there is room for that.
void ImportScreen::draw_lines(std::size_t count, FunctionRef<void(std::size_t)> line) {
  const Space margin = ui.width_class() == WidthClass::phone ? Space::m : Space::huge;
  ui.indent(margin, [&] {
    ui.indent(margin == Space::m ? Space::none : Space::l, [&] {
      ui.width_limit(ui.available_width() - pixels(Space::m), [&] {
        for (std::size_t index = 0; index < std::min(count, lines_shown_); ++index) {
          ui.with_key(static_cast<std::int64_t>(index), [&] { line(index); });
        }
        if (count > lines_shown_ && ui.button("more", say(Word::import_problems_more, {App::format_count(static_cast<std::int64_t>(count - lines_shown_))}),
                                              {.kind = ButtonKind::ghost, .icon = Icon::chevron_down})) {
          lines_shown_ += lines_more;
        }
      });
    });
  });
  ui.space(Space::m);
}

void ImportScreen::draw_line(std::uint32_t line, std::string_view words) {
  ui.text(say(Word::import_line, {std::to_string(line)}) + " · " + std::string(words), {.style = TextStyle::caption});
}

void ImportScreen::draw_kind(NoteKind kind, Icon icon, Tone tone, Word title, Word sentence) {
  const std::int64_t count = plan_->count(kind);
  const std::string key = "kind" + std::to_string(static_cast<int>(kind));
  if (count == 0 || !draw_group(key, icon, tone, title, sentence, count)) {
    return;
  }
  std::vector<const ImportProblem*> notes;
  for (const ImportProblem& problem : plan_->problems) {
    if (problem.kind == kind) {
      notes.push_back(&problem);
    }
  }
  draw_lines(notes.size(), [&](std::size_t index) {
    const ImportProblem& problem = *notes[index];
    const std::string head = problem.column < table_->header.size() ? table_->header[problem.column] : std::string();
    const std::string name = problem.name.empty() ? std::string() : shortened(problem.name) + " · ";
    draw_line(problem.line, name + (head.empty() ? std::string() : head + " · ") + shortened(std::string(say(problem.message))));
  });
  if (count > static_cast<std::int64_t>(notes.size())) {
    ui.muted(say(Word::import_problems_more, {App::format_count(count - static_cast<std::int64_t>(notes.size()))}));
  }
}

void ImportScreen::draw_notes() {
  const std::int64_t left_rows = static_cast<std::int64_t>(table_->left_rows.size());
  const std::int64_t titles = static_cast<std::int64_t>(table_->title_rows.size());
  const bool any = left_rows + titles > 0 || std::ranges::any_of(plan_->counts, [](std::int64_t count) { return count > 0; });
  if (!any) {
    return;
  }
  ui.space();
  list_card(ui, "notes", say(Word::import_look), [&] {
    draw_kind(NoteKind::left_out, Icon::error, Tone::danger, Word::import_group_left_out, Word::import_group_left_out_sentence);
    draw_kind(NoteKind::decides, Icon::conflict, Tone::warning, Word::import_group_decides, Word::import_group_decides_sentence);
    draw_kind(NoteKind::overwritten, Icon::edit, Tone::warning, Word::import_group_overwritten, Word::import_group_overwritten_sentence);
    draw_kind(NoteKind::lost, Icon::warning, Tone::danger, Word::import_group_lost, Word::import_group_lost_sentence);
    draw_kind(NoteKind::kept_as_text, Icon::note, Tone::warning, Word::import_group_kept, Word::import_group_kept_sentence);
    draw_kind(NoteKind::check, Icon::eye, Tone::warning, Word::import_group_check, Word::import_group_check_sentence);
    draw_kind(NoteKind::changed, Icon::calculator, Tone::warning, Word::import_group_changed, Word::import_group_changed_sentence);
    draw_kind(NoteKind::column_left, Icon::minus, Tone::warning, Word::import_group_lost, Word::import_group_lost_sentence);
    draw_kind(NoteKind::existing, Icon::copy, Tone::neutral, Word::import_group_existing, Word::import_group_existing_sentence);
    draw_kind(NoteKind::new_choice, Icon::tag, Tone::neutral, Word::import_group_choices, Word::import_group_choices_sentence);
    if (left_rows > 0 && draw_group("left", Icon::calculator, Tone::neutral, Word::import_group_totals, Word::import_group_totals_sentence, left_rows)) {
      draw_lines(table_->left_rows.size(), [&](std::size_t index) {
        const LeftRow& row = table_->left_rows[index];
        const std::uint32_t line = row.line;
        draw_line(line, std::string(say(left_reason(row.reason))) + " · " + joined(row));
        if (ui.button("take", say(Word::import_take_in), {.kind = ButtonKind::ghost, .icon = Icon::plus})) {
          choices_.taken_in.push_back(line);
          new_header_ = false;
          reread_ = Reread::text;
        }
      });
    }
    if (titles > 0 && draw_group("titles", Icon::up, Tone::neutral, Word::import_group_titles, Word::import_group_titles_sentence, titles)) {
      draw_lines(table_->title_rows.size(), [&](std::size_t index) { draw_line(table_->title_rows[index].line, joined(table_->title_rows[index])); });
    }
    draw_kind(NoteKind::tidied, Icon::check, Tone::neutral, Word::import_group_tidied, Word::import_group_tidied_sentence);
    draw_kind(NoteKind::emptied, Icon::minus, Tone::neutral, Word::import_group_emptied, Word::import_group_emptied_sentence);
  });
}

}  // namespace kehubu
