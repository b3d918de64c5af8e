// What the table `conflict` calls its rows (log.h): the same name on every device, made of nothing that is local.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/store/tables.h"

namespace kehubu {

// Numbers of sync's ConflictKind.
enum class StoredConflict : std::int64_t { field = 0, document, delete_against_edit, missing_reference, duplicate_number, circle, rule, only_one };

// The detail of a conflict about a field that may be part of a question about several rows of the table: the fields that follow from one
// choice, or the records of which one may have a mark (core/rules/merge_rules.h). So those are found, and counted, without the others.
inline constexpr std::string_view shared_choice = "choice", shared_mark = "mark";

// `detail`: of a number its value, of a circle its members, of a rule its id, of only_one what only_one_detail() says.
[[nodiscard]] std::string conflict_key(StoredConflict kind, const Entity& entity, const Id& row, const Field* field,
                                       const Value& detail);
[[nodiscard]] std::vector<Id> ids_of(std::string_view members_of_circle);
// Rule and values: "name_and_spec/6:瓜子/".
[[nodiscard]] Value only_one_detail(const Table::OnlyOneRule& rule, std::span<const Value> alike);

}  // namespace kehubu
