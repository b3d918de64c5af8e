// Which column is which field: what the headings say, checked against what the columns hold.
#include <algorithm>
#include <array>
#include <optional>
#include <ranges>
#include <set>
#include <span>

#include "core/base/sort.h"
#include "core/importing/cells.h"
#include "core/importing/column_content.h"
#include "core/importing/headings.h"
#include "core/importing/importing.h"

namespace kehubu {
namespace {

constexpr int least_score = 50;

struct Proposal {
  std::size_t column = 0;
  const Field* field = nullptr;
  int score = 0;
  std::size_t order = 0;
};

bool is_phone_word(std::string_view name) {
  static constexpr std::array<std::string_view, 12> words = {"电话", "联系电话", "电话号码", "联系方式", "手机", "手机号", "手机号码", "联系手机", "tel", "phone", "mobile", "cell"};
  return std::ranges::find(words, name) != words.end();
}

bool ends_like_an_amount(std::string_view name) {
  static constexpr std::array<std::string_view, 10> endings = {"额", "量", "价", "金", "收入", "业绩", "利润", "数", "率", "比"};
  return std::ranges::any_of(endings, [name](std::string_view ending) { return name.ends_with(ending); });
}

class Mapper {
 public:
  Mapper(const ImportTable& table, const Entity& entity) : table_(table), entity_(entity), mapping_(table.header.size()), doubtful_(table.header.size()) {
    for (std::size_t column = 0; column < table.header.size(); ++column) {
      headings_.push_back(read_heading(table.header[column]));
      contents_.push_back(look_at(table, column));
      const auto same = [&](const Heading& other) { return !other.name.empty() && other.name == headings_[column].name; };
      repeated_.push_back(std::ranges::any_of(std::span(headings_).first(column), same));
    }
    of_products_ = std::ranges::any_of(headings_, is_product_heading);
    find_persons();
    choose_targets();
  }

  std::vector<ColumnMapping> map() {
    std::vector<Proposal> proposals = propose();
    // Best first; among equals the order of columns, then of fields.
    kehubu::sort(proposals, {}, [](const Proposal& proposal) {
      return std::pair(-proposal.score, proposal.order);
    });
    for (const Proposal& proposal : proposals) {
      take(proposal.column, proposal.field, proposal.score);
    }
    leave_computed();
    map_by_content();
    map_title();
    set_aside();
    return std::move(mapping_);
  }

 private:
  // 联系人1, 电话1, 联系人2, 电话2, or 联系人, 手机, 联系人, 手机: each of several contacts has columns of his own.
  void find_persons() {
    persons_of_columns_.resize(headings_.size(), none);
    of_first_person_.assign(headings_.size(), false);
    if (entity_.id != "customer") {
      return;
    }
    const std::vector<Heading> written = headings_;
    std::set<int> numbers;
    for (const Heading& heading : written) {
      const NumberedHeading numbered = read_number(heading);
      if (numbered.number > 0 && is_contact_heading(numbered.heading)) {
        numbers.insert(numbered.number);
      }
    }
    int next = std::ranges::any_of(written, is_contact_heading) ? 1 : 0;
    for (const int number : numbers) {
      for (std::size_t column = 0; column < written.size(); ++column) {
        const NumberedHeading numbered = read_number(written[column]);
        if (numbered.number == number && is_of_contact(numbered.heading)) {
          headings_[column] = numbered.heading;
          persons_of_columns_[column] = next;
        }
      }
      ++next;
    }
    bool in_pair = false;
    std::vector<int> beside;  // the persons whose names stand side by side: 姓名, 姓名, 电话, 电话
    std::size_t names_end = 0;
    for (std::size_t column = 0; column < written.size(); ++column) {
      const bool is_name = is_contact_heading(written[column]);
      if (is_name) {
        next += in_pair ? 1 : 0;
        in_pair = repeated_[column];
        names_end == column ? void() : beside.clear();
        beside.push_back(in_pair ? next : none);
        names_end = column + 1;
      }
      if (in_pair && repeated_[column] && persons_of_columns_[column] == none && is_of_contact(written[column])) {
        persons_of_columns_[column] = is_name || beside.size() == 1 ? next : person_beside(written, beside, names_end, column);
        const bool is_of_several = !is_name && beside.size() > 1 && beside.front() == none && persons_of_columns_[column] != none;
        is_of_several ? side_by_side_.push_back(column) : void();
      }
    }
    find_what_is_the_first_persons(written);
  }

