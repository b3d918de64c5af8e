#include "app/pages/records/stage_move.h"

#include <algorithm>

#include "app/pages/records/entity_view.h"
#include "app/pages/records/reference_picker.h"

namespace kehubu {

namespace {

// The dialog's name on its page: "stage/<opportunity>/<stage>".
constexpr std::string_view part_prefix = "stage/";
constexpr std::size_t contracts_shown = 8;  // of an opportunity that cannot be won yet

}  // namespace

StageMove::StageMove(DraftHost& host) : host_(host), app_(host.draft_app()), entity_(entity_named("opportunity")), stage_field_(*entity_.find("stage")) {
  const std::string part = host.resumed_part(part_prefix);
  const std::string_view name = std::string_view(part).substr(std::min(part.size(), part_prefix.size()));
  const auto opportunity = Id::parse(name.substr(0, name.find('/')));
  if (opportunity && app_.read(entity_, *opportunity)) {
    begin(*opportunity, std::string(name.substr(name.find('/') + 1)));
  }
}

std::vector<StageMove::Stage> StageMove::stages() const {
  std::vector<Stage> stages;
  for (const Store::ChoiceLabel& choice : app_.store->choices(*stage_field_.list)) {
    // Heads of columns are narrow: "解决方案制定（已做方案）" loses its second name there.
    const std::string label(app_.say(choice.label));
    stages.push_back({choice.id, label.substr(0, label.find("（"))});
  }
  return stages;
}

StageMove::Stage StageMove::next(std::string_view stage) const {
  const std::vector<Stage> all = stages();
  const auto present = std::ranges::find(all, stage, &Stage::id);
  return present == all.end() || is_closed(stage) || std::next(present) == all.end() ? Stage{} : *std::next(present);
}

std::vector<StageMove::Stage> StageMove::stages_but(std::string_view stage) const {
  std::vector<Stage> others = stages();
  std::erase_if(others, [stage](const Stage& each) { return each.id == stage; });
  return others;
}

void StageMove::move(const Id& opportunity, const std::string& stage) {
  const auto record = app_.read(entity_, opportunity);
  if (!record || stage.empty() || text_or_empty(record->value("stage")) == stage) {
    return;
  }
  if (refuse_edit(app_, entity_, opportunity)) {
    return;
  }
  begin(opportunity, stage);
  if (form().complete() && !form().decides() && dialog_->settle([this] { return write(); })) {
    dialog_.reset();
  }
}

void StageMove::begin(const Id& opportunity, const std::string& stage) {
  const auto start = [this, stage](RecordForm& form) {
    form.set("stage", stage);
    const Value today = app_.later_time_known() != 0 ? Value() : Value(iso_date(app_.today()));
    form.set("stage_since", today);
    form.set("closed_on", is_closed(stage) ? today : Value());
    form.flag_problems();  // what the stage asks for, also where a draft has filled it in
  };
  const auto title = [this, opportunity, stage] { return app_.title_of(entity_, opportunity) + " → " + app_.choice_label(*stage_field_.list, stage); };
  dialog_ = std::make_unique<DialogForm>(host_, entity_, opportunity, DialogForm::Options{.part = std::string(part_prefix) + opportunity.text() + "/" + stage, .title = title, .start = start});
}

bool StageMove::write() {
  const Edit edit = form().edit();
  const std::string topic = text_or_empty(form().value("topic"));
  const std::string stage = app_.show(stage_field_, form().value("stage"));
  return app_.write({&edit, 1}, app_.say(Word::opportunities_moved, {topic, stage}));
}

// The stage itself is refused: nothing that could be filled in here would help.
const Store::Problem* StageMove::refusal() const { return form().problem_of("stage"); }

void StageMove::draw_refusal() {
  bool open = true;
  const bool won = text_or_empty(form().value("stage")) == "won";
  const Id customer = id_or_empty(form().value("customer"));
  const std::string sentence(app_.say(refusal()->message));
  const std::string title = app_.say(Word::opportunities_not_moved, {app_.show(stage_field_, form().value("stage"))});
  const Entity& contract = entity_named("contract");
  ListQuery linked{.entity = &contract, .search = {}};
  add_filter(linked, "opportunity", form().id());
  const std::vector<Record> contracts = won ? app_.records(linked, contracts_shown) : std::vector<Record>();
  Id opened;
  bool goes_on = false;
  const auto actions = [&] {
    if (app_.ui.button("cancel", app_.say(Word::close))) {
      open = false;
    }
    goes_on = won && app_.ui.button("contract", app_.say(Word::new_contract), {.kind = contracts.empty() ? ButtonKind::primary : ButtonKind::secondary, .icon = Icon::plus});
  };
  app_.ui.dialog("refused", open, {.title = title, .tone = Tone::warning, .icon = Icon::warning, .actions = actions}, [&] {
    app_.ui.text(sentence);
    if (won) {
      app_.ui.muted(app_.say(contracts.empty() ? Word::opportunities_won_needs_contract : Word::opportunities_won_has_contract));
    }
    for (const Record& record : contracts) {
      const std::string name = app_.title_of(contract, record.id), subtitle = app_.show(record, "contract_no"), total = app_.show(record, "total");
      const BadgeLook state = badge_of(app_, *contract.find("status_now"), record.value("status_now"));
      if (app_.ui.list_row(record.id.text(), {.title = name.empty() ? subtitle : name, .subtitle = subtitle, .trailing = total, .badge = state.text, .badge_tone = state.tone, .icon = icon_of(contract), .chevron = true})) {
        opened = record.id;
      }
    }
  });
  if (!opened.empty()) {
    app_.router.go(record_of(contract, opened));
    open = false;
  }
  if (goes_on) {
    app_.router.go(form_for(entity_named("contract"), {}, customer));
  }
  if (!open || goes_on) {
    dialog_.reset();
  }
}

void StageMove::draw() {
  if (!dialog_) {
    return;
  }
  if (refusal()) {
    draw_refusal();
    return;
  }
  const std::string stage = app_.show(stage_field_, form().value("stage"));
  const bool lost = text_or_empty(form().value("stage")) == "lost";
  const std::string heading = lost ? std::string(app_.say(Word::opportunities_lost_title)) : text_or_empty(form().value("topic")) + " → " + stage;
  const DialogForm::Answer answer = dialog_->draw({.key = "move", .title = heading}, [this] { form().draw_problem_fields(); });
  if (answer == DialogForm::Answer::closed || (answer == DialogForm::Answer::save && dialog_->save([this] { return write(); }))) {
    dialog_.reset();
  }
}

}  // namespace kehubu
