#include "app/shell/language/language.h"

#include <iterator>

namespace kehubu {
namespace {

struct Translation {
  std::string_view zh, en;
};

constexpr Translation translations[] = {
#define WORD(name, zh, en) {zh, en},
#include "app/shell/language/words.inc"
#undef WORD
};

constexpr bool complete() {
  for (const Translation& translation : translations) {
    if (translation.zh.empty() || translation.en.empty()) {
      return false;
    }
  }
  return true;
}
static_assert(std::size(translations) == static_cast<std::size_t>(Word::count_));
static_assert(complete(), "every line of words_*.inc needs both languages");

}  // namespace

std::string_view word_in(Word word, bool chinese) {
  const Translation& translation = translations[static_cast<std::size_t>(word)];
  return chinese ? translation.zh : translation.en;
}

std::string_view Language::operator()(Word word) const { return word_in(word, chinese_); }

std::string Language::operator()(Word word, std::initializer_list<std::string_view> arguments) const {
  return substitute(word_in(word, chinese_), arguments);
}

std::string Language::inside(const Entity& entity) const {
  std::string name((*this)(entity));
  const auto is_capital = [](char letter) { return letter >= 'A' && letter <= 'Z'; };
  const bool is_abbreviation = name.size() > 1 && is_capital(name[1]);
  if (!chinese_ && !name.empty() && is_capital(name[0]) && !is_abbreviation) {
    name[0] = static_cast<char>(name[0] - 'A' + 'a');
  }
  return name;
}

}  // namespace kehubu
