// SearchIndex: finds the records of one entity whose search text holds every word. All texts lie one after the other in
// memory; a search is one scan over them, which finds any substring and needs no dictionary of words.
//
// About 60 to 150 bytes a record. Filled at the first search; afterwards only records that changed are read again.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kehubu {

class SearchIndex {
 public:
  // Replaces what is known of a record; an empty text forgets it.
  void set(std::int64_t row_number, std::string_view text);
  void clear();
  [[nodiscard]] std::size_t bytes() const { return text_.size(); }

  // One flag for each row number up to the greatest: whether the record has all words. A word is a list of spellings,
  // folded already, any of which will do.
  [[nodiscard]] const std::vector<std::uint8_t>& find(const std::vector<std::vector<std::string>>& words);

 private:
  struct Place {
    std::uint32_t begin = 0, size = 0;
  };
  void compact();
  void mark(std::string_view word, std::uint8_t round);

  std::string text_;                     // every text ends with NUL, so that no word reaches over the border
  std::vector<std::int64_t> owners_;     // row numbers in the order of their texts …
  std::vector<std::uint32_t> begins_;    // … and where each begins
  std::vector<Place> places_;            // by row number
  std::size_t garbage_ = 0;              // bytes of texts that were replaced
  std::vector<std::uint8_t> found_;
};

// The first place of the word at or after `from`; npos when there is none.
[[nodiscard]] std::size_t find_bytes(std::string_view text, std::string_view word, std::size_t from);

}  // namespace kehubu
