// A walk over everything in the real page: every page, every control pressed once, what is handed over looked into; in Chinese and
// in English, with sample data, empty, and in a tab that was overtaken. Each press from the same beginning, under the sanitizers,
// is the native walk's (tests/unit/app_walk_test.cpp); this one is for what only a browser has: files, the clipboard, the history,
// the disk, a second tab, an error in the console. Every page is visited and every control of a name pressed on one page for all;
// the walks in English and in a tab that was overtaken press buttons and links only. KEHUBU_LONG=1 presses everything, everywhere.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { openTablet, removeFolder, sizes, startSite, temporaryFolder } from './driver.mjs';
import { faultOfFile, rowsOf, textOf } from './handed_over.mjs';
import { fingerprint } from './steps.mjs';
import { Walker, allAddresses, drawsNothing, mayDoNothing } from './walker.mjs';

// As patient as everything else on a slow machine.
const minutes = (count) => count * 60_000 * Number(process.env.KEHUBU_PATIENCE_MS ?? 20_000) / 20_000;
const log = process.env.KEHUBU_WALK_TRACE ? console.log : undefined;

const long = !!process.env.KEHUBU_LONG;
const isShared = long ? undefined : ({ role, over }) => over || ['field', 'option', 'combobox', 'checkbox', 'columnheader', 'switch'].includes(role);
const eachNameOnce = long ? {} : { isShared: () => true };
const isShort = long ? undefined : ({ role, place }) => ['button', 'link', 'tab', 'menuitem', 'menuitemcheckbox', 'switch', 'radio'].includes(role) || (role === 'row' && place.endsWith(' 1'));

