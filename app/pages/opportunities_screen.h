// Opportunities: a board with a column per open stage, or the list. Narrow screens show one stage at a time. Moving one asks for
// what its new stage requires, and only for that.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/pages/list_screen.h"
#include "app/pages/records/record_form.h"
#include "app/shell/screen.h"

namespace kehubu {

class OpportunitiesScreen final : public Screen {
 public:
  explicit OpportunitiesScreen(App& app);

  std::string title() override { return std::string(say(Word::opportunities)); }
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
  void draw_board(const Rectangle& place);
  [[nodiscard]] float board_margin() const;
  void draw_stages(const Rectangle& place);
  void draw_column_head(const Column& column);
  void draw_cards(const Column& column);
  void draw_card(const Card& card);
  void draw_card_foot(const Card& card);
  void draw_move_menu(const Card& card);
  void move(const Card& card, const std::string& stage);
  void write_move();
  void draw_move_dialog();

  const Entity& entity_;
  const Field& stage_field_;
  ListScreen list_;
  bool as_list_ = false;
  std::int64_t revision_ = -1;
  bool chinese_ = true;
  std::vector<Column> columns_;
  int stage_shown_ = 0;
  Id menu_of_;
  std::vector<std::string> allowed_;  // stages that its opportunity may go to
  std::unique_ptr<RecordForm> moving_;
};

}  // namespace kehubu
