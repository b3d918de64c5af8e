// Names and versions of the peers, as installed from package-lock.json.
import { readFileSync } from 'node:fs';

export const packagesFolder = new URL('../node_modules/', import.meta.url);

export function versionOf(packageName) {
    return JSON.parse(readFileSync(new URL(`${packageName}/package.json`, packagesFolder), 'utf8')).version;
}
