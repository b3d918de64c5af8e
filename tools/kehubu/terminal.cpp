#include "tools/kehubu/terminal.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <optional>

namespace kehubu::tool {

bool chinese() {
  static const bool is_chinese = [] {
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
      const char* value = std::getenv(name);
      if (value != nullptr && *value != '\0') {
        const std::string_view language{value};
        return language.starts_with("zh") || language == "C" || language == "POSIX" || language == "C.UTF-8";
      }
    }
    return true;
  }();
  return is_chinese;
}

const std::string& words(const Sentence& sentence) { return sentence.in(chinese()); }

void say(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fputc('\n', stdout);
}

void say(std::string_view zh, std::string_view en) { say(chinese() ? zh : en); }

void complain(const Sentence& sentence) { std::fprintf(stderr, "kehubu: %s\n", words(sentence).c_str()); }

namespace {

constexpr std::chrono::seconds before_first_line{2};
constexpr std::chrono::seconds between_lines{10};

// Of KEHUBU_PROGRESS_SECONDS; what is no number of seconds is as if it were not there.
std::optional<std::chrono::seconds> wanted_between_lines() {
  const char* text = std::getenv("KEHUBU_PROGRESS_SECONDS");
  if (text == nullptr) {
    return std::nullopt;
  }
  const std::string_view digits{text};
  unsigned short seconds = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), seconds);
  return error == std::errc{} && end == digits.data() + digits.size() ? std::optional{std::chrono::seconds{seconds}} : std::nullopt;
}

}  // namespace

ProgressLine::ProgressLine()
    : on_terminal_(isatty(STDERR_FILENO) == 1),
      between_lines_(wanted_between_lines().value_or(between_lines)),
      next_line_(std::chrono::steady_clock::now() + std::min(before_first_line, between_lines_)) {}

ProgressLine::~ProgressLine() {
  if (drawn_) {
    std::fputs("\r\x1b[K", stderr);
  }
}

void ProgressLine::show(const Progress& progress) {
  const double percent = progress.total > 0 ? 100.0 * static_cast<double>(progress.done) / static_cast<double>(progress.total) : 0.0;
  if (on_terminal_) {
    std::fprintf(stderr, "\r\x1b[K%s … %.0f %%", words(progress.activity).c_str(), percent);
    std::fflush(stderr);
    drawn_ = true;
  } else if (const auto now = std::chrono::steady_clock::now(); now >= next_line_) {
    std::fprintf(stderr, "kehubu: %s … %.0f %%\n", words(progress.activity).c_str(), percent);
    next_line_ = now + between_lines_;
  }
}

}  // namespace kehubu::tool
