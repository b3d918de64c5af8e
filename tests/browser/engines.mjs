// Firefox and WebKit (Safari's engine), driven with as little as the tests need. A browser gives openTab(address); a tab gives
//   run(body)    the answer of an async function in the page, whose body is the text
//   click(x, y)  a mouse, in CSS pixels
//   type(text)   keys, to what has the focus
//   close()
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const firefoxPath = process.env.KEHUBU_FIREFOX ?? '/usr/bin/firefox-esr';
const webkitDriver = '/usr/bin/WebKitWebDriver';
const webkitBrowser = process.env.KEHUBU_WEBKIT ?? '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser';

async function startFirefox() {
    const { launch } = await import('puppeteer-core');
    const profile = await mkdtemp(join(tmpdir(), 'kehubu-firefox-'));
    const start = () => launch({ browser: 'firefox', executablePath: firefoxPath, headless: true, userDataDir: profile });
    let browser = await start();
    return {
        persistent: true,
        async openTab(address) {
            const page = await browser.newPage();
            await page.goto(address);
            return {
                run: (body) => page.evaluate(`(async () => { ${body} })()`),
                click: (x, y) => page.mouse.click(x, y),
                type: (text) => page.keyboard.type(text),
                close: () => page.close(),
            };
        },
        async restart() {
            await browser.close();
            browser = await start();
        },
        async close() {
            await browser.close();
            await rm(profile, { recursive: true, force: true, maxRetries: 10 });
        },
    };
}

// WebDriver by hand: four requests need no library. An automated WebKit forgets everything with its session, so it is never restarted.
async function startWebkit() {
    const port = 20000 + Math.floor(Math.random() * 20000);
    const driver = spawn(webkitDriver, [`--port=${port}`], { stdio: 'ignore' });
    const ask = async (method, path, body) => {
        const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, body: body && JSON.stringify(body) });
        const { value } = await answer.json();
        if (!answer.ok) throw new Error(`${value.error}: ${value.message}`);
        return value;
    };
    for (let tries = 0; ; tries++) {
        try { await ask('GET', '/status'); break; } catch (error) { if (tries > 50) throw error; }
        await new Promise((resume) => { setTimeout(resume, 100); });
    }
    const options = { binary: webkitBrowser, args: ['--automation'] };
    const { sessionId } = await ask('POST', '/session', { capabilities: { alwaysMatch: { browserName: 'MiniBrowser', 'webkitgtk:browserOptions': options } } });
    const session = `/session/${sessionId}`;
    await ask('POST', `${session}/timeouts`, { script: 60000 });
    const home = await ask('GET', `${session}/window`);
    return {
        persistent: false,
        async openTab(address) {
            await ask('POST', `${session}/window`, { handle: home });
            const { handle } = await ask('POST', `${session}/window/new`, { type: 'window' });
            const turnTo = () => ask('POST', `${session}/window`, { handle });
            await turnTo();
            await ask('POST', `${session}/url`, { url: address });
            return {
                async run(body) {
                    await turnTo();
                    const script = `const done = arguments[0]; (async () => { ${body} })().then((value) => done({ value }), (error) => done({ error: String(error) }))`;
                    const { value, error } = await ask('POST', `${session}/execute/async`, { script, args: [] });
                    if (error) throw new Error(error);
                    return value;
                },
                async click(x, y) {
                    await turnTo();
                    const finger = [{ type: 'pointerMove', x: Math.round(x), y: Math.round(y) }, { type: 'pointerDown', button: 0 }, { type: 'pointerUp', button: 0 }];
                    await ask('POST', `${session}/actions`, { actions: [{ type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' }, actions: finger }] });
                },
                async type(text) {
                    await turnTo();
                    const keys = [...text].flatMap((value) => [{ type: 'keyDown', value }, { type: 'keyUp', value }]);
                    await ask('POST', `${session}/actions`, { actions: [{ type: 'key', id: 'keyboard', actions: keys }] });
                },
                async close() {
                    await turnTo();
                    await ask('DELETE', `${session}/window`);
                },
            };
        },
        async close() {
            await ask('DELETE', session).catch(() => {});
            driver.kill();
        },
    };
}

export const engines = [
    { name: 'Firefox', start: startFirefox, missing: !existsSync(firefoxPath) && 'no Firefox here' },
    { name: 'WebKit', start: startWebkit, missing: (!existsSync(webkitDriver) && 'no WebKitWebDriver here') || (!process.env.DISPLAY && 'WebKit needs a display (tests/run.sh gives it one)') },
];
