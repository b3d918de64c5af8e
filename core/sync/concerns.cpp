#include "core/sync/concerns.h"

#include <algorithm>
#include <optional>

#include "core/base/text.h"
#include "core/store/tables.h"
#include "core/sync/examination.h"
#include "core/sync/words.h"

namespace kehubu {
namespace {

constexpr std::size_t most_told = 200;

void append_clause(Sentence& sentence, const Sentence& clause) {
  sentence.zh += (sentence.zh.empty() ? "" : "；") + clause.zh;
  sentence.en += (sentence.en.empty() ? "" : "; ") + clause.en;
}

}  // namespace

Status Concerns::create() {
  return database_.execute(
      "CREATE TABLE IF NOT EXISTS sync_concern(number INTEGER PRIMARY KEY, kind INTEGER NOT NULL, entity TEXT NOT NULL, row BLOB NOT NULL,"
      " zh TEXT NOT NULL, en TEXT NOT NULL, at INTEGER NOT NULL)");
}

Status Concerns::keep(const Sync::Concern& concern) {
  Statement& insert = database_.statement("INSERT INTO sync_concern(kind, entity, row, zh, en, at) VALUES(?, ?, ?, ?, ?, ?)");
  insert.bind(1, static_cast<std::int64_t>(concern.kind)).bind(2, concern.record.entity->id).bind(3, concern.record.row);
  KEHUBU_TRY(insert.bind(4, std::string_view(concern.text.zh)).bind(5, std::string_view(concern.text.en)).bind(6, concern.at).run());
  Statement& forget = database_.statement("DELETE FROM sync_concern WHERE number <= (SELECT max(number) FROM sync_concern) - ?");
  return forget.bind(1, static_cast<std::int64_t>(most_told)).run();
}

Result<std::vector<Sync::Concern>> Concerns::all() {
  std::vector<Sync::Concern> concerns;
  Statement& select = database_.statement("SELECT number, kind, entity, row, zh, en, at FROM sync_concern ORDER BY number DESC");
  while (select.row()) {
    Sync::Concern concern;
    concern.number = select.integer(0);
    concern.kind = static_cast<Sync::Concern::Kind>(select.integer(1));
    concern.record = {find_entity(select.text(2)), select.id(3)};
    concern.text = {std::string(select.text(4)), std::string(select.text(5))};
    concern.at = select.integer(6);
    if (concern.record.entity != nullptr) {
      concerns.push_back(std::move(concern));
    }
  }
  KEHUBU_TRY(select.status());
  return concerns;
}

Status Concerns::put_away() { return database_.execute("DELETE FROM sync_concern"); }

// Written here, or by this device's person on another one.
bool Concerns::is_mine(Version version, const Id& person) const {
  return log_.device_id(version.device) == store_.identity().device || (!person.empty() && person == store_.identity().person);
}

// "客户“博海餐饮”的", "合同“年度供货”的合同明细 2 的"
Result<Sentence> Concerns::place_words(const Entity& entity, const Id& row) {
  if (entity.part_of.empty()) {
    const Sentence record = record_words(store_, entity, row);
    return Sentence{substitute("{}的", {record.zh}), substitute("{}: ", {record.en})};
  }
  const Field& part_of = *entity.find(entity.part_of);
  KEHUBU_TRY_ASSIGN(line, store_.read(entity, row));
  const Sentence document = record_words(store_, *find_entity(part_of.references), id_or_empty(line.value(part_of.id)));
  const Sentence number = value_words(store_, *entity.find(entity.title_field), line.value(entity.title_field));
  return Sentence{substitute("{}的{} {} 的", {document.zh, entity.zh, number.zh}), substitute("{}, {} {}: ", {document.en, entity.en, number.en})};
}

// What a decision says of one cell, where it replaced what was mine with something else. Empty where it did not.
Result<Sentence> Concerns::cell_words(const Entity& entity, const Change& decision, const FieldChange& cell, const Sentence& where) {
  std::optional<FieldChange> mine;
  for (const Version& version : cell.replaced) {
    KEHUBU_TRY_ASSIGN(change, log_.read(version));
    const auto own = std::ranges::find(change.fields, cell.field, &FieldChange::field);
    if (is_mine(version, change.person) && (own != change.fields.end() || cell.field == deleted_field)) {
      mine = own != change.fields.end() ? *own : FieldChange{cell.field, std::int64_t{0}, {}};
    }
  }
  if (!mine || mine->value == cell.value) {
    return Sentence{};
  }
  if (cell.field == deleted_field) {
    const Sentence what = record_in_full(store_, entity, decision.row);
    return integer_or(cell.value, 0) != 0 ? Sentence{substitute("删除{}，您写在上面的也随之删除", {what.zh}), substitute("{} is deleted, and what you had written on it", {what.en})}
                                          : Sentence{substitute("保留{}，您的删除不作数", {what.zh}), substitute("{} stays; your deletion does not count", {what.en})};
  }
  const Field* field = entity.find(cell.field);
  if (field == nullptr || field->derived()) {
    return Sentence{};
  }
  KEHUBU_TRY_ASSIGN(before, value_before(store_, entity, *mine));
  const Sentence now = value_words(store_, *field, cell.value), written = value_words(store_, *field, mine->value), was = value_words(store_, *field, before);
  return Sentence{substitute("{}{}定为“{}”（您写的是“{}”，原来是“{}”）", {where.zh, field->zh, now.zh, written.zh, was.zh}),
                  substitute("{}{} is \"{}\" (you wrote \"{}\", before it was \"{}\")", {where.en, field->en, now.en, written.en, was.en})};
}

// By how much the clock of what a device decided against by itself was ahead of its own (merge_clocks.cpp); 0 where a person decided.
Result<std::int64_t> Concerns::clock_ahead_of(const Change& decision) {
  std::int64_t ahead = 0;
  for (const FieldChange& cell : decision.fields) {
    for (const Version& version : decision.person.empty() ? cell.replaced : std::vector<Version>()) {
      KEHUBU_TRY_ASSIGN(change, log_.read(version));
      ahead = is_mine(version, change.person) ? std::max(ahead, change.clock - decision.clock) : ahead;
    }
  }
  return ahead > doubted_clock_ms ? ahead : 0;
}

Result<Sentence> Concerns::decided_words(const Change& decision) {
  const Entity* entity = find_entity(decision.entity);
  if (entity == nullptr || is_mine(decision.version, decision.person)) {
    return Sentence{};
  }
  Sentence clauses;
  const auto removed = std::ranges::find(decision.fields, deleted_field, &FieldChange::field);
  const bool removes = removed != decision.fields.end() && integer_or(removed->value, 0) != 0;
  KEHUBU_TRY_ASSIGN(where, place_words(*entity, decision.row));
  for (const FieldChange& cell : decision.fields) {
    if (removes && cell.field != deleted_field) {
      continue;  // what becomes of its values does not matter any more
    }
    KEHUBU_TRY_ASSIGN(clause, cell_words(*entity, decision, cell, where));
    if (!clause.zh.empty()) {
      append_clause(clauses, clause);
    }
  }
  if (clauses.zh.empty()) {
    return Sentence{};
  }
  KEHUBU_TRY_ASSIGN(author, author_of(store_, decision.version));
  KEHUBU_TRY_ASSIGN(ahead, clock_ahead_of(decision));
  if (ahead > 0) {
    const Sentence by = duration_words(ahead);
    append_clause(clauses, {substitute("您写的时候，那台设备的时钟快了 {}，所以没有占先", {by.zh}),
                            substitute("the clock of the device that you wrote on was {} ahead, so it did not win as the later one", {by.en})});
  }
  const Sentence who = author_words(store_, author);
  const std::string when = format_date_time(decision.clock);
  return Sentence{substitute("{} 于 {} 裁定：{}。", {who.zh, when, clauses.zh}), substitute("{} decided on {}: {}.", {who.en, when, clauses.en})};
}

// A value of mine that lost without a decision. Empty where the tables show the same after all.
Result<Sentence> Concerns::lost_words(const Loss& loss) {
  KEHUBU_TRY_ASSIGN(record, store_.read(*loss.entity, loss.row));
  KEHUBU_TRY_ASSIGN(mine, store_.materialiser().value_at(loss.version, loss.field->id));
  const Value& now = record.value(loss.field->id);
  if (now == mine || record.deleted) {
    return Sentence{};
  }
  KEHUBU_TRY_ASSIGN(where, place_words(*loss.entity, loss.row));
  const Sentence shown = value_words(store_, *loss.field, now), written = value_words(store_, *loss.field, mine);
  if (!loss.entity->fact_field.empty() && text_or_empty(record.value(loss.entity->fact_field)) == loss.entity->fact_value) {
    return Sentence{substitute("{}{}仍是“{}”：您改为“{}”时，这条记录已经完成，完成的记录不再修改；需要更正请另建一条更正记录。", {where.zh, loss.field->zh, shown.zh, written.zh}),
                    substitute("{}{} stays \"{}\": when you changed it to \"{}\", the record had been done, and done records are not changed; add a correction if one is needed.",
                               {where.en, loss.field->en, shown.en, written.en})};
  }
  return Sentence{substitute("{}{}现在是“{}”：别人写得比您晚（您写的是“{}”，在历史里）。", {where.zh, loss.field->zh, shown.zh, written.zh}),
                  substitute("{}{} is now \"{}\": somebody wrote it later than you (you wrote \"{}\"; it is in the history).", {where.en, loss.field->en, shown.en, written.en})};
}

Result<std::vector<Sentence>> Concerns::note(std::span<const Version> decisions, std::span<const Loss> losses) {
  std::vector<Sentence> told;
  const auto tell = [&](Sync::Concern concern) -> Status {
    if (concern.text.zh.empty() || told.size() == most_told) {
      return {};
    }
    told.push_back(concern.text);
    return keep(concern);
  };
  for (const Version& version : decisions) {
    KEHUBU_TRY_ASSIGN(decision, log_.read(version));
    KEHUBU_TRY_ASSIGN(words, decided_words(decision));
    KEHUBU_TRY(tell({.kind = Sync::Concern::Kind::decided, .record = {find_entity(decision.entity), decision.row}, .text = std::move(words), .at = decision.clock}));
  }
  for (const Loss& loss : losses) {
    KEHUBU_TRY_ASSIGN(words, lost_words(loss));
    KEHUBU_TRY(tell({.kind = Sync::Concern::Kind::superseded, .record = {loss.entity, loss.row}, .text = std::move(words), .at = store_.environment().now_ms()}));
  }
  return told;
}

}  // namespace kehubu
