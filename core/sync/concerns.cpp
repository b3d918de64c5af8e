#include "core/sync/concerns.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "core/base/text.h"
#include "core/store/late_edits.h"
#include "core/store/read_if_there.h"
#include "core/store/tables.h"
#include "core/sync/document_words.h"
#include "core/sync/examination.h"
#include "core/sync/new_device.h"
#include "core/sync/tables.h"
#include "core/sync/words.h"

namespace kehubu {
namespace {

constexpr std::int64_t most_remembered = 200;

// What lives of the two is the same, and says the same.
bool are_alike(const std::vector<DocumentRecord>& before, const std::vector<DocumentRecord>& after) {
  const auto is_in = [](const DocumentRecord& record, const std::vector<DocumentRecord>& all) {
    return record.removed || std::ranges::any_of(all, [&](const DocumentRecord& one) { return one.row == record.row && !one.removed && one.values == record.values; });
  };
  return std::ranges::all_of(before, [&](const DocumentRecord& one) { return is_in(one, after); }) &&
         std::ranges::all_of(after, [&](const DocumentRecord& one) { return is_in(one, before); });
}

void append_clause(Sentence& sentence, const Sentence& clause) {
  sentence.zh += (sentence.zh.empty() ? "" : "；") + clause.zh;
  sentence.en += (sentence.en.empty() ? "" : "; ") + clause.en;
}

Sentence left_out_words(std::int64_t count) {
  const std::string number = std::to_string(count);
  return {substitute("另有至多 {} 处您写的值也没有保留（被裁定为别的，或以别人写得晚的为准），太多了，不逐一列出；每条记录的“修改历史”里都有。", {number}),
          substitute("Up to {} more value{s} of yours did not stand either (decided otherwise, or others wrote later): too many to be listed one by one; each is in the "
                     "history of its record.",
                     {number})};
}

}  // namespace

// Older programs kept the sentences themselves, which may have become false since.
Status Concerns::create() {
  if (!is_read_only(database_)) {
    KEHUBU_TRY(database_.execute("DROP TABLE IF EXISTS sync_concern"));
  }
  return make_tables(database_,
                     "CREATE TABLE IF NOT EXISTS sync_overruled(number INTEGER PRIMARY KEY, settled INTEGER NOT NULL, entity TEXT NOT NULL, row BLOB NOT NULL,"
                     " field TEXT NOT NULL, device INTEGER NOT NULL, sequence INTEGER NOT NULL, told TEXT NOT NULL, UNIQUE(entity, row, field))");
}

// One row a cell: what he wrote last is what is told of.
Status Concerns::remember(bool settled, const Entity& entity, const Id& row, std::string_view field, Version mine) {
  Statement& insert = database_.statement("INSERT OR REPLACE INTO sync_overruled(number, settled, entity, row, field, device, sequence, told)"
                                          " VALUES((SELECT coalesce(max(number), 0) + 1 FROM sync_overruled), ?, ?, ?, ?, ?, ?, '')");
  insert.bind(1, std::int64_t{settled}).bind(2, entity.id).bind(3, row).bind(4, field);
  return insert.bind(5, std::int64_t{mine.device}).bind(6, mine.sequence).run();
}

// How many of this person's values are told of by their number only, since the oldest give way to others.
Result<std::int64_t> Concerns::leave_out_oldest() {
  std::vector<Version> untold;
  Statement& select = database_.statement("SELECT device, sequence FROM sync_overruled WHERE told = '' AND number NOT IN"
                                          " (SELECT number FROM sync_overruled ORDER BY number DESC LIMIT ?)");
  select.bind(1, most_remembered);
  while (select.row()) {
    untold.push_back({static_cast<DeviceNumber>(select.integer(0)), select.integer(1)});
  }
  KEHUBU_TRY(select.status());
  std::int64_t count = 0;
  for (const Version& version : untold) {
    KEHUBU_TRY_ASSIGN(written, log_.read(version));
    count += is_mine(version, written.person) ? 1 : 0;
  }
  Statement& forget = database_.statement("DELETE FROM sync_overruled WHERE number NOT IN (SELECT number FROM sync_overruled ORDER BY number DESC LIMIT ?)");
  KEHUBU_TRY(forget.bind(1, most_remembered).run());
  return count;
}

std::string Concerns::left_out_setting() const { return "concerns_left_out/" + store_.identity().person.text(); }

std::int64_t Concerns::left_out() const {
  const std::string text = store_.setting(left_out_setting());
  std::int64_t count = 0;
  std::from_chars(text.data(), text.data() + text.size(), count);
  return count;
}

// The latest first.
Result<std::vector<Concerns::Overruled>> Concerns::overruled() {
  std::vector<Overruled> rows;
  Statement& select = database_.statement("SELECT number, settled, entity, row, field, device, sequence, told FROM sync_overruled ORDER BY number DESC");
  while (select.row()) {
    Overruled one;
    one.number = select.integer(0);
    one.settled = select.integer(1) != 0;
    one.entity = find_entity(select.text(2));
    one.row = select.id(3);
    one.field = select.text(4);
    one.mine = {static_cast<DeviceNumber>(select.integer(5)), select.integer(6)};
    one.told = select.text(7);
    if (one.entity != nullptr && log_.contains(one.mine)) {
      rows.push_back(std::move(one));
    }
  }
  KEHUBU_TRY(select.status());
  // Others have used this device: what is theirs waits until they do again.
  std::vector<Overruled> own;
  for (Overruled& one : rows) {
    KEHUBU_TRY_ASSIGN(written, log_.read(one.mine));
    if (is_mine(one.mine, written.person)) {
      own.push_back(std::move(one));
    }
  }
  return own;
}

// What is another person's, who has used this device, waits for him.
Status Concerns::put_away() {
  KEHUBU_TRY_ASSIGN(rows, overruled());
  for (const Overruled& one : rows) {
    Statement& forget = database_.statement("DELETE FROM sync_overruled WHERE number = ?");
    KEHUBU_TRY(forget.bind(1, one.number).run());
  }
  return left_out() > 0 ? store_.set_setting(left_out_setting(), "") : Status();
}

// By this device's person, on whatever device; where nobody is named, on this one, under whatever name. What the person before wrote here
// is not his.
bool Concerns::is_mine(Version version, const Id& person) const {
  const Id& me = store_.identity().person;
  if (!person.empty() && !me.empty()) {
    return person == me;
  }
  const std::vector<DeviceNumber> own = own_histories(store_);
  return std::ranges::find(own, version.device) != own.end();
}

Sentence Concerns::where_he_wrote(Version mine) const {
  const std::vector<DeviceNumber> own = own_histories(store_);
  const std::string& name = log_.device(mine.device).name;
  if (std::ranges::find(own, mine.device) != own.end()) {
    return {};
  }
  return name.empty() ? Sentence{"在另一台设备上", " on another device"} : Sentence{substitute("在“{}”上", {name}), substitute(" on \"{}\"", {name})};
}

// --- what there is to say of it now

// "客户“博海餐饮”的", "合同“年度供货”的合同明细 2 的"
Result<Sentence> Concerns::place_words(const Entity& entity, const Record& record) {
  if (entity.part_of.empty()) {
    const Sentence words = record_words(store_, entity, record.id);
    return Sentence{substitute("{}的", {words.zh}), substitute("{}: ", {words.en})};
  }
  const Field& part_of = *entity.find(entity.part_of);
  const Sentence document = record_words(store_, *find_entity(part_of.references), id_or_empty(record.value(part_of.id)));
  const Sentence number = value_words(store_, *entity.find(entity.title_field), record.value(entity.title_field));
  return Sentence{substitute("{}的{} {} 的", {document.zh, entity.zh, number.zh}), substitute("{}, {} {}: ", {document.en, entity.en, number.en})};
}

Result<Value> Concerns::value_of(const Overruled& one) {
  KEHUBU_TRY_ASSIGN(value, store_.materialiser().value_at(one.mine, one.field));
  return one.field == deleted_field && is_null(value) ? Value(std::int64_t{0}) : value;
}

// The head that the tables show, of several that say the same his own; none where they show his own value, or a rule's.
Result<std::optional<Version>> Concerns::standing_head(const Overruled& one, const Record& record) {
  KEHUBU_TRY_ASSIGN(mine, value_of(one));
  const bool of_life = one.field == deleted_field;
  const Value shown = of_life ? Value(std::int64_t{record.deleted}) : record.value(one.field);
  if (shown == mine || (record.deleted && !of_life)) {
    return std::optional<Version>();
  }
  KEHUBU_TRY_ASSIGN(heads, store_.materialiser().heads(*one.entity, one.row, one.field));
  std::optional<Version> standing;
  for (const Version head : heads) {
    KEHUBU_TRY_ASSIGN(value, store_.materialiser().value_at(head, one.field));
    if (value != shown) {
      continue;
    }
    standing = standing ? standing : head;
    KEHUBU_TRY_ASSIGN(said, store_.materialiser().said_by(head, one.field));
    KEHUBU_TRY_ASSIGN(change, log_.read(said));
    if (is_mine(said, change.person)) {
      return std::optional(head);
    }
  }
  return standing;
}

// "客户“博海餐饮”的客户级别定为“A级”（您写的是“C级”，原来是“B级”）"
Result<Sentence> Concerns::value_clause(const Overruled& one, const Record& record, const Change& answer, bool decided) {
  const Field& field = *one.entity->find(one.field);
  KEHUBU_TRY_ASSIGN(place, place_words(*one.entity, record));
  KEHUBU_TRY_ASSIGN(change, log_.read(one.mine));
  KEHUBU_TRY_ASSIGN(before, seen_before(one, change, answer));
  KEHUBU_TRY_ASSIGN(mine, value_of(one));
  const bool he_decided = change.kind == ChangeKind::resolve;
  const Sentence now = value_words(store_, field, record.value(one.field)), written = value_words(store_, field, mine), where = where_he_wrote(one.mine);
  const Sentence was = before ? value_words(store_, field, *before) : Sentence{};
  return Sentence{substitute("{}{}{}“{}”（您{}{}的是“{}”{}）", {place.zh, field.zh, decided ? "定为" : "改为", now.zh, where.zh, he_decided ? "裁定" : "写", written.zh,
                                                                   before ? substitute("，原来是“{}”", {was.zh}) : ""}),
                  substitute("{}{} is \"{}\" (you {}{} \"{}\"{})", {place.en, field.en, now.en, he_decided ? "had decided on" : "wrote", where.en, written.en,
                                                                    before ? substitute(", before it was \"{}\"", {was.en}) : ""})};
}

// By how much the clock of what a device decided against by itself was ahead of its own (merge_clocks.cpp); 0 where a person
// decided, and where what it decided for had been written later all the same.
Result<std::int64_t> Concerns::clock_ahead_of(const Overruled& one, const Change& decision) {
  const FieldChange* decided = find_cell(decision, one.field);
  if (decision.kind != ChangeKind::resolve || !decision.person.empty() || decided == nullptr) {
    return 0;
  }
  KEHUBU_TRY_ASSIGN(mine, log_.read(one.mine));
  for (const Version& version : decided->replaced) {
    KEHUBU_TRY_ASSIGN(other, log_.read(version));
    const FieldChange* cell = find_cell(other, one.field);
    if (cell != nullptr && cell->value == decided->value && other.clock >= mine.clock) {
      return 0;
    }
  }
  return mine.clock - decision.clock;
}

Concerns::Clause Concerns::clause_while_open(const Conflict& question) {
  Clause clause{.group = "open/" + question.key, .lead = conflicts_.words_while_open(question), .text = {}};
  for (const ConflictSide& side : question.sides) {
    for (const Author& author : side.authors) {
      clause.at = std::max(clause.at, author.clock);
    }
  }
  return clause;
}

// While the question that the value is part of is open, nobody has the last word.
Result<std::optional<Concerns::Clause>> Concerns::open_clause(const Overruled& one) {
  KEHUBU_TRY_ASSIGN(open, conflicts_.question_about(*one.entity, one.row, one.field));
  if (!open) {
    return std::optional<Clause>();
  }
  return std::optional(clause_while_open(*open));
}

// The question that is open since a decision met what did not know of it: somewhere in its action it is one of the sides. What it
// decided beside that is settled no more than the question is.
Result<std::optional<Conflict>> Concerns::question_over(const Change& decision) {
  const auto [place, is_new] = questions_over_.try_emplace({decision.version.device, decision.action});
  if (is_new && decision.kind == ChangeKind::resolve && !decision.person.empty()) {
    const std::int64_t first = std::max(decision.action, log_.device(decision.version.device).base + 1);  // the beginning may lie before a branch's own
    for (Version next{decision.version.device, first}; !place->second && log_.contains(next); ++next.sequence) {
      KEHUBU_TRY_ASSIGN(change, log_.read(next));
      if (change.action != decision.action) {
        break;
      }
      KEHUBU_TRY_ASSIGN(question, question_with(change));
      place->second = std::move(question);
    }
  }
  return place->second;
}

Result<std::optional<Conflict>> Concerns::question_with(const Change& decision) {
  const Entity* entity = find_entity(decision.entity);
  for (const FieldChange& cell : entity != nullptr ? std::span(decision.fields) : std::span<const FieldChange>()) {
    KEHUBU_TRY_ASSIGN(question, conflicts_.question_about(*entity, decision.row, cell.field));
    for (const ConflictSide& side : question ? std::span(question->sides) : std::span<ConflictSide>()) {
      for (const Version head : side.heads) {
        KEHUBU_TRY_ASSIGN(said, store_.materialiser().said_by(head, cell.field));
        if (said == decision.version) {
          return question;
        }
      }
    }
  }
  return std::optional<Conflict>();
}

// Of a line that went with its document that is told, whoever of the others wrote the document itself.
Result<std::optional<Concerns::Clause>> Concerns::deleted_with_document(const Overruled& line, const RecordName& document, const Record& record) {
  Overruled whole = line;
  whole.entity = document.entity;
  whole.row = document.row;
  whole.field = deleted_field;
  KEHUBU_TRY_ASSIGN(head, standing_head(whole, record));
  KEHUBU_TRY_ASSIGN(deletion, head ? log_.read(*head) : Result<Change>());
  const bool decided = head && deletion.kind == ChangeKind::resolve;
  return decided && line.field == deleted_field ? decided_clause(whole, record) : Result<std::optional<Clause>>();
}

// Of a document that a decision deleted and that somebody has restored since, not always as it was on his side. None where it
// was not deleted; without words where nothing of his is lost, or he restored it.
Result<std::optional<Concerns::Clause>> Concerns::restored_clause(const Overruled& one, const Change& decision) {
  const RecordName document{one.entity, one.row};
  KEHUBU_TRY_ASSIGN(turn, turn_of(decision, document, one.mine));
  if (!turn || !turn->after.front().removed || turn->before.front().removed) {
    return std::optional<Clause>();
  }
  Materialiser& materialiser = store_.materialiser();
  KEHUBU_TRY_ASSIGN(lives, materialiser.heads(*one.entity, one.row, deleted_field));
  KEHUBU_TRY_ASSIGN(sides, materialiser.document_sides(*one.entity, one.row));
  if (lives.empty() || sides.empty()) {
    return std::optional<Clause>();
  }
  Version restored = lives.front();  // of several that which gives it its life
  for (const Version life : lives) {
    KEHUBU_TRY_ASSIGN(value, materialiser.value_at(life, deleted_field));
    restored = integer_or(value, 0) == 0 ? life : restored;
  }
  KEHUBU_TRY_ASSIGN(said, materialiser.said_by(restored, deleted_field));
  KEHUBU_TRY_ASSIGN(restoring, log_.read(said));
  KEHUBU_TRY_ASSIGN(was, document_weight(store_, turn->before));
  KEHUBU_TRY_ASSIGN(is, document_weight(store_, sides.front().records));
  if (is_mine(said, restoring.person) || are_alike(turn->before, sides.front().records)) {
    return std::optional(Clause{});
  }
  KEHUBU_TRY_ASSIGN(author, author_of(store_, said));
  const Sentence who = author_words(store_, author), name = record_with_number(store_, *one.entity, sides.front().records.front().values);
  const std::string when = format_date_time(restoring.clock);
  Clause clause{.group = std::to_string(said.device) + "/" + std::to_string(restoring.action) + "/" + one.row.text(), .at = restoring.clock};
  clause.lead = {substitute("{} 于 {} 恢复：", {who.zh, when}), substitute("{} restored on {}: ", {who.en, when})};
  clause.text = {substitute("{}被删除后又恢复，现在是“{}”，您{}那一边的“{}”不在其中", {name.zh, is.zh, turn->where.zh, was.zh}),
                 substitute("{} was deleted and is back; it is \"{}\" now, and your \"{}\"{} is not in it", {name.en, is.en, was.en, turn->where.en})};
  return std::optional(std::move(clause));
}

// Who has the last word on a value of his that a decision met, or that nobody has it yet.
Result<std::optional<Concerns::Clause>> Concerns::decided_clause(const Overruled& one, const Record& record) {
  KEHUBU_TRY_ASSIGN(open, open_clause(one));
  if (open) {
    return open;
  }
  const bool of_side = one.field == document_field;
  KEHUBU_TRY_ASSIGN(marks, of_side ? marks_of({one.entity, one.row}, std::nullopt, false) : Result<const DocumentMarks*>(nullptr));
  KEHUBU_TRY_ASSIGN(head, of_side ? Result<std::optional<Version>>(marks->decided_against(one.mine)) : standing_head(one, record));
  if (!head) {
    return std::optional<Clause>();
  }
  KEHUBU_TRY_ASSIGN(said, store_.materialiser().said_by(*head, one.field));
  KEHUBU_TRY_ASSIGN(change, log_.read(said));
  if (is_mine(said, change.person)) {
    return std::optional<Clause>();
  }
  if (of_side && !record.deleted) {
    KEHUBU_TRY_ASSIGN(restored, restored_clause(one, change));
    if (restored) {
      return restored->text.zh.empty() ? std::optional<Clause>() : restored;
    }
  }
  const bool decided = change.kind == ChangeKind::resolve;
  const Field* field = one.entity->find(one.field);
  const bool by_program = field != nullptr && is_settled_by_program(change, *field);
  RecordName home{one.entity, one.row};
  if (!one.entity->part_of.empty()) {
    const Field& part_of = *one.entity->find(one.entity->part_of);
    home = {find_entity(part_of.references), id_or_empty(record.value(part_of.id))};
    KEHUBU_TRY_ASSIGN(document, read_if_there(store_, *home.entity, home.row));
    if (record.deleted && document && document->deleted) {
      return deleted_with_document(one, home, *document);
    }
  }
  KEHUBU_TRY_ASSIGN(turn, home.entity->document ? turn_of(change, home, one.mine) : Result<std::optional<Turn>>());
  Clause clause;
  if (of_side && (!turn || (record.deleted && !turn->after.front().removed))) {
    return std::optional<Clause>();
  }
  KEHUBU_TRY_ASSIGN(question, question_over(change));
  if (question) {
    clause = clause_while_open(*question);
    if (record.deleted) {
      KEHUBU_TRY_ASSIGN(what, what_goes(one, turn));
      const auto brings_back = [&](const Effect& effect) { return effect.kind == Effect::Kind::added && effect.record == RecordName{one.entity, one.row}; };
      const bool comes_back = std::ranges::any_of(question->sides, [&](const ConflictSide& side) { return std::ranges::any_of(side.effects, brings_back); });
      if (comes_back && !one.entity->part_of.empty()) {
        return std::optional(std::move(clause));  // said of the question
      }
      clause.text = {substitute(comes_back ? "{}在此之前是删除的，裁定保留时一并恢复" : "{}在此之前是删除的", {what.zh}),
                     substitute(comes_back ? "until then {} is deleted; keeping brings it back" : "until then {} is deleted", {what.en})};
    }
    return std::optional(std::move(clause));
  }
  const bool deleted_his_side = turn && turn->between_sides && turn->after.front().removed && !turn->before.front().removed;
  if (!of_side && one.field != deleted_field && deleted_his_side) {
    return std::optional<Clause>();  // and it is back: told of the whole (restored_clause)
  }
  if (one.field == deleted_field || (of_side && (turn->before.front().removed || turn->after.front().removed))) {
    KEHUBU_TRY_ASSIGN(what, what_goes(one, turn));
    clause.text = record.deleted ? Sentence{substitute("删除{}，您写在上面的也随之删除", {what.zh}), substitute("{} is deleted, and what you had written on it", {what.en})}
                                 : Sentence{substitute("保留{}，您的删除不作数", {what.zh}), substitute("{} stays; your deletion does not count", {what.en})};
  } else if (!of_side) {
    KEHUBU_TRY_ASSIGN(words, value_clause(one, record, change, decided && !by_program));
    clause.text = std::move(words);
    KEHUBU_TRY_ASSIGN(ahead, clock_ahead_of(one, change));
    if (ahead > 0) {  // which of the clocks is wrong nobody can tell from the two
      const Sentence by = duration_words(ahead);
      append_clause(clause.text, {substitute("您的值写得晚却没有占先，因为它和您写的那台设备的时间相差 {}，其中一台不准，请核对", {by.zh}),
                                  substitute("yours was written later and did not win, because the clocks of that device and of the one that you wrote on differ by {}: one of "
                                             "them is wrong, please check",
                                             {by.en})});
    }
  }
  KEHUBU_TRY_ASSIGN(author, author_of(store_, said));
  const Sentence who = author_words(store_, author);
  const std::string when = format_date_time(change.clock);
  const std::string device = author.device_name;
  clause.lead = by_program ? Sentence{substitute("没有人裁定，是“{}”合并时自动取的值：", {device.empty() ? "另一台设备" : device}),
                                      substitute("Nobody decided; \"{}\" took a value by itself when it merged: ", {device.empty() ? "another device" : device})}
                : decided ? Sentence{substitute("{} 于 {} 裁定：", {who.zh, when}), substitute("{} decided on {}: ", {who.en, when})}
                           : Sentence{substitute("{} 于 {} 改动：", {who.zh, when}), substitute("{} changed on {}: ", {who.en, when})};
  KEHUBU_TRY_ASSIGN(consequence, turn ? consequence_of(*turn) : Result<Sentence>());
  clause.consequence = std::move(consequence);
  clause.group = std::to_string(said.device) + "/" + std::to_string(change.action) + "/" + home.row.text();
  clause.at = change.clock;
  return std::optional(std::move(clause));
}

// Who wrote what stands now; himself on another device is told by that.
Result<Sentence> Concerns::later_writer(const Overruled& one, const Record& record) {
  KEHUBU_TRY_ASSIGN(head, standing_head(one, record));
  if (!head) {
    return Sentence{"别人", "somebody"};
  }
  KEHUBU_TRY_ASSIGN(said, store_.materialiser().said_by(*head, one.field));
  KEHUBU_TRY_ASSIGN(author, author_of(store_, said));
  if (is_mine(said, author.person) && !author.device_name.empty()) {
    return Sentence{substitute("“{}”上", {author.device_name}), substitute("\"{}\"", {author.device_name})};
  }
  return author_words(store_, author);
}

// Of what met the closing of its record: an edit, where neither knew of the other, whichever clock is the later one; or another
// closing, of which the first stands whole.
Result<std::optional<Concerns::Clause>> Concerns::late_clause(const Overruled& one, const Record& record, const Sentence& where) {
  KEHUBU_TRY_ASSIGN(closing, one.entity->fact_field.empty() ? Result<std::optional<Closing>>() : closing_of(store_.materialiser(), log_, *one.entity, one.row));
  KEHUBU_TRY_ASSIGN(shown_heads, store_.materialiser().shown_heads(*one.entity, one.row, one.field));
  if (!closing || std::ranges::find(shown_heads, one.mine) != shown_heads.end()) {
    return std::optional<Clause>();
  }
  KEHUBU_TRY_ASSIGN(author, author_of(store_, closing->said));
  const Sentence device = is_mine(closing->said, author.person) && !author.device_name.empty()
                              ? Sentence{substitute("“{}”上", {author.device_name}), substitute("\"{}\"", {author.device_name})}
                              : author_words(store_, author);
  const Field& field = *one.entity->find(one.field);
  KEHUBU_TRY_ASSIGN(mine, value_of(one));
  KEHUBU_TRY_ASSIGN(change, log_.read(one.mine));
  const Sentence shown = value_words(store_, field, record.value(one.field)), written = value_words(store_, field, mine);
  Clause clause{.group = "lost/" + std::to_string(one.number), .at = change.clock};
  if (find_cell(change, closed_field) == nullptr) {
    clause.text = {substitute("{}{}仍是“{}”：{} 完成这条记录时还不知道您改为“{}”，完成的记录不再修改；需要更正请另建一条更正记录", {where.zh, field.zh, shown.zh, device.zh, written.zh}),
                   substitute("{}{} stays \"{}\": {} completed the record without knowing that you had changed it to \"{}\", and done records are not changed; add a correction if one is needed",
                              {where.en, field.en, shown.en, device.en, written.en})};
    return std::optional(std::move(clause));
  }
  const Sentence what = record_words(store_, *one.entity, one.row);
  const std::string when = format_date_time(author.clock);
  clause.group = "closed/" + std::to_string(one.mine.device) + "/" + one.row.text();
  clause.lead = {substitute("{} 先完成了{}（{}），您也完成了它，以先完成的为准：", {device.zh, what.zh, when}),
                 substitute("{} completed {} first ({}), and so did you; the first one stands: ", {device.en, what.en, when})};
  clause.text = {substitute("{}是“{}”（您写的是“{}”）", {field.zh, shown.zh, written.zh}), substitute("{} is \"{}\" (you wrote \"{}\")", {field.en, shown.en, written.en})};
  clause.consequence = {"您写的都在历史里；两次都要算的，请另建一条联系记录", "all that you wrote is in the history; add a record of its own if there were two"};
  return std::optional(std::move(clause));
}

// A value of his that lost without a decision, while it still waits beside the one that stands: who goes on from both has
// seen it.
Result<std::optional<Concerns::Clause>> Concerns::lost_clause(const Overruled& one, const Record& record) {
  const Field& field = *one.entity->find(one.field);
  KEHUBU_TRY_ASSIGN(heads, store_.materialiser().heads(*one.entity, one.row, one.field));
  KEHUBU_TRY_ASSIGN(mine, value_of(one));
  const Value& now = record.value(one.field);
  if (now == mine || record.deleted || std::ranges::find(heads, one.mine) == heads.end()) {
    return std::optional<Clause>();
  }
  KEHUBU_TRY_ASSIGN(where, place_words(*one.entity, record));
  KEHUBU_TRY_ASSIGN(change, log_.read(one.mine));
  const Sentence shown = value_words(store_, field, now), written = value_words(store_, field, mine);
  KEHUBU_TRY_ASSIGN(late, late_clause(one, record, where));
  if (late) {
    return late;
  }
  Clause clause{.group = "lost/" + std::to_string(one.number), .at = change.clock};
  KEHUBU_TRY_ASSIGN(who, later_writer(one, record));
  const Sentence device = where_he_wrote(one.mine);
  clause.text = {substitute("{}{}现在是“{}”：{}写得比您晚（您{}写的是“{}”，在历史里）", {where.zh, field.zh, shown.zh, who.zh, device.zh, written.zh}),
                 substitute("{}{} is now \"{}\": {} wrote it later than you (you wrote{} \"{}\"; it is in the history)", {where.en, field.en, shown.en, who.en, device.en, written.en})};
  return std::optional(std::move(clause));
}

Result<std::optional<Concerns::Clause>> Concerns::clause_of(const Overruled& one) {
  const Field* field = one.entity->find(one.field);
  KEHUBU_TRY_ASSIGN(record, read_if_there(store_, *one.entity, one.row));
  if (!record || (field == nullptr && one.field != deleted_field && one.field != document_field)) {
    return std::optional<Clause>();
  }
  return one.settled ? lost_clause(one, *record) : decided_clause(one, *record);
}

Result<std::vector<Concerns::Told>> Concerns::told_now() {
  questions_over_.clear();
  KEHUBU_TRY_ASSIGN(rows, overruled());
  std::vector<Told> told;
  std::vector<std::string> told_before;  // parallel
  for (const Overruled& one : rows) {
    KEHUBU_TRY_ASSIGN(clause, clause_of(one));
    if (!clause) {
      continue;
    }
    auto same = std::ranges::find(told, clause->group, &Told::group);
    if (same == told.end()) {
      Told fresh;
      fresh.concern = {.number = one.number,
                       .kind = one.settled ? Sync::Concern::Kind::superseded : Sync::Concern::Kind::decided,
                       .record = {one.entity, one.row},
                       .text = {},
                       .at = clause->at};
      fresh.group = clause->group;
      fresh.lead = std::move(clause->lead);
      told.push_back(std::move(fresh));
      told_before.push_back(one.told);
      same = told.end() - 1;
    }
    const auto repeats = [&](const Sentence& sentence) { return sentence.zh == clause->text.zh; };
    if (!clause->text.zh.empty() && std::ranges::none_of(same->clauses, repeats)) {
      same->clauses.push_back(std::move(clause->text));
    }
    same->consequence = same->consequence.zh.empty() ? std::move(clause->consequence) : same->consequence;
    same->numbers.push_back(one.number);
    std::string& before = told_before[static_cast<std::size_t>(same - told.begin())];
    before = before == one.told ? before : std::string();
  }
  for (std::size_t index = 0; index < told.size(); ++index) {
    Sentence clauses;
    for (const Sentence& clause : told[index].clauses) {
      append_clause(clauses, clause);
    }
    if (!told[index].consequence.zh.empty()) {
      append_clause(clauses, told[index].consequence);
    }
    const Sentence& lead = told[index].lead;
    const std::string_view apart = !clauses.en.empty() && lead.en.ends_with(".") ? " " : "";
    Sentence whole{lead.zh + clauses.zh, lead.en + std::string(apart) + clauses.en};
    const bool ends = whole.zh.ends_with("。") || whole.zh.ends_with("？");
    told[index].concern.text = {whole.zh + (ends ? "" : "。"), whole.en + (ends ? "" : ".")};
    told[index].is_new = told_before[index] != told[index].concern.text.zh;
  }
  return told;
}

Result<std::vector<Sentence>> Concerns::note(std::span<const Version> decisions, std::span<const Loss> losses, std::int64_t more_losses) {
  for (const Loss& loss : losses) {
    KEHUBU_TRY(remember(loss.field != nullptr, *loss.entity, loss.row, loss.field != nullptr ? loss.field->id : deleted_field, loss.version));
  }
  KEHUBU_TRY_ASSIGN(lost, lost_sides(decisions));
  for (const Version& decision : decisions) {
    KEHUBU_TRY(remember_overruled(decision, lost));
  }
  KEHUBU_TRY_ASSIGN(oldest, leave_out_oldest());
  KEHUBU_TRY_ASSIGN(told, told_now());
  std::vector<Sentence> fresh;
  if (const std::int64_t more = oldest + more_losses; more > 0) {
    KEHUBU_TRY(store_.set_setting(left_out_setting(), std::to_string(left_out() + more)));
    fresh.push_back(left_out_words(more));
  }
  for (const Told& one : told) {
    if (!one.is_new) {
      continue;
    }
    fresh.push_back(one.concern.text);
    for (const std::int64_t number : one.numbers) {
      Statement& update = database_.statement("UPDATE sync_overruled SET told = ? WHERE number = ?");
      KEHUBU_TRY(update.bind(1, std::string_view(one.concern.text.zh)).bind(2, number).run());
    }
  }
  return fresh;
}

Result<std::vector<Sync::Concern>> Concerns::all() {
  marks_.clear();
  asked_about_.clear();
  KEHUBU_TRY_ASSIGN(told, told_now());
  std::vector<Sync::Concern> concerns;
  if (const std::int64_t more = left_out(); more > 0) {
    Sync::Concern& others = concerns.emplace_back();
    others.kind = Sync::Concern::Kind::superseded;
    others.text = left_out_words(more);
  }
  for (Told& one : told) {
    concerns.push_back(std::move(one.concern));
  }
  return concerns;
}

}  // namespace kehubu
