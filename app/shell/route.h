// Route: where in the product one is. A value, so that it can be compared, kept in the history and written down.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/id.h"
#include "core/catalog/catalog.h"

namespace kehubu {

enum class Place : std::uint8_t {
  today,
  list,        // of `entity`; `detail` may name the field that it is sorted by, or be follow_ups_due_detail
  record,      // of `entity`, `id`
  form,        // edits `id`, or makes a new record when it is empty; `about` is the record that it belongs to
  visit,       // records (or plans, corrects) a contact with customer `about`; `detail` is "", "plan" or "correct"
  opportunities,
  exchange,
  conflicts,
  conflict,    // `detail` is its key
  import,      // into `entity`
  settings,
  identity,    // person and device
  dictionary,  // all choice lists, or the one named by `detail`
  more,        // what does not fit into a phone's bottom bar
};

struct Route {
  Place place = Place::today;
  const Entity* entity = nullptr;
  Id id;
  Id about;
  std::string detail;
  friend bool operator==(const Route&, const Route&) = default;
};

// Entities that pages know by name. The catalog has them, or the program is broken: asserts.
[[nodiscard]] const Entity& entity_named(std::string_view id);

// A route as the part of the address behind '#', and back. Nothing for what is no route of this program.
[[nodiscard]] std::string route_text(const Route& route);
[[nodiscard]] std::optional<Route> parse_route(std::string_view text);

// The entry of the navigation under which a route is found.
[[nodiscard]] Route section_of(const Route& route);

[[nodiscard]] Route list_of(std::string_view entity);
[[nodiscard]] Route record_of(const Entity& entity, const Id& id);
[[nodiscard]] Route form_for(const Entity& entity, const Id& id = {}, const Id& about = {});

}  // namespace kehubu
