// write(): edits become drafts, the rules complete and check them, and what is left becomes changes in the log.
#include <algorithm>
#include <cassert>
#include <map>
#include <unordered_set>

#include "core/base/sort.h"
#include "core/base/task_result.h"
#include "core/base/text.h"
#include "core/catalog/areas.h"
#include "core/rules/approval.h"
#include "core/store/action_label.h"
#include "core/store/authorship.h"
#include "core/store/known_time.h"
#include "core/store/choice_users.h"
#include "core/store/long_write.h"
#include "core/store/numbers.h"
#include "core/store/store_implementation.h"
#include "core/store/transaction.h"
#include "core/store/validation.h"

namespace kehubu {
namespace {

constexpr std::size_t changes_at_once = 256;
constexpr std::size_t records_between_slices = 64;
constexpr std::size_t most_named_referrers = 5;
constexpr std::size_t most_told_problems = 20;

void check_facts(Findings& found, const Draft& draft) {
  if (const Field* field = changes_closed_fact(draft)) {
    found.problem(draft, *field, "这条记录已完成，不能修改；请新建一条更正记录",
                  "This record is done and never changed; add a correction instead");
  }
}

void check_unique(const World& world, Findings& found, const Draft& draft) {
  for (const Field& field : draft.entity->fields) {
    const bool looked_at = must_be_unique(*draft.entity, field) && (draft.restore || (draft.writes(field) && draft.changes(field)));
    if (!looked_at || draft.is_empty(field)) {
      continue;
    }
    for (const Id& other : world.rows_with(*draft.entity, field, draft.value(field))) {
      if (other != draft.row) {
        found.problem_about(draft, field, "{}与“{}”重复", "{} is already used by “{}”", {world.title(*draft.entity, other)});
        break;
      }
    }
  }
}

void fill_defaults(Action& action, Draft& draft) {
  for (const Field& field : draft.entity->fields) {
    if (!field.derived() && !field.default_value.empty() && !draft.writes(field)) {
      action.set_default(draft, field, default_value(field, action));
    }
  }
}

// Choices as they will be: an import adds values to a list in the same action that uses them.
class ChoicesAfter {
 public:
  ChoicesAfter(Store& store, const std::deque<Draft>& drafts) : store_(store) {
    for (const Draft& draft : drafts) {
      if (draft.entity == &catalog::dict_item && !draft.remove) {
        const DraftView<catalog::dict_item> item(draft);
        added_[item.text("list")].push_back({item.text("ident"), {item.text("zh"), item.text("en")}, true});
      }
    }
  }

  [[nodiscard]] std::span<const Store::ChoiceLabel> of(const ChoiceList& list) {
    const auto added = added_.find(list.id);
    if (added == added_.end()) {
      return store_.choices(list);
    }
    std::vector<Store::ChoiceLabel>& all = all_[&list];
    if (all.empty()) {
      const auto present = store_.choices(list);
      all.assign(present.begin(), present.end());
      all.insert(all.end(), added->second.begin(), added->second.end());
    }
    return all;
  }

 private:
  Store& store_;
  std::map<std::string, std::vector<Store::ChoiceLabel>, std::less<>> added_;
  std::map<const ChoiceList*, std::vector<Store::ChoiceLabel>> all_;
};

// Between two pieces of a long write. An ordinary one has no progress and never stops. Awaited in loops, and therefore no
// task of its own: where calls are not in tail position, each would deepen the stack.
struct Pause {
  Progress* progress;

