// Two programs on one database: never both at once, whatever they are, and what is told as done is there.
import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { bundleOfCustomers, makeId } from './bundle_writer.mjs';
import { removeFolder, run, start, temporaryFolder, until } from './program.mjs';

describe('two programs on one database', () => {
    let folder;
    let bundles;
    before(async () => {
        folder = await temporaryFolder();
        bundles = [];
        for (let number = 1; number <= 6; ++number) {
            const path = join(folder, `${number}.json`);
            await writeFile(path, bundleOfCustomers({ device: makeId(number), deviceName: `Tablet ${number}`, names: Array.from({ length: 20 }, (_, index) => `客户 ${number}-${index}`) }));
            bundles.push(path);
        }
    });
    after(() => removeFolder(folder));

    async function newDatabase(name) {
        await mkdir(join(folder, name));
        const path = join(folder, name, 'office.db');
        assert.equal((await run(['new', path, '--name', '总部'])).code, 0);
        return path;
    }
    // A merge that has opened the database and waits for its bundle.
    async function mergeInTheMiddle(path) {
        const merge = start(['merge', path, '-'], { keepOpen: true });
        await until(async () => (await run(['hash', path, '--wait', '0'])).code === 4, 'the merge has the database open');
        return merge;
    }
    const hash = async (path) => (await run(['hash', path])).said.split('\n').slice(0, 2).map((line) => line.split(' ')[0]);
    const isSound = async (path) => assert.deepEqual([(await run(['verify', path])).code, (await run(['verify', path])).complained], [0, '']);

    test('a merge that stands between opening and writing keeps a second one waiting, and both arrive whole', async () => {
        const path = await newDatabase('between');
        const first = await mergeInTheMiddle(path);
        const second = start(['merge', path, bundles[1]]);
        await until(() => second.complained.includes('waiting for it') || second.exitCode !== null, 'the second one waits');
        assert.equal(second.exitCode, null, `the second ended first: ${second.said}${second.complained}`);
        first.stdin.end(await readFile(bundles[0]));
        assert.equal((await first.ended).code, 0);
        assert.equal((await second.ended).code, 0);
        await isSound(path);
        const alone = await newDatabase('alone');
        assert.equal((await run(['merge', alone, bundles[0], bundles[1]])).code, 0);
        assert.deepEqual(await hash(path), await hash(alone));
    });

    test('six merges at once are six merges', async () => {
        const path = await newDatabase('six');
        const results = await Promise.all(bundles.map((bundle) => run(['merge', path, bundle])));
        assert.deepEqual(results.map((result) => result.code), [0, 0, 0, 0, 0, 0], JSON.stringify(results));
        await isSound(path);
        assert.match((await run(['show', path])).said, /^120 {2}customer/m);
        const alone = await newDatabase('six-alone');
        await run(['merge', alone, ...bundles]);
        assert.deepEqual(await hash(path), await hash(alone));
    });

    for (const [command, ...rest] of [['verify'], ['show'], ['hash'], ['conflicts'], ['export', '-o', '/dev/null'], ['merge', 'MISSING.json']]) {
        test(`"${command}" beside a merge waits, and with --wait 0 is refused in a sentence`, async () => {
            const path = await newDatabase(`beside-${command}`);
            const merge = await mergeInTheMiddle(path);
            const refused = await run([command, path, ...rest, '--wait', '0']);
            assert.equal(refused.code, 4);
            assert.equal(refused.said, '');
            assert.match(refused.complained, /is in use by another kehubu; it was neither read nor changed\. Try again/);
            assert.ok(!refused.complained.includes('MISSING'), 'no file was read before the database was free');
            const waiting = start([command, path, ...rest]);
            await until(() => waiting.complained.includes('waiting for it'), 'it says that it waits');
            merge.stdin.end(await readFile(bundles[0]));
            assert.equal((await merge.ended).code, 0);
            assert.equal((await waiting.ended).code, command === 'merge' ? 1 : 0, waiting.complained);
        });
    }

    test('looking does not keep others from looking', async () => {
        const path = await newDatabase('lookers');
        await run(['merge', path, ...bundles]);
        const results = await Promise.all(Array.from({ length: 4 }, () => run(['verify', path, '--wait', '0'])));
        assert.deepEqual(results.map((result) => result.code), [0, 0, 0, 0], JSON.stringify(results));
    });

    test('a merge that is killed leaves no lock and no half', async () => {
        const path = await newDatabase('killed');
        const merge = await mergeInTheMiddle(path);
        merge.kill('SIGKILL');
        await merge.ended;
        assert.equal((await run(['merge', path, bundles[0], '--wait', '0'])).code, 0);
        await isSound(path);
    });

    test('two that make the same new database: one makes it, the other says that it exists', async () => {
        const path = join(folder, 'twice.db');
        const results = await Promise.all([1, 2, 3].map((number) => run(['new', path, '--name', `Office ${number}`])));
        assert.deepEqual(results.map((result) => result.code).sort(), [0, 1, 1], JSON.stringify(results));
        await isSound(path);
    });
});
