// Shell: everything around the page: navigation, top bar, command palette, progress of long work, the guard before unsaved
// work, keyboard shortcuts. Draws one frame of the whole product.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/shell/app.h"
#include "app/shell/screen.h"
#include "app/shell/startup.h"

namespace kehubu {

class FirstRunPage;
class StartupPages;

class Shell {
 public:
  explicit Shell(const ApplicationHost& host);
  ~Shell();

  void frame();
  [[nodiscard]] bool opening() const;
  [[nodiscard]] bool wants_frame() const;
  void handle(const SemanticEvent& event) { app_.ui.handle(event); }
  [[nodiscard]] bool has_work() const;
  void work();
  [[nodiscard]] bool unsettled() const;
  void on_hidden();

 private:
  struct Section {
    Word label;
    Icon icon;
    Route route;
  };
  [[nodiscard]] std::vector<Section> sections() const;

  void draw();
  void tell_platform();
  void draw_product();
  void draw_navigation(const Rectangle& place, NavigationShape shape);
  void draw_top_bar(const Rectangle& place, Screen& screen);
  void draw_bar_start(Screen& screen);
  void draw_bar_end(Screen& screen, bool compact);
  [[nodiscard]] std::int64_t conflicts_to_show(const Screen& screen);
  void draw_tools(const Screen& screen, bool compact);
  void draw_overflow(const std::vector<BarAction>& folded, Screen& screen, bool with_tools);
  [[nodiscard]] float bar_end_width(Screen& screen, bool compact);
  void draw_durable_state(Screen& screen);
  [[nodiscard]] bool draw_banner(Rectangle& place, std::string_view key, const BannerOptions& options);
  void draw_banners(Rectangle& place, const Screen& screen);
  void draw_storage_banner(Rectangle& place);
  void draw_person_banner(Rectangle& place, const Screen& screen);
  void draw_clock_banner(Rectangle& place);
  void draw_job();
  void draw_palette();
  void run_palette_choice(const std::string& key);
  [[nodiscard]] std::vector<Option> palette_options(std::string_view query);
  void take_shortcuts();

  App app_;
  Startup startup_;
  std::unique_ptr<FirstRunPage> first_run_;
  std::unique_ptr<StartupPages> startup_pages_;
  bool palette_open_ = false;
  std::string palette_query_;
  std::vector<Option> palette_shown_;
  bool overflow_open_ = false;
  bool brief_actions_ = false;  // only the page's first action has its label
  bool brief_state_ = false;  // "saved" is a sign only, for the title needs the room
  std::int64_t progress_drawn_us_ = 0;
  std::string title_told_;
  bool unsaved_told_ = false;
};

}  // namespace kehubu
