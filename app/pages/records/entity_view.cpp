#include "app/pages/records/entity_view.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>

namespace kehubu {
namespace {

struct Declared {
  std::string_view entity;
  std::string_view columns, filters, subtitle;  // field ids, separated by blanks
  std::string_view badge, trailing, sort_by;
  bool descending = false;
  std::string_view mine;
  bool can_import = false;
  std::string_view ended, ended_values;
};

constexpr Declared declared_views[] = {
    {.entity = "customer", .columns = "name code grade owner last_contact_at next_follow_up phone",
     .filters = "lifecycle follow_bucket region industry grade intent_level owner coop_status source", .subtitle = "city industry intent_level phone",
     .badge = "grade", .trailing = "next_follow_up", .sort_by = "name", .mine = "owner", .can_import = true},
    {.entity = "contact", .columns = "name customer title mobile phone decision_role", .filters = "decision_role left",
     .subtitle = "customer title mobile", .badge = "decision_role", .trailing = "", .sort_by = "name", .can_import = true},
    {.entity = "interaction", .columns = "content customer contact kind occurred_at employee", .filters = "kind status_now employee",
     .subtitle = "customer kind employee", .badge = "status_now", .trailing = "occurred_at", .sort_by = "occurred_at", .descending = true,
     .mine = "employee"},
    {.entity = "opportunity", .columns = "topic customer stage level amount expected_close owner",
     .filters = "stage level owner", .subtitle = "customer level expected_close", .badge = "stage", .trailing = "amount",
     .sort_by = "expected_close", .mine = "owner", .ended = "stage", .ended_values = "won lost"},
    {.entity = "contract", .columns = "contract_no title customer status_now signed_on end_on total",
     .filters = "status_now kind negotiator", .subtitle = "customer contract_no signed_on", .badge = "status_now",
     .trailing = "total", .sort_by = "signed_on", .descending = true, .mine = "negotiator"},
    {.entity = "product", .columns = "name code spec category unit list_price active", .filters = "category packaging active",
     .subtitle = "code spec category", .badge = "", .trailing = "list_price", .sort_by = "name", .can_import = true},
    {.entity = "employee", .columns = "name code role region phone status", .filters = "role status region",
     .subtitle = "code role region", .badge = "status", .trailing = "", .sort_by = "code"},
    {.entity = "org_unit", .columns = "name code kind parent manager", .filters = "kind active", .subtitle = "kind parent",
     .badge = "kind", .trailing = "", .sort_by = "code"},
    {.entity = "dict_item", .columns = "zh en list active", .filters = "active", .subtitle = "en list", .badge = "", .trailing = "", .sort_by = "zh"},
};

// What a choice says at a glance; those not named here are neutral.
struct ChoiceTone {
  std::string_view list, choice;
  Tone tone;
};
constexpr ChoiceTone choice_tones[] = {
    {"customer_grade", "a", Tone::success},     {"customer_grade", "b", Tone::info},
    {"customer_grade", "d", Tone::warning},     {"customer_grade", "e", Tone::danger},
    {"opp_stage", "prospecting", Tone::neutral}, {"opp_stage", "needs", Tone::info},
    {"opp_stage", "proposal", Tone::info},      {"opp_stage", "quoted", Tone::accent},
    {"opp_stage", "negotiation", Tone::accent}, {"opp_stage", "contract", Tone::accent},
    {"opp_stage", "won", Tone::success},        {"opp_stage", "lost", Tone::danger},
    {"intent_level", "o", Tone::success},       {"intent_level", "a", Tone::success},
    {"intent_level", "b", Tone::info},          {"contract_status", "pending_approval", Tone::warning},
    {"contract_status", "active", Tone::success}, {"contract_status", "terminated", Tone::danger},
    {"contract_status", "expired", Tone::warning}, {"interaction_status", "planned", Tone::info},
    {"interaction_status", "done", Tone::success}, {"interaction_status", "missed", Tone::warning},
    {"employee_status", "active", Tone::success}, {"employee_status", "disabled", Tone::danger},
    {"lifecycle_stage", "intent", Tone::info},  {"lifecycle_stage", "new", Tone::accent},
    {"lifecycle_stage", "active", Tone::success}, {"lifecycle_stage", "silent", Tone::warning},
    {"lifecycle_stage", "lost", Tone::danger},  {"coop_status", "cooperating", Tone::success}, {"coop_status", "suspended", Tone::warning},
    {"coop_status", "ended", Tone::danger},
};

Tone tone_of_choice(const Field& field, std::string_view choice) {
  for (const ChoiceTone& entry : choice_tones) {
    if (field.list && entry.list == field.list->id && entry.choice == choice) {
      return entry.tone;
    }
  }
  return Tone::neutral;
}

std::vector<std::string_view> words_of(std::string_view names) {
  std::vector<std::string_view> words;
  while (!names.empty()) {
    const std::size_t blank = names.find(' ');
    words.push_back(names.substr(0, blank));
    names = blank == std::string_view::npos ? std::string_view() : names.substr(blank + 1);
  }
  return words;
}

std::vector<const Field*> fields_named(const Entity& entity, std::string_view names) {
  std::vector<const Field*> fields;
  for (const std::string_view name : words_of(names)) {
    if (const Field* field = entity.find(name)) {
      fields.push_back(field);
    }
  }
  return fields;
}

EntityView from_declaration(const Entity& entity, const Declared& declared) {
  return {.columns = fields_named(entity, declared.columns),
          .filters = fields_named(entity, declared.filters),
          .subtitle = fields_named(entity, declared.subtitle),
          .badge = entity.find(declared.badge),
          .trailing = entity.find(declared.trailing),
          .sort_by = entity.find(declared.sort_by),
          .direction = declared.descending ? SortDirection::descending : SortDirection::ascending,
          .ended = entity.find(declared.ended),
          .ended_values = words_of(declared.ended_values),
          .mine = entity.find(declared.mine),
          .can_import = declared.can_import};
}

EntityView from_catalog(const Entity& entity) {
  EntityView view;
  const Field* title = entity.find(entity.title_field);
  if (title) {
    view.columns.push_back(title);
    view.sort_by = title;
  }
  for (const Field& field : entity.fields) {
    if (field.in_list && &field != title && view.columns.size() < 7) {
      view.columns.push_back(&field);
      if (view.subtitle.size() < 3) {
        view.subtitle.push_back(&field);
      }
    }
    if (field.type == FieldType::choice && view.filters.size() < 5) {
      view.filters.push_back(&field);
    }
  }
  return view;
}

}  // namespace

const EntityView& view_of(const Entity& entity) {
  static std::map<const Entity*, EntityView> views;
  auto found = views.find(&entity);
  if (found == views.end()) {
    EntityView view = from_catalog(entity);
    for (const Declared& declared : declared_views) {
      if (declared.entity == entity.id) {
        view = from_declaration(entity, declared);
      }
    }
    found = views.emplace(&entity, std::move(view)).first;
  }
  return found->second;
}

std::string subtitle_of(App& app, const Record& record, std::string_view without) {
  std::string subtitle;
  for (const Field* field : view_of(*record.entity).subtitle) {
    std::string text = field->id == without ? std::string() : badge_of(app, *field, record.value(field->id)).text;
    std::ranges::replace(text, '\n', ' ');
    if (!text.empty()) {
      subtitle += (subtitle.empty() ? "" : " · ") + text;
    }
  }
  return subtitle;
}

std::string search_words(App& app, const Entity& entity) {
  const auto finds = [&](Format format) { return std::ranges::any_of(entity.fields, [&](const Field& field) { return field.searchable && field.format == format; }); };
  std::string words(app.say(Word::search_by_name));
  for (const auto& [format, word] : {std::pair(Format::code, Word::search_by_number), std::pair(Format::phone, Word::search_by_phone)}) {
    if (finds(format)) {
      words += std::string(app.say.list_separator()) + std::string(app.say(word));
    }
  }
  return words;
}

BadgeLook badge_of(App& app, const Field& field, const Value& value) {
  BadgeLook look{.text = app.show(field, value), .tone = tone_of_choice(field, text_or_empty(value))};
  const std::string_view list = field.list ? field.list->id : std::string_view();
  if (list == "customer_grade" && !look.text.empty()) {
    look.text = app.say(Word::badge_grade, {look.text});
  } else if (list == "intent_level" && !look.text.empty() && text_or_empty(value) != "none") {
    look = {.text = app.say(Word::badge_level, {look.text}), .tone = look.tone, .outlined = true};
  }
  return look;
}

Icon icon_of(const Entity& entity) {
  constexpr std::array<std::pair<std::string_view, Icon>, 10> icons{{{"customer", Icon::customers},
                                                                    {"contact", Icon::contact},
                                                                    {"interaction", Icon::visit},
                                                                    {"opportunity", Icon::opportunity},
                                                                    {"contract", Icon::signature},
                                                                    {"contract_line", Icon::list},
                                                                    {"product", Icon::box},
                                                                    {"employee", Icon::users},
                                                                    {"org_unit", Icon::organisation},
                                                                    {"dict_item", Icon::tag}}};
  for (const auto& [id, icon] : icons) {
    if (id == entity.id) {
      return icon;
    }
  }
  return Icon::form;
}

Icon icon_of_interaction_kind(std::string_view kind) {
  constexpr std::array<std::pair<std::string_view, Icon>, 11> icons{{{"phone", Icon::phone},
                                                                    {"visit", Icon::visit},
                                                                    {"email", Icon::mail},
                                                                    {"social", Icon::share},
                                                                    {"sms", Icon::mail},
                                                                    {"store_visit", Icon::building},
                                                                    {"call_in", Icon::phone},
                                                                    {"joint_activity", Icon::users},
                                                                    {"meeting", Icon::calendar},
                                                                    {"survey_call", Icon::form},
                                                                    {"gift_card", Icon::gift}}};
  for (const auto& [id, icon] : icons) {
    if (id == kind) {
      return icon;
    }
  }
  return Icon::note;
}

}  // namespace kehubu
