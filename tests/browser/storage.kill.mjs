// A short kill loop for the long test run; tests/browser/kill_loop.mjs --rounds 500 is the real one. KEHUBU_KILL_ROUNDS sets the number.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { killLoop } from './kill_loop.mjs';

test('a browser killed while it writes: nothing torn, nothing acknowledged lost', async () => {
    const total = await killLoop({ rounds: Number(process.env.KEHUBU_KILL_ROUNDS ?? 10) });
    assert.deepEqual([total.torn, total.lost], [0, 0]);
    assert.ok(total.acknowledged > 0);
});
