#include "app/pages/follow_ups.h"

#include <algorithm>
#include <tuple>

#include "app/pages/records/reference_picker.h"
#include "core/base/sort.h"

namespace kehubu {
namespace {

constexpr std::int64_t days_ahead = 7;
constexpr std::size_t most_rated_read = 200;  // due customers with a level: few, since each has an open opportunity

struct Reader {
  App& app;
  const Entity& customer = entity_named("customer");
  const Field& due = *customer.find("next_follow_up");
  const Field& level = *customer.find("intent_level");
  Date today = app.today();

  // The person's customers whose date lies within these days from today.
  [[nodiscard]] ListQuery query(std::optional<std::int64_t> first_day, std::int64_t last_day) const {
    ListQuery query{.entity = &customer, .search = {}, .filters = {}, .sort_by = &due};
    if (const Id& me = app.store->identity().person; !me.empty()) {
      add_filter(query, "owner", me);
    }
    const auto day = [this](std::int64_t days) { return Value(iso_date(date_from_days(days_since_epoch(today) + days))); };
    if (first_day) {
      query.filters.push_back({.field = &due, .op = Filter::Operator::at_least, .operands = {day(*first_day)}});
    }
    query.filters.push_back({.field = &due, .op = Filter::Operator::at_most, .operands = {day(last_day)}});
    return query;
  }

  [[nodiscard]] FollowUp entry_of(const Record& record) const {
    const std::string& rated = text_or_empty(record.value("intent_level"));
    return {.customer = record.id,
            .name = app.title_of(customer, record.id),
            .industry = app.show(record, "industry"),
            .level = rated == "none" ? std::string() : rated,
            .days_left = days_until_follow_up(app, record).value_or(0)};
  }

  // Those with a level first, in its order; then the rest by date.
  [[nodiscard]] std::vector<FollowUp> due_now(std::size_t most) const {
    std::vector<FollowUp> entries;
    ListQuery rated = query(std::nullopt, 0);
    rated.filters.push_back({.field = &level, .op = Filter::Operator::any_of, .operands = {std::string("o"), std::string("a"), std::string("b"), std::string("c")}});
    for (const Record& record : app.records(rated, most_rated_read)) {
      entries.push_back(entry_of(record));
    }
    kehubu::sort(entries, {}, [](const FollowUp& entry) {
      return std::tuple(std::string_view("oabc").find(entry.level), entry.days_left, entry.name);
    });
    entries.resize(std::min(entries.size(), most));
    for (const Record& record : entries.size() < most ? app.records(query(std::nullopt, 0), most + entries.size()) : std::vector<Record>()) {
      if (entries.size() < most && std::ranges::find(entries, record.id, &FollowUp::customer) == entries.end()) {
        entries.push_back(entry_of(record));
      }
    }
    return entries;
  }
};

}  // namespace

ListQuery follow_ups_due(App& app) { return Reader{app}.query(std::nullopt, 0); }

FollowUps read_follow_ups(App& app, std::size_t most) {
  const Reader reader{app};
  FollowUps found{.due = reader.due_now(most)};
  if (const auto rows = app.store->list(reader.query(std::nullopt, 0))) {
    found.due_count = rows->size();
  }
  found.soon_count = static_cast<std::size_t>(app.count(reader.query(1, days_ahead)));
  for (const Record& record : app.records(reader.query(1, days_ahead), most)) {
    found.soon.push_back(reader.entry_of(record));
  }
  return found;
}

std::optional<std::int64_t> days_until_follow_up(App& app, const Record& customer) {
  const auto date = parse_date(text_or_empty(customer.value("next_follow_up")));
  return date ? std::optional(days_since_epoch(*date) - days_since_epoch(app.today())) : std::nullopt;
}

std::string follow_up_words(App& app, std::int64_t days_left) {
  if (days_left < 0) {
    return app.say(Word::follow_up_days_late, {std::to_string(-days_left)});
  }
  if (days_left <= 1) {
    return std::string(app.say(days_left == 0 ? Word::follow_up_today : Word::follow_up_tomorrow));
  }
  return app.say(Word::follow_up_in_days, {std::to_string(days_left)});
}

}  // namespace kehubu
