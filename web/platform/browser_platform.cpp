#include "web/platform/browser_platform.h"

#include <emscripten/emscripten.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "app/shell/theme.h"

extern "C" {
void kehubu_platform_start();
void kehubu_request_frame();
void kehubu_request_frame_after(double milliseconds);
void kehubu_random(std::uint8_t* bytes, std::size_t size);
int kehubu_preferences();
char* kehubu_setting_read(const char* key, std::size_t key_size);
void kehubu_setting_write(const char* key, std::size_t key_size, const char* value, std::size_t value_size);
void kehubu_pick_files(int request, const char* accept, std::size_t accept_size, int multiple, double limit);
void kehubu_save_file(int request, const char* name, std::size_t name_size, const char* type, std::size_t type_size,
                      const std::uint8_t* bytes, std::size_t size, int share);
void kehubu_compress(int request, const std::uint8_t* bytes, std::size_t size);
void kehubu_decompress(int request, const std::uint8_t* bytes, std::size_t size, double limit);
char* kehubu_decode(const char* encoding, std::size_t encoding_size, const std::uint8_t* bytes, std::size_t size);
void kehubu_copy(const char* text, std::size_t size);
void kehubu_open_link(const char* address, std::size_t size);
char* kehubu_route();
void kehubu_set_route(const char* route, std::size_t size, int move);
void kehubu_walk_history(int steps);
int kehubu_at_first_entry();
void kehubu_set_title(const char* title, std::size_t size);
void kehubu_set_document(int chinese, const char* page, std::size_t page_size, const char* text, std::size_t text_size,
                         const char* accent, std::size_t accent_size, int dark);
void kehubu_set_unsaved(int unsaved);
void kehubu_apply_update();
void kehubu_reload();
}

namespace kehubu {
namespace {

BrowserPlatform* the_platform = nullptr;

// A string that JavaScript has malloc'ed for us.
std::string taken(char* text) {
  std::string copy = text ? text : "";
  std::free(text);
  return copy;
}

std::string css_color(Rgba color) {
  char text[8];
  std::snprintf(text, sizeof text, "#%02x%02x%02x", color.red, color.green, color.blue);
  return text;
}

}  // namespace

BrowserPlatform::BrowserPlatform() { the_platform = this; }
BrowserPlatform::~BrowserPlatform() { the_platform = nullptr; }

void BrowserPlatform::start() { kehubu_platform_start(); }

std::int64_t BrowserPlatform::now_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}
std::int64_t BrowserPlatform::monotonic_us() { return static_cast<std::int64_t>(emscripten_get_now() * 1000.0); }
void BrowserPlatform::random_bytes(std::span<std::uint8_t> bytes) { kehubu_random(bytes.data(), bytes.size()); }

void BrowserPlatform::request_frame() { kehubu_request_frame(); }
void BrowserPlatform::request_frame_after(double milliseconds) { kehubu_request_frame_after(milliseconds); }

PlatformPreferences BrowserPlatform::preferences() const {
  const int bits = kehubu_preferences();
  return {.dark = (bits & 1) != 0, .chinese = (bits & 2) != 0, .reduced_motion = (bits & 4) != 0, .online = (bits & 8) != 0, .more_contrast = (bits & 16) != 0};
}

std::string BrowserPlatform::read_local_setting(std::string_view key) { return taken(kehubu_setting_read(key.data(), key.size())); }
void BrowserPlatform::write_local_setting(std::string_view key, std::string_view value) {
  kehubu_setting_write(key.data(), key.size(), value.data(), value.size());
}

// ---- files ----------------------------------------------------------------------------------------------------------

void BrowserPlatform::pick_files(const FilePickOptions& options, std::function<void(Result<std::vector<PickedFile>>)> done) {
  const int request = next_request_++;
  pickings_[request].done = std::move(done);
  kehubu_pick_files(request, options.accept.data(), options.accept.size(), options.multiple ? 1 : 0, static_cast<double>(options.bytes_limit));
}

