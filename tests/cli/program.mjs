// The real program, run as a person or a script would.
import { spawn } from 'node:child_process';
import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const program = process.env.KEHUBU_PROGRAM ?? fileURLToPath(new URL('../../build/native-debug/bin/kehubu', import.meta.url));
await access(program).catch(() => { throw new Error(`${program} is missing: cmake --preset native-debug && cmake --build build/native-debug --target kehubu`); });

export const temporaryFolder = () => mkdtemp(join(tmpdir(), 'kehubu-cli-'));
export const removeFolder = (folder) => rm(folder, { recursive: true, force: true });

// `shell` is a prefix such as "ulimit -f 8;". Without `keepOpen` there is nothing on standard input.
export function start(words, { language = 'en_US.UTF-8', shell = '', asNobody = false, cwd, keepOpen = false, variables = {} } = {}) {
    const environment = { ...process.env, LC_ALL: '', LC_MESSAGES: '', LANG: language, ...variables };
    const identity = asNobody && process.getuid() === 0 ? { uid: 65534, gid: 65534 } : {};
    const options = { env: environment, cwd, stdio: [keepOpen ? 'pipe' : 'ignore', 'pipe', 'pipe'], ...identity };
    const child = shell ? spawn('bash', ['-c', `${shell} exec "$0" "$@"`, program, ...words], options) : spawn(program, words, options);
    child.said = '';
    child.complained = '';
    child.stdout.on('data', (data) => { child.said += data; });
    child.stderr.on('data', (data) => { child.complained += data; });
    child.ended = new Promise((resolve, reject) => {
        child.on('error', reject);
        child.on('close', (code, signal) => resolve({ code: signal ?? code, said: child.said, complained: child.complained }));
    });
    return child;
}

export const run = (words, options) => start(words, options).ended;

export async function until(condition, what) {
    for (const started = Date.now(); Date.now() - started < 60_000; await new Promise((resolve) => setTimeout(resolve, 10))) {
        if (await condition()) return;
    }
    throw new Error(`waited a minute in vain: ${what}`);
}
