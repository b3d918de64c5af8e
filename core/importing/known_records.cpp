#include "core/importing/known_records.h"

#include <algorithm>
#include <array>
#include <span>

#include "core/base/identifiers.h"
#include "core/base/text.h"
#include "core/importing/choices.h"
#include "core/rules/duplicates.h"
#include "core/rules/names.h"
#include "core/store/sql.h"

namespace kehubu {
namespace {

// One map for all keys: the field's name or "" for the title, then what it holds.
std::string unique_key(const Field& field, std::string_view value) {
  std::string key(field.id);
  key += '\1';
  return key + fold(value);
}

std::string title_key(std::string_view name_key, const Id& of) {
  std::string key = "\2";
  if (!of.empty()) {
    key += std::string_view(reinterpret_cast<const char*>(of.bytes.data()), of.bytes.size());
  }
  key += name_key;
  return key;
}

constexpr std::size_t most_of_one_stem = 100;

std::size_t size_of_letters(std::string_view text, int most) {
  std::size_t end = 0;
  for (int letters = 0; letters < most && end < text.size(); ++letters) {
    static_cast<void>(next_code_point(text, end));
  }
  return end;
}

// 永辉 and 永辉超市: what is longer only says what they trade in.
bool adds_a_trade(std::string_view rest) {
  static constexpr std::array<std::string_view, 16> trades = {"超市", "商行", "商店", "便利店", "便利", "酒店", "餐饮", "食品", "商贸", "贸易", "饭店", "大酒店", "酒楼", "连锁", "集团", "店"};
  return std::ranges::find(trades, rest) != trades.end();
}

// Under what a name is looked for among those that are nearly it: its first three letters, and the first two of one that has no
// more but for its trade.
std::vector<std::string> stems_of(std::string_view core) {
  const std::size_t two = size_of_letters(core, 2), three = size_of_letters(core, 3);
  std::vector<std::string> stems{std::string(core.substr(0, three))};
  if (two < three && adds_a_trade(core.substr(two))) {
    stems.emplace_back(core.substr(0, two));
  }
  return stems;
}

bool counts(char32_t letter) {
  return (letter >= U'0' && letter <= U'9') || std::u32string_view(U"一二三四五六七八九十甲乙丙丁戊己庚辛东南西北").contains(letter);
}

// 永辉一店 and 永辉二店 are two: what differs counts or tells where.
bool differ_in_a_count(std::string_view first, std::string_view second) {
  std::size_t front = 0, other_front = 0;
  char32_t a = 0, b = 0;
  do {
    a = front < first.size() ? next_code_point(first, front) : U'\0';
    b = other_front < second.size() ? next_code_point(second, other_front) : U'\0';
  } while (a == b && a != U'\0');
  return counts(a) || counts(b);
}

bool is_near(std::string_view first, std::string_view second) {
  const std::size_t lengths[] = {count_code_points(first), count_code_points(second)};
  const auto [shorter, longer] = std::minmax(lengths[0], lengths[1]);
  const bool begins = first.starts_with(second) || second.starts_with(first);
  const std::string_view rest = first.size() > second.size() ? first.substr(std::min(second.size(), first.size())) : second.substr(first.size());
  const bool near = shorter > 3 && letters_apart(first, second) == 1;
  return first != second && (near || (begins && ((shorter > 2 && 2 * shorter > longer) || (shorter > 1 && adds_a_trade(rest))))) && !differ_in_a_count(first, second);
}

// 杭州恒丰超市 and 恒丰超市; but the shops of Hangzhou and Ningbo are two.
bool differ_in_a_place(std::string_view key, std::string_view core, std::string_view other_key, std::string_view other_core) {
  return key != other_key && core == other_core && (key == core || other_key == other_core);
}

}  // namespace

std::string name_key(const Entity& entity, std::string_view name) {
  return entity.id == "customer" ? organisation_identity(name) : entity.id == "contact" ? person_identity(name) : fold(name);
}

const Field* owner_field(const Entity& entity) { return entity.id == "contact" ? entity.find("customer") : nullptr; }

void Marks::add(char tag, std::string_view value) {
  if (std::string folded = fold(value); !folded.empty()) {
    single_.push_back(tag + std::move(folded));
  }
}

void Marks::add_phones(std::string_view text) {
  for (const std::string_view part : split_choices(text)) {
    if (std::string key = phone_key(part); !key.empty()) {
      phones_.push_back(std::move(key));
    }
  }
}

char Marks::differ_in(const Marks& other) const {
  for (const std::string& own : single_) {
    for (const std::string& theirs : other.single_) {
      if (own.front() == theirs.front() && own != theirs) {
        return own.front();
      }
    }
  }
  return !phones_.empty() && !other.phones_.empty() && !share_a_phone(other) ? phones_tag : '\0';
}

bool Marks::share_something(const Marks& other) const {
  return share_a_phone(other) || std::ranges::any_of(single_, [&other](const std::string& own) { return std::ranges::find(other.single_, own) != other.single_.end(); });
}

bool Marks::share_a_phone(const Marks& other) const {
  return std::ranges::any_of(phones_, [&other](const std::string& phone) { return std::ranges::find(other.phones_, phone) != other.phones_.end(); });
}

std::vector<MarkField> mark_fields(const Entity& entity) {
  struct Mark {
    std::string_view entity, field;
    char tag;
    bool phones;
  };
  static constexpr std::array marks = {
      Mark{"customer", "code", 'c', false},   Mark{"customer", "tax_no", 't', false}, Mark{"customer", "license_no", 'l', false},
      Mark{"customer", "member_no", 'm', false}, Mark{"customer", "branch_name", Marks::branch_tag, false}, Mark{"contact", "mobile", Marks::phones_tag, true},   Mark{"product", "code", 'c', false},
      Mark{"product", "spec", 's', false},    Mark{"product", "unit", 'u', false},    Mark{"employee", "code", 'c', false},
      Mark{"org_unit", "code", 'c', false},
  };
  std::vector<MarkField> fields;
  for (const Mark& mark : marks) {
    if (const Field* field = mark.entity == entity.id ? entity.find(mark.field) : nullptr) {
      fields.push_back({mark.tag, field, mark.phones});
    }
  }
  return fields;
}

bool is_made_up(const Entity& entity, std::string_view number) { return number.starts_with(std::string(entity.number_prefix) + "-"); }

KnownRecords::KnownRecords(Store& store, const Entity& entity)
    : entity_(entity), title_(entity.find(entity.title_field)), owner_(owner_field(entity)) {
  for (const Field& field : entity.fields) {
    if (field.unique && !field.derived() && field.type == FieldType::text) {
      unique_fields_.push_back(&field);
    }
  }
  read(store);
}

void KnownRecords::read(Store& store) {
  const std::vector<MarkField> marked = mark_fields(entity_);
  // A customer who is a person is known by the telephones of the contact too.
  const std::string phones = entity_.id == "customer"
                                 ? "CASE WHEN nature = 'individual' THEN coalesce(phone, '') || ';' || coalesce((SELECT group_concat(coalesce(p.mobile, '') "
                                   "|| ';' || coalesce(p.phone, ''), ';') FROM contact p WHERE p.customer = customer.id AND p.live = 1), '') END"
                                 : "NULL";
  std::string sql = "SELECT id, " + quoted(title_->id) + ", " + (owner_ != nullptr ? quoted(owner_->id) : "NULL") + ", " + phones;
  for (const Field* field : unique_fields_) {
    sql += ", " + quoted(field->id);
  }
  for (const MarkField& mark : marked) {
    sql += ", " + quoted(mark.field->id);
  }
  Statement select(store.connection(), sql + " FROM " + quoted(entity_.id) + " WHERE live = 1");
  while (select.row()) {
    const Found record{select.id(0), 0};
    int column = 4;
    for (const Field* field : unique_fields_) {
      if (!select.is_null(column)) {
        add_unique(*field, select.text(column), record);
      }
      ++column;
    }
    if (select.is_null(1) || title_->type != FieldType::text) {
      continue;
    }
    Marks marks;
    if (!select.is_null(3)) {
      marks.add_phones(select.text(3));
    }
    for (const MarkField& mark : marked) {
      if (const int at = column++; !select.is_null(at)) {
        const std::string_view text = select.text(at);
        const bool counts = mark.field->id != entity_.number_field || !is_made_up(entity_, text);
        mark.phones ? marks.add_phones(text) : marks.add(mark.tag, counts ? text : std::string_view{});
      }
    }
    add_name(select.text(1), select.id(2), record, std::move(marks));
  }
}

std::optional<KnownRecords::Found> KnownRecords::by_unique(const Field& field, std::string_view value) const {
  const auto found = by_key_.find(unique_key(field, value));
  return found == by_key_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<KnownRecords::Found> KnownRecords::by_name(std::string_view name, const Id& of, const Marks& marks) const {
  return by_name_key(name_key(entity_, name), of, marks);
}

std::optional<KnownRecords::Found> KnownRecords::by_name_key(std::string_view key, const Id& of, const Marks& marks) const {
  const auto found = first_of_name_.find(title_key(key, of));
  std::optional<Found> best;
  bool best_shares = false;
  for (auto index = found == first_of_name_.end() ? std::nullopt : std::optional(found->second); index; index = named_[*index].next) {
    const Named& named = named_[*index];
    if (marks.differ_in(named.marks) != '\0') {
      continue;
    }
    const bool shares = marks.share_something(named.marks);
    if (!best || (shares && !best_shares)) {
      best = named.record;
      best_shares = shares;
    } else if (shares == best_shares && best->id != named.record.id) {
      best->certain = false;
    }
  }
  return best;
}

const Marks* KnownRecords::marks_of(std::string_view key, const Id& of, const Id& record) const {
  const auto found = first_of_name_.find(title_key(key, of));
  for (auto index = found == first_of_name_.end() ? std::nullopt : std::optional(found->second); index; index = named_[*index].next) {
    if (named_[*index].record.id == record) {
      return &named_[*index].marks;
    }
  }
  return nullptr;
}

std::optional<KnownRecords::Found> KnownRecords::near_name_key(const std::string& key) const {
  const std::string core = main_name(key);
  for (const std::string& stem : stems_of(core)) {
    const auto alike = by_stem_.find(stem);
    const bool few = alike != by_stem_.end() && alike->second.size() < most_of_one_stem;
    for (const Near& near : few ? std::span<const Near>(alike->second) : std::span<const Near>()) {
      if (is_near(key, near.key) || differ_in_a_place(key, core, near.key, near.core)) {
        return named_[near.named].record;
      }
    }
  }
  return std::nullopt;
}

std::optional<KnownRecords::Found> KnownRecords::by_phone(const Id& of, const Marks& marks) const {
  for (const std::string& phone : marks.phones()) {
    if (const auto found = by_phone_.find(title_key(phone, of)); found != by_phone_.end()) {
      return named_[found->second].record;
    }
  }
  return std::nullopt;
}

std::optional<KnownRecords::Found> KnownRecords::by_any(std::string_view text) const {
  for (const Field* field : unique_fields_) {
    if (auto found = by_unique(*field, text)) {
      return found;
    }
  }
  return by_name(text);
}

void KnownRecords::add_unique(const Field& field, std::string_view value, const Found& record) {
  by_key_.emplace(unique_key(field, value), record);
}

void KnownRecords::add_name(std::string_view name, const Id& of, const Found& record, Marks marks) {
  add_name_key(name_key(entity_, name), of, record, std::move(marks));
}

void KnownRecords::add_name_key(std::string_view key, const Id& of, const Found& record, Marks marks) {
  const auto [first, is_first] = first_of_name_.emplace(title_key(key, of), named_.size());
  if (is_first) {
    if (entity_.id == "customer") {
      const std::string core = main_name(key);
      for (const std::string& stem : stems_of(core)) {
        std::vector<Near>& alike = by_stem_[stem];
        if (alike.size() < most_of_one_stem) {
          alike.push_back({std::string(key), core, named_.size()});
        }
      }
    }
    named_.push_back({record, std::move(marks), std::nullopt});
  } else {
    // Behind the first, which stays the one that a bare name means.
    named_.push_back({record, std::move(marks), named_[first->second].next});
    named_[first->second].next = named_.size() - 1;
  }
  if (!of.empty()) {
    for (const std::string& phone : named_.back().marks.phones()) {
      by_phone_.emplace(title_key(phone, of), named_.size() - 1);
    }
    parts_.emplace(of, true);
  }
}

}  // namespace kehubu