void BrowserPlatform::on_files_dropped(std::function<void(Result<std::vector<PickedFile>>)> handler) { drop_handler_ = std::move(handler); }

void BrowserPlatform::file_read(int request, PickedFile file) {
  (request == 0 ? dropped_ : pickings_[request].files).push_back(std::move(file));
}

void BrowserPlatform::files_done(int request, int outcome, std::string detail) {
  enum : int { read = 0, too_large = 1, unreadable = 2, cancelled = 3 };
  Picking picking;
  if (request == 0) {
    picking = {std::exchange(dropped_, {}), drop_handler_};
  } else {
    picking = std::move(pickings_[request]);
    pickings_.erase(request);
  }
  if (outcome == cancelled || !picking.done) {
    return;
  }
  if (outcome == too_large) {
    picking.done(fail(ErrorKind::refused, "文件“{}”太大，没有读取。", "The file \"{}\" is too large and was not read.", {detail}));
  } else if (outcome == unreadable) {
    picking.done(fail(ErrorKind::storage, "文件无法读取（{}）。请重新选择。", "The file could not be read ({}). Please choose it again.", {detail}));
  } else {
    picking.done(std::move(picking.files));
  }
  request_frame();
}

void BrowserPlatform::save_file(std::string_view name, std::string_view media_type, Bytes bytes, bool share, std::function<void(Status)> done) {
  const int request = next_request_++;
  savings_[request] = std::move(done);
  kehubu_save_file(request, name.data(), name.size(), media_type.data(), media_type.size(), bytes.data(), bytes.size(), share ? 1 : 0);
}

void BrowserPlatform::file_saved(int request, bool closed_by_person) {
  auto done = std::move(savings_[request]);
  savings_.erase(request);
  if (!done) {
    return;
  }
  if (closed_by_person) {
    done(fail(ErrorKind::cancelled, "没有分享：分享窗口已关闭。", "Not shared: the share sheet was closed."));
  } else {
    done({});
  }
  request_frame();
}

void BrowserPlatform::compress(Bytes bytes, std::function<void(Result<Bytes>)> done) {
  const int request = next_request_++;
  recodings_[request] = std::move(done);
  kehubu_compress(request, bytes.data(), bytes.size());
}

void BrowserPlatform::decompress(Bytes bytes, std::uint64_t bytes_limit, std::function<void(Result<Bytes>)> done) {
  const int request = next_request_++;
  recodings_[request] = std::move(done);
  kehubu_decompress(request, bytes.data(), bytes.size(), static_cast<double>(bytes_limit));
}

void BrowserPlatform::recoded(int request, int outcome, Bytes bytes) {
  enum : int { good = 0, too_large = 1, broken = 2 };
  auto done = std::move(recodings_[request]);
  recodings_.erase(request);
  if (!done) {
    return;
  }
  if (outcome == good) {
    done(std::move(bytes));
  } else if (outcome == too_large) {
    done(fail(ErrorKind::refused, "压缩文件展开后太大，没有读取。", "The compressed file is too large when unpacked and was not read."));
  } else {
    done(fail(ErrorKind::corrupt, "压缩文件已损坏，无法展开。请让对方重新发送。", "The compressed file is damaged and cannot be unpacked. Please have it sent again."));
  }
  request_frame();
}

Result<std::string> BrowserPlatform::decode_text(std::span<const std::uint8_t> bytes, std::string_view encoding) {
  char* text = kehubu_decode(encoding.data(), encoding.size(), bytes.data(), bytes.size());
  if (text == nullptr) {
    return fail(ErrorKind::corrupt, "文件不是有效的 {} 文本。", "The file is not valid {} text.", {encoding});
  }
  return taken(text);
}

