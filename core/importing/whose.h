// Whose each column of a list of customers is: the company's, one of its contacts', or somebody else's. Private to importing/.
//
// Decided once, before anything is asked about fields. It is certain where the heading says it (公司电话, 联系人2电话), or where the place
// does: one person, or groups that repeat whole (姓名,电话,姓名,电话; k names and then k telephones). Where it is not, the column is
// nobody's: it goes to the remark, and the review asks.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/importing/column_content.h"
#include "core/importing/headings.h"
#include "core/importing/parties.h"

namespace kehubu {

struct Owner {
  enum class Of : std::uint8_t { company, person, nobody };
  Of of = Of::company;
  int person = 0;            // ColumnMapping::person; of a column that is nobody's for certain, whose it most likely is
  bool certain = true;       // else it is to be asked whose it is
  bool perhaps_company = false;
  bool perhaps_person = false;
  std::string somebody;      // 法人 of 法人手机: who else it may be
  bool is_name = false;      // it holds the names of that person
  Reach reach = Reach::none;
  Heading what;              // the heading without what says whose it is
};
struct Owners {
  std::vector<Owner> columns;
  std::vector<std::size_t> name_columns;  // of the persons, in their order
  bool rows_are_persons = false;          // 姓名 and no company: the customers are the persons
};
[[nodiscard]] Owners find_owners(std::span<const Heading> headings, std::span<const ColumnContent> contents, const Entity& customer);

}  // namespace kehubu
