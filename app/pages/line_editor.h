// LineEditor: the lines of a document while it is edited: product, quantity, price, and what they come to, live. Writes
// nothing itself: its edits go into the same write as the document's, so that both move together.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/pages/records/record_form.h"

namespace kehubu {

// Below the amounts of a document's lines, in line with them: what they come to, also in capitals. None while a line cannot
// be read, or comes to more than can be kept.
void draw_total(App& app, std::optional<std::int64_t> total);
[[nodiscard]] std::optional<std::int64_t> sum_of(std::optional<std::int64_t> a, std::optional<std::int64_t> b);

class LineEditor {
 public:
  LineEditor(App& app, DraftKeeper& keeper, const Entity& line_entity, const Id& document, bool is_new);

  void draw();
  void draw_overlays();
  // Above the form, after a failed check(). True when something was drawn.
  [[nodiscard]] bool draw_problems();
  // The document's form has followed what is stored: the lines do so, too, and what was typed goes on.
  void follow_store();
  [[nodiscard]] bool changed() const;
  [[nodiscard]] bool check();
  void collect(std::vector<Edit>& edits) const;
  // What was entered, as a draft that survives a restart; "" when nothing was.
  [[nodiscard]] std::string pack() const;
  // The same for people to read: each field with its value.
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> written() const;
  void unpack(std::string_view packed);

 private:
  struct Line {
    std::unique_ptr<RecordForm> form;
    bool is_new = false;
    bool removed = false;
    std::vector<Store::Problem> consequences;  // of its removal, beyond itself
  };
  void read_lines();
  void add();
  [[nodiscard]] bool in_columns() const;
  void draw_head();
  void draw_line(Line& line, int number);
  void draw_amount(Line& line, int number);
  void remove(Line& line);
  void draw_consequences();
  [[nodiscard]] std::string unit_of(const RecordForm& form);
  void take_price(RecordForm& form);
  [[nodiscard]] static bool is_blank(const Line& line);
  [[nodiscard]] static std::optional<std::int64_t> amount_of(const RecordForm& form);
  [[nodiscard]] int next_number() const;

  App& app_;
  DraftKeeper& keeper_;
  const Entity& entity_;
  Id document_;
  std::vector<Line> lines_;
  bool check_failed_ = false;
};

}  // namespace kehubu
