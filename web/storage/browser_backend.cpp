#include "web/storage/browser_backend.h"

#include <emscripten/emscripten.h>

#include <cassert>
#include <cstring>
#include <map>
#include <utility>

// Implemented in storage.library.js. Numbers of records travel as doubles: exact up to 2^53, and cheaper than BigInt.
extern "C" {
void kehubu_storage_start();
void kehubu_storage_connect(int request);
void kehubu_storage_disconnect();
void kehubu_storage_read_meta(int request);
void kehubu_storage_read_rest_mark(int request);
void kehubu_storage_write_rest_mark(const std::uint8_t* mark, std::size_t size);
void kehubu_storage_remove_rest_mark(int request);
int kehubu_storage_log_may_be_cut_short();
void kehubu_storage_renew_log(int request);
void kehubu_storage_read_records(int request);
void kehubu_storage_put(double number, const std::uint8_t* bytes, std::size_t size);
void kehubu_storage_delete(double number);
void kehubu_storage_commit(int request, const std::uint8_t* expected, std::size_t expected_size, const std::uint8_t* meta,
                           std::size_t meta_size, int clear_records);
void kehubu_storage_erase(int request);
void kehubu_storage_acquire_lock(int request, int mode);
void kehubu_storage_release_lock();
void kehubu_storage_ask_to_yield();
std::size_t kehubu_storage_read_sentinel();  // its size; the text is in the exchange buffer
void kehubu_storage_write_sentinel(const char* text, std::size_t size);
void kehubu_storage_read_copy(int request, int slot, double offset, double length);
void kehubu_storage_begin_copy(int request, int slot);
void kehubu_storage_append_copy(int request, const std::uint8_t* bytes, std::size_t size);
void kehubu_storage_finish_copy(int request);
void kehubu_storage_query_persistence(int request, int ask);
void kehubu_storage_query_quota(int request);
void kehubu_storage_warn_before_unload(int warn);
int kehubu_storage_start_timer(double milliseconds);
void kehubu_storage_stop_timer(int timer);
}

namespace kehubu {

namespace {

// An answer from JavaScript; what is not said is empty.
struct Answer {
  StorageAnswer answer;
  bool has_payload = false;
  BytesView payload;
  double first = 0;
  double second = 0;
};

class BrowserBackend;
BrowserBackend* current = nullptr;

class BrowserBackend final : public StorageBackend {
 public:
  BrowserBackend() {
    assert(current == nullptr && "one backend per page");
    current = this;
    kehubu_storage_start();
  }
  ~BrowserBackend() override { current = nullptr; }

  void set_events(StorageEvents events) override { events_ = std::move(events); }

  void connect(Done done) override { kehubu_storage_connect(expect(std::move(done))); }
  void disconnect() override { kehubu_storage_disconnect(); }
  void read_meta(DoneWithBytes done) override { kehubu_storage_read_meta(expect_bytes(std::move(done))); }

  void read_records(std::function<void(BytesView record)> each, Done done) override {
    const int request = expect([this, done = std::move(done)](const StorageAnswer& answer) {
      each_record_ = nullptr;
      done(answer);
    });
    each_record_ = std::move(each);
    reading_request_ = request;
    kehubu_storage_read_records(request);
  }

  void commit(const StorageCommit& commit, DoneCommit done) override {
    Bytes record;
    for (const StorageCommit::Put& put : commit.puts) {
      put.encode(record);
      kehubu_storage_put(static_cast<double>(put.number), record.data(), record.size());
    }
    for (const std::int64_t number : commit.deletes) {
      kehubu_storage_delete(static_cast<double>(number));
    }
    const int request = remember([done = std::move(done)](const Answer& answer) {
      std::optional<Bytes> other;
      if (answer.has_payload) {
        other.emplace(answer.payload.begin(), answer.payload.end());
      }
      done(answer.answer, other);
    });
    kehubu_storage_commit(request, commit.expected_meta.data(), commit.expected_meta.size(), commit.new_meta.data(),
                          commit.new_meta.size(), commit.clear_records ? 1 : 0);
  }

  void read_rest_mark(DoneWithBytes done) override { kehubu_storage_read_rest_mark(expect_bytes(std::move(done))); }
  void write_rest_mark(BytesView mark) override { kehubu_storage_write_rest_mark(mark.data(), mark.size()); }
  void remove_rest_mark(Done done) override { kehubu_storage_remove_rest_mark(expect(std::move(done))); }
  [[nodiscard]] bool log_may_be_cut_short() const override { return kehubu_storage_log_may_be_cut_short() != 0; }
  void renew_log(Done done) override { kehubu_storage_renew_log(expect(std::move(done))); }

  void erase(Done done) override { kehubu_storage_erase(expect(std::move(done))); }

  void acquire_lock(LockMode mode, std::function<void(bool granted)> done) override {
    const int request = remember([done = std::move(done)](const Answer& answer) { done(answer.first != 0); });
    kehubu_storage_acquire_lock(request, static_cast<int>(mode));
  }
  void release_lock() override { kehubu_storage_release_lock(); }
  void ask_to_yield() override { kehubu_storage_ask_to_yield(); }

  [[nodiscard]] std::string read_sentinel() override {
    const std::size_t size = kehubu_storage_read_sentinel();
    return size == 0 ? std::string() : std::string(reinterpret_cast<const char*>(exchange_.data()), size);
  }
  void write_sentinel(std::string_view text) override { kehubu_storage_write_sentinel(text.data(), text.size()); }

