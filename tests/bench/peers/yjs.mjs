// Yjs: a Y.Map per row in a Y.Map of rows; the merge is applyUpdate.
import * as Y from 'yjs';
import * as encoding from 'lib0/encoding';
import { fieldCount } from '../lib/workload.mjs';

export const name = 'Yjs';
export const packageName = 'yjs';

const baseClient = 1;

function makeBase(workload) {
    const doc = new Y.Doc();
    doc.clientID = baseClient;
    const rows = doc.getMap('rows');
    doc.transact(() => {
        for (let row = 0; row < workload.rows; row++) {
            const fields = new Y.Map();
            for (let field = 0; field < fieldCount; field++) fields.set(`f${field}`, workload.baseValue(row, field));
            rows.set(`r${row}`, fields);
        }
    });
    return Y.encodeStateAsUpdate(doc);
}

// Where a base cell stands in the base client's sequence: a row takes one item for its map and one for each field.
const baseClock = (row, field) => row * (fieldCount + 1) + 1 + field;

// A device that knows the base would be a copy of it, and a thousand copies take hours to make. So its update is written as Yjs's format
// (version 1) says; `selfCheck` proves with real copies that the bytes are the same.
function writeUpdate(changes, client) {
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, 1);
    encoding.writeVarUint(encoder, changes.length);
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, 0);
    for (const { row, field, value } of changes) {
        encoding.writeUint8(encoder, 8 | 0x80 | 0x20); // any content, after the item that it replaces, under a key
        encoding.writeVarUint(encoder, baseClient);
        encoding.writeVarUint(encoder, baseClock(row, field));
        encoding.writeVarUint(encoder, 1);
        encoding.writeAny(encoder, value);
    }
    // What was replaced is deleted: runs of neighbours, in order.
    const clocks = changes.map(({ row, field }) => baseClock(row, field)).sort((left, right) => left - right);
    const runs = [];
    for (const clock of clocks) {
        const last = runs.at(-1);
        if (last && last.clock + last.length === clock) last.length++; else runs.push({ clock, length: 1 });
    }
    encoding.writeVarUint(encoder, 1);
    encoding.writeVarUint(encoder, baseClient);
    encoding.writeVarUint(encoder, runs.length);
    for (const { clock, length } of runs) { encoding.writeVarUint(encoder, clock); encoding.writeVarUint(encoder, length); }
    return encoding.toUint8Array(encoder);
}

const clientOf = (bundle) => 1000 + bundle;

export function prepare(workload) {
    const base = makeBase(workload);
    const bundles = [];
    for (let number = 0; number < workload.bundles; number++) bundles.push(writeUpdate(workload.bundle(number), clientOf(number)));
    return { base, bundles, bytes: bundles };
}

export function selfCheck(workload) {
    const { base, bundles } = prepare(workload);
    for (let number = 0; number < Math.min(3, workload.bundles); number++) {
        const device = new Y.Doc();
        Y.applyUpdate(device, base);
        device.clientID = clientOf(number);
        const known = Y.encodeStateVector(device);
        const rows = device.getMap('rows');
        device.transact(() => { for (const { row, field, value } of workload.bundle(number)) rows.get(`r${row}`).set(`f${field}`, value); });
        // The real update repeats what the base has deleted, which is nothing here.
        if (Buffer.compare(Buffer.from(Y.encodeStateAsUpdate(device, known)), Buffer.from(bundles[number])) !== 0) {
            throw new Error(`Bundle ${number} is not what Yjs itself would send.`);
        }
    }
}

export function open({ base }) {
    const doc = new Y.Doc();
    Y.applyUpdate(doc, base);
    return doc;
}

export function merge(doc, bundles) {
    // One transaction around all of them: its clean-up, which is a good part of Yjs's time, then runs once.
    doc.transact(() => { for (const update of bundles) Y.applyUpdate(doc, update); });
}

export const read = (doc) => {
    const rows = doc.getMap('rows');
    return (row, field) => rows.get(`r${row}`).get(`f${field}`);
};
