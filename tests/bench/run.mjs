// Measures Kehubu and its peers in one run on this machine and prints one table. README.md beside it says how to read it.
//
//   node tests/bench/run.mjs [--quick] [--full] [--tiny] [--check] [--runs N] [sections…]
//
//   sections   size merge storage lists page; all of them when none is named
//   --quick    two minutes instead of ten, with one run instead of five and smaller sizes: to see that something moved, not by how much
//   --full     peers too merge the whole million, where they can; ten minutes more
//   --tiny     everything at a size that only proves that it works
//   --runs N   at most so many runs; what takes long has fewer, so that a section keeps to its share of the ten minutes
//   --check    proves each peer's bundles and merged state before its figures are believed
import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { machine } from './lib/measure.mjs';
import { Table } from './lib/table.mjs';

const root = resolve(fileURLToPath(new URL('../..', import.meta.url)));
const shares_s = { size: 60, merge: 220, storage: 130, lists: 90, page: 90 };
const sections = {
    size: async (options) => (await import('./sections/size.mjs')).measureSize(options),
    merge: async (options) => (await import('./sections/merge.mjs')).measureMerge(options),
    storage: async (options) => (await import('./sections/storage.mjs')).measureStorage(options),
    lists: async (options) => (await import('./sections/lists.mjs')).measureLists(options),
    page: async (options) => (await import('./sections/page.mjs')).measurePage(options),
};

const words = process.argv.slice(2);
const takeFlag = (name) => { const at = words.indexOf(name); if (at >= 0) words.splice(at, 1); return at >= 0; };
const takeNumber = (name, fallback) => { const at = words.indexOf(name); return at < 0 ? fallback : Number(words.splice(at, 2)[1]); };
const tiny = takeFlag('--tiny');
const full = takeFlag('--full');
const quick = takeFlag('--quick');
const check = takeFlag('--check');
const runs = takeNumber('--runs', quick || tiny ? 1 : 5);
const unknown = words.filter((word) => !(word in sections));
if (unknown.length || !(runs >= 1)) {
    console.error(`bench: cannot understand '${unknown.join(' ') || '--runs'}'; the sections are ${Object.keys(sections).join(', ')}.`);
    process.exit(2);
}

const table = new Table();
const output = resolve(root, 'build/bench');
const say = (sentence) => process.stderr.write(`bench: ${sentence}\n`);
const machineBefore = machine();
const started = performance.now();
let failed = 0;
for (const name of words.length ? words : Object.keys(sections)) {
    const before = performance.now();
    try {
        await sections[name]({ table, root, site: resolve(root, process.env.KEHUBU_DIST ?? 'dist'), cacheFolder: output, runs, seconds: shares_s[name], scale: tiny ? 'tiny' : quick ? 'quick' : full ? 'full' : 'tenth', check, say });
    } catch (error) {
        failed++;
        say(`the section ${name} ended early: ${error.stack}`);
    }
    say(`the section ${name} took ${Math.round((performance.now() - before) / 1000)} s`);
}

console.log(`\n${table}\n`);
console.log(`Before: ${machineBefore}. After: ${machine()}. ${Math.round((performance.now() - started) / 1000)} s. Medians of at most ${runs} ${runs === 1 ? 'run' : 'runs'}, taken in turn.`);
mkdirSync(output, { recursive: true });
writeFileSync(resolve(output, 'figures.json'), JSON.stringify({ at: new Date().toISOString(), machineBefore, machineAfter: machine(), runs, rows: table.rows }, null, 1));
process.exitCode = failed ? 1 : 0;
