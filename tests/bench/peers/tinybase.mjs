// TinyBase: a table in a MergeableStore; the merge is applyMergeableChanges. Parsing the JSON is not counted: bundles wait as objects.
import { createMergeableStore } from 'tinybase/mergeable-store';
import { fieldCount } from '../lib/workload.mjs';

export const name = 'TinyBase';
export const packageName = 'tinybase';

const table = 'customers';

function makeStore(uniqueId, at, fill) {
    const store = createMergeableStore(uniqueId, () => at);
    store.transaction(() => fill(store));
    return store;
}

export function prepare(workload) {
    const start = Date.UTC(2026, 10, 21);
    const base = JSON.stringify(makeStore('head-office', start, (store) => {
        for (let row = 0; row < workload.rows; row++) {
            for (let field = 0; field < fieldCount; field++) store.setCell(table, `r${row}`, `f${field}`, workload.baseValue(row, field));
        }
    }).getMergeableContent());
    const bytes = [];
    for (let number = 0; number < workload.bundles; number++) {
        // A device needs no copy of the base here: a TinyBase change does not name what it replaces.
        const store = makeStore(`device-${number}`, start + 1000 * (number + 1), (device) => {
            for (const { row, field, value } of workload.bundle(number)) device.setCell(table, `r${row}`, `f${field}`, value);
        });
        bytes.push(Buffer.from(JSON.stringify(store.getMergeableContent())));
    }
    return { base, bundles: bytes.map((text) => JSON.parse(text)), bytes };
}

export function open({ base }) {
    const store = createMergeableStore('merger');
    store.applyMergeableChanges(JSON.parse(base));
    return store;
}

export function merge(store, bundles) {
    for (const changes of bundles) store.applyMergeableChanges(changes);
}

export const read = (store) => (row, field) => store.getCell(table, `r${row}`, `f${field}`);
