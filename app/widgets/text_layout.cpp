#include "app/widgets/text_layout.h"

namespace kehubu {

namespace {

constexpr char32_t ellipsis = 0x2026;

bool contains(std::u32string_view set, char32_t code) { return set.find(code) != std::u32string_view::npos; }

// What must not begin a line.
bool closes(char32_t code) {
  return contains(U",.:;!?)]}%°’”·…—～，。、；：？！）】》〉」』〕％‰℃・ー々", code);
}

// What must not end a line.
bool opens(char32_t code) { return contains(U"([{‘“（【《〈「『〔￥¥$€£#@", code); }

bool may_break_between(Symbol before, Symbol after) {
  if (before.cluster || after.cluster) {
    return true;
  }
  if (closes(after.code) || opens(before.code) || after.code == U' ') {
    return false;
  }
  // A date, a telephone number, the number of a contract.
  const bool inside_number = before.code == U'-' && ((after.code >= U'0' && after.code <= U'9') || (after.code >= U'A' && after.code <= U'Z'));
  if (inside_number) {
    return false;
  }
  if (before.code == U' ' || before.code == U'-' || before.code == U'/' || before.code == U'\t') {
    return true;
  }
  return is_wide(before.code) || is_wide(after.code);
}

struct Breaker {
  std::string_view text;
  float max_width;
  AdvanceOf advance;
  std::vector<TextLine>& lines;

  std::size_t line_begin = 0;
  float width = 0;              // of the present line
  std::size_t break_at = 0;     // last place where it may break; == line_begin: none
  float width_at_break = 0;

  void finish(std::size_t end, float line_width) {
    while (end > line_begin && text[end - 1] == ' ') {
      --end;  // blanks hang over the edge; their width does not count
      line_width -= advance({U' ', false});
    }
    lines.push_back({line_begin, end, line_width, false});
  }

  void start_line(std::size_t at, float carried_width) {
    line_begin = at;
    break_at = at;
    width = carried_width;
    width_at_break = 0;
  }

  void run() {
    std::string_view rest = text;
    Symbol before{};
    start_line(0, 0);
    while (!rest.empty()) {
      const std::size_t at = text.size() - rest.size();
      const Symbol symbol = next_symbol(rest);
      if (!symbol.cluster && symbol.code == U'\n') {
        finish(at, width);
        start_line(at + 1, 0);
        before = {};
        continue;
      }
      if (at > line_begin && may_break_between(before, symbol)) {
        break_at = at;
        width_at_break = width;
      }
      const float step = advance(symbol);
      const bool blank = !symbol.cluster && symbol.code == U' ';
      if (width + step > max_width && at > line_begin && !blank) {
        const bool inside_word = break_at == line_begin;
        const std::size_t cut = inside_word ? at : break_at;
        const float carried = inside_word ? 0 : width - width_at_break;
        finish(cut, inside_word ? width : width_at_break);
        start_line(cut, carried);
      }
      width += step;
      before = symbol;
    }
    finish(text.size(), width);
  }
};

}  // namespace

TextLine cut_to_width(std::string_view text, float max_width, AdvanceOf advance) {
  TextLine fitting{0, 0, 0, true};
  const float room = max_width - advance({ellipsis, false});
  float width = 0;
  std::string_view rest = text;
  while (!rest.empty()) {
    const Symbol symbol = next_symbol(rest);
    width += advance(symbol);
    const std::size_t end = text.size() - rest.size();
    if (width <= room) {
      fitting.end = end;
      fitting.width = width;
    }
    if (width > max_width) {
      return fitting;
    }
  }
  return {0, text.size(), width, false};
}

void break_lines(std::string_view text, float max_width, int max_lines, AdvanceOf advance, std::vector<TextLine>& lines) {
  lines.clear();
  Breaker{text, max_width, advance, lines}.run();
  const auto limit = static_cast<std::size_t>(max_lines > 0 ? max_lines : 0);
  if (limit == 0 || lines.size() <= limit) {
    return;
  }
  lines.resize(limit);
  TextLine& last = lines.back();
  const std::size_t newline = text.find('\n', last.begin);
  const std::string_view remaining = text.substr(last.begin, newline == std::string_view::npos ? newline : newline - last.begin);
  TextLine cut = cut_to_width(remaining, max_width, advance);
  const float with_ellipsis = cut.width + advance({ellipsis, false});
  if (!cut.cut && with_ellipsis > max_width) {
    // The line itself fits, only what follows does not: make room for "…" all the same.
    cut = cut_to_width(remaining, cut.width - 0.01F, advance);
  }
  last = {last.begin, last.begin + cut.end, cut.width, true};
}

}  // namespace kehubu
