// Bundles that are right in form and absurd in content: values of the wrong type, versions that replace each other in
// circles, lines of documents that are no documents, records that refer to themselves, histories of one device that part. Whatever
// the order of import, all devices show the same, the tables are what the log says, and nothing crashes. Of branches that begin
// where nothing ends, and versions that no branch has, a file may be refused: with a sentence, and the next one is merged.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "core/sync/bundle.h"
#include "core/sync/bundle_chain.h"
#include "tests/support/sample_bundle.h"
#include "tests/support/test_device.h"

namespace {

using namespace kehubu;
using namespace kehubu::test;

constexpr std::size_t devices = 3;
constexpr std::string_view entities_used[] = {"customer", "contact", "contract", "contract_line", "employee", "unknown_thing"};
constexpr std::string_view texts[] = {"", "a", "HT-1", "active", "2026-11-21", "x,y", "\x01", "博海"};

// The input, and after its end numbers that follow from it: the shortest input makes whole bundles.
class Bytes {
 public:
  Bytes(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {
    for (std::size_t place = 0; place < size; ++place) {
      state_ = (state_ ^ data[place]) * 0x100000001b3ULL;
    }
  }
  std::size_t below(std::size_t limit) { return next() % limit; }

 private:
  std::size_t next() {
    if (place_ < size_) {
      return data_[place_++];
    }
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return static_cast<std::size_t>(state_ >> 32) & 0xFFFFU;
  }
  const std::uint8_t* data_;
  std::size_t size_;
  std::size_t place_ = 0;
  std::uint64_t state_ = 0xcbf29ce484222325ULL;
};

Id make_id(std::uint8_t kind, std::size_t number) {
  Id id;
  id.bytes.fill(kind);
  id.bytes.back() = static_cast<std::uint8_t>(number);
  return id;
}

Value make_value(Bytes& bytes) {
  switch (bytes.below(4)) {
    case 0: return {};
    case 1: return static_cast<std::int64_t>(bytes.below(4)) * (largest_integer / 3);
    case 2: return make_id(2, bytes.below(4));
    default: return std::string{texts[bytes.below(std::size(texts))]};
  }
}

std::string make_field(Bytes& bytes, const std::string& entity) {
  const Entity* known = find_entity(entity);
  switch (bytes.below(5)) {
    case 0: return std::string{deleted_field};
    case 1: return std::string{document_field};
    case 2: return known != nullptr && !known->part_of.empty() ? std::string{known->part_of} : "x_unknown";
    default:
      return known != nullptr ? std::string{known->fields[bytes.below(std::min<std::size_t>(known->fields.size(), 8))].id} : "name";
  }
}

std::vector<Version> make_replaced(Bytes& bytes, Version own, const BundleHeader& header) {
  std::vector<Version> replaced;
  for (std::size_t count = bytes.below(3); count > 0; --count) {
    const auto device = static_cast<DeviceNumber>(bytes.below(devices));
    const std::int64_t base = header.base(static_cast<std::size_t>(device));
    const std::int64_t latest = device == own.device ? own.sequence - 1 : header.have[static_cast<std::size_t>(device)];
    if (latest > base) {
      replaced.push_back({device, base + 1 + static_cast<std::int64_t>(bytes.below(static_cast<std::size_t>(latest - base)))});
    }
  }
  std::ranges::sort(replaced);
  replaced.erase(std::ranges::unique(replaced).begin(), replaced.end());
  return replaced;
}

Change make_change(Bytes& bytes, Version version, const BundleHeader& header, std::int64_t action) {
  Change change;
  change.version = version;
  // Branches that begin with the same change are one.
  change.clock = 1'795'000'000'000 + version.sequence * 1000 + (header.version == bundle_version ? version.device : 0);
  change.action = action;
  change.kind = static_cast<ChangeKind>(bytes.below(10));
  change.entity = entities_used[bytes.below(std::size(entities_used))];
  change.row = make_id(2, bytes.below(4));
  for (std::size_t count = 1 + bytes.below(3); count > 0; --count) {
    std::string field = make_field(bytes, change.entity);
    if (std::ranges::find(change.fields, field, &FieldChange::field) == change.fields.end()) {
      change.fields.push_back({std::move(field), make_value(bytes), make_replaced(bytes, version, header)});
    }
  }
  std::ranges::sort(change.fields, {}, &FieldChange::field);
  return change;
}

// The second and the third device as branches of the first, or of each other. False: of something that is not there.
bool make_branches(Bytes& bytes, BundleHeader& header) {
  header.version = bundle_version;
  header.roots = header.devices;
  header.bases.assign(devices, 0);
  bool is_whole = true;
  for (std::size_t device = 1; device < devices; ++device) {
    const std::size_t before = bytes.below(device);
    const bool is_wild = bytes.below(8) == 0;
    header.roots[device] = is_wild ? make_id(1, bytes.below(5)) : header.devices.front();
    header.bases[device] = is_wild ? static_cast<std::int64_t>(bytes.below(10)) : header.have[before];
    header.since[device] = header.bases[device] + (is_wild ? static_cast<std::int64_t>(bytes.below(3)) : 0);
    header.have[device] += header.since[device] - (is_wild ? static_cast<std::int64_t>(bytes.below(2)) : 0);
    is_whole = is_whole && !is_wild;
  }
  return is_whole;
}

struct Made {
  std::string bundle;
  bool is_whole = true;  // nothing of it may be refused
  bool has_branches = false;
};

// One bundle that holds what all devices did.
Made make_bundle(Bytes& bytes) {
  BundleHeader all;
  for (std::size_t device = 0; device < devices; ++device) {
    all.devices.push_back(make_id(1, device));
    all.since.push_back(0);
    all.have.push_back(1 + static_cast<std::int64_t>(bytes.below(8)));
  }
  Made made;
  made.has_branches = bytes.below(3) == 0;
  made.is_whole = !made.has_branches || make_branches(bytes, all);
  std::vector<Change> changes;
  for (std::size_t device = 0; device < devices; ++device) {
    std::int64_t action = all.since[device] + 1;
    for (std::int64_t sequence = action; sequence <= all.have[device]; ++sequence) {
      action = bytes.below(3) == 0 && sequence > all.since[device] + 1 ? action : sequence;
      changes.push_back(make_change(bytes, {static_cast<DeviceNumber>(device), sequence}, all, action));
    }
  }
  all.catalog = 1;
  all.device = all.devices.front();
  SampleBundle whole{all, changes};
  complete_header(whole);
  made.bundle = write_sample(whole);
  return made;
}

void require(bool condition, const char* what) {
  if (!condition) {
    std::fprintf(stderr, "fuzz_merge: %s\n", what);
    std::abort();
  }
}

// The same bundle, but its changes split between two sessions at a place where every replaced version is known.
std::vector<std::string> split(const std::string& bundle) {
  BundleReader reader{bundle};
  static_cast<void>(reader.read_header());
  SampleBundle whole{reader.header(), {}};
  Change change;
  while (*reader.next(change)) {
    whole.changes.push_back(change);
  }
  // Causal order: a device's change needs those that it replaced. A prefix of each device that is closed under it.
  std::vector<std::int64_t> prefix(devices, 0);
  for (std::size_t device = 0; device < devices; ++device) {
    prefix[device] = whole.header.have[device] / 2;
  }
  for (bool changed = true; changed;) {
    changed = false;
    for (const Change& one : whole.changes) {
      auto& own = prefix[static_cast<std::size_t>(one.version.device)];
      if (one.version.sequence > own) {
        continue;
      }
      for (const FieldChange& field : one.fields) {
        for (const Version& version : field.replaced) {
          if (version.sequence > prefix[static_cast<std::size_t>(version.device)]) {
            own = std::min(own, one.version.sequence - 1);
            changed = true;
          }
        }
      }
    }
  }
  if (std::ranges::any_of(prefix, [](std::int64_t last) { return last == 0; })) {
    return {};
  }
  SampleBundle first{whole.header, {}};
  first.header.have = prefix;
  std::ranges::copy_if(whole.changes, std::back_inserter(first.changes), [&](const Change& one) {
    return one.version.sequence <= prefix[static_cast<std::size_t>(one.version.device)];
  });
  complete_header(first);
  return {write_sample(first), bundle};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Bytes bytes{data, size};
  const Made made = make_bundle(bytes);
  TestDevice at_once{1};
  const BundleState foreseen = at_once.preview(made.bundle).state;
  const MergeReport report = at_once.import(made.bundle);
  require(!made.is_whole || report.bundles == 1, "a bundle of right form was refused");
  require((report.refused > 0) == (foreseen == BundleState::refused), "the preview says otherwise");
  require(*at_once.store().verify() == "", "the tables are not what the log says");
  static_cast<void>(at_once.conflicts());
  TestDevice honest{3}, newcomer{4};
  honest.create("customer", {{"name", "博海餐饮"}}, {.skip_validation = true});
  require(at_once.import(honest.export_all()).bundles == 1, "another file is merged no more");
  newcomer.import(at_once.export_all());
  require(newcomer.content_hash() == at_once.content_hash(), "what is here cannot be passed on");
  require(newcomer.table_hash() == at_once.table_hash(), "passed on it shows otherwise");
  const std::vector<std::string> parts = made.has_branches ? std::vector<std::string>() : split(made.bundle);
  if (!parts.empty()) {
    TestDevice bit_by_bit{2};
    for (const std::string& part : parts) {
      bit_by_bit.import(part);
    }
    bit_by_bit.import(honest.export_all());
    require(bit_by_bit.content_hash() == at_once.content_hash(), "different content");
    require(bit_by_bit.table_hash() == at_once.table_hash(), "different tables");
    require(bit_by_bit.conflicts().size() == at_once.conflicts().size(), "different conflicts");
  }
  return 0;
}
