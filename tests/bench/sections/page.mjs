// P2, P3, P4 and P14 in the page itself, in Chromium, with 10,000 customers and the network off; P2 and P4 beside others that draw on a canvas.
//
// The customers come as a bundle that bench_lists writes, through the door that a person would take: the welcome page's "from a bundle".
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startServer } from '../../../tools/serve.mjs';
import { openBrowser } from '../lib/browser.mjs';
import { median, quantile } from '../lib/measure.mjs';
import { versionOf } from '../lib/packages.mjs';
import { nativeProgram } from '../lib/programs.mjs';

const listRoute = 'list/customer';
const customersOf40MiB = 50000; // bench_lists --write-bundle says how large the database is, and the table repeats it
const peers = [
    { key: 'jsimgui', who: `jsimgui ${versionOf('@mori2003/jsimgui')}`, note: 'one window with one line; draws without end, as its README does' },
    { key: 'canvaskit', who: `CanvasKit ${versionOf('canvaskit-wasm')}`, note: 'one rectangle' },
    { key: 'rerun', who: `Rerun viewer ${versionOf('@rerun-io/web-viewer')}`, note: 'an empty viewer' },
];
// What a page asked to be called back for, so that an idle one can be told from one that only looks idle.
const countRequests = () => {
    globalThis.benchRequests = { frames: 0, timers: 0 };
    for (const [name, kind] of [['requestAnimationFrame', 'frames'], ['setTimeout', 'timers'], ['setInterval', 'timers'], ['requestIdleCallback', 'timers']]) {
        const original = globalThis[name];
        globalThis[name] = (...parameters) => { globalThis.benchRequests[kind]++; return original.apply(globalThis, parameters); };
    }
};
const firstRowSeen = () => {
    // The mirror is filled in the frame that draws the list, so its first rows are the moment from which a person can use it.
    const look = () => {
        if (globalThis.benchUsableAt === undefined && document.querySelectorAll('#mirror [role=row], #mirror [role=listitem]').length >= 5) globalThis.benchUsableAt = performance.now();
    };
    new MutationObserver(look).observe(document, { subtree: true, childList: true });
};

function writeBundle(root, folder, customers) {
    const path = join(folder, `customers-${customers}.json`);
    const about = `${path}.about`;
    const program = nativeProgram(root, 'bench_lists');
    // Kept as long as the program that wrote it is the same.
    if (!existsSync(about) || statSync(about).mtimeMs < statSync(program).mtimeMs) {
        mkdirSync(folder, { recursive: true });
        writeFileSync(about, execFileSync(program, ['--customers', String(customers), '--write-bundle', path], { cwd: root }));
    }
    return { path, database_mib: JSON.parse(readFileSync(about, 'utf8')).database_mib };
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

// From the start of the navigation to the moment from which a person can use the page; and the main thread's time on a processor until
// then, which does not grow when others share the machine. `scripts` run before the page's own.
async function warmStart(context, address, scripts) {
    const page = await context.newPage();
    for (const script of scripts) await page.addInitScript(script);
    const metrics = await context.newCDPSession(page);
    await metrics.send('Performance.enable', { timeDomain: 'threadTicks' });
    const busy_ms = async () => (await metrics.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration').value * 1000;
    const before = await busy_ms();
    await page.goto(address);
    await page.waitForFunction(() => globalThis.benchUsableAt !== undefined, null, { polling: 50 });
    const processor_ms = (await busy_ms()) - before;
    return { page, processor_ms, usable_ms: await page.evaluate(() => globalThis.benchUsableAt) };
}

// Frames that nobody asked for, and everything else that the page wanted to be woken by.
async function idle(page, seconds) {
    await page.waitForTimeout(3000); // what moves comes to rest, what saves is saved
    const look = () => page.evaluate(() => ({ drawn: globalThis.kehubu?.frames ?? globalThis.benchRequests.frames, ...globalThis.benchRequests }));
    const before = await look();
    await page.waitForTimeout(seconds * 1000);
    const after = await look();
    return { drawn: after.drawn - before.drawn, requested: after.frames - before.frames + after.timers - before.timers };
}

async function peerStarts(peer, server, starts, say) {
    const browser = await openBrowser({ bypassCSP: true }); // theirs need what our server forbids
    try {
        const address = `${server.url}page_peers/index.html?peer=${peer.key}`;
        const taken = [];
        let page;
        for (let run = 0; run <= starts; run++) {
            await page?.close();
            const start = await warmStart(browser.context, address, [countRequests]);
            page = start.page;
            say(`${run === 0 ? 'first' : 'warm'} start of ${peer.who}: ${Math.round(start.usable_ms)} ms`);
            if (run > 0) taken.push(start);
        }
        return { taken, resting: await idle(page, 10) };
    } finally {
        await browser.close();
    }
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
    const { path: bundle, database_mib } = writeBundle(root, cacheFolder, customers);
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
            const start = await warmStart(tablet.context, `${server.url}#${listRoute}`, [countRequests, firstRowSeen]);
            page = start.page;
            say(`${run === 0 ? 'first' : 'warm'} start with ${customers} customers: ${Math.round(start.usable_ms)} ms, main thread ${Math.round(start.processor_ms)} ms of a processor`);
            if (run > 0) taken.push(start);
        }
        await use(page, taken, database_mib);
    } finally {
        await tablet.remove();
        await server.close().catch(() => {});
    }
}

