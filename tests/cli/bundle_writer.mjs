// Bundles written from docs/bundle.md alone, with nothing of the program: what another program would write.
import { createHash } from 'node:crypto';

const constants = [];
const primes = [];
for (let number = 2; primes.length < 64; ++number) if (primes.every((prime) => number % prime !== 0)) primes.push(number);
const fraction = (root) => Math.floor((root - Math.floor(root)) * 2 ** 32) >>> 0;
for (const prime of primes) constants.push(fraction(Math.cbrt(prime)));

const rotate = (word, by) => (word >>> by) | (word << (32 - by));

// SHA-256 with eight initial words of one's own, padding included.
function hashFrom(start, bytes) {
    const padded = Buffer.alloc(Math.ceil((bytes.length + 9) / 64) * 64);
    bytes.copy(padded);
    padded[bytes.length] = 0x80;
    padded.writeBigUInt64BE(BigInt(bytes.length) * 8n, padded.length - 8);
    const state = Array.from({ length: 8 }, (_, index) => start.readUInt32BE(index * 4));
    const schedule = new Int32Array(64);
    for (let block = 0; block < padded.length; block += 64) {
        for (let index = 0; index < 16; ++index) schedule[index] = padded.readInt32BE(block + index * 4);
        for (let index = 16; index < 64; ++index) {
            const [a, b] = [schedule[index - 15], schedule[index - 2]];
            schedule[index] = schedule[index - 16] + (rotate(a, 7) ^ rotate(a, 18) ^ (a >>> 3)) + schedule[index - 7] + (rotate(b, 17) ^ rotate(b, 19) ^ (b >>> 10));
        }
        let [a, b, c, d, e, f, g, h] = state;
        for (let index = 0; index < 64; ++index) {
            const first = (h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) + constants[index] + schedule[index]) | 0;
            const second = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
            [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
        }
        [a, b, c, d, e, f, g, h].forEach((word, index) => { state[index] = (state[index] + word) >>> 0; });
    }
    const result = Buffer.alloc(32);
    state.forEach((word, index) => result.writeUInt32BE(word, index * 4));
    return result;
}

function unsigned(number) {
    const bytes = [];
    for (let rest = BigInt(number); ; rest >>= 7n) {
        if (rest < 128n) return Buffer.from([...bytes, Number(rest)]);
        bytes.push(Number(rest & 127n) | 128);
    }
}
const signed = (number) => unsigned(BigInt(number) >= 0n ? BigInt(number) * 2n : -BigInt(number) * 2n - 1n);
const text = (words) => Buffer.concat([unsigned(Buffer.byteLength(words)), Buffer.from(words)]);

export function makeId(number, milliseconds = 1795600000000) {
    const id = Buffer.alloc(16);
    id.writeUIntBE(milliseconds, 0, 6);
    id.writeUInt32BE(number >>> 0, 12);
    id[6] = 0x70;
    id[8] = 0x80;
    return id;
}

// Customers that one device has made, each by an action of its own. `names`: one each.
export function bundleOfCustomers({ device, deviceName, names, created }) {
    const records = names.map((name, index) => ({ id: makeId(device.readUInt32BE(12) * 1_000_000 + index + 1), fields: { name } }));
    return bundleOfWritten({ device, deviceName, records, created });
}

// Fields of customers that one device has written, each record by an action of its own, with nothing that it knew of.
export function bundleOfWritten({ device, deviceName, records, created = 1795673400000 }) {
    let chain = Buffer.concat([device, Buffer.alloc(16)]);
    const lines = records.map(({ id: row, fields }, index) => {
        const cells = Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1));
        chain = hashFrom(chain, Buffer.concat([signed(created), unsigned(index + 1), Buffer.from([0]), Buffer.alloc(16), text('customer'), row, unsigned(cells.length),
            ...cells.flatMap(([name, value]) => [text(name), Buffer.from([2]), text(value), unsigned(0)])]));
        return `[0,0,0,null,"customer","${row.toString('base64url')}",${JSON.stringify(Object.fromEntries(cells))}]`;
    });
    const id = device.toString('base64url');
    const covered = `{"format":"kehubu-bundle","version":2,
"catalog":1,
"created":${created},
"device":{"id":"${id}","name":${JSON.stringify(deviceName)},"letter":"A"},
"person":null,
"scope":"all",
"devices":["${id}"],
"since":[0],
"have":[${records.length}],
"chain_since":[null],
"chain_have":["${chain.toString('base64url')}"],
"people":[],
"clock":[${created},${created}],
"count":${records.length},
"certificate":null,
"changes":[
${lines.join(',\n')}
],
`;
    return `${covered}"digest":"${createHash('sha256').update(covered).digest('hex')}",\n"signature":null}\n`;
}