  // Of as many equal heads as there are names before them each is that of one, in their order; of fewer or more nobody can tell.
  [[nodiscard]] static int person_beside(std::span<const Heading> written, std::span<const int> persons, std::size_t names_end, std::size_t column) {
    std::size_t place = 0, count = 0;
    for (std::size_t other = names_end; other < written.size() && !is_contact_heading(written[other]); ++other) {
      const bool is_same = written[other].name == written[column].name;
      place += is_same && other < column ? 1 : 0;
      count += is_same ? 1 : 0;
    }
    return count == persons.size() ? persons[place] : none;
  }
  // The first of such heads; and in a list of persons beside where they work the telephone that is not said to be the company's.
  void find_what_is_the_first_persons(std::span<const Heading> written) {
    of_first_person_.assign(written.size(), false);
    const bool of_employees = std::ranges::any_of(written, is_person_heading) &&
                              std::ranges::any_of(written, [](const Heading& heading) { return employment_of(heading) == Employment::certain && !is_person_heading(heading); });
    for (std::size_t column = 0; column < written.size(); ++column) {
      const bool first = !repeated_[column] && persons_of_columns_[column] == none;
      const bool goes_on = column > 0 && std::ranges::any_of(side_by_side_, [&](std::size_t other) { return written[other].name == written[column].name; });
      of_first_person_[column] = first && (goes_on || (of_employees && is_phone_word(written[column].name)));
    }
  }

  [[nodiscard]] bool is_of_contact(const Heading& heading) const {
    return is_contact_heading(heading) || is_phone_word(heading.name) || std::ranges::any_of(names_of_fields(entity_), [&heading](const FieldNames& target) {
      return target.target.entity->id == "contact" && score_heading(heading, target) >= 90;
    });
  }

  // Fields of the contact take part when the list has a column for the person, or is one of persons.
  void choose_targets() {
    const bool customers = entity_.id == "customer";
    const FieldNames title = names_of({&entity_, entity_.find(entity_.title_field)});
    const bool names_company = std::ranges::any_of(headings_, [&title](const Heading& heading) {
      return !is_person_heading(heading) && (score_heading(heading, title) >= exact || employment_of(heading) == Employment::certain);
    });
    persons_ = customers && !names_company && std::ranges::any_of(headings_, is_person_heading);
    person_beside_company_ = customers && std::ranges::any_of(headings_, is_organisation_heading) && std::ranges::any_of(headings_, is_bare_name_heading);
    with_contact_ = customers && !persons_ && (person_beside_company_ || std::ranges::any_of(headings_, is_contact_heading));
    for (const FieldNames& target : names_of_fields(entity_)) {
      if (target.target.entity == &entity_ || persons_ || with_contact_) {
        targets_.push_back(&target);
      }
    }
  }

  // In a list of persons, what is theirs is the contact's; in one of companies the company comes first.
  [[nodiscard]] int preference(const FieldNames& target, const Heading& heading, const ColumnContent& content) const {
    const bool of_contact = target.target.entity != &entity_;
    const std::string_view id = target.target.field->id;
    if (person_beside_company_ && id == "name" && is_bare_name_heading(heading)) {
      return of_contact ? 0 : -60;
    }
    if (!persons_) {
      // 手机 of a company's contact is the contact's even where the company has no telephone.
      return of_contact && id != "name" && id != "mobile" && id != "title" ? -8 : 0;
    }
    if (id == "name") {
      return of_contact ? -200 : (is_person_heading(heading) ? 100 : 0);
    }
    if (id == "address" || id == "remark") {
      return of_contact ? -20 : 0;
    }
    const bool right_phone = (id == "mobile") == (content.mobile >= 50);
    return of_contact ? ((id == "mobile" || id == "phone") && !right_phone ? -4 : 4) : 0;
  }

