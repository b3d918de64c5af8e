// An import that has not been confirmed, as a draft: the file, what each column becomes, and what was decided, so that a
// reload in the middle of a long review costs nothing. What cannot be read any more is begun anew by the proposals.
#include <algorithm>
#include <utility>

#include "app/pages/import_screen.h"
#include "app/shell/packed_text.h"

namespace kehubu {
namespace {

// What was chosen as the header; kept as a number.
enum class HeaderKept : std::uint8_t { none, line, as_it_stands };

}  // namespace

std::string ImportScreen::key_of(const Field* field) const {
  const auto target = std::ranges::find(targets_, field, &MappableField::field);
  return target == targets_.end() ? std::string() : key_of(*target);
}

const Field* ImportScreen::field_of(std::string_view key) const {
  const auto target = std::ranges::find_if(targets_, [&](const MappableField& entry) { return key_of(entry) == key; });
  return target == targets_.end() ? nullptr : target->field;
}

std::string ImportScreen::pack() const {
  if (!table_ || done_ || !keeps_file()) {
    return {};
  }
  Packer packer;
  packer.put(file_name_).put({reinterpret_cast<const char*>(bytes_.data()), bytes_.size()}).put(encoding_);
  packer.put(choices_.header_line ? HeaderKept::line : choices_.as_it_stands ? HeaderKept::as_it_stands : HeaderKept::none).put(choices_.header_line.value_or(0)).put(choices_.taken_in.size());
  for (const std::uint32_t line : choices_.taken_in) {
    packer.put(line);
  }
  packer.put(options_.existing).put(options_.owner.empty() ? std::string() : options_.owner.text()).put(options_.follow_up).put(options_.working_days);
  packer.put(mapping_.size());
  for (const ColumnMapping& column : mapping_) {
    packer.put(column.use).put(key_of(column.field)).put(column.confidence);
  }
  packer.put(options_.decisions.size());
  for (const UnknownChoice& decision : options_.decisions) {
    packer.put(key_of(decision.field)).put(decision.text).put(decision.map_to).put(decision.add);
  }
  packer.put(options_.filled_down.size());
  for (const std::uint32_t column : options_.filled_down) {
    packer.put(column);
  }
  for (const ColumnMapping& column : mapping_) {
    packer.put(column.person);
  }
  return packer.take();
}

void ImportScreen::unpack(const std::string& draft) {
  Unpacker unpacker(draft);
  PickedFile file{.name = std::string(unpacker.text()), .bytes = {}};
  const std::string_view bytes = unpacker.text();
  file.bytes.assign(bytes.begin(), bytes.end());
  if (!read(std::move(file))) {
    return;
  }
  encoding_ = unpacker.number<TextEncoding>();
  decode();
  const auto kept = unpacker.number<HeaderKept>();
  const auto header_line = unpacker.number<std::uint32_t>();
  choices_.header_line = kept == HeaderKept::line ? std::optional(header_line) : std::nullopt;
  choices_.as_it_stands = kept == HeaderKept::as_it_stands;
  for (auto lines = unpacker.number(); lines > 0 && unpacker.good(); --lines) {
    choices_.taken_in.push_back(unpacker.number<std::uint32_t>());
  }
  find(true);
  options_.existing = unpacker.number<ExistingPolicy>();
  options_.owner = Id::parse(unpacker.text()).value_or(Id{});
  options_.follow_up = unpacker.number<FollowUpPlan>();
  options_.working_days = unpacker.number<int>();
  std::vector<ColumnMapping> mapping;
  for (auto columns = unpacker.number(); columns > 0 && unpacker.good(); --columns) {
    ColumnMapping& column = mapping.emplace_back(mapping.size() < mapping_.size() ? mapping_[mapping.size()] : ColumnMapping{});
    column.use = unpacker.number<ColumnUse>();
    column.field = field_of(unpacker.text());
    column.confidence = unpacker.number<int>();
  }
  if (mapping.size() == mapping_.size()) {
    mapping_ = std::move(mapping);
  }
  options_.decisions.clear();
  for (auto decisions = unpacker.number(); decisions > 0 && unpacker.good(); --decisions) {
    UnknownChoice& decision = options_.decisions.emplace_back();
    decision.field = field_of(unpacker.text());
    decision.text = unpacker.text();
    decision.map_to = unpacker.text();
    decision.add = unpacker.number() != 0;
  }
  // A draft of an earlier version ends here.
  for (auto columns = unpacker.number(); columns > 0 && unpacker.good(); --columns) {
    options_.filled_down.push_back(unpacker.number<std::uint32_t>());
  }
  // Or here: whose a column is was not chosen then.
  for (ColumnMapping& column : mapping_) {
    column.person = unpacker.at_end() ? column.person : unpacker.number<int>();
  }
  std::erase_if(options_.decisions, [](const UnknownChoice& decision) { return decision.field == nullptr; });
  if (table_) {
    check();
  }
}

}  // namespace kehubu
