// The words of a payment term. Its label has places for numbers, X, Y and Z, that stand in fields beside it.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/store/store.h"

namespace kehubu {

[[nodiscard]] bool is_payment_term(const Field& field);
// "进货后30天结现或结30天票": with the numbers of the record. What it has not, and without a record all, is "…".
[[nodiscard]] std::string term_with_numbers(std::string label, const Record* record);
// The same for a label and for what the function above makes of it.
[[nodiscard]] std::string term_without_numbers(std::string_view words);
// The numbers that the words have where their label has a place, as they are written, each with the field that it belongs to.
[[nodiscard]] std::vector<std::pair<std::string_view, std::string>> numbers_of_term(std::string_view label, std::string_view words);

}  // namespace kehubu
