#include "web/native/storage/fake_storage.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace kehubu {

namespace {

constexpr std::int64_t late_ms = 15000;  // beyond every watchdog of a small operation
constexpr std::int64_t closed_after_ms = 2000;  // without a connection

bool is_transaction(FakeOperation operation) {
  return operation == FakeOperation::read_meta || operation == FakeOperation::read_rest_mark || operation == FakeOperation::read_records ||
         operation == FakeOperation::commit || operation == FakeOperation::remove_rest_mark || operation == FakeOperation::renew_log;
}

bool is_of_copies(FakeOperation operation) {
  return operation == FakeOperation::read_copy || operation == FakeOperation::begin_copy || operation == FakeOperation::append_copy ||
         operation == FakeOperation::finish_copy;
}

}  // namespace

std::int64_t FakeDisk::record_bytes_total() const {
  std::int64_t total = 0;
  for (const auto& [number, record] : records) {
    total += static_cast<std::int64_t>(record.size());
  }
  return total;
}

void FakeDisk::write() {
  for (FakeLog* const part : {&log, &list}) {
    *part = *part == FakeLog::sound ? FakeLog::sound : FakeLog::poisoned;
  }
}

void FakeDisk::open() {
  if (log == FakeLog::poisoned || list == FakeLog::poisoned) {
    log = list = FakeLog::sound;
    exists = false;
    meta.reset();
    rest_mark.reset();
    records.clear();
  }
}

// --- FakeWorld ---

std::int64_t FakeWorld::schedule(std::int64_t delay_ms, std::function<void()> callback) {
  const std::int64_t id = next_event_++;
  const std::int64_t time = now_ms_ + std::max<std::int64_t>(delay_ms, 0);
  events_.emplace(std::pair(time, id), std::move(callback));
  event_times_.emplace(id, time);
  return id;
}

void FakeWorld::cancel(std::int64_t id) {
  if (const auto found = event_times_.find(id); found != event_times_.end()) {
    events_.erase(std::pair(found->second, id));
    event_times_.erase(found);
  }
}

bool FakeWorld::step(std::int64_t until_ms) {
  const auto first = events_.begin();
  if (first == events_.end() || first->first.first > until_ms) {
    return false;
  }
  now_ms_ = std::max(now_ms_, first->first.first);
  event_times_.erase(first->first.second);
  const std::function<void()> callback = std::move(first->second);
  events_.erase(first);
  callback();
  return true;
}

void FakeWorld::run_for(std::int64_t milliseconds) {
  const std::int64_t until = now_ms_ + milliseconds;
  while (step(until)) {
  }
  now_ms_ = until;
}

bool FakeWorld::run_until(const std::function<bool()>& condition, std::int64_t limit_ms) {
  const std::int64_t until = now_ms_ + limit_ms;
  while (!condition()) {
    if (!step(until)) {
      return false;
    }
  }
  return true;
}

// --- FakeStorage: life and death ---

FakeStorage::FakeStorage(FakeWorld& world) : world_(world) {
  if (world_.tabs_.empty()) {
    world_.disk.open();
  }
  world_.tabs_.push_back(this);
}

FakeStorage::~FakeStorage() { crash(); }

void FakeStorage::crash() {
  if (crashed_) {
    return;
  }
  crashed_ = true;
  disconnect();
  *alive_ = false;
  std::erase(world_.tabs_, this);
  release_lock();
}

std::function<void()> FakeStorage::in_tab(std::function<void()> callback) {
  return [this, alive = alive_, callback = std::move(callback)] {
    if (*alive && !frozen_) {
      callback();
    }
  };
}

std::function<void()> FakeStorage::in_browser(std::function<void()> callback) {
  return [&world = world_, browser = world_.browser_, callback = std::move(callback)] {
    if (browser == world.browser_) {
      callback();
    }
  };
}

void FakeStorage::schedule_work(FakeOperation operation, std::int64_t delay_ms, std::function<void()> work) {
  if (!is_transaction(operation)) {
    world_.schedule(delay_ms, std::move(work));
    return;
  }
  std::int64_t& busy_until_ms = world_.store_busy_until_ms_;
  busy_until_ms = std::max(busy_until_ms, world_.now_ms() + delay_ms);
  world_.schedule(busy_until_ms - world_.now_ms(), std::move(work));
}

void FakeStorage::browser_dies_writing(FakeLog FakeDisk::* cut) {
  schedule_work(FakeOperation::commit, 0, in_browser([&world = world_, cut] {
                  if (world.disk.cuts_log_short) {
                    FakeLog& part = world.disk.*cut;
                    part = part == FakeLog::sound ? FakeLog::cut_short : FakeLog::poisoned;
                  }
                  ++world.browser_;
                  world.store_busy_until_ms_ = world.now_ms();
                  for (FakeStorage* const tab : std::vector<FakeStorage*>(world.tabs_)) {
                    tab->crash();
                  }
                }));
}

