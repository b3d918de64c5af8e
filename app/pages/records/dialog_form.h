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
  // Something was typed: then the dialog is not left without the question what becomes of it.
  [[nodiscard]] bool changed() const { return form_->typed() != started_as_; }
  struct Look {
    std::string_view key;
    std::string_view title;
    float width = Metrics::dialog_width;
    bool full_on_phone = true;
    bool enter_saves = false;
  };
  enum class Answer : std::uint8_t { none, closed, save };
  // The dialog, with `fields` in it. After closed the person has left it, and what was typed is a draft or forgotten, as he said.
  [[nodiscard]] Answer draw(const Look& look, FunctionRef<void()> fields);
  // Checks the form, then saves. True when the dialog is over; else the form says what is missing, or asks before.
  [[nodiscard]] bool save(const std::function<bool()>& write) { return form().check() && !form().holds_back() && settle(write); }
  // Without checking.
  [[nodiscard]] bool settle(const std::function<bool()>& write) { return keeper_.settle(write); }

 private:
  void draw_offer();
  void begin();
  [[nodiscard]] bool left(bool open);

  App& app_;
  const Entity& entity_;
  Id id_;
  Options options_;
  DraftKeeper keeper_;
  std::unique_ptr<RecordForm> form_;
  std::string started_as_;
  bool asks_ = false;  // what becomes of what was typed
};

}  // namespace kehubu
