// kehubu: bundles and databases on the command line. `kehubu help` says how.
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <functional>
#include <map>

#include "tools/kehubu/commands.h"
#include "tools/kehubu/files.h"

using namespace kehubu::tool;

int main(int count, char** texts) {
  const std::vector<std::string> words{texts + 1, texts + count};
  if (words.empty() || words[0] == "help" || words[0] == "--help" || words[0] == "-h") {
    help_command();
    return words.empty() ? exit_usage : exit_done;
  }
  const std::map<std::string, int (*)(const Arguments&)> commands{
      {"merge", merge_command}, {"export", export_command}, {"verify", verify_command},       {"show", show_command},
      {"hash", hash_command},   {"new", new_command},       {"conflicts", conflicts_command},
  };
  const auto command = commands.find(words[0]);
  if (command == commands.end()) {
    complain(kehubu::sentence("没有“{}”这个命令；运行 kehubu help 查看用法。", "There is no command \"{}\"; see kehubu help.", {words[0]}));
    return exit_usage;
  }
  const Arguments arguments = take_apart({words.begin() + 1, words.end()});
  if (!arguments.valid) {
    complain(kehubu::sentence("{}：用法不对；运行 kehubu help 查看。", "{}: not understood; see kehubu help.", {arguments.problem}));
    return exit_usage;
  }
  std::signal(SIGXFSZ, SIG_IGN);  // a write beyond the limit then fails like any other, with a sentence
  const int code = command->second(arguments);
  const int flushed = std::fflush(stdout);
  const int error = flushed != 0 ? errno : EIO;
  if (flushed != 0 || std::ferror(stdout) != 0) {
    if (code == exit_trouble) {
      return code;  // the command has told of it
    }
    complain(about(chinese() ? "标准输出" : "standard output", system_words(error)));
    return exit_trouble;
  }
  return code;
}
