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
    "clocks set back", "clocks set ahead", "undone", "redone", "undone after a merge", "decisions undone", "merged decisions undone", "decisions redone", "decided in two places",
    "tablets restored", "tablets stopped", "own changes got back", "tablets cloned", "clones written on", "others that built on a clone", "both kept", "new names taken", "started over", "lines moved", "visits closed", "seen edited late", "seen field", "seen document", "seen delete",
    "seen reference", "seen duplicate", "seen circle", "seen rule"};

bool covers(const Knowledge& known, const Knowledge& needed) {
  return std::ranges::all_of(needed, [&](const auto& one) {
    const auto last = known.find(one.first);
    return one.second == 0 || (last != known.end() && last->second >= one.second);
  });
}

std::int64_t last_of(const Knowledge& known, const Id& device) {
  const auto place = known.find(device);
  return place != known.end() ? place->second : 0;
}

// Whether something of it is still lacking here.
bool brings_news(const Knowledge& since, const Knowledge& have, const Knowledge& known) {
  return std::ranges::any_of(have, [&](const auto& one) { return one.second > std::max(last_of(since, one.first), last_of(known, one.first)); });
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
      shown.records = found->second.records;
      for (std::int64_t side = 0; side < std::ssize(found->second.sides); ++side) {
        shown.sides[{OracleVersion{{}, side}}] = false;
      }
    }
  }
  return part;
}

bool same(const OracleView& a, const OracleView& b) { return a.records == b.records && a.conflicts == b.conflicts; }

// Others may have written on in a visit while it was open again.
OracleView whoever_was_late(OracleView view) {
  for (auto& [key, record] : view.records) {
    record.edited_late = false;
  }
  return view;
}

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

OracleView SimulatedOffice::view_of(std::size_t index) {
  const OracleNames names{writers_, beliefs_[index].known};
  return names.are_plain() ? oracle_.view(beliefs_[index].known) : oracle_.under(names).view(names.knowledge());
}

// The header as docs/bundle.md describes it, without the program's reader. It speaks in the names that the sender uses.
SimulatedOffice::SharedBundle SimulatedOffice::pack(std::size_t sender, std::string text) {
  auto bundle = std::make_shared<Bundle>();
  const OracleNames names{writers_, beliefs_[sender].known};
  const std::size_t end = text.find("\"changes\":[");
  const nlohmann::json header = nlohmann::json::parse(text.substr(0, end) + "\"changes\":[]}", nullptr, false);
  for (std::size_t index = 0; index < header["devices"].size(); ++index) {
    const Id device = Id::parse(header["devices"][index].get<std::string>()).value_or(Id{});
    for (const auto& [what, by_writer] : {std::pair{"since", &bundle->since}, {"have", &bundle->have}}) {
      // A branch that is told from its base on: that is where what it goes on from ends, and told there.
      const bool is_branch = header.contains("origins") && header["origins"][index].is_array();
      const std::int64_t base = is_branch ? header["origins"][index][1].get<std::int64_t>() : 0;
      const std::int64_t told = header[what][index].get<std::int64_t>(), sequence = told > base ? told : 0;
      const auto point = sequence > 0 ? names.by_writer({device, sequence}) : std::nullopt;
      if (sequence > 0 && !point && problem_.empty()) {
        problem_ = "the header tells of something that the sender does not know: " + device.text() + " " + std::to_string(sequence);
      }
      take_in(*by_writer, point ? writers_.up_to(*point) : Knowledge{});
    }
    const bool is_branch = header.contains("origins") && header["origins"][index].is_array();
    const Id root = is_branch ? Id::parse(header["origins"][index][0].get<std::string>()).value_or(Id{}) : device;
    take_in(bundle->named_since, {{root, header["since"][index].get<std::int64_t>()}});
    take_in(bundle->named_have, {{root, header["have"][index].get<std::int64_t>()}});
  }
  if (bundle->have != beliefs_[sender].known && problem_.empty()) {
    problem_ = "the header does not tell all that the sender knows";
  }
  bundle->text = std::move(text);
  return bundle;
}

// --- what a device wrote ----------------------------------------------------------------------------------------------------

