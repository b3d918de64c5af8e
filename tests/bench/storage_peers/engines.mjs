// The ways to keep a SQLite database in a browser, behind one interface: open() → { run(sql), close() }, where run() resolves when the engine
// calls the statement committed and persisted. What "persisted" is worth differs, and `durable` says it.
const sqliteFolder = '/node_modules/@journeyapps/wa-sqlite';

async function openThroughVfs(buildName, vfsName, vfsOptions = {}) {
    const [{ default: createModule }, { Factory }, vfsModule] = await Promise.all([
        import(`${sqliteFolder}/dist/${buildName}.mjs`), import(`${sqliteFolder}/src/sqlite-api.js`), import(`${sqliteFolder}/src/examples/${vfsName}.js`)]);
    const module = await createModule();
    const sqlite = Factory(module);
    const vfs = await vfsModule[vfsName].create(`bench-${vfsName}`, module, vfsOptions);
    sqlite.vfs_register(vfs, true);
    const database = await sqlite.open_v2('bench.db');
    return {
        run: (sql) => sqlite.exec(database, sql),
        close: async () => { await sqlite.close(database); await vfs.close?.(); },
    };
}

const transactionDone = (transaction) => new Promise((done, failed) => {
    transaction.oncomplete = done;
    transaction.onabort = () => failed(transaction.error);
});

export function openRecords(name) {
    return new Promise((done, failed) => {
        const request = indexedDB.open(name, 1);
        request.onupgradeneeded = () => request.result.createObjectStore('records');
        request.onsuccess = () => done(request.result);
        request.onerror = () => failed(request.error);
    });
}

// The floor under every commit through IndexedDB: three records of 4 KiB in one strict transaction, and no database at all.
async function openRaw() {
    const records = await openRecords('bench-raw');
    let edits = 0;
    return {
        run: () => {
            const transaction = records.transaction('records', 'readwrite', { durability: 'strict' });
            for (let page = 0; page < 3; page++) {
                const bytes = new Uint8Array(4096);
                new DataView(bytes.buffer).setUint32(0, edits);
                transaction.objectStore('records').put(bytes, (edits * 7 + page * 31) % 900);
            }
            edits++;
            return transactionDone(transaction);
        },
        close: () => records.close(),
    };
}

async function openWholeFile() {
    const sqlite = await globalThis.initSqlJs({ locateFile: (file) => `/node_modules/sql.js/dist/${file}` });
    const database = new sqlite.Database();
    const records = await openRecords('bench-whole-file');
    return {
        run: (sql) => {
            database.run(sql);
            const transaction = records.transaction('records', 'readwrite', { durability: 'strict' });
            transaction.objectStore('records').put(database.export(), 'file');
            return transactionDone(transaction);
        },
        close: () => { database.close(); records.close(); },
    };
}

export const engines = {
    raw: { name: 'raw IndexedDB transaction', durable: 'strict', open: openRaw, empty: true },
    mirror: { name: 'wa-sqlite IDBMirrorVFS', durable: 'not strict', open: () => openThroughVfs('wa-sqlite-async', 'IDBMirrorVFS') },
    batch: { name: 'wa-sqlite IDBBatchAtomicVFS', durable: 'strict', open: () => openThroughVfs('wa-sqlite-async', 'IDBBatchAtomicVFS') },
    pool: { name: 'wa-sqlite OPFS AccessHandlePoolVFS', durable: 'flushed, in a worker', inWorker: true, open: () => openThroughVfs('wa-sqlite', 'AccessHandlePoolVFS') },
    file: { name: 'sql.js, whole file to IndexedDB', durable: 'strict', open: openWholeFile },
};

const editSql = (edit, rows) => `UPDATE customers SET note = 'edit ${edit}' WHERE id = ${1 + (edit * 7919) % rows}`;

// The same for all: a table of so many customers, then single edits, each awaited before the next.
export async function measure(engineKey, { rows, edits }) {
    const engine = engines[engineKey];
    const database = await engine.open();
    if (!engine.empty) {
        await database.run(`CREATE TABLE customers(id INTEGER PRIMARY KEY, name TEXT, phone TEXT, address TEXT, note TEXT);
            WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${rows})
            INSERT INTO customers SELECT n, '公司' || n || '有限公司', '1380013' || n, '解放路' || n || '号科技园南区' || (n % 97) || '栋', '备注' FROM numbers`);
    }
    for (let edit = 0; edit < 5; edit++) await database.run(editSql(edit, rows)); // warm: caches and the first growth of files
    const each_ms = [];
    const started = performance.now();
    for (let edit = 0; edit < edits; edit++) {
        const before = performance.now();
        await database.run(editSql(edit + 5, rows));
        each_ms.push(performance.now() - before);
    }
    const total_ms = performance.now() - started;
    await database.close();
    return { each_ms, total_ms };
}
