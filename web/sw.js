// The service worker: after the first visit the page needs no network.
//
// Every file of a version is fetched with its hash before that version is used, so two versions never mix. A new version
// waits until the page asks for it (or every tab is closed): unsaved work is never reloaded away.

const version = '__VERSION__';
const files = __PRECACHE__; // [[url, 'sha256-…'], …]
const cacheName = `kehubu-${version}`;
const scope = new URL('./', self.location.href);

async function keepAll() {
    const cache = await caches.open(cacheName);
    await Promise.all(files.map(async ([url, integrity]) => {
        const address = new URL(url, scope);
        const response = await fetch(address, { integrity, cache: 'no-cache' });
        if (!response.ok) throw new Error(`${url}: ${response.status}`);
        await cache.put(address, response);
    }));
}

async function forgetOthers() {
    for (const name of await caches.keys()) {
        if (name.startsWith('kehubu-') && name !== cacheName) await caches.delete(name);
    }
}

self.addEventListener('install', (event) => event.waitUntil(keepAll()));
// The first visit is taken over at once, so that it is already good for going offline.
self.addEventListener('activate', (event) => event.waitUntil(forgetOthers().then(() => self.clients.claim())));
self.addEventListener('message', (event) => { if (event.data === 'activate') self.skipWaiting(); });

async function answer(request) {
    const address = new URL(request.url);
    address.search = '';
    address.hash = '';
    if (address.href === scope.href) address.pathname += 'index.html';
    const cache = await caches.open(cacheName);
    return (await cache.match(address.href)) ?? fetch(request);
}

self.addEventListener('fetch', (event) => {
    const { request } = event;
    if (request.method === 'GET' && request.url.startsWith(scope.href)) event.respondWith(answer(request));
});