// Where a change goes that a machine wrote after its last: on from there, unless another machine of the same name has been
// there before, with something else.
OracleVersion SimulatedOffice::place_of(const OracleVersion& last, OracleChange& change) {
  std::vector<Id> taken = writers_.forks_after(last);
  if (oracle_.last_of(last.device) > last.sequence) {
    taken.push_back(last.device);
  }
  for (const Id& writer : taken) {
    change.version = {writer, last.sequence + 1};
    const OracleChange* other = oracle_.find(change.version);
    if (other != nullptr && *other == change) {
      return change.version;
    }
  }
  const bool goes_on = oracle_.last_of(last.device) <= last.sequence;
  change.version = {goes_on ? last.device : writers_.fork(last.device, last.sequence), last.sequence + 1};
  return change.version;
}

// The changes that it has added to its log, each of which must replace exactly what this device knew.
void SimulatedOffice::learn_what_was_written(std::size_t index, bool stepping_back) {
  TestDevice& device = *devices_[index];
  Belief& belief = beliefs_[index];
  Knowledge& known = belief.known;
  const Knowledge known_then = known;  // of several actions that are written together none knows of the others
  Log& log = internals(device.store()).log();
  const auto own = log.find_device(device.id());
  const std::int64_t last = own ? log.last_sequence(*own) : 0;
  while (belief.last.sequence < last && problem_.empty()) {
    const std::int64_t sequence = belief.last.sequence + 1;
    const auto read = log.read({*own, sequence});
    const auto chain = log.chain_at(*own, sequence);
    if (!read || !chain) {
      problem_ = "the log cannot be read: " + (read ? chain.error() : read.error()).message.en;
      return;
    }
    OracleChange change = oracle_change(*read, device.store());
    const OracleNames names{writers_, known};
    for (auto& [field, cell] : change.cells) {
      std::set<OracleVersion> replaced;
      for (const OracleVersion& version : cell.replaced) {
        replaced.insert(names.by_writer(version).value_or(OracleVersion{}));
      }
      cell.replaced = std::move(replaced);
    }
    const OracleVersion place = place_of(belief.last, change);
    for (const auto& [field, cell] : change.cells) {
      std::set<OracleVersion> expected = oracle_.heads(known_then, {change.entity, change.row}, field);
      if ((field == deleted_field || field == closed_field) && integer_or(cell.value, 0) != 0) {
        expected.merge(oracle_.all_heads(known_then, {change.entity, change.row}));
      }
      if (!stepping_back && cell.replaced != expected) {
        problem_ = "a change of " + change.entity + " " + change.row.text() + " " + field + " does not replace what was known";
      }
    }
    OracleWriters::ChainStart start;
    std::copy_n(chain->begin(), start.size(), start.begin());
    writers_.learn_chain(place, start);
    belief.last = place;
    take_in(known, writers_.up_to(place));
    if (!oracle_.learn(std::move(change))) {
      problem_ = "the same number was given twice";
    }
  }
}

void SimulatedOffice::check(std::size_t index) {
  if (problem_.empty()) {
    TestDevice& device = *devices_[index];
    if (device.sync().knowledge() != OracleNames(writers_, beliefs_[index].known).knowledge()) {
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
      const OracleNames names{writers_, beliefs_[index].known};
      say(names.are_plain() ? oracle_.history(beliefs_[index].known, differs) : oracle_.under(names).history(names.knowledge(), differs));
      say("made anew from its log: " + device.store().verify().value_or("not possible"));
    }
  }
}

void SimulatedOffice::act(std::size_t index, const std::function<bool(TestDevice&)>& what, bool decision) {
  devices_[index]->environment().now = dice_.now;
  const OracleView before = view_of(index);
  const Knowledge known_before = beliefs_[index].known;
  const bool written = what(*devices_[index]);
  learn_what_was_written(index, false);
  if (written) {
    remember_step(beliefs_[index], known_before, before, view_of(index), decision);
  }
  check(index);
}

// --- undo -------------------------------------------------------------------------------------------------------------------

