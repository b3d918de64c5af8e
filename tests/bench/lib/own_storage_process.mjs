// Our own storage in a fresh Chromium, once; prints one line of JSON. The measuring itself is storage.bench.mjs.
//
//   node lib/own_storage_process.mjs '{"smallRows":20000,"largeRows":1000000,"edits":300,"rounds":3}'
import { measureKehubuStorage } from '../storage.bench.mjs';
import { median } from './measure.mjs';

const figures = await measureKehubuStorage(JSON.parse(process.argv[2]));
const of = (part) => ({
    call_ms: median(part.call), durable_ms: median(part.durable), raw_ms: median(part.raw), thousand_s: median(part.thousand) / 1000, image_mib: part.image / 2 ** 20 });
console.log(JSON.stringify({
    small: of(figures.small), large: of(figures.large), big_ms: median(figures.big), big_raw_ms: median(figures.bigPacked),
    work_ms: median(figures.workOurs), work_wa_sqlite_ms: median(figures.workWaSqlite), load_ms: median(figures.load), load_mib: figures.loadImage / 2 ** 20 }));
