// Automerge: a map per row in a map of rows; the merge is applyChanges of all devices at once (quicker than loadIncremental).
import * as Automerge from '@automerge/automerge';
import { fieldCount } from '../lib/workload.mjs';

export const name = 'Automerge';
export const packageName = '@automerge/automerge';

const actor = (number) => number.toString(16).padStart(32, '0');

export function prepare(workload) {
    let base = Automerge.init({ actor: actor(0) });
    base = Automerge.change(base, (doc) => {
        doc.rows = {};
        for (let row = 0; row < workload.rows; row++) {
            const fields = {};
            for (let field = 0; field < fieldCount; field++) fields[`f${field}`] = workload.baseValue(row, field);
            doc.rows[`r${row}`] = fields;
        }
    });
    const saved = Automerge.save(base);
    const bundles = [];
    for (let number = 0; number < workload.bundles; number++) {
        const device = Automerge.change(Automerge.clone(base, { actor: actor(number + 1) }), (doc) => {
            for (const { row, field, value } of workload.bundle(number)) doc.rows[`r${row}`][`f${field}`] = value;
        });
        bundles.push(Automerge.getLastLocalChange(device));
        Automerge.free(device);
    }
    return { base: saved, bundles, bytes: bundles };
}

export const open = ({ base }) => ({ doc: Automerge.load(base, { actor: actor(0xffff) }) });

export function merge(state, bundles) {
    [state.doc] = Automerge.applyChanges(state.doc, bundles);
}

export const read = ({ doc }) => (row, field) => String(doc.rows[`r${row}`][`f${field}`]);
