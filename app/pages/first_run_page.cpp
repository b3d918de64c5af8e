#include "app/pages/first_run_page.h"

#include "core/sample/sample.h"

namespace kehubu {
namespace {

constexpr float welcome_width = 720;
constexpr float tile_size = 64;

}  // namespace

void FirstRunPage::begin_identity() { identity_ = std::make_unique<IdentityForm>(*drafts_); }

void FirstRunPage::draw(const Rectangle& place) {
  if (!drafts_) {
    drafts_ = std::make_unique<DraftHost>(app_, route_text({.place = Place::identity}));
    std::int64_t changes = 0;
    for (const auto& [device, last] : app_.sync->knowledge()) {
      changes += last;
    }
    if (changes > 0) {
      look_at_received(changes);
    }
    if (drafts_->goes_on()) {
      begin_identity();
    }
  }
  app_.ui.area("welcome", place, {.role = Role::main, .name = app_.say(Word::first_title), .padding = Space::xl, .max_width = welcome_width}, [&] {
    app_.ui.row("languages", {.align = Align::end}, [&] {
      if (app_.ui.button("language", app_.say(Word::palette_language), {.kind = ButtonKind::ghost, .icon = Icon::language})) {
        app_.set_preference("language", app_.say.chinese() ? "en" : "zh");
      }
    });
    if (identity_) {
      draw_identity();
    } else {
      draw_welcome();
    }
  });
  drafts_->watch_drafts();
}

void FirstRunPage::keep_drafts() {
  if (drafts_) {
    drafts_->keep_drafts(true);
  }
}

void FirstRunPage::draw_welcome() {
  app_.ui.space(Space::l);
  app_.ui.icon_tile(Icon::book, Tone::accent, tile_size);
  app_.ui.space(Space::s);
  app_.ui.heading(app_.say(Word::first_title), 1);
  app_.ui.text(app_.say(Word::first_sentence), {.color = ColorToken::text_muted});
  app_.ui.space(Space::l);
  if (!refusal_.empty()) {
    (void)app_.ui.banner("refusal", {.tone = Tone::danger, .title = app_.say(Word::first_refused), .sentence = refusal_});
    app_.ui.space();
  }
  // The sample company does not go among what somebody has sent: it would travel back with the next bundle.
  if (received_) {
    draw_received();
    if (draw_choice("go_on", Icon::contact, Word::first_go_on, Word::first_go_on_sentence)) {
      begin_identity();
    }
  } else {
    if (draw_choice("empty", Icon::plus, Word::first_empty, Word::first_empty_sentence)) {
      begin_identity();
    }
    if (draw_choice("sample", Icon::idea, Word::first_sample, Word::first_sample_sentence)) {
      make_sample();
    }
  }
  if (draw_choice("bundle", Icon::import, Word::first_bundle, Word::first_bundle_sentence)) {
    pick_bundle();
  }
}

bool FirstRunPage::draw_choice(std::string_view key, Icon icon, Word title, Word sentence) {
  return app_.ui.card_button(key, app_.say(title), {}, [&] {
    app_.ui.row("choice", {.gap = Space::l, .wrap = false}, [&] {
      app_.ui.icon_tile(icon);
      const float chevron_room = Metrics::icon + pixels(Space::l);
      app_.ui.width_limit(app_.ui.available_width() - chevron_room, [&] {
        app_.ui.stack(Space::hair, [&] {
          app_.ui.text(app_.say(title), {.style = TextStyle::subtitle});
          app_.ui.muted(app_.say(sentence));
        });
      });
      app_.ui.icon(Icon::chevron_right);
    });
  });
}

void FirstRunPage::draw_received() {
  app_.ui.card("received", {.name = app_.say(Word::first_bundle)}, [&] {
    for (const Peer& sender : received_->senders) {
      const bool named_after_person = sender.person_name.empty() || sender.name.contains(sender.person_name);
      const std::string who = named_after_person ? sender.name : sender.person_name + " · " + sender.name;
      app_.ui.text(app_.say(Word::first_from, {who, app_.when_exactly(sender.last_heard)}), {.style = TextStyle::body_strong});
    }
    app_.ui.muted(app_.say(Word::first_received, {App::format_count(received_->changes), App::format_count(received_->customers)}));
  });
  app_.ui.space(Space::l);
}

void FirstRunPage::draw_identity() {
  if (received_) {
    draw_received();
  }
  app_.ui.heading(app_.say(Word::first_who), 1);
  app_.ui.text(app_.say(Word::first_who_sentence), {.color = ColorToken::text_muted});
  app_.ui.space(Space::l);
  identity_->draw();
  app_.ui.space(Space::xl);
  app_.ui.row("foot", {.gap = Space::m, .align = Align::end, .wrap = false}, [&] {
    if (app_.ui.button("back", app_.say(Word::back))) {
      identity_->discard();
      identity_.reset();
      return;
    }
    if (app_.ui.button("begin", app_.say(Word::first_begin), {.kind = ButtonKind::primary, .icon = Icon::check}) && identity_->save()) {
      identity_.reset();
      startup_.finish_first_run();
    }
  });
}

void FirstRunPage::make_sample() {
  if (auto written = write_sample_data(*app_.store, app_.platform, app_.say.chinese()); !written) {
    app_.show_error(written.error());
    return;
  }
  const Id person = sample_person(*app_.store).value_or(Id{});
  const std::string name = app_.title_of(entity_named("employee"), person);
  DeviceIdentity identity = app_.store->identity();
  identity.letter = "A";
  identity.name = app_.say(Word::first_device_default, {name});
  identity.person = person;
  if (auto set = app_.store->set_identity(identity); !set) {
    app_.show_error(set.error());
    return;
  }
  app_.notify(std::string(app_.say(Word::first_sample_done)), Tone::success);
  startup_.finish_first_run();
}

void FirstRunPage::pick_bundle() {
  app_.platform.pick_files({.accept = ".json,.gz,application/json,application/gzip", .multiple = true}, [this](Result<std::vector<PickedFile>> picked) {
    if (!picked) {
      app_.show_error(picked.error());
    } else {
      take(std::move(*picked));
    }
    app_.platform.request_frame();
  });
}

void FirstRunPage::take(std::vector<PickedFile> files) {
  app_.unpack_bundles(std::move(files), [this](auto unpacked) { merge(std::move(unpacked)); });
}

void FirstRunPage::look_at_received(std::int64_t changes) {
  received_ = {.senders = app_.sync->peers().value_or(std::vector<Peer>()),
               .changes = changes,
               .customers = app_.count({.entity = &entity_named("customer"), .search = {}, .filters = {}})};
}

void FirstRunPage::merge(std::vector<std::pair<std::string, std::string>> files) {
  app_.start_job<Result<MergeReport>>(
      std::string(app_.say(Word::sync_merging)), [this, files = std::move(files)](Progress& progress) mutable { return app_.sync->merge(std::move(files), progress); },
      [this](Result<MergeReport> report) {
        if (!report) {
          app_.show_error(report.error());
          return;
        }
        // Known already: this page was loaded again between the bundle and the name.
        const bool received = report->changes_applied > 0 || report->already_known > 0;
        refusal_.clear();
        for (const Sentence& remark : report->remarks) {
          if (received) {
            app_.notify(std::string(app_.say(remark)), Tone::warning);
          } else {
            refusal_ += (refusal_.empty() ? "" : "\n") + std::string(app_.say(remark));
          }
        }
        if (received) {
          look_at_received(report->changes_applied);
          begin_identity();
        }
      });
}

}  // namespace kehubu
