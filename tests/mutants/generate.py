#!/usr/bin/env python3
"""Writes copies of the sources in which every mutant is present, behind a switch: one build serves them all.

    generate.py <folder for the copies> [--count N]

A mutant is a change of one line: a comparison turned or off by one, && for ||, a condition negated or forced, a sum turned, a number off by one,
a statement dropped. N of all that are possible are taken (0: all), by the hash of what they change, so that the choice stays when other
lines come and go. mutants.json beside the copies lists them. What does not compile is found by run.py and left out.

The sources are read as tokens, not parsed: what is not understood for certain (declarations in conditions, constexpr, macros) is left alone.
"""
import glob, hashlib, json, os, re, sys

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), '..', '..'))
SOURCES = ['core/sync/*.cpp', *(f'core/store/{name}*.cpp' for name in (
    'decide', 'decisions', 'document', 'heads', 'history', 'inverse', 'late_edits', 'log', 'materialiser', 'record_merge', 'repeats', 'settle', 'truth', 'undo', 'write'))]
NOT_SOURCES = ['core/sync/words.cpp']  # sentences, and nothing else

TOKEN = re.compile(r'''(?P<skip>\s+|//[^\n]*|/\*.*?\*/|^[ \t]*\#(?:[^\n\\]|\\.)*)
  |(?P<text>(?:u8|[LuU])?R"(?P<delimiter>[^(\s]*)\(.*?\)(?P=delimiter)"|(?:u8|[LuU])?"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)+')
  |(?P<word>[A-Za-z_]\w*)|(?P<number>\.?\d(?:[\w.]|'(?=\w)|[eEpP][+-])*)
  |(?P<mark><=>|<<=|>>=|\.\.\.|->\*|->|::|\+\+|--|&&|\|\||[-+*/%&|^!=<>]=|<<|.)''', re.X | re.S | re.M)
OPEN, CLOSE = '([{', ')]}'

# Written with blanks on both sides (clang-format sees to that), so never the angle of a template.
TURNED = {'==': ['!='], '!=': ['=='], '<': ['<=', '>='], '<=': ['<', '>'], '>': ['>=', '<='], '>=': ['>', '<'], '&&': ['||'], '||': ['&&'],
          '+': ['-'], '-': ['+'], '+=': ['-='], '-=': ['+=']}
TURNED_WORDS = {'true': 'false', 'false': 'true', 'min': 'max', 'max': 'min'}


class Token:
    def __init__(self, kind, text, start, end):
        self.kind, self.text, self.start, self.end = kind, text, start, end


