// Runs a program of its own for one measurement and reads the JSON that it prints as its last line.
import { spawn } from 'node:child_process';

export function runForJson(command, words, { timeout_s = 1800, cwd } = {}) {
    return new Promise((done, failed) => {
        const child = spawn(command, words, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
        let output = '';
        let complaint = '';
        const timer = setTimeout(() => { complaint += `\nIt was ended after ${timeout_s} s.`; child.kill('SIGKILL'); }, timeout_s * 1000);
        child.stdout.on('data', (text) => { output += text; });
        child.stderr.on('data', (text) => { complaint = (complaint + text).slice(-2000); });
        child.on('error', (error) => { clearTimeout(timer); failed(error); });
        child.on('close', (status) => {
            clearTimeout(timer);
            if (status !== 0) return failed(new Error(`${command} ${words.join(' ')} ended with status ${status}: ${complaint.trim()}`));
            const last = output.trim().split('\n').at(-1);
            try { done(JSON.parse(last)); } catch { failed(new Error(`${command} ${words.join(' ')} printed no figures; its last line was: ${last}`)); }
        });
    });
}

// One measurement of each in turn, again and again, so that a slow minute of the machine falls on everybody alike. A runner that fails once
// is left out from then on, and its reason is kept. After the first round, one that would end after `seconds` is left out as well: what takes
// long is repeated less often, and the table says how often. Gives a map from name to { results, error }.
export async function runInTurn(runners, runs, say, seconds = Infinity) {
    const outcome = new Map([...runners.keys()].map((name) => [name, { results: [], error: null, longest: 0 }]));
    const started = performance.now();
    const elapsed = () => (performance.now() - started) / 1000;
    for (let run = 0; run < runs; run++) {
        for (const [name, runner] of runners) {
            const kept = outcome.get(name);
            const before = elapsed();
            if (kept.error || (run > 0 && before + kept.longest > seconds)) continue;
            say(`${name}, run ${run + 1} of ${runs}`);
            try { kept.results.push(await runner(run)); } catch (error) { kept.error = error; }
            kept.longest = Math.max(kept.longest, elapsed() - before);
        }
    }
    return outcome;
}
