// Log::move_tail(): the one place where the log is written anew, because two machines had written under one name.
#include <algorithm>

#include "core/store/log_parts.h"

namespace kehubu {
namespace {
struct Renaming {
  DeviceNumber from;
  std::int64_t last_kept;
  DeviceNumber to;

  [[nodiscard]] bool concerns(const Version& version) const { return version.device == from && version.sequence > last_kept; }
};

void rename(Change& change, const Renaming& renaming) {
  change.version = {renaming.to, change.version.sequence - renaming.last_kept};
  change.action -= renaming.last_kept;
  for (FieldChange& field : change.fields) {
    if (field.field == document_field) {
      field.value = change.action;  // the value of "#" is the action's number
    }
    for (Version& version : field.replaced) {
      if (renaming.concerns(version)) {
        version = {renaming.to, version.sequence - renaming.last_kept};
      }
    }
    std::ranges::sort(field.replaced);
  }
}

Status refuse_if_built_upon(Log& log, const Renaming& renaming) {
  for (DeviceNumber device = 1; device <= log.device_count(); ++device) {
    if (device == renaming.from) {
      continue;
    }
    KEHUBU_TRY(log.for_each(device, 1, largest_sequence, [&](const Change& change) -> Status {
      for (const FieldChange& field : change.fields) {
        if (std::ranges::any_of(field.replaced, [&](const Version& version) { return renaming.concerns(version); })) {
          return fail(ErrorKind::refused, "设备“{}”已经收到过这些修改并在其上继续修改，不能再改记到新设备名下",
                      "The device “{}” has received these changes and built upon them; they cannot take a new device's name",
                      {log.device(device).name});
        }
      }
      return {};
    }));
  }
  return {};
}

}  // namespace

Status Log::move_tail(DeviceNumber from, std::int64_t last_kept, DeviceNumber to) {
  const Renaming renaming{from, last_kept, to};
  if (last_kept >= last_sequence(from)) {
    return {};
  }
  KEHUBU_TRY(refuse_if_built_upon(*this, renaming));
  // Segments are written whole: the one that is cut is written anew.
  std::int64_t first_rewritten = 1;
  if (last_kept > 0) {
    KEHUBU_TRY(parts_->load_segment({from, last_kept}));
    first_rewritten = parts_->segment_first;
  }
  std::vector<Change> kept, moved;
  KEHUBU_TRY(for_each(from, first_rewritten, largest_sequence, [&](const Change& change) -> Status {
    (change.version.sequence <= last_kept ? kept : moved).push_back(change);
    return {};
  }));
  KEHUBU_TRY_ASSIGN(chain, chain_at(from, first_rewritten - 1));
  Statement& remove = parts_->database.statement("DELETE FROM log WHERE key BETWEEN ? AND ?");
  KEHUBU_TRY(remove.bind(1, log_key(from, first_rewritten)).bind(2, log_key(from, largest_sequence)).run());
  parts_->segment_device = 0;
  DeviceState& state = parts_->devices[static_cast<std::size_t>(from) - 1];
  state.last_sequence = first_rewritten - 1;
  state.chain = chain;
  parts_->device_is_dirty[static_cast<std::size_t>(from) - 1] = true;
  for (Change& change : moved) {
    rename(change, renaming);
  }
  KEHUBU_TRY(append(kept));
  return append(moved);
}

}  // namespace kehubu
