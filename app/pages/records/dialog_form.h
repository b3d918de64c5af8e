// DialogForm: a few fields of one record, entered in a dialog over a page, with their draft: a restart opens the dialog again
// with what was typed, and who opens it anew while an older draft waits is asked.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "app/pages/records/record_form.h"

namespace kehubu {

class DialogForm {
 public:
  struct Options {
    std::string part;   // of the page: names the dialog, and what about it
    std::function<std::string()> title;            // of the draft
    std::function<void(RecordForm&)> start = {};  // what the form holds before anybody types
  };
  DialogForm(DraftHost& host, const Entity& entity, const Id& id, Options options);

  [[nodiscard]] RecordForm& form() { return *form_; }
  // Something was typed: then a tap beside the dialog does not close it.
  [[nodiscard]] bool changed() const { return form_->pack() != started_as_; }
  // First thing in the dialog.
  void draw_offer();
  // `write` saves the form. True when the dialog is done.
  [[nodiscard]] bool settle(const std::function<bool()>& write) { return keeper_.settle(write); }
  // The person closes it.
  void discard() { keeper_.discard(); }

 private:
  void begin();

  App& app_;
  const Entity& entity_;
  Id id_;
  Options options_;
  DraftKeeper keeper_;
  std::unique_ptr<RecordForm> form_;
  std::string started_as_;
};

}  // namespace kehubu
