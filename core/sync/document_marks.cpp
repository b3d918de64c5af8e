#include "core/sync/document_marks.h"

#include <algorithm>

#include "core/base/sort.h"
#include "core/sync/concerns.h"

namespace kehubu {

Result<DocumentMarks> DocumentMarks::read(StoreInternals& store, const RecordName& document, std::span<const Version> beside) {
  DocumentMarks marks{store};
  KEHUBU_TRY_ASSIGN(heads, store.materialiser().heads(*document.entity, document.row, document_field));
  KEHUBU_TRY(marks.walk(heads));
  std::vector<std::pair<std::int64_t, Version>> by_time;
  for (const Mark& mark : marks.marks_) {
    if (mark.decides) {
      by_time.emplace_back(mark.clock, mark.version);
    }
  }
  kehubu::sort(by_time);
  for (; !by_time.empty(); by_time.pop_back()) {
    marks.decisions_.push_back(by_time.back().second);
  }
  KEHUBU_TRY(marks.walk({beside.begin(), beside.end()}));
  KEHUBU_TRY(marks.find_what_was_taken(document, beside));
  KEHUBU_TRY(marks.connect());
  return marks;
}

// What a side that is open again repeats counts as said by whoever said it first.
Result<DocumentMarks::Place> DocumentMarks::place_of(Version version) {
  if (const auto known = places_.find(version); known != places_.end()) {
    return known->second;
  }
  KEHUBU_TRY_ASSIGN(said, store_->materialiser().said_by(version, document_field));
  const auto [place, is_new] = places_.emplace(said, marks_.size());
  if (is_new) {
    KEHUBU_TRY_ASSIGN(change, store_->log().read(said));
    const FieldChange* cell = find_cell(change, document_field);
    Mark mark{.version = said, .person = change.person, .clock = change.clock, .replaced = {}, .before = {}};
    if (cell != nullptr) {
      mark.resolves = change.kind == ChangeKind::resolve;
      mark.decides = mark.resolves && cell->replaced.size() > 1;
      mark.replaced = cell->replaced;
    }
    marks_.push_back(std::move(mark));
  }
  const Place found = place->second;
  places_.emplace(version, found);
  return found;
}

Status DocumentMarks::walk(std::vector<Version> waiting) {
  while (!waiting.empty()) {
    const std::size_t known = marks_.size();
    KEHUBU_TRY_ASSIGN(place, place_of(waiting.back()));
    waiting.pop_back();
    if (place == known) {
      waiting.insert(waiting.end(), marks_[place].replaced.begin(), marks_[place].replaced.end());
    }
  }
  return {};
}

// By the states that all of them lead to, found at once.
Status DocumentMarks::find_what_was_taken(const RecordName& document, std::span<const Version> beside) {
  Materialiser& materialiser = store_->materialiser();
  std::vector<Version> decisions(beside.begin(), beside.end());
  for (std::size_t place = 0; place < marks_.size(); ++place) {
    marks_[place].replaced.size() > 1 ? decisions.push_back(marks_[place].version) : void();
  }
  std::vector<Version> asked;
  for (const Version decision : decisions) {
    KEHUBU_TRY_ASSIGN(heads, materialiser.heads_before(decision, document_field));
    KEHUBU_TRY(walk(heads));
    asked.push_back(decision);
    for (const Version head : heads) {
      KEHUBU_TRY_ASSIGN(place, place_of(head));
      asked.insert(asked.end(), {head, marks_[place].version});
    }
    std::vector<Side>& met = met_[decision];
    met.clear();
    for (const Version head : heads) {
      met.push_back({head, places_.at(head), false});
    }
  }
  KEHUBU_TRY_ASSIGN(states, materialiser.document_states(*document.entity, document.row, asked));
  std::map<Version, std::size_t> state_of;
  for (std::size_t index = 0; index < asked.size(); ++index) {
    state_of[asked[index]] = states[index];
  }
  for (auto& [decision, met] : met_) {
    const std::size_t decided = state_of.at(decision);
    for (Side& side : met) {
      side.taken = state_of.at(side.head) == decided;
    }
    const auto is_words_of = [&](const Side& side) { return state_of.at(marks_[side.place].version) == decided; };
    const auto took = std::ranges::find_if(met, is_words_of);
    const auto own = places_.find(decision);
    if (own != places_.end() && marks_[own->second].version == decision && marks_[own->second].decides && met.size() > 1 && took != met.end()) {
      took_[own->second] = took->head;
    }
  }
  return {};
}

Status DocumentMarks::connect() {
  for (std::size_t place = 0; place < marks_.size(); ++place) {
    const auto took = took_.find(place);
    const std::vector<Version> before = took != took_.end() ? std::vector<Version>{took->second} : marks_[place].replaced;
    for (const Version version : before) {
      KEHUBU_TRY_ASSIGN(older, place_of(version));
      marks_[place].before.push_back(older);
    }
  }
  return {};
}

template <typename Visit>
void DocumentMarks::reach(Place from, std::vector<bool>& reached, Visit visit) const {
  for (std::vector<Place> waiting{from}; !waiting.empty();) {
    const Place place = waiting.back();
    waiting.pop_back();
    if (!reached[place]) {
      reached[place] = true;
      visit(marks_[place]);
      waiting.insert(waiting.end(), marks_[place].before.begin(), marks_[place].before.end());
    }
  }
}

std::vector<bool> DocumentMarks::taken_by(const std::vector<Side>& met) const {
  std::vector<bool> reached(marks_.size(), false);
  for (const Side& side : met) {
    side.taken ? reach(side.place, reached, [](const Mark&) {}) : void();
  }
  return reached;
}

std::vector<Version> DocumentMarks::words_in(Version mark) const {
  std::vector<Version> words;
  std::vector<bool> seen(marks_.size(), false);
  for (Place place = places_.at(mark); !seen[place];) {
    seen[place] = true;
    words.push_back(marks_[place].version);
    const bool speaks_for_one = marks_[place].resolves && marks_[place].before.size() == 1;
    place = speaks_for_one ? marks_[place].before.front() : place;
  }
  return words;
}

bool DocumentMarks::any(const IsMine& is_mine) const {
  return std::ranges::any_of(marks_, [&](const Mark& mark) { return is_mine(mark.version, mark.person); });
}

std::optional<Version> DocumentMarks::latest_lost(Version decision, const IsMine& is_mine) const {
  const std::vector<Side>& met = met_.at(decision);
  const std::vector<bool> taken = taken_by(met);
  std::optional<Version> lost;
  for (const Side& side : met) {
    if (side.taken) {
      continue;
    }
    const Mark* latest = nullptr;
    std::vector<bool> reached = taken;  // nothing behind what was taken is lost
    reach(side.place, reached, [&](const Mark& mark) {
      const bool is_later = latest == nullptr || std::pair(mark.clock, mark.version) > std::pair(latest->clock, latest->version);
      latest = is_later && is_mine(mark.version, mark.person) ? &mark : latest;
    });
    lost = latest != nullptr ? std::optional(latest->version) : lost;
  }
  return lost;
}

// Of every place whether the action is part of it: those that lead back to it.
std::vector<bool> DocumentMarks::holding(Version mark) const {
  std::vector<bool> holds(marks_.size(), false);
  const auto found = places_.find(mark);
  if (found == places_.end() || marks_[found->second].version != mark) {
    return holds;
  }
  std::vector<std::vector<Place>> after(marks_.size());
  for (Place place = 0; place < marks_.size(); ++place) {
    for (const Place older : marks_[place].before) {
      after[older].push_back(place);
    }
  }
  for (std::vector<Place> waiting{found->second}; !waiting.empty();) {
    const Place place = waiting.back();
    waiting.pop_back();
    if (!holds[place]) {
      holds[place] = true;
      waiting.insert(waiting.end(), after[place].begin(), after[place].end());
    }
  }
  return holds;
}

bool DocumentMarks::is_lost(const std::vector<Side>& met, const std::vector<bool>& holds) const {
  return std::ranges::none_of(met, [&](const Side& side) { return side.taken && holds[side.place]; }) &&
         std::ranges::any_of(met, [&](const Side& side) { return holds[side.place]; });
}

std::optional<Version> DocumentMarks::lost_side_of(Version decision, Version mark) const {
  const std::vector<Side>& met = met_.at(decision);
  const std::vector<bool> holds = holding(mark);
  const auto side = std::ranges::find_if(met, [&](const Side& one) { return holds[one.place]; });
  return is_lost(met, holds) ? std::optional(side->head) : std::nullopt;
}

std::optional<Version> DocumentMarks::decided_against(Version mark) const {
  const std::vector<bool> holds = holding(mark);
  for (const Version decision : decisions_) {
    const std::vector<Side>& met = met_.at(decision);
    if (is_lost(met, holds)) {
      return decision;
    }
    const auto holding_it = std::ranges::count_if(met, [&](const Side& side) { return holds[side.place]; });
    if (holding_it > 0 && holding_it < std::ssize(met)) {
      break;  // it took his side
    }
  }
  return std::nullopt;
}

}  // namespace kehubu
