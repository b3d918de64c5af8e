// The sample company's tables as what its people did over a year, each deed at its time and on the device of its author.
#include "core/sample/sample.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "core/base/sort.h"
#include "core/base/text.h"
#include "core/sample/data.h"
#include "core/store/past.h"
#include "core/store/sql.h"

namespace kehubu {
namespace {

using namespace sample;

constexpr std::string_view rep_code = "R07";
constexpr std::string_view rep_login = "wangmin";
constexpr std::string_view admin_code = "A01", clerk_code = "C01", manager_code = "M01";
constexpr std::int64_t first_day = -420;      // on which the company began to keep its book here
constexpr std::int64_t list_taken_in = first_day + 4;
constexpr std::string_view former_rep = "R15";
constexpr std::int64_t prices_rose = -180;
constexpr std::int64_t draft_age = -4;
constexpr std::int64_t weekend = 3;            // days by which a visit may move to the Friday before, and one more
constexpr std::int64_t hour_ms = 3'600'000;
constexpr std::int64_t quarter_ms = hour_ms / 4;

// Collects edits. Empty texts and numbers of 0 are left out, so that defaults apply.
class Company {
 public:
  Company(Environment& environment, const Id& own_device, bool chinese)
      : environment_(environment), own_device_(own_device), chinese_(chinese), now_(environment.now_ms()), today_(days_since_epoch(local_date(now_))) {}

  // A year of it, in the order in which it happened.
  std::vector<Deed> make() {
    find_beginnings();
    add_organisation();
    add_products();
    add_customers();
    add_interactions();
    add_planned();
    add_opportunities();
    add_contracts();
    kehubu::sort(notes_, {}, [](const Note& note) { return std::pair(note.clock, note.number); });
    std::vector<Deed> deeds;
    const Note* before = nullptr;
    for (Note& note : notes_) {
      // What somebody wrote down at one moment is one deed.
      if (before == nullptr || before->clock != note.clock || before->by != note.by || before->kind != note.kind) {
        deeds.push_back(deed_of(note));
      }
      deeds.back().edits.push_back(std::move(note.edit));
      before = &note;
    }
    return deeds;
  }

 private:
  struct Note {
    Edit edit;
    std::int64_t clock = 0;
    std::string_view by;  // code of an employee
    ChangeKind kind = ChangeKind::update;
    std::size_t number = 0;  // as they were made
  };

  // The reps have a tablet each, all others the computer in the office. The sample is seen from 王敏's tablet.
  Deed deed_of(const Note& note) {
    Deed deed{.device = own_device_, .device_name = {}, .letter = "A", .person = of(note.by), .clock = note.clock, .kind = note.kind, .edits = {}};
    if (note.by != rep_code) {
      const bool is_rep = note.by.starts_with('R');
      const auto person = std::ranges::find(people(), is_rep ? note.by : clerk_code, &Person::code);
      const Text thing = is_rep ? Text{"的平板", "'s tablet"} : Text{"的电脑", "'s computer"};
      Id& device = devices_[person->code];
      device = device.empty() ? new_id(environment_) : device;
      deed.device = device;
      deed.device_name = std::string(person->name.in(chinese_)) + std::string(thing.in(chinese_));
    }
    return deed;
  }

