// The persons of a row: whom its cells name, and which contacts become of them.
#include <algorithm>

#include "core/importing/choices.h"
#include "core/importing/persons_in_cell.h"
#include "core/importing/planner.h"
#include "core/importing/sheet_rows.h"

namespace kehubu {

// The contact's name: its own column, or the person's who is the customer.
void Planner::settle_contact(Draft& draft) {
  if (contact_ == nullptr) {
    return;
  }
  const Field* name = contact_->find("name");
  draft.contact_name = text_of(draft.contact_fields, name);
  // A list of persons, or a row of other lists that says to be one.
  const bool is_person = persons_ || (!names_contact_ && text_of(draft.fields, entity_.find("nature")) == "individual");
  if (is_person) {
    draft.contact_name = text_of(draft.fields, title_);
    draft.contact_fields.emplace_back(name, Value{draft.contact_name});
    const Field* nature = entity_.find("nature");
    if (text_of(draft.fields, nature).empty()) {
      draft.fields.emplace_back(nature, Value{std::string("individual")});
    }
  }
  if (!is_person) {
    split_contact(draft, 0, draft.contact_name, draft.contact_fields);
  }
  // Those whom a cell names besides its first are there already.
  for (std::size_t index = 0, numbered = draft.others.size(); index < numbered; ++index) {
    Person other = std::move(draft.others[index]);
    other.name = other.name.empty() ? text_of(other.fields, name) : other.name;
    split_contact(draft, other.place, other.name, other.fields);
    draft.others[index] = std::move(other);
  }
  if (draft.contact_name.empty() && !draft.contact_fields.empty()) {
    draft.contact_fields.clear();
    keep_what_is_nobodys(draft, 0);
  }
  for (Person& other : draft.others) {
    if (other.name.empty()) {
      other.fields.clear();
      keep_what_is_nobodys(draft, other.place);
    }
  }
}

// 爱喝茶 is said of the person of the row, where several rows of the company say different things.
void Planner::name_whose_remark(Draft& draft) {
  if (remarks_of_persons_.empty()) {
    return;
  }
  const std::string_view own = trimmed_cell(*draft.row, column_of(title_));
  name_above_ = own.empty() ? name_above_ : std::string(own);
  const std::string remark = text_of(draft.fields, remark_);
  if (remark.empty() || draft.contact_name.empty() || !remarks_of_persons_.contains(name_above_)) {
    return;
  }
  const std::string named = draft.contact_name + "：" + remark;
  set_field(draft.fields, remark_, Value{named});
  note(draft, NoteKind::tidied, column_of(remark_), [&] { return sentence("“{}”整理为“{}”", "“{}” becomes “{}”", {remark, named}); });
}

FieldValues& Planner::contact_fields_of(Draft& draft, int person) const {
  if (person == 0) {
    return draft.contact_fields;
  }
  const auto found = std::ranges::find(draft.others, person, &Person::place);
  return found != draft.others.end() ? found->fields : draft.others.emplace_back(Person{.place = person, .fields = {}, .name = {}}).fields;
}

// A mobile number of nobody: it must not get lost.
void Planner::keep_what_is_nobodys(Draft& draft, int person) {
  for (std::size_t column = 0; column < columns_.size(); ++column) {
    const bool of_person = columns_[column].of_contact && columns_[column].mapping.person == person;
    const std::string cell = of_person ? clean_cell(trimmed_cell(*draft.row, column)) : std::string();
    if (!cell.empty() && !says_nothing(cell)) {
      keep_in_remark(draft, column, cell);
      note(draft, NoteKind::kept_as_text, static_cast<std::uint32_t>(column), [&cell] {
        return sentence("没有联系人姓名，“{}”已记入备注", "No contact is named; “{}” is kept in the remark", {cell});
      });
    }
  }
}

// "孙八（已离职）" has left, and is not called so.
void Planner::settle_who_left(Draft& draft, int person, std::string& name, FieldValues& fields) {
  const std::string bare = without_having_left(name);
  if (bare.empty()) {
    return;
  }
  note(draft, NoteKind::check, column_of(contact_->find("name"), person), [&] {
    return sentence("“{}”按“{}”导入，并标为已离职，请核对", "“{}” is imported as “{}”, who has left the company. Please check", {name, bare});
  });
  name = bare;
  set_field(fields, contact_->find("name"), Value{bare});
  set_field(fields, contact_->find("left"), Value{std::int64_t{1}});
}

// "张总13800620001" in the column of names: the telephone goes where telephones go, unless another one stands there. So does each
// of several that stand beside as many names.
void Planner::split_contact(Draft& draft, int person, std::string& name, FieldValues& fields) {
  settle_who_left(draft, person, name, fields);
  const Field* title = contact_->find("name");
  const Field* mobile = contact_->find("mobile");
  const std::uint32_t column = column_of(title, person);
  std::vector<PersonInCell> persons = split_persons(name);
  if (persons.empty()) {
    persons = pair_persons(name, text_of(fields, mobile));
    if (!persons.empty()) {
      set_field(fields, mobile, Value{persons.front().phone});
    }
  }
  if (persons.empty()) {
    if (names_several_persons(name)) {
      note(draft, NoteKind::check, column, [&name] {
        return sentence("“{}”像是几个人，作为一位联系人导入，请核对", "“{}” looks like several persons; imported as one contact. Please check", {name});
      });
    }
    return;
  }
  // 老板;店长 beside two names: each has his own.
  std::vector<std::pair<const Field*, std::vector<std::string>>> shared;
  for (auto& [field, value] : fields) {
    const bool is_text = field->type == FieldType::text && field != title && field->format != Format::phone;
    const auto parts = is_text && persons.size() > 1 ? split_choices(text_or_empty(value)) : std::vector<std::string_view>();
    if (parts.size() == persons.size() && parts.size() > 1) {
      shared.emplace_back(field, std::vector<std::string>(parts.begin(), parts.end()));
      value = shared.back().second.front();
    }
  }
  const std::string cell = name;
  std::string shown;
  for (const PersonInCell& found : persons) {
    const Field* phone = looks_like_mobile(found.phone) ? mobile : contact_->find("phone");
    const bool first = shown.empty();
    shown += (first ? "" : "；") + found.name + " " + found.phone;
    if (!first) {
      Person& other = draft.others.emplace_back(Person{.place = person, .fields = {{title, Value{found.name}}, {phone, Value{found.phone}}}, .name = found.name, .named_beside = true});
      for (const auto& [field, texts] : shared) {
        other.fields.emplace_back(field, Value{texts[static_cast<std::size_t>(&found - persons.data())]});
      }
      continue;
    }
    name = found.name;
    set_field(fields, title, Value{found.name});
    if (const std::string own = text_of(fields, phone); own.empty()) {
      fields.emplace_back(phone, Value{found.phone});
    } else if (own != found.phone) {
      keep_in_remark(draft, column, cell);
    }
  }
  note(draft, NoteKind::check, column, [&] {
    const std::string count = std::to_string(persons.size());
    return Sentence{substitute("“{}”分成姓名和电话，导入为 {} 位联系人：{}，请核对", {cell, count, shown}),
                    substitute("“{}” is divided into names and telephones and imported as {} contact(s): {}. Please check", {cell, count, shown})};
  });
}

void Planner::add_contacts(Draft& draft, const Id& customer) {
  draft.person_name = draft.contact_name;
  add_contact(draft, draft.contact_fields, customer);
  for (const Person& other : draft.others) {
    draft.person = other.place;
    draft.person_name = other.name;
    draft.person_named_beside = other.named_beside;
    add_contact(draft, other.fields, customer);
  }
  draft.person = 0;
  draft.person_name.clear();
  draft.person_named_beside = false;
}

void Planner::add_contact(Draft& draft, const FieldValues& fields, const Id& customer) {
  const std::string& name = draft.person_name;
  if (name.empty() || fields.empty()) {
    return;
  }
  KnownRecords& contacts = references_.known(*contact_);
  const std::uint32_t column = column_of(contact_->find("name"), draft.person);
  Marks marks;
  marks.add_phones(text_of(fields, contact_->find("mobile")));
  if (const auto found = contacts.by_name(name, customer, marks)) {
    if (!found->certain) {
      note(draft, NoteKind::check, column, [&] { return sentence("这里叫“{}”的联系人不止一位，按第一位导入，请核对", "More than one contact here is called “{}”; imported as the first. Please check", {name}); });
    }
    if (const auto problem = merge_into(draft, pending_of(*contact_, found->id, draft.row->line), fields)) {
      keep_contact(draft, fields, problem->message);
    }
    return;
  }
  Edit edit{.entity = contact_, .row = new_id(environment_), .fields = fields};
  references_.note_created(edit.row);
  set_field(edit.fields, contact_->find("customer"), Value{customer});
  if (std::ranges::none_of(fields, [](const auto& entry) { return entry.first->id == "is_primary"; })) {
    edit.fields.emplace_back(contact_->find("is_primary"), Value{std::int64_t{contacts.has_part(customer) ? 0 : 1}});
  }
  if (const auto problem = make_valid(draft, edit, 0)) {
    keep_contact(draft, fields, problem->message);
    return;
  }
  note_same_phone(draft, contacts, customer, marks, column);
  if (contacts.by_name(name, customer)) {
    note(draft, NoteKind::check, column, [&] {
      return sentence("已有同名、手机不同的联系人“{}”，作为另一人导入", "There is a contact “{}” with another mobile; imported as another person", {name});
    });
  }
  contacts.add_name(name, customer, {edit.row, draft.row->line}, std::move(marks));
  pending_.emplace(edit.row, Pending{.edit = plan_.edits.size(), .line = draft.row->line});
  plan_.edits.push_back(std::move(edit));
}

// 林小燕 with the mobile of 林晓燕: perhaps the same person, written otherwise.
void Planner::note_same_phone(Draft& draft, const KnownRecords& contacts, const Id& customer, const Marks& marks, std::uint32_t column) {
  if (const auto other = contacts.by_phone(customer, marks)) {
    note(draft, NoteKind::check, column, [&] {
      const std::string line = std::to_string(other->line);
      return other->line == 0 ? sentence("这里的“{}”是同一个手机，作为另一人导入，请核对", "“{}” of the same customer has the same mobile; imported as another person. Please check", {store_.title(contacts.entity(), other->id)})
                              : sentence("与第 {} 行的人是同一个手机，作为另一人导入，请核对", "Has the mobile of the person of line {}; imported as another person. Please check", {line});
    });
  }
}

// The company is imported all the same, and what is known of the person stands in its remark.
void Planner::keep_contact(Draft& draft, const FieldValues& fields, const Sentence& why) {
  for (const auto& [field, value] : fields) {
    keep_value(draft, *field, source_of(draft, *field, value));
  }
  note(draft, remark_ != nullptr ? NoteKind::kept_as_text : NoteKind::lost, column_of(contact_->find("name"), draft.person), [&] {
    return Sentence{why.zh + "；没有建这位联系人，已记入备注", why.en + "; no contact is made, and what is known is kept in the remark"};
  });
}

}  // namespace kehubu
