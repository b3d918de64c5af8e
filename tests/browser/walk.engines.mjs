// The walk over everything in Firefox and in WebKit: `tests/run.sh walk`. Nobody's finger asks for files there, so no picker is
// opened; what is handed over is taken from the page and read all the same.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startSite } from './driver.mjs';
import { engines } from './engines.mjs';
import { Walker, allAddresses, drawsNothing, mayDoNothing } from './walker.mjs';

const begin = `
    for (let tries = 0; tries < 1200; tries++) {
        const named = (role, words) => [...document.querySelectorAll('#mirror [role=' + role + ']')].find((element) => words.test(element.getAttribute('aria-label') ?? ''));
        if (named('navigation', /./) || document.querySelector('#mirror [role=link]')) return;
        named('button', /^(带示例数据|With sample data)/)?.click();
        await new Promise((resume) => setTimeout(resume, 100));
    }
    throw new Error('the first page did not come');`;

for (const { name, start, missing } of engines) {
    describe(`a walk over everything in ${name}`, { skip: missing }, () => {
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

        test('sample data', { timeout: 3_600_000 }, async () => {
            const tab = await browser.openTab(site.url);
            await tab.run(begin);
            const run = (body) => tab.run(body).catch(async (error) => {
                if (!/context|navigat|destroyed|unload|collected|detached/i.test(error.message)) throw error;
                await new Promise((resume) => setTimeout(resume, 5000));  // a press has loaded the page again
                return undefined;
            });
            await tab.run(`(${drawsNothing})();`);
            const walker = new Walker(run, { log: process.env.KEHUBU_WALK_TRACE ? console.log : undefined, mayDoNothing });
            await walker.walk(allAddresses);
            await walker.destroy();
            console.log(`# ${walker.presses} presses on ${walker.pages.size} kinds of page, ${walker.files.length} files`);
            assert.deepEqual(walker.findings, []);
            await tab.close();
        });
    });
}
