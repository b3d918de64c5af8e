// Resolvers: what a cell means in a list of choices or as a reference, and what must be created for it to mean
// something. Private to importing/.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "core/importing/cells.h"
#include "core/importing/choices.h"
#include "core/importing/importing.h"
#include "core/importing/known_records.h"

namespace kehubu {

// "家用电器" → "jiayongdianqi": letters and digits, at most 40, not empty. The same text gives the same identifier on
// every device, so that two imports of one file meet in the same choice.
[[nodiscard]] std::string identifier_of(std::string_view text);

// One thing for each text of a field, however the text is written. A look costs one reading of the text, whatever there is already:
// a column may have as many texts as rows.
class ByText {
 public:
  explicit ByText(std::span<const UnknownChoice> choices = {});
  // The number of the text among those that came before, and whether it is new.
  [[nodiscard]] std::pair<std::size_t, bool> add(const Field& field, std::string_view text);
  [[nodiscard]] std::optional<std::size_t> find(const Field& field, std::string_view text) const;
  [[nodiscard]] std::int64_t texts_read() const { return texts_read_; }  // what it has cost

 private:
  [[nodiscard]] std::string folded(std::string_view text) const;
  std::unordered_map<const Field*, std::unordered_map<std::string, std::size_t>> numbers_;
  std::size_t count_ = 0;
  mutable std::int64_t texts_read_ = 0;
};

// The texts that mean nothing yet, each once for a field, with what a person decided about it or what is proposed.
class UnknownTexts {
 public:
  explicit UnknownTexts(std::vector<UnknownChoice> decisions) : decisions_(std::move(decisions)), decided_(decisions_) {}

  // `alike`: what the text may mean; asked where nobody has decided. Empty: nothing known.
  [[nodiscard]] UnknownChoice& of(const Field& field, std::string_view text, const std::function<std::string()>& alike);
  // Those that rows have which are imported. What a record cannot do without is asked of all: a row may be left out for want of it.
  [[nodiscard]] std::vector<UnknownChoice> take();
  void begin_row() { of_row_.clear(); }
  void take_back_row();  // it is left out
  [[nodiscard]] std::int64_t texts_read() const { return decided_.texts_read() + known_.texts_read(); }

 private:
  std::vector<UnknownChoice> decisions_;
  ByText decided_;
  ByText known_;  // of unknown_
  std::vector<UnknownChoice> unknown_;
  std::vector<std::size_t> of_row_;  // once for each time that the row has it
};

// Choices of every list that the import touches.
class ChoiceResolver {
 public:
  ChoiceResolver(Store& store, Environment& environment, std::vector<UnknownChoice> decisions);

  // Value of a choice or choices field. Choices that are not in an editable list yet are added to it where a person said so.
  [[nodiscard]] CellValue resolve(std::string_view cell, const Field& field);
  [[nodiscard]] bool is_new(const Field& field, std::string_view choice_id) const;
  [[nodiscard]] bool knows(std::string_view cell, const Field& field) { return list_of(field).matcher.find(cell).has_value(); }

  [[nodiscard]] std::vector<UnknownChoice> take_unknown() { return unknown_.take(); }
  [[nodiscard]] UnknownTexts& unknown() { return unknown_; }
  [[nodiscard]] std::vector<Edit> take_edits() { return std::move(edits_); }

 private:
  struct List {
    ChoiceMatcher matcher;
    std::unordered_set<std::string> ids;
    std::unordered_set<std::string> new_ids;
    std::unordered_map<std::string, std::string> new_id_by_text;  // folded; apart from the matcher, which knows likeness
    std::int64_t count = 0;
  };
  List& list_of(const Field& field);
  [[nodiscard]] std::string resolve_one(std::string_view text, const Field& field);
  [[nodiscard]] std::string add_choice(std::string_view text, const Field& field, List& list);

  Store& store_;
  Environment& environment_;
  UnknownTexts unknown_;
  std::map<const ChoiceList*, List> lists_;
  std::vector<Edit> edits_;
};

// "叫“李伟”的业务员不止一个，…": of what kind they are is said, as the column may be called otherwise.
[[nodiscard]] Sentence more_than_one(const Field& field, std::string_view name, const Sentence& outcome);

// References by number or name. Customers that are not there are created, regions where a person said so.
class ReferenceResolver {
 public:
  ReferenceResolver(Store& store, Environment& environment, std::vector<UnknownChoice> decisions);

  // `of`: the customer of the row, for references to contacts.
  [[nodiscard]] std::optional<KnownRecords::Found> find(const Entity& target, std::string_view text, const Id& of);
  [[nodiscard]] CellValue resolve(std::string_view cell, const Field& field, const Id& of);
  [[nodiscard]] bool is_new(const Id& id) const { return created_.contains(id); }
  void note_created(const Id& id) { created_.insert(id); }
  [[nodiscard]] KnownRecords& known(const Entity& entity);

  [[nodiscard]] std::vector<UnknownChoice> take_unknown() { return unknown_.take(); }
  [[nodiscard]] UnknownTexts& unknown() { return unknown_; }
  [[nodiscard]] std::vector<Edit> take_edits() { return std::move(edits_); }

 private:
  [[nodiscard]] CellValue one_of_several(std::string_view cell, const Field& field, const Entity& target, const Id& first);
  [[nodiscard]] Id create(const Entity& entity, std::string_view name);
  [[nodiscard]] Edit new_region(const Entity& entity, std::string_view name);
  [[nodiscard]] std::string alike_region(const Entity& target, std::string_view text);

  Store& store_;
  Environment& environment_;
  UnknownTexts unknown_;
  std::map<const Entity*, std::unique_ptr<KnownRecords>> known_;
  std::unordered_set<Id, IdHash> created_;
  std::vector<Edit> edits_;
};

}  // namespace kehubu
