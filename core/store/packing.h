// The packed form of changes and heads inside the database: variable-length integers and values, one after the other.
//
// Integers: LEB128, signed ones in zig-zag. Values: a byte (0 null, 1 integer, 2 text, 3 reference), then a signed
// integer, a length and UTF-8 bytes, or 16 bytes. docs/store.md has the whole layout. Readers never read beyond the
// end: on damaged bytes failed() becomes true and every further read gives zero.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "core/base/value.h"
#include "core/store/change.h"

namespace kehubu {

inline void pack_unsigned(std::string& bytes, std::uint64_t value) {
  while (value >= 0x80) {
    bytes.push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  bytes.push_back(static_cast<char>(value));
}

inline void pack_signed(std::string& bytes, std::int64_t value) {
  pack_unsigned(bytes, (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
}

inline void pack_id(std::string& bytes, const Id& id) {
  bytes.append(reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size());
}

inline void pack_version(std::string& bytes, Version version) {
  pack_unsigned(bytes, static_cast<std::uint64_t>(version.device));
  pack_unsigned(bytes, static_cast<std::uint64_t>(version.sequence));
}

enum class PackedType : std::uint8_t { null, integer, text, reference };

inline void pack_value(std::string& bytes, const Value& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    bytes.push_back(static_cast<char>(PackedType::integer));
    pack_signed(bytes, *integer);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    bytes.push_back(static_cast<char>(PackedType::text));
    pack_unsigned(bytes, text->size());
    bytes += *text;
  } else if (const auto* id = std::get_if<Id>(&value)) {
    bytes.push_back(static_cast<char>(PackedType::reference));
    pack_id(bytes, *id);
  } else {
    bytes.push_back(static_cast<char>(PackedType::null));
  }
}

class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : position_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  [[nodiscard]] bool at_end() const { return position_ == end_; }
  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] const char* position() const { return position_; }

  std::uint64_t read_unsigned() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; position_ != end_ && shift < 64; shift += 7) {
      const auto byte = static_cast<std::uint8_t>(*position_++);
      value |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
      if (byte < 0x80) {
        return value;
      }
    }
    return fail();
  }
  std::int64_t read_signed() {
    const std::uint64_t value = read_unsigned();
    return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
  }
  std::uint8_t read_byte() {
    return position_ != end_ ? static_cast<std::uint8_t>(*position_++) : static_cast<std::uint8_t>(fail());
  }
  std::string_view read_bytes(std::uint64_t size) {
    if (size > static_cast<std::uint64_t>(end_ - position_)) {
      fail();
      return {};
    }
    const std::string_view bytes(position_, static_cast<std::size_t>(size));
    position_ += size;
    return bytes;
  }
  Id read_id() {
    Id id;
    const std::string_view bytes = read_bytes(id.bytes.size());
    if (!bytes.empty()) {
      std::memcpy(id.bytes.data(), bytes.data(), id.bytes.size());
    }
    return id;
  }
  Version read_version() {
    Version version;
    version.device = static_cast<DeviceNumber>(read_unsigned());
    version.sequence = static_cast<std::int64_t>(read_unsigned());
    return version;
  }
  // The packed value as it lies there, type byte included.
  std::string_view read_packed_value() {
    const char* begin = position_;
    switch (static_cast<PackedType>(read_byte())) {
      case PackedType::null:
        break;
      case PackedType::integer:
        read_unsigned();
        break;
      case PackedType::text:
        read_bytes(read_unsigned());
        break;
      case PackedType::reference:
        read_bytes(16);
        break;
      default:
        fail();
    }
    return failed_ ? std::string_view() : std::string_view(begin, static_cast<std::size_t>(position_ - begin));
  }
  void read_value(Value& value) {
    switch (static_cast<PackedType>(read_byte())) {
      case PackedType::integer:
        value = read_signed();
        return;
      case PackedType::text: {
        const std::string_view text = read_bytes(read_unsigned());
        if (auto* already = std::get_if<std::string>(&value)) {
          already->assign(text);  // keeps its allocation
        } else {
          value.emplace<std::string>(text);
        }
        return;
      }
      case PackedType::reference:
        value = read_id();
        return;
      case PackedType::null:
        break;
      default:
        fail();
    }
    value = std::monostate{};
  }

 private:
  std::uint64_t fail() {
    failed_ = true;
    position_ = end_;
    return 0;
  }

  const char* position_;
  const char* end_;
  bool failed_ = false;
};

[[nodiscard]] inline Value unpack_value(std::string_view packed) {
  Value value;
  Unpacker(packed).read_value(value);
  return value;
}

}  // namespace kehubu
