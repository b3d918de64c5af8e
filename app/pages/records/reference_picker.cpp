#include "app/pages/records/reference_picker.h"

#include <algorithm>
#include <iterator>

namespace kehubu {
namespace {

constexpr std::size_t answers_shown = 30;

}  // namespace

void add_filter(ListQuery& query, std::string_view field_id, const Value& value, Filter::Operator op) {
  if (const Field* field = query.entity->find(field_id)) {
    query.filters.push_back({.field = field, .op = op, .operands = {value}});
  }
}

std::vector<Option> ReferencePicker::search(const Entity& entity, std::string_view query, const Id& customer, const Id& own) {
  const std::int64_t revision = app_.store->revision();
  if (last_.entity == &entity && last_.query == query && last_.customer == customer && last_.revision == revision) {
    return last_.options;
  }
  ListQuery list{.entity = &entity, .search = std::string(query)};
  if (!customer.empty() && entity.id != "customer") {
    add_filter(list, "customer", customer);
  }
  add_filter(list, "left", std::int64_t{0});
  add_filter(list, "active", std::int64_t{1});
  list.sort_by = entity.find(entity.title_field);
  std::vector<Option> options;
  for (const Record& record : app_.records(list, answers_shown)) {
    if (record.id != own) {
      options.push_back({.key = record.id.text(), .label = app_.title_of(entity, record.id), .detail = summary_of(app_, record, 2)});
    }
  }
  last_ = {.entity = &entity, .query = std::string(query), .customer = customer, .revision = revision, .options = options};
  return options;
}

std::string summary_of(App& app, const Record& record, std::size_t parts, std::string_view without) {
  std::string summary;
  for (std::size_t index = 0; index < record.entity->fields.size() && parts > 0; ++index) {
    const Field& field = record.entity->fields[index];
    if (!field.in_list || field.id == record.entity->title_field || field.id == without || field.personal == PersonalData::sensitive) {
      continue;
    }
    const std::string shown = field.type == FieldType::boolean ? std::string() : app.show(field, record.values[index]);
    if (!shown.empty()) {
      summary += (summary.empty() ? "" : " · ") + shown;
      --parts;
    }
  }
  return summary;
}

std::vector<Record> contacts_of(App& app, const Id& customer) {
  const Entity& contact = entity_named("contact");
  ListQuery query{.entity = &contact, .search = {}};
  add_filter(query, "customer", customer);
  add_filter(query, "left", std::int64_t{0});
  query.sort_by = contact.find("name");
  std::vector<Record> primary_first, others;
  for (Record& record : app.records(query)) {
    (integer_or(record.value("is_primary"), 0) ? primary_first : others).push_back(std::move(record));
  }
  std::move(others.begin(), others.end(), std::back_inserter(primary_first));
  return primary_first;
}

}  // namespace kehubu
