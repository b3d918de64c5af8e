// Drafts: what was typed and is neither saved nor discarded, kept in a table of this device (docs/store.md). No draft is ever
// in the log or in a bundle, and no other device or tab sees it.
//
// A draft is durable like any commit. Saving what it became and forgetting it are one transaction: never is a record there
// and its draft offered again, and never are both gone.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/store/log.h"
#include "core/store/sql.h"

namespace kehubu {

struct KeptDraft {
  Id id;
  std::string address;  // of the page that goes on with it
  Sentence title;       // as people know it: "新建客户 · 博海餐饮"
  std::int64_t kept_at_ms = 0;
  bool open = false;    // its page has not been left: after a restart it goes on there by itself
  std::string content;  // the page's own notation
};

class Drafts {
 public:
  explicit Drafts(StoreInternals& store);

  // The newest first. list() leaves out the contents: one of them may be a file of two million bytes.
  [[nodiscard]] Result<std::vector<KeptDraft>> all();
  [[nodiscard]] Result<std::vector<KeptDraft>> list();
  // Moves on whenever list() may answer something else.
  [[nodiscard]] std::int64_t revision() const { return revision_; }
  [[nodiscard]] Result<std::optional<KeptDraft>> read(const Id& draft);
  // The one whose page has not been left, else the newest.
  [[nodiscard]] Result<std::optional<KeptDraft>> newest_of(std::string_view address);
  Status keep(const KeptDraft& draft);
  // Of all drafts of its address this one is the open one.
  Status open(const KeptDraft& draft);
  Status forget(const Id& draft);
  // Runs `work` in one transaction, and answers what it answered: after false, which it has explained itself, and after a
  // failure nothing of it stands.
  Result<bool> in_one(const std::function<Result<bool>()>& work);
  // Runs `write` and forgets the draft, in the same way.
  Result<bool> forget_by(const Id& draft, const std::function<bool()>& write);

 private:
  [[nodiscard]] Statement& select(std::string_view content, std::string_view which);

  StoreInternals& store_;
  Database database_;
  std::int64_t revision_ = 0;
};

}  // namespace kehubu
