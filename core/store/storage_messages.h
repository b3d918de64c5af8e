// What DurableStore says to the user, in both languages, in one place.
#pragma once

#include "core/base/result.h"
#include "core/store/durable_store.h"

namespace kehubu::storage_messages {

// Why the last attempt to save failed. It is tried again by itself.
[[nodiscard]] Sentence failure(StorageFault fault);
// What opening found; empty for first_run and loaded.
[[nodiscard]] Sentence outcome(OpenOutcome outcome);
// The data on this device went back from one commit to an older one, and no copy has the newer.
[[nodiscard]] Sentence rolled_back();
// The browser deleted the store while it was open; it is being written anew from memory.
[[nodiscard]] Sentence rebuilt();
// Another tab has become the writer.
[[nodiscard]] Sentence overtaken(bool unsaved);
[[nodiscard]] Sentence erased();
[[nodiscard]] Sentence not_erased();
[[nodiscard]] Sentence no_second_copy();
// The browser was asked not to evict the data, and has not agreed; most decide by themselves, without a word.
[[nodiscard]] Sentence not_protected();
// After a browser that died: the second copy that must come first cannot be written; it is tried again …
[[nodiscard]] Sentence copy_comes_first();
// … and then it is gone on without.
[[nodiscard]] Sentence no_copy_to_fall_back_on();

}  // namespace kehubu::storage_messages
