// What a person typed is not lost, whatever ends the page: not by a reload, a crashed tab or a browser that is killed, in any form;
// what was saved or thrown away does not come back, and nothing old in place of something newer.
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { openTablet, removeFolder, sizes, startSite, temporaryFolder } from './driver.mjs';
import { fingerprint, section, startEmpty } from './steps.mjs';

const person = { name: '王敏', code: 'R07', role: '销售代表', company: '南粤食品' };
const writtenWithinMs = 1500;  // half a second after the last letter; then it takes what the disk takes, longer after a kill (docs/storage.md)

describe('what was typed', () => {
    let site;
    let tablet;
    let files;
    before(async () => {
        site = await startSite();
        files = await temporaryFolder('drafts');
        tablet = await openTablet({ site });
        await tablet.tap('button', '带示例数据');
        await tablet.sees('link', '客户');
        await tablet.saved();
    });
    after(async () => {
        await tablet?.remove();
        await removeFolder(files);
        await site?.close();
    });

    const typed = (name) => tablet.field(name).first().inputValue();
    const shows = (name, text) => tablet.explained(tablet.page.waitForFunction(
        ([label, wanted]) => [...document.querySelectorAll('#mirror input, #mirror textarea')].some((field) => field.getAttribute('aria-label').includes(label) && field.value === wanted),
        [name, text]), `"${name}" was to hold "${text}"`);
    const goTo = (address) => tablet.page.evaluate((hash) => { location.hash = hash; }, address);
    async function kept() {
        await tablet.page.waitForTimeout(writtenWithinMs);
        await tablet.page.waitForFunction(() => dispatchEvent(new Event('beforeunload', { cancelable: true })));  // nobody is asked to stay
    }
    // Every process of the browser is gone at once; then it is opened where it was, or where one begins.
    async function killed({ atBeginning = false } = {}) {
        await kept();
        const address = await tablet.page.evaluate(() => location.hash.slice(1));
        const { folder } = tablet;
        await tablet.kill();
        tablet = await openTablet({ site, folder, route: atBeginning ? '' : address });
    }
    const reloaded = async () => { await kept(); await tablet.reload(); };
    async function discard() {
        await tablet.tap('button', '丢弃草稿');
        await goTo('today');
        await tablet.sees('heading', '今天');
        assert.ok(!(await tablet.outline()).includes('没有保存的草稿'));
    }

    // Each begins on Today, whatever the one before has left.
    beforeEach(async () => {
        await goTo('today');
        const heading = tablet.find('heading', '今天').first();
        const leave = tablet.find('button', '放弃填写').first();
        await tablet.waitFor(heading.or(leave));
        if (await leave.count()) await tablet.tapOn(leave);
        await tablet.waitFor(heading);
    });

    test('a customer: killed while an input method composes, offered where one begins, saved; then nothing is offered', { timeout: 180_000 }, async () => {
        await section(tablet, '客户');
        await tablet.tap('button', '新建客户');
        await tablet.type('客户名称', '长江');
        await tablet.tap('button', '填写更多资料');
        await tablet.type('画像：特征', '第一行\n第二行');
        const name = tablet.field('客户名称').first();
        await tablet.tapOn(name);
        await name.focus();
        await tablet.press('End');
        const session = await tablet.context.newCDPSession(tablet.page);
        await session.send('Input.imeSetComposition', { text: '酒店', selectionStart: 2, selectionEnd: 2 });
        await killed({ atBeginning: true });
        await tablet.seesText('没有保存的草稿');
        await tablet.tap('button', '接着填写');
        await shows('客户名称', '长江酒店');
        assert.equal(await typed('画像：特征'), '第一行\n第二行');
        await tablet.tap('button', '保存');
        await tablet.sees('heading', '长江酒店');
        await tablet.saved();
        await tablet.reload();
        await goTo('today');
        await tablet.sees('heading', '今天');
        assert.ok(!(await tablet.outline()).includes('没有保存的草稿'));
        await goTo('form/customer');
        await shows('客户名称', '');
    });

    test('typed, and the page loaded anew in that moment, a saving still under way', { timeout: 180_000 }, async () => {
        let number = 0;
        for (const waits of [0, 0, 60, 150]) {
            await goTo('form/product');
            await tablet.type('产品/服务名称', `话梅 ${++number}`);
            const field = tablet.field('规格').first();
            await field.focus();
            await tablet.page.keyboard.insertText(`40g*${number}`);
            await tablet.page.waitForTimeout(waits);
            await tablet.reload();
            await shows('规格', `40g*${number}`);
            assert.equal(await typed('产品/服务名称'), `话梅 ${number}`);
            await discard();
        }
        await tablet.saved();
        assert.equal(await tablet.page.evaluate(() => localStorage.getItem('kehubu.setting.drafts') ?? ''), '');
    });

    test('an old draft stays where it is, and what is typed now comes back', { timeout: 180_000 }, async () => {
        await goTo('form/contact');
        await tablet.type('姓名', '先写的人');
        await tablet.tap('button', '返回');
        await tablet.tap('button', '存为草稿并离开');
        await goTo('form/contact');
        await tablet.seesText('您有一份没有保存的草稿');
        await tablet.type('姓名', '后写的人');
        await killed();
        await shows('姓名', '后写的人');
        await goTo('today');
        await tablet.tap('button', '存为草稿并离开');
        await tablet.seesText('先写的人');
        await tablet.seesText('后写的人');
        for (let left = 2; left > 0; left--) {
            await tablet.tap('button', '丢弃草稿');
            await tablet.page.waitForFunction((count) => [...document.querySelectorAll('#mirror [aria-label="丢弃草稿"]')].length < count, left);
        }
        await killed();
        await tablet.sees('heading', '今天');
        assert.ok(!(await tablet.outline()).includes('写的人'));
    });

    test('a contract with its lines, one of which cannot be read yet: killed', { timeout: 180_000 }, async () => {
        await goTo('form/contract');
        await tablet.type('合同名称', '年度供货');
        await tablet.choose('产品/服务名称', '五香葵花籽');
        await tablet.type('数量', '12');
        await tablet.type('单价', '十二块');
        await killed();
        await shows('合同名称', '年度供货');
        await shows('数量', '12');
        await shows('单价', '十二块');
        await discard();
    });

    test('a visit: a tab that crashes', { timeout: 180_000 }, async () => {
        await goTo('visit/interaction');
        await tablet.tap('button', '博海餐饮');
        await tablet.type('一句话记下来', '谈妥下月试销，先送两箱');
        await kept();
        const crashed = tablet.page;
        const address = await crashed.evaluate(() => location.href);
        tablet.page = await tablet.context.newPage();
        const session = await tablet.context.newCDPSession(crashed);
        session.send('Page.crash').catch(() => {});
        await new Promise((resume) => { crashed.once('crash', resume); });
        await tablet.page.goto(address);
        await tablet.ready();
        await shows('一句话记下来', '谈妥下月试销，先送两箱');
        await crashed.close().catch(() => {});
        await discard();
    });

    test('an import that is being looked over: its file and what was decided about a column', { timeout: 180_000 }, async () => {
        const table = join(files, '名单.csv');
        await writeFile(table, '单位,谁,说明\n珠江酒楼,张三,老客户\n');
        await goTo('import/customer');
        await tablet.giveFile(() => tablet.tap('button', '选择表格文件'), table);
        await tablet.sees('button', /^导入 1/);
        await tablet.page.waitForTimeout(500);  // what was found out about the file has moved what stands below it
        await tablet.choose('说明', '不导入');
        await killed();
        await tablet.seesText('名单.csv');
        await tablet.waitFor(tablet.find('combobox', '说明').filter({ hasText: '不导入' }));
        await tablet.tap('button', /^导入 1/);
        await tablet.saved();
        await reloaded();
        await goTo('today');
        await tablet.sees('heading', '今天');
        assert.ok(!(await tablet.outline()).includes('没有保存的草稿'));
    });

    test('dialogs: why a deal was lost, a record made in the middle of a form, who one is; killed in each', { timeout: 180_000 }, async () => {
        await section(tablet, '机会');
        await tablet.tap('button', '冬季团伴手礼');
        await tablet.tap('button', '流失');
        await tablet.type('流失原因分析', '对手低两成');
        await killed();
        await tablet.sees('dialog', '这单没成');
        await shows('流失原因分析', '对手低两成');
        await tablet.tap('button', '取消');
        await tablet.tap('button', '放弃填写');
        await tablet.seesNot('dialog', '这单没成');

        await goTo('form/contact');
        await tablet.type('联系人姓名', '赵钱');
        await tablet.choose('单位名称', '新建客户');
        await tablet.type('客户名称', '半途而废公司');
        await killed();
        await tablet.sees('dialog', '新建客户');
        await shows('客户名称', '半途而废公司');
        await tablet.tapOn(tablet.find('dialog', '新建客户').getByRole('button', { name: '保存' }));
        await tablet.seesNot('dialog', '新建客户');
        await killed();
        await shows('联系人姓名', '赵钱');
        await tablet.waitFor(tablet.find('combobox', '单位名称').filter({ hasText: '半途而废公司' }));
        await discard();

        await goTo('identity');
        await tablet.type('设备名称', '备用平板');
        await killed();
        await shows('设备名称', '备用平板');
        await tablet.tap('button', '保存');
        await reloaded();
        await goTo('today');
        await tablet.sees('heading', '今天');
        assert.ok(!(await tablet.outline()).includes('没有保存的草稿'));
    });

    test('a bundle that left is in the history, although the browser dies in the moment in which it leaves', { timeout: 180_000 }, async () => {
        await fingerprint(tablet);
        // Nothing that is written after the file has left reaches the disk.
        await tablet.page.evaluate(() => {
            const { click } = HTMLAnchorElement.prototype;
            const { transaction } = IDBDatabase.prototype;
            let left = false;
            HTMLAnchorElement.prototype.click = function () { left = left || !!this.download; click.call(this); };
            IDBDatabase.prototype.transaction = function (stores, mode, options) {
                return transaction.call(this, stores, left ? 'readonly' : mode, options);
            };
        });
        await tablet.tap('button', '全部内容');
        const [download] = await Promise.all([tablet.page.waitForEvent('download'), tablet.tap('button', '生成并发出')]);
        const name = download.suggestedFilename();
        const { folder } = tablet;
        await tablet.kill();
        tablet = await openTablet({ site, folder, route: 'sync' });
        await tablet.seesText(name);
    });
});

