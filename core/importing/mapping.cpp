// Which column is which field: what the headings say, checked against what the columns hold.
#include <algorithm>
#include <array>
#include <optional>
#include <ranges>
#include <set>
#include <span>

#include "core/base/sort.h"
#include "core/base/text.h"
#include "core/importing/cells.h"
#include "core/importing/column_content.h"
#include "core/importing/headings.h"
#include "core/importing/importing.h"
#include "core/importing/whose.h"

namespace kehubu {
namespace {

constexpr int least_score = 50;
constexpr int exact = 90;  // the score of a heading that is a name of the field

struct Proposal {
  std::size_t column = 0;
  const Field* field = nullptr;
  int score = 0;
  std::size_t order = 0;
};

bool ends_like_an_amount(std::string_view name) {
  static constexpr std::array<std::string_view, 10> endings = {"额", "量", "价", "金", "收入", "业绩", "利润", "数", "率", "比"};
  return std::ranges::any_of(endings, [name](std::string_view ending) { return name.ends_with(ending); });
}

// The fields that reach somebody: of a customer, and of a contact. Which of a contact's two telephones it is, numbers say.
struct ReachFields {
  Reach reach;
  std::string_view of_company, of_person;
};
constexpr std::array reach_fields = {
    ReachFields{Reach::mobile, "", "mobile"},        ReachFields{Reach::home_phone, "", "home_phone"}, ReachFields{Reach::office_phone, "phone", "phone"},
    ReachFields{Reach::any_phone, "phone", "mobile"}, ReachFields{Reach::any_phone, "phone", "phone"},  ReachFields{Reach::fax, "fax", "fax"},
    ReachFields{Reach::email, "email", "email"},      ReachFields{Reach::account, "", "wechat"},        ReachFields{Reach::address, "address", "address"},
    ReachFields{Reach::home_address, "address", "address"},
};

// Of a column of names: the first of them.
std::string example_of(const ImportTable& table, std::size_t column) {
  constexpr std::size_t longest_name = 45;  // bytes
  const auto filled = std::ranges::find_if(table.rows, [column](const CsvRow& row) { return column < row.cells.size() && !trim(row.cells[column]).empty(); });
  return filled == table.rows.end() || trim(filled->cells[column]).size() > longest_name ? table.header[column] : std::string(trim(filled->cells[column]));
}

class Mapper {
 public:
  Mapper(const ImportTable& table, const Entity& entity) : table_(table), entity_(entity), mapping_(table.header.size()), doubtful_(table.header.size()) {
    for (std::size_t column = 0; column < table.header.size(); ++column) {
      headings_.push_back(read_heading(table.header[column]));
      contents_.push_back(look_at(table, column));
    }
    of_products_ = std::ranges::any_of(headings_, is_product_heading);
    owners_.columns.resize(headings_.size());
    for (std::size_t column = 0; column < headings_.size(); ++column) {
      owners_.columns[column].what = headings_[column];
    }
    if (entity.id == "customer") {
      owners_ = find_owners(headings_, contents_, entity);
    }
    for (std::size_t column = 0; column < headings_.size(); ++column) {
      const Owner& own = owners_.columns[column];
      const auto same = [&](const Owner& other) { return !own.what.name.empty() && other.what.name == own.what.name && other.of == own.of && other.person == own.person; };
      repeated_.push_back(std::ranges::any_of(std::span(owners_.columns).first(column), same));
    }
  }

  std::vector<ColumnMapping> map() {
    for (std::size_t column = 0; column < headings_.size(); ++column) {
      mapping_[column].person = owners_.columns[column].person;
      mapping_[column].of_person = owners_.columns[column].of == Owner::Of::person;
    }
    map_names();
    map_reaches();
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
    ask_whose();
    return std::move(mapping_);
  }

 private:
  [[nodiscard]] const Field* field_of(Owner::Of of, std::string_view id) const { return (of == Owner::Of::person ? *find_entity("contact") : entity_).find(id); }

  void map_names() {
    for (std::size_t column = 0; column < headings_.size(); ++column) {
      const Owner& owner = owners_.columns[column];
      if (owner.is_name && owner.of == Owner::Of::person && objection(column, *field_of(owner.of, "name"), *find_entity("contact")) == 0) {
        take(column, field_of(owner.of, "name"), 100);
      }
    }
  }

  // What can be only one thing first, then 电话, which takes what is left.
  void map_reaches() {
    for (const ReachFields& row : reach_fields) {
      for (std::size_t column = 0; column < headings_.size(); ++column) {
        const Owner& owner = owners_.columns[column];
        const std::string_view id = owner.of == Owner::Of::person ? row.of_person : row.of_company;
        const bool other_number = row.reach == Reach::any_phone && owner.of == Owner::Of::person && id == "mobile" && contents_[column].mobile < 50;
        if (owner.reach != row.reach || owner.of == Owner::Of::nobody || mapping_[column].field != nullptr || id.empty() || other_number || !is_of_field(column, id)) {
          continue;
        }
        const Field* field = field_of(owner.of, id);
        const int score = 100 + objection(column, *field, owner.of == Owner::Of::person ? *find_entity("contact") : entity_);
        score >= least_score ? static_cast<void>(take(column, field, score)) : void();
      }
    }
  }

