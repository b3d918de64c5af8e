#include "core/sync/sync.h"

#include <algorithm>

#include "core/sync/concerns.h"
#include "core/sync/conflicts.h"
#include "core/sync/exporter.h"
#include "core/sync/letters.h"
#include "core/sync/merge_session.h"
#include "core/sync/new_device.h"
#include "core/sync/previewer.h"
#include "core/sync/tables.h"
#include "core/base/task_result.h"

namespace kehubu {
namespace {

class SyncRoom final : public Sync {
 public:
  SyncRoom(StoreInternals& store, const Limits& limits)
      : store_(store), limits_(limits), tables_(store.connection()), waiting_(store.connection()), conflicts_(store), concerns_(store), created_(create()) {}

  Result<std::vector<Peer>> peers() override {
    KEHUBU_TRY(created_);
    KEHUBU_TRY_ASSIGN(peers, tables_.peers());
    const Log& log = store_.log();
    for (Peer& peer : peers) {
      peer.former = SyncTables::former_of(store_, peer.device);
    }
    const std::vector<Peer> all = peers;
    std::erase_if(peers, [&](const Peer& peer) { return is_left(peer.device, all); });
    for (Peer& peer : peers) {
      for (DeviceNumber number = 1; number <= log.device_count(); ++number) {
        const DeviceState& device = log.device(number);
        const auto known = peer.have.find(device.id);
        peer.lacks += device.last_sequence - std::clamp(known == peer.have.end() ? device.base : known->second, device.base, device.last_sequence);
      }
    }
    return peers;
  }

  Knowledge knowledge() override {
    Knowledge knowledge;
    const Log& log = store_.log();
    for (DeviceNumber number = 1; number <= log.device_count(); ++number) {
      if (log.device(number).has_changes()) {
        knowledge.emplace(log.device_id(number), log.last_sequence(number));
      }
    }
    return knowledge;
  }

  Result<std::vector<UsedLetter>> letters_in_use(const Id& person) override {
    KEHUBU_TRY(created_);
    return kehubu::letters_in_use(store_, tables_, person);
  }

  Task<Result<ExportedBundle>> export_bundle(ExportRequest request, Progress& progress) override {
    KEHUBU_CO_TRY(created_);
    std::optional<Peer> receiver;
    if (request.receiver) {
      KEHUBU_CO_TRY_ASSIGN(peer, tables_.peer(*request.receiver));
      if (!peer) {
        co_return fail(ErrorKind::not_found, "还没有收到过这台设备的数据包，请导出全部内容给它。",
                       "No bundle of that device has been received yet; export everything for it.");
      }
      receiver = std::move(*peer);
    }
    Exporter exporter{store_, tables_};
    KEHUBU_CO_TRY_ASSIGN(bundle, co_await exporter.run(receiver ? &*receiver : nullptr, progress));
    bundle.name = bundle_name(store_, receiver ? receiver_in_name(store_, *receiver) : std::string(), store_.environment().now_ms());
    const std::string stem = bundle.name.substr(0, bundle.name.rfind('.'));
    for (int again = 2;; ++again) {  // a second one within a minute must not take the first one's place
      KEHUBU_CO_TRY_ASSIGN(taken, tables_.has_written(bundle.name));
      if (!taken) {
        break;
      }
      bundle.name = stem + "-" + std::to_string(again) + ".json";
    }
    if (request.packed_from > 0 && bundle.json.size() >= request.packed_from) {
      bundle.name += ".gz";
    }
    KEHUBU_CO_TRY(register_export(bundle, request, receiver ? receiver->name : std::string()));
    co_return std::move(bundle);
  }

  Step<Result<Preview>> preview(std::string_view json, Progress& progress) override {
    KEHUBU_CO_TRY(created_);
    Previewer previewer{store_, tables_, waiting_, limits_};
    co_return co_await previewer.run(json, progress);
  }

