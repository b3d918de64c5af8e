// One customer: who it is, when one last spoke, what to do next; and everything that belongs to it, in tabs.
#pragma once

#include "app/pages/customer_timeline.h"
#include "app/pages/record_screen.h"
#include "app/pages/records/phone_call.h"

namespace kehubu {

class CustomerScreen final : public RecordScreenBase {
 public:
  CustomerScreen(App& app, const Route& route);

  void draw(const Rectangle& place) override;
  std::vector<BarAction> bar_actions() override;
  void on_bar_action(std::string_view key) override;

 private:
  void refreshed() override;
  struct Related {
    std::vector<Record> shown;
    std::int64_t count = 0;  // those that are not shown, too
  };
  [[nodiscard]] Related related(std::string_view entity, std::string_view sort_by, SortDirection direction) const;
  void draw_more(const Related& records);
  void draw_summary(float page_top);
  void draw_identity(float page_top);
  void draw_facts();
  void draw_next_contact();
  void draw_actions();
  void draw_tabs();
  void draw_contacts();
  void draw_records(const Related& records, const Entity& entity, Word empty_title, Word empty_sentence);
  void start_visit(std::string_view detail);

  RecordProfile profile_;
  RecordHistory history_;
  CustomerTimeline timeline_;
  Related contacts_, contracts_, opportunities_;
  std::optional<Record> next_plan_;
  PhoneCall call_;
  int tab_ = 0;
};

}  // namespace kehubu
