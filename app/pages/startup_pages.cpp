#include "app/pages/startup_pages.h"

namespace kehubu {
namespace {

constexpr float message_width = 560;

struct Message {
  Icon icon;
  Word title, sentence, first;
};

Message message_of(StartupState state) {
  switch (state) {
    case StartupState::wiped:
      return {Icon::database, Word::wiped_title, Word::wiped_sentence, Word::recover_import};
    case StartupState::damaged:
      return {Icon::error, Word::damaged_title, Word::damaged_sentence, Word::recover_import};
    case StartupState::newer:
      return {Icon::refresh, Word::newer_title, Word::newer_sentence, Word::reload};
    case StartupState::unavailable:
      return {Icon::lock, Word::unavailable_title, Word::unavailable_sentence, Word::unavailable_continue};
    case StartupState::failed:
      return {Icon::error, Word::failed_title, Word::failed_title, Word::reload};
    default:
      return {Icon::lock, Word::busy_title, Word::busy_sentence, Word::busy_take_over};
  }
}

}  // namespace

void StartupPages::draw(const Rectangle& place) {
  app_.ui.area("startup", place, {.role = Role::main, .name = app_.say(Word::product_name), .padding = Space::xl, .max_width = message_width}, [&] { draw_state(); });
}

void StartupPages::draw_state() {
  const StartupState state = startup_.state();
  if (state == StartupState::opening || state == StartupState::taking_over) {
    app_.ui.space(Space::huge);
    app_.ui.space(Space::huge);
    app_.ui.space(Space::huge);
    app_.ui.spinner_text(app_.say(state == StartupState::opening ? Word::opening : Word::busy_taking_over));
    return;
  }
  const Message message = message_of(state);
  const bool has_words = state == StartupState::failed;
  const std::string_view sentence = has_words ? app_.say(startup_.error().message) : app_.say(message.sentence);
  const bool may_start_over = state == StartupState::wiped || state == StartupState::damaged;
  const auto action = app_.ui.empty_state("state", {.icon = message.icon,
                                                    .title = app_.say(message.title),
                                                    .sentence = sentence,
                                                    .action_label = app_.say(message.first),
                                                    .second_label = may_start_over ? app_.say(Word::recover_start_over) : std::string_view()});
  if (action == EmptyStateAction::none) {
    return;
  }
  if (state == StartupState::newer || state == StartupState::failed) {
    app_.platform.reload();
  } else if (state == StartupState::busy) {
    startup_.take_over();
  } else {
    // Importing begins on the welcome page too, by its third choice.
    startup_.start_over();
  }
}

}  // namespace kehubu
