#include "app/shell/draft_keeper.h"

#include <algorithm>
#include <utility>

namespace kehubu {
namespace {

constexpr std::int64_t pause_us = 500'000;
constexpr std::int64_t longest_wait_us = 2'000'000;
const std::string part_mark = "?";  // between a page's address and the name of a place on it

}  // namespace

std::string_view page_of(std::string_view draft_address) { return draft_address.substr(0, draft_address.rfind(part_mark)); }

DraftHost::DraftHost(App& app, std::string address) : app_(app), address_(std::move(address)) {
  if (!app.drafts || page_of(app.resumed_address) != address_) {
    return;
  }
  const std::string resumed = std::exchange(app.resumed_address, {});
  const auto kept = app.drafts->list();
  if (!kept) {
    app.show_error(kept.error());
    return;
  }
  for (const KeptDraft& draft : *kept) {
    // Where one place is gone on with, the others are offered.
    if (draft.open && page_of(draft.address) == address_ && (resumed == address_ || resumed == draft.address)) {
      going_on_.push_back(draft.address);
    }
  }
}

bool DraftHost::holds_drafts() const {
  return std::ranges::any_of(keepers_, [](const DraftKeeper* keeper) { return !keeper->source_.content().empty(); });
}

void DraftHost::keep_drafts(bool open) {
  for (DraftKeeper* keeper : keepers_) {
    keeper->keep(keeper->source_.content(), open);
  }
}

void DraftHost::discard_drafts() {
  for (DraftKeeper* keeper : keepers_) {
    keeper->discard();
  }
}

void DraftHost::watch_drafts() {
  for (DraftKeeper* keeper : keepers_) {
    keeper->watch();
  }
}

std::string DraftHost::resumed_part(std::string_view prefix) const {
  for (const std::string& address : going_on_) {
    const std::string_view part = std::string_view(address).substr(std::min(address.size(), address_.size() + 1));
    if (!part.empty() && part.starts_with(prefix)) {
      return std::string(part);
    }
  }
  return {};
}

DraftKeeper::DraftKeeper(DraftHost& host, DraftSource source, std::string_view part)
    : app_(host.app_), host_(host), source_(std::move(source)) {
  host.keepers_.push_back(this);
  draft_.id = new_id(app_.platform);
  draft_.address = host.address_ + (part.empty() ? "" : part_mark + std::string(part));
  auto newest = app_.drafts->newest_of(draft_.address);
  if (!newest) {
    app_.show_error(newest.error());
  }
  std::optional<KeptDraft> found = newest ? std::move(*newest) : std::nullopt;
  if (std::erase(host.going_on_, draft_.address) > 0 && found && found->open) {
    go_on_with(*found);
  } else {
    older_ = std::move(found);
  }
}

DraftKeeper::~DraftKeeper() { std::erase(host_.keepers_, this); }

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
  const std::string question = app_.say(Word::draft_waiting, {app_.say(older_->title), time_of(*older_)});
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
  KeptDraft chosen = *std::exchange(older_, std::nullopt);
  if (answer == DraftAnswer::go_on) {
    // What has been typed meanwhile stays a draft of its own.
    if (!seen_.empty()) {
      keep(seen_, false);
    }
    // From now on it is this place's: a restart goes on with it by itself, before anything more is typed.
    chosen.open = true;
    if (const Status taken = app_.read_only() ? Status() : app_.drafts->keep(chosen); !taken) {
      app_.show_error(taken.error());
    }
    go_on_with(chosen);
  } else if (const Status forgotten = app_.drafts->forget(chosen.id); !forgotten) {
    app_.show_error(forgotten.error());
  }
  // What was typed before the older draft was discarded stays where it is.
  return answer == DraftAnswer::go_on ? answer : DraftAnswer::none;
}

void DraftKeeper::watch() {
  std::string content = source_.content();
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
  // The first thing after a rest at once: it may be a whole text that was pasted, and the page may go before the pause is over.
  const bool rested = now_us - kept_last_us_ >= longest_wait_us;
  const std::int64_t due_us = rested ? changed_first_us_ : std::min(changed_last_us_ + pause_us, changed_first_us_ + longest_wait_us);
  if (now_us >= due_us) {
    keep(std::move(content), true);
  } else {
    app_.platform.request_frame_after(static_cast<double>(due_us - now_us) / 1000 + 1);
  }
}

void DraftKeeper::keep(std::string content, bool open) {
  if (const Status kept = store(std::move(content), open); !kept) {
    app_.show_error(kept.error());
  }
}

// In both languages: it may be read in the other one.
Sentence DraftKeeper::title() const {
  const bool chinese = app_.say.chinese();
  Sentence both;
  app_.say.set_chinese(true);
  both.zh = source_.title();
  app_.say.set_chinese(false);
  both.en = source_.title();
  app_.say.set_chinese(chinese);
  return both;
}

Status DraftKeeper::store(std::string content, bool open) {
  changed_first_us_ = 0;
  kept_last_us_ = app_.platform.monotonic_us();
  if (content == draft_.content && open == draft_.open) {
    return {};
  }
  if (app_.read_only()) {
    return {};  // nothing that is written here would last; the other tab has what was kept before
  }
  const bool stored = !draft_.content.empty(), is_other = content != draft_.content;
  draft_.content = std::move(content);
  draft_.open = open;
  if (!draft_.content.empty()) {
    draft_.title = title();
    draft_.kept_at_ms = is_other ? app_.platform.now_ms() : draft_.kept_at_ms;  // when it was typed, not when the page closed
    return app_.drafts->keep(draft_);
  }
  return stored ? app_.drafts->forget(draft_.id) : Status();
}

void DraftKeeper::put_aside() { keep(source_.content(), false); }

void DraftKeeper::discard() {
  if (!draft_.content.empty()) {
    if (const Status forgotten = app_.drafts->forget(draft_.id); !forgotten) {
      app_.show_error(forgotten.error());
    }
  }
  draft_.content.clear();
  seen_ = source_.content();  // what still stands in the fields is not typed anew
  changed_first_us_ = 0;
}

bool DraftKeeper::done(const Result<bool>& result) {
  if (!result) {
    app_.show_error(result.error());
  }
  return result.value_or(false);
}

KeptDraft DraftKeeper::as_typed() const {
  KeptDraft last = draft_;
  last.content = source_.content();
  last.open = true;
  last.kept_at_ms = app_.platform.now_ms();
  last.title = title();
  return last;
}

std::function<Status()> DraftKeeper::ending() {
  ending_ = as_typed();
  return [drafts = app_.drafts.get(), id = draft_.id] { return drafts->forget(id); };
}

void DraftKeeper::settled() {
  if (!ending_.content.empty()) {
    app_.journal.saved(std::exchange(ending_, {}));
  }
  draft_.content.clear();
  seen_ = source_.content();  // what still stands in the fields is not typed anew
  changed_first_us_ = 0;
}

bool DraftKeeper::settle(const std::function<bool()>& write) {
  ending_ = as_typed();
  if (!done(draft_.content.empty() ? Result<bool>(write()) : app_.drafts->forget_by(draft_.id, write))) {
    return false;
  }
  settled();
  return true;
}

bool DraftKeeper::write_and_go_on(const std::function<bool()>& write) {
  const KeptDraft before = draft_;
  const bool written = done(app_.drafts->in_one([&]() -> Result<bool> {
    if (!write()) {
      return false;
    }
    KEHUBU_TRY(store(source_.content(), true));
    return true;
  }));
  if (!written) {
    draft_ = before;
  }
  return written;
}

}  // namespace kehubu
