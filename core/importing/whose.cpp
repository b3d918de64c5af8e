#include "core/importing/whose.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <ranges>
#include <set>
#include <utility>

#include "core/importing/whose_read.h"

namespace kehubu {
namespace {

using Below = ColumnPlace::Below;

class OwnerFinder {
 public:
  OwnerFinder(std::span<const Heading> headings, TableRead table)
      : headings_(headings), reads_(std::move(table.columns)), runs_(std::move(table.runs)), owners_(std::move(table.owners)),
        persons_(owners_.rows_are_persons ? 1 : owners_.name_columns.size()) {}

  Owners find() {
    settle_by_heading();
    settle_by_place();
    return std::move(owners_);
  }

 private:
  // --- what is certain by the heading

  void give(std::size_t column, Owner::Of of, int person = 0) {
    Owner& owner = owners_.columns[column];
    owner.of = of;
    owner.person = person;
    owner.certain = true;
    reads_[column].settled = true;
  }

  void ask(std::size_t column, bool perhaps_company) {
    Owner& owner = owners_.columns[column];
    owner.of = Owner::Of::nobody;
    owner.certain = false;
    owner.perhaps_company = perhaps_company;
    owner.perhaps_person = persons_ > 0;
    owner.somebody = reads_[column].party != Party::somebody ? std::string() : names_somebody(reads_[column].front) ? reads_[column].front : "别人";
    const int run = reads_[column].place.run;
    owner.person = run >= 0 && !runs_[static_cast<std::size_t>(run)].empty() ? runs_[static_cast<std::size_t>(run)].back() : 0;
    reads_[column].settled = true;
  }

  void ask_all(std::span<const std::size_t> columns) {
    for (const std::size_t column : columns) {
      ask(column, true);
    }
  }

  [[nodiscard]] std::optional<int> person_numbered(int number) const {
    std::optional<int> unnumbered;
    std::size_t without = 0;
    for (std::size_t person = 0; person < owners_.name_columns.size(); ++person) {
      const int own = reads_[owners_.name_columns[person]].number;
      if (own == number) {
        return static_cast<int>(person);
      }
      without += own == 0 ? 1U : 0U;
      unnumbered = own == 0 && without == 1 ? std::optional(static_cast<int>(person)) : unnumbered;
    }
    // 姓名, 姓名, 电话1, 电话2; 联系人, 联系人2, 电话1, 电话2.
    const bool all_without = without == owners_.name_columns.size();
    return all_without && number <= static_cast<int>(without) ? std::optional(number - 1) : !all_without && without == 1 && number == 1 ? unnumbered : std::nullopt;
  }

  void settle_by_heading() {
    for (std::size_t column = 0; column < headings_.size(); ++column) {
      const ColumnRead& read = reads_[column];
      if (read.settled || read.thing == Thing::none) {
        continue;
      }
      const Party party = owners_.rows_are_persons && (read.party == Party::recipient || read.party == Party::contact || read.party == Party::company) ? Party::unsaid
                          : read.party == Party::recipient                                                                                      ? Party::somebody
                                                                                                                                               : read.party;
      reads_[column].party = party;
      if (party == Party::another) {
        give(column, Owner::Of::nobody);
      } else if (party == Party::somebody) {
        ask(column, true);
      } else if (party == Party::company) {
        give(column, Owner::Of::company);
      } else if (party == Party::contact && persons_ == 1) {
        give(column, Owner::Of::person);
      } else if (persons_ > 1 && read.number > 0) {
        const auto person = person_numbered(read.number);
        person ? give(column, Owner::Of::person, *person) : ask(column, party != Party::contact);
      }
      reads_[column].said = reads_[column].settled && owners_.columns[column].certain;
    }
  }

  // --- what is certain by the place

  [[nodiscard]] bool is_below(std::size_t column, Below below) const { return reads_[column].place.below == below; }
  [[nodiscard]] std::vector<std::size_t> those(std::span<const std::size_t> columns, Below below) const {
    std::vector<std::size_t> found;
    std::ranges::copy_if(columns, std::back_inserter(found), [&](std::size_t column) { return is_below(column, below); });
    return found;
  }
  template <typename Predicate>
  [[nodiscard]] std::vector<std::size_t> open(Predicate predicate) const {
    std::vector<std::size_t> found;
    for (std::size_t column = 0; column < headings_.size(); ++column) {
      if (!reads_[column].settled && predicate(column)) {
        found.push_back(column);
      }
    }
    return found;
  }

