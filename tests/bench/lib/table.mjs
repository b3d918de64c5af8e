// The one table: every figure is a row, rows of the same goal stand together, and each is set against ours as a ratio.

const units = {
    seconds: (value) => (value < 0.0995 ? `${(value * 1000).toPrecision(2)} ms` : `${value.toPrecision(3)} s`),
    milliseconds: (value) => (value >= 1000 ? `${(value / 1000).toPrecision(3)} s` : value < 1 ? `${value.toFixed(2)} ms` : `${value.toPrecision(3)} ms`),
    bytes: (value) => (value >= 1e6 ? `${(value / 1e6).toFixed(2)} MB` : value >= 1e4 ? `${Math.round(value / 1e3)} KB` : `${value.toFixed(1)} B`),
    mebibytes: (value) => `${Math.round(value)} MiB`,
    count: (value) => String(Math.round(value)),
};

export const format = (unit, value) => (Number.isFinite(value) ? units[unit](value) : '–');

export class Table {
    #rows = [];

    // goal: 'P9'; what: the measure, the same text for all that compare; who: ours or a peer's name with its version; value: the median.
    // ours: the figure that `ratio` is taken against. It is given by the caller because a peer at another scale has another one.
    add({ goal, what, who, unit, value, low, high, runs, ours, target, note = '' }) {
        this.#rows.push({ goal, what, who, unit, value, low, high, runs, ratio: Number.isFinite(ours) && ours > 0 ? value / ours : undefined, target, note });
    }

    get rows() { return this.#rows; }

    // Markdown, with columns wide enough that it reads as plain text too.
    toString() {
        const goalNumber = ({ goal }) => Number(goal.slice(1));
        // Sorting keeps the order within equals; rows of one measure stand together, where its first row was added.
        const firstOf = new Map();
        for (const { goal, what } of this.#rows) if (!firstOf.has(`${goal} ${what}`)) firstOf.set(`${goal} ${what}`, firstOf.size);
        const order = ({ goal, what }) => firstOf.get(`${goal} ${what}`);
        const sorted = [...this.#rows].sort((left, right) => goalNumber(left) - goalNumber(right) || order(left) - order(right));
        const lines = [['goal', 'what', 'who', 'median', 'low – high', 'runs', '× ours', 'wanted', 'remark']];
        let previous = '';
        for (const row of sorted) {
            const heading = `${row.goal} ${row.what}`;
            const shown = heading === previous ? ['', ''] : [row.goal, row.what];
            previous = heading;
            const range = row.runs > 1 && Number.isFinite(row.low) ? `${format(row.unit, row.low)} – ${format(row.unit, row.high)}` : '';
            lines.push([...shown, row.who, format(row.unit, row.value), range, String(row.runs ?? ''),
                row.ratio === undefined ? '' : row.ratio >= 100 ? row.ratio.toFixed(0) : row.ratio.toPrecision(2), row.target ?? '', row.note]);
        }
        const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
        const draw = (line) => `| ${line.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
        return [draw(lines[0]), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...lines.slice(1).map(draw)].join('\n');
    }
}