  Task<Result<MergeReport>> merge(std::vector<std::pair<std::string, std::string>> files, Progress& progress) override {
    KEHUBU_CO_TRY(created_);
    MergeSession session{store_, tables_, waiting_, limits_};
    co_return co_await session.run(std::move(files), progress);
  }

  Result<std::vector<Conflict>> conflicts() override { return conflicts_.all(); }
  Result<std::int64_t> conflict_count() override { return conflicts_.count(); }
  Result<std::vector<Conflict>> conflicts_about(const Entity& entity, const Id& row) override { return conflicts_.about(entity, row); }
  Result<Written> resolve(const Conflict& conflict, std::size_t side) override { return conflicts_.resolve(conflict, side); }
  Result<std::vector<Sentence>> would_open(const Conflict& conflict, std::size_t side) override { return conflicts_.would_open(conflict, side); }
  Result<Written> resolve_with(const Conflict& conflict, const Value& value) override { return conflicts_.resolve_with(conflict, value); }
  Result<std::vector<Superseded>> superseded(const Entity& entity, const Id& row) override { return conflicts_.superseded(entity, row); }

  Status start_as_new_device() override {
    KEHUBU_TRY(created_);
    return kehubu::start_as_new_device(store_, tables_);
  }

  std::optional<MissingOwn> missing_own() override {
    const auto missing = store_.missing_own_numbers();
    return missing ? std::optional(MissingOwn{missing->first, missing->second, missing_own_sentence(missing->first, missing->second)}) : std::nullopt;
  }

  Result<std::vector<BundleRecord>> bundle_history() override {
    KEHUBU_TRY(created_);
    return tables_.records();
  }

  Result<std::vector<Concern>> concerns() override {
    KEHUBU_TRY(created_);
    return concerns_.all();
  }

  Status put_away_concerns() override {
    KEHUBU_TRY(created_);
    KEHUBU_TRY(store_.begin());
    if (Status status = concerns_.put_away(); !status) {
      store_.rollback();
      return status;
    }
    return store_.commit();
  }

 private:
  // As many have gone on from it under new names as there are histories of it: nobody writes under that name any more.
  bool is_left(const Id& device, const std::vector<Peer>& peers) {
    const std::vector<DeviceNumber> branches = store_.log().branches_of(device);
    const std::int64_t histories = std::ranges::count_if(branches, [this](DeviceNumber number) { return store_.log().device(number).has_changes() && !store_.log().is_cut(number); });
    const bool is_own = store_.setting(former_device_setting) == device.text();
    const std::int64_t gone_on = std::ranges::count(peers, device, &Peer::former) + (is_own ? 1 : 0);
    return gone_on > 0 && gone_on >= histories;
  }

  Status create() {
    KEHUBU_TRY(tables_.create());
    KEHUBU_TRY(waiting_.create());
    return concerns_.create();
  }

  // A database that may only be read has no register to write to; the bundle is the same.
  Status register_export(const ExportedBundle& bundle, const ExportRequest& request, const std::string& receiver_name) {
    if (tables_.read_only()) {
      return {};
    }
    BundleRecord entry;
    entry.at = store_.environment().now_ms();
    entry.outgoing = true;
    entry.name = bundle.name;
    entry.digest = bundle.digest;
    entry.device_name = receiver_name;
    entry.changes = bundle.changes;
    KEHUBU_TRY(store_.begin());
    Status status = tables_.record(entry);
    if (status && request.receiver) {
      status = tables_.remember_sent(*request.receiver, entry.at);
    }
    if (!status) {
      store_.rollback();
      return status;
    }
    return store_.commit();
  }

  StoreInternals& store_;
  Limits limits_;
  SyncTables tables_;
  WaitingFiles waiting_;
  Conflicts conflicts_;
  Concerns concerns_;
  Status created_;
};

}  // namespace

std::unique_ptr<Sync> make_sync(Store& store, Environment& environment, const Limits& limits) {
  static_cast<void>(environment);  // the store has the same one
  return std::make_unique<SyncRoom>(internals(store), limits);
}

}  // namespace kehubu
