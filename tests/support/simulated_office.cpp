#include "tests/support/simulated_office.h"

#include <algorithm>
#include <cstdio>

namespace kehubu::test {
namespace {

constexpr std::string_view words[] = {"博海", "餐饮", "上海", "长江", "a", "B", "", "1111", "2222", "同一个", "\"", "x\ny"};
constexpr std::string_view numbers[] = {"K-1", "K-2", "HT-1"};  // few, so that they meet
constexpr std::string_view worked_on[] = {"customer", "customer", "contact", "product", "contract", "contract_line", "org_unit"};
// What rules are about; few values, so that they are broken and kept.
constexpr std::string_view ruled[] = {"coop_start", "coop_end", "payment_term", "term_days", "term_percent", "term_percent2"};

}  // namespace

SimulatedOffice::SimulatedOffice(std::uint64_t seed, OfficeStatistics& statistics, bool verbose)
    : dice_(seed), statistics_(statistics), verbose_(verbose), seed_(seed) {}

void SimulatedOffice::say(std::string_view what) {
  if (verbose_) {
    std::printf("  %.*s\n", static_cast<int>(what.size()), what.data());
  }
}

const Entity& SimulatedOffice::random_entity() {
  return *find_entity(in_question_ && below(4) != 0 ? std::string_view{in_question_->first} : worked_on[below(std::size(worked_on))]);
}

const Field& SimulatedOffice::random_field(const Entity& entity) {
  if (in_question_ && entity.id == in_question_->first && below(2) == 0) {
    return *field_in_question_;
  }
  while (true) {
    const Field& field = entity.fields[below(entity.fields.size())];
    // Of many fields only a few are used, so that devices meet; and those that no device may write as it likes.
    const bool is_usual = &field - entity.fields.data() < 6 || field.references == entity.id;
    if (!field.derived() && (is_usual || below(3) == 0)) {
      return field;
    }
  }
}

Id SimulatedOffice::random_row(TestDevice& device, const Entity& entity, bool deleted) {
  if (in_question_ && entity.id == in_question_->first && below(4) != 0) {
    const auto record = device.store().read(entity, in_question_->second);
    if (record && record->deleted == deleted) {
      return in_question_->second;
    }
  }
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
    case FieldType::basis_points: return static_cast<std::int64_t>(below(3) * 60'00);  // two of them may be too much
    default: return static_cast<std::int64_t>(below(5) * 100);
  }
}

void SimulatedOffice::try_write(std::size_t index, std::vector<Edit> edits, bool validated) {
  act(index, [&](TestDevice& device) {
    const auto written = device.store().write(edits, {.skip_validation = !validated});
    statistics_.count(written ? "actions" : "refused writes");
    if (!written) {
      say("refused: " + written.error().message.en);
    }
    return written.has_value() && written->action > 0;
  }, false);
}

void SimulatedOffice::edit_something(std::size_t index) {
  const Entity& entity = random_entity();
  const Id row = random_row(*devices_[index], entity);
  if (row.empty()) {
    return create_something(index);
  }
  Edit edit{.entity = &entity, .row = row, .fields = {}};
  for (std::uint64_t count = 1 + below(3); count > 0; --count) {
    const Field& field = random_field(entity);
    const bool moves = field.id == entity.part_of;  // which a program of ours refuses
    const Value value = random_value(*devices_[index], field);
    if ((moves && is_null(value)) || value == Value(row)) {
      continue;
    }
    statistics_.count("lines moved", moves ? 1 : 0);
    edit.fields.emplace_back(&field, value);
    say("device " + std::to_string(index) + " edits " + std::string{entity.id} + " " + row.text() + " " + std::string{field.id});
  }
  try_write(index, {std::move(edit)}, below(4) == 0);
}

void SimulatedOffice::create_something(std::size_t index) {
  const Entity& entity = random_entity();
  TestDevice& device = *devices_[index];
  Edit edit{.entity = &entity, .row = new_id(device.environment()), .fields = {}};
  for (const Field& field : entity.fields) {
    if (!field.derived() && (field.required == Required::always || below(4) == 0)) {
      edit.fields.emplace_back(&field, random_value(device, field));
    }
  }
  const auto names_document = [&](const auto& cell) { return cell.first->id == entity.part_of && !is_null(cell.second); };
  if (!entity.part_of.empty() && std::ranges::none_of(edit.fields, names_document)) {
    return;  // a line of nothing, which no program of ours writes
  }
  say("device " + std::to_string(index) + " creates " + std::string{entity.id} + " " + edit.row.text());
  try_write(index, {std::move(edit)}, below(4) == 0);
}

// Hierarchies, fields that must fit together, and a visit that somebody plans while somebody else is there.
void SimulatedOffice::touch_a_rule(std::size_t index) {
  TestDevice& device = *devices_[index];
  if (below(3) == 0) {
    const Entity& tree = *find_entity(below(3) == 0 ? "org_unit" : "customer");
    const Id child = random_row(device, tree), above = random_row(device, tree);
    if (!child.empty() && child != above) {
      try_write(index, {{.entity = &tree, .row = child, .fields = {{tree.find("parent"), Value(above)}}}}, false);
    }
    return;
  }
  const bool visit = below(2) == 0;
  const Entity& entity = *find_entity(visit ? "interaction" : "customer");
  Id row = random_row(device, entity);
  if (visit && is_done(index, row)) {
    row = {};  // who knows that it took place is refused
  }
  Edit edit{.entity = &entity, .row = row, .fields = {}};
  if (row.empty()) {
    edit.row = new_id(device.environment());
    edit.fields.emplace_back(entity.find(visit ? "status" : "name"), std::string(visit ? "planned" : "单位"));
  }
  const auto put = [&](std::string_view field) { edit.fields.emplace_back(entity.find(field), random_value(device, *entity.find(field))); };
  if (!visit) {
    const std::size_t first = below(std::size(ruled));
    put(ruled[first]);
    put(ruled[(first + 1) % std::size(ruled)]);
  } else if (!row.empty() && below(2) == 0) {
    edit.fields.emplace_back(entity.find("status"), std::string("done"));
    statistics_.count("visits closed");
    for (std::size_t other = 0; other < devices_.size(); ++other) {  // who has not heard of it writes on
      if (other != index && devices_[other]->store().read(entity, row) && !is_done(other, row)) {
        say("device " + std::to_string(other) + " writes on in " + row.text());
        Edit more{.entity = &entity, .row = row, .fields = {{entity.find("content"), random_value(*devices_[other], *entity.find("content"))}}};
        if (dice_.now % 3 == 0) {  // no roll of the dice of its own: seeds mean what they meant
          more.fields.insert(more.fields.end(), {{entity.find("status"), std::string("done")}, {entity.find("contact_text"), "与第 " + std::to_string(other) + " 台"}});
          statistics_.count("visits closed twice");
        }
        try_write(other, {std::move(more)}, false);
      }
    }
  } else {
    for (const std::string_view field : {"purpose", "kind", "planned_at", "content", "next_plan"}) {
      below(3) == 0 ? put(field) : void();
    }
  }
  if (!edit.fields.empty()) {
    say("device " + std::to_string(index) + " changes what has rules in " + std::string{entity.id} + " " + edit.row.text());
    try_write(index, {std::move(edit)}, false);
  }
}

void SimulatedOffice::remove_or_restore(std::size_t index) {
  const Entity& entity = random_entity();
  const bool restore = below(3) == 0;
  const Id row = random_row(*devices_[index], entity, restore);
  if (row.empty()) {
    return;
  }
  if (!restore && !entity.part_of.empty()) {
    statistics_.count("lines deleted");
  }
  say("device " + std::to_string(index) + (restore ? " restores " : " removes ") + std::string{entity.id} + " " + row.text());
  try_write(index, {{.entity = &entity, .row = row, .fields = {}, .remove = !restore, .restore = restore}}, below(2) == 0);
}

// A contract with lines, changed as a whole.
void SimulatedOffice::work_on_document(std::size_t index) {
  TestDevice& device = *devices_[index];
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
    const bool twice = std::ranges::find(edits, existing, &Edit::row) != edits.end();
    if (!existing.empty() && twice) {
      continue;
    }
    if (!existing.empty() && below(4) == 0) {
      statistics_.count("lines deleted");
      edits.push_back({.entity = &line, .row = existing, .fields = {}, .remove = true});
      continue;
    }
    Edit edit{.entity = &line, .row = existing.empty() ? new_id(device.environment()) : existing, .fields = {}};
    if (existing.empty()) {
      edit.fields.emplace_back(line.find("contract"), document);
    }
    edit.fields.emplace_back(line.find("qty"), static_cast<std::int64_t>(1000 * below(5)));
    edit.fields.emplace_back(line.find("unit_price"), static_cast<std::int64_t>(100 * below(5)));
    edits.push_back(std::move(edit));
  }
  if (!edits.empty()) {
    say("device " + std::to_string(index) + " works on document " + document.text());
    statistics_.count("documents with lines");
    try_write(index, std::move(edits), false);
  }
}

