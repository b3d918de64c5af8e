// The page in Firefox and in WebKit: it starts, a customer is saved, and is there again.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startSite } from './driver.mjs';
import { engines } from './engines.mjs';
import { addFirstCustomerInEnglish } from './steps.mjs';

const patienceMs = 30_000;

// Finds by role and name in the semantic mirror and presses real keys and buttons, as driver.mjs does in Chromium.
class Hand {
    constructor(tab) { this.tab = tab; }

    // The middle of a visible thing whose role and name match; waits for it.
    async placeOf(role, name) {
        const place = await this.tab.run(`
            const roles = { textbox: '#mirror input, #mirror textarea' };
            const find = () => [...document.querySelectorAll(roles[${JSON.stringify(role)}] ?? '#mirror [role=${role}]')]
                .find((element) => (element.getAttribute('aria-label') ?? element.textContent).startsWith(${JSON.stringify(name)}));
            for (const end = Date.now() + ${patienceMs}; Date.now() < end; await new Promise((resume) => setTimeout(resume, 50))) {
                const box = find()?.getBoundingClientRect();
                if (box && box.width > 0) return [box.left + box.width / 2, box.top + box.height / 2];
            }
            return null;`);
        if (place === null) assert.fail(`there is no ${role} "${name}"; the page shows ${await this.outline()}`);
        return place;
    }
    outline() {
        return this.tab.run("return [...document.querySelectorAll('#mirror *')].map((element) => `${element.getAttribute('role') ?? element.tagName} ${element.getAttribute('aria-label') ?? element.textContent}`).join('; ');");
    }
    sees(role, name) { return this.placeOf(role, name); }
    async tap(role, name) { await this.tab.click(...await this.placeOf(role, name)); }
    async type(name, text) {
        await this.tap('textbox', name);
        await this.tab.run(`for (let tries = 0; tries < 100 && !document.activeElement?.getAttribute('aria-label')?.startsWith(${JSON.stringify(name)}); tries++) await new Promise((resume) => setTimeout(resume, 20));`);
        await this.tab.type(text);
    }
    async choose(name, entry) {
        await this.tap('combobox', name);
        await this.tap('option', entry);
    }
    saved() { return this.sees('status', 'Saved'); }
}

for (const { name, start, missing } of engines) {
    describe(`the page in ${name}`, { skip: missing }, () => {
        let site;
        let browser;
        before(async () => {
            site = await startSite();
            browser = await start();
        });
        after(async () => {
            await browser?.close();
            await site?.close();
        });

        test('starts, saves a customer, and shows it again', { timeout: 180_000 }, async () => {
            const first = new Hand(await browser.openTab(site.url));
            await addFirstCustomerInEnglish(first, 'Yangtze Hotel 龘喆');
            await first.tab.close();
            if (browser.persistent) await browser.restart();

            const second = new Hand(await browser.openTab(site.url));
            await second.tap('link', 'Customers');
            await second.tap('textbox', 'Search');
            await second.tab.type('yangtze');
            await second.sees('status', '1 found');
            assert.match(await second.outline(), /(row|button) Yangtze Hotel 龘喆/);
            await second.tab.close();
        });
    });
}
