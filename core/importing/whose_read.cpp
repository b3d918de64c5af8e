#include "core/importing/whose_read.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace kehubu {
namespace {

constexpr int exact = 90, least = 50;  // scores of headings

class HeadingReader {
 public:
  HeadingReader(std::span<const Heading> headings, std::span<const ColumnContent> contents, const Entity& customer)
      : headings_(headings), contents_(contents), customer_(customer), title_(names_of({&customer, customer.find(customer.title_field)})) {
    table_.columns.resize(headings.size());
    table_.owners.columns.resize(headings.size());
  }

  TableRead read() {
    find_names();
    for (std::size_t column = 0; column < headings_.size(); ++column) {
      read(column);
    }
    walk();
    return std::move(table_);
  }

 private:
  [[nodiscard]] bool names_company(const Heading& heading) const {
    return !is_person_heading(heading) && (score_heading(heading, title_) >= exact || employment_of(heading) == Employment::certain);
  }

  void find_names() {
    const bool company = std::ranges::any_of(headings_, [this](const Heading& heading) { return names_company(heading); });
    const bool organisation = std::ranges::any_of(headings_, is_organisation_heading);
    table_.owners.rows_are_persons = !company && std::ranges::any_of(headings_, is_person_heading);
    bool first = true;
    std::map<int, std::size_t> numbered;
    for (std::size_t column = 0; column < headings_.size(); ++column) {
      const NumberedHeading read = read_number(headings_[column]);
      const bool bare_name = organisation && is_bare_name_heading(headings_[column]);
      if (!is_contact_heading(read.heading) && !bare_name) {
        continue;
      }
      // In a list of persons the first of them is the customer.
      if (table_.owners.rows_are_persons && is_person_heading(read.heading) && std::exchange(first, false)) {
        continue;
      }
      table_.columns[column].thing = Thing::name;
      table_.columns[column].number = read.number;
      table_.owners.columns[column].what = read.heading;
      if (read.number > 0 && !numbered.contains(read.number)) {
        numbered.emplace(read.number, column);
      } else {
        table_.owners.name_columns.push_back(column);
      }
    }
    for (const auto& [number, column] : numbered) {
      table_.owners.name_columns.push_back(column);
    }
    for (std::size_t person = 0; person < table_.owners.name_columns.size(); ++person) {
      Owner& owner = table_.owners.columns[table_.owners.name_columns[person]];
      owner.of = table_.owners.rows_are_persons ? Owner::Of::nobody : Owner::Of::person;
      owner.certain = !table_.owners.rows_are_persons;  // two lists of persons side by side, or a person and his own contact
      owner.is_name = true;
      owner.person = static_cast<int>(person);
      table_.columns[table_.owners.name_columns[person]].settled = true;
    }
  }

  [[nodiscard]] int best_score(const Heading& heading, bool of_contact) const {
    int best = 0;
    for (const FieldNames& target : names_of_fields(customer_)) {
      const bool counts = (target.target.entity != &customer_) == of_contact && (!of_contact || (target.target.field->id != "name" && target.target.field->id != "remark"));
      best = counts ? std::max(best, score_heading(heading, target)) : best;
    }
    return best;
  }

  void read(std::size_t column) {
    ColumnRead& read = table_.columns[column];
    Owner& owner = table_.owners.columns[column];
    if (read.thing == Thing::name || headings_[column].name.empty()) {
      return;
    }
    const NumberedHeading numbered = read_number(headings_[column]);
    const Heading& heading = numbered.heading;
    owner.what = headings_[column];
    const ReachHeading reach = read_reach(heading.name);
    const bool known_to_company = best_score(headings_[column], false) >= exact;
    const Heading behind = behind_contact(heading);
    if (reach.reach == Reach::address && known_to_company && !reach.front.empty()) {
      return;  // 送货地址, 注册地址, 单位地址
    }
    if (reach.reach != Reach::none) {
      const std::string_view said = reach.front.empty() ? std::string_view(heading.unit) : reach.front;
      const Party party = names_another_party(heading.name) ? Party::another : party_of(said);
      // 仓库地址 is a place, whosever it is; and in brackets stand all sorts of things.
      const bool unknown = party == Party::somebody && !names_somebody(said);
      if (unknown && reach.reach == Reach::address) {
        return;
      }
      read.thing = Thing::reach;
      read.number = numbered.number;
      read.party = unknown && reach.front.empty() ? Party::unsaid : party;
      read.front = said;
      owner.reach = reach.reach;
      owner.what = {heading.name.substr(reach.front.size()), {}};
    } else if (!behind.name.empty() && best_score(headings_[column], true) < exact && best_score(behind, true) >= exact) {
      read.thing = Thing::personal;
      read.party = Party::contact;
      read.number = numbered.number;
      owner.what = behind;
    } else if (heading.name == "备注") {
      read.thing = Thing::remark;
      read.number = numbered.number;
      owner.what = heading;
    } else if (!known_to_company || (table_.owners.rows_are_persons && best_score(heading, true) >= exact)) {
      read_personal(column, numbered);
    }
  }

