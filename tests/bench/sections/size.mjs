// P1: bytes that the first visit downloads, brotli. Ours is the whole site, since the service worker keeps all of it for days without a network.
import { mkdirSync, readFileSync, readdirSync, statSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { packagesFolder, versionOf } from '../lib/packages.mjs';

const peers = [
    { who: 'ImGui alone: jsimgui', packageName: '@mori2003/jsimgui', files: ['build/loader.js', 'build/imgui.js'], note: 'its wasm stands inside loader.js' },
    { who: 'SQLite alone: sqlite3.wasm', packageName: '@sqlite.org/sqlite-wasm', files: ['dist/sqlite3.wasm'], note: 'without its JavaScript' },
    { who: 'CanvasKit', packageName: 'canvaskit-wasm', files: ['bin/canvaskit.js', 'bin/canvaskit.wasm'] },
    // Quality 11 takes minutes on 47 MB and gains a few per cent.
    { who: 'Rerun viewer', packageName: '@rerun-io/web-viewer', files: ['re_viewer.js', 're_viewer_bg.wasm'], quality: 9, note: 'brotli quality 9' },
];

const brotliSize = (bytes, quality = 11) => brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }).length;

function siteSize(site) {
    let total = 0;
    const parts = new Map();
    for (const entry of readdirSync(site, { recursive: true, withFileTypes: true })) {
        const path = join(entry.parentPath ?? entry.path, entry.name);
        if (!entry.isFile() || /\.(br|gz)$/.test(path)) continue;
        const sent = existsSync(`${path}.br`) ? statSync(`${path}.br`).size : statSync(path).size;
        parts.set(entry.name, sent);
        total += sent;
    }
    return { total, parts };
}

// Packages never change under their version, so their sizes are computed once on a machine.
function peerSize(peer, version, cacheFolder) {
    const cacheFile = join(cacheFolder, 'sizes.json');
    const cache = existsSync(cacheFile) ? JSON.parse(readFileSync(cacheFile, 'utf8')) : {};
    const key = [peer.packageName, version, peer.quality ?? 11, ...peer.files].join(' ');
    if (!cache[key]) {
        cache[key] = peer.files.reduce((sum, file) => sum + brotliSize(readFileSync(new URL(`${peer.packageName}/${file}`, packagesFolder)), peer.quality), 0);
        mkdirSync(cacheFolder, { recursive: true });
        writeFileSync(cacheFile, JSON.stringify(cache, null, 1));
    }
    return cache[key];
}

export async function measureSize({ table, site, cacheFolder, say }) {
    const what = 'first visit, brotli';
    let ours;
    if (existsSync(join(site, 'kehubu.wasm'))) {
        const { total, parts } = siteSize(site);
        ours = total;
        table.add({ goal: 'P1', what, who: 'Kehubu', unit: 'bytes', value: total, ours, target: '≤ 1.0 MB', runs: 1,
            note: `wasm ${Math.round(parts.get('kehubu.wasm') / 1e3)} KB, ${parts.size} files` });
    } else say('There is no page in dist/ yet: P1 has no figure of ours.');
    for (const peer of peers) {
        const version = versionOf(peer.packageName);
        say(`size of ${peer.packageName}`);
        table.add({ goal: 'P1', what, who: `${peer.who} ${version}`, unit: 'bytes', value: peerSize(peer, version, cacheFolder), ours, runs: 1, note: peer.note });
    }
}