void FakeStorage::set_events(StorageEvents events) { events_ = std::move(events); }

void FakeStorage::close_connection() {
  disconnect();
  world_.schedule(0, in_tab([this] { events_.connection_closed(); }));
}

void FakeStorage::show_page() { world_.schedule(0, in_tab([this] { events_.page_shown(); })); }

void FakeStorage::hide_page() { world_.schedule(0, in_tab([this] { events_.page_hidden(); })); }

void FakeStorage::perform(FakeOperation operation, std::function<StorageAnswer()> work,
                          std::function<void(const StorageAnswer&)> answer) {
  if (crashed_) {
    return;
  }
  const FakeFault fault = inject_ ? inject_(operation, operation_count_) : FakeFault::none;
  ++operation_count_;
  const auto reply = [this, answer = std::move(answer)](StorageAnswer said) {
    return in_tab([answer, said = std::move(said)] { answer(said); });
  };
  const std::int64_t latency = world_.latency_ms;
  switch (fault) {
    case FakeFault::none:
      schedule_work(operation, latency, in_tab([work, reply] { reply(work())(); }));
      break;
    case FakeFault::abort:
      world_.schedule(latency, reply({StorageFault::aborted, "injected abort"}));
      break;
    case FakeFault::quota:
      world_.schedule(latency, reply({StorageFault::quota, "injected quota"}));
      break;
    case FakeFault::unavailable:
      world_.schedule(latency, reply({StorageFault::unavailable, "injected"}));
      break;
    case FakeFault::connection:
      disconnect();
      world_.schedule(latency, reply({StorageFault::connection_lost, "injected loss of the connection"}));
      break;
    case FakeFault::silence:
      break;
    case FakeFault::done_silently:
      schedule_work(operation, latency, in_browser([work] { work(); }));
      break;
    case FakeFault::late_answer:
      schedule_work(operation, latency, in_browser([this, alive = alive_, work, reply] {
                      const StorageAnswer said = work();
                      if (*alive) {
                        world_.schedule(late_ms, reply(said));
                      }
                    }));
      break;
    case FakeFault::late:
      schedule_work(operation, late_ms, in_browser([operation, alive = alive_, work, reply] {
                      if (!*alive && is_of_copies(operation)) {
                        return;
                      }
                      const StorageAnswer said = work();
                      if (*alive) {
                        reply(said)();
                      }
                    }));
      break;
    case FakeFault::crash_before:
      crash();
      break;
    case FakeFault::crash_writing:
    case FakeFault::crash_listing:
      // What was sent off before is still written.
      if (operation == FakeOperation::commit || operation == FakeOperation::renew_log) {
        browser_dies_writing(fault == FakeFault::crash_writing ? &FakeDisk::log : &FakeDisk::list);
      }
      crash();
      break;
    case FakeFault::crash_after:
      schedule_work(operation, 0, in_browser([work] { work(); }));
      crash();
      break;
  }
}

// --- The store ---

void FakeStorage::connect(Done done) {
  disconnect();
  perform(
      FakeOperation::connect,
      [this, alive = alive_] {
        if (*alive) {
          if (std::ranges::none_of(world_.tabs_, &FakeStorage::connected_) &&
              world_.now_ms() - std::max(world_.disconnected_at_ms_, world_.store_busy_until_ms_) >= closed_after_ms) {
            world_.disk.open();
          }
          connected_ = true;
          created_store_ = created_store_ || !world_.disk.exists;
          world_.disk.exists = true;
        }
        return StorageAnswer{};
      },
      std::move(done));
}

void FakeStorage::disconnect() {
  if (std::exchange(connected_, false)) {
    world_.disconnected_at_ms_ = world_.now_ms();
  }
}

void FakeStorage::read_meta(DoneWithBytes done) {
  const auto found = std::make_shared<Bytes>();
  const bool connected = connected_;
  perform(
      FakeOperation::read_meta,
      [&disk = world_.disk, connected, found] {
        *found = disk.meta.value_or(Bytes{});
        return connected ? StorageAnswer{} : StorageAnswer{StorageFault::connection_lost, "not connected"};
      },
      [done, found](const StorageAnswer& answer) { done(answer, *found); });
}

void FakeStorage::read_records(std::function<void(BytesView record)> each, Done done) {
  const bool connected = connected_;
  perform(
      FakeOperation::read_records,
      [&disk = world_.disk, connected, each = std::move(each)] {
        for (const auto& [number, record] : disk.records) {
          each(record);
        }
        return connected ? StorageAnswer{} : StorageAnswer{StorageFault::connection_lost, "not connected"};
      },
      std::move(done));
}