void SimulatedOffice::settle_conflict(std::size_t index) {
  std::vector<Conflict> conflicts = devices_[index]->conflicts();
  for (std::size_t others = devices_.size(); conflicts.empty() && others > 0; --others) {
    index = (index + 1) % devices_.size();
    conflicts = devices_[index]->conflicts();
  }
  if (conflicts.empty()) {
    return;
  }
  const Conflict& conflict = conflicts[below(conflicts.size())];
  say("device " + std::to_string(index) + " settles " + conflict.key);
  bool decided = false;
  act(index, [&](TestDevice& device) {
    const auto written = device.sync().resolve(conflict, below(conflict.sides.size()));
    statistics_.count("decisions", written ? 1 : 0);
    decided = written.has_value() && written->action > 0;
    if (!written && written.error().kind != ErrorKind::refused) {
      problem_ = "a conflict could not be settled: " + conflict.key + ": " + written.error().message.en;
    }
    return decided;
  }, true);
  if (!decided || !problem_.empty() || below(2) == 0) {
    return;
  }
  // Somebody hears of it, or tells something else; somebody thinks better of it, and sometimes better again.
  const std::size_t other = another(index);
  if (below(2) == 0) {
    ++dice_.now;
    below(2) == 0 ? work_on(other) : import(other, {pack_all(index)});
    problem_.empty() ? import(index, {pack_all(other)}) : void();
  }
  for (std::uint64_t steps = 1 + below(3), done = 0; done < steps && problem_.empty(); ++done) {
    step_back(index, done % 2 == 1);
  }
}

