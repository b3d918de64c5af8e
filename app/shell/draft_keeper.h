// DraftKeeper: what is typed on one page, kept durably while it is typed, and offered again after whatever ended the page.
//
//   constructor   the page was open on a draft when the program ended: resumed() has it, and the page goes on with it
//                 an older draft of the same page waits: draw_offer() asks, continue or discard; nothing is filled in by itself
//   watch()       once a frame, with what the page holds now: written half a second after the last change, two seconds after
//                 the first at the latest, so that typing is not a storm of commits and a kill costs at most a few words
//   settle()      the write that saves what the draft became forgets it in the same transaction
//
// Two drafts of one page never mix: each sitting has its own, and an older one is never put in place of a newer.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "app/shell/app.h"
#include "core/store/drafts.h"

namespace kehubu {

enum class DraftAnswer : std::uint8_t { none, go_on, discarded };

class DraftKeeper {
 public:
  DraftKeeper(App& app, const Route& route);

  // The draft with which the page goes on, once.
  [[nodiscard]] std::optional<std::string> take_resumed();
  // The banner of a page that has gone on with a draft, or the offer of an older one. After go_on take_resumed() has it:
  // the page begins anew with that. After discarded the page begins anew without.
  DraftAnswer draw_offer();

  // `content` is empty while there is nothing worth keeping.
  void watch(std::string content, std::string title);
  // Now, because the page may end at once; `open`: it is not being left.
  void keep(std::string content, std::string title, bool open);
  void discard();
  // `write` saves what the draft became; answers what it answered.
  bool settle(const std::function<bool()>& write);

 private:
  void go_on_with(const KeptDraft& draft);
  [[nodiscard]] std::string time_of(const KeptDraft& draft) const;

  App& app_;
  std::string address_;
  KeptDraft draft_;                     // of this sitting; nothing is stored while its content is empty
  std::optional<KeptDraft> older_;      // offered
  std::optional<std::string> resumed_;
  bool tells_resumed_ = false;
  std::string seen_;                // content of the frame before
  std::int64_t changed_first_us_ = 0, changed_last_us_ = 0;  // since it was last kept
};

}  // namespace kehubu
