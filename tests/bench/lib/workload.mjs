// The one workload that everybody merges: bundles of one-field changes into rows of ten text fields.
//
// Every device knows the same base and nothing of the others, so two bundles that meet in a cell are concurrent. With a million changes on
// half a million cells, six cells in ten meet at least once: that is what merging is about. Within a bundle a cell occurs once.
//
// Everything is a pure function of (seed, bundle, position), from integer arithmetic that C++ does alike: tests/bench/workload.h is the same
// generator for our own side, and `node lib/workload.mjs` prints the checksum that both must have.
import { pathToFileURL } from 'node:url';

export const fieldCount = 10;

// Streams keep the draws for different purposes independent of each other.
const cellStream = 0x10000000;
const valueStream = 0x20000000;
const baseStream = 0x30000000;

// MurmurHash3's finaliser: every input bit changes every output bit with a probability of a half.
function mix(number) {
    let bits = number >>> 0;
    bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
    bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
    return (bits ^ (bits >>> 16)) >>> 0;
}

function draw(seed, stream, index) {
    return mix(mix((seed + stream) >>> 0) ^ Math.imul(index, 0x9e3779b1));
}

// Streets and districts, because that is what reps type; the number makes nearly every value a new one.
const words = ['中关村大街', '解放路', '人民中路', '滨海新区', '高新一路', '长江北路', '建设西街', '朝阳门外', '科技园南区', '天府三街', '软件大道', '湖滨路',
    '工业园东区', '和平里', '虹桥路', '深南大道'];

function valueFrom(bits) {
    return `${words[bits & 15]}${1000 + ((bits >>> 4) % 9000)}号`;
}

export class Workload {
    constructor({ seed = 20261121, bundles = 1000, changes = 1000, rows = 50000 } = {}) {
        if (changes > rows * fieldCount) throw new Error(`A bundle of ${changes} changes needs as many cells; ${rows} rows have ${rows * fieldCount}.`);
        Object.assign(this, { seed, bundles, changes, rows });
    }

    get totalChanges() { return this.bundles * this.changes; }

    baseValue(row, field) { return valueFrom(draw(this.seed, baseStream, row * fieldCount + field)); }

    // The changes of one bundle: [{ row, field, value }], in the order in which they were made.
    bundle(number) {
        const used = new Set();
        const made = [];
        for (let attempt = 0; made.length < this.changes; attempt++) {
            const cell = draw(this.seed, cellStream + number, attempt) % (this.rows * fieldCount);
            if (used.has(cell)) continue;
            used.add(cell);
            made.push({ row: Math.floor(cell / fieldCount), field: cell % fieldCount, value: valueFrom(draw(this.seed, valueStream + number, made.length)) });
        }
        return made;
    }

    // FNV-1a over "row,field,value;" of everything. Two generators with the same checksum make the same work.
    checksum() {
        const encoder = new TextEncoder();
        let hash = 0x811c9dc5;
        const add = (text) => { for (const byte of encoder.encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0; };
        for (let row = 0; row < this.rows; row++) for (let field = 0; field < fieldCount; field++) add(`${row},${field},${this.baseValue(row, field)};`);
        for (let number = 0; number < this.bundles; number++) for (const { row, field, value } of this.bundle(number)) add(`${row},${field},${value};`);
        return hash.toString(16).padStart(8, '0');
    }

    // What any right merge must give, whatever its rule for concurrent changes: a cell that one bundle changed has that value, one
    // that several changed has one of theirs, and the rest has the base. `read(row, field)` reads the merged state.
    check(read) {
        const written = new Map();
        for (let number = 0; number < this.bundles; number++) {
            for (const { row, field, value } of this.bundle(number)) {
                const cell = row * fieldCount + field;
                if (written.has(cell)) written.get(cell).push(value); else written.set(cell, [value]);
            }
        }
        for (let cell = 0; cell < this.rows * fieldCount; cell++) {
            const row = Math.floor(cell / fieldCount);
            const field = cell % fieldCount;
            const found = read(row, field);
            const allowed = written.get(cell) ?? [this.baseValue(row, field)];
            if (!allowed.includes(found)) throw new Error(`Row ${row}, field ${field} is '${found}' after the merge; it can only be one of: ${allowed.join(', ')}.`);
        }
    }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
    const [bundles, changes, rows] = process.argv.slice(2).map(Number);
    const workload = new Workload(rows ? { bundles, changes, rows } : { bundles: 10, changes: 100, rows: 500 });
    console.log(`${workload.bundles} bundles of ${workload.changes} changes into ${workload.rows} rows: ${workload.checksum()}`);
}
