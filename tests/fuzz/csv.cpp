// Any bytes as a spreadsheet: decoded, parsed, the table found, mapped to every entity, every cell read. Nothing may crash,
// take time out of proportion, or produce text that is not UTF-8.
#include <cstdlib>
#include <map>

#include "core/base/text.h"
#include "core/importing/cells.h"
#include "core/importing/choices.h"
#include "core/importing/importing.h"

using namespace kehubu;

namespace {

// GB18030 is the platform's to decode; here any bytes above ASCII become hanzi, so that the fuzzer reaches them easily.
class LooseDecoder final : public TextDecoder {
 public:
  Result<std::string> decode(std::span<const std::uint8_t> bytes, TextEncoding) override {
    std::string text;
    for (const std::uint8_t byte : bytes) {
      append_utf8(text, byte < 0x80 ? byte : 0x4E00U + byte * 7U);
    }
    return text;
  }
};

void require(bool condition) {
  if (!condition) {
    std::abort();
  }
}

void read_cells(const ImportTable& table, const Entity& entity) {
  const auto mapping = propose_mapping(table, entity);
  require(mapping.size() == table.header.size());
  for (const CsvRow& row : table.rows) {
    require(row.cells.size() <= table.header.size());
    for (std::size_t column = 0; column < row.cells.size(); ++column) {
      const std::string cell = clean_cell(row.cells[column]);
      const Field* field = mapping[column].field;
      if (cell.empty() || field == nullptr) {
        continue;
      }
      if (field->list != nullptr) {
        static std::map<const ChoiceList*, ChoiceMatcher> matchers;
        static_cast<void>(matchers.try_emplace(field->list, *field->list).first->second.find_alike(cell));
      }
      const CellValue read = read_cell(cell, *field, {.extra_decimals = 4, .fractions = true}, 2026);
      require(is_valid_utf8(text_or_empty(read.value)));
      require(!read.hint || (is_valid_utf8(read.hint->zh) && is_valid_utf8(read.hint->en)));
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span<const std::uint8_t> bytes(data, size);
  LooseDecoder decoder;
  const auto text = decode_text(bytes, detect_encoding(bytes), decoder);
  require(text.has_value() && is_valid_utf8(*text));
  auto rows = parse_csv(*text, {.bytes = 1U << 20, .rows = 200, .columns = 10, .cell_bytes = 1U << 12});
  if (!rows) {
    require(!rows.error().message.zh.empty());
    return 0;
  }
  const auto table = find_table(std::move(*rows));
  if (table) {
    read_cells(*table, *find_entity("customer"));
    read_cells(*table, *find_entity("interaction"));
  }
  return 0;
}
