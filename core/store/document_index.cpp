// The states that the "#" of a document lead to, many at once: what any of them may consist of is read one time for all.
#include <algorithm>
#include <iterator>

#include "core/store/materialiser_parts.h"

namespace kehubu {

Result<Materialiser::Parts::DocumentIndex> Materialiser::Parts::index_of(const Target& document, std::span<const Version> marks) {
  DocumentIndex index;
  KEHUBU_TRY(for_each_built_upon(log, document_symbol, {marks.begin(), marks.end()},
                                 [&](Version version, const RawEntry& raw, bool, std::string_view, std::span<const Version> before) {
                                   index.marks[version] = {{version.device, raw.header.action}, {before.begin(), before.end()}};
                                 }));
  KEHUBU_TRY_ASSIGN(lines, lines_of(document));
  index.records.push_back(document);
  index.records.insert(index.records.end(), lines.begin(), lines.end());
  for (std::size_t record = 0; record < index.records.size(); ++record) {
    KEHUBU_TRY(load(*index.records[record].table, index.records[record].id));
    Status status;
    for_each_cell(heads, [&](SymbolNumber field, std::span<const Head> cell) {
      const auto note = [&](Version version, const RawEntry& raw, bool of_cell, std::string_view, std::span<const Version> before) {
        if (of_cell) {
          index.written[{version.device, raw.header.action}].push_back({record, {field, version}, {before.begin(), before.end()}});
        }
      };
      if (status && field != document_symbol) {  // that an action took place is nothing that people see
        status = for_each_built_upon(log, field, versions_of(cell), note);
      }
    });
    KEHUBU_TRY(status);
  }
  return index;
}

Ancestry Materialiser::Parts::DocumentIndex::ancestry(Version mark) const {
  Ancestry actions;
  std::set<Version> seen;
  for (std::vector<Version> waiting{mark}; !waiting.empty();) {
    const Version version = waiting.back();
    waiting.pop_back();
    const auto found = marks.find(version);
    if (found != marks.end() && seen.insert(version).second) {
      actions.insert(found->second.action);
      waiting.insert(waiting.end(), found->second.before.begin(), found->second.before.end());
    }
  }
  return actions;
}

// Of each mark another one, or none, that builds on the same writing: an action that wrote nothing here leads to no other state than
// what it builds on.
std::map<Version, std::optional<Version>> Materialiser::Parts::DocumentIndex::alike() const {
  std::map<Version, std::optional<Version>> like;
  std::map<std::set<Version>, Version> by_sources;
  std::set<Version> begun;
  const auto is_open = [&](Version version) { return marks.contains(version) && !like.contains(version); };
  for (const auto& [first, ignored] : marks) {
    for (std::vector<Version> path{first}; !path.empty();) {
      const Version version = path.back();
      const Mark& mark = marks.at(version);
      if (like.contains(version)) {
        path.pop_back();
        continue;
      }
      if (begun.insert(version).second) {
        std::ranges::copy_if(mark.before, std::back_inserter(path), [&](Version older) { return is_open(older) && !begun.contains(older); });
        continue;
      }
      path.pop_back();
      std::set<Version> sources;
      for (const Version older : mark.before) {
        const auto found = like.find(older);
        found != like.end() && found->second ? void(sources.insert(*found->second)) : void();
      }
      const bool comes_round = std::ranges::any_of(mark.before, is_open);  // in no honest file
      if (comes_round || written.contains(mark.action)) {
        like[version] = version;
      } else if (sources.empty()) {
        like[version] = std::nullopt;
      } else {
        like[version] = sources.size() == 1 ? *sources.begin() : by_sources.emplace(sources, version).first->second;
      }
    }
  }
  return like;
}

Result<std::vector<DocumentRecord>> Materialiser::Parts::document_inside(const DocumentIndex& index, const Ancestry& side) {
  std::map<std::size_t, std::pair<std::vector<Head>, std::vector<Head>>> cells;  // of each record what counts, and what is overtaken
  cells[0];
  for (const DocumentIndex::Action& action : side) {
    const auto found = index.written.find(action);
    if (found == index.written.end()) {
      continue;
    }
    for (const DocumentIndex::Written& one : found->second) {
      auto& [counting, overtaken] = cells[one.record];
      counting.push_back(one.head);
      std::ranges::transform(one.replaced, std::back_inserter(overtaken), [&](Version older) { return Head{one.head.field, older}; });
    }
  }
  std::vector<DocumentRecord> records;
  for (auto& [record, of_record] : cells) {
    auto& [counting, overtaken] = of_record;
    kehubu::sort(counting);
    kehubu::sort(overtaken);
    std::vector<Head> visible;
    std::ranges::set_difference(counting, overtaken, std::back_inserter(visible));
    if (!visible.empty() || record == 0) {
      KEHUBU_TRY_ASSIGN(seen, record_from(index.records[record], visible));
      records.push_back(std::move(seen));
    }
  }
  if (records.front().removed) {
    std::ranges::for_each(records, [](DocumentRecord& record) { record.removed = true; });  // a line that was brought back alone goes, too
  }
  return records;
}

// What people would see of a document: its records that are not removed, whatever became of the others.
std::string packed_state(std::span<const DocumentRecord> records) {
  std::string state;
  for (const DocumentRecord& record : records) {
    if (!record.removed) {
      state += record.row.text();
      for (const Value& value : record.values) {
        pack_value(state, value);
      }
    }
  }
  return state;
}

Result<Materialiser::Parts::DocumentStates> Materialiser::Parts::states_of(const Target& document, std::span<const Version> marks, bool with_records) {
  KEHUBU_TRY_ASSIGN(index, index_of(document, marks));
  const std::map<Version, std::optional<Version>> like = index.alike();
  DocumentStates states;
  std::map<std::optional<Version>, std::size_t> by_source;
  std::map<std::string, std::size_t> by_state;
  for (const Version mark : marks) {
    const auto [source, is_new] = by_source.emplace(like.at(mark), 0);
    if (is_new) {
      KEHUBU_TRY_ASSIGN(records, document_inside(index, index.ancestry(mark)));
      const auto [state, is_other] = by_state.emplace(packed_state(records), by_state.size());
      source->second = state->second;
      if (is_other && with_records) {
        states.records.push_back(std::move(records));
      }
    }
    states.of_marks.push_back(source->second);
  }
  return states;
}

Result<std::vector<std::size_t>> Materialiser::document_states(const Entity& entity, const Id& row, std::span<const Version> marks) {
  KEHUBU_TRY_ASSIGN(states, parts_->states_of({&parts_->tables.of(entity), row}, marks, false));
  return std::move(states.of_marks);
}

}  // namespace kehubu
