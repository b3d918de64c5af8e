// DraftKeeper: what is typed in one place, kept durably while it is typed, and offered again after whatever ended the page.
// DraftHost: a page with such places: itself, and dialogs over it ("parts"). Every Screen is one.
//
//   constructor   the place was open on a draft when the program ended: take_resumed() has it, and the place goes on with it
//                 an older draft of the same place waits: draw_offer() asks, continue or discard; nothing is filled in by itself
//   by itself     once a frame the host looks at what its places hold: written at once after a rest of two seconds, else half a
//                 second after the last change and two seconds after the first at the latest, so that typing is not a storm of
//                 commits and a kill costs at most a few words
//                 what is not on disk yet when the page is hidden is noted for the next one (draft_journal.h)
//   settle()      the write that saves what the draft became forgets it in the same transaction; where that write is a task, it does
//                 ending() as the last thing in its transaction, and settled() follows when it is committed
//
// Two drafts of one place never mix: each sitting has its own, and an older one is never put in place of a newer.
// A form cannot be built without the keeper that looks after it (RecordForm, LineEditor, IdentityForm).
#pragma once

#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/shell/app.h"
#include "core/store/drafts.h"

namespace kehubu {

enum class DraftAnswer : std::uint8_t { none, go_on, discarded };

class DraftKeeper;

class DraftHost {
 public:
  // `address`: of the page that goes on with what is kept.
  DraftHost(App& app, std::string address);
  virtual ~DraftHost() = default;
  DraftHost(const DraftHost&) = delete;
  DraftHost& operator=(const DraftHost&) = delete;

  // Something was typed that is neither saved nor discarded yet.
  [[nodiscard]] bool holds_drafts() const;
  // Now, because the page may end at once; `open`: it is not being left.
  void keep_drafts(bool open);
  void discard_drafts();
  // Once a frame, after the page was drawn.
  void watch_drafts();

  // It was open on some draft when the program ended.
  [[nodiscard]] bool goes_on() const { return !going_on_.empty(); }
  // The part that was open when the program ended here, of those whose names begin so; "" when there was none. Whoever
  // asks opens it again.
  [[nodiscard]] std::string resumed_part(std::string_view prefix) const;
  [[nodiscard]] App& draft_app() const { return app_; }

 private:
  friend class DraftKeeper;
  App& app_;
  std::string address_;
  std::vector<std::string> going_on_;  // addresses of places that were open when the program ended here
  std::vector<DraftKeeper*> keepers_;
};

// What a keeper looks after.
struct DraftSource {
  std::function<std::string()> content;  // "" while there is nothing worth keeping
  std::function<std::string()> title;    // as people know it: "新建客户 · 博海餐饮"
};

class DraftKeeper {
 public:
  // `part` names the dialog, "" the page itself. `source` is asked as long as the keeper lives.
  DraftKeeper(DraftHost& host, DraftSource source, std::string_view part = {});
  ~DraftKeeper();
  DraftKeeper(const DraftKeeper&) = delete;
  DraftKeeper& operator=(const DraftKeeper&) = delete;

  // The draft with which the place goes on, once.
  [[nodiscard]] std::optional<std::string> take_resumed();
  // The banner of a place that has gone on with a draft, or the offer of an older one. After go_on take_resumed() has it:
  // the place begins anew with that. After discarded the place begins anew without.
  DraftAnswer draw_offer();

  void discard();
  // The place is left, and what was typed there stays: it is offered when the place is opened again, and on Today.
  void put_aside();
  // `write` saves what the draft became; answers what it answered.
  bool settle(const std::function<bool()>& write);
  // The same in two halves. What ending() gives may outlive the keeper, but not the store.
  [[nodiscard]] std::function<Status()> ending();
  void settled();
  // `write` saves something and the draft goes on without it, in the same transaction.
  bool write_and_go_on(const std::function<bool()>& write);

 private:
  friend class DraftHost;
  void watch();
  void keep(std::string content, bool open);
  [[nodiscard]] Status store(std::string content, bool open);
  [[nodiscard]] bool done(const Result<bool>& result);
  void go_on_with(const KeptDraft& draft);
  [[nodiscard]] Sentence title() const;
  [[nodiscard]] KeptDraft as_typed() const;
  [[nodiscard]] std::string time_of(const KeptDraft& draft) const;

  App& app_;
  DraftHost& host_;
  DraftSource source_;
  KeptDraft draft_;                     // of this sitting; nothing is stored while its content is empty
  KeptDraft ending_;                    // as it stood when its end began
  std::optional<KeptDraft> older_;      // offered
  std::optional<std::string> resumed_;
  bool tells_resumed_ = false;
  std::string seen_;                // content of the frame before
  std::int64_t changed_first_us_ = 0, changed_last_us_ = 0;  // since it was last kept
  std::int64_t kept_last_us_ = std::numeric_limits<std::int64_t>::min() / 2;  // never
};

// The address of the page that a draft belongs to: without the part.
[[nodiscard]] std::string_view page_of(std::string_view draft_address);

}  // namespace kehubu
