#include "tests/support/test_device.h"

#include <cstdio>
#include <cstdlib>

namespace kehubu::test {
namespace {

[[noreturn]] void give_up(const Error& error) {
  std::fprintf(stderr, "test device: %s (%s)\n", error.message.en.c_str(), error.message.zh.c_str());
  std::abort();
}

template <typename T>
T need(Result<T> result) {
  if (!result) {
    give_up(result.error());
  }
  return std::move(*result);
}

void need(const Status& status) {
  if (!status) {
    give_up(status.error());
  }
}

const Entity& entity_of(std::string_view name) {
  const Entity* entity = find_entity(name);
  if (entity == nullptr) {
    give_up({ErrorKind::not_found, {std::string{name}, std::string{name}}, {}});
  }
  return *entity;
}

Edit make_edit(std::string_view entity, const Id& row, const TestDevice::FieldValues& fields) {
  Edit edit{.entity = &entity_of(entity), .row = row, .fields = {}};
  for (const auto& [name, value] : fields) {
    const Field* field = edit.entity->find(name);
    if (field == nullptr) {
      give_up({ErrorKind::not_found, {std::string{name}, std::string{name}}, {}});
    }
    edit.fields.emplace_back(field, value);
  }
  return edit;
}

}  // namespace

TestDevice::TestDevice(std::uint64_t seed, std::string name, const std::string& path)
    : environment_(seed, 1'795'670'000'000 + static_cast<std::int64_t>(seed)) {
  store_ = need(open_store({.path = path, .vfs = {}, .create = true}, environment_));
  DeviceIdentity identity = store_->identity();
  identity.name = name.empty() ? "设备 " + std::to_string(seed) : std::move(name);
  identity.letter = std::string(1, static_cast<char>('A' + seed % 26));
  need(store_->set_identity(identity));
  sync_ = make_sync(*store_, environment_);
}

void TestDevice::use_as(const Id& person) {
  DeviceIdentity identity = store_->identity();
  identity.person = person;
  need(store_->set_identity(identity));
}

Id TestDevice::create(std::string_view entity, const FieldValues& fields, const WriteOptions& options) {
  environment_.now += 1000;
  const Edit edit = make_edit(entity, new_id(environment_), fields);
  need(store_->write({&edit, 1}, options));
  return edit.row;
}

void TestDevice::edit(std::string_view entity, const Id& row, const FieldValues& fields, const WriteOptions& options) {
  environment_.now += 1000;
  const Edit edit = make_edit(entity, row, fields);
  need(store_->write({&edit, 1}, options));
}

void TestDevice::remove(std::string_view entity, const Id& row) {
  environment_.now += 1000;
  Edit edit = make_edit(entity, row, {});
  edit.remove = true;
  need(store_->write({&edit, 1}));
}

void TestDevice::restore(std::string_view entity, const Id& row) {
  environment_.now += 1000;
  Edit edit = make_edit(entity, row, {});
  edit.restore = true;
  need(store_->write({&edit, 1}));
}

Value TestDevice::value(std::string_view entity, const Id& row, std::string_view field) {
  return need(store_->read(entity_of(entity), row)).value(field);
}

std::string TestDevice::export_all() {
  Progress progress;
  return need(run_to_end(sync_->export_bundle({}, progress))).json;
}

std::string TestDevice::export_for(TestDevice& peer) {
  Progress progress;
  return need(run_to_end(sync_->export_bundle({.receiver = peer.id()}, progress))).json;
}

MergeReport TestDevice::import(std::vector<std::string> bundles) {
  std::vector<std::pair<std::string, std::string>> files;
  for (std::string& bundle : bundles) {
    files.emplace_back("file-" + std::to_string(files.size() + 1) + ".json", std::move(bundle));
  }
  Progress progress;
  return need(run_to_end(sync_->merge(std::move(files), progress)));
}

Preview TestDevice::preview(std::string_view bundle) {
  Progress progress;
  return need(run_to_end(sync_->preview(bundle, progress)));
}

std::vector<Conflict> TestDevice::conflicts() { return need(sync_->conflicts()); }
std::string TestDevice::content_hash() { return need(store_->content_hash()); }
std::string TestDevice::table_hash() { return need(store_->table_hash()); }

void exchange(std::initializer_list<TestDevice*> devices) {
  for (int round = 0; round < 2; ++round) {
    std::vector<std::string> bundles;
    for (TestDevice* device : devices) {
      bundles.push_back(device->export_all());
    }
    for (TestDevice* device : devices) {
      device->import(bundles);
    }
  }
}

}  // namespace kehubu::test
