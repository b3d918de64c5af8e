// BrowserPlatform: app/platform.h over the browser. One per page.
//
// Callbacks wait in tables by request number until the browser answers; a cancelled file picker just drops its own.
#pragma once

#include <cstdint>
#include <functional>
#include <unordered_map>

#include "app/platform.h"

namespace kehubu {

class BrowserPlatform final : public Platform {
 public:
  BrowserPlatform();
  ~BrowserPlatform() override;
  BrowserPlatform(const BrowserPlatform&) = delete;
  BrowserPlatform& operator=(const BrowserPlatform&) = delete;

  // Listens to the browser from now on.
  void start();

  // --- Environment
  std::int64_t now_ms() override;
  std::int64_t monotonic_us() override;
  void random_bytes(std::span<std::uint8_t> bytes) override;

  // --- Platform
  void request_frame() override;
  void request_frame_after(double milliseconds) override;
  PlatformPreferences preferences() const override;
  Viewport viewport() const override { return viewport_; }
  std::string read_local_setting(std::string_view key) override;
  void write_local_setting(std::string_view key, std::string_view value) override;
  void pick_files(const FilePickOptions& options, std::function<void(Result<std::vector<PickedFile>>)> done) override;
  void on_files_dropped(std::function<void(Result<std::vector<PickedFile>>)> handler) override;
  void save_file(std::string_view name, std::string_view media_type, Bytes bytes, bool share, std::function<void(Status)> done) override;
  void compress(Bytes bytes, std::function<void(Result<Bytes>)> done) override;
  void decompress(Bytes bytes, std::uint64_t bytes_limit, std::function<void(Result<Bytes>)> done) override;
  Result<std::string> decode_text(std::span<const std::uint8_t> bytes, std::string_view encoding) override;
  void copy_to_clipboard(std::string_view text) override;
  void open_link(std::string_view address) override;
  std::string route() const override;
  void push_route(std::string_view route) override;
  void replace_route(std::string_view route) override;
  void back_to_route(std::string_view route) override;
  void walk_history(int steps) override;
  bool at_first_entry() const override;
  void on_route_changed(RouteHandler handler) override;
  void set_title(std::string_view title) override;
  void set_document(bool chinese, ThemeName theme) override;
  void set_unsaved(bool unsaved) override;
  void on_update_ready(std::function<void()> handler) override;
  void apply_update() override;
  void reload() override;

  // --- from the browser (the exported functions of browser_platform.cpp, and web/canvas)
  void set_viewport(const Viewport& viewport) { viewport_ = viewport; }
  void file_read(int request, PickedFile file);
  void files_done(int request, int outcome, std::string detail);
  void file_saved(int request, bool closed_by_person);
  void recoded(int request, int outcome, Bytes bytes);
  void route_changed(std::string route, int steps);
  void update_ready();

 private:
  struct Picking {
    std::vector<PickedFile> files;
    std::function<void(Result<std::vector<PickedFile>>)> done;
  };
  int next_request_ = 1;  // 0: files dropped onto the page
  std::unordered_map<int, Picking> pickings_;
  std::vector<PickedFile> dropped_;
  std::function<void(Result<std::vector<PickedFile>>)> drop_handler_;
  std::unordered_map<int, std::function<void(Status)>> savings_;
  std::unordered_map<int, std::function<void(Result<Bytes>)>> recodings_;
  RouteHandler route_handler_;
  std::function<void()> update_handler_;
  bool update_is_ready_ = false;
  Viewport viewport_;
};

}  // namespace kehubu
