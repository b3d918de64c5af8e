// Undo of random histories: what is undone and redone again is as it was; undoing everything gives what there was at first, or a
// sentence that says why not. Between any two steps the program may end and start again, and somebody else's changes may arrive.
#include <sqlite3.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/test_device.h"

using namespace kehubu;
using namespace kehubu::test;

namespace {

constexpr std::size_t most_steps = 60;
constexpr std::string_view worked_on[] = {"customer", "contact", "product", "contract", "contract_line"};

[[noreturn]] void broken(const std::string& what) {
  std::fprintf(stderr, "undo: %s\n", what.c_str());
  std::abort();
}

struct Dice {
  const std::uint8_t* data;
  std::size_t size, place = 0;
  std::size_t below(std::size_t limit) { return place < size ? data[place++] % limit : 0; }
  [[nodiscard]] bool used_up() const { return place >= size; }
};

// What a person sees: the living records with what they hold, and the questions that are open.
std::string visible(TestDevice& device) {
  std::string text;
  for (const std::string_view name : worked_on) {
    const Entity& entity = *find_entity(name);
    std::vector<const Field*> stored;
    for (const Field& field : entity.fields) {
      if (!field.derived()) {
        stored.push_back(&field);
      }
    }
    std::vector<std::string> records;
    for (const std::int64_t row : device.store().list({.entity = &entity}).value_or(std::vector<std::int64_t>{})) {
      const auto record = device.store().read_row(entity, row, stored);
      if (!record) {
        broken("a listed record cannot be read: " + record.error().message.en);
      }
      std::string line = record->id.text();
      for (const Value& value : record->values) {
        const auto* number = std::get_if<std::int64_t>(&value);
        const auto* id = std::get_if<Id>(&value);
        line += "|" + (number != nullptr ? std::to_string(*number) : id != nullptr ? id->text() : text_or_empty(value));
      }
      records.push_back(line);
    }
    std::ranges::sort(records);
    for (const std::string& record : records) {
      text += std::string{name} + " " + record + "\n";
    }
  }
  for (const Conflict& conflict : device.conflicts()) {
    text += conflict.key + " " + std::to_string(conflict.sides.size()) + "\n";
  }
  return text;
}

Id some_row(TestDevice& device, const Entity& entity, Dice& dice, bool deleted = false) {
  const auto rows = device.store().list({.entity = &entity, .deleted = deleted});
  if (!rows || rows->empty()) {
    return {};
  }
  std::vector<Id> ids;
  for (const std::int64_t row : *rows) {
    ids.push_back(device.store().read_row(entity, row)->id);
  }
  std::ranges::sort(ids);
  return ids[dice.below(ids.size())];
}

void edit(TestDevice& device, Dice& dice) {
  const Entity& entity = *find_entity(worked_on[dice.below(std::size(worked_on))]);
  const std::size_t what = dice.below(8);
  const Id existing = some_row(device, entity, dice, what == 7);
  Edit change{.entity = &entity, .row = existing.empty() || what == 0 ? new_id(device.environment()) : existing, .fields = {}};
  change.remove = what == 6 && !existing.empty();
  change.restore = what == 7 && !existing.empty();
  for (std::size_t count = change.remove || change.restore ? 0 : 1 + dice.below(3); count > 0; --count) {
    const Field& field = entity.fields[dice.below(entity.fields.size())];
    if (field.derived() || (field.id == entity.part_of && !existing.empty())) {
      continue;
    }
    Value value;
    if (field.type == FieldType::reference) {
      const Id target = some_row(device, *find_entity(field.references), dice);
      value = target.empty() ? Value() : Value(target);
    } else if (field.type == FieldType::text || field.type == FieldType::long_text) {
      value = std::string("文") + static_cast<char>('a' + dice.below(4));
    } else if (field.type == FieldType::choice || field.type == FieldType::choices) {
      value = std::string(field.list->choices[dice.below(field.list->choices.size())].id);
    } else if (field.type == FieldType::date) {
      value = "2026-11-" + std::to_string(10 + dice.below(20));
    } else {
      value = static_cast<std::int64_t>(dice.below(2));
    }
    change.fields.emplace_back(&field, value);
  }
  const auto written = device.store().write({&change, 1}, {.skip_validation = true});
  if (!written && (written.error().message.zh.empty() || written.error().message.en.empty())) {
    broken("a refusal without a sentence");
  }
}

// One step back and the same step forth again.
bool undo_once(TestDevice& device) {
  const std::string before = visible(device);
  const auto undone = device.store().undo();
  if (!undone) {
    if (undone.error().message.zh.empty() || undone.error().message.en.empty()) {
      broken("a refusal without a sentence");
    }
    if (visible(device) != before) {
      broken("a refused undo changed something");
    }
    return false;
  }
  const std::string after = visible(device);
  if (const auto redone = device.store().redo(); !redone) {
    broken("what was undone a moment ago cannot be redone: " + redone.error().message.en);
  }
  if (visible(device) != before) {
    broken("undone and redone, it differs; before:\n" + before + "after:\n" + visible(device));
  }
  if (const auto again = device.store().undo(); !again) {
    broken("what was redone a moment ago cannot be undone: " + again.error().message.en);
  }
  if (visible(device) != after) {
    broken("undone twice, it differs; first:\n" + after + "then:\n" + visible(device));
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Dice dice{data, size};
  const std::string path = "build/fuzz-undo.db";
  std::remove(path.c_str());
  auto device = std::make_unique<TestDevice>(1, "一", path);
  sqlite3_exec(device->store().connection(), "PRAGMA synchronous=OFF; PRAGMA journal_mode=MEMORY", nullptr, nullptr, nullptr);
  TestDevice other{2};
  bool merged = false;
  const std::string first = visible(*device);
  for (std::size_t step = 0; step < most_steps && !dice.used_up(); ++step) {
    device->environment().now += 1000;
    other.environment().now = device->environment().now;
    switch (dice.below(12)) {
      case 0: undo_once(*device); break;
      case 1: static_cast<void>(device->store().undo()); break;
      case 2: static_cast<void>(device->store().redo()); break;
      case 3: {
        const std::string before = visible(*device);
        const std::int64_t now = device->environment().now;
        device.reset();
        device = std::make_unique<TestDevice>(3 + step, "一", path);
        device->environment().now = now;
        sqlite3_exec(device->store().connection(), "PRAGMA synchronous=OFF; PRAGMA journal_mode=MEMORY", nullptr, nullptr, nullptr);
        if (visible(*device) != before) {
          broken("after a restart it differs");
        }
        break;
      }
      case 4:
        other.import(device->export_all());
        edit(other, dice);
        if (dice.below(2) == 0) {
          edit(*device, dice);
        }
        device->import(other.export_all());
        merged = true;
        break;
      case 5: {
        const std::vector<Conflict> conflicts = device->conflicts();
        if (!conflicts.empty()) {
          const Conflict& conflict = conflicts[dice.below(conflicts.size())];
          static_cast<void>(device->sync().resolve(conflict, dice.below(conflict.sides.size())));
        }
        break;
      }
      default: edit(*device, dice);
    }
  }
  bool refused = false;
  while (device->store().undo_state().can_undo && !refused) {
    refused = !undo_once(*device);
  }
  if (!merged && refused) {
    broken("with nobody else there, not everything could be undone");
  }
  if (!merged && visible(*device) != first) {
    broken("everything is undone, and it is not as at first:\n" + visible(*device));
  }
  const auto difference = device->store().verify();
  if (!difference || !difference->empty()) {
    broken("tables and log disagree");
  }
  return 0;
}
