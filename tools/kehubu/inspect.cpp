// verify and show: looking without changing.
#include <cerrno>
#include <cstdio>
#include <map>
#include <optional>
#include <span>

#include "core/base/text.h"
#include "core/sync/bundle.h"
#include "core/sync/bundle_chain.h"
#include "core/sync/bundle_text.h"
#include "core/sync/words.h"
#include "tools/kehubu/commands.h"
#include "tools/kehubu/files.h"

namespace kehubu::tool {
namespace {

// Reads a bundle to its end with every check, giving each change to the callback.
template <typename Callback>
Result<std::string> read_through(const std::string& text, BundleHeader& header, Callback callback) {
  BundleReader reader{text};
  KEHUBU_TRY(reader.read_header());
  header = reader.header();
  BundleChain chain{header};
  Change change;
  while (true) {
    KEHUBU_TRY_ASSIGN(more, reader.next(change));
    if (!more) {
      return reader.finish();
    }
    if (!chain.add(change)) {
      return chain_refusal(header.device_name);
    }
    callback(change);
  }
}

// Whoever only looked did not mean to import anything.
Sentence of_looking(Sentence refusal) {
  constexpr std::string_view of_importing_zh[] = {"，没有导入任何内容", "没有导入任何内容。"}, of_importing_en[] = {"; nothing was imported", " Nothing was imported."};
  const auto leave_out = [](std::string& text, std::span<const std::string_view> clauses) {
    for (const std::string_view clause : clauses) {
      if (const std::size_t place = text.find(clause); place != std::string::npos) {
        text.erase(place, clause.size());
      }
    }
  };
  leave_out(refusal.zh, of_importing_zh);
  leave_out(refusal.en, of_importing_en);
  return refusal;
}

int refused(const Sentence& why) {
  complain(of_looking(why));
  return exit_refused;
}

void show_header(const BundleHeader& header) {
  const std::string when = format_date_time(header.created);
  say(substitute("设备 {}（{}）{}  {} {}", {header.device_name, header.device.text(), header.device_letter, header.person_name, header.person_role}),
      substitute("device {} ({}) {}  {} {}", {header.device_name, header.device.text(), header.device_letter, header.person_name, header.person_role}));
  say(substitute("写于 {}，{} 处修改", {when, std::to_string(header.count)}), substitute("written {}, {} changes", {when, std::to_string(header.count)}));
  for (std::size_t index = 0; index < header.devices.size(); ++index) {
    say(substitute("  {}  {}–{}", {header.devices[index].text(), std::to_string(header.since[index] + 1), std::to_string(header.have[index])}));
  }
}

void show_change(const BundleHeader& header, const Change& change) {
  std::string line = header.devices[static_cast<std::size_t>(change.version.device)].text().substr(14) + " " +
                     std::to_string(change.version.sequence) + "  " + format_date_time(change.clock) + "  " + change.entity + " " +
                     change.row.text() + " ";
  for (const FieldChange& field : change.fields) {
    line += " " + field.field + "=";
    write_value(line, field.value);
  }
  say(line);
}

int show_entities(Store& store) {
  for (const Entity* entity : entities()) {
    const auto count = store.count({.entity = entity});
    if (!count) {
      return trouble(count.error());
    }
    say(substitute("{}  {} {}", {std::to_string(*count), entity->id, chinese() ? entity->zh : entity->en}));
  }
  return exit_done;
}

int show_list(Store& store, const Entity& entity) {
  const auto rows = store.list({.entity = &entity});
  if (!rows) {
    return trouble(rows.error());
  }
  for (const std::int64_t row : *rows) {
    const auto record = store.read_row(entity, row);
    if (record) {
      say(record->id.text() + "  " + store.title(entity, record->id));
    }
  }
  return exit_done;
}

int show_record(Store& store, const Entity& entity, const Id& id) {
  const auto record = store.read(entity, id);
  if (!record) {
    return trouble(record.error());
  }
  for (std::size_t index = 0; index < entity.fields.size(); ++index) {
    const Field& field = entity.fields[index];
    if (!is_null(record->values[index])) {
      say(std::string{chinese() ? field.zh : field.en} + "\t" + words(value_words(store, field, record->values[index])));
    }
  }
  return exit_done;
}

}  // namespace

namespace {

// Nobody can say whether it is a database: for whoever asked it cannot be opened.
std::optional<Sentence> why_unreadable(const std::string& path) {
  return kind_of(path) == FileKind::unreadable ? std::optional(about(path, system_words(errno))) : std::nullopt;
}

}  // namespace

int verify_bundle(const std::string& path) {
  const auto text = read_bundle(path);
  if (!text) {
    return refused(text.error().message);
  }
  BundleHeader header;
  const auto digest = read_through(*text, header, [](const Change&) {});
  if (!digest) {
    return refused(about(path, digest.error().message));
  }
  say(substitute("{}：完好，{} 处修改，{}", {path, std::to_string(header.count), *digest}),
      substitute("{}: sound, {} changes, {}", {path, std::to_string(header.count), *digest}));
  return exit_done;
}

int verify_command(const Arguments& arguments) {
  if (arguments.plain.empty()) {
    return usage("kehubu verify 数据库|文件…", "kehubu verify DATABASE|FILE…");
  }
  int worst = exit_done;
  for (const std::string& path : arguments.plain) {
    if (const auto unreadable = why_unreadable(path)) {
      complain(*unreadable);
      worst = exit_trouble;
      continue;
    }
    if (kind_of(path) != FileKind::database) {
      worst = std::max(worst, verify_bundle(path));
      continue;
    }
    NativeEnvironment environment;
    auto database = open_database(path, environment, Purpose::look, arguments.wait_seconds);
    if (!database) {
      worst = exit_trouble;
      continue;
    }
    const auto difference = database->store->verify();
    if (!difference) {
      worst = std::max(worst, trouble({difference.error().kind, about(path, difference.error().message), {}}));
      continue;
    }
    if (!difference->empty()) {
      complain(about(path, sentence("表与日志不一致（{}）。请改用最近的备份，或新建一个数据库，再导入大家的数据包。",
                                    "Tables and log disagree ({}). Use the latest backup, or make a new database and import everybody's bundles again.", {*difference})));
      worst = std::max<int>(worst, exit_refused);
      continue;
    }
    say(path + "：表与日志一致", path + ": tables and log agree");
  }
  return worst;
}

int show_bundle(const std::string& path, const std::string& entity, const std::string& id) {
  const auto text = read_bundle(path);
  if (!text) {
    return refused(text.error().message);
  }
  BundleHeader header;
  std::map<std::string, std::int64_t> counts;
  const auto digest = read_through(*text, header, [&](const Change& change) {
    ++counts[change.entity];
    if (!entity.empty() && change.entity == entity && (id.empty() || change.row.text() == id)) {
      show_change(header, change);
    }
  });
  if (!digest) {
    return refused(about(path, digest.error().message));
  }
  if (entity.empty()) {
    show_header(header);
    for (const auto& [name, count] : counts) {
      say(std::to_string(count) + "  " + name);
    }
  }
  return exit_done;
}

int show_command(const Arguments& arguments) {
  if (arguments.plain.empty() || arguments.plain.size() > 3) {
    return usage("kehubu show 数据库|文件 [表 [编号]]", "kehubu show DATABASE|FILE [ENTITY [ID]]");
  }
  const std::string& path = arguments.plain[0];
  const std::string entity_name = arguments.plain.size() > 1 ? arguments.plain[1] : "";
  const std::string id_text = arguments.plain.size() > 2 ? arguments.plain[2] : "";
  if (const auto unreadable = why_unreadable(path)) {
    complain(*unreadable);
    return exit_trouble;
  }
  if (kind_of(path) != FileKind::database) {
    return show_bundle(path, entity_name, id_text);
  }
  NativeEnvironment environment;
  auto database = open_database(path, environment, Purpose::look, arguments.wait_seconds);
  if (!database) {
    return exit_trouble;
  }
  if (entity_name.empty()) {
    return show_entities(*database->store);
  }
  const Entity* entity = find_entity(entity_name);
  if (entity == nullptr) {
    complain(sentence("没有“{}”这张表；kehubu show {} 列出所有表。", "There is no entity \"{}\"; kehubu show {} lists all.", {entity_name, path}));
    return exit_refused;
  }
  if (id_text.empty()) {
    return show_list(*database->store, *entity);
  }
  const auto id = Id::parse(id_text);
  if (!id) {
    complain(sentence("“{}”不是标识（22 个字符）。", "\"{}\" is no id (22 characters).", {id_text}));
    return exit_usage;
  }
  return show_record(*database->store, *entity, *id);
}

}  // namespace kehubu::tool
