// What storage.bench.mjs measures inside the page. Ours and the raw transaction take turns, edit by edit.
const now = () => performance.now();

const openRaw = () => new Promise((done, failed) => {
    const request = indexedDB.open('raw', 1);
    request.onupgradeneeded = () => request.result.createObjectStore('records');
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
});

// One strict transaction of such values, on keys that come again.
function rawTransaction(database, values, firstKey) {
    const transaction = database.transaction('records', 'readwrite', { durability: 'strict' });
    const records = transaction.objectStore('records');
    values.forEach((value, index) => records.put(value, firstKey + index));
    return new Promise((done, failed) => { transaction.oncomplete = done; transaction.onabort = () => failed(transaction.error); });
}

const randomBytes = (size) => {
    const bytes = new Uint8Array(size);
    for (let at = 0; at < size; at += 65536) crypto.getRandomValues(bytes.subarray(at, Math.min(size, at + 65536)));
    return bytes;
};

const customers = (rows) => `CREATE TABLE customers(id INTEGER PRIMARY KEY, name TEXT, phone TEXT, address TEXT, note TEXT);
    WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${rows})
    INSERT INTO customers SELECT n, '公司' || n || '有限公司', '1380013' || n, '解放路' || n || '号科技园南区' || (n % 97) || '栋', '备注' FROM numbers`;
const edit = (count, rows) => `UPDATE customers SET note = 'edit ${count}' WHERE id = ${1 + (count * 7919) % rows}`;

// P5, P6: single edits, each awaited; the raw floor beside each; then 1,000 that are not awaited one by one.
export async function measureEdits({ rows, edits }) {
    store.run(`DROP TABLE IF EXISTS customers; ${customers(rows)}`);
    await store.durable();
    const database = await openRaw();
    const figures = { call: [], durable: [], raw: [] };
    for (let count = 0; count < edits; count++) {
        let before = now();
        store.run(edit(count, rows));
        figures.call.push(now() - before);
        await store.durable();
        figures.durable.push(now() - before);
        before = now();
        await rawTransaction(database, [0, 1, 2].map(() => { const bytes = new Uint8Array(4096); bytes[0] = count; return bytes; }), (count * 3) % 900);
        figures.raw.push(now() - before);
    }
    const before = now();
    const waiting = [];
    for (let count = 0; count < 1000; count++) {
        store.run(edit(edits + count, rows));
        waiting.push(store.durable());
    }
    await Promise.all(waiting);
    figures.thousand = [now() - before];
    database.close();
    return { ...figures, image: store.health().image };
}

// P7: 4 MiB in one commit, from COMMIT to durable; the same bytes raw in records of 56 KiB, and as one record a page.
export async function measureBigCommit({ rounds }) {
    const database = await openRaw();
    store.run('CREATE TABLE IF NOT EXISTS big(body)');
    const figures = { big: [], bigPacked: [], bigPages: [] };
    const packed = Array.from({ length: 74 }, () => randomBytes(57432));
    const pages = Array.from({ length: 1024 }, () => randomBytes(4096));
    for (let round = 0; round < rounds; round++) {
        store.run('DELETE FROM big');
        await store.durable();
        await new Promise((resume) => { setTimeout(resume, 100); });
        store.run('BEGIN; INSERT INTO big VALUES(randomblob(4180000))');
        let before = now();
        store.run('COMMIT');
        await store.durable();
        figures.big.push(now() - before);
        before = now();
        await rawTransaction(database, packed, 10000 + round * 74);
        figures.bigPacked.push(now() - before);
        before = now();
        await rawTransaction(database, pages, 100000 + round * 1024);
        figures.bigPages.push(now() - before);
    }
    database.close();
    return figures;
}

// P8: the same statements through our VFS, in SQLite's own memory without a VFS, and through wa-sqlite's MemoryVFS. Single statements that do
// much, so that what calls SQLite does not count.
const work = (schema) => [
    `CREATE TABLE ${schema}t(a INTEGER PRIMARY KEY, b INTEGER, c TEXT)`,
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000) INSERT INTO ${schema}t SELECT i, i * 7919 % 50000, 'row number ' || i || ' of fifty thousand' FROM n`,
    `CREATE INDEX ${schema}t_b ON t(b)`,
    `SELECT count(*), avg(b) FROM ${schema}t WHERE c LIKE '%999%'`,
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000) SELECT sum((SELECT a FROM ${schema}t WHERE b = i)) FROM n`,
    `UPDATE ${schema}t SET c = c || '!' WHERE b < 40000`,
    `UPDATE ${schema}t SET b = b + 1 WHERE a % 3 = 0`,
    `DELETE FROM ${schema}t WHERE b % 2 = 0`,
    `DROP TABLE ${schema}t`,
];

async function openWaSqlite() {
    const folder = '/node_modules/@journeyapps/wa-sqlite';
    const [{ default: createModule }, { Factory }, { MemoryVFS }] = await Promise.all([
        import(`${folder}/dist/wa-sqlite.mjs`), import(`${folder}/src/sqlite-api.js`), import(`${folder}/src/examples/MemoryVFS.js`)]);
    const module = await createModule();
    const sqlite = Factory(module);
    sqlite.vfs_register(await MemoryVFS.create('memory-vfs', module), true);
    const database = await sqlite.open_v2('bench.db');
    return (sql) => sqlite.exec(database, sql);
}

export async function measureWork({ rounds }) {
    const runWa = await openWaSqlite();
    store.run("ATTACH ':memory:' AS plain");
    const runOurs = (sql) => store.run(sql);
    const engines = { workOurs: ['', runOurs], workPlain: ['plain.', runOurs], workWaSqlite: ['', runWa] };
    const figures = { workOurs: [], workPlain: [], workWaSqlite: [], commitsOurs: [], commitsPlain: [], commitsWaSqlite: [] };
    const measure = async (run, statements) => {
        const before = now();
        for (const sql of statements) await run(sql);
        return now() - before;
    };
    for (let round = 0; round < rounds; round++) {
        for (const [name, [schema, run]] of Object.entries(engines)) {
            figures[name].push(await measure(run, ['BEGIN', ...work(schema), 'COMMIT']));
            await store.durable();
            figures[name.replace('work', 'commits')].push(await measure(run, work(schema)));
            await store.durable();
        }
    }
    store.run('DETACH plain');
    return figures;
}

globalThis.bench = { measureEdits, measureBigCommit, measureWork };