  void read_copy(int slot, std::int64_t offset, std::int64_t length, DoneWithBytes done) override {
    kehubu_storage_read_copy(expect_bytes(std::move(done)), slot, static_cast<double>(offset), static_cast<double>(length));
  }
  void begin_copy(int slot, Done done) override { kehubu_storage_begin_copy(expect(std::move(done)), slot); }
  void append_copy(BytesView bytes, Done done) override {
    kehubu_storage_append_copy(expect(std::move(done)), bytes.data(), bytes.size());
  }
  void finish_copy(Done done) override { kehubu_storage_finish_copy(expect(std::move(done))); }

  void query_persistence(bool request, std::function<void(bool persisted)> done) override {
    kehubu_storage_query_persistence(
        remember([done = std::move(done)](const Answer& answer) { done(answer.first != 0); }), request ? 1 : 0);
  }
  void query_quota(std::function<void(std::optional<StorageQuota>)> done) override {
    kehubu_storage_query_quota(remember([done = std::move(done)](const Answer& answer) {
      done(answer.answer.ok() ? std::optional(StorageQuota{.usage_bytes = static_cast<std::int64_t>(answer.first),
                                                           .quota_bytes = static_cast<std::int64_t>(answer.second)})
                              : std::nullopt);
    }));
  }
  void warn_before_unload(bool warn) override { kehubu_storage_warn_before_unload(warn ? 1 : 0); }

  TimerId start_timer(std::int64_t milliseconds, std::function<void()> callback) override {
    const int timer = kehubu_storage_start_timer(static_cast<double>(milliseconds));
    timers_.emplace(timer, std::move(callback));
    return timer;
  }
  void stop_timer(TimerId timer) override {
    if (timers_.erase(static_cast<int>(timer)) != 0) {
      kehubu_storage_stop_timer(static_cast<int>(timer));
    }
  }

  // --- Called from JavaScript ---

  std::uint8_t* exchange_buffer(std::size_t size) {
    exchange_.resize(size);
    return exchange_.data();
  }
  // The exchange buffer holds the detail, then the payload.
  void answered(int request, int fault, std::size_t detail_size, int payload_size, double first, double second) {
    const auto found = pending_.find(request);
    if (found == pending_.end()) {
      return;
    }
    const auto callback = std::move(found->second);
    pending_.erase(found);
    // The callback may cause another exchange: it gets a buffer of its own.
    const Bytes exchanged = std::move(exchange_);
    exchange_.clear();
    const BytesView bytes(exchanged);
    Answer answer;
    answer.answer.fault = static_cast<StorageFault>(fault);
    answer.answer.detail.assign(reinterpret_cast<const char*>(bytes.data()), detail_size);
    if (payload_size >= 0) {
      answer.has_payload = true;
      answer.payload = bytes.subspan(detail_size, static_cast<std::size_t>(payload_size));
    }
    answer.first = first;
    answer.second = second;
    callback(answer);
  }
  // The exchange buffer holds records, each with its size before it as 32 bits, aligned to 4.
  void records_read(int request, std::size_t size) {
    if (request != reading_request_ || !each_record_) {
      return;
    }
    for (std::size_t at = 0; at < size;) {
      std::uint32_t record_size = 0;
      std::memcpy(&record_size, &exchange_[at], sizeof(record_size));
      each_record_(BytesView(exchange_).subspan(at + 4, record_size));
      at += 4 + ((record_size + 3) & ~std::uint32_t{3});
    }
  }
  void timer_rang(int timer) {
    if (auto found = timers_.extract(timer)) {
      found.mapped()();
    }
  }
  void event(int kind) {
    const std::function<void()>* const handlers[] = {&events_.connection_closed, &events_.lock_lost, &events_.yield_requested,
                                                     &events_.page_hidden,       &events_.page_shown};
    if (const auto& handler = *handlers[kind]) {
      handler();
    }
  }

 private:
  int remember(std::function<void(const Answer&)> callback) {
    pending_.emplace(++last_request_, std::move(callback));
    return last_request_;
  }
  int expect(Done done) {
    return remember([done = std::move(done)](const Answer& answer) { done(answer.answer); });
  }
  int expect_bytes(DoneWithBytes done) {
    return remember([done = std::move(done)](const Answer& answer) { done(answer.answer, answer.payload); });
  }

  StorageEvents events_;
  int last_request_ = 0;
  std::map<int, std::function<void(const Answer&)>> pending_;
  std::map<int, std::function<void()>> timers_;
  std::function<void(BytesView)> each_record_;
  int reading_request_ = 0;
  Bytes exchange_;
};

}  // namespace

std::unique_ptr<StorageBackend> make_browser_backend() { return std::make_unique<BrowserBackend>(); }

}  // namespace kehubu

extern "C" {

// JavaScript fills the buffer right away and then calls one of the functions below.
EMSCRIPTEN_KEEPALIVE std::uint8_t* kehubu_storage_buffer(std::size_t size) { return kehubu::current->exchange_buffer(size); }

EMSCRIPTEN_KEEPALIVE void kehubu_storage_answer(int request, int fault, std::size_t detail_size, int payload_size, double first,
                                                double second) {
  kehubu::current->answered(request, fault, detail_size, payload_size, first, second);
}

EMSCRIPTEN_KEEPALIVE void kehubu_storage_records(int request, std::size_t size) {
  kehubu::current->records_read(request, size);
}

EMSCRIPTEN_KEEPALIVE void kehubu_storage_timer(int timer) { kehubu::current->timer_rang(timer); }

EMSCRIPTEN_KEEPALIVE void kehubu_storage_event(int kind) { kehubu::current->event(kind); }
}
