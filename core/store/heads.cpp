#include "core/store/heads.h"

#include <algorithm>

#include "core/base/sort.h"

namespace kehubu {

bool unpack_heads(std::string_view bytes, std::vector<Head>& heads) {
  heads.clear();
  Unpacker unpacker(bytes);
  const std::uint64_t version_count = unpacker.read_unsigned();
  if (version_count > bytes.size()) {
    return false;
  }
  static thread_local std::vector<Version> versions;
  versions.clear();
  for (std::uint64_t index = 0; index < version_count; ++index) {
    versions.push_back(unpacker.read_version());
  }
  SymbolNumber field = 0;
  const auto add = [&](std::uint64_t index) {
    if (index < versions.size()) {
      heads.push_back({field, versions[static_cast<std::size_t>(index)]});
    }
    return index < versions.size();
  };
  while (!unpacker.at_end() && !unpacker.failed()) {
    field += static_cast<SymbolNumber>(unpacker.read_unsigned());
    const std::uint64_t code = unpacker.read_unsigned();
    if ((code & 1) == 0) {
      if (!add(code >> 1)) {
        return false;
      }
      continue;
    }
    for (std::uint64_t remaining = code >> 1; remaining > 0 && !unpacker.failed(); --remaining) {
      if (!add(unpacker.read_unsigned())) {
        return false;
      }
    }
  }
  return !unpacker.failed();
}

void pack_heads(std::string& bytes, const std::vector<Head>& heads) {
  static thread_local std::vector<Version> versions;
  versions.clear();
  for (const Head& head : heads) {
    versions.push_back(head.version);
  }
  kehubu::sort(versions);
  versions.erase(std::ranges::unique(versions).begin(), versions.end());
  bytes.clear();
  pack_unsigned(bytes, versions.size());
  for (const Version& version : versions) {
    pack_version(bytes, version);
  }
  const auto index_of = [](Version version) {
    return static_cast<std::uint64_t>(std::ranges::lower_bound(versions, version) - versions.begin());
  };
  SymbolNumber before = 0;
  for_each_cell(heads, [&](SymbolNumber field, std::span<const Head> cell) {
    pack_unsigned(bytes, static_cast<std::uint64_t>(field - before));
    before = field;
    if (cell.size() == 1) {
      pack_unsigned(bytes, index_of(cell.front().version) << 1);
      return;
    }
    pack_unsigned(bytes, (static_cast<std::uint64_t>(cell.size()) << 1) | 1);
    for (const Head& head : cell) {
      pack_unsigned(bytes, index_of(head.version));
    }
  });
}

std::span<const Head> heads_of(const std::vector<Head>& heads, SymbolNumber field) {
  const auto range = std::ranges::equal_range(heads, field, {}, &Head::field);
  return {range.begin(), range.end()};
}

}  // namespace kehubu
