// P2, P3, P4 and P14 in the page itself, in Chromium, with 10,000 customers and the network off.
//
// The customers come as a bundle that bench_lists writes, through the door that a person would take: the welcome page's "from a bundle".
import { existsSync, mkdirSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { median, quantile } from '../lib/measure.mjs';
import { nativeProgram } from '../lib/programs.mjs';

const listRoute = 'list/customer';
const customersOf40MiB = 50000; // bench_lists --write-bundle says how large the database is
const firstRowSeen = () => {
    // The mirror is filled in the frame that draws the list, so its first rows are the moment from which a person can use it.
    const look = () => {
        if (globalThis.benchUsableAt === undefined && document.querySelectorAll('#mirror [role=row], #mirror [role=listitem]').length >= 5) globalThis.benchUsableAt = performance.now();
    };
    new MutationObserver(look).observe(document, { subtree: true, childList: true });
};

function writeBundle(root, folder, customers) {
    const path = join(folder, `customers-${customers}.json`);
    if (!existsSync(path)) {
        mkdirSync(folder, { recursive: true });
        execFileSync(nativeProgram(root, 'bench_lists'), ['--customers', String(customers), '--write-bundle', path], { cwd: root });
    }
    return path;
}

async function startFromBundle(tablet, bundle) {
    await tablet.giveFile(() => tablet.tap('button', '从同步包开始'), bundle);
    await tablet.choose('这台设备归谁用', '王敏');
    await tablet.tap('button', '开始使用');
    await tablet.saved();
    // Offline use begins when the service worker has everything.
    await tablet.page.evaluate(async () => {
        await navigator.serviceWorker.ready;
        while (!navigator.serviceWorker.controller) await new Promise((later) => { setTimeout(later, 50); });
    });
}

async function warmStart(context, url) {
    const page = await context.newPage();
    await page.addInitScript(firstRowSeen);
    await page.goto(`${url}#${listRoute}`);
    await page.waitForFunction(() => globalThis.benchUsableAt !== undefined);
    return { page, usable_ms: await page.evaluate(() => globalThis.benchUsableAt) };
}

// Frames that nobody asked for.
async function idleFrames(page, seconds) {
    await page.waitForTimeout(3000); // what moves comes to rest, what saves is saved
    const before = await page.evaluate(() => globalThis.kehubu.frames);
    await page.waitForTimeout(seconds * 1000);
    return (await page.evaluate(() => globalThis.kehubu.frames)) - before;
}

// The app's own time of each frame that `act` causes.
async function frameCosts(page, act) {
    await page.evaluate(() => {
        globalThis.benchFrames = [];
        let seen = globalThis.kehubu.frames;
        const look = () => {
            if (globalThis.kehubu.frames !== seen) { seen = globalThis.kehubu.frames; globalThis.benchFrames.push(globalThis.kehubu.frameMicroseconds / 1000); }
            if (globalThis.benchFrames) requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
    });
    await act();
    await page.waitForTimeout(300);
    return page.evaluate(() => { const costs = globalThis.benchFrames; globalThis.benchFrames = null; return costs; });
}

async function scrollCosts(page) {
    await page.mouse.move(600, 500);
    return frameCosts(page, async () => {
        for (let step = 0; step < 60; step++) { await page.mouse.wheel(0, 900); await page.waitForTimeout(30); }
    });
}

async function keystrokeCosts(page) {
    const field = page.locator('#mirror input[type=search], #mirror [role=searchbox]').first();
    await field.focus();
    const worst = [];
    for (const text of ['海', '博海', 'b', 'bh', 'bohai', '1385']) {
        const costs = await frameCosts(page, async () => { await page.keyboard.press('Control+A'); await page.keyboard.insertText(text); });
        if (costs.length) worst.push(Math.max(...costs));
    }
    return worst;
}

// Opens a device of so many customers, cuts the network, and gives `use` the context and how long each start took.
async function withWarmPage({ root, cacheFolder, customers, starts, say }, use) {
    const { openTablet, startSite } = await import('../../browser/driver.mjs');
    const bundle = writeBundle(root, cacheFolder, customers);
    const server = await startSite();
    const tablet = await openTablet({ site: server });
    try {
        say(`the page takes ${customers} customers`);
        await startFromBundle(tablet, bundle);
        await tablet.page.close();
        await server.close(); // no network at all, and not only a browser that is told so
        const taken = [];
        let page;
        // The first start after an installation compiles the program for the browser's cache; it is not a warm one.
        for (let run = 0; run <= starts; run++) {
            await page?.close();
            let usable_ms;
            ({ page, usable_ms } = await warmStart(tablet.context, server.url));
            say(`${run === 0 ? 'first' : 'warm'} start with ${customers} customers: ${Math.round(usable_ms)} ms`);
            if (run > 0) taken.push(usable_ms);
        }
        await use(page, taken);
    } finally {
        await tablet.remove();
        await server.close().catch(() => {});
    }
}

export async function measurePage({ table, root, site, cacheFolder, runs, scale, say }) {
    if (!existsSync(join(site, 'kehubu.wasm'))) return say('There is no page in dist/ yet: P2, P3 and P4 have no figures.');
    const customers = scale === 'tiny' ? 500 : 10000;
    const common = { root, cacheFolder, starts: Math.max(runs, 2), say };
    const add = (goal, what, unit, values, target, note) => table.add({ goal, what, who: 'Kehubu, page', unit, value: median(values), low: Math.min(...values),
        high: Math.max(...values), runs: values.length, target, note });
    const count = customers.toLocaleString('en');
    await withWarmPage({ ...common, customers }, async (page, starts) => {
        add('P2', `warm start to a usable list, ${count} customers`, 'milliseconds', starts, '≤ 500 ms', 'network off, Chromium without a graphics card');
        add('P4', 'frames in 10 idle seconds', 'count', [await idleFrames(page, 10)], '0', '');
        const scroll = await scrollCosts(page);
        if (scroll.length) add('P3', `frame while ${count} rows scroll, p95 of ${scroll.length} frames`, 'milliseconds', [quantile(scroll, 0.95)], '≤ 2 ms', `median ${median(scroll).toFixed(2)} ms; reads rows and rasterises new letters too`);
        const typed = await keystrokeCosts(page);
        if (typed.length) add('P14', `search keystroke over ${count}, whole frame, slowest`, 'milliseconds', [Math.max(...typed)], '', `median ${median(typed).toFixed(2)} ms`);
    });
    if (scale === 'tiny') return;
    await withWarmPage({ ...common, customers: customersOf40MiB }, (page, starts) => add('P2',
        `the same, ${customersOf40MiB.toLocaleString('en')} customers, database of 40 MiB`, 'milliseconds', starts, '≤ 0.9 s', ''));
}
