// PageImage and MemoryVfs: SQLite over the image, without any storage below.
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <random>
#include <string>

#include "core/store/memory_vfs.h"

using namespace kehubu;

namespace {

class Database {
 public:
  explicit Database(const std::string& name, bool with_pragmas = true) {
    register_memory_vfs();
    status = sqlite3_open_v2(name.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, memory_vfs_name);
    if (with_pragmas) {
      REQUIRE(run(memory_vfs_pragmas));
    }
  }
  ~Database() { sqlite3_close_v2(handle); }
  bool run(const std::string& sql) {
    status = sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, nullptr);
    return status == SQLITE_OK;
  }
  std::string value(const std::string& sql) {
    std::string result;
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(handle, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW) {
      if (const unsigned char* text = sqlite3_column_text(statement, 0)) {
        result = reinterpret_cast<const char*>(text);
      }
    }
    sqlite3_finalize(statement);
    return result;
  }

  sqlite3* handle = nullptr;
  int status = SQLITE_OK;
};

// An image that is attached for the length of a test.
struct Attached {
  explicit Attached(std::string the_name, std::uint32_t page_limit = default_page_limit)
      : image(page_limit), name(std::move(the_name)) {
    register_memory_vfs();
    attach_image(name, image);
  }
  ~Attached() { detach_image(name); }
  PageImage image;
  std::string name;
};

// What a fresh process would see if it got exactly the committed pages.
std::string reopened_value(const PageImage& image, const std::string& sql) {
  Attached copy("reopened");
  copy.image.load(image.snapshot());
  Database database("reopened");
  REQUIRE(database.value("PRAGMA integrity_check") == "ok");
  return database.value(sql);
}

}  // namespace

TEST_CASE("a commit becomes true at COMMIT, once, and an unchanged one not at all") {
  Attached attached("image");
  int commits = 0;
  attached.image.set_commit_listener([&] { ++commits; });
  Database database("image");
  REQUIRE(database.run("CREATE TABLE t(a)"));
  const std::int64_t first = attached.image.commit_number();
  CHECK(commits == first);
  REQUIRE(database.run("BEGIN; INSERT INTO t VALUES(1); INSERT INTO t VALUES(2)"));
  CHECK(attached.image.commit_number() == first);
  CHECK(reopened_value(attached.image, "SELECT count(*) FROM t") == "0");
  REQUIRE(database.run("COMMIT"));
  CHECK(attached.image.commit_number() == first + 1);
  CHECK(reopened_value(attached.image, "SELECT count(*) FROM t") == "2");
  REQUIRE(database.run("SELECT * FROM t"));
  CHECK(attached.image.commit_number() == first + 1);
}

TEST_CASE("a spilled transaction is invisible to a flush, and rolls back") {
  Attached attached("image");
  Database database("image");
  REQUIRE(database.run("PRAGMA cache_size=10; CREATE TABLE t(a); INSERT INTO t VALUES('kept')"));
  const FlushBatch before = attached.image.take_flush();
  attached.image.flush_done(before.commit_number);
  REQUIRE(database.run("BEGIN; WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<2000)"
                       " INSERT INTO t SELECT hex(randomblob(500)) FROM n"));
  CHECK(attached.image.file_bytes() > std::int64_t{attached.image.page_count()} * page_bytes);  // it did spill
  CHECK_FALSE(attached.image.dirty());
  CHECK(reopened_value(attached.image, "SELECT count(*) FROM t") == "1");
  REQUIRE(database.run("ROLLBACK"));
  CHECK_FALSE(attached.image.dirty());
  CHECK(database.value("SELECT count(*) FROM t") == "1");
  REQUIRE(database.run("INSERT INTO t VALUES('after')"));
  CHECK(attached.image.take_flush().entries.size() <= 3);  // what was rolled back is not written
  CHECK(reopened_value(attached.image, "SELECT count(*) FROM t") == "2");
}

TEST_CASE("a connection that dies in a transaction leaves the last commit") {
  Attached attached("image");
  {
    Database database("image");
    REQUIRE(database.run("PRAGMA cache_size=10; CREATE TABLE t(a); INSERT INTO t VALUES(1); BEGIN;"
                         "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<2000)"
                         " INSERT INTO t SELECT hex(randomblob(500)) FROM n"));
  }
  CHECK(reopened_value(attached.image, "SELECT count(*) FROM t") == "1");
  Database again("image");
  CHECK(again.value("SELECT count(*) FROM t") == "1");
}

