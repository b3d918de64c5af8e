// The storage in a real browser: IndexedDB, Web Locks, OPFS and localStorage as they are, and as they fail.
import assert from 'node:assert/strict';
import { appendFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, beforeEach, afterEach, describe, test } from 'node:test';
import { beginHistory, historyState, historyStep, newProfile, openBrowser, openKillableBrowser, openPage, startStorageSite } from './storage_page/lab.mjs';

let site;
let profile;
let context;

before(async () => { site = await startStorageSite(); });
after(() => site.close());
beforeEach(async () => {
    profile = await newProfile();
    context = await openBrowser(profile);
});
afterEach(async () => {
    await context.close();
    await profile.remove();
});

const run = (page, sql) => page.evaluate((statement) => store.run(statement), sql);
const health = (page) => page.evaluate(() => store.health());
const save = (page, sql) => page.evaluate((statement) => { store.run(statement); return store.durable(); }, sql);
const until = (page, condition, timeout = 30000) => page.waitForFunction(condition, undefined, { timeout });

async function pageWithHistory(steps, options) {
    const opened = await openPage(context, site, options);
    await save(opened.page, beginHistory);
    for (let step = 1; step <= steps; step++) await save(opened.page, historyStep(step));
    return opened.page;
}
async function reopened(options) {
    const opened = await openPage(context, site, options);
    return opened;
}

describe('saving', () => {
    test('first run, saved, and there again after closing the browser', async () => {
        const { page, outcome } = await openPage(context, site);
        assert.equal(outcome, 'first_run');
        await save(page, beginHistory);
        for (let step = 1; step <= 30; step++) await save(page, historyStep(step));
        assert.equal((await health(page)).state, 'saved');
        await context.close();
        context = await openBrowser(profile);
        const second = await reopened();
        assert.equal(second.outcome, 'loaded');
        assert.equal(await historyState(second.page), 30);
    });

    test('a thousand commits share a few transactions, and every one is strict', async () => {
        const page = await pageWithHistory(0, {
            before: () => {
                const original = IDBDatabase.prototype.transaction;
                globalThis.transactions = [];
                IDBDatabase.prototype.transaction = function (stores, mode, options) {
                    if (mode === 'readwrite') globalThis.transactions.push(options?.durability);
                    return original.call(this, stores, mode, options);
                };
            },
        });
        const used = await page.evaluate(async () => {
            const from = globalThis.transactions.length;
            for (let edit = 1; edit <= 1000; edit++) store.run(`UPDATE counter SET n = ${edit}`);
            await store.durable();
            return globalThis.transactions.slice(from);
        });
        assert.ok(used.length <= 3, `${used.length} transactions`);
        assert.ok(used.every((durability) => durability === 'strict'));
    });

    test('records stay below 60 KiB, and a big commit is one transaction', async () => {
        const page = await pageWithHistory(0);
        await save(page, 'CREATE TABLE big(body); INSERT INTO big VALUES(randomblob(6000000))');
        const sizes = await page.evaluate(() => new Promise((resolve) => {
            const opening = indexedDB.open('kehubu');
            opening.onsuccess = () => {
                opening.result.transaction('records').objectStore('records').getAll().onsuccess = ({ target }) => {
                    opening.result.close();
                    resolve(target.result.map((record) => record.length));
                };
            };
        }));
        assert.ok(sizes.length > 100);
        assert.ok(Math.max(...sizes) <= 60 * 1024);
    });

    test('closing the page asks only while something is unsaved', async () => {
        const page = await pageWithHistory(1);
        const asks = () => page.evaluate(() => !dispatchEvent(new Event('beforeunload', { cancelable: true })));
        assert.equal(await asks(), false);
        assert.equal(await page.evaluate(() => {
            store.run('UPDATE counter SET n = 5');
            return !dispatchEvent(new Event('beforeunload', { cancelable: true }));
        }), true);
        await page.evaluate(() => store.durable());
        assert.equal(await asks(), false);
    });
});

