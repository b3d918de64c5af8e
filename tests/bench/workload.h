// The same workload as lib/workload.mjs, for our own side of the merge benchmark: see there for what it is and why.
// `node tests/bench/lib/workload.mjs` prints the checksum that both must have.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace kehubu::bench {

inline constexpr std::uint32_t field_count = 10;

struct CellChange {
  std::uint32_t row = 0;
  std::uint32_t field = 0;
  std::string value;
};

class Workload {
 public:
  std::uint32_t seed = 20261121;
  std::uint32_t bundles = 1000;
  std::uint32_t changes = 1000;  // in each bundle; at most rows × field_count
  std::uint32_t rows = 50'000;

  [[nodiscard]] std::string base_value(std::uint32_t row, std::uint32_t field) const {
    return value_from(draw(base_stream, row * field_count + field));
  }

  // The changes of one bundle, in the order in which they were made; a cell occurs once.
  [[nodiscard]] std::vector<CellChange> bundle(std::uint32_t number) const {
    std::unordered_set<std::uint32_t> used;
    std::vector<CellChange> made;
    made.reserve(changes);
    for (std::uint32_t attempt = 0; made.size() < changes; ++attempt) {
      const std::uint32_t cell = draw(cell_stream + number, attempt) % (rows * field_count);
      if (!used.insert(cell).second) continue;
      const auto position = static_cast<std::uint32_t>(made.size());
      made.push_back({cell / field_count, cell % field_count, value_from(draw(value_stream + number, position))});
    }
    return made;
  }

  // FNV-1a over "row,field,value;" of everything.
  [[nodiscard]] std::uint32_t checksum() const {
    std::uint32_t hash = 0x811c9dc5;
    const auto add = [&hash](std::uint32_t row, std::uint32_t field, std::string_view value) {
      const std::string text = std::to_string(row) + "," + std::to_string(field) + "," + std::string(value) + ";";
      for (const char character : text) hash = (hash ^ static_cast<unsigned char>(character)) * 0x01000193U;
    };
    for (std::uint32_t row = 0; row < rows; ++row)
      for (std::uint32_t field = 0; field < field_count; ++field) add(row, field, base_value(row, field));
    for (std::uint32_t number = 0; number < bundles; ++number)
      for (const CellChange& change : bundle(number)) add(change.row, change.field, change.value);
    return hash;
  }

 private:
  // Streams keep the draws for different purposes independent of each other.
  static constexpr std::uint32_t cell_stream = 0x10000000;
  static constexpr std::uint32_t value_stream = 0x20000000;
  static constexpr std::uint32_t base_stream = 0x30000000;

  // MurmurHash3's finaliser.
  static std::uint32_t mix(std::uint32_t bits) {
    bits = (bits ^ (bits >> 16)) * 0x85ebca6bU;
    bits = (bits ^ (bits >> 13)) * 0xc2b2ae35U;
    return bits ^ (bits >> 16);
  }
  [[nodiscard]] std::uint32_t draw(std::uint32_t stream, std::uint32_t index) const { return mix(mix(seed + stream) ^ (index * 0x9e3779b1U)); }

  static std::string value_from(std::uint32_t bits) {
    static constexpr std::array<std::string_view, 16> words{"中关村大街", "解放路",   "人民中路",   "滨海新区", "高新一路", "长江北路", "建设西街", "朝阳门外",
                                                            "科技园南区", "天府三街", "软件大道",   "湖滨路",   "工业园东区", "和平里",   "虹桥路",   "深南大道"};
    return std::string(words[bits & 15U]) + std::to_string(1000 + (bits >> 4) % 9000) + "号";
  }
};

}  // namespace kehubu::bench
