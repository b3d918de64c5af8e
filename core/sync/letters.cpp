#include "core/sync/letters.h"

#include <algorithm>

#include "core/base/sort.h"
#include "core/sync/exporter.h"

namespace kehubu {
namespace {

// Whether a record has, or had when it was deleted, a number that begins like this.
Result<bool> occurs(Database& database, const Entity& entity, std::string_view beginning) {
  const std::string column = quoted(entity.number_field);
  Statement& select = database.statement("SELECT 1 FROM " + quoted(entity.id) + " WHERE " + column + " >= ?1 || '-' AND " + column +
                                         " < ?1 || '.' LIMIT 1");  // '.' is the character after '-'
  select.bind(1, beginning);
  const bool found = select.row();
  select.reset();
  KEHUBU_TRY(select.status());
  return found;
}

}  // namespace

std::vector<NumberBeginning> number_beginnings(Store& store, const Id& person, std::string_view letter) {
  std::vector<NumberBeginning> beginnings;
  const std::string code = person_card(store, person).code;
  for (const Entity* entity : entities()) {
    if (!entity->number_field.empty() && !code.empty() && !letter.empty()) {
      beginnings.push_back({entity, std::string(entity->number_prefix) + "-" + code + std::string(letter) + "-"});
    }
  }
  return beginnings;
}

Result<std::vector<UsedLetter>> letters_in_use(StoreInternals& store, SyncTables& tables, const Id& person) {
  std::vector<UsedLetter> used;
  const DeviceIdentity& own = store.identity();
  KEHUBU_TRY_ASSIGN(peers, tables.peers());
  for (const Peer& peer : peers) {
    if (peer.person == person && peer.device != own.device && !peer.letter.empty()) {
      used.push_back({peer.letter, peer.name});
    }
  }
  const std::string code = person_card(store, person).code;
  Database database{store.connection()};
  for (char character = 'A'; character <= 'Z' && !code.empty(); ++character) {
    const std::string letter(1, character);
    const bool is_ours = person == own.person && letter == own.letter;
    if (is_ours || std::ranges::find(used, letter, &UsedLetter::letter) != used.end()) {
      continue;
    }
    for (const Entity* entity : entities()) {
      if (entity->number_field.empty()) {
        continue;
      }
      KEHUBU_TRY_ASSIGN(found, occurs(database, *entity, std::string(entity->number_prefix) + "-" + code + letter));
      if (found) {
        used.push_back({letter, {}});
        break;
      }
    }
  }
  kehubu::sort(used, {}, &UsedLetter::letter);
  return used;
}

std::string next_letter(std::span<const UsedLetter> used) {
  const auto is_free = [&](const std::string& letter) { return std::ranges::find(used, letter, &UsedLetter::letter) == used.end(); };
  std::string next = "A";
  for (const UsedLetter& one : used) {
    if (one.letter.size() == 1 && one.letter >= next && one.letter < "Z") {
      next = std::string(1, static_cast<char>(one.letter.front() + 1));
    }
  }
  for (char character = 'A'; character <= 'Z' && !is_free(next); ++character) {
    next = std::string(1, character);
  }
  return next;
}

}  // namespace kehubu
