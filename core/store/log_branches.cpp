// Branches: two machines have written under one name. Log::split() is the one place where the log is written anew.
//
// What two histories of a device agree on stays under its id; what each of them says afterwards becomes a device of its own,
// a branch, whose id follows from the device and from the chain after the branch's first change. It is therefore the same
// on every device that ever meets both, in whatever order it meets them. Numbers stay as they are: a branch begins after its
// `base`. The canonical form names a branch by its root, as whoever wrote the change did, so that no chain changes.
#include <algorithm>

#include "core/store/log_parts.h"

namespace kehubu {
namespace {

constexpr std::size_t appended_at_once = 4'096;

struct Cut {
  DeviceNumber from;
  std::int64_t last_kept;
  DeviceNumber tail;

  [[nodiscard]] bool concerns(const Version& version) const { return version.device == from && version.sequence > last_kept; }
  [[nodiscard]] bool concerns(const Change& change) const {
    return concerns(change.version) || std::ranges::any_of(change.fields, [this](const FieldChange& field) {
             return std::ranges::any_of(field.replaced, [this](const Version& version) { return concerns(version); });
           });
  }
  void rename(Version& version) const { version.device = concerns(version) ? tail : version.device; }
  void rename(Change& change) const {
    rename(change.version);
    for (FieldChange& field : change.fields) {
      for (Version& version : field.replaced) {
        rename(version);
      }
      std::ranges::sort(field.replaced);
    }
  }
};

}  // namespace

// The first half of a root's id tells when it was enrolled, which is its rank in a conflict: its branches keep that.
Id Log::branch_id(const Id& root, const Digest& first_chain) {
  Id id = root;
  constexpr std::size_t kept = 8;
  std::copy_n(first_chain.begin(), id.bytes.size() - kept, id.bytes.begin() + kept);
  return id;
}

DeviceNumber Log::branch_number(const Id& id, const Id& root, std::int64_t base, const Digest& base_chain) {
  if (const auto found = find_device(id)) {
    return *found;
  }
  const DeviceNumber number = device_number(id);
  DeviceState& state = parts_->devices[static_cast<std::size_t>(number) - 1];
  state.root = root;
  state.base = base;
  state.base_chain = base_chain;
  state.last_sequence = base;
  state.chain = base_chain;
  if (const auto named = find_device(root)) {
    constexpr std::size_t shown = 4;
    const std::string& name = device(*named).name;
    state.name = name + "（" + id.text().substr(id.text().size() - shown) + "）";
    state.person = device(*named).person;
  }
  parts_->has_branches = true;
  return number;
}

DeviceNumber Log::number_like(const DeviceState& state) {
  return state.is_branch() ? branch_number(state.id, state.root, state.base, state.base_chain) : device_number(state.id);
}

bool Log::has_branches() const { return parts_->has_branches; }

bool Log::is_cut(DeviceNumber number) const {
  const DeviceState& state = device(number);
  return parts_->has_branches && std::ranges::any_of(parts_->devices, [&](const DeviceState& other) {
    return other.is_branch() && other.root == state.root && other.base == state.last_sequence && other.base_chain == state.chain &&
           other.id != state.id && other.base >= state.base && other.last_sequence > other.base;
  });
}

std::vector<DeviceNumber> Log::branches_of(const Id& root) const {
  std::vector<DeviceNumber> numbers;
  if (!parts_->has_branches) {
    const auto only = find_device(root);
    return only ? std::vector{*only} : numbers;
  }
  for (DeviceNumber number = 1; number <= device_count(); ++number) {
    if (device(number).root == root) {
      numbers.push_back(number);
    }
  }
  return numbers;
}

// Takes all changes of a device out of the log and puts them back under the names that the cut gives them.
Status Log::rewrite(DeviceNumber number, const std::function<void(Change&)>& rename) {
  std::vector<Change> changes;
  KEHUBU_TRY(for_each(number, 1, largest_sequence, [&](const Change& change) -> Status {
    changes.push_back(change);
    rename(changes.back());
    return {};
  }));
  Statement& remove = parts_->database.statement("DELETE FROM log WHERE key BETWEEN ? AND ?");
  KEHUBU_TRY(remove.bind(1, log_key(number, 1)).bind(2, log_key(number, largest_sequence)).run());
  parts_->segment_device = 0;
  DeviceState& state = parts_->devices[static_cast<std::size_t>(number) - 1];
  state.last_sequence = state.base;
  state.chain = state.base_chain;
  parts_->device_is_dirty[static_cast<std::size_t>(number) - 1] = true;
  for (std::size_t begin = 0, end = 0; begin < changes.size(); begin = end) {
    while (end < changes.size() && end - begin < appended_at_once && changes[end].version.device == changes[begin].version.device) {
      ++end;
    }
    KEHUBU_TRY(append(std::span<const Change>(changes).subspan(begin, end - begin)));
  }
  return flush();
}

Result<DeviceNumber> Log::split(DeviceNumber from, std::int64_t last_kept) {
  KEHUBU_TRY_ASSIGN(base_chain, chain_at(from, last_kept));
  KEHUBU_TRY_ASSIGN(first_chain, chain_at(from, last_kept + 1));
  const Id root = device(from).root;
  const DeviceNumber tail = branch_number(branch_id(root, first_chain), root, last_kept, base_chain);
  KEHUBU_TRY(flush());
  const Cut cut{from, last_kept, tail};
  for (DeviceNumber number = 1; number <= device_count(); ++number) {
    bool builds_on_it = number == from;
    KEHUBU_TRY(for_each(number, 1, builds_on_it ? 0 : largest_sequence, [&](const Change& change) -> Status {
      builds_on_it = builds_on_it || cut.concerns(change);
      return {};
    }));
    if (builds_on_it) {
      KEHUBU_TRY(rewrite(number, [&](Change& change) { cut.rename(change); }));
    }
  }
  return tail;
}

}  // namespace kehubu
