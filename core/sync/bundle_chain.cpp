#include "core/sync/bundle_chain.h"

#include "core/store/canonical.h"

namespace kehubu {
bool BundleChain::add(const Change& change) {
  const auto index = static_cast<std::size_t>(change.version.device);
  if (change.version.device != device_) {
    device_ = change.version.device;
    value_ = header_.chain_since[index];
  }
  canonical_.clear();
  append_canonical(canonical_, change,
                   [this](DeviceNumber device) -> const Id& { return header_.root(static_cast<std::size_t>(device)); });
  value_ = Log::next_chain(value_, canonical_);
  return change.version.sequence != header_.have[index] || value_ == header_.chain_have[index];
}

std::unexpected<Error> chain_refusal(std::string_view device_name) {
  return fail(ErrorKind::corrupt,
              "设备“{}”的修改与它的校验链不符，文件不可信。没有导入任何内容。请让对方重新导出，再发一次。",
              "The changes of the device \"{}\" do not match its chain; the file cannot be trusted. Nothing was imported. "
              "Ask the sender to export and send it again.",
              {device_name});
}

}  // namespace kehubu