StorageAnswer FakeStorage::apply(FakeDisk& disk, const StorageCommit& commit,
                                 const std::vector<std::pair<std::int64_t, Bytes>>& puts, std::optional<Bytes>& other) {
  if (disk.meta.value_or(Bytes{}) != commit.expected_meta) {
    other = disk.meta.value_or(Bytes{});
    return {};
  }
  auto records = commit.clear_records ? std::map<std::int64_t, Bytes>() : disk.records;
  for (const auto& [number, record] : puts) {
    records[number] = record;
  }
  for (const std::int64_t number : commit.deletes) {
    records.erase(number);
  }
  std::swap(disk.records, records);
  if (disk.record_bytes_total() > disk.capacity_bytes) {
    std::swap(disk.records, records);
    return {StorageFault::quota, "the fake disk is full"};
  }
  disk.meta = commit.new_meta;
  disk.write();
  return {};
}

void FakeStorage::commit(const StorageCommit& commit, DoneCommit done) {
  std::vector<std::pair<std::int64_t, Bytes>> puts;
  for (const StorageCommit::Put& put : commit.puts) {
    Bytes bytes;
    put.encode(bytes);
    assert(bytes.size() <= 60 * 1024 && "records stay below 60 KiB");
    puts.emplace_back(put.number, std::move(bytes));
  }
  StorageCommit what{.expected_meta = commit.expected_meta,
                     .new_meta = commit.new_meta,
                     .clear_records = commit.clear_records,
                     .puts = {},
                     .deletes = commit.deletes};
  const auto other = std::make_shared<std::optional<Bytes>>();
  const bool connected = connected_;
  perform(
      FakeOperation::commit,
      [this, alive = alive_, &disk = world_.disk, connected, what = std::move(what), puts = std::move(puts), other] {
        if (!connected) {
          return StorageAnswer{StorageFault::connection_lost, "not connected"};
        }
        const StorageAnswer answer = apply(disk, what, puts, *other);
        if (*alive && answer.ok() && !*other) {
          ++commits_done_;
        }
        return answer;
      },
      [done, other](const StorageAnswer& answer) { done(answer, *other); });
}

void FakeStorage::read_rest_mark(DoneWithBytes done) {
  const auto found = std::make_shared<Bytes>();
  const bool connected = connected_;
  perform(
      FakeOperation::read_rest_mark,
      [&disk = world_.disk, connected, found] {
        *found = disk.rest_mark.value_or(Bytes{});
        return connected ? StorageAnswer{} : StorageAnswer{StorageFault::connection_lost, "not connected"};
      },
      [done, found](const StorageAnswer& answer) { done(answer, *found); });
}

// Without an answer, and never failing: a tab that crashes right afterwards has still sent it off.
void FakeStorage::write_rest_mark(BytesView mark) {
  if (connected_) {
    schedule_work(FakeOperation::commit, 0, in_browser([&disk = world_.disk, copy = Bytes(mark.begin(), mark.end())] {
                    disk.rest_mark = copy;
                    disk.write();
                  }));
  }
}

void FakeStorage::remove_rest_mark(Done done) {
  const bool connected = connected_;
  perform(
      FakeOperation::remove_rest_mark,
      [&disk = world_.disk, connected] {
        if (!connected) {
          return StorageAnswer{StorageFault::connection_lost, "not connected"};
        }
        disk.rest_mark.reset();
        disk.write();
        return StorageAnswer{};
      },
      std::move(done));
}

void FakeStorage::renew_log(Done done) {
  const bool connected = connected_;
  if (connected) {
    schedule_work(FakeOperation::renew_log, 0, in_tab([this] { world_.disk.write(); }));
  }
  perform(
      FakeOperation::renew_log,
      [&disk = world_.disk, connected] {
        if (!connected) {
          return StorageAnswer{StorageFault::connection_lost, "not connected"};
        }
        disk.log = FakeLog::sound;
        return StorageAnswer{};
      },
      std::move(done));
}

void FakeStorage::erase(Done done) {
  disconnect();
  perform(
      FakeOperation::erase,
      [&disk = world_.disk] {
        disk.copies = {};
        disk.sentinel.clear();
        disk.records.clear();
        disk.meta.reset();
        disk.rest_mark.reset();
        return StorageAnswer{};
      },
      std::move(done));
}

// --- One writer ---

void FakeStorage::grant_lock(std::function<void(bool)> done) {
  world_.lock_holder_ = this;
  world_.schedule(0, in_tab([done = std::move(done)] { done(true); }));
}

