import { measure } from './engines.mjs';

globalThis.onmessage = async ({ data: { engineKey, size } }) => {
    try { postMessage(await measure(engineKey, size)); } catch (error) { postMessage({ error: String(error?.stack ?? error) }); }
};
