#include "app/pages/records/document_lines.h"

#include <array>
#include <optional>

#include "app/pages/line_editor.h"
#include "app/pages/records/list_card.h"

namespace kehubu {
namespace {

constexpr std::int64_t thousandths = 1000;  // quantities are stored in thousandths

// Computed here: what is derived is not known of the past.
std::optional<std::int64_t> amount_of(const Record& line) {
  return multiply_divide(integer_or(line.value("qty"), 0), integer_or(line.value("unit_price"), 0), thousandths);
}

// The cells of one line, or the head above them: the name, then numbers that stand at the end.
void draw_cells(Ui& ui, std::string_view key, const std::array<std::string_view, 4>& words, bool is_head) {
  constexpr float weights[] = {2.6F, 1, 1.2F, 1.3F};
  ui.indent(Space::m, [&] {
    ui.width_limit(ui.available_width() - pixels(Space::m), [&] {
      ui.with_key(key, [&] {
        ui.columns("cells", weights, 0, [&](int column) {
          const auto index = static_cast<std::size_t>(column);
          const TextStyle style = is_head ? TextStyle::caption_strong : index == 0 || index == 3 ? TextStyle::body_strong : TextStyle::body;
          ui.text(words[index], {.style = style, .color = is_head ? ColorToken::text_muted : ColorToken::text, .align = index == 0 ? Align::start : Align::end});
        });
      });
    });
  });
}

}  // namespace

void draw_document_lines(App& app, const Entity& entity, const std::vector<Record>& lines) {
  Ui& ui = app.ui;
  const Language& say = app.say;
  list_card(ui, "lines", say(Word::contract_lines), [&] {
    if (lines.empty()) {
      list_card_empty(ui, say(Word::contract_lines_none));
      return;
    }
    std::optional<std::int64_t> total = 0;
    const bool phone = ui.width_class() == WidthClass::phone;
    if (!phone) {
      draw_cells(ui, "head", {say(*entity.find("product")), say(Word::contract_quantity), say(*entity.find("unit_price")), say(Word::contract_amount)}, true);
    }
    for (const Record& line : lines) {
      const std::optional<std::int64_t> line_amount = amount_of(line);
      total = sum_of(total, amount_of(line));
      const auto product = app.read(entity_named("product"), id_or_empty(line.value("product")));
      const std::string name = app.show(line, "product"), amount = app.show(*entity.find("amount"), line_amount ? Value(*line_amount) : Value()), price = app.show(line, "unit_price");
      const std::string quantity = app.show(line, "qty") + (product ? " " + app.show(*product, "unit") : std::string());
      if (phone) {
        (void)ui.list_row(line.id.text(), {.title = name, .subtitle = quantity + " × " + price, .meta = text_or_empty(line.value("remark")), .trailing = amount, .pressable = false});
      } else {
        draw_cells(ui, line.id.text(), {name, quantity, price, amount}, false);
      }
    }
    ui.indent(Space::m, [&] {
      ui.width_limit(ui.available_width() - pixels(Space::m), [&] { draw_total(app, total); });
    });
    ui.space(Space::m);
  });
  ui.space();
}

}  // namespace kehubu
