#include "app/application.h"

#include "app/pages/first_run_page.h"
#include "app/pages/startup_pages.h"
#include "app/shell/shell.h"

namespace kehubu {
namespace {

class KehubuApplication final : public Application {
 public:
  explicit KehubuApplication(const ApplicationHost& host) : shell_(host) {}

  bool opening() const override { return shell_.opening(); }
  void frame() override { shell_.frame(); }
  bool wants_frame() const override { return shell_.wants_frame(); }
  bool has_work() const override { return shell_.has_work(); }
  void work() override { shell_.work(); }
  bool unsettled() const override { return shell_.unsettled(); }
  void handle(const SemanticEvent& event) override { shell_.handle(event); }
  void on_hidden() override { shell_.on_hidden(); }

 private:
  Shell shell_;
};

}  // namespace

std::unique_ptr<Application> make_application(const ApplicationHost& host) { return std::make_unique<KehubuApplication>(host); }

}  // namespace kehubu
