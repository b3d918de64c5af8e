// Puts the site together: what the browser downloads, in one folder that any static host can serve.
//
//   node tools/make-site.mjs <folder with kehubu.js and kehubu.wasm> <site folder>
//
// - Files of web/ that are not C++ and not linked into the program are copied as they lie (web/boot.js -> boot.js, web/icons/a.svg ->
//   icons/a.svg); index.html may lie in web/ or at the root of the repository.
// - In text files __VERSION__ becomes twelve hexadecimal digits that change when any byte of the site changes.
// - In sw.js __PRECACHE__ becomes a JSON array of [url, 'sha256-…'], every file but sw.js itself. The hash has the notation of Subresource
//   Integrity, so fetch(url, {integrity}) refuses a file of another version instead of caching it.
// - Every file gets a .br and a .gz beside it where that is smaller. Prints what the first visit costs, and fails above the limit.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const [programFolder, siteFolder] = process.argv.slice(2).map((argument) => resolve(argument));
if (!siteFolder) {
    console.error('make-site: usage: node tools/make-site.mjs <program folder> <site folder>');
    process.exit(2);
}

const firstVisitLimitBytes = 1_400_000; // as brotli; goal P1

const textExtensions = new Set(['.html', '.js', '.mjs', '.css', '.webmanifest', '.json', '.svg', '.txt']);
const compressibleExtensions = new Set([...textExtensions, '.wasm', '.ico']);
const sourceExtensions = new Set(['.cpp', '.h', '.hpp', '.md']);

function isSiteFile(path) {
    const name = path.split(sep).at(-1);
    return !sourceExtensions.has(extname(name)) && !name.endsWith('.library.js') && !name.endsWith('.pre.js') && !name.startsWith('.')
        && !path.startsWith(`native${sep}`);
}

function collectSiteFiles() {
    const files = new Map(); // url -> bytes
    const webFolder = join(root, 'web');
    for (const entry of readdirSync(webFolder, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue;
        const absolute = join(entry.path ?? entry.parentPath, entry.name);
        const path = relative(webFolder, absolute);
        if (isSiteFile(path)) files.set(path.split(sep).join('/'), readFileSync(absolute));
    }
    const rootPage = join(root, 'index.html');
    if (existsSync(rootPage)) files.set('index.html', readFileSync(rootPage));
    for (const name of ['kehubu.js', 'kehubu.wasm']) {
        const path = join(programFolder, name);
        if (existsSync(path)) files.set(name, readFileSync(path));
        else console.warn(`make-site: ${name} was not built; the site is made without it.`);
    }
    return new Map([...files].sort(([left], [right]) => (left < right ? -1 : 1)));
}

const sha256 = (bytes, encoding) => createHash('sha256').update(bytes).digest(encoding);

function replaceInText(files, placeholder, replacement) {
    for (const [url, bytes] of files) {
        if (!textExtensions.has(extname(url)) || !bytes.includes(placeholder)) continue;
        files.set(url, Buffer.from(bytes.toString('utf8').replaceAll(placeholder, replacement)));
    }
}

// Compression at the highest quality takes seconds for the wasm, so what was compressed once is remembered by its hash.
const compressionCache = join(root, 'build', 'compressed');
function compressed(bytes, extension, compress) {
    const path = join(compressionCache, sha256(bytes, 'hex') + extension);
    if (existsSync(path)) return readFileSync(path);
    const result = compress(bytes);
    mkdirSync(compressionCache, { recursive: true });
    writeFileSync(path, result);
    return result;
}
const brotli = (bytes) => brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
});
const gzip = (bytes) => gzipSync(bytes, { level: 9 });

const files = collectSiteFiles();
const version = sha256([...files].map(([url, bytes]) => `${url} ${sha256(bytes, 'hex')}\n`).join(''), 'hex').slice(0, 12);
replaceInText(files, '__VERSION__', version);
const precache = [...files].filter(([url]) => url !== 'sw.js').map(([url, bytes]) => [url, `sha256-${sha256(bytes, 'base64')}`]);
if (files.has('sw.js')) {
    files.set('sw.js', Buffer.from(files.get('sw.js').toString('utf8').replaceAll('__PRECACHE__', JSON.stringify(precache))));
}

// Built beside and then renamed: a server that runs meanwhile never sees half a site.
const freshFolder = `${siteFolder}.fresh`;
const staleFolder = `${siteFolder}.stale`;
rmSync(freshFolder, { recursive: true, force: true });
const rows = [];
for (const [url, bytes] of files) {
    const path = join(freshFolder, url);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
    let brotliSize = bytes.length;
    if (compressibleExtensions.has(extname(url)) && bytes.length > 256) {
        const asBrotli = compressed(bytes, '.br', brotli);
        const asGzip = compressed(bytes, '.gz', gzip);
        if (asBrotli.length < bytes.length) { writeFileSync(`${path}.br`, asBrotli); brotliSize = asBrotli.length; }
        if (asGzip.length < bytes.length) writeFileSync(`${path}.gz`, asGzip);
    }
    rows.push([url, bytes.length, brotliSize]);
}
mkdirSync(freshFolder, { recursive: true });
rmSync(staleFolder, { recursive: true, force: true });
if (existsSync(siteFolder)) renameSync(siteFolder, staleFolder);
renameSync(freshFolder, siteFolder);
rmSync(staleFolder, { recursive: true, force: true });

const kilobytes = (bytes) => (bytes / 1000).toFixed(1).padStart(9);
for (const [url, raw, small] of rows) console.log(`${kilobytes(raw)} kB ${kilobytes(small)} kB brotli  ${url}`);
const total = (column) => rows.reduce((sum, row) => sum + row[column], 0);
console.log(`${kilobytes(total(1))} kB ${kilobytes(total(2))} kB brotli  all of it, version ${version}`);

// Last, so that the site is there to be looked at all the same.
if (total(2) > firstVisitLimitBytes) {
    console.error(`make-site: the first visit downloads ${total(2)} bytes as brotli and may download ${firstVisitLimitBytes}. `
        + 'CONTRIBUTING.md, "The page\'s size", says how to find what grew.');
    process.exit(1);
}
