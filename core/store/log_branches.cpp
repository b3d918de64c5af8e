// Branches: two machines have written under one name. Log::split() is the one place where the log is written anew.
//
// What two histories of a device agree on stays under its id; what each of them says afterwards becomes a device of its own,
// a branch, whose id follows from the device and from the chain after the branch's first change. It is therefore the same
// on every device that ever meets both, in whatever order it meets them. Numbers stay as they are: a branch begins after its
// `base`. The canonical form names a branch by its root, as whoever wrote the change did, so that no chain changes.
#include <algorithm>

#include "core/base/sort.h"
#include "core/store/log_parts.h"

namespace kehubu {
namespace {

constexpr std::size_t appended_at_once = 4'096;

// What versions are called after the log was cut. Cuts are sorted.
class Renaming {
 public:
  explicit Renaming(std::span<const Log::Cut> cuts) : cuts_(cuts) {}

  [[nodiscard]] bool concerns(const Change& change) const {
    return name_of(change.version) != change.version.device || std::ranges::any_of(change.fields, [this](const FieldChange& field) {
             return std::ranges::any_of(field.replaced, [this](const Version& version) { return name_of(version) != version.device; });
           });
  }
  void rename(Change& change) const {
    change.version.device = name_of(change.version);
    for (FieldChange& field : change.fields) {
      for (Version& version : field.replaced) {
        version.device = name_of(version);
      }
      kehubu::sort(field.replaced);
    }
  }

 private:
  // The last cut of the device before the number.
  [[nodiscard]] DeviceNumber name_of(Version version) const {
    const auto after = std::ranges::partition_point(cuts_, [version](const Log::Cut& cut) {
      return cut.from < version.device || (cut.from == version.device && cut.last_kept < version.sequence);
    });
    const bool is_cut = after != cuts_.begin() && (after - 1)->from == version.device;
    return is_cut ? (after - 1)->tail : version.device;
  }

  std::span<const Log::Cut> cuts_;
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

std::vector<DeviceNumber> Log::histories_behind(DeviceNumber number) const {
  for (std::vector<DeviceNumber> histories{number};;) {  // each ends before the one that begins after it did
    const DeviceState& youngest = device(histories.back());
    const std::vector<DeviceNumber> all = branches_of(youngest.root);
    const auto before = std::ranges::find_if(all, [&](DeviceNumber other) {
      const DeviceState& state = device(other);
      return state.last_sequence == youngest.base && state.chain == youngest.base_chain && state.has_changes();
    });
    if (before == all.end()) {
      return histories;
    }
    histories.push_back(*before);
  }
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

// One walk along the device finds the chains at all of the places.
Status Log::name_tails(std::span<Cut> of_one_device) {
  const DeviceState state = device(of_one_device.front().from);
  Digest before = state.base_chain;
  std::string canonical;
  std::size_t next = 0;
  return for_each(of_one_device.front().from, 1, of_one_device.back().last_kept + 1, [&](const Change& change) -> Status {
    canonical.clear();
    append_canonical(canonical, change);
    const Digest after = next_chain(before, canonical);
    if (Cut& cut = of_one_device[next]; change.version.sequence == cut.last_kept + 1) {
      cut.tail = branch_number(branch_id(state.root, after), state.root, cut.last_kept, before);
      ++next;
    }
    before = after;
    return {};
  });
}

Result<std::vector<Log::Cut>> Log::split(std::vector<Cut> cuts) {
  kehubu::sort(cuts);
  cuts.erase(std::ranges::unique(cuts).begin(), cuts.end());
  for (std::size_t begin = 0, end = 0; begin < cuts.size(); begin = end) {
    while (end < cuts.size() && cuts[end].from == cuts[begin].from) {
      ++end;
    }
    KEHUBU_TRY(name_tails(std::span(cuts).subspan(begin, end - begin)));
  }
  KEHUBU_TRY(flush());
  const Renaming renaming{cuts};
  for (DeviceNumber number = 1; number <= device_count(); ++number) {
    bool builds_on_it = std::ranges::binary_search(cuts, number, {}, &Cut::from);
    KEHUBU_TRY(for_each(number, 1, builds_on_it ? 0 : largest_sequence, [&](const Change& change) -> Status {
      builds_on_it = builds_on_it || renaming.concerns(change);
      return {};
    }));
    if (builds_on_it) {
      KEHUBU_TRY(rewrite(number, [&](Change& change) { renaming.rename(change); }));
    }
  }
  return cuts;
}

}  // namespace kehubu
