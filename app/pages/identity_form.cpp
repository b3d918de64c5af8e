#include "app/pages/identity_form.h"

#include <algorithm>
#include <cctype>

#include "app/pages/records/reference_picker.h"
#include "core/base/text.h"

namespace kehubu {
namespace {

constexpr std::size_t people_offered = 500;
constexpr std::size_t longest_device_name = 40;  // characters
constexpr char part_mark = '\x1f';  // between the parts of a draft

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return text;
}

bool is_too_long(std::string_view device_name) { return count_code_points(trim(device_name)) > longest_device_name; }

}  // namespace

IdentityForm::IdentityForm(DraftHost& host)
    : app_(host.draft_app()),
      drafts_(host, {.content = [this] { return pack() == started_as_ ? std::string() : pack(); },
                     .title = [this] { return std::string(app_.say(Word::first_who)) + " " + person_name(); }}) {
  start();
  if (const auto draft = drafts_.take_resumed()) {
    unpack(*draft);
  }
}

void IdentityForm::start() {
  const Entity& employee = entity_named("employee");
  people_ = app_.records({.entity = &employee, .search = {}, .filters = {}, .sort_by = employee.find("code")}, people_offered);
  new_person_ = people_.empty();
  checked_ = false;
  const DeviceIdentity& identity = app_.store->identity();
  device_name_ = identity.name;
  device_named_by_hand_ = !device_name_.empty();
  person_ = identity.person.empty() || app_.person_is_gone() ? std::string() : identity.person.text();
  name_ = code_ = company_ = {};
  role_ = "rep";
  choose_letter();
  started_as_ = pack();
}

// The name of the device counts only where a person gave it.
std::string IdentityForm::pack() const {
  std::string packed(new_person_ ? "new" : "known");
  for (const std::string& part : {person_, name_, code_, role_, company_, letter_, device_named_by_hand_ ? device_name_ : std::string()}) {
    packed += part_mark + part;
  }
  return packed;
}

void IdentityForm::unpack(std::string_view packed) {
  std::vector<std::string> parts{{}};
  for (const char character : packed) {
    character == part_mark ? parts.emplace_back() : (parts.back() += character, parts.back());
  }
  constexpr std::size_t parts_packed = 8;
  parts.resize(parts_packed);
  new_person_ = people_.empty() || parts[0] == "new";
  person_ = parts[1];
  name_ = parts[2];
  code_ = parts[3];
  role_ = parts[4].empty() ? role_ : parts[4];
  company_ = parts[5];
  choose_letter();
  letter_ = parts[6].empty() ? letter_ : parts[6];
  device_named_by_hand_ = !parts[7].empty();
  device_name_ = parts[7];
}

// Two devices with one letter give the same business numbers.
void IdentityForm::choose_letter() {
  const auto person = new_person_ ? std::nullopt : Id::parse(person_);
  auto used = person ? app_.sync->letters_in_use(*person) : std::vector<UsedLetter>();
  used_letters_ = used ? std::move(*used) : std::vector<UsedLetter>();
  const DeviceIdentity& identity = app_.store->identity();
  const bool has_one = person && *person == identity.person && !identity.letter.empty();
  letter_ = has_one ? identity.letter : next_letter(used_letters_);
}

void IdentityForm::draw() {
  if (drafts_.draw_offer() != DraftAnswer::none) {
    start();
    if (const auto draft = drafts_.take_resumed()) {
      unpack(*draft);
    }
  }
  if (new_person_) {
    draw_new_person();
  } else {
    draw_known_people();
  }
  app_.ui.space();
  draw_device();
}

void IdentityForm::draw_known_people() {
  std::vector<Option> options;
  for (const Record& person : people_) {
    const std::string name = app_.show(person, "name");
    options.push_back({.key = person.id.text(),
                       .label = name,
                       .detail = app_.show(person, "code") + " · " + app_.show(person, "role"),
                       .search = search_text(name)});
  }
  const std::string_view missing = checked_ && person_.empty() ? app_.say(Word::choose) : std::string_view();
  if (app_.ui.combo("person", person_, options, {.field = {.label = app_.say(Word::first_pick_person), .required = true, .error = missing}})) {
    choose_letter();
  }
  if (app_.ui.link("new_person", app_.say(Word::first_new_person))) {
    new_person_ = true;
    choose_letter();
  }
}

