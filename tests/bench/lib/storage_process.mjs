// Measures one storage engine's single edits in a fresh Chromium with a fresh profile; prints one line of JSON:
//
//   node lib/storage_process.mjs <engine> '{"rows":20000,"edits":1000}'
import { fileURLToPath } from 'node:url';
import { startServer } from '../../../tools/serve.mjs';
import { openBrowser } from './browser.mjs';
import { median, quantile } from './measure.mjs';

const [engineKey, sizeText] = process.argv.slice(2);
const size = JSON.parse(sizeText);
const server = await startServer({ folder: fileURLToPath(new URL('..', import.meta.url)) });
const browser = await openBrowser();
try {
    const page = await browser.context.newPage();
    page.on('console', (message) => { if (message.type() === 'error') console.error(message.text()); });
    await page.goto(`${server.url}storage_peers/index.html`);
    await page.waitForFunction(() => globalThis.measureEngine);
    const { each_ms, total_ms } = await page.evaluate(([key, wanted]) => globalThis.measureEngine(key, wanted), [engineKey, size]);
    console.log(JSON.stringify({ edit_ms: median(each_ms), edit_p95_ms: quantile(each_ms, 0.95), total_s: total_ms / 1000 }));
} finally {
    await browser.close();
    await server.close();
}