  // --- one record
  Id begin(std::string_view entity) { return change(entity, new_id(environment_)); }
  // Of a record that is there already.
  Id change(std::string_view entity, const Id& row) {
    notes_.push_back({.edit = {.entity = find_entity(entity), .row = row, .fields = {}}, .number = notes_.size()});
    return row;
  }
  // Of the note begun last: written down at this moment, but not in the future, by the employee of this code.
  void written(std::int64_t moment, std::string_view by, ChangeKind kind = ChangeKind::update) {
    constexpr std::int64_t minute_ms = 60'000;
    notes_.back().clock = std::min(moment, now_ - minute_ms);
    notes_.back().by = by;
    notes_.back().kind = kind;
  }
  [[nodiscard]] std::int64_t working_day(std::int64_t days) const {
    while (weekday(date_from_days(today_ + days)) > 5) {
      --days;
    }
    return days;
  }
  [[nodiscard]] std::int64_t office_hour(std::int64_t days, std::int64_t hour) const {
    return local_midnight(date_from_days(today_ + days)) + hour * hour_ms;
  }
  void set_value(std::string_view field, Value value) {
    const Field* found = notes_.back().edit.entity->find(field);
    if (found != nullptr && !is_null(value)) {
      notes_.back().edit.fields.emplace_back(found, std::move(value));
    }
  }
  void set(std::string_view field, std::string_view text) {
    set_value(field, text.empty() ? Value() : Value(std::string(text)));
  }
  void set(std::string_view field, const Text& text) { set(field, text.in(chinese_)); }
  void set_number(std::string_view field, std::int64_t number) { set_value(field, Value(number)); }
  void set_day(std::string_view field, std::int64_t days) { set_value(field, Value(iso_date(date_from_days(today_ + days)))); }
  void set_link(std::string_view field, const Id& id) { set_value(field, id.empty() ? Value() : Value(id)); }
  [[nodiscard]] Id of(std::string_view key) const {
    const auto found = ids_.find(key);
    return found == ids_.end() ? Id{} : found->second;
  }

  void add_organisation() {
    for (const Unit& unit : units()) {
      ids_[unit.code] = begin("org_unit");
      set("code", unit.code);
      set("name", unit.name);
      set("kind", unit.kind);
      set_link("parent", of(unit.parent));
      written(office_hour(first_day, 9), admin_code);
    }
    for (const Person& person : people()) {
      ids_[person.code] = begin("employee");
      set("code", person.code);
      set("name", person.name);
      set("role", person.role);
      set("login_name", person.login);
      set("phone", person.phone);
      set_day("hire_date", -700 - static_cast<std::int64_t>(notes_.size()) * 61);
      set_link("department", of(person.department));
      set_link("region", of(person.region));
      set_link("reports_to", of(person.reports_to));
      written(office_hour(first_day, 9), admin_code);
    }
  }

  void add_products() {
    for (const Product& product : products()) {
      ids_[product.code] = begin("product");
      set("code", product.code);
      set("name", product.name);
      set("spec", product.spec);
      set("category", product.category);
      set("packaging", product.packaging);
      set("unit", product.unit);
      // Half of them had a price that was lower by a twentieth, to a whole yuan.
      const std::int64_t former = product.list_price * 19 / 20 / 100 * 100;
      const bool rises = ids_.size() % 2 == 0;
      set_number("list_price", rises ? former : product.list_price);
      set_number("cost_price", product.cost_price);
      written(office_hour(first_day, 10), admin_code);
      if (rises) {
        change("product", of(product.code));
        set_number("list_price", product.list_price);
        written(office_hour(prices_rose, 11), admin_code);
      }
    }
  }

  void add_customers() {
    std::size_t place = 0;
    for (const Customer& customer : customers()) {
      ids_[customer.name.zh] = begin("customer");
      const std::int64_t filed = beginnings_[customer.name.zh];
      const bool from_list = filed == list_taken_in;
      add_identity(customer);
      set("industry", customer.industry);
      set("business_forms", customer.forms);
      set("ownership", customer.ownership);
      set("size", customer.size);
      set("source", customer.source);
      set("customer_class", customer.customer_class);
      if (customer.stores > 0) {
        set_number("store_count", customer.stores);
      }
      set("main_business", customer.main_business);
      set_day("filed_on", filed);
      const bool grows = place % 3 != 2 && customer.story != Story::member;
      set("grade", grows ? grade_before(customer.grade) : customer.grade);
      set("coop_status", customer.story == Story::member ? "" : "negotiating");
      // Handed over to whoever looks after them now.
      const bool inherited = customer.owner == rep_code && place % 9 == 4;
      set_link("owner", of(inherited ? former_rep : customer.owner));
      const std::string_view by = from_list ? clerk_code : customer.owner;
      const ChangeKind kind = from_list ? ChangeKind::import : ChangeKind::update;
      const std::int64_t first_hour = office_hour(filed, 8);
      written(first_hour, by, kind);
      add_contacts(customer, first_hour, by, kind);
      get_to_know(customer, filed);
      agree_terms(customer, filed);
      if (grows) {
        change("customer", of(customer.name.zh));
        set("grade", customer.grade);
        written(office_hour(working_day(filed * 2 / 5), 17), place % 2 == 0 ? manager_code : customer.owner);
      }
      if (inherited) {
        change("customer", of(customer.name.zh));
        set_link("owner", of(customer.owner));
        written(office_hour(working_day(filed * 4 / 5), 9), manager_code);
      }
      ++place;
    }
  }