  void settle_by_place() {
    if (owners_.rows_are_persons) {
      settle_persons();
    } else if (persons_ == 0) {
      settle_companies();
    } else if (persons_ == 1) {
      settle_one_person();
    } else {
      settle_several();
    }
  }

  // A list of persons: all is theirs. What stands behind a second name is nobody's for certain.
  void settle_persons() {
    for (const std::size_t column : open([this](std::size_t column) { return reads_[column].thing != Thing::none; })) {
      const int run = reads_[column].place.run;
      const bool behind_another = is_below(column, Below::another) || (run >= 0 && !runs_[static_cast<std::size_t>(run)].empty());
      const Reach reach = owners_.columns[column].reach;
      const bool place = reach == Reach::address || reach == Reach::home_address || reads_[column].thing == Thing::remark;
      behind_another && !place ? ask(column, false) : give(column, place ? Owner::Of::company : Owner::Of::person);
    }
  }

  // No person at all. A second telephone behind 法人 may be his, and what only persons have is nobody's.
  void settle_companies() {
    const auto telephones = open([this](std::size_t column) { return is_telephone(owners_.columns[column].reach); });
    for (const std::size_t column : open([this](std::size_t column) { return reads_[column].thing != Thing::none; })) {
      const Reach reach = owners_.columns[column].reach;
      const bool personal = reads_[column].thing == Thing::personal || reads_[column].party == Party::contact || reach == Reach::home_address;
      const bool of_another = is_below(column, Below::another) && is_telephone(reach) && telephones.size() > 1;
      personal || of_another ? ask(column, true) : give(column, Owner::Of::company);
    }
  }

  // One person beside a company: 电话 is the company's and 手机 his, unless the heads or their places tell otherwise.
  void settle_one_person() {
    const auto of_reach = [this](Reach reach) { return open([this, reach](std::size_t column) { return owners_.columns[column].reach == reach; }); };
    const auto offices = open([this](std::size_t column) { return owners_.columns[column].reach == Reach::any_phone || owners_.columns[column].reach == Reach::office_phone; });
    std::size_t before = 0;
    for (std::size_t column = 0; column < headings_.size(); ++column) {
      before += is_telephone(owners_.columns[column].reach) && column < owners_.name_columns.front() && !reads_[column].settled ? 1U : 0U;
    }
    const bool his_is_said = is_said(Owner::Of::person);
    const bool of_employees = is_person_heading(headings_[owners_.name_columns.front()]) && std::ranges::any_of(headings_, [](const Heading& heading) {
                                return employment_of(heading) == Employment::certain && !is_person_heading(heading);
                              });
    const bool his = !his_is_said && (is_said(Owner::Of::company) || of_employees || (offices.size() == 1 && owners_.columns[offices.front()].reach == Reach::office_phone && is_below(offices.front(), Below::persons)));
    // 手机, 联系人, 电话: by the convention of either the other would stand with the wrong one.
    const bool crossed = those(offices, Below::company).empty() && !those(offices, Below::persons).empty() && before > 0;
    crossed ? ask_all(offices) : settle_one_thing(offices, his);
    for (const Reach reach : {Reach::mobile, Reach::home_phone}) {
      const std::size_t count = of_reach(reach).size();
      for (const std::size_t column : of_reach(reach)) {
        const bool alone = !his_is_said && before <= 1 && !crossed && count == 1;
        is_below(column, Below::persons) || (!is_below(column, Below::another) && alone) ? give(column, Owner::Of::person) : ask(column, true);
      }
    }
    for (const Reach reach : {Reach::email, Reach::fax, Reach::address}) {
      const auto columns = of_reach(reach);
      // 邮箱 behind 职务 or 手机 is that person's.
      const bool beside = reach == Reach::email && columns.size() == 1 && columns.front() > 0 && is_of_person(columns.front() - 1);
      const bool companys_is_said = std::ranges::any_of(std::views::iota(std::size_t{0}, headings_.size()), [&](std::size_t column) {
        return reads_[column].said && owners_.columns[column].reach == reach && owners_.columns[column].of == Owner::Of::company;
      });
      settle_one_thing(columns, beside || (companys_is_said && reach != Reach::address));
    }
    for (const std::size_t column : open([this](std::size_t column) { return reads_[column].thing == Thing::remark; })) {
      give(column, Owner::Of::company);
    }
    settle_personal();
  }

