// Undo and redo: the stack of this device's actions and the steps along it. What an inverse is: inverse.cpp.
//
// The stack lies in the table undo_stack and survives a restart; `action` … `last_action` of an entry are the actions that
// stepping back would invert together.
#include <algorithm>
#include <iterator>

#include "core/catalog/areas.h"
#include "core/rules/merge_rules.h"
#include "core/store/decide.h"
#include "core/store/store_implementation.h"
#include "core/store/transaction.h"
#include "core/store/undo_steps.h"
#include "core/store/validation.h"

namespace kehubu {
namespace {

constexpr std::int64_t longest_stack = 1000;
constexpr std::size_t most_named_referrers = 5;

}  // namespace

Status StoreImplementation::push_undo(std::int64_t action, std::int64_t last_action, const Sentence& label) {
  KEHUBU_TRY(database_->execute("DELETE FROM undo_stack WHERE undone = 1"));
  Statement& insert = database_->statement(
      "INSERT INTO undo_stack(position, action, last_action, undone, label_zh, label_en)"
      " VALUES((SELECT coalesce(max(position), 0) + 1 FROM undo_stack), ?, ?, 0, ?, ?)");
  KEHUBU_TRY(insert.bind(1, action).bind(2, last_action).bind(3, std::string_view(label.zh)).bind(4, std::string_view(label.en)).run());
  Statement& forget = database_->statement(
      "DELETE FROM undo_stack WHERE position <= (SELECT max(position) FROM undo_stack) - ?");
  return forget.bind(1, longest_stack).run();
}

// The next to undo is what was done last, the next to redo what was undone last: the one with the youngest action. By their positions
// where they were taken in order; not where one was passed over that could not be taken.
std::optional<StoreImplementation::UndoEntry> StoreImplementation::undo_entry(bool undone, std::int64_t position) {
  Statement& select = database_->statement(
      "SELECT position, action, last_action, label_zh, label_en FROM undo_stack WHERE undone = ?1 AND ?2 IN (0, position) ORDER BY action DESC LIMIT 1");
  select.bind(1, std::int64_t{undone}).bind(2, position);
  if (!found(select)) {
    return std::nullopt;
  }
  UndoEntry entry{select.integer(0), select.integer(1), select.integer(2), {std::string(select.text(3)), std::string(select.text(4))}};
  entry.last_action = std::max(entry.last_action, entry.action);  // of older programs' rows it is 0, or what was there before
  select.reset();
  return entry;
}

std::vector<UndoStep> undo_steps(Store& store, bool redo, std::size_t limit) {
  auto& own = static_cast<StoreImplementation&>(store);
  std::vector<UndoStep> steps;
  Statement& select = own.database_->statement("SELECT position, label_zh, label_en FROM undo_stack WHERE undone = ? ORDER BY action DESC LIMIT ?");
  select.bind(1, std::int64_t{redo}).bind(2, static_cast<std::int64_t>(limit));
  while (own.found(select)) {
    steps.push_back({select.integer(0), {std::string(select.text(1)), std::string(select.text(2))}});
  }
  return steps;
}

UndoState StoreImplementation::undo_state() {
  UndoState state;
  if (const auto entry = undo_entry(false, 0)) {
    state.can_undo = true;
    state.undo_label = sentence("撤销：", "Undo: ");
    state.undo_label.zh += entry->label.zh;
    state.undo_label.en += entry->label.en;
  }
  if (const auto entry = undo_entry(true, 0)) {
    state.can_redo = true;
    state.redo_label = sentence("重做：", "Redo: ");
    state.redo_label.zh += entry->label.zh;
    state.redo_label.en += entry->label.en;
  }
  return state;
}

// "李强", "您": as in "was changed by …".
Sentence StoreImplementation::author_of(DeviceNumber device, const Id& person) {
  if (device == own_device() && person == identity_.person) {
    return sentence("您", "you");
  }
  const std::string name = title(catalog::employee, person);
  const std::string& device_name = log_->device(device).name;
  return !name.empty() ? Sentence{name, name} : !device_name.empty() ? Sentence{device_name, device_name} : sentence("另一台设备", "another device");
}

Sentence StoreImplementation::author_of(Version version) {
  const auto change = log_->read(version);
  return author_of(version.device, change ? change->person : Id{});
}

// What stands in the way of a deletion by stepping back: which records, whose they are, and what to do about it.
std::optional<Error> StoreImplementation::in_use(Action& action, const Draft& draft) {
  if (!draft.remove || draft.entity == &catalog::dict_item || draft.row == identity_.person) {
    return std::nullopt;  // of these check_references_to_removed() says more
  }
  const std::vector<Obstacle> found = obstacles(action, draft, most_named_referrers);
  if (found.empty()) {
    return std::nullopt;
  }
  const Obstacle& obstacle = found.front();
  Sentence names;
  for (const Id& row : obstacle.rows) {
    const auto versions = history(*obstacle.entity, row, {});
    const Sentence author = versions && !versions->empty() ? author_of(versions->back().version) : Sentence();
    const std::string name = title(*obstacle.entity, row);
    names.zh += (names.zh.empty() ? "" : "、") + (author.zh.empty() ? name : substitute("{}（{}新建）", {name, author.zh}));
    names.en += (names.en.empty() ? "" : ", ") + (author.en.empty() ? name : substitute("{} (made by {})", {name, author.en}));
  }
  const std::string used = title(*draft.entity, draft.row), count = std::to_string(obstacle.count);
  return Error{ErrorKind::refused,
               {substitute("“{}”仍有 {} 个{}：{}。请先删除，再来做这一步", {used, count, obstacle.entity->zh, names.zh}),
                substitute("“{}” is still referred to by {} × {}: {}. Delete that first, then take this step", {used, count, obstacle.entity->en, names.en})},
               {}};
}

// Whose word the field is that somebody has said since the step; none where it shows what it showed before the step, said again or not.
Result<std::optional<Version>> StoreImplementation::said_since(const Draft& draft, const Field& field, const Change& step) {
  KEHUBU_TRY_ASSIGN(heads, heads_in_table(table_of(*draft.entity), draft.row));
  std::vector<Version> waiting;
  for (const Head& head : heads_of(heads, log_->symbol(field.id))) {
    waiting.push_back(head.version);
  }
  std::optional<Version> since;
  std::set<Version> seen;
  bool was_said = false, was_the_same = false;
  while (!waiting.empty()) {
    const Version version = waiting.back();
    waiting.pop_back();
    if (!seen.insert(version).second) {
      continue;
    }
    KEHUBU_TRY_ASSIGN(older, is_older(version, step));
    if (older) {
      KEHUBU_TRY_ASSIGN(value, materialiser_->value_at(version, field.id));
      was_said = true;
      was_the_same = was_the_same || value == draft.value_before(field);
      continue;
    }
    since = since.value_or(version);
    KEHUBU_TRY_ASSIGN(before, materialiser_->heads_before(version, field.id));
    std::ranges::copy(before, std::back_inserter(waiting));
  }
  const bool is_as_it_was = was_said ? was_the_same : draft.is_empty(field);
  return is_as_it_was ? std::optional<Version>() : since;
}

// What a step brings back stands beside whatever else was said of the record since, and no form has seen the two together: refused where
// they do not fit, or where a visit is closed since, of which nothing is changed any more. Not what was so before the step.
Status StoreImplementation::refuse_mixture(const Draft& draft, const Change& step) {
  const Table& table = table_of(*draft.entity);
  const std::span<const Field> fields = draft.entity->fields;
  if (changes_closed_fact(draft) && !draft.changes(fields[static_cast<std::size_t>(table.fact_field)])) {
    KEHUBU_TRY_ASSIGN(closed_since, said_since(draft, fields[static_cast<std::size_t>(table.fact_field)], step));
    if (closed_since) {
      return fail(ErrorKind::conflict, "“{}”之后已完成，不能再改；请新建一条更正记录", "“{}” has been done since and is never changed; add a correction instead",
                  {title(*draft.entity, draft.row)});
    }
  }
  for (const Table::Rule& rule : table.rules) {
    if (std::ranges::none_of(rule.fields, [&](std::size_t index) { return draft.changes(fields[index]); })) {
      continue;
    }
    std::vector<std::pair<const Field*, Value>> now, then;
    for (const std::size_t index : rule.fields) {
      now.emplace_back(&fields[index], draft.value_before(fields[index]));
      then.emplace_back(&fields[index], draft.value(fields[index]));
    }
    KEHUBU_TRY_ASSIGN(will_break, is_broken(*database_, *rule.rule, then));
    KEHUBU_TRY_ASSIGN(broken_now, will_break ? is_broken(*database_, *rule.rule, now) : Result<bool>(true));
    for (std::size_t place = 0; !broken_now && place < rule.fields.size(); ++place) {
      const Field& field = fields[rule.fields[place]];
      KEHUBU_TRY_ASSIGN(since, draft.writes(field) ? Result<std::optional<Version>>(std::nullopt) : said_since(draft, field, step));
      if (since) {
        const Sentence author = author_of(*since);
        const std::string name = title(*draft.entity, draft.row);
        return std::unexpected(Error{ErrorKind::conflict,
                                     {substitute("“{}”之后又被{}改过，合在一起不相符：{}；要改回来，请直接编辑它", {name, author.zh, rule.rule->zh}),
                                      substitute("“{}” was changed again by {}, and together it would not fit: {}; to change it back, edit the record itself",
                                                 {name, author.en, rule.rule->en})},
                                     {}});
      }
    }
  }
  return {};
}

// Deleting by stepping back is refused like any other deleting while something refers to the record, and so are bringing back what refers
// to something deleted, a hierarchy that leads back and fields that do not fit. Not where the record's own changes decided a question: that is open again then.
Status StoreImplementation::refuse_what_does_not_fit(const std::vector<RecordWrite>& writes) {
  Action action = make_action();
  std::set<Id> decided, decided_again, ordinary;
  std::map<Id, Change> steps;  // of each record the first change
  for (const RecordWrite& write : writes) {
    for (const Version& version : write.inverts) {
      KEHUBU_TRY_ASSIGN(change, log_->read(version));
      KEHUBU_TRY_ASSIGN(of_decision, is_of_decision(change));
      KEHUBU_TRY_ASSIGN(decides_again, undid_decision(change));
      (of_decision ? decided : ordinary).insert(write.row);
      decides_again ? void(decided_again.insert(write.row)) : void();
      steps.try_emplace(write.row, std::move(change));
    }
  }
  for (const RecordWrite& write : writes) {
    const bool goes_along = write.inverts.empty();  // a line with its document
    const bool reopens = decided.contains(write.row) || (goes_along && ordinary.empty());
    Draft& draft = action.open(*write.table->entity, write.row, false);
    draft.remove = write.removed == true;
    draft.restore = write.removed == false && !reopens;
    reopens ? void(decided.insert(write.row)) : void();
    for (const auto& [symbol, value] : write.cells) {
      const int index = write.table->field_index(symbol);
      if (index >= 0) {
        action.say(draft, write.table->entity->fields[static_cast<std::size_t>(index)], value);
      }
    }
  }
  Findings found;
  check_references_to_removed(action, found);
  for (const Draft& draft : action.drafts()) {
    if (decided_again.contains(draft.row)) {
      continue;  // what the decision was free to leave as another question, it is again
    }
    draft.remove ? void() : check_hierarchies(action, found, draft);
    check_references_brought_back(*this, action, found, draft);
  }
  const auto first = std::ranges::find_if(found.all(), [&](const Finding& problem) { return problem.draft == nullptr || !decided.contains(problem.draft->row); });
  if (first != found.all().end()) {
    auto used = first->draft != nullptr ? in_use(action, *first->draft) : std::nullopt;
    return std::unexpected(used ? std::move(*used) : Error{ErrorKind::refused, first->message, {}});
  }
  for (const Draft& draft : action.drafts()) {
    const auto step = steps.find(draft.row);
    if (step != steps.end() && !draft.remove && !decided.contains(draft.row) && !decided_again.contains(draft.row)) {
      KEHUBU_TRY(refuse_mixture(draft, step->second));
    }
  }
  return {};
}

// Whether a question is open about what is written: about a record that is deleted or comes back, or about a field.
Result<StoreImplementation::Asked> StoreImplementation::asked_about(const Inverse& inverse) {
  Asked asked;
  for (const RecordWrite& write : inverse.writes) {
    const auto record = read_stored(*write.table->entity, write.row);
    if (!record || !record->in_conflict) {
      continue;
    }
    KEHUBU_TRY_ASSIGN(disputed, disputed_fields(*record));
    const auto is_disputed = [&](const auto& cell) { return std::ranges::find(disputed, cell.first) != disputed.end(); };
    asked.of_record = asked.of_record || write.removed;
    asked.of_field = asked.of_field || std::ranges::any_of(write.cells, is_disputed);
  }
  KEHUBU_TRY(everything_was_read(failed_reads_before_));
  return asked;
}

// A decision that is undone opens what it closed, and done again it closes that; where it does not, the question is not the
// same any more, and what would be left is the decision's mere mechanics: a record deleted, with nobody asked. By what is
// open and not by how much: a decision that closes one question may open another. One that left its question open (it is among more than two
// records, or the fields still do not fit) has closed none: it is open about just this, after undoing and before doing it again; of a record
// that was asked about all the while, by somebody else's doing, that says nothing.
Status StoreImplementation::refuse_without_question(const Inverse& inverse, const std::set<std::string>& open_before, Asked before) {
  KEHUBU_TRY_ASSIGN(open_now, open_conflicts());
  const bool one_stays = std::ranges::any_of(open_now, [&](const std::string& key) { return open_before.contains(key); });
  KEHUBU_TRY_ASSIGN(now, one_stays && (inverse.of_decision || inverse.decides_again) ? asked_about(inverse) : Result<Asked>());
  const bool opens = now.of_field || (now.of_record && !before.of_record), closes = one_stays && (before.of_field || (before.of_record && !now.of_record));
  if (inverse.of_decision && !opens && std::ranges::includes(open_before, open_now)) {
    return fail(ErrorKind::conflict, "当时要决定的问题已经不在了",
                "what was decided then is no question any more");
  }
  if (inverse.decides_again && !closes && std::ranges::includes(open_now, open_before)) {
    return fail(ErrorKind::conflict, "这个问题已经有人决定了", "the question has been decided meanwhile");
  }
  return {};
}

Result<std::set<std::string>> StoreImplementation::open_conflicts() {
  std::set<std::string> keys;
  Statement& select = database_->statement("SELECT key FROM conflict");
  while (select.row()) {
    keys.emplace(select.text(0));
  }
  select.reset();
  KEHUBU_TRY(select.status());
  return keys;
}

// All within the transaction, which notices first what another program has written to the file meanwhile.
Result<Sentence> StoreImplementation::step_back(bool redo, std::int64_t position) {
  Transaction transaction{*this};
  KEHUBU_TRY(transaction.begin());
  const auto entry = undo_entry(redo, position);
  if (!entry) {
    KEHUBU_TRY(everything_was_read(failed_reads_before_));
    return redo ? fail(ErrorKind::refused, "没有可以重做的操作", "There is nothing to redo")
                : fail(ErrorKind::refused, "没有可以撤销的操作", "There is nothing to undo");
  }
  Result<Sentence> done = take_step(redo, *entry);
  if (done) {
    KEHUBU_TRY(transaction.commit());
    return done;
  }
  Error why = std::move(done).error();
  if (why.kind == ErrorKind::refused || why.kind == ErrorKind::conflict || why.kind == ErrorKind::unsupported) {  // else it is not the step's fault
    why.message = {substitute(redo ? "不能重做“{}”：{}" : "不能撤销“{}”：{}", {entry->label.zh, why.message.zh}),
                   substitute(redo ? "“{}” cannot be redone: {}" : "“{}” cannot be undone: {}", {entry->label.en, why.message.en})};
  }
  return std::unexpected(std::move(why));
}

// What was done, in words.
Result<Sentence> StoreImplementation::take_step(bool redo, const UndoEntry& entry) {
  const ChangeKind kind = redo ? ChangeKind::redo : ChangeKind::undo;
  KEHUBU_TRY_ASSIGN(inverse, inverse_of(entry, kind));
  KEHUBU_TRY(refuse_what_does_not_fit(inverse.writes));
  KEHUBU_TRY_ASSIGN(open_before, open_conflicts());
  const bool may_be_asked = (inverse.of_decision || inverse.decides_again) && !open_before.empty();
  KEHUBU_TRY_ASSIGN(asked_before, may_be_asked ? asked_about(inverse) : Result<Asked>());
  const std::int64_t first = log_->last_sequence(own_device()) + 1;
  KEHUBU_TRY_ASSIGN(action, append_action(inverse.writes));
  KEHUBU_TRY(refuse_what_never_was(inverse, first));
  KEHUBU_TRY(refuse_without_question(inverse, open_before, asked_before));
  KEHUBU_TRY_ASSIGN(last, log_->read({own_device(), log_->last_sequence(own_device())}));
  Statement& update =
      database_->statement("UPDATE undo_stack SET action = ?, last_action = ?, undone = ? WHERE position = ?");
  KEHUBU_TRY(update.bind(1, action).bind(2, last.action).bind(3, std::int64_t{!redo}).bind(4, entry.position).run());
  Sentence done = redo ? sentence("已重做：", "Redone: ") : sentence("已撤销：", "Undone: ");
  done.zh += entry.label.zh;
  done.en += entry.label.en;
  if (inverse.of_decision) {
    done.zh += "。这个问题重新等您决定。";
    done.en += ". The question is open again.";
  }
  // Whoever steps back does not see that somebody waits for an answer to just this.
  KEHUBU_TRY_ASSIGN(open_now, open_conflicts());
  const auto closed = std::ranges::count_if(open_before, [&](const std::string& key) { return !open_now.contains(key); });
  if (closed > 0) {
    const std::string count = std::to_string(closed);
    done.zh += substitute("。有 {} 个冲突原来等您决定，这一步就是裁定。", {count});
    done.en += substitute(". {} conflict{s} waited for your decision; this step decided.", {count});
  }
  const auto opened = std::ranges::count_if(open_now, [&](const std::string& key) { return !open_before.contains(key); });
  if (opened > 0 && !inverse.of_decision) {  // of a decision it has been said
    const std::string count = std::to_string(opened);
    done.zh += substitute("。又有 {} 个冲突等您决定。", {count});
    done.en += substitute(". Your decision is needed on {} more conflict{s}.", {count});
  }
  return done;
}

Result<Sentence> take_step(Store& store, bool redo, std::int64_t position) { return static_cast<StoreImplementation&>(store).step_back(redo, position); }

}  // namespace kehubu
