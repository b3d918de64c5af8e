// The choice lists: which there are, and the values of one. Values people added are records of dict_item.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "app/pages/records/dialog_form.h"
#include "app/shell/screen.h"

namespace kehubu {

class DictionaryScreen final : public Screen {
 public:
  DictionaryScreen(App& app, const Route& route);

  std::string title() override;
  void draw(const Rectangle& place) override;
  std::vector<BarAction> bar_actions() override;
  void on_bar_action(std::string_view key) override;

 private:
  void draw_lists();
  void draw_values();
  using Values = std::vector<std::pair<Store::ChoiceLabel, Id>>;
  [[nodiscard]] const Values& values_of(const ChoiceList& list);
  void begin();
  void draw_add_dialog();
  [[nodiscard]] bool add_value();

  const ChoiceList* list_ = nullptr;  // null: all of them
  std::map<const ChoiceList*, Values> values_;
  std::int64_t revision_ = -1;          // of values_
  std::unique_ptr<DialogForm> dialog_;  // while a value is being added
  Id added_;                            // comes into view
  int added_frames_ = 0;
};

}  // namespace kehubu