  [[nodiscard]] static std::string_view grade_before(std::string_view grade) {
    return grade == "a" ? "b" : grade == "b" ? "c" : grade == "c" ? "d" : grade;
  }

  // What one learns in the first weeks.
  void get_to_know(const Customer& customer, std::int64_t filed) {
    constexpr std::int64_t weeks = 19;
    if (!customer.no_visit_time.zh.empty() || !customer.remark.zh.empty()) {
      change("customer", of(customer.name.zh));
      set("no_visit_time", customer.no_visit_time);
      set("remark", customer.remark);
      written(office_hour(working_day(std::min<std::int64_t>(filed + weeks, -1)), 18), customer.owner);
    }
  }

  // Who buys has terms; it took half of the time to come to them.
  void agree_terms(const Customer& customer, std::int64_t filed) {
    const bool buys = customer.story == Story::regular || customer.story == Story::dealer || customer.story == Story::unhappy;
    change("customer", of(customer.name.zh));
    if (buys) {
      set("coop_status", "cooperating");
    }
    set_terms(customer.payment_term, customer.term_days);
    written(office_hour(working_day(filed / 2), 16), customer.owner);
  }

  // A term with what it needs to be one.
  void set_terms(std::string_view term, std::int64_t days) {
    constexpr std::int64_t settlement_day = 25;
    constexpr std::int64_t floor_stock = 2'000'000;  // fen
    constexpr std::int64_t half = 5000;
    set("payment_term", term);
    if (term == "monthly_cash") {
      set_number("term_day_of_month", settlement_day);
    } else if (term == "floor_stock") {
      set_number("term_floor", floor_stock);
    } else if (days > 0) {
      set_number("term_days", days);
    }
    if (term == "prepaid_then_net") {
      set_number("term_percent", half);
    }
  }

  void add_identity(const Customer& customer) {
    set("code", customer.code);
    set("name", customer.name);
    set("nature", customer.story == Story::member ? "individual" : "organisation");
    set("registered_name", customer.registered_name);
    set("city", customer.city);
    set("address", customer.address);
    set("phone", customer.phone);
    set_link("region", of(customer.region));
  }

  void add_contacts(const Customer& customer, std::int64_t moment, std::string_view by, ChangeKind kind) {
    bool is_first = true;
    for (const Contact& contact : contacts()) {
      if (contact.customer != customer.name.zh) {
        continue;
      }
      const Id id = begin("contact");
      if (is_first) {
        primary_[contact.customer] = {id, contact.name};
      }
      set_link("customer", of(contact.customer));
      set("name", contact.name);
      set("gender", contact.gender);
      set("title", contact.title);
      set("mobile", contact.mobile);
      set("decision_role", contact.decision_role);
      set_number("is_primary", is_first ? 1 : 0);
      written(moment, by, kind);
      // What nobody asks for at the first meeting.
      if (!contact.email.empty() || !contact.birthday.empty() || !contact.remark.zh.empty()) {
        change("contact", id);
        set("email", contact.email);
        set("birthday", contact.birthday);
        set("remark", contact.remark);
        written(office_hour(working_day(beginnings_[contact.customer] * 3 / 5), 17), customer.owner);
      }
      is_first = false;
    }
  }

