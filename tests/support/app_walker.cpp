#include "tests/support/app_walker.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <unordered_map>

namespace kehubu::test {
namespace {

constexpr std::size_t rows_pressed = 2;     // of one list: the others are the same control
constexpr std::size_t deepest_path = 4;     // presses within one page, one after the other
constexpr std::size_t id_length = 22;       // of a record in an address
constexpr std::string_view typed_text = "测试 12";

constexpr std::string_view role_words[] = {
    "button", "link",   "tab",  "tab list", "text box", "search box", "combo box", "list box", "option", "check box", "switch",
    "radio",  "radio group", "grid", "row", "column header", "cell", "list", "list item", "heading", "text", "status", "alert", "dialog",
    "menu",   "menu item", "progress bar", "navigation", "main", "region", "form", "group", "image"};

std::string_view word_of(Role role) { return role_words[static_cast<std::size_t>(role)]; }

bool is_field(Role role) { return role == Role::text_box || role == Role::search_box; }

// Numbers and times differ from record to record; the control is the same.
std::string without_digits(std::string_view text) {
  std::string plain;
  for (const char character : text) {
    const bool digit = character >= '0' && character <= '9';
    if (!digit || plain.empty() || plain.back() != '#') {
      plain += digit ? '#' : character;
    }
  }
  return plain;
}

}  // namespace

std::string page_kind(std::string_view address) {
  std::string kind;
  while (true) {
    const std::size_t slash = address.find('/');
    const std::string_view part = address.substr(0, slash);
    kind += (kind.empty() ? "" : "/") + std::string(part.size() == id_length ? "*" : part);
    if (kind == "conflict" && slash != std::string_view::npos) {
      return kind + "/*";
    }
    if (slash == std::string_view::npos) {
      return kind;
    }
    address.remove_prefix(slash + 1);
  }
}

AppWalker::AppWalker(const FakeDisk& disk, std::function<void(MemoryPlatform&)> set_up) : disk_(disk), set_up_(std::move(set_up)), tablet_(disk) {}

void AppWalker::walk(const std::vector<std::string>& addresses) {
  const char* only = std::getenv("KEHUBU_WALK_FROM");
  for (const std::string& address : addresses) {
    if (only == nullptr || address == only) {
      to_visit_.push_back(address);
    }
  }
  if (only != nullptr && to_visit_.empty()) {
    to_visit_.emplace_back(only);
  }
  while (!to_visit_.empty()) {
    const std::string address = to_visit_.front();
    to_visit_.pop_front();
    if (pages_.insert(page_kind(address)).second) {
      visit(address);
    }
    if (only != nullptr) {
      return;
    }
  }
}

void AppWalker::visit(const std::string& address) {
  std::deque<Path> paths{{}};
  while (!paths.empty()) {
    const Path path = std::move(paths.front());
    paths.pop_front();
    follow(address, path, paths);
  }
}

// Presses what is new at the end of the path.
void AppWalker::follow(const std::string& address, const Path& path, std::deque<Path>& further) {
  if (!stand(address, path)) {
    return;
  }
  note_page();
  const std::string here = tablet_.platform.route_now;
  for (const Control& control : controls()) {
    if (!seen_.insert(identity(control)).second) {
      continue;
    }
    if (!stand(address, path)) {
      return;
    }
    press(here, path, control, further);
  }
}

// The page as it is at the beginning, and what was pressed since.
bool AppWalker::stand(const std::string& address, const Path& path) {
  tablet_.platform.clear_local_settings();
  set_up_(tablet_.platform);
  tablet_.platform.route_now = address;
  tablet_.restart_with(disk_);
  if (prepare) {
    prepare(tablet_);
  }
  for (const Control& step : path) {
    const std::vector<Control> all = controls();
    const Control* found = find(all, step);
    if (found == nullptr) {
      report(address + ": \"" + step.name + "\" is not there a second time");
      return false;
    }
    perform(*found);
  }
  return true;
}

void AppWalker::press(const std::string& address, const Path& path, const Control& control, std::deque<Path>& further) {
  std::string told = page_kind(address);
  for (const Control& step : path) {
    told += " > " + step.name;
  }
  told += " | " + std::string(word_of(control.role)) + " | " + control.name;
  if (std::getenv("KEHUBU_WALK_TRACE") != nullptr) {
    std::fprintf(stderr, "%s\n", told.c_str());
  }
  const std::vector<Control> all = controls();
  const Control* found = find(all, control);
  if (found == nullptr) {
    report(told + ": is not there a second time");
    return;
  }
  ++presses_;
  // What the same press did before on this path is no answer to this one.
  tablet_.platform.opened_link.clear();
  tablet_.platform.clipboard.clear();
  tablet_.platform.reloaded = tablet_.platform.update_applied = false;
  const std::vector<SemanticNode> before = tablet_.mirror.tree.nodes;
  const std::string outside_before = outside();
  bool changed = false;
  tablet_.mirror.on_publish = [&](const SemanticTree& tree) { changed = changed || tree.nodes != before; };
  perform(*found);
  tablet_.mirror.on_publish = nullptr;
  changed = changed || outside() != outside_before;
  // Saving again what cannot be saved: the reason stands there already.
  const bool says_why = std::ranges::any_of(before, [](const SemanticNode& node) { return node.invalid; }) && (control.name == "保存" || control.name == "Save");
  if (!changed && !control.stands_already && !says_why && !(may_do_nothing && may_do_nothing(told))) {
    report(told + ": nothing changed and nothing was said");
  }
  check_page(told);
  if (tablet_.platform.route_now != address) {
    if (!stays) {
      to_visit_.push_back(tablet_.platform.route_now);
    }
    return;
  }
  if (path.size() + 1 < deepest_path && !control.field) {
    const std::vector<Control> then = controls();
    if (std::ranges::any_of(then, [&](const Control& next) { return !seen_.contains(identity(next)); })) {
      further.push_back(path);
      further.back().push_back(control);
    }
  }
}

void AppWalker::perform(const Control& control) {
  tablet_.platform.files_to_pick = files ? files(page_kind(tablet_.platform.route_now)) : std::vector<PickedFile>();
  if (!control.field) {
    tablet_.send_event({.node = control.node, .kind = SemanticEvent::Kind::activate, .text = {}});
    tablet_.rest();
    return;
  }
  tablet_.send_event({.node = control.node, .kind = SemanticEvent::Kind::focus, .text = {}});
  tablet_.rest();
  tablet_.send_event({.node = control.node, .kind = SemanticEvent::Kind::draft, .text = std::string(typed_text)});
  tablet_.rest();
  tablet_.send_event({.node = control.node, .kind = SemanticEvent::Kind::submit, .text = std::string(typed_text)});
  tablet_.rest();
  tablet_.send_event({.node = control.node, .kind = SemanticEvent::Kind::blur, .text = std::string(typed_text)});
  tablet_.rest();
}

// What a person could press now, in reading order: of what lies below a dialog, nothing.
std::vector<AppWalker::Control> AppWalker::controls() {
  const std::vector<SemanticNode>& nodes = tablet_.mirror.tree.nodes;
  std::unordered_map<NodeId, const SemanticNode*> by_id;
  int layer = 0;
  for (const SemanticNode& node : nodes) {
    by_id.emplace(node.id, &node);
    if (node.modal) {
      layer = std::max<int>(layer, node.layer);
    }
  }
  const auto above = [&](const SemanticNode& node, auto&& wanted) -> const SemanticNode* {
    for (auto found = by_id.find(node.parent); found != by_id.end(); found = by_id.find(found->second->parent)) {
      if (wanted(*found->second)) {
        return found->second;
      }
    }
    return nullptr;
  };
  std::map<NodeId, std::size_t> rows;  // by list
  std::vector<Control> all;
  for (const SemanticNode& node : nodes) {
    if (!node.interactive || node.disabled || node.layer < layer || (presses_role && !presses_role(node.role))) {
      continue;
    }
    const SemanticNode* list = above(node, [](const SemanticNode& parent) {
      return parent.role == Role::list || parent.role == Role::grid || parent.role == Role::list_box;
    });
    const bool is_row = node.role == Role::row || node.role == Role::list_item || node.role == Role::option || node.role == Role::button;
    const bool in_list = list != nullptr && is_row;
    if (in_list && ++rows[list->id] > rows_pressed) {
      continue;
    }
    const SemanticNode* over = above(node, [](const SemanticNode& parent) { return parent.role == Role::dialog || parent.role == Role::menu; });
    // The navigation, the tools of the top bar and what opens from them are the same on every page.
    const bool everywhere = above(node, [](const SemanticNode& parent) { return parent.role == Role::navigation; }) != nullptr ||
                            (over != nullptr && tools_.contains(over->name)) || (over == nullptr && tools_.contains(node.name));
    Control control{.role = node.role, .name = node.name, .context = everywhere ? "everywhere" : over ? "over " + over->name : "",
                    .node = node.id, .field = is_field(node.role),
                    .stands_already = node.selected || node.current || node.checked == Checked::on};
    if (in_list) {
      control.place = list->name + " " + std::to_string(rows[list->id]);
    }
    if (node.name.empty()) {
      report(page_kind(tablet_.platform.route_now) + ": a " + std::string(word_of(node.role)) + " has no name");
    }
    all.push_back(std::move(control));
  }
  return all;
}

const AppWalker::Control* AppWalker::find(const std::vector<Control>& all, const Control& wanted) const {
  const auto alike = [&](bool to_the_digit) {
    return std::ranges::find_if(all, [&](const Control& control) {
      const bool same_name = control.name == wanted.name || (!to_the_digit && without_digits(control.name) == without_digits(wanted.name));
      return control.role == wanted.role && same_name && control.context == wanted.context;
    });
  };
  // A long walk goes on past midnight: what was "4 days ago" is now five.
  auto found = alike(true);
  found = found == all.end() ? alike(false) : found;
  return found == all.end() ? nullptr : &*found;
}

std::string AppWalker::identity(const Control& control) const {
  const std::string page = control.context == "everywhere" ? std::string() : page_kind(tablet_.platform.route_now);
  return page + "|" + control.context + "|" + std::string(word_of(control.role)) + "|" +
         (control.place.empty() ? without_digits(control.name) : control.place);
}

// Everything that a press may do besides changing the screen.
std::string AppWalker::outside() const {
  const MemoryPlatform& platform = tablet_.platform;
  return std::to_string(platform.saved_files.size()) + "|" + platform.clipboard + "|" + platform.opened_link + "|" + platform.route_now + "|" +
         std::to_string(platform.reloaded) + std::to_string(platform.update_applied) + "|" + std::to_string(platform.file_pickers_opened) + "|" +
         const_cast<MemoryPlatform&>(platform).read_local_setting("language") + const_cast<MemoryPlatform&>(platform).read_local_setting("theme");
}

void AppWalker::check_page(const std::string& told) {
  const std::vector<SemanticNode>& nodes = tablet_.mirror.tree.nodes;
  const bool has_place = std::ranges::any_of(nodes, [](const SemanticNode& node) { return node.role == Role::main || node.role == Role::dialog; });
  const auto said = std::ranges::count_if(nodes, [](const SemanticNode& node) { return !node.name.empty() || !node.value.empty(); });
  constexpr std::ptrdiff_t least_said = 5;
  if (!has_place || said < least_said) {
    report(told + ": the page is empty");
  }
}

void AppWalker::report(std::string finding) {
  if (std::getenv("KEHUBU_WALK_TRACE") != nullptr) {
    std::fprintf(stderr, "FOUND %s\n", finding.c_str());
  }
  findings_.push_back(std::move(finding));
}

void AppWalker::note_page() { pages_.insert(page_kind(tablet_.platform.route_now)); }

}  // namespace kehubu::test
