#include "core/store/drafts.h"

#include "core/store/transaction.h"

namespace kehubu {
namespace {

constexpr std::string_view schema = R"sql(
CREATE TABLE IF NOT EXISTS local_draft(id BLOB PRIMARY KEY, address TEXT NOT NULL, title TEXT NOT NULL, kept_at INTEGER NOT NULL,
  open INTEGER NOT NULL, content BLOB NOT NULL) WITHOUT ROWID;
)sql";

constexpr char language_mark = '\x1f';  // between the Chinese title and the English one, where they differ

std::string packed(const Sentence& title) { return title.zh == title.en ? title.zh : title.zh + language_mark + title.en; }

constexpr std::string_view in_order = "ORDER BY kept_at DESC, id DESC";

Sentence unpacked(std::string_view title) {
  const std::size_t mark = title.find(language_mark);
  return {std::string(title.substr(0, mark)), std::string(mark == std::string_view::npos ? title : title.substr(mark + 1))};
}

Result<std::vector<KeptDraft>> rows_of(Statement& select) {
  std::vector<KeptDraft> drafts;
  while (select.row()) {
    drafts.push_back({.id = select.id(0), .address = std::string(select.text(1)), .title = unpacked(select.text(2)), .kept_at_ms = select.integer(3),
                      .open = select.integer(4) != 0, .content = std::string(select.blob(5))});
  }
  select.reset();
  KEHUBU_TRY(select.status());
  return drafts;
}

Result<std::optional<KeptDraft>> first_of(Statement& select) {
  KEHUBU_TRY_ASSIGN(drafts, rows_of(select));
  return drafts.empty() ? std::optional<KeptDraft>() : std::optional(std::move(drafts.front()));
}

}  // namespace

Drafts::Drafts(StoreInternals& store) : store_(store), database_(store.connection()) {
  // Without the table nothing is kept, and keep() says so.
  static_cast<void>(database_.execute(schema));
}

Statement& Drafts::select(std::string_view content, std::string_view which) {
  return database_.statement("SELECT id, address, title, kept_at, open, " + std::string(content) + " FROM local_draft " + std::string(which));
}

Result<std::vector<KeptDraft>> Drafts::all() { return rows_of(select("content", in_order)); }
Result<std::vector<KeptDraft>> Drafts::list() { return rows_of(select("x''", in_order)); }

Result<std::optional<KeptDraft>> Drafts::read(const Id& draft) { return first_of(select("content", "WHERE id = ?1").bind(1, draft)); }

Result<std::optional<KeptDraft>> Drafts::newest_of(std::string_view address) {
  return first_of(select("content", "WHERE address = ?1 ORDER BY open DESC, kept_at DESC, id DESC LIMIT 1").bind(1, address));
}

Status Drafts::keep(const KeptDraft& draft) {
  ++revision_;
  Statement& insert = database_.statement(
      "INSERT INTO local_draft(id, address, title, kept_at, open, content) VALUES(?1, ?2, ?3, ?4, ?5, ?6)"
      " ON CONFLICT DO UPDATE SET address = ?2, title = ?3, kept_at = ?4, open = ?5, content = ?6");
  const std::string title = packed(draft.title);
  insert.bind(1, draft.id).bind(2, std::string_view(draft.address)).bind(3, std::string_view(title)).bind(4, draft.kept_at_ms);
  return insert.bind(5, std::int64_t{draft.open}).bind_blob(6, draft.content).run();
}

Status Drafts::open(const KeptDraft& draft) {
  ++revision_;
  Statement& update = database_.statement("UPDATE local_draft SET open = (id = ?1) WHERE address = ?2");
  return update.bind(1, draft.id).bind(2, std::string_view(draft.address)).run();
}

Status Drafts::forget(const Id& draft) {
  ++revision_;
  Statement& remove = database_.statement("DELETE FROM local_draft WHERE id = ?1");
  return remove.bind(1, draft).run();
}

Result<bool> Drafts::in_one(const std::function<Result<bool>()>& work) {
  Transaction transaction{store_};
  KEHUBU_TRY(transaction.begin());
  ++revision_;  // also for what is taken back
  KEHUBU_TRY_ASSIGN(done, work());
  if (done) {
    KEHUBU_TRY(transaction.commit());
  }
  return done;
}

Result<bool> Drafts::forget_by(const Id& draft, const std::function<bool()>& write) {
  return in_one([&]() -> Result<bool> {
    if (!write()) {
      return false;
    }
    KEHUBU_TRY(forget(draft));
    return true;
  });
}

}  // namespace kehubu
