#include "tests/support/conflict_properties.h"

#include <algorithm>
#include <map>

#include "core/store/log.h"

namespace kehubu::test {
namespace {

using Shown = std::map<std::pair<const Entity*, Id>, std::vector<Value>>;  // the living ones

Shown shown_document(TestDevice& device, const Conflict& conflict) {
  Shown shown;
  const auto add = [&](const Entity& entity, const Id& row) {
    const auto record = device.store().read(entity, row);
    if (!record || record->deleted) {
      return;
    }
    std::vector<Value> values = record->values;
    for (std::size_t index = 0; index < values.size(); ++index) {
      values[index] = entity.fields[index].derived() ? Value{} : values[index];
    }
    shown.emplace(std::pair{&entity, row}, std::move(values));
  };
  add(*conflict.entity, conflict.row);
  for (const Entity* entity : entities()) {
    const Field* part_of = entity->part_of.empty() ? nullptr : entity->find(entity->part_of);
    if (part_of == nullptr || part_of->references != conflict.entity->id) {
      continue;
    }
    const auto rows = device.store().list({.entity = entity, .filters = {{.field = part_of, .operands = {conflict.row}}}});
    for (const std::int64_t number : rows ? *rows : std::vector<std::int64_t>()) {
      add(*entity, device.store().read_row(*entity, number)->id);
    }
  }
  return shown;
}

Shown shown_by(const DocumentSide& side) {
  Shown shown;
  for (const DocumentRecord& record : side.records) {
    if (!record.removed) {
      shown.emplace(std::pair{record.entity, record.row}, record.values);
    }
  }
  return shown;
}

// A line of a side that does not stand needs what it names, for it may come back; until then it is out of sight.
bool is_of_waiting_document(TestDevice& device, const RecordName& record) {
  const auto line = device.store().read(*record.entity, record.row);
  const Field* part_of = record.entity->part_of.empty() ? nullptr : record.entity->find(record.entity->part_of);
  return line && part_of != nullptr && std::ranges::any_of(device.conflicts(), [&](const Conflict& one) {
    return one.kind == ConflictKind::document && one.row == id_or_empty(line->value(part_of->id));
  });
}

// What the tables show where the side speaks: "" when it is what the side says.
std::string differs_from(TestDevice& device, const Conflict& conflict, const ConflictSide& side, const std::vector<DocumentSide>& documents) {
  const auto record = device.store().read(*conflict.entity, conflict.row);
  switch (conflict.kind) {
    case ConflictKind::field: {
      const auto open = device.conflicts();
      // A reference that leads in a circle now is another question, and shown empty until that is answered.
      const bool is_cut = std::ranges::any_of(open, [&](const Conflict& one) { return one.kind == ConflictKind::circle && one.row == conflict.row && one.field == conflict.field; });
      if (!record || (!is_cut && record->value(conflict.field->id) != side.cells.front().value)) {
        return "another value";
      }
      for (const ConflictSide::Cell& cell : std::span(side.cells).subspan(1)) {  // what follows from a choice stands with it
        const bool cut = std::ranges::any_of(open, [&](const Conflict& one) { return one.kind == ConflictKind::circle && one.row == cell.row && one.field == cell.field; });
        if (!cut && record->value(cell.field->id) != cell.value) {
          return "another value of " + std::string(cell.field->id);
        }
      }
      return "";
    }
    case ConflictKind::document: {
      const auto state = std::ranges::find_if(documents, [&](const DocumentSide& one) { return one.heads == side.heads; });
      return state != documents.end() && shown_by(*state) == shown_document(device, conflict) ? "" : "another state of the document";
    }
    case ConflictKind::delete_against_edit:
    case ConflictKind::missing_reference: {
      if (!record || record->deleted != side.removed) {
        return "another life of the record";
      }
      for (const Effect& effect : side.effects) {
        const auto touched = device.store().read(*effect.record.entity, effect.record.row);
        if (effect.kind == Effect::Kind::removed && (!touched || !touched->deleted)) {
          return "a record that was to go is still there: " + effect.text.en;
        }
        if (effect.kind == Effect::Kind::kept && (!touched || (touched->deleted && !is_of_waiting_document(device, effect.record)))) {
          return "a record that was to stay has gone: " + effect.text.en;
        }
      }
      return "";
    }
    case ConflictKind::circle:
    case ConflictKind::rule:
    case ConflictKind::only_one:
      for (const Effect& effect : side.effects) {
        const auto touched = device.store().read(*effect.record.entity, effect.record.row);
        if (effect.kind == Effect::Kind::removed && (!touched || !touched->deleted)) {
          return "a record that was to go is still there: " + effect.text.en;
        }
      }
      for (const ConflictSide::Cell& cell : side.cells) {
        const auto given = device.store().read(*cell.entity, cell.row);
        if (!given || given->value(cell.field->id) != cell.value) {
          return "another value of " + std::string(cell.field->id);
        }
      }
      return "";
    case ConflictKind::duplicate_number:
      return "";
  }
  return {};
}

std::vector<DocumentSide> documents_of(TestDevice& device, const Conflict& conflict) {
  if (conflict.kind != ConflictKind::document) {
    return {};
  }
  auto sides = internals(device.store()).materialiser().document_sides(*conflict.entity, conflict.row);
  return sides ? std::move(*sides) : std::vector<DocumentSide>();
}

std::string check_conflict(TestDevice& device, const Conflict& conflict) {
  if (conflict.sides.size() < 2) {
    return "fewer than two sides";
  }
  if (conflict.headline.zh.empty() || conflict.headline.en.empty()) {
    return "no headline";
  }
  const auto standing = std::ranges::count(conflict.sides, true, &ConflictSide::stands_now);
  if (standing != (conflict.kind == ConflictKind::duplicate_number || conflict.kind == ConflictKind::rule || conflict.kind == ConflictKind::only_one ? 0 : 1)) {
    return std::to_string(standing) + " sides stand";
  }
  for (const ConflictSide& side : conflict.sides) {
    const bool is_said = !side.authors.empty() || (conflict.kind == ConflictKind::missing_reference && !side.removed);
    if (side.effects.empty() || !is_said || side.heads.empty()) {
      return "a side says nothing, or nobody says it";
    }
    for (const Effect& effect : side.effects) {
      if (effect.text.zh.empty() || effect.text.en.empty() || effect.record.entity == nullptr) {
        return "an effect without words";
      }
    }
    if (side.stands_now) {
      if (&side != &conflict.sides.front()) {
        return "the side that stands is not the first";
      }
      if (const std::string difference = differs_from(device, conflict, side, documents_of(device, conflict)); !difference.empty() &&
          conflict.kind != ConflictKind::delete_against_edit) {
        return "what stands is not what people see: " + difference;
      }
    }
  }
  return {};
}

std::string text_of(const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    return std::to_string(*number);
  }
  const Id id = id_or_empty(value);
  return id.empty() ? text_or_empty(value) : id.text();
}

void append_cells(std::string& text, std::string_view what, const std::vector<ConflictSide::Cell>& cells) {
  std::vector<std::string> lines;
  for (const ConflictSide::Cell& cell : cells) {
    lines.push_back("    " + std::string(what) + " " + std::string(cell.entity->id) + " " + cell.row.text() + " " + std::string(cell.field->id) + "=" + text_of(cell.value) + "\n");
  }
  std::ranges::sort(lines);
  for (const std::string& line : lines) {
    text += line;
  }
}

std::string first_difference(const std::string& before, const std::string& after) {
  const auto [was, is] = std::ranges::mismatch(before, after);
  const auto line_of = [](const std::string& text, std::string::const_iterator at) {
    const std::size_t first = text.substr(0, static_cast<std::size_t>(at - text.begin())).rfind('\n') + 1;  // none: 0
    return text.substr(first, text.find('\n', first) - first);
  };
  return "\"" + line_of(before, was) + "\" is \"" + line_of(after, is) + "\" now\n--- before\n" + before + "--- after\n" + after;
}

// Every living record. Not the rest of the tables: what a line says that is out of sight, on a side of its document that does not stand,
// is nobody's to see.
std::string shown_records(TestDevice& device) {
  std::string text;
  for (const Entity* entity : entities()) {
    const auto rows = device.store().list({.entity = entity});
    for (const std::int64_t number : rows ? *rows : std::vector<std::int64_t>()) {
      const auto record = device.store().read_row(*entity, number);
      text += std::string(entity->id) + " " + (record ? record->id.text() : record.error().message.en);
      for (std::size_t index = 0; record && index < record->values.size(); ++index) {
        text += is_null(record->values[index]) ? "" : " " + std::string(entity->fields[index].id) + "=" + text_of(record->values[index]);
      }
      text += "\n";
    }
  }
  return text;
}

struct Asked {
  std::string questions, records;
  explicit Asked(TestDevice& device) : questions(told_questions(device)), records(shown_records(device)) {}
};

// What has come of the undoing of an answer: "" when all is as it was before that.
std::string differs_from(TestDevice& device, const Asked& before) {
  const Asked now{device};
  if (now.questions != before.questions) {
    return "another question: " + first_difference(before.questions, now.questions);
  }
  return now.records == before.records ? "" : "other records: " + first_difference(before.records, now.records);
}

// `tables`: what the answer led to.
std::string check_undoing(TestDevice& here, const Asked& before, TestDevice& there, const Asked& before_there, const std::string& tables) {
  for (const bool after_redoing : {false, true}) {
    if (after_redoing) {
      const auto redone = here.store().redo();
      if (!redone || here.table_hash() != tables) {
        return redone ? "done again, the answer leads to something else" : "the answer is not done again: " + redone.error().message.en;
      }
    }
    const auto undone = here.store().undo();
    if (!undone) {
      return "the answer is not undone: " + undone.error().message.en;
    }
    there.import(here.export_all());
    for (const auto& [device, asked] : {std::pair{&here, &before}, {&there, &before_there}}) {
      if (const std::string difference = differs_from(*device, *asked); !difference.empty()) {
        return std::string(after_redoing ? "undone, redone and undone" : "undone") + (device == &here ? ", here" : ", there") + ", the answer leaves " + difference;
      }
    }
  }
  return {};
}

std::string check_choice(TestDevice& device, const Conflict& conflict, std::size_t index, std::uint64_t seed, bool undoes, std::string& tables) {
  TestDevice here{seed}, there{seed + 1};
  here.import(device.export_all());
  there.import(device.export_all());
  if (here.table_hash() != device.table_hash()) {
    return "a device that knows the same shows something else";
  }
  const std::vector<Conflict> same = here.conflicts();
  const auto copy = std::ranges::find(same, conflict.key, &Conflict::key);
  if (copy == same.end()) {
    return "a device that knows the same has no such conflict";
  }
  const std::vector<DocumentSide> documents = documents_of(here, *copy);
  const Asked before{here}, before_there{there};
  const auto foretold = here.sync().would_open(*copy, index);
  if (!foretold || here.table_hash() != device.table_hash() || here.content_hash() != device.content_hash()) {
    return "asking what a choice would open was refused, or changed something";
  }
  const auto written = here.sync().resolve(*copy, index);
  if (!copy->by_hand && written.has_value() != copy->sides[index].refused.zh.empty()) {
    return written ? "a side that is said to be refused was taken" : "a side is refused without a word before: " + written.error().message.en;
  }
  if (!written) {
    return written.error().kind == ErrorKind::refused ? "" : "refused: " + written.error().message.en;
  }
  const ConflictSide& side = copy->sides[index];
  if (const std::string difference = differs_from(here, *copy, side, documents); !difference.empty()) {
    return "side " + std::to_string(index) + " leads to " + difference;
  }
  const auto opened = std::ranges::count_if(here.conflicts(), [&](const Conflict& one) { return std::ranges::find(same, one.key, &Conflict::key) == same.end(); });
  if (opened != static_cast<std::ptrdiff_t>(foretold->size())) {
    return std::to_string(opened) + " questions were opened and " + std::to_string(foretold->size()) + " foretold";
  }
  there.import(here.export_all());
  for (TestDevice* each : {&here, &there}) {
    const std::vector<Conflict> left = each->conflicts();
    if (std::ranges::find(left, conflict.key, &Conflict::key) != left.end()) {
      return "side " + std::to_string(index) + " leaves the conflict open";
    }
  }
  tables = here.table_hash();
  if (there.table_hash() != tables) {
    return "a device that heard of the decision shows something else";
  }
  if (const std::string problem = undoes ? check_undoing(here, before, there, before_there, tables) : ""; !problem.empty()) {
    return "side " + std::to_string(index) + ": " + problem;
  }
  const auto verified = here.store().verify();
  return verified && verified->empty() ? "" : "the tables do not follow from the log: " + (verified ? *verified : verified.error().message.en);
}

}  // namespace

