// What a merge settles because no one device would have allowed it: references that lead in a circle, fields of a record that
// do not fit together. core/rules/merge_rules.h declares which, docs/merge.md says what becomes of them.
#include <algorithm>

#include "core/base/sort.h"
#include "core/rules/merge_rules.h"
#include "core/store/materialiser_parts.h"

namespace kehubu {
namespace {

// Deleted: out of sight unless somebody misses it.
bool is_hidden_by_deletion(std::int64_t flags) { return (flags & flag_removed) != 0; }

// The bits of one hierarchy of the table.
struct LinkFlags {
  std::int64_t cut = 0, circle = 0;
};

LinkFlags flags_of(const Table& table, std::size_t field) {
  const auto ordinal = std::ranges::find(table.hierarchies, field) - table.hierarchies.begin();
  return {std::int64_t{256} << ordinal, std::int64_t{1024} << ordinal};
}

std::string joined(const std::vector<Id>& members) {
  std::string text;
  for (const Id& member : members) {
    text += (text.empty() ? "" : ",") + member.text();
  }
  return text;
}

}  // namespace

std::vector<Id> ids_of(std::string_view text) {
  std::vector<Id> members;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    members.push_back(Id::parse(text.substr(0, end)).value_or(Id{}));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return members;
}

// Notes what settle_circles() and settle_rules() have to look at because of the record that is being merged.
void Materialiser::Parts::note_for_rules(const Table& table, const Id& row, std::int64_t flags, bool late) {
  if (table.hierarchies.empty() && table.rules.empty()) {
    return;
  }
  const bool life_changed = stored.row_number != 0 && is_hidden_by_deletion(stored.flags) != is_hidden_by_deletion(flags);
  FieldSet written;
  for (const Fresh& cell : fresh) {
    if (const int index = table.field_index(cell.head.field); index >= 0) {
      written.set(static_cast<std::size_t>(index));
    }
  }
  const auto is_fresh = [&](std::size_t field) { return written.test(field); };
  for (const std::size_t field : table.hierarchies) {
    if (is_fresh(field) || (flags & (flag_circle | flag_cut)) != 0 ||
        (life_changed && !heads_of(heads, table.field_symbols[field]).empty())) {
      links.push_back({&table, field, row});
    }
  }
  const bool touched = life_changed || late || (stored.flags & flag_rule) != 0;
  if (table.rules.empty() || (is_one_device(heads) && !touched && !unchecked.contains(row))) {
    return;  // one device has checked all of it
  }
  const auto is_concerned = [&](const Table::Rule& rule) { return touched || std::ranges::any_of(rule.fields, is_fresh); };
  if (std::ranges::any_of(table.rules, is_concerned)) {
    ruled.push_back({&table, row});
  }
}

// --- circles ------------------------------------------------------------------------------------------------------------

// Where the reference leads by the log, whether or not it is cut. A deleted record leads nowhere.
Result<Id> Materialiser::Parts::link_of(const Table& table, std::size_t field, const Id& row) {
  Statement& select = database.statement("SELECT flags, " + quoted(table.entity->fields[field].id) + " FROM " + table.name + " WHERE id = ?");
  select.bind(1, row);
  const bool found = select.row();
  const std::int64_t flags = found ? select.integer(0) : 0;
  const Id target = found ? select.id(1) : Id{};
  select.reset();
  KEHUBU_TRY(select.status());
  if (!found || is_hidden_by_deletion(flags) || (flags & flags_of(table, field).cut) == 0) {
    return is_hidden_by_deletion(flags) ? Id{} : target;
  }
  KEHUBU_TRY(load(table, row));
  return link_by_log(table, field, row);
}

// Of the record that is loaded.
Result<Id> Materialiser::Parts::link_by_log(const Table& table, std::size_t field, const Id& row) {
  KEHUBU_TRY_ASSIGN(follows, is_hidden_by_deletion(stored.flags) ? Result<bool>(false) : follows_question(table, field));
  if (follows) {
    KEHUBU_TRY_ASSIGN(values, following(table, table.choices[static_cast<std::size_t>(table.choice_of[field])], row));
    const auto value = std::ranges::find(values, field, &std::pair<std::size_t, Value>::first);
    if (value != values.end()) {
      return id_or_empty(value->second);
    }
    KEHUBU_TRY(load(table, row));
  }
  KEHUBU_TRY_ASSIGN(cell, shown_cell(table, field));
  KEHUBU_TRY(load_candidates(table.field_symbols[field], cell));
  return candidates.empty() ? Id{} : id_or_empty(unpack_value(standing(table.entity->fields[field]).value));
}

// The ends are members, alive all of them: whoever is deleted is looked at by settle_reference() because of that.
Status Materialiser::Parts::write_link(const Table& table, std::size_t field, const Id& row, const Id& target, std::int64_t set,
                                       std::int64_t cleared) {
  KEHUBU_TRY(load(table, row));
  KEHUBU_TRY(load_watched(table));
  const auto column = static_cast<std::size_t>(std::ranges::find(table.watched, field) - table.watched.begin());
  watched_now = watched_before;
  watched_now[column] = target.empty() ? Value() : Value(target);
  note_only_ones(table, stored.live, stored.live);
  Statement& update = database.statement("UPDATE " + table.name + " SET flags = ?, " + quoted(table.entity->fields[field].id) +
                                         " = ? WHERE row_number = ?");
  update.bind(1, (stored.flags & ~cleared) | set);
  target.empty() ? update.bind_null(2) : update.bind(2, target);
  update.bind(3, stored.row_number);
  touch(table, stored.row_number);
  ruled.push_back({&table, row});
  return update.run();
}

Status Materialiser::Parts::restore_link(const Table& table, std::size_t field, const Id& row) {
  KEHUBU_TRY(load(table, row));
  KEHUBU_TRY_ASSIGN(target, link_by_log(table, field, row));
  const auto [cut, circle] = flags_of(table, field);
  return write_link(table, field, row, target, 0, cut | circle);
}

// The circles that the record was part of are taken apart, and all their members looked at again.
Status Materialiser::Parts::dissolve_circles(const Link& link) {
  const Table& table = *link.table;
  const Field& field = table.entity->fields[link.field];
  const auto [cut, circle] = flags_of(table, link.field);
  KEHUBU_TRY(load(table, link.row));
  const std::int64_t flags = stored.flags & (cut | circle);
  if (flags == 0) {
    return {};
  }
  std::vector<std::string> circles;
  Statement& select = database.statement("SELECT detail FROM conflict WHERE kind = ? AND entity = ? AND field = ? AND instr(detail, ?) > 0");
  const std::string name = link.row.text();
  select.bind(1, static_cast<std::int64_t>(StoredConflict::circle)).bind(2, std::int64_t{table.symbol});
  select.bind(3, std::int64_t{table.field_symbols[link.field]}).bind(4, std::string_view(name));
  while (select.row()) {
    circles.emplace_back(select.text(0));
  }
  KEHUBU_TRY(select.status());
  for (const std::string& members : circles) {
    for (const Id& member : ids_of(members)) {
      KEHUBU_TRY(restore_link(table, link.field, member));
      links.push_back({&table, link.field, member});
    }
    KEHUBU_TRY(close_conflict(table, StoredConflict::circle, {}, &field, members));
  }
  return flags == cut ? restore_link(table, link.field, link.row) : Status();  // a circle of one is no conflict
}

// The youngest of the references is shown empty, so that what stood first stands; which one goes, a person decides.
Status Materialiser::Parts::cut_circle(const Table& table, std::size_t field, std::vector<Id> members) {
  std::rotate(members.begin(), std::ranges::min_element(members), members.end());
  const SymbolNumber symbol = table.field_symbols[field];
  std::size_t youngest = 0;
  std::optional<Version> youngest_version;
  for (std::size_t index = 0; index < members.size(); ++index) {
    KEHUBU_TRY(load(table, members[index]));
    KEHUBU_TRY_ASSIGN(cell, shown_cell(table, field));
    KEHUBU_TRY(load_candidates(symbol, cell));
    // A reference that a decision emptied and that is back is as old as it was: what stood stands again.
    KEHUBU_TRY_ASSIGN(version, said_by(standing(table.entity->fields[field]).version, table.entity->fields[field].id));
    const auto age = [this](Version one) { return std::pair{log.device_id(one.device), one.sequence}; };
    if (!youngest_version || age(*youngest_version) < age(version)) {
      youngest = index;
      youngest_version = version;
    }
  }
  const auto [cut, circle] = flags_of(table, field);
  if (members.size() == 1) {
    return write_link(table, field, members.front(), {}, cut, 0);  // nothing to choose from
  }
  for (std::size_t index = 0; index < members.size(); ++index) {
    const Id target = index == youngest ? Id{} : members[(index + 1) % members.size()];
    KEHUBU_TRY(write_link(table, field, members[index], target, circle | (index == youngest ? cut : 0), 0));
  }
  return open_conflict(table, StoredConflict::circle, members[youngest], &table.entity->fields[field], joined(members));
}

// Every record has one such reference, so circles never share a record, and the order in which they are found does not matter.
Status Materialiser::Parts::settle_circles() {
  for (std::size_t next = 0; next < links.size(); ++next) {
    const Link link = links[next];
    KEHUBU_TRY(dissolve_circles(link));
  }
  kehubu::sort(links);
  links.erase(std::ranges::unique(links).begin(), links.end());
  std::set<Link> passed;  // where a walk has been no other need go on: each link is followed once
  for (const Link& link : std::vector<Link>(links)) {
    std::vector<Id> path;
    Id at = link.row;
    while (!at.empty() && passed.insert({link.table, link.field, at}).second) {
      path.push_back(at);
      KEHUBU_TRY_ASSIGN(next, link_of(*link.table, link.field, at));
      at = next;
    }
    const auto entered = std::ranges::find(path, at);
    if (entered != path.end()) {
      KEHUBU_TRY(cut_circle(*link.table, link.field, {entered, path.end()}));
    }
  }
  return {};
}

// --- fields that do not fit ---------------------------------------------------------------------------------------------

// Whose word the standing value of a cell is: nobody's where there is none, or where undoing emptied it again.
Result<std::set<Materialiser::Parts::Speaker>> Materialiser::Parts::speakers_of(const Field& field, std::span<const Head> cell) {
  std::set<Speaker> speakers;
  if (cell.empty()) {
    return speakers;
  }
  KEHUBU_TRY(load_candidates(cell.front().field, cell));
  const std::string stands{standing(field).value};
  std::vector<Version> saying;
  for (const Candidate& one : candidates) {
    one.value == stands ? saying.push_back(one.version) : void();
  }
  for (const Version& version : saying) {
    Originals known;
    KEHUBU_TRY_ASSIGN(first_said, is_null(unpack_value(stands)) ? original(version, field.id, known) : Result<std::optional<Version>>(version));
    if (!first_said) {
      return std::set<Speaker>();
    }
    KEHUBU_TRY_ASSIGN(said, said_by(version, field.id));
    KEHUBU_TRY_ASSIGN(raw, log.read_raw(said));
    speakers.insert({said.device, static_cast<ChangeKind>(raw.header.kind) == ChangeKind::resolve ? raw.header.action : 0});
  }
  return speakers;
}

// Where the record is settled otherwise, and somebody has to answer for it: what one speaker said was checked where it was said.
Result<bool> Materialiser::Parts::is_broken(const Table& table, const Table::Rule& rule, const Id& row) {
  std::optional<std::set<Speaker>> said_all;  // those whose word all of it is, also where a decision was undone
  std::string waiting;
  KEHUBU_TRY_ASSIGN(shown_now, shown_of(table, heads));
  for (const std::size_t field : rule.fields) {
    // What is cut is empty only until somebody decides.
    if (std::ranges::find(table.hierarchies, field) != table.hierarchies.end() && (stored.flags & flags_of(table, field).cut) != 0) {
      return false;
    }
    waiting += (waiting.empty() ? "" : ", ") + std::to_string(table.field_symbols[field]);
    const int choice = table.choice_of[field];  // a field that follows from a choice waits for that
    waiting += choice >= 0 ? ", " + std::to_string(table.field_symbols[table.choices[static_cast<std::size_t>(choice)].lead]) : "";
    const Field& declared = table.entity->fields[field];
    KEHUBU_TRY_ASSIGN(speakers, speakers_of(declared, heads_of(shown_now, table.field_symbols[field])));
    if (!speakers.empty() && said_all) {
      std::erase_if(*said_all, [&](const Speaker& speaker) { return !speakers.contains(speaker); });
    } else if (!speakers.empty()) {
      said_all = std::move(speakers);
    }
  }
  if (!said_all || !said_all->empty()) {
    return false;
  }
  Statement& select = database.statement("SELECT coalesce(" + std::string(rule.rule->broken_sql) + ", 0) AND NOT EXISTS(SELECT 1 FROM conflict c"
                                         " WHERE c.row = ?1 AND c.kind = 0 AND c.field IN (" + waiting + ")) FROM " + table.name + " AS r WHERE r.id = ?1");
  select.bind(1, row);
  const bool broken = select.row() && select.integer(0) != 0;
  select.reset();
  KEHUBU_TRY(select.status());
  return broken;
}

Status Materialiser::Parts::settle_rules(const Target& target) {
  const Table& table = *target.table;
  KEHUBU_TRY(load(table, target.id));
  const bool was_broken = (stored.flags & flag_rule) != 0;
  const bool hidden = stored.row_number == 0 || is_hidden_by_deletion(stored.flags);
  bool any = false;
  for (const Table::Rule& rule : table.rules) {
    bool broken = false;
    if (!hidden) {
      KEHUBU_TRY_ASSIGN(found, is_broken(table, rule, target.id));
      broken = found;
    }
    const Value detail{std::string(rule.rule->id)};
    const Field& field = table.entity->fields[rule.fields.front()];
    if (broken) {
      KEHUBU_TRY(open_conflict(table, StoredConflict::rule, target.id, &field, detail));
    } else if (was_broken) {
      KEHUBU_TRY(close_conflict(table, StoredConflict::rule, target.id, &field, detail));
    }
    any = any || broken;
  }
  if (any == was_broken) {
    return {};
  }
  Statement& update = database.statement("UPDATE " + table.name + " SET flags = ? WHERE row_number = ?");
  touch(table, stored.row_number);
  return update.bind(1, any ? stored.flags | flag_rule : stored.flags & ~std::int64_t{flag_rule}).bind(2, stored.row_number).run();
}

}  // namespace kehubu
