// What the Log keeps in memory, for its own files (log.cpp, log_chain.cpp, log_branches.cpp).
#pragma once

#include <array>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/store/log.h"
#include "core/store/sql.h"

namespace kehubu {

inline std::int64_t log_key(DeviceNumber device, std::int64_t sequence) {
  return (static_cast<std::int64_t>(device) << 40) | sequence;
}

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

struct Log::Parts {
  explicit Parts(sqlite3* connection) : database(connection) {}

  Database database;
  std::vector<DeviceState> devices;  // number − 1
  std::vector<bool> device_is_dirty;
  bool has_branches = false;
  std::unordered_map<Id, DeviceNumber, IdHash> device_numbers;
  std::vector<std::string> symbols;  // number − 1
  std::unordered_map<std::string, SymbolNumber, TextHash, std::equal_to<>> symbol_numbers;
  std::array<SymbolNumber, 64> recent_symbols{};  // by length, first and last letter
  std::vector<Id> persons;  // number − 1
  std::unordered_map<Id, std::int32_t, IdHash> person_numbers;
  std::size_t stored_devices = 0, stored_symbols = 0, stored_persons = 0;

  // The segment that was read last.
  std::string segment;
  DeviceNumber segment_device = 0;
  std::int64_t segment_first = 0;
  std::int64_t segments_read = 0;

  // Scratch of append().
  std::string entries, entry, canonical;

  Status load_devices();
  Status load_symbols();
  Status load_persons();
  Status load_segment(Version version);
  Status store_segment(DeviceNumber device, std::int64_t first_sequence);
  std::size_t pack_entry(const Change& change, std::int64_t clock_before, Log& log);
};

}  // namespace kehubu
