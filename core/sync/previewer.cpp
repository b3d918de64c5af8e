#include "core/sync/previewer.h"

#include <algorithm>
#include <unordered_set>

#include "core/base/task_result.h"
#include "core/sync/words.h"

namespace kehubu {
namespace {

constexpr std::int64_t changes_between_slices = 128;
constexpr std::int64_t lookup_limit = 20'000;  // numbers that are looked for; beyond, it is an estimate from below

Preview refused(Sentence why) {
  Preview preview;
  preview.state = BundleState::refused;
  preview.headline = std::move(why);
  return preview;
}

}  // namespace

void Previewer::add_line(PreviewLine::Weight weight, Sentence text) { preview_.lines.push_back({std::move(text), weight}); }

bool Previewer::is_new(Version version) const {
  if (trace_) {
    return trace_->is_new(version);
  }
  const auto number = log_.find_device(header_.devices[static_cast<std::size_t>(version.device)]);
  return !number || version.sequence > log_.last_sequence(*number);
}

// Numbers that the file gives to its records and that living records here have already. Two records that are both new
// here are not compared with each other.
Status Previewer::look_for_shared_numbers(const Change& change, bool removes) {
  std::erase_if(shared_numbers_, [&](const SharedNumber& shared) {
    const bool sets_it = std::ranges::find(change.fields, shared.field->id, &FieldChange::field) != change.fields.end();
    return (removes || sets_it) && (shared.row == change.row || shared.holder == change.row);
  });
  const Entity* entity = find_entity(change.entity);
  removes ? void(given_up_.insert({change.row, nullptr})) : void();
  for (const FieldChange& field : change.fields) {
    const Field* declared = entity == nullptr || removes ? nullptr : entity->find(field.field);
    if (declared == nullptr || !declared->unique || is_null(field.value) || ++cells_looked_up_ > lookup_limit) {
      continue;
    }
    Statement& select = database_.statement("SELECT id FROM " + quoted(entity->id) + " WHERE " + quoted(declared->id) +
                                            " = ?1 AND live = 1 AND id <> ?2 LIMIT 1");
    select.bind(1, field.value).bind(2, change.row);
    while (select.row()) {
      const Id holder = select.id(0);
      const bool has_it_still = !given_up_.contains({holder, declared}) && !given_up_.contains({holder, nullptr});
      has_it_still ? shared_numbers_.push_back({declared, field.value, change.row, holder}) : void();
    }
    KEHUBU_TRY(select.status());
    given_up_.insert({change.row, declared});  // what it had here; who gives the same again is not looked for
  }
  return {};
}

Status Previewer::look_at(const Change& change) {
  if (!is_new(change.version)) {
    return {};
  }
  const auto deletion = std::ranges::find(change.fields, deleted_field, &FieldChange::field);
  const bool removes = deletion != change.fields.end() && integer_or(deletion->value, 0) != 0;
  const bool creates = !removes && std::ranges::all_of(change.fields, [](const FieldChange& field) { return field.replaced.empty(); }) &&
                       (change.kind == ChangeKind::create || change.kind == ChangeKind::import || change.kind == ChangeKind::sample);
  Tally& tally = tallies_[change.entity];
  ++(removes ? tally.removed : creates ? tally.created : tally.changed);
  if (find_entity(change.entity) == nullptr) {
    ++not_understood_;
  }
  if (examination_.relation != Relation::applicable) {
    return {};
  }
  foreseen_.note(change);
  KEHUBU_TRY(questions_.note(change));
  return look_for_shared_numbers(change, removes);
}

// What is new, from the changes themselves; then they are looked at.
Step<Status> Previewer::follow(std::string_view json, Progress& progress) {
  trace_.emplace(log_, tables_, header_);
  KEHUBU_CO_TRY(trace_->begin());
  follows_ = true;
  KEHUBU_CO_TRY(co_await read_everything(json, progress));
  follows_ = false;
  KEHUBU_CO_TRY(trace_->finish());
  note_trace();
  co_return co_await read_everything(json, progress);
}

void Previewer::note_trace() {
  const BranchTrace::OwnLoss loss = trace_->own_loss(store_.identity().device);
  examination_.gaps = trace_->gaps();
  examination_.new_changes = trace_->new_changes();
  examination_.relation = trace_->must_wait(loss)        ? Relation::waiting
                          : trace_->new_changes() == 0 ? Relation::covered
                                                       : Relation::applicable;
  own_parts_ = trace_->parts(store_.identity().device);  // by that it goes on under another name, whatever is missing
  examination_.brings_back_own = own_parts_ ? 0 : loss.comes_back;
  examination_.own_told = own_parts_ && examination_.relation == Relation::applicable ? 0 : loss.told;
}

Step<Status> Previewer::read_everything(std::string_view json, Progress& progress) {
  BundleReader reader{json, limits_};
  KEHUBU_CO_TRY(reader.read_header());
  BundleChain chain{header_};
  std::unordered_set<Id, IdHash> records;
  Change change;
  progress.total = static_cast<std::int64_t>(json.size());
  for (std::int64_t read = 0;; ++read) {
    KEHUBU_CO_TRY_ASSIGN(more, reader.next(change));
    if (!more) {
      break;
    }
    if (!chain.add(change)) {
      co_return chain_refusal(header_.device_name);
    }
    parts_ = parts_ || (!trace_ && !agrees_with_log(header_, change.version, chain.value(), log_));
    records.insert(change.row);
    if (follows_) {
      KEHUBU_CO_TRY(trace_->meet(change.version, chain.value()));
    } else if (!parts_) {
      KEHUBU_CO_TRY(look_at(change));
    }
    if (read % changes_between_slices == 0) {
      progress.done = static_cast<std::int64_t>(reader.progress() * static_cast<double>(json.size()));
      co_await next_slice();
      if (progress.cancelled) {
        co_return fail(ErrorKind::cancelled, "已取消", "Cancelled");
      }
    }
  }
  preview_.records = static_cast<std::int64_t>(records.size());
  KEHUBU_CO_TRY_ASSIGN(digest, reader.finish());
  digest_ = digest;
  co_return Status{};
}

Step<Result<Preview>> Previewer::run(std::string_view json, Progress& progress) {
  progress.activity = {"正在检查文件", "Checking the file"};
  BundleReader reader{json, limits_};
  if (const auto opened = reader.read_header(); !opened) {
    co_return refused(opened.error().message);
  }
  header_ = reader.header();
  KEHUBU_CO_TRY_ASSIGN(examination, examine(header_, log_, tables_, store_.identity().device));
  examination_ = examination;
  if (examination_.relation == Relation::unfit) {
    co_return refused(examination_.why_unfit);
  }
  const bool is_branched = examination_.relation == Relation::branched;
  auto read = is_branched ? co_await follow(json, progress) : co_await read_everything(json, progress);
  if (read && parts_) {  // the header could not tell
    parts_ = false;
    tallies_.clear();
    not_understood_ = cells_looked_up_ = 0;
    questions_.forget();
    shared_numbers_.clear();
    given_up_.clear();
    foreseen_.forget();
    read = co_await follow(json, progress);
  }
  if (!read) {
    if (read.error().kind == ErrorKind::cancelled || read.error().kind == ErrorKind::storage) {
      co_return std::unexpected(read.error());
    }
    co_return refused(read.error().message);
  }
  KEHUBU_CO_TRY(store_.note_own_numbers(examination_.own_told));
  KEHUBU_CO_TRY_ASSIGN(foreseen, co_await foreseen_.sentences(progress));
  foreseen_sentences_ = std::move(foreseen);
  KEHUBU_CO_TRY(describe());
  co_return std::move(preview_);
}

// Of what it lacks, what waiting files hold already need not be sent again.
Status Previewer::describe_waiting() {
  preview_.state = BundleState::waiting;
  preview_.headline = examination_.new_changes > 0
                          ? sentence("{}：{} 处修改，还不能导入", "{}: {} change{s}, not to be imported yet",
                                     {header_.device_name, std::to_string(examination_.new_changes)})
                          : sentence("{}：没有新修改，但本机缺少自己做过的修改", "{}: nothing new, but changes of this tablet are missing here", {header_.device_name});
  KEHUBU_TRY_ASSIGN(waits_already, waiting_.contains(digest_));
  KEHUBU_TRY_ASSIGN(text, waiting_sentence(examination_.gaps, waits_already ? Keeping::kept_before : Keeping::kept, waiting_, header_, store_));
  add_line(PreviewLine::Weight::warning, text);
  return {};
}

Status Previewer::describe() {
  preview_.device_name = header_.device_name;
  preview_.person_name = header_.person_name;
  preview_.created_at = header_.created;
  preview_.changes = header_.count;
  preview_.new_changes = examination_.new_changes;
  const std::string changes = std::to_string(examination_.new_changes);
  const std::int64_t customers = tallies_["customer"].created;
  switch (examination_.relation) {
    case Relation::covered:
      preview_.state = BundleState::already_known;
      preview_.headline = sentence("{}：里面的修改这里都已经有了", "{}: everything in it is here already", {header_.device_name});
      break;
    case Relation::waiting:
      KEHUBU_TRY(describe_waiting());
      break;
    default:
      preview_.state = BundleState::ready;
      preview_.headline = customers > 0 ? sentence("{}：{} 处修改，其中 {} 个新客户", "{}: {} change{s}, {} new customer{s} among them",
                                                   {header_.device_name, changes, std::to_string(customers)})
                                        : sentence("{}：{} 处修改", "{}: {} change{s}", {header_.device_name, changes});
  }
  for (const std::size_t index : trace_ ? trace_->parting_devices() : std::vector<std::size_t>()) {
    const Id& device = header_.root(index);
    preview_.keeps_both = true;
    add_line(PreviewLine::Weight::warning, parting_sentence(device_title(device, header_, log_), device == store_.identity().device));
  }
  const std::int64_t now = store_.environment().now_ms();
  if (const std::int64_t ahead = clock_ahead_ms(header_.created, now); ahead > 0) {
    add_line(PreviewLine::Weight::warning, clock_sentence(header_.device_name, ahead, 0));
  } else if (const std::int64_t changes_ahead = clock_ahead_ms(header_.clock_last, now); changes_ahead > 0) {
    add_line(PreviewLine::Weight::warning, changes_ahead_sentence(changes_ahead));
  }
  if (examination_.brings_back_own > 0) {
    add_line(PreviewLine::Weight::warning, brings_back_sentence(examination_.brings_back_own));
  }
  const bool comes_back = examination_.relation == Relation::applicable && examination_.brings_back_own > 0;
  if (const auto missing = store_.missing_own_numbers(); missing && !own_parts_ && !(comes_back && missing->second <= examination_.own_told)) {
    add_line(PreviewLine::Weight::warning, missing_own_sentence(missing->first, missing->second));
  }
  KEHUBU_TRY(describe_conflicts());
  describe_entities();
  return {};
}

Status Previewer::describe_conflicts() {
  KEHUBU_TRY_ASSIGN(asked, questions_.count());
  if (asked > 0) {
    add_line(PreviewLine::Weight::notable, sentence("约 {} 处与这里的修改相遇，需要您来决定", "Meets about {} change{s} made here; you will be asked to decide",
                                                    {std::to_string(asked)}));
  }
  if (!shared_numbers_.empty()) {
    const SharedNumber& first = shared_numbers_.front();
    const std::string count = std::to_string(shared_numbers_.size());
    const Sentence value = value_words(store_, *first.field, first.value);
    add_line(PreviewLine::Weight::notable,
             {substitute("{} 个编号这里已有别的记录在用，如{}“{}”；合并后请决定哪一条保留", {count, first.field->zh, value.zh}),
              substitute("{} number{s} in use here by another record, such as {} \"{}\"; decide after merging which record keeps it", {count, first.field->en, value.en})});
  }
  for (const Sentence& sentence : foreseen_sentences_) {
    add_line(PreviewLine::Weight::notable, sentence);
  }
  return {};
}

void Previewer::describe_entities() {
  const auto append = [](Sentence& text, std::string_view zh, std::string_view en, std::int64_t count) {
    if (count > 0) {
      const std::string number = std::to_string(count);
      text.zh += (text.zh.empty() ? "" : "，") + substitute(zh, {number});
      text.en += (text.en.empty() ? "" : ", ") + substitute(en, {number});
    }
  };
  for (const Entity* entity : entities()) {
    const auto tally = tallies_.find(std::string{entity->id});
    if (tally == tallies_.end()) {
      continue;
    }
    Sentence text;
    append(text, "{} 个新建", "{} new", tally->second.created);
    append(text, "{} 处修改", "{} change{s}", tally->second.changed);
    append(text, "{} 个删除", "{} deleted", tally->second.removed);
    if (!text.zh.empty()) {
      add_line(PreviewLine::Weight::plain, {std::string{entity->zh} + "：" + text.zh, std::string{entity->en} + ": " + text.en});
    }
  }
  if (not_understood_ > 0) {
    add_line(PreviewLine::Weight::notable,
             sentence("{} 处修改是这个版本还不认识的内容：先保存着，更新客户簿后就会出现", "Of a kind that this version does not know yet: {} change{s}, kept until an update of Kehubu shows them",
                      {std::to_string(not_understood_)}));
  }
  const std::int64_t known = header_.count - examination_.new_changes;
  if (known > 0 && examination_.relation == Relation::applicable) {
    add_line(PreviewLine::Weight::plain, sentence("另有 {} 处这里已经有了", "{} more already here", {std::to_string(known)}));
  }
}

}  // namespace kehubu
