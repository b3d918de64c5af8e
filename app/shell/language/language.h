// Language: every sentence that the interface says, in Chinese and in English.
//
// One line of words_*.inc is one sentence: WORD(name, "中文", "English"). A line without its translation does not compile,
// so both languages are complete by construction. "{}" takes an argument; substitute() of core/base/result.h fills it.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/catalog/catalog.h"

namespace kehubu {

enum class Word : std::uint16_t {
#define WORD(name, zh, en) name,
#include "app/shell/language/words.inc"
#undef WORD
  count_
};

class Language {
 public:
  explicit Language(bool chinese = true) : chinese_(chinese) {}

  [[nodiscard]] bool chinese() const { return chinese_; }
  void set_chinese(bool chinese) { chinese_ = chinese; }

  [[nodiscard]] std::string_view operator()(Word word) const;
  [[nodiscard]] std::string operator()(Word word, std::initializer_list<std::string_view> arguments) const;
  [[nodiscard]] std::string_view operator()(const Sentence& sentence) const { return sentence.in(chinese_); }

  // Labels of the catalog.
  [[nodiscard]] std::string_view operator()(const Entity& entity) const { return chinese_ ? entity.zh : entity.en; }
  [[nodiscard]] std::string_view operator()(const Field& field) const { return chinese_ ? field.zh : field.en; }
  // In the middle of a sentence: "New customer", not "New Customer".
  [[nodiscard]] std::string inside(const Entity& entity) const;
  [[nodiscard]] std::string_view hint(const Field& field) const { return chinese_ ? field.hint_zh : field.hint_en; }
  [[nodiscard]] std::string_view group(const Field& field) const { return chinese_ ? field.group_zh : field.group_en; }

  // Lists in running text: "甲、乙" and "a, b".
  [[nodiscard]] std::string_view list_separator() const { return chinese_ ? "、" : ", "; }
  // A sentence that others follow: with its end, if it has none ("要不要…？" has one).
  [[nodiscard]] std::string ended(std::string sentence) const {
    const bool ends = sentence.ends_with("。") || sentence.ends_with("？") || sentence.ends_with(".") || sentence.ends_with("?");
    return std::move(sentence) + (ends ? "" : chinese_ ? "。" : ".") + (chinese_ ? "" : " ");
  }

 private:
  bool chinese_;
};

// One sentence as both languages have it, for tests.
[[nodiscard]] std::string_view word_in(Word word, bool chinese);

}  // namespace kehubu
