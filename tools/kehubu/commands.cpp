#include "tools/kehubu/commands.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>

#include "core/base/text.h"
#include "core/sync/bundle.h"
#include "core/sync/words.h"
#include "tools/kehubu/files.h"

namespace kehubu::tool {
namespace {

constexpr std::string_view help_zh = R"(kehubu：在命令行里处理客户簿的数据库和数据包

  kehubu new 数据库 --name 设备名 [--letter A]      新建数据库
  kehubu merge 数据库 文件…                        导入一个或多个数据包，次序不限；重复导入没有影响
  kehubu export 数据库 [--for 设备] [-o 文件]       导出数据包：全部内容，或只导出某台设备缺少的
  kehubu verify 数据库|文件…                       检查数据库与日志是否一致，或数据包是否完好
  kehubu show 数据库|文件 [表 [编号]]               查看内容
  kehubu conflicts 数据库                          列出等待决定的冲突
  kehubu hash 数据库                               内容指纹：两处相同，内容就相同
  kehubu help                                     这段说明

同一个数据库一次只由一个 kehubu 写：别的先等，--wait 秒数 说明最多等多久（不写是 30 秒）。show、verify、hash、
conflicts 和 export 也能用于只读的、或磁盘已满的数据库；这时 export 不在数据库里登记。

数据包可以是 .json 或 .json.gz；“-”表示标准输入或标准输出。设备用名称或 22 个字符的标识指明。
网页里的数据库在浏览器中，不是文件：与它交换内容用数据包。
写到文件或管道里时，进度隔一会儿一行；KEHUBU_PROGRESS_SECONDS 说明隔几秒（不写是 10）。

退出码：0 完成；1 有文件被拒绝，或检查没有通过；2 用法不对；3 有文件在等待缺少的数据包；4 数据库打不开、正被使用或已损坏，
或磁盘出错)";

constexpr std::string_view help_en = R"(kehubu: databases and bundles of Kehubu on the command line

  kehubu new DATABASE --name DEVICE [--letter A]   make a database
  kehubu merge DATABASE FILE…                      import bundles, in any order; importing again changes nothing
  kehubu export DATABASE [--for DEVICE] [-o FILE]  write a bundle: everything, or what that device lacks
  kehubu verify DATABASE|FILE…                     check that tables and log agree, or that a bundle is sound
  kehubu show DATABASE|FILE [ENTITY [ID]]          look inside
  kehubu conflicts DATABASE                        what waits for a decision
  kehubu hash DATABASE                             content hash: equal in two places means equal content
  kehubu help                                      this text

One kehubu at a time writes a database: others wait, --wait SECONDS says how long at most (30 unless said). show,
verify, hash, conflicts and export work on a database that is read-only or has no room, too; export then notes nothing in it.

Bundles are .json or .json.gz; "-" is standard input or output. A device is named by its name or its id of 22
characters. The page's database lives in the browser and is no file: exchange bundles with it.
To a file or a pipe progress is a line now and then; KEHUBU_PROGRESS_SECONDS says how often (10 unless said).

Exit codes: 0 done; 1 a file was refused or a check failed; 2 wrong usage; 3 a file waits for missing bundles;
4 the database cannot be opened, is in use or damaged, or the disk failed)";

}  // namespace

