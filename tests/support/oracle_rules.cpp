// Oracle, what docs/merge.md adds: circles, facts that were edited late, fields that do not fit together.
#include <algorithm>
#include <iterator>
#include <functional>
#include <optional>

#include "core/base/text.h"
#include "core/store/log.h"
#include "tests/support/oracle.h"

namespace kehubu::test {
namespace {

const std::string closing{closed_field};

using Values = std::map<std::string, Value>;

struct Hierarchy {
  const char *entity, *field;
};
constexpr Hierarchy no_way_back[] = {{"customer", "parent"},    {"customer", "merged_into"}, {"org_unit", "parent"}, {"employee", "reports_to"},
                                     {"contact", "reports_to"}, {"interaction", "corrects"}, {"interaction", "follows"}};

std::string text(const Values& values, const char* field) { return text_or_empty(values.at(field)); }
bool empty(const Values& values, const char* field) { return is_null(values.at(field)); }
std::int64_t number(const Values& values, const char* field) { return integer_or(values.at(field), 0); }
bool is_one_of(const std::string& word, std::initializer_list<std::string_view> words) { return std::ranges::find(words, word) != words.end(); }

struct Rule {
  const char *entity, *name;
  std::vector<std::string> fields;
  std::function<bool(const Values&)> broken;
};

// "Dates in order, percentages over 100 % together, a payment term without its number, merged without into whom, planned without
// a time, done at no time or with nobody, a next contact that is not after this one, a visit without a purpose, lost without a reason
// of five characters, won or lost without a day, an offer without an expected close, consent without its date."
const std::vector<Rule> rules = {
    {"customer", "coop_dates", {"coop_start", "coop_end"}, [](const Values& of) { return !empty(of, "coop_start") && !empty(of, "coop_end") && text(of, "coop_end") < text(of, "coop_start"); }},
    {"customer", "merged", {"status", "merged_into"}, [](const Values& of) { return text(of, "status") == "merged" && empty(of, "merged_into"); }},
    {"customer", "percentages", {"term_percent", "term_percent2"}, [](const Values& of) { return number(of, "term_percent") + number(of, "term_percent2") > 100'00; }},
    {"customer", "term", {"payment_term", "term_days", "term_day_of_month", "term_percent", "term_percent2", "term_floor"},
     [](const Values& of) {
       const std::string term = text(of, "payment_term");
       const bool wants_days = is_one_of(term, {"monthly_bill", "bill_days", "net_days", "prev_batch", "prepaid_then_net", "cod_then_net", "prepaid_then_batch"});
       const bool wants_percent = is_one_of(term, {"prepaid_then_net", "cod_then_net", "prepaid_then_batch"});
       return (term == "monthly_cash" && empty(of, "term_day_of_month")) || (wants_days && empty(of, "term_days")) || (wants_percent && empty(of, "term_percent")) ||
              (term == "prepaid_then_batch" && empty(of, "term_percent2")) || (term == "floor_stock" && empty(of, "term_floor"));
     }},
    {"contact", "consent", {"consent", "consent_on"}, [](const Values& of) { return number(of, "consent") == 1 && empty(of, "consent_on"); }},
    {"interaction", "done_when", {"status", "occurred_at"}, [](const Values& of) { return text(of, "status") == "done" && empty(of, "occurred_at"); }},
    {"interaction", "done_with", {"status", "contact", "contact_text"}, [](const Values& of) { return text(of, "status") == "done" && empty(of, "contact") && empty(of, "contact_text"); }},
    {"interaction", "next", {"occurred_at", "next_at"}, [](const Values& of) { return !empty(of, "occurred_at") && !empty(of, "next_at") && number(of, "next_at") <= number(of, "occurred_at"); }},
    {"interaction", "planned", {"status", "planned_at"}, [](const Values& of) { return text(of, "status") == "planned" && empty(of, "planned_at"); }},
    {"interaction", "purpose", {"kind", "purpose"}, [](const Values& of) { return text(of, "kind") == "visit" && empty(of, "purpose"); }},
    {"opportunity", "closed", {"stage", "closed_on"}, [](const Values& of) { return is_one_of(text(of, "stage"), {"won", "lost"}) && empty(of, "closed_on"); }},
    {"opportunity", "lost", {"stage", "lost_reason", "lost_analysis"}, [](const Values& of) { return text(of, "stage") == "lost" && (empty(of, "lost_reason") || count_code_points(text(of, "lost_analysis")) < 5); }},
    {"opportunity", "offered", {"stage", "expected_close"}, [](const Values& of) { return is_one_of(text(of, "stage"), {"proposal", "quoted", "negotiation", "contract"}) && empty(of, "expected_close"); }},
};

struct Choice {
  const char *entity, *lead;
  std::vector<std::string> follow;
};
const std::vector<Choice> choices = {
    {"customer", "status", {"merged_into"}},
    {"customer", "payment_term", {"term_days", "term_day_of_month", "term_percent", "term_percent2", "term_floor"}},
    {"contact", "consent", {"consent_on"}},
    {"opportunity", "stage", {"stage_since", "probability", "level", "closed_on", "lost_reason", "lost_analysis", "lost_remedy", "lost_manager_opinion"}},
};

bool is_open_field(const Entity& entity, std::string_view field) {
  return ("|" + std::string{entity.fact_open_fields} + "|").contains("|" + std::string{field} + "|");
}

}  // namespace

std::vector<std::string> newly_wrong(const Entity& entity, const Values& then, const Values& before, const Values& after) {
  std::vector<std::string> wrong;
  for (const Rule& rule : rules) {
    rule.entity == entity.id && rule.broken(after) && !rule.broken(before) && !rule.broken(then) ? void(wrong.emplace_back(rule.name)) : void();
  }
  const auto is_closed = [&](const Values& of) { return !entity.fact_field.empty() && text_or_empty(of.at(std::string{entity.fact_field})) == entity.fact_value; };
  const bool changes = std::ranges::any_of(after, [&](const auto& one) { return !is_open_field(entity, one.first) && one.second != before.at(one.first); });
  changes && is_closed(before) && is_closed(after) && !is_closed(then) ? void(wrong.emplace_back("closed")) : void();
  return wrong;
}

// "While a head of _closed is 1 and the fact field stands at its value, the record is shown as the first who closed it did, by (clock,
// device id, sequence): a field that is not among fact_open_fields by its versions among those that this closing knew, less what they
// replaced; of the others what another closing wrote does not count. What the closing device itself wrote later counts, and so
// does a decision that builds on all that it had of the field; what undoing it wrote is what it repeats."
Oracle::Heads Oracle::without_late_edits(const Entity& entity, Heads heads, const Changes& changes) const {
  // The closings that one goes back to, itself included, and what they knew.
  const auto chain_of = [&](const OracleVersion& mark) {
    std::set<OracleVersion> chain{mark}, knew{mark}, seen;
    std::vector<OracleVersion> waiting{said_by(mark, closing)};  // one that stands again since a decision was undone knows what it knew at first
    while (!waiting.empty()) {
      const OracleVersion version = waiting.back();
      waiting.pop_back();
      const auto cell = changes_.at(version).cells.find(closing);
      if (cell != changes_.at(version).cells.end() && seen.insert(version).second) {
        chain.insert(version);
        waiting.insert(waiting.end(), cell->second.replaced.begin(), cell->second.replaced.end());
      }
      knew.insert(version);
    }
    return std::pair{chain, knew};
  };
  std::set<OracleVersion> known, others;
  std::optional<OracleVersion> first;
  for (const OracleVersion& mark : heads[closing]) {
    const auto age = [&](const OracleVersion& one) { return std::pair{changes_.at(said_by(one, closing)).clock, said_by(one, closing)}; };
    if (integer_or(changes_.at(mark).cells.at(closing).value, 0) != 0 && (!first || age(mark) < age(*first))) {
      first = mark;
    }
  }
  std::set<Id> closing_devices;
  if (first) {
    closing_devices.insert(said_by(*first, closing).device);  // and not who undid a decision about it
    known = chain_of(*first).second;
  }
  for (const OracleVersion& mark : heads[closing]) {
    for (const OracleVersion& version : known.contains(mark) ? std::set<OracleVersion>() : chain_of(mark).first) {
      known.contains(version) ? void() : void(others.insert(version));
    }
  }
  const std::set<OracleVersion>& states = heads[std::string{entity.fact_field}];
  if (closing_devices.empty() || states.empty()) {
    return heads;
  }
  const OracleVersion state = standing(*entity.find(entity.fact_field), states);
  if (text_or_empty(changes_.at(state).cells.at(std::string{entity.fact_field}).value) != entity.fact_value) {
    return heads;
  }
  for (const Field& field : entity.fields) {
    const std::string name{field.id};
    if (field.derived() || name == entity.fact_field) {
      continue;
    }
    const bool is_open = is_open_field(entity, name);
    // What some of these versions of the field build on, also where what lies between is none of them.
    const auto overtaken_by = [&](const std::set<OracleVersion>& versions) {
      std::set<OracleVersion> overtaken;
      std::vector<OracleVersion> building(versions.begin(), versions.end());
      while (!building.empty()) {
        const auto& cells = changes_.at(building.back()).cells;
        building.pop_back();
        for (const OracleVersion& version : cells.contains(name) ? cells.at(name).replaced : std::set<OracleVersion>()) {
          overtaken.insert(version).second ? building.push_back(version) : void();
        }
      }
      return overtaken;
    };
    const auto youngest = [&](std::set<OracleVersion> versions) {
      const std::set<OracleVersion> overtaken = overtaken_by(versions);
      std::erase_if(versions, [&](const OracleVersion& version) { return overtaken.contains(version); });
      return versions;
    };
    std::set<OracleVersion> had, shown;  // by those who closed it; and with what counts since
    for (const OracleChange* change : changes) {
      change->cells.contains(name) && known.contains(change->version) ? void(had.insert(change->version)) : void();
      change->cells.contains(name) && (known.contains(change->version) || (!is_open && closing_devices.contains(change->version.device))) ? void(shown.insert(change->version)) : void();
    }
    const auto counts = [&](const OracleVersion& head) {
      if (known.contains(head) || closing_devices.contains(head.device)) {
        return true;
      }
      const OracleVersion said = said_by(head, name);
      if (is_open) {
        return !others.contains(head) && !others.contains(said);
      }
      const std::set<OracleVersion> decided_upon = overtaken_by({said});
      return known.contains(said) || closing_devices.contains(said.device) ||
             (changes_.at(said).kind == ChangeKind::resolve && std::ranges::includes(decided_upon, youngest(had)));
    };
    if (!std::ranges::all_of(heads[name], counts)) {
      std::ranges::copy_if(heads[name], std::inserter(shown, shown.end()), counts);
      heads[name] = youngest(shown);
    }
  }
  return heads;
}

// What a step goes back over: of several that it names, stepping back and forth lies between. None where it is no step.
const OracleChange* Oracle::stepped_over(const OracleChange& change, const std::string& field) const {
  const OracleChange* undone = nullptr;
  if (change.kind != ChangeKind::undo && change.kind != ChangeKind::redo) {
    return undone;
  }
  for (const OracleVersion& version : change.cells.at(field).replaced) {
    const OracleChange& older = changes_.at(version);
    const bool fits = root_of(version.device) == root_of(change.version.device) && older.cells.contains(field) &&
                      (older.kind == ChangeKind::undo) == (change.kind == ChangeKind::redo);
    undone = fits && (undone == nullptr || undone->version.sequence < version.sequence) ? &older : undone;
  }
  return undone;
}

// "A version that repeats a side of an undone decision, and one that is redone, is shown as what it repeats."
OracleVersion Oracle::said_by(OracleVersion head, const std::string& field) const {
  while (true) {
    const OracleChange& change = changes_.at(head);
    const OracleChange* undone = stepped_over(change, field);
    if (undone == nullptr) {
      return head;
    }
    const bool of_decision = changes_.at(said_by(undone->version, field)).kind == ChangeKind::resolve;
    if (change.kind == ChangeKind::undo && !of_decision) {
      return head;  // who takes his own edit back speaks for himself
    }
    const OracleVersion repeated = repeated_by(head, field, *undone);
    if (repeated == head) {
      return head;
    }
    head = repeated;
  }
}

// "A cell that was empty and is so again is nobody's word."
bool Oracle::is_nobodys(OracleVersion head, const std::string& field) const {
  while (true) {
    const OracleChange& change = changes_.at(head);
    const OracleChange* undone = is_null(change.cells.at(field).value) ? stepped_over(change, field) : nullptr;
    if (undone == nullptr) {
      return false;
    }
    const OracleVersion repeated = repeated_by(head, field, *undone);
    if (repeated == head) {
      return true;
    }
    head = repeated;
  }
}

// What the step back over another change says again; itself where there was nothing. Of several sides with the same value they follow
// each other as they did.
OracleVersion Oracle::repeated_by(const OracleVersion& head, const std::string& field, const OracleChange& undone) const {
  const OracleChange& change = changes_.at(head);
  std::vector<OracleVersion> said, written;
  Changes before;  // a mark names versions for what they say of other cells, too
  for (const OracleVersion& version : undone.cells.at(field).replaced) {
    changes_.at(version).cells.contains(field) ? before.push_back(&changes_.at(version)) : void();
  }
  const std::set<OracleVersion> heads_then = heads_of(before)[field];
  for (const OracleVersion& version : heads_then) {
    changes_.at(version).cells.at(field).value == change.cells.at(field).value ? said.push_back(version) : void();
  }
  for (const OracleVersion& version : of_record_.at({change.entity, change.row})) {
    const OracleChange& other = changes_.at(version);
    const auto cell = other.cells.find(field);
    if (other.kind == change.kind && root_of(version.device) == root_of(head.device) && cell != other.cells.end() && cell->second.replaced == change.cells.at(field).replaced &&
        cell->second.value == change.cells.at(field).value) {
      written.push_back(version);
    }
  }
  const auto place = static_cast<std::size_t>(std::ranges::find(written, head) - written.begin());
  return place < said.size() ? said[place] : head;
}

// "Of its references the youngest by (device id, sequence) is shown empty; one side for each reference, of those whose references stay; who
// wrote another value of that field is none of them. Deleted records break a circle. A record that names itself alone is settled: shown empty."
void Oracle::empty_circles(OracleView& view, const ByRecord& changes, const std::set<OracleKey>& removed, std::set<std::pair<OracleKey, std::string>>& emptied) const {
  for (const auto& [entity_name, field_name] : no_way_back) {
    const Entity& entity = *find_entity(entity_name);
    const Field& field = *entity.find(field_name);
    std::map<Id, Id> leads_to;
    for (const auto& [key, record] : view.records) {
      const Id target = key.first == entity_name && !removed.contains(key) ? id_or_empty(record.values.at(field_name)) : Id{};
      if (!target.empty()) {
        leads_to[key.second] = target;
      }
    }
    std::set<Id> done;
    for (const auto& [begin, first] : leads_to) {
      std::vector<Id> path;
      Id at = begin;
      while (leads_to.contains(at) && std::ranges::find(path, at) == path.end() && !done.contains(at)) {
        path.push_back(at);
        at = leads_to.at(at);
      }
      const auto circle = std::ranges::find(path, at);
      const std::vector<Id> members(circle, path.end());
      done.insert(path.begin(), path.end());
      if (members.empty()) {
        continue;
      }
      OracleVersion youngest;
      OracleKey shown_empty;
      OracleConflict conflict;
      for (const Id& member : members) {
        const std::set<OracleVersion> heads = shown_heads(entity, changes.at({entity_name, member})).at(field_name);
        const OracleVersion version = said_by(standing(field, heads), field_name);
        if (shown_empty.second.empty() || youngest < version) {
          youngest = version;
          shown_empty = {entity_name, member};
        }
      }
      view.records.at(shown_empty).values[field_name] = Value{};
      emptied.insert({shown_empty, field_name});
      if (members.size() > 1) {
        for (const Id& emptied_one : members) {
          std::set<OracleVersion> stay;
          for (const Id& member : members) {
            std::set<OracleVersion> heads = shown_heads(entity, changes.at({entity_name, member})).at(field_name);
            std::erase_if(heads, [&](const OracleVersion& head) { return id_or_empty(changes_.at(head).cells.at(field_name).value) != leads_to.at(member); });
            stay.merge(member == emptied_one ? std::set<OracleVersion>() : heads);
          }
          conflict.sides[stay] = emptied_one == shown_empty.second;
        }
        view.conflicts["circle/" + std::string{entity_name} + "/" + field_name + "/" + std::ranges::min(members).text()] = conflict;
      }
    }
  }
}

// "It is looked at where no one device has said all that is shown of its fields, each decision counted apart. While one of its fields is a conflict of its own, it waits for that."
void Oracle::find_broken_rules(OracleView& view, const ByRecord& changes, const std::set<OracleKey>& removed, const std::set<std::pair<OracleKey, std::string>>& emptied) const {
  for (const auto& [key, of_this] : changes) {
    for (const Rule& rule : rules) {
      if (rule.entity != key.first || removed.contains(key) || !rule.broken(view.records.at(key).values)) {
        continue;
      }
      using Speaker = std::pair<Id, std::int64_t>;  // a device, and by which decision if by one
      std::optional<std::set<Speaker>> said_all;    // those whose word all of it is
      bool waits = false;
      Heads heads = shown_heads(*find_entity(key.first), of_this);
      for (const std::string& field : rule.fields) {
        waits = waits || emptied.contains({key, field}) || view.conflicts.contains("field/" + key.first + "/" + key.second.text() + "/" + field);
        for (const Choice& choice : choices) {  // a field that follows from a choice waits for that
          waits = waits || (choice.entity == key.first && std::ranges::find(choice.follow, field) != choice.follow.end() &&
                            view.conflicts.contains("field/" + key.first + "/" + key.second.text() + "/" + choice.lead));
        }
        if (heads[field].empty()) {
          continue;
        }
        const Value& stands = changes_.at(standing(*find_entity(key.first)->find(field), heads[field])).cells.at(field).value;
        if (is_null(stands) && std::ranges::any_of(heads[field], [&](const OracleVersion& head) { return is_nobodys(head, field); })) {
          continue;
        }
        std::set<Speaker> speakers;
        for (const OracleVersion& head : heads[field]) {
          const OracleVersion said = said_by(head, field);
          const OracleChange& change = changes_.at(said);
          const Speaker speaker{said.device, change.kind == ChangeKind::resolve ? change.action : 0};
          const bool says_so = changes_.at(head).cells.at(field).value == stands && (!said_all || said_all->contains(speaker));
          says_so ? void(speakers.insert(speaker)) : void();
        }
        said_all = speakers;
      }
      if (said_all && said_all->empty() && !waits) {
        view.conflicts["rule/" + key.first + "/" + key.second.text() + "/" + rule.name];
      }
    }
  }
}

// "Fields that follow from one choice: a question about the choice is asked with them, and till then they stand as the side has them."
void Oracle::ask_choices_as_one(OracleView& view) {
  for (const Choice& choice : choices) {
    std::vector<std::string> asked;  // "field/customer/<id>/"
    for (const auto& [key, sides] : view.conflicts) {
      const std::string begin = std::string("field/") + choice.entity + "/", end = std::string("/") + choice.lead;
      key.starts_with(begin) && key.ends_with(end) ? asked.push_back(key.substr(0, key.size() - end.size() + 1)) : void();
    }
    for (const std::string& record : asked) {
      for (const std::string& field : choice.follow) {
        view.conflicts.erase(record + field);
        const std::size_t begin = std::string("field/").size() + std::string(choice.entity).size() + 1;
        view.records.at({choice.entity, Id::parse(std::string_view(record).substr(begin, record.size() - begin - 1)).value()}).values.erase(field);
      }
    }
  }
}

// "Of which records there may be only one: the fields in which they are alike, the mark that only one of them may have, whether
// one must have it. What the tables show decides, whoever made them."
void Oracle::find_more_than_one(OracleView& view) {
  struct Only {
    const char *entity, *name;
    std::vector<std::string> alike;  // where the first is empty, a record is like no other
    std::string mark;
    Value marked;
    bool at_least_one;
    std::string apart = {};  // only those that differ in it
  };
  static const std::vector<Only> only_one_of = {
      {"contact", "primary", {"customer"}, "is_primary", std::int64_t{1}, true}, {"interaction", "plan", {"follows"}, "status", std::string{"planned"}, false},
      {"product", "name_and_spec", {"name", "spec"}, {}, {}, false},             {"org_unit", "name", {"name", "parent"}, {}, {}, false},
      {"dict_item", "ident", {"ident", "list"}, {}, {}, false},                 {"dict_item", "label", {"zh", "list"}, "active", std::int64_t{1}, false, "ident"},
  };
  for (const Only& only : only_one_of) {
    struct Group {
      std::set<OracleKey> all;
      std::size_t marked = 0;
      std::set<Value> different;
    };
    std::map<std::string, Group> groups;
    for (const auto& [key, record] : view.records) {
      if (key.first != only.entity || !record.live || is_null(record.values.at(only.alike.front()))) {
        continue;
      }
      std::string name = "only_one/" + key.first + "/" + only.name;
      for (const std::string& field : only.alike) {
        const Value& value = record.values.at(field);
        const auto* id = std::get_if<Id>(&value);
        const std::string text = id != nullptr ? id->text() : text_or_empty(value);
        name += "/" + (is_null(value) ? std::string() : std::to_string(text.size()) + ":" + text);
      }
      Group& group = groups[name];
      group.all.insert(key);
      const bool is_marked = only.mark.empty() || record.values.at(only.mark) == only.marked;
      only.apart.empty() || !is_marked ? void() : void(group.different.insert(record.values.at(only.apart)));
      group.marked += is_marked ? 1 : 0;
    }
    for (const auto& [name, group] : groups) {
      if ((group.marked > 1 && (only.apart.empty() || group.different.size() > 1)) || (only.at_least_one && group.marked == 0 && group.all.size() > 1)) {
        view.conflicts[name].records = group.all;
      }
    }
  }
}

}  // namespace kehubu::test
