// Drives the page as a person would: finds things by role and name (the semantic mirror), presses them with real pointer
// events at their place on the canvas, types into the real fields, and believes only what the page says.
//
//   const site = await startSite();
//   const tablet = await openTablet({ site });
//   await tablet.tap('button', '新建客户');
//   await tablet.type('客户名称', '博海餐饮');
//   await tablet.saved();
//
// A tablet keeps its data in a folder of its own: close() and openTablet({ folder }) again is closing and opening the browser.
import { mkdtemp, mkdir, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { startServer } from '../../tools/serve.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const testData = (name) => join(root, 'tests', 'data', name);

export const sizes = {
    landscape: { width: 1180, height: 820 },
    portrait: { width: 820, height: 1180 },
    phone: { width: 390, height: 844 },
};

// No GPU, no sandbox for root, and nothing that looks for the internet in the background.
const chromiumArguments = ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
    '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist', '--disable-features=Translate,OptimizationHints,MediaRouter'];

// How long a thing may take to appear before the test fails; generous, because test machines are slow and shared.
const patience = Number(process.env.KEHUBU_PATIENCE_MS ?? 20000);

export async function startSite() {
    return startServer({ folder: process.env.KEHUBU_DIST ?? join(root, 'dist') });
}

export const temporaryFolder = (name = 'tablet') => mkdtemp(join(tmpdir(), `kehubu-${name}-`));
export const removeFolder = (folder) => rm(folder, { recursive: true, force: true, maxRetries: 5 });

export async function openTablet({ site, folder, size = sizes.landscape, language = 'zh-CN', dark = false, touch = true, pixelRatio = 1, forcedColors = 'none', reducedMotion = 'no-preference', route = '', before }) {
    const ownFolder = folder ?? await temporaryFolder();
    const context = await chromium.launchPersistentContext(ownFolder, {
        executablePath: process.env.KEHUBU_CHROMIUM ?? '/usr/bin/chromium', headless: true, args: chromiumArguments,
        viewport: size, locale: language, colorScheme: dark ? 'dark' : 'light', hasTouch: touch, deviceScaleFactor: pixelRatio, forcedColors, reducedMotion, acceptDownloads: true,
    });
    context.setDefaultTimeout(patience);
    await context.addInitScript(rememberEvents);
    if (before) await context.addInitScript(before);
    const tablet = new Tablet(context, context.pages()[0] ?? await context.newPage(), site, ownFolder);
    await tablet.goTo(route);
    return tablet;
}

// In the page: the last things that were done to it, for finding out why a test fails.
function rememberEvents() {
    const events = globalThis.lastEvents = [];
    for (const type of ['pointerdown', 'pointerup', 'pointercancel', 'focusin', 'focusout', 'keydown']) {
        addEventListener(type, (event) => {
            const place = event.clientX === undefined ? '' : ` at ${Math.round(event.clientX)},${Math.round(event.clientY)}`;
            events.push(`${Math.round(performance.now())} ms ${type}${place} on ${event.target.ariaLabel ?? event.target.tagName ?? 'the window'}`);
            if (events.length > 16) events.shift();
        }, true);
    }
}

export class Tablet {
    constructor(context, page, site, folder) {
        Object.assign(this, { context, page, site, folder, complaints: [] });
        this.watch(page);
    }

    watch(page) {
        page.on('pageerror', (error) => this.complaints.push(String(error)));
        page.on('console', (message) => { if (message.type() === 'error') this.complaints.push(message.text()); });
        // Nothing may ever ask another place for anything.
        page.on('request', (request) => {
            if (!request.url().startsWith(this.site.url) && !/^(blob|data):/.test(request.url())) this.complaints.push(`asked ${request.url()}`);
        });
    }