Arguments take_apart(const std::vector<std::string>& words) {
  Arguments arguments;
  for (std::size_t index = 0; index < words.size(); ++index) {
    const std::string& word = words[index];
    std::optional<std::string>* value = word == "--for"                      ? &arguments.receiver
                                        : word == "-o" || word == "--output" ? &arguments.output
                                        : word == "--name"                   ? &arguments.name
                                        : word == "--letter"                 ? &arguments.letter
                                        : word == "--wait"                   ? &arguments.wait
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
  if (arguments.wait) {
    const char* end = arguments.wait->data() + arguments.wait->size();
    const auto [read_to, error] = std::from_chars(arguments.wait->data(), end, arguments.wait_seconds);
    if (error != std::errc{} || read_to != end || arguments.wait_seconds < 0) {
      arguments.valid = false;
      arguments.problem = "--wait " + *arguments.wait;
    }
  }
  return arguments;
}

int usage(std::string_view zh, std::string_view en) {
  complain({substitute("用法：{}", {zh}), substitute("Usage: {}", {en})});
  return exit_usage;
}

int trouble(const Error& error) {
  complain(error.message);
  const bool failed = error.kind == ErrorKind::storage || error.kind == ErrorKind::corrupt || error.kind == ErrorKind::conflict;
  return failed ? exit_trouble : exit_refused;
}

int trouble(const std::string& path, const Error& error) {
  const bool is_named = error.message.zh.find(path) != std::string::npos;
  return trouble({error.kind, is_named ? error.message : about(path, error.message), error.field});
}

namespace {

// Another program that is no kehubu writes for moments only. Within what the person is willing to wait; but those who only look
// meet for an instant when they open the database, and that is no reason to refuse any of them.
int wait_for_other_programs_ms(int wait_seconds) {
  constexpr int shortest_seconds = 1, longest_seconds = 5;
  return std::clamp(wait_seconds, shortest_seconds, longest_seconds) * 1000;
}

Sentence why_no_database(const std::string& path, FileKind kind, int error) {
  switch (kind) {
    case FileKind::missing:
      return sentence("没有数据库 {}；请检查名称，或用 kehubu new 新建。", "There is no database {}; check the name, or make one with kehubu new.", {path});
    case FileKind::unreadable: return about(path, system_words(error));
    case FileKind::folder: return about(path, system_words(EISDIR));
    default:
      return sentence("{} 不是客户簿的数据库，没有改动它。数据包用 kehubu merge 导入数据库。",
                      "{} is not a database of Kehubu, and it was left alone. Bundles are imported into a database with kehubu merge.", {path});
  }
}

}  // namespace

std::optional<OpenDatabase> open_database(const std::string& path, Environment& environment, Purpose purpose, int wait_seconds) {
  if (const FileKind kind = kind_of(path); kind != FileKind::database) {
    complain(why_no_database(path, kind, errno));
    return std::nullopt;
  }
  OpenDatabase database;
  const bool read_only = purpose == Purpose::only_look || (purpose == Purpose::look && !may_write(path));
  auto lock = FileLock::take(path, purpose == Purpose::write ? FileLock::Kind::exclusive : FileLock::Kind::shared, wait_seconds);
  if (!lock) {
    complain(lock.error().message);
    return std::nullopt;
  }
  database.lock = std::move(*lock);
  auto store = open_store({.path = path, .vfs = {}, .create = false, .read_only = read_only, .wait_ms = wait_for_other_programs_ms(wait_seconds)}, environment);
  if (!store) {
    complain(about(path, store.error().message));
    return std::nullopt;
  }
  database.store = std::move(*store);
  database.sync = make_sync(*database.store, environment);
  return database;
}

int help_command() {
  say(help_zh, help_en);
  return exit_done;
}

namespace {

// A name that every reader of bundles accepts: it is what others see of this device.
std::optional<Sentence> why_no_name(std::string_view name) {
  if (trim(name).empty()) {
    return sentence("请给设备取一个名称，别人看到的就是它，例如 --name 总部。", "Give the device a name, by which others see it, such as --name \"Head office\".");
  }
  const bool plain = is_valid_utf8(name) && std::ranges::none_of(name, [](char letter) { return static_cast<unsigned char>(letter) < 0x20 || letter == 0x7F; });
  if (!plain) {
    return sentence("设备名称里有看不见的字符或不是 UTF-8 的字节。请换一个名称。", "The name of the device has invisible characters or bytes that are not UTF-8. Choose another.");
  }
  if (name.size() > label_bytes_limit) {
    return sentence("设备名称太长，最多 {} 个字节。请换一个短一些的。", "The name of the device is too long: {} bytes at most. Choose a shorter one.",
                    {std::to_string(label_bytes_limit)});
  }
  return std::nullopt;
}

// Makes the empty file, so that whoever made it may also take it away again.
Status create_file(const std::string& path) {
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (file < 0) {
    return errno == EEXIST ? fail(ErrorKind::refused, "{} 已经存在，没有改动它。请换一个名称。", "{} exists already and was left alone. Choose another name.", {path})
                           : std::unexpected(Error{ErrorKind::storage, about(path, system_words(errno)), {}});
  }
  close(file);
  return {};
}

Result<DeviceIdentity> make_database(const std::string& path, DeviceIdentity identity, int wait_seconds) {
  NativeEnvironment environment;
  KEHUBU_TRY_ASSIGN(lock, FileLock::take(path, FileLock::Kind::exclusive, wait_seconds));
  KEHUBU_TRY_ASSIGN(store, open_store({.path = path, .vfs = {}, .wait_ms = wait_for_other_programs_ms(wait_seconds)}, environment));
  const auto sync = make_sync(*store, environment);
  KEHUBU_TRY(sync->peers());  // its tables were made, too
  identity.device = store->identity().device;
  KEHUBU_TRY(store->set_identity(identity));
  return identity;
}

}  // namespace

int new_command(const Arguments& arguments) {
  if (arguments.plain.size() != 1 || !arguments.name) {
    return usage("kehubu new 数据库 --name 设备名 [--letter A]", "kehubu new DATABASE --name DEVICE [--letter A]");
  }
  const std::string& path = arguments.plain[0];
  if (path.empty() || path == "-" || path.starts_with(":")) {
    complain(sentence("“{}”不能作数据库的文件名。请换一个名称，例如 office.db。", "\"{}\" cannot be the name of a database's file. Choose another, such as office.db.", {path}));
    return exit_usage;
  }
  if (const auto problem = why_no_name(*arguments.name)) {
    complain(*problem);
    return exit_usage;
  }
  const std::string letter = arguments.letter.value_or("A");
  if (letter.size() != 1 || letter[0] < 'A' || letter[0] > 'Z') {
    complain(sentence("“{}”不能作设备字母：请用 A 到 Z 中的一个。", "\"{}\" cannot be a device's letter: use one of A to Z.", {letter}));
    return exit_usage;
  }
  if (const auto created = create_file(path); !created) {
    return trouble(created.error());
  }
  const auto made = make_database(path, {.device = {}, .letter = letter, .name = *arguments.name, .person = {}}, arguments.wait_seconds);
  if (!made) {
    std::remove(path.c_str());
    std::remove((path + "-journal").c_str());
    complain(about(path, made.error().message));
    return exit_trouble;
  }
  say(substitute("{}  {}", {made->device.text(), made->name}));
  return exit_done;
}

int merge_command(const Arguments& arguments) {
  if (arguments.plain.size() < 2) {
    return usage("kehubu merge 数据库 文件…", "kehubu merge DATABASE FILE…");
  }
  NativeEnvironment environment;
  auto database = open_database(arguments.plain[0], environment, Purpose::write, arguments.wait_seconds);
  if (!database) {
    return exit_trouble;
  }
  std::vector<std::pair<std::string, std::string>> files;
  std::int64_t unreadable = 0;
  for (std::size_t index = 1; index < arguments.plain.size(); ++index) {
    const std::string& path = arguments.plain[index];
    auto text = same_file(path, arguments.plain[0])
                    ? fail(ErrorKind::refused, "{}：这是数据库自己，不是数据包。", "{}: this is the database itself and not a bundle.", {path})
                    : read_bundle(path);
    if (!text) {
      complain(text.error().message);
      ++unreadable;
      continue;
    }
    files.emplace_back(path, std::move(*text));
  }
  Progress progress;
  const auto report = run(environment, progress, database->sync->merge(std::move(files), progress));
  if (!report) {
    return trouble(arguments.plain[0], report.error());
  }
  for (const Sentence& remark : report->remarks) {
    complain(remark);
  }
  for (const Sentence& concern : report->concerns) {
    say(concern.zh, concern.en);
  }
  const auto number = [](std::int64_t value) { return std::to_string(value); };
  say(substitute("导入 {} 个文件，{} 处修改，{} 条记录；新冲突 {}，待裁定共 {}；已知 {}，等待 {}，拒绝 {}",
                 {number(report->bundles), number(report->changes_applied), number(report->records_touched), number(report->conflicts_opened), number(report->conflicts_open),
                  number(report->already_known), number(report->waiting), number(report->refused + unreadable)}),
      substitute("{} files imported, {} changes, {} records; {} new conflicts, {} open in all; {} known, {} waiting, {} refused",
                 {number(report->bundles), number(report->changes_applied), number(report->records_touched), number(report->conflicts_opened), number(report->conflicts_open),
                  number(report->already_known), number(report->waiting), number(report->refused + unreadable)}));
  return report->refused + unreadable > 0 ? exit_refused : report->waiting > 0 ? exit_waiting : exit_done;
}

int export_command(const Arguments& arguments) {
  if (arguments.plain.size() != 1) {
    return usage("kehubu export 数据库 [--for 设备] [-o 文件]", "kehubu export DATABASE [--for DEVICE] [-o FILE]");
  }
  const std::string& database_path = arguments.plain[0];
  if (arguments.output && same_file(*arguments.output, database_path)) {
    complain(sentence("{}：这是数据库自己，没有改动它。请用 -o 指明另一个文件。", "{}: this is the database itself, and it was left alone. Name another file with -o.",
                      {*arguments.output}));
    return exit_usage;
  }
  NativeEnvironment environment;
  auto database = open_database(database_path, environment, may_write(database_path) ? Purpose::write : Purpose::look, arguments.wait_seconds);
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
  auto bundle = run(environment, progress, database->sync->export_bundle(request, progress));
  std::optional<Sentence> not_noted;  // told once there is a bundle
  if (!bundle && bundle.error().kind == ErrorKind::storage) {  // what has no room in the database may have it where the bundle goes
    const Sentence why = bundle.error().message;
    database.reset();
    database = open_database(database_path, environment, Purpose::only_look, arguments.wait_seconds);
    if (!database) {
      return exit_trouble;
    }
    bundle = run(environment, progress, database->sync->export_bundle(request, progress));
    not_noted = about(database_path, {substitute("数据包是完整的，只是这次导出没能在数据库里登记：{}", {why.zh}),
                                      substitute("the bundle is whole, but this export could not be noted in the database: {}", {why.en})});
  }
  if (!bundle) {
    return trouble(database_path, bundle.error());
  }
  const std::string path = arguments.output.value_or(bundle->name);
  if (const auto written = write_bundle(path, bundle->json); !written) {
    return trouble(written.error());
  }
  if (not_noted) {
    complain(*not_noted);
  }
  if (path != "-") {
    say(substitute("{}  {} 处修改  {}", {path, std::to_string(bundle->changes), bundle->digest}),
        substitute("{}  {} changes  {}", {path, std::to_string(bundle->changes), bundle->digest}));
  }
  return exit_done;
}

int hash_command(const Arguments& arguments) {
  if (arguments.plain.size() != 1) {
    return usage("kehubu hash 数据库", "kehubu hash DATABASE");
  }
  NativeEnvironment environment;
  auto database = open_database(arguments.plain[0], environment, Purpose::look, arguments.wait_seconds);
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
    return usage("kehubu conflicts 数据库", "kehubu conflicts DATABASE");
  }
  NativeEnvironment environment;
  auto database = open_database(arguments.plain[0], environment, Purpose::look, arguments.wait_seconds);
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
