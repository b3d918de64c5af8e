#include "tests/support/simulated_office.h"

#include <algorithm>
#include <cstdio>

namespace kehubu::test {
namespace {

constexpr std::string_view words[] = {"博海", "餐饮", "上海", "长江", "a", "B", "", "1111", "2222", "同一个", "\"", "x\ny"};
constexpr std::string_view numbers[] = {"K-1", "K-2", "HT-1"};  // few, so that they meet
constexpr std::string_view worked_on[] = {"customer", "customer", "contact", "product", "contract", "contract_line", "org_unit"};


}  // namespace
SimulatedOffice::SimulatedOffice(std::uint64_t seed, OfficeStatistics& statistics, bool verbose)
    : dice_(seed), statistics_(statistics), verbose_(verbose), seed_(seed) {}

void SimulatedOffice::say(std::string_view what) {
  if (verbose_) {
    std::printf("  %.*s\n", static_cast<int>(what.size()), what.data());
  }
}

const Entity& SimulatedOffice::random_entity() { return *find_entity(worked_on[below(std::size(worked_on))]); }

const Field& SimulatedOffice::random_field(const Entity& entity) {
  while (true) {
    const Field& field = entity.fields[below(entity.fields.size())];
    // Of many fields only a few are used, so that devices meet.
    if (!field.derived() && (below(3) == 0 || &field - entity.fields.data() < 6)) {
      return field;
    }
  }
}

Id SimulatedOffice::random_row(TestDevice& device, const Entity& entity, bool deleted) {
  const auto rows = device.store().list({.entity = &entity, .deleted = deleted});
  if (!rows || rows->empty()) {
    return {};
  }
  // The order of a list is a matter of titles; ids are drawn from a sorted list so that a seed means the same always.
  std::vector<Id> ids;
  for (const std::int64_t row : *rows) {
    if (const auto record = device.store().read_row(entity, row)) {
      ids.push_back(record->id);
    }
  }
  std::ranges::sort(ids);
  return ids.empty() ? Id{} : ids[below(ids.size())];
}

Value SimulatedOffice::random_value(TestDevice& device, const Field& field) {
  if (below(12) == 0) {
    return {};
  }
  switch (field.type) {
    case FieldType::reference: {
      const Entity* target = find_entity(field.references);
      const Id row = target != nullptr ? random_row(device, *target) : Id{};
      return row.empty() ? Value{} : Value{row};
    }
    case FieldType::boolean: return static_cast<std::int64_t>(below(2));
    case FieldType::choice:
    case FieldType::choices: return std::string{field.list->choices[below(field.list->choices.size())].id};
    case FieldType::date: return "2026-11-" + std::to_string(10 + below(20));
    case FieldType::text:
    case FieldType::long_text: {
      const std::string_view text = field.unique ? numbers[below(std::size(numbers))] : words[below(std::size(words))];
      return text.empty() ? Value{} : Value{std::string{text}};
    }
    default: return static_cast<std::int64_t>(below(5) * 100);
  }
}

void SimulatedOffice::try_write(TestDevice& device, std::vector<Edit> edits, bool validated) {
  device.environment().now = dice_.now;
  const auto written = device.store().write(edits, {.skip_validation = !validated});
  ++statistics_.actions;
  if (!written) {
    ++statistics_.refused;
    say("refused: " + written.error().message.en);
  }
}

void SimulatedOffice::edit_something(TestDevice& device) {
  const Entity& entity = random_entity();
  const Id row = random_row(device, entity);
  if (row.empty()) {
    return create_something(device);
  }
  Edit edit{.entity = &entity, .row = row, .fields = {}};
  for (std::uint64_t count = 1 + below(3); count > 0; --count) {
    const Field& field = random_field(entity);
    if (field.id == entity.part_of) {
      continue;
    }
    edit.fields.emplace_back(&field, random_value(device, field));
    say("edit " + std::string{entity.id} + " " + row.text() + " " + std::string{field.id});
  }
  try_write(device, {std::move(edit)}, below(4) == 0);
}

void SimulatedOffice::create_something(TestDevice& device) {
  const Entity& entity = random_entity();
  Edit edit{.entity = &entity, .row = new_id(device.environment()), .fields = {}};
  for (const Field& field : entity.fields) {
    if (!field.derived() && (field.required == Required::always || below(4) == 0)) {
      edit.fields.emplace_back(&field, random_value(device, field));
    }
  }
  say("create " + std::string{entity.id} + " " + edit.row.text());
  try_write(device, {std::move(edit)}, below(4) == 0);
}

void SimulatedOffice::remove_or_restore(TestDevice& device) {
  const Entity& entity = random_entity();
  const bool restore = below(3) == 0;
  const Id row = random_row(device, entity, restore);
  if (row.empty()) {
    return;
  }
  say(std::string{restore ? "restore " : "remove "} + std::string{entity.id} + " " + row.text());
  try_write(device, {{.entity = &entity, .row = row, .fields = {}, .remove = !restore, .restore = restore}}, below(2) == 0);
}

// A contract with lines, changed as a whole.
void SimulatedOffice::work_on_document(TestDevice& device) {
  const Entity& contract = *find_entity("contract");
  const Entity& line = *find_entity("contract_line");
  const Id row = random_row(device, contract);
  std::vector<Edit> edits;
  const bool fresh = row.empty() || below(4) == 0;
  Edit head{.entity = &contract, .row = fresh ? new_id(device.environment()) : row, .fields = {}};
  const Id document = head.row;
  if (fresh || below(2) == 0) {
    const Field& field = random_field(contract);
    head.fields.emplace_back(&field, random_value(device, field));
    head.fields.emplace_back(contract.find("status"), random_value(device, *contract.find("status")));
    edits.push_back(std::move(head));
  }
  for (std::uint64_t count = below(3); count > 0; --count) {
    const Id existing = below(2) == 0 ? random_row(device, line) : Id{};
    Edit edit{.entity = &line, .row = existing.empty() ? new_id(device.environment()) : existing, .fields = {}};
    if (existing.empty()) {
      edit.fields.emplace_back(line.find("contract"), document);
    }
    edit.fields.emplace_back(line.find("qty"), static_cast<std::int64_t>(1000 * below(5)));
    edit.fields.emplace_back(line.find("unit_price"), static_cast<std::int64_t>(100 * below(5)));
    edits.push_back(std::move(edit));
  }
  if (!edits.empty()) {
    say("document " + document.text());
    try_write(device, std::move(edits), false);
  }
}

void SimulatedOffice::settle_conflict(TestDevice& device) {
  const std::vector<Conflict> conflicts = device.conflicts();
  if (conflicts.empty()) {
    return;
  }
  const Conflict& conflict = conflicts[below(conflicts.size())];
  say("settle " + conflict.key);
  device.environment().now = dice_.now;
  const auto written = device.sync().resolve(conflict, below(conflict.sides.size()));
  statistics_.settled += written ? 1 : 0;
  if (!written && written.error().kind != ErrorKind::refused) {
    problem_ = "a conflict could not be settled: " + conflict.key + ": " + written.error().message.en;
  }
}

void SimulatedOffice::undo_or_redo(TestDevice& device) {
  say("undo or redo");
  device.environment().now = dice_.now;
  if (below(3) == 0) {
    static_cast<void>(device.store().redo());
  } else {
    static_cast<void>(device.store().undo());
  }
}

void SimulatedOffice::set_clock(TestDevice& device) {
  constexpr std::int64_t year_ms = 365LL * 86'400'000;
  constexpr std::int64_t skews[] = {0, 60'000, -600'000, year_ms, -year_ms};
  device.environment().skew = skews[below(std::size(skews))];
}

void SimulatedOffice::send(std::size_t sender) {
  TestDevice& device = *devices_[sender];
  const bool to_all = below(3) == 0;
  const std::size_t receiver = below(devices_.size());
  Progress progress;
  device.environment().now = dice_.now;
  const auto peers = device.sync().peers();
  const bool known = peers && std::ranges::find(*peers, devices_[receiver]->id(), &Peer::device) != peers->end();
  ExportRequest request;
  if (!to_all && known) {
    request.receiver = devices_[receiver]->id();
  }
  auto bundle = run_to_end(device.sync().export_bundle(request, progress));
  if (!bundle) {
    problem_ = "export failed: " + bundle.error().message.en;
    return;
  }
  ++statistics_.sent;
  say("device " + std::to_string(sender) + " sends " + std::to_string(bundle->changes) + " changes");
  const auto text = std::make_shared<const std::string>(std::move(bundle->json));
  for (std::size_t other = 0; other < devices_.size(); ++other) {
    if (other == sender || (!to_all && other != receiver)) {
      continue;
    }
    if (below(6) == 0) {
      ++statistics_.lost;
      continue;
    }
    for (std::uint64_t copies = below(8) == 0 ? 2 : 1; copies > 0; --copies) {
      under_way_.push_back({other, text});
    }
  }
}

void SimulatedOffice::receive(std::size_t receiver) {
  std::vector<std::string> bundles;
  for (std::size_t index = 0; index < under_way_.size();) {
    // Some arrive at the wrong place, where they must do no harm; most of what is not picked comes later.
    const bool here = under_way_[index].receiver == receiver || below(20) == 0;
    if (!here || below(3) == 0) {
      ++index;
      continue;
    }
    bundles.push_back(*under_way_[index].bundle);
    under_way_[index] = under_way_.back();
    under_way_.pop_back();
  }
  for (std::size_t index = bundles.size(); index > 1; --index) {
    std::swap(bundles[index - 1], bundles[below(index)]);
  }
  if (!bundles.empty()) {
    import(receiver, std::move(bundles));
  }
}

void SimulatedOffice::import(std::size_t receiver, std::vector<std::string> bundles) {
  TestDevice& device = *devices_[receiver];
  device.environment().now = dice_.now;
  say("device " + std::to_string(receiver) + " imports " + std::to_string(bundles.size()) + " bundles");
  statistics_.imports += static_cast<std::int64_t>(bundles.size());
  if (below(10) == 0) {
    const Preview preview = device.preview(bundles.front());
    if (preview.state == BundleState::refused) {
      problem_ = "a sound bundle was refused in its preview: " + preview.headline.en;
    }
  }
  const MergeReport report = device.import(std::move(bundles));
  statistics_.waited += report.waiting;
  if (report.refused > 0) {
    problem_ = "a sound bundle was refused: " + report.remarks.front().en;
  }
}

void SimulatedOffice::step() {
  dice_.now += static_cast<std::int64_t>(below(3'600'000));
  const std::size_t index = below(devices_.size());
  TestDevice& device = *devices_[index];
  switch (below(24)) {
    case 0: case 1: case 2: case 3: case 4: case 5: return edit_something(device);
    case 6: case 7: return create_something(device);
    case 8: case 9: return remove_or_restore(device);
    case 10: case 11: case 12: return work_on_document(device);
    case 13: case 14: return settle_conflict(device);
    case 15: return undo_or_redo(device);
    case 16: return set_clock(device);
    case 17: case 18: case 19: return send(index);
    default: return receive(index);
  }
}

// Head office has a few records, and most devices begin with them.
void SimulatedOffice::open_office() {
  const std::size_t count = 2 + below(7);
  for (std::size_t index = 0; index < count; ++index) {
    devices_.push_back(std::make_unique<TestDevice>(seed_ * 16 + index));
  }
  statistics_.devices += static_cast<std::int64_t>(count);
  TestDevice& head_office = *devices_[below(count)];
  for (std::uint64_t records = 2 + below(4); records > 0; --records) {
    create_something(head_office);
    work_on_document(head_office);
  }
  const std::string bundle = head_office.export_all();
  for (std::size_t index = 0; index < count; ++index) {
    if (below(8) != 0) {
      import(index, {bundle});
    }
  }
}

void SimulatedOffice::exchange_until_quiet() {
  under_way_.clear();
  for (int round = 0; round < 2 && problem_.empty(); ++round) {
    std::vector<std::string> bundles;
    for (const auto& device : devices_) {
      device->environment().now = dice_.now;
      bundles.push_back(device->export_all());
    }
    for (std::size_t index = 0; index < devices_.size(); ++index) {
      std::vector<std::string> shuffled = bundles;
      for (std::size_t place = shuffled.size(); place > 1; --place) {
        std::swap(shuffled[place - 1], shuffled[below(place)]);
      }
      import(index, std::move(shuffled));
    }
  }
}

std::string SimulatedOffice::conflicts_text(TestDevice& device) {
  std::string text;
  for (const Conflict& conflict : device.conflicts()) {
    text += conflict.key + " " + std::to_string(conflict.sides.size()) + " " + std::to_string(conflict.base.size());
    for (const ConflictSide& side : conflict.sides) {
      text += " " + side.authors.front().device.text() + (side.stands_now ? "+" : "-") + std::to_string(side.cells.size());
    }
    text += "\n";
  }
  return text;
}

std::string SimulatedOffice::compare(std::string_view when) {
  const std::string content = devices_.front()->content_hash();
  const std::string table = devices_.front()->table_hash();
  const std::string conflicts = conflicts_text(*devices_.front());
  for (std::size_t index = 1; index < devices_.size(); ++index) {
    TestDevice& device = *devices_[index];
    const std::string where = " on devices 0 and " + std::to_string(index) + " " + std::string{when};
    if (device.content_hash() != content) {
      return "different content" + where;
    }
    if (conflicts_text(device) != conflicts) {
      return "different conflicts" + where + ":\n" + conflicts + "against\n" + conflicts_text(device);
    }
    if (device.table_hash() != table) {
      return "different tables" + where;
    }
  }
  return {};
}

// Settling may open others (a number given back, a record brought back), so it goes on while it gets somewhere.
void SimulatedOffice::settle_everything() {
  TestDevice& device = *devices_[below(devices_.size())];
  for (int round = 0; round < 200 && problem_.empty(); ++round) {
    std::vector<Conflict> conflicts = device.conflicts();
    std::erase_if(conflicts, [](const Conflict& conflict) { return conflict.by_hand; });
    if (conflicts.empty()) {
      return;
    }
    statistics_.open_at_end += round == 0 ? static_cast<std::int64_t>(conflicts.size()) : 0;
    // One that takes a document along waits until that has been decided.
    std::size_t next = 0;
    auto written = device.sync().resolve(conflicts[next], below(conflicts[next].sides.size()));
    while (!written && written.error().kind == ErrorKind::refused && ++next < conflicts.size()) {
      written = device.sync().resolve(conflicts[next], below(conflicts[next].sides.size()));
    }
    const Conflict& conflict = conflicts[std::min(next, conflicts.size() - 1)];
    say("settle " + conflict.key);
    if (!written) {
      problem_ = "a conflict could not be settled: " + conflict.key + ": " + written.error().message.en;
      return;
    }
    const std::vector<Conflict> after = device.conflicts();
    if (std::ranges::find(after, conflict.key, &Conflict::key) != after.end()) {
      problem_ = "a settled conflict is still there: " + conflict.key;
    }
  }
  if (problem_.empty()) {
    problem_ = "settling conflicts does not come to an end";
  }
}

std::string SimulatedOffice::run() {
  open_office();
  for (std::uint64_t steps = 5 + below(60); steps > 0 && problem_.empty(); --steps) {
    step();
  }
  exchange_until_quiet();
  if (problem_.empty()) {
    problem_ = compare("after the exchange");
  }
  if (problem_.empty()) {
    settle_everything();
  }
  if (problem_.empty()) {
    exchange_until_quiet();
    problem_ = problem_.empty() ? compare("after settling all conflicts") : problem_;
  }
  if (problem_.empty() && seed_ % 8 == 0) {
    const auto difference = devices_[below(devices_.size())]->store().verify();
    problem_ = !difference ? "verify failed: " + difference.error().message.en : difference->empty() ? "" : "verify: " + *difference;
  }
  return problem_;
}

}  // namespace kehubu::test
