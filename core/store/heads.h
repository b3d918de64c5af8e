// The packed heads of a record: for each of its cells the versions that no other version of the cell has replaced.
//
// Stored in the column `heads`: number of distinct versions (unsigned), the versions (packing.h), then for each cell,
// sorted by symbol: symbol − symbol before (unsigned), then 2 × index of the version where there is one head, or
// 2 × number of heads + 1 followed by that many indexes. Most cells of a record share a few versions, so an ordinary
// record needs two bytes a cell.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/store/log.h"
#include "core/store/packing.h"

namespace kehubu {

struct Head {
  SymbolNumber field = 0;
  Version version;
  friend auto operator<=>(const Head&, const Head&) = default;
};

// Both work on flat, sorted lists: several heads of a cell follow each other.
[[nodiscard]] bool unpack_heads(std::string_view bytes, std::vector<Head>& heads);  // false: damaged
void pack_heads(std::string& bytes, const std::vector<Head>& heads);

// Calls function(field, span of its heads) for each cell.
template <typename Function>
void for_each_cell(const std::vector<Head>& heads, Function function) {
  for (std::size_t begin = 0; begin < heads.size();) {
    std::size_t end = begin + 1;
    while (end < heads.size() && heads[end].field == heads[begin].field) {
      ++end;
    }
    function(heads[begin].field, std::span(heads).subspan(begin, end - begin));
    begin = end;
  }
}

[[nodiscard]] std::span<const Head> heads_of(const std::vector<Head>& heads, SymbolNumber field);

}  // namespace kehubu
