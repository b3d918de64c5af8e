// Runs an engine on this page, or in a worker where only a worker may have it.
import { engines, measure } from './engines.mjs';

globalThis.measureEngine = (engineKey, size) => {
    if (!engines[engineKey].inWorker) return measure(engineKey, size);
    return new Promise((done, failed) => {
        const worker = new Worker('/storage_peers/worker.mjs', { type: 'module' });
        worker.onmessage = ({ data }) => { worker.terminate(); if (data.error) failed(new Error(data.error)); else done(data); };
        worker.onerror = ({ message }) => failed(new Error(message));
        worker.postMessage({ engineKey, size });
    });
};