  [[nodiscard]] bool is_said(Owner::Of of) const {
    return std::ranges::any_of(std::views::iota(std::size_t{0}, headings_.size()), [&](std::size_t column) {
      return reads_[column].said && owners_.columns[column].of == of && is_telephone(owners_.columns[column].reach);
    });
  }
  [[nodiscard]] bool is_of_person(std::size_t column) const {
    const Owner& owner = owners_.columns[column];
    return (reads_[column].thing == Thing::personal && is_below(column, Below::persons)) || (owner.of == Owner::Of::person && reads_[column].settled);
  }

  // What both the company and the person have: one is whose the convention says, one below each of them is each's.
  void settle_one_thing(std::span<const std::size_t> columns, bool his) {
    const auto companys = those(columns, Below::company), persons = those(columns, Below::persons);
    for (const std::size_t column : columns) {
      const bool alone = columns.size() == 1 && !is_below(column, Below::another);
      const bool is_companys = companys.size() == 1 && column == companys.front();
      const bool is_persons = companys.size() == 1 && persons.size() == 1 && column == persons.front();
      if (alone || is_companys || is_persons) {
        give(column, (alone && his) || (!alone && is_persons) ? Owner::Of::person : Owner::Of::company);
      } else {
        ask(column, true);
      }
    }
  }

  // What only persons have is the one person's: of several equal heads the one behind his name.
  void settle_personal() {
    std::map<std::string, std::vector<std::size_t>> by_name;
    for (const std::size_t column : open([this](std::size_t column) { return reads_[column].thing != Thing::none; })) {
      by_name[owners_.columns[column].what.name].push_back(column);
    }
    for (const auto& [name, columns] : by_name) {
      const auto behind = those(columns, Below::persons);
      for (const std::size_t column : columns) {
        const bool only = columns.size() == 1 && !is_below(column, Below::another);
        only || (is_below(column, Below::persons) && (behind.size() == 1 || reads_[column].number > 0)) ? give(column, Owner::Of::person) : ask(column, false);
      }
    }
  }

  void settle_several() {
    const auto telephones = open([this](std::size_t column) { return is_telephone(owners_.columns[column].reach); });
    const bool one_each = std::ranges::all_of(runs_, [&](const std::vector<int>& run) { return run.size() == 1; }) && repeats_whole(telephones, {});
    if (one_each) {
      settle_group(telephones, false);
    }
    std::map<std::string, std::vector<std::size_t>> by_name;
    for (const std::size_t column : open([this](std::size_t column) { return reads_[column].thing != Thing::none; })) {
      by_name[owners_.columns[column].what.name + (reads_[column].party == Party::contact ? "|" : "")].push_back(column);
    }
    for (const auto& [name, columns] : by_name) {
      const std::size_t first = columns.front();
      const Reach reach = owners_.columns[first].reach;
      const bool only_persons = reads_[first].thing == Thing::personal || reads_[first].party == Party::contact || reach == Reach::account || reach == Reach::home_address;
      settle_group(columns, only_persons);
    }
  }

  // Persons who have such a thing by its heading.
  [[nodiscard]] std::set<int> having(std::size_t like) const {
    std::set<int> persons;
    for (std::size_t column = 0; column < headings_.size(); ++column) {
      const Owner& owner = owners_.columns[column];
      const bool same = is_telephone(owners_.columns[like].reach) ? is_telephone(owner.reach) : owner.what.name == owners_.columns[like].what.name;
      if (same && reads_[column].said && owner.of == Owner::Of::person) {
        persons.insert(owner.person);
      }
    }
    return persons;
  }

  [[nodiscard]] std::vector<std::size_t> below_run(std::span<const std::size_t> columns, int run) const {
    std::vector<std::size_t> found;
    std::ranges::copy_if(columns, std::back_inserter(found), [&](std::size_t column) { return reads_[column].place.run == run; });
    return found;
  }
  // Those whom a bare head may mean: where others have such a thing by their numbers, a numbered one has none.
  [[nodiscard]] std::vector<int> without(int run, const std::set<int>& having) const {
    std::vector<int> persons;
    std::ranges::copy_if(runs_[static_cast<std::size_t>(run)], std::back_inserter(persons), [&](int person) {
      return having.empty() || (!having.contains(person) && reads_[owners_.name_columns[static_cast<std::size_t>(person)]].number == 0);
    });
    return persons;
  }

