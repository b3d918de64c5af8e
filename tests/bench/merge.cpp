// P9–P13: merging many bundles of one-field changes (workload.h), once and again, and what a change costs to send.
//
//   bench_merge [--bundles N] [--changes N] [--rows N] [--file DATABASE] [--again-only]
//
// Prints one line of JSON:
//   read_s         reading and checking every bundle to its end, digests included, and nothing else
//   end_to_end_s   Sync::merge(): reading, checking, log with its chain, tables, conflicts, commit
//   merge_s        end_to_end_s − read_s: the merge alone
//   again_s        the same bundles once more
//   …_cpu_s        the same as time on the processor
//   change_bytes, change_gzip_bytes, peak_mib, conflicts, superseded
//
// Making the bundles and the base is not counted. One of the ten fields is of those that a person decides, so open
// conflicts are part of the work; the others keep the values that lost.
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <vector>

#ifdef __EMSCRIPTEN__
#include <emscripten/heap.h>
#endif

#include "core/sync/bundle.h"
#include "core/sync/bundle_chain.h"
#include "core/sync/sync.h"
#include "tests/bench/workload.h"
#include "tests/support/test_device.h"

using namespace kehubu;

namespace {

// Ascending, as a change's fields are; `settlement_time` is decided by people.
constexpr std::string_view fields[bench::field_count] = {"address", "branch_name", "city", "delivery_address", "main_business",
                                                         "mnemonic", "name", "registered_address", "settlement_time", "source_note"};
constexpr std::int64_t start_ms = 1'795'000'000'000;

// Wall time, and time that this process had a processor: on a shared machine the second says more.
struct Moment {
  double wall = std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  double processor = static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
};
struct Span {
  double wall = 0, processor = 0;
};
Span since(const Moment& start) {
  const Moment now;
  return {now.wall - start.wall, now.processor - start.processor};
}

template <typename T>
T need(Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "bench_merge: %s\n", result.error().message.en.c_str());
    std::exit(1);
  }
  return std::move(*result);
}

Id numbered_id(std::uint64_t kind, std::uint64_t number) {
  test::SeededEnvironment environment{kind * 1'000'003 + number, start_ms + static_cast<std::int64_t>(number)};
  return new_id(environment);
}

std::string write(BundleHeader& header, const std::vector<Change>& changes) {
  header.clock_first = changes.front().clock;
  header.clock_last = changes.back().clock;
  header.count = static_cast<std::int64_t>(changes.size());
  BundleChain chain{header};
  for (const Change& change : changes) {
    static_cast<void>(chain.add(change));
  }
  header.chain_have[static_cast<std::size_t>(changes.back().version.device)] = chain.value();
  std::string text;
  BundleWriter writer{header, text};
  for (const Change& change : changes) {
    writer.append(change);
  }
  static_cast<void>(writer.finish());
  return text;
}

struct Base {
  Id device = numbered_id(1, 0);
  std::vector<Id> rows;
  Digest chain{};
};

Base make_base(const bench::Workload& workload, std::string& text) {
  Base base;
  BundleHeader header;
  header.catalog = catalog_version;
  header.device = base.device;
  header.device_name = "总部";
  header.devices = {base.device};
  header.since = {0};
  header.have = {workload.rows};
  header.chain_since = {Log::first_chain(base.device)};
  header.chain_have = header.chain_since;
  std::vector<Change> changes;
  for (std::uint32_t row = 0; row < workload.rows; ++row) {
    base.rows.push_back(numbered_id(2, row));
    Change& change = changes.emplace_back();
    change.version = {0, row + 1};
    change.clock = start_ms + row;
    change.action = row + 1;
    change.kind = ChangeKind::import;
    change.entity = "customer";
    change.row = base.rows.back();
    for (std::uint32_t field = 0; field < bench::field_count; ++field) {
      change.fields.push_back({std::string{fields[field]}, workload.base_value(row, field), {}});
    }
  }
  text = write(header, changes);
  base.chain = header.chain_have[0];
  return base;
}

std::string make_bundle(const bench::Workload& workload, const Base& base, std::uint32_t number) {
  const Id device = numbered_id(3, number);  // younger than the base's: it comes second
  BundleHeader header;
  header.catalog = catalog_version;
  header.created = start_ms + 90'000'000 + number;
  header.device = device;
  header.device_name = "平板 " + std::to_string(number);
  const bool second = base.device < device;
  const std::size_t own = second ? 1 : 0;
  const auto other = static_cast<DeviceNumber>(1 - own);
  header.devices.resize(2);
  header.devices[own] = device;
  header.devices[1 - own] = base.device;
  header.since.assign(2, workload.rows);
  header.since[own] = 0;
  header.have = header.since;
  header.have[own] = workload.changes;
  header.chain_since.assign(2, base.chain);
  header.chain_since[own] = Log::first_chain(device);
  header.chain_have = header.chain_since;
  header.people = {numbered_id(4, number)};
  std::vector<Change> changes;
  for (const bench::CellChange& cell : workload.bundle(number)) {
    Change& change = changes.emplace_back();
    change.version = {static_cast<DeviceNumber>(own), static_cast<std::int64_t>(changes.size())};
    change.clock = start_ms + 1'000'000 + 47'000 * static_cast<std::int64_t>(changes.size()) + number;
    change.action = change.version.sequence;
    change.person = header.people.front();
    change.entity = "customer";
    change.row = base.rows[cell.row];
    change.fields.push_back({std::string{fields[cell.field]}, cell.value, {{other, cell.row + 1}}});
  }
  return write(header, changes);
}

