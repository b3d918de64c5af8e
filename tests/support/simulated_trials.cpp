// SimulatedOffice, what is rarer: facts, two head offices, restored tablets. (Clones: tests/unit/sync_clone_test.cpp.)
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

// A visit that took place. Whoever wants to change it is refused.
void SimulatedOffice::record_a_fact(std::size_t index) {
  const Entity& visit = *find_entity("interaction");
  Id row = random_row(*devices_[index], visit);
  const auto found = row.empty() ? Result<Record>{fail(ErrorKind::not_found, "没有", "not there")} : devices_[index]->store().read(visit, row);
  if (!found || text_or_empty(found->value("status")) != "done") {
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
  const std::vector<Conflict> theirs = devices_[other]->conflicts();
  const auto same = std::ranges::find(theirs, conflict.key, &Conflict::key);
  if (same == theirs.end()) {
    return;
  }
  say("devices " + std::to_string(index) + " and " + std::to_string(other) + " both decide " + conflict.key);
  std::size_t decided = 0;
  for (const auto& [place, question] : {std::pair{index, &conflict}, {other, &*same}}) {
    act(place, [&](TestDevice& device) {
      const auto written = device.sync().resolve(*question, below(question->sides.size()));
      decided += written ? 1 : 0;
      return written.has_value() && written->action > 0;
    }, true);
  }
  statistics_.count("decided in two places", decided == 2 ? 1 : 0);
  const SharedBundle mine = pack(devices_[index]->export_all());
  const SharedBundle others = pack(devices_[other]->export_all());
  import(index, {others});
  import(other, {mine});
}

void SimulatedOffice::back_up(std::size_t index) {
  Belief& belief = beliefs_[index];
  say("device " + std::to_string(index) + " is backed up");
  belief.backup = Backup{save(*devices_[index]), belief.known, belief.waiting, belief.stack};
}

// It knows only what the backup holds. What nobody else has of its later changes is gone; what others have, it must get
// back before it goes on.
void SimulatedOffice::restore_tablet(std::size_t index) {
  if (below(2) == 0) {
    import((index + 1) % devices_.size(), {pack(devices_[index]->export_all())});
  }
  if (!problem_.empty()) {
    return;
  }
  const Id id = devices_[index]->id();
  const Backup backup = *beliefs_[index].backup;
  std::int64_t elsewhere = last_of(backup.known, id);
  std::size_t who = index;
  for (std::size_t other = 0; other < devices_.size(); ++other) {
    if (other != index && last_of(beliefs_[other].known, id) > elsewhere) {
      elsewhere = last_of(beliefs_[other].known, id);
      who = other;
    }
  }
  // A bundle that tells more of it than anybody knows would bring back what is thought to be gone.
  const auto tells_more = [&](const SharedBundle& bundle) { return last_of(bundle->have, id) > elsewhere; };
  for (const Belief& belief : beliefs_) {
    if (std::ranges::any_of(belief.waiting, tells_more) || (&belief != &beliefs_[index] && belief.backup && std::ranges::any_of(belief.backup->waiting, tells_more))) {
      return;
    }
  }
  for (std::size_t other = 0; other < devices_.size(); ++other) {
    if (other != index && beliefs_[other].backup && last_of(beliefs_[other].backup->known, id) > elsewhere) {
      return;
    }
  }
  std::erase_if(under_way_, [&](const Courier& courier) { return tells_more(courier.bundle); });
  say("device " + std::to_string(index) + " is restored from its backup");
  statistics_.count("tablets restored");
  devices_[index].reset();
  oracle_.forget_after(id, elsewhere);
  const std::int64_t skew = 0;
  devices_[index] = open_saved(seed_ * 16 + 1'000'000 + saved_, "restored", backup.path, dice_.now + skew);
  Belief& belief = beliefs_[index];
  belief.known = backup.known;
  belief.waiting = backup.waiting;
  belief.stack = backup.stack;
  belief.backup.reset();
  check(index);
  if (who == index || !problem_.empty()) {
    return;
  }
  // First what was made for the tablet as it was: it may be ahead of what it knows now, and waits.
  const auto peers = devices_[who]->sync().peers();
  if (peers && std::ranges::find(*peers, id, &Peer::device) != peers->end()) {
    import(index, {pack(devices_[who]->export_for(*devices_[index]))});
  }
  if (problem_.empty()) {
    import(index, {pack(devices_[who]->export_all())});
    statistics_.count("own changes got back");
  }
}

}  // namespace kehubu::test