void BrowserPlatform::copy_to_clipboard(std::string_view text) { kehubu_copy(text.data(), text.size()); }
void BrowserPlatform::open_link(std::string_view address) { kehubu_open_link(address.data(), address.size()); }

// ---- document ---------------------------------------------------------------------------------------------------------

std::string BrowserPlatform::route() const { return taken(kehubu_route()); }
void BrowserPlatform::push_route(std::string_view route) { kehubu_set_route(route.data(), route.size(), 1); }
void BrowserPlatform::replace_route(std::string_view route) { kehubu_set_route(route.data(), route.size(), 0); }
void BrowserPlatform::back_to_route(std::string_view route) { kehubu_set_route(route.data(), route.size(), -1); }
void BrowserPlatform::walk_history(int steps) { kehubu_walk_history(steps); }
bool BrowserPlatform::at_first_entry() const { return kehubu_at_first_entry() != 0; }
void BrowserPlatform::on_route_changed(RouteHandler handler) { route_handler_ = std::move(handler); }
void BrowserPlatform::route_changed(std::string route, int steps) {
  if (route_handler_) {
    route_handler_(std::move(route), steps);
  }
  request_frame();
}

void BrowserPlatform::set_title(std::string_view title) { kehubu_set_title(title.data(), title.size()); }

void BrowserPlatform::set_document(bool chinese, ThemeName name) {
  const Theme& theme = Theme::get(name);
  const bool dark = name == ThemeName::dark || name == ThemeName::contrast_dark;
  const std::string page = css_color(theme.color(ColorToken::page));
  const std::string text = css_color(theme.color(ColorToken::text));
  const std::string accent = css_color(theme.color(ColorToken::accent));
  kehubu_set_document(chinese ? 1 : 0, page.data(), page.size(), text.data(), text.size(), accent.data(), accent.size(), dark ? 1 : 0);
}

void BrowserPlatform::set_unsaved(bool unsaved) { kehubu_set_unsaved(unsaved ? 1 : 0); }

void BrowserPlatform::on_update_ready(std::function<void()> handler) {
  update_handler_ = std::move(handler);
  if (update_is_ready_ && update_handler_) {
    update_handler_();
  }
}
void BrowserPlatform::update_ready() {
  update_is_ready_ = true;
  if (update_handler_) {
    update_handler_();
  }
  request_frame();
}
void BrowserPlatform::apply_update() { kehubu_apply_update(); }
void BrowserPlatform::reload() { kehubu_reload(); }

}  // namespace kehubu

// ---- called by platform.library.js ---------------------------------------------------------------------------------------

using kehubu::the_platform;

namespace {
kehubu::Bytes taken_bytes(std::uint8_t* bytes, std::size_t size) {
  kehubu::Bytes copy(bytes, bytes + size);
  std::free(bytes);
  return copy;
}
}  // namespace

extern "C" {
EMSCRIPTEN_KEEPALIVE void kehubu_file_read(int request, char* name, std::uint8_t* bytes, std::size_t size) {
  the_platform->file_read(request, {kehubu::taken(name), taken_bytes(bytes, size)});
}
EMSCRIPTEN_KEEPALIVE void kehubu_files_done(int request, int outcome, char* detail) {
  the_platform->files_done(request, outcome, kehubu::taken(detail));
}
EMSCRIPTEN_KEEPALIVE void kehubu_file_saved(int request, int closed_by_person) { the_platform->file_saved(request, closed_by_person != 0); }
EMSCRIPTEN_KEEPALIVE void kehubu_recoded(int request, int outcome, std::uint8_t* bytes, std::size_t size) {
  the_platform->recoded(request, outcome, bytes ? taken_bytes(bytes, size) : kehubu::Bytes{});
}
EMSCRIPTEN_KEEPALIVE void kehubu_route_changed(char* route, int steps) { the_platform->route_changed(kehubu::taken(route), steps); }
EMSCRIPTEN_KEEPALIVE void kehubu_update_ready() { the_platform->update_ready(); }
}
