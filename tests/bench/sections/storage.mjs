// P5 and P6: one durable edit, and a thousand of them one after another, in Chromium.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { median } from '../lib/measure.mjs';
import { versionOf } from '../lib/packages.mjs';
import { runForJson, runInTurn } from '../lib/run_process.mjs';

const storageProcess = fileURLToPath(new URL('../lib/storage_process.mjs', import.meta.url));

const wa = `wa-sqlite ${versionOf('@journeyapps/wa-sqlite')}`;
const engines = [
    { key: 'raw', who: 'raw IndexedDB, 3 × 4 KiB', note: 'strict; the floor, no database' },
    { key: 'mirror', who: `${wa} IDBMirror`, note: 'not strict' },
    { key: 'batch', who: `${wa} IDBBatchAtomic`, note: 'strict' },
    { key: 'pool', who: `${wa} OPFS pool`, note: 'flushed, in a worker' },
    { key: 'file', who: `sql.js ${versionOf('sql.js')}, whole file`, note: 'strict' },
];

export async function measureStorage({ table, runs, scale, say }) {
    const size = scale === 'tiny' ? { rows: 500, edits: 50 } : { rows: 20000, edits: 1000 };
    const runners = new Map(engines.map(({ key, who }) => [who, () => runForJson(process.execPath, [storageProcess, key, JSON.stringify(size)], { timeout_s: 300 })]));
    const outcome = await runInTurn(runners, runs, say);
    const floor = outcome.get(engines[0].who).results;
    const addFigures = (goal, what, figure, unit, factor = 1) => {
        for (const { who, note } of engines) {
            const { results, error } = outcome.get(who);
            const values = results.map((result) => result[figure] * factor);
            const common = { goal, what, who, unit, runs: values.length };
            if (!values.length) table.add({ ...common, value: NaN, note: `failed: ${error?.message.slice(0, 120)}` });
            else table.add({ ...common, value: median(values), low: Math.min(...values), high: Math.max(...values), note });
        }
    };
    addFigures('P5', `one-row edit to durable, ${size.rows.toLocaleString('en')} rows`, 'edit_ms', 'milliseconds');
    addFigures('P6', '1,000 durable one-row commits', 'total_s', 'seconds', 1000 / size.edits);
    return floor;
}
