// Browsers and profiles for the storage tests: the tiny page of this folder in a Chromium whose data survives, until it is killed.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { startServer } from '../../../tools/serve.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const executable = process.env.KEHUBU_CHROMIUM ?? '/usr/bin/chromium';
const browserArguments = ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
    '--disable-sync', '--disable-gpu', '--disable-features=Translate,OptimizationHints,MediaRouter'];

export async function startStorageSite() {
    const folder = process.env.KEHUBU_STORAGE_PAGE ?? join(root, 'build', 'wasm', 'storage_page');
    if (!existsSync(join(folder, 'storage_page.wasm'))) throw new Error(`The storage page is not built: ${folder}. Run ./build-wasm.sh.`);
    return startServer({ folder });
}

// A profile on disk, so that durability is real.
export async function newProfile() {
    const folder = await mkdtemp(join(tmpdir(), 'kehubu-storage-'));
    return { folder, remove: () => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }) };
}

export async function openBrowser(profile) {
    return chromium.launchPersistentContext(profile.folder, { executablePath: executable, headless: true, args: browserArguments });
}

// Opens the page; `outcome` is what opening the store found.
export async function openPage(context, site, { before } = {}) {
    const page = await context.newPage();
    if (before) await page.addInitScript(before);
    await page.goto(site.url);
    await page.waitForFunction(() => globalThis.store);
    return { page, outcome: await page.evaluate(() => store.outcome()) };
}

// A browser that can be killed as if the battery had fallen out: every process of it, at once.
export async function openKillableBrowser(profile) {
    await rm(join(profile.folder, 'SingletonLock'), { force: true });
    const process_ = spawn(executable, [...browserArguments, '--headless=new', '--remote-debugging-port=0', `--user-data-dir=${profile.folder}`, 'about:blank'],
        { detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
    const exited = new Promise((done) => { process_.once('exit', done); });
    const address = await new Promise((done, failed) => {
        let text = '';
        process_.stderr.on('data', (data) => {
            text += data;
            const found = /DevTools listening on (ws:\S+)/.exec(text);
            if (found) done(found[1]);
        });
        exited.then(() => failed(new Error(`The browser ended at once: ${text.slice(-500)}`)));
    });
    const browser = await chromium.connectOverCDP(address);
    return {
        context: browser.contexts()[0],
        async kill() {
            process.kill(-process_.pid, 'SIGKILL');
            await exited;
            await browser.close().catch(() => {});
        },
    };
}

// The history of tests/support/storage_tab.cpp, for SQL in the page: after step k the counter is k and exactly the last ten rows are there.
export const beginHistory = `CREATE TABLE counter(n INTEGER); INSERT INTO counter VALUES(0);
    CREATE TABLE entry(id INTEGER PRIMARY KEY, word TEXT, body BLOB); CREATE INDEX entry_by_word ON entry(word);`;

export const historyStep = (step, bytes = (step * 977) % 23000) => `BEGIN; UPDATE counter SET n = ${step};
    INSERT INTO entry VALUES(${step}, 'word' || ${(step * 7919) % 1000}, randomblob(${bytes})); DELETE FROM entry WHERE id <= ${step - 10}; COMMIT;
    ${step % 7 === 0 ? 'PRAGMA incremental_vacuum(3)' : ''}`;

// How far the history has come; throws when the state is none that it ever had.
export async function historyState(page) {
    const [integrity, step, rows] = await page.evaluate(() => [store.value('PRAGMA integrity_check'), store.value('SELECT n FROM counter'),
        store.value("SELECT count(*) || '/' || coalesce(min(id), 0) || '/' || coalesce(max(id), 0) FROM entry")]);
    if (integrity !== 'ok') throw new Error(`integrity_check: ${integrity}`);
    const count = Math.min(Number(step), 10);
    const expected = `${count}/${count ? step - count + 1 : 0}/${count ? step : 0}`;
    if (rows !== expected) throw new Error(`at step ${step} the rows are ${rows} instead of ${expected}`);
    return Number(step);
}
