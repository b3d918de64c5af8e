// The welcome page: start empty, with sample data, or from a bundle; then who you are.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/pages/identity_form.h"
#include "app/shell/app.h"
#include "app/shell/startup.h"

namespace kehubu {

class FirstRunPage {
 public:
  FirstRunPage(App& app, Startup& startup) : app_(app), startup_(startup) {}
  void draw(const Rectangle& place);
  void keep_drafts();
  // Files that were chosen, or dropped upon the page: bundles to begin from.
  void take(std::vector<PickedFile> files);

 private:
  void draw_welcome();
  [[nodiscard]] bool draw_choice(std::string_view key, Icon icon, Word title, Word sentence);
  void draw_identity();
  void draw_received();
  void look_at_received(std::int64_t changes);
  void pick_bundle();
  void merge(std::vector<std::pair<std::string, std::string>> files);
  void make_sample();

  App& app_;
  Startup& startup_;
  void begin_identity();

  std::unique_ptr<DraftHost> drafts_;  // from the first drawing on: then there is a store
  std::unique_ptr<IdentityForm> identity_;
  std::string refusal_;  // what the files that were given last are not good for; stays until others are given
  struct Received {  // by bundles
    std::vector<Peer> senders;
    std::int64_t changes = 0, customers = 0;
  };
  std::optional<Received> received_;  // what is there already; the page may have been loaded again since
};

}  // namespace kehubu
