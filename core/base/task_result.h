// KEHUBU_TRY for coroutines.
#pragma once

#include "core/base/result.h"

#define KEHUBU_CO_TRY(expression)                                                 \
  do {                                                                            \
    if (auto kehubu_status = (expression); !kehubu_status) {                      \
      co_return std::unexpected(std::move(kehubu_status).error());                \
    }                                                                             \
  } while (false)

#define KEHUBU_CO_TRY_ASSIGN(variable, expression)                                \
  auto variable##_result = (expression);                                          \
  if (!variable##_result) {                                                       \
    co_return std::unexpected(std::move(variable##_result).error());              \
  }                                                                               \
  auto variable = std::move(variable##_result).value()
