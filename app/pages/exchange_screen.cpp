#include "app/pages/exchange_screen.h"

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

#include "app/pages/records/entity_view.h"
#include "app/pages/records/list_card.h"

namespace kehubu {
namespace {

constexpr float exchange_width = 1080;
constexpr std::size_t compress_from = 256U << 10;
constexpr std::size_t history_shown = 20;
constexpr std::size_t concerns_shown = 20;
constexpr std::string_view bundle_types = ".json,.gz,application/json,application/gzip";

Tone tone_of(BundleState state) {
  switch (state) {
    case BundleState::ready:
      return Tone::success;
    case BundleState::already_known:
      return Tone::neutral;
    case BundleState::waiting:
      return Tone::warning;
    case BundleState::refused:
      break;
  }
  return Tone::danger;
}

Word word_of(BundleState state) {
  switch (state) {
    case BundleState::ready:
      return Word::sync_state_ready;
    case BundleState::already_known:
      return Word::sync_state_known;
    case BundleState::waiting:
      return Word::sync_state_waiting;
    case BundleState::refused:
      break;
  }
  return Word::sync_state_refused;
}

// Previews every file in turn; one that is refused has its reason in its preview.
Task<Result<std::vector<Preview>>> preview_all(Sync& sync, std::shared_ptr<std::vector<std::pair<std::string, std::string>>> files, Progress& progress) {
  std::vector<Preview> previews;
  for (const auto& [name, json] : *files) {
    Result<Preview> preview = co_await sync.preview(json, progress);
    if (preview) {
      previews.push_back(std::move(*preview));
    } else if (preview.error().kind == ErrorKind::cancelled) {
      co_return std::unexpected(preview.error());
    } else {
      previews.push_back({.state = BundleState::refused, .headline = preview.error().message});
    }
  }
  co_return previews;
}

Task<Result<MergeReport>> merge_all(Sync& sync, std::shared_ptr<std::vector<std::pair<std::string, std::string>>> files, Progress& progress) {
  co_return co_await sync.merge(std::move(*files), progress);
}

}  // namespace

ExchangeScreen::ExchangeScreen(App& app_) : Screen(app_, {.place = Place::exchange}), renewal_(app_), fingerprint_(app_) { resumed(); }

// What was looked at and is not merged yet is there again when one comes back.
ExchangeScreen::~ExchangeScreen() {
  if (const auto& kept = unchecked_ ? unchecked_ : files_; kept && (unchecked_ || !previews_.empty())) {
    app.bundles_looked_at = std::move(*kept);
  }
}

void ExchangeScreen::resumed() {
  Files looked_at = std::exchange(app.bundles_looked_at, {});
  if (std::vector<PickedFile> files = app.take_files(); !files.empty()) {
    take(std::move(files), std::move(looked_at));
  } else if (!looked_at.empty()) {
    look(std::move(looked_at));
  }
}

void ExchangeScreen::refresh() {
  if (revision_ == app.store->revision()) {
    return;
  }
  revision_ = app.store->revision();
  const auto take = [this](auto& into, auto read) {
    if (!read) {
      app.show_error(read.error());
    }
    into = read ? std::move(*read) : std::remove_reference_t<decltype(into)>();
  };
  take(peers_, app.sync->peers());
  take(history_, app.sync->bundle_history());
  take(concerns_, app.sync->concerns());
  missing_own_ = app.sync->missing_own();
}

// Whom a bundle is for when nobody has chosen: whoever was sent one last, else was heard last. Everything only where nobody is known.
Id ExchangeScreen::receiver() const {
  if (receiver_ || peers_.empty()) {
    return receiver_.value_or(Id{});
  }
  return std::ranges::max_element(peers_, {}, [](const Peer& peer) { return std::pair(peer.last_sent, peer.last_heard); })->device;
}

void ExchangeScreen::draw(const Rectangle& place) {
  refresh();
  page_area(
      place,
      [&] {
        draw_missing_own();
        draw_unchecked();
        if (report_) {
          draw_report();
          ui.space(Space::l);
        } else if (!previews_.empty()) {
          draw_previews();
          ui.space(Space::l);
        }
        constexpr float weights[] = {1, 1};
        ui.columns("halves", weights, 340, [&](int column) {
          if (column == 0) {
            draw_send();
            ui.space();
            fingerprint_.draw();
            ui.space();  // where the columns stand below each other
          } else {
            draw_receive();
            ui.space();
            draw_concerns();
            draw_history();
          }
        });
      },
      exchange_width);
}

ExchangeScreen::Next ExchangeScreen::next_step() const {
  if (!previews_.empty()) {
    return Next::merge;
  }
  if (report_ && app.conflict_count() > 0) {
    return Next::conflicts;
  }
  // Somebody lacks something of what is here, or nobody is known yet who could have sent anything.
  const Id chosen = receiver();
  const auto peer = std::ranges::find(peers_, chosen, &Peer::device);
  return peer == peers_.end() || peer->lacks > 0 ? Next::send : Next::receive;
}

// A restored tablet: nothing can be saved before this is settled, in one of two ways.
void ExchangeScreen::draw_missing_own() {
  if (missing_own_ && !renewal_.is_open()) {
    const BannerAction answer = ui.banner("missing_own", {.tone = Tone::warning,
                                                          .title = say(Word::sync_missing_own),
                                                          .sentence = say(missing_own_->sentence),
                                                          .action_label = say(Word::new_device)});
    if (answer == BannerAction::action) {
      renewal_.ask();
    }
    ui.space(Space::l);
  }
  if (renewal_.draw()) {
    revision_ = -1;
  }
}

std::string ExchangeScreen::detail_of(const Peer& peer) const {
  std::string detail = peer.lacks > 0 ? say(Word::sync_peer_lacks, {App::format_count(peer.lacks)}) : std::string(say(Word::sync_peer_has_all));
  const std::string heard = peer.last_heard > 0 ? app.since(peer.last_heard) : std::string(say(Word::sync_never));
  detail += " · " + peer.name + " · " + say(Word::sync_peer_detail, {heard});
  return peer.last_sent > 0 ? detail + " · " + say(Word::sync_peer_sent, {app.since(peer.last_sent)}) : detail;
}

// By the person, where somebody has several devices also by the device; and one who began anew on the same tablet by the
// letter of its numbers, or by what its identifier ends in.
std::string ExchangeScreen::name_of(const Peer& peer) const {
  const auto has_same_names = [&](const Peer& other) { return other.person_name == peer.person_name && other.name == peer.name; };
  if (std::ranges::count_if(peers_, has_same_names) > 1) {
    const auto same_letter = std::ranges::count_if(peers_, [&](const Peer& other) { return has_same_names(other) && other.letter == peer.letter; });
    const std::string mark = peer.letter.empty() || same_letter > 1 ? peer.device.text().substr(18) : peer.letter;
    return say(Word::sync_peer_marked, {peer.name.empty() ? peer.person_name : peer.name, mark});
  }
  const bool only_one = std::ranges::count(peers_, peer.person_name, &Peer::person_name) == 1;
  return peer.person_name.empty() ? peer.name : only_one || peer.name.empty() ? peer.person_name : peer.person_name + " · " + peer.name;
}

void ExchangeScreen::draw_send() {
  ui.card("send", {.name = say(Word::sync_send)}, [&] {
    ui.heading(say(Word::sync_send), 2);
    ui.muted(say(Word::sync_send_sentence));
    const Id chosen = receiver();
    for (const Peer& peer : peers_) {
      if (ui.list_row(peer.device.text(), {.title = say(Word::sync_to_peer, {name_of(peer)}), .subtitle = detail_of(peer), .icon = Icon::device, .selected = chosen == peer.device})) {
        receiver_ = peer.device;
      }
    }
    if (ui.list_row("all", {.title = say(Word::sync_to_everyone), .subtitle = say(Word::sync_to_everyone_detail), .icon = Icon::database, .selected = chosen.empty()})) {
      receiver_ = Id{};
    }
    ui.space(Space::s);
    if (ui.button("make", say(Word::sync_make), {.kind = kind_of(Next::send), .icon = Icon::share, .fill_width = true})) {
      send();
    }
  });
}

void ExchangeScreen::send() {
  const Id chosen = receiver();
  // What leaves this device must not be lost on it.
  app.hand_out(while_alive([this, chosen](bool on_disk) {
    const ExportRequest request{.receiver = chosen.empty() ? std::nullopt : std::optional<Id>(chosen), .packed_from = compress_from};
    app.start_job<Result<ExportedBundle>>(
        std::string(say(Word::sync_making)), [this, request](Progress& progress) { return app.sync->export_bundle(request, progress); },
        while_alive([this, on_disk](Result<ExportedBundle> bundle) {
          revision_ = -1;
          if (!bundle) {
            app.show_error(bundle.error());
          } else {
            hand_over(std::move(*bundle), on_disk);
          }
        }));
  }));
}

void ExchangeScreen::hand_over(ExportedBundle bundle, bool on_disk) {
  if (bundle.changes == 0 && !receiver().empty()) {
    app.notify(std::string(say(Word::sync_nothing_to_send)));
    return;
  }
  const std::string told = say(on_disk ? Word::sync_sent : Word::sync_sent_off_disk, {bundle.name, App::format_count(bundle.changes)});
  App* application = &app;
  if (bundle.json.size() < compress_from) {
    app.save_packed_file(bundle.name, "application/json", std::move(bundle.json), true, on_disk, [application, told] { application->notify(told, Tone::success); });
    return;
  }
  app.platform.compress(Bytes(bundle.json.begin(), bundle.json.end()), [application, told, on_disk, name = bundle.name](Result<Bytes> packed) {
    if (!packed) {
      application->show_error(packed.error());
    } else {
      application->save_packed_file(name, "application/gzip", {reinterpret_cast<const char*>(packed->data()), packed->size()}, true, on_disk,
                                    [application, told] { application->notify(told, Tone::success); });
    }
    application->platform.request_frame();
  });
}

void ExchangeScreen::draw_receive() {
  ui.card("receive", {.name = say(Word::sync_receive)}, [&] {
    ui.heading(say(Word::sync_receive), 2);
    ui.muted(say(Word::sync_receive_sentence));
    if (ui.button("pick", say(Word::sync_choose_files), {.kind = kind_of(Next::receive), .icon = Icon::download, .fill_width = true})) {
      pick();
    }
    if (ui.width_class() != WidthClass::phone) {
      ui.muted(say(Word::sync_drop_here));
    }
  });
}

void ExchangeScreen::pick() {
  App* application = &app;
  app.platform.pick_files({.accept = std::string(bundle_types), .multiple = true}, [application](Result<std::vector<PickedFile>> picked) {
    if (picked) {
      application->receive_files(std::move(*picked));
    } else {
      application->show_error(picked.error());
    }
    application->platform.request_frame();
  });
}

void ExchangeScreen::take(std::vector<PickedFile> files, Files before) {
  report_.reset();
  app.unpack_bundles(std::move(files), while_alive([this, before = std::move(before)](Files unpacked) mutable {
    std::ranges::move(before, std::back_inserter(unpacked));
    look(std::move(unpacked));
  }));
}

// Every file that is there and good for something is looked at again: each stands beside the others, and what is merged is what was
// looked at. What came first stands first; the same given again, under whatever name, is one file.
void ExchangeScreen::look(Files more) {
  Files files;
  if (const auto before = std::exchange(unchecked_, nullptr)) {
    files = std::move(*before);
  }
  for (std::size_t index = 0; index < previews_.size(); ++index) {
    if (previews_[index].state == BundleState::ready || previews_[index].state == BundleState::waiting) {
      files.push_back(std::move((*files_)[index]));
    }
  }
  if (checking_) {
    checking_->progress.cancelled = true;
    files.insert(files.end(), checked_->begin(), checked_->end());
  }
  std::string again;
  for (auto& [name, json] : more) {
    if (std::ranges::find(files, json, &Files::value_type::second) == files.end()) {
      files.emplace_back(std::move(name), std::move(json));
    } else {
      again += (again.empty() ? std::string() : std::string(say.list_separator())) + name;
    }
  }
  if (!again.empty()) {
    app.notify(say(Word::sync_same_file, {again}));
  }
  previews_.clear();
  files_.reset();
  checked_ = std::make_shared<Files>(std::move(files));
  checking_ = app.start_job<Result<std::vector<Preview>>>(
      std::string(say(Word::sync_checking)), [this, files = checked_](Progress& progress) { return preview_all(*app.sync, files, progress); },
      while_alive([this, files = checked_](Result<std::vector<Preview>> previews) {
        if (files != checked_) {
          return;  // more came, and they are all looked at again
        }
        checking_.reset();
        checked_.reset();
        if (previews) {
          files_ = files;
          previews_ = std::move(*previews);
        } else {
          unchecked_ = files;
          app.show_error(previews.error());
        }
      }));
}

// Whoever cancels a check has not thrown his files away.
void ExchangeScreen::draw_unchecked() {
  if (!unchecked_) {
    return;
  }
  const std::string heading = say(Word::sync_unchecked, {App::format_count(static_cast<std::int64_t>(unchecked_->size()))});
  bool again = false, away = false;
  ui.card("unchecked", {.name = heading}, [&] {
    ui.heading(heading, 2);
    ui.muted(say(Word::sync_unchecked_sentence));
    for (const auto& [name, json] : *unchecked_) {
      ui.text(name, {.max_lines = 1});
    }
    ui.row("answer", {.gap = Space::m, .align = Align::end}, [&] {
      away = ui.button("away", say(Word::sync_put_files_away));
      again = ui.button("again", say(Word::sync_check_again), {.icon = Icon::search});
    });
  });
  ui.space(Space::l);
  if (again) {
    look({});
  } else if (away) {
    unchecked_.reset();
    app.platform.request_frame();
  }
}

void ExchangeScreen::draw_previews() {
  const auto useful = std::count_if(previews_.begin(), previews_.end(), [](const Preview& preview) {
    return preview.state == BundleState::ready || preview.state == BundleState::waiting;
  });
  ui.card("previews", {.name = say(Word::sync_preview)}, [&] {
    ui.heading(say(Word::sync_preview), 2);
    for (std::size_t index = 0; index < previews_.size(); ++index) {
      ui.with_key(static_cast<std::int64_t>(index), [&] { draw_preview(previews_[index], (*files_)[index].first); });
      ui.divider();
    }
    if (std::ranges::count(previews_, BundleState::ready, &Preview::state) > 1) {  // each was looked at by itself
      ui.muted(say(Word::sync_several_files));
    }
    ui.row("answer", {.gap = Space::m, .align = Align::end}, [&] {
      if (ui.button("cancel", say(useful == 0 ? Word::close : Word::cancel))) {
        previews_.clear();
        files_.reset();
        return;
      }
      if (useful == 0) {
        return;  // nothing of it can be merged: the reasons stand above
      }
      const bool keeps_both = std::ranges::any_of(previews_, &Preview::keeps_both);
      const std::string label = keeps_both              ? std::string(say(Word::sync_keep_both))
                                : previews_.size() == 1 ? std::string(say(Word::sync_merge))
                                                        : say(Word::sync_merge_count, {std::to_string(useful)});
      if (ui.button("merge", label, {.kind = ButtonKind::primary, .icon = Icon::merge})) {
        merge();
      }
    });
  });
}

void ExchangeScreen::draw_preview(const Preview& preview, const std::string& name) {
  ui.row("head", {.gap = Space::s}, [&] {
    ui.text(say(preview.headline), {.style = TextStyle::body_strong});
    ui.badge(say(word_of(preview.state)), {.tone = tone_of(preview.state)});
  });
  ui.muted(preview.created_at > 0 ? name + " · " + app.when_exactly(preview.created_at) : name);
  for (const PreviewLine& line : preview.lines) {
    const bool warning = line.weight == PreviewLine::Weight::warning;
    const bool notable = line.weight == PreviewLine::Weight::notable;
    ui.row(say(line.text), {.gap = Space::s, .wrap = false}, [&] {
      ui.icon(warning ? Icon::warning : notable ? Icon::info : Icon::check, warning ? ColorToken::warning : ColorToken::text_muted, Metrics::icon_small);
      ui.width_limit(ui.available_width(), [&] { ui.text(say(line.text), {.color = warning ? ColorToken::on_warning_soft : ColorToken::text}); });
    });
  }
}

void ExchangeScreen::merge() {
  if (!app.may_write()) {
    return;
  }
  previews_.clear();
  std::string names;
  for (const auto& [name, json] : *files_) {
    names += (names.empty() ? std::string() : std::string(say.list_separator())) + name;
  }
  app.start_job<Result<MergeReport>>(
      std::string(say(Word::sync_merging)), [this](Progress& progress) { return merge_all(*app.sync, std::move(files_), progress); },
      while_alive([this, names](Result<MergeReport> report) {
        revision_ = -1;
        if (!report) {
          const bool cancelled = report.error().kind == ErrorKind::cancelled;
          const std::string why = cancelled ? std::string() : std::string(say(report.error().message)) + "\n";
          ui.toast({.message = why + say(Word::sync_not_merged, {names}), .tone = cancelled ? Tone::neutral : Tone::danger, .seconds = 10});
          return;
        }
        report_ = std::move(*report);
      }));
}

void ExchangeScreen::draw_report() {
  ui.card("report", {.name = say(Word::sync_merged)}, [&] {
    ui.row("head", {.gap = Space::s}, [&] {
      ui.icon(Icon::check, ColorToken::success, Metrics::icon_large);
      ui.heading(say(Word::sync_merged), 2);
    });
    draw_report_numbers();
    for (const Sentence& remark : report_->remarks) {
      ui.row(say(remark), {.gap = Space::s, .wrap = false}, [&] {
        ui.icon(Icon::info, ColorToken::info, Metrics::icon_small);
        ui.width_limit(ui.available_width(), [&] { ui.text(say(remark)); });
      });
    }
    ui.row("answer", {.gap = Space::m, .align = Align::end}, [&] {
      if (ui.button("close", say(Word::understood))) {
        report_.reset();
        return;
      }
      if (app.conflict_count() > 0 && ui.button("conflicts", say(Word::sync_to_conflicts), {.kind = ButtonKind::primary, .icon = Icon::conflict})) {
        app.router.go({.place = Place::conflicts});
      }
    });
  });
}

void ExchangeScreen::draw_report_numbers() {
  const MergeReport& report = *report_;
  const auto line = [&](Word word, std::int64_t number, ColorToken color) {
    if (number > 0) {
      ui.text(say(word, {App::format_count(number)}), {.color = color});
    }
  };
  ui.text(say(Word::sync_result, {App::format_count(report.changes_applied), App::format_count(report.records_touched)}), {.style = TextStyle::body_strong, .role = Role::status});
  for (std::size_t index = 0; index < std::min(report.concerns.size(), concerns_shown); ++index) {
    ui.row("concern" + std::to_string(index), {.gap = Space::s, .wrap = false}, [&] {
      ui.icon(Icon::info, ColorToken::warning, Metrics::icon_small);
      ui.width_limit(ui.available_width(), [&] { ui.text(say(report.concerns[index])); });
    });
  }
  const std::int64_t waiting_before = report.conflicts_open - report.conflicts_opened;
  if (report.conflicts_opened > 0) {
    line(Word::sync_result_conflicts, report.conflicts_opened, ColorToken::on_warning_soft);
    line(Word::sync_result_more_conflicts, waiting_before, ColorToken::on_warning_soft);
  } else if (waiting_before > 0) {
    line(Word::sync_result_still_conflicts, waiting_before, ColorToken::on_warning_soft);
  } else if (report.concerns.empty() && report.conflicts_closed == 0) {
    ui.text(say(Word::sync_result_no_conflicts), {.color = ColorToken::text_muted});
  }
  line(Word::sync_result_closed, report.conflicts_closed, ColorToken::text_muted);
  line(Word::sync_result_superseded, report.superseded, ColorToken::text_muted);
  line(Word::sync_result_ruled_out, report.ruled_out, ColorToken::text_muted);
  line(Word::sync_result_known, report.already_known, ColorToken::text_muted);
  line(Word::sync_result_waiting, report.waiting, ColorToken::on_warning_soft);
  line(Word::sync_result_refused, report.refused, ColorToken::danger);
}

// What others decided about this person's values, and what of his does not stand: until he puts it away.
void ExchangeScreen::draw_concerns() {
  // What the report above says is not said twice; it is here when that has been read.
  std::vector<const Sync::Concern*> listed;
  for (const Sync::Concern& concern : concerns_) {
    const auto says_it = [&](const Sentence& told) { return told.zh == concern.text.zh; };
    if (!report_ || std::ranges::none_of(std::span(report_->concerns).first(std::min(report_->concerns.size(), concerns_shown)), says_it)) {
      listed.push_back(&concern);
    }
  }
  if (listed.empty()) {
    return;
  }
  bool put_away = false;
  ui.card("concerns", {.name = say(Word::sync_concerns)}, [&] {
    ui.heading(say(Word::sync_concerns), 2);
    ui.muted(say(Word::sync_concerns_sentence));
    for (std::size_t index = 0; index < std::min(listed.size(), concerns_shown); ++index) {
      const Sync::Concern& concern = *listed[index];
      if (concern.record.entity == nullptr) {  // of how many more
        ui.text(say(concern.text));
      } else if (ui.list_row(std::to_string(concern.number), {.title = say(concern.text), .icon = icon_of(*concern.record.entity), .chevron = true, .wrap = true})) {
        app.router.go(record_of(*concern.record.entity, concern.record.row));
      }
    }
    if (listed.size() > concerns_shown) {
      ui.muted(say(Word::conflict_more_effects, {App::format_count(static_cast<std::int64_t>(listed.size() - concerns_shown))}));
    }
    put_away = ui.button("put_away", say(Word::sync_concerns_put_away), {.icon = Icon::check});
  });
  ui.space();
  if (put_away && app.may_write()) {
    if (Status done = app.sync->put_away_concerns(); !done) {
      app.show_error(done.error());
    }
    revision_ = -1;
    app.platform.request_frame();
  }
}

void ExchangeScreen::draw_history() {
  list_card(ui, "history", say(Word::sync_history), [&] {
    if (history_.empty()) {
      list_card_empty(ui, say(Word::sync_history_none));
    }
    for (std::size_t index = 0; index < std::min(history_.size(), history_shown); ++index) {
      const Sync::BundleRecord& record = history_[index];
      const std::string who = record.person_name.empty() ? record.device_name : record.person_name;
      const std::string detail = say(Word::sync_history_detail, {App::format_count(record.changes)});
      const Word state = record.outgoing ? Word::sync_state_made : record.state == BundleState::ready ? Word::sync_state_merged : word_of(record.state);
      const std::string shown_when = app.since(record.at);
      const std::string subtitle = who.empty() ? detail : who + " · " + detail;
      (void)ui.list_row(std::to_string(index), {.title = record.name,
                                                .subtitle = subtitle,
                                                .trailing = shown_when,
                                                .badge = say(state),
                                                .badge_tone = record.outgoing ? Tone::info : tone_of(record.state),
                                                .icon = record.outgoing ? Icon::upload : Icon::download,
                                                .pressable = false});
    }
    if (history_.size() > history_shown) {
      ui.indent(Space::m, [&] { ui.muted(say(Word::remove_obstacle_more, {App::format_count(static_cast<std::int64_t>(history_.size() - history_shown))})); });
    }
  });
}

}  // namespace kehubu
