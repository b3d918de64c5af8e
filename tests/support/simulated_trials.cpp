// SimulatedOffice, what is rarer: facts, two head offices, restored tablets, clones.
#include <sqlite3.h>

#include <algorithm>
#include <cstdio>

#include "core/store/log.h"
#include "tests/support/simulated_office.h"

namespace kehubu::test {

SimulatedOffice::~SimulatedOffice() {
  devices_.clear();
  for (std::size_t number = 0; number < saved_; ++number) {
    const std::string path = "build/sim-" + std::to_string(seed_) + "-" + std::to_string(number) + ".backup";
    std::remove(path.c_str());
    std::remove((path + "-journal").c_str());
  }
}

std::string SimulatedOffice::save(TestDevice& device) {
  const std::string path = "build/sim-" + std::to_string(seed_) + "-" + std::to_string(saved_++) + ".backup";
  std::remove(path.c_str());
  if (sqlite3_exec(device.store().connection(), ("VACUUM INTO '" + path + "'").c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    problem_ = "the tablet could not be backed up";
  }
  return path;
}

namespace {

// A backup's database, which need not survive this process.
std::unique_ptr<TestDevice> open_saved(std::uint64_t seed, const std::string& name, const std::string& path, std::int64_t now) {
  auto device = std::make_unique<TestDevice>(seed, name, path);
  sqlite3_exec(device->store().connection(), "PRAGMA synchronous=OFF; PRAGMA journal_mode=MEMORY", nullptr, nullptr, nullptr);
  device->environment().now = now;
  return device;
}

std::int64_t last_of(const Knowledge& known, const Id& device) {
  const auto found = known.find(device);
  return found != known.end() ? found->second : 0;
}

}  // namespace

bool SimulatedOffice::is_done(std::size_t index, const Id& visit) {
  const auto found = devices_[index]->store().read(*find_entity("interaction"), visit);
  return found && text_or_empty(found->value("status")) == "done";
}

// A visit that took place. Whoever wants to change it is refused.
void SimulatedOffice::record_a_fact(std::size_t index) {
  const Entity& visit = *find_entity("interaction");
  Id row = random_row(*devices_[index], visit);
  if (!is_done(index, row)) {
    row = new_id(devices_[index]->environment());
    const Id customer = random_row(*devices_[index], *find_entity("customer"));
    try_write(index, {{.entity = &visit, .row = row, .fields = {{visit.find("customer"), customer.empty() ? Value() : Value(customer)}, {visit.find("status"), std::string("done")}, {visit.find("purpose"), std::string("拜访")}}}}, false);
  }
  act(index, [&](TestDevice& device) {
    const Edit edit{.entity = &visit, .row = row, .fields = {{visit.find("purpose"), std::string("改过")}}};
    const auto written = device.store().write({&edit, 1});
    if (written && written->action > 0) {
      problem_ = "a fact was changed";
    }
    statistics_.count("facts kept");
    return written.has_value();
  }, false);
}

// Two who do not know of each other decide the same conflict, and then tell each other.
void SimulatedOffice::decide_in_two_places(std::size_t index) {
  const std::size_t other = below(devices_.size());
  const std::vector<Conflict> conflicts = devices_[index]->conflicts();
  if (other == index || conflicts.empty()) {
    return;
  }
  const Conflict& conflict = conflicts[below(conflicts.size())];
  std::vector<Conflict> theirs = devices_[other]->conflicts();
  if (std::ranges::find(theirs, conflict.key, &Conflict::key) == theirs.end()) {
    import(other, {pack_all(index)});
    theirs = devices_[other]->conflicts();
  }
  const auto same = std::ranges::find(theirs, conflict.key, &Conflict::key);
  if (same == theirs.end() || !problem_.empty()) {
    return;
  }
  say("devices " + std::to_string(index) + " and " + std::to_string(other) + " both decide " + conflict.key);
  std::size_t decided = 0;
  for (const auto& [place, question] : {std::pair{index, &conflict}, {other, &*same}}) {
    ++dice_.now;
    act(place, [&](TestDevice& device) {
      const auto written = device.sync().resolve(*question, below(question->sides.size()));
      decided += written ? 1 : 0;
      return written.has_value() && written->action > 0;
    }, true);
  }
  statistics_.count("decided in two places", decided == 2 ? 1 : 0);
  if (!problem_.empty()) {
    return;
  }
  const SharedBundle mine = pack_all(index);
  const SharedBundle others = pack_all(other);
  import(index, {others});
  import(other, {mine});
  // One of them takes his back, knowing of the other or not.
  below(2) == 0 && problem_.empty() ? step_back(below(2) == 0 ? index : other, false) : void();
}

void SimulatedOffice::act_apart(std::size_t index) {
  switch (below(8)) {
    case 0: case 1: return edit_something(index);
    case 2: case 3: return remove_or_restore(index);
    case 4: return step_back(index, false);
    case 5: return touch_a_rule(index);
    default: return in_question_->first == "contract" ? work_on_document(index) : edit_something(index);
  }
}

// Two or three who know the same work on one record, and hear of each other afterwards.
void SimulatedOffice::meet(std::size_t index) {
  constexpr std::string_view disputed[] = {"customer", "contact", "product", "contract", "contract", "org_unit"};
  const std::size_t other = another(index), third = another(index);
  import(other, {pack_all(index)});
  problem_.empty() ? import(index, {pack_all(other)}) : void();
  const Entity& entity = *find_entity(disputed[below(std::size(disputed))]);
  const Id row = problem_.empty() ? random_row(*devices_[index], entity) : Id{};
  if (row.empty()) {
    return;
  }
  const Field& field = random_field(entity);
  in_question_ = {std::string{entity.id}, row};
  field_in_question_ = &field;
  statistics_.count("met over one record");
  say("devices " + std::to_string(index) + " and " + std::to_string(other) + " work on " + row.text());
  for (const std::size_t one : {index, other, third}) {
    for (std::uint64_t acts = 1 + below(2); acts > 0 && problem_.empty(); --acts) {
      ++dice_.now;
      act_apart(one);
    }
  }
  in_question_.reset();
  problem_.empty() ? import(index, {pack_all(other)}) : void();
  problem_.empty() && below(2) == 0 ? import(other, {pack_all(third), pack_all(index)}) : void();
  problem_.empty() && below(2) == 0 ? settle_conflict(index) : void();
}

// A visit is planned; one closes it, another writes on; both think better of it now and then.
void SimulatedOffice::visit_late(std::size_t index) {
  const Entity& visit = *find_entity("interaction");
  const std::size_t other = another(index);
  const auto write = [&](std::size_t who, const Id& row, std::vector<std::string_view> fields, bool done) {
    Edit edit{.entity = &visit, .row = row, .fields = {}};
    for (const std::string_view field : fields) {
      below(3) != 0 ? void(edit.fields.emplace_back(visit.find(field), random_value(*devices_[who], *visit.find(field)))) : void();
    }
    done ? void(edit.fields.emplace_back(visit.find("status"), std::string("done"))) : void();
    ++dice_.now;
    problem_.empty() && !edit.fields.empty() && !is_done(who, row) ? try_write(who, {std::move(edit)}, false) : void();
  };
  const Id row = new_id(devices_[index]->environment());
  ++dice_.now;
  try_write(index, {{.entity = &visit, .row = row, .fields = {{visit.find("status"), std::string("planned")}, {visit.find("content"), std::string("计划")}}}}, false);
  problem_.empty() ? import(other, {pack_all(index)}) : void();
  below(2) == 0 ? write(index, row, {"content", "purpose"}, false) : void();
  write(index, row, {"content"}, true);
  statistics_.count("visits closed");
  below(4) == 0 && problem_.empty() ? step_back(index, false) : void();
  below(3) == 0 && problem_.empty() ? step_back(index, true) : void();
  write(other, row, {"content", "purpose", "next_plan"}, below(4) == 0);
  below(4) == 0 && problem_.empty() ? step_back(other, false) : void();
  problem_.empty() ? import(index, {pack_all(other)}) : void();
  below(3) == 0 && problem_.empty() ? step_back(index, below(3) == 0) : void();
}

void SimulatedOffice::back_up(std::size_t index) {
  say("device " + std::to_string(index) + " is backed up");
  backups_[index] = Backup{save(*devices_[index]), beliefs_[index]};
}

// It knows only what the backup holds. What nobody else has of its later changes is gone; what others have, it must get
// back before it goes on.
void SimulatedOffice::restore_tablet(std::size_t index) {
  if (below(2) == 0) {
    import((index + 1) % devices_.size(), {pack_all(index)});
  }
  if (!problem_.empty()) {
    return;
  }
  const Backup backup = *backups_[index];
  Knowledge elsewhere = backup.belief.known;
  std::size_t who = index;
  for (std::size_t other = 0; other < devices_.size(); ++other) {
    for (const auto& [writer, last] : other != index ? beliefs_[other].known : Knowledge{}) {
      elsewhere[writer] = std::max(elsewhere[writer], last);
    }
    const OracleVersion& own = backup.belief.last;
    who = other != index && last_of(beliefs_[other].known, own.device) > std::max(own.sequence, last_of(who != index ? beliefs_[who].known : Knowledge{}, own.device)) ? other : who;
  }
  // A bundle or a backup that tells more of it than anybody knows would bring back what is thought to be gone.
  const auto is_more = [&](const Knowledge& known) {
    return std::ranges::any_of(known, [&](const auto& one) { return one.second > last_of(elsewhere, one.first); });
  };
  const auto tells_more = [&](const SharedBundle& bundle) { return is_more(bundle->have); };
  for (std::size_t other = 0; other < devices_.size(); ++other) {
    const bool has_backup = other != index && backups_[other];
    if (std::ranges::any_of(beliefs_[other].waiting, tells_more) ||
        (has_backup && (is_more(backups_[other]->belief.known) || std::ranges::any_of(backups_[other]->belief.waiting, tells_more)))) {
      return;
    }
  }
  std::erase_if(under_way_, [&](const Courier& courier) { return tells_more(courier.bundle); });
  say("device " + std::to_string(index) + " is restored from its backup");
  statistics_.count("tablets restored");
  devices_[index].reset();
  for (const auto& [writer, last] : beliefs_[index].known) {
    oracle_.forget_after(writer, last_of(elsewhere, writer));
  }
  devices_[index] = open_saved(seed_ * 16 + 1'000'000 + saved_, "restored", backup.path, dice_.now);
  beliefs_[index] = backup.belief;
  backups_[index].reset();
  check(index);
  if (who == index || !problem_.empty()) {
    return;
  }
  // First what was made for the tablet as it was: it may be ahead of what it knows now, and waits.
  const Id id = devices_[index]->id();
  const auto peers = devices_[who]->sync().peers();
  if (peers && std::ranges::find(*peers, id, &Peer::device) != peers->end()) {
    import(index, {pack(who, devices_[who]->export_for(*devices_[index]))});
  }
  if (problem_.empty()) {
    import(index, {pack_all(who)});
    statistics_.count("own changes got back");
  }
}

// After its backup it works on, and hears of two machines of another one's name: head office knows that it has all of that when it sends to
// what the backup made of it.
void SimulatedOffice::restore_beside_a_clone(std::size_t index) {
  const std::size_t office = another(index), colleague = another(index);
  const auto give = [&](std::size_t from, std::size_t to) { problem_.empty() && from != to ? import(to, {pack_all(from)}) : void(); };
  give(office, index);
  give(index, office);
  back_up(index);
  dice_.now += 1000;
  work_on(index);
  problem_.empty() ? clone_tablet(colleague) : void();
  for (const std::size_t one : {devices_.size() - 1, colleague, index}) {
    give(one, office);
  }
  give(office, index);
  give(index, office);
  problem_.empty() ? restore_tablet(index) : void();
}

// A tablet is copied, and both go on under one name. A colleague meets the copy first and builds on it; who meets whom after
// that, and who is told to start over, is left to chance.
void SimulatedOffice::clone_tablet(std::size_t index) {
  constexpr std::size_t most_devices = 9;
  if (devices_.size() >= most_devices) {
    return;
  }
  const std::size_t copy = devices_.size();
  say("device " + std::to_string(index) + " is cloned as device " + std::to_string(copy));
  statistics_.count("tablets cloned");
  const std::string path = save(*devices_[index]);
  devices_.push_back(open_saved(seed_ * 16 + 1'000'000 + saved_, devices_[index]->store().identity().name, path, dice_.now));
  beliefs_.push_back(beliefs_[index]);
  backups_.emplace_back();
  check(copy);
  const std::int64_t written_before = statistics_.counts["actions"];
  for (const std::size_t one : {copy, index, copy}) {
    dice_.now += 1 + static_cast<std::int64_t>(below(1000));
    below(4) != 0 && problem_.empty() ? work_on(one) : void();
  }
  statistics_.count("clones written on", statistics_.counts["actions"] > written_before ? 1 : 0);
  const std::size_t colleague = below(copy);
  if (colleague == index || !problem_.empty() || below(3) == 0) {
    return;
  }
  import(colleague, {pack_all(copy)});
  if (problem_.empty()) {
    ++dice_.now;
    work_on(colleague);
    statistics_.count("others that built on a clone", last_of(beliefs_[colleague].known, beliefs_[copy].last.device) > 0 ? 1 : 0);
  }
}

// "Or it goes on as a new device": at any time, whether it is told to or not.
void SimulatedOffice::start_over(std::size_t index) {
  TestDevice& device = *devices_[index];
  Belief& belief = beliefs_[index];
  device.environment().now = dice_.now;
  if (const auto begun = device.sync().start_as_new_device(); !begun || device.id() == belief.device) {
    problem_ = "device " + std::to_string(index) + " cannot start over";
    return;
  }
  say("device " + std::to_string(index) + " starts over as " + device.id().text());
  statistics_.count("started over");
  belief.device = device.id();
  belief.last = {device.id(), 0};
  belief.stack = {};
  check(index);
}

}  // namespace kehubu::test