  // Below each name, or names side by side, as many as there are persons who need one, and as far behind.
  [[nodiscard]] bool repeats_whole(std::span<const std::size_t> columns, const std::set<int>& having) const {
    std::set<std::size_t> offsets;  // of names that stand alone
    std::size_t needing = 0;
    for (int run = 0; run < static_cast<int>(runs_.size()); ++run) {
      const std::vector<int> persons = without(run, having);
      const auto below = below_run(columns, run);
      std::set<std::size_t> steps;
      for (std::size_t index = 1; index < below.size(); ++index) {
        steps.insert(below[index] - below[index - 1]);
      }
      if (below.size() != persons.size() || steps.size() > 1) {
        return false;
      }
      if (persons.size() == 1) {
        offsets.insert(below.front() - owners_.name_columns[static_cast<std::size_t>(persons.front())]);
      }
      needing += persons.size();
    }
    return needing > 0 && offsets.size() <= 1;
  }

  void settle_group(std::span<const std::size_t> columns, bool only_persons) {
    const std::set<int> have = having(columns.front());
    const auto companys = those(columns, Below::company);
    const bool whole = repeats_whole(columns, have);
    const bool remark = reads_[columns.front()].thing == Thing::remark, address = owners_.columns[columns.front()].reach == Reach::address;
    if (!whole && only_persons && settle_leading(columns)) {
      return;
    }
    for (int run = 0; whole && run < static_cast<int>(runs_.size()); ++run) {
      const std::vector<int> persons = without(run, have);
      const auto below = below_run(columns, run);
      for (std::size_t index = 0; index < below.size(); ++index) {
        give(below[index], Owner::Of::person, persons[index]);
      }
    }
    // 电话, 姓名, 电话, 姓名: each before his name, or the company's and the first one's?
    const bool last_lacks = below_run(columns, static_cast<int>(runs_.size()) - 1).empty();
    const bool before_names = !whole && last_lacks && companys.size() < columns.size() && have.empty();
    const bool all_have = have.size() == persons_;
    for (const std::size_t column : columns) {
      if (reads_[column].settled) {
        continue;
      }
      const bool by_convention = remark || (address && columns.size() == 1) || (all_have && columns.size() == 1 && !only_persons && !is_below(column, Below::another) && owners_.columns[column].reach != Reach::mobile && owners_.columns[column].reach != Reach::home_phone);
      const bool is_companys = !only_persons && is_below(column, Below::company) && !before_names;
      by_convention || is_companys ? give(column, Owner::Of::company) : ask(column, !only_persons);
      if (const int run = reads_[column].place.run; !owners_.columns[column].certain && run >= 0) {
        const std::vector<int>& persons = runs_[static_cast<std::size_t>(run)];
        const auto below = below_run(columns, run);
        const auto place = static_cast<std::size_t>(std::ranges::find(below, column) - below.begin());
        owners_.columns[column].person = persons[std::min(place, persons.size() - 1)];  // in their order, if somebody chooses
      }
    }
  }

  // 职务, 姓名, 职务, 姓名: what only persons have, once right before each name.
  bool settle_leading(std::span<const std::size_t> columns) {
    std::vector<std::size_t> names = owners_.name_columns;
    std::ranges::sort(names);
    if (columns.size() != names.size()) {
      return false;
    }
    for (std::size_t index = 0; index < names.size(); ++index) {
      if (columns[index] + 1 != names[index]) {
        return false;
      }
    }
    for (std::size_t index = 0; index < names.size(); ++index) {
      give(columns[index], Owner::Of::person, owners_.columns[names[index]].person);
    }
    return true;
  }

  std::span<const Heading> headings_;
  std::vector<ColumnRead> reads_;
  std::vector<std::vector<int>> runs_;
  Owners owners_;
  std::size_t persons_ = 0;
};

}  // namespace

Owners find_owners(std::span<const Heading> headings, std::span<const ColumnContent> contents, const Entity& customer) {
  return OwnerFinder(headings, read_owners(headings, contents, customer)).find();
}

}  // namespace kehubu
