#include "web/semantics/dom_mirror.h"

#include <emscripten/emscripten.h>

#include <cstdlib>
#include <utility>

extern "C" {
void kehubu_mirror_start();
void kehubu_mirror_update(const char* json, std::size_t size);
}

namespace kehubu {
namespace {
DomMirror* the_mirror = nullptr;
}

DomMirror::DomMirror(std::function<void(SemanticEvent)> handler) : handler_(std::move(handler)) {
  the_mirror = this;
  kehubu_mirror_start();
}

DomMirror::~DomMirror() { the_mirror = nullptr; }

void DomMirror::publish(const SemanticTree& tree) {
  const std::string json = mirror_update(tree, shown_);
  if (!json.empty()) {
    kehubu_mirror_update(json.data(), json.size());
  }
}

}  // namespace kehubu

extern "C" EMSCRIPTEN_KEEPALIVE void kehubu_semantic_event(std::uint64_t node, int kind, char* text, int from_keyboard, int unreadable) {
  kehubu::SemanticEvent event;
  event.node = node;
  event.kind = static_cast<kehubu::SemanticEvent::Kind>(kind);
  event.from_keyboard = from_keyboard != 0;
  event.unreadable = unreadable != 0;
  if (text != nullptr) {
    event.text = text;
    std::free(text);
  }
  if (kehubu::the_mirror != nullptr) {
    kehubu::the_mirror->receive(std::move(event));
  }
}
