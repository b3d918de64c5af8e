#include "app/pages/settings_screen.h"

#include <algorithm>

#include "app/pages/records/list_card.h"
#include "core/sample/sample.h"
#include "core/store/storage_messages.h"

namespace kehubu {
namespace {

constexpr float settings_width = 1080;
constexpr std::string_view program_version = "0.1.0";

DeviceIdentity identity_of(App& app) { return app.store->identity(); }

}  // namespace

void SettingsScreen::draw(const Rectangle& place) {
  page_area(
      place,
      [&] {
        constexpr float weights[] = {1, 1};
        ui.columns("halves", weights, 340, [&](int column) {
          if (column == 0) {
            draw_person();
            ui.space();
            draw_look();
            ui.space();
            draw_data();
            ui.space();  // where the columns stand below each other
          } else {
            draw_storage();
            ui.space();
            draw_backup();
            ui.space();
            draw_starting_over();
            ui.space();
            draw_about();
          }
        });
      },
      settings_width);
  draw_erase_dialog();
  (void)renewal_.draw();
}

void SettingsScreen::draw_person() {
  const DeviceIdentity identity = identity_of(app);
  const Entity& employee = entity_named("employee");
  const auto person = app.read(employee, identity.person);
  list_card(ui, "person", say(Word::settings_person), [&] {
    const std::string name = person ? app.show(*person, "name") : std::string(say(Word::unknown_person));
    const std::string code = person ? app.show(*person, "code") : std::string();
    const std::string role = person ? app.show(*person, "role") : std::string();
    if (ui.list_row("who", {.title = name, .subtitle = role.empty() ? code : code + " · " + role, .avatar = name, .chevron = true})) {
      app.router.go({.place = Place::identity});
    }
    ui.indent(Space::m, [&] {
      ui.key_value({.label = say(Word::first_device_name), .value = identity.name});
      ui.key_value({.label = say(Word::first_letter), .value = identity.letter});
      ui.key_value({.label = say(Word::settings_numbers), .value = "K-" + code + identity.letter + "-…-001"});
      if (ui.button("change", say(Word::settings_person_change), {.icon = Icon::user})) {
        app.router.go({.place = Place::identity});
      }
    });
    ui.space();
  });
}

void SettingsScreen::draw_look() {
  ui.card("look", {.name = say(Word::settings_look)}, [&] {
    ui.heading(say(Word::settings_look), 2);
    ui.muted(say(Word::settings_language));
    constexpr std::string_view languages[] = {"", "zh", "en"};
    const std::string language = app.platform.read_local_setting("language");
    const std::string_view language_labels[] = {say(Word::settings_language_system), "中文", "English"};
    const auto present_language = std::find(std::begin(languages), std::end(languages), language) - std::begin(languages);
    if (const int chosen = ui.segmented("language", say(Word::settings_language), language_labels, static_cast<int>(present_language)); chosen >= 0) {
      app.set_preference("language", languages[chosen]);
    }
    ui.muted(say(Word::settings_theme));
    constexpr std::string_view themes[] = {"", "light", "dark"};
    const std::string theme = app.platform.read_local_setting("theme");
    const std::string_view theme_labels[] = {say(Word::settings_theme_system), say(Word::settings_theme_light), say(Word::settings_theme_dark)};
    const auto present_theme = std::find(std::begin(themes), std::end(themes), theme) - std::begin(themes);
    if (const int chosen = ui.segmented("theme", say(Word::settings_theme), theme_labels, static_cast<int>(present_theme)); chosen >= 0) {
      app.set_preference("theme", themes[chosen]);
    }
  });
}

void SettingsScreen::draw_data() {
  struct Entry {
    Word label;
    Icon icon;
    Route route;
  };
  const Entry entries[] = {{Word::employees, Icon::users, list_of("employee")},
                           {Word::regions, Icon::organisation, list_of("org_unit")},
                           {Word::products, Icon::box, list_of("product")},
                           {Word::dictionary, Icon::tag, {.place = Place::dictionary}}};
  list_card(ui, "data", say(Word::settings_data), [&] {
    for (const Entry& entry : entries) {
      if (ui.list_row(say(entry.label), {.title = say(entry.label), .icon = entry.icon, .icon_tone = Tone::accent, .chevron = true})) {
        app.router.go(entry.route);
      }
    }
  });
}

void SettingsScreen::draw_storage() {
  const StorageHealth& health = app.durable.health();
  ui.card("storage", {.name = say(Word::settings_storage)}, [&] {
    ui.heading(say(Word::settings_storage), 2);
    const bool good = health.state == DurableState::saved;
    const Word state = good                                           ? Word::state_saved
                       : health.state == DurableState::saving    ? Word::state_saving
                       : health.state == DurableState::read_only ? Word::state_read_only
                                                                 : Word::state_unsaved;
    ui.key_value({.label = say(Word::settings_storage_state), .value = say(state), .value_color = good ? ColorToken::on_success_soft : ColorToken::danger});
    if (!health.message.zh.empty()) {
      ui.muted(say(health.message));
    }
    if (health.saved_at_ms) {
      ui.key_value({.label = say(Word::settings_storage_saved_at), .value = app.when_exactly(*health.saved_at_ms)});
    }
    ui.key_value({.label = say(Word::settings_storage_size), .value = say(Word::settings_storage_of, {app.byte_size(health.image_bytes), app.byte_size(health.image_limit_bytes)})});
    if (health.quota) {
      ui.key_value({.label = say(Word::settings_storage_quota),
                    .value = say(Word::settings_storage_used_of, {app.byte_size(static_cast<std::int64_t>(health.quota->usage_bytes)), app.byte_size(static_cast<std::int64_t>(health.quota->quota_bytes))})});
    }
    ui.key_value({.label = say(Word::settings_storage_persist),
                  .value = say(health.persisted ? Word::settings_storage_persisted : Word::settings_storage_not_persisted),
                  .value_color = health.persisted ? ColorToken::text : ColorToken::on_warning_soft});
    if (protection_asked_ && !health.persisted) {
      ui.muted(say(storage_messages::not_protected()));
    }
    ui.key_value({.label = say(Word::settings_storage_second_copy),
                  .value = health.second_copy_at_ms ? app.when_exactly(*health.second_copy_at_ms) : std::string(say(Word::settings_storage_second_copy_none))});
    ui.row("actions", {.gap = Space::s}, [&] {
      if (!health.persisted && ui.button("persist", say(Word::settings_storage_ask), {.icon = Icon::shield})) {
        app.durable.request_persistence();
        protection_asked_ = true;
      }
      if (ui.button("copy", say(Word::settings_storage_copy_now), {.icon = Icon::copy})) {
        app.durable.write_second_copy([application = &app](Status written) {
          if (written) {
            application->notify(std::string(application->say(Word::settings_storage_copy_done)), Tone::success);
          } else {
            application->show_error(written.error());
          }
          application->platform.request_frame();
        });
      }
    });
  });
}

void SettingsScreen::draw_backup() {
  ui.card("backup", {.name = say(Word::settings_backup)}, [&] {
    ui.heading(say(Word::settings_backup), 2);
    ui.muted(say(Word::settings_backup_sentence));
    if (ui.button("make", say(Word::settings_backup_make), {.kind = ButtonKind::primary, .icon = Icon::download})) {
      backup();
    }
  });
}

void SettingsScreen::draw_starting_over() {
  ui.card("starting_over", {.name = say(Word::settings_starting_over)}, [&] {
    ui.heading(say(Word::settings_starting_over), 2);
    ui.muted(say(Word::new_device_when));
    if (ui.button("new_device", say(Word::new_device), {.icon = Icon::refresh})) {
      renewal_.ask();
    }
    ui.divider();
    if (sample_person(*app.store)) {
      ui.text(say(Word::settings_erase_sample));
    }
    ui.muted(say(Word::settings_erase_sentence));
    if (ui.button("erase", say(Word::settings_erase), {.kind = ButtonKind::danger, .icon = Icon::trash})) {
      erasing_ = true;
      typed_.clear();
    }
  });
}

void SettingsScreen::backup() {
  app.hand_out([application = &app](bool on_disk) {
    application->start_job<Result<ExportedBundle>>(
        std::string(application->say(Word::sync_making)), [application](Progress& progress) { return application->sync->export_bundle({}, progress); },
        [application, on_disk](Result<ExportedBundle> bundle) {
          if (!bundle) {
            application->show_error(bundle.error());
            return;
          }
          const std::string told = application->say(on_disk ? Word::sync_sent : Word::sync_sent_off_disk, {bundle->name, App::format_count(bundle->changes)});
          application->save_packed_file(bundle->name, "application/json", std::move(bundle->json), false, on_disk, [application, told] { application->notify(told, Tone::success); });
        });
  });
}

void SettingsScreen::draw_about() {
  ui.card("about", {.name = say(Word::settings_about)}, [&] {
    ui.heading(say(Word::settings_about), 2);
    ui.text(say(Word::product_line), {.color = ColorToken::text_muted});
    ui.key_value({.label = say(Word::settings_version), .value = program_version});
    ui.key_value({.label = say(Word::settings_catalog_version), .value = std::to_string(catalog_version)});
    const DeviceIdentity identity = identity_of(app);
    ui.key_value({.label = say(Word::settings_device_id), .value = identity.device.text()});
    ui.muted(say(Word::settings_shortcuts));
  });
}

void SettingsScreen::draw_erase_dialog() {
  if (!erasing_) {
    return;
  }
  const std::string_view phrase = say(Word::settings_erase_phrase);
  const bool confirmed = trim(typed_) == phrase;
  bool erase = false;
  const auto actions = [&] {
    if (ui.button("cancel", say(Word::cancel))) {
      erasing_ = false;
    }
    erase = ui.button("erase", say(Word::settings_erase_do), {.kind = ButtonKind::danger, .icon = Icon::trash, .disabled = !confirmed});
  };
  ui.dialog("erase", erasing_, {.title = say(Word::settings_erase), .tone = Tone::danger, .icon = Icon::warning, .actions = actions}, [&] {
    ui.text(say(Word::settings_erase_sentence));
    ui.text_field("phrase", typed_, {.field = {.label = say(Word::settings_erase_type, {phrase})}});
  });
  if (erase && confirmed) {
    erasing_ = false;
    app.durable.erase_all([application = &app](Status erased) {
      if (erased) {
        application->journal.end();
        application->platform.reload();
      } else {
        application->show_error(erased.error());
      }
      application->platform.request_frame();
    });
  }
}

}  // namespace kehubu
