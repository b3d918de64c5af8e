#include "core/sync/bundle_chain.h"

#include "core/sync/bundle_text.h"

namespace kehubu {
namespace {

void append_id(std::string& text, const Id& id) {
  text += '"';
  if (!id.empty()) {
    id.append_text(text);
  }
  text += '"';
}

void append_value(std::string& text, const Value& value) {
  if (const auto* id = std::get_if<Id>(&value)) {
    text += '[';
    append_id(text, *id);
    text += ']';
  } else {
    write_value(text, value);
  }
}

void append_replaced(std::string& text, const Change& change, const FieldChange& field, const std::vector<Id>& devices) {
  text += '[';
  for (std::size_t index = 0; index < field.replaced.size(); ++index) {
    const Version version = field.replaced[index];
    text += index == 0 ? "" : ",";
    if (version.device == change.version.device) {
      write_integer(text, version.sequence);
      continue;
    }
    text += '[';
    append_id(text, devices[static_cast<std::size_t>(version.device)]);
    text += ',';
    write_integer(text, version.sequence);
    text += ']';
  }
  text += ']';
}

}  // namespace

void append_canonical(std::string& text, const Change& change, const std::vector<Id>& devices) {
  text += '[';
  write_integer(text, change.clock);
  text += ',';
  write_integer(text, change.action);
  text += ',';
  write_integer(text, static_cast<std::int64_t>(change.kind));
  text += ',';
  append_id(text, change.person);
  text += ',';
  write_json_string(text, change.entity);
  text += ',';
  append_id(text, change.row);
  char separator = '{';
  text += ',';
  for (const FieldChange& field : change.fields) {
    text += separator;
    separator = ',';
    write_json_string(text, field.field);
    text += ":[";
    append_value(text, field.value);
    text += ',';
    append_replaced(text, change, field, devices);
    text += ']';
  }
  text += "}]";
}

bool BundleChain::add(const Change& change) {
  const auto index = static_cast<std::size_t>(change.version.device);
  if (change.version.device != device_) {
    device_ = change.version.device;
    value_ = header_.chain_since[index];
  }
  canonical_.clear();
  append_canonical(canonical_, change, header_.devices);
  value_ = Log::next_chain(value_, canonical_);
  return change.version.sequence != header_.have[index] || value_ == header_.chain_have[index];
}

std::unexpected<Error> chain_refusal(std::string_view device_name) {
  return fail(ErrorKind::corrupt,
              "设备“{}”的修改与它的校验链不符，文件不可信。没有导入任何内容。请让对方重新导出，再发一次。",
              "The changes of the device \"{}\" do not match its chain; the file cannot be trusted. Nothing was imported. "
              "Ask the sender to export and send it again.",
              {device_name});
}

}  // namespace kehubu
