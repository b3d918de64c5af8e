// RecordProfile: a record to be read: its groups as cards of label and value. Empty fields are folded away, references open
// what they refer to, sensitive values stay covered until one asks.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/pages/records/dialog_form.h"
#include "app/shell/app.h"

namespace kehubu {

class RecordProfile {
 public:
  // Only to be read: whatever record it is given.
  explicit RecordProfile(App& app) : app_(app) {}
  // That record, to be edited where it stands.
  RecordProfile(DraftHost& host, const Entity& entity, const Id& id);
  // Without the fields that the page has said already. Editable: a tap upon a value, or upon the pencil of its group, opens
  // that group where it stands.
  void draw(const Record& record, const std::vector<const Field*>& said = {}, bool editable = false);
  // The group that is being edited. Once per frame, after the page.
  void draw_overlays();

 private:
  void draw_value(const Record& record, const Field& field, const Value& value, bool editable);
  struct Section {
    std::string_view heading;
    std::vector<const Field*> fields;
  };
  // As they stand in cards.
  [[nodiscard]] std::vector<Section> sections_of(const Entity& entity) const;
  // All that stands in the card of this field.
  bool edit(const Field& field);

  App& app_;
  DraftHost* host_ = nullptr;  // this and the next two of what can be edited
  const Entity* entity_ = nullptr;
  Id id_;
  std::optional<OpenQuestions> questions_;
  bool show_empty_ = false;
  bool revealed_ = false;
  std::unique_ptr<DialogForm> dialog_;    // of the group that is being edited
  std::vector<const Field*> edited_;
  std::string heading_;
};

}  // namespace kehubu
