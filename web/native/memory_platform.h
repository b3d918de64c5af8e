// MemoryPlatform: app/platform.h without a browser, for tests. Time stands still until a test moves it, files go to a
// list, and every call is remembered.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "app/platform.h"

namespace kehubu {

class MemoryPlatform : public Platform {
 public:
  // --- set by the test
  PlatformPreferences preferences_now;
  Viewport viewport_now{.width = 1180, .height = 820, .device_pixel_ratio = 1};
  std::int64_t wall_clock_ms = 1'764'000'000'000;  // some day in November 2025
  std::int64_t monotonic_clock_us = 1'000'000;
  std::vector<PickedFile> files_to_pick;           // what the next pick_files() finds
  bool person_cancels = false;
  std::function<void()> on_save_file;              // at the moment at which a file leaves

  // --- read by the test
  int file_pickers_opened = 0;
  struct SavedFile {
    std::string name, media_type;
    Bytes bytes;
    bool shared = false;
  };
  std::vector<SavedFile> saved_files;
  std::string clipboard, opened_link, title, route_now;
  std::vector<std::string> history, further;  // the addresses beneath route_now and, the next one last, those that Forward leads to
  bool frame_requested = false, unsaved = false, reloaded = false, update_applied = false;
  double frame_after_ms = -1;  // the earliest asked for since clear_requests(); -1: none
  void clear_requests() {
    frame_requested = false;
    frame_after_ms = -1;
  }

  // --- done by the person
  void drop_files(std::vector<PickedFile> files);
  void go_back() { step(-1); }
  void go_forward() { step(1); }
  void open_address(std::string_view address);
  void announce_update();
  void clear_local_settings() { settings_.clear(); }
  // Runs the callbacks that platform calls have promised; they never run inside the call itself.
  void run_callbacks();

  // --- Environment
  std::int64_t now_ms() override { return wall_clock_ms; }
  std::int64_t monotonic_us() override { return monotonic_clock_us; }
  void random_bytes(std::span<std::uint8_t> bytes) override;

  // --- Platform
  void request_frame() override { frame_requested = true; }
  void request_frame_after(double milliseconds) override;
  [[nodiscard]] PlatformPreferences preferences() const override { return preferences_now; }
  [[nodiscard]] Viewport viewport() const override { return viewport_now; }
  std::string read_local_setting(std::string_view key) override;
  void write_local_setting(std::string_view key, std::string_view value) override;
  void pick_files(const FilePickOptions& options, std::function<void(Result<std::vector<PickedFile>>)> done) override;
  void on_files_dropped(std::function<void(Result<std::vector<PickedFile>>)> handler) override { drop_handler_ = std::move(handler); }
  void save_file(std::string_view name, std::string_view media_type, Bytes bytes, bool share, std::function<void(Status)> done) override;
  // Stored, not compressed: a mark in front tells decompress() that it was here. Enough for flows, useless for formats.
  void compress(Bytes bytes, std::function<void(Result<Bytes>)> done) override;
  void decompress(Bytes bytes, std::uint64_t bytes_limit, std::function<void(Result<Bytes>)> done) override;
  Result<std::string> decode_text(std::span<const std::uint8_t> bytes, std::string_view encoding) override;
  void copy_to_clipboard(std::string_view text) override { clipboard = text; }
  void open_link(std::string_view address) override { opened_link = address; }
  [[nodiscard]] std::string route() const override { return route_now; }
  void push_route(std::string_view route) override;
  void replace_route(std::string_view route) override { route_now = route; }
  void back_to_route(std::string_view route) override;
  void walk_history(int steps) override;
  [[nodiscard]] bool at_first_entry() const override { return history.empty(); }
  void on_route_changed(RouteHandler handler) override { route_handler_ = std::move(handler); }
  void set_title(std::string_view words) override { title = words; }
  void set_document(bool, ThemeName) override {}
  void set_unsaved(bool is_unsaved) override { unsaved = is_unsaved; }
  void on_update_ready(std::function<void()> handler) override { update_handler_ = std::move(handler); }
  void apply_update() override { update_applied = true; }
  void reload() override { reloaded = true; }

 private:
  void step(int steps);
  std::mt19937_64 random_{20'261'124};
  std::map<std::string, std::string, std::less<>> settings_;
  std::vector<std::function<void()>> callbacks_;
  std::function<void(Result<std::vector<PickedFile>>)> drop_handler_;
  RouteHandler route_handler_;
  std::function<void()> update_handler_;
};

}  // namespace kehubu
