#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "app/widgets/mirror_update.h"

using namespace kehubu;
using nlohmann::json;

namespace {

SemanticNode node(NodeId id, NodeId parent, Role role, std::string name) {
  SemanticNode made;
  made.id = id;
  made.parent = parent;
  made.role = role;
  made.name = std::move(name);
  made.rectangle = made.clip = {10, 20, 100, 44};
  return made;
}

SemanticTree page() {
  SemanticTree tree;
  tree.nodes.push_back(node(1, 0, Role::main, "客户"));
  tree.nodes.push_back(node(2, 1, Role::button, "新建 \"客户\"\n"));
  tree.nodes.push_back(node(3, 1, Role::text_box, "单位名称"));
  tree.nodes.back().text_field.draft_seed = "博海餐饮";
  return tree;
}

}  // namespace

TEST_CASE("the first frame is told whole, the same frame again not at all") {
  MirrorState state;
  const json update = json::parse(mirror_update(page(), state));
  CHECK(update["nodes"].size() == 3);
  CHECK(update["nodes"][1]["name"] == "新建 \"客户\"\n");
  CHECK(update["nodes"][2]["field"]["seed"] == "博海餐饮");
  CHECK(update["orders"].size() == 2);
  CHECK_FALSE(update.contains("gone"));
  CHECK(mirror_update(page(), state).empty());
}

TEST_CASE("only what changed is told") {
  MirrorState state;
  (void)mirror_update(page(), state);
  SemanticTree changed = page();
  changed.nodes[1].name = "保存";
  const json update = json::parse(mirror_update(changed, state));
  REQUIRE(update["nodes"].size() == 1);
  CHECK(update["nodes"][0]["id"] == "2");
  CHECK(update["nodes"][0]["name"] == "保存");
  CHECK_FALSE(update.contains("orders"));
  CHECK_FALSE(update.contains("moved"));
}

TEST_CASE("of what only moved, as all does in scrolling, only the place is told") {
  MirrorState state;
  (void)mirror_update(page(), state);
  SemanticTree scrolled = page();
  scrolled.nodes[1].rectangle.top = 5.5F;
  scrolled.nodes[2].clip.height = 7;
  scrolled.nodes[2].text_field.text_area = {1, 2, 3, 4};
  const json update = json::parse(mirror_update(scrolled, state));
  CHECK_FALSE(update.contains("nodes"));
  CHECK(update["moved"] == json::parse(R"([["2", 10, 5.5, 100, 44, 10, 20, 100, 44], ["3", 10, 20, 100, 44, 10, 20, 100, 7, 1, 2, 3, 4]])"));
  CHECK(mirror_update(scrolled, state).empty());
}

TEST_CASE("what is gone, and the new order of the others, is told") {
  MirrorState state;
  (void)mirror_update(page(), state);
  SemanticTree changed = page();
  std::swap(changed.nodes[1], changed.nodes[2]);
  changed.nodes.push_back(node(18446744073709551615ULL, 1, Role::link, "更多"));
  json update = json::parse(mirror_update(changed, state));
  REQUIRE(update["orders"].size() == 1);
  CHECK(update["orders"][0] == json::parse(R"(["1",["3","2","18446744073709551615"]])"));

  update = json::parse(mirror_update(SemanticTree{{changed.nodes[0]}}, state));
  CHECK(update["gone"].size() == 3);
  CHECK(state.nodes.size() == 1);
}

TEST_CASE("the uppermost modal node is named, and again when it has closed") {
  MirrorState state;
  SemanticTree tree = page();
  tree.nodes.push_back(node(4, 0, Role::dialog, "删除？"));
  tree.nodes.back().modal = true;
  tree.nodes.push_back(node(5, 0, Role::dialog, "真的？"));
  tree.nodes.back().modal = true;
  CHECK(json::parse(mirror_update(tree, state))["modal"] == "5");
  CHECK(json::parse(mirror_update(page(), state))["modal"].is_null());
}

TEST_CASE("a wish for the focus is told once, when it arises") {
  MirrorState state;
  SemanticTree tree = page();
  tree.nodes[2].request_focus = true;
  CHECK(json::parse(mirror_update(tree, state))["focus"] == json({"3"}));
  CHECK(mirror_update(tree, state).empty());
}