  // 生日, 职务, 联系人2职务; and 法人生日, which is no contact's.
  void read_personal(std::size_t column, const NumberedHeading& numbered) {
    static constexpr std::array<std::string_view, 5> without_field = {"身份证", "身份证号", "身份证号码", "民族", "学历"};
    const int of_contact = best_score(numbered.heading, true);
    const bool personal = is_one_of(numbered.heading.name, without_field) || (of_contact >= least && (of_contact > best_score(numbered.heading, false) || table_.owners.rows_are_persons));
    if (!personal) {
      return;
    }
    ColumnRead& read = table_.columns[column];
    read.thing = Thing::personal;
    read.number = numbered.number;
    table_.owners.columns[column].what = numbered.heading;
    if (of_contact < exact) {
      for (const FieldNames& target : names_of_fields(customer_)) {
        for (const auto& [name, score] : target.names) {
          const std::string_view whole = numbered.heading.name;
          const std::string_view front = whole.ends_with(name) ? whole.substr(0, whole.size() - name.size()) : std::string_view();
          if (target.target.entity != &customer_ && !front.empty() && (names_another_party(front) || (party_of(front) == Party::somebody && names_somebody(front)))) {
            read.party = names_another_party(front) ? Party::another : Party::somebody;
            read.front = front;
          }
        }
      }
    }
  }

  // 法人, 业务员: what stands behind them may be theirs.
  [[nodiscard]] bool names_another(std::size_t column) const {
    const Heading& heading = headings_[column];
    if (table_.columns[column].thing != Thing::none || heading.name.empty() || contents_[column].phone >= least) {
      return false;
    }
    const Field* owner = customer_.find("owner");
    const bool is_owner = owner != nullptr && score_heading(heading, names_of({&customer_, owner})) >= exact;
    return is_owner || (best_score(heading, false) < exact && (names_another_party(heading.name) || names_somebody(heading.name)));
  }

  [[nodiscard]] bool is_companys(std::size_t column) const { return best_score(headings_[column], false) >= exact; }

  void walk() {
    ColumnPlace place;
    std::size_t names_end = 0;
    for (std::size_t column = 0; column < headings_.size(); ++column) {
      const Thing thing = table_.columns[column].thing;
      if (thing == Thing::name || (table_.owners.rows_are_persons && is_person_heading(headings_[column]))) {
        const bool goes_on = place.below == ColumnPlace::Below::persons && names_end == column;
        if (!goes_on) {
          table_.runs.emplace_back();
        }
        if (thing == Thing::name) {
          table_.runs.back().push_back(table_.owners.columns[column].person);
        }
        place = {ColumnPlace::Below::persons, static_cast<int>(table_.runs.size()) - 1};
        names_end = column + 1;
      } else if (names_company(headings_[column])) {
        place = {ColumnPlace::Below::company, -1};
      } else if (names_another(column)) {
        place = {ColumnPlace::Below::another, -1};
      } else if (place.below == ColumnPlace::Below::another ? thing == Thing::none || thing == Thing::remark : place.below == ColumnPlace::Below::persons && thing == Thing::none && is_companys(column)) {
        place = {ColumnPlace::Below::loose, -1};  // 所属城市 is the company's: what follows it stands below nobody
      }
      table_.columns[column].place = place;
    }
  }

  std::span<const Heading> headings_;
  std::span<const ColumnContent> contents_;
  const Entity& customer_;
  FieldNames title_;
  TableRead table_;
};

}  // namespace

TableRead read_owners(std::span<const Heading> headings, std::span<const ColumnContent> contents, const Entity& customer) {
  return HeadingReader(headings, contents, customer).read();
}

}  // namespace kehubu
