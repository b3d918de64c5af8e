// TestDevice: a tablet in a test, its database in memory, its clock and dice in the test's hands.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/store/store.h"
#include "core/sync/sync.h"

namespace kehubu::test {

class SeededEnvironment final : public Environment {
 public:
  explicit SeededEnvironment(std::uint64_t seed, std::int64_t start_ms = 1'795'670'000'000) : now(start_ms), generator_(seed) {}
  std::int64_t now_ms() override { return now + skew; }
  std::int64_t monotonic_us() override { return ++monotonic_; }
  void random_bytes(std::span<std::uint8_t> bytes) override {
    for (std::uint8_t& byte : bytes) {
      byte = static_cast<std::uint8_t>(generator_());
    }
  }
  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(generator_() % limit); }

  std::int64_t now;       // true time of the test
  std::int64_t skew = 0;  // how wrong this device's clock is

 private:
  std::mt19937_64 generator_;
  std::int64_t monotonic_ = 0;
};

class TestDevice {
 public:
  // Devices are enrolled in the order of `seed`: the smaller one stands in a conflict.
  // With a path it opens that database, whose identity it takes over: a clone or a restored backup.
  explicit TestDevice(std::uint64_t seed, std::string name = {}, const std::string& path = ":memory:");

  [[nodiscard]] Store& store() { return *store_; }
  [[nodiscard]] Sync& sync() { return *sync_; }
  [[nodiscard]] SeededEnvironment& environment() { return environment_; }
  [[nodiscard]] const Id& id() { return store_->identity().device; }
  void use_as(const Id& person);

  using FieldValues = std::vector<std::pair<std::string_view, Value>>;
  // All of these require success.
  Id create(std::string_view entity, const FieldValues& fields, const WriteOptions& options = {});
  void edit(std::string_view entity, const Id& row, const FieldValues& fields, const WriteOptions& options = {.skip_validation = true});
  void remove(std::string_view entity, const Id& row);
  void restore(std::string_view entity, const Id& row);
  [[nodiscard]] Value value(std::string_view entity, const Id& row, std::string_view field);
  [[nodiscard]] std::string text(std::string_view entity, const Id& row, std::string_view field) {
    return text_or_empty(value(entity, row, field));
  }

  [[nodiscard]] std::string export_all();
  [[nodiscard]] std::string export_for(TestDevice& peer);
  MergeReport import(std::vector<std::string> bundles);
  MergeReport import(std::string bundle) { return import(std::vector<std::string>{std::move(bundle)}); }
  [[nodiscard]] Preview preview(std::string_view bundle);
  [[nodiscard]] std::vector<Conflict> conflicts();
  [[nodiscard]] std::string content_hash();
  [[nodiscard]] std::string table_hash();

 private:
  SeededEnvironment environment_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Sync> sync_;
};

// Everybody gives everything to everybody until all know the same.
void exchange(std::initializer_list<TestDevice*> devices);

}  // namespace kehubu::test
