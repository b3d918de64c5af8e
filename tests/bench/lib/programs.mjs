// Our own benchmark programs, as tests/run.sh bench builds them. KEHUBU_BENCH_NATIVE and KEHUBU_BENCH_WASM name other build folders.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { runForJson } from './run_process.mjs';

const nativeFolder = process.env.KEHUBU_BENCH_NATIVE ?? 'build/native-release';
const wasmFolder = process.env.KEHUBU_BENCH_WASM ?? 'build/wasm-tests';

export const nativeProgram = (root, name) => resolve(root, nativeFolder, 'bin', name);

// [{ who, run }], wasm first; what is not built is not there. `run` takes the words of the command line.
export function runnersOf(root, name) {
    const wasm = resolve(root, wasmFolder, 'bin', `${name}.js`);
    const native = nativeProgram(root, name);
    const runners = [];
    if (existsSync(wasm)) runners.push({ who: 'Kehubu, wasm', run: (words) => runForJson(process.execPath, ['--stack-size=4000', wasm, ...words], { cwd: root }) });
    if (existsSync(native)) runners.push({ who: 'Kehubu, native', run: (words) => runForJson(native, words, { cwd: root }) });
    return runners;
}
