// Recording a contact with a customer: three taps and a sentence. Everything that can be known is filled in (who: the
// primary contact, how: a visit, when: now); what is rarely said is folded away. The same page plans a visit, fills in the
// result of a planned one, and corrects a recorded one.
#pragma once

#include <memory>
#include <optional>

#include "app/pages/records/record_form.h"
#include "app/shell/draft_keeper.h"
#include "app/shell/screen.h"

namespace kehubu {

class VisitScreen final : public Screen {
 public:
  VisitScreen(App& app, const Route& route);

  std::string title() override;
  void draw(const Rectangle& place) override;
  std::vector<BarAction> bar_actions() override;
  void on_bar_action(std::string_view key) override;
  bool is_form() const override { return !guard_.refuses(); }
  bool unsaved() override { return !guard_.refuses() && Screen::unsaved(); }

 private:
  enum class Purpose { record, plan, execute, correct };

  [[nodiscard]] static Purpose purpose_of(const Route& route);
  void start();
  void copy_original();
  void customer_changed();
  void fill_scenario();
  [[nodiscard]] Value now() const;
  void set_done();
  void find_plan();
  void fill_in_plan(const Id& plan);
  void take_up_plan(const Id& kept);
  [[nodiscard]] Id customer() const { return id_or_empty(form_->value("customer")); }
  void unpack(const std::string& draft);
  [[nodiscard]] std::string pack() const;  // "" when there is nothing to keep
  [[nodiscard]] std::string draft_title();

  void draw_heading();
  void read_recent_customers();
  void draw_recent_customers();
  void draw_warnings();
  void draw_contacts();
  [[nodiscard]] std::string contact_label(const Record& contact);
  void draw_kinds();
  void draw_sentence();
  void draw_next();
  [[nodiscard]] std::vector<std::string_view> fields_of_more() const;
  void draw_more();
  void draw_register_question();

  void save();
  // Writes the record and `edits` in one action, and goes back. The rules plan the next contact (R-VIS-05).
  void write(std::vector<Edit> edits);
  [[nodiscard]] Edit register_contact();

  Purpose purpose_;
  EditGuard guard_;
  std::unique_ptr<RecordForm> form_;
  std::vector<Record> recent_customers_;  // offered while none is chosen
  std::vector<Record> contacts_;
  std::int64_t contacts_revision_ = -1;
  std::optional<Record> plan_;   // that this visit may carry out
  Id taken_plan_;                // that it carries out, as the person said here
  std::string started_as_;       // the form before anything was typed
  DraftKeeper drafts_;
  std::string no_visit_time_;
  bool typed_contact_ = false;   // "someone else…"
  bool contact_missing_ = false;
  bool chooses_customer_ = false;  // also where one was given: that one was deleted
  bool more_ = false;
  int next_days_ = 0;            // 0: nothing planned
  bool registering_ = false;     // the question after pressing save
  std::string waiting_;          // the draft, while the guard refuses
  bool done_ = false;
};

}  // namespace kehubu
