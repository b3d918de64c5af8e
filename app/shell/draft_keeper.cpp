#include "app/shell/draft_keeper.h"

#include <algorithm>
#include <utility>

namespace kehubu {
namespace {

constexpr std::int64_t pause_us = 500'000;
constexpr std::int64_t longest_wait_us = 2'000'000;

}  // namespace

DraftKeeper::DraftKeeper(App& app, const Route& route) : app_(app), address_(route_text(route)) {
  draft_.id = new_id(app.platform);
  draft_.address = address_;
  std::optional<KeptDraft> found = app.drafts->newest_of(address_);
  const bool goes_on = found && found->open && app.resumed_address == address_;
  if (app.resumed_address == address_) {
    app.resumed_address.clear();
  }
  if (goes_on) {
    go_on_with(*found);
  } else {
    older_ = std::move(found);
  }
}

void DraftKeeper::go_on_with(const KeptDraft& draft) {
  draft_ = draft;
  seen_ = draft.content;
  resumed_ = draft.content;
  tells_resumed_ = true;
}

std::optional<std::string> DraftKeeper::take_resumed() { return std::exchange(resumed_, std::nullopt); }

// Of today the time is enough.
std::string DraftKeeper::time_of(const KeptDraft& draft) const {
  const std::string exactly = app_.when_exactly(draft.kept_at_ms);
  const std::string today = iso_date(app_.today()) + " ";
  return exactly.starts_with(today) ? exactly.substr(today.size()) : exactly;
}

DraftAnswer DraftKeeper::draw_offer() {
  DraftAnswer answer = DraftAnswer::none;
  if (tells_resumed_) {
    const BannerAction pressed = app_.ui.banner("draft", {.tone = Tone::info, .title = app_.say(Word::draft_restored, {time_of(draft_)}),
                                                          .action_label = app_.say(Word::draft_discard), .closable = true});
    app_.ui.space();
    tells_resumed_ = pressed == BannerAction::none;
    if (pressed == BannerAction::action) {
      discard();
      answer = DraftAnswer::discarded;
    }
    return answer;
  }
  if (!older_) {
    return answer;
  }
  const std::string question = app_.say(Word::draft_waiting, {older_->title, time_of(*older_)});
  app_.ui.card("draft", {.name = question}, [&] {
    app_.ui.text(question);
    app_.ui.row("answer", {.gap = Space::m, .align = Align::end}, [&] {
      if (app_.ui.button("discard_draft", app_.say(Word::draft_discard))) {
        answer = DraftAnswer::discarded;
      }
      if (app_.ui.button("go_on", app_.say(Word::draft_continue), {.icon = Icon::edit})) {
        answer = DraftAnswer::go_on;
      }
    });
  });
  app_.ui.space();
  if (answer == DraftAnswer::none) {
    return answer;
  }
  const KeptDraft chosen = *std::exchange(older_, std::nullopt);
  if (answer == DraftAnswer::go_on) {
    // What has been typed meanwhile stays a draft of its own.
    if (!seen_.empty()) {
      keep(seen_, draft_.title, false);
    }
    go_on_with(chosen);
  } else if (const Status forgotten = app_.drafts->forget(chosen.id); !forgotten) {
    app_.show_error(forgotten.error());
  }
  // What was typed before the older draft was discarded stays where it is.
  return answer == DraftAnswer::go_on ? answer : DraftAnswer::none;
}

void DraftKeeper::watch(std::string content, std::string title) {
  const std::int64_t now_us = app_.platform.monotonic_us();
  if (content != seen_) {
    changed_last_us_ = now_us;
    changed_first_us_ = changed_first_us_ == 0 ? now_us : changed_first_us_;
    seen_ = content;
  }
  if (changed_first_us_ == 0) {
    return;
  }
  if (content == draft_.content) {
    changed_first_us_ = 0;
    return;
  }
  const std::int64_t due_us = std::min(changed_last_us_ + pause_us, changed_first_us_ + longest_wait_us);
  if (now_us >= due_us) {
    keep(std::move(content), std::move(title), true);
  } else {
    app_.platform.request_frame_after(static_cast<double>(due_us - now_us) / 1000 + 1);
  }
}

void DraftKeeper::keep(std::string content, std::string title, bool open) {
  changed_first_us_ = 0;
  if (content == draft_.content && open == draft_.open) {
    return;
  }
  if (app_.read_only()) {
    return;  // nothing that is written here would last; the other tab has what was kept before
  }
  const bool stored = !draft_.content.empty();
  draft_.content = std::move(content);
  draft_.title = std::move(title);
  draft_.open = open;
  draft_.kept_at_ms = app_.platform.now_ms();
  Status kept;
  if (!draft_.content.empty()) {
    kept = app_.drafts->keep(draft_);
  } else if (stored) {
    kept = app_.drafts->forget(draft_.id);
  }
  if (!kept) {
    app_.show_error(kept.error());
  }
}

void DraftKeeper::discard() {
  if (!draft_.content.empty()) {
    if (const Status forgotten = app_.drafts->forget(draft_.id); !forgotten) {
      app_.show_error(forgotten.error());
    }
  }
  draft_.content.clear();
  seen_.clear();
  changed_first_us_ = 0;
}

bool DraftKeeper::settle(const std::function<bool()>& write) {
  if (!(draft_.content.empty() ? write() : app_.drafts->forget_by(draft_.id, write))) {
    return false;
  }
  draft_.content.clear();
  seen_.clear();
  changed_first_us_ = 0;
  return true;
}

}  // namespace kehubu
