// Undo of random histories: what is undone and redone again is as it was; undoing everything gives what there was at first, or a
// sentence that says why not; and a contract with its lines is, after any step back or forth, as somebody once saw it whole.
// Between any two steps the program may end and start again, and somebody else's changes may arrive.
#include <sqlite3.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "tests/support/temporary_file.h"
#include "tests/support/test_device.h"

using namespace kehubu;
using namespace kehubu::test;

namespace {

constexpr std::size_t most_steps = 24;
constexpr std::string_view worked_on[] = {"customer", "contact", "product", "contract", "contract_line"};

[[noreturn]] void broken(const std::string& what) {
  std::fprintf(stderr, "undo: %s\n", what.c_str());
  std::abort();
}

// KEHUBU_TRACE=1 tells what a failing input does.
void tell(const std::string& what) {
  static const bool wanted = std::getenv("KEHUBU_TRACE") != nullptr;
  if (wanted) {
    std::fprintf(stderr, "%s\n", what.c_str());
  }
}

template <typename Outcome> std::string refusal(const Outcome& outcome) {
  return outcome ? std::string() : " refused: " + outcome.error().message.en;
}

struct Dice {
  const std::uint8_t* data;
  std::size_t size, place = 0;
  std::size_t below(std::size_t limit) { return place < size ? data[place++] % limit : 0; }
  [[nodiscard]] bool used_up() const { return place >= size; }
};

struct Seen {
  std::string all;                               // the living records with what they hold, and the questions that are open
  std::map<std::string, std::string> contracts;  // each with its lines
};

std::string text_of(const Value& value) {
  const auto* number = std::get_if<std::int64_t>(&value);
  const auto* id = std::get_if<Id>(&value);
  return number != nullptr ? std::to_string(*number) : id != nullptr ? id->text() : text_or_empty(value);
}

Seen look_at(TestDevice& device) {
  Seen seen;
  for (const std::string_view name : worked_on) {
    const Entity& entity = *find_entity(name);
    std::vector<const Field*> stored;
    for (const Field& field : entity.fields) {
      if (!field.derived()) {
        stored.push_back(&field);
      }
    }
    std::vector<std::pair<std::string, std::string>> records;  // the contract that it is or belongs to, and its text
    for (const std::int64_t row : device.store().list({.entity = &entity}).value_or(std::vector<std::int64_t>{})) {
      const auto record = device.store().read_row(entity, row, stored);
      if (!record) {
        broken("a listed record cannot be read: " + record.error().message.en);
      }
      std::string contract = entity.document ? record->id.text() : std::string();
      std::string line = record->id.text();
      for (std::size_t index = 0; index < record->values.size(); ++index) {
        line += "|" + text_of(record->values[index]);
        if (entity.fields[index].id == entity.part_of) {
          contract = text_of(record->values[index]);
        }
      }
      records.emplace_back(contract, line);
    }
    std::ranges::sort(records);
    for (const auto& [contract, text] : records) {
      seen.all += std::string{name} + " " + text + "\n";
      if (!contract.empty()) {
        seen.contracts[contract] += text + "\n";
      }
    }
  }
  for (const Conflict& conflict : device.conflicts()) {
    seen.all += conflict.key + " " + std::to_string(conflict.sides.size()) + "\n";
  }
  return seen;
}

std::string visible(TestDevice& device) { return look_at(device).all; }

// What each contract was like when somebody saw it.
class Album {
 public:
  void add(TestDevice& device) {
    for (auto& [contract, text] : look_at(device).contracts) {
      pictures_[contract].insert(std::move(text));
    }
  }
  void require_known(TestDevice& device, const char* when) const {
    for (const auto& [contract, text] : look_at(device).contracts) {
      const auto known = pictures_.find(contract);
      if (known == pictures_.end() || !known->second.contains(text)) {
        broken(std::string(when) + ", a contract is as nobody ever saw it:\n" + text);
      }
    }
  }

 private:
  std::map<std::string, std::set<std::string>> pictures_;
};

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

void edit(TestDevice& device, Dice& dice, const char* where) {
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
  const auto written = device.store().write({&change, 1}, {.skip_validation = !change.remove && !change.restore});
  std::string told = std::string(where) + ": " + std::string(entity.id) + " " + change.row.text().substr(0, 6);
  told += change.remove ? " remove" : change.restore ? " restore" : existing == change.row ? " change" : " create";
  for (const auto& [field, value] : change.fields) {
    told += " " + std::string(field->id) + "=" + text_of(value).substr(0, 6);
  }
  tell(told + refusal(written));
  if (!written && (written.error().message.zh.empty() || written.error().message.en.empty())) {
    broken("a refusal without a sentence");
  }
}

// One step back and the same step forth again. Where somebody else's changes have come in between, a step forth may be refused
// (docs/store.md, "Undo and redo": a deletion is not done again over what it did not know).
bool undo_once(TestDevice& device, const Album& album, bool merged) {
  const std::string before = visible(device);
  const auto undone = device.store().undo();
  tell("undo" + (undone ? ": " + undone->en : refusal(undone)));
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
  album.require_known(device, "undone");
  const auto redone = device.store().redo();
  tell("redo" + (redone ? ": " + redone->en : refusal(redone)));
  if (!redone) {
    if (!merged) {
      broken("what was undone a moment ago cannot be redone");
    }
    if (visible(device) != after) {
      broken("a refused redo changed something");
    }
    return true;
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
  const TemporaryFile file{"fuzz_undo.db"};
  const std::string& path = file.path;
  auto device = std::make_unique<TestDevice>(1, "一", path);
  sqlite3_exec(device->store().connection(), "PRAGMA synchronous=OFF; PRAGMA journal_mode=MEMORY", nullptr, nullptr, nullptr);
  TestDevice other{2};
  bool merged = false;
  Album album;
  const std::string first = visible(*device);
  for (std::size_t step = 0; step < most_steps && !dice.used_up(); ++step) {
    device->environment().now += 1000;
    other.environment().now = device->environment().now;
    switch (dice.below(12)) {
      case 0:
        undo_once(*device, album, merged);
        break;
      case 1:
      case 2:
        if (const auto stepped = dice.below(2) == 0 ? device->store().undo() : device->store().redo(); stepped) {
          tell(stepped->en);
          album.require_known(*device, "undone or redone");
        }
        break;
      case 3: {
        const std::string before = visible(*device);
        const std::int64_t now = device->environment().now;
        tell("restart");
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
        edit(other, dice, "elsewhere");
        album.add(other);
        if (dice.below(2) == 0) {
          edit(*device, dice, "here");
        }
        device->import(other.export_all());
        merged = true;
        tell("exchanged");
        break;
      case 5: {
        const std::vector<Conflict> conflicts = device->conflicts();
        if (!conflicts.empty()) {
          const Conflict& conflict = conflicts[dice.below(conflicts.size())];
          const std::size_t side = dice.below(conflict.sides.size());
          const auto decided = device->sync().resolve(conflict, side);
          tell("decide " + conflict.key + " for side " + std::to_string(side) + refusal(decided));
        }
        break;
      }
      default:
        edit(*device, dice, "here");
    }
    album.add(*device);
  }
  bool refused = false;
  while (device->store().undo_state().can_undo && !refused) {
    refused = !undo_once(*device, album, merged);
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
