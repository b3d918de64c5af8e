// Duplicates (R-DUP): records that are perhaps the same organisation or person as what is being typed. For the hint while
// typing: a few scans of the search index per value, whatever the size of the database, also over the bin. Scores and
// merging come later; this answers what is alike, and whether it is so alike that a new record should be meant.
#pragma once

#include <cstddef>
#include <vector>

#include "core/store/store.h"

namespace kehubu {

struct Likeness {
  enum class Kind : std::uint8_t {
    same_name,     // R-DUP-02: equal when normalised
    near_name,     // one letter apart, or one name within the other
    same_number,   // R-DUP-03: phone, mobile, e-mail of a customer or of any contact
    same_registration,  // R-DUP-01: tax or licence number
  };
  const Entity* entity = nullptr;  // customer or contact
  Id row;
  Kind kind = Kind::near_name;
  bool deleted = false;            // lies in the bin

  // To be made a second time only on purpose (90 points and more). A number may be shared: that is a hint.
  [[nodiscard]] bool strong() const { return !deleted && (kind == Kind::same_name || kind == Kind::same_registration); }
};

// Whether the field is one that tells customers or contacts apart.
[[nodiscard]] bool tells_apart(const Entity& entity, const Field& field);

// Records like a record `self` of the entity whose field has this value; the most alike first, at most `limit`.
[[nodiscard]] std::vector<Likeness> likenesses(Store& store, const Entity& entity, const Id& self, const Field& field,
                                               const Value& value, std::size_t limit);

// 0 equal, 1 one letter apart, 2 further; compares code points.
[[nodiscard]] int letters_apart(std::string_view first, std::string_view second);

}  // namespace kehubu
