// BundleReader, first half: everything before the list of changes.
#include <algorithm>
#include <functional>
#include <map>

#include "core/sync/bundle.h"
#include "core/sync/bundle_text.h"
#include "core/sync/foreign_file.h"

namespace kehubu {
namespace {

constexpr std::string_view required_keys[] = {"format", "version", "catalog", "created", "device", "person",
                                              "scope", "devices", "since", "have", "chain_since", "chain_have",
                                              "people", "clock", "count", "certificate"};
constexpr std::size_t header_key_limit = 64;

bool strictly_ascending(const std::vector<Id>& ids) {
  return std::adjacent_find(ids.begin(), ids.end(), std::greater_equal{}) == ids.end();
}

// Whoever has a branch has what it begins after, and told of it: an older history of the same root, which ends there. A root of
// which everything is in branches has no changes of its own, and no branch is the root of others.
bool histories_are_whole(const BundleHeader& header) {
  const auto index_of = [&](const Id& device) { return static_cast<std::size_t>(std::ranges::lower_bound(header.devices, device) - header.devices.begin()); };
  std::map<std::pair<Id, std::int64_t>, std::int64_t> least_base_by_end;
  for (std::size_t index = 0; index < header.devices.size(); ++index) {
    const auto [place, is_first] = least_base_by_end.try_emplace({header.root(index), header.have[index]}, header.base(index));
    place->second = std::min(place->second, header.base(index));
  }
  for (std::size_t index = 0; index < header.devices.size(); ++index) {
    const Id& root = header.root(index);
    if (root == header.devices[index]) {
      continue;
    }
    const std::int64_t base = header.base(index);
    const std::size_t place = index_of(root);
    const bool root_is_told = place < header.devices.size() && header.devices[place] == root;
    const auto before = least_base_by_end.find({root, base});
    if ((root_is_told && (header.root(place) != root || base == 0)) || (base > 0 && (before == least_base_by_end.end() || before->second >= base))) {
      return false;
    }
  }
  return true;
}

}  // namespace

Sentence remedy_sentence(Remedy remedy) {
  switch (remedy) {
    case Remedy::update_program:
      return {"请先把客户簿更新到最新版本，再导入这个文件。", "Update Kehubu first, then import this file."};
    case Remedy::split:
      return {"请让对方分几次导出，每次少一些。", "Ask the sender to export less at a time."};
    case Remedy::send_again:
      break;
  }
  return {"请让对方重新导出，再发一次。", "Ask the sender to export and send it again."};
}

Knowledge BundleHeader::knowledge() const {
  Knowledge result;
  for (std::size_t index = 0; index < devices.size(); ++index) {
    result.emplace_hint(result.end(), devices[index], have[index]);
  }
  return result;
}

Knowledge BundleHeader::builds_on() const {
  Knowledge result;
  for (std::size_t index = 0; index < devices.size(); ++index) {
    result.emplace_hint(result.end(), devices[index], since[index]);
  }
  return result;
}

BundleReader::BundleReader(std::string_view text, const Limits& limits)
    : text_(text.substr(text.starts_with(byte_order_mark) ? byte_order_mark.size() : 0)), limits_(limits), json_(text_, limits.depth) {}

std::unexpected<Error> BundleReader::refusal() const {
  if (auto foreign = remedy_ == Remedy::send_again ? foreign_file(text_) : std::nullopt) {
    return std::unexpected(Error{ErrorKind::corrupt, std::move(*foreign), {}});
  }
  const std::string line = std::to_string(json_.line());
  const Sentence remedy = remedy_sentence(remedy_);
  const ErrorKind kind = remedy_ == Remedy::update_program ? ErrorKind::unsupported : ErrorKind::corrupt;
  return std::unexpected(Error{kind,
                               {substitute("文件第 {} 行：{}。没有导入任何内容。{}", {line, json_.what().zh, remedy.zh}),
                                substitute("Line {} of the file: {}. Nothing was imported. {}",
                                           {line, json_.what().en, remedy.en})},
                               {}});
}

bool BundleReader::refuse(Remedy remedy, std::string_view zh, std::string_view en,
                          std::initializer_list<std::string_view> arguments) {
  if (!json_.failed()) {
    remedy_ = remedy;
  }
  return json_.problem(zh, en, arguments);
}

Status BundleReader::read_header() {
  if (text_.size() > limits_.bundle_bytes) {
    refuse(Remedy::split, "文件太大（{} 字节，最多 {}）", "the file is too large ({} bytes, at most {})",
           {std::to_string(text_.size()), std::to_string(limits_.bundle_bytes)});
    return refusal();
  }
  std::string key;
  bool at_changes = false;
  json_.read_at_most(limits_.line_bytes);
  bool good = json_.expect('{');
  while (good && !at_changes) {
    good = json_.read_string(key) && check_key(key) && json_.expect(':');
    at_changes = good && key == "changes";
    good = good && (at_changes || (read_header_key(key) && json_.expect(',')));
  }
  if (!good || !check_header() || !json_.expect('[')) {
    return refusal();
  }
  sequence_ = header_.since.empty() ? 0 : header_.since.front();
  return {};
}

// The first key must be "format", the second "version": a file of another kind is told as such at once.
bool BundleReader::check_key(const std::string& key) {
  const std::size_t place = keys_seen_.size();
  if (place == 0 && key != "format") {
    return refuse(Remedy::send_again, "这不是客户簿的数据包", "this is not a bundle of Kehubu");
  }
  if (place == 1 && key != "version") {
    return json_.problem("“version”应该紧跟在“format”之后", "\"version\" must follow \"format\"");
  }
  if (std::ranges::find(keys_seen_, key) != keys_seen_.end()) {
    return json_.problem("“{}”出现了两次", "\"{}\" appears twice", {key});
  }
  if (place == header_key_limit) {
    return json_.problem("文件头的项目太多", "the header has too many keys");
  }
  keys_seen_.push_back(key);
  return true;
}

bool BundleReader::read_header_key(std::string_view key) {
  if (key == "format") {
    return json_.read_string(scratch_) && (scratch_ == "kehubu-bundle" || refuse(Remedy::send_again, "这不是客户簿的数据包",
                                                                                "this is not a bundle of Kehubu"));
  }
  if (key == "version") {
    return read_version();
  }
  if (key == "catalog") {
    std::int64_t number = 0;
    const bool read = json_.read_integer(number, 1, 1'000'000);
    header_.catalog = static_cast<int>(number);
    return read;
  }
  if (key == "created") {
    return json_.read_integer(header_.created, 0, largest_integer);
  }
  if (key == "device") {
    return read_device();
  }
  if (key == "former") {
    return read_id(header_.former);
  }
  if (key == "former_branch") {
    return read_id(header_.former_branch);
  }
  if (key == "person") {
    return json_.peek() == 'n' ? json_.read_null() : read_person();
  }
  if (key == "for") {
    std::string passed_over;
    return read_named(header_.receiver, header_.receiver_name, {}, passed_over);
  }
  if (key == "scope") {
    return json_.read_string(header_.scope);
  }
  if (key == "devices") {
    return read_ids(header_.devices);
  }
  if (key == "people") {
    return read_ids(header_.people);
  }
  if (key == "since") {
    return read_sequences(header_.since);
  }
  if (key == "have") {
    return read_sequences(header_.have);
  }
  if (key == "chain_since") {
    return read_chain(chain_since_);
  }
  if (key == "chain_have") {
    return read_chain(chain_have_);
  }
  if (key == "origins" && header_.version == bundle_version) {
    return read_origins();
  }
  if (key == "clock") {
    return json_.expect('[') && json_.read_integer(header_.clock_first, 0, largest_integer) && json_.expect(',') &&
           json_.read_integer(header_.clock_last, header_.clock_first, largest_integer) && json_.expect(']');
  }
  if (key == "count") {
    return json_.read_integer(header_.count, 0, largest_integer);
  }
  return json_.skip_value();  // "certificate", and whatever a later minor version adds
}

bool BundleReader::read_version() {
  std::int64_t number = 0;
  if (!json_.read_integer(number, 1, largest_integer)) {
    return false;
  }
  if (number > bundle_version) {
    return refuse(Remedy::update_program, "这个文件由更新版本的客户簿写成（格式 {}，这里只认识到 {}）",
                  "this file was written by a newer Kehubu (format {}, known here up to {})",
                  {std::to_string(number), std::to_string(bundle_version)});
  }
  if (number < bundle_version_plain) {
    return refuse(Remedy::send_again, "这个文件由客户簿的试用版写成（格式 {}）", "this file was written by a trial version of Kehubu (format {})",
                  {std::to_string(number)});
  }
  header_.version = static_cast<int>(number);
  return true;
}

bool BundleReader::read_label(std::string& label) {
  return json_.read_string(label) &&
         (label.size() <= label_bytes_limit || json_.problem("名称太长", "a name is too long"));
}

// {"id":…,"name":…,<third>:…} with keys in any order; other keys are passed over.
bool BundleReader::read_named(Id& id, std::string& name, std::string_view third_key, std::string& third) {
  std::vector<std::string> seen;
  std::string key;
  bool good = json_.expect('{');
  do {
    good = good && json_.read_string(key) && json_.expect(':');
    if (good && (std::ranges::find(seen, key) != seen.end() || seen.size() == header_key_limit)) {
      return json_.problem("“{}”出现了两次", "\"{}\" appears twice", {key});
    }
    seen.push_back(key);
    if (good) {
      good = key == "id" ? read_id(id) : key == "name" ? read_label(name) : key == third_key ? read_label(third)
                                                                                            : json_.skip_value();
    }
  } while (good && json_.accept(','));
  return good && json_.expect('}') && (!id.empty() || json_.problem("缺少标识", "an id is missing"));
}

bool BundleReader::read_device() { return read_named(header_.device, header_.device_name, "letter", header_.device_letter); }

bool BundleReader::read_person() { return read_named(header_.person, header_.person_name, "role", header_.person_role); }

bool BundleReader::read_id(Id& id) {
  if (!json_.read_string(scratch_)) {
    return false;
  }
  const auto parsed = Id::parse(scratch_);
  id = parsed.value_or(Id{});
  return parsed.has_value() || json_.problem("标识无效（应为 22 个字符）", "an id is not valid (22 characters of base64url)");
}

bool BundleReader::read_ids(std::vector<Id>& ids) {
  bool good = json_.expect('[');
  if (good && json_.accept(']')) {
    return true;
  }
  do {
    Id id;
    good = good && read_id(id);
    ids.push_back(id);
  } while (good && json_.accept(','));
  return good && json_.expect(']') &&
         ((strictly_ascending(ids) && !ids.front().empty()) || json_.problem("标识没有按顺序排列", "ids are not in order"));
}

bool BundleReader::read_sequences(std::vector<std::int64_t>& numbers) {
  bool good = json_.expect('[');
  if (good && json_.accept(']')) {
    return true;
  }
  do {
    std::int64_t number = 0;
    good = good && json_.read_integer(number, 0, largest_sequence);
    numbers.push_back(number);
  } while (good && json_.accept(','));
  return good && json_.expect(']');
}

bool BundleReader::read_chain(std::vector<std::optional<Digest>>& values) {
  bool good = json_.expect('[');
  if (good && json_.accept(']')) {
    return true;
  }
  do {
    std::optional<Digest> value;
    if (json_.peek() == 'n') {
      good = good && json_.read_null();
    } else if (good && json_.read_string(scratch_)) {
      value = parse_digest(scratch_);
      good = value.has_value() || json_.problem("校验值无效（应为 43 个字符）", "a chain value is not valid (43 characters of base64url)");
    }
    good = good && !json_.failed();
    values.push_back(value);
  } while (good && json_.accept(','));
  return good && json_.expect(']');
}

// Parallel to `devices`: null, or where a branch comes from: ["…id…", number].
bool BundleReader::read_origins() {
  bool good = json_.expect('[');
  if (good && json_.accept(']')) {
    return true;
  }
  do {
    auto& [root, base] = origins_.emplace_back();
    good = good && (json_.peek() == 'n' ? json_.read_null()
                                        : json_.expect('[') && read_id(root) && json_.expect(',') && json_.read_integer(base, 0, largest_sequence) &&
                                              json_.expect(']') && (!root.empty() || json_.problem("标识无效", "an id is not valid")));
  } while (good && json_.accept(','));
  return good && json_.expect(']');
}

bool BundleReader::check_origins() {
  if (origins_.empty()) {
    return true;
  }
  bool good = origins_.size() == header_.devices.size();
  for (std::size_t index = 0; good && index < origins_.size(); ++index) {
    const auto& [root, base] = origins_[index];
    header_.roots.push_back(root.empty() ? header_.devices[index] : root);
    header_.bases.push_back(base);
    good = root.empty() || (root != header_.devices[index] && base <= header_.since[index] && base < header_.have[index]);
  }
  return (good && histories_are_whole(header_)) || json_.problem("分支的来历与序号不符", "the origin of a branch does not match the sequence numbers");
}

bool BundleReader::check_header() {
  for (const std::string_view key : required_keys) {
    if (std::ranges::find(keys_seen_, key) == keys_seen_.end()) {
      return json_.problem("缺少“{}”", "\"{}\" is missing", {key});
    }
  }
  if (header_.scope != "all") {
    return refuse(Remedy::update_program, "范围“{}”在这里还不认识", "the scope \"{}\" is not known here", {header_.scope});
  }
  const std::size_t devices = header_.devices.size();
  if (header_.since.size() != devices || header_.have.size() != devices || chain_since_.size() != devices ||
      chain_have_.size() != devices) {
    return json_.problem("设备、序号与校验值的个数不一致", "devices, sequence numbers and chain values differ in number");
  }
  std::int64_t count = 0;
  for (std::size_t index = 0; index < devices; ++index) {
    if (header_.have[index] < 1 || header_.since[index] > header_.have[index]) {
      return json_.problem("序号范围无效", "a range of sequence numbers is not valid");
    }
    count += header_.have[index] - header_.since[index];  // at most 2^40 each: no overflow below 2^23 devices
    if (count > static_cast<std::int64_t>(limits_.changes)) {
      return refuse(Remedy::split, "修改太多（最多 {} 条）", "there are too many changes (at most {})",
                    {std::to_string(limits_.changes)});
    }
  }
  if (count != header_.count) {
    return json_.problem("条数与序号范围不符（写着 {}，应为 {}）", "the count does not match the ranges ({} instead of {})",
                         {std::to_string(header_.count), std::to_string(count)});
  }
  return check_origins() && check_chains();
}

// A chain value stands exactly where it cannot be told from the rest.
bool BundleReader::check_chains() {
  for (std::size_t index = 0; index < header_.devices.size(); ++index) {
    const bool since_written = header_.since[index] != 0 && header_.since[index] != header_.have[index];
    if (!chain_have_[index].has_value() || chain_since_[index].has_value() != since_written) {
      return json_.problem("校验值与序号不符", "chain values do not match the sequence numbers");
    }
    const Digest& have = *chain_have_[index];
    header_.chain_have.push_back(have);
    header_.chain_since.push_back(since_written                ? *chain_since_[index]
                                  : header_.since[index] == 0 ? Log::first_chain(header_.root(index))
                                                              : have);
  }
  return true;
}

}  // namespace kehubu