// Two at a time: each waits for a frame half of its time, and none depends on how long a press takes.
describe('a walk over everything', { concurrency: 2 }, () => {
    const toClean = [];
    after(async () => { for (const clean of toClean.reverse()) await clean(); });

    async function open(options) {
        const site = await startSite();
        toClean.push(() => site.close());
        const tablet = await openTablet({ ...options, site, before: drawsNothing, reducedMotion: 'reduce' });
        toClean.push(() => tablet.remove());
        return tablet;
    }
    async function begin(tablet, chinese, sample) {
        if (sample) {
            await tablet.tap('button', chinese ? '带示例数据' : 'With sample data');
        } else {
            await tablet.tap('button', chinese ? '从空白开始' : 'Start empty');
            await tablet.type(chinese ? '姓名' : 'Your name', '王敏');
            await tablet.type(chinese ? '业务代码' : 'Employee code', 'R07');
            await tablet.tap('button', chinese ? '开始使用' : 'Start', { exact: true });
        }
        await tablet.sees('link', chinese ? '客户' : 'Customers');
        await tablet.saved();
    }
    async function folderOf(name) {
        const folder = await temporaryFolder(name);
        toClean.push(() => removeFolder(folder));
        return folder;
    }

    // With a person's gesture, so that files may be asked for and handed over.
    async function walkerFor(tablet, options) {
        const folder = await folderOf('walk');
        const table = join(folder, '名单.csv');
        await writeFile(table, '客户名称,联系人,电话,所属行业\n长江酒店,李四,13800138000,餐饮\n,,,\n');
        const bundle = join(folder, 'kehubu.json');
        await writeFile(bundle, '{}');
        tablet.page.on('filechooser', (chooser) => chooser.setFiles(tablet.page.url().includes('import/') ? table : bundle).catch(() => {}));
        tablet.page.on('download', (download) => { tablet.downloads.push(download.suggestedFilename()); return download.delete().catch(() => {}); });
        tablet.downloads = [];
        const session = await tablet.context.newCDPSession(tablet.page);
        const evaluate = async (body) => {
            const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
                expression: `(async () => { globalThis.walkTakesFiles = true; ${body} })()`, awaitPromise: true, returnByValue: true, userGesture: true });
            if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
            return result.value;
        };
        const run = (body) => evaluate(body).catch(async (error) => {
            if (!/context|navigat|collected/i.test(error.message)) throw error;
            await tablet.ready();  // a press has loaded the page again
            return undefined;
        });
        return new Walker(run, { log, mayDoNothing, isShared, ...options });
    }
    function judge(walker, tablet, leastPresses) {
        console.log(`# ${walker.presses} presses on ${walker.pages.size} kinds of page, ${walker.files.length} files`);
        assert.deepEqual(walker.findings, []);
        assert.deepEqual(tablet.complaints, []);
        assert.deepEqual(tablet.downloads, walker.files.map(({ name }) => name), 'what the program hands over is what the browser gets');
        if (!process.env.KEHUBU_WALK_FROM) assert.ok(walker.presses >= leastPresses, `only ${walker.presses} presses`);
    }

    test('sample data, in Chinese: everything; what was done is there after a reload', { timeout: minutes(12) }, async () => {
        const tablet = await open({ size: sizes.landscape });
        await begin(tablet, true, true);
        const walker = await walkerFor(tablet, eachNameOnce);
        await walker.walk(allAddresses);
        await walker.stand('sync', []);
        await tablet.saved();
        const before = await fingerprint(tablet);
        await tablet.reload();
        const again = await fingerprint(tablet);
        await walker.destroy();
        assert.equal(again, before, 'what was done is there after a reload');
        judge(walker, tablet, long ? 1500 : 400);
        if (!process.env.KEHUBU_WALK_FROM) assert.ok(walker.files.length > (long ? 8 : 5), `only ${walker.files.length} files`);
    });

    test('nothing entered yet, in English, on a phone', { timeout: minutes(8) }, async () => {
        const tablet = await open({ size: sizes.phone, language: 'en-GB' });
        await begin(tablet, false, false);
        const walker = await walkerFor(tablet, { presses: isShort, ...eachNameOnce });
        await walker.walk(allAddresses);
        await walker.destroy();
        judge(walker, tablet, 150);
    });

    test('every list is exported, with as many rows as it counts and its own headings, in both languages', { timeout: minutes(4) }, async () => {
        const tablet = await open({ size: sizes.landscape });
        await begin(tablet, true, true);
        const folder = await folderOf('lists');
        for (const chinese of [true, false]) {
            if (!chinese) {
                await tablet.page.evaluate(() => { location.hash = 'settings'; });
                await tablet.tap('radio', 'English');
                await tablet.sees('link', 'Customers');
            }
            for (const entity of ['customer', 'contact', 'opportunity', 'contract', 'product', 'employee', 'org_unit', 'interaction']) {
                // The list before stands there until the next frame: another one has come when what stands there differs, and has come to rest.
                await tablet.page.evaluate(async (address) => {
                    const mirror = document.getElementById('mirror');
                    const before = mirror.textContent;
                    location.hash = address;
                    for (let last = before; mirror.textContent === before || mirror.textContent !== last;) {
                        last = mirror.textContent;
                        await new Promise((resume) => { setTimeout(resume, 200); });
                    }
                }, `list/${entity}`);
                const counted = tablet.page.locator('#mirror [role=status]').filter({ hasText: chinese ? /^共 [\d,]+/ : /^[\d,]+ / }).first();
                await tablet.waitFor(counted);
                const count = Number((await counted.textContent()).replace(/\D/g, ''));
                const headings = await tablet.page.locator('#mirror [role=columnheader]').allTextContents();
                const path = await tablet.takeFile(() => tablet.tap('button', chinese ? '导出' : 'Export', { exact: true }), folder);
                const bytes = await readFile(path);
                assert.equal(faultOfFile({ name: path.slice(folder.length + 1), bytes }), null, entity);
                const [head, ...rows] = rowsOf(textOf(bytes));
                assert.equal(rows.length, count, `${entity}: rows`);
                for (const heading of headings) assert.ok(head.includes(heading), `${entity}: ${heading} is not among ${head}`);
            }
        }
        assert.deepEqual(tablet.complaints, []);
    });

    test('a tab that was overtaken: nothing that saves can be pressed, and what can be pressed answers', { timeout: minutes(8) }, async () => {
        const tablet = await open({ size: sizes.landscape });
        await begin(tablet, true, true);
        const other = await tablet.openTab();
        await other.tap('button', '在这里接管');
        await other.sees('link', '客户');
        await tablet.bringToFront();
        await tablet.sees('alert', '只读：另一个标签页正在使用');
        const walker = await walkerFor(tablet, { presses: isShort, ...eachNameOnce, follows: (address) => long || address.startsWith('record/customer/') });
        for (const address of ['form/customer', 'form/contract', 'visit/interaction']) {
            await walker.stand(address, []);
            const active = await tablet.page.evaluate(() => [...document.querySelectorAll('#mirror [role=button][aria-label="保存"]:not([aria-disabled=true]), #mirror input:enabled, #mirror textarea:enabled')].length);
            assert.equal(active, 0, `${address} lets one save what nobody saves`);
        }
        await walker.walk(long ? allAddresses : ['today', 'list/customer', 'opportunities', 'sync', 'conflicts', 'settings', 'lists', 'identity', 'more', 'form/contract', 'import/customer']);
        judge(walker, tablet, 80);
    });
});
