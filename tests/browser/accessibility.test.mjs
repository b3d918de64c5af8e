// axe-core over what screen readers get of every page: the semantic mirror. What axe has to see for itself, such as contrast,
// is drawn on the canvas and asserted from the tokens (theme_test.cpp).
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openTablet, sizes, startSite } from './driver.mjs';

const axe = await readFile(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

describe('a screen reader', () => {
    let site;
    before(async () => { site = await startSite(); });
    after(() => site?.close());

    // Violations in words.
    async function look(tablet, where) {
        await tablet.page.waitForTimeout(300);
        const found = await tablet.page.evaluate(async () => {
            const { violations } = await globalThis.axe.run(document, { resultTypes: ['violations'] });
            return violations.flatMap(({ id, help, nodes }) => nodes.map(({ html, failureSummary }) => `${id} (${help}): ${html.slice(0, 200)}\n    ${failureSummary.replaceAll('\n', '\n    ')}`));
        });
        return found.map((violation) => `On ${where}: ${violation}`);
    }

    async function everyPage({ size, language, words }) {
        const tablet = await openTablet({ site, size, language });
        const found = [];
        const examine = async (where) => found.push(...await look(tablet, where));
        try {
            await tablet.sees('button', words.sample);
            await tablet.page.evaluate(axe);
            await examine('the first run');
            await tablet.tap('button', words.empty);
            await tablet.sees('textbox', words.yourName);
            await tablet.tap('button', words.begin, { exact: true });
            await examine('the first run with nothing filled in');
            await tablet.reload();
            await tablet.page.evaluate(axe);
            await tablet.tap('button', words.sample);
            await tablet.sees('link', words.customers);
            await tablet.saved();
            for (const route of ['today', 'list/customer', 'list/contact', 'list/interaction', 'opportunities', 'list/contract', 'list/product', 'sync', 'conflicts',
                'import/customer', 'settings', 'identity', 'lists', 'more', 'form/customer', 'form/opportunity', 'form/contract', 'visit/interaction', 'list/employee']) {
                await tablet.page.evaluate((hash) => { location.hash = hash; }, route);
                await tablet.sees('main');
                await examine(route);
            }
            await tablet.goTo('list/customer');
            await tablet.page.evaluate(axe);
            await tablet.tapOn(tablet.page.locator('#mirror [role=grid] [role=row]').nth(1).or(tablet.page.locator('#mirror [role=list] [role=button]').first()));
            await tablet.sees('tab');
            const tabs = await tablet.find('tab').count();
            for (let index = 0; index < tabs; ++index) {
                await tablet.tapOn(tablet.find('tab').nth(index));
                await examine(`the customer's tab ${index + 1}`);
            }
            await tablet.goTo('form/customer');
            await tablet.page.evaluate(axe);
            await tablet.sees('combobox');
            await tablet.tapOn(tablet.find('combobox'));
            await tablet.sees('option');
            await examine("a customer's form with an open list");
            assert.equal(found.join('\n'), '');
            assert.deepEqual(tablet.complaints, []);
        } finally {
            await tablet.remove();
        }
    }

    test('finds nothing wrong on a tablet in Chinese', { timeout: 180_000 }, () => everyPage({
        size: sizes.landscape, language: 'zh-CN',
        words: { sample: '带示例数据', empty: '从空白开始', yourName: '姓名', begin: '开始使用', customers: '客户' } }));
    test('finds nothing wrong on a phone in English', { timeout: 180_000 }, () => everyPage({
        size: sizes.phone, language: 'en-US',
        words: { sample: 'With sample data', empty: 'Start empty', yourName: 'Your name', begin: 'Start', customers: 'Customers' } }));
});
