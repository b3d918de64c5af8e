#include "core/sync/questions_opened.h"

#include "core/base/text.h"
#include "core/sync/conflicts.h"

namespace kehubu {

QuestionsOpened::QuestionsOpened(Store& store) : store_(store), open_before_(Conflicts{internals(store)}.keys()) {}

Result<Sentence> QuestionsOpened::words() const {
  constexpr std::size_t told = 2;
  KEHUBU_TRY(open_before_);
  KEHUBU_TRY_ASSIGN(opened, Conflicts{internals(store_)}.opened_since(*open_before_, told));
  Sentence words;
  for (const Sentence& headline : opened.headlines) {
    words.zh += (words.zh.empty() ? "新的问题等您决定：" : "\n新的问题等您决定：") + headline.zh;
    words.en += (words.en.empty() ? "A new question waits for you: " : "\nA new question waits for you: ") + headline.en;
  }
  if (opened.count > opened.headlines.size()) {
    const std::string count = std::to_string(opened.count);
    words.zh += substitute("\n新的问题共有 {} 个，请到“同步”里决定。", {count});
    words.en += substitute("\nThere are {} new question{s} in all; decide on them in Sync.", {count});
  }
  return words;
}

}  // namespace kehubu
