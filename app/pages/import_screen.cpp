#include "app/pages/import_screen.h"

#include <algorithm>
#include <utility>

#include "app/pages/records/entity_view.h"
#include "core/importing/doubts.h"

namespace kehubu {
namespace {

constexpr std::string_view table_types = ".csv,.txt,.tsv,text/csv,text/plain,text/tab-separated-values";
constexpr std::size_t preview_rows = 6;
constexpr float import_width = 960;

class PlatformDecoder final : public TextDecoder {
 public:
  explicit PlatformDecoder(Platform& platform) : platform_(platform) {}
  Result<std::string> decode(std::span<const std::uint8_t> bytes, TextEncoding encoding) override {
    return platform_.decode_text(bytes, encoding == TextEncoding::big5 ? "big5" : "gb18030");
  }

 private:
  Platform& platform_;
};

}  // namespace

ImportScreen::ImportScreen(App& app_, const Route& route) : Screen(app_, route), entity_(*route.entity), targets_(mappable_fields(entity_)), drafts_(*this, {.content = [this] { return pack(); }, .title = [this] { return draft_title(); }}) {
  if (const auto draft = drafts_.take_resumed()) {
    unpack(*draft);
  }
  resumed();
}

// A dropped file.
void ImportScreen::resumed() {
  std::vector<PickedFile> files = app.take_files();
  if (files.empty()) {
    return;
  }
  if (files.size() > 1) {
    app.notify(say(Word::import_one_at_a_time, {files.front().name}), Tone::warning);
  }
  offer(std::move(files.front()));
}

ImportScreen::~ImportScreen() {
  if (checking_) {
    checking_->progress.cancelled = true;
  }
}

void ImportScreen::offer(PickedFile file) {
  if (!table_ || done_) {
    (void)read(std::move(file));
  } else if (const auto text = text_of(file); text) {
    offered_ = std::move(file);
  } else {
    app.show_error(text.error());
  }
}

void ImportScreen::draw_offered() {
  bool open = offered_.has_value();
  const std::string title = offered_ ? say(Word::import_other_file, {offered_->name}) : std::string();
  const Confirmation answer = ui.confirm("offered", open, {.title = title,
                                                           .sentence = say(Word::import_other_file_sentence, {file_name_}),
                                                           .confirm_label = say(Word::import_other_file_take),
                                                           .cancel_label = say(Word::import_other_file_stay)});
  if (answer == Confirmation::confirmed && offered_) {
    (void)read(std::move(*offered_));
  }
  if (!open || answer != Confirmation::waiting) {
    offered_.reset();
  }
}

std::vector<BarAction> ImportScreen::bar_actions() {
  if (!table_) {
    return {};
  }
  std::vector<BarAction> actions{{.key = "pick", .label = std::string(say(Word::sync_choose_files)), .icon = Icon::upload}};
  if (ui.width_class() != WidthClass::phone) {
    actions.push_back({.key = "commit", .label = commit_label(), .icon = Icon::check, .primary = true, .disabled = !may_commit()});
  }
  return actions;
}

void ImportScreen::on_bar_action(std::string_view key) {
  if (key == "commit") {
    commit();
  } else {
    pick();
  }
}

// What is written is what stands on the page: nothing while it is being checked anew.
bool ImportScreen::may_commit() const { return plan_ && !plan_->edits.empty() && !stale_ && !checking_; }

std::string ImportScreen::commit_label() const {
  const std::int64_t records = plan_ ? plan_->records_new + plan_->records_changed : 0;
  const std::int64_t count = records > 0 || !plan_ ? records : plan_->contacts_new + plan_->contacts_changed;  // of companies that are there
  if (plan_ && plan_->edits.empty()) {
    return std::string(say(Word::import_nothing));
  }
  return plan_ ? say(Word::import_confirm, {App::format_count(count)}) : std::string(say(Word::import_list));
}

void ImportScreen::pick() {
  app.platform.pick_files({.accept = std::string(table_types)}, while_alive([this](Result<std::vector<PickedFile>> picked) {
                            if (!picked) {
                              app.show_error(picked.error());
                            } else if (!picked->empty()) {
                              offer(std::move(picked->front()));
                            }
                            app.platform.request_frame();
                          }));
}

bool ImportScreen::read(PickedFile file) {
  auto text = text_of(file);
  if (!text) {
    app.show_error(text.error());
    return false;
  }
  put_away();
  file_name_ = std::move(file.name);
  bytes_ = std::move(file.bytes);
  encoding_ = detect_encoding(bytes_);
  options_ = {};
  options_.follow_up = FollowUpPlan::spread;
  options_.owner = app.store->identity().person;
  text_ = std::move(*text);
  choices_ = {};
  find(true);
  return true;
}

Result<std::string> ImportScreen::text_of(const PickedFile& file) {
  KEHUBU_TRY(check_is_text_table(file.bytes));
  KEHUBU_TRY_ASSIGN(text, decoded(file.bytes, detect_encoding(file.bytes)));
  KEHUBU_TRY_ASSIGN(rows, parse_csv(text));
  KEHUBU_TRY(find_table(std::move(rows), {}));
  return text;
}

// Nothing is under review any more, and nothing is checked.
void ImportScreen::put_away() {
  table_.reset();
  plan_.reset();
  stale_ = false;
  if (checking_) {
    checking_->progress.cancelled = true;
    checking_.reset();
  }
}

Result<std::string> ImportScreen::decoded(const Bytes& bytes, TextEncoding encoding) {
  PlatformDecoder decoder(app.platform);
  return decode_text(bytes, encoding, decoder);
}

// The file from its bytes on: after another encoding.
void ImportScreen::decode() {
  auto text = decoded(bytes_, encoding_);
  if (!text) {
    app.show_error(text.error());
    return;
  }
  text_ = std::move(*text);
  choices_ = {};
  find(true);
}

// The table from the text on: after another header, or a row that is data after all.
void ImportScreen::find(bool new_header) {
  auto rows = parse_csv(text_);
  auto table = rows ? find_table(std::move(*rows), choices_) : std::unexpected(rows.error());
  if (!table) {
    app.show_error(table.error());  // what was read before stands
    return;
  }
  samples_.clear();
  const bool same_columns = table_ && table_->header.size() == table->header.size();
  table_ = std::make_shared<const ImportTable>(std::move(*table));
  for (std::size_t column = 0; column < std::min(table_->header.size(), columns_offered); ++column) {
    samples_.push_back(sample_of(column));
  }
  if (new_header || !same_columns) {
    proposed_ = mapping_ = propose_mapping(*table_, entity_);
    options_.decisions.clear();
    options_.filled_down.clear();
  }
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
      [this](Progress& progress) { return plan_import(*app.store, app.platform, table_, entity_, mapping_, options_, progress); },
      while_alive([this, table = table_](Result<ImportPlan> plan) {
        if ((!plan && plan.error().kind == ErrorKind::cancelled) || table != table_) {
          return;  // another check is under way, or none is wanted any more
        }
        checking_.reset();
        if (!plan) {
          app.show_error(plan.error());
          return;
        }
        plan_ = std::move(*plan);
        doubts_ = doubts_about(*table_, entity_, mapping_);
        take_decisions();
      }),
      false);
}