class Source:
    def __init__(self, path):
        self.path = path
        self.text = open(os.path.join(ROOT, path), encoding='utf-8').read()
        self.tokens = [Token(m.lastgroup, m.group(), m.start(), m.end()) for m in TOKEN.finditer(self.text) if m.lastgroup != 'skip']
        self.partner = {}
        stack = []
        for index, token in enumerate(self.tokens):
            if token.kind == 'mark' and token.text in OPEN:
                stack.append(index)
            elif token.kind == 'mark' and token.text in CLOSE:
                self.partner[stack.pop()] = index
        self.places = []  # (start, end, form, [(what, text)]): form is 'condition', 'value' or 'statement'
        self.scope(0, len(self.tokens))

    def is_mark(self, index, *texts):
        return index < len(self.tokens) and self.tokens[index].text in texts and self.tokens[index].kind != 'text'

    def beyond(self, index):
        """Behind the bracket that opens here, or the token."""
        return self.partner[index] + 1 if index in self.partner else index + 1

    # ---- where statements are ----

    def scope(self, at, end):
        head = at
        while at < end:
            if self.is_mark(at, ';', '}') or (self.is_mark(at, ':') and self.is_mark(at - 1, 'public', 'private', 'protected')):
                head = at = at + 1
            elif self.is_mark(at, '{'):
                words = [token.text for token in self.tokens[head:at]]
                close = self.partner[at]
                if 'namespace' in words or words[:1] == ['extern']:
                    self.scope(at + 1, close)
                elif {'class', 'struct', 'union'} & set(words) and ')' not in words:
                    self.scope(at + 1, close)
                elif ')' in words and '=' not in words and 'constexpr' not in words and 'consteval' not in words and 'enum' not in words:
                    in_list = ':' in words and self.tokens[at - 1].kind == 'word' and self.tokens[at - 1].text not in ('const', 'noexcept', 'override')
                    if in_list:
                        at = close + 1
                        continue
                    self.block(at + 1, close)
                head = at = close + 1
            else:
                at = self.beyond(at) if self.is_mark(at, '(', '[') else at + 1

    def block(self, at, end):
        while at < end:
            at = self.statement(at, end)

    def statement(self, at, end):
        text = self.tokens[at].text
        if text == '{':
            self.block(at + 1, self.partner[at])
            return self.partner[at] + 1
        if text in ('else', 'do', ';') or (text == '[' and self.is_mark(at + 1, '[')):
            return self.beyond(at)
        if text in ('if', 'while', 'for', 'switch'):
            opening = at + 1
            constant = self.is_mark(opening, 'constexpr')
            while not self.is_mark(opening, '('):
                opening += 1
            if not constant and text != 'switch':
                self.condition(opening + 1, self.partner[opening], text)
            self.lambdas(opening + 1, self.partner[opening])
            return self.partner[opening] + 1
        if text in ('case', 'default'):
            while not self.is_mark(at, ':'):
                at += 1
            return at + 1
        stop = at
        while stop < end and not self.is_mark(stop, ';'):
            stop = self.beyond(stop)
        if text in ('return', 'co_return'):
            self.value(at + 1, stop)
        elif text in ('continue', 'break'):
            pass
        elif text in ('using', 'typedef', 'static_assert', 'struct', 'class', 'enum', 'static', 'constexpr', 'goto', 'friend', 'assert', 'extern'):
            pass
        elif self.is_declaration(at, stop):
            equals = at
            while equals < stop and not self.is_mark(equals, '='):
                equals = self.beyond(equals)
            self.value(equals + 1, stop)
        else:
            self.expression(at, stop)
        self.lambdas(at, stop)
        return stop + 1

    def is_declaration(self, at, stop):
        if self.tokens[at].text in ('const', 'auto', 'unsigned', 'int', 'bool', 'char', 'double', 'thread_local'):
            return True
        while at < stop and (self.tokens[at].kind == 'word' or self.is_mark(at, '::')):
            if self.tokens[at].kind == 'word' and at + 1 < stop and self.tokens[at + 1].kind == 'word':
                return True
            at += 1
            if self.is_mark(at, '<') and self.tokens[at].start == self.tokens[at - 1].end:  # of a template
                depth = 0
                while at < stop:
                    depth += self.tokens[at].text.count('<') if self.is_mark(at, '<', '<<') else 0
                    depth -= 1 if self.is_mark(at, '>') else 0
                    at += 1
                    if depth <= 0:
                        break
                return at < stop and (self.tokens[at].kind == 'word' or self.is_mark(at, '&', '*', '&&'))
        return at + 1 < stop and self.is_mark(at, '&', '*', '&&') and self.tokens[at].start == self.tokens[at - 1].end

    def lambdas(self, at, end):
        while at < end:
            if self.is_mark(at, '{') and self.is_body(at):
                self.block(at + 1, self.partner[at])
                at = self.partner[at] + 1
            else:
                at += 1

    def is_body(self, at):
        inside = self.tokens[at + 1:self.partner[at]]
        return any(token.text == ';' and token.kind == 'mark' for token in inside) or any(token.text == 'return' for token in inside)

    # ---- what may be changed ----

    def plain(self, at, end):
        return at < end and not any(self.is_mark(index, '{') and self.is_body(index) for index in range(at, end))

    def piece(self, at, end):
        return self.text[self.tokens[at].start:self.tokens[end - 1].end]

    def changes(self, at, end):
        found = []
        of_text = any(token.kind == 'text' for token in self.tokens[at:end])  # texts are joined, and cannot be subtracted
        for index in range(at, end):
            token = self.tokens[index]
            before, after = self.text[token.start - 1], self.text[token.end:token.end + 1]
            others = []
            if token.kind == 'mark' and token.text in TURNED and before in ' \n' and after in ' \n':
                others = TURNED[token.text] if not (of_text and token.text in ('+', '+=')) else []
            elif token.text == '!' and token.kind == 'mark':
                others = ['']
            elif token.text in ('++', '--') and token.kind == 'mark':
                others = ['--' if token.text == '++' else '++']
            elif token.kind == 'word' and token.text in TURNED_WORDS and not self.is_mark(index - 1, '.', '->'):
                others = [TURNED_WORDS[token.text]]
            elif token.kind == 'number' and token.text.isdigit() and int(token.text) < 100000:
                others = [str(int(token.text) + 1)]
            start, stop = self.tokens[at].start, self.tokens[end - 1].end
            for other in others:
                changed = self.text[start:token.start] + other + self.text[token.end:stop]
                found.append((f'{token.text} -> {other or "nothing"} (at {index - at})', changed))
        return found

    def condition(self, at, end, kind):
        parts = [at]
        index = at
        while index < end:
            if self.is_mark(index, ';'):
                parts.append(index + 1)
            index = self.beyond(index)
        if kind == 'for':
            if len(parts) != 3:
                return
            at, end = parts[1], parts[2] - 1
        else:
            at = parts[-1]
        if not self.plain(at, end) or self.is_declaration(at, end) or any(self.is_mark(index, '=') for index in range(at, end)):
            return
        if self.piece(at, end) == 'true':  # a loop that ends within: behind it the function does not go on
            return
        changes = self.changes(at, end)
        if kind != 'for':
            whole = self.piece(at, end)
            changes += [('negated', f'!({whole})'), ('always', 'true')] if kind == 'if' else [('negated', f'!({whole})')]
            changes += [('never', 'false')]
        self.add(at, end, 'condition', changes)

    def value(self, at, end):
        if self.plain(at, end) and not self.is_mark(at, '{'):
            self.add(at, end, 'value', self.changes(at, end))

    def expression(self, at, end):
        if at >= end or self.is_mark(at, '('):
            return
        words = {token.text for token in self.tokens[at:end]}
        changes = self.changes(at, end) if self.plain(at, end) else []
        declares = self.tokens[at].text.isupper()  # as KEHUBU_TRY_ASSIGN does
        if not declares and not words & {'reserve', 'shrink_to_fit', 'co_await', 'co_yield', 'yield', 'assert', 'sqlite3_close_v2'}:
            changes.append(('dropped', None))
        self.add(at, end, 'statement', changes)

    def add(self, at, end, form, changes):
        if changes:
            self.places.append((self.tokens[at].start, self.tokens[end - 1].end, form, changes))

    def line(self, position):
        start = self.text.rfind('\n', 0, position) + 1
        return ' '.join(self.text[start:self.text.find('\n', position)].split())