TEST_CASE("flushes: dirty pages only, commits during a flush wait, a failure gives everything back") {
  Attached attached("image");
  PageImage& image = attached.image;
  Database database("image");
  REQUIRE(database.run("CREATE TABLE t(id INTEGER PRIMARY KEY, a); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<5000)"
                       " INSERT INTO t SELECT i, hex(randomblob(100)) FROM n"));
  FlushBatch batch = image.take_flush();
  CHECK(batch.entries.size() == image.page_count());
  image.flush_done(batch.commit_number);
  CHECK_FALSE(image.dirty());

  REQUIRE(database.run("UPDATE t SET a='x' WHERE id=2500"));
  batch = image.take_flush();
  CHECK(batch.entries.size() == 1);  // in exclusive mode not even page 1, with its change counter, is written again
  const FrozenPage frozen = batch.entries.back().page;
  const Page copy = *frozen;
  REQUIRE(database.run("UPDATE t SET a='y' WHERE id=2500"));
  CHECK(frozen->bytes == copy.bytes);
  image.flush_failed();
  batch = image.take_flush();
  CHECK(batch.entries.size() == 1);
  CHECK(batch.entries.back().page->bytes != copy.bytes);
  image.flush_done(batch.commit_number);
  CHECK_FALSE(image.dirty());

  const PageNumber also[] = {7, 9, 100000};
  batch = image.take_flush(also);
  CHECK(batch.entries.size() == 2);
  CHECK(batch.commit_number == image.commit_number());
  image.flush_done(batch.commit_number);
}

TEST_CASE("the file shrinks and grows again, within one transaction and over several") {
  Attached attached("image");
  Database database("image");
  const std::string fill = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<2000)"
                           " INSERT INTO t(a) SELECT hex(randomblob(300)) FROM n";
  REQUIRE(database.run("CREATE TABLE t(id INTEGER PRIMARY KEY, a);" + fill));
  const std::uint32_t large = attached.image.page_count();
  REQUIRE(database.run("DELETE FROM t WHERE id > 10; PRAGMA incremental_vacuum"));
  const std::uint32_t small = attached.image.page_count();
  CHECK(small < large / 10);
  CHECK(reopened_value(attached.image, "SELECT count(*) FROM t") == "10");
  REQUIRE(database.run("BEGIN; " + fill + "; DELETE FROM t WHERE id > 10; COMMIT; PRAGMA incremental_vacuum; " + fill));
  CHECK(reopened_value(attached.image, "SELECT count(*) FROM t") == "2010");
  REQUIRE(database.run("DELETE FROM t; VACUUM"));
  CHECK(reopened_value(attached.image, "SELECT count(*) FROM t") == "0");
  const FlushBatch batch = attached.image.take_flush();
  CHECK(batch.page_count == attached.image.page_count());
  for (const FlushBatch::Entry& entry : batch.entries) {
    CHECK(entry.number <= batch.page_count);
  }
}

TEST_CASE("cut off and grown again without writing: the pages are zero, not what they were") {
  PageImage image;
  const std::string text(3 * page_bytes, 'x');
  REQUIRE(image.write(0, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}));
  image.commit();
  REQUIRE(image.truncate(page_bytes));
  const std::uint8_t one = 1;
  REQUIRE(image.write(3 * page_bytes - 1, {&one, 1}));
  std::uint8_t byte = 9;
  CHECK(image.read(page_bytes + 5, {&byte, 1}));
  CHECK(byte == 0);
  image.commit();
  CHECK(image.page_count() == 3);
  CHECK(image.read(page_bytes + 5, {&byte, 1}));
  CHECK(byte == 0);
  CHECK(image.read(3 * page_bytes - 1, {&byte, 1}));
  CHECK(byte == 1);
  CHECK_FALSE(image.read(3 * page_bytes, {&byte, 1}));
  REQUIRE(image.truncate(0));
  image.discard();
  CHECK(image.page_count() == 3);
  CHECK(image.take_flush().entries.size() == 3);
}

TEST_CASE("an image that is full says so and stays whole") {
  Attached attached("image", 50);
  Database database("image");
  REQUIRE(database.run("CREATE TABLE t(a)"));
  CHECK_FALSE(database.run("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<2000)"
                           " INSERT INTO t SELECT hex(randomblob(300)) FROM n"));
  CHECK(database.status == SQLITE_FULL);
  REQUIRE(database.run("INSERT INTO t VALUES(1)"));
  CHECK(reopened_value(attached.image, "SELECT count(*) FROM t") == "1");
}

TEST_CASE("pragmas that would break durability are refused on an image, and on nothing else") {
  Attached attached("image");
  Database database("image");
  for (const char* refused : {"PRAGMA journal_mode=WAL", "PRAGMA journal_mode=off", "PRAGMA journal_mode=DELETE",
                              "PRAGMA synchronous=OFF", "PRAGMA synchronous=0", "PRAGMA page_size=8192"}) {
    CHECK_MESSAGE(!database.run(refused), refused);
  }
  CHECK(std::string(sqlite3_errmsg(database.handle)).find("page_size must be 4096") != std::string::npos);
  CHECK(database.value("PRAGMA journal_mode") == "memory");
  CHECK(database.value("PRAGMA synchronous") == "2");
  CHECK(database.run("PRAGMA journal_mode=MEMORY; PRAGMA synchronous=NORMAL; PRAGMA page_size=4096"));
  Database scratch("scratch.db", false);
  CHECK(scratch.run("PRAGMA journal_mode=DELETE; PRAGMA synchronous=OFF; CREATE TABLE t(a); INSERT INTO t VALUES(1)"));
}