  [[nodiscard]] static bool is_wechat(const Owner& owner) {
    const Entity& contact = *find_entity("contact");
    return owner.reach == Reach::account && score_heading(owner.what, names_of({&contact, contact.find("wechat")})) >= exact;
  }
  // QQ is no 微信, and a shop's 住址 none of ours.
  [[nodiscard]] bool is_of_field(std::size_t column, std::string_view id) const {
    const Owner& owner = owners_.columns[column];
    return (id != "wechat" || is_wechat(owner)) &&
           (owner.reach != Reach::home_address || owner.of == Owner::Of::person || owners_.rows_are_persons);
  }

  [[nodiscard]] int objection(std::size_t column, const Field& field, const Entity& entity) const { return kehubu::objection(table_, column, contents_[column], field, entity); }

  // How well the heading names the field, before what the column holds is looked at. 0: not at all.
  [[nodiscard]] int score_of(std::size_t column, const FieldNames& target) const {
    const Heading& heading = headings_[column];
    const Owner& owner = owners_.columns[column];
    const Field& field = *target.target.field;
    const bool of_contact = target.target.entity != &entity_;
    if (owner.of == Owner::Of::nobody || owner.is_name || owner.reach != Reach::none || of_contact != (owner.of == Owner::Of::person)) {
      return 0;
    }
    const bool names_it = field.id == "name" && !of_contact && entity_.id == "customer";
    if (names_it && owners_.rows_are_persons && is_person_heading(heading)) {
      return 200;
    }
    const int score = score_heading(of_contact ? owner.what : heading, target);
    if (names_it && score < exact && employment_of(heading) == Employment::certain) {
      return heading.name.ends_with("简称") ? exact - 2 : exact + 1;
    }
    return score == 0 || is_something_else(column, field, score) ? 0 : score;
  }

  // Headings that hold a field's name and say something else.
  [[nodiscard]] bool is_something_else(std::size_t column, const Field& field, int score) const {
    const Heading& heading = headings_[column];
    // Of a shop 负责人 is who runs it, of a list of ours who looks after the customer.
    if (field.id == "owner" && (heading.name == "负责人" || score < exact)) {
      return true;
    }
    // 单位 is a name of the customer, or what numbers are counted in, and never 从属单位.
    if ((is_bare_day_heading(heading) || heading.name == "单位") && score < exact) {
      return true;
    }
    // 销售额 is no 销售: what ends like an amount names nobody, and neither do numbers.
    if (field.type == FieldType::reference && score < exact && (ends_like_an_amount(heading.name) || contents_[column].number >= 90)) {
      return true;
    }
    if (entity_.id != "customer") {
      return false;
    }
    // What was bought is nothing about the customer; 单位 beside it is what it is counted in.
    const bool counted = of_products_ && heading.name == "单位" && contents_[column].unit >= 50;
    if ((is_product_heading(heading) && (score < exact || field.id == "name")) || (field.id == "name" && counted)) {
      return true;
    }
    // 订单编号 is no number of a customer.
    return field.unique && score < exact && !heading.name.contains("客户");
  }

  std::vector<Proposal> propose() {
    std::vector<Proposal> proposals;
    for (std::size_t column = 0; column < headings_.size(); ++column) {
      // What the first of two equal heads may be left to, the second is not another field for want of it.
      std::vector<int> scores;
      std::ranges::transform(names_of_fields(entity_), std::back_inserter(scores), [&](const FieldNames& target) { return score_of(column, target); });
      const int best = scores.empty() ? 0 : std::ranges::max(scores);
      for (std::size_t index = 0; index < scores.size(); ++index) {
        const MappableField& target = names_of_fields(entity_)[index].target;
        // 说明 is the remark: where another column is that, it is not 来源说明 for want of it.
        if (scores[index] < least_score || (repeated_[column] && scores[index] < best) || (best >= exact && scores[index] < sure_from)) {
          continue;
        }
        doubtful_[column] = doubtful_[column] || (scores[index] >= exact - 10 && target.field->id != "remark");
        if (const int score = scores[index] + objection(column, *target.field, *target.entity); score >= least_score) {
          proposals.push_back({column, target.field, score, proposals.size()});
        }
      }
      doubtful_[column] = doubtful_[column] || is_doubtful_heading(column);
    }
    return proposals;
  }

