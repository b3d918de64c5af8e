// The sample company's tables as one action.
#include "core/sample/sample.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "core/base/text.h"
#include "core/sample/data.h"
#include "core/store/sql.h"

namespace kehubu {
namespace {

using namespace sample;

constexpr std::string_view rep_code = "R07";
constexpr std::string_view rep_login = "wangmin";
constexpr std::string_view admin_code = "A01";
constexpr std::int64_t first_day = -420;      // on which the company began to keep its book here
constexpr std::int64_t draft_age = -4;
constexpr std::int64_t weekend = 3;            // days by which a visit may move to the Friday before, and one more
constexpr std::int64_t hour_ms = 3'600'000;
constexpr std::int64_t quarter_ms = hour_ms / 4;

// Collects edits. Empty texts and numbers of 0 are left out, so that defaults apply.
class Company {
 public:
  Company(Environment& environment, bool chinese)
      : environment_(environment), chinese_(chinese), now_(environment.now_ms()), today_(days_since_epoch(local_date(now_))) {}

  // A year of it: each record at the time at which somebody of the company would have written it down, in that order.
  struct Past {
    std::vector<Edit> edits;
    std::vector<WriteOptions::Stamp> stamps;
  };
  Past make() {
    find_beginnings();
    add_organisation();
    add_products();
    add_customers();
    add_contacts();
    add_interactions();
    add_planned();
    add_opportunities();
    add_contracts();
    std::vector<std::size_t> order(edits_.size());
    for (std::size_t index = 0; index < order.size(); ++index) {
      order[index] = index;
    }
    std::ranges::sort(order, [this](std::size_t first, std::size_t second) { return std::pair(stamps_[first].clock, first) < std::pair(stamps_[second].clock, second); });
    Past past;
    for (const std::size_t index : order) {
      past.edits.push_back(std::move(edits_[index]));
      past.stamps.push_back(stamps_[index]);
    }
    return past;
  }

 private:
  // --- one record
  Id begin(std::string_view entity) {
    edits_.push_back({.entity = find_entity(entity), .row = new_id(environment_), .fields = {}});
    stamps_.emplace_back();
    return edits_.back().row;
  }
  // Of the record begun last: written down at this moment, but not in the future, by the employee of this code.
  void written(std::int64_t moment, std::string_view by) {
    constexpr std::int64_t minute_ms = 60'000;
    stamps_.back() = {.clock = std::min(moment, now_ - minute_ms), .person = of(by)};
  }
  [[nodiscard]] std::int64_t office_hour(std::int64_t days, std::int64_t hour) const {
    return local_midnight(date_from_days(today_ + days)) + hour * hour_ms;
  }
  void set_value(std::string_view field, Value value) {
    const Field* found = edits_.back().entity->find(field);
    if (found != nullptr && !is_null(value)) {
      edits_.back().fields.emplace_back(found, std::move(value));
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
      written(office_hour(first_day, 9), "");
    }
    for (const Person& person : people()) {
      ids_[person.code] = begin("employee");
      set("code", person.code);
      set("name", person.name);
      set("role", person.role);
      set("login_name", person.login);
      set("phone", person.phone);
      set_day("hire_date", -700 - static_cast<std::int64_t>(edits_.size()) * 61);
      set_link("department", of(person.department));
      set_link("region", of(person.region));
      set_link("reports_to", of(person.reports_to));
      written(office_hour(first_day, 9), "");
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
      set_number("list_price", product.list_price);
      set_number("cost_price", product.cost_price);
      written(office_hour(first_day, 10), admin_code);
    }
  }

  void add_customers() {
    for (const Customer& customer : customers()) {
      ids_[customer.name.zh] = begin("customer");
      add_identity(customer);
      set("industry", customer.industry);
      set("business_forms", customer.forms);
      set("ownership", customer.ownership);
      set("size", customer.size);
      set("grade", customer.grade);
      set("source", customer.source);
      set("customer_class", customer.customer_class);
      set_terms(customer.payment_term, customer.term_days);
      if (customer.stores > 0) {
        set_number("store_count", customer.stores);
      }
      set("main_business", customer.main_business);
      set("no_visit_time", customer.no_visit_time);
      set("remark", customer.remark);
      const bool buys = customer.story == Story::regular || customer.story == Story::dealer || customer.story == Story::unhappy;
      set("coop_status", buys ? "cooperating" : customer.story == Story::member ? "" : "negotiating");
      set_day("filed_on", beginnings_[customer.name.zh]);
      written(office_hour(beginnings_[customer.name.zh], 16), customer.owner);
    }
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
    set_link("owner", of(customer.owner));
  }

