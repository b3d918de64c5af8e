#include "core/store/past.h"

#include "core/store/authorship.h"
#include "core/store/transaction.h"

namespace kehubu {
namespace {

// The same world at another time.
class Then final : public Environment {
 public:
  Then(Environment& now, std::int64_t moment_ms) : now_(now), moment_ms_(moment_ms) {}
  std::int64_t now_ms() override { return moment_ms_; }
  std::int64_t monotonic_us() override { return now_.monotonic_us(); }
  void random_bytes(std::span<std::uint8_t> bytes) override { now_.random_bytes(bytes); }

 private:
  Environment& now_;
  std::int64_t moment_ms_;
};

}  // namespace

Status write_past(Store& store, std::span<const Deed> deeds) {
  auto& implementation = static_cast<StoreImplementation&>(store);
  Transaction transaction{implementation};
  KEHUBU_TRY(transaction.begin());
  for (const Deed& deed : deeds) {
    Then then(implementation.environment_, deed.clock);
    const DeviceNumber device = implementation.log_->device_number(deed.device);
    if (device != implementation.own_device()) {
      implementation.log_->describe_device(device, deed.device_name, deed.person);
    }
    const StoreImplementation::Authorship authorship{deed, device, then};
    implementation.authorship_ = &authorship;
    const auto written = store.write(deed.edits, {.kind = deed.kind, .stamps = {deed.edits.size(), {.clock = deed.clock, .person = deed.person}}});
    implementation.authorship_ = nullptr;
    if (!written) {
      return std::unexpected(written.error());
    }
  }
  return transaction.commit();
}

}  // namespace kehubu
