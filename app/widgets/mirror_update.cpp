#include "app/widgets/mirror_update.h"

#include <cstdio>
#include <unordered_set>
#include <utility>

#include "app/shell/theme.h"

namespace kehubu {
namespace {

void append_string(std::string& json, std::string_view text) {
  json += '"';
  for (const char character : text) {
    const auto byte = static_cast<unsigned char>(character);
    if (character == '"' || character == '\\') {
      json += '\\';
      json += character;
    } else if (byte < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", byte);
      json += escape;
    } else {
      json += character;
    }
  }
  json += '"';
}

void append_number(std::string& json, float number) {
  char text[24];
  std::snprintf(text, sizeof text, "%.2f", static_cast<double>(number));
  json += text;
}

void append_key(std::string& json, std::string_view key) {
  if (json.back() != '{') {
    json += ',';
  }
  json += '"';
  json += key;
  json += "\":";
}

void add_flag(std::string& json, std::string_view key, bool flag) {
  if (flag) {
    append_key(json, key);
    json += "true";
  }
}

void add_integer(std::string& json, std::string_view key, long long number, long long absent) {
  if (number != absent) {
    append_key(json, key);
    json += std::to_string(number);
  }
}

void add_text(std::string& json, std::string_view key, std::string_view text) {
  if (!text.empty()) {
    append_key(json, key);
    append_string(json, text);
  }
}

void add_rectangle(std::string& json, std::string_view key, const Rectangle& rectangle) {
  append_key(json, key);
  json += '[';
  append_number(json, rectangle.left);
  json += ',';
  append_number(json, rectangle.top);
  json += ',';
  append_number(json, rectangle.width);
  json += ',';
  append_number(json, rectangle.height);
  json += ']';
}

void append_id(std::string& json, NodeId id) {
  json += '"';
  json += std::to_string(id);
  json += '"';
}

void append_field(std::string& json, const TextFieldTraits& field) {
  append_key(json, "field");
  json += '{';
  append_key(json, "mode");
  json += std::to_string(static_cast<int>(field.input_mode));
  add_flag(json, "multiline", field.multiline);
  add_flag(json, "end", field.align_end);
  add_text(json, "placeholder", field.placeholder);
  append_key(json, "size");
  append_number(json, field.font_size);
  append_key(json, "line");
  append_number(json, Theme::text_style(TextStyle::input).line_height);
  add_rectangle(json, "area", field.text_area);
  append_key(json, "seed");
  append_string(json, field.draft_seed);
  json += '}';
}

void append_node(std::string& json, const SemanticNode& node, bool has_children) {
  json += '{';
  append_key(json, "id");
  append_id(json, node.id);
  append_key(json, "role");
  json += std::to_string(static_cast<int>(node.role));
  add_text(json, "name", node.name);
  add_text(json, "value", node.value);
  add_text(json, "description", node.description);
  add_rectangle(json, "rectangle", node.rectangle);
  add_rectangle(json, "clip", node.clip);
  add_flag(json, "interactive", node.interactive);
  add_flag(json, "disabled", node.disabled);
  add_flag(json, "selected", node.selected);
  add_flag(json, "required", node.required);
  add_flag(json, "invalid", node.invalid);
  add_flag(json, "modal", node.modal);
  add_flag(json, "popup", node.has_popup);
  add_flag(json, "current", node.current);
  add_flag(json, "stop", node.tab_stop);
  add_flag(json, "parented", has_children);
  add_integer(json, "checked", static_cast<int>(node.checked), 0);
  add_integer(json, "expanded", node.expanded, -1);
  add_integer(json, "level", node.level, 0);
  add_integer(json, "layer", node.layer, 0);
  add_integer(json, "position", node.position, 0);
  add_integer(json, "count", node.set_size, 0);
  add_integer(json, "column", node.column, 0);
  add_integer(json, "sort", node.sort, 0);
  add_integer(json, "progress", node.progress, -1);
  if (node.role == Role::text_box || node.role == Role::search_box) {
    append_field(json, node.text_field);
  }
  json += '}';
}

// [id, left, top, width, height, then the clip, then for fields where the letters stand].
void append_place(std::string& json, const SemanticNode& node) {
  json += '[';
  append_id(json, node.id);
  const bool is_field = node.role == Role::text_box || node.role == Role::search_box;
  for (const Rectangle* part : {&node.rectangle, &node.clip, &node.text_field.text_area}) {
    if (part == &node.text_field.text_area && !is_field) {
      break;
    }
    for (const float number : {part->left, part->top, part->width, part->height}) {
      json += ',';
      append_number(json, number);
    }
  }
  json += ']';
}

// Takes over the places; true when nothing else is different. Scrolling changes nothing but places.
bool only_moved(SemanticNode& shown, const SemanticNode& node) {
  shown.rectangle = node.rectangle;
  shown.clip = node.clip;
  shown.text_field.text_area = node.text_field.text_area;
  return shown == node;
}

// Appends `"key":[items]` when there are any.
void add_list(std::string& json, std::string_view key, const std::string& items) {
  if (!items.empty()) {
    append_key(json, key);
    json += '[';
    json += items;
    json += ']';
  }
}

void begin_item(std::string& items) {
  if (!items.empty()) {
    items += ',';
  }
}

}  // namespace

std::string mirror_update(const SemanticTree& tree, MirrorState& state) {
  auto& [shown, children, modal] = state;
  std::unordered_map<NodeId, std::vector<NodeId>> new_children;
  std::unordered_set<NodeId> present;
  NodeId new_modal = 0;
  int modal_layer = -1;
  for (const SemanticNode& node : tree.nodes) {
    new_children[node.parent].push_back(node.id);
    present.insert(node.id);
    if (node.modal && node.layer >= modal_layer) {
      new_modal = node.id;
      modal_layer = node.layer;
    }
  }

  std::string nodes;
  std::string moved;
  std::string focus;
  for (const SemanticNode& node : tree.nodes) {
    const auto before = shown.find(node.id);
    const bool has_children = new_children.contains(node.id);
    const bool same = before != shown.end() && before->second == node && children.contains(node.id) == has_children;
    if (node.request_focus && (before == shown.end() || !before->second.request_focus)) {
      begin_item(focus);
      append_id(focus, node.id);
    }
    if (same) {
      continue;
    }
    if (before != shown.end() && children.contains(node.id) == has_children && only_moved(before->second, node)) {
      begin_item(moved);
      append_place(moved, node);
      continue;
    }
    begin_item(nodes);
    append_node(nodes, node, has_children);
    shown[node.id] = node;
  }

  std::string orders;
  for (const auto& [parent, ids] : new_children) {
    const auto before = children.find(parent);
    if (before != children.end() && before->second == ids) {
      continue;
    }
    begin_item(orders);
    orders += '[';
    append_id(orders, parent);
    orders += ",[";
    for (std::size_t index = 0; index < ids.size(); ++index) {
      orders += index == 0 ? "" : ",";
      append_id(orders, ids[index]);
    }
    orders += "]]";
  }

  std::string gone;
  for (auto entry = shown.begin(); entry != shown.end();) {
    if (present.contains(entry->first)) {
      ++entry;
      continue;
    }
    begin_item(gone);
    append_id(gone, entry->first);
    entry = shown.erase(entry);
  }
  children = std::move(new_children);

  const bool modal_changed = new_modal != modal || (new_modal != 0 && !orders.empty());
  modal = new_modal;
  if (nodes.empty() && moved.empty() && orders.empty() && gone.empty() && !modal_changed && focus.empty()) {
    return {};
  }
  std::string json = "{";
  add_list(json, "nodes", nodes);
  add_list(json, "moved", moved);
  add_list(json, "orders", orders);
  add_list(json, "gone", gone);
  add_list(json, "focus", focus);
  if (modal_changed) {
    append_key(json, "modal");
    json += new_modal == 0 ? "null" : "\"" + std::to_string(new_modal) + "\"";
  }
  json += '}';
  return json;
}

}  // namespace kehubu