export async function measurePage({ table, root, site, cacheFolder, runs, scale, say }) {
    if (!existsSync(join(site, 'kehubu.wasm'))) return say('There is no page in dist/ yet: P2, P3 and P4 have no figures.');
    const customers = scale === 'tiny' ? 500 : 10000;
    const common = { root, cacheFolder, starts: runs, say };
    const add = (goal, what, unit, values, target, note, who = 'Kehubu, page', ours = undefined) => table.add({ goal, what, who, unit, value: median(values), low: Math.min(...values),
        high: Math.max(...values), runs: values.length, target, note, ours });
    const usable = (starts) => starts.map(({ usable_ms }) => usable_ms);
    const busyText = (starts) => `main thread ${Math.round(median(starts.map(({ processor_ms }) => processor_ms)))} ms of a processor`;
    const startText = `warm start to a usable list, ${customers.toLocaleString('en')} customers`;
    const idleText = 'frames in 10 idle seconds';
    const requestsText = 'frames and timers asked for in 10 idle seconds'; // all that can be known of others: not every frame asked for is drawn
    let ours;
    await withWarmPage({ ...common, customers }, async (page, starts) => {
        ours = median(usable(starts));
        add('P2', startText, 'milliseconds', usable(starts), '≤ 500 ms', `network off; ${busyText(starts)}`, 'Kehubu, page', ours);
        const resting = await idle(page, 10);
        add('P4', idleText, 'count', [resting.drawn], '0', '');
        add('P4', requestsText, 'count', [resting.requested], '0', '');
        const scroll = await scrollCosts(page);
        if (scroll.length) add('P3', `frame while ${customers.toLocaleString('en')} rows scroll, p95 of ${scroll.length} frames`, 'milliseconds', [quantile(scroll, 0.95)], '≤ 2 ms', `median ${median(scroll).toFixed(2)} ms; reads rows and rasterises new letters too`);
        const typed = await keystrokeCosts(page);
        if (typed.length) add('P14', `search keystroke over ${customers.toLocaleString('en')}, whole frame, slowest`, 'milliseconds', [Math.max(...typed)], '', `median ${median(typed).toFixed(2)} ms`);
    });
    const server = await startServer({ folder: fileURLToPath(new URL('..', import.meta.url)) });
    try {
        for (const peer of peers) {
            try {
                const { taken, resting } = await peerStarts(peer, server, Math.min(runs, 3), say);
                add('P2', startText, 'milliseconds', usable(taken), undefined, `to its first picture: ${peer.note}; ${busyText(taken)}`, peer.who, ours);
                add('P4', requestsText, 'count', [resting.requested], undefined, '', peer.who);
            } catch (error) {
                table.add({ goal: 'P2', what: startText, who: peer.who, unit: 'milliseconds', value: NaN, runs: 0, note: `failed: ${error.message.slice(0, 120)}` });
            }
        }
    } finally {
        await server.close();
    }
    if (scale === 'tiny' || scale === 'quick') return;
    await withWarmPage({ ...common, customers: customersOf40MiB }, (page, starts, mib) => add('P2',
        `the same, ${customersOf40MiB.toLocaleString('en')} customers`, 'milliseconds', usable(starts), '≤ 0.9 s', `database of ${Math.round(mib)} MiB; ${busyText(starts)}`));
}
