// Persons as they are written into one cell, with their telephones. Private to importing/.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kehubu {

struct PersonInCell {
  std::string name, phone;
};
// "张总13800620001", "李经理：13800620002", "王一(13800620003)", "张三/138…；李四/138…", 张三 and 138… in two lines. Empty unless every part of the cell is a name
// with a telephone behind it.
[[nodiscard]] std::vector<PersonInCell> split_persons(std::string_view cell);

// "赵六/钱七" beside "138…/139…": as many mobiles as names, each the one's who stands in its place. Empty otherwise.
[[nodiscard]] std::vector<PersonInCell> pair_persons(std::string_view names, std::string_view phones);

// "孙八（已离职）" → "孙八"; "" for whoever has not left.
[[nodiscard]] std::string without_having_left(std::string_view name);

// "张三、李四", "赵六/钱七", "张总 李经理", "吴十 郑一", "陈四(财务)褚五(采购)": several, of whom one cannot say which telephone is whose.
[[nodiscard]] bool names_several_persons(std::string_view cell);

}  // namespace kehubu
