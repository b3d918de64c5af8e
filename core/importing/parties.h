// The words of headings that say of whom a column is, and what reaches somebody. Private to importing/.
//
// The end of a Chinese heading says what it is, the beginning whose: 公司电话 is the company's, 业务员电话 our own man's, 法人手机
// somebody's who is no contact, and 联系电话 says nothing. One table holds these words, another one those for telephones.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/importing/cells.h"

namespace kehubu {

enum class Party : std::uint8_t {
  unsaid,     // 联系, 常用, 主要: whose it is, is not said
  company,    // 公司, 客户, 门店
  contact,    // 联系人, 本人
  recipient,  // 收货人: the person of the row in a list of orders, else somebody
  another,    // 业务员, 司机, 介绍人: known to be neither the customer nor a contact
  somebody,   // 法人, 老板, 采购人, and whatever is not known: nobody can tell without asking
};
// Of the beginning of a heading, 联系人 of 联系人电话, or of what stands in its brackets.
[[nodiscard]] Party party_of(std::string_view front);
// Nothing but words that say of whom the column is anyway, or nothing: 公司联系, 客户, 主要.
[[nodiscard]] bool is_of_the_record(std::string_view front);
// 业务员手机, 司机电话, 介绍人: by how the whole begins.
[[nodiscard]] bool names_another_party(std::string_view heading);
// 法人, 采购人, 店长, 上级: names of somebody stand below.
[[nodiscard]] bool names_somebody(std::string_view heading);

enum class Reach : std::uint8_t { none, any_phone, mobile, office_phone, home_phone, fax, email, account, address, home_address };
[[nodiscard]] constexpr bool is_telephone(Reach reach) { return reach >= Reach::any_phone && reach <= Reach::home_phone; }
// What a heading ends with, and what stands before it: 公司联系电话 → any_phone, 公司. Exactly such a word has nothing before it.
struct ReachHeading {
  Reach reach = Reach::none;
  std::string_view front;
};
[[nodiscard]] ReachHeading read_reach(std::string_view name);

}  // namespace kehubu
