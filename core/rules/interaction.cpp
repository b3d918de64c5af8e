// Rules of interactions.
#include <algorithm>

#include "core/base/date.h"
#include "core/base/text.h"
#include "core/catalog/areas.h"
#include "core/rules/areas.h"

namespace kehubu {
namespace {

constexpr std::int64_t five_minutes_ms = 5 * 60 * 1000;
constexpr Date first_day{2000, 1, 1};     // nobody's notes are older
constexpr std::int64_t years_ahead = 10;  // nobody plans further

struct ScenarioAim {
  std::string_view scenario, aim;
};
constexpr ScenarioAim scenario_aims[] = {
    {"cold", "了解客户基础信息、交换联系方式、介绍产品及活动"},
    {"referral", "了解规模及需求、探索合作机会点"},
    {"existing", "维护关系、挖掘需求、加强合作"},
};

using Interaction = DraftView<catalog::interaction>;

void fill_purpose(Action& action, DraftOf<catalog::interaction> draft) {
  const auto* aim = std::ranges::find(scenario_aims, draft.text("scenario"), &ScenarioAim::scenario);
  if (aim != std::end(scenario_aims) && draft.changes("scenario")) {
    action.set_default(draft, "purpose", std::string(aim->aim));
  }
}

// A contact of another customer is no contact of this one; a chosen contact makes the typed name superfluous.
void keep_contact_of_customer(Action& action, DraftOf<catalog::interaction> draft) {
  const Id contact = draft.reference("contact");
  if (contact.empty()) {
    return;
  }
  const bool belongs = action.value<catalog::contact>(contact, "customer") == draft.value("customer");
  if (!belongs && draft.changes("customer") && !draft.changes("contact")) {
    action.set(draft, "contact", Value());
  } else if (!draft.is_empty("contact_text")) {
    action.set(draft, "contact_text", Value());
  }
}

// The planned interaction that the next contact time of this one made, or of the one that this one corrects.
Id planned_next(const World& world, Interaction draft) {
  for (const Id& origin : {draft->row, draft.reference("corrects")}) {
    for (const Id& next : world.referring<catalog::interaction>("follows", origin)) {
      if (world.text<catalog::interaction>(next, "status") == "planned") {
        return next;
      }
    }
  }
  return {};
}

// Up to the first full stop or line end, as long as a purpose may be; null for nothing.
Value first_sentence(std::string_view text) {
  constexpr std::size_t longest = 60;  // characters
  std::string sentence;
  std::size_t taken = 0;
  for (std::size_t position = 0; position < text.size() && taken < longest; ++taken) {
    const char32_t character = next_code_point(text, position);
    if (character == U'\n' || character == U'。' || character == U'！' || character == U'？' || character == U'!' || character == U'?') {
      break;
    }
    append_utf8(sentence, character);
  }
  return sentence.empty() ? Value() : Value(sentence);
}

// One planned interaction for the next contact time, moved and cancelled with it.
void plan_next(Action& action, DraftOf<catalog::interaction> draft) {
  if (!draft.changes("next_at")) {
    return;
  }
  const Id planned = planned_next(action, draft);
  if (draft.is_empty("next_at")) {
    if (!planned.empty()) {
      action.set(action.open<catalog::interaction>(planned), "status", std::string("cancelled"));
    }
    return;
  }
  const auto next = action.open<catalog::interaction>(planned.empty() ? action.make_id() : planned, planned.empty());
  action.set(next, "planned_at", draft.value("next_at"));
  action.set(next, "follows", draft->row);
  if (!next->is_new) {
    return;
  }
  action.set(next, "status", std::string("planned"));
  using Field = StoredFieldOf<catalog::interaction>;
  for (const Field same : std::initializer_list<Field>{"customer", "contact", "contact_text", "kind", "employee", "opportunity"}) {
    action.set_default(next, same, draft.value(same));
  }
  // What the plan is about is what the rep said: what is to be done, else what was spoken about; the aim of a scenario says
  // the same about everybody.
  Value own = draft.value("next_plan");
  own = is_null(own) ? first_sentence(draft.text("content")) : own;
  action.set_default(next, "purpose", is_null(own) ? draft.value("purpose") : own);
}

void pass_level_on(Action& action, DraftOf<catalog::interaction> draft) {
  const Id opportunity = draft.reference("opportunity");
  if (!opportunity.empty() && !draft.is_empty("level_after") && draft.changes("level_after") &&
      action.is_live(catalog::opportunity, opportunity)) {
    action.set(action.open<catalog::opportunity>(opportunity), "level", draft.value("level_after"));
  }
}

// Whether a moment lies in the times that the text names: by weekdays and halves of the day where it names some, else
// always, because nobody can tell.
bool falls_into(std::string_view text, std::int64_t moment) {
  constexpr std::string_view days[] = {"一", "二", "三", "四", "五", "六", "日", "天"};
  // "周一至周三", "周一、三": who lists days is understood by people only.
  for (const std::string_view joint : {"至", "到", "、", "和", "及", "-", "～", "~", ",", "，"}) {
    if (text.find(joint) != std::string_view::npos) {
      return true;
    }
  }
  const Date date = local_date(moment);
  bool names_day = false, this_day = false;
  for (const std::string_view word : {"周", "星期", "礼拜"}) {
    for (std::size_t index = 0; index < std::size(days); ++index) {
      const bool named = text.find(std::string(word) + std::string(days[index])) != std::string_view::npos;
      names_day = names_day || named;
      this_day = this_day || (named && std::min<std::size_t>(index, 6) + 1 == static_cast<std::size_t>(weekday(date)));
    }
  }
  constexpr std::int64_t noon_ms = 12LL * 3600 * 1000;
  const bool morning = moment - local_midnight(date) < noon_ms;
  const bool names_morning = text.find("上午") != std::string_view::npos, names_afternoon = text.find("下午") != std::string_view::npos;
  const bool other_half = names_morning != names_afternoon && names_morning != morning;
  return (!names_day || this_day) && !other_half;
}

void check_belonging(const World& world, Findings& found, Interaction draft) {
  const Id contact = draft.reference("contact");
  if (!contact.empty() && draft.changes("contact") && world.value<catalog::contact>(contact, "customer") != draft.value("customer")) {
    found.problem(draft, "contact", "联系人不属于该客户", "The contact does not work for this customer");
  }
  const Id opportunity = draft.reference("opportunity");
  if (!opportunity.empty() && draft.changes("opportunity") &&
      world.value<catalog::opportunity>(opportunity, "customer") != draft.value("customer")) {
    found.problem(draft, "opportunity", "销售机会不属于该客户", "The opportunity is not this customer's");
  }
}

// A year that was mistyped: 1970, 20266.
void check_years(const World& world, Findings& found, Interaction draft) {
  const std::int64_t latest = world.latest_ms() + years_ahead * 366 * milliseconds_per_day;
  using Field = StoredFieldOf<catalog::interaction>;
  for (const Field field : std::initializer_list<Field>{"occurred_at", "planned_at", "next_at"}) {
    const std::int64_t moment = draft.integer(field, world.now_ms());
    if (draft.changes(field) && (moment < local_midnight(first_day) || moment > latest)) {
      found.problem(static_cast<const Draft&>(draft), field, "时间的年份不对（{} 年），请核对", "The year {} cannot be right; please check",
                    {std::to_string(local_date(moment).year)});
    }
  }
}

void check_done(const World& world, Findings& found, Interaction draft) {
  if (draft.text("status") != "done") {
    return;
  }
  found.require(draft, "occurred_at");
  found.require(draft, "customer");
  if (draft.is_empty("contact") && draft.is_empty("contact_text")) {
    found.require(draft, "contact");
  }
  if (const std::int64_t moment = draft.integer("occurred_at") - five_minutes_ms; draft.changes("occurred_at") && moment > world.now_ms()) {
    const bool is_to_come = moment > world.latest_ms();
    if (is_to_come && !world.clock_is_wrong()) {
      found.problem(draft, "occurred_at", "联系时间不能晚于现在", "The contact time must not be in the future");
    } else if (is_to_come) {
      found.problem(draft, "occurred_at", "联系时间比账本里最近的记录晚半年以上，请核对；没有填错的话，请先调准设备的日期",
                    "The contact time is more than half a year after the latest record of the book; please check it. If it is right, set the date of this device first");
    } else if (world.clock_is_wrong()) {
      found.hint(draft, "occurred_at", "这台设备的日期不对，无法核对联系时间，请再看一眼", "The date of this device is wrong, so the contact time cannot be checked; please look again");
    }
  }
  if (draft.is_empty("content")) {
    found.hint(draft, "content", "最好填写沟通内容", "Better note what was said");
  }
}

void check_planned(const World&, Findings& found, Interaction draft) {
  if (draft.text("status") == "planned") {
    found.require(draft, "planned_at");
  }
}

void hint_unsuitable_time(const World& world, Findings& found, Interaction draft) {
  const Id customer = draft.reference("customer");
  if (draft.text("status") != "planned" || customer.empty() || !draft.changes("planned_at")) {
    return;
  }
  // A call disturbs no stocktaking; and a Friday is none of Monday's business.
  const std::string unsuitable = draft.text("kind") == "visit" ? world.text<catalog::customer>(customer, "no_visit_time") : std::string();
  if (!unsuitable.empty() && falls_into(unsuitable, draft.integer("planned_at"))) {
    found.hint(draft, "planned_at", "该客户不宜访问的时间：{}", "Times not to visit this customer: {}", {unsuitable});
  }
}

void check_purpose(const World&, Findings& found, Interaction draft) {
  if (draft.text("kind") == "visit" && (draft->is_new || draft.names("purpose") || draft.changes("kind"))) {
    found.require(draft, "purpose");
  }
}

void check_next(const World&, Findings& found, Interaction draft) {
  if ((draft.changes("next_at") || draft.changes("occurred_at")) && !draft.is_empty("next_at") && !draft.is_empty("occurred_at") &&
      draft.integer("next_at") <= draft.integer("occurred_at")) {
    found.problem(draft, "next_at", "下次联系时间必须晚于联系时间", "The next contact must be after this one");
  }
}

void check_one_plan(const World& world, Findings& found, Interaction draft) {
  const bool becomes_plan = draft->restore || draft.changes("status") || draft.changes("follows");
  if (draft.text("status") != "planned" || !becomes_plan || draft.is_empty("follows")) {
    return;
  }
  for (const Id& other : world.referring<catalog::interaction>("follows", draft.reference("follows"))) {
    if (other != draft->row && world.text<catalog::interaction>(other, "status") == "planned") {
      found.problem(draft, "follows", "这次联系之后已有一个计划，请修改那个计划",
                    "That contact is followed by a plan already; change that one");
      return;
    }
  }
}

void check_corrected(const World& world, Findings& found, Interaction draft) {
  const Id corrected = draft.reference("corrects");
  if (!corrected.empty() && draft.changes("corrects") && world.text<catalog::interaction>(corrected, "status") != "done") {
    found.problem(draft, "corrects", "只有已完成的记录需要更正，其他的可以直接修改",
                  "Only a done record is corrected; change others directly");
  }
}

constexpr Rule rules[] = {
    complete<catalog::interaction, fill_purpose>("R-VIS-04", on_write, "scenario", "purpose"),
    complete<catalog::interaction, keep_contact_of_customer>("interaction.contact_kept", on_write, "contact", "contact_text", "customer"),
    follow_up<catalog::interaction, plan_next>("R-VIS-05", on_write, "next_at", "corrects", "customer", "contact", "contact_text", "kind",
                                               "employee", "opportunity", "next_plan", "content", "purpose"),
    follow_up<catalog::interaction, pass_level_on>("interaction.level_after", on_write, "level_after", "opportunity"),
    check<catalog::interaction, check_belonging>("interaction.belonging", on_write, "contact", "opportunity", "customer"),
    check<catalog::interaction, check_years>("interaction.years", on_write, "occurred_at", "planned_at", "next_at"),
    check<catalog::interaction, check_done>("R-VAL-03", on_create | on_touch, "status", "occurred_at", "customer", "contact", "contact_text",
                                            "content"),
    check<catalog::interaction, check_planned>("R-VIS-01", on_create | on_touch, "status", "planned_at"),
    check<catalog::interaction, hint_unsuitable_time>("R-VIS-02", on_write, "status", "customer", "planned_at", "kind"),
    check<catalog::interaction, check_purpose>("interaction.purpose", on_write, "kind", "purpose"),
    check<catalog::interaction, check_next>("interaction.next_after", on_write, "next_at", "occurred_at"),
    check<catalog::interaction, check_one_plan>("interaction.one_plan", on_write, "status", "follows"),
    check<catalog::interaction, check_corrected>("interaction.corrected", on_write, "corrects"),
};

}  // namespace

std::span<const Rule> interaction_rules() { return rules; }

}  // namespace kehubu