describe('failures', () => {
    // Replaces IDBDatabase.transaction for writing while globalThis.trouble is set.
    const makeTrouble = () => {
        const original = IDBDatabase.prototype.transaction;
        globalThis.openings = 0;
        const open = IDBFactory.prototype.open;
        IDBFactory.prototype.open = function (...parameters) {
            globalThis.openings++;
            return open.apply(this, parameters);
        };
        IDBDatabase.prototype.transaction = function (stores, mode, options) {
            if (mode !== 'readwrite' || !globalThis.trouble) return original.call(this, stores, mode, options);
            if (globalThis.trouble === 'throw') throw new DOMException('The database connection is closing.', 'InvalidStateError');
            if (globalThis.trouble === 'closed') {
                this.close();
                this.onclose();
                throw new DOMException('Connection to Indexed Database server lost', 'UnknownError');
            }
            const transaction = original.call(this, stores, mode, options);
            if (globalThis.trouble === 'abort') queueMicrotask(() => transaction.abort());
            if (globalThis.trouble === 'silence' || globalThis.trouble === 'silence_done') {
                Object.defineProperty(transaction, 'oncomplete', { set() {} });
                Object.defineProperty(transaction, 'onabort', { set() {} });
                if (globalThis.trouble === 'silence') queueMicrotask(() => transaction.abort());
            }
            return transaction;
        };
    };

    for (const trouble of ['abort', 'throw', 'closed', 'silence', 'silence_done']) {
        test(`${trouble}: said, the connection opened again, saved in the end`, async () => {
            const page = await pageWithHistory(3, { before: makeTrouble });
            await page.evaluate((kind) => { globalThis.trouble = kind; }, trouble);
            const openings = await page.evaluate(() => globalThis.openings);
            await run(page, historyStep(4));
            await until(page, () => store.health().state === 'unsaved_error');
            const during = await health(page);
            assert.ok(during.zh.length > 0 && during.en.length > 0);
            assert.equal(during.unsaved, 1);
            await page.evaluate(() => { globalThis.trouble = null; });
            await run(page, historyStep(5));
            await until(page, () => store.health().state === 'saved');
            assert.ok(await page.evaluate(() => globalThis.openings) > openings);
            assert.equal((await health(page)).en, '');
            await page.close();
            const { page: again, outcome } = await reopened();
            assert.equal(outcome, 'loaded');
            assert.equal(await historyState(again), 5);
        });
    }

    test('no space: its own sentence, nothing lost, saved when there is room again', async () => {
        // Before the first write: Chromium asks for the free space only now and then.
        const origin = new URL(site.url).origin;
        const other = await context.newPage();
        await other.goto(`${site.url}nothing`);
        const session = await context.newCDPSession(other);
        await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1000000 });
        const page = await pageWithHistory(3);
        await run(page, historyStep(4, 20000000));
        await until(page, () => store.health().state === 'unsaved_error');
        const during = await health(page);
        assert.match(during.zh, /存储空间已满/, JSON.stringify(during));
        await run(page, historyStep(5));
        await session.send('Storage.overrideQuotaForOrigin', { origin });
        await page.evaluate(() => store.retry());
        await until(page, () => store.health().state === 'saved');
        await page.close();
        const { page: again } = await reopened();
        assert.equal(await historyState(again), 5);
    });

    test('IndexedDB forbidden: said, and not taken for a first run', async () => {
        const { outcome, page } = await openPage(context, site, {
            before: () => { IDBFactory.prototype.open = () => { throw new DOMException('denied', 'SecurityError'); }; },
        });
        assert.equal(outcome, 'unavailable');
        assert.equal((await health(page)).state, 'lost');
    });

    test('IndexedDB cannot be opened for a while, as in the field: opened in the end', async () => {
        await (await pageWithHistory(2)).close();
        const { outcome } = await openPage(context, site, {
            before: () => {
                let failures = 2;
                const original = IDBFactory.prototype.open;
                IDBFactory.prototype.open = function (...parameters) {
                    const request = original.apply(this, parameters);
                    if (failures-- > 0) {
                        Object.defineProperty(request, 'onsuccess', { set() {} });
                        Object.defineProperty(request, 'error', { value: new DOMException('Internal error opening backing store', 'UnknownError') });
                        request.addEventListener('success', () => { request.result.close(); request.onerror?.(new Event('error')); });
                    }
                    return request;
                };
            },
        });
        assert.equal(outcome, 'loaded');
    });

    test('a window of records that cannot be read is read one by one', async () => {
        await (await pageWithHistory(40)).close();
        const { page, outcome } = await openPage(context, site, {
            before: () => {
                const original = IDBObjectStore.prototype.getAll;
                IDBObjectStore.prototype.getAll = function (...parameters) {
                    const request = original.apply(this, parameters);
                    let onerror;
                    Object.defineProperty(request, 'onsuccess', { set() {} });
                    Object.defineProperty(request, 'onerror', { set(handler) { onerror = handler; } });
                    request.addEventListener('success', () => onerror(new Event('error')));
                    return request;
                };
            },
        });
        assert.equal(outcome, 'loaded');
        assert.equal(await historyState(page), 40);
    });

    test('the database is deleted under the open page: written again from memory', async () => {
        const page = await pageWithHistory(4);
        await page.evaluate(() => new Promise((resolve, reject) => {
            const deleting = indexedDB.deleteDatabase('kehubu');
            deleting.onsuccess = resolve;
            deleting.onerror = reject;
        }));
        await save(page, historyStep(5));
        await page.close();
        const { page: again, outcome } = await reopened();
        assert.equal(outcome, 'loaded');
        assert.equal(await historyState(again), 5);
    });
});

