// Medians, and the state of the machine: a figure is worth what the machine was worth when it was taken.
import { availableParallelism, loadavg } from 'node:os';

export function median(values) {
    const sorted = [...values].sort((left, right) => left - right);
    const middle = sorted.length >> 1;
    return sorted.length === 0 ? NaN : sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

// The value that a share of all is not above; 0.95 for p95.
export function quantile(values, share) {
    const sorted = [...values].sort((left, right) => left - right);
    return sorted.length === 0 ? NaN : sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
}

export function machine() {
    return `${availableParallelism()} cores, load ${loadavg()[0].toFixed(1)}, node ${process.versions.node}`;
}
