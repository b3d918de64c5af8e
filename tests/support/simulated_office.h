// SimulatedOffice: several devices, the couriers between them, and a random history from a seed.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/support/test_device.h"

namespace kehubu::test {

struct OfficeStatistics {
  std::int64_t devices = 0, actions = 0, refused = 0, sent = 0, lost = 0, imports = 0, waited = 0, settled = 0, open_at_end = 0;
};

class SimulatedOffice {
 public:
  SimulatedOffice(std::uint64_t seed, OfficeStatistics& statistics, bool verbose);
  // What went wrong, or "".
  [[nodiscard]] std::string run();

 private:
  struct Courier {
    std::size_t receiver;
    std::shared_ptr<const std::string> bundle;
  };

  void open_office();
  void step();
  void edit_something(TestDevice& device);
  void create_something(TestDevice& device);
  void remove_or_restore(TestDevice& device);
  void work_on_document(TestDevice& device);
  void settle_conflict(TestDevice& device);
  void undo_or_redo(TestDevice& device);
  void set_clock(TestDevice& device);
  void send(std::size_t sender);
  void receive(std::size_t receiver);
  void try_write(TestDevice& device, std::vector<Edit> edits, bool validated);
  void import(std::size_t receiver, std::vector<std::string> bundles);
  void exchange_until_quiet();
  void settle_everything();
  [[nodiscard]] std::string compare(std::string_view when);
  [[nodiscard]] std::string conflicts_text(TestDevice& device);

  [[nodiscard]] std::size_t below(std::size_t limit) { return dice_.below(limit); }
  [[nodiscard]] const Entity& random_entity();
  [[nodiscard]] Id random_row(TestDevice& device, const Entity& entity, bool deleted = false);
  [[nodiscard]] Value random_value(TestDevice& device, const Field& field);
  [[nodiscard]] const Field& random_field(const Entity& entity);
  void say(std::string_view what);

  SeededEnvironment dice_;
  OfficeStatistics& statistics_;
  bool verbose_;
  std::uint64_t seed_;
  std::vector<std::unique_ptr<TestDevice>> devices_;
  std::vector<Courier> under_way_;
  std::string problem_;
};

}  // namespace kehubu::test
