// A database file of one test in one process: absent at first and gone afterwards, whatever runs beside it. (Two runs of the
// tests at once shared a name, and one deleted the file that the other had open.)
#pragma once

#include <unistd.h>

#include <filesystem>
#include <string>
#include <string_view>

namespace kehubu::test {

inline std::string temporary_path(std::string_view name) {
  return (std::filesystem::temp_directory_path() / ("kehubu_" + std::to_string(getpid()) + "_" + std::string(name))).string();
}

struct TemporaryFile {
  explicit TemporaryFile(std::string_view name) : path(temporary_path(name)) { remove(); }
  ~TemporaryFile() { remove(); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  const std::string path;

 private:
  void remove() const {
    std::filesystem::remove(path);
    std::filesystem::remove(path + "-journal");
  }
};

}  // namespace kehubu::test