  // --- interactions
  [[nodiscard]] static std::string with(std::string text, std::string_view slot, std::string_view value) {
    for (std::size_t found = text.find(slot); found != std::string::npos; found = text.find(slot, found + value.size())) {
      text.replace(found, slot.size(), value);
    }
    return text;
  }

  [[nodiscard]] std::string told(const Text& text, const Customer& customer, std::size_t turn) const {
    const auto product = std::ranges::find(products(), customer.product, &Product::code);
    const auto contact = primary_.find(customer.name.zh);
    const std::string quantity = std::to_string(10 + turn * 7 % 9 * 10);
    std::string result = with(std::string(text.in(chinese_)), "{c}", contact == primary_.end() ? customer.name.in(chinese_) : contact->second.name.in(chinese_));
    result = with(std::move(result), "{p}", product == products().end() ? std::string_view{} : product->name.in(chinese_));
    return with(std::move(result), "{q}", quantity);
  }

  // Working hours of a working day: weekends go to the Friday before.
  [[nodiscard]] std::int64_t moment(std::int64_t days, std::size_t turn) const {
    Date date = date_from_days(today_ + days);
    while (weekday(date) > 5) {
      date = date_from_days(days_since_epoch(date) - 1);
    }
    const auto half_hours = static_cast<std::int64_t>(18 + turn * 5 % 15);  // 09:00 … 16:00
    return local_midnight(date) + half_hours * 1'800'000;
  }

  Id begin_interaction(const Customer& customer, const Scene& scene, std::size_t turn) {
    const Id visit = begin("interaction");
    const auto contact = primary_.find(customer.name.zh);
    set_link("customer", of(customer.name.zh));
    if (contact == primary_.end()) {
      set("contact_text", Text{"店员", "Shop assistant"});
    } else {
      set_link("contact", contact->second.id);
    }
    set_link("employee", of(customer.owner));
    set("kind", scene.kind);
    set("scenario", scene.scenario);
    set("materials", scene.materials);
    set("purpose", std::string_view(told(scene.purpose, customer, turn)));
    return visit;
  }

  // How long ago each customer's story began. Whoever's file has a number of the company's own has been known for months;
  // the oldest came from a list, when the company began to keep its book here.
  void find_beginnings() {
    for_each_visit([this](const Customer& customer, const Scene&, std::int64_t day, std::size_t turn) {
      const auto known = beginnings_.find(customer.name.zh);
      const std::int64_t filed = customer.code.empty() ? day - weekend : std::min<std::int64_t>(day, -60 - static_cast<std::int64_t>(turn * 29 % 290)) - weekend;
      beginnings_[customer.name.zh] = known == beginnings_.end() ? filed : std::min(known->second, filed);
    });
    for (const Opportunity& deal : opportunities()) {
      beginnings_[deal.customer] = std::min<std::int64_t>(beginnings_[deal.customer], first_heard_of(deal) - weekend);
    }
    for (const Contract& contract : contracts()) {
      beginnings_[contract.customer] = std::min<std::int64_t>(beginnings_[contract.customer], drafted_on(contract) - weekend);
    }
    for (auto& [name, day] : beginnings_) {
      constexpr std::int64_t old = -250;
      day = day < old ? list_taken_in : working_day(day);
    }
  }

  [[nodiscard]] static std::string_view owner_of(std::string_view customer) {
    return std::ranges::find(customers(), customer, [](const Customer& row) { return row.name.zh; })->owner;
  }

  void add_interactions() {
    for_each_visit([this](const Customer& customer, const Scene& scene, std::int64_t day, std::size_t turn) { add_done(customer, scene, day, turn); });
  }

