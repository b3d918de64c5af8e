// Several texts and numbers as one text, each with its length in front: "5:hello". For what is kept on this device only; whoever
// reads must expect that it was written by another version, or cut short: good() says so.
#pragma once

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace kehubu {

class Packer {
 public:
  Packer& put(std::string_view text) {
    packed_ += std::to_string(text.size()) + ":";
    packed_ += text;
    return *this;
  }
  template <typename Number>
    requires(std::is_integral_v<Number> || std::is_enum_v<Number>)
  Packer& put(Number number) { return put(std::to_string(static_cast<std::int64_t>(number))); }
  [[nodiscard]] std::string take() { return std::move(packed_); }

 private:
  std::string packed_;
};

// Reads what a Packer wrote, in the same order. After the first thing that cannot be read, good() is false and everything else empty.
class Unpacker {
 public:
  explicit Unpacker(std::string_view packed) : rest_(packed) {}
  [[nodiscard]] bool good() const { return good_; }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  std::string_view text() {
    const std::size_t colon = rest_.find(':');
    const auto length = static_cast<std::size_t>(read(rest_.substr(0, colon)));
    if (!good_ || colon == std::string_view::npos || length > rest_.size() - colon - 1) {
      good_ = false;
      return {};
    }
    const std::string_view found = rest_.substr(colon + 1, length);
    rest_.remove_prefix(colon + 1 + length);
    return found;
  }
  template <typename Number = std::int64_t>
  Number number() { return static_cast<Number>(read(text())); }

 private:
  std::int64_t read(std::string_view digits) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    good_ = good_ && error == std::errc() && end == digits.data() + digits.size();
    return good_ ? value : 0;
  }
  std::string_view rest_;
  bool good_ = true;
};

}  // namespace kehubu