    async goTo(route = '') {
        await this.page.goto(`${this.site.url}${route ? `#${route}` : ''}`);
        await this.ready();
    }
    async reload() {
        await this.page.reload();
        await this.ready();
    }
    // The program runs and has drawn.
    async ready() {
        await this.page.waitForFunction(() => document.getElementById('welcome')?.hidden, undefined, { timeout: patience * 2 });
    }
    // A second tab of the same browser.
    async openTab(route = '') {
        const tab = new Tablet(this.context, await this.context.newPage(), this.site, this.folder);
        await tab.goTo(route);
        return tab;
    }
    bringToFront() { return this.page.bringToFront(); }
    async close() { await this.context.close(); }
    // As when the battery falls out: every process of the browser, at once.
    async kill() {
        const lock = join(this.folder, 'SingletonLock');  // points to "machine-process"; Playwright's browsers lead a group of their own
        const process_ = Number((await readlink(lock)).split('-').at(-1));
        const gone = new Promise((resume) => { this.context.once('close', resume); });
        process.kill(-process_, 'SIGKILL');
        await gone;
        await rm(lock, { force: true });
    }
    async remove() { await this.close(); await removeFolder(this.folder); }
    setOffline(offline) { return this.context.setOffline(offline); }

    // ---- finding ----
    // `name` is a part of the name, or a regular expression; { exact: true } for the whole.
    find(role, name, options = {}) { return this.page.getByRole(role, name === undefined ? options : { name, ...options }); }
    field(name) { return this.page.locator('#mirror input, #mirror textarea').and(this.page.getByLabel(name)); }
    async sees(role, name, options) { await this.waitFor(this.find(role, name, options)); }
    async seesText(text) { await this.waitFor(this.page.locator('#mirror').getByText(text).or(this.page.locator(`#mirror [aria-label*="${String(text).replaceAll('"', '\\"')}"]`))); }
    async seesNot(role, name, options) { await this.waitFor(this.find(role, name, options), 'detached'); }
    waitFor(locator, state = 'attached') { return this.explained(locator.first().waitFor({ state }), `${locator} was to be ${state}`); }
    // What was waited for did not come: says what the page shows instead.
    async explained(promise, what) {
        try {
            return await promise;
        } catch (error) {
            const picture = join(root, 'build', 'test-logs', `browser-${Date.now()}.png`);
            await this.screenshot(picture).catch(() => {});
            throw new Error(`${error.message.split('\n')[0]} ${what}. Picture: ${relative(root, picture)}. What was done:\n${
                await this.page.evaluate(() => lastEvents.join('\n')).catch(String)}\nThe page shows:\n${await this.outline().catch(String)}`);
        }
    }
    async has(role, name, options) { return await this.find(role, name, options).count() > 0; }

    // Where the thing's middle is, scrolled into view if need be.
    async placeOf(locator) {
        const target = locator.first();
        await this.waitFor(target);
        const look = () => target.evaluate((element) => {
            const { left, top, width, height } = element.getBoundingClientRect();
            const cut = /inset\(([^)]*)\)/.exec(element.style.clipPath)?.[1].split(' ').map(parseFloat) ?? [0, 0, 0, 0];
            const box = { left: left + cut[3], top: top + cut[0], right: left + width - cut[1], bottom: top + height - cut[2] };
            return { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2,
                inView: box.right > box.left && box.bottom - box.top > Math.min(height, 24) / 2 && box.top >= 0 && box.left >= 0 && box.bottom <= innerHeight + 1 && box.right <= innerWidth + 1 };
        });
        let place = await look();
        if (!place.inView) {
            await target.focus();  // the page scrolls to what gets the focus
            for (let wait = 0; wait < 40 && !place.inView; ++wait) {
                await this.page.waitForTimeout(50);
                place = await look();
            }
        }
        await this.tapToastAway(target, place);
        return place;
    }
    // A toast that stands over what is wanted is tapped away first.
    async tapToastAway(target, { x, y }) {
        const toast = await target.evaluate((wanted, [left, top]) => {
            for (const element of document.querySelectorAll('#mirror > [role=status], #mirror > [role=alert]')) {
                const box = element.getBoundingClientRect();
                const covers = left >= box.left && left <= box.right && top >= box.top && top <= box.bottom;
                if (covers && element !== wanted) return { x: box.left + 12, y: box.top + box.height / 2, id: element.id };
            }
            return null;
        }, [x, y]);
        const isOfToast = toast && await target.evaluate((wanted, id) => wanted.previousElementSibling?.id === id, toast.id);  // its action
        if (!toast || isOfToast) return;
        await this.page.touchscreen.tap(toast.x, toast.y);
        await this.page.waitForFunction((id) => !document.getElementById(id), toast.id);
    }

