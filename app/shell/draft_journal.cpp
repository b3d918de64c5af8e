#include "app/shell/draft_journal.h"

#include <algorithm>
#include <optional>

#include "app/shell/app.h"
#include "app/shell/packed_text.h"
#include "core/store/drafts.h"
#include "core/store/page_image.h"

namespace kehubu {
namespace {

constexpr std::string_view setting = "drafts";
// Of all drafts together; browsers give five million letters. What does not fit is a file that was being looked over, and still on its own disk.
constexpr std::size_t limit_bytes = 1'000'000;

// Settings are texts.
bool is_text(std::string_view content) { return content.find('\0') == std::string_view::npos && is_valid_utf8(content); }

void put(Packer& packer, const KeptDraft& draft) {
  packer.put(draft.id.text()).put(draft.address).put(draft.title.zh).put(draft.title.en).put(draft.kept_at_ms).put(draft.open).put(draft.content);
}

std::optional<KeptDraft> take(Unpacker& unpacker) {
  const auto id = Id::parse(unpacker.text());
  KeptDraft draft{.id = id.value_or(Id{}), .address = std::string(unpacker.text()), .title = {}, .content = {}};
  draft.title.zh = unpacker.text();
  draft.title.en = unpacker.text();
  draft.kept_at_ms = unpacker.number();
  draft.open = unpacker.number<bool>();
  draft.content = unpacker.text();
  return unpacker.good() && id ? std::optional(std::move(draft)) : std::nullopt;
}

}  // namespace

DraftJournal::DraftJournal(App& app) : app_(app) {}
DraftJournal::~DraftJournal() = default;

void DraftJournal::saved(KeptDraft draft) { saved_.push_back(std::move(draft)); }

void DraftJournal::write(const std::string& text) {
  if (noted_ || !text.empty()) {
    app_.platform.write_local_setting(setting, text);
    noted_ = !text.empty();
  }
}

void DraftJournal::note() {
  if (ended_ || !app_.drafts || app_.read_only()) {
    return;  // the note is that of the page that writes
  }
  if (!app_.image.dirty()) {
    forget_durable();
    return;
  }
  auto drafts = app_.drafts->all();
  if (!drafts) {
    tell_failure(std::unexpected(drafts.error()));
    return;  // the note that is there is better than one without them
  }
  drafts->insert(drafts->begin(), saved_.begin(), saved_.end());
  Packer packer;
  packer.put(app_.image.commit_number());
  std::size_t bytes = 0;
  for (KeptDraft& draft : *drafts) {
    if (!is_text(draft.content) || bytes + draft.content.size() > limit_bytes) {
      draft.content.clear();  // that there is one, at least
    }
    bytes += draft.content.size();
    put(packer, draft);
  }
  write(packer.take());
}

void DraftJournal::take_back(std::int64_t loaded_commit_number) {
  const std::string text = app_.platform.read_local_setting(setting);
  if (text.empty()) {
    return;
  }
  noted_ = true;
  Unpacker unpacker(text);
  const std::int64_t commit_number = unpacker.number();
  if (!unpacker.good() || commit_number <= loaded_commit_number) {
    write({});
    return;
  }
  std::vector<KeptDraft> noted;
  while (!unpacker.at_end()) {
    std::optional<KeptDraft> draft = take(unpacker);
    if (!draft) {
      return;
    }
    noted.push_back(std::move(*draft));
  }
  // All of them: what is not named had been thrown away.
  const auto kept = app_.drafts->list();
  if (!kept) {
    tell_failure(std::unexpected(kept.error()));
    return;
  }
  for (const KeptDraft& stored : *kept) {
    if (std::ranges::find(noted, stored.id, &KeptDraft::id) == noted.end()) {
      tell_failure(app_.drafts->forget(stored.id));
    }
  }
  for (const KeptDraft& draft : noted) {
    if (!draft.content.empty()) {
      tell_failure(app_.drafts->keep(draft));
    }
  }
  note();  // anew: numbers of commits that were lost are used again
}

void DraftJournal::tell_failure(const Status& done) {
  if (!done) {
    app_.show_error(done.error());
  }
}

void DraftJournal::forget_durable() {
  if (!app_.image.dirty()) {
    saved_.clear();
    write({});
  }
}

void DraftJournal::end() {
  write({});
  ended_ = true;
}

}  // namespace kehubu
