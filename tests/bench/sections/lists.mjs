// P3, P14, P15 and P16 without a browser: our own programs as wasm under node and natively, each run a process of its own.
import { median } from '../lib/measure.mjs';
import { runnersOf } from '../lib/programs.mjs';
import { runInTurn } from '../lib/run_process.mjs';

const runnersWith = (root, program, words) => new Map(runnersOf(root, program).map(({ who, run }) => [who, () => run(words)]));

export async function measureLists({ table, root, runs, scale, seconds, say }) {
    const customers = scale === 'tiny' ? 2000 : 200000;
    const count = customers.toLocaleString('en');
    const addFigures = (outcome, goal, what, figure, target, note = '', unit = 'milliseconds') => {
        for (const [who, { results, error }] of outcome) {
            const values = results.map((result) => result[figure]);
            if (values.length) table.add({ goal, what, who, unit, value: median(values), low: Math.min(...values), high: Math.max(...values), runs: values.length, target, note });
            else if (error) table.add({ goal, what, who, unit, value: NaN, runs: 0, target, note: `failed: ${error.message.slice(0, 120)}` });
        }
    };
    const lists = await runInTurn(runnersWith(root, 'bench_lists', ['--customers', String(customers)]), runs, say, seconds * 0.55);
    addFigures(lists, 'P14', `search keystroke over ${count}, p95`, 'search_p95_ms', '≤ 16 ms', 'with the first 30 rows read');
    addFigures(lists, 'P14', 'the same, the first one after opening', 'search_first_ms', '');
    addFigures(lists, 'P15', `sort ${count}, slowest field`, 'sort_ms', '≤ 150 ms');
    addFigures(lists, 'P15', `filter ${count}, slowest`, 'filter_ms', '≤ 50 ms');
    const rows = scale === 'tiny' ? 1000 : 100000;
    const imported = await runInTurn(runnersWith(root, 'bench_import', [String(rows)]), runs, say, seconds * 0.35);
    addFigures(imported, 'P16', `import ${rows.toLocaleString('en')} rows of a spreadsheet`, 'import_s', '≤ 10 s', 'parse, preview, commit', 'seconds');
    addFigures(imported, 'P16', 'undo the import', 'undo_s', '', '', 'seconds');
    const scroll = await runInTurn(runnersWith(root, 'bench_scroll', []), runs, say, seconds * 0.1);
    addFigures(scroll, 'P3', 'frame while 1,000,000 rows scroll, p95', 'frame_p95_ms', '≤ 2 ms', 'no browser; letters are boxes');
    addFigures(scroll, 'P3', 'the same at 1,000 rows', 'small_frame_p95_ms', '');
}
