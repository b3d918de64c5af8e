// Chromium as the product's tests start it: headless, WebGL2 drawn by the CPU. Each browser has a profile of its own, deleted afterwards.
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const executablePath = process.env.KEHUBU_CHROMIUM ?? '/usr/bin/chromium';

export async function openBrowser({ width = 1180, height = 820, bypassCSP = false } = {}) {
    if (!existsSync(executablePath)) throw new Error(`There is no Chromium at ${executablePath}; set KEHUBU_CHROMIUM.`);
    const profile = await mkdtemp(join(tmpdir(), 'kehubu-bench-'));
    // A persistent profile: a throw-away context keeps its databases in memory, and durability would cost nothing.
    const context = await chromium.launchPersistentContext(profile, {
        executablePath, headless: true, viewport: { width, height }, deviceScaleFactor: 1, bypassCSP,
        args: ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
            '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'],
    });
    return {
        context, profile,
        close: async () => { await context.close(); await rm(profile, { recursive: true, force: true, maxRetries: 5 }); },
    };
}
