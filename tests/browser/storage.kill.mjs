// A short kill loop. KEHUBU_LONG=1 tests/run.sh kill is the real one, of 500 rounds; KEHUBU_KILL_ROUNDS sets another number.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { killLoop } from './kill_loop.mjs';

test('a browser killed while it writes: nothing torn, nothing acknowledged lost', async () => {
    const total = await killLoop({ rounds: Number(process.env.KEHUBU_KILL_ROUNDS ?? 10) });
    assert.deepEqual([total.torn, total.lost], [0, 0]);
    assert.ok(total.acknowledged > 0);
});
