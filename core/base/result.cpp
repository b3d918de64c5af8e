#include "core/base/result.h"

namespace kehubu {

std::string substitute(std::string_view pattern, std::initializer_list<std::string_view> arguments) {
  std::string text;
  text.reserve(pattern.size() + 32);
  const auto* next_argument = arguments.begin();
  std::string_view last;
  for (std::size_t position = 0; position < pattern.size();) {
    if (pattern.substr(position, 2) == "{}" && next_argument != arguments.end()) {
      last = *next_argument++;
      text += last;
      position += 2;
    } else if (pattern.substr(position, 3) == "{s}") {
      text += last == "1" ? "" : "s";
      position += 3;
    } else {
      text += pattern[position++];
    }
  }
  return text;
}

Sentence sentence(std::string_view zh, std::string_view en, std::initializer_list<std::string_view> arguments) {
  return Sentence{substitute(zh, arguments), substitute(en, arguments)};
}

std::unexpected<Error> fail(ErrorKind kind, std::string_view zh, std::string_view en,
                            std::initializer_list<std::string_view> arguments) {
  return std::unexpected(Error{kind, sentence(zh, en, arguments), {}});
}

}  // namespace kehubu
