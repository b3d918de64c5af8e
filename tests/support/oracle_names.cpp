#include "tests/support/oracle_names.h"

#include <algorithm>

namespace kehubu::test {
namespace {

constexpr std::size_t kept = 8;  // bytes of the root's id in a branch's

std::int64_t last_of(const Knowledge& known, const Id& device) {
  const auto found = known.find(device);
  return found != known.end() ? found->second : 0;
}

}  // namespace

Id OracleWriters::fork(const Id& parent, std::int64_t base) {
  Id id = root_of(parent);
  std::fill(id.bytes.begin() + kept, id.bytes.end(), std::uint8_t{0xFF});
  id.bytes.back() = static_cast<std::uint8_t>(forks_.size());
  forks_[id] = {parent, base};
  return id;
}

std::vector<Id> OracleWriters::forks_after(const OracleVersion& point) const {
  std::vector<Id> found;
  for (const auto& [id, fork] : forks_) {
    if (fork.parent == point.device && fork.base == point.sequence) {
      found.push_back(id);
    }
  }
  return found;
}

Id OracleWriters::root_of(Id writer) const {
  for (auto place = forks_.find(writer); place != forks_.end(); place = forks_.find(writer)) {
    writer = place->second.parent;
  }
  return writer;
}

std::int64_t OracleWriters::base_of(const Id& writer) const {
  const auto place = forks_.find(writer);
  return place != forks_.end() ? place->second.base : 0;
}

Knowledge OracleWriters::up_to(OracleVersion point) const {
  Knowledge all;
  while (true) {
    const auto place = forks_.find(point.device);
    if (place == forks_.end() || point.sequence > place->second.base) {
      std::int64_t& last = all[point.device];
      last = std::max(last, point.sequence);
    }
    if (place == forks_.end()) {
      return all;
    }
    point = {place->second.parent, std::min(point.sequence, place->second.base)};
  }
}

OracleNames::OracleNames(const OracleWriters& writers, const Knowledge& known) : writers_(writers), known_(known) {
  if (are_plain()) {
    local_ = known;
    return;
  }
  for (const auto& [writer, last] : known) {
    for (std::int64_t sequence = writers_.base_of(writer) + 1; sequence <= last; ++sequence) {
      const OracleVersion version{writer, sequence}, named{name_of(version), sequence};
      local_names_[version] = named;
      writers_of_[named] = version;
      std::int64_t& last_named = local_[named.device];
      last_named = std::max(last_named, sequence);
      roots_[named.device] = writers_.root_of(writer);
    }
  }
}

// "Two histories that agree up to some number n and say different things after it."
bool OracleNames::parts_after(const OracleVersion& point) const {
  int ways = last_of(known_, point.device) > point.sequence ? 1 : 0;
  for (const Id& fork : writers_.forks_after(point)) {
    ways += last_of(known_, fork) > point.sequence ? 1 : 0;
  }
  return ways > 1;
}

// "Its id is the first 8 bytes of D's id and the first 8 bytes of the chain after its first change, n + 1."
Id OracleNames::name_of(const OracleVersion& version) const {
  OracleVersion first_after = version;  // the change after the point that is looked at, on the way to this version
  for (OracleVersion point{version.device, version.sequence - 1}; point.sequence >= 0;) {
    const auto fork = writers_.forks_.find(point.device);
    if (fork != writers_.forks_.end() && point.sequence <= fork->second.base) {
      point.device = fork->second.parent;
      continue;
    }
    if (parts_after(point)) {
      Id id = writers_.root_of(version.device);
      std::ranges::copy(writers_.chains_.at(first_after), id.bytes.begin() + kept);
      return id;
    }
    first_after = point;
    --point.sequence;
  }
  return writers_.root_of(version.device);
}

OracleVersion OracleNames::local(const OracleVersion& version) const { return are_plain() ? version : local_names_.at(version); }

std::optional<OracleVersion> OracleNames::by_writer(const OracleVersion& local) const {
  if (are_plain()) {
    return local;
  }
  const auto found = writers_of_.find(local);
  return found != writers_of_.end() ? std::optional{found->second} : std::nullopt;
}

bool OracleNames::is_cut(const Id& device) const {
  return std::ranges::any_of(roots_, [&](const auto& one) { return one.second == device && one.first != device; });
}

}  // namespace kehubu::test
