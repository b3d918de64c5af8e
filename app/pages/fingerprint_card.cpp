#include "app/pages/fingerprint_card.h"

#include <algorithm>
#include <cctype>

namespace kehubu {
namespace {

constexpr std::size_t group = 4;
// Enough to be sure by reading aloud; the rest is compared by the machine.
constexpr std::size_t least_compared = 8;

std::string only_digits(std::string_view text) {
  std::string digits;
  for (const char character : text) {
    if (std::isxdigit(static_cast<unsigned char>(character))) {
      digits += static_cast<char>(std::tolower(static_cast<unsigned char>(character)));
    }
  }
  return digits;
}

}  // namespace

std::string in_groups_of_four(std::string_view digits) {
  std::string grouped;
  for (std::size_t index = 0; index < digits.size(); ++index) {
    if (index > 0 && index % group == 0) {
      grouped += ' ';
    }
    grouped += digits[index];
  }
  return grouped;
}

void FingerprintCard::refresh() {
  if (revision_ != app_.store->revision()) {
    revision_ = app_.store->revision();
    auto hash = app_.store->content_hash();
    hash_ = hash ? std::move(*hash) : std::string();
  }
}

void FingerprintCard::draw() {
  refresh();
  app_.ui.card("fingerprint", {.name = app_.say(Word::sync_hash)}, [&] {
    app_.ui.row("head", {.gap = Space::s}, [&] {
      app_.ui.icon(Icon::key, ColorToken::accent);
      app_.ui.heading(app_.say(Word::sync_hash), 2);
    });
    app_.ui.muted(app_.say(Word::sync_hash_sentence));
    app_.ui.text(in_groups_of_four(hash_), {.style = TextStyle::subtitle});
    if (app_.ui.button("copy", app_.say(Word::sync_hash_copy), {.icon = Icon::copy})) {
      app_.platform.copy_to_clipboard(in_groups_of_four(hash_));
      app_.notify(std::string(app_.say(Word::copied)));
    }
    app_.ui.text_field("theirs", theirs_, {.field = {.label = app_.say(Word::sync_hash_compare), .placeholder = app_.say(Word::sync_hash_paste)}});
    const std::string theirs = only_digits(theirs_);
    if (theirs.size() < least_compared) {
      return;
    }
    const bool same = hash_.starts_with(theirs);
    app_.ui.row("answer", {.gap = Space::s}, [&] {
      app_.ui.icon(same ? Icon::check : Icon::warning, same ? ColorToken::success : ColorToken::warning);
      app_.ui.text(app_.say(same ? Word::sync_hash_same : Word::sync_hash_different),
                   {.style = TextStyle::body_strong, .color = same ? ColorToken::on_success_soft : ColorToken::on_warning_soft, .role = Role::status});
    });
  });
}

}  // namespace kehubu