  // 邮箱 behind 职务 or 手机 is that person's.
  [[nodiscard]] bool is_beside_contact(std::size_t column) const {
    return column > 0 && (is_contact_heading(headings_[column - 1]) || (is_of_contact(headings_[column - 1]) && std::ranges::none_of(names_of_fields(entity_), [&](const FieldNames& target) {
                            return target.target.entity == &entity_ && score_heading(headings_[column - 1], target) >= exact;
                          })));
  }

  // How well the heading names the field, before what the column holds is looked at. 0: not at all.
  [[nodiscard]] int score_of(std::size_t column, const FieldNames& target) const {
    const Heading& heading = headings_[column];
    const std::string_view id = target.target.field->id;
    int score = score_heading(heading, target);
    const bool of_contact = target.target.entity != &entity_;
    if (persons_of_columns_[column] != none || (of_first_person_[column] && with_contact_)) {
      if (target.target.entity == &entity_) {
        return 0;
      }
      const bool phone = is_phone_word(heading.name) && (id == "mobile" || id == "phone");
      return phone ? ((id == "mobile") == (contents_[column].mobile >= 50) ? 95 : 0) : score;
    }
    if (with_contact_ && score < exact && id != "name") {
      // 联系人电话 is the contact's, whatever is free of the company's; and in a list with contacts 老板电话 is nobody's of them.
      const Heading own = behind_contact(heading);
      if (!own.name.empty()) {
        const bool phone = of_contact && is_phone_word(own.name) && (id == "mobile" || id == "phone");
        return phone ? ((id == "mobile") == (contents_[column].mobile >= 50) ? 95 : most_unsure) : of_contact && score_heading(own, target) >= exact ? exact : 0;
      }
      score = of_contact && score < sure_from && contents_[column].phone >= 50 ? 0 : score;
    }
    if (with_contact_ && of_contact && id == "name" && is_contact_heading(heading)) {
      score = std::max(score, exact);  // 联系人及电话
    }
    if (with_contact_ && !of_contact && id == "email" && is_beside_contact(column)) {
      score = std::min(score, exact - 10);
    }
    if (with_contact_ && !of_contact && heading.name == "住址") {
      return 0;
    }
    // Of a shop it is who runs it, of a list of ours who looks after the customer.
    if (id == "owner" && (heading.name == "负责人" || score < exact)) {
      return 0;
    }
    if (entity_.id == "customer" && !of_contact && id == "name" && score < exact && employment_of(heading) == Employment::certain) {
      score = heading.name.ends_with("简称") ? exact - 2 : exact + 1;
    }
    // 单位 is a name of the customer, or what numbers are counted in, and never 从属单位.
    if ((is_bare_day_heading(heading) || heading.name == "单位") && score < exact) {
      return 0;
    }
    // What was bought is nothing about the customer.
    if (entity_.id == "customer" && is_product_heading(heading) && score < exact) {
      return 0;
    }
    if (entity_.id == "customer" && id == "name" && is_product_heading(heading)) {
      return 0;
    }
    // 销售额 is no 销售: what ends like an amount names nobody.
    if (target.target.field->type == FieldType::reference && score < exact && ends_like_an_amount(heading.name)) {
      return 0;
    }
    // 订单编号 is no number of a customer.
    if (entity_.id == "customer" && target.target.field->unique && score < exact && !heading.name.contains("客户")) {
      return 0;
    }
    // 单位 beside 产品名称 is what the product is counted in.
    if (of_products_ && entity_.id == "customer" && id == "name" && heading.name == "单位" && contents_[column].unit >= 50) {
      return 0;
    }
    return std::max(score + (score == 0 ? 0 : preference(target, heading, contents_[column])), persons_ && is_person_heading(heading) && id == "name" ? 90 + preference(target, heading, contents_[column]) : 0);
  }

