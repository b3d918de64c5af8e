// The same storage in Firefox and in WebKit (Safari's engine): saved, there again, a wiped store noticed, the second copy, two tabs.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { beginHistory, historyStep, startStorageSite } from './storage_page/lab.mjs';

const firefoxPath = process.env.KEHUBU_FIREFOX ?? '/usr/bin/firefox-esr';
const webkitDriver = '/usr/bin/WebKitWebDriver';
const webkitBrowser = process.env.KEHUBU_WEBKIT ?? '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser';

// A browser gives openTab(address); a tab gives run(body), where body is the text of an async function, and close().
async function startFirefox() {
    const { launch } = await import('puppeteer-core');
    const profile = await mkdtemp(join(tmpdir(), 'kehubu-firefox-'));
    const start = () => launch({ browser: 'firefox', executablePath: firefoxPath, headless: true, userDataDir: profile });
    let browser = await start();
    return {
        persistent: true,
        async openTab(address) {
            const page = await browser.newPage();
            await page.goto(address);
            return { run: (body) => page.evaluate(`(async () => { ${body} })()`), close: () => page.close() };
        },
        async restart() {
            await browser.close();
            browser = await start();
        },
        async close() {
            await browser.close();
            await rm(profile, { recursive: true, force: true, maxRetries: 10 });
        },
    };
}

// WebDriver by hand: four requests need no library. An automated WebKit forgets everything with its session, so it is never restarted.
async function startWebkit() {
    const port = 20000 + Math.floor(Math.random() * 20000);
    const driver = spawn(webkitDriver, [`--port=${port}`], { stdio: 'ignore' });
    const ask = async (method, path, body) => {
        const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, body: body && JSON.stringify(body) });
        const { value } = await answer.json();
        if (!answer.ok) throw new Error(`${value.error}: ${value.message}`);
        return value;
    };
    for (let tries = 0; ; tries++) {
        try { await ask('GET', '/status'); break; } catch (error) { if (tries > 50) throw error; }
        await new Promise((resume) => { setTimeout(resume, 100); });
    }
    const options = { binary: webkitBrowser, args: ['--automation'] };
    const { sessionId } = await ask('POST', '/session', { capabilities: { alwaysMatch: { browserName: 'MiniBrowser', 'webkitgtk:browserOptions': options } } });
    const session = `/session/${sessionId}`;
    await ask('POST', `${session}/timeouts`, { script: 60000 });
    const home = await ask('GET', `${session}/window`);
    return {
        persistent: false,
        async openTab(address) {
            await ask('POST', `${session}/window`, { handle: home });
            const { handle } = await ask('POST', `${session}/window/new`, { type: 'tab' });
            const turnTo = () => ask('POST', `${session}/window`, { handle });
            await turnTo();
            await ask('POST', `${session}/url`, { url: address });
            return {
                async run(body) {
                    await turnTo();
                    const script = `const done = arguments[0]; (async () => { ${body} })().then((value) => done({ value }), (error) => done({ error: String(error) }))`;
                    const { value, error } = await ask('POST', `${session}/execute/async`, { script, args: [] });
                    if (error) throw new Error(error);
                    return value;
                },
                async close() {
                    await turnTo();
                    await ask('DELETE', `${session}/window`);
                },
            };
        },
        async close() {
            await ask('DELETE', session).catch(() => {});
            driver.kill();
        },
    };
}

const engines = [
    { name: 'Firefox', start: startFirefox, missing: !existsSync(firefoxPath) && 'no Firefox here' },
    { name: 'WebKit', start: startWebkit, missing: (!existsSync(webkitDriver) && 'no WebKitWebDriver here') || (!process.env.DISPLAY && 'WebKit needs a display (tests/run.sh gives it one)') },
];

for (const { name, start, missing } of engines) {
    describe(name, { skip: missing }, () => {
        let site;
        let browser;
        before(async () => {
            site = await startStorageSite();
            browser = await start();
        });
        after(async () => {
            await browser?.close();
            await site?.close();
        });

        async function openStore() {
            const tab = await browser.openTab(site.url);
            const outcome = await tab.run('while (!globalThis.store) await new Promise((resume) => setTimeout(resume, 20)); return store.outcome();');
            return { ...tab, outcome };
        }
        const save = (tab, sql) => tab.run(`store.run(${JSON.stringify(sql)}); return store.durable();`);
        const state = (tab) => tab.run("return [store.value('PRAGMA integrity_check'), store.value('SELECT n FROM counter'), store.value('SELECT count(*) FROM entry')].join();");

        test('saved and there again', async () => {
            const first = await openStore();
            assert.equal(first.outcome, 'first_run');
            await save(first, beginHistory);
            for (let step = 1; step <= 20; step++) await save(first, historyStep(step));
            await save(first, historyStep(21, 5000000));
            await first.close();
            if (browser.persistent) await browser.restart();
            const second = await openStore();
            assert.equal(second.outcome, 'loaded');
            assert.equal(await state(second), 'ok,21,10');
            await second.close();
        });

        test('two tabs: the second takes over, the first writes no more', async () => {
            const first = await openStore();
            const second = await openStore();
            assert.equal(second.outcome, 'busy_elsewhere');
            await save(first, historyStep(22));
            assert.equal(await second.run('store.takeOver(); return store.outcome(1);'), 'loaded');
            assert.equal(await state(second), 'ok,22,10');
            await first.run(`store.run(${JSON.stringify(historyStep(23))})`);
            assert.match(await first.run('return store.durable().then(() => "saved", (error) => error.message);'), /taken over/);
            await save(second, historyStep(23));
            await first.close();
            await second.close();
        });

        test('a deleted database is wiped, or recovered where there is a second copy', async () => {
            const tab = await openStore();
            const copied = await tab.run('return store.copy().then(() => true, () => false);');
            await tab.close();
            const other = await browser.openTab(`${site.url}nothing`);
            await other.run("await new Promise((resolve, reject) => { const deleting = indexedDB.deleteDatabase('kehubu'); deleting.onsuccess = resolve; deleting.onerror = reject; });");
            const again = await openStore();
            assert.equal(again.outcome, copied ? 'recovered' : 'wiped');
            if (copied) assert.equal(await state(again), 'ok,23,10');
            await again.run('return store.erase();');
            await again.close();
            const last = await openStore();
            assert.equal(last.outcome, 'first_run');
            await last.close();
            await other.close();
        });
    });
}
