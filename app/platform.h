// Platform: everything that the app asks of the place it runs in.
//
// web/ implements it over the browser; web/native/ implements it in memory for tests. The app never includes a browser
// header. All calls are made on the one thread there is; callbacks come later on the same thread, never from inside the
// call that asked for them.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/shell/theme.h"
#include "core/base/id.h"
#include "core/base/result.h"

namespace kehubu {

using Bytes = std::vector<std::uint8_t>;

struct PickedFile {
  std::string name;
  Bytes bytes;
};

struct FilePickOptions {
  std::string accept;          // as in <input type="file" accept>, e.g. ".csv,text/csv"
  bool multiple = false;
  std::uint64_t bytes_limit = 256ULL << 20;  // a larger file is refused with a sentence before it is read
};

// What the device and the person prefer; changes make the platform ask for a frame.
struct PlatformPreferences {
  bool dark = false;
  bool chinese = true;
  bool reduced_motion = false;
  bool online = true;
  bool more_contrast = false;  // asked for, or forced colours are on
};

// Where one may draw, in CSS pixels.
struct Viewport {
  float width = 0, height = 0;      // of the canvas
  float device_pixel_ratio = 1;     // device pixels in a CSS pixel; fractional on many tablets
  float safe_top = 0, safe_right = 0, safe_bottom = 0, safe_left = 0;  // notches, round corners, home indicator
  float keyboard_height = 0;        // part of the canvas's lower end that the soft keyboard covers
};

class Platform : public Environment {
 public:
  // Draw a frame as soon as the display wants one. Calls coalesce. Without a request nothing is drawn (decision 7).
  virtual void request_frame() = 0;
  // Draw a frame after this many milliseconds, once. The earliest of several wins.
  virtual void request_frame_after(double milliseconds) = 0;

  [[nodiscard]] virtual PlatformPreferences preferences() const = 0;
  [[nodiscard]] virtual Viewport viewport() const = 0;

  // Small settings of this device that must be known before the database is open (language, theme). Lost when the
  // browser's data is erased. Holds no customer data, but what was typed in a page's last moments (app/shell/draft_journal.h).
  [[nodiscard]] virtual std::string read_local_setting(std::string_view key) = 0;
  virtual void write_local_setting(std::string_view key, std::string_view value) = 0;

  // Opens the system's file picker. Must be called while an input event is being handled. The callback is not called
  // when the person cancels.
  virtual void pick_files(const FilePickOptions& options, std::function<void(Result<std::vector<PickedFile>>)> done) = 0;
  // Files dropped onto the page arrive here.
  virtual void on_files_dropped(std::function<void(Result<std::vector<PickedFile>>)> handler) = 0;
  // Hands a file to the person: the share sheet where files can be shared and `share` is set, else a download.
  virtual void save_file(std::string_view name, std::string_view media_type, Bytes bytes, bool share,
                         std::function<void(Status)> done) = 0;

  // gzip (RFC 1952). Decompression stops with a sentence when the result would exceed `bytes_limit`.
  virtual void compress(Bytes bytes, std::function<void(Result<Bytes>)> done) = 0;
  virtual void decompress(Bytes bytes, std::uint64_t bytes_limit, std::function<void(Result<Bytes>)> done) = 0;

  // Bytes of a legacy encoding ("gb18030", "big5") as UTF-8, with U+FFFD for what is broken; an error for an unknown encoding.
  [[nodiscard]] virtual Result<std::string> decode_text(std::span<const std::uint8_t> bytes, std::string_view encoding) = 0;

  virtual void copy_to_clipboard(std::string_view text) = 0;
  // "tel:", "mailto:", "https:" … handed to the system. Must be called while an input event is being handled.
  virtual void open_link(std::string_view address) = 0;

  // The route is the part of the address behind '#', so that Back, Forward and links work as on any page. push adds an
  // entry to the history, replace does not. back goes to the entry beneath where that is this route's, and replaces where it
  // is another's, so that no press of the browser's Back leads from a page to itself. What is asked for is done in its order.
  [[nodiscard]] virtual std::string route() const = 0;
  virtual void push_route(std::string_view route) = 0;
  virtual void replace_route(std::string_view route) = 0;
  virtual void back_to_route(std::string_view route) = 0;
  // So many entries forward, or back where negative: there is one, for the handler has been told of a way of as many.
  virtual void walk_history(int steps) = 0;
  // Nothing of the page lies beneath: Back leaves the site. False while what was asked for is not done yet.
  [[nodiscard]] virtual bool at_first_entry() const = 0;
  // Hears of Back (steps below zero), Forward and typed addresses (one step forward), never of the calls above.
  using RouteHandler = std::function<void(std::string route, int steps)>;
  virtual void on_route_changed(RouteHandler handler) = 0;
  virtual void set_title(std::string_view title) = 0;
  // Language and theme of the document: what screen readers speak, which Han forms fonts choose, the browser's own bars.
  virtual void set_document(bool chinese, ThemeName theme) = 0;

  // While set, closing the page asks first. Keep it set exactly while something is not durable.
  virtual void set_unsaved(bool unsaved) = 0;
  // A newer version of the program is on the device and waits. apply_update() activates it and loads the page again.
  virtual void on_update_ready(std::function<void()> handler) = 0;
  virtual void apply_update() = 0;
  // Loads the page again; unsaved work has been waited for by the caller.
  virtual void reload() = 0;
};

}  // namespace kehubu
