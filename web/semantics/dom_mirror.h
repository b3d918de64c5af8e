// DomMirror: publishes the semantic tree as DOM elements over the canvas, sending only what changed since the last frame.
//
// Cost: comparing two frames is linear in the nodes on screen (some hundreds); the DOM is touched only where they differ.
#pragma once

#include <functional>

#include "app/widgets/mirror_update.h"
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
  MirrorState shown_;
};

}  // namespace kehubu
