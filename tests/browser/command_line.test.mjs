// Head office's command line and the page: each reads what the other wrote, and both show the same fingerprint.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openTablet, removeFolder, startSite, temporaryFolder } from './driver.mjs';
import { addCustomer, fingerprint, openCustomer, sendBundle, startEmpty, startFromBundle } from './steps.mjs';

const program = process.env.KEHUBU_PROGRAM ?? fileURLToPath(new URL('../../build/native-debug/bin/kehubu', import.meta.url));
const kehubu = async (...words) => (await promisify(execFile)(program, words)).stdout;

describe('the command line', () => {
    let site;
    let folder;
    const tablets = [];
    before(async () => {
        await access(program).catch(() => { throw new Error(`${program} is missing: cmake --preset native-debug && cmake --build build/native-debug --target kehubu`); });
        site = await startSite();
        folder = await temporaryFolder('command-line');
    });
    after(async () => {
        for (const tablet of tablets) await tablet.remove();
        if (folder) await removeFolder(folder);
        await site?.close();
    });
    async function open() {
        const tablet = await openTablet({ site });
        tablets.push(tablet);
        return tablet;
    }

    test('reads what a tablet wrote, a tablet reads what it wrote, and all have the same fingerprint', { timeout: 180_000 }, async () => {
        const database = join(folder, 'office.db');
        const first = await open();
        await startEmpty(first, { name: '王敏', code: 'R07', role: '销售代表', company: '南粤食品' });
        await addCustomer(first, '龘喆餐饮 🍜');
        const bundle = await sendBundle(first, folder);
        await kehubu('verify', bundle);
        await kehubu('new', database, '--name', '总部');
        await kehubu('merge', database, bundle);
        await kehubu('verify', database);
        const shown = (await fingerprint(first)).replaceAll(' ', '');
        assert.ok((await kehubu('hash', database)).includes(shown));

        const answer = join(folder, 'answer.json');
        await kehubu('export', database, '-o', answer);
        const second = await open();
        await startFromBundle(second, answer, '王敏');
        await openCustomer(second, '龘喆餐饮 🍜');
        assert.equal((await fingerprint(second)).replaceAll(' ', ''), shown);
    });
});