def mutants_of(source):
    """Every mutant with a name that is made of what it changes, and not of where that stands."""
    seen = {}
    for place, (start, end, form, changes) in enumerate(source.places):
        for what, text in changes:
            name = f'{source.path}: {source.line(start)} | {what}'
            seen[name] = seen.get(name, 0) + 1
            if seen[name] > 1:
                name += f' #{seen[name]}'
            yield {'name': name, 'path': source.path, 'line': source.text.count('\n', 0, start) + 1, 'place': place, 'what': what, 'text': text}


def written(source, mutants):
    """The source with these mutants in it."""
    by_place = {}
    for mutant in mutants:
        by_place.setdefault(mutant['place'], []).append(mutant)
    edits = []
    for place, chosen in by_place.items():
        start, end, form, _ = source.places[place]
        whole = source.text[start:end]
        line = lambda text: text.replace('\n', ' ') if '//' not in text and 'R"' not in text else text
        if form == 'statement':
            text = ''
            dropped = ''
            for mutant in chosen:
                if mutant['text'] is None:
                    dropped = f'if (!kehubu_mutant({mutant["number"]})) '
                else:
                    text += f'if (kehubu_mutant({mutant["number"]})) {{ {line(mutant["text"])}; }} else '
            edits.append((start, 0, text + dropped + '{ '))
            edits.append((end, 1, '; }'))
        else:
            text = ''.join(f'kehubu_mutant({mutant["number"]}) ? ({line(mutant["text"])}) : ' for mutant in chosen)
            if form == 'condition':
                text = ''.join(f'kehubu_mutant({mutant["number"]}) ? static_cast<bool>({line(mutant["text"])}) : ' for mutant in chosen)
                edits.append((start, 0, f'({text}static_cast<bool>('))
                edits.append((end, 1, '))'))
            else:
                edits.append((start, 0, f'({text}('))
                edits.append((end, 1, '))'))
    result = source.text
    for position, _, text in sorted(edits, key=lambda edit: (-edit[0], edit[1])):
        result = result[:position] + text + result[position:]
    return '#include "tests/mutants/switch.h"\n#line 1\n' + result


def generate(folder, count, unusable):
    paths = sorted(path for pattern in SOURCES for path in glob.glob(pattern, root_dir=ROOT) if path not in NOT_SOURCES)
    sources = {path: Source(path) for path in paths}
    possible = [mutant for path in paths for mutant in mutants_of(sources[path])]
    possible.sort(key=lambda mutant: hashlib.sha256(mutant['name'].encode()).hexdigest())
    for number, mutant in enumerate(possible, 1):
        mutant['number'] = number  # stays when others are left out, so that only the files where they stood are compiled again
    chosen = [mutant for mutant in (possible[:count] if count else possible) if mutant['name'] not in unusable]
    chosen.sort(key=lambda mutant: (mutant['path'], mutant['line'], mutant['number']))
    for path in paths:
        target = os.path.join(folder, path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        text = written(sources[path], [mutant for mutant in chosen if mutant['path'] == path])
        if not os.path.exists(target) or open(target, encoding='utf-8').read() != text:
            open(target, 'w', encoding='utf-8').write(text)
    for old in glob.glob('**/*.cpp', root_dir=folder, recursive=True):
        if old not in paths:
            os.remove(os.path.join(folder, old))
    json.dump(chosen, open(os.path.join(folder, 'mutants.json'), 'w'), ensure_ascii=False, indent=1)
    return chosen, [mutant['name'] for mutant in possible]


if __name__ == '__main__':
    count = int(sys.argv[sys.argv.index('--count') + 1]) if '--count' in sys.argv else 0
    chosen, possible = generate(sys.argv[1], count, set())
    print(f'{len(chosen)} of {len(possible)} mutants')
