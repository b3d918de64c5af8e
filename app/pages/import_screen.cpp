#include "app/pages/import_screen.h"

#include <algorithm>

#include "app/pages/records/entity_view.h"

namespace kehubu {
namespace {

constexpr std::string_view table_types = ".csv,.txt,.tsv,text/csv,text/plain,text/tab-separated-values";
constexpr std::size_t preview_rows = 6;
constexpr std::size_t problems_shown = 50;
constexpr std::size_t columns_offered = 80;
constexpr std::size_t choices_shown = 8;  // before "show more"
constexpr int sure_from = 60;  // confidence below which a column is marked for checking
constexpr float import_width = 960;
constexpr std::string_view key_remark = "#remark", key_ignore = "#ignore";

// A spreadsheet of Excel is a zip archive.
bool is_archive(const Bytes& bytes) { return bytes.size() > 2 && bytes[0] == 'P' && bytes[1] == 'K'; }

class PlatformDecoder final : public TextDecoder {
 public:
  explicit PlatformDecoder(Platform& platform) : platform_(platform) {}
  Result<std::string> decode(std::span<const std::uint8_t> bytes, TextEncoding encoding) override {
    return platform_.decode_text(bytes, encoding == TextEncoding::gb18030 ? "gb18030" : "utf-8");
  }

