// The list of any entity: search as one types, filter chips, sorting, count, export, import, new.
#pragma once

#include <memory>

#include "app/pages/records/list_filters.h"
#include "app/pages/records/phone_call.h"
#include "app/pages/records/record_list.h"
#include "app/pages/records/record_menu.h"
#include "app/shell/screen.h"

namespace kehubu {

class ListScreen final : public Screen {
 public:
  // `menu`: of the page that this list is a part of.
  ListScreen(App& app, const Route& route, RecordMenu* menu = nullptr);

  std::string title() override;
  void draw(const Rectangle& place) override;
  std::vector<BarAction> bar_actions() override;
  void on_bar_action(std::string_view key) override;

 private:
  void draw_toolbar();
  [[nodiscard]] bool draw_search();
  [[nodiscard]] std::string count_sentence();
  [[nodiscard]] std::int64_t found_without_filters();
  [[nodiscard]] std::int64_t deleted_count();
  void draw_empty();
  void export_rows();

  const Entity& entity_;
  RecordList list_;
  ListFilters filters_;
  struct Hidden {
    std::string search;
    std::int64_t revision = -1;
    bool deleted = false;
    std::int64_t count = 0;
  };
  Hidden hidden_;  // what only the filters hide, as it was counted last
  struct InBin {
    std::int64_t revision = -1, count = 0;
  };
  InBin in_bin_;
  std::unique_ptr<RecordMenu> own_menu_;
  RecordMenu& menu_;
  PhoneCall call_;
};

}  // namespace kehubu