void SimulatedOffice::remember_step(Belief& belief, const Knowledge& known_before, const OracleView& before, const OracleView& after, bool decision) {
  Step step{.records = {}, .conflicts = {}, .before = {}, .after = {}, .known = belief.known, .known_at_first = belief.known, .decision = decision, .written = {}};
  for (const auto& [writer, last] : belief.known) {
    for (std::int64_t sequence = std::max(last_of(known_before, writer), writers_.base_of(writer)) + 1; sequence <= last; ++sequence) {
      const OracleChange& change = *oracle_.find({writer, sequence});
      for (const auto& [field, cell] : change.cells) {
        step.written[{{change.entity, change.row}, field}].insert(change.version);
      }
    }
  }
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

// "Refused when the heads of a cell are not exactly the versions of the action, or versions that only repeat them: the result of
// undoing and redoing, here or elsewhere." Of a document it is its mark that counts, for its lines too.
bool SimulatedOffice::is_built_upon(const Step& step, const Knowledge& known) {
  const bool of_document = std::ranges::any_of(step.written, [](const auto& cell) { return cell.first.second == document_field; });
  return std::ranges::any_of(step.written, [&](const auto& cell) {
    if (of_document && cell.first.second != document_field) {
      return false;
    }
    return std::ranges::any_of(oracle_.heads(known, cell.first.first, cell.first.second), [&](const OracleVersion& head) {
      const ChangeKind kind = oracle_.find(head)->kind;
      return !cell.second.contains(head) && kind != ChangeKind::undo && kind != ChangeKind::redo;
    });
  });
}

// "What refers to something deleted comes back after that, by undoing": whoever let go of what was in sight only because he referred to it
// brings that back first. A decision's undoing asks again.
bool SimulatedOffice::needs_what_is_deleted(const Step& step, const OracleView& now) {
  return !step.decision && std::ranges::any_of(step.before.records, [&](const auto& one) {
    const auto& [key, record] = one;
    const auto& fields = find_entity(key.first)->fields;
    return record.live && std::ranges::any_of(fields, [&](const Field& field) {
      const bool refers = !field.derived() && field.type == FieldType::reference;
      const OracleKey target{std::string{field.references}, refers ? id_or_empty(record.values.at(std::string{field.id})) : Id{}};
      const auto found = now.records.find(target);
      const bool is_written = step.written.contains({key, std::string{field.id}}) || step.written.contains({key, std::string{deleted_field}});
      return is_written && found != now.records.end() && !found->second.live && !step.written.contains({target, std::string{deleted_field}});
    });
  });
}

// What the step makes (without `after`: would make) of a record that there never was and that no form lets pass, with nobody asked; or "". A
// record about which it decided is asked about again.
std::string SimulatedOffice::mixture_of(const Step& step, const OracleView& to, const OracleView& before, const OracleView* after) {
  for (const auto& [key, then] : to.records) {
    const auto now = before.records.find(key);
    if (!then.live || now == before.records.end() || !now->second.live) {
      continue;
    }
    bool decides = false;
    std::map<std::string, Value> made = now->second.values;
    for (const auto& [cell, versions] : step.written) {
      if (cell.first == key) {
        decides = decides || std::ranges::any_of(versions, [&](const OracleVersion& version) { return oracle_.find(version)->kind == ChangeKind::resolve; });
        made.contains(cell.second) ? void(made[cell.second] = then.values.at(cell.second)) : void();
      }
    }
    const auto is_about_it = [&](const auto& conflict) { return conflict.first.contains(key.second.text()); };
    const bool is_asked = after != nullptr && std::ranges::any_of(after->conflicts, is_about_it);
    const auto wrong = newly_wrong(*find_entity(key.first), then.values, now->second.values, after != nullptr ? after->records.at(key).values : made);
    if (!decides && !is_asked && !wrong.empty()) {
      return key.first + " " + key.second.text() + " " + wrong.front();
    }
  }
  return {};
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
    // Deleting what is in sight only because others refer to it changes nothing that people see, and is not deleted anew.
    const bool changed_something = !step.records.empty() || !step.conflicts.empty();
    if (known_before == step.known && !redo && changed_something && !lacks_own(index) && !needs_what_is_deleted(step, before)) {
      problem_ = "what was done a moment ago cannot be undone: " + done.error().message.en;
      for (const auto& [cell, versions] : step.written) {  // of a decision that only closes a question no record looks another way
        say(oracle_.history(known_before, cell.first.second.text()));
      }
    }
    const std::string& why = done.error().message.en;
    const bool for_mixture = why.contains("together it would not fit") || why.contains("done since and is never changed");
    statistics_.count("mixtures refused", for_mixture ? 1 : 0);
    if (for_mixture && mixture_of(step, to, before, nullptr).empty()) {
      problem_ = "refused though it would fit: " + why;
    }
    return;
  }
  if (is_built_upon(step, known_before)) {
    problem_ = std::string{redo ? "redone" : "undone"} + " though somebody has built upon it";
    for (const OracleKey& key : step.records) {
      say(oracle_.history(known_before, key.second.text()));
    }
    return;
  }
  bool merged_since = false;
  for (const auto& [other, sequence] : known_before) {
    const auto then = step.known_at_first.find(other);
    merged_since = merged_since || (other != belief.last.device && (then == step.known_at_first.end() || then->second < sequence));
  }
  const bool untouched = same(part_of(before, step.records, step.conflicts), from);
  // What others did meanwhile to the other records of a question, and questions about a line of a document that goes back
  // whole, are none of its business.
  const bool of_document = std::ranges::any_of(step.written, [](const auto& cell) { return cell.first.second == document_field; });
  std::set<std::string> questions = step.conflicts;
  std::erase_if(questions, [&](const std::string& key) {
    const bool of_several = key.starts_with("duplicate/") || key.starts_with("only_one/") || key.starts_with("circle/") || key.starts_with("reference/");
    return (merged_since && of_several) || (of_document && key.starts_with("delete/contract_line/"));
  });
  const OracleView shown = view_of(index);
  // "Several heads with different values are an open conflict, unless the record is removed": somebody has deleted it who knew what comes back,
  // and it is in sight only because others refer to it; or it was removed, and the deletion that comes back meets what others wrote meanwhile.
  std::erase_if(questions, [&](const std::string& key) {
    const std::string record = key.starts_with("field/") ? key.substr(6, key.rfind('/') - 6) : "";
    const std::string meeting = "delete/" + record;
    const bool meets_now = shown.conflicts.contains(meeting) && !before.conflicts.contains(meeting) && !to.conflicts.contains(meeting);
    return merged_since && !record.empty() && (meets_now || shown.conflicts.contains("reference/" + record));
  });
  if (const std::string mixed = mixture_of(step, to, before, &shown); !mixed.empty()) {
    problem_ = std::string{redo ? "redone" : "undone"} + " to what never was: " + mixed;
    say(oracle_.history(belief.known, mixed));
    return;
  }
  const OracleView after = part_of(shown, step.records, questions);
  const OracleView wanted = part_of(to, step.records, questions);
  if (untouched && !same(whoever_was_late(after), whoever_was_late(wanted))) {
    const std::string differs = first_difference(wanted, after);
    problem_ = std::string{redo ? "redoing" : "undoing"} + (step.decision ? " a decision" : "") + " does not give back what there was: " + differs;
    say(oracle_.history(belief.known, differs));
    for (const OracleKey& key : step.records) {
      say(oracle_.history(belief.known, key.second.text()));
    }
  }
  statistics_.count(redo ? "redone" : "undone");
  statistics_.count(redo ? "decisions redone" : "decisions undone", step.decision ? 1 : 0);
  statistics_.count("undone after a merge", merged_since ? 1 : 0);
  statistics_.count("merged decisions undone", merged_since && step.decision && !redo ? 1 : 0);
  step.known = redo ? belief.known : step.known;
  stack.standing += redo ? 1 : std::size_t(-1);
}