 private:
  Platform& platform_;
};

// A list of companies may name people: fields of the contact stand beside those of the customer.
std::string key_of(const MappableField& target) { return std::string(target.entity->id) + "." + std::string(target.field->id); }

Result<ImportTable> read_table(Platform& platform, const Bytes& bytes) {
  PlatformDecoder decoder(platform);
  KEHUBU_TRY_ASSIGN(text, decode_text(bytes, detect_encoding(bytes), decoder));
  KEHUBU_TRY_ASSIGN(rows, parse_csv(text));
  return find_table(std::move(rows));
}

}  // namespace

ImportScreen::ImportScreen(App& app_, const Route& route) : Screen(app_, route), entity_(*route.entity), targets_(mappable_fields(entity_)) { resumed(); }

void ImportScreen::resumed() {
  if (std::vector<PickedFile> files = app.take_files(); !files.empty()) {
    read(std::move(files.front()));
  }
}

std::vector<BarAction> ImportScreen::bar_actions() {
  if (!table_) {
    return {};
  }
  return {{.key = "pick", .label = std::string(say(Word::sync_choose_files)), .icon = Icon::upload},
          {.key = "commit", .label = commit_label(), .icon = Icon::check, .primary = true, .disabled = !may_commit()}};
}

void ImportScreen::on_bar_action(std::string_view key) {
  if (key == "commit") {
    commit();
  } else {
    pick();
  }
}

bool ImportScreen::may_commit() const { return plan_ && !plan_->edits.empty() && !stale_; }

std::string ImportScreen::commit_label() const {
  const std::int64_t count = plan_ ? plan_->rows_good : 0;
  if (plan_ && count == 0) {
    return std::string(say(Word::import_nothing));
  }
  return plan_ ? say(Word::import_confirm, {App::format_count(count)}) : std::string(say(Word::import_list));
}

void ImportScreen::pick() {
  app.platform.pick_files({.accept = std::string(table_types)}, while_alive([this](Result<std::vector<PickedFile>> picked) {
                            if (!picked) {
                              app.show_error(picked.error());
                            } else if (!picked->empty()) {
                              read(std::move(picked->front()));
                            }
                            app.platform.request_frame();
                          }));
}

void ImportScreen::read(PickedFile file) {
  if (is_archive(file.bytes)) {
    app.notify(std::string(say(Word::import_excel_sentence)), Tone::warning);
    return;
  }
  auto table = read_table(app.platform, file.bytes);
  if (!table) {
    app.show_error(table.error());
    return;
  }
  file_name_ = std::move(file.name);
  table_ = std::make_shared<const ImportTable>(std::move(*table));
  mapping_ = propose_mapping(*table_, entity_);
  decisions_.clear();
  plan_.reset();
  check();
}

void ImportScreen::check() {
  stale_ = false;
  if (checking_) {
    checking_->progress.cancelled = true;
  }
  checking_ = app.start_job<Result<ImportPlan>>(
      std::string(say(Word::import_checking)),
      [this](Progress& progress) { return plan_import(*app.store, app.platform, table_, entity_, mapping_, {.decisions = decisions_, .existing = existing_}, progress); },
      while_alive([this](Result<ImportPlan> plan) {
        if (!plan && plan.error().kind == ErrorKind::cancelled) {
          return;
        }
        checking_.reset();
        if (!plan) {
          app.show_error(plan.error());
          return;
        }
        plan_ = std::move(*plan);
        decisions_ = plan_->unknown_choices;
      }),
      false);
}

void ImportScreen::commit() {
  committing_ = true;
  const std::int64_t count = plan_->rows_good;
  auto plan = std::make_shared<ImportPlan>(std::move(*plan_));
  plan_.reset();
  app.start_job<Result<Written>>(
      std::string(say(Word::import_writing)), [this, plan](Progress& progress) { return commit_import(*app.store, std::move(*plan), progress); },
      while_alive([this, count](Result<Written> written) {
        committing_ = false;
        if (!written) {
          app.show_error(written.error());
          check();
          return;
        }
        done_ = true;
        ui.toast({.message = say(Word::import_done, {App::format_count(count)}),
                  .action_label = std::string(say(Word::import_done_undo)),
                  .action = [application = &app] { application->undo(); },
                  .tone = Tone::success,
                  .seconds = 12});
        app.router.go_root({.place = Place::list, .entity = &entity_});
      }));
}

void ImportScreen::draw(const Rectangle& place) {
  if (stale_ && !checking_) {
    check();
  }
  page_area(
      place,
      [&] {
        if (!table_) {
          draw_pick();
          return;
        }
        draw_result();
        ui.space();
        draw_columns();
        ui.space();
        draw_preview();
      },
      import_width);
}

void ImportScreen::draw_pick() {
  const auto action = ui.empty_state("pick", {.icon = Icon::import,
                                              .title = say(Word::import_pick),
                                              .sentence = say(Word::import_pick_sentence),
                                              .action_label = say(Word::import_pick),
                                              .action_icon = Icon::upload});
  if (ui.width_class() != WidthClass::phone) {
    ui.text(say(Word::sync_drop_here), {.style = TextStyle::caption, .color = ColorToken::text_muted, .align = Align::center});
  }
  if (action == EmptyStateAction::first) {
    pick();
  }
}

void ImportScreen::draw_columns() {
  ui.card("columns", {.name = say(Word::import_columns)}, [&] {
    ui.heading(say(Word::import_columns), 2);
    ui.muted(say(Word::import_columns_sentence, {std::to_string(table_->header.size()), App::format_count(static_cast<std::int64_t>(table_->rows.size()))}));
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

void ImportScreen::draw_column(std::size_t column) {
  ColumnMapping& mapping = mapping_[column];
  std::vector<Option> options{{.key = std::string(key_remark), .label = std::string(say(Word::import_column_remark))},
                              {.key = std::string(key_ignore), .label = std::string(say(Word::import_column_ignore))}};
  std::string chosen(mapping.use == ColumnUse::ignore ? key_ignore : key_remark);
  for (const MappableField& target : targets_) {
    const std::string label(say(*target.field));
    options.push_back({.key = key_of(target),
                       .label = target.entity == &entity_ ? label : std::string(say(*target.entity)) + " · " + label,
                       .search = search_text(target.field->zh) + fold(target.field->en)});
    if (mapping.use == ColumnUse::field && mapping.field == target.field) {
      chosen = options.back().key;
    }
  }
  const bool unsure = mapping.use == ColumnUse::field && mapping.confidence < sure_from;
  const std::string sample = say(Word::import_column_sample, {sample_of(column)});
  const std::string head = table_->header[column].empty() ? say(Word::import_column_unnamed, {std::to_string(column + 1)}) : table_->header[column];
  ui.divider();
  constexpr float weights[] = {1, 1};
  ui.columns("column", weights, 150, [&](int half) {
    if (half == 0) {
      ui.stack(Space::hair, [&] {
        ui.row("head", {.gap = Space::s}, [&] {
          ui.text(head, {.style = TextStyle::body_strong, .max_lines = 1});
          if (unsure) {
            ui.badge(say(Word::import_column_unsure), {.tone = Tone::warning});
          }
        });
        ui.text(sample, {.style = TextStyle::caption, .color = ColorToken::text_muted, .max_lines = 1});
      });
      return;
    }
    if (ui.combo("target", chosen, options, {.field = {.label = head, .label_hidden = true}})) {
      mapping.use = chosen == key_remark ? ColumnUse::remark : chosen == key_ignore ? ColumnUse::ignore : ColumnUse::field;
      const auto target = std::find_if(targets_.begin(), targets_.end(), [&](const MappableField& entry) { return key_of(entry) == chosen; });
      mapping.field = target == targets_.end() ? nullptr : target->field;
      mapping.confidence = 100;
      for (std::size_t other = 0; other < mapping_.size(); ++other) {
        // One column per field: the other one steps back into the remark.
        if (other != column && mapping.field && mapping_[other].field == mapping.field) {
          mapping_[other] = {.use = ColumnUse::remark, .field = nullptr, .confidence = 100};
        }
      }
      stale_ = true;
    }
  });
}

void ImportScreen::draw_preview() {
  ui.card("preview", {.name = say(Word::import_preview)}, [&] {
    ui.heading(say(Word::import_preview), 2);
    std::vector<TableColumn> columns;
    for (const std::string& head : table_->header) {
      columns.push_back({.key = head, .title = head, .min_width = 120});
    }
    const auto rows = static_cast<std::int64_t>(std::min(table_->rows.size(), preview_rows));
    (void)ui.table("rows", {.row_count = rows, .name = say(Word::import_preview), .height = Metrics::table_row_height * static_cast<float>(rows + 1) + 2, .rows_pressable = false}, columns,
                   [&](std::int64_t row, int column) {
                     const CsvRow& line = table_->rows[static_cast<std::size_t>(row)];
                     const auto index = static_cast<std::size_t>(column);
                     return TableCell{.text = index < line.cells.size() ? line.cells[index] : std::string()};
                   });
    if (!table_->left_rows.empty()) {
      ui.muted(say(Word::import_totals_left_out, {std::to_string(table_->left_rows.size())}));
    }
  });
}

void ImportScreen::draw_result() {
  ui.card("result", {.name = say(Word::import_result)}, [&] {
    ui.heading(file_name_.empty() ? std::string(say(Word::import_result)) : file_name_, 2);
    if (!plan_) {
      const Progress* progress = checking_ ? &checking_->progress : nullptr;
      const float fraction = progress && progress->total > 0 ? static_cast<float>(progress->done) / static_cast<float>(progress->total) : -1;
      (void)ui.progress("checking", {.label = say(Word::import_checking), .fraction = fraction});
      return;
    }
    struct Count {
      Word label;
      std::int64_t number;
      Icon icon;
    };
    const Count counts[] = {{Word::import_good, plan_->rows_good, Icon::check},
                            {Word::import_hints, plan_->rows_with_hints, Icon::info},
                            {Word::import_existing, plan_->rows_existing, Icon::copy},
                            {Word::import_left_out, plan_->rows_left_out, Icon::warning}};
    ui.grid("counts", {.min_column_width = 130, .max_columns = 4}, 4, [&](int cell) {
      const Count& count = counts[cell];
      const std::string number = App::format_count(count.number);
      (void)ui.statistic(say(count.label), {.label = say(count.label), .value = number, .icon = count.icon});
    });
    if (plan_->rows_existing > 0) {
      const std::string_view labels[] = {say(Word::import_existing_skip), say(Word::import_existing_update)};
      const int chosen = ui.segmented("existing", say(Word::import_existing_policy), labels, existing_ == ExistingPolicy::update ? 1 : 0);
      if (chosen >= 0) {
        existing_ = chosen == 1 ? ExistingPolicy::update : ExistingPolicy::skip;
        stale_ = true;
      }
    }
    if (!plan_->new_references.empty()) {
      std::string names;
      for (const std::string& name : plan_->new_references) {
        names += (names.empty() ? std::string() : std::string(say.list_separator())) + name;
      }
      ui.muted(say(Word::import_new_references, {names}));
    }
    if (ui.button("commit", commit_label(), {.kind = ButtonKind::primary, .icon = Icon::check, .disabled = !may_commit(), .fill_width = true})) {
      commit();
      return;
    }
    draw_unknown_choices();
    draw_problems();
  });
}

void ImportScreen::draw_unknown_choices() {
  if (decisions_.empty()) {
    return;
  }
  ui.divider();
  ui.heading(say(Word::import_unknown_count, {std::to_string(decisions_.size())}), 3);
  const std::size_t shown = all_choices_ ? decisions_.size() : std::min(decisions_.size(), choices_shown);
  const Field* options_of = nullptr;
  std::vector<Option> options;
  for (std::size_t index = 0; index < shown; ++index) {
    if (decisions_[index].field != options_of) {
      options_of = decisions_[index].field;
      options = {{.key = std::string(key_remark), .label = std::string(say(Word::import_unknown_add))}};
      for (const Store::ChoiceLabel& choice : options_of && options_of->list ? app.store->choices(*options_of->list) : std::span<const Store::ChoiceLabel>()) {
        options.push_back({.key = choice.id, .label = std::string(say(choice.label))});
      }
    }
    ui.with_key(static_cast<std::int64_t>(index), [&] { draw_unknown_choice(decisions_[index], options); });
  }
  if (shown < decisions_.size() && ui.button("more_choices", say(Word::show_more), {.kind = ButtonKind::ghost, .icon = Icon::chevron_down})) {
    all_choices_ = true;
  }
}

void ImportScreen::draw_unknown_choice(UnknownChoice& decision, const std::vector<Option>& options) {
  constexpr float weights[] = {1, 1};
  ui.columns("choice", weights, 150, [&](int half) {
    if (half == 0) {
      const std::string rows = say(Word::import_unknown_rows, {App::format_count(decision.rows)});
      ui.stack(Space::hair, [&] {
        ui.text(decision.text, {.style = TextStyle::body_strong, .max_lines = 1});
        ui.muted(decision.field ? std::string(say(*decision.field)) + " · " + rows : rows);
      });
      return;
    }
    std::string chosen = decision.map_to.empty() ? std::string(key_remark) : decision.map_to;
    if (ui.combo("map", chosen, options, {.field = {.label = decision.text, .label_hidden = true}})) {
      decision.map_to = chosen == key_remark ? std::string() : chosen;
      stale_ = true;
    }
  });
}

void ImportScreen::draw_problems() {
  if (plan_->problem_count == 0) {
    return;
  }
  ui.divider();
  ui.heading(say(Word::import_problems, {App::format_count(plan_->problem_count)}), 3);
  for (std::size_t index = 0; index < std::min(plan_->problems.size(), problems_shown); ++index) {
    const ImportProblem& problem = plan_->problems[index];
    ui.row(std::to_string(index), {.gap = Space::s, .wrap = false}, [&] {
      ui.icon(problem.fatal() ? Icon::error : Icon::info, problem.fatal() ? ColorToken::danger : ColorToken::info, Metrics::icon_small);
      const std::string head = problem.column < table_->header.size() ? table_->header[problem.column] : std::string();
      const std::string line = say(Word::import_line, {std::to_string(problem.line)}) + (head.empty() ? "" : " · " + head) + " · " + std::string(say(problem.message));
      ui.width_limit(ui.available_width(), [&] { ui.text(line); });
    });
  }
  if (plan_->problem_count > static_cast<std::int64_t>(problems_shown)) {
    ui.muted(say(Word::import_problems_more, {App::format_count(plan_->problem_count - static_cast<std::int64_t>(problems_shown))}));
  }
}

}  // namespace kehubu
