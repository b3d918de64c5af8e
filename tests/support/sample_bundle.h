// Bundles made from a seed, valid to the last byte, without a database: for tests of the format.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "core/sync/bundle.h"

namespace kehubu::test {

struct SampleBundle {
  BundleHeader header;
  std::vector<Change> changes;  // device numbers are indices into header.devices
};

struct SampleSize {
  int devices = 3;
  int changes = 40;
};

// An identifier of one's own choice: the same in every run.
[[nodiscard]] Id made_id(std::uint8_t kind, std::uint8_t number);
// The same with room for 65,536 of a kind.
[[nodiscard]] Id numbered_id(std::uint8_t kind, std::int64_t number);
[[nodiscard]] SampleBundle make_sample(std::uint64_t seed, const SampleSize& size = {});
// Computes count, clock range, people and chains anew; call it after changing anything by hand. Changes are sorted by device; a branch
// (roots and bases set, version 3) that begins where another device of the sample ends follows that one's chain.
void complete_header(SampleBundle& sample);
[[nodiscard]] std::string write_sample(const SampleBundle& sample);
// The text with its digest made right again: for damage that must be found by something else than the digest.
[[nodiscard]] std::string with_right_digest(std::string text);

}  // namespace kehubu::test