std::string told_questions(TestDevice& device) {
  std::string text;
  for (const Conflict& conflict : device.conflicts()) {
    text += conflict.key + "\n  " + conflict.headline.zh + "\n  " + conflict.headline.en + "\n";
    append_cells(text, "base", conflict.base);
    for (const ConflictSide& side : conflict.sides) {
      text += std::string("  a side") + (side.stands_now ? " that stands" : "") + (side.removed ? " that removes" : "") + "\n";
      for (const Author& author : side.authors) {
        text += "    " + author.person_name + " on " + author.device.text() + " at " + std::to_string(author.clock) + "\n";
      }
      for (const Effect& effect : side.effects) {
        text += "    " + effect.text.zh + " / " + effect.text.en + "\n";
      }
      text += side.refused.zh.empty() ? "" : "    refused: " + side.refused.zh + "\n";
      append_cells(text, "cell", side.cells);
    }
  }
  return text;
}

std::string check_conflicts(TestDevice& device) {
  const std::vector<Conflict> conflicts = device.conflicts();
  if (const auto counted = device.sync().conflict_count(); !counted || *counted != static_cast<std::int64_t>(conflicts.size())) {
    return std::to_string(conflicts.size()) + " conflicts are told, " + std::to_string(counted.value_or(-1)) + " counted";
  }
  for (const Conflict& conflict : conflicts) {
    if (const std::string problem = check_conflict(device, conflict); !problem.empty()) {
      return conflict.key + ": " + problem + ": " + conflict.headline.en;
    }
  }
  return {};
}

std::string check_choices(TestDevice& device, std::uint64_t seed, bool undoes) {
  for (const Conflict& conflict : device.conflicts()) {
    std::vector<std::string> reached;
    for (std::size_t index = 0; index < conflict.sides.size(); ++index) {
      std::string tables;
      const std::string problem = check_choice(device, conflict, index, seed, undoes, tables);
      seed += 2;
      if (!problem.empty()) {
        return conflict.key + ": " + problem + ": " + conflict.headline.en;
      }
      if (!tables.empty() && std::ranges::find(reached, tables) != reached.end()) {
        return conflict.key + ": two sides lead to the same: " + conflict.headline.en;
      }
      reached.push_back(std::move(tables));
    }
  }
  return {};
}

}  // namespace kehubu::test
