// What a file that the page handed over must be, whoever asked for it.
import { gunzipSync } from 'node:zlib';

// A little CSV, as our own export writes it.
export function rowsOf(csv) {
    const rows = [[]];
    let cell = '', quoted = false;
    for (let at = 0; at < csv.length; at++) {
        const letter = csv[at];
        if (quoted) {
            if (letter !== '"') cell += letter;
            else if (csv[at + 1] === '"') { cell += '"'; at++; } else quoted = false;
        } else if (letter === '"') quoted = true;
        else if (letter === ',' || letter === '\n') {
            rows.at(-1).push(cell.replace(/\r$/, ''));
            cell = '';
            if (letter === '\n') rows.push([]);
        } else cell += letter;
    }
    return rows.filter((row) => row.length > 0);
}

export const textOf = (bytes) => new TextDecoder('utf-8', { fatal: true }).decode(bytes);

function faultOfTable(bytes) {
    if (!bytes.subarray(0, 3).equals(Buffer.from([0xEF, 0xBB, 0xBF]))) return 'Excel would not know that it is UTF-8: there is no mark in front';
    const [head, ...rows] = rowsOf(textOf(bytes));
    if (!head?.length || head.some((name) => !name.trim())) return `headings are missing: ${head}`;
    if (new Set(head).size !== head.length) return `two columns have one heading: ${head}`;
    const crooked = rows.find((row) => row.length !== head.length);
    if (crooked) return `a row of ${crooked.length} cells under ${head.length} headings: ${crooked}`;
    const spoilt = rows.flat().find((cell) => /^(undefined|null|NaN|\[object .*)$/.test(cell));
    return spoilt === undefined ? null : `a cell says ${spoilt}`;
}

function faultOfBundle(bytes) {
    const bundle = JSON.parse(textOf(bytes));
    if (bundle.format !== 'kehubu-bundle') return `its format is ${bundle.format}`;
    return bundle.changes?.length === bundle.count ? null : `it says ${bundle.count} changes and has ${bundle.changes?.length}`;
}

// A sentence, or null.
export function faultOfFile({ name, bytes }) {
    try {
        if (!bytes.length) return 'it is empty';
        if (/[\\/:*?"<>|\p{Cc}]|undefined|NaN/u.test(name)) return 'a name that not every system takes';
        if (name.endsWith('.csv')) return faultOfTable(bytes);
        if (name.endsWith('.json')) return faultOfBundle(bytes);
        if (name.endsWith('.json.gz')) return faultOfBundle(gunzipSync(bytes));
        return 'nobody knows what kind of file this is';
    } catch (error) {
        return error.message;
    }
}
