#include <algorithm>
#include <cassert>

#include "core/sync/bundle.h"
#include "core/sync/bundle_text.h"

namespace kehubu {
namespace {

template <typename T, typename Write>
void write_array(std::string& output, const std::vector<T>& values, Write write) {
  output += '[';
  for (std::size_t index = 0; index < values.size(); ++index) {
    output += index == 0 ? "" : ",";
    write(values[index], index);
  }
  output += ']';
}

void write_key(std::string& output, std::string_view key) {
  output += ",\n\"";
  output += key;
  output += "\":";
}

void write_id(std::string& output, const Id& id) {
  output += '"';
  id.append_text(output);
  output += '"';
}

void write_device_and_person(std::string& output, const BundleHeader& header) {
  write_key(output, "device");
  output += "{\"id\":";
  write_id(output, header.device);
  output += ",\"name\":";
  write_json_string(output, header.device_name);
  output += ",\"letter\":";
  write_json_string(output, header.device_letter);
  output += '}';
  if (!header.former.empty()) {
    write_key(output, "former");
    write_id(output, header.former);
  }
  if (!header.former_branch.empty()) {
    write_key(output, "former_branch");
    write_id(output, header.former_branch);
  }
  write_key(output, "person");
  if (header.person.empty()) {
    output += "null";
    return;
  }
  output += "{\"id\":";
  write_id(output, header.person);
  output += ",\"name\":";
  write_json_string(output, header.person_name);
  output += ",\"role\":";
  write_json_string(output, header.person_role);
  output += '}';
}

void write_receiver(std::string& output, const BundleHeader& header) {
  if (header.receiver.empty()) {
    return;
  }
  write_key(output, "for");
  output += "{\"id\":";
  write_id(output, header.receiver);
  output += ",\"name\":";
  write_json_string(output, header.receiver_name);
  output += '}';
}

// A chain value that follows from the device's id, or from the other array, is written as null.
void write_chain(std::string& output, const std::vector<Digest>& chain, const std::vector<std::int64_t>& at,
                 const std::vector<std::int64_t>* same_as) {
  write_array(output, chain, [&](const Digest& value, std::size_t index) {
    if (at[index] == 0 || (same_as != nullptr && at[index] == (*same_as)[index])) {
      output += "null";
      return;
    }
    output += '"';
    output += digest_text(value);
    output += '"';
  });
}

void write_header(std::string& output, const BundleHeader& header) {
  const auto number = [&](std::int64_t value, std::size_t = 0) { write_integer(output, value); };
  const auto id = [&](const Id& value, std::size_t) { write_id(output, value); };
  output += "{\"format\":\"kehubu-bundle\",\"version\":";
  number(header.version);
  write_key(output, "catalog");
  number(header.catalog);
  write_key(output, "created");
  number(header.created);
  write_device_and_person(output, header);
  write_receiver(output, header);
  write_key(output, "scope");
  write_json_string(output, header.scope);
  write_key(output, "devices");
  write_array(output, header.devices, id);
  write_key(output, "since");
  write_array(output, header.since, number);
  write_key(output, "have");
  write_array(output, header.have, number);
  write_key(output, "chain_since");
  write_chain(output, header.chain_since, header.since, &header.have);
  write_key(output, "chain_have");
  write_chain(output, header.chain_have, header.have, nullptr);
  if (!header.roots.empty()) {
    write_key(output, "origins");
    write_array(output, header.devices, [&](const Id& device, std::size_t index) {
      if (header.root(index) == device) {
        output += "null";
        return;
      }
      output += '[';
      write_id(output, header.root(index));
      output += ',';
      write_integer(output, header.base(index));
      output += ']';
    });
  }
  write_key(output, "people");
  write_array(output, header.people, id);
  write_key(output, "clock");
  output += '[';
  number(header.clock_first);
  output += ',';
  number(header.clock_last);
  output += ']';
  write_key(output, "count");
  number(header.count);
  write_key(output, "certificate");
  output += "null";
  write_key(output, "changes");
  output += '[';
}

}  // namespace

BundleWriter::BundleWriter(const BundleHeader& header, std::string& output) : header_(header), output_(output) {
  assert(output.empty() && header.since.size() == header.devices.size() && header.have.size() == header.devices.size());
  write_header(output_, header_);
}

void BundleWriter::hash_what_is_new() {
  digest_.add(std::string_view{output_}.substr(hashed_));
  hashed_ = output_.size();
}

void BundleWriter::append(const Change& change) {
  const bool first_of_device = change.version.device != device_;
  output_ += written_ == 0 ? "\n[" : ",\n[";
  write_integer(output_, change.clock - (first_of_device ? header_.clock_first : clock_));
  output_ += ',';
  write_integer(output_, change.version.sequence - change.action);
  output_ += ',';
  write_integer(output_, static_cast<std::int64_t>(change.kind));
  output_ += ',';
  if (change.person.empty()) {
    output_ += "null";
  } else {
    const auto place = std::lower_bound(header_.people.begin(), header_.people.end(), change.person);
    assert(place != header_.people.end() && *place == change.person);
    write_integer(output_, place - header_.people.begin());
  }
  output_ += ",\"";
  output_ += change.entity;
  output_ += "\",";
  write_id(output_, change.row);
  output_ += ',';
  write_fields(change);
  output_ += ']';
  device_ = change.version.device;
  clock_ = change.clock;
  ++written_;
  constexpr std::size_t worth_hashing = 1 << 14;
  if (output_.size() - hashed_ > worth_hashing) {
    hash_what_is_new();
  }
}

void BundleWriter::write_fields(const Change& change) {
  char separator = '{';
  for (const FieldChange& field : change.fields) {
    output_ += separator;
    separator = ',';
    output_ += '"';
    output_ += field.field;
    output_ += "\":";
    if (field.replaced.empty()) {
      write_value(output_, field.value);
      continue;
    }
    output_ += '[';
    write_value(output_, field.value);
    for (const Version& version : field.replaced) {
      output_ += ',';
      write_integer(output_, version.device);
      output_ += ',';
      write_integer(output_, version.sequence);
    }
    output_ += ']';
  }
  output_ += '}';
}

std::string BundleWriter::finish() {
  assert(written_ == header_.count);
  output_ += written_ == 0 ? "],\n" : "\n],\n";
  hash_what_is_new();
  const std::string digest = hex(digest_.finish());
  output_ += "\"digest\":\"" + digest + "\",\n\"signature\":null}\n";
  return digest;
}

}  // namespace kehubu
