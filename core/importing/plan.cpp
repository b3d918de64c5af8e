// The dry run and its execution, as tasks.
#include "core/importing/planner.h"
#include "core/store/long_write.h"

namespace kehubu {
namespace {

std::unexpected<Error> cancelled() { return fail(ErrorKind::cancelled, "已取消，没有改动任何数据", "Cancelled; nothing was changed"); }

}  // namespace

Task<Result<ImportPlan>> plan_import(Store& store, Environment& environment, std::shared_ptr<const ImportTable> table, const Entity& entity,
                                     std::vector<ColumnMapping> mapping, ImportOptions options, Progress& progress) {
  progress.total = static_cast<std::int64_t>(table->rows.size());
  progress.activity = sentence("正在检查表格", "Checking the table");
  mapping.resize(table->header.size());
  Planner planner(store, environment, *table, entity, std::move(mapping), std::move(options));
  for (const CsvRow& row : table->rows) {
    planner.add_row(row);
    ++progress.done;
    co_await next_slice();
    if (progress.cancelled) {
      co_return cancelled();
    }
  }
  co_return planner.finish();
}

Sentence outcome_of(const ImportPlan& plan) {
  const std::string made = std::to_string(plan.records_new), changed = std::to_string(plan.records_changed), rows = std::to_string(plan.rows_good);
  if (plan.records_new + plan.records_changed == 0 && plan.contacts_new + plan.contacts_changed > 0) {
    const std::string contacts = std::to_string(plan.contacts_new), contacts_changed = std::to_string(plan.contacts_changed);
    return plan.contacts_changed == 0 ? sentence("给已有的客户另建 {} 位联系人（来自 {} 行）", "{} contact{s} of known customers made (from {} rows)", {contacts, rows})
           : plan.contacts_new == 0   ? sentence("改动 {} 位联系人（来自 {} 行）", "{} contact{s} changed (from {} rows)", {contacts_changed, rows})
                                      : sentence("给已有的客户另建 {} 位联系人，改动 {} 位（来自 {} 行）", "{} contact{s} of known customers made, {} changed (from {} rows)", {contacts, contacts_changed, rows});
  }
  const bool both = plan.records_new > 0 && plan.records_changed > 0;
  Sentence outcome = both                     ? sentence("新增 {} 条，更新 {} 条（来自 {} 行）", "{} new, {} updated (from {} rows)", {made, changed, rows})
                     : plan.records_changed > 0 ? sentence("更新 {} 条（来自 {} 行）", "{} updated (from {} rows)", {changed, rows})
                       : plan.records_new == 0 ? sentence("没有新增或更新（来自 {} 行）", "Nothing new or updated (from {} rows)", {rows})
                                                : sentence("新增 {} 条（来自 {} 行）", "{} new (from {} rows)", {made, rows});
  if (plan.contacts_new > 0) {
    const Sentence contacts = sentence("，另建 {} 位联系人", ", and {} contact{s}", {std::to_string(plan.contacts_new)});
    outcome = {outcome.zh + contacts.zh, outcome.en + contacts.en};
  }
  if (plan.contacts_changed > 0) {
    const Sentence contacts = sentence("，改动 {} 位联系人", ", and {} contact{s} changed", {std::to_string(plan.contacts_changed)});
    outcome = {outcome.zh + contacts.zh, outcome.en + contacts.en};
  }
  return outcome;
}

Task<Result<Written>> commit_import(Store& store, ImportPlan plan, Progress& progress, std::function<Status()> together) {
  progress.activity = sentence("正在保存", "Saving");
  if (store.revision() != plan.revision) {
    co_return fail(ErrorKind::conflict, "检查之后数据有了变化，请重新检查一遍", "The data has changed since the check; please check again");
  }
  if (plan.edits.empty()) {
    co_return fail(ErrorKind::invalid_input, "没有可以导入的行", "There is no row to import");
  }
  auto written = co_await write_in_slices(store, std::move(plan.edits), {.kind = ChangeKind::import}, progress, std::move(together));
  progress.done = written ? progress.total : 0;
  co_return written;
}

}  // namespace kehubu
