// JsonReader: a strict pull reader of JSON (RFC 8259) over text in memory, for input that nobody vouches for.
//
// The caller says what must come next; whatever else comes is a problem, kept with its place. After the first problem
// every call fails, so that a chain of reads may be checked once at its end. It accepts exactly valid JSON in valid
// UTF-8 without a byte order mark: no comments, no trailing commas, no lone surrogates, no control characters in
// strings. Integers are the only numbers that can be read as values; others can be skipped.
//
// Nothing is allocated except the strings handed out, and of an object that is skipped its keys. The depth of what is skipped is
// limited, and so is how far it reads, if it is told to: no more than that is ever looked at or kept.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace kehubu {

class JsonReader {
 public:
  JsonReader(std::string_view text, std::uint32_t depth_limit) : whole_(text), text_(text), depth_limit_(depth_limit) {}

  // From here on it reads no more than so many bytes; what needs more is a problem ("this line is too long").
  void read_at_most(std::uint64_t bytes);

  // --- punctuation; blanks before it are skipped
  [[nodiscard]] bool expect(char punctuation);
  [[nodiscard]] bool accept(char punctuation);  // false, and nothing consumed, when something else comes
  char peek();                                  // next character that is no blank; 0 at the end
  [[nodiscard]] bool expect_end();

  // --- values
  [[nodiscard]] bool read_string(std::string& value);
  [[nodiscard]] bool read_integer(std::int64_t& value);  // within ±(2^53 − 1)
  [[nodiscard]] bool read_integer(std::int64_t& value, std::int64_t minimum, std::int64_t maximum);
  [[nodiscard]] bool read_null();
  [[nodiscard]] bool skip_value() { return skip_value(0); }  // checks all that it skips, duplicate keys too

  // --- problems
  // Records a problem at the present place, unless there is one already. Returns false, so that it can be returned.
  bool problem(std::string_view zh, std::string_view en, std::initializer_list<std::string_view> arguments = {});
  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] const Sentence& what() const { return what_; }
  [[nodiscard]] std::size_t position() const { return position_; }
  [[nodiscard]] std::size_t line() const;  // from 1; counts, so ask only for messages

 private:
  void skip_blanks();
  [[nodiscard]] bool read_plain_run();
  [[nodiscard]] bool read_utf8_sequence();
  [[nodiscard]] bool read_escape(std::string& value);
  [[nodiscard]] bool read_hex4(std::uint32_t& unit);
  [[nodiscard]] bool skip_value(std::uint32_t depth);
  [[nodiscard]] bool skip_object(std::uint32_t depth);
  [[nodiscard]] bool skip_array(std::uint32_t depth);
  [[nodiscard]] bool skip_number();
  [[nodiscard]] bool skip_word(std::string_view word);
  [[nodiscard]] char at(std::size_t position) const { return position < text_.size() ? text_[position] : '\0'; }
  bool unexpected(std::string_view expected_zh, std::string_view expected_en);

  std::string_view whole_;
  std::string_view text_;  // as far as it may be read
  std::size_t position_ = 0;
  std::uint64_t bytes_at_most_ = 0;
  std::uint32_t depth_limit_;
  bool failed_ = false;
  Sentence what_;
};

}  // namespace kehubu
