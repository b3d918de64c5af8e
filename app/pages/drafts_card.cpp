#include "app/pages/drafts_card.h"

#include <utility>

#include "app/shell/draft_keeper.h"

namespace kehubu {
namespace {

// Its page takes the one that is open: this one, from now on.
void go_on_with(App& app, const KeptDraft& draft) {
  const auto route = parse_route(page_of(draft.address));
  if (const Status opened = app.drafts->open(draft); !opened) {
    app.show_error(opened.error());
  } else if (route) {
    app.resumed_address = draft.address;
    app.router.go(*route);
  }
}

// One tap, and it can be taken back.
void discard(App& app, const Id& id) {
  const auto whole = app.drafts->read(id);
  const Status forgotten = whole ? app.drafts->forget(id) : std::unexpected(whole.error());
  if (!forgotten || !*whole) {
    if (!forgotten) {
      app.show_error(forgotten.error());
    }
    return;
  }
  const auto take_back = [&app, draft = **whole] {
    if (const Status kept = app.may_write() ? app.drafts->keep(draft) : Status(); !kept) {
      app.show_error(kept.error());
    }
    app.platform.request_frame();
  };
  app.ui.toast({.message = std::string(app.say(Word::draft_discarded)), .action_label = std::string(app.say(Word::undo)), .action = take_back});
  app.platform.request_frame();
}

// Whether the record that it is about has been deleted meanwhile: it cannot be gone on with before that is taken back.
bool lost_its_record(App& app, const KeptDraft& draft) {
  const auto route = parse_route(page_of(draft.address));
  const auto record = route && route->entity != nullptr && !route->id.empty() ? app.read(*route->entity, route->id) : std::nullopt;
  return record && record->deleted;
}

void draw_draft(App& app, const KeptDraft& draft, bool lost_its_record) {
  Ui& ui = app.ui;
  ui.stack(Space::hair, [&] {
    ui.text(app.say(draft.title), {.style = TextStyle::body_strong, .max_lines = 1});
    ui.muted(app.when_exactly(draft.kept_at_ms));
    if (lost_its_record) {
      ui.text(app.say(Word::draft_record_deleted), {.style = TextStyle::caption, .color = ColorToken::on_warning_soft});
    }
  });
  ui.row("answer", {.gap = Space::m, .align = Align::end}, [&] {
    if (ui.button("discard", app.say(Word::draft_discard), {.disabled = app.read_only()})) {
      discard(app, draft.id);
    }
    if (ui.button("go_on", app.say(Word::draft_continue), {.icon = Icon::edit, .disabled = app.read_only()})) {
      go_on_with(app, draft);
    }
  });
}

}  // namespace

void DraftsCard::refresh() {
  if (revision_ == app_.drafts->revision() && store_revision_ == app_.store->revision()) {
    return;
  }
  revision_ = app_.drafts->revision();
  store_revision_ = app_.store->revision();
  entries_.clear();
  auto drafts = app_.drafts->list();
  if (!drafts) {
    app_.show_error(drafts.error());
    return;
  }
  for (KeptDraft& draft : *drafts) {
    const bool lost = lost_its_record(app_, draft);
    entries_.push_back({.draft = std::move(draft), .lost_its_record = lost});
  }
}

void DraftsCard::draw() {
  refresh();
  if (entries_.empty()) {
    return;
  }
  app_.ui.card("drafts", {.name = app_.say(Word::drafts_title)}, [&] {
    app_.ui.heading(app_.say(Word::drafts_title), 2);
    // All of them: one that is not listed could be neither gone on with nor discarded.
    for (std::size_t index = 0; index < entries_.size(); ++index) {
      app_.ui.divider();
      app_.ui.with_key(static_cast<std::int64_t>(index), [&] { draw_draft(app_, entries_[index].draft, entries_[index].lost_its_record); });
    }
  });
  app_.ui.space(Space::l);
}

}  // namespace kehubu
