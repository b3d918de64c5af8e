#include "app/pages/records/stage_move.h"

#include <algorithm>

namespace kehubu {

StageMove::StageMove(App& app) : app_(app), entity_(entity_named("opportunity")), stage_field_(*entity_.find("stage")) {}

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
  form_ = std::make_unique<RecordForm>(app_, entity_, opportunity);
  form_->set("stage", stage);
  form_->set("stage_since", iso_date(app_.today()));
  form_->set("closed_on", is_closed(stage) ? Value(iso_date(app_.today())) : Value());
  if (form_->complete()) {
    write();
  }
}

void StageMove::write() {
  const Edit edit = form_->edit();
  const std::string topic = text_or_empty(form_->value("topic"));
  const std::string stage = app_.show(stage_field_, form_->value("stage"));
  if (app_.write({&edit, 1}, app_.say(Word::opportunities_moved, {topic, stage}))) {
    form_.reset();
  }
}

// The stage itself is refused: nothing that could be filled in here would help.
const Store::Problem* StageMove::refusal() const { return form_->problem_of("stage"); }

void StageMove::draw_refusal() {
  bool open = true;
  const bool won = text_or_empty(form_->value("stage")) == "won";
  const Id customer = id_or_empty(form_->value("customer"));
  const std::string sentence(app_.say(refusal()->message));
  const std::string title = app_.say(Word::opportunities_not_moved, {app_.show(stage_field_, form_->value("stage"))});
  bool goes_on = false;
  const auto actions = [&] {
    if (app_.ui.button("cancel", app_.say(Word::close))) {
      open = false;
    }
    goes_on = won && app_.ui.button("contract", app_.say(Word::new_contract), {.kind = ButtonKind::primary, .icon = Icon::plus});
  };
  app_.ui.dialog("refused", open, {.title = title, .tone = Tone::warning, .icon = Icon::warning, .actions = actions}, [&] {
    app_.ui.text(sentence);
    if (won) {
      app_.ui.muted(app_.say(Word::opportunities_won_needs_contract));
    }
  });
  if (goes_on) {
    app_.router.go(form_for(entity_named("contract"), {}, customer));
  }
  if (!open || goes_on) {
    form_.reset();
  }
}

void StageMove::draw() {
  if (!form_) {
    return;
  }
  if (refusal()) {
    draw_refusal();
    return;
  }
  bool open = true, saving = false;
  const auto actions = [&] {
    if (app_.ui.button("cancel", app_.say(Word::cancel))) {
      open = false;
    }
    saving = app_.ui.button("save", app_.say(Word::save), {.kind = ButtonKind::primary, .icon = Icon::check});
  };
  const std::string stage = app_.show(stage_field_, form_->value("stage"));
  const bool lost = text_or_empty(form_->value("stage")) == "lost";
  const std::string heading = lost ? std::string(app_.say(Word::opportunities_lost_title)) : text_or_empty(form_->value("topic")) + " → " + stage;
  app_.ui.dialog("move", open, {.title = heading, .full_on_phone = true, .actions = actions}, [&] { form_->draw_problem_fields(); });
  form_->draw_overlays();
  if (!open) {
    form_.reset();
  } else if (saving && form_->check()) {
    write();
  }
}

}  // namespace kehubu
