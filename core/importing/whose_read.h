// What the headings of a list of customers say of their columns, and below which names these stand. Private to whose.cpp.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/importing/whose.h"

namespace kehubu {

// What bare heads name that several owners may have. Those of one thing are told apart by where they stand.
enum class Thing : std::uint8_t { none, name, reach, personal, remark };

// One column after another, each below the last head that names an owner: 客户名称 | 电话 | 姓名 | 职务 | 手机 | 业务员 | 手机.
struct ColumnPlace {
  enum class Below : std::uint8_t { company, persons, another, loose };
  Below below = Below::company;
  int run = -1;  // of names side by side
};

struct ColumnRead {
  Thing thing = Thing::none;
  Party party = Party::unsaid;
  int number = 0;
  std::string front;     // the words that say whose it is
  ColumnPlace place;
  bool settled = false;  // it is decided whose the column is, or that it is asked
  bool said = false;     // by its heading
};
struct TableRead {
  std::vector<ColumnRead> columns;
  std::vector<std::vector<int>> runs;  // of names side by side: whose they are
  Owners owners;                       // with names, reaches and whats; nobody's columns are settled yet but those of names
};
[[nodiscard]] TableRead read_owners(std::span<const Heading> headings, std::span<const ColumnContent> contents, const Entity& customer);

}  // namespace kehubu