Span read_everything(const std::vector<std::string>& bundles) {
  const Moment started;
  Change change;
  for (const std::string& text : bundles) {
    BundleReader reader{text};
    if (!reader.read_header()) {
      std::exit(1);
    }
    while (need(reader.next(change))) {
    }
    static_cast<void>(need(reader.finish()));
  }
  return since(started);
}

double gzip_bytes(const std::string& text) {
#ifdef __EMSCRIPTEN__
  static_cast<void>(text);
  return -1;
#else
  const std::string path = "/tmp/bench_merge.json";
  if (std::FILE* file = std::fopen(path.c_str(), "wb")) {
    std::fwrite(text.data(), 1, text.size(), file);
    std::fclose(file);
  }
  std::FILE* pipe = popen(("gzip -9 -c " + path + " | wc -c").c_str(), "r");
  long size = -1;
  if (pipe == nullptr || std::fscanf(pipe, "%ld", &size) != 1) {
    size = -1;
  }
  if (pipe != nullptr) {
    pclose(pipe);
  }
  return static_cast<double>(size);
#endif
}

double peak_mib() {
#ifdef __EMSCRIPTEN__
  return static_cast<double>(emscripten_get_heap_size()) / (1 << 20);
#else
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
#endif
}

Span merge(Sync& sync, const std::vector<std::string>& bundles, MergeReport& report) {
  std::vector<std::pair<std::string, std::string>> files;
  for (std::size_t index = 0; index < bundles.size(); ++index) {
    files.emplace_back(std::to_string(index), bundles[index]);
  }
  Progress progress;
  const Moment started;
  report = need(run_to_end(sync.merge(std::move(files), progress)));
  return since(started);
}

}  // namespace

int main(int count, char** words) {
  bench::Workload workload;
  std::string path = ":memory:";
  for (int index = 1; index + 1 < count; index += 2) {
    const std::string_view word = words[index];
    const auto number = static_cast<std::uint32_t>(std::strtoul(words[index + 1], nullptr, 10));
    if (word == "--bundles") {
      workload.bundles = number;
    } else if (word == "--changes") {
      workload.changes = number;
    } else if (word == "--rows") {
      workload.rows = number;
    } else if (word == "--file") {
      path = words[index + 1];
    }
  }
  test::SeededEnvironment environment{99, start_ms + 100'000'000};
  auto store = need(open_store({.path = path, .vfs = {}, .create = true}, environment));
  auto sync = make_sync(*store, environment);
  MergeReport report;
  std::vector<std::string> bundles(1);
  const Base base = make_base(workload, bundles[0]);
  merge(*sync, bundles, report);
  if (report.bundles != 1) {
    std::fprintf(stderr, "bench_merge: the base was not imported: %s\n", report.remarks.empty() ? "" : report.remarks[0].en.c_str());
    return 1;
  }
  bundles.clear();
  for (std::uint32_t number = 0; number < workload.bundles; ++number) {
    bundles.push_back(make_bundle(workload, base, number));
  }
  const Span read = read_everything(bundles);
  const Span whole = merge(*sync, bundles, report);
  if (report.changes_applied != std::int64_t{workload.bundles} * workload.changes) {
    std::fprintf(stderr, "bench_merge: only %lld changes were applied\n", static_cast<long long>(report.changes_applied));
    return 1;
  }
  const MergeReport first = report;
  const Span again = merge(*sync, bundles, report);
  if (report.already_known != std::int64_t{workload.bundles}) {
    std::fprintf(stderr, "bench_merge: only %lld bundles were known the second time\n", static_cast<long long>(report.already_known));
    return 1;
  }
  const double gzipped = gzip_bytes(bundles[0]);
  std::printf("{\"read_s\":%.4f,\"end_to_end_s\":%.4f,\"merge_s\":%.4f,\"again_s\":%.4f", read.wall, whole.wall, whole.wall - read.wall, again.wall);
  std::printf(",\"read_cpu_s\":%.4f,\"end_to_end_cpu_s\":%.4f,\"merge_cpu_s\":%.4f,\"again_cpu_s\":%.4f", read.processor, whole.processor,
              whole.processor - read.processor, again.processor);
  std::printf(",\"peak_mib\":%.1f,\"change_bytes\":%.2f", peak_mib(), static_cast<double>(bundles[0].size()) / workload.changes);
  if (gzipped >= 0) {
    std::printf(",\"change_gzip_bytes\":%.2f", gzipped / workload.changes);
  }
  std::printf(",\"conflicts\":%lld,\"superseded\":%lld}\n", static_cast<long long>(first.conflicts_opened),
              static_cast<long long>(first.superseded));
  return 0;
}
