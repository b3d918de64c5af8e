// Loro: a map per row in a map of rows; the merge is importBatch of each device's update.
import { LoroDoc, LoroMap } from 'loro-crdt';
import { fieldCount } from '../lib/workload.mjs';

export const name = 'Loro';
export const packageName = 'loro-crdt';

export function prepare(workload) {
    const base = new LoroDoc();
    base.setPeerId(1n);
    const rows = base.getMap('rows');
    for (let row = 0; row < workload.rows; row++) {
        const fields = rows.setContainer(`r${row}`, new LoroMap());
        for (let field = 0; field < fieldCount; field++) fields.set(`f${field}`, workload.baseValue(row, field));
    }
    base.commit();
    const known = base.version();
    const snapshot = base.export({ mode: 'snapshot' });
    const bundles = [];
    for (let number = 0; number < workload.bundles; number++) {
        const device = base.fork();
        device.setPeerId(BigInt(1000 + number));
        const deviceRows = device.getMap('rows');
        for (const { row, field, value } of workload.bundle(number)) deviceRows.get(`r${row}`).set(`f${field}`, value);
        device.commit();
        bundles.push(device.export({ mode: 'update', from: known }));
        device.free();
    }
    return { base: snapshot, bundles, bytes: bundles };
}

export function open({ base }) {
    const doc = new LoroDoc();
    doc.import(base);
    return doc;
}

export function merge(doc, bundles) {
    for (const update of bundles) doc.import(update);
}

export const read = (doc) => {
    const rows = doc.getMap('rows').toJSON();
    return (row, field) => rows[`r${row}`][`f${field}`];
};
