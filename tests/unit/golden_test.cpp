// What programs of earlier days wrote opens for ever, and says the same.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/store/drafts.h"
#include "tests/support/golden_world.h"
#include "tests/support/temporary_file.h"

namespace kehubu::test {
namespace {

namespace files = std::filesystem;

// In a build for the browser SQLite keeps its files in memory and does not see one that lies on the disk.
#ifdef __EMSCRIPTEN__
constexpr bool reads_no_files = true;
#else
constexpr bool reads_no_files = false;
#endif

constexpr const char* days[] = {"tests/data/golden/2026-11-26"};

std::string contents(const files::path& path) {
  std::ifstream file(path, std::ios::binary);
  REQUIRE_MESSAGE(file.good(), path.string());
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void keep(const files::path& path, std::string_view text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  REQUIRE(file.good());
}

nlohmann::json expected(const std::string& day) {
  nlohmann::json read = nlohmann::json::parse(contents(files::path(day) / "told.json"), nullptr, false);
  REQUIRE_FALSE(read.is_discarded());
  return read;
}

// Everything that was told then is told now; a newer program may tell more (fields and entities that were not known).
void check_still_told(const nlohmann::json& then, const nlohmann::json& now, const std::string& where) {
  if (!then.is_object()) {
    CHECK_MESSAGE(then == now, where, ": ", then.dump(), " is ", now.dump(), " now");
    return;
  }
  for (const auto& [name, value] : then.items()) {
    const auto found = now.is_object() ? now.find(name) : now.end();
    if (!now.is_object() || found == now.end()) {
      FAIL_CHECK(where, "/", name, " is gone");
    } else {
      check_still_told(value, *found, where + "/" + name);
    }
  }
}

// The office of that day, from a copy of its file.
struct OldOffice {
  explicit OldOffice(const std::string& day) : file("golden.db"), then(expected(day)) {
    files::copy_file(files::path(day) / "office.db", file.path);
    device.emplace(1, "办公室", file.path);
    device->environment().now = then["at_ms"].get<std::int64_t>();
  }
  TemporaryFile file;
  nlohmann::json then;
  std::optional<TestDevice> device;
};

}  // namespace

TEST_CASE("golden: a database of an earlier day says what it said" * doctest::skip(reads_no_files)) {
  for (const std::string day : days) {
    CAPTURE(day);
    OldOffice office(day);
    CHECK(office.device->store().verify().value() == "");
    const nlohmann::json now = told_by(office.device->store(), office.device->sync());
    check_still_told(office.then["office"], now, "office");
    CHECK(now["questions"].size() == office.then["office"]["questions"].size());
    CHECK(now["records"].size() >= office.then["office"]["records"].size());
    Drafts drafts(internals(office.device->store()));
    const auto kept = drafts.all();
    REQUIRE((kept.has_value() && kept->size() == 1));
    CHECK(kept->front().title.zh == "新建客户 · 没有保存");
    CHECK(office.device->store().setting("language") == "zh");
    CHECK(office.device->store().undo_state().can_undo);
    CHECK(office.device->store().undo_state().can_redo);
  }
}

TEST_CASE("golden: what an earlier day did is undone and redone" * doctest::skip(reads_no_files)) {
  for (const std::string day : days) {
    CAPTURE(day);
    OldOffice old(day);
    REQUIRE(old.device->store().redo().has_value());
    REQUIRE(old.device->store().undo().has_value());
    REQUIRE(old.device->store().undo().has_value());
    REQUIRE(old.device->store().redo().has_value());
    nlohmann::json now = told_by(old.device->store(), old.device->sync());
    nlohmann::json then = old.then["office"];
    then.erase("content_hash");  // each step is a change of its own
    check_still_told(then, now, "office");
    CHECK(old.device->store().verify().value() == "");
  }
}

TEST_CASE("golden: bundles of an earlier day make an empty book say the same, and an old database goes on" * doctest::skip(reads_no_files)) {
  for (const std::string day : days) {
    CAPTURE(day);
    OldOffice old(day);
    TestDevice fresh(40, "新平板");
    fresh.environment().now = old.device->environment().now;
    const MergeReport everything = fresh.import(contents(files::path(day) / "everything.json"));
    CHECK(everything.refused == 0);
    CHECK(everything.waiting == 0);
    check_still_told(old.then["office"], told_by(fresh.store(), fresh.sync()), "fresh");

    // `later` brings in what has waited in the office's database.
    const std::string later = contents(files::path(day) / "later.json");
    const MergeReport merged = old.device->import(later);
    CHECK(merged.refused == 0);
    CHECK(merged.waiting == 0);
    check_still_told(old.then["after_later"], told_by(old.device->store(), old.device->sync()), "office, later");
    fresh.import({later, contents(files::path(day) / "waiting.json")});
    CHECK(fresh.content_hash() == old.device->content_hash());
    CHECK(fresh.table_hash() == old.device->table_hash());
  }
}

// KEHUBU_GOLDEN names a folder that is not there yet.
TEST_CASE("golden: write today's" * doctest::skip()) {
  const char* folder = std::getenv("KEHUBU_GOLDEN");
  REQUIRE_MESSAGE(folder != nullptr, "KEHUBU_GOLDEN=tests/data/golden/YEAR-MONTH-DAY");
  REQUIRE_MESSAGE(files::create_directories(folder), "what is there is never written again");
  const std::string database = (files::path(folder) / "office.db").string();
  const GoldenFiles golden = write_golden_world(database);
  keep(files::path(folder) / "everything.json", golden.everything);
  keep(files::path(folder) / "later.json", golden.later);
  keep(files::path(folder) / "waiting.json", golden.waiting);
  nlohmann::json told{{"at_ms", golden.at_ms}};
  {
    const TemporaryFile copy("golden_written.db");
    files::copy_file(database, copy.path);
    TestDevice office(1, "办公室", copy.path);
    office.environment().now = golden.at_ms;
    told["office"] = told_by(office.store(), office.sync());
    office.import(golden.later);
    told["after_later"] = told_by(office.store(), office.sync());
    told["after_later"].erase("records");
    told["after_later"].erase("derived");
  }
  keep(files::path(folder) / "told.json", told.dump(0));
}

}  // namespace kehubu::test
