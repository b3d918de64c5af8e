#include <doctest/doctest.h>

#include <cstring>

#include "core/base/id.h"
#include "core/base/result.h"

using namespace kehubu;

namespace {

struct FixedEnvironment final : Environment {
  std::int64_t now_ms() override { return 0x0123456789ab; }
  std::int64_t monotonic_us() override { return 0; }
  void random_bytes(std::span<std::uint8_t> bytes) override { std::memset(bytes.data(), 0xff, bytes.size()); }
};

}  // namespace

TEST_CASE("a new id is a UUID version 7: time first, version and variant in their places") {
  FixedEnvironment environment;
  const Id id = new_id(environment);
  const std::array<std::uint8_t, 16> expected{0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0x7f, 0xff,
                                              0xbf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
  CHECK(id.bytes == expected);
}

TEST_CASE("an id's text is 22 characters of base64url, and only that reads back") {
  FixedEnvironment environment;
  const Id id = new_id(environment);
  const std::string text = id.text();
  CHECK(text == "ASNFZ4mrf_-__________w");
  REQUIRE(Id::parse(text).has_value());
  CHECK(*Id::parse(text) == id);

  CHECK_FALSE(Id::parse("").has_value());
  CHECK_FALSE(Id::parse(text + "A").has_value());
  CHECK_FALSE(Id::parse("ASNFZ4mrf_-__________x").has_value());  // the four unused bits are not zero
  CHECK_FALSE(Id::parse("ASNFZ4mrf+/__________w").has_value());  // the other base64 alphabet
}

TEST_CASE("an id comes from a blob of 16 bytes only") {
  const std::array<std::uint8_t, 15> short_blob{};
  CHECK_FALSE(Id::from_bytes(short_blob).has_value());
}

TEST_CASE("a sentence takes its arguments in order and cannot fail") {
  CHECK(substitute("缺少序号 {}–{}", {"121", "130"}) == "缺少序号 121–130");
  CHECK(substitute("{} of {}", {"1"}) == "1 of {}");
  CHECK(substitute("none", {"1"}) == "none");
  CHECK(substitute("{", {"1"}) == "{");
  CHECK(substitute("{} change{s} in {} record{s}", {"1", "12"}) == "1 change in 12 records");
}