  std::vector<Proposal> propose() {
    std::vector<Proposal> proposals;
    for (std::size_t column = 0; column < headings_.size(); ++column) {
      // What the first of two equal heads may be left to, the second is not another field for want of it.
      const auto score_it = [&](const FieldNames* target) { return score_of(column, *target); };
      const int best = targets_.empty() ? 0 : std::ranges::max(targets_ | std::views::transform(score_it));
      const bool named = std::ranges::any_of(targets_, [&](const FieldNames* target) { return score_heading(headings_[column], *target) >= exact; });
      for (const FieldNames* target : targets_) {
        int score = score_it(target);
        if (score < least_score || (repeated_[column] && persons_of_columns_[column] == none && score < best)) {
          continue;
        }
        // 年销售额 only looks like 销售, whom numbers do not name.
        if (target->target.field->type == FieldType::reference && score < exact && contents_[column].number >= 90) {
          continue;
        }
        // 说明 is the remark: where another column is that, it is not 来源说明 for want of it.
        if (named && score < sure_from) {
          continue;
        }
        doubtful_[column] = doubtful_[column] || (score >= exact - 10 && target->target.field->id != "remark");
        score += objection(table_, column, contents_[column], *target->target.field, *target->target.entity);
        if (score >= least_score) {
          proposals.push_back({column, target->target.field, score, proposals.size()});
        }
      }
      doubtful_[column] = doubtful_[column] || is_bare_day_heading(headings_[column]) || is_of_nobody(column) || is_of_whom_to_ask(column);
    }
    return proposals;
  }

  // 手机 or 职务 in a table that names no person, and a second telephone of the company.
  [[nodiscard]] bool is_of_nobody(std::size_t column) const {
    const NumberedHeading numbered = read_number(headings_[column]);
    if (entity_.id == "customer" && persons_of_columns_[column] == none && numbered.number > 1 && is_phone_word(numbered.heading.name)) {
      return true;
    }
    return entity_.id == "customer" && !persons_ && !with_contact_ && is_of_contact(headings_[column]) &&
           std::ranges::none_of(targets_, [&](const FieldNames* target) { return score_heading(headings_[column], *target) >= exact; });
  }

  // 负责人; a telephone of whom is not said; 发证单位 beside a person's name.
  [[nodiscard]] bool is_of_whom_to_ask(std::size_t column) const {
    const Heading& heading = headings_[column];
    const bool telephones = contents_[column].phone >= 50 && !heading.name.empty() && !names_another_party(heading);
    return entity_.id == "customer" && (heading.name == "负责人" || telephones || (persons_ && employment_of(heading) == Employment::perhaps));
  }

  bool take(std::size_t column, const Field* field, int score) {
    const int person = std::max(persons_of_columns_[column], 0);
    if (mapping_[column].field != nullptr || !taken_.emplace(person, field).second) {
      return false;
    }
    mapping_[column] = {ColumnUse::field, field, std::clamp(score, 0, 100), person};
    return true;
  }

  [[nodiscard]] const Field* free_field(Format format) const {
    for (const FieldNames* target : targets_) {
      const Field* field = target->target.field;
      if (field->format == format && field->id != "fax" && field->id != "home_phone" && !taken_.contains({0, field})) {
        return field;
      }
    }
    return nullptr;
  }

  // Our own exports have columns that the app computes: they come back by themselves.
  void leave_computed() {
    for (std::size_t column = 0; column < headings_.size(); ++column) {
      const bool computed = std::ranges::any_of(entity_.fields, [&](const Field& field) {
        const std::string& heading = headings_[column].name;
        return field.derived() && (read_heading(field.zh).name == heading || read_heading(field.en).name == heading);
      });
      if (mapping_[column].field == nullptr && computed) {
        mapping_[column] = {ColumnUse::ignore, nullptr, 100};
      }
    }
  }

