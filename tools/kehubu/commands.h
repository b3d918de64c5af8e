// The commands of the tool; each takes what follows its name and gives the exit code.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/store/store.h"
#include "core/sync/sync.h"
#include "tools/kehubu/file_lock.h"
#include "tools/kehubu/native_environment.h"
#include "tools/kehubu/terminal.h"

namespace kehubu::tool {

// Arguments, taken apart: options start with - and, where they take one, are followed by their value.
struct Arguments {
  std::vector<std::string> plain;
  std::optional<std::string> receiver, output, name, letter, wait;  // --for, -o, --name, --letter, --wait
  int wait_seconds = 30;
  bool valid = true;
  std::string problem;
};
[[nodiscard]] Arguments take_apart(const std::vector<std::string>& words);

struct OpenDatabase {
  FileLock lock;  // ends last
  std::unique_ptr<Store> store;
  std::unique_ptr<Sync> sync;
};
// What may not be written can be opened for looking. `only_look` opens what could be written, but has no room, like that.
enum class Purpose : std::uint8_t { look, only_look, write };
// Waits while another kehubu writes it. Complains and gives nothing when it cannot be opened.
[[nodiscard]] std::optional<OpenDatabase> open_database(const std::string& path, Environment& environment, Purpose purpose,
                                                        int wait_seconds);
// Complains, and gives the exit code.
int trouble(const Error& error);
// The same of a database: the sentence names it.
int trouble(const std::string& path, const Error& error);
int usage(std::string_view zh, std::string_view en);

int merge_command(const Arguments& arguments);
int export_command(const Arguments& arguments);
int verify_command(const Arguments& arguments);
int show_command(const Arguments& arguments);
int hash_command(const Arguments& arguments);
int new_command(const Arguments& arguments);
int conflicts_command(const Arguments& arguments);
int help_command();

// Of verify and show, for a bundle.
int verify_bundle(const std::string& path);
int show_bundle(const std::string& path, const std::string& entity, const std::string& id);

}  // namespace kehubu::tool
