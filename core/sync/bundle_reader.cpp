// BundleReader, second half: the changes and the trailer.
#include <algorithm>

#include "core/sync/bundle.h"
#include "core/sync/bundle_text.h"

namespace kehubu {
namespace {

constexpr std::size_t name_limit = 64;
constexpr std::size_t field_limit = 1000;  // of one change

bool is_name_character(char character) {
  return (character >= 'a' && character <= 'z') || (character >= '0' && character <= '9') ||
         (character >= 'A' && character <= 'Z') || character == '_' || character == '-' || character == '.';
}

}  // namespace

double BundleReader::progress() const {
  return text_.empty() ? 1.0 : static_cast<double>(json_.position()) / static_cast<double>(text_.size());
}

Result<bool> BundleReader::next(Change& change) {
  if (read_ == header_.count) {
    return false;
  }
  while (sequence_ == header_.have[device_]) {
    ++device_;
    sequence_ = header_.since[device_];
    clock_ = 0;
    first_of_device_ = true;
  }
  json_.read_at_most(limits_.line_bytes);
  if (read_ > 0 && json_.peek() == ']') {
    json_.problem("少了修改：写着 {} 条，只有 {} 条", "changes are missing: {} are announced, {} are there",
                  {std::to_string(header_.count), std::to_string(read_)});
  }
  const bool good = (read_ == 0 || json_.expect(',')) && read_change(change);
  if (!good) {
    return refusal();
  }
  ++read_;
  constexpr std::size_t worth_hashing = 1 << 14;
  if (json_.position() - hashed_ > worth_hashing) {
    hash_up_to(json_.position());
  }
  return true;
}

void BundleReader::hash_up_to(std::size_t position) {
  digest_.add(text_.substr(hashed_, position - hashed_));
  hashed_ = position;
}

bool BundleReader::read_change(Change& change) {
  ++sequence_;
  change.version = {static_cast<DeviceNumber>(device_), sequence_};
  std::int64_t kind = 0;
  const bool good = json_.expect('[') && read_clock_and_action(change) && json_.read_integer(kind, 0, 255) && json_.expect(',') &&
                    read_author(change.person) && json_.expect(',') && read_name(change.entity) && json_.expect(',') &&
                    read_id(change.row) && json_.expect(',') && read_fields(change) && json_.expect(']');
  change.kind = static_cast<ChangeKind>(kind);
  first_of_device_ = false;
  return good;
}

bool BundleReader::read_clock_and_action(Change& change) {
  const std::int64_t before = first_of_device_ ? header_.clock_first : clock_;
  std::int64_t step = 0;
  std::int64_t offset = 0;
  if (!json_.read_integer(step, 0, header_.clock_last - before) || !json_.expect(',') ||
      !json_.read_integer(offset, 0, sequence_ - 1) || !json_.expect(',')) {
    return false;
  }
  clock_ = before + step;
  change.clock = clock_;
  change.action = sequence_ - offset;
  const bool continues = !first_of_device_ && change.action == action_;
  if (offset != 0 && !first_of_device_ && !continues) {
    return json_.problem("这条修改不属于上一条的操作", "this change does not belong to the action of the one before");
  }
  action_ = change.action;
  return true;
}

bool BundleReader::read_author(Id& person) {
  if (json_.peek() == 'n') {
    person = {};
    return json_.read_null();
  }
  std::int64_t index = 0;
  if (!json_.read_integer(index, 0, static_cast<std::int64_t>(header_.people.size()) - 1)) {
    return false;
  }
  person = header_.people[static_cast<std::size_t>(index)];
  return true;
}

bool BundleReader::read_name(std::string& name) {
  return json_.read_string(name) && ((!name.empty() && name.size() <= name_limit && std::ranges::all_of(name, is_name_character)) ||
                                     json_.problem("名称“{}”无效", "the name \"{}\" is not valid", {name.substr(0, name_limit)}));
}

bool BundleReader::read_field_name(std::string& name) {
  return json_.read_string(name) && (name == deleted_field || name == document_field ||
                                     (!name.empty() && name.size() <= name_limit && std::ranges::all_of(name, is_name_character)) ||
                                     json_.problem("名称“{}”无效", "the name \"{}\" is not valid", {name.substr(0, name_limit)}));
}

bool BundleReader::read_fields(Change& change) {
  std::size_t count = 0;
  bool good = json_.expect('{');
  do {
    if (count == field_limit) {
      return json_.problem("一条修改里的字段太多", "one change has too many fields");
    }
    if (change.fields.size() == count) {
      change.fields.emplace_back();
    }
    FieldChange& field = change.fields[count];
    good = good && read_field_name(field.field) && json_.expect(':') && read_field_value(change, field);
    if (good && count > 0 && field.field <= change.fields[count - 1].field) {
      return json_.problem("字段“{}”重复或没有按顺序排列", "the field \"{}\" is repeated or out of order", {field.field});
    }
    ++count;
  } while (good && json_.accept(','));
  change.fields.resize(count);
  return good && json_.expect('}');
}

bool BundleReader::read_field_value(const Change& change, FieldChange& field) {
  field.replaced.clear();
  if (json_.peek() != '[') {
    return read_value(field.value);
  }
  return json_.expect('[') && read_value(field.value) && read_replaced(change, field) && json_.expect(']');
}

// Pairs of device index and sequence, ascending, each one known to the sender and none younger than the change itself. What a branch
// begins after is no version of its own.
bool BundleReader::read_replaced(const Change& change, FieldChange& field) {
  while (json_.accept(',')) {
    Version version;
    std::int64_t device = 0;
    if (!json_.read_integer(device, 0, static_cast<std::int64_t>(header_.devices.size()) - 1) || !json_.expect(',')) {
      return false;
    }
    version.device = static_cast<DeviceNumber>(device);
    const std::int64_t latest =
        version.device == change.version.device ? change.version.sequence - 1 : header_.have[static_cast<std::size_t>(device)];
    if (!json_.read_integer(version.sequence, header_.base(static_cast<std::size_t>(device)) + 1, latest)) {
      return false;
    }
    if (!field.replaced.empty() && !(field.replaced.back() < version)) {
      return json_.problem("被替换的版本没有按顺序排列", "replaced versions are not in order");
    }
    field.replaced.push_back(version);
  }
  return !field.replaced.empty() || json_.problem("“[值]”里缺少被替换的版本", "replaced versions are missing");
}

bool BundleReader::read_value(Value& value) {
  switch (json_.peek()) {
    case '"': {
      auto* text = std::get_if<std::string>(&value);
      return json_.read_string(text != nullptr ? *text : value.emplace<std::string>());
    }
    case 'n':
      value = {};
      return json_.read_null();
    case '{':
      return json_.expect('{') && json_.read_string(scratch_) &&
             (scratch_ == "r" || json_.problem("值的类型未知", "a value is of an unknown type")) && json_.expect(':') &&
             read_id(value.emplace<Id>()) && json_.expect('}');
    default:
      return json_.read_integer(value.emplace<std::int64_t>());
  }
}

DigestCheck::DigestCheck(std::string_view text) {
  constexpr std::string_view key = "\"digest\":\"";
  const std::size_t place = text.rfind(key);
  if (place != std::string_view::npos) {
    text_ = text.substr(0, place);
    stated_ = text.substr(place + key.size());
  }
}

bool DigestCheck::step() {
  constexpr std::size_t at_once = 1 << 18;
  const std::string_view piece = text_.substr(0, at_once);
  digest_.add(piece);
  text_.remove_prefix(piece.size());
  return !text_.empty();
}

bool DigestCheck::agrees() { return hex(digest_.finish()) + "\",\n\"signature\":null}\n" == stated_; }

Result<std::string> BundleReader::finish() {
  json_.read_at_most(limits_.line_bytes);
  if (!json_.failed() && json_.peek() == ',') {
    json_.problem("多了修改：写着 {} 条", "there are more changes than the {} announced", {std::to_string(header_.count)});
  }
  std::string stated;
  std::size_t covered = 0;
  if (!read_trailer(stated, covered)) {
    return refusal();
  }
  hash_up_to(covered);
  const std::string actual = hex(digest_.finish());
  if (stated != actual) {
    json_.problem("文件在途中改变过或损坏了（校验和不符）", "the file was changed or damaged on its way (the digest does not match)");
    return refusal();
  }
  return actual;
}

// `covered`: how many bytes stand before the quote of "digest".
bool BundleReader::read_trailer(std::string& stated_digest, std::size_t& covered) {
  if (!json_.expect(']') || !json_.expect(',')) {
    return false;
  }
  json_.peek();
  covered = json_.position();
  if (!json_.read_string(scratch_) || (scratch_ != "digest" && !json_.problem("这里应该是“digest”", "\"digest\" was expected here"))) {
    return false;
  }
  if (!json_.expect(':') || !json_.read_string(stated_digest) || !json_.expect(',') || !json_.read_string(scratch_)) {
    return false;
  }
  if (scratch_ != "signature") {
    return json_.problem("这里应该是“signature”", "\"signature\" was expected here");
  }
  // A signature by a later minor version covers everything before its key; this version has no keys to check it with.
  return json_.expect(':') && json_.skip_value() && json_.expect('}') && json_.expect_end();
}

}  // namespace kehubu
