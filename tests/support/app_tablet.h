// AppTablet: the whole application on a tablet in memory: fake storage, box letters, a recorded semantic tree. Tests use it
// as a person would: they find things by role and by a part of the name.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "app/application.h"
#include "core/store/durable_store.h"
#include "core/store/page_image.h"
#include "tests/support/ui_fixture.h"
#include "web/native/storage/fake_storage.h"

namespace kehubu::test {

class AppTablet : public UiFixture {
 public:
  AppTablet();
  // What was stored by another one, opened anew.
  explicit AppTablet(const FakeDisk& disk);
  // Another tab of the same browser.
  explicit AppTablet(FakeWorld& world);
  ~AppTablet();

  // Closes the tab (drafts are kept, storage settles) and opens it again.
  void restart();
  // The tab dies without being told, at once, and is opened again at the same address.
  void die_and_restart();
  // The page is told that it is hidden, and is gone in the same moment: reloaded, closed, or the app put away and ended.
  void hide_and_restart();
  // As if the disk had always been this one.
  void restart_with(const FakeDisk& disk);
  // Frames, storage and callbacks until nothing moves any more, messages included.
  void rest();
  // Frames for so long, as while a person reads or types; nothing is settled afterwards.
  void pass(std::int64_t milliseconds);
  // Types an address.
  void go(std::string_view address);
  void send_event(const SemanticEvent& event) { application_->handle(event); }  // no time passes: rest() or pass() comes next
  // On what would be gone after a rest: the button of a message.
  void press_now(Role role, std::string_view part);
  [[nodiscard]] const FakeDisk& disk() const { return world_.disk; }
  [[nodiscard]] FakeWorld& world() { return world_; }
  [[nodiscard]] std::int64_t commit_number() const { return image_->commit_number(); }  // of the last commit, durable or not

  [[nodiscard]] const SemanticNode* find_like(Role role, std::string_view part) const;
  [[nodiscard]] bool shows(std::string_view part) const;  // anywhere: in names, values or descriptions
  void press(Role role, std::string_view part);           // fails the test when it is not there or disabled
  void press_button(std::string_view part) { press(Role::button, part); }
  void type(std::string_view label, std::string_view text);
  void choose(std::string_view label, std::string_view option);
  void enter(std::string_view label, std::string_view text);         // typed, then Enter
  void escape();
  void command(char key);                                            // Ctrl and this letter
  void ask_for_menu(Role role, std::string_view part);               // the menu key upon it
  void hold(const Rectangle& place);                                 // a finger rests there until something happens, and stays down
  void drag(const Rectangle& from, const Rectangle& to, bool touch); // a finger takes hold of it first
  void swipe(Point from, Point to);
  // The files that were handed over since the last call.
  [[nodiscard]] std::vector<MemoryPlatform::SavedFile> take_files();
  // What stands on the screen, for a failing test's message.
  [[nodiscard]] std::string outline() const;

 private:
  void open();
  void one_frame(double elapsed_ms = 16);
  void write(Role first, Role else_role, std::string_view label, std::string_view text, SemanticEvent::Kind last);
  void settle();

  void close();

  std::unique_ptr<FakeWorld> own_world_;
  FakeWorld& world_;
  std::unique_ptr<FakeStorage> storage_;
  std::unique_ptr<PageImage> image_;
  std::unique_ptr<DurableStore> store_;
  std::unique_ptr<Application> application_;
};

}  // namespace kehubu::test
