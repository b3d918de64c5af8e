#include "tools/kehubu/commands.h"

#include <algorithm>
#include <cstdio>

#include "core/sync/words.h"
#include "tools/kehubu/files.h"

namespace kehubu::tool {
namespace {

int usage(std::string_view form) {
  complain({substitute("用法：{}", {form}), substitute("Usage: {}", {form})});
  return exit_usage;
}

int trouble(const Error& error) {
  complain(error.message);
  return error.kind == ErrorKind::storage ? exit_trouble : exit_refused;
}

constexpr std::string_view help_zh = R"(kehubu：在命令行里处理客户簿的数据库和数据包

  kehubu new 数据库 --name 设备名 [--letter A]      新建数据库
  kehubu merge 数据库 文件…                        导入一个或多个数据包，次序不限；重复导入没有影响
  kehubu export 数据库 [--for 设备] [-o 文件]       导出数据包：全部内容，或只导出某台设备缺少的
  kehubu verify 数据库|文件…                       检查数据库与日志是否一致，或数据包是否完好
  kehubu show 数据库|文件 [表 [编号]]               查看内容
  kehubu conflicts 数据库                          列出等待决定的冲突
  kehubu hash 数据库                               内容指纹：两处相同，内容就相同
  kehubu help                                     这段说明

数据包可以是 .json 或 .json.gz；“-”表示标准输入或标准输出。设备用名称或 22 个字符的标识指明。
网页里的数据库在浏览器中，不是文件：与它交换内容用数据包。

退出码：0 完成；1 有文件被拒绝，或检查没有通过；2 用法不对；3 有文件在等待缺少的数据包；4 磁盘或数据库出错)";

constexpr std::string_view help_en = R"(kehubu: databases and bundles of Kehubu on the command line

  kehubu new DATABASE --name DEVICE [--letter A]   make a database
  kehubu merge DATABASE FILE…                      import bundles, in any order; importing again changes nothing
  kehubu export DATABASE [--for DEVICE] [-o FILE]  write a bundle: everything, or what that device lacks
  kehubu verify DATABASE|FILE…                     check that tables and log agree, or that a bundle is sound
  kehubu show DATABASE|FILE [ENTITY [ID]]          look inside
  kehubu conflicts DATABASE                        what waits for a decision
  kehubu hash DATABASE                             content hash: equal in two places means equal content
  kehubu help                                      this text

Bundles are .json or .json.gz; "-" is standard input or output. A device is named by its name or its id of 22
characters. The page's database lives in the browser and is no file: exchange bundles with it.

Exit codes: 0 done; 1 a file was refused or a check failed; 2 wrong usage; 3 a file waits for missing bundles;
4 the disk or the database failed)";

}  // namespace

Arguments take_apart(const std::vector<std::string>& words) {
  Arguments arguments;
  for (std::size_t index = 0; index < words.size(); ++index) {
    const std::string& word = words[index];
    std::optional<std::string>* value = word == "--for"                      ? &arguments.receiver
                                        : word == "-o" || word == "--output" ? &arguments.output
                                        : word == "--name"                   ? &arguments.name
                                        : word == "--letter"                 ? &arguments.letter
                                                                             : nullptr;
    if (value == nullptr && word.starts_with("-") && word != "-") {
      arguments.valid = false;
      arguments.problem = word;
    } else if (value == nullptr) {
      arguments.plain.push_back(word);
    } else if (index + 1 == words.size()) {
      arguments.valid = false;
      arguments.problem = word;
    } else {
      *value = words[++index];
    }
  }
  return arguments;
}

std::optional<OpenDatabase> open_database(const std::string& path, Environment& environment, bool create) {
  const FileKind kind = kind_of(path);
  if (!create && kind != FileKind::database) {
    complain(kind == FileKind::missing ? sentence("没有数据库 {}；用 kehubu new 新建。", "There is no database {}; make one with kehubu new.", {path})
                                       : sentence("{} 不是客户簿的数据库。", "{} is not a database of Kehubu.", {path}));
    return std::nullopt;
  }
  auto store = open_store({.path = path, .vfs = {}, .create = create}, environment);
  if (!store) {
    complain({path + "：" + store.error().message.zh, path + ": " + store.error().message.en});
    return std::nullopt;
  }
  OpenDatabase database{std::move(*store), nullptr};
  database.sync = make_sync(*database.store, environment);
  return database;
}

int help_command() {
  say(help_zh, help_en);
  return exit_done;
}

int new_command(const Arguments& arguments) {
  if (arguments.plain.size() != 1 || !arguments.name) {
    return usage("kehubu new DATABASE --name DEVICE [--letter A]");
  }
  const std::string& path = arguments.plain[0];
  if (kind_of(path) != FileKind::missing) {
    complain(sentence("{} 已经存在，没有改动它。", "{} exists already and was left alone.", {path}));
    return exit_refused;
  }
  NativeEnvironment environment;
  auto database = open_database(path, environment, true);
  if (!database) {
    return exit_trouble;
  }
  DeviceIdentity identity = database->store->identity();
  identity.name = *arguments.name;
  identity.letter = arguments.letter.value_or("A");
  if (const auto set = database->store->set_identity(identity); !set) {
    return trouble(set.error());
  }
  say(substitute("{}  {}", {identity.device.text(), identity.name}));
  return exit_done;
}

