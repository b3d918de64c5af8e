// Terminal: the language of the messages, and progress on standard error.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/base/task.h"

namespace kehubu::tool {

// Exit codes, as `kehubu help` documents them.
enum ExitCode : int { exit_done = 0, exit_refused = 1, exit_usage = 2, exit_waiting = 3, exit_trouble = 4 };

// Chinese, unless LC_ALL, LC_MESSAGES or LANG (the first that is set) name another language.
[[nodiscard]] bool chinese();
[[nodiscard]] const std::string& words(const Sentence& sentence);

void say(std::string_view text);                  // a line on standard output
void say(std::string_view zh, std::string_view en);
void complain(const Sentence& sentence);          // "kehubu: …" on standard error

// On a terminal one line that changes ten times a second; in a file or a pipe a line now and then: the first after two
// seconds, then one every ten, or as KEHUBU_PROGRESS_SECONDS says (0: ten in a second, from the beginning on).
class ProgressLine {
 public:
  ProgressLine();
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  void show(const Progress& progress);

 private:
  bool on_terminal_ = false;
  bool drawn_ = false;
  std::chrono::seconds between_lines_;
  std::chrono::steady_clock::time_point next_line_;
};

// Runs a task to its end, showing its progress.
template <typename T>
[[nodiscard]] T run(Environment& environment, Progress& progress, Task<T> task) {
  ProgressLine line;
  Scheduler scheduler{environment};
  std::optional<T> result;
  scheduler.spawn<T>(std::move(task), [&](T value) { result.emplace(std::move(value)); });
  constexpr std::int64_t tenth_of_a_second_us = 100'000;
  while (!result) {
    scheduler.run(tenth_of_a_second_us);
    line.show(progress);
  }
  return std::move(*result);
}

}  // namespace kehubu::tool
