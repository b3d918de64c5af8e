// RecordForm: the form of any record, made from its entity: groups, labels, required marks, hints, choices, pickers, and
// the problems beside the fields. Special pages arrange its fields their own way with field(); the rest use draw().
//
// Nothing is written before a page takes edit() and writes it. Until then the keeper that every form is built with looks after
// what was typed, the dialog that creates a referenced record included: that page or dialog packs its forms into its draft.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "app/pages/records/field_draft.h"
#include "app/pages/records/open_questions.h"
#include "app/pages/records/record_basis.h"
#include "app/pages/records/reference_picker.h"
#include "app/shell/draft_keeper.h"

namespace kehubu {

class QuickCreate;

class RecordForm {
 public:
  // An empty id starts a new record with its defaults.
  RecordForm(App& app, DraftKeeper& keeper, const Entity& entity, const Id& id);
  ~RecordForm();

  [[nodiscard]] const Entity& entity() const { return entity_; }
  [[nodiscard]] const Id& id() const { return id_; }
  [[nodiscard]] bool is_new() const { return is_new_; }

  // --- values
  [[nodiscard]] bool has(std::string_view field) const;
  [[nodiscard]] const Value& value(std::string_view field) const;
  // A person has said something of it, if only that it is empty; not a default, nor what a rule fills in.
  [[nodiscard]] bool is_spoken_for(std::string_view field) const;
  // False while something is typed there that is no value; value() is then the one before.
  [[nodiscard]] bool is_readable(std::string_view field) const;
  void set(std::string_view field, const Value& value);
  // Sets what the choice in `cause`, just made, brings with it, if anything. Where a choice is taken back, what stood with it stands
  // again instead.
  void follow(std::string_view field, std::string_view cause, const std::optional<Value>& value);
  // Sets what the form starts with: it does not count as a change of the person.
  void preset(std::string_view field, const Value& value);
  // Left out by draw(): the page shows it itself, or it follows from where one came from.
  void hide(std::string_view field) { hidden_.insert(std::string(field)); }
  void allow_create(bool allowed) { create_allowed_ = allowed; }

  // --- drawing
  // Every group in a card. New records show the essential fields first and the rest on demand.
  // `after_first` is drawn below the first of them.
  void draw(FunctionRef<void()> after_first = [] {});
  // Essential fields only, without cards: for dialogs.
  void draw_essentials();
  // Only what stands in the way of saving or decides an open question, or did when it was flagged: fields do not vanish under the fingers.
  void flag_problems();
  void draw_problem_fields();
  // One field; true when the person changed it. `label` replaces the catalog's.
  bool field(std::string_view field_id, std::string_view label = {}, std::string_view placeholder = {});
  // The same in a table whose head says the label; numbers stand at the end, `unit` behind them.
  bool cell(std::string_view field_id, std::string_view name, std::string_view unit = {});
  // These fields, and what stands in the way of saving elsewhere.
  void draw_section(const std::vector<const Field*>& fields);
  // What is over the page: the dialog that creates a referenced record. Once per frame, after the fields.
  void draw_overlays();

  // --- an index of long forms: the headings of the cards that draw() showed last
  [[nodiscard]] const std::vector<std::string_view>& sections() const { return sections_; }
  // The next draw() brings that card into view.
  void jump_to(std::size_t section) { jump_to_ = section; }

  // --- the focus
  // It goes to this field, which comes into view, as soon as it is drawn.
  void focus(std::string_view field) { focus_ = field; }
  // The same for the first field that stands in the way of saving. False when none of them is drawn by this form.
  bool focus_problem();

  // --- saving
  [[nodiscard]] bool changed() const;
  [[nodiscard]] Edit edit() const;
  // Whether it may be written, without showing anything: nobody has tried to save yet.
  [[nodiscard]] bool complete();
  // Checks everything and shows every problem from now on. True when it may be written.
  [[nodiscard]] bool check();
  // What stands in the way of saving, a sentence each that names its field.
  [[nodiscard]] std::vector<std::string> problem_sentences() const;
  // Saving would decide a question that is open.
  [[nodiscard]] bool decides();
  // What refuses this field's value; null when nothing does.
  [[nodiscard]] const Store::Problem* problem_of(std::string_view field) const;
  // What a rule says about it without refusing it; null when nothing does.
  [[nodiscard]] const Store::Problem* hint_of(std::string_view field) const;
  // Above the form: an open question about the whole record, and after a failed check() "Almost: 2 things to fix first", with
  // the way to the first of them.
  void draw_problem_summary();
  // What stands in the way of saving because it was deleted meanwhile, each with the button that brings it back.
  void draw_deleted_references();
  // Once a frame, before anything is drawn: where the record is stored otherwise by now (merged, undone, edited elsewhere while
  // this form stood open), the form goes on with what was typed as with a draft. True when it did.
  bool follow_store();
  // Above the form: what others, or one oneself, have changed in the record since it was begun, until that is put away.
  void draw_changes_since();
  // Asked after check(): saving would carry a document a step on at an amount that was another one when the form was begun.
  // Then draw_overlays() asks, with both amounts; take_agreed() is true once when the person says yes: save again.
  [[nodiscard]] bool holds_back();
  [[nodiscard]] bool take_agreed() { return std::exchange(agreed_, false); }

