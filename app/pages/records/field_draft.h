// FieldDraft: one field while it is being edited: what was stored, what is typed, what that means.
//
// Widgets edit text (or keys); the catalog's type says how the text is read. What cannot be read stays as typed, with a
// sentence beside it, and is never saved.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/shell/app.h"
#include "core/rules/duplicates.h"

namespace kehubu {

struct FieldDraft {
  // What stood here while another field held a choice that was left since.
  struct Stood {
    Value choice;
    Value value;
    bool own = false, automatic = false;
  };
  const Field* field = nullptr;
  Value original;                  // as stored, or the default of a new record
  Value value;                     // what the draft means now; as before while it cannot be read
  std::string text;                // as typed; of choices the identifier, of references the id as text
  std::string shown;               // of references: how the record is called
  std::vector<std::string> keys;   // of several choices
  std::vector<std::string> allowed;  // of a workflow field: the choices to offer
  bool on = false;                 // of booleans
  std::optional<Sentence> misread;
  bool half_typed = false;         // of dates: the browser's field holds no date, or not yet; `text` is the one before
  bool touched = false;            // the person has been here: problems may be shown
  bool flagged = false;            // stood in the way of saving, once
  bool filled_in = false;          // not folded away any more
  bool drawn = false;              // in the frame before: there is a place to lead to
  bool demanded = false;           // a rule asks for it as things stand
  bool own = false;                // the person has said something here: rules keep their hands off
  bool automatic = false;          // `value` is what saving will fill in by itself; it follows what is said elsewhere
  std::vector<Likeness> alike;     // records that are perhaps the same one
  bool meant = false;              // the person knows of them and means a new one
  std::optional<Value> begun_from; // of a kept draft that one goes on with: what was stored when it was begun
  Value settled, left;             // `value` as of its last change, and before that: whoever chooses back finds what stood with it
  std::vector<Stood> stood;
  Value foreseen;                  // the same of prose, which shows it as a placeholder: a person's sentence goes there

  [[nodiscard]] bool changed() const { return !automatic && (misread.has_value() || value != original); }
  // What is stored has changed since the draft was begun: saving would put the older intention over the newer value.
  [[nodiscard]] bool overtaken() const { return begun_from && *begun_from != original && changed(); }
  [[nodiscard]] bool empty() const { return is_null(value) && !misread; }
};

// Sets the value and everything that shows it.
void set_draft(App& app, FieldDraft& draft, const Value& value);
// Reads `text`, `keys` or `on` into `value`.
void read_draft(FieldDraft& draft);
// The identifiers of several choices.
[[nodiscard]] std::vector<std::string> split_keys(std::string_view text);
// What a new record starts with.
[[nodiscard]] Value default_of(App& app, const Field& field);

// Of a workflow field: the identifiers that the rules let the record go on to now, and the present one.
[[nodiscard]] std::vector<std::string> choices_allowed(App& app, const Entity& entity, const Id& row, const Field& field);

// Values as one line of text, for drafts that survive a restart.
[[nodiscard]] std::string pack_value(const Value& value);
[[nodiscard]] std::optional<Value> unpack_value(std::string_view packed);

}  // namespace kehubu
