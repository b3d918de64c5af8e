// The canonical form of changes, the chain over it, and the content hash.
#include <algorithm>
#include <charconv>

#include "core/base/sha256.h"
#include "core/store/log.h"

namespace kehubu {
namespace {

void append_integer(std::string& text, std::int64_t value) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  text.append(digits, end);
}

void append_id(std::string& text, const Id& id) {
  text += '"';
  if (!id.empty()) {
    id.append_text(text);
  }
  text += '"';
}

// The shortest escape that JSON has for each character that needs one; everything else as it is.
void append_text(std::string& text, std::string_view value) {
  constexpr std::string_view hexadecimal = "0123456789abcdef";
  text += '"';
  std::size_t copied = 0;
  for (std::size_t position = 0; position < value.size(); ++position) {
    const auto character = static_cast<unsigned char>(value[position]);
    if (character >= 0x20 && character != '"' && character != '\\') {
      continue;
    }
    text.append(value.substr(copied, position - copied));
    copied = position + 1;
    text += '\\';
    switch (character) {
      case '"': case '\\': text += static_cast<char>(character); break;
      case '\b': text += 'b'; break;
      case '\f': text += 'f'; break;
      case '\n': text += 'n'; break;
      case '\r': text += 'r'; break;
      case '\t': text += 't'; break;
      default:
        text += "u00";
        text += hexadecimal[character >> 4];
        text += hexadecimal[character & 15];
    }
  }
  text.append(value.substr(copied));
  text += '"';
}

void append_value(std::string& text, const Value& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    append_integer(text, *integer);
  } else if (const auto* words = std::get_if<std::string>(&value)) {
    append_text(text, *words);
  } else if (const auto* id = std::get_if<Id>(&value)) {
    text += '[';
    append_id(text, *id);
    text += ']';
  } else {
    text += "null";
  }
}

void append_replaced(std::string& text, DeviceNumber own, Version version, const Log& log) {
  if (version.device == own) {
    append_integer(text, version.sequence);
    return;
  }
  text += '[';
  append_id(text, log.device_id(version.device));
  text += ',';
  append_integer(text, version.sequence);
  text += ']';
}

void append_all_replaced(std::string& text, DeviceNumber own, const std::vector<Version>& replaced, const Log& log) {
  if (replaced.size() == 1) {
    append_replaced(text, own, replaced.front(), log);
    return;
  }
  std::vector<Version> sorted = replaced;
  std::ranges::sort(sorted, [&log](Version a, Version b) {
    return a.device == b.device ? a.sequence < b.sequence : log.device_id(a.device) < log.device_id(b.device);
  });
  for (std::size_t index = 0; index < sorted.size(); ++index) {
    if (index > 0) {
      text += ',';
    }
    append_replaced(text, own, sorted[index], log);
  }
}

}  // namespace

void Log::append_canonical(std::string& text, const Change& change) const {
  text += '[';
  append_integer(text, change.clock);
  text += ',';
  append_integer(text, change.action);
  text += ',';
  append_integer(text, static_cast<std::int64_t>(change.kind));
  text += ',';
  append_id(text, change.person);
  text += ',';
  append_text(text, change.entity);
  text += ',';
  append_id(text, change.row);
  text += ",{";
  bool first = true;
  for (const FieldChange& field : change.fields) {
    if (!first) {
      text += ',';
    }
    first = false;
    append_text(text, field.field);
    text += ":[";
    append_value(text, field.value);
    text += ",[";
    append_all_replaced(text, change.version.device, field.replaced, *this);
    text += "]]";
  }
  text += "}]";
}

Digest Log::first_chain(const Id& device) {
  Digest chain{};
  std::ranges::copy(device.bytes, chain.begin());
  return chain;
}

Digest Log::next_chain(const Digest& chain, std::string_view canonical) {
  Sha256 hash;
  hash.add(chain);
  hash.add(canonical);
  return hash.finish();
}

Result<Digest> Log::chain_at(DeviceNumber number, std::int64_t sequence) {
  if (sequence == last_sequence(number)) {
    return chain(number);
  }
  Digest chain = first_chain(device_id(number));
  std::string canonical;
  KEHUBU_TRY(for_each(number, 1, sequence, [&](const Change& change) -> Status {
    canonical.clear();
    append_canonical(canonical, change);
    chain = next_chain(chain, canonical);
    return {};
  }));
  return chain;
}

std::string Log::content_hash() const {
  std::vector<DeviceNumber> numbers;
  for (DeviceNumber number = 1; number <= device_count(); ++number) {
    if (last_sequence(number) > 0) {
      numbers.push_back(number);
    }
  }
  std::ranges::sort(numbers, {}, [this](DeviceNumber number) { return device_id(number); });
  Sha256 hash;
  for (const DeviceNumber number : numbers) {
    std::array<std::uint8_t, 8> sequence{};
    for (std::size_t byte = 0; byte < sequence.size(); ++byte) {
      sequence[byte] = static_cast<std::uint8_t>(last_sequence(number) >> (8 * (sequence.size() - 1 - byte)));
    }
    hash.add(device_id(number).bytes);
    hash.add(sequence);
    hash.add(chain(number));
  }
  return hex(hash.finish());
}

}  // namespace kehubu
