// WaitingFiles: bundles that build on changes which are not here yet, kept until those arrive.
//
//   sync_waiting(digest PK, name, json, gaps, bytes)            json empty: too large to keep, only remembered
//   sync_waiting_range(digest, device, root, since, have, open) what it holds of a device; open: it waits for numbers up to since
//   sync_waiting_held(device, since, have)                      what all of them hold together, ranges that lie apart
//   sync_waiting_total(one, files, bytes)                       how many there are
//
// Found by what they wait for: a device that reaches a number closes the gaps up to there, and a file without an open gap
// is ready. So a session costs what it brings, and not what waits. A file of an older program has no ranges and is
// therefore ready; the next session looks at it.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/store/sql.h"
#include "core/sync/bundle.h"

namespace kehubu {

struct Gap {  // changes that must arrive first
  Id device;
  std::int64_t first = 0, last = 0;
};

class WaitingFiles {
 public:
  explicit WaitingFiles(sqlite3* connection) : database_(connection) {}
  Status create();

  struct File {
    std::string digest, name, json;
  };
  [[nodiscard]] Result<bool> contains(std::string_view digest);
  [[nodiscard]] Result<std::int64_t> count();
  [[nodiscard]] Result<std::int64_t> bytes();
  // Without its text where `json` is empty. What was kept of the same file before gives way.
  Status keep(std::string_view digest, std::string_view name, std::string_view json, const BundleHeader& header, const std::vector<Gap>& gaps);
  Status forget(std::string_view digest);

  // After a file is not kept any more though what it holds is not here, and after devices got other names.
  Status make_sums_anew();

  // Changes of the device, or of one of its branches, are here up to `last`.
  Status close_gaps(const Id& root, std::int64_t last);
  // Those that wait for nothing any more.
  [[nodiscard]] Result<std::vector<File>> ready();
  // Of a file that is only remembered: device → last number in it.
  [[nodiscard]] Result<Knowledge> contents(std::string_view digest);

  // The parts of a gap that no waiting file holds, at most `limit` of them.
  [[nodiscard]] Result<std::vector<Gap>> missing_of(const Gap& gap, std::size_t limit);
  // The open gaps of all that wait; `first` is not known here and is 1.
  [[nodiscard]] Result<std::vector<Gap>> open_gaps();

  // Rows that were read since the last time: what a session costs by what waits.
  [[nodiscard]] std::int64_t take_rows_read() { return std::exchange(rows_read_, 0); }

 private:
  [[nodiscard]] bool read(Statement& select);
  [[nodiscard]] Result<std::int64_t> first_number(Statement& select);
  Status hold(const Id& device, std::int64_t since, std::int64_t have);

  Database database_;
  std::int64_t rows_read_ = 0;
};

}  // namespace kehubu
