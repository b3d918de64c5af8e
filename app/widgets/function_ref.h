// FunctionRef: a callable borrowed for the length of one call.
//
// The widget layer takes its bodies this way: no allocation, no template in the headers. Never store one.
#pragma once

#include <memory>
#include <type_traits>
#include <utility>

#include "core/base/task_ownership.h"

namespace kehubu {

template <typename Signature>
class FunctionRef;

template <typename Value, typename... Arguments>
class FunctionRef<Value(Arguments...)> {
 public:
  FunctionRef() = default;

  template <typename Callable>
    requires(!std::is_same_v<std::remove_cvref_t<Callable>, FunctionRef> &&
             std::is_invocable_r_v<Value, Callable&, Arguments...>)
  FunctionRef(Callable&& callable)  // NOLINT: implicit on purpose, so that a lambda can be written in the call
      : object_(const_cast<void*>(static_cast<const void*>(std::addressof(callable)))),
        call_([](void* object, Arguments... arguments) -> Value {
          return (*static_cast<std::remove_reference_t<Callable>*>(object))(std::forward<Arguments>(arguments)...);
        }) {}

  Value operator()(Arguments... arguments) const { return call_(object_, std::forward<Arguments>(arguments)...); }
  explicit operator bool() const { return call_ != nullptr; }

 private:
  void* object_ = nullptr;
  Value (*call_)(void*, Arguments...) = nullptr;
};

template <typename Signature>
inline constexpr bool borrows<FunctionRef<Signature>> = true;  // no coroutine keeps one

}  // namespace kehubu
