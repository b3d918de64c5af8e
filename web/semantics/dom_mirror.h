// DomMirror: publishes the semantic tree as DOM elements over the canvas, sending only what changed since the last frame.
//
// Cost: comparing two frames is linear in the nodes on screen (some hundreds); the DOM is touched only where they differ.
#pragma once

#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "app/widgets/semantics.h"

namespace kehubu {

class DomMirror final : public SemanticMirror {
 public:
  // `handler` hears what a person does through the elements. One mirror per page.
  explicit DomMirror(std::function<void(SemanticEvent)> handler);
  ~DomMirror() override;
  DomMirror(const DomMirror&) = delete;
  DomMirror& operator=(const DomMirror&) = delete;

  void publish(const SemanticTree& tree) override;
  void receive(SemanticEvent event) { handler_(std::move(event)); }

 private:
  std::function<void(SemanticEvent)> handler_;
  std::unordered_map<NodeId, SemanticNode> shown_;
  std::unordered_map<NodeId, std::vector<NodeId>> children_;
  NodeId modal_ = 0;
};

// The difference between what is shown and a new tree, as the JSON that mirror.library.js reads; empty when there is none.
// Brings `shown`, `children` and `modal` up to date.
[[nodiscard]] std::string mirror_update(const SemanticTree& tree, std::unordered_map<NodeId, SemanticNode>& shown,
                                        std::unordered_map<NodeId, std::vector<NodeId>>& children, NodeId& modal);

}  // namespace kehubu