void FakeStorage::acquire_lock(LockMode mode, std::function<void(bool granted)> done) {
  std::erase_if(world_.lock_queue_, [this](const auto& entry) { return entry.first == this; });
  const auto work = [this, alive = alive_, mode, done] {
    if (!*alive) {
      return StorageAnswer{};
    }
    FakeStorage* const holder = world_.lock_holder_;
    if (holder == nullptr || mode == LockMode::steal) {
      if (holder != nullptr && holder != this) {
        world_.schedule(0, holder->in_tab([holder] { holder->events_.lock_lost(); }));
      }
      grant_lock(done);
    } else if (mode == LockMode::if_free) {
      world_.schedule(0, in_tab([done] { done(false); }));
    } else {
      world_.lock_queue_.emplace_back(this, done);
    }
    return StorageAnswer{};
  };
  perform(FakeOperation::acquire_lock, work, [](const StorageAnswer&) {});
}

void FakeStorage::release_lock() {
  std::erase_if(world_.lock_queue_, [this](const auto& entry) { return entry.first == this; });
  if (world_.lock_holder_ != this) {
    return;
  }
  world_.lock_holder_ = nullptr;
  if (!world_.lock_queue_.empty()) {
    auto [next, done] = std::move(world_.lock_queue_.front());
    world_.lock_queue_.erase(world_.lock_queue_.begin());
    next->grant_lock(std::move(done));
  }
}

void FakeStorage::ask_to_yield() {
  for (FakeStorage* const tab : world_.tabs_) {
    if (tab != this) {
      world_.schedule(1, tab->in_tab([tab] { tab->events_.yield_requested(); }));
    }
  }
}

// --- The sentinel and the second copy ---

std::string FakeStorage::read_sentinel() { return world_.disk.sentinel; }

void FakeStorage::write_sentinel(std::string_view text) {
  if (!crashed_) {
    world_.disk.sentinel = text;
  }
}

void FakeStorage::read_copy(int slot, std::int64_t offset, std::int64_t length, DoneWithBytes done) {
  const auto found = std::make_shared<Bytes>();
  const auto work = [&disk = world_.disk, slot, offset, length, found] {
    if (!disk.has_copies) {
      return StorageAnswer{StorageFault::unavailable, "no OPFS"};
    }
    if (const std::optional<Bytes>& copy = disk.copies[static_cast<std::size_t>(slot)]) {
      const std::size_t start = std::min(static_cast<std::size_t>(offset), copy->size());
      const BytesView part = BytesView(*copy).subspan(start, std::min(static_cast<std::size_t>(length), copy->size() - start));
      found->assign(part.begin(), part.end());
    }
    return StorageAnswer{};
  };
  perform(FakeOperation::read_copy, work, [done, found](const StorageAnswer& answer) { done(answer, *found); });
}

void FakeStorage::begin_copy(int slot, Done done) {
  copy_slot_ = slot;
  copy_.clear();
  const auto work = [&disk = world_.disk] {
    return disk.has_copies ? StorageAnswer{} : StorageAnswer{StorageFault::unavailable, "no OPFS"};
  };
  perform(FakeOperation::begin_copy, work, std::move(done));
}

void FakeStorage::append_copy(BytesView bytes, Done done) {
  copy_.insert(copy_.end(), bytes.begin(), bytes.end());
  perform(FakeOperation::append_copy, [] { return StorageAnswer{}; }, std::move(done));
}

void FakeStorage::finish_copy(Done done) {
  const auto work = [&disk = world_.disk, slot = static_cast<std::size_t>(copy_slot_), copy = copy_] {
    disk.copies[slot] = copy;
    return StorageAnswer{};
  };
  perform(FakeOperation::finish_copy, work, std::move(done));
}

// --- The platform ---

void FakeStorage::query_persistence(bool request, std::function<void(bool persisted)> done) {
  world_.schedule(1, in_tab([request, done = std::move(done)] { done(request); }));
}

void FakeStorage::query_quota(std::function<void(std::optional<StorageQuota>)> done) {
  const StorageQuota quota{.usage_bytes = world_.disk.record_bytes_total(), .quota_bytes = world_.disk.capacity_bytes};
  world_.schedule(1, in_tab([quota, done = std::move(done)] { done(quota); }));
}

void FakeStorage::warn_before_unload(bool warn) { warns_before_unload_ = warn; }

StorageBackend::TimerId FakeStorage::start_timer(std::int64_t milliseconds, std::function<void()> callback) {
  return world_.schedule(milliseconds, in_tab(std::move(callback)));
}

void FakeStorage::stop_timer(TimerId timer) { world_.cancel(timer); }

// --- FakeEnvironment ---

void FakeEnvironment::random_bytes(std::span<std::uint8_t> bytes) {
  for (std::uint8_t& byte : bytes) {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    byte = static_cast<std::uint8_t>(state_ >> 56);
  }
}

}  // namespace kehubu
