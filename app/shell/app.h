// App: what every page works with: the widgets, the words, the store, the router, and the few services that all share.
//
// One App lives as long as the page. The store is empty until it has been opened (app/shell/startup.h); no ordinary
// screen exists before that, so pages may rely on it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/application.h"
#include "app/platform.h"
#include "app/shell/draft_journal.h"
#include "app/shell/language/language.h"
#include "app/shell/router.h"
#include "app/shell/steps.h"
#include "app/shell/theme.h"
#include "app/widgets/ui.h"
#include "core/base/task.h"
#include "core/base/text.h"
#include "core/store/durable_store.h"
#include "core/store/store.h"
#include "core/sync/sync.h"

namespace kehubu {

class Drafts;  // core/store/drafts.h

// Long work with a dialog of its own: what is being done, how far it is, a button that cancels.
struct Job {
  std::string title;
  Progress progress;
  bool can_cancel = true;
  bool shows_dialog = true;  // else the page shows the progress itself
};

class App {
 public:
  explicit App(const ApplicationHost& host);
  ~App();

  Platform& platform;
  PageImage& image;
  DurableStore& durable;
  Ui ui;
  Language say;
  Scheduler scheduler;
  std::unique_ptr<Store> store;
  std::unique_ptr<Sync> sync;
  std::unique_ptr<Drafts> drafts;
  DraftJournal journal{*this};
  // Where the program had ended and begins again: drafts that were open there go on by themselves (DraftHost takes it).
  std::string resumed_address;
  // Names and JSON of bundles whose preview was left before they were merged or put away: the page of Sync goes on with them.
  std::vector<std::pair<std::string, std::string>> bundles_looked_at;
  Router router;
  Steps steps{*this};
  // Pages and jobs first: they hold on to the store.
  void close_store();

  // --- preferences of this device
  void apply_preferences();
  void set_preference(std::string_view key, std::string_view value);  // "language": zh, en, ""; "theme": light, dark, ""

  // --- saying things
  void notify(std::string message, Tone tone = Tone::neutral);
  void show_error(const Error& error);

  // --- writing; every action of a person passes here
  // Another tab is the writer: what would be written here would be lost.
  [[nodiscard]] bool read_only() const { return durable.health().state == DurableState::read_only; }
  // False where that is so; says it.
  [[nodiscard]] bool may_write();
  // Writes, says `message` and the rules' hints with an undo button; on failure says why and answers false.
  enum class Hints : std::uint8_t { tell, keep_back };
  bool write(std::span<const Edit> edits, std::string message, const WriteOptions& options = {}, Hints hints = Hints::tell);

  // --- reading, without ceremony: nothing when it is not there
  [[nodiscard]] std::optional<Record> read(const Entity& entity, const Id& id);
  // The first so many. Where not all are read, what is shown of them says so, and nothing is summed up.
  [[nodiscard]] std::vector<Record> records(const ListQuery& query, std::size_t limit = static_cast<std::size_t>(-1));
  [[nodiscard]] std::int64_t count(const ListQuery& query);
  [[nodiscard]] std::string title_of(const Entity& entity, const Id& id);
  [[nodiscard]] std::int64_t conflict_count();
  // Whoever uses this device was deleted, here or by others: nothing can be written in that name.
  [[nodiscard]] bool person_is_gone();
  // The clock of this device is more than a day behind this time that the book knows of, and nobody has said that it is right; else
  // 0. While it is, nothing is filled in from it.
  [[nodiscard]] std::int64_t later_time_known();
  void trust_clock();

  // --- values as people read them, in the language of the page
  [[nodiscard]] std::string show(const Field& field, const Value& value);
  [[nodiscard]] std::string show(const Record& record, std::string_view field);
  [[nodiscard]] std::string choice_label(const ChoiceList& list, std::string_view id);
  [[nodiscard]] std::string when(std::int64_t milliseconds) const;        // "3 天前"
  [[nodiscard]] std::string since(std::int64_t milliseconds) const;       // of what has been: the exact time where a clock says that it is to come
  [[nodiscard]] std::string when_exactly(std::int64_t milliseconds) const;  // "2026-11-21 08:30"
  [[nodiscard]] static std::string format_count(std::int64_t count);      // "3,621"
  [[nodiscard]] static std::string format_money_short(std::int64_t fen);  // "¥80,000", "¥80,000.50"
  [[nodiscard]] std::string byte_size(std::int64_t bytes) const;
  [[nodiscard]] Date today() const;
  [[nodiscard]] std::string weekday(const Date& date) const;

  // --- long work
  template <typename T>
  std::shared_ptr<Job> start_job(std::string title, std::function<Task<T>(Progress&)> make, std::function<void(T)> done, bool shows_dialog = true);
  // The one whose dialog is over the page, or null.
  [[nodiscard]] Job* current_job();
  // Runs `continuation` once everything that is committed now is on disk.
  void when_durable(std::function<void()> continuation);

  // --- files
  void save_text_file(std::string name, std::string media_type, std::string_view text, bool share);
  // Packs what is to leave this device. `pack` runs once everything that is committed now is on disk, and is told true. Where storage
  // is ill that is said, and after a yes it runs at once and is told false: what it packs, and that it did, is in memory only.
  void hand_out(std::function<void(bool on_disk)> pack);
  void draw_hand_out_question();
  // The file that was packed, which is on record here (a bundle in the history): it leaves when the record is durable, unless nothing
  // can be. `done` follows.
  void save_packed_file(std::string name, std::string media_type, std::string text, bool share, bool on_disk, std::function<void()> done);
  // Files that arrived from anywhere: bundles go to the sync page, the rest to the import page, which take them over.
  void receive_files(std::vector<PickedFile> files);
  // While something is under way that files would get in the way of; says so.
  [[nodiscard]] bool refuses_files();
  [[nodiscard]] std::vector<PickedFile> take_files() { return std::exchange(waiting_files_, {}); }
  // Names and JSON of bundle files, unpacked where they are compressed.
  void unpack_bundles(std::vector<PickedFile> files, std::function<void(std::vector<std::pair<std::string, std::string>>)> done);

 private:
  struct ConflictCount {
    std::int64_t revision = -1;
    std::int64_t count = 0;
  };
  struct DocumentLook {
    bool chinese = true;
    ThemeName theme = ThemeName::light;
    friend bool operator==(const DocumentLook&, const DocumentLook&) = default;
  };
  std::optional<DocumentLook> document_look_;
  ConflictCount conflict_count_;
  struct PersonKnown {
    std::int64_t revision = -1;
    Id person;
    bool is_gone = false;
  };
  PersonKnown person_known_;
  std::vector<std::shared_ptr<Job>> jobs_;
  std::vector<PickedFile> waiting_files_;
  std::shared_ptr<std::function<void(bool)>> handing_out_;  // until storage or a person lets it
};

template <typename T>
std::shared_ptr<Job> App::start_job(std::string title, std::function<Task<T>(Progress&)> make, std::function<void(T)> done, bool shows_dialog) {
  auto job = std::make_shared<Job>();
  job->title = std::move(title);
  job->shows_dialog = shows_dialog;
  jobs_.push_back(job);
  scheduler.spawn<T>(make(job->progress), [this, job, done = std::move(done)](T result) {
    std::erase(jobs_, job);
    done(std::move(result));
    platform.request_frame();
  });
  platform.request_frame();
  return job;
}

}  // namespace kehubu
