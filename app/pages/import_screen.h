// Importing a spreadsheet: pick a file, look over what each column becomes, see every problem with its line, confirm. One
// action, so that one undo takes all of it back.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/shell/draft_keeper.h"
#include "app/shell/screen.h"
#include "app/widgets/function_ref.h"
#include "core/importing/importing.h"

namespace kehubu {

class ImportScreen final : public Screen {
 public:
  ImportScreen(App& app, const Route& route);
  ~ImportScreen() override;

  std::string title() override { return std::string(say(Word::import_title)); }
  void draw(const Rectangle& place) override;
  std::vector<BarAction> bar_actions() override;
  void on_bar_action(std::string_view key) override;
  void resumed() override;
  bool unsaved() override { return table_ && !committing_ && !done_; }
  bool keeps_drafts() override { return keeps_file(); }

 private:
  // --- reading and writing (import_screen.cpp)
  void pick();
  // A file that was chosen or dropped. What is being reviewed gives way to it only when that is said, and never to one that cannot be read.
  void offer(PickedFile file);
  [[nodiscard]] bool read(PickedFile file);
  [[nodiscard]] Result<std::string> decoded(const Bytes& bytes, TextEncoding encoding);
  [[nodiscard]] Result<std::string> text_of(const PickedFile& file);  // in which a table stands
  void decode();
  void find(bool new_header);
  void put_away();
  void check();
  void take_decisions();
  void commit();
  [[nodiscard]] bool may_commit() const;
  [[nodiscard]] std::string commit_label() const;
  void draw_offered();
  void draw_pick();
  void draw_preview();

  // --- what becomes of each column (import_columns.cpp)
  static constexpr std::size_t columns_offered = 80;
  void draw_columns();
  void draw_column(std::size_t column);
  [[nodiscard]] std::string sample_of(std::size_t column) const;
  void choose_target(std::size_t column, std::string_view key);
  [[nodiscard]] const std::vector<Option>& targets_offered();

  // --- as a draft (import_draft.cpp)
  // A larger file is not kept: leaving the page then means choosing it again.
  static constexpr std::size_t kept_file_limit_bytes = 2U << 20;
  [[nodiscard]] bool keeps_file() const { return bytes_.size() <= kept_file_limit_bytes; }
  [[nodiscard]] std::string pack() const;  // "" when there is nothing to keep
  void unpack(const std::string& draft);
  [[nodiscard]] std::string draft_title() { return title() + " · " + file_name_; }
  [[nodiscard]] static std::string key_of(const MappableField& target);
  [[nodiscard]] std::string key_of(const MappableField& target, int person) const;  // one of several
  [[nodiscard]] std::string key_of(const Field* field) const;
  [[nodiscard]] const Field* field_of(std::string_view key) const;

  // --- what was found, and what is asked (import_review.cpp)
  void draw_result();
  void draw_counts();
  void draw_reading();
  void draw_questions();
  void ask_owner();
  void ask_follow_up();
  void ask_merged(std::uint32_t column);
  void ask_choices(const Field& field);
  void draw_unknown_choice(UnknownChoice& decision, const std::vector<Option>& options);
  void draw_notes();
  bool draw_group(std::string_view key, Icon icon, Tone tone, Word title, Word sentence, std::int64_t count);
  void draw_kind(NoteKind kind, Icon icon, Tone tone, Word title, Word sentence);
  void draw_lines(std::size_t count, FunctionRef<void(std::size_t)> line);
  void draw_line(std::uint32_t line, std::string_view words);

  const Entity& entity_;
  std::vector<MappableField> targets_;
  DraftKeeper drafts_;
  std::string file_name_;
  Bytes bytes_;
  TextEncoding encoding_ = TextEncoding::utf8;
  std::string text_;                          // of the bytes; read again when the header is another
  TableChoices choices_;
  std::shared_ptr<const ImportTable> table_;  // shared with the check that is under way, whose table it stays
  std::vector<std::string> samples_;          // of its columns
  std::vector<Option> offered_targets_;       // what a column may become, in that language and of these persons
  std::vector<NamedPerson> persons_;
  std::optional<bool> offered_in_chinese_;
  std::vector<ColumnMapping> mapping_, proposed_;
  ImportOptions options_;
  std::optional<ImportPlan> plan_;
  std::vector<Sentence> doubts_;              // about the table
  std::optional<PickedFile> offered_;         // dropped here while another one is reviewed
  std::shared_ptr<Job> checking_;
  std::string open_group_;         // the one whose lines are shown
  std::size_t lines_shown_ = 0;    // of it
  const Field* each_of_ = nullptr; // whose new choices are decided one by one
  enum class Reread : std::uint8_t { no, text, bytes };
  Reread reread_ = Reread::no;     // before the next drawing
  bool new_header_ = false;
  bool stale_ = false;             // something changed since the plan was made
  bool committing_ = false;
  bool done_ = false;
};

}  // namespace kehubu
