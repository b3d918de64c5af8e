// How the page feels in a real browser: dragging with a mouse and with a finger, the long press, the right click, and a system
// that forces its own colours.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { openTablet, sizes, startSite } from './driver.mjs';
import { openCustomer, section } from './steps.mjs';

describe('hands and eyes', () => {
    const toClean = [];
    after(async () => { for (const clean of toClean.reverse()) await clean(); });
    async function open(options = {}) {
        const site = await startSite();
        toClean.push(() => site.close());
        const tablet = await openTablet({ ...options, site });
        toClean.push(() => tablet.remove());
        await tablet.tap('button', '带示例数据');
        await tablet.sees('link', '客户');
        await tablet.saved();
        return tablet;
    }
    const card = (tablet, topic) => tablet.placeOf(tablet.find('button', topic).first());
    const column = (tablet, stage) => tablet.placeOf(tablet.page.locator('#mirror').getByRole('group', { name: stage, exact: true }));

    test('a card of the board is dragged, with a mouse and with a finger that rests first', { timeout: 180_000 }, async () => {
        const tablet = await open();
        await section(tablet, '机会');
        const { mouse } = tablet.page;
        const from = await card(tablet, '直播间瓜子专场');
        const to = await column(tablet, '交易谈判');
        await mouse.move(from.x, from.y);
        await mouse.down();
        for (let step = 1; step <= 8; ++step) await mouse.move(from.x + (to.x - from.x) * step / 8, from.y + (to.y - from.y) * step / 8);
        await mouse.up();
        await tablet.sees('heading', '交易谈判 · 3 单');

        await tablet.hold(await card(tablet, '直播间瓜子专场'), await column(tablet, '合同签约'));
        await tablet.sees('heading', '合同签约 · 3 单');
        assert.deepEqual(tablet.complaints, []);
    });

    test('a long press, a right click and the menu key open the menu of a row', { timeout: 180_000 }, async () => {
        const tablet = await open();
        await section(tablet, '客户');
        await tablet.type('搜索客户', '博海');
        const row = tablet.find('row', '博海餐饮');
        await tablet.hold(await tablet.placeOf(row));
        await tablet.sees('menuitem', '记录拜访');
        await tablet.press('Escape');
        await tablet.seesNot('menuitem', '记录拜访');

        const { x, y } = await tablet.placeOf(row);
        await tablet.page.mouse.click(x, y, { button: 'right' });
        await tablet.sees('menuitem', '记录拜访');
        await tablet.press('Escape');
        await tablet.seesNot('menuitem', '记录拜访');

        await row.first().focus();
        await tablet.press('Shift+F10');
        await tablet.sees('menuitem', '记录拜访');
        assert.deepEqual(tablet.complaints, []);
    });

    test('forced colours show every word once, in a theme of high contrast', { timeout: 180_000 }, async () => {
        for (const dark of [false, true]) {
            const tablet = await open({ forcedColors: 'active', dark, size: sizes.landscape });
            await openCustomer(tablet, '博海餐饮');
            await tablet.page.waitForTimeout(7000);  // the toast has gone
            const withMirror = await tablet.page.screenshot();
            await tablet.page.evaluate(() => { document.getElementById('mirror').style.opacity = '0'; });
            const without = await tablet.page.screenshot();
            assert.ok(withMirror.equals(without), 'the mirror can be seen over the canvas');
            const page = await tablet.page.evaluate(() => document.documentElement.style.getPropertyValue('--page').trim());
            assert.match(page, dark ? /^#000000/i : /^#ffffff/i);
            assert.deepEqual(tablet.complaints, []);
        }
    });
});
