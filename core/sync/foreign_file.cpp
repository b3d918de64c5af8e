#include "core/sync/foreign_file.h"

#include <algorithm>

#include "core/base/text.h"

namespace kehubu {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t beginning = 4096;
constexpr std::size_t archive_beginning = 65'536;  // names of what is in it are spread
constexpr std::string_view bundle_opening = "{\"format\":\"kehubu-bundle\"";

struct Kind {
  Sentence is, help;
};

const Sentence pick_another{"请选择对方在“同步”里生成的文件（名称以 kehubu- 开头）。", "Choose the file that the sender made under Sync (its name begins with kehubu-)."};
const Sentence import_table{"要导入表格里的名单，请到客户簿的网页里用“导入名单”。", "To import a list from a table, use \"Import a list\" on Kehubu's page."};
const Sentence save_as_csv{"要导入表格里的名单，请先把它另存为 CSV，再到客户簿的网页里用“导入名单”。", "To import a list from it, save it as CSV first, then use \"Import a list\" on Kehubu's page."};
const Sentence unpack_first{"如果数据包在里面，请先解压再选择。", "If the bundle is inside, unpack it first and choose that."};

struct Beginning {
  std::string_view bytes;
  std::size_t at;
  Kind kind;
};

const Kind picture{{"是图片", "it is a picture"}, pick_another};
const Kind video{{"是视频或照片", "it is a video or a photo"}, pick_another};
const Kind archive{{"是压缩包", "it is an archive"}, unpack_first};

const Beginning beginnings[] = {
    {"\x89PNG"sv, 0, picture},
    {"\xFF\xD8\xFF"sv, 0, picture},
    {"GIF8"sv, 0, picture},
    {"BM"sv, 0, picture},
    {"WEBP"sv, 8, picture},
    {"ftyp"sv, 4, video},
    {"%PDF"sv, 0, {{"是 PDF 文档", "it is a PDF document"}, pick_another}},
    {"SQLite format 3"sv, 0,
     {{"是数据库", "it is a database"}, {"请先从它导出数据包：在电脑上用 kehubu export，在平板上用“同步”。", "Export a bundle from it first: with kehubu export on a computer, under Sync on a tablet."}}},
    {"\xD0\xCF\x11\xE0"sv, 0, {{"是旧版 Office 文件（如 Excel 表格）", "it is a file of an old Office, such as an Excel table"}, save_as_csv}},
    {"7z\xBC\xAF"sv, 0, archive},
    {"Rar!"sv, 0, archive},
    {"<"sv, 0, {{"是网页", "it is a web page"}, pick_another}},
};

Sentence told(const Kind& kind) {
  return {"这不是客户簿的数据包，" + kind.is.zh + "，没有导入任何内容。" + kind.help.zh, "This is not a bundle of Kehubu: " + kind.is.en + ". Nothing was imported. " + kind.help.en};
}

Kind kind_of_zip(std::string_view bytes) {
  const std::string_view names = bytes.substr(0, archive_beginning);
  if (names.find("xl/") != std::string_view::npos) {
    return {{"是 Excel 表格", "it is an Excel table"}, save_as_csv};
  }
  return names.find("word/") != std::string_view::npos ? Kind{{"是 Word 文档", "it is a Word document"}, pick_another} : archive;
}

// Neither readable nor known: one that tells nothing.
bool is_text(std::string_view bytes) {
  return std::ranges::none_of(bytes, [](char character) {
    const auto byte = static_cast<unsigned char>(character);
    return byte < 0x20 && byte != '\n' && byte != '\r' && byte != '\t' && byte != '\f';
  });
}

Kind kind_of_text(std::string_view text) {
  const std::string_view line = text.substr(0, text.find_first_of("\r\n"));
  if (text.front() == '{' || text.front() == '[') {
    return {{"是别的程序的数据（JSON）", "it is another program's data (JSON)"}, pick_another};
  }
  if (line.find_first_of(",;\t|") != std::string_view::npos || line.find("，") != std::string_view::npos) {
    return {{"是表格（CSV）", "it is a table (CSV)"}, import_table};
  }
  return {{"是文字文件", "it is a text"}, pick_another};
}

}  // namespace

std::optional<Sentence> foreign_file(std::string_view bytes) {
  if (bytes.starts_with("\x1f\x8b")) {
    return Sentence{"压缩文件已损坏，可能没有传完，没有导入任何内容。请让对方重新发送。", "The packed file is damaged, or did not arrive whole; nothing was imported. Ask the sender to send it again."};
  }
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) {
    return told({{"是另一种编码的文字或表格", "it is a text or a table in another encoding"}, import_table});
  }
  const std::size_t first = bytes.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) {
    return Sentence{"文件是空的，没有导入任何内容。请让对方重新导出，再发一次。", "The file is empty; nothing was imported. Ask the sender to export and send it again."};
  }
  const std::string_view text = bytes.substr(first, beginning);
  if (text.find("kehubu-bundle") != std::string_view::npos || bundle_opening.starts_with(text)) {
    return std::nullopt;
  }
  if (bytes.starts_with("PK\x03\x04") || bytes.starts_with("PK\x05\x06")) {
    return told(kind_of_zip(bytes));
  }
  for (const Beginning& known : beginnings) {
    if (bytes.substr(std::min(known.at, bytes.size())).starts_with(known.bytes) && (known.bytes.size() > 2 || known.bytes == "<" || !is_text(text))) {
      return told(known.kind);
    }
  }
  return told(is_text(text) ? kind_of_text(text) : Kind{{"是这里不认识的文件，或已损坏", "it is a file that is not known here, or damaged"}, pick_another});
}

}  // namespace kehubu
