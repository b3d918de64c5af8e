#!/usr/bin/env python3
"""Do the tests notice when a line is wrong? Builds the mutants of generate.py, runs the unit tests that reach each, and judges.

    tests/run.sh mutants      KEHUBU_MUTANTS=N tries N of them instead of 250, 0 all (hours); KEHUBU_MUTANT_JOBS says how many run at once
    tests/mutants/run.py --remaining      only those that the last runs did not kill: while tests are being written
    tests/mutants/run.py --named TEXT     only those with the text in their name

A mutant is killed when a test fails, crashes or takes far longer than without it; it survives when every test that reaches its line passes; it is
unreached when none does. Who is not killed must be explained in survivors.md: its name (the line's text and the change, not where the line stands),
then why no test can or need see it. A whole run fails when fewer than 95 % are killed, a survivor is not explained, or what is explained is no line
of the sources any more. The choice is the same on every machine; what does not compile when changed is left out. Fewer than 250 are the first of the
250, so that a small sample needs no build of its own.
"""
import argparse, concurrent.futures, json, os, re, resource, subprocess, sys, tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import generate

ROOT = generate.ROOT
BUILD = os.path.join(ROOT, 'build', 'mutants')
SOURCES = os.path.join(BUILD, 'sources')
LOG = os.path.join(BUILD, 'build.log')
UNUSABLE = os.path.join(BUILD, 'unusable.json')  # remembered for the next run, which then need not find out again
FATES = os.path.join(BUILD, 'fates.json')  # of the last run of each mutant, for --remaining
USUAL_COUNT = 250
LEAST_KILLED_PERCENT = 95
TESTS_AT_FIRST = 12   # the quickest; most mutants are killed by one of them
SLOW_SECONDS = 0.1    # a test that takes longer comes last


def build(count):
    """Leaves out what does not compile, until the rest does. The copies begin with '#line 1', so errors name the lines of the sources."""
    unusable = set(json.load(open(UNUSABLE))) if os.path.exists(UNUSABLE) else set()
    blamed = {}
    while True:
        chosen, possible = generate.generate(SOURCES, count, unusable)
        with open(LOG, 'w') as log:
            subprocess.run(['cmake', '--preset', 'mutants'], cwd=ROOT, stdout=log, stderr=log, check=True)
            done = subprocess.run(['cmake', '--build', BUILD, '--target', 'mutant_tests', '--', '-k', '0'], cwd=ROOT, stdout=log, stderr=log)
        if done.returncode == 0:
            return chosen, possible
        wrong = set()
        errors = re.findall(r'(?:^|[\s/])(core/\S+?\.cpp):(\d+):\d+: (?:fatal )?error:', open(LOG, encoding='utf-8', errors='replace').read())
        for path, line in set(errors):
            here = [mutant for mutant in chosen if mutant['path'] == path]
            before = [mutant['line'] for mutant in here if mutant['line'] <= int(line)]
            # An error may stand far from its cause: after a few rounds a file that still does not compile is left as it is.
            blamed[path] = blamed.get(path, 0) + 1
            wrong |= {mutant['name'] for mutant in here if blamed[path] > 12 or not before or mutant['line'] == before[-1]}
        if not wrong:
            sys.exit(f'The tests could not be built, and not because of a mutant; see {LOG}.')
        print(f'{len(wrong)} mutants do not compile and are left out', flush=True)
        unusable |= wrong
        with open(UNUSABLE, 'w') as file:
            json.dump(sorted(unusable), file, ensure_ascii=False)


def limited(seconds):
    def limit():
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    return limit


def passes(arguments, mutant, cpu_seconds, reach=''):
    """In a folder of its own: tests write files into build/ and the temporary folder, under names that runs side by side would share."""
    with tempfile.TemporaryDirectory() as folder:
        os.symlink(os.path.join(ROOT, 'tests'), os.path.join(folder, 'tests'))
        os.mkdir(os.path.join(folder, 'build'))
        environment = dict(os.environ, KEHUBU_MUTANT=str(mutant), TMPDIR=folder, **({'KEHUBU_MUTANT_REACH': reach} if reach else {}))
        with open(os.path.join(folder, 'output'), 'w+', errors='replace') as output:
            try:
                done = subprocess.run([os.path.join(BUILD, 'bin', 'mutant_tests'), *arguments], cwd=folder, env=environment, stdout=output,
                                      stderr=output, preexec_fn=limited(cpu_seconds), timeout=30 * cpu_seconds + 120)
            except subprocess.TimeoutExpired:
                return False  # it waits for ever
            if mutant == 0 and done.returncode != 0:
                output.seek(0)
                print(output.read()[-4000:])
            return done.returncode == 0