int merge_command(const Arguments& arguments) {
  if (arguments.plain.size() < 2) {
    return usage("kehubu merge DATABASE FILE…");
  }
  NativeEnvironment environment;
  auto database = open_database(arguments.plain[0], environment);
  if (!database) {
    return exit_trouble;
  }
  std::vector<std::pair<std::string, std::string>> files;
  int worst = exit_done;
  for (std::size_t index = 1; index < arguments.plain.size(); ++index) {
    auto text = read_bundle(arguments.plain[index]);
    if (!text) {
      complain(text.error().message);
      worst = exit_refused;
      continue;
    }
    files.emplace_back(arguments.plain[index], std::move(*text));
  }
  Progress progress;
  const auto report = run(environment, progress, database->sync->merge(std::move(files), progress));
  if (!report) {
    return trouble(report.error());
  }
  for (const Sentence& remark : report->remarks) {
    complain(remark);
  }
  const auto number = [](std::int64_t value) { return std::to_string(value); };
  say(substitute("导入 {} 个文件，{} 处修改，{} 条记录；新冲突 {}；已知 {}，等待 {}，拒绝 {}",
                 {number(report->bundles), number(report->changes_applied), number(report->records_touched), number(report->conflicts_opened),
                  number(report->already_known), number(report->waiting), number(report->refused)}),
      substitute("{} files imported, {} changes, {} records; {} new conflicts; {} known, {} waiting, {} refused",
                 {number(report->bundles), number(report->changes_applied), number(report->records_touched), number(report->conflicts_opened),
                  number(report->already_known), number(report->waiting), number(report->refused)}));
  if (report->refused > 0) {
    worst = exit_refused;
  }
  return worst != exit_done ? worst : report->waiting > 0 ? exit_waiting : exit_done;
}

int export_command(const Arguments& arguments) {
  if (arguments.plain.size() != 1) {
    return usage("kehubu export DATABASE [--for DEVICE] [-o FILE]");
  }
  NativeEnvironment environment;
  auto database = open_database(arguments.plain[0], environment);
  if (!database) {
    return exit_trouble;
  }
  ExportRequest request;
  if (arguments.receiver) {
    const auto peers = database->sync->peers();
    if (!peers) {
      return trouble(peers.error());
    }
    const auto peer = std::ranges::find_if(
        *peers, [&](const Peer& one) { return one.device.text() == *arguments.receiver || one.name == *arguments.receiver; });
    if (peer == peers->end()) {
      complain(sentence("不认识设备“{}”：还没有导入过它的数据包。不加 --for 可以导出全部内容。",
                        "The device \"{}\" is not known: no bundle of it has been imported yet. Without --for everything is exported.",
                        {*arguments.receiver}));
      return exit_refused;
    }
    request.receiver = peer->device;
  }
  Progress progress;
  const auto bundle = run(environment, progress, database->sync->export_bundle(request, progress));
  if (!bundle) {
    return trouble(bundle.error());
  }
  const std::string path = arguments.output.value_or(bundle->name);
  if (const auto written = write_bundle(path, bundle->json); !written) {
    return trouble(written.error());
  }
  if (path != "-") {
    say(substitute("{}  {} 处修改  {}", {path, std::to_string(bundle->changes), bundle->digest}),
        substitute("{}  {} changes  {}", {path, std::to_string(bundle->changes), bundle->digest}));
  }
  return exit_done;
}

int hash_command(const Arguments& arguments) {
  if (arguments.plain.size() != 1) {
    return usage("kehubu hash DATABASE");
  }
  NativeEnvironment environment;
  auto database = open_database(arguments.plain[0], environment);
  if (!database) {
    return exit_trouble;
  }
  const auto content = database->store->content_hash();
  const auto table = database->store->table_hash();
  if (!content || !table) {
    return trouble(content ? table.error() : content.error());
  }
  say(*content + (chinese() ? "  内容" : "  content"));
  say(*table + (chinese() ? "  表" : "  tables"));
  return exit_done;
}

int conflicts_command(const Arguments& arguments) {
  if (arguments.plain.size() != 1) {
    return usage("kehubu conflicts DATABASE");
  }
  NativeEnvironment environment;
  auto database = open_database(arguments.plain[0], environment);
  if (!database) {
    return exit_trouble;
  }
  const auto conflicts = database->sync->conflicts();
  if (!conflicts) {
    return trouble(conflicts.error());
  }
  for (const Conflict& conflict : *conflicts) {
    say(conflict.key + "\n  " + words(conflict.headline));
  }
  return exit_done;
}

}  // namespace kehubu::tool
