#include "app/pages/customer_timeline.h"

#include <algorithm>
#include <unordered_set>

#include "app/pages/records/entity_view.h"
#include "app/pages/records/record_history.h"
#include "app/pages/records/reference_picker.h"
#include "core/base/sort.h"

namespace kehubu {
namespace {

constexpr std::size_t shown_at_once = 40;

}  // namespace

void CustomerTimeline::refresh() {
  if (revision_ == app_.store->revision() && chinese_ == app_.say.chinese()) {
    return;
  }
  revision_ = app_.store->revision();
  chinese_ = app_.say.chinese();
  items_.clear();
  add_interactions();
  if (with_changes_) {
    add_changes();
  }
  kehubu::sort(items_, [](const Item& a, const Item& b) { return a.at != b.at ? a.at > b.at : a.key > b.key; });
}

void CustomerTimeline::add_interactions() {
  const Entity& interaction = entity_named("interaction");
  ListQuery query{.entity = &interaction, .search = {}};
  add_filter(query, "customer", customer_);
  query.sort_by = interaction.find("occurred_at");
  query.direction = SortDirection::descending;
  const std::vector<Record> records = app_.records(query);
  std::unordered_set<Id, IdHash> corrected;
  for (const Record& record : records) {
    if (const Id original = id_or_empty(record.value("corrects")); !original.empty()) {
      corrected.insert(original);
    }
  }
  for (const Record& record : records) {
    items_.push_back(item_of(record, corrected.contains(record.id)));
  }
}

CustomerTimeline::Item CustomerTimeline::item_of(const Record& record, bool corrected) const {
  const std::string status = text_or_empty(record.value("status"));
  const bool planned = status == "planned";
  const std::int64_t at = integer_or(record.value(planned ? "planned_at" : "occurred_at"), integer_or(record.value("planned_at"), 0));
  Item item{.at = at, .key = record.id.text(), .time = app_.when_exactly(at)};
  item.interaction = record.id;
  item.icon = icon_of_interaction_kind(text_or_empty(record.value("kind")));
  std::string who = app_.show(record, "contact");
  if (who.empty()) {
    who = app_.show(record, "contact_text");
  }
  item.title = app_.show(record, "kind") + (who.empty() ? "" : " · " + who);
  if (status != "done") {
    item.tone = !planned ? Tone::neutral : at < app_.platform.now_ms() ? Tone::warning : Tone::info;
    item.title += " · " + app_.show(record, "status_now");
    item.icon = Icon::calendar;
  } else if (corrected) {
    item.title += " · " + std::string(app_.say(Word::visit_corrected));
  } else if (!is_null(record.value("corrects"))) {
    item.title += " · " + std::string(app_.say(Word::correct));
    item.tone = Tone::accent;
  } else {
    item.tone = Tone::accent;
  }
  item.body = app_.show(record, "content");
  for (const std::string_view field : {"result", "purpose"}) {
    const std::string more = app_.show(record, field);
    if (!more.empty() && (field == "result" || item.body.empty())) {
      item.body += (item.body.empty() ? "" : "\n") + more;
    }
  }
  item.by = app_.show(record, "employee");
  return item;
}

void CustomerTimeline::add_changes() {
  const Entity& customer = entity_named("customer");
  std::int64_t number = 0;
  for (const RecordHistory::Action& action : RecordHistory::actions_of(app_, customer, customer_)) {
    std::string names;
    for (const HistoryEntry& change : action.changes) {
      if (const Field* field = customer.find(change.field); field && action.first.kind == ChangeKind::update) {
        names += (names.empty() ? std::string() : std::string(app_.say.list_separator())) + std::string(app_.say(*field));
      }
    }
    items_.push_back({.at = action.first.clock,
                      .key = "change/" + std::to_string(number++),
                      .time = app_.when_exactly(action.first.clock),
                      .title = action.first.kind == ChangeKind::create ? std::string(app_.say(Word::timeline_created)) : RecordHistory::describe(app_, action),
                      .body = names,
                      .by = action.first.person_name,
                      .icon = Icon::edit,
                      .interaction = {}});
  }
}

void CustomerTimeline::draw() {
  if (app_.ui.switch_control("changes", app_.say(Word::timeline_changes), with_changes_)) {
    revision_ = -1;
  }
  refresh();
  if (items_.empty()) {
    if (app_.ui.empty_state("empty", {.icon = Icon::history,
                                      .title = app_.say(Word::timeline_none),
                                      .sentence = app_.say(Word::timeline_none_sentence),
                                      .action_label = app_.say(Word::record_visit),
                                      .action_icon = Icon::visit}) == EmptyStateAction::first) {
      app_.router.go({.place = Place::visit, .entity = &entity_named("interaction"), .about = customer_});
    }
    return;
  }
  const std::size_t end = std::min(shown_, items_.size());
  for (std::size_t index = 0; index < end; ++index) {
    const Item& item = items_[index];
    if (app_.ui.timeline_item({.key = item.key,
                               .time = item.time,
                               .title = item.title,
                               .body = item.body,
                               .by = item.by,
                               .icon = item.icon,
                               .tone = item.tone,
                               .pressable = !item.interaction.empty(),
                               .last = index + 1 == end})) {
      app_.router.go(record_of(entity_named("interaction"), item.interaction));
    }
  }
  if (end < items_.size() && app_.ui.button("more", app_.say(Word::show_more), {.fill_width = true})) {
    shown_ += shown_at_once;
  }
}

}  // namespace kehubu