describe('a browser that dies while it writes', () => {
    // What a kill leaves now and then: the head of a log record that announces more than there is. The next browser writes on behind it.
    // The list of files ('MANIFEST-000001') is such a log too.
    async function cutShort(isLog) {
        const databases = join(profile.folder, 'Default', 'IndexedDB');
        const folder = join(databases, (await readdir(databases)).find((name) => name.endsWith('.leveldb')));
        const log = join(folder, (await readdir(folder)).filter(isLog).sort().at(-1));
        const room = 32768 - (await stat(log)).size % 32768;
        const cut = Buffer.alloc(Math.max(7, Math.min(room - 200, 5000)));
        cut.writeUInt32LE(0x12345678, 0);
        cut.writeUInt16LE(Math.max(0, Math.min(room - 7, 20000)), 4);
        cut[6] = 2;
        await appendFile(log, cut);
    }

    for (const [what, isLog] of [
        ['a log cut short is renewed before anything is saved behind the cut', (name) => name.endsWith('.log')],
        ['a list of files cut short destroys the store while it is in memory, and not when it is opened the next time', (name) => name.startsWith('MANIFEST-')],
    ]) test(what, async () => {
        await context.close();
        await profile.remove();
        profile = await newProfile();
        let browser = await openKillableBrowser(profile);
        try {
            let { page } = await openPage(browser.context, site);
            await save(page, beginHistory);
            for (let step = 1; step <= 12; step++) await save(page, historyStep(step));
            await browser.kill();
            await cutShort(isLog);
            for (let step = 13; step <= 15; step++) {
                browser = await openKillableBrowser(profile);
                const opened = await openPage(browser.context, site);
                page = opened.page;
                assert.equal(opened.outcome, 'loaded');
                assert.equal(await historyState(page), step - 1);
                await save(page, historyStep(step));
                await browser.kill();
            }
        } finally {
            await browser.kill().catch(() => {});
            context = await openBrowser(profile);
        }
    });
});

