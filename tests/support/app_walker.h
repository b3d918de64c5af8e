// AppWalker: visits every page of the product and presses every control once, as a person without fear would.
//
// It begins at the addresses that it is given, goes on to every kind of page that a press leads to, and into every dialog,
// menu and tab that opens. Before each press the tablet stands exactly as at the beginning: the same disk, opened at the
// page's address, then the presses that lead to the control. So the order is fixed and every finding can be done again:
//
//   KEHUBU_WALK_FROM=list/customer   begins (and ends) with that page
//   KEHUBU_WALK_TRACE=1              says each press on standard error before it is made: the last one is what crashed
//
// After each press the program must still answer, the page must say something, and something must have changed: on the
// screen, if only for a moment, or outside of it (a file handed over, a picker opened).
#pragma once

#include <deque>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/app_tablet.h"

namespace kehubu::test {

class AppWalker {
 public:
  // `set_up` gives a fresh platform its language and size; the walk begins from what the disk holds.
  AppWalker(const FakeDisk& disk, std::function<void(MemoryPlatform&)> set_up);

  // Files that the next picker on a page of this kind finds.
  std::function<std::vector<PickedFile>(std::string_view page)> files;
  // What is done to the tablet after it was opened and before anything is pressed: another tab takes over, for instance.
  std::function<void(AppTablet&)> prepare;
  // Whether a control is pressed at all; nothing: every one. For walks that are there for what differs from a longer one.
  std::function<bool(Role)> presses_role;
  // Stays on the pages that it is given, and does not go on to those where a press leads.
  bool stays = false;
  // Presses that may do nothing that is seen, each with its reason, as "page | role | name".
  std::function<bool(const std::string& press)> may_do_nothing;

  void walk(const std::vector<std::string>& addresses);

  [[nodiscard]] const std::vector<std::string>& findings() const { return findings_; }
  [[nodiscard]] int presses() const { return presses_; }
  [[nodiscard]] const std::set<std::string>& pages() const { return pages_; }

 private:
  struct Control {
    Role role = Role::button;
    std::string name;
    std::string context;  // the dialog or menu that it belongs to
    std::string place;    // of a row: its list and its number there; other rows at that place are the same control
    NodeId node = 0;
    bool field = false;
    bool stands_already = false;  // the chosen tab, the present page: pressing it again changes nothing
  };
  using Path = std::vector<Control>;

  void visit(const std::string& address);
  void follow(const std::string& address, const Path& path, std::deque<Path>& further);
  bool stand(const std::string& address, const Path& path);
  void press(const std::string& address, const Path& path, const Control& control, std::deque<Path>& further);
  void perform(const Control& control);
  [[nodiscard]] std::vector<Control> controls();
  [[nodiscard]] const Control* find(const std::vector<Control>& all, const Control& wanted) const;
  [[nodiscard]] std::string identity(const Control& control) const;
  [[nodiscard]] std::string outside() const;
  void check_page(const std::string& told);
  void note_page();
  void report(std::string finding);

  FakeDisk disk_;
  std::function<void(MemoryPlatform&)> set_up_;
  AppTablet tablet_;
  const std::set<std::string, std::less<>> tools_{"搜索客户、页面和操作", "Search customers, pages and actions", "撤销", "Undo", "重做", "Redo"};
  std::set<std::string> seen_;
  std::set<std::string> pages_;
  std::deque<std::string> to_visit_;
  std::vector<std::string> findings_;
  int presses_ = 0;
};

// An address without what is one record's only: "record/customer/*".
[[nodiscard]] std::string page_kind(std::string_view address);

}  // namespace kehubu::test
