// A static server for dist/ with the headers that the product is meant to be hosted with. Also imported by the browser tests.
//
//   node tools/serve.mjs [folder] [--port 8080] [--host 127.0.0.1]
//
// A request is answered with the .br or .gz beside the file when the browser takes it. Nothing outside the folder is ever read.
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { dirname, extname, join, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const mediaTypes = {
    '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.mjs': 'text/javascript; charset=utf-8',
    '.css': 'text/css; charset=utf-8', '.json': 'application/json; charset=utf-8', '.webmanifest': 'application/manifest+json; charset=utf-8',
    '.wasm': 'application/wasm', '.svg': 'image/svg+xml', '.png': 'image/png', '.ico': 'image/x-icon', '.txt': 'text/plain; charset=utf-8',
};

export const contentSecurityPolicy = [
    "default-src 'none'", "script-src 'self' 'wasm-unsafe-eval'", "style-src 'self'", "connect-src 'self'", "img-src 'self' blob: data:",
    "worker-src 'self'", "manifest-src 'self'", "font-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
].join('; ');

const securityHeaders = {
    'Content-Security-Policy': contentSecurityPolicy,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
};

// A name that carries its content's hash never changes its meaning; anything else is asked for again, and answered 304 when it is the same.
const carriesItsHash = (path) => /[-.][0-9a-f]{8,}\.[a-z]+$/.test(path);

async function readBestEncoding(path, acceptEncoding) {
    for (const [encoding, suffix] of [['br', '.br'], ['gzip', '.gz']]) {
        if (!acceptEncoding.split(',').some((item) => item.trim().split(';')[0] === encoding)) continue;
        try { return { body: await readFile(path + suffix), encoding }; } catch { /* not made for this file: try the next */ }
    }
    return { body: await readFile(path), encoding: null };
}

async function answer(folder, request, response) {
    const refuse = (status, sentence) => response.writeHead(status, { ...securityHeaders, 'Content-Type': 'text/plain; charset=utf-8' }).end(`${sentence}\n`);
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405, 'Only GET and HEAD.');
    let path;
    try { path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname); } catch { return refuse(400, 'That address cannot be read.'); }
    if (path.endsWith('/')) path += 'index.html';
    const file = resolve(join(folder, path));
    if (!file.startsWith(folder + sep) || path.includes('\0')) return refuse(404, 'Not found.');
    try {
        if (!(await stat(file)).isFile()) return refuse(404, 'Not found.');
        const { body, encoding } = await readBestEncoding(file, request.headers['accept-encoding'] ?? '');
        const tag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
        const headers = {
            ...securityHeaders,
            'Content-Type': mediaTypes[extname(file)] ?? 'application/octet-stream',
            'Cache-Control': carriesItsHash(file) ? 'public, max-age=31536000, immutable' : 'no-cache',
            ETag: tag, Vary: 'Accept-Encoding',
        };
        if (encoding) headers['Content-Encoding'] = encoding;
        if (request.headers['if-none-match'] === tag) return response.writeHead(304, headers).end();
        response.writeHead(200, { ...headers, 'Content-Length': body.length });
        response.end(request.method === 'HEAD' ? undefined : body);
    } catch {
        refuse(404, 'Not found.');
    }
}

// Starts a server and resolves to { url, port, close }. Port 0 takes any free port.
export function startServer({ folder, port = 0, host = '127.0.0.1' } = {}) {
    const served = resolve(folder ?? join(dirname(fileURLToPath(import.meta.url)), '..', 'dist'));
    const server = createServer((request, response) => { answer(served, request, response); });
    return new Promise((ready, failed) => {
        server.once('error', failed);
        server.listen(port, host, () => {
            const actualPort = server.address().port;
            ready({
                url: `http://${host === '127.0.0.1' || host === '0.0.0.0' ? 'localhost' : host}:${actualPort}/`,
                port: actualPort,
                close: () => new Promise((closed) => { server.close(closed); server.closeAllConnections(); }),
            });
        });
    });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
    const words = process.argv.slice(2);
    const option = (name, fallback) => { const at = words.indexOf(name); return at < 0 ? fallback : words.splice(at, 2)[1]; };
    const port = Number(option('--port', '8080'));
    const host = option('--host', '127.0.0.1');
    try {
        const { url } = await startServer({ folder: words[0], port, host });
        console.log(`Kehubu is at ${url} (end with Ctrl-C)`);
    } catch (error) {
        console.error(error.code === 'EADDRINUSE' ? `Port ${port} is in use; choose another with --port.` : `The server could not start: ${error.message}`);
        process.exit(1);
    }
}
