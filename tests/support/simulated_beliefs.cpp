// SimulatedOffice, what the oracle believes: what each device knows, what it must show, and what undoing must give back.
#include <algorithm>
#include <cstdio>

#include <nlohmann/json.hpp>

#include "core/store/log.h"
#include "tests/support/simulated_office.h"

namespace kehubu::test {
namespace {

constexpr std::string_view required[] = {
    "actions", "decisions", "documents with lines", "lines deleted", "facts kept", "duplicates", "bundles lost", "bundles that wait", "gaps closed",
    "clocks set back", "clocks set ahead", "undone", "redone", "undone after a merge", "decisions undone", "decisions redone", "decided in two places",
    "tablets restored", "own changes got back", "lines moved", "visits closed", "seen edited late", "seen field", "seen document", "seen delete",
    "seen reference", "seen duplicate", "seen circle", "seen rule"};

bool covers(const Knowledge& known, const Knowledge& needed) {
  return std::ranges::all_of(needed, [&](const auto& one) {
    const auto last = known.find(one.first);
    return one.second == 0 || (last != known.end() && last->second >= one.second);
  });
}

// Whether something of it is still lacking here, or it proves that changes of this very device are.
bool brings_news(const Knowledge& since, const Knowledge& have, const Knowledge& known, const Id& own) {
  return std::ranges::any_of(have, [&](const auto& one) {
    const auto place = known.find(one.first);
    const std::int64_t last = place != known.end() ? place->second : 0;
    const std::int64_t first = since.at(one.first);
    return one.second > std::max(first, last) || (one.first == own && first > last);
  });
}

void take_in(Knowledge& known, const Knowledge& more) {
  for (const auto& [device, sequence] : more) {
    std::int64_t& last = known[device];
    last = std::max(last, sequence);
  }
}

// What a view shows of some things. What a deleted record holds is nobody's business; and the versions of a conflict's sides
// are others after an undoing, but not how many sides there are.
OracleView part_of(const OracleView& view, const std::set<OracleKey>& records, const std::set<std::string>& conflicts) {
  OracleView part;
  for (const OracleKey& key : records) {
    const auto found = view.records.find(key);
    part.records[key] = found != view.records.end() && found->second.live ? found->second : OracleRecord{.live = false};
  }
  for (const std::string& key : conflicts) {
    const auto found = view.conflicts.find(key);
    if (found != view.conflicts.end()) {
      OracleConflict& shown = part.conflicts[key];
      for (std::int64_t side = 0; side < std::ssize(found->second.sides); ++side) {
        shown.sides[{OracleVersion{{}, side}}] = false;
      }
    }
  }
  return part;
}

bool same(const OracleView& a, const OracleView& b) { return a.records == b.records && a.conflicts == b.conflicts; }

std::string first_difference(const OracleView& a, const OracleView& b) {
  for (const auto& [key, record] : a.records) {
    const auto other = b.records.find(key);
    if (other == b.records.end() || other->second != record) {
      std::string what = key.first + " " + key.second.text();
      for (const auto& [field, value] : record.values) {
        if (other != b.records.end() && other->second.values.contains(field) && other->second.values.at(field) != value) {
          what += " " + field;
        }
      }
      return what;
    }
  }
  for (const OracleView* one : {&a, &b}) {
    for (const auto& [key, conflict] : one->conflicts) {
      const OracleView& other = one == &a ? b : a;
      if (!other.conflicts.contains(key) || other.conflicts.at(key) != conflict) {
        return key + (one == &a ? " has gone or changed" : " is new");
      }
    }
  }
  return {};
}

}  // namespace

std::vector<std::string> OfficeStatistics::never_happened() const {
  std::vector<std::string> missing;
  for (const std::string_view what : required) {
    const auto found = counts.find(what);
    if (found == counts.end() || found->second == 0) {
      missing.emplace_back(what);
    }
  }
  return missing;
}

// The header as docs/bundle.md describes it, without the program's reader.
SimulatedOffice::SharedBundle SimulatedOffice::pack(std::string text) {
  auto bundle = std::make_shared<Bundle>();
  const std::size_t end = text.find("\"changes\":[");
  const nlohmann::json header = nlohmann::json::parse(text.substr(0, end) + "\"changes\":[]}", nullptr, false);
  for (std::size_t index = 0; index < header["devices"].size(); ++index) {
    const Id device = Id::parse(header["devices"][index].get<std::string>()).value_or(Id{});
    bundle->since[device] = header["since"][index].get<std::int64_t>();
    bundle->have[device] = header["have"][index].get<std::int64_t>();
  }
  bundle->text = std::move(text);
  return bundle;
}

// --- what a device wrote ----------------------------------------------------------------------------------------------------

// The changes that it has added to its log, each of which must replace exactly what this device knew.
void SimulatedOffice::learn_what_was_written(std::size_t index, bool stepping_back) {
  TestDevice& device = *devices_[index];
  Knowledge& known = beliefs_[index].known;
  Log& log = internals(device.store()).log();
  const auto own = log.find_device(device.id());
  const std::int64_t last = own ? log.last_sequence(*own) : 0;
  for (std::int64_t sequence = known[device.id()] + 1; sequence <= last && problem_.empty(); ++sequence) {
    const auto read = log.read({*own, sequence});
    if (!read) {
      problem_ = "the log cannot be read: " + read.error().message.en;
      return;
    }
    OracleChange change = oracle_change(*read, device.store());
    for (const auto& [field, cell] : change.cells) {
      std::set<OracleVersion> expected = oracle_.heads(known, {change.entity, change.row}, field);
      if ((field == deleted_field || field == closed_field) && integer_or(cell.value, 0) != 0) {
        expected.merge(oracle_.all_heads(known, {change.entity, change.row}));
      }
      if (!stepping_back && cell.replaced != expected) {
        problem_ = "a change of " + change.entity + " " + change.row.text() + " " + field + " does not replace what was known";
      }
    }
    known[device.id()] = sequence;
    if (!oracle_.learn(std::move(change))) {
      problem_ = "the same number was given twice";
    }
  }
  if (known[device.id()] == 0) {
    known.erase(device.id());
  }
}

void SimulatedOffice::check(std::size_t index) {
  if (problem_.empty()) {
    TestDevice& device = *devices_[index];
    if (device.sync().knowledge() != beliefs_[index].known) {
      problem_ = "device " + std::to_string(index) + " does not know what it should";
      return;
    }
    const OracleView expected = view_of(index);
    for (const auto& [key, conflict] : expected.conflicts) {
      statistics_.count("seen " + key.substr(0, key.find('/')));
    }
    statistics_.count("seen edited late", expected.edited_late);
    const std::string differs = difference(device.store(), device.sync(), expected);
    problem_ = differs.empty() ? "" : "device " + std::to_string(index) + " against the oracle: " + differs;
    if (!differs.empty()) {
      say(oracle_.history(beliefs_[index].known, differs));
      say("made anew from its log: " + device.store().verify().value_or("not possible"));
    }
  }
}

void SimulatedOffice::act(std::size_t index, const std::function<bool(TestDevice&)>& what, bool decision) {
  devices_[index]->environment().now = dice_.now;
  const OracleView before = view_of(index);
  const bool written = what(*devices_[index]);
  learn_what_was_written(index, false);
  if (written) {
    remember_step(beliefs_[index], before, view_of(index), decision);
  }
  check(index);
}

// --- undo -------------------------------------------------------------------------------------------------------------------

void SimulatedOffice::remember_step(Belief& belief, const OracleView& before, const OracleView& after, bool decision) {
  Step step{.records = {}, .conflicts = {}, .before = {}, .after = {}, .known = belief.known, .decision = decision};
  for (const auto& [key, record] : after.records) {
    const auto earlier = before.records.find(key);
    if (earlier == before.records.end() || earlier->second != record) {
      step.records.insert(key);
    }
  }
  for (const auto& [one, other] : {std::pair{&before, &after}, {&after, &before}}) {
    for (const auto& [key, conflict] : one->conflicts) {
      // A value that is taken back is news to a deletion that did not know of it: its question stays. And who takes his edit
      // back speaks for himself, so that he may be one of two whose fields do not fit.
      const bool stays = key.starts_with("delete/") || key.starts_with("reference/") || key.starts_with("rule/");
      if (!other->conflicts.contains(key) && (decision || !stays)) {
        step.conflicts.insert(key);
      }
    }
  }
  step.before = part_of(before, step.records, step.conflicts);
  step.after = part_of(after, step.records, step.conflicts);
  belief.stack.steps.resize(belief.stack.standing);
  belief.stack.steps.push_back(std::move(step));
  belief.stack.standing = belief.stack.steps.size();
}

// "Undo takes the youngest entry that stands, redo the oldest that was undone." Where what an action changed is as it left
// it, undoing gives back what there was before it, conflicts included; redoing, the other way round.
void SimulatedOffice::step_back(std::size_t index, bool redo) {
  Belief& belief = beliefs_[index];
  TestDevice& device = *devices_[index];
  Stack& stack = belief.stack;
  const OracleView before = view_of(index);
  const Knowledge known_before = belief.known;
  const auto done = redo ? device.store().redo() : device.store().undo();
  say("device " + std::to_string(index) + (redo ? " redoes" : " undoes") + (done ? "" : ": refused: " + done.error().message.en));
  const bool possible = redo ? stack.standing < stack.steps.size() : stack.standing > 0;
  if (done && !possible) {
    problem_ = "something was stepped back that this device never did";
  }
  learn_what_was_written(index, true);
  check(index);
  if (!problem_.empty() || !possible) {
    return;
  }
  Step& step = stack.steps[redo ? stack.standing : stack.standing - 1];
  const OracleView& from = redo ? step.before : step.after;
  const OracleView& to = redo ? step.after : step.before;
  if (!done) {
    if (known_before == step.known && !redo) {
      problem_ = "what was done a moment ago cannot be undone: " + done.error().message.en;
    }
    return;
  }
  const bool untouched = same(part_of(before, step.records, step.conflicts), from);
  const OracleView after = part_of(view_of(index), step.records, step.conflicts);
  if (untouched && !same(after, to)) {
    problem_ = std::string{redo ? "redoing" : "undoing"} + (step.decision ? " a decision" : "") + " does not give back what there was: " +
               first_difference(to, after);
  }
  bool merged_since = false;
  for (const auto& [other, sequence] : known_before) {
    const auto then = step.known.find(other);
    merged_since = merged_since || (other != device.id() && (then == step.known.end() || then->second < sequence));
  }
  statistics_.count(redo ? "redone" : "undone");
  statistics_.count(redo ? "decisions redone" : "decisions undone", step.decision ? 1 : 0);
  statistics_.count("undone after a merge", merged_since ? 1 : 0);
  step.known = redo ? belief.known : step.known;
  stack.standing += redo ? 1 : std::size_t(-1);
}

// --- bundles ----------------------------------------------------------------------------------------------------------------

// "All changes of each device from since + 1 to have. Whoever knows at least since may apply it"; the others wait.
void SimulatedOffice::import(std::size_t receiver, std::vector<SharedBundle> bundles) {
  TestDevice& device = *devices_[receiver];
  Belief& belief = beliefs_[receiver];
  device.environment().now = dice_.now;
  say("device " + std::to_string(receiver) + " imports " + std::to_string(bundles.size()) + " bundles");
  statistics_.count("imports", static_cast<std::int64_t>(bundles.size()));
  std::vector<std::string> texts;
  for (const SharedBundle& bundle : bundles) {
    texts.push_back(bundle->text);
  }
  if (below(10) == 0) {
    const Preview preview = device.preview(texts.front());
    if (preview.state == BundleState::refused) {
      problem_ = "a sound bundle was refused in its preview: " + preview.headline.en;
    }
  }
  const std::size_t waited = belief.waiting.size();
  const Knowledge known_before = belief.known;
  for (SharedBundle& bundle : bundles) {
    const bool is_waiting = std::ranges::any_of(belief.waiting, [&](const SharedBundle& one) { return one->text == bundle->text; });
    if (!is_waiting && brings_news(bundle->since, bundle->have, known_before, device.id())) {
      belief.waiting.push_back(std::move(bundle));
    }
  }
  for (bool moved = true; moved;) {
    moved = false;
    for (std::size_t place = 0; place < belief.waiting.size();) {
      if (!covers(belief.known, belief.waiting[place]->since)) {
        ++place;
        continue;
      }
      take_in(belief.known, belief.waiting[place]->have);
      statistics_.count("gaps closed", place < waited ? 1 : 0);
      belief.waiting.erase(belief.waiting.begin() + static_cast<std::ptrdiff_t>(place));
      moved = true;
    }
  }
  const MergeReport report = device.import(std::move(texts));
  learn_what_was_written(receiver, false);  // a merge decides against a clock that is far ahead
  if (report.refused > 0) {
    problem_ = "a sound bundle was refused: " + report.remarks.front().en;
  }
  for (const Sentence& remark : report.remarks) {
    say("  told: " + remark.en);
  }
  for (const SharedBundle& one : belief.waiting) {
    for (const auto& [id, have] : one->have) {
      const auto place = belief.known.find(id);
      say("  waits: " + id.text() + " " + std::to_string(one->since.at(id)) + " to " + std::to_string(have) + ", known " +
          std::to_string(place != belief.known.end() ? place->second : 0) + (id == device.id() ? ", its own" : ""));
    }
  }
  // One of which everything has come from elsewhere meanwhile may wait for nothing, or not.
  const bool must_wait = std::ranges::any_of(belief.waiting, [&](const SharedBundle& one) { return brings_news(one->since, one->have, belief.known, device.id()); });
  if (report.waiting > 0 ? belief.waiting.empty() : must_wait) {
    problem_ = "device " + std::to_string(receiver) + (report.waiting > 0 ? " lets wait what it could import" : " lets nothing wait, and something is missing");
  }
  statistics_.count("bundles that wait", belief.waiting.size() > waited ? static_cast<std::int64_t>(belief.waiting.size() - waited) : 0);
  if (belief.known != known_before || below(10) == 0) {
    check(receiver);
  }
}

}  // namespace kehubu::test
