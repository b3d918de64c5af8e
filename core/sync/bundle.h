// Bundle: the file that carries changes from one device to another. docs/bundle.md specifies it to the byte.
//
// BundleWriter writes one, BundleReader reads one, a change at a time; neither knows of a database. In both, the device
// of a Version is an index into the header's `devices`, not a number of the local table.
//
// A bundle is hostile input. The reader believes nothing: syntax, UTF-8, types, ranges, order and limits are checked
// while reading, and every refusal is a sentence that says what is wrong, on which line, and what to do. What has been
// read is to be trusted only after finish() has returned success, because the digest stands at the end of the file.
//
// Cost: one pass over the text, no copy of it; memory for one change. The text must outlive the reader.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/sha256.h"
#include "core/store/change.h"
#include "core/store/log.h"
#include "core/sync/json_reader.h"
#include "core/sync/sync.h"

namespace kehubu {

inline constexpr int bundle_version = 3;           // the latest; written only when there are branches to tell of
inline constexpr int bundle_version_plain = 2;
inline constexpr std::size_t label_bytes_limit = 1000;  // of the name of a device or a person
inline constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";  // before the first byte of a file it is passed over

struct BundleHeader {
  int version = bundle_version_plain;
  int catalog = 0;
  std::int64_t created = 0;  // wall clock of the sender, milliseconds UTC
  Id device;
  std::string device_name, device_letter;
  Id former;                 // the device as which it wrote before it went on under a new name; empty where it did not
  Id former_branch;          // where several machines bore that name: the history that was this one's
  Id person;
  std::string person_name, person_role;
  Id receiver;               // the device for which it was made, what that one has being left out; empty: for anybody
  std::string receiver_name;
  std::string scope = "all";
  // All devices that the sender has changes of, ascending. The next four are parallel to it.
  std::vector<Id> devices;
  std::vector<std::int64_t> since, have;
  // The log's chain after `since` and after `have` (log.h): equal values prove equal histories.
  std::vector<Digest> chain_since, chain_have;
  // Of branches (log.h) the device under whose name they were written, and the number after which they begin; of others
  // the device itself and 0. Empty when there are none.
  std::vector<Id> roots;
  std::vector<std::int64_t> bases;
  std::vector<Id> people;               // those who made the changes, ascending; without the empty id
  std::int64_t clock_first = 0, clock_last = 0;
  std::int64_t count = 0;               // the sum of have − since

  [[nodiscard]] const Id& root(std::size_t index) const { return roots.empty() ? devices[index] : roots[index]; }
  [[nodiscard]] std::int64_t base(std::size_t index) const { return bases.empty() ? 0 : bases[index]; }
  [[nodiscard]] Knowledge knowledge() const;        // devices → have
  [[nodiscard]] Knowledge builds_on() const;        // devices → since
};

class BundleWriter {
 public:
  // The header must be complete; `output` receives the text and must outlive the writer.
  BundleWriter(const BundleHeader& header, std::string& output);

  // In the order of the file: by device index, then sequence, without a gap from since + 1 to have.
  void append(const Change& change);
  // Writes the trailer and gives the digest in hex.
  [[nodiscard]] std::string finish();

 private:
  void write_fields(const Change& change);
  void hash_what_is_new();

  BundleHeader header_;
  std::string& output_;
  std::size_t hashed_ = 0;
  Sha256 digest_;
  std::int64_t written_ = 0;
  std::int32_t device_ = -1;
  std::int64_t clock_ = 0;
};

// What a refusal tells its reader to do. Every error of the reader ends with one of these.
enum class Remedy : std::uint8_t { send_again, update_program, split };
[[nodiscard]] Sentence remedy_sentence(Remedy remedy);

// Whether the text is, to the byte, what its digest says. Nothing is understood of it: for files of which nothing is news. Takes
// a piece at a time; a file that is laid out otherwise than ours may be sound though this says no.
class DigestCheck {
 public:
  explicit DigestCheck(std::string_view text);
  [[nodiscard]] bool step();  // false: done
  [[nodiscard]] bool agrees();

 private:
  std::string_view text_;    // what the digest covers
  std::string_view stated_;  // the digest, and all after it
  Sha256 digest_;
};

class BundleReader {
 public:
  explicit BundleReader(std::string_view text, const Limits& limits = {});

  // First. Reads as far as the list of changes and no further: cheap however large the bundle is.
  [[nodiscard]] Status read_header();
  [[nodiscard]] const BundleHeader& header() const { return header_; }
  // Then until it gives false. The change is overwritten; keep what you need.
  [[nodiscard]] Result<bool> next(Change& change);
  // Last, after next() gave false: reads the trailer and compares the digest. Gives it in hex.
  [[nodiscard]] Result<std::string> finish();
  // From 0 to 1, by bytes.
  [[nodiscard]] double progress() const;
  // The line that the reader stands on, from 1.
  [[nodiscard]] std::size_t line() const { return json_.line(); }

 private:
  // Header.
  [[nodiscard]] bool check_key(const std::string& key);
  [[nodiscard]] bool read_header_key(std::string_view key);
  [[nodiscard]] bool read_version();
  [[nodiscard]] bool read_label(std::string& label);
  [[nodiscard]] bool read_named(Id& id, std::string& name, std::string_view third_key, std::string& third);
  [[nodiscard]] bool read_device();
  [[nodiscard]] bool read_person();
  [[nodiscard]] bool read_ids(std::vector<Id>& ids);
  [[nodiscard]] bool read_sequences(std::vector<std::int64_t>& numbers);
  [[nodiscard]] bool read_origins();
  [[nodiscard]] bool check_origins();
  [[nodiscard]] bool read_chain(std::vector<std::optional<Digest>>& values);
  [[nodiscard]] bool check_header();
  [[nodiscard]] bool check_chains();
  // Changes.
  [[nodiscard]] bool read_change(Change& change);
  [[nodiscard]] bool read_clock_and_action(Change& change);
  [[nodiscard]] bool read_author(Id& person);
  [[nodiscard]] bool read_fields(Change& change);
  [[nodiscard]] bool read_field_name(std::string& name);
  [[nodiscard]] bool read_field_value(const Change& change, FieldChange& field);
  [[nodiscard]] bool read_replaced(const Change& change, FieldChange& field);
  [[nodiscard]] bool read_value(Value& value);
  [[nodiscard]] bool read_id(Id& id);
  [[nodiscard]] bool read_name(std::string& name);
  // Trailer and refusals.
  [[nodiscard]] bool read_trailer(std::string& stated_digest, std::size_t& covered);
  void hash_up_to(std::size_t position);
  bool refuse(Remedy remedy, std::string_view zh, std::string_view en, std::initializer_list<std::string_view> arguments = {});
  [[nodiscard]] std::unexpected<Error> refusal() const;

  std::string_view text_;
  Limits limits_;
  JsonReader json_;
  Remedy remedy_ = Remedy::send_again;
  BundleHeader header_;
  std::vector<std::optional<Digest>> chain_since_, chain_have_;
  std::vector<std::pair<Id, std::int64_t>> origins_;  // an empty id: none
  std::vector<std::string> keys_seen_;
  std::string scratch_;
  // Where the list of changes stands.
  std::size_t device_ = 0;
  std::int64_t sequence_ = 0;
  std::int64_t clock_ = 0;
  std::int64_t action_ = 0;
  bool first_of_device_ = true;
  std::int64_t read_ = 0;
  // The digest is taken on the way, so that no single call is long.
  Sha256 digest_;
  std::size_t hashed_ = 0;
};

}  // namespace kehubu
