// Measures one peer's merge in a process of its own, so that heaps do not mix and one that runs out of memory takes nobody with it:
//
//   node lib/merge_process.mjs <peer> '{"bundles":100,"changes":1000,"rows":5000}' [check]
//
// Prints one line of JSON. Making the bundles and opening the base are not counted. `check` also proves the bundles and the result.
import { performance } from 'node:perf_hooks';
import { gzipSync } from 'node:zlib';
import { Workload } from './workload.mjs';

const [peerFile, workloadText, check] = process.argv.slice(2);
const peer = await import(`../peers/${peerFile}.mjs`);
const workload = new Workload(JSON.parse(workloadText));

async function seconds(work) {
    const started = performance.now();
    await work();
    return (performance.now() - started) / 1000;
}

if (check) await peer.selfCheck?.(workload);
const prepared = await peer.prepare(workload);
const state = await peer.open(prepared);
globalThis.gc?.();
const before_mib = process.memoryUsage().rss / 2 ** 20;
const merge_s = await seconds(() => peer.merge(state, prepared.bundles));
const again_s = await seconds(() => peer.merge(state, prepared.bundles));
const peak_mib = process.resourceUsage().maxRSS / 1024;
if (check) workload.check(await peer.read(state));

const bundle = prepared.bytes[0];
console.log(JSON.stringify({
    merge_s, again_s, before_mib, peak_mib,
    change_bytes: bundle.length / workload.changes, change_gzip_bytes: gzipSync(bundle, { level: 9 }).length / workload.changes,
}));
