// P5 to P8, and the part of P2 that is the storage's: our storage in Chromium, beside the raw transaction that it cannot beat and the SQL engine without it.
//
//   node tests/bench/storage.bench.mjs [--quick]
//
// Prints one table. Ratios are medians against medians of the same run, in the same page; the peers' own storage is in run.mjs's section `storage`.
import { existsSync } from 'node:fs';
import { mkdir, rm, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { startServer } from '../../tools/serve.mjs';
import { openBrowser } from './lib/browser.mjs';
import { machine, median, quantile } from './lib/measure.mjs';
import { format } from './lib/table.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = resolve(here, '..', '..');

// One folder that shows the built storage page, this folder's page and the peers to the browser.
async function makeSite() {
    const page = process.env.KEHUBU_STORAGE_PAGE ?? join(root, 'build', 'wasm', 'storage_page');
    if (!existsSync(join(page, 'storage_page.wasm'))) throw new Error(`The storage page is not built: ${page}. Run ./build-wasm.sh.`);
    const site = join(root, 'build', 'bench', 'storage-site');
    await rm(site, { recursive: true, force: true });
    await mkdir(site, { recursive: true });
    await symlink(page, join(site, 'storage_page'));
    await symlink(join(here, 'storage_site'), join(site, 'storage_site'));
    await symlink(join(here, 'node_modules'), join(site, 'node_modules'));
    return site;
}

async function openBench(context, server) {
    const page = await context.newPage();
    await page.addInitScript(() => {
        const open = IDBFactory.prototype.open;
        IDBFactory.prototype.open = function (...parameters) {
            globalThis.openedAt ??= performance.now();
            return open.apply(this, parameters);
        };
    });
    await page.goto(`${server.url}storage_site/index.html`);
    await page.waitForFunction(() => globalThis.bench && globalThis.store?.outcomes.length);
    return page;
}

// All figures of one run, in milliseconds: { small: {call, durable, raw, thousand}, large: {…}, big, bigPacked, bigPages, load, work… }.
export async function measureKehubuStorage({ smallRows = 12000, largeRows = 1000000, edits = 300, rounds = 7, say = () => {} } = {}) {
    const server = await startServer({ folder: await makeSite() });
    const browser = await openBrowser();
    const call = (page, name, options) => page.evaluate(([what, how]) => globalThis.bench[what](how), [name, options]);
    try {
        const page = await openBench(browser.context, server);
        say('edits, small');
        const small = await call(page, 'measureEdits', { rows: smallRows, edits });
        say('SQL work');
        const work = await call(page, 'measureWork', { rounds });
        say('4 MiB commits');
        const big = await call(page, 'measureBigCommit', { rounds });
        say('starts with about 40 MiB');
        await page.evaluate(() => { store.run('DELETE FROM big; PRAGMA incremental_vacuum'); return store.durable(); });
        const middle = await call(page, 'measureEdits', { rows: 400000, edits: 5 });
        await page.close();
        const load = [];
        for (let round = 0; round < rounds; round++) {
            const next = await openBench(browser.context, server);
            load.push(await next.evaluate(() => globalThis.loadedAt - globalThis.openedAt));
            await next.close();
        }
        say('edits, large');
        const last = await openBench(browser.context, server);
        const large = await call(last, 'measureEdits', { rows: largeRows, edits });
        return { small, large, ...big, load, loadImage: middle.image, ...work };
    } finally {
        await browser.close();
        await server.close();
    }
}

function report(figures) {
    const mebibytes = (bytes) => `${Math.round(bytes / 1048576)} MiB`;
    const sizes = [['small', mebibytes(figures.small.image)], ['large', mebibytes(figures.large.image)]];
    const rows = [];
    const add = (goal, what, values, against, wanted) => rows.push([goal, what, format('milliseconds', median(values)), format('milliseconds', quantile(values, 0.95)),
        against ? `${(median(values) / median(against)).toFixed(2)} ×` : '', wanted]);
    for (const [key, size] of sizes) {
        const { call, durable, raw, thousand } = figures[key];
        add('P5', `one-row edit, main thread, ${size}`, call, key === 'large' ? figures.small.call : null, '≤ 0.5 ms; the same at every size ±10 %');
        add('P5', `… until durable, ${size}`, durable, raw, '≤ 1.5 × raw');
        add('', `raw strict transaction of 3 × 4 KiB, beside ${size}`, raw, null, '');
        add('P6', `1,000 one-row commits, each acknowledged, ${size}`, thousand, null, '≤ 500 ms');
    }
    add('P7', '4 MiB commit until durable', figures.big, figures.bigPacked, '≤ 40 ms');
    add('', 'raw, 74 records of 56 KiB', figures.bigPacked, null, '');
    add('', 'raw, 1,024 records of 4 KiB', figures.bigPages, figures.bigPacked, '');
    add('P8', 'SQL work in one transaction, our VFS', figures.workOurs, figures.workWaSqlite, '≤ 1.05 × wa-sqlite MemoryVFS');
    add('', '… wa-sqlite MemoryVFS', figures.workWaSqlite, null, '');
    add('', '… SQLite\'s own memory, no VFS', figures.workPlain, figures.workWaSqlite, '');
    add('P8', 'SQL work, each statement a commit, ours made durable meanwhile', figures.commitsOurs, figures.commitsWaSqlite, '');
    add('', '… wa-sqlite MemoryVFS, never durable', figures.commitsWaSqlite, null, '');
    add('', '… SQLite\'s own memory, never durable', figures.commitsPlain, figures.commitsWaSqlite, '');
    add('P2', `load ${mebibytes(figures.loadImage)}`, figures.load, null, 'a part of ≤ 0.9 s');
    const lines = [['goal', 'what', 'median', 'p95', 'ratio', 'wanted'], ...rows];
    const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
    const draw = (line) => `| ${line.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
    return [draw(lines[0]), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...lines.slice(1).map(draw)].join('\n');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
    const quick = process.argv.includes('--quick');
    const before = machine();
    const figures = await measureKehubuStorage({ ...(quick ? { largeRows: 200000, edits: 60, rounds: 3 } : {}), say: (what) => process.stderr.write(`storage: ${what}\n`) });
    console.log(`\n${report(figures)}\n\nBefore: ${before}. After: ${machine()}.`);
}
