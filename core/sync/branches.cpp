#include "core/sync/branches.h"

#include <algorithm>
#include <numeric>
#include <ranges>
#include <set>

#include "core/base/sort.h"

namespace kehubu {

Status BranchTrace::begin() {
  courses_.assign(header_.devices.size(), {});
  gaps_.clear();
  cuts_.clear();
  parting_.clear();
  walked_.clear();
  new_changes_ = 0;
  ends_.clear();
  for (std::size_t index = 0; index < courses_.size(); ++index) {
    ends_[{header_.root(index), header_.have[index]}].push_back(index);
  }
  for (const std::size_t index : oldest_first()) {
    KEHUBU_TRY(place(index, courses_[index]));
  }
  return {};
}

Status BranchTrace::finish() {
  for (const std::size_t index : oldest_first()) {
    const Course& course = courses_[index];
    new_changes_ += course.has_new || !course.placed ? header_.have[index] - course.known : 0;
    if (course.cut) {
      cuts_.push_back(*course.cut);
    }
    if (course.is_new_branch) {
      parting_.push_back(index);
    }
  }
  return refuse_names_used_twice();
}

// What a branch begins after comes before it.
std::vector<std::size_t> BranchTrace::oldest_first() const {
  std::vector<std::size_t> order(header_.devices.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  kehubu::sort(order, {}, [this](std::size_t index) { return std::pair(header_.base(index), index); });
  return order;
}

// Two histories of the file that begin with the same change are one, and would be written twice.
Status BranchTrace::refuse_names_used_twice() const {
  std::set<Id> names;
  for (std::size_t index = 0; index < courses_.size(); ++index) {
    const Course& course = courses_[index];
    const Id& root = header_.root(index);
    const Id name = course.is_new_branch ? Log::branch_id(root, course.first_new_chain) : course.device != 0 ? log_.device_id(course.device) : root;
    if (course.has_new && !names.insert(name).second) {
      return history_refusal(device_title(root, header_, log_));
    }
  }
  return {};
}

// The history within the file at whose end this one begins. Each ends after it began (the header's reader sees to that), so this is
// an older one, and each has its beginning in the end.
std::size_t BranchTrace::history_before(std::size_t index) const {
  const auto ending = ends_.find({header_.root(index), header_.since[index]});
  if (header_.since[index] != header_.base(index) || ending == ends_.end()) {
    return nowhere;
  }
  const auto found = std::ranges::find(ending->second, header_.chain_since[index], [this](std::size_t other) { return header_.chain_have[other]; });
  return found != ending->second.end() ? *found : nowhere;
}

// Finds what the bundle builds on. Where nothing here has that number and that chain, it must come first.
Status BranchTrace::place(std::size_t index, Course& course) {
  const Id& root = header_.root(index);
  const std::int64_t since = header_.since[index];
  course.known = since;
  course.chain_at_known = header_.chain_since[index];
  course.placed = since == 0;
  std::int64_t longest = header_.base(index);
  for (const DeviceNumber number : course.placed ? std::vector<DeviceNumber>() : log_.branches_of(root)) {
    const DeviceState& state = log_.device(number);
    const bool within = since > state.base && since <= state.last_sequence;
    if (within) {
      KEHUBU_TRY_ASSIGN(chain, known_chain(log_, tables_, number, since));
      if (chain == header_.chain_since[index]) {
        course.device = number;
        course.placed = true;
        break;
      }
    }
    longest = state.last_sequence < since ? std::max(longest, state.last_sequence) : longest;
  }
  if (!course.placed) {
    course.begins_at = history_before(index);
    course.placed = course.begins_at != nowhere && courses_[course.begins_at].placed;
  }
  if (!course.placed && course.begins_at == nowhere) {  // else that one says what is missing
    gaps_.push_back({header_.devices[index], longest + 1, since});
  }
  return {};
}

// The next change of its history: known here, new at the end of what is known, or the point where the histories part.
Status BranchTrace::meet(Version version, const Digest& chain) {
  const auto index = static_cast<std::size_t>(version.device);
  Course& course = courses_[index];
  if (!course.placed || course.has_new) {
    return {};
  }
  const std::int64_t sequence = version.sequence;
  const Id& root = header_.root(index);
  const bool begins_branch = root != header_.devices[index] && sequence == header_.base(index) + 1;
  const bool at_end = course.device == 0 || sequence > log_.last_sequence(course.device);
  if (at_end) {
    KEHUBU_TRY_ASSIGN(next, child(root, course.known, course.chain_at_known, chain));
    if (next == 0 || course.begins_at != nowhere) {
      course.has_new = true;
      course.first_new_chain = chain;
      const auto root_number = log_.find_device(root);
      const bool root_parts = course.known == 0 && root_number && log_.device(*root_number).has_changes();
      if (root_parts) {
        course.cut = {*root_number, 0};
      }
      course.is_new_branch = root_parts || begins_branch || has_children(root, course.known, course.chain_at_known);
      return {};
    }
    course.device = next;
  } else {
    KEHUBU_TRY_ASSIGN(ours, chain_of(course.device, sequence));
    if (ours != chain) {
      course.has_new = course.is_new_branch = true;
      course.first_new_chain = chain;
      course.cut = {course.device, course.known};
      return {};
    }
  }
  course.known = sequence;
  course.chain_at_known = chain;
  return {};
}

// The history that begins after this place with this change; 0 when there is none.
Result<DeviceNumber> BranchTrace::child(const Id& root, std::int64_t base, const Digest& base_chain, const Digest& first_chain) {
  for (const DeviceNumber number : log_.branches_of(root)) {
    const DeviceState& state = log_.device(number);
    if (state.base == base && state.base_chain == base_chain && state.has_changes()) {
      KEHUBU_TRY_ASSIGN(chain, chain_of(number, base + 1));
      if (chain == first_chain) {
        return number;
      }
    }
  }
  return 0;
}

bool BranchTrace::has_children(const Id& root, std::int64_t base, const Digest& base_chain) const {
  return std::ranges::any_of(log_.branches_of(root), [&](DeviceNumber number) {
    const DeviceState& state = log_.device(number);
    return state.is_branch() && state.base == base && state.base_chain == base_chain && state.has_changes();
  });
}

Result<Digest> BranchTrace::chain_of(DeviceNumber device, std::int64_t sequence) {
  Walked& walked = walked_[device];
  if (walked.chains.empty() || sequence < walked.first) {
    // Who is asked for ever earlier places walks along all of it, once.
    const std::int64_t first = walked.chains.empty() ? sequence : log_.device(device).base + 1;
    walked = {first, {}};
    KEHUBU_TRY_ASSIGN(chain, known_chain(log_, tables_, device, first - 1));
    std::string canonical;
    KEHUBU_TRY(log_.for_each(device, first, largest_sequence, [&](const Change& change) -> Status {
      canonical.clear();
      log_.append_canonical(canonical, change);
      chain = Log::next_chain(chain, canonical);
      walked.chains.push_back(chain);
      return {};
    }));
  }
  return walked.chains[static_cast<std::size_t>(sequence - walked.first)];
}

bool BranchTrace::parts(const Id& root) const {
  return std::ranges::any_of(parting_, [&](std::size_t index) { return header_.root(index) == root; });
}

BranchTrace::OwnLoss BranchTrace::own_loss(const Id& own_device) const {
  const DeviceNumber own = log_.find_device(own_device).value_or(0);
  const std::int64_t last = own != 0 ? log_.last_sequence(own) : 0;
  const auto is_own = [&](std::size_t index) { return header_.root(index) == own_device; };
  const std::vector<std::size_t> order = oldest_first();
  std::int64_t agreed = 0;  // so far the reader's history is found in the bundle
  for (const std::size_t index : order | std::views::filter(is_own)) {
    agreed = courses_[index].device == own ? std::max(agreed, courses_[index].known) : agreed;
  }
  OwnLoss loss;
  std::vector<bool> goes_on(courses_.size(), false);  // from where the reader's ends, for all that the bundle tells
  for (const std::size_t index : order | std::views::filter(is_own)) {
    const Course& course = courses_[index];
    const bool runs_along = course.has_new && course.known == last && (course.device == own || course.device == 0);
    const bool may_be_it = !course.placed && header_.since[index] > last && header_.base(index) >= agreed;
    goes_on[index] = course.begins_at != nowhere ? goes_on[course.begins_at] : runs_along || may_be_it;
    loss.told = goes_on[index] ? std::max(loss.told, header_.have[index]) : loss.told;
    loss.comes_back += runs_along && !course.is_new_branch ? header_.have[index] - last : 0;
  }
  return loss;
}

bool BranchTrace::is_new(Version version) const {
  const Course& course = courses_[static_cast<std::size_t>(version.device)];
  return course.has_new && version.sequence > course.known;
}

Status BranchTrace::name_devices() {
  for (const std::size_t index : oldest_first()) {
    Course& course = courses_[index];
    const Id& root = header_.root(index);
    if (course.has_new && course.is_new_branch) {
      course.device = log_.branch_number(Log::branch_id(root, course.first_new_chain), root, course.known, course.chain_at_known);
    } else if (course.device == 0) {
      course.device = log_.device_number(root);
    }
    if (course.begins_at == nowhere) {
      KEHUBU_TRY(complete_path(root, course));
      continue;
    }
    course.path = {{log_.device(course.device).base, course.device}};
    const auto& before = courses_[course.begins_at].path;
    course.path.insert(course.path.end(), before.begin(), before.end());
  }
  return log_.flush();
}

Status BranchTrace::complete_path(const Id& root, Course& course) {
  course.path.clear();
  for (const DeviceNumber number : log_.histories_behind(course.device)) {
    course.path.emplace_back(log_.device(number).base, number);
  }
  return course.path.back().first == 0 ? Status() : history_refusal(device_title(root, header_, log_));
}

Version BranchTrace::local(Version version) const {
  const auto& path = courses_[static_cast<std::size_t>(version.device)].path;
  const auto piece = std::ranges::find_if(path, [&](const auto& one) { return one.first < version.sequence; });
  return {piece->second, version.sequence};
}

void BranchTrace::add_knowledge(Knowledge& knowledge, std::size_t index, std::int64_t sequence) const {
  for (const auto& [base, device] : courses_[index].path) {
    if (sequence > base) {
      std::int64_t& known = knowledge[log_.device_id(device)];
      known = std::max(known, std::min(sequence, log_.last_sequence(device)));
    }
  }
}

}  // namespace kehubu
