// Included before everything else in core/ when it is compiled for the page. Emscripten's libc++ is built for size and without inlining, and its
// <string> declares std::string's members as instantiated there, so every push_back() was a chain of eight calls: a quarter of a merge's time.
// With the list of those members empty they are instantiated here, as for any other template. Nothing else changes: same layout, same names.
#pragma once

#if __has_include(<__string/extern_template_lists.h>)  // another libc++ is merely slower
#include <__string/extern_template_lists.h>

#undef _LIBCPP_STRING_V1_EXTERN_TEMPLATE_LIST
#undef _LIBCPP_STRING_UNSTABLE_EXTERN_TEMPLATE_LIST
#define _LIBCPP_STRING_V1_EXTERN_TEMPLATE_LIST(function, character)
#define _LIBCPP_STRING_UNSTABLE_EXTERN_TEMPLATE_LIST(function, character)
#endif
