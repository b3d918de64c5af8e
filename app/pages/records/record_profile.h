// RecordProfile: a record to be read: its groups as cards of label and value. Empty fields are folded away, references open
// what they refer to, sensitive values stay covered until one asks.
#pragma once

#include "app/shell/app.h"

namespace kehubu {

class RecordProfile {
 public:
  explicit RecordProfile(App& app) : app_(app) {}
  // Without the fields that the page has said already.
  void draw(const Record& record, const std::vector<const Field*>& said = {});

 private:
  void draw_value(const Record& record, const Field& field, const Value& value);

  App& app_;
  bool show_empty_ = false;
  bool revealed_ = false;
};

}  // namespace kehubu
