// Who owns what a coroutine works on: the rule that lets no task outlive its arguments, as a type.
//
// A coroutine that has been started goes on after its caller has returned. A parameter that refers to something of the
// caller (a reference, a pointer, a view, the captures of a lambda) then refers to nothing. So a Task's parameters must
// be its own, and what does not compile cannot crash:
//
//   Task<T> export_csv(Store& store, const ListQuery& query)   refused: nobody keeps the query
//   Task<T> export_csv(Store& store, ListQuery query)          a Store outlives tasks, and says why
//   [this](Progress&) -> Task<T> { … co_await … }              refused: the captures die with the lambda; a static one has none
//
// What outlives every task by construction has a static member `outlives_tasks_because` that says how. What a task does
// step by step is a Step (task.h), which may borrow, because it can only be awaited on the spot.
#pragma once

#include <array>
#include <functional>
#include <span>
#include <string_view>
#include <type_traits>

namespace kehubu {

template <typename T>
concept OutlivesTasks = requires { std::string_view(std::remove_cv_t<T>::outlives_tasks_because); };

// True of a type of parameter that refers to something which its coroutine does not own. It looks through templates
// (a vector of string_view borrows), not into the members of structures: those must own what they hold.
template <typename T>
inline constexpr bool borrows = false;
template <typename T>
inline constexpr bool borrows<const T> = borrows<T>;
template <typename T>
inline constexpr bool borrows<T&> = !OutlivesTasks<T>;
template <typename T>
inline constexpr bool borrows<T&&> = true;
template <typename T>
inline constexpr bool borrows<T*> = !OutlivesTasks<T>;
template <typename Character, typename Traits>
inline constexpr bool borrows<std::basic_string_view<Character, Traits>> = true;
template <typename T, std::size_t extent>
inline constexpr bool borrows<std::span<T, extent>> = true;
template <typename T, std::size_t extent>
inline constexpr bool borrows<std::array<T, extent>> = borrows<T>;
template <typename T>
inline constexpr bool borrows<std::reference_wrapper<T>> = !OutlivesTasks<T>;
template <template <typename...> typename Template, typename... Arguments>
inline constexpr bool borrows<Template<Arguments...>> = (borrows<Arguments> || ...);

template <typename... Parameters>
inline constexpr bool owns_parameters = !(borrows<Parameters> || ...);

}  // namespace kehubu