void IdentityForm::draw_new_person() {
  const auto error_of = [&](const std::string& value, Word label) {
    return checked_ && trim(value).empty() ? app_.say(Word::required_missing, {app_.say(label)}) : std::string();
  };
  const std::string name_error = error_of(name_, Word::first_name), code_error = error_of(code_, Word::first_code);
  app_.ui.grid("person", {.min_column_width = 200, .max_columns = 2, .gap = Space::l}, 4, [&](int cell) {
    switch (cell) {
      case 0:
        app_.ui.text_field("name", name_, {.field = {.label = app_.say(Word::first_name), .required = true, .error = name_error}});
        break;
      case 1:
        app_.ui.text_field("code", code_, {.field = {.label = app_.say(Word::first_code), .required = true, .error = code_error, .hint = app_.say(Word::first_code_hint)}});
        break;
      case 2: {
        const Field& role = *entity_named("employee").find("role");
        std::vector<Option> options;
        for (const Store::ChoiceLabel& choice : app_.store->choices(*role.list)) {
          options.push_back({.key = choice.id, .label = std::string(app_.say(choice.label))});
        }
        (void)app_.ui.combo("role", role_, options, {.field = {.label = app_.say(Word::first_role), .required = true}});
        break;
      }
      default:
        if (people_.empty()) {
          app_.ui.text_field("company", company_, {.field = {.label = app_.say(Word::first_company), .hint = app_.say(Word::first_company_hint)}});
        } else if (app_.ui.link("known", app_.say(Word::first_pick_person))) {
          new_person_ = false;
          choose_letter();
        }
    }
  });
}

std::string IdentityForm::person_name() const {
  if (new_person_) {
    return std::string(trim(name_));
  }
  const auto id = Id::parse(person_);
  return id ? app_.title_of(entity_named("employee"), *id) : std::string();
}

void IdentityForm::draw_device() {
  if (!device_named_by_hand_) {
    const std::string name = person_name();
    device_name_ = name.empty() ? std::string() : app_.say(Word::first_device_default, {name}) + (used_letters_.empty() ? "" : " " + letter_);
  }
  app_.ui.grid("device", {.min_column_width = 200, .max_columns = 2, .gap = Space::l}, 2, [&](int cell) {
    if (cell == 0) {
      const std::string limit = std::to_string(longest_device_name);
      const std::string too_long(app_.say(Sentence{substitute("设备名称最多{}个字", {limit}), substitute("A device's name may have at most {} characters", {limit})}));
      const FieldResult result = app_.ui.text_field("device_name", device_name_, {.field = {.label = app_.say(Word::first_device_name), .error = is_too_long(device_name_) ? std::string_view(too_long) : std::string_view()}});
      device_named_by_hand_ = device_named_by_hand_ || result.changed;
      return;
    }
    draw_letter();
  });
}

void IdentityForm::draw_letter() {
  const std::string next = next_letter(used_letters_);
  const auto user_of = [&](std::string_view letter) {
    const auto used = std::ranges::find(used_letters_, letter, &UsedLetter::letter);
    return used == used_letters_.end()      ? std::string()
           : used->device_name.empty() ? std::string(app_.say(Word::first_letter_other_device))
                                       : used->device_name;
  };
  std::vector<Option> letters;
  const std::string last = std::max({std::string("F"), next, letter_});
  for (std::string letter = "A"; letter <= last; ++letter.front()) {
    letters.push_back({.key = letter, .label = letter, .detail = user_of(letter)});
  }
  const std::string user = user_of(letter_);
  const std::string warning = user.empty() ? std::string() : app_.say(Word::first_letter_taken, {user, letter_, next});
  (void)app_.ui.combo("letter", letter_, letters, {.field = {.label = app_.say(Word::first_letter), .error = warning, .hint = app_.say(Word::first_letter_hint)}});
}

bool IdentityForm::check() {
  checked_ = true;
  return !is_too_long(device_name_) && (new_person_ ? !trim(name_).empty() && !trim(code_).empty() : !person_.empty());
}

std::vector<Edit> IdentityForm::edits_of_new_person(const Id& person) const {
  const Entity& employee = entity_named("employee");
  const Entity& unit = entity_named("org_unit");
  const std::string code(trim(code_));
  std::vector<Edit> edits;
  if (people_.empty() && !trim(company_).empty()) {
    edits.push_back({.entity = &unit,
                     .row = new_id(app_.platform),
                     .fields = {{unit.find("code"), std::string("HQ")}, {unit.find("name"), std::string(trim(company_))}, {unit.find("kind"), std::string("company")}}});
  }
  edits.push_back({.entity = &employee,
                   .row = person,
                   .fields = {{employee.find("code"), code},
                              {employee.find("name"), std::string(trim(name_))},
                              {employee.find("role"), role_},
                              {employee.find("login_name"), lower(code)},
                              {employee.find("status"), std::string("active")}}});
  return edits;
}

bool IdentityForm::save() { return check() && app_.may_write() && drafts_.settle([this] { return write(); }); }

bool IdentityForm::write() {
  const DeviceIdentity before = app_.store->identity();
  DeviceIdentity identity = before;
  identity.letter = letter_;
  identity.name = std::string(trim(device_name_));
  identity.person = new_person_ ? new_id(app_.platform) : Id::parse(person_).value_or(Id{});
  // The identity first: what makes the person is that person's own first action.
  if (auto set = app_.store->set_identity(identity); !set) {
    app_.show_error(set.error());
    return false;
  }
  if (new_person_ && !app_.write(edits_of_new_person(identity.person), {})) {
    (void)app_.store->set_identity(before);
    return false;
  }
  return true;
}

}  // namespace kehubu
