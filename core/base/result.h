// Result: a value, or an Error that already carries the sentence its reader needs.
//
// Expected failures are values; nothing in core/ throws. An Error is made where the failure is understood, in both
// languages at once, so that whoever handles it only has to show it. Broken invariants assert instead.
#pragma once

#include <expected>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace kehubu {

// One sentence in the two languages of the product. Chinese is the first language; neither may be empty.
struct Sentence {
  std::string zh;
  std::string en;

  [[nodiscard]] const std::string& in(bool chinese) const { return chinese ? zh : en; }
  friend bool operator==(const Sentence&, const Sentence&) = default;
};

enum class ErrorKind {
  invalid_input,  // what a person typed or a file holds breaks a rule; the sentence says which
  not_found,
  refused,      // valid in itself, but not allowed now or for this person
  corrupt,      // stored or received bytes are not what they claim to be
  unsupported,  // made by a newer version, or by something else
  conflict,     // has been changed meanwhile
  storage,      // the database or the browser's storage failed
  cancelled,
};

struct Error {
  ErrorKind kind = ErrorKind::invalid_input;
  Sentence message;
  std::string field;  // id of the catalog field that the error is about, or empty
};

template <typename T>
using Result = std::expected<T, Error>;
using Status = std::expected<void, Error>;

// Replaces each "{}" of the pattern by the next argument, in order. Surplus arguments are ignored, a "{}" without an
// argument stays as it is: a sentence must never be able to fail. "{s}" is the plural's s, which falls away after the
// number 1: "{} record{s}".
[[nodiscard]] std::string substitute(std::string_view pattern, std::initializer_list<std::string_view> arguments);

[[nodiscard]] Sentence sentence(std::string_view zh, std::string_view en,
                                std::initializer_list<std::string_view> arguments = {});

[[nodiscard]] std::unexpected<Error> fail(ErrorKind kind, std::string_view zh, std::string_view en,
                                          std::initializer_list<std::string_view> arguments = {});

}  // namespace kehubu

// Returns the Error of a failed Result from the enclosing function.
#define KEHUBU_TRY(expression)                                                       \
  do {                                                                               \
    if (auto kehubu_status = (expression); !kehubu_status) {                         \
      return std::unexpected(std::move(kehubu_status).error());                      \
    }                                                                                \
  } while (false)

// Declares `variable` from the value of a Result, or returns its Error from the enclosing function.
#define KEHUBU_TRY_ASSIGN(variable, expression)                                      \
  auto variable##_result = (expression);                                             \
  if (!variable##_result) {                                                          \
    return std::unexpected(std::move(variable##_result).error());                    \
  }                                                                                  \
  auto variable = std::move(variable##_result).value()
