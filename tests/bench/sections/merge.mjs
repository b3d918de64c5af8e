// P9, P11 and P13: the same bundles merged by everybody, once and again, and what a change costs to send.
import { fileURLToPath } from 'node:url';
import { median } from '../lib/measure.mjs';
import { versionOf } from '../lib/packages.mjs';
import { runnersOf } from '../lib/programs.mjs';
import { runForJson, runInTurn } from '../lib/run_process.mjs';

const mergeProcess = fileURLToPath(new URL('../lib/merge_process.mjs', import.meta.url));

const full = { bundles: 1000, changes: 1000, rows: 50000 };
const tenth = { bundles: 100, changes: 1000, rows: 5000 };
const fiftieth = { bundles: 20, changes: 1000, rows: 1000 };
const tiny = { bundles: 10, changes: 100, rows: 500 };

const changesOf = ({ bundles, changes }) => bundles * changes;
const shareText = (size) => (changesOf(size) === changesOf(full) ? '' : `measured at 1/${changesOf(full) / changesOf(size)}, scaled`);

const smallerText = (size) => (changesOf(size) === changesOf(full) ? '' : `at 1/${changesOf(full) / changesOf(size)}`);

// Automerge makes its bundles at 400 changes a second; its share is smaller so that the table is ready the same day.
const peerFiles = [
    { file: 'yjs', who: 'Yjs', packageName: 'yjs' },
    { file: 'cr_sqlite', who: 'cr-sqlite', packageName: '@vlcn.io/crsqlite-wasm' },
    { file: 'tinybase', who: 'TinyBase', packageName: 'tinybase' },
    { file: 'loro', who: 'Loro', packageName: 'loro-crdt', largest: tenth },
    { file: 'automerge', who: 'Automerge', packageName: '@automerge/automerge', largest: fiftieth },
];

function peerRunner(file, size, check) {
    const words = ['--expose-gc', '--max-old-space-size=6144', mergeProcess, file, JSON.stringify(size)];
    return () => runForJson(process.execPath, check ? [...words, 'check'] : words);
}

const wordsOf = ({ bundles, changes, rows }) => ['--bundles', bundles, '--changes', changes, '--rows', rows].map(String);

export async function measureMerge({ table, root, runs, scale, seconds, check, say }) {
    const peerSize = { tiny, quick: fiftieth, tenth, full }[scale];
    const ourSizes = { tiny: [tiny], quick: [full, fiftieth] }[scale] ?? [full, tenth, fiftieth];
    const runners = new Map();
    const about = new Map();
    const add = (who, size, run, more) => { const key = `${who} at ${changesOf(size)} changes`; runners.set(key, run); about.set(key, { who, size, ...more }); };

    for (const { who, run } of runnersOf(root, 'bench_merge')) {
        for (const size of ourSizes) add(who, size, () => run(wordsOf(size)), { own: true });
    }
    if (!runners.size) say('bench_merge is not built yet: P9 and P11 have no figure of ours.');
    for (const peer of peerFiles) {
        const size = peer.largest && changesOf(peer.largest) < changesOf(peerSize) ? peer.largest : peerSize;
        add(`${peer.who} ${versionOf(peer.packageName)}`, size, peerRunner(peer.file, size, check), {});
    }

    const outcome = await runInTurn(runners, runs, say, seconds);
    // Ours at the peer's size, wasm before native: the peers are wasm or JavaScript too. A figure that only one of our builds gives is taken from that.
    const oursAt = (size, figure) => {
        const own = [...about].filter(([, entry]) => entry.own && changesOf(entry.size) === changesOf(size))
            .map(([key]) => outcome.get(key).results.map((result) => result[figure]).filter(Number.isFinite)).find((values) => values.length);
        return own ? median(own) : undefined;
    };

    const reference = scale === 'tiny' ? tiny : full;
    // Against the native build a peer in wasm or JavaScript looks slower than it is, so the table says when that was all there was.
    const hasWasm = [...about].some(([key, { own, who }]) => own && who.endsWith('wasm') && outcome.get(key).results.length);
    const remark = (own, size, scaled) => [scale === 'tiny' ? '' : scaled ? shareText(size) : smallerText(size), !own && scaled && !hasWasm ? 'ratio to our native build' : ''].filter(Boolean).join('; ');
    // The goals of merging are those of wasm, as the peers are; the native program has one of its own, P12. `own_note` says what ours does more or less.
    const addFigures = (goal, what, figure, unit, target, scaled, { natively = false, bytes = false, own_note = '' } = {}) => {
        for (const [key, { own, who, size }] of about) {
            if (own ? !bytes && who.endsWith('native') !== natively && (natively || hasWasm) : natively) continue;
            const { results, error } = outcome.get(key);
            const values = results.map((result) => result[figure]).filter(Number.isFinite);
            // Ours at smaller scales is there to be compared with, not to be shown as a figure of its own.
            if (own && changesOf(size) !== changesOf(reference)) continue;
            if (!values.length) { if (error) table.add({ goal, what, who, unit, value: NaN, runs: 0, target: own ? target : undefined, note: `failed: ${error.message.slice(0, 120)}` }); continue; }
            const factor = scaled ? changesOf(reference) / changesOf(size) : 1;
            const ours = natively ? undefined : oursAt(size, figure);
            table.add({ goal, what, who, unit, value: median(values) * factor, low: Math.min(...values) * factor, high: Math.max(...values) * factor, runs: values.length,
                ours: ours === undefined ? undefined : ours * factor, target: own ? target : undefined, note: [remark(own, size, scaled), own ? own_note : ''].filter(Boolean).join('; ') });
        }
    };
    const count = changesOf(reference).toLocaleString('en');
    addFigures('P9', `merge ${count} field changes`, 'merge_s', 'seconds', '≤ 2.5 s', true, { own_note: 'with log and conflicts; without parsing' });
    addFigures('P10', 'the same with parsing and digests', 'end_to_end_s', 'seconds', '≤ 7 s', true, { own_note: 'in memory: without a browser, its frames and IndexedDB' });
    addFigures('P10', 'highest memory', 'peak_mib', 'mebibytes', '≤ 256 MiB', false, { own_note: 'wasm memory, 190 MiB of it the bundles, held twice; of the others the whole process' });
    addFigures('P11', 'the same bundles again', 'again_s', 'seconds', '≤ 0.1 s', true);
    addFigures('P12', `merge ${count} field changes natively, whole`, 'end_to_end_s', 'seconds', '≤ 1.2 s', true, { natively: true, own_note: 'parsing and digests in it' });
    addFigures('P12', 'the same as time on a processor', 'end_to_end_cpu_s', 'seconds', '', true, { natively: true });
    addFigures('P12', 'the merge alone, on a processor', 'merge_cpu_s', 'seconds', '', true, { natively: true });
    // Only the native program compresses; a bundle is the same from both.
    addFigures('P13', 'bytes a change, gzip', 'change_gzip_bytes', 'bytes', '≤ 10 B', false, { bytes: true });
    addFigures('P13', 'bytes a change', 'change_bytes', 'bytes', '≤ 100 B', false, { bytes: true });
}
