// The page's program: puts together the browser's parts and the application, and lets the browser's events drive them.

#include <memory>

#include "app/application.h"
#include "core/store/durable_store.h"
#include "core/store/memory_vfs.h"
#include "core/store/page_image.h"
#include "web/canvas/frame_loop.h"
#include "web/platform/browser_platform.h"
#include "web/semantics/dom_mirror.h"
#include "web/storage/browser_backend.h"

namespace {

// Everything that lives as long as the page. Destroyed never: the page is simply gone.
struct Program {
  kehubu::BrowserPlatform platform;
  kehubu::FrameLoop frame_loop{platform};
  kehubu::DomMirror mirror{[this](kehubu::SemanticEvent event) { frame_loop.handle(event); }};
  kehubu::PageImage image;
  std::unique_ptr<kehubu::StorageBackend> backend = kehubu::make_browser_backend();
  kehubu::DurableStore store{*backend, image, platform};
  std::unique_ptr<kehubu::Application> application;
};

}  // namespace

int main() {
  auto* program = new Program;
  program->platform.start();
  // Begins to open the database: the browser reads it while the graphics, which take as long, are made.
  program->application = kehubu::make_application({program->platform, program->mirror, program->image, program->store});
  if (!program->frame_loop.start()) {
    return 1;  // boot.js says so
  }
  program->frame_loop.run(*program->application);
  return 0;
}