  void add_contacts() {
    std::string_view previous;
    for (const Contact& contact : contacts()) {
      const Id id = begin("contact");
      const bool is_first = contact.customer != previous;
      previous = contact.customer;
      if (is_first) {
        primary_[contact.customer] = {id, contact.name};
      }
      set_link("customer", of(contact.customer));
      set("name", contact.name);
      set("gender", contact.gender);
      set("title", contact.title);
      set("mobile", contact.mobile);
      set("email", contact.email);
      set("decision_role", contact.decision_role);
      set("birthday", contact.birthday);
      set_number("is_primary", is_first ? 1 : 0);
      set("remark", contact.remark);
      written(office_hour(beginnings_[contact.customer], 17), owner_of(contact.customer));
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

  void begin_interaction(const Customer& customer, const Scene& scene, std::size_t turn) {
    begin("interaction");
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
  }

  // How long ago each customer's story began. Whoever's file has a number of the company's own has been known for months.
  void find_beginnings() {
    for_each_visit([this](const Customer& customer, const Scene&, std::int64_t day, std::size_t turn) {
      const auto known = beginnings_.find(customer.name.zh);
      const std::int64_t filed = customer.code.empty() ? day - weekend : std::min<std::int64_t>(day, -60 - static_cast<std::int64_t>(turn * 29 % 290)) - weekend;
      beginnings_[customer.name.zh] = known == beginnings_.end() ? filed : std::min(known->second, filed);
    });
    for (const Opportunity& deal : opportunities()) {
      beginnings_[deal.customer] = std::min<std::int64_t>(beginnings_[deal.customer], deal.stage_since - weekend);
    }
    for (const Contract& contract : contracts()) {
      beginnings_[contract.customer] = std::min<std::int64_t>(beginnings_[contract.customer], contract.signed_on - weekend);
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
    begin_interaction(customer, scene, turn);
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
      written(office_hour(std::min<std::int64_t>(day, 0) - 2, 18), customer.owner);
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

  void add_opportunities() {
    for (const Opportunity& deal : opportunities()) {
      const Id id = begin("opportunity");
      deals_[deal.customer] = {id, deal.stage};
      const auto customer = std::ranges::find(customers(), deal.customer, [](const Customer& row) { return row.name.zh; });
      const auto contact = primary_.find(deal.customer);
      set("topic", deal.topic);
      set("need", deal.need);
      set_link("customer", of(deal.customer));
      set_link("contact", contact == primary_.end() ? Id{} : contact->second.id);
      set_link("owner", of(customer->owner));
      set_link("interest", of(deal.product));
      set_number("amount", deal.amount);
      set("stage", deal.stage);
      set_day("stage_since", deal.stage_since);
      set("level", deal.level);
      set_number("probability", deal.probability);
      set_day("expected_close", deal.close);
      if (deal.stage == "won" || deal.stage == "lost") {
        set_day("closed_on", deal.stage_since);
      }
      set("lost_reason", deal.lost_reason);
      set("lost_analysis", deal.lost_analysis);
      set("lost_remedy", deal.lost_remedy);
      written(office_hour(deal.stage_since, 17), customer->owner);
    }
  }

  // A won deal has a contract in force, one about to be signed has its draft.
  [[nodiscard]] Id deal_behind(const Contract& contract) const {
    const auto deal = deals_.find(contract.customer);
    const std::string_view stage = contract.status == "active" ? "won" : "contract";
    return deal != deals_.end() && deal->second.stage == stage ? deal->second.id : Id{};
  }

  void add_contracts() {
    for (const Contract& contract : contracts()) {
      const Id id = begin("contract");
      const auto customer = std::ranges::find(customers(), contract.customer, [](const Customer& row) { return row.name.zh; });
      set("contract_no", contract.number);
      set_link("customer", of(contract.customer));
      set("title", contract.title);
      set("kind", contract.kind);
      set_link("opportunity", deal_behind(contract));
      set("status", contract.status);
      if (contract.signed_on < 0) {
        set_day("signed_on", contract.signed_on);
        set_day("start_on", contract.signed_on + 1);
      }
      set_day("end_on", contract.end_on);
      set_link("negotiator", of(customer->owner));
      set("payment_method", "bank_transfer");
      set_terms(contract.payment_term, contract.term_days);
      const std::int64_t signed_at = office_hour(contract.signed_on < 0 ? contract.signed_on : draft_age, 15);
      written(signed_at, customer->owner);
      std::int64_t line_number = 0;
      for (const ContractLine& line : contract.lines) {
        begin("contract_line");
        set_link("contract", id);
        set_number("line_no", ++line_number);
        set_link("product", of(line.product));
        set_number("qty", line.quantity);
        set_number("unit_price", line.unit_price);
        written(signed_at, customer->owner);
      }
    }
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
  bool chinese_;
  std::int64_t now_;
  std::int64_t today_;
  std::vector<Edit> edits_;
  std::vector<WriteOptions::Stamp> stamps_;              // parallel to them
  std::map<std::string_view, std::int64_t> beginnings_;  // days, by Chinese name of the customer
  std::map<std::string_view, Id> ids_;            // codes, and Chinese names of customers
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
  auto [edits, stamps] = Company(environment, chinese).make();
  const auto written = store.write(edits, {.kind = ChangeKind::sample, .stamps = std::move(stamps)});
  return written ? Status() : std::unexpected(written.error());
}

}  // namespace kehubu
