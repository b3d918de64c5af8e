// The browser's Back, and Android's: each press leads to another page, whatever the page's own Back was used for before.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { openTablet, startSite } from './driver.mjs';
import { section } from './steps.mjs';

describe('the browser\'s history', () => {
    let site;
    let tablet;
    before(async () => {
        site = await startSite();
        tablet = await openTablet({ site });
        await tablet.tap('button', '带示例数据');
        await tablet.sees('link', '客户');
        await tablet.saved();
    });
    after(async () => {
        await tablet?.remove();
        await site?.close();
    });

    const address = () => tablet.page.evaluate(() => location.hash.slice(1));
    // The page goes through the history by itself, too, which takes its time: an address is waited for.
    const isAt = (part) => tablet.explained(tablet.page.waitForFunction((wanted) => location.hash.slice(1).startsWith(wanted), part), `the address was to begin with "${part}"`);
    const browser = (steps) => tablet.page.evaluate((count) => history.go(count), steps);
    const isOnRecord = async () => {
        await tablet.sees('button', '记录拜访');
        await isAt('record/customer');
    };
    const isOnList = async () => {
        await tablet.sees('button', '新建客户');
        await isAt('list/customer');
    };
    const isOnToday = async () => {
        await tablet.sees('heading', '今天');
        await isAt('today');
    };
    async function intoRecord() {
        await tablet.tap('row', '博海餐饮');
        await isOnRecord();
    }
    async function pageBack() {
        await tablet.tap('button', '返回');
        await isOnList();
    }
    beforeEach(async () => {
        await section(tablet, '今天');
        await isOnToday();
        await section(tablet, '客户');
        await isOnList();
    });

    test('five times into a record and back by the page, then one press leads on', { timeout: 180_000 }, async () => {
        for (let times = 0; times < 5; ++times) {
            await intoRecord();
            await pageBack();
        }
        await browser(-1);
        await isOnToday();
        await browser(1);
        await isOnList();
    });

    test('after a form was saved, the page loaded anew in between, and the section pressed again', { timeout: 180_000 }, async () => {
        await intoRecord();
        await tablet.tap('button', '编辑');
        await tablet.type('邮编', '510620');
        await tablet.tap('button', '保存');
        await isOnRecord();
        await tablet.saved();
        await tablet.reload();
        await isOnRecord();
        await pageBack();
        await section(tablet, '客户');
        await isOnList();
        await intoRecord();
        await tablet.reload();
        await isOnRecord();
        await browser(-1);
        await isOnList();
        await browser(-1);
        await isOnToday();
    });

    test('the question before unsaved work: who stays has the history as it was, who leaves is one page back', { timeout: 180_000 }, async () => {
        await intoRecord();
        await tablet.tap('button', '编辑');
        await tablet.type('邮编', '510621');
        const form = await address();
        await browser(-1);
        await tablet.tap('button', '继续填写');
        await isAt(form);
        assert.equal(await tablet.field('邮编').first().inputValue(), '510621');
        await browser(-1);
        await tablet.tap('button', '放弃填写');
        await isOnRecord();
        await browser(1);
        await isAt(form);
        await tablet.sees('textbox', '邮编');
        await browser(-1);
        await isOnRecord();
        await browser(-1);
        await isOnList();
        await browser(-1);
        await isOnToday();
    });

    test('Back and Forward pressed faster than the page draws end where the browser ends', { timeout: 180_000 }, async () => {
        await intoRecord();
        await tablet.page.evaluate(() => { history.back(); history.back(); });
        await isOnToday();
        await tablet.page.evaluate(() => { history.forward(); });
        await isOnList();
        await intoRecord();
        await browser(-1);
        await isOnList();
    });

    // Nothing of the page lies beneath its first entry: what stands over it makes one, for as long as it stands.
    test('on the very first page Back closes what stands over it, and only then leaves the site', { timeout: 180_000 }, async () => {
        const elsewhere = async () => { await tablet.explained(tablet.page.waitForURL('about:blank'), 'Back was to leave the site'); };
        const palette = tablet.page.locator('#mirror').getByRole('dialog');
        await tablet.page.goto('about:blank');
        await tablet.goTo('');
        await isOnToday();
        const entries = await tablet.page.evaluate(() => history.length);
        for (let times = 0; times < 2; ++times) {
            await tablet.press('Control+K');
            await tablet.waitFor(palette);
            await browser(-1);
            await tablet.waitFor(palette, 'detached');
            await isOnToday();
        }
        await tablet.press('Control+K');
        await tablet.waitFor(palette);
        await tablet.press('Escape');
        await tablet.waitFor(palette, 'detached');
        assert.ok(await tablet.page.evaluate(() => history.length) <= entries + 1);
        await browser(-1);
        await elsewhere();
        await tablet.page.goForward();
        await tablet.ready();
        // What is chosen there leads on, and back.
        await isOnToday();
        await tablet.press('Control+K');
        await tablet.waitFor(palette);
        await tablet.tap('option', /^客户/);
        await isOnList();
        await browser(-1);
        await isOnToday();
        await browser(-1);
        await elsewhere();
    });
});
