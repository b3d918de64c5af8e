// What undo and redo wrote, seen by anybody: which version a version repeats, and whose word it therefore is.
//
// The inverse of an action writes a version for each former head of a cell, in a settled order (sort_as_restated), so
// that any device can match them again: the first of them repeats the first former head, and so on.
#include <algorithm>

#include "core/base/sort.h"
#include "core/store/materialiser_parts.h"

namespace kehubu {
namespace {

const FieldChange* cell_of(const Change& change, std::string_view field) {
  const auto found = std::ranges::find(change.fields, field, &FieldChange::field);
  return found != change.fields.end() ? &*found : nullptr;
}

bool is_step(const Change& change) { return change.kind == ChangeKind::undo || change.kind == ChangeKind::redo; }

void each_once(std::vector<Version>& versions) {
  kehubu::sort(versions);
  versions.erase(std::ranges::unique(versions).begin(), versions.end());
}

// A version repeats an older one, so a walk along repetitions ends; but a hostile file may hold steps that repeat each
// other in a circle. Such a walk comes round (Brent's algorithm, at most three times around), and nobody's word is repeated.
class Walk {
 public:
  explicit Walk(Version from) : marked_(from) {}

  [[nodiscard]] bool comes_round(Version next) {
    if (next == marked_) {
      return true;
    }
    if (++steps_ == until_marked_anew_) {
      marked_ = next;
      until_marked_anew_ *= 2;
      steps_ = 0;
    }
    return false;
  }

