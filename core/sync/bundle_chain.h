// BundleChain: recomputes the chain of every device in a bundle and compares it with what the header says.
//
// The log does the same for what it appends. This one needs no database: for looking at a file before anything is
// done with it, and for the part of a bundle that is known already and is therefore not appended.
#pragma once

#include <string>

#include "core/sync/bundle.h"

namespace kehubu {

class BundleChain {
 public:
  // The header must outlive it.
  explicit BundleChain(const BundleHeader& header) : header_(header) {}

  // Every change of the bundle in its order. False when a device's last change gives another chain than the header says.
  [[nodiscard]] bool add(const Change& change);
  // After the change that was added last.
  [[nodiscard]] const Digest& value() const { return value_; }

 private:
  const BundleHeader& header_;
  DeviceNumber device_ = -1;
  Digest value_{};
  std::string canonical_;
};

[[nodiscard]] std::unexpected<Error> chain_refusal(std::string_view device_name);

}  // namespace kehubu
