// What a tablet goes through in the field: no network, a browser that is closed, an input method, a second tab.
import assert from 'node:assert/strict';
import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { openTablet, removeFolder, sizes, startSite } from './driver.mjs';
import { addCustomer, addFirstCustomerInEnglish, addProduct, openCustomer, section, startEmpty } from './steps.mjs';

const person = { name: '王敏', code: 'R07', role: '销售代表', company: '南粤食品' };

describe('the page', () => {
    const toClean = [];
    after(async () => { for (const clean of toClean.reverse()) await clean(); });
    async function open(options = {}) {
        const site = options.site ?? await startSite();
        if (!options.site) toClean.push(() => site.close());
        const tablet = await openTablet({ ...options, site });
        toClean.push(() => tablet.remove());
        return tablet;
    }

    test('after the first visit it needs no server: edits, a reload, a new browser', { timeout: 120_000 }, async () => {
        let tablet = await open();
        await startEmpty(tablet, person);
        await tablet.page.evaluate(() => navigator.serviceWorker.ready);
        await tablet.page.waitForFunction(() => navigator.serviceWorker.controller !== null);
        await tablet.site.close();
        await tablet.setOffline(true);

        await addCustomer(tablet, '博海餐饮');
        await tablet.reload();
        await openCustomer(tablet, '博海餐饮');
        await addCustomer(tablet, '长江酒店');
        const { folder, site } = tablet;
        await tablet.close();

        tablet = await open({ folder, site });
        await openCustomer(tablet, '博海餐饮');
        await openCustomer(tablet, '长江酒店');
        assert.deepEqual(tablet.complaints, []);
    });

    test('pinyin is composed in a name, and nothing half composed is kept', { timeout: 120_000 }, async () => {
        const tablet = await open();
        await startEmpty(tablet, person);
        await section(tablet, '客户');
        await tablet.tap('button', '新建客户');
        await tablet.compose('客户名称', 'bohai', '博海');
        // Backwards and anew, in the middle of a composition.
        await tablet.compose('客户名称', "can'yin", '餐饮', { keep: true });
        assert.equal(await tablet.field('客户名称').first().inputValue(), '博海餐饮');
        await tablet.tap('button', '保存');
        await tablet.sees('heading', '博海餐饮');
        await tablet.saved();
        await tablet.waitFor(tablet.page.locator('#mirror > [role=status]').filter({ hasText: '：博海餐饮' }), 'detached');  // the toast goes by itself

        await section(tablet, '客户');
        // A search composes as well: letters on the way search nothing, what stands in the end does.
        await tablet.compose('搜索客户', 'bohai', '博海');
        await tablet.sees('row', '博海餐饮');
        // And plain letters find it by its initials.
        await tablet.type('搜索客户', 'bhcy');
        await tablet.sees('row', '博海餐饮');
        await tablet.type('搜索客户', 'zzzz');
        await tablet.seesNot('row', '博海餐饮');
        assert.deepEqual(tablet.complaints, []);
    });

    test('a tap is one tap: nothing that it opens takes it for a second one', { timeout: 120_000 }, async () => {
        const tablet = await open();
        await startEmpty(tablet, person);
        await section(tablet, '客户');
        await tablet.tap('button', '新建客户');
        await tablet.tap('combobox', '所属行业');
        await tablet.sees('option', '食品饮料');
        // The list lies over the field below it, which comes to light under the finger and must not get the focus.
        const place = await tablet.page.evaluate(() => {
            const box = (selector) => document.querySelector(`#mirror ${selector}`).getBoundingClientRect();
            const [option, field] = [box('[role=option]'), box('input[aria-label="电话"]')];
            return option.top < field.bottom - 4 && option.bottom > field.bottom ? [option.left + 80, (option.top + field.bottom) / 2] : null;
        });
        assert.ok(place, 'the list does not lie over the field');
        await tablet.page.touchscreen.tap(...place);
        await tablet.seesNot('option');
        await tablet.page.waitForTimeout(600);
        assert.equal(await tablet.page.evaluate(() => document.activeElement.ariaLabel), null);
    });

    test('a number that is tapped is replaced by what is typed', { timeout: 120_000 }, async () => {
        const tablet = await open();
        await startEmpty(tablet, person);
        await addProduct(tablet, { name: '五香瓜子', code: 'GZ-001', price: '128.00' });
        await addCustomer(tablet, '博海餐饮');
        await tablet.tap('button', '新建合同');
        await tablet.choose('产品/服务名称', '五香瓜子');
        await tablet.page.waitForFunction(() => document.querySelector('#mirror input[aria-label$="数量"]')?.value === '1');
        await tablet.tap('textbox', '数量');
        await tablet.page.waitForFunction(() => document.activeElement.getAttribute('aria-label')?.endsWith('数量'));
        await tablet.page.keyboard.type('12');
        await tablet.page.waitForTimeout(300);
        assert.equal(await tablet.field('数量').first().inputValue(), '12');
    });

    test('rare characters, emoji and Latin letters live in one name', { timeout: 120_000 }, async () => {
        const name = '龘喆𬭛 🍜 Café №1';
        const tablet = await open({ size: sizes.portrait });
        await startEmpty(tablet, person);
        await addCustomer(tablet, name);
        await tablet.reload();
        await openCustomer(tablet, name);
        assert.deepEqual(tablet.complaints, []);
    });

    test('two tabs: the second is told, takes over, and the first says that it no longer saves', { timeout: 120_000 }, async () => {
        const first = await open();
        await startEmpty(first, person);
        await addCustomer(first, '博海餐饮');
        const second = await first.openTab();
        await second.seesText('客户簿已在另一个页面打开');
        await second.tap('button', '在这里接管');
        await openCustomer(second, '博海餐饮');
        await addCustomer(second, '长江酒店');
        await first.bringToFront();
        await first.seesText('另一个标签页已接管');
        await first.reload();
        await first.seesText('客户簿已在另一个页面打开');
        await first.tap('button', '在这里接管');
        await openCustomer(first, '长江酒店');
    });

    test('a phone and English do the same', { timeout: 120_000 }, async () => {
        const tablet = await open({ size: sizes.phone, language: 'en-US' });
        await addFirstCustomerInEnglish(tablet, 'Yangtze Hotel');
        await tablet.reload();
        await tablet.sees('heading', 'Yangtze Hotel');
        await tablet.tap('button', 'Record a visit');
        await tablet.type('Name of the contact', 'Anna Li');
        await tablet.type('In one sentence', 'Wants samples next week');
        await tablet.tap('button', 'Save');
        await tablet.tap('button', 'Not now');
        await tablet.seesText('Wants samples next week');
        await tablet.saved();
        assert.deepEqual(tablet.complaints, []);
    });

    test('a file that is larger than the memory, or unpacks to that, is refused in a sentence, and the page lives', { timeout: 180_000 }, async () => {
        const tablet = await open();
        await startEmpty(tablet, person);
        await addCustomer(tablet, '博海餐饮');
        await section(tablet, '同步');
        const [film, blanks] = ['film.mp4', 'blanks.json.gz'].map((name) => join(tablet.folder, name));
        await writeFile(film, '');
        await truncate(film, 240 * 1024 * 1024);
        await writeFile(blanks, gzipSync(Buffer.alloc(220 * 1024 * 1024, ' ')));
        await tablet.giveFile(() => tablet.tap('button', '选择文件'), film);
        await tablet.seesText('文件“film.mp4”太大，没有读取');
        await tablet.giveFile(() => tablet.tap('button', '选择文件'), blanks);
        await tablet.seesText('压缩文件展开后太大，没有读取');
        await openCustomer(tablet, '博海餐饮');
        await tablet.saved();
        assert.deepEqual(tablet.complaints, []);
    });
});