// The questions that the check found. What a person decided meanwhile stands, and is checked next.
void ImportScreen::take_decisions() {
  std::vector<UnknownChoice> decisions = plan_->unknown_choices;
  keep_decisions(decisions, options_.decisions);
  options_.decisions = std::move(decisions);
}

void ImportScreen::commit() {
  if (!app.may_write()) {
    return;
  }
  committing_ = true;
  const std::int64_t records = plan_->records_new + plan_->records_changed;
  const Sentence outcome = outcome_of(*plan_);
  auto plan = std::make_shared<ImportPlan>(std::move(*plan_));
  plan_.reset();
  app.start_job<Result<Written>>(
      std::string(say(Word::import_writing)), [this, plan](Progress& progress) { return commit_import(*app.store, std::move(*plan), progress, drafts_.ending()); },
      while_alive([this, records, outcome](Result<Written> written) {
        committing_ = false;
        if (!written) {
          app.show_error(written.error());
          check();
          return;
        }
        done_ = true;
        drafts_.settled();
        // Of second persons of known companies no record of the list is made: the outcome says what is.
        ui.toast({.message = (records > 0 ? say(Word::import_done, {App::format_count(records)}) + " · " : std::string()) + std::string(say(outcome)),
                  .action_label = std::string(say(Word::import_done_undo)),
                  .action = app.steps.take_back_last(),
                  .tone = Tone::success,
                  .seconds = 12});
        app.router.go_root({.place = Place::list, .entity = &entity_});
      }));
}

void ImportScreen::draw(const Rectangle& place) {
  // Not in the middle of drawing what it replaces.
  if (reread_ != Reread::no) {
    std::exchange(reread_, Reread::no) == Reread::bytes ? decode() : find(new_header_);
  } else if (stale_ && !checking_) {
    check();
  }
  draw_offered();
  page_area(
      place,
      [&] {
        if (drafts_.draw_offer() != DraftAnswer::none) {
          put_away();
          if (const auto draft = drafts_.take_resumed()) {
            unpack(*draft);
          }
        }
        if (!table_) {
          draw_pick();
          return;
        }
        draw_result();
        ui.space();
        draw_preview();
        ui.space();
        draw_columns();
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
  ui.text(say(Word::import_excel_sentence), {.style = TextStyle::caption, .color = ColorToken::text_muted, .align = Align::center});
  if (action == EmptyStateAction::first) {
    pick();
  }
}

void ImportScreen::draw_preview() {
  ui.card("preview", {.name = say(Word::import_preview)}, [&] {
    ui.heading(say(Word::import_preview), 2);
    std::vector<TableColumn> columns;
    std::vector<std::string> keys;  // not the heads: two may be the same, or empty
    for (std::size_t column = 0; column < table_->header.size(); ++column) {
      keys.push_back(std::to_string(column));
    }
    const auto rows = static_cast<std::int64_t>(std::min(table_->rows.size(), preview_rows));
    constexpr float head_height = 44, widest_column = 260;
    for (std::size_t column = 0; column < table_->header.size(); ++column) {
      // As wide as what stands in these rows, telephones and tax numbers whole; only prose is cut.
      std::string_view widest;
      float widest_width = 0;
      for (std::size_t row = 0; row < static_cast<std::size_t>(rows); ++row) {
        const std::vector<std::string>& cells = table_->rows[row].cells;
        const float width = column < cells.size() ? ui.text_width(cells[column], TextStyle::body) : 0;
        if (width > widest_width && width <= widest_column) {
          widest = cells[column];
          widest_width = width;
        }
      }
      columns.push_back({.key = keys[column], .title = table_->header[column], .min_width = 72, .widest = widest});
    }
    (void)ui.table("rows", {.row_count = rows, .name = say(Word::import_preview), .height = head_height + Metrics::table_row_height * static_cast<float>(rows) + 1, .rows_pressable = false}, columns,
                   [&](std::int64_t row, int column) {
                     const CsvRow& line = table_->rows[static_cast<std::size_t>(row)];
                     const auto index = static_cast<std::size_t>(column);
                     return TableCell{.text = index < line.cells.size() ? line.cells[index] : std::string()};
                   });
  });
}

}  // namespace kehubu
