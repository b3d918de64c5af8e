// Headings: how well a column's heading names a field. Private to importing/.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/importing/cells.h"
#include "core/importing/importing.h"

namespace kehubu {

// Names of a field, folded, each with the score of a heading that is exactly it.
struct FieldNames {
  MappableField target;
  struct Name {
    std::string text;
    int score = 0;
  };
  std::vector<Name> names;
};
[[nodiscard]] FieldNames names_of(const MappableField& target);
// Of all mappable fields of an entity; made once, as the catalog is constant.
[[nodiscard]] const std::vector<FieldNames>& names_of_fields(const Entity& entity);

// How many different cells are, as they stand, names of fields of any entity: what tells a header from data.
[[nodiscard]] int count_known_headings(std::span<const std::string> cells);

// Cheap, of a folded text: false is certain.
[[nodiscard]] bool may_be_heading(const std::string& folded);
// The name that a cell is, or ends with as 负责人手机 does; "" for none. What ends like the name of a company says nothing.
[[nodiscard]] std::string heading_at_end(std::string_view cell);

// 客户名称, 单位名称, 姓名: what stands above the names of records, and is no name of one.
[[nodiscard]] bool is_heading_of_names(std::string_view cell);

// 100 for the field's own label, less for aliases and for headings that contain a name or are a part of one; 0 for none.
[[nodiscard]] int score_heading(const Heading& heading, const FieldNames& names);

[[nodiscard]] bool is_serial_number_heading(const Heading& heading);  // 序号, No.
[[nodiscard]] bool is_person_heading(const Heading& heading);         // 姓名: the row is a person
[[nodiscard]] bool is_contact_heading(const Heading& heading);        // 联系人, 联系人及电话: the row has a person

// 工作单位, 公司全称 beside 姓名: where the person works, who then is a contact. `perhaps`: 发证单位.
enum class Employment : std::uint8_t { none, perhaps, certain };
[[nodiscard]] Employment employment_of(const Heading& heading);
// 联系人电话 → 电话; "" of what does not begin so, or goes on with nothing.
[[nodiscard]] Heading behind_contact(const Heading& heading);

// 日期, 时间: of what is not said.
[[nodiscard]] bool is_bare_day_heading(const Heading& heading);
// 产品名称, 规格: the list is not one of customers.
[[nodiscard]] bool is_product_heading(const Heading& heading);

// "联系人2", "电话(2)", "联系人2电话", "联系人二": whose it is, and what of him. Number 0: none is written.
struct NumberedHeading {
  Heading heading;
  int number = 0;
};
[[nodiscard]] NumberedHeading read_number(const Heading& heading);

[[nodiscard]] bool is_organisation_heading(const Heading& heading);  // Organization, Company: the customer of an address book
[[nodiscard]] bool is_bare_name_heading(const Heading& heading);     // Name

}  // namespace kehubu
