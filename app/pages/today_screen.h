// Today: what is planned, what was missed, who should be called, what was recorded last; the numbers open what is behind them.
#pragma once

#include <vector>

#include "app/pages/drafts_card.h"
#include "app/pages/follow_ups.h"
#include "app/shell/screen.h"

namespace kehubu {

class TodayScreen final : public Screen {
 public:
  explicit TodayScreen(App& app_) : Screen(app_, {.place = Place::today}), drafts_(app_) {}

  std::string title() override { return std::string(say(Word::today)); }
  void draw(const Rectangle& place) override;

 private:
  void refresh();
  void read_plans();
  void read_figures();
  void draw_greeting();
  void draw_figures();
  struct Figure {
    Word label;
    Icon icon;
    ListQuery counted;               // what is counted is what its list is narrowed to
    Place place = Place::list;       // that it leads to
    std::string detail = {};
    std::int64_t count = 0;
  };
  void narrow_list(const ListQuery& query);
  struct Plans {
    std::vector<Record> shown;
    std::int64_t count = 0;  // those that are not shown, too
  };
  void draw_plans(const Plans& plans, Word heading, bool late);
  void draw_more(std::int64_t more);
  void draw_follow_ups();
  void draw_follow_up_rows(const std::vector<FollowUp>& entries);
  void draw_recent();

  DraftsCard drafts_;
  std::int64_t revision_ = -1;
  Date day_;
  Plans due_, missed_, later_;
  std::vector<Record> recent_;
  FollowUps follow_ups_;
  std::vector<Figure> figures_;
};

}  // namespace kehubu