def reached_by_tests():
    path = os.path.join(BUILD, 'reach.txt')
    if not passes(['--no-colors'], 0, 3000, path):
        sys.exit('The tests fail without any mutant.')
    tests = []
    for line in open(path, encoding='utf-8'):
        name, seconds, numbers = line.rstrip('\n').split('\t')
        tests.append((float(seconds), name, set(map(int, numbers.split()))))
    return sorted(tests, key=lambda test: test[0])


def fate(mutant, tests):
    reaching = [(seconds, name) for seconds, name, numbers in tests if mutant['number'] in numbers]
    quick = [test for test in reaching[TESTS_AT_FIRST:] if test[0] < SLOW_SECONDS]
    slow = [test for test in reaching[TESTS_AT_FIRST:] if test[0] >= SLOW_SECONDS]
    for part in (reaching[:TESTS_AT_FIRST], quick, slow):
        if part:
            limit = 5 + int(5 * sum(seconds for seconds, _ in part))
            names = ','.join(re.sub(r'[,"\\]', '?', name) for _, name in part)  # a comma would end the name
            if not passes(['--abort-after=1', '--test-case=' + names], mutant['number'], limit):
                return 'killed'
    return 'survived' if reaching else 'unreached'


def explained():
    """Of survivors.md: '- `name`', and under it, indented, the reason."""
    found, name = {}, None
    for line in open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'survivors.md'), encoding='utf-8'):
        if entry := re.fullmatch(r'- `(.+)`\n?', line):
            name = entry.group(1)
        elif name and line.startswith(' ') and line.strip():
            found[name] = found.get(name, '') + line.strip() + ' '
    return found


def chosen_for(arguments, chosen, wanted, fates):
    # In the order of the hash, so that a run which is ended early has measured a sample too.
    order = sorted(chosen, key=lambda mutant: mutant['number'])[:wanted or None]
    if arguments.remaining:
        order = [mutant for mutant in order if fates.get(mutant['name']) != 'killed']
    if arguments.named:
        order = [mutant for mutant in order if arguments.named in mutant['name']]
    return order


def tell_of(mutant, what, reasons):
    print(f'{what}{", explained" if mutant["name"] in reasons else ""}: line {mutant["line"]}: {mutant["name"]}', flush=True)
    if mutant['text']:
        print('    ' + ' '.join(mutant['text'].split()), flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--remaining', action='store_true')
    parser.add_argument('--named')
    arguments = parser.parse_args()
    whole = not arguments.remaining and not arguments.named
    os.makedirs(SOURCES, exist_ok=True)
    wanted = int(os.environ.get('KEHUBU_MUTANTS') or USUAL_COUNT)
    chosen, possible = build(max(wanted, USUAL_COUNT) if wanted else 0)
    fates = json.load(open(FATES)) if os.path.exists(FATES) else {}
    order = chosen_for(arguments, chosen, wanted, fates)
    tests = reached_by_tests()
    print(f'{len(order)} of {len(possible)} mutants, {len(tests)} test cases that take '
          f'{sum(seconds for seconds, _, _ in tests):.0f} s of a processor', flush=True)
    jobs = int(os.environ.get('KEHUBU_MUTANT_JOBS') or os.cpu_count() or 1)
    reasons = explained()
    stale = sorted(set(reasons) - set(possible))
    for name in stale:
        print(f'explained, but there is no such line any more: {name}')
    counts = {'killed': 0, 'survived': 0, 'unreached': 0}
    unexplained = 0
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for count, (mutant, what) in enumerate(zip(order, pool.map(lambda mutant: fate(mutant, tests), order)), 1):
            counts[what] += 1
            fates[mutant['name']] = what
            if what != 'killed':
                unexplained += mutant['name'] not in reasons
                tell_of(mutant, what, reasons)
            elif mutant['name'] in reasons:
                print(f'explained although it is killed: {mutant["name"]}', flush=True)
            if count % 25 == 0:
                print(f'{count} tried: {counts["killed"]} killed, {counts["survived"]} survived, {counts["unreached"]} unreached', flush=True)
    with open(FATES, 'w') as file:
        json.dump(fates, file, ensure_ascii=False, indent=1)
    percent = 100 * counts['killed'] / max(len(order), 1)
    print(f'{counts["killed"]} killed, {counts["survived"]} survived, {counts["unreached"]} unreached: {percent:.1f} % killed; '
          f'of the others {unexplained} are not explained')
    too_few = whole and percent < LEAST_KILLED_PERCENT
    if too_few:
        print(f'At least {LEAST_KILLED_PERCENT} % are to be killed.')
    failed = unexplained + too_few + len(stale)
    print(f'{len(order) - unexplained} passed, {failed} failed')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