TEST_CASE("other names are plain files: shared, lockable, deleted with their journals") {
  Database one("plain.db", false);
  Database other("plain.db", false);
  REQUIRE(one.run("CREATE TABLE IF NOT EXISTS t(a); DELETE FROM t; INSERT INTO t VALUES(1)"));
  CHECK(other.value("SELECT count(*) FROM t") == "1");
  REQUIRE(one.run("BEGIN IMMEDIATE; INSERT INTO t VALUES(2)"));
  CHECK_FALSE(other.run("BEGIN IMMEDIATE"));
  CHECK(other.status == SQLITE_BUSY);
  CHECK(other.value("SELECT count(*) FROM t") == "1");
  REQUIRE(one.run("ROLLBACK"));
  REQUIRE(other.run("BEGIN IMMEDIATE; INSERT INTO t VALUES(3); COMMIT"));
  CHECK(one.value("SELECT count(*) FROM t") == "2");
  CHECK_FALSE(Database("missing.db", false).run("SELECT * FROM nothing"));
}

TEST_CASE("two connections to one image see each other's commits and never each other's transactions") {
  Attached attached("image");
  Database one("image", false);
  Database other("image", false);
  REQUIRE(one.run("PRAGMA journal_mode=MEMORY; PRAGMA cache_size=10; CREATE TABLE t(a)"));
  REQUIRE(other.run("PRAGMA journal_mode=MEMORY"));
  REQUIRE(one.run("BEGIN; INSERT INTO t VALUES(1)"));
  CHECK(other.value("SELECT count(*) FROM t") == "0");
  REQUIRE(one.run("ROLLBACK; INSERT INTO t VALUES(2)"));
  CHECK(other.value("SELECT count(*) FROM t") == "1");
}

TEST_CASE("random SQL gives the same on the image as on SQLite's own files in memory") {
  const std::uint32_t seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  Attached attached("image");
  Database ours("image");
  sqlite3* reference = nullptr;
  REQUIRE(sqlite3_open(":memory:", &reference) == SQLITE_OK);
  const auto both = [&](const std::string& sql) {
    const int expected = sqlite3_exec(reference, sql.c_str(), nullptr, nullptr, nullptr);
    ours.run(sql);
    REQUIRE_MESSAGE(ours.status == expected, sql);
  };
  both("CREATE TABLE t(id INTEGER PRIMARY KEY, a, b); CREATE INDEX i ON t(a); CREATE TABLE f(a TEXT PRIMARY KEY, n) WITHOUT ROWID");
  ours.run("PRAGMA cache_size=20");
  bool open = false;
  for (int step = 0; step < 300; ++step) {
    const std::string id = std::to_string(random() % 200);
    switch (random() % 9) {
      case 0: both(open ? (random() % 2 ? "COMMIT" : "ROLLBACK") : "BEGIN"); open = !open; break;
      case 1: both("DELETE FROM t WHERE id > " + id); break;
      case 2: both("UPDATE t SET a = a || '" + id + "' WHERE id < " + id); break;
      case 3: both("INSERT INTO f VALUES('客户 word" + id + "', 1) ON CONFLICT DO UPDATE SET n = n + 1"); break;
      case 4: if (!open) { both(random() % 2 ? "VACUUM" : "PRAGMA incremental_vacuum(5)"); } break;
      case 5: both("SAVEPOINT s; INSERT OR REPLACE INTO t VALUES(" + id + ", 's', zeroblob(9000)); ROLLBACK TO s; RELEASE s"); break;
      default: both("INSERT OR REPLACE INTO t VALUES(" + id + ", 'v" + id + "', zeroblob(" + std::to_string(random() % 20000) + "))");
    }
  }
  if (open) {
    both("COMMIT");
  }
  const std::string question = "SELECT count(*) || '/' || coalesce(group_concat(id || a || length(b)), '') FROM (SELECT * FROM t ORDER BY id)";
  sqlite3_stmt* statement = nullptr;
  REQUIRE(sqlite3_prepare_v2(reference, question.c_str(), -1, &statement, nullptr) == SQLITE_OK);
  REQUIRE(sqlite3_step(statement) == SQLITE_ROW);
  const std::string expected = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
  sqlite3_finalize(statement);
  sqlite3_close(reference);
  CHECK(ours.value(question) == expected);
  CHECK(reopened_value(attached.image, question) == expected);
}
