#include "app/shell/startup.h"

#include "app/shell/app.h"
#include "core/store/drafts.h"
#include "core/store/memory_vfs.h"

namespace kehubu {
namespace {

// Several applications may live in one process (tests); each names its image differently.
std::string next_database_name() {
  static int count = 0;
  return "customers" + std::to_string(++count);
}

}  // namespace

Startup::~Startup() {
  if (!database_name_.empty()) {
    app_.close_store();
    detach_image(database_name_);
  }
}

void Startup::begin() {
  // An answer to what that tab said: whatever is found now, it is not one for some later day.
  takes_over_ = !app_.platform.read_local_setting(take_over_setting).empty();
  if (takes_over_) {
    app_.platform.write_local_setting(take_over_setting, "");
  }
  app_.durable.set_listener([this] { app_.platform.request_frame(); });
  app_.durable.open([this](OpenOutcome outcome) {
    on_outcome(outcome);
    app_.platform.request_frame();
  });
}

void Startup::on_outcome(OpenOutcome outcome) {
  switch (outcome) {
    case OpenOutcome::recovered:
    case OpenOutcome::first_run:
    case OpenOutcome::loaded:
      if (open_database()) {
        const bool named = !app_.store->identity().person.empty();
        state_ = named ? StartupState::ready : StartupState::first_run;
        if (named) {
          enter();
        } else {
          app_.resumed_address = route_text({.place = Place::identity});  // asked for before there is any page
        }
      }
      break;
    case OpenOutcome::wiped:
      state_ = StartupState::wiped;
      break;
    case OpenOutcome::damaged:
      state_ = StartupState::damaged;
      break;
    case OpenOutcome::newer_version:
      state_ = StartupState::newer;
      break;
    case OpenOutcome::busy_elsewhere:
      state_ = StartupState::busy;
      if (takes_over_) {
        take_over();
      }
      break;
    case OpenOutcome::unavailable:
      state_ = StartupState::unavailable;
      break;
  }
}

bool Startup::open_database() {
  if (database_name_.empty()) {
    register_memory_vfs();
    database_name_ = next_database_name();
    attach_image(database_name_, app_.image);
  }
  const std::int64_t loaded_commit_number = app_.image.commit_number();
  auto store = open_store({.path = database_name_, .vfs = memory_vfs_name}, app_.platform);
  if (!store) {
    error_ = store.error();
    state_ = StartupState::failed;
    return false;
  }
  app_.store = std::move(*store);
  app_.sync = make_sync(*app_.store, app_.platform);
  app_.drafts = std::make_unique<Drafts>(internals(*app_.store));
  app_.journal.take_back(loaded_commit_number);
  return true;
}

void Startup::take_over() {
  state_ = StartupState::taking_over;
  app_.durable.take_over();
}

void Startup::start_over() {
  app_.durable.acknowledge();
  if (open_database()) {
    state_ = StartupState::first_run;
  }
}

void Startup::finish_first_run() {
  state_ = StartupState::ready;
  app_.durable.request_persistence();
  app_.router.reset({.place = Place::today});
}

// Where the address points, as after a reload.
void Startup::enter() {
  const Route wanted = parse_route(app_.platform.route()).value_or(Route{.place = Place::today});
  app_.resumed_address = route_text(wanted);
  app_.router.reset(wanted);
}

}  // namespace kehubu