  // A heading that says nothing above a column that says everything.
  void map_by_content() {
    constexpr int certain = 70;
    constexpr int confidence = 55;
    for (std::size_t column = 0; column < headings_.size(); ++column) {
      const ColumnContent& content = contents_[column];
      const bool is_phone = content.phone >= certain;
      const bool another = repeated_[column] || persons_of_columns_[column] != none;
      const bool of_somebody = names_another_party(headings_[column]) || (with_contact_ && is_of_contact(read_number(headings_[column]).heading)) || !behind_contact(headings_[column]).name.empty();
      if (content.filled == 0 || another || of_somebody || mapping_[column].use != ColumnUse::remark || !(is_phone || content.email >= certain)) {
        continue;
      }
      if (const Field* field = free_field(is_phone ? Format::phone : Format::email)) {
        take(column, field, confidence);
      }
    }
  }

  // A table needs names: failing a heading, the first column of many different words. Without any heading there is no better
  // name than the first column of words, even where some repeat.
  void map_title() {
    const Field* title = entity_.find(entity_.title_field);
    if (title == nullptr || title->type != FieldType::text || taken_.contains({0, title})) {
      return;
    }
    const bool headless = std::ranges::all_of(headings_, [](const Heading& heading) { return heading.name.empty(); });
    constexpr int many = 80, some = 30;  // percent that differ
    for (const int least : {many, headless ? some : many}) {
      for (std::size_t column = 0; column < headings_.size(); ++column) {
        const ColumnContent& content = contents_[column];
        // Those of a list of products are no customers.
        const bool words = !(of_products_ && entity_.id == "customer") && content.number < 20 && content.phone < 20 && content.email < 20 && content.date < 20;
        if (mapping_[column].use == ColumnUse::remark && words && content.filled > 0 && content.distinct >= least && take(column, title, 40)) {
          return;
        }
      }
    }
  }

  void set_aside() {
    const bool has_remark = entity_.find("remark") != nullptr;
    for (std::size_t column = 0; column < headings_.size(); ++column) {
      // 序号, or the index that a program writes before its table, without a heading.
      const bool counter = (is_serial_number_heading(headings_[column]) || headings_[column].name.empty()) && contents_[column].counts_up;
      if (mapping_[column].use == ColumnUse::remark && (counter || contents_[column].filled == 0 || !has_remark)) {
        mapping_[column] = {ColumnUse::ignore, nullptr, counter ? 100 : 50};
      } else if (mapping_[column].use == ColumnUse::remark && doubtful_[column]) {
        mapping_[column].confidence = sure_from / 2;
      }
    }
  }

  const ImportTable& table_;
  const Entity& entity_;
  std::vector<ColumnMapping> mapping_;
  std::vector<Heading> headings_;
  std::vector<ColumnContent> contents_;
  std::vector<const FieldNames*> targets_;
  std::set<std::pair<int, const Field*>> taken_;  // by whom: ColumnMapping::person
  static constexpr int none = -1;
  static constexpr int exact = 90;         // the score of a heading that is a name of the field
  static constexpr int most_unsure = sure_from - 4;
  std::vector<std::size_t> side_by_side_;  // columns of those whose names stand side by side, but the first one's
  std::vector<bool> of_first_person_;      // and of the first one
  std::vector<int> persons_of_columns_;    // none: not that of a numbered contact
  std::vector<bool> repeated_;             // an earlier column has the same heading
  std::vector<bool> doubtful_;             // it should have become a field by its heading
  bool of_products_ = false;               // a list of products, or of what was bought
  bool persons_ = false;
  bool with_contact_ = false;
  bool person_beside_company_ = false;  // an address book: "Name" is the person, "Organization" the customer
};

}  // namespace

std::vector<MappableField> mappable_fields(const Entity& entity) {
  std::vector<MappableField> fields;
  const auto add = [&fields](const Entity& of) {
    for (const Field& field : of.fields) {
      const bool link = of.id == "contact" && field.id == "customer" && !fields.empty();
      if (!field.derived() && !link) {
        fields.push_back({&of, &field});
      }
    }
  };
  add(entity);
  if (const Entity* contact = find_entity("contact"); entity.id == "customer" && contact != nullptr) {
    add(*contact);
  }
  return fields;
}

std::vector<ColumnMapping> propose_mapping(const ImportTable& table, const Entity& entity) { return Mapper(table, entity).map(); }

}  // namespace kehubu
