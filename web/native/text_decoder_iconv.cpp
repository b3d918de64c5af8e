#include "web/native/text_decoder_iconv.h"

#include <iconv.h>

#include <array>
#include <cerrno>
#include <memory>

namespace kehubu {
namespace {

struct CloseConverter {
  void operator()(void* converter) const { iconv_close(converter); }
};

const char* name_of(TextEncoding encoding) {
  switch (encoding) {
    case TextEncoding::utf16_little_endian:
      return "UTF-16LE";
    case TextEncoding::utf16_big_endian:
      return "UTF-16BE";
    case TextEncoding::gb18030:
      return "GB18030";
    case TextEncoding::big5:
      return "BIG5-HKSCS";
    default:
      return "UTF-8";
  }
}

}  // namespace

Result<std::string> IconvTextDecoder::decode(std::span<const std::uint8_t> bytes, TextEncoding encoding) {
  iconv_t opened = iconv_open("UTF-8", name_of(encoding));
  if (opened == reinterpret_cast<iconv_t>(-1)) {  // what iconv_open() says of an encoding it does not have
    return fail(ErrorKind::unsupported, "本机不能读取 {} 编码", "This machine cannot read the encoding {}", {name_of(encoding)});
  }
  const std::unique_ptr<void, CloseConverter> converter(opened);
  // iconv does not write to its input, though its signature says so.
  char* input = const_cast<char*>(reinterpret_cast<const char*>(bytes.data()));
  std::size_t input_left = bytes.size();
  std::string text;
  std::array<char, 16384> buffer{};
  while (input_left > 0) {
    char* output = buffer.data();
    std::size_t output_left = buffer.size();
    const std::size_t converted = iconv(converter.get(), &input, &input_left, &output, &output_left);
    text.append(buffer.data(), buffer.size() - output_left);
    if (converted == static_cast<std::size_t>(-1) && errno != E2BIG) {
      text += "\xEF\xBF\xBD";
      ++input;
      --input_left;
    }
  }
  return text;
}

}  // namespace kehubu
