// Files: reading and writing bundles, gzipped or not, within the limits of hostile input.
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/sync/sync.h"

namespace kehubu::tool {

enum class FileKind : std::uint8_t { missing, unreadable, folder, database, text, gzip };
// Of missing and unreadable errno says why.
[[nodiscard]] FileKind kind_of(const std::string& path);
[[nodiscard]] bool same_file(const std::string& one, const std::string& other);
// Whether a database can be written there: the file, and beside it the journal.
[[nodiscard]] bool may_write(const std::string& path);

// What the operating system's error number means for people, and what to do.
[[nodiscard]] Sentence system_words(int error);
// "path：sentence"
[[nodiscard]] Sentence about(const std::string& path, const Sentence& sentence);

// The bundle's text; "-" reads standard input. Unpacks gzip whatever the name says. Every error names the file.
[[nodiscard]] Result<std::string> read_bundle(const std::string& path, const Limits& limits = {});
// Packs when the name ends in .gz; "-" writes standard output. The file appears whole or not at all.
[[nodiscard]] Status write_bundle(const std::string& path, std::string_view text);

[[nodiscard]] Result<std::string> unpack_gzip(std::string_view packed, const Limits& limits);
[[nodiscard]] Result<std::string> pack_gzip(std::string_view text);

}  // namespace kehubu::tool