void SimulatedOffice::set_clock(TestDevice& device) {
  constexpr std::int64_t year_ms = 365LL * 86'400'000;
  constexpr std::int64_t skews[] = {0, 60'000, -600'000, year_ms, -year_ms};
  const std::int64_t skew = skews[below(std::size(skews))];
  statistics_.count(skew < device.environment().skew ? "clocks set back" : "clocks set ahead", skew != device.environment().skew ? 1 : 0);
  device.environment().skew = skew;
}

void SimulatedOffice::send(std::size_t sender) {
  TestDevice& device = *devices_[sender];
  const bool to_all = below(3) == 0;
  std::size_t receiver = below(devices_.size());
  Progress progress;
  device.environment().now = dice_.now;
  const auto peers = device.sync().peers();
  for (std::size_t other = 0; peers && other < devices_.size() && below(2) == 0; ++other) {
    const bool heard = std::ranges::find(*peers, devices_[other]->id(), &Peer::device) != peers->end();
    receiver = heard && other != sender ? other : receiver;  // rather somebody for whom less than everything is enough
  }
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
  statistics_.count("bundles sent");
  say("device " + std::to_string(sender) + " sends " + std::to_string(bundle->changes) + " changes");
  const SharedBundle sent = pack(sender, std::move(bundle->json));
  for (std::size_t other = 0; other < devices_.size(); ++other) {
    const bool astray = other != receiver && below(3) == 0;  // it reaches somebody for whom it was not made
    if (other == sender || (!to_all && other != receiver && !astray)) {
      continue;
    }
    if (below(6) == 0) {
      statistics_.count("bundles lost");
      continue;
    }
    const std::uint64_t copies = below(8) == 0 ? 2 : 1;
    statistics_.count("duplicates", static_cast<std::int64_t>(copies) - 1);
    for (std::uint64_t copy = 0; copy < copies; ++copy) {
      under_way_.push_back({other, sent});
    }
  }
}

