#include "app/pages/drafts_card.h"

#include <algorithm>

#include "app/shell/draft_keeper.h"

namespace kehubu {
namespace {

void go_on_with(App& app, KeptDraft draft) {
  // Its page takes the one that is open: this one, from now on.
  for (KeptDraft other : app.drafts->all()) {
    if (other.open && other.address == draft.address && other.id != draft.id) {
      other.open = false;
      if (const Status closed = app.drafts->keep(other); !closed) {
        app.show_error(closed.error());
        return;
      }
    }
  }
  draft.open = true;
  const auto route = parse_route(page_of(draft.address));
  if (const Status kept = app.drafts->keep(draft); !kept || !route) {
    if (!kept) {
      app.show_error(kept.error());
    }
    return;
  }
  app.resumed_address = draft.address;
  app.router.go(*route);
}

// One tap, and it can be taken back.
void discard(App& app, const KeptDraft& draft) {
  if (const Status forgotten = app.drafts->forget(draft.id); !forgotten) {
    app.show_error(forgotten.error());
    return;
  }
  const auto take_back = [&app, draft] {
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

void draw_draft(App& app, const KeptDraft& draft) {
  Ui& ui = app.ui;
  ui.stack(Space::hair, [&] {
    ui.text(app.say(draft.title), {.style = TextStyle::body_strong, .max_lines = 1});
    ui.muted(app.when_exactly(draft.kept_at_ms));
    if (lost_its_record(app, draft)) {
      ui.text(app.say(Word::draft_record_deleted), {.style = TextStyle::caption, .color = ColorToken::on_warning_soft});
    }
  });
  ui.row("answer", {.gap = Space::m, .align = Align::end}, [&] {
    if (ui.button("discard", app.say(Word::draft_discard), {.disabled = app.read_only()})) {
      discard(app, draft);
    }
    if (ui.button("go_on", app.say(Word::draft_continue), {.icon = Icon::edit, .disabled = app.read_only()})) {
      go_on_with(app, draft);
    }
  });
}

}  // namespace

void draw_drafts_card(App& app) {
  const std::vector<KeptDraft> drafts = app.drafts->all();
  if (drafts.empty()) {
    return;
  }
  app.ui.card("drafts", {.name = app.say(Word::drafts_title)}, [&] {
    app.ui.heading(app.say(Word::drafts_title), 2);
    // All of them: one that is not listed could be neither gone on with nor discarded.
    for (std::size_t index = 0; index < drafts.size(); ++index) {
      app.ui.divider();
      app.ui.with_key(static_cast<std::int64_t>(index), [&] { draw_draft(app, drafts[index]); });
    }
  });
  app.ui.space(Space::l);
}

}  // namespace kehubu