describe('a graphics context that is lost', () => {
    let site;
    let tablet;
    before(async () => {
        site = await startSite();
        tablet = await openTablet({ site, size: sizes.phone });
        await startEmpty(tablet, person);
        await tablet.saved();
    });
    after(async () => {
        await tablet?.remove();
        await site?.close();
    });
    const lose = () => tablet.page.evaluate(() => {
        globalThis.losing ??= document.getElementById('canvas').getContext('webgl2').getExtension('WEBGL_lose_context');
        losing.loseContext();
    });
    const giveBack = () => tablet.page.evaluate(() => losing.restoreContext());
    const words = () => tablet.page.getByText('画面暂时中断，正在恢复');
    const visibleFields = () => tablet.page.evaluate(() => [...document.querySelectorAll('#mirror input, #mirror textarea')]
        .filter((field) => getComputedStyle(field).visibility !== 'hidden').length);
    // Two pictures that should be one; both are left to be looked at when they are not. A letter that lies elsewhere in the texture is
    // rounded otherwise by a step or two of 255, which nobody sees.
    const picture = async () => {
        await tablet.page.evaluate(() => document.activeElement?.blur?.());
        await tablet.page.waitForTimeout(600);
        return tablet.page.screenshot();
    };
    async function same(before, now, what) {
        const difference = await tablet.page.evaluate(async (pictures) => {
            const [a, b] = await Promise.all(pictures.map(async (picture) => {
                const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0))], { type: 'image/png' }));
                const canvas = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
                canvas.drawImage(bitmap, 0, 0);
                return canvas.getImageData(0, 0, bitmap.width, bitmap.height).data;
            }));
            return a.length === b.length ? a.reduce((most, value, index) => Math.max(most, Math.abs(value - b[index])), 0) : 255;
        }, [before.toString('base64'), now.toString('base64')]);
        if (difference <= 2) return;
        await mkdir('build/test-logs', { recursive: true });
        await writeFile('build/test-logs/context-before.png', before);
        await writeFile('build/test-logs/context-now.png', now);
        assert.fail(`${what}: see build/test-logs/context-before.png and context-now.png`);
    }

    test('says so, leaves no field standing alone, and comes back as it was, with what was typed', { timeout: 180_000 }, async () => {
        await tablet.page.evaluate(() => { location.hash = 'form/customer'; });
        await tablet.type('客户名称', '博海餐饮');
        await tablet.tap('button', '填写更多资料');
        await tablet.type('画像：特征', '龘喆：先送两箱 🍜');
        await tablet.page.waitForTimeout(6000);  // messages have gone
        const before = await picture();
        await tablet.field('画像：特征').first().focus();
        await lose();
        await words().waitFor({ state: 'visible' });
        assert.equal(await visibleFields(), 0);
        await giveBack();
        await words().waitFor({ state: 'hidden' });
        assert.equal(await tablet.field('客户名称').first().inputValue(), '博海餐饮');
        await same(before, await picture(), 'the picture is another one than before');
    });

    test('what happens meanwhile is there afterwards, hanzi never seen before included', { timeout: 180_000 }, async () => {
        await tablet.tap('button', '保存');
        await tablet.sees('heading', '博海餐饮');
        await lose();
        await words().waitFor({ state: 'visible' });
        await tablet.page.evaluate(() => { location.hash = 'settings'; });
        await tablet.waitFor(tablet.page.locator('#mirror [role=heading]').filter({ hasText: '设置' }));
        await giveBack();
        await words().waitFor({ state: 'hidden' });
        await tablet.page.waitForTimeout(6000);
        const restored = await picture();
        await tablet.reload();
        await tablet.sees('heading', '设置');
        await same(restored, await picture(), 'the picture is another one than that of a page loaded anew');
    });

    test('that does not come back offers to load the page again, which loses nothing', { timeout: 180_000 }, async () => {
        await tablet.page.evaluate(() => { location.hash = 'form/contact'; });
        await tablet.type('姓名', '张三');
        await lose();
        const again = tablet.page.getByRole('button', { name: '重新载入' });
        await again.waitFor({ state: 'visible' });
        await Promise.all([tablet.page.waitForEvent('load'), again.click()]);
        await tablet.ready();
        await tablet.sees('textbox', '姓名');
        assert.equal(await tablet.field('姓名').first().inputValue(), '张三');
        assert.deepEqual(tablet.complaints.filter((complaint) => !/context/i.test(complaint)), []);
    });
});
