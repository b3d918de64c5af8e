// The gallery's page: as web/main.cpp, without a store.
#include <memory>

#include "tests/support/gallery.h"
#include "web/canvas/frame_loop.h"
#include "web/platform/browser_platform.h"
#include "web/semantics/dom_mirror.h"

namespace {

struct Program {
  kehubu::BrowserPlatform platform;
  kehubu::FrameLoop loop{platform};
  kehubu::DomMirror mirror{[this](kehubu::SemanticEvent event) { loop.handle(event); }};
  std::unique_ptr<kehubu::Application> application;
};

}  // namespace

int main() {
  auto* program = new Program;
  if (!program->loop.start()) {
    return 1;
  }
  program->platform.start();
  program->application = std::make_unique<kehubu::Gallery>(program->platform, program->mirror);
  program->loop.run(*program->application);
  return 0;
}
