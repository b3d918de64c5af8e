// Kills the browser while it writes, again and again, and looks at what is left each time.
//
//   node tests/browser/kill_loop.mjs [--rounds 500] [--seed N]
//
// A round opens the profile of the round before, checks that the database is whole, that it is the state of one commit and that nothing
// acknowledged as durable is missing; then it writes (small edits, bursts, large commits, second copies) until every process of the browser
// gets SIGKILL at a random moment: in every other round while the store is still being mended after the kill before (docs/storage.md, "A log cut
// short"), else when the first commits are durable. It shows what a killed browser leaves behind; a machine that loses its power is another matter.
import { cp, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beginHistory, historyState, newProfile, openKillableBrowser, openPage, startStorageSite } from './storage_page/lab.mjs';

function randomFrom(seed) {
    let state = seed >>> 0;
    return (below) => {
        state = (state + 0x6d2b79f5) >>> 0;
        let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
        mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
        return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
    };
}

const longestMending_ms = 30000;
const pause = (milliseconds) => new Promise((resume) => { setTimeout(resume, milliseconds); });

// Runs in the page until it dies. Tells the test which steps are durable.
async function writeForEver({ first, seed }) {
    let state = seed;
    const random = (below) => { state = (state * 1103515245 + 12345) & 0x7fffffff; return (state >> 8) % below; };
    const acknowledge = (step) => store.durable().then(() => globalThis.told(step));
    for (let step = first; ; step++) {
        const bytes = random(20) === 0 ? 4000000 : random(30000);
        store.run(`BEGIN; UPDATE counter SET n = ${step}; INSERT INTO entry VALUES(${step}, 'word' || ${(step * 7919) % 1000}, randomblob(${bytes}));
            DELETE FROM entry WHERE id <= ${step - 10}; COMMIT; ${step % 7 === 0 ? 'PRAGMA incremental_vacuum(3)' : ''}`);
        const done = acknowledge(step);
        if (random(100) === 0) store.copy();
        if (random(3) === 0) await done;
        if (random(10) === 0) await new Promise((resume) => { setTimeout(resume, random(50)); });
    }
}

// What the browser had on disk when it was killed; kept if the round turns out bad.
async function keepEvidence(profile, folder) {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    for (const name of ['IndexedDB', 'Local Storage', 'File System']) {
        await cp(join(profile.folder, 'Default', name), join(folder, 'Default', name), { recursive: true }).catch(() => {});
    }
}

export async function killLoop({ rounds, seed = Date.now() % 1000000, log = console.log }) {
    const random = randomFrom(seed);
    const site = await startStorageSite();
    const profile = await newProfile();
    const total = { rounds: 0, torn: 0, lost: 0, recovered: 0, acknowledged: 0, seed };
    let durable = -1;
    const evidence = join(tmpdir(), `kehubu-kill-${seed}`);
    try {
        for (let round = 0; round <= rounds; round++) {
            const browser = await openKillableBrowser(profile);
            const { page, outcome } = await openPage(browser.context, site);
            if (round === 0) {
                await page.evaluate((sql) => { store.run(sql); return store.durable(); }, beginHistory);
                durable = 0;
            } else {
                total.rounds++;
                if (outcome === 'recovered') total.recovered++; // from the second copy: fine, if nothing acknowledged is missing
                const problem = outcome === 'loaded' || outcome === 'recovered' ? null : `opened as ${outcome}: ${(await page.evaluate(() => store.health())).detail}`;
                const state = problem ? -1 : await historyState(page).catch((error) => { log(`round ${round}: torn: ${error.message}`); return -1; });
                if (problem) log(`round ${round}: ${problem}`);
                if (state < durable) {
                    if (state < 0) total.torn++;
                    else total.lost++;
                    log(`round ${round} of seed ${seed}: opened as ${outcome}, state ${state}, acknowledged ${durable}; ${JSON.stringify(await page.evaluate(() => store.health()).catch(String))}; the profile as it was left is in ${evidence}`);
                    break;
                }
                durable = state;
            }
            if (round < rounds) {
                let firstTold;
                const told = new Promise((resolve) => { firstTold = resolve; });
                await page.exposeFunction('told', (step) => {
                    durable = Math.max(durable, step);
                    total.acknowledged++;
                    firstTold();
                });
                page.evaluate(writeForEver, { first: durable + 1, seed: random(1 << 30) }).catch(() => {});
                if (round % 2 === 0) await Promise.race([told, pause(longestMending_ms)]);
                await pause(30 + random(900));
            }
            await browser.kill();
            await keepEvidence(profile, evidence);
            if ((round + 1) % 25 === 0) log(`${round + 1} rounds: ${JSON.stringify(total)}`);
        }
    } finally {
        await site.close();
        await profile.remove();
        if (total.torn + total.lost === 0) await rm(evidence, { recursive: true, force: true });
    }
    return total;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
    const option = (name, fallback) => { const at = process.argv.indexOf(name); return at < 0 ? fallback : Number(process.argv[at + 1]); };
    const total = await killLoop({ rounds: option('--rounds', 10), seed: option('--seed', Date.now() % 1000000) });
    console.log(`${total.rounds} kills, seed ${total.seed}: ${total.torn} torn, ${total.lost} acknowledged commits lost, ${total.recovered} recovered from the second copy; ${total.acknowledged} commits had been acknowledged`);
    process.exit(total.torn + total.lost === 0 ? 0 : 1);
}
