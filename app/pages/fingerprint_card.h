// The content fingerprint: 64 hex digits in groups of four. The same on two devices means: the same content.
#pragma once

#include <string>

#include "app/shell/app.h"

namespace kehubu {

class FingerprintCard {
 public:
  explicit FingerprintCard(App& app) : app_(app) {}
  void draw();

 private:
  void refresh();

  App& app_;
  std::int64_t revision_ = -1;
  std::string hash_;
  std::string theirs_;
};

// "ab12 cd34 …" of 64 hex digits.
[[nodiscard]] std::string in_groups_of_four(std::string_view digits);

}  // namespace kehubu