  template <typename Visit>
  static void for_each_visit(Visit visit) {
    std::size_t place = 0;
    for (const Customer& customer : customers()) {
      const auto moments = scenes_of(customer.story);
      // The last contact lies a few days back for customers that are looked after, months for those that sleep.
      const bool quiet = customer.story == Story::sleepy;
      const auto index = static_cast<std::int64_t>(place);
      std::int64_t day = quiet ? -75 - index % 5 * 11 : -1 - index * 5 % 17;
      for (std::size_t step = moments.size(); step-- > 0;) {
        const std::size_t turn = place * 3 + step * 2;
        visit(customer, moments[step][turn % moments[step].size()], day, turn);
        day -= 9 + static_cast<std::int64_t>(turn * 7 % 15);
      }
      ++place;
    }
  }

  void add_done(const Customer& customer, const Scene& scene, std::int64_t day, std::size_t turn) {
    // A third of the visits had been planned, and the plan became the record.
    constexpr std::int64_t plan_days = 4, hour_of_plans = 18;
    const std::int64_t visited = moment(day, turn), planned = office_hour(working_day(day - plan_days), hour_of_plans);
    if (turn % 3 == 0 && day - plan_days > beginnings_[customer.name.zh] && planned < visited) {
      const Id visit = begin_interaction(customer, scene, turn);
      set("status", "planned");
      set_number("planned_at", visited);
      written(planned, customer.owner);
      change("interaction", visit);
    } else {
      begin_interaction(customer, scene, turn);
    }
    set("status", "done");
    set_number("occurred_at", moment(day, turn));
    set_number("duration_min", scene.minutes + static_cast<std::int64_t>(turn % 4) * 3);
    set("content", std::string_view(told(scene.content, customer, turn)));
    set("result", std::string_view(told(scene.result, customer, turn)));
    set("next_plan", std::string_view(told(scene.next_plan, customer, turn)));
    // In the car, right after it.
    written(moment(day, turn) + scene.minutes * 60'000 + quarter_ms, customer.owner);
  }

  [[nodiscard]] static const Scene& next_scene(Story story, std::size_t turn) {
    const auto scenes = planned_scenes();
    switch (story) {
      case Story::fresh:
        return scenes[1];
      case Story::trying:
        return scenes[2];
      case Story::signing:
        return scenes[3];
      case Story::unhappy:
        return scenes[6];
      case Story::member:
        return scenes[7];
      default:
        return scenes[turn % 3 == 0 ? 0 : turn % 3 == 1 ? 4 : 5];
    }
  }

  // Every third customer or so has something coming; one thing has been missed.
  void add_planned() {
    std::size_t turn = 0;
    for (const Customer& customer : customers()) {
      ++turn;
      const bool ends = customer.story == Story::lost || customer.story == Story::sleepy;
      if (ends || turn % 5 == 0) {
        continue;
      }
      const std::int64_t day = turn == 1 ? 0 : turn == 3 ? -3 : static_cast<std::int64_t>(turn * 3 % 11);
      begin_interaction(customer, next_scene(customer.story, turn), turn);
      set("status", "planned");
      set_number("planned_at", turn == 1 ? later_today() : moment_ahead(day, turn));
      written(office_hour(working_day(std::min<std::int64_t>(day, 0) - 2), 18), customer.owner);
    }
  }

  // Planned days move to the Monday after a weekend.
  [[nodiscard]] std::int64_t moment_ahead(std::int64_t days, std::size_t turn) const {
    while (days > 0 && weekday(date_from_days(today_ + days)) > 5) {
      ++days;
    }
    return moment(days, turn);
  }

  // In two hours, on the half hour, but still today.
  [[nodiscard]] std::int64_t later_today() const {
    constexpr std::int64_t half_hour = 1'800'000;
    const std::int64_t last = local_midnight(date_from_days(today_)) + 47 * half_hour;
    return std::min((now_ / half_hour + 4) * half_hour, last);
  }

  // The stages that a deal went through, the present one last.
  [[nodiscard]] static std::vector<std::string_view> stages_of(const Opportunity& deal) {
    constexpr std::string_view open[] = {"prospecting", "needs", "proposal", "quoted", "negotiation", "contract"};
    std::vector<std::string_view> stages;
    for (const std::string_view stage : open) {
      if (stage == deal.stage) {
        break;
      }
      stages.push_back(stage);
      if (deal.stage == "lost" && stage == "proposal") {
        break;
      }
    }
    stages.push_back(deal.stage);
    return stages;
  }
  [[nodiscard]] static std::int64_t days_in_a_stage(const Opportunity& deal) { return 8 + deal.amount / 100'000 % 7; }
  [[nodiscard]] static std::int64_t first_heard_of(const Opportunity& deal) {
    return deal.stage_since - days_in_a_stage(deal) * (std::ssize(stages_of(deal)) - 1);
  }

  void add_opportunities() {
    for (const Opportunity& deal : opportunities()) {
      const Id id = begin("opportunity");
      deals_[deal.customer] = {id, deal.stage};
      const std::string_view owner = owner_of(deal.customer);
      const auto contact = primary_.find(deal.customer);
      const std::vector<std::string_view> stages = stages_of(deal);
      const std::int64_t first = working_day(first_heard_of(deal));
      set("topic", deal.topic);
      set("need", deal.need);
      set_link("customer", of(deal.customer));
      set_link("contact", contact == primary_.end() ? Id{} : contact->second.id);
      set_link("owner", of(owner));
      set_link("interest", of(deal.product));
      // What it comes to is known for certain with the offer.
      const bool is_estimate = std::ranges::find(stages, "quoted") != stages.end() && deal.stage != "quoted";
      constexpr std::int64_t thousand_yuan = 100'000;
      set_number("amount", is_estimate ? std::max(deal.amount * 4 / 5 / thousand_yuan, std::int64_t{1}) * thousand_yuan : deal.amount);
      set("stage", stages.front());
      set_day("stage_since", first);
      set_day("expected_close", std::max<std::int64_t>(deal.close, first));
      if (stages.size() == 1) {
        set("level", deal.level);
        set_number("probability", deal.probability);
      }
      written(office_hour(first, 17), owner);
      for (std::size_t stage = 1; stage < stages.size(); ++stage) {
        const std::int64_t steps_left = std::ssize(stages) - 1 - static_cast<std::int64_t>(stage);
        move_deal(deal, id, stages[stage], deal.stage_since - days_in_a_stage(deal) * steps_left, owner);
      }
    }
  }

  void move_deal(const Opportunity& deal, const Id& id, std::string_view stage, std::int64_t days, std::string_view owner) {
    const std::int64_t day = std::min<std::int64_t>(working_day(days), -1);
    change("opportunity", id);
    set("stage", stage);
    set_day("stage_since", day);
    if (stage == "quoted") {
      set_number("amount", deal.amount);
    }
    if (stage == deal.stage) {
      set("level", deal.level);
      set_number("probability", deal.probability);
      set_day("expected_close", deal.close);
      set("lost_reason", deal.lost_reason);
      set("lost_analysis", deal.lost_analysis);
      set("lost_remedy", deal.lost_remedy);
      if (stage == "won" || stage == "lost") {
        set_day("closed_on", day);
      }
    }
    written(office_hour(day, 17), owner);
  }

  // A won deal has a contract in force, one about to be signed has its draft.
  [[nodiscard]] Id deal_behind(const Contract& contract) const {
    const auto deal = deals_.find(contract.customer);
    const std::string_view stage = contract.status == "active" ? "won" : "contract";
    return deal != deals_.end() && deal->second.stage == stage ? deal->second.id : Id{};
  }

  static constexpr std::int64_t days_to_sign = 9, days_to_approve = 5;
  [[nodiscard]] static bool is_amended(const Contract& contract) { return contract.status == "active" && contract.signed_on < -200; }
  [[nodiscard]] static std::int64_t drafted_on(const Contract& contract) {
    return contract.signed_on < 0 ? contract.signed_on - days_to_sign : contract.status == "draft" ? draft_age : draft_age - days_to_sign;
  }

  void add_contracts() {
    for (const Contract& contract : contracts()) {
      const Id id = begin("contract");
      const std::string_view owner = owner_of(contract.customer);
      const std::int64_t drafted = working_day(drafted_on(contract));
      set("contract_no", contract.number);
      set_link("customer", of(contract.customer));
      set("title", contract.title);
      set("kind", contract.kind);
      set_link("opportunity", deal_behind(contract));
      set("status", "draft");
      set_day("end_on", contract.end_on);
      set_link("negotiator", of(owner));
      set("payment_method", "bank_transfer");
      set_terms(contract.payment_term, contract.term_days);
      written(office_hour(drafted, 15), owner);
      std::int64_t line_number = 0;
      for (const ContractLine& line : contract.lines) {
        lines_.push_back(begin("contract_line"));
        set_link("contract", id);
        set_number("line_no", ++line_number);
        set_link("product", of(line.product));
        // Of a contract that was amended the first line was shorter by a third.
        set_number("qty", is_amended(contract) && line_number == 1 ? line.quantity * 2 / 3 : line.quantity);
        set_number("unit_price", line.unit_price);
        written(office_hour(drafted, 15), owner);
      }
      take_to(contract, id, owner, drafted);
    }
  }

  // From the draft to where the contract stands now: handed in by the rep, approved by the manager, closed by the clerk.
  void take_to(const Contract& contract, const Id& id, std::string_view owner, std::int64_t drafted) {
    const auto state = [&](std::string_view status, std::int64_t days, std::int64_t hour, std::string_view by) {
      change("contract", id);
      set("status", status);
      written(office_hour(days, hour), by);
    };
    if (contract.status == "draft") {
      return;
    }
    state("pending_approval", working_day(drafted + days_to_approve), 11, owner);
    if (contract.status == "pending_approval") {
      return;
    }
    const std::int64_t signing = working_day(contract.signed_on);
    state("active", signing, 10, manager_code);
    set_day("signed_on", signing);
    set_day("start_on", signing + 1);
    if (contract.status == "completed") {
      state("completed", working_day(contract.end_on + 1), 10, clerk_code);
    } else if (is_amended(contract)) {
      amend(contract, id, owner);
    }
  }

  // More of the first product, which needs approving again.
  void amend(const Contract& contract, const Id& id, std::string_view owner) {
    const std::int64_t day = working_day(contract.signed_on / 2);
    const auto first_line = lines_.end() - std::ssize(contract.lines);
    change("contract_line", *first_line);
    set_number("qty", contract.lines.front().quantity);
    written(office_hour(day, 14), owner);
    change("contract", id);
    set("status", "active");
    written(office_hour(day, 17), manager_code);
  }

  struct Primary {
    Id id;
    Text name;
  };
  struct Deal {
    Id id;
    std::string_view stage;
  };
  Environment& environment_;
  Id own_device_;
  bool chinese_;
  std::int64_t now_;
  std::int64_t today_;
  std::vector<Note> notes_;
  std::vector<Id> lines_;                                // of contracts
  std::map<std::string_view, std::int64_t> beginnings_;  // days, by Chinese name of the customer
  std::map<std::string_view, Id> ids_;            // codes, and Chinese names of customers
  std::map<std::string_view, Id> devices_;        // by code of the employee
  std::map<std::string_view, Deal> deals_;        // by Chinese name of the customer
  std::map<std::string_view, Primary> primary_;   // by Chinese name of the customer
};

}  // namespace

std::optional<Id> sample_person(Store& store) {
  Statement select(store.connection(), "SELECT id FROM employee WHERE live = 1 AND code = ? AND login_name = ?");
  select.bind(1, rep_code).bind(2, rep_login);
  return select.row() ? std::optional(select.id(0)) : std::nullopt;
}

Status write_sample_data(Store& store, Environment& environment, bool chinese) {
  if (sample_person(store)) {
    return fail(ErrorKind::refused, "示例数据已经在这里了", "The sample data is here already");
  }
  return write_past(store, Company(environment, store.identity().device, chinese).make());
}

}  // namespace kehubu