  // Enter was pressed in a line of text since this was asked last.
  [[nodiscard]] bool take_submitted() { return std::exchange(submitted_, false); }

  // --- what was typed: each field with its value, for people to read
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> written() const;
  // … and as text; "" when nothing was.
  [[nodiscard]] std::string typed() const;
  // For a draft: that, and what stood in the fields besides. Of a new record with what it stood for by itself, such as the day on
  // which it was begun; of a stored one with what it was begun from.
  [[nodiscard]] std::string pack() const;
  void unpack(std::string_view packed);

 private:
  void read_record();
  [[nodiscard]] FieldDraft* find(std::string_view field);
  [[nodiscard]] const FieldDraft* find(std::string_view field) const;
  [[nodiscard]] bool shown(const FieldDraft& draft) const;
  [[nodiscard]] bool essential(const FieldDraft& draft) const;
  [[nodiscard]] bool has_problem(const FieldDraft& draft) const;
  [[nodiscard]] bool draw_field(FieldDraft& draft, std::string_view label = {}, std::string_view placeholder = {});
  [[nodiscard]] bool draw_widget(FieldDraft& draft, const FieldOptions& options);
  [[nodiscard]] bool draw_text(FieldDraft& draft, const FieldOptions& options);
  [[nodiscard]] bool draw_choice(FieldDraft& draft, const FieldOptions& options);
  [[nodiscard]] bool draw_choices(FieldDraft& draft, const FieldOptions& options);
  [[nodiscard]] bool draw_reference(FieldDraft& draft, const FieldOptions& options);
  void draw_fields(std::vector<FieldDraft*> drafts);
  void draw_fold_button();
  void draw_problems();
  void find_demanded();
  void after_change(FieldDraft& draft);
  void look_for_likenesses(FieldDraft& draft);
  void draw_likenesses(FieldDraft& draft);
  [[nodiscard]] bool perhaps_there_already(const FieldDraft& draft) const;
  void put(FieldDraft& draft, const Value& value);
  void note_change(FieldDraft& draft) { draft.left = std::exchange(draft.settled, draft.value); }
  void note_what_stood(FieldDraft& draft, const FieldDraft& cause);
  [[nodiscard]] bool stands_again(FieldDraft& draft, const FieldDraft& cause);
  void clear_dependants(const FieldDraft& changed);
  void validate();
  [[nodiscard]] bool stands_in_the_way(const Store::Problem& problem) const;
  void follow_rules(const std::vector<std::pair<const Field*, Value>>& filled);
  void draw_amount_question();
  [[nodiscard]] std::string pack_fields(bool with_defaults) const;
  void unpack_field(std::string_view field, std::string_view packed);
  void begin_quick_create(FieldDraft& target, std::string_view name);
  bool finish_quick_create();

  App& app_;
  DraftKeeper& keeper_;
  const Entity& entity_;
  Id id_;
  bool is_new_;
  bool create_allowed_ = true;
  bool all_shown_ = false;
  bool check_failed_ = false;
  bool submitted_ = false;
  bool asks_about_amount_ = false;
  bool agreed_ = false;
  std::string agreed_amount_;  // the changes of it that the person has said yes to
  std::string changes_read_;   // since the form was begun, that he has put away
  std::string_view focus_;     // the field that gets it
  bool in_table_ = false;  // while a cell() is drawn
  std::string_view unit_;
  std::vector<std::string_view> sections_;
  std::optional<std::size_t> jump_to_;
  std::vector<FieldDraft> drafts_;
  std::vector<Store::Problem> problems_;
  std::unordered_set<std::string> hidden_;
  OpenQuestions questions_;
  std::optional<RecordBasis> basis_;  // of a stored record; a line's is its document's
  ReferencePicker picker_;
  std::unique_ptr<QuickCreate> quick_create_;
};

// A small dialog that makes a new record of a referenced entity without leaving the form.
class QuickCreate {
 public:
  QuickCreate(App& app, DraftKeeper& keeper, FieldDraft& target, const Entity& entity);
  enum class Answer : std::uint8_t { none, save, close };
  [[nodiscard]] Answer draw();
  // Writes the new record.
  [[nodiscard]] bool write();
  RecordForm& form() { return form_; }
  [[nodiscard]] FieldDraft& target() { return target_; }

 private:
  App& app_;
  FieldDraft& target_;  // refers to the new record afterwards
  RecordForm form_;
  bool asks_ = false;   // whether what was typed is to be lost
};

}  // namespace kehubu