  [[nodiscard]] bool await_ready() const { return progress == nullptr || SliceAwaiter{}.await_ready(); }
  void await_suspend(std::coroutine_handle<> waiting) const { SliceAwaiter{}.await_suspend(waiting); }
  [[nodiscard]] Status await_resume() const {
    return progress != nullptr && progress->cancelled
               ? fail(ErrorKind::cancelled, "已取消，没有改动任何数据", "Cancelled; nothing was changed")
               : Status();
  }
};

Pause pause(Progress* progress, std::size_t pieces_done) {
  if (progress != nullptr) {
    progress->done = static_cast<std::int64_t>(pieces_done);
  }
  return {progress};
}

// Every problem once, a line each. An import may have thousands; who reads them needs the first few.
std::string joined(const std::vector<Finding>& problems, bool chinese) {
  std::vector<std::string> lines;
  std::size_t left_out = 0;
  for (const auto& problem : problems) {
    if (problem.hint_only || std::ranges::find(lines, problem.message.in(chinese)) != lines.end()) {
      continue;
    }
    lines.size() < most_told_problems ? lines.push_back(problem.message.in(chinese)) : void(++left_out);
  }
  if (left_out > 0) {
    const std::string count = std::to_string(left_out);
    lines.push_back(substitute(chinese ? "另有 {} 处问题" : "and {} more problem{s}", {count}));
  }
  std::string text;
  for (const std::string& line : lines) {
    text += (text.empty() ? "" : "\n") + line;
  }
  return text;
}

}  // namespace

DeviceNumber StoreImplementation::writing_device() { return authorship_ != nullptr ? authorship_->device : own_device(); }

Action StoreImplementation::make_action() {
  const bool past = authorship_ != nullptr;
  Action::Person person{past ? authorship_->deed.person : identity_.person, {}, past ? authorship_->deed.letter : identity_.letter};
  if (!person.employee.empty()) {
    person.code = text_or_empty(value(catalog::employee, person.employee, *catalog::employee.find("code")));
  }
  Environment& environment = past ? authorship_->environment : environment_;
  return Action(*this, environment, std::move(person), past ? KnownTime{environment.now_ms(), environment.now_ms(), false} : known_time(*this));
}

void StoreImplementation::draft_edits(Action& action, std::span<const Edit> edits) {
  for (const Edit& edit : edits) {
    Statement& select = database_->statement("SELECT 1 FROM " + table_of(*edit.entity).name + " WHERE id = ?");
    select.bind(1, edit.row);
    const bool is_new = !found(select);
    select.reset();
    Draft& draft = action.open(*edit.entity, edit.row, is_new && !edit.remove);
    draft.remove = edit.remove;
    draft.restore = edit.restore;
    for (const auto& [field, value] : edit.fields) {
      action.say(draft, *field, normalised(*field, value));
    }
  }
}

// The lines of a document go with it, and come back with it: those that were alive when it was.
Status StoreImplementation::take_lines_along(Action& action) {
  for (std::size_t index = 0; index < action.drafts().size(); ++index) {
    const Draft& draft = action.drafts()[index];
    if (!draft.entity->document) {
      continue;
    }
    if (draft.remove) {
      for (const Table* lines : table_of(*draft.entity).lines) {
        for (const Id& row : action.referring(*lines->entity, lines->entity->fields[static_cast<std::size_t>(lines->part_of)], draft.row)) {
          action.remove(action.open(*lines->entity, row, false));
        }
      }
    } else if (draft.restore && draft.before) {
      KEHUBU_TRY_ASSIGN(flags, flags_of(table_of(*draft.entity), draft.row));
      if ((flags & flag_removed) == 0) {  // deleted, whether or not it is in sight because something refers to it
        continue;
      }
      KEHUBU_TRY_ASSIGN(lines, materialiser_->lines_before_deletion(*draft.entity, draft.row));
      for (const auto& [entity, row] : lines) {
        Draft& line = action.open(*entity, row, false);
        const bool comes = line.is_deleted() && !line.remove;
        line.revision += comes && !line.restore ? 1 : 0;
        line.restore = line.comes_with_document = comes;
      }
    }
  }
  return {};
}

// The lines of a document go with it and stand in nobody's way. Who has a value of a list refers to it by its identifier.
std::vector<Store::Obstacle> StoreImplementation::obstacles(const World& world, const Draft& draft, std::size_t limit) {
  std::vector<Obstacle> found;
  if (draft.entity == &catalog::dict_item) {
    auto users = users_of_choice(*database_, world, draft, limit);
    if (!users) {
      note_failed_read(std::move(users.error()));
    } else {
      found = std::move(*users);
    }
  }
  for (const Referrer& referrer : table_of(*draft.entity).referrers) {
    if (referrer.field->id == referrer.entity->part_of) {
      continue;
    }
    std::vector<Id> rows = world.referring(*referrer.entity, *referrer.field, draft.row);
    if (!rows.empty()) {
      const std::size_t count = rows.size();
      rows.resize(std::min(count, limit));
      found.push_back({referrer.entity, referrer.field, count, std::move(rows)});
    }
  }
  return found;
}

// Documents of which a side that waits has lines that need the record, out of sight: they stand in nobody's way, and may come back.
std::vector<std::string> StoreImplementation::waiting_users(const Draft& draft) {
  std::vector<std::string> names;
  for (const Referrer& referrer : table_of(*draft.entity).referrers) {
    const Table& table = table_of(*referrer.entity);
    if (table.document == nullptr || referrer.field->id == referrer.entity->part_of) {
      continue;
    }
    std::vector<Id> documents;
    Statement& select = database_->statement("SELECT DISTINCT " + quoted(referrer.entity->part_of) + " FROM " + table.name + " WHERE " + quoted(referrer.field->id) +
                                             " = ? AND live = 0 AND flags & " + std::to_string(flag_outside | flag_removed) + " = " + std::to_string(flag_outside) +
                                             " LIMIT " + std::to_string(most_named_referrers));
    select.bind(1, draft.row);
    while (found(select)) {
      documents.push_back(select.id(0));
    }
    for (const Id& document : documents) {
      names.push_back(title(*table.document->entity, document));
    }
  }
  return names;
}

std::vector<Store::Obstacle> StoreImplementation::obstacles_to_removal(const Entity& entity, const Id& id, std::size_t limit) {
  const Edit edit{.entity = &entity, .row = id, .fields = {}, .remove = true};
  Action action = make_action();
  draft_edits(action, {&edit, 1});
  return obstacles(action, action.drafts().front(), limit);
}

// Deleting what living records refer to is refused, naming up to five of them (R-GEN-07), and so is deleting whoever uses this device:
// nothing could be written in a deleted person's name.
void StoreImplementation::check_references_to_removed(const World& world, Findings& found) {
  for (const Draft& draft : world.drafts()) {
    if (!draft.remove) {
      continue;
    }
    const Field& title_field = *draft.entity->find(draft.entity->title_field);
    if (draft.entity == &catalog::employee && draft.row == identity_.person) {
      found.problem(draft, title_field, "“{}”正在使用这台设备，请先在“设置”里更换使用人，再删除",
                    "“{}” uses this device: change who uses it in the settings, then delete", {title(*draft.entity, draft.row)});
    }
    for (const std::string& waiting : waiting_users(draft)) {
      const std::string name = title(*draft.entity, draft.row);
      found.hint(draft, title_field, "“{}”有冲突等您决定，其中有一边要用到“{}”：删除之后，还会问您要不要恢复它",
                 "“{}” waits for your decision and one of its sides needs “{}”: once it is deleted you will be asked whether to bring it back", {waiting, name});
    }
    for (const Obstacle& obstacle : obstacles(world, draft, most_named_referrers)) {
      std::string names;
      for (const Id& row : obstacle.rows) {
        const std::string name = title(*obstacle.entity, row);
        names += name.empty() ? "" : (names.empty() ? "" : "、") + name;
      }
      const std::string count = std::to_string(obstacle.count);
      if (draft.entity == &catalog::dict_item) {
        const std::string label = title(*draft.entity, draft.row);
        found.problem(draft, title_field,
                      {substitute("“{}”仍有 {} 个{}在用：{}。可以改为停用：不再供选择，原有记录照常显示", {label, count, obstacle.entity->zh, names}),
                       substitute("“{}” is still in use by {} × {}: {}. It can be stopped instead: then it is offered no more, and these records read as before",
                                  {label, count, obstacle.entity->en, names})});
        continue;
      }
      found.problem(draft, title_field,
                    {substitute("仍有 {} 个{}：{}", {count, obstacle.entity->zh, names}),
                     substitute("Still referred to by {} × {}: {}", {count, obstacle.entity->en, names})});
    }
  }
}

Value StoreImplementation::derived_value(const Entity& entity, const Id& row, const Field& field, const std::deque<Draft>& drafts) {
  if (!rehearsal_) {
    rehearsal_.emplace(*database_, materialiser_->tables(), transaction_depth_ > 0);
  }
  auto value = rehearsal_->value(entity, row, field, drafts);
  if (!value) {
    note_failed_read(std::move(value.error()));
    return {};
  }
  return std::move(*value);
}

namespace {

// What rules have asked to see is put away when they have been run, whatever became of it.
class EndOfRehearsal {
 public:
  explicit EndOfRehearsal(std::optional<Rehearsal>& rehearsal) : rehearsal_(rehearsal) {}
  EndOfRehearsal(const EndOfRehearsal&) = delete;
  EndOfRehearsal& operator=(const EndOfRehearsal&) = delete;
  ~EndOfRehearsal() { rehearsal_.reset(); }

