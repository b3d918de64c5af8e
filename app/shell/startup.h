// Startup: from an unopened storage to a store that pages may use, and every way in which that can go otherwise.
//
//   opening ─┬─ ready                      a store with a person: the ordinary shell
//            ├─ first_run                  an empty store: the welcome page
//            ├─ busy                       another tab writes: take over
//            ├─ wiped, damaged, unavailable the image is empty: say so, offer to import or to go on
//            └─ newer, failed              nothing can be done here but reload
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/store/durable_store.h"

namespace kehubu {

class App;

enum class StartupState : std::uint8_t { opening, ready, first_run, busy, taking_over, wiped, damaged, newer, unavailable, failed };

// A setting of this device: the page that is loaded next takes over from the tab that is the writer.
inline constexpr std::string_view take_over_setting = "take_over";

class Startup {
 public:
  explicit Startup(App& app) : app_(app) {}
  ~Startup();
  Startup(const Startup&) = delete;
  Startup& operator=(const Startup&) = delete;

  void begin();
  [[nodiscard]] StartupState state() const { return state_; }
  [[nodiscard]] const Error& error() const { return error_; }

  void take_over();
  // From wiped, damaged or unavailable: goes on with an empty store, to the welcome page.
  void start_over();
  // The welcome page is done: a person has been named.
  void finish_first_run();

 private:
  void on_outcome(OpenOutcome outcome);
  [[nodiscard]] bool open_database();
  void enter();

  App& app_;
  StartupState state_ = StartupState::opening;
  bool takes_over_ = false;  // asked for in the tab that had been overtaken, before it loaded its page again
  Error error_;
  std::string database_name_;  // empty: the image is not attached yet
};

}  // namespace kehubu