  // 日期; 负责人; a telephone without a place, or under a heading that does not say so; 发证单位 beside a person's name.
  [[nodiscard]] bool is_doubtful_heading(std::size_t column) const {
    const Heading& heading = headings_[column];
    const Owner& owner = owners_.columns[column];
    if (is_bare_day_heading(heading)) {
      return true;
    }
    const bool is_nobodys = owner.of == Owner::Of::nobody && owner.certain;
    const bool telephones = contents_[column].phone >= 50 && !heading.name.empty() && !names_another_party(heading.name);
    const bool no_place = owner.reach != Reach::none && !is_nobodys && (owner.reach != Reach::account || is_wechat(owner));
    return entity_.id == "customer" && (heading.name == "负责人" || no_place || (telephones && !is_nobodys) || (owners_.rows_are_persons && employment_of(heading) == Employment::perhaps));
  }

  bool take(std::size_t column, const Field* field, int score) {
    const int person = mapping_[column].person;
    if (mapping_[column].field != nullptr || !taken_.emplace(person, field).second) {
      return false;
    }
    mapping_[column].use = ColumnUse::field;
    mapping_[column].field = field;
    mapping_[column].confidence = std::clamp(score, 0, 100);
    return true;
  }

  [[nodiscard]] const Field* free_field(Format format) const {
    for (const Field& field : entity_.fields) {
      if (field.format == format && field.id != "fax" && !field.derived() && !taken_.contains({0, &field})) {
        return &field;
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
        mapping_[column] = {.use = ColumnUse::ignore, .confidence = 100};
      }
    }
  }

  // A heading that says nothing above a column that says everything; and 手机 where neither a person nor another telephone is.
  void map_by_content() {
    constexpr int certain = 70;
    constexpr int confidence = 55;
    for (std::size_t column = 0; column < headings_.size(); ++column) {
      const ColumnContent& content = contents_[column];
      const Owner& owner = owners_.columns[column];
      const bool is_phone = content.phone >= certain;
      const bool says_nothing = headings_[column].name.empty() || entity_.id != "customer" || (owner.of == Owner::Of::company && is_telephone(owner.reach));
      if (content.filled == 0 || repeated_[column] || !says_nothing || mapping_[column].use != ColumnUse::remark || !(is_phone || content.email >= certain)) {
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
        mapping_[column] = {.use = ColumnUse::ignore, .confidence = counter ? 100 : 50};
      } else if (mapping_[column].use == ColumnUse::remark && doubtful_[column]) {
        mapping_[column].confidence = sure_from / 2;
      }
    }
  }

  // Whose a column is that is nobody's for certain, in words: 单位的、张一的，还是法人的.
  void ask_whose() {
    for (std::size_t column = 0; column < headings_.size(); ++column) {
      const Owner& owner = owners_.columns[column];
      if (owner.certain || mapping_[column].use != ColumnUse::remark) {
        continue;
      }
      std::vector<Sentence> whose;
      owner.perhaps_company ? whose.push_back({"单位", "the company’s"}) : void();
      for (const std::size_t named : owner.perhaps_person ? owners_.name_columns : std::vector<std::size_t>()) {
        const std::string name = example_of(table_, named);
        whose.push_back({name, name + "’s"});
      }
      if (!owner.somebody.empty() || whose.size() == 1) {
        whose.push_back(owner.somebody.empty() ? Sentence{"别人", "somebody else’s"} : Sentence{owner.somebody, owner.somebody + "’s"});
      }
      Sentence asked;
      for (std::size_t index = 0; index < whose.size(); ++index) {
        const bool last = index + 1 == whose.size();
        asked.zh += (index == 0 ? "" : last ? "，还是" : "、") + whose[index].zh + "的";
        asked.en += (index == 0 ? "" : last ? " or " : ", ") + whose[index].en;
      }
      mapping_[column].confidence = sure_from / 2;
      mapping_[column].perhaps_of_persons = owner.perhaps_person && owner.somebody.empty();
      mapping_[column].doubt = whose.size() < 2 ? Sentence{"不能确定是谁的，", "It is not certain whose it is."} : Sentence{"是" + asked.zh + "？", "Is it " + asked.en + "?"};
    }
  }

  const ImportTable& table_;
  const Entity& entity_;
  std::vector<ColumnMapping> mapping_;
  std::vector<Heading> headings_;
  std::vector<ColumnContent> contents_;
  Owners owners_;
  std::set<std::pair<int, const Field*>> taken_;  // by whom: ColumnMapping::person
  std::vector<bool> repeated_;                    // an earlier column of the same owner has the same heading
  std::vector<bool> doubtful_;                    // it should have become a field by its heading
  bool of_products_ = false;                      // a list of products, or of what was bought
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

std::vector<NamedPerson> persons_of(const ImportTable& table, std::span<const ColumnMapping> mapping) {
  const Field* name = find_entity("contact")->find("name");
  std::vector<NamedPerson> persons;
  for (std::size_t column = 0; column < mapping.size(); ++column) {
    if (mapping[column].use == ColumnUse::field && mapping[column].field == name) {
      persons.push_back({mapping[column].person, example_of(table, column)});
    }
  }
  kehubu::sort(persons, {}, &NamedPerson::person);
  return persons;
}

std::vector<ColumnMapping> propose_mapping(const ImportTable& table, const Entity& entity) { return Mapper(table, entity).map(); }

}  // namespace kehubu
