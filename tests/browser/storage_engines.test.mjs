// The same storage in Firefox and in WebKit (Safari's engine): saved, there again, a wiped store noticed, the second copy, two tabs.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { engines } from './engines.mjs';
import { beginHistory, historyStep, startStorageSite } from './storage_page/lab.mjs';

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
