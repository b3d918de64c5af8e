// P5 to P8: one durable edit, a thousand of them, a large one, and SQL work; in Chromium, each run in a fresh profile.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { median } from '../lib/measure.mjs';
import { versionOf } from '../lib/packages.mjs';
import { runForJson, runInTurn } from '../lib/run_process.mjs';

const storageProcess = fileURLToPath(new URL('../lib/storage_process.mjs', import.meta.url));
const ownStorageProcess = fileURLToPath(new URL('../lib/own_storage_process.mjs', import.meta.url));

const wa = `wa-sqlite ${versionOf('@journeyapps/wa-sqlite')}`;
const engines = [
    { key: 'raw', who: 'raw IndexedDB, 3 × 4 KiB', note: 'strict; the floor, no database' },
    { key: 'mirror', who: `${wa} IDBMirror`, note: 'not strict' },
    { key: 'batch', who: `${wa} IDBBatchAtomic`, note: 'strict' },
    { key: 'pool', who: `${wa} OPFS pool`, note: 'flushed, in a worker' },
    { key: 'file', who: `sql.js ${versionOf('sql.js')}, whole file`, note: 'strict' },
];

function addOwn(table, results, rowsText) {
    const of = (pick) => results.map(pick);
    const add = (goal, what, unit, values, target, note = '', who = 'Kehubu') => table.add({ goal, what, who, unit, value: median(values), low: Math.min(...values), high: Math.max(...values),
        runs: values.length, target, note, ours: who === 'Kehubu' ? median(values) : undefined });
    const ratio = (values, others) => (median(values) / median(others)).toFixed(2);
    const largeMib = Math.round(median(of((result) => result.large.image_mib)));
    const smallMib = median(of((result) => result.small.image_mib)).toFixed(1);
    const small = (figure) => of((result) => result.small[figure]);
    const large = (figure) => of((result) => result.large[figure]);
    add('P5', 'one-row edit, main thread', 'milliseconds', small('call_ms'), '≤ 0.5 ms', `database of ${smallMib} MiB`);
    add('P5', `one-row edit, main thread, database of ${largeMib} MiB`, 'milliseconds', large('call_ms'), '±10 %', `${ratio(large('call_ms'), small('call_ms'))} × the small one`);
    add('P5', rowsText, 'milliseconds', small('durable_ms'), '≤ 1.5 × raw', `${ratio(small('durable_ms'), small('raw_ms'))} × raw beside it in the same page`);
    add('P5', `one-row edit to durable, database of ${largeMib} MiB`, 'milliseconds', large('durable_ms'), '±10 %', `${ratio(large('durable_ms'), large('raw_ms'))} × raw, ${ratio(large('durable_ms'), small('durable_ms'))} × the small one`);
    add('P6', '1,000 durable one-row commits', 'seconds', small('thousand_s'), '≤ 0.5 s', 'each acknowledged; they coalesce');
    add('P7', '4 MiB commit until durable', 'milliseconds', of((result) => result.big_ms), '≤ 40 ms', `${ratio(of((result) => result.big_ms), of((result) => result.big_raw_ms))} × the same bytes raw`);
    const work = of((result) => result.work_ms);
    const others = of((result) => result.work_wa_sqlite_ms);
    add('P8', 'SQL work through the VFS', 'milliseconds', work, '≤ 1.05 × MemoryVFS', `${ratio(work, others)} × wa-sqlite's`);
    table.add({ goal: 'P8', what: 'SQL work through the VFS', who: `${wa} MemoryVFS`, unit: 'milliseconds', value: median(others), low: Math.min(...others), high: Math.max(...others), runs: others.length, ours: median(work) });
    const load = of((result) => result.load_ms);
    add('P2', `loading a database of ${Math.round(median(of((result) => result.load_mib)))} MiB`, 'milliseconds', load, '', 'a part of the start that may take 0.9 s');
}

export async function measureStorage({ table, root, runs, scale, seconds, say }) {
    const tiny = scale === 'tiny';
    const size = tiny ? { rows: 500, edits: 50 } : { rows: 20000, edits: scale === 'quick' ? 100 : 500 };
    const runners = new Map(engines.map(({ key, who }) => [who, () => runForJson(process.execPath, [storageProcess, key, JSON.stringify(size)], { timeout_s: 300 })]));
    const built = existsSync(process.env.KEHUBU_STORAGE_PAGE ?? `${root}/build/wasm/storage_page/storage_page.wasm`);
    const ownSize = { smallRows: size.rows, largeRows: { tiny: 5000, quick: 200000 }[scale] ?? 1000000, edits: { tiny: 20, quick: 60 }[scale] ?? 200, rounds: tiny ? 1 : 3 };
    if (built) runners.set('Kehubu', () => runForJson(process.execPath, [ownStorageProcess, JSON.stringify(ownSize)], { timeout_s: 900 }));
    else say('The storage page is not built: P5 to P8 have no figures of ours.');

    const outcome = await runInTurn(runners, runs, say, seconds);
    const own = outcome.get('Kehubu');
    const rowsText = `one-row edit to durable, ${size.rows.toLocaleString('en')} rows`;
    if (own?.results.length) addOwn(table, own.results, rowsText);
    else if (own) table.add({ goal: 'P5', what: rowsText, who: 'Kehubu', unit: 'milliseconds', value: NaN, runs: 0, note: `failed: ${own.error?.message.slice(0, 120)}` });
    const oursOf = (pick) => (own?.results.length ? median(own.results.map(pick)) : undefined);
    const addPeers = (goal, what, figure, unit, factor, ours) => {
        for (const { who, note } of engines) {
            const { results, error } = outcome.get(who);
            const values = results.map((result) => result[figure] * factor);
            const common = { goal, what, who, unit, runs: values.length };
            if (!values.length) table.add({ ...common, value: NaN, note: `failed: ${error?.message.slice(0, 120)}` });
            else table.add({ ...common, value: median(values), low: Math.min(...values), high: Math.max(...values), ours, note });
        }
    };
    addPeers('P5', rowsText, 'edit_ms', 'milliseconds', 1, oursOf((result) => result.small.durable_ms));
    addPeers('P6', '1,000 durable one-row commits', 'total_s', 'seconds', 1000 / size.edits, oursOf((result) => result.small.thousand_s));
}
