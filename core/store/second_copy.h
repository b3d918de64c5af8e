// SecondCopy: the whole image once more, in another kind of storage (OPFS files), for the day on which the first is gone.
//
// Two files take turns, so that there is always a complete one: the older is replaced, at its end and at once. A copy is a
// meta record followed by page records as in the store (docs/storage.md), so the same checks decide whether it is believed.
// Writing takes the frozen pages of a snapshot, about 1 MiB at a time; commits go on meanwhile.
//
// One operation at a time. Callbacks never run inside the call that registered them.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "core/store/record_ledger.h"
#include "core/store/watched_operation.h"

namespace kehubu {

class SecondCopy {
 public:
  struct Found {
    StoreMeta meta;
    ImageSnapshot image;
  };
  using FoundCallback = std::function<void(std::optional<Found>)>;
  using HeadCallback = std::function<void()>;

  explicit SecondCopy(StorageBackend& backend) : backend_(backend), operation_(backend) {}

  // Reads the heads of both files; newest_head() then tells.
  void read_heads(HeadCallback done);
  // Nothing if there is no copy, or heads have not been read.
  [[nodiscard]] const StoreMeta* newest_head() const;
  // Whether a copy of this very state is there.
  [[nodiscard]] bool holds(const Id& store, std::int64_t commit_number) const;
  // Of both heads, damaged files included; 0 if there are none.
  [[nodiscard]] std::int64_t highest_commit_number() const;
  // Loads the copy with the highest commit number that can be believed; the other one if that is damaged. Should
  // reading_failed() be true afterwards, a newer one may be there than the one that was found.
  void read_newest(FoundCallback done);
  // Whatever is under way ends here: no further step is taken, and nothing is called.
  void cancel();
  // The image must not be empty.
  void write(ImageSnapshot image, const Id& store, std::int64_t epoch, std::int64_t now_ms, StorageBackend::Done done);

  [[nodiscard]] bool busy() const { return busy_; }
  // True if some part could not be read for another reason than that it is not there: trying again may help.
  [[nodiscard]] bool reading_failed() const { return reading_failed_; }
  // False once the platform has said that it has no such files.
  [[nodiscard]] bool available() const { return available_; }

 private:
  struct Reading {
    int slot = 0;
    std::unique_ptr<ImageLoader> loader;
    std::size_t next_record = 0;
    std::size_t record_count = 0;
  };
  struct Writing {
    int slot = 0;
    StoreMeta meta;
    std::vector<FlushBatch::Entry> entries;
    std::size_t next_record = 0;
    StorageBackend::Done done;
  };

  void read_head(int slot, HeadCallback done);
  void read_candidates(std::vector<int> slots, FoundCallback done);
  void read_chunk(std::vector<int> other_slots, FoundCallback done);
  void begin_writing();
  void write_chunk();
  void finish_writing(const StorageAnswer& answer);
  [[nodiscard]] bool note(const StorageAnswer& answer);

  StorageBackend& backend_;
  WatchedOperation operation_;
  bool busy_ = false;
  bool available_ = true;
  bool heads_known_ = false;
  bool reading_failed_ = false;
  std::array<std::optional<StoreMeta>, 2> heads_;
  Reading reading_;
  Writing writing_;
};

}  // namespace kehubu
