// A database file of one test in one process: absent at first and gone afterwards, whatever runs beside it. (Two runs of the
// tests at once shared a name, and one deleted the file that the other had open.) No name is used twice, because in a build
// for the browser SQLite keeps its files in memory, where nothing removes them.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <string>
#include <string_view>

namespace kehubu::test {

inline std::string temporary_path(std::string_view name) {
  static int given = 0;
  const std::string unique = "kehubu_" + std::to_string(getpid()) + "_" + std::to_string(++given) + "_";
  return (std::filesystem::temp_directory_path() / (unique + std::string(name))).string();
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
