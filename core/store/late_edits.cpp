#include "core/store/late_edits.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <tuple>

#include "core/base/sort.h"
#include "core/store/materialiser_parts.h"

namespace kehubu {
namespace {

// The marks that closings go back to, themselves included: undoing one and redoing it leaves a chain of them. And what they knew
// of the record, themselves included.
struct Chain {
  std::set<Version> marks, known;
};
Result<Chain> chain_of(Log& log, std::span<const Closing> closings) {
  Chain chain;
  std::vector<Version> said;
  for (const Closing& closing : closings) {
    chain.marks.insert(closing.mark);
    said.push_back(closing.said);
  }
  KEHUBU_TRY(for_each_built_upon(log, log.symbol(closed_field), std::move(said), [&](Version version, const RawEntry&, bool closes, std::string_view, std::span<const Version> before) {
    if (closes) {
      chain.marks.insert(version);
      chain.known.insert(before.begin(), before.end());
    }
  }));
  chain.known.insert(chain.marks.begin(), chain.marks.end());
  return chain;
}

// What the others wrote who closed it, too, or took that back, unknown to the closing that stands.
Result<std::set<Version>> other_closings(Log& log, std::span<const Version> marks, const Closing& standing, const Chain& chain, const SaidBy& said_by) {
  std::vector<Closing> others;
  for (const Version& mark : marks) {
    if (mark != standing.mark) {
      KEHUBU_TRY_ASSIGN(said, said_by(mark, closed_field));
      others.push_back({mark, said});
    }
  }
  KEHUBU_TRY_ASSIGN(all, chain_of(log, others));
  std::set<Version> unknown;
  std::ranges::set_difference(all.marks, chain.known, std::inserter(unknown, unknown.end()));
  return unknown;
}

// Of these versions those that write the cell and that no other of them builds on, also where what lies between is none of them.
Result<std::vector<Version>> latest_in(Log& log, SymbolNumber cell, std::span<const Version> versions) {
  std::vector<Version> writing, overtaken, latest;
  for (const Version& version : versions) {
    KEHUBU_TRY_ASSIGN(raw, log.read_raw(version));
    std::string_view value;
    std::vector<Version> before;
    find_packed_field(raw.fields, raw.header.field_count, cell, value, before) ? writing.push_back(version) : void();
  }
  KEHUBU_TRY(for_each_built_upon(log, cell, writing, [&](Version, const RawEntry&, bool of_cell, std::string_view, std::span<const Version> older) {
    of_cell ? void(std::ranges::copy(older, std::back_inserter(overtaken))) : void();
  }));
  kehubu::sort(writing);
  writing.erase(std::ranges::unique(writing).begin(), writing.end());
  kehubu::sort(overtaken);
  std::ranges::set_difference(writing, overtaken, std::back_inserter(latest));
  return latest;
}

// What a closing left open a person may answer afterwards: a decision counts where it was made in knowledge of all that those who
// closed the record had of the field.
Result<bool> decides_what_was_left_open(Log& log, SymbolNumber cell, Version decision, std::span<const Version> known) {
  KEHUBU_TRY_ASSIGN(raw, log.read_raw(decision));
  if (static_cast<ChangeKind>(raw.header.kind) != ChangeKind::resolve) {
    return false;
  }
  KEHUBU_TRY_ASSIGN(left_open, latest_in(log, cell, known));
  std::set<Version> decided_upon;
  KEHUBU_TRY(for_each_built_upon(log, cell, {decision}, [&](Version version, const RawEntry&, bool, std::string_view, std::span<const Version>) {
    decided_upon.insert(version);
  }));
  return std::ranges::includes(decided_upon, left_open);
}

}  // namespace

// The first one closed it: what met that is late, another closing like any other edit, and no clock that is ahead wins by it.
// One that was taken back closes nothing.
Result<std::optional<Closing>> standing_closing(Log& log, std::span<const Version> marks, const SaidBy& said_by) {
  std::optional<Closing> first;
  std::tuple<std::int64_t, Id, std::int64_t, Id, std::int64_t> age;  // marks that repeat one closing are told apart by who made them
  for (const Version& mark : marks) {
    KEHUBU_TRY_ASSIGN(raw, log.read_raw(mark));
    std::string_view value;
    std::vector<Version> ignored;
    find_packed_field(raw.fields, raw.header.field_count, log.symbol(closed_field), value, ignored);
    if (integer_or(unpack_value(value), 0) == 0) {
      continue;
    }
    KEHUBU_TRY_ASSIGN(said, said_by(mark, closed_field));
    KEHUBU_TRY_ASSIGN(closing, log.read_raw(said));
    const std::tuple one{closing.header.clock, log.device_id(said.device), said.sequence, log.device_id(mark.device), mark.sequence};
    if (!first || one < age) {
      first = Closing{mark, said};
      age = one;
    }
  }
  return first;
}

Result<std::optional<Closing>> closing_of(Materialiser& materialiser, Log& log, const Entity& entity, const Id& row) {
  KEHUBU_TRY_ASSIGN(marks, materialiser.heads(entity, row, closed_field));
  return standing_closing(log, marks, [&](Version version, std::string_view field) { return materialiser.said_by(version, field); });
}

Result<LateEdits> late_edits(Log& log, const Table& table, const std::vector<Head>& heads, const SaidBy& said_by) {
  const std::vector<Version> marks = versions_of(heads_of(heads, log.symbol(closed_field)));
  KEHUBU_TRY_ASSIGN(closing, standing_closing(log, marks, said_by));
  if (!closing) {
    return LateEdits{};
  }
  KEHUBU_TRY_ASSIGN(closed, chain_of(log, {&*closing, 1}));
  KEHUBU_TRY_ASSIGN(others, other_closings(log, marks, *closing, closed, said_by));
  const std::vector<Version> known(closed.known.begin(), closed.known.end());
  // Whose closing it is: not the word of who undid a decision about it, who wrote its mark again.
  const auto was_known = [&](Version version) { return closed.known.contains(version) || version.device == closing->said.device; };
  const auto counts = [&](const Head& head) -> Result<bool> {
    const int index = table.field_index(head.field);
    if (index < 0 || index == table.fact_field || was_known(head.version)) {
      return true;
    }
    KEHUBU_TRY_ASSIGN(said, said_by(head.version, log.symbol_text(head.field)));
    if (!table.frozen[static_cast<std::size_t>(index)]) {
      return !others.contains(head.version) && !others.contains(said);
    }
    return was_known(said) ? Result<bool>(true) : decides_what_was_left_open(log, head.field, said, known);
  };
  LateEdits edits;
  std::set<SymbolNumber> late_cells;
  for (const Head& head : heads) {
    KEHUBU_TRY_ASSIGN(counting, counts(head));
    (counting ? edits.shown : edits.late).push_back(head);
    counting ? void() : void(late_cells.insert(head.field));
  }
  // The cells that were edited late, as those who closed the record had them, and by what they and decisions say of them since.
  for (const SymbolNumber cell : late_cells) {
    std::vector<Version> counting = known;
    std::map<Version, Version> repeated;  // what stands again counts as what it repeats, which the closing may have replaced
    for (const Version& version : versions_of(heads_of(edits.shown, cell))) {
      KEHUBU_TRY_ASSIGN(said, said_by(version, log.symbol_text(cell)));
      counting.push_back(said);
      repeated.emplace(said, version);
    }
    KEHUBU_TRY_ASSIGN(standing, latest_in(log, cell, counting));
    for (Version& version : standing) {
      const auto again = repeated.find(version);
      version = again != repeated.end() ? again->second : version;
    }
    std::erase_if(edits.shown, [cell](const Head& head) { return head.field == cell; });
    std::ranges::transform(standing, std::back_inserter(edits.shown), [cell](Version version) { return Head{cell, version}; });
    kehubu::sort(edits.shown);
  }
  return edits;
}

}  // namespace kehubu