    // ---- doing ----
    async tapOn(locator) {
        const { x, y } = await this.placeOf(locator);
        await this.page.touchscreen.tap(x, y).catch(() => this.page.mouse.click(x, y));
    }
    async clickOn(locator) {
        const { x, y } = await this.placeOf(locator);
        await this.page.mouse.click(x, y);
    }
    // A finger that rests where it is, then moves on to the other place, if any, and is lifted.
    async hold(from, to) {
        const session = await this.context.newCDPSession(this.page);
        const send = (type, points) => session.send('Input.dispatchTouchEvent', { type, touchPoints: points });
        await send('touchStart', [from]);
        await this.page.waitForTimeout(800);
        for (let step = 1; to && step <= 6; ++step) {
            await send('touchMove', [{ x: from.x + (to.x - from.x) * step / 6, y: from.y + (to.y - from.y) * step / 6 }]);
            await this.page.waitForTimeout(50);
        }
        await send('touchEnd', []);
        await session.detach();
    }
    tap(role, name, options) { return this.tapOn(this.find(role, name, options)); }
    click(role, name, options) { return this.clickOn(this.find(role, name, options)); }

    // Types as a keyboard does, replacing what was there.
    async type(name, text) {
        const field = this.field(name).first();
        await this.tapOn(field);
        await field.focus();
        if (['date', 'datetime-local'].includes(await field.getAttribute('type'))) {
            await field.fill(text);
            return;
        }
        await this.page.keyboard.press('Control+A');
        if (text === '') await this.page.keyboard.press('Delete');
        else await this.page.keyboard.insertText(text);
    }
    // Types letters through an input method: a composition that is seen growing, then the hanzi that it becomes.
    async compose(name, letters, hanzi, { keep = false } = {}) {
        const field = this.field(name).first();
        await this.tapOn(field);
        await field.focus();
        await this.page.keyboard.press(keep ? 'End' : 'Control+A');
        const session = await this.context.newCDPSession(this.page);
        for (let length = 1; length <= letters.length; ++length) {
            await session.send('Input.imeSetComposition', { text: letters.slice(0, length), selectionStart: length, selectionEnd: length });
        }
        await session.send('Input.insertText', { text: hanzi });
        await session.detach();
    }
    // Chooses an entry of a drop-down list.
    async choose(name, entry) {
        await this.tap('combobox', name);
        await this.tap('option', entry);
    }
    press(key) { return this.page.keyboard.press(key); }

    // Everything is on disk, as the page says itself.
    async saved() {
        await this.page.waitForFunction(() => [...document.querySelectorAll('#mirror [role=status], #mirror [role=button]')]
            .some((element) => /^(已保存|Saved)/.test(element.textContent) || /^(已保存|Saved)/.test(element.getAttribute('aria-label') ?? '')));
    }
    // Gives a file to what asks for one when `action` is done.
    async giveFile(action, ...paths) {
        const [asked] = await this.explained(Promise.all([this.page.waitForEvent('filechooser'), action()]), 'nothing asked for a file');
        await asked.setFiles(paths);
    }
    // Does `action` and answers the path of the file that the page hands over.
    async takeFile(action, folder) {
        const [download] = await this.explained(Promise.all([this.page.waitForEvent('download'), action()]), 'no file was handed over');
        await mkdir(folder, { recursive: true });
        const path = join(folder, download.suggestedFilename());
        await download.saveAs(path);
        return path;
    }
    async screenshot(path) {
        await mkdir(dirname(path), { recursive: true });
        await this.page.waitForTimeout(400);  // what moves comes to rest
        await this.page.screenshot({ path });
    }
    frames() { return this.page.evaluate(() => globalThis.kehubu.frames); }
    // The semantic tree in short, for finding out why a test fails.
    outline() {
        return this.page.evaluate(() => {
            const lines = [];
            const walk = (element, depth) => {
                for (const child of element.children) {
                    const name = child.getAttribute('aria-label') ?? (child.children.length ? '' : child.textContent);
                    lines.push(`${'  '.repeat(depth)}${child.getAttribute('role') ?? child.tagName.toLowerCase()} "${name}"${child.value ? ` = "${child.value}"` : ''}${child.getAttribute('aria-description') ? ` (${child.getAttribute('aria-description')})` : ''}`);
                    walk(child, depth + 1);
                }
            };
            walk(document.getElementById('mirror'), 0);
            return lines.join('\n');
        });
    }
}
