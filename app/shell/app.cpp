#include "app/shell/app.h"

#include <algorithm>

#include "app/shell/screen.h"
#include "core/store/drafts.h"
#include "core/store/known_time.h"

namespace kehubu {
namespace {

constexpr std::size_t hints_told = 2;  // after an action; the form shows them all

}  // namespace

App::App(const ApplicationHost& host)
    : platform(host.platform),
      image(host.image),
      durable(host.store),
      ui(host.platform, host.mirror),
      scheduler(host.platform),
      router(*this) {
  apply_preferences();
}

App::~App() { scheduler.end_all(); }

void App::close_store() {
  router.clear();
  bundles_looked_at.clear();
  scheduler.end_all();
  jobs_.clear();
  drafts.reset();
  sync.reset();
  store.reset();
}

void App::apply_preferences() {
  const PlatformPreferences preferences = platform.preferences();
  const std::string language = platform.read_local_setting("language");
  const std::string theme = platform.read_local_setting("theme");
  say.set_chinese(language.empty() ? preferences.chinese : language == "zh");
  ui.set_language(say.chinese());
  const bool dark = theme.empty() ? preferences.dark : theme == "dark";
  const ThemeName name = preferences.more_contrast ? (dark ? ThemeName::contrast_dark : ThemeName::contrast_light)
                                                   : (dark ? ThemeName::dark : ThemeName::light);
  ui.set_theme(name);
  const std::optional<DocumentLook> look = DocumentLook{.chinese = say.chinese(), .theme = name};
  if (look != document_look_) {
    document_look_ = look;
    platform.set_document(look->chinese, look->theme);
  }
}

void App::set_preference(std::string_view key, std::string_view value) {
  platform.write_local_setting(key, value);
  apply_preferences();
  platform.request_frame();
}

void App::notify(std::string message, Tone tone) { ui.toast({.message = std::move(message), .tone = tone}); }

void App::show_error(const Error& error) {
  if (error.kind != ErrorKind::cancelled) {
    ui.toast({.message = std::string(say(error.message)), .tone = Tone::danger, .seconds = 10});
  }
}

bool App::may_write() {
  if (read_only()) {
    ui.toast({.message = std::string(say(Word::read_only_reason)), .tone = Tone::danger, .seconds = 10});
    return false;
  }
  return true;
}

bool App::write(std::span<const Edit> edits, std::string message, const WriteOptions& options, Hints hints) {
  if (!may_write()) {
    return false;
  }
  auto written = store->write(edits, options);
  if (!written) {
    show_error(written.error());
    return false;
  }
  if (hints == Hints::tell) {
    for (std::size_t index = 0; index < std::min(written->hints.size(), hints_told); ++index) {
      message += (message.empty() ? "" : "\n") + std::string(say(written->hints[index]));
    }
  }
  if (!message.empty()) {
    steps.tell_undoable(std::move(message));
  }
  platform.request_frame();
  return true;
}

std::optional<Record> App::read(const Entity& entity, const Id& id) {
  auto record = store->read(entity, id);
  if (!record && record.error().kind != ErrorKind::not_found) {
    show_error(record.error());
  }
  return record ? std::optional<Record>(std::move(*record)) : std::nullopt;
}

std::vector<Record> App::records(const ListQuery& query, std::size_t limit) {
  std::vector<Record> found;
  auto rows = store->list(query);
  if (!rows) {
    show_error(rows.error());
    return found;
  }
  found.reserve(std::min(limit, rows->size()));
  for (const std::int64_t row : *rows) {
    if (found.size() == limit) {
      break;
    }
    auto record = store->read_row(*query.entity, row);
    if (!record) {
      show_error(record.error());
      break;
    }
    found.push_back(std::move(*record));
  }
  return found;
}

std::int64_t App::count(const ListQuery& query) {
  const auto count = store->count(query);
  if (!count) {
    show_error(count.error());
  }
  return count.value_or(0);
}

std::string App::title_of(const Entity& entity, const Id& id) {
  std::string title = id.empty() ? std::string() : store->title(entity, id);
  const auto line = entity.part_of.empty() || title.empty() ? std::nullopt : read(entity, id);
  if (!line) {
    return title;
  }
  // The line of a document has a number for its title, which says nothing away from its document.
  const std::string document = title_of(*find_entity(entity.find(entity.part_of)->references), id_or_empty(line->value(entity.part_of)));
  title = say(Word::contract_line, {title});
  return document.empty() ? title : document + " · " + title;
}

std::int64_t App::conflict_count() {
  if (conflict_count_.revision != store->revision()) {
    const auto count = sync->conflict_count();
    conflict_count_ = {.revision = store->revision(), .count = count.value_or(conflict_count_.count)};
    if (!count) {
      show_error(count.error());
    }
  }
  return conflict_count_.count;
}

bool App::person_is_gone() {
  const Id& person = store->identity().person;
  if (person_known_.revision != store->revision() || person_known_.person != person) {
    const auto employee = person.empty() ? std::nullopt : read(entity_named("employee"), person);
    person_known_ = {.revision = store->revision(), .person = person, .is_gone = !person.empty() && (!employee || employee->deleted)};
  }
  return person_known_.is_gone;
}

std::int64_t App::later_time_known() {
  const KnownTime time = known_time(*store);
  return time.clock_is_wrong ? time.now_ms : 0;
}

void App::trust_clock() {
  if (Status kept = kehubu::trust_clock(*store); !kept) {
    show_error(kept.error());
  }
  platform.request_frame();
}

Job* App::current_job() {
  for (auto job = jobs_.rbegin(); job != jobs_.rend(); ++job) {
    if ((*job)->shows_dialog) {
      return job->get();
    }
  }
  return nullptr;
}

void App::when_durable(std::function<void()> continuation) {
  durable.wait_durable(durable.health().commit_number, [this, continuation = std::move(continuation)](Status saved) {
    if (saved) {
      continuation();
    } else {
      show_error(saved.error());
    }
    platform.request_frame();
  });
}

void App::save_text_file(std::string name, std::string media_type, std::string_view text, bool share) {
  Bytes bytes(text.begin(), text.end());
  platform.save_file(name, media_type, std::move(bytes), share, [this](Status saved) {
    if (!saved) {
      show_error(saved.error());
      platform.request_frame();
    }
  });
}

void App::hand_out(std::function<void(bool on_disk)> pack) {
  handing_out_ = std::make_shared<std::function<void(bool)>>(std::move(pack));  // who presses twice means it once
  platform.request_frame();
  if (read_only()) {
    return;
  }
  durable.wait_durable(durable.health().commit_number, [this, mine = handing_out_](const Status& saved) {
    if (saved && handing_out_ == mine) {
      handing_out_.reset();
      (*mine)(true);
    }
    platform.request_frame();
  });
}

void App::draw_hand_out_question() {
  const StorageHealth& health = durable.health();
  const bool ill = health.state == DurableState::unsaved_error || health.state == DurableState::read_only || health.state == DurableState::lost || health.at_risk;
  if (!handing_out_ || !ill) {
    return;
  }
  bool open = true;
  const Confirmation answer = ui.confirm("hand_out", open, {.title = say(Word::hand_out_title), .sentence = say(Word::hand_out_sentence), .confirm_label = say(Word::hand_out_agree)});
  if (answer == Confirmation::waiting) {
    return;
  }
  const auto pack = std::exchange(handing_out_, nullptr);
  if (answer == Confirmation::confirmed) {
    (*pack)(false);
  }
}

void App::save_packed_file(std::string name, std::string media_type, std::string text, bool share, bool on_disk, std::function<void()> done) {
  auto save = [this, name = std::move(name), media_type = std::move(media_type), text = std::move(text), share, done = std::move(done)] {
    save_text_file(name, media_type, text, share);
    done();
  };
  on_disk ? when_durable(std::move(save)) : save();
}

void Screen::page_area(const Rectangle& place, FunctionRef<void()> body, float max_width) {
  const bool phone = ui.width_class() == WidthClass::phone;
  ui.area("page", place,
          {.role = Role::main, .name = title(), .padding = phone ? Space::m : Space::l, .max_width = max_width,
           .bottom_room = pixels(Space::xl)},
          body);
}

}  // namespace kehubu
