// How one change lies in a segment of the log. Internal to core/store.
//
// entry:  length (unsigned, of what follows), clock − clock of the entry before it in the segment (signed; of the first
//         one the clock itself), sequence − action (unsigned), kind (byte), person number (unsigned, 0 for none),
//         entity symbol (unsigned), row (16 bytes), number of fields (unsigned), fields
// field:  symbol (unsigned), value (packing.h), number of replaced versions (unsigned), of each: device number, sequence
#pragma once

#include <string>

#include "core/store/log.h"
#include "core/store/packing.h"

namespace kehubu {

struct EntryHeader {
  std::int64_t clock = 0;
  std::int64_t action = 0;
  std::uint8_t kind = 0;
  std::int32_t person = 0;
  SymbolNumber entity = 0;
  Id row;
  std::uint64_t field_count = 0;
};

// The fields of a change in the order in which it names them.
void pack_fields(std::string& bytes, const Change& change, Log& log);

// Reads what precedes the fields; `clock` is that of the entry before.
inline EntryHeader read_entry_header(Unpacker& unpacker, std::int64_t clock, std::int64_t sequence) {
  EntryHeader header;
  header.clock = clock + unpacker.read_signed();
  header.action = sequence - static_cast<std::int64_t>(unpacker.read_unsigned());
  header.kind = unpacker.read_byte();
  header.person = static_cast<std::int32_t>(unpacker.read_unsigned());
  header.entity = static_cast<SymbolNumber>(unpacker.read_unsigned());
  header.row = unpacker.read_id();
  header.field_count = unpacker.read_unsigned();
  return header;
}

// One entry as it lies in a loaded segment; valid until the log reads again.
struct RawEntry {
  EntryHeader header;
  std::string_view fields;
};

}  // namespace kehubu