 private:
  Version marked_;
  std::uint64_t steps_ = 0;
  std::uint64_t until_marked_anew_ = 1;
};

}  // namespace

Result<ChangeKind> Materialiser::Parts::kind_of(Version version) {
  KEHUBU_TRY_ASSIGN(raw, log.read_raw(version));
  return static_cast<ChangeKind>(raw.header.kind);
}

// The order in which the sides of a cell are written again: the one that stands must stand again among versions of one
// device and one clock, so the least comes first where the least stands, and the greatest last where that does.
Status Materialiser::Parts::sort_as_restated(std::vector<Version>& versions, const Entity* entity, std::string_view field) {
  const Field* declared = entity != nullptr ? entity->find(field) : nullptr;
  const bool by_clock = declared != nullptr && declared->merge == MergePolicy::later_clock;
  std::map<Version, std::int64_t> clocks;
  for (const Version& version : versions) {
    KEHUBU_TRY_ASSIGN(raw, log.read_raw(version));
    clocks[version] = by_clock ? raw.header.clock : 0;
  }
  kehubu::sort(versions, [&](Version a, Version b) {
    return std::tuple(clocks[a], log.device_id(a.device), a.sequence) < std::tuple(clocks[b], log.device_id(b.device), b.sequence);
  });
  return {};
}

// The versions of the cell that the same step wrote, the given one among them. They lie close together in the log: those
// of a record follow each other, those of a document's sides are in neighbouring actions. Whoever is asked about next lies there, too.
Result<std::vector<Version>> Materialiser::Parts::with_same_inverse(const Change& change, std::string_view field) {
  if (const auto kept = written_together.find({change.version, std::string(field)}); kept != written_together.end()) {
    return *kept->second;
  }
  std::map<std::tuple<std::string, Id, std::vector<Version>>, std::vector<Version>> groups;  // by what they name of which cell
  for (const std::int64_t direction : {-1, 1}) {
    for (Version next{change.version.device, change.version.sequence + (direction > 0 ? 1 : 0)}; next.sequence >= 1 && log.contains(next); next.sequence += direction) {
      KEHUBU_TRY_ASSIGN(other, log.read(next));
      const bool same_record = other.row == change.row && other.entity == change.entity;
      if (other.kind != change.kind || other.clock != change.clock || (!same_record && field != document_field)) {
        break;
      }
      if (cell_of(other, field) != nullptr) {
        KEHUBU_TRY_ASSIGN(named, named_versions(other, field));
        if (field == deleted_field) {  // deletions also name what they knew, each what it did
          KEHUBU_TRY_ASSIGN(fitting, stepped_over(other, named));
          named = fitting.empty() ? std::move(fitting) : std::vector<Version>{std::ranges::max(fitting, {}, &Version::sequence)};
        }
        groups[{other.entity, other.row, std::move(named)}].push_back(next);
      }
    }
  }
  for (auto& [cell, versions] : groups) {
    kehubu::sort(versions);
    const auto together = std::make_shared<const std::vector<Version>>(versions);
    for (const Version& version : *together) {
      written_together.emplace(CellVersion{version, field}, together);
    }
  }
  return *written_together.find({change.version, std::string(field)})->second;
}

void Materialiser::Parts::forget_steps() {
  written_together.clear();
  named_versions_of.clear();
  steps_of_several.clear();
}

// The versions of the cell that a change names as replaced. A "~" and a "_closed" also name versions of other cells, and in a hostile
// file any field may.
Result<std::vector<Version>> Materialiser::Parts::named_versions(const Change& change, std::string_view field) {
  const FieldChange* cell = cell_of(change, field);
  std::vector<Version> of_cell;
  if (cell == nullptr) {
    return of_cell;
  }
  for (const Version& version : cell->replaced) {
    KEHUBU_TRY_ASSIGN(known, log.read(version));
    if (cell_of(known, field) != nullptr) {
      of_cell.push_back(version);
    }
  }
  return of_cell;
}

// The same of many that are walked along again and again, each read once.
Result<const std::vector<Version>*> Materialiser::Parts::named_by(Version version, std::string_view field) {
  constexpr std::size_t most_kept = 100'000;
  const CellVersion place{version, std::string(field)};
  const auto kept = named_versions_of.find(place);
  if (kept != named_versions_of.end()) {
    return &kept->second;
  }
  if (named_versions_of.size() >= most_kept) {
    named_versions_of.clear();
  }
  KEHUBU_TRY_ASSIGN(change, log.read(version));
  KEHUBU_TRY_ASSIGN(named, named_versions(change, field));
  return &named_versions_of.insert_or_assign(place, std::move(named)).first->second;
}

// Of these versions of a cell those that others of them build on. An inverse names, beside the heads that it replaces,
// what it inverts: the same versions, or older ones where stepping back and forth lies between.
Result<std::vector<Version>> Materialiser::Parts::built_upon(const std::vector<Version>& versions, std::string_view field) {
  std::vector<Version> older;
  if (versions.size() < 2) {
    return older;
  }
  std::set<Version> seen;
  std::vector<Version> waiting = versions;
  while (!waiting.empty() && older.size() + 1 < versions.size()) {
    KEHUBU_TRY_ASSIGN(named, named_by(waiting.back(), field));
    waiting.pop_back();
    for (const Version& version : *named) {
      if (!seen.insert(version).second) {
        continue;
      }
      waiting.push_back(version);
      if (std::ranges::find(versions, version) != versions.end()) {
        older.push_back(version);
      }
    }
  }
  kehubu::sort(older);
  return older;
}

// The heads of the cell that a change replaced.
Result<std::vector<Version>> Materialiser::Parts::replaced_heads(const Change& change, std::string_view field) {
  KEHUBU_TRY_ASSIGN(heads_named, named_versions(change, field));
  KEHUBU_TRY_ASSIGN(older, built_upon(heads_named, field));
  std::erase_if(heads_named, [&](const Version& version) { return std::ranges::binary_search(older, version); });
  return heads_named;
}

// Of "~" what restores stands before what deletes, as an inverse writes them, in whatever order people said so.
Result<std::vector<Version>> Materialiser::Parts::restorings_first(const std::vector<Version>& versions) {
  std::vector<Version> ordered, deleting;
  for (const Version& version : versions) {
    KEHUBU_TRY_ASSIGN(change, log.read(version));
    (integer_or(cell_of(change, deleted_field)->value, 0) != 0 ? deleting : ordered).push_back(version);
  }
  std::ranges::copy(deleting, std::back_inserter(ordered));
  return ordered;
}

// Which of several former heads of a "~" that were not all written again says what this version says: of a document that of the
// side which came back with it, else the first.
Result<std::optional<Version>> Materialiser::Parts::said_alike(const Change& change, std::span<const Version> former) {
  if (cell_of(change, document_field) != nullptr) {
    KEHUBU_TRY_ASSIGN(side, step_of(change.version, document_field));
    if (side && side->repeated && std::ranges::find(former, *side->repeated) != former.end()) {
      return side->repeated;
    }
  }
  for (const Version& version : former) {
    KEHUBU_TRY_ASSIGN(before, log.read(version));
    if (cell_of(before, deleted_field)->value == cell_of(change, deleted_field)->value) {
      return std::optional(version);
    }
  }
  return std::optional<Version>();
}

// Of the versions of its cell that a step names, those that it may invert: of its own device's, for only undone things are done
// again. A "~" also names older ones, for what they say of other cells, which the deletion knew.
Result<std::vector<Version>> Materialiser::Parts::stepped_over(const Change& step, std::span<const Version> named) {
  std::vector<Version> fitting;
  for (const Version& version : named) {
    KEHUBU_TRY_ASSIGN(kind, kind_of(version));
    const bool is_own = log.device(version.device).root == log.device(step.version.device).root;
    if (is_own && (kind == ChangeKind::undo) == (step.kind == ChangeKind::redo)) {
      fitting.push_back(version);
    }
  }
  return fitting;
}

// None where the version is no step, or one of a program that wrote a decision's undoing as a single value.
Result<std::optional<Materialiser::Parts::Step>> Materialiser::Parts::step_of(Version version, std::string_view field) {
  if (const auto kept = steps_of_several.find({version, std::string(field)}); kept != steps_of_several.end()) {
    return kept->second;
  }
  KEHUBU_TRY_ASSIGN(change, log.read(version));
  if (!is_step(change) || cell_of(change, field) == nullptr) {
    return std::optional<Step>();
  }
  Step step;
  KEHUBU_TRY_ASSIGN(named, named_versions(change, field));
  KEHUBU_TRY_ASSIGN(fitting, stepped_over(change, named));
  if (field == deleted_field && fitting.empty()) {
    return std::optional<Step>();  // a document's return, which the action that it inverts did not write
  }
  if (field == deleted_field) {
    step.inverted = {std::ranges::max(fitting, {}, &Version::sequence)};
  } else {
    KEHUBU_TRY_ASSIGN(inverted, built_upon(named, field));
    step.inverted = inverted.empty() ? std::move(named) : std::move(inverted);
  }
  std::vector<Version> former;
  for (const Version& one : step.inverted) {
    KEHUBU_TRY_ASSIGN(undone, log.read(one));
    KEHUBU_TRY_ASSIGN(before, replaced_heads(undone, field));
    former.insert(former.end(), before.begin(), before.end());
  }
  each_once(former);
  if (former.size() <= 1) {
    step.repeated = former.empty() ? std::optional<Version>() : former.front();
    return std::optional(std::move(step));
  }
  // Those that were written together invert the same, and repeat one former head each.
  KEHUBU_TRY_ASSIGN(written, with_same_inverse(change, field));
  const bool matches = written.size() == former.size();
  KEHUBU_TRY(sort_as_restated(former, find_entity(change.entity), field));
  if (field == deleted_field) {
    KEHUBU_TRY_ASSIGN(ordered_former, restorings_first(former));
    KEHUBU_TRY_ASSIGN(ordered_written, restorings_first(written));
    former = std::move(ordered_former);
    written = std::move(ordered_written);
  }
  step.of_several = true;
  if (!matches && field == deleted_field) {
    KEHUBU_TRY_ASSIGN(alike, said_alike(change, former));
    step.said_alike = alike;
    return std::optional(std::move(step));
  }
  for (std::size_t index = 0; index < written.size(); ++index) {
    step.repeated = matches ? std::optional(former[index]) : std::nullopt;
    steps_of_several.insert_or_assign({written[index], std::string(field)}, matches ? std::optional(step) : std::nullopt);
  }
  return steps_of_several.find({version, std::string(field)})->second;
}

Result<std::vector<Version>> Materialiser::heads_before(Version version, std::string_view field) {
  KEHUBU_TRY_ASSIGN(change, parts_->log.read(version));
  KEHUBU_TRY_ASSIGN(heads, parts_->replaced_heads(change, field));
  KEHUBU_TRY(parts_->sort_as_restated(heads, find_entity(change.entity), field));
  return heads;
}

Result<bool> Materialiser::Parts::undoes_decision(Version version, std::string_view field) {
  Originals known;
  return undoes_decision(version, field, known);
}

Result<bool> Materialiser::Parts::undoes_decision(Version version, std::string_view field, Originals& known) {
  KEHUBU_TRY_ASSIGN(step, step_of(version, field));
  if (!step || !step->repeated) {
    return false;  // the record was made by what is undone
  }
  KEHUBU_TRY_ASSIGN(undone, original(step->inverted.front(), field, known));
  if (!undone) {
    return false;
  }
  KEHUBU_TRY_ASSIGN(kind, kind_of(*undone));
  return kind == ChangeKind::resolve;
}

Result<std::optional<Version>> Materialiser::Parts::original(Version version, std::string_view field, Originals& known) {
  std::vector<Version> passed;
  Original found;
  for (std::optional<Version> at = version; at;) {
    const auto [place, is_new] = known.try_emplace(*at);
    if (!is_new) {
      found = place->second;
      break;
    }
    passed.push_back(*at);
    KEHUBU_TRY_ASSIGN(step, step_of(*at, field));
    if (!step || !step->repeated) {
      found = {step ? std::optional<Version>() : at, false};
      break;
    }
    at = step->repeated;
  }
  for (const Version& one : passed) {
    known[one] = found;
  }
  return found.comes_round ? std::optional(version) : found.version;
}

Result<std::optional<Version>> Materialiser::original(Version version, std::string_view field) {
  Parts::Originals known;
  return parts_->original(version, field, known);
}

Result<bool> Materialiser::repeats(Version version, std::string_view field, const std::set<Version>& any_of) {
  Walk walk{version};
  while (!any_of.contains(version)) {
    KEHUBU_TRY_ASSIGN(step, parts_->step_of(version, field));
    if (!step || !step->repeated) {
      return step.has_value();
    }
    version = *step->repeated;
    if (walk.comes_round(version)) {
      return false;
    }
  }
  return true;
}

Result<Version> Materialiser::Parts::said_by(Version head, std::string_view field) {
  Walk walk{head};
  Originals known;
  for (Version said = head;;) {
    KEHUBU_TRY_ASSIGN(step, step_of(said, field));
    const std::optional<Version> before = !step ? std::optional<Version>() : step->repeated ? step->repeated : step->said_alike;
    if (!before) {
      return said;
    }
    KEHUBU_TRY_ASSIGN(kind, kind_of(said));
    bool repeats = kind == ChangeKind::redo || step->of_several;
    if (!repeats) {
      KEHUBU_TRY_ASSIGN(undid, undoes_decision(said, field, known));
      repeats = undid;
    }
    if (!repeats) {
      return said;
    }
    said = *before;
    if (walk.comes_round(said)) {
      return head;
    }
  }
}

Result<std::optional<Materialiser::Parts::TriedDecision>> Materialiser::Parts::tried_behind(Version mark, std::string_view field) {
  TriedDecision behind;
  Walk walk{mark};
  for (std::optional<Version> at = mark; at;) {
    KEHUBU_TRY_ASSIGN(step, step_of(*at, field));
    if (!step) {
      behind.before = at;
      break;
    }
    if (step->of_several || walk.comes_round(step->repeated.value_or(Version{}))) {
      return std::optional<TriedDecision>();
    }
    behind.tried.insert(behind.tried.end(), step->inverted.begin(), step->inverted.end());
    at = step->repeated;
  }
  if (behind.tried.empty()) {
    return std::optional<TriedDecision>();
  }
  KEHUBU_TRY_ASSIGN(kind, kind_of(behind.tried.back()));
  return kind == ChangeKind::resolve ? std::optional(std::move(behind)) : std::nullopt;
}

Result<std::vector<Version>> Materialiser::Parts::without_undone(std::vector<Version> marks, std::string_view field) {
  const auto deletes = [&](Version version) -> Result<bool> {
    KEHUBU_TRY_ASSIGN(change, log.read(version));
    return integer_or(cell_of(change, field)->value, 0) != 0;
  };
  constexpr std::size_t most_marks = 32;  // each is compared with each
  for (std::size_t index = 0; marks.size() <= most_marks && index < marks.size();) {
    KEHUBU_TRY_ASSIGN(behind, tried_behind(marks[index], field));
    KEHUBU_TRY_ASSIGN(is_deletion, behind && field == deleted_field ? deletes(marks[index]) : Result<bool>(false));
    bool others_went_on = false;
    for (const Version& other : behind && !is_deletion ? std::span(marks) : std::span<Version>()) {
      KEHUBU_TRY_ASSIGN(goes_on, field == deleted_field ? deletes(other) : Result<bool>(other != marks[index]));
      std::set<Version> known;
      for (std::vector<Version> waiting{other}; goes_on && !waiting.empty();) {
        KEHUBU_TRY_ASSIGN(named, named_by(waiting.back(), field));
        waiting.pop_back();
        std::ranges::copy_if(*named, std::back_inserter(waiting), [&](Version version) { return known.insert(version).second; });
      }
      goes_on = goes_on && std::ranges::none_of(behind->tried, [&](Version version) { return known.contains(version); });
      others_went_on = others_went_on || (goes_on && (!behind->before || known.contains(*behind->before)));
    }
    others_went_on ? void(marks.erase(marks.begin() + static_cast<std::ptrdiff_t>(index))) : void(++index);
  }
  return marks;
}

Result<Version> Materialiser::said_by(Version head, std::string_view field) { return parts_->said_by(head, field); }

}  // namespace kehubu
