// Opportunities: a board with a column per open stage, or the list. Narrow screens show one stage at a time, wiped from one to the
// next. A card is dragged, taken one stage further by its button, or moved by its menu (StageMove).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/pages/list_screen.h"
#include "app/pages/records/record_menu.h"
#include "app/shell/screen.h"

namespace kehubu {

class OpportunitiesScreen final : public Screen {
 public:
  explicit OpportunitiesScreen(App& app);

  std::string title() override { return std::string(say(Word::pipeline)); }
  void draw(const Rectangle& place) override;
  std::vector<BarAction> bar_actions() override;
  void on_bar_action(std::string_view key) override;

 private:
  struct Card {
    Id id;
    std::string topic, customer, amount, close;
    bool late = false;
    std::string stage;
  };
  struct Column {
    std::string stage, label;
    std::vector<Card> cards;
    std::int64_t sum = 0;
  };
  void refresh();
  void draw_views(const Rectangle& place);
  void draw_board(const Rectangle& whole);
  [[nodiscard]] float board_margin() const;
  void draw_stages(const Rectangle& place);
  void draw_column_head(const Column& column);
  void draw_cards(const Column& column);
  void draw_card(const Card& card);
  void draw_card_foot(const Card& card);
  void draw_drop_target(const Column& column, const Rectangle& place);
  void draw_closed(const std::vector<const Column*>& closed, const Rectangle& place);

  const Entity& entity_;
  const Field& stage_field_;
  RecordMenu menu_;
  ListScreen list_;
  bool as_list_ = false;
  std::int64_t revision_ = -1;
  bool chinese_ = true;
  std::vector<Column> columns_;
  int stage_shown_ = 0;
  bool shows_closed_ = false;  // on wide screens: the won or the lost ones instead of the board
  Id dragged_;
};

}  // namespace kehubu
