#include "app/shell/route.h"

#include <array>
#include <cassert>
#include <utility>
#include <vector>

namespace kehubu {
namespace {

// Places by their first word in an address.
constexpr std::array<std::pair<std::string_view, Place>, 14> place_words{{{"today", Place::today},
                                                                         {"list", Place::list},
                                                                         {"record", Place::record},
                                                                         {"form", Place::form},
                                                                         {"visit", Place::visit},
                                                                         {"opportunities", Place::opportunities},
                                                                         {"sync", Place::exchange},
                                                                         {"conflicts", Place::conflicts},
                                                                         {"conflict", Place::conflict},
                                                                         {"import", Place::import},
                                                                         {"settings", Place::settings},
                                                                         {"identity", Place::identity},
                                                                         {"lists", Place::dictionary},
                                                                         {"more", Place::more}}};

bool needs_entity(Place place) {
  return place == Place::list || place == Place::record || place == Place::form || place == Place::visit || place == Place::import;
}

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t slash = text.find('/');
    parts.push_back(text.substr(0, slash));
    if (slash == std::string_view::npos) {
      return parts;
    }
    text.remove_prefix(slash + 1);
  }
}

// "-" stands for an empty part, so that the others keep their places.
std::optional<Id> parse_id(std::string_view text) { return text == "-" ? Id{} : Id::parse(text); }

}  // namespace

std::string route_text(const Route& route) {
  std::string text;
  for (const auto& [word, place] : place_words) {
    if (place == route.place) {
      text = word;
    }
  }
  const auto id_text = [](const Id& id) { return id.empty() ? std::string("-") : id.text(); };
  if (route.entity) {
    text += "/" + std::string(route.entity->id);
  }
  if (!route.id.empty() || !route.about.empty() || (route.entity && !route.detail.empty())) {
    text += "/" + id_text(route.id) + "/" + id_text(route.about);
  }
  if (!route.detail.empty()) {
    text += "/" + route.detail;
  }
  return text;
}

std::optional<Route> parse_route(std::string_view text) {
  const std::vector<std::string_view> parts = split(text);
  Route route;
  bool known = false;
  for (const auto& [word, place] : place_words) {
    if (parts[0] == word) {
      route.place = place;
      known = true;
    }
  }
  if (!known) {
    return std::nullopt;
  }
  std::size_t next = 1;
  if (needs_entity(route.place)) {
    route.entity = parts.size() > next ? find_entity(parts[next++]) : nullptr;
    if (!route.entity) {
      return std::nullopt;
    }
    if (parts.size() >= next + 2) {
      const auto id = parse_id(parts[next]), about = parse_id(parts[next + 1]);
      if (!id || !about) {
        return std::nullopt;
      }
      route.id = *id;
      route.about = *about;
      next += 2;
    }
  }
  // What is left belongs to the detail, slashes included: keys of conflicts may hold them.
  for (; next < parts.size(); ++next) {
    route.detail += (route.detail.empty() ? "" : "/") + std::string(parts[next]);
  }
  const bool needs_id = route.place == Place::record;
  return needs_id && route.id.empty() ? std::nullopt : std::optional<Route>(route);
}

Route section_of(const Route& route) {
  const std::string_view entity = route.entity ? route.entity->id : std::string_view();
  switch (route.place) {
    case Place::list:
    case Place::record:
    case Place::form:
    case Place::import:
      break;
    case Place::visit:
      return {.place = Place::today};
    case Place::conflicts:
    case Place::conflict:
      return {.place = Place::exchange};
    case Place::identity:
    case Place::dictionary:
      return {.place = Place::settings};
    default:
      return {.place = route.place};
  }
  if (entity == "customer" || entity == "contact") {
    return list_of("customer");
  }
  if (entity == "contract" || entity == "product") {
    return list_of(entity);
  }
  if (entity == "opportunity") {
    return {.place = Place::opportunities};
  }
  return {.place = entity == "interaction" ? Place::today : Place::settings};
}

const Entity& entity_named(std::string_view id) {
  const Entity* entity = find_entity(id);
  assert(entity && "the pages name an entity that the catalog does not declare");
  return *entity;
}

Route list_of(std::string_view entity) { return {.place = Place::list, .entity = &entity_named(entity), .id = {}, .about = {}, .detail = {}}; }

Route record_of(const Entity& entity, const Id& id) {
  return {.place = Place::record, .entity = &entity, .id = id, .about = {}, .detail = {}};
}

Route form_for(const Entity& entity, const Id& id, const Id& about) {
  return {.place = Place::form, .entity = &entity, .id = id, .about = about, .detail = {}};
}

}  // namespace kehubu