void SimulatedOffice::receive(std::size_t receiver) {
  std::vector<SharedBundle> bundles;
  for (std::size_t index = 0; index < under_way_.size();) {
    // Some arrive at the wrong place, where they must do no harm; most of what is not picked comes later.
    const bool here = under_way_[index].receiver == receiver || below(20) == 0;
    if (!here || below(3) == 0) {
      ++index;
      continue;
    }
    bundles.push_back(under_way_[index].bundle);
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

// What people do most.
void SimulatedOffice::work_on(std::size_t index) {
  switch (below(8)) {
    case 0: return create_something(index);
    case 1: return remove_or_restore(index);
    case 2: case 3: return work_on_document(index);
    case 4: return settle_conflict(index);
    case 5: return step_back(index, below(3) == 0);
    default: return edit_something(index);
  }
}

void SimulatedOffice::step() {
  dice_.now += static_cast<std::int64_t>(below(3'600'000));
  const std::size_t index = below(devices_.size());
  devices_[index]->environment().now = dice_.now;
  switch (below(36)) {
    case 0: case 1: case 2: case 3: return edit_something(index);
    case 4: case 5: return create_something(index);
    case 6: return remove_or_restore(index);
    case 7: case 8: case 9: return work_on_document(index);
    case 10: case 11: case 12: return settle_conflict(index);
    case 13: case 14: return step_back(index, below(3) == 0);
    case 15: return set_clock(*devices_[index]);
    case 16: case 17: case 18: return send(index);
    case 19: return record_a_fact(index);
    case 20: return decide_in_two_places(index);
    case 21: return visit_late(index);
    case 22: case 23: return touch_a_rule(index);
    case 24: return backups_[index] && below(2) == 0 ? restore_tablet(index) : back_up(index);
    case 25: return below(2) == 0 ? clone_tablet(index) : void();
    case 26: return below(3) == 0 ? start_over(index) : step_back(index, false);
    case 27: case 28: case 29: return meet(index);
    default: return receive(index);
  }
}

// Head office has a few records, and most devices begin with them.
void SimulatedOffice::open_office() {
  const std::size_t count = 2 + below(7);
  for (std::size_t index = 0; index < count; ++index) {
    devices_.push_back(std::make_unique<TestDevice>(seed_ * 16 + index));
  }
  beliefs_.resize(count);
  backups_.resize(count);
  for (std::size_t index = 0; index < count; ++index) {
    beliefs_[index].device = devices_[index]->id();
    beliefs_[index].last = {devices_[index]->id(), 0};
  }
  statistics_.count("devices", static_cast<std::int64_t>(count));
  const std::size_t head_office = below(count);
  for (std::uint64_t records = 2 + below(4); records > 0; --records) {
    create_something(head_office);
    work_on_document(head_office);
  }
  const SharedBundle bundle = pack_all(head_office);
  for (std::size_t index = 0; index < count; ++index) {
    if (below(8) != 0) {
      import(index, {bundle});
    }
  }
}

void SimulatedOffice::exchange_until_quiet() {
  under_way_.clear();
  const auto all_know_the_same = [this] {
    return std::ranges::all_of(devices_, [this](const auto& device) { return device->content_hash() == devices_.front()->content_hash(); });
  };
  // Two rounds bring everything everywhere; what a device has then said about clocks, one more.
  for (int round = 0; problem_.empty() && (round < 2 || (round < 5 && !all_know_the_same())); ++round) {
    std::vector<SharedBundle> bundles;
    for (std::size_t index = 0; index < devices_.size(); ++index) {
      devices_[index]->environment().now = dice_.now;
      bundles.push_back(pack_all(index));
    }
    for (std::size_t index = 0; index < devices_.size(); ++index) {
      std::vector<SharedBundle> shuffled = bundles;
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
      text += " " + (side.authors.empty() ? "nobody" : side.authors.front().device.text()) + (side.stands_now ? "+" : "-") + std::to_string(side.cells.size());
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
  const std::size_t index = below(devices_.size());
  for (int round = 0; round < 200 && problem_.empty(); ++round) {
    std::vector<Conflict> conflicts = devices_[index]->conflicts();
    std::erase_if(conflicts, [](const Conflict& conflict) { return conflict.by_hand; });
    if (conflicts.empty()) {
      return;
    }
    statistics_.count("open at the end", round == 0 ? static_cast<std::int64_t>(conflicts.size()) : 0);
    // One that takes a document along waits until that has been decided.
    std::size_t next = 0;
    std::optional<Error> refused;
    for (bool decided = false; !decided && next < conflicts.size(); next += decided ? 0 : 1) {
      const Conflict& conflict = conflicts[next];
      say("settle " + conflict.key);
      act(index, [&](TestDevice& device) {
        std::size_t side = below(conflict.sides.size());
        while (!conflict.sides[side].refused.zh.empty()) {
          side = (side + 1) % conflict.sides.size();
        }
        const auto written = device.sync().resolve(conflict, side);
        decided = written.has_value();
        refused = written ? std::nullopt : std::optional{written.error()};
        return decided && written->action > 0;
      }, true);
      if (!problem_.empty() || (refused && refused->kind != ErrorKind::refused)) {
        break;
      }
    }
    const Conflict& conflict = conflicts[std::min(next, conflicts.size() - 1)];
    if (problem_.empty() && refused) {
      problem_ = "a conflict could not be settled: " + conflict.key + ": " + refused->message.en;
      return;
    }
    const std::vector<Conflict> after = devices_[index]->conflicts();
    if (problem_.empty() && std::ranges::find(after, conflict.key, &Conflict::key) != after.end()) {
      problem_ = "a settled conflict is still there: " + conflict.key;
    }
  }
  if (problem_.empty()) {
    problem_ = "settling conflicts does not come to an end";
  }
}

std::string SimulatedOffice::run() {
  open_office();
  for (std::uint64_t steps = 10 + below(45); steps > 0 && problem_.empty(); --steps) {
    step();
  }
  if (problem_.empty() && seed_ % 4 == 1) {
    restore_beside_a_clone(below(devices_.size()));
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