// "A device whose own id has been split takes a new id. What it wrote before stays in its branch; it can no longer be undone."
void SimulatedOffice::note_own_name(std::size_t index) {
  TestDevice& device = *devices_[index];
  Belief& belief = beliefs_[index];
  const OracleNames names{writers_, belief.known};
  const bool must_change = names.is_cut(belief.device), has_changed = device.id() != belief.device;
  if (must_change != has_changed) {
    problem_ = "device " + std::to_string(index) + (must_change ? " goes on under a name that two machines use" : " has taken another name");
    return;
  }
  if (has_changed) {
    statistics_.count("new names taken");
    say("device " + std::to_string(index) + " is now " + device.id().text());
    belief.device = device.id();
    belief.last = {device.id(), 0};
    belief.stack = {};
  } else if (const std::int64_t last = last_of(names.knowledge(), belief.device); last > 0) {
    belief.last = names.by_writer({belief.device, last}).value_or(belief.last);
  }
}

// "A header whose have for the reader's own id is greater than its own last number: from then on the device writes nothing."
bool SimulatedOffice::lacks_own(std::size_t index) { return devices_[index]->sync().missing_own().has_value(); }

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
  const std::size_t names_before = OracleNames(writers_, known_before).roots().size();
  // It proves that changes of this very machine are lacking; or it may mean them: of a name that several machines use not every header
  // tells which of its histories is whose.
  const OracleVersion own = belief.last;
  const bool lacked_own = lacks_own(receiver);
  const auto tells_of_loss = [&](const SharedBundle& one) { return last_of(one->since, own.device) > own.sequence; };
  const auto may_tell_of_loss = [&](const SharedBundle& one) { return last_of(one->named_since, belief.device) > own.sequence; };
  const auto is_longer = [&](const SharedBundle& one) { return last_of(one->named_have, belief.device) > own.sequence; };
  const bool may_lack_own = lacked_own || std::ranges::any_of(bundles, is_longer) || std::ranges::any_of(belief.waiting, is_longer);
  for (SharedBundle& bundle : bundles) {
    const bool is_waiting = std::ranges::any_of(belief.waiting, [&](const SharedBundle& one) { return one->text == bundle->text; });
    if (!is_waiting && (brings_news(bundle->since, bundle->have, known_before) || tells_of_loss(bundle) || may_tell_of_loss(bundle))) {
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
  statistics_.count("both kept", OracleNames(writers_, belief.known).roots().size() > names_before && names_before > 0 ? 1 : 0);
  note_own_name(receiver);
  learn_what_was_written(receiver, false);  // a merge decides against a clock that is far ahead
  if (report.refused > 0) {
    problem_ = "a sound bundle was refused: " + report.remarks.front().en;
  }
  for (const Sentence& remark : report.remarks) {
    say("  told: " + remark.en);
  }
  for (const SharedBundle& one : belief.waiting) {
    for (const auto& [id, have] : one->have) {
      say("  waits: " + id.text() + " " + std::to_string(last_of(one->since, id)) + " to " + std::to_string(have) + ", known " + std::to_string(last_of(belief.known, id)));
    }
  }
  // One of which everything has come from elsewhere meanwhile may wait for nothing, or not.
  const bool must_wait = std::ranges::any_of(belief.waiting, [&](const SharedBundle& one) { return brings_news(one->since, one->have, belief.known) || tells_of_loss(one); });
  if (report.waiting > 0 ? belief.waiting.empty() : must_wait) {
    problem_ = "device " + std::to_string(receiver) + (report.waiting > 0 ? " lets wait what it could import" : " lets nothing wait, and something is missing");
  }
  const bool must_lack_own = std::ranges::any_of(belief.waiting, [&](const SharedBundle& one) { return last_of(one->have, belief.last.device) > belief.last.sequence; });
  if (lacks_own(receiver) ? !may_lack_own : must_lack_own) {
    problem_ = "device " + std::to_string(receiver) + (must_lack_own ? " writes on, though others have numbers of it that it has not" : " is stopped, though nobody has more of its changes");
  }
  statistics_.count("tablets stopped", lacks_own(receiver) && !lacked_own ? 1 : 0);
  statistics_.count("bundles that wait", belief.waiting.size() > waited ? static_cast<std::int64_t>(belief.waiting.size() - waited) : 0);
  if (belief.known != known_before || below(10) == 0) {
    check(receiver);
  }
}

}  // namespace kehubu::test
