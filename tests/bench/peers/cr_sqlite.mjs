// cr-sqlite: SQLite with CRDT columns, its synchronous wasm build; the merge is a prepared INSERT INTO crsql_changes in one transaction.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fieldCount } from '../lib/workload.mjs';

export const name = 'cr-sqlite';
export const packageName = '@vlcn.io/crsqlite-wasm';

const folder = dirname(createRequire(import.meta.url).resolve('@vlcn.io/wa-sqlite/package.json'));
const load = (path) => import(pathToFileURL(join(folder, path)).href);
const { default: createModule } = await load('dist/crsqlite-sync.mjs');
const sqliteApi = await load('src/sqlite-api.js');
const wasmBinary = await readFile(join(folder, 'dist/crsqlite-sync.wasm'));

const fields = Array.from({ length: fieldCount }, (_, field) => `f${field}`);

async function openDatabase() {
    const sqlite = sqliteApi.Factory(await createModule({ wasmBinary }));
    const database = await sqlite.open_v2(':memory:');
    await sqlite.exec(database, `CREATE TABLE customers(id INTEGER PRIMARY KEY NOT NULL, ${fields.map((field) => `${field} TEXT`).join(', ')});
        SELECT crsql_as_crr('customers')`);
    return { sqlite, database };
}

// Runs a statement once for every row of values.
async function runForAll({ sqlite, database }, sql, rows) {
    const text = sqlite.str_new(database, sql);
    const { stmt } = await sqlite.prepare_v2(database, sqlite.str_value(text));
    for (const values of rows) {
        await sqlite.reset(stmt);
        sqlite.bind_collection(stmt, values);
        await sqlite.step(stmt);
    }
    await sqlite.finalize(stmt);
    sqlite.str_finish(text);
}

async function inTransaction(state, work) {
    await state.sqlite.exec(state.database, 'BEGIN');
    await work();
    await state.sqlite.exec(state.database, 'COMMIT');
}

// A key as crsql_changes shows it: the number of columns, then type and length, then the integer big-endian in as few bytes as hold it.
function packedKey(row) {
    const bytes = [];
    for (let rest = row; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
    return Uint8Array.from([1, (bytes.length << 3) | 1, ...bytes]);
}

function siteOf(number) {
    const site = new Uint8Array(16);
    new DataView(site.buffer).setUint32(12, number + 1);
    return site;
}

export function prepare(workload) {
    const bundles = [];
    for (let number = 0; number < workload.bundles; number++) {
        const site = siteOf(number);
        // A device that has the base writes version 2 of a column, in its own first transaction.
        bundles.push(workload.bundle(number).map(({ row, field, value }, position) => [packedKey(row), `f${field}`, value, 2, 2, site, 1, position]));
    }
    return { base: workload, bundles, bytes: bundles.map((rows) => Buffer.from(JSON.stringify(rows.map(([key, ...rest]) => [Buffer.from(key).toString('hex'), ...rest.toSpliced(4, 1)])))) };
}

// A real device's changes must be the rows that `prepare` wrote.
export async function selfCheck(workload) {
    const { bundles } = prepare(workload);
    const state = await open({ base: workload });
    const { sqlite, database } = state;
    await inTransaction(state, async () => {
        for (const { row, field, value } of workload.bundle(0)) await sqlite.exec(database, `UPDATE customers SET f${field} = '${value}' WHERE id = ${row}`);
    });
    const found = new Set();
    await sqlite.exec(database, 'SELECT hex(pk), cid, val, col_version, db_version, cl FROM crsql_changes WHERE db_version = 2', (values) => found.add(values.join('|')));
    for (const [key, field, value, version, databaseVersion, , life] of bundles[0]) {
        const wanted = [Buffer.from(key).toString('hex').toUpperCase(), field, value, version, databaseVersion, life].join('|');
        if (!found.has(wanted)) throw new Error(`cr-sqlite itself would not send ${wanted}; it sends ${[...found].slice(0, 2).join(' and ')}.`);
    }
}

export async function open({ base }) {
    const state = await openDatabase();
    await inTransaction(state, () => runForAll(state, `INSERT INTO customers VALUES (${Array(fieldCount + 1).fill('?').join(',')})`, function* rows() {
        for (let row = 0; row < base.rows; row++) yield [row, ...fields.map((_, field) => base.baseValue(row, field))];
    }()));
    return state;
}

export async function merge(state, bundles) {
    await inTransaction(state, async () => {
        for (const rows of bundles) {
            await runForAll(state, 'INSERT INTO crsql_changes("table", pk, cid, val, col_version, db_version, site_id, cl, seq) VALUES (\'customers\', ?, ?, ?, ?, ?, ?, ?, ?)', rows);
        }
    });
}

export async function read({ sqlite, database }) {
    const rows = [];
    await sqlite.exec(database, 'SELECT * FROM customers ORDER BY id', (values) => rows.push([...values]));
    return (row, field) => rows[row][field + 1];
}
