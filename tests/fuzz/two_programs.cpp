// Two programs on one file that nothing keeps apart: what one was told is done is there, what it was refused is not, and the log
// never contradicts its chain, whatever each of them remembers.
#include <sqlite3.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <set>
#include <string>

#include "core/store/log.h"
#include "tests/support/test_device.h"

using namespace kehubu;
using namespace kehubu::test;

namespace {

constexpr std::size_t most_steps = 40;

[[noreturn]] void broken(const std::string& what) {
  std::fprintf(stderr, "two programs: %s\n", what.c_str());
  std::abort();
}

std::unique_ptr<TestDevice> open_program(std::uint64_t seed, const std::string& path) {
  auto program = std::make_unique<TestDevice>(seed, "同一台", path);
  sqlite3_exec(program->store().connection(), "PRAGMA synchronous=OFF", nullptr, nullptr, nullptr);
  return program;
}

// Refused because another program wrote; anything else is a fault.
bool done(const std::string& what, const Status& status) {
  if (!status && status.error().kind != ErrorKind::conflict && status.error().kind != ErrorKind::refused) {
    broken(what + ": " + status.error().message.en);
  }
  return status.has_value();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string path = "build/fuzz-two-programs.db";
  std::remove(path.c_str());
  std::unique_ptr<TestDevice> programs[2];
  programs[0] = open_program(1, path);
  programs[1] = open_program(2, path);
  TestDevice others[] = {TestDevice{5}, TestDevice{6}};
  const Entity& customer = *find_entity("customer");
  std::set<Id> told;
  for (std::size_t step = 0; step < most_steps && step < size; ++step) {
    const std::size_t which = data[step] & 1;
    TestDevice& program = *programs[which];
    program.environment().now += 1000;
    switch ((data[step] >> 1) % 6) {
      case 0: case 1: {
        const Id row = new_id(program.environment());
        const Edit edit{.entity = &customer, .row = row, .fields = {{customer.find("name"), std::string("甲") + std::to_string(step)}}};
        const auto written = program.store().write({&edit, 1}, {.skip_validation = true});
        if (done("write", written ? Status{} : std::unexpected(written.error()))) {
          told.insert(row);
        }
        break;
      }
      case 2: case 3: {
        TestDevice& other = others[(data[step] >> 4) & 1];
        const Id row = other.create("customer", {{"name", std::string("乙")}}, {.skip_validation = true});
        Progress progress;
        const auto merged = run_to_end(program.sync().merge({{"file.json", other.export_all()}}, progress));
        if (done("merge", merged ? Status{} : std::unexpected(merged.error())) && merged->bundles == 1) {
          told.insert(row);
        }
        break;
      }
      case 4: {
        Progress progress;
        const auto bundle = run_to_end(program.sync().export_bundle({}, progress));
        static_cast<void>(done("export", bundle ? Status{} : std::unexpected(bundle.error())));
        break;
      }
      default:
        programs[which].reset();
        programs[which] = open_program(10 + step, path);
    }
  }
  programs[0].reset();
  programs[1].reset();
  const auto last = open_program(99, path);
  for (const Id& row : told) {
    if (!last->store().read(customer, row)) {
      broken("what was told as done is not there");
    }
  }
  const auto difference = last->store().verify();
  if (!difference || !difference->empty()) {
    broken("the log contradicts its chain or the tables: " + (difference ? *difference : difference.error().message.en));
  }
  return 0;
}