describe('an empty store', () => {
    const clear = async (page, storageTypes) => {
        const session = await context.newCDPSession(page);
        await session.send('Storage.clearDataForOrigin', { origin: new URL(site.url).origin, storageTypes });
    };
    const elsewhere = async () => {
        const page = await context.newPage();
        await page.goto(`${site.url}nothing`);
        return page;
    };
    const deleteDatabase = (page) => page.evaluate(() => new Promise((resolve) => { indexedDB.deleteDatabase('kehubu').onsuccess = resolve; }));
    const removeCopies = (page) => page.evaluate(async () => (await navigator.storage.getDirectory()).removeEntry('kehubu', { recursive: true }));

    test('with a sentinel is wiped, with nothing is new', async () => {
        await (await pageWithHistory(3)).close();
        const other = await elsewhere();
        await deleteDatabase(other);
        const { page, outcome } = await reopened();
        assert.equal(outcome, 'wiped');
        assert.match((await health(page)).zh, /已清除本机数据/);
        await save(page, beginHistory);
        await page.close();
        const { page: next } = await reopened();
        assert.match((await health(next)).zh, /已清除本机数据/);
        await next.evaluate(() => store.acknowledge());
        await next.close();
        const { page: last } = await reopened();
        assert.equal((await health(last)).zh, '');
        await last.close();
        await clear(other, 'all');
        assert.equal((await reopened()).outcome, 'first_run');
    });

    test('with a second copy is recovered', async () => {
        const page = await pageWithHistory(12);
        await page.evaluate(() => store.copy());
        await page.close();
        const other = await elsewhere();
        await deleteDatabase(other);
        const opened = await reopened();
        assert.equal(opened.outcome, 'recovered');
        assert.equal(await historyState(opened.page), 12);
        await opened.page.evaluate(() => store.durable());
        await opened.page.close();
        await removeCopies(other);
        assert.equal((await reopened()).outcome, 'loaded');
    });

    test('damaged records are found', async () => {
        await (await pageWithHistory(12)).close();
        const other = await elsewhere();
        await other.evaluate(() => new Promise((resolve) => {
            indexedDB.open('kehubu').onsuccess = ({ target: { result: database } }) => {
                const writing = database.transaction('records', 'readwrite');
                const cursor = writing.objectStore('records').openCursor(null, 'prev');
                cursor.onsuccess = () => {
                    const bytes = cursor.result.value;
                    bytes[2000] ^= 1;
                    cursor.result.update(bytes);
                };
                writing.oncomplete = () => { database.close(); resolve(); };
            };
        }));
        assert.equal((await reopened()).outcome, 'damaged');
    });

    test('erasing leaves nothing', async () => {
        const page = await pageWithHistory(2);
        await page.evaluate(() => store.copy());
        await page.evaluate(() => store.erase());
        assert.equal((await health(page)).state, 'lost');
        await page.close();
        const other = await elsewhere();
        assert.deepEqual(await other.evaluate(async () => [(await indexedDB.databases()).length, localStorage.length]), [0, 0]);
        assert.equal((await reopened()).outcome, 'first_run');
    });
});

describe('two tabs', () => {
    test('the second says so, takes over politely, and the first can no longer write', async () => {
        const first = await pageWithHistory(3);
        const { page: second, outcome } = await openPage(context, site);
        assert.equal(outcome, 'busy_elsewhere');
        assert.match((await health(second)).zh, /另一个标签页/);
        await run(first, historyStep(4));
        await second.evaluate(() => store.takeOver());
        assert.equal(await second.evaluate(() => store.outcome(1)), 'loaded');
        assert.equal(await historyState(second), 4);
        assert.equal((await health(first)).state, 'read_only');
        await run(first, historyStep(5));
        await assert.rejects(first.evaluate(() => store.durable()), /taken over/);
        await save(second, historyStep(5));
        await save(second, historyStep(6));
        await second.close();
        await first.close();
        const { page } = await reopened();
        assert.equal(await historyState(page), 6);
    });

    test('the second continues by itself when the first is closed', async () => {
        const first = await pageWithHistory(3);
        const { page: second, outcome } = await openPage(context, site);
        assert.equal(outcome, 'busy_elsewhere');
        await first.close();
        assert.equal(await second.evaluate(() => store.outcome(1)), 'loaded');
        assert.equal(await historyState(second), 3);
    });

    test('a tab that does not answer is overtaken by force, and the epoch stops it', async () => {
        // Neither a request to yield nor the loss of the lock reaches the first tab: only the epoch can stop it.
        const first = await pageWithHistory(3, {
            before: () => {
                globalThis.BroadcastChannel = undefined;
                const original = LockManager.prototype.request;
                LockManager.prototype.request = function (...parameters) { return original.apply(this, parameters).catch(() => new Promise(() => {})); };
            },
        });
        const { page: second } = await openPage(context, site);
        await second.evaluate(() => store.takeOver());
        assert.equal(await second.evaluate(() => store.outcome(1)), 'loaded');
        await save(second, historyStep(4));
        assert.equal((await health(first)).state, 'saved');
        await run(first, historyStep(4));
        await until(first, () => store.health().state === 'read_only');
        const said = await health(first);
        assert.equal(said.unsaved, 1);
        assert.match(said.en, /not saved/);
        await save(second, historyStep(5));
        assert.equal(await historyState(second), 5);
    });

    test('no Web Locks: the last tab to open is the writer', async () => {
        const withoutLocks = { before: () => { Object.defineProperty(navigator, 'locks', { value: undefined }); } };
        const first = await pageWithHistory(3, withoutLocks);
        const { page: second, outcome } = await openPage(context, site, withoutLocks);
        assert.equal(outcome, 'loaded');
        await save(second, historyStep(4));
        await run(first, historyStep(4));
        await until(first, () => store.health().state === 'read_only');
        assert.equal(await historyState(second), 4);
    });
});
