// The bundle's format: what is written is read back, old files stay readable, and whatever is not a bundle is refused
// with a sentence.
#include "core/sync/bundle.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "core/sync/bundle_chain.h"
#include "core/sync/bundle_text.h"
#include "tests/support/sample_bundle.h"

using namespace kehubu;
using namespace kehubu::test;

namespace {

struct ReadBack {
  BundleHeader header;
  std::vector<Change> changes;
  std::string digest;
  bool chains_match = true;
};

Result<ReadBack> read_all(std::string_view text, const Limits& limits = {}) {
  BundleReader reader{text, limits};
  KEHUBU_TRY(reader.read_header());
  ReadBack result;
  result.header = reader.header();
  BundleChain chain{reader.header()};
  Change change;
  while (true) {
    KEHUBU_TRY_ASSIGN(more, reader.next(change));
    if (!more) {
      break;
    }
    result.chains_match = chain.add(change) && result.chains_match;
    result.changes.push_back(change);
  }
  KEHUBU_TRY_ASSIGN(digest, reader.finish());
  result.digest = digest;
  return result;
}

bool same_field(const FieldChange& a, const FieldChange& b) {
  return a.field == b.field && a.value == b.value && a.replaced == b.replaced;
}

bool same_change(const Change& a, const Change& b) {
  return a.version == b.version && a.clock == b.clock && a.action == b.action && a.kind == b.kind && a.person == b.person &&
         a.entity == b.entity && a.row == b.row && std::ranges::equal(a.fields, b.fields, same_field);
}

std::string file_text(const std::string& name) {
  std::ifstream file{"tests/data/bundles/" + name, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

void check_golden(const std::string& name, const std::string& text) {
  if (std::getenv("KEHUBU_WRITE_GOLDEN") != nullptr) {
    std::ofstream{"tests/data/bundles/" + name, std::ios::binary} << text;
  }
  CAPTURE(name);
  CHECK(file_text(name) == text);
  CHECK(read_all(file_text(name)).has_value());
}

}  // namespace

TEST_CASE("a bundle is read as it was written, and written again as it was read") {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    CAPTURE(seed);
    const SampleBundle sample = make_sample(seed, {.devices = 1 + static_cast<int>(seed % 5), .changes = static_cast<int>(seed % 60)});
    const std::string text = write_sample(sample);
    const auto read = read_all(text);
    REQUIRE_MESSAGE(read.has_value(), read.error().message.en);
    CHECK(read->chains_match);
    CHECK(std::ranges::equal(read->changes, sample.changes, same_change));
    CHECK(read->header.device_name == "王敏的平板");
    CHECK(read->header.knowledge().at(sample.header.devices[0]) == sample.header.have[0]);
    CHECK(write_sample({read->header, read->changes}) == text);
  }
}

namespace {

// A device whose histories part after its third change: two branches, with the ids that follow from their first changes. The first was
// built on by the third device, which has no branches.
SampleBundle branched_sample() {
  SampleBundle sample = make_sample(5, {.devices = 2, .changes = 2});
  BundleHeader& header = sample.header;
  sample.changes.clear();
  const Id root = header.devices[0], other = header.devices[1];
  header.version = bundle_version;
  const auto add = [&](const Id& device, const Id& of, std::int64_t base, std::int64_t have, const std::string& words, std::vector<Version> replaced) {
    header.devices.push_back(device);
    header.roots.push_back(of);
    header.bases.push_back(base);
    header.since.push_back(base);
    header.have.push_back(have);
    for (std::int64_t sequence = base + 1; sequence <= have; ++sequence) {
      Change change;
      change.version = {static_cast<DeviceNumber>(header.devices.size() - 1), sequence};
      change.clock = header.created + sequence;
      change.action = sequence;
      change.entity = "customer";
      change.row = root;
      change.fields.push_back({"remark", words + std::to_string(sequence), sequence == have ? replaced : std::vector<Version>()});
      sample.changes.push_back(std::move(change));
    }
  };
  // The ids follow from the first changes, and the devices are sorted by them: words are tried until both come after the root's.
  for (int attempt = 0;; ++attempt) {
    Id first = root, second = root;  // until they are known
    for (int round = 0; round < 2; ++round) {
      sample.changes.clear();
      header.devices.clear(), header.roots.clear(), header.bases.clear(), header.since.clear(), header.have.clear();
      add(root, root, 0, 3, "共同的", {{0, 1}});
      add(first, root, 3, 5, "平板的" + std::to_string(attempt), {{0, 2}, {1, 4}});
      add(second, root, 3, 6, "复制的" + std::to_string(attempt), {{0, 3}, {2, 5}});
      add(other, other, 0, 2, "同事的", {{0, 3}, {1, 5}});
      complete_header(sample);
      BundleChain chain{header};
      for (const Change& change : sample.changes) {
        static_cast<void>(chain.add(change));
        if (round == 0 && change.version.sequence == 4) {
          (change.version.device == 1 ? first : second) = Log::branch_id(root, chain.value());
        }
      }
    }
    if (std::ranges::is_sorted(header.devices)) {
      return sample;
    }
  }
}

}  // namespace

TEST_CASE("R7: bundles that any version wrote are read for ever, and their bytes do not change") {
  check_golden("v2-empty.json", write_sample({make_sample(1, {.devices = 1, .changes = 0}).header, {}}));
  check_golden("v2-day.json", write_sample(make_sample(20261121)));
  check_golden("v2-many-devices.json", write_sample(make_sample(7, {.devices = 12, .changes = 60})));
  check_golden("v3-branches.json", write_sample(branched_sample()));
}

TEST_CASE("other layouts of the same JSON are read too") {
  std::string text = write_sample(make_sample(3));
  for (std::size_t place = 0; (place = text.find("\n[", place)) != std::string::npos; place += 4) {
    text.replace(place, 2, "\r\n\t [ ");
  }
  CHECK(read_all(with_right_digest(text)).has_value());
}

TEST_CASE("what a newer program adds to the header is passed over") {
  std::string text = write_sample(make_sample(4));
  text.replace(text.find("\"catalog\""), 0, "\"later\":{\"a\":[1.5e3,true,{\"b\":null}]},\n");
  CHECK(read_all(with_right_digest(text)).has_value());
  text.replace(text.find("\"catalog\""), 0, "\"later\":1,");
  CHECK_FALSE(read_all(with_right_digest(text)).has_value());
}

TEST_CASE("unknown kinds, entities and fields are kept") {
  SampleBundle sample = make_sample(5);
  sample.changes[3].kind = static_cast<ChangeKind>(200);
  sample.changes[3].entity = "drone_delivery";
  complete_header(sample);
  const auto read = read_all(write_sample(sample));
  REQUIRE(read.has_value());
  CHECK(same_change(read->changes[3], sample.changes[3]));
  CHECK(read->chains_match);
}

TEST_CASE("a newer format is refused with what to do") {
  std::string text = write_sample(make_sample(6));
  text.replace(text.find("\"version\":2"), 11, "\"version\":4");
  const auto read = read_all(with_right_digest(text));
  REQUIRE_FALSE(read.has_value());
  CHECK(read.error().kind == ErrorKind::unsupported);
  CHECK(read.error().message.zh ==
        "文件第 1 行：这个文件由更新版本的客户簿写成（格式 4，这里只认识到 3）。没有导入任何内容。请先把客户簿更新到最新版本，再导入这个文件。");
}

TEST_CASE("a bundle of the time before the first release is refused with what to do") {
  std::string text = write_sample(make_sample(6));
  text.replace(text.find("\"version\":2"), 11, "\"version\":1");
  const auto read = read_all(with_right_digest(text));
  REQUIRE_FALSE(read.has_value());
  CHECK(read.error().message.zh == "文件第 1 行：这个文件由客户簿的试用版写成（格式 1）。没有导入任何内容。请让对方重新导出，再发一次。");
}

TEST_CASE("every changed byte is noticed") {
  const std::string text = write_sample(make_sample(8, {.devices = 2, .changes = 6}));
  for (std::size_t place = 0; place < text.size(); ++place) {
    for (const unsigned flip : {1U, 0x20U, 0x80U}) {
      std::string damaged = text;
      damaged[place] = static_cast<char>(static_cast<unsigned char>(damaged[place]) ^ flip);
      CAPTURE(place);
      const auto read = read_all(damaged);
      // A change of letter case in an unchecked place after the digest's reach does not exist: only the value of
      // "signature" lies beyond, and it is null.
      CHECK_FALSE(read.has_value());
    }
  }
}

TEST_CASE("every truncation is noticed") {
  const std::string text = write_sample(make_sample(9, {.devices = 2, .changes = 6}));
  for (std::size_t size = 0; size + 1 < text.size(); ++size) {
    CAPTURE(size);
    CHECK_FALSE(read_all(std::string_view{text}.substr(0, size)).has_value());
  }
}

TEST_CASE("a change that was altered together with its digest does not match the chain") {
  std::string text = write_sample(make_sample(20261121));
  text.replace(text.find("博海餐饮"), 12, "海博餐饮");
  const auto read = read_all(with_right_digest(text));
  REQUIRE(read.has_value());
  CHECK_FALSE(read->chains_match);
}

TEST_CASE("limits hold") {
  const std::string text = write_sample(make_sample(10));
  CHECK_FALSE(read_all(text, {.bundle_bytes = text.size() - 1}).has_value());
  CHECK(read_all(text, {.bundle_bytes = text.size()}).has_value());
  CHECK_FALSE(read_all(text, {.changes = 10}).has_value());
  CHECK_FALSE(read_all(text, {.line_bytes = 100}).has_value());
  std::string deep = text;
  deep.replace(deep.find("\"catalog\""), 0, "\"later\":" + std::string(100'000, '[') + std::string(100'000, ']') + ",");
  CHECK_FALSE(read_all(with_right_digest(deep)).has_value());
}

TEST_CASE("what is longer than a line may be is not read to its end: nothing of it is kept in memory") {
  const Limits limits{.line_bytes = 20'000};
  const std::string text = write_sample(make_sample(10));
  REQUIRE(read_all(text, limits).has_value());
  std::string keys, numbers, blanks(40'000, ' ');
  for (int index = 0; index < 5'000; ++index) {
    keys += "\"a" + std::to_string(index) + "\":1,";
    numbers += "," + std::to_string(index) + ".5";
  }
  const auto with = [&](std::string_view before, const std::string& inserted) { return std::string(text).insert(text.find(before), inserted); };
  const std::pair<std::string, std::string> longer[] = {
      {"an object with many keys in the header", with("\"catalog\"", "\"later\":{" + keys + "broken},")},
      {"a list in the header", with("\"catalog\"", "\"later\":[0" + numbers + "broken],")},
      {"ids", with("\"devices\":[", "\"later\":\"" + std::string(30'000, 'a') + "broken\n\",")},
      {"blanks in the header", with("\"catalog\"", blanks + "broken")},
      {"a change", std::string(text).replace(text.find("\n[") + 2, 0, blanks + "broken")},
      {"a signature", std::string(text).replace(text.rfind("null"), 4, "{" + keys + "broken}")},
      {"blanks after the end", text + blanks + "broken"},
  };
  for (const auto& [what, file] : longer) {
    CAPTURE(what);
    const auto read = read_all(file, limits);
    REQUIRE_FALSE(read.has_value());
    CHECK_MESSAGE(read.error().message.zh.contains("太长（最多 20000 字节）"), read.error().message.zh);
    CHECK(read.error().message.en.contains("too long (at most 20000 bytes)"));
  }
}

TEST_CASE("the digest can be checked with other tools: it covers what stands before its line") {
  const std::string text = write_sample(make_sample(11));
  const std::size_t place = text.rfind("\"digest\":");
  CHECK(text[place - 1] == '\n');
  Sha256 digest;
  digest.add(std::string_view{text}.substr(0, place));
  CHECK(read_all(text)->digest == hex(digest.finish()));
}