 private:
  std::optional<Rehearsal>& rehearsal_;
};

}  // namespace

Store::Foresight StoreImplementation::foresee(const Edit& edit) {
  const EndOfRehearsal end(rehearsal_);
  const std::int64_t failed_reads_before = failed_reads_;
  Action action = make_action();
  NumberCounters counters;
  draft_edits(action, {&edit, 1});
  const Draft* first = &action.drafts().front();
  Foresight foresight;
  Findings found;
  Status checked = run_to_end(complete_action(action, counters, nullptr));
  checked = checked ? run_to_end(check_action(action, found, nullptr)) : checked;
  checked = checked ? everything_was_read(failed_reads_before) : checked;
  if (!checked) {  // what was not read is no answer: nothing that follows from it is shown
    foresight.problems.push_back({nullptr, checked.error().message, false});
    return foresight;
  }
  for (const Finding& finding : found.all()) {
    if (finding.draft == first) {
      foresight.problems.push_back({finding.field, finding.message, finding.hint_only});
    }
  }
  for (const Draft::Cell& cell : first->cells) {
    const bool named = std::ranges::any_of(edit.fields, [&](const auto& asked) { return asked.first == cell.field; });
    if (!named && first->changes(*cell.field)) {
      foresight.filled.emplace_back(cell.field, cell.value);
    }
  }
  return foresight;
}

// What follows from a draft, by defaults, rules and numbering.
void StoreImplementation::complete(Action& action, Draft& draft, NumberCounters& counters) {
  if (draft.is_new) {
    fill_defaults(action, draft);
  }
  complete_draft(action, draft, Phase::complete);
  const Field* number = draft.entity->find(draft.entity->number_field);
  if (!draft.remove && number != nullptr && draft.is_empty(*number)) {
    action.set(draft, *number, next_number(*draft.entity, action, counters));
  }
  complete_draft(action, draft, Phase::follow_up);
}

// Completes all drafts, those that rules add included, until nothing changes any more.
Step<Status> StoreImplementation::complete_action(Action& action, NumberCounters& counters, Progress* progress) {
  std::vector<int> seen;  // parallel to the drafts: the revision after which a draft was completed
  std::size_t done = 0;
  for (int round = 0; round < most_rounds; ++round) {
    bool rests = true;
    for (std::size_t index = 0; index < action.drafts().size(); ++index) {
      Draft& draft = action.drafts()[index];
      seen.resize(std::max(seen.size(), index + 1));
      if (seen[index] == draft.revision) {
        continue;
      }
      rests = false;
      seen[index] = draft.revision;
      complete(action, draft, counters);
      if (++done % records_between_slices == 0) {
        rehearsal_.reset();  // others read meanwhile
        KEHUBU_CO_TRY(co_await pause(progress, done));
      }
    }
    if (rests) {
      co_return Status();
    }
    KEHUBU_CO_TRY(take_lines_along(action));
    withdraw_approvals(action);
  }
  assert(false && "rules come to rest");
  co_return fail(ErrorKind::refused, "内部错误：规则之间互相改动，没有保存",
                 "Internal error: rules change what others set; nothing was saved");
}

Step<Status> StoreImplementation::check_action(Action& action, Findings& found, Progress* progress) {
  const std::deque<Draft>& drafts = action.drafts();
  std::size_t done = drafts.size();
  check_approvals(action, found);
  check_references_to_removed(action, found);
  ChoicesAfter choices_after(*this, drafts);
  for (const Draft& draft : drafts) {
    check_draft(action, found, draft);  // first: its sentences say more than "… is required"
    if (draft.remove) {
      continue;
    }
    for (const Field& field : draft.entity->fields) {
      if (field.derived()) {
        continue;
      }
      // What was wrong before this action does not stop it; a missing value does.
      const bool written = draft.writes(field);
      const bool looked_at = draft.is_new || (written && draft.changes(field));
      if (looked_at || (field.required == Required::always && written)) {
        check_value(action, found, draft, field, draft.value(field),
                    field.list != nullptr ? choices_after.of(*field.list) : std::span<const ChoiceLabel>());
      }
    }
    if (draft.restore) {
      check_references_brought_back(*this, action, found, draft);
    }
    check_unique(action, found, draft);
    check_facts(found, draft);
    if (++done % records_between_slices == 0) {
      rehearsal_.reset();
      KEHUBU_CO_TRY(co_await pause(progress, done));
    }
  }
  co_return Status();
}

Status StoreImplementation::refuse_problems(const Findings& found, Written& written) {
  for (const Finding& finding : found.all()) {
    if (finding.hint_only) {
      written.hints.push_back(finding.message);
    }
  }
  std::string message = joined(found.all(), true);
  if (message.empty()) {
    return {};
  }
  const auto first = std::ranges::find(found.all(), false, &Finding::hint_only);
  return std::unexpected(Error{ErrorKind::invalid_input,
                               {std::move(message), joined(found.all(), false)},
                               first->field != nullptr ? std::string(first->field->id) : std::string()});
}

Result<Written> StoreImplementation::write(std::span<const Edit> edits, const WriteOptions& options) {
  return run_to_end(write_steps(edits, options, nullptr, {}));  // without progress it never stops
}

Task<Result<Written>> write_in_slices(Store& store, std::vector<Edit> edits, WriteOptions options, Progress& progress,
                                      std::function<Status()> together) {
  constexpr std::int64_t passes = 4;  // completing, checking, into the log, into the tables
  progress.total = passes * static_cast<std::int64_t>(edits.size());
  co_return co_await static_cast<StoreImplementation&>(store).write_steps(edits, options, &progress, together);
}

Step<Result<Written>> StoreImplementation::write_steps(std::span<const Edit> edits, WriteOptions options, Progress* progress,
                                                       const std::function<Status()>& together) {
  const std::int64_t seen = revision_;
  const std::int64_t failed_reads_before = failed_reads_;
  Action action = make_action();
  NumberCounters counters;
  for (std::size_t first = 0; first < edits.size(); first += records_between_slices) {
    draft_edits(action, edits.subspan(first, std::min(records_between_slices, edits.size() - first)));
    KEHUBU_CO_TRY(co_await pause(progress, 0));
  }
  const std::size_t asked = action.drafts().size();  // the rest follows from them
  Written written;
  Findings found;
  {
    const EndOfRehearsal end(rehearsal_);
    if (!options.skip_validation) {
      KEHUBU_CO_TRY(co_await complete_action(action, counters, progress));
      KEHUBU_CO_TRY(co_await check_action(action, found, progress));
      KEHUBU_CO_TRY(everything_was_read(failed_reads_before));  // else there may be no such problems
    } else if (!options.side_of_document) {                     // else there is nothing that could follow from the edits
      KEHUBU_CO_TRY(take_lines_along(action));
      withdraw_approvals(action);
      check_approvals(action, found);  // no decision, either, changes what a contract that is over came to
    }
  }
  KEHUBU_CO_TRY(refuse_problems(found, written));
  KEHUBU_CO_TRY(refuse_edits_of_deleted(action, options.kind));
  if (revision_ != seen) {
    co_return fail(ErrorKind::conflict, "检查之后数据有了变化，请重新检查一遍", "The data has changed since the check; please check again");
  }
  const Sentence label = action_label(action, options.kind, asked);
  KEHUBU_CO_TRY(everything_was_read(failed_reads_before));
  Transaction transaction{*this};
  KEHUBU_CO_TRY(transaction.begin());
  std::vector<RecordWrite> writes = writes_of(action, options.kind);
  KEHUBU_CO_TRY(part_decisions(action, options.kind, writes, written));
  KEHUBU_CO_TRY(answer_whole_questions(options.kind, writes));
  KEHUBU_CO_TRY(everything_was_read(failed_reads_before));
  if (!options.stamps.empty()) {
    for (RecordWrite& write : writes) {
      // What the rules added was written with what it follows from.
      const auto named = std::ranges::find(edits, write.row, &Edit::row);
      write.stamp = options.stamps[named == edits.end() ? 0 : static_cast<std::size_t>(named - edits.begin())];
    }
  }
  KEHUBU_CO_TRY_ASSIGN(sides_again, bring_back_sides(writes));
  KEHUBU_CO_TRY_ASSIGN(number, co_await append_steps(std::move(writes), options.side_of_document, progress));
  if (number > 0) {
    KEHUBU_CO_TRY(keep_number_counters(counters));
    if (authorship_ == nullptr) {
      KEHUBU_CO_TRY_ASSIGN(last, log_->read_raw({writing_device(), log_->last_sequence(writing_device())}));
      KEHUBU_CO_TRY(push_undo(number, last.header.action, label));
    }
    std::ranges::copy(sides_again, std::back_inserter(written.hints));
  }
  if (together) {
    KEHUBU_CO_TRY(together());
  }
  KEHUBU_CO_TRY(transaction.commit());
  written.action = number;
  co_return written;
}

// A deleted record is brought back first: an edit that knew of the deletion would be taken for one that did not.
Status StoreImplementation::refuse_edits_of_deleted(Action& action, ChangeKind kind) {
  for (const Draft& draft : action.drafts()) {
    const bool stays_deleted = kind != ChangeKind::resolve && draft.before && draft.before->deleted && !draft.restore;
    const auto changes = [&draft](const Draft::Cell& cell) { return draft.changes(*cell.field); };
    if (stays_deleted && std::ranges::any_of(draft.cells, changes)) {
      return fail(ErrorKind::refused, "“{}”已删除，请先恢复它再修改", "“{}” is deleted; bring it back before changing it",
                  {title(*draft.entity, draft.row)});
    }
  }
  return {};
}

// Only what differs from what stands, and what is to replace several heads.
std::vector<StoreImplementation::RecordWrite> StoreImplementation::writes_of(Action& action, ChangeKind kind) {
  std::vector<RecordWrite> writes;
  for (const Draft& draft : action.drafts()) {
    const Table& table = table_of(*draft.entity);
    RecordWrite write{&table, draft.row, kind_of(draft, kind), {}, {}};
    for (const auto& [field, value, by_rule] : draft.cells) {
      if (kind == ChangeKind::resolve || draft.changes(*field)) {
        write.cells.emplace_back(table.field_symbols[static_cast<std::size_t>(field - draft.entity->fields.data())], value);
      }
    }
    const bool is_removed = draft.before && draft.before->deleted;
    if (draft.remove && (!is_removed || kind == ChangeKind::resolve)) {
      write.removed = true;
    } else if (draft.restore && (is_removed || kind == ChangeKind::resolve)) {
      write.removed = false;
    }
    // A resolution marks its document even where the head record itself stays as it is.
    const bool only_marks = kind == ChangeKind::resolve && draft.entity->document;
    if (!write.cells.empty() || write.removed || only_marks) {
      writes.push_back(std::move(write));
    }
  }
  return writes;
}

Result<std::vector<Head>> StoreImplementation::heads_in_table(const Table& table, const Id& row) {
  Statement& select = database_->statement("SELECT heads FROM " + table.name + " WHERE id = ?");
  select.bind(1, row);
  std::vector<Head> heads;
  const bool readable = !select.row() || unpack_heads(select.blob(0), heads);
  select.reset();
  KEHUBU_TRY(select.status());
  if (!readable) {
    return fail(ErrorKind::corrupt, "记录的版本信息已损坏", "The versions of a record are damaged");
  }
  return heads;
}

// Every action on a document or one of its lines leaves "#" on the head record: here as a write without cells. A line
// that moves is an action on both documents.
void StoreImplementation::add_document_marks(std::vector<RecordWrite>& writes) {
  std::set<std::pair<Id, std::size_t>> marked;
  for (const RecordWrite& write : writes) {
    marked.emplace(write.row, write.side);
  }
  const std::size_t count = writes.size();
  for (std::size_t index = 0; index < count; ++index) {
    const Table* document = writes[index].table->document;
    if (document == nullptr) {
      continue;
    }
    const auto part_of = static_cast<std::size_t>(writes[index].table->part_of);
    const ChangeKind kind = writes[index].kind;
    const std::size_t side = writes[index].side;
    std::vector<Id> documents{
        id_or_empty(value(*writes[index].table->entity, writes[index].row, writes[index].table->entity->fields[part_of]))};
    for (const auto& [cell, written] : writes[index].cells) {
      if (cell == writes[index].table->field_symbols[part_of]) {
        documents.push_back(id_or_empty(written));
      }
    }
    for (const Id& head : documents) {
      if (!head.empty() && marked.emplace(head, side).second) {
        const bool is_of_line = kind == ChangeKind::create || kind == ChangeKind::remove || kind == ChangeKind::restore;
        writes.push_back({document, head, is_of_line ? ChangeKind::update : kind, {}, {}, {}, {}, side, writes[index].stamp});
      }
    }
  }
}

Result<std::int64_t> StoreImplementation::flags_of(const Table& table, const Id& row) {
  Statement& select = database_->statement("SELECT flags FROM " + table.name + " WHERE id = ?");
  const std::int64_t flags = select.bind(1, row).row() ? select.integer(0) : 0;
  select.reset();
  KEHUBU_TRY(select.status());
  return flags;
}

// An ordinary edit would silently choose for a document whose sides have met.
Status StoreImplementation::refuse_unsettled_documents(std::span<const RecordWrite> writes) {
  for (const RecordWrite& write : writes) {
    if (!write.table->entity->document) {
      continue;
    }
    KEHUBU_TRY_ASSIGN(flags, flags_of(*write.table, write.row));
    if ((flags & flag_document_conflict) != 0) {
      return fail(ErrorKind::conflict, "“{}”被不同设备改得不一样，还没有裁定，请先选定一边再修改",
                  "“{}” was changed differently on several devices; choose a side first", {title(*write.table->entity, write.row)});
    }
  }
  return {};
}

// Replaces nothing that is not replaced already: it tells what is being undone or done again (repeats.cpp).
Status StoreImplementation::name_inverted(Change& change, const std::vector<Version>& inverted) {
  for (const Version& version : inverted) {
    KEHUBU_TRY_ASSIGN(before, log_->read(version));
    for (FieldChange& cell : change.fields) {
      if (std::ranges::find(before.fields, cell.field, &FieldChange::field) != before.fields.end()) {
        cell.replaced.push_back(version);
      }
    }
  }
  for (FieldChange& cell : change.fields) {
    kehubu::sort(cell.replaced);
    cell.replaced.erase(std::ranges::unique(cell.replaced).begin(), cell.replaced.end());
  }
  return {};
}

// Whether the write gives a fact the value that closes it. An inverse brings the marks of closing back that there were.
bool StoreImplementation::closes_fact(const RecordWrite& write) {
  if (write.table->fact_field < 0 || write.kind == ChangeKind::undo || write.kind == ChangeKind::redo) {
    return false;
  }
  const SymbolNumber symbol = write.table->field_symbols[static_cast<std::size_t>(write.table->fact_field)];
  const bool says_so_itself = std::ranges::any_of(write.cells, [&](const auto& cell) { return cell.first == log_->symbol(closed_field); });
  return !says_so_itself && std::ranges::any_of(write.cells, [&](const auto& cell) {
    return cell.first == symbol && text_or_empty(cell.second) == write.table->entity->fact_value;
  });
}

Result<Change> StoreImplementation::make_change(const RecordWrite& write, const std::vector<Head>& heads, std::int64_t action,
                                                std::int64_t clock) {
  Change change;
  change.version = {writing_device(), log_->last_sequence(writing_device()) + 1};
  change.clock = write.stamp.clock != 0 ? write.stamp.clock : clock;
  change.action = action;
  change.kind = write.kind;
  change.person = write.stamp.clock != 0 ? write.stamp.person : identity_.person;
  change.entity = write.table->entity->id;
  change.row = write.row;
  const auto add = [&](std::string_view field, SymbolNumber symbol, Value value) {
    FieldChange cell{std::string(field), std::move(value), {}};
    for (const Head& head : heads_of(heads, symbol)) {
      cell.replaced.push_back(head.version);
    }
    change.fields.push_back(std::move(cell));
  };
  for (const auto& [symbol, value] : write.cells) {
    add(log_->symbol_text(symbol), symbol, value);
  }
  const auto know_all = [&](FieldChange& cell) {
    for (const Head& head : heads) {
      cell.replaced.push_back(head.version);
    }
    kehubu::sort(cell.replaced);
    cell.replaced.erase(std::ranges::unique(cell.replaced).begin(), cell.replaced.end());
  };
  if (closes_fact(write) && !heads.empty()) {
    add(closed_field, log_->symbol(closed_field), std::int64_t{1});
    know_all(change.fields.back());
  }
  if (write.table->entity->document) {
    add(document_field, log_->symbol(document_field), action);
  }
  if (write.removed) {
    add(deleted_field, log_->symbol(deleted_field), std::int64_t{*write.removed});
    if (write.known) {
      change.fields.back().replaced = *write.known;
    } else if (*write.removed) {
      know_all(change.fields.back());  // it knows of every version of the record
    }
  }
  kehubu::sort(change.fields, {}, &FieldChange::field);
  if (!write.inverts.empty()) {
    KEHUBU_TRY(name_inverted(change, write.inverts));
  }
  return change;
}

Result<std::int64_t> StoreImplementation::append_action(std::vector<RecordWrite> writes) {
  return run_to_end(append_steps(std::move(writes), true, nullptr));
}

// One action, or one for each side: its changes into the log and the tables. Gives its number, of several the first one's;
// 0 when there was nothing to write.
Step<Result<std::int64_t>> StoreImplementation::append_steps(std::vector<RecordWrite> writes, bool decides_documents, Progress* progress) {
  if (writes.empty()) {
    co_return 0;
  }
  if (const auto missing = missing_own_numbers()) {
    co_return std::unexpected(Error{ErrorKind::refused, missing_own_sentence(missing->first, missing->second), {}});
  }
  const std::size_t named = writes.size();
  add_document_marks(writes);
  // A choice between its sides decides on the document that it names; no other action touches one that waits, a decision
  // about something else (the number that two contracts have) included.
  KEHUBU_CO_TRY(refuse_unsettled_documents(decides_documents ? std::span(writes).subspan(named) : std::span(writes)));
  const std::size_t before = progress != nullptr ? static_cast<std::size_t>(progress->total / 2) : 0;
  const DeviceNumber device = writing_device();
  const std::int64_t first_action = log_->last_sequence(device) + 1;
  const std::int64_t clock = log_->next_clock(device, environment_.now_ms());
  std::vector<Change> changes;
  std::int64_t action = first_action;
  for (std::size_t index = 0; index < writes.size(); ++index) {
    KEHUBU_CO_TRY_ASSIGN(heads, heads_in_table(*writes[index].table, writes[index].row));
    if (index > 0 && writes[index].side != writes[index - 1].side) {
      action = first_action + static_cast<std::int64_t>(index);
    }
    KEHUBU_CO_TRY_ASSIGN(change, make_change(writes[index], heads, action, clock));
    change.version.sequence += static_cast<std::int64_t>(changes.size());
    materialiser_->add(change);
    changes.push_back(std::move(change));
    if (changes.size() == changes_at_once) {
      KEHUBU_CO_TRY(log_->append(changes));
      changes.clear();
      KEHUBU_CO_TRY(co_await pause(progress, before + index));
    }
  }
  KEHUBU_CO_TRY(log_->append(changes));
  for (bool finished = false; !finished;) {
    KEHUBU_CO_TRY_ASSIGN(done, materialiser_->step(progress != nullptr ? records_between_slices : SIZE_MAX));
    finished = done;
    const auto waiting = static_cast<std::size_t>(materialiser_->records_waiting());
    KEHUBU_CO_TRY(co_await pause(progress, before + 2 * writes.size() - waiting));
  }
  KEHUBU_CO_TRY(materialiser_->finish());
  co_return first_action;
}

}  // namespace kehubu
