// Whatever goes wrong is told in one sentence of the chosen language: what happened, where, and what to do. Nothing is left behind.
import assert from 'node:assert/strict';
import { chmod, copyFile, mkdir, open, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { after, before, describe, test } from 'node:test';
import { bundleOfCustomers, bundleOfWritten, makeId } from './bundle_writer.mjs';
import { removeFolder, run, temporaryFolder } from './program.mjs';

const programmersWords = /sqlite|errno|SQL|unable to|no such table|disk I\/O|malformed|not a database$|EFBIG|EACCES|Is a directory|No such file or directory/;

describe('the command line says what went wrong', () => {
    let folder;
    let sound;      // a database with content
    let bundle;     // a bundle that it does not know
    let places = 0;
    before(async () => {
        folder = await temporaryFolder();
        await chmod(folder, 0o755);
        sound = join(folder, 'sound.db');
        bundle = join(folder, 'bundle.json');
        const first = join(folder, 'first.json');
        await writeFile(first, bundleOfCustomers({ device: makeId(1), deviceName: '王敏的平板', names: Array.from({ length: 400 }, (_, index) => `客户 ${index}`) }));
        await writeFile(bundle, bundleOfCustomers({ device: makeId(2), deviceName: '李强的平板', names: Array.from({ length: 400 }, (_, index) => `公司 ${index}`) }));
        assert.equal((await run(['new', sound, '--name', '总部'])).code, 0);
        assert.equal((await run(['merge', sound, first])).code, 0);
    });
    after(async () => {
        await run([], { shell: `chmod -R u+rwX '${folder}'; true;` });
        await removeFolder(folder);
    });
    async function ownFolder() {
        const place = join(folder, `place-${++places}`);
        await mkdir(place);
        return place;
    }
    async function ownCopy() {
        const path = join(await ownFolder(), 'office.db');
        await copyFile(sound, path);
        return path;
    }

    // Runs it in both languages. Every argument is a path or plain, so that letters of the other language in the answer are the program's.
    async function failsWith(code, words, { zh, en, ...options }) {
        const answers = [];
        for (const [language, expected] of [['zh_CN.UTF-8', zh], ['en_US.UTF-8', en]]) {
            const result = await run(words, { language, ...options });
            assert.equal(result.code, code, `${words.join(' ')}: ${result.code} ${result.said}${result.complained}`);
            const told = result.complained;
            assert.match(told, expected);
            assert.doesNotMatch(told, programmersWords);
            assert.match(told.trimEnd(), /[。.)）]$/);
            const alone = words.reduce((rest, word) => (word ? rest.replaceAll(word, '') : rest), told).replace(/kehubu( [a-z]+)?|--?[a-z]+( [A-Z]+)?|office\.db|\.gz|\.json|UTF-8|MiB|CSV/g, '');
            if (language.startsWith('zh')) assert.doesNotMatch(alone, /[A-Za-z]{3,}/, alone);
            else assert.doesNotMatch(alone.replaceAll('总部', ''), /[\u3000-\u9fff\uff00-\uffef]/, alone);
            answers.push(result);
        }
        return answers;
    }

    test('a database that is not there, is a folder, a text, damaged, or another program\'s', async () => {
        const place = await ownFolder();
        const text = join(place, 'text.db');
        await writeFile(text, 'hello');
        const empty = join(place, 'empty.db');
        await writeFile(empty, '');
        for (const command of ['merge', 'export', 'hash', 'conflicts', 'show']) {
            const rest = command === 'merge' ? [bundle] : [];
            if (command !== 'show') {
                await failsWith(4, [command, text, ...rest], { zh: /不是客户簿的数据库/, en: /is not a database of Kehubu/ });
                await failsWith(4, [command, empty, ...rest], { zh: /不是客户簿的数据库/, en: /is not a database of Kehubu/ });
                await failsWith(4, [command, place, ...rest], { zh: /这是文件夹/, en: /This is a folder/ });
                await failsWith(4, [command, join(place, 'none.db'), ...rest], { zh: /没有数据库/, en: /There is no database/ });
            } else {
                await failsWith(1, [command, place], { zh: /这是文件夹/, en: /This is a folder/ });
                await failsWith(1, [command, join(place, 'none.db')], { zh: /没有这个文件/, en: /There is no such file/ });
            }
        }
        const damaged = await ownCopy();
        const file = await open(damaged, 'r+');
        await file.write(Buffer.alloc(8192, 0x5a), 0, 8192, 4096);
        await file.close();
        for (const [command, ...rest] of [['verify'], ['hash'], ['show', 'customer'], ['merge', bundle], ['export', '-o', '/dev/null']]) {
            await failsWith(4, [command, damaged, ...rest], { zh: /数据库文件已损坏。请改用最近的备份/, en: /The database file is damaged\. Use the latest backup/ });
        }
        const foreign = join(place, 'foreign.db');
        const page = Buffer.from(await readFile(sound)).subarray(0, 4096);
        page.fill(0, 100);
        page.writeUInt32BE(1, 28);
        Buffer.from([0x0d, 0, 0, 0, 0, 0x10, 0, 0]).copy(page, 100);  // a table of tables with nothing in it
        await writeFile(foreign, page);
        await failsWith(4, ['merge', foreign, bundle], { zh: /这不是客户簿的数据库，没有改动它/, en: /This is not a database of Kehubu, and it was left alone/ });
        assert.deepEqual(await readFile(foreign), page);
    });

    test('reading commands work on a file and in a folder that may not be written; writing ones say why not', async () => {
        const path = await ownCopy();
        const place = join(path, '..');
        const output = join(await ownFolder(), 'out.json');
        await chmod(join(output, '..'), 0o777);
        for (const [fileMode, folderMode] of [[0o444, 0o755], [0o444, 0o555], [0o644, 0o555]]) {
            await chmod(path, fileMode);
            await chmod(place, folderMode);
            for (const words of [['verify', path], ['hash', path], ['show', path], ['show', path, 'customer'], ['conflicts', path], ['export', path, '-o', output]]) {
                const result = await run(words, { asNobody: true });
                assert.deepEqual([result.code, result.complained], [0, ''], words.join(' '));
            }
            assert.equal((await run(['hash', path], { asNobody: true })).said, (await run(['hash', sound])).said);
            assert.equal((await run(['verify', output])).code, 0);
            await failsWith(4, ['merge', path, bundle], { zh: /没有权限。请检查|打不开。请检查|只读/, en: /Permission denied\. Check|cannot be opened\. Check|read-only/, asNobody: true });
            if (folderMode === 0o555) await failsWith(4, ['new', join(place, 'another.db'), '--name', 'x'], { zh: /没有权限/, en: /Permission denied/, asNobody: true });
            assert.deepEqual(await readdir(place), ['office.db']);
        }
    });

    test('a limit of the size of files: nothing is half there, and the database is as before', async () => {
        const path = await ownCopy();
        const place = join(path, '..');
        const before = (await run(['hash', path])).said;
        const blocks = Math.floor((await stat(path)).size / 1024) + 1;
        await failsWith(4, ['merge', path, bundle], { zh: /office\.db：.*文件大小到了系统允许的上限.*请/, en: /office\.db: .*reached the size that the system allows.*Try/, shell: `ulimit -f ${blocks};` });
        assert.equal((await run(['hash', path])).said, before);
        assert.equal((await run(['verify', path])).code, 0);
        await failsWith(4, ['export', path, '-o', join(place, 'out.json')], { zh: /文件大小到了系统允许的上限/, en: /reached the size that the system allows/, shell: 'ulimit -f 8;' });
        await failsWith(4, ['new', join(place, 'another.db'), '--name', 'x'], { zh: /文件大小到了系统允许的上限/, en: /reached the size that the system allows/, shell: 'ulimit -f 8;' });
        assert.deepEqual(await readdir(place), ['office.db']);
        assert.equal((await run(['merge', path, bundle])).code, 0);
    });

    test('a full disk, for bundles and for what is said', async () => {
        await failsWith(4, ['export', sound, '-o', '/dev/full'], { zh: /存储空间已满/, en: /There is no space left/ });
        await failsWith(4, ['hash', sound], { zh: /标准输出：存储空间已满/, en: /standard output: There is no space left/, shell: 'exec >/dev/full;' });
        const [, once] = await failsWith(4, ['export', sound, '-o', '-'], { zh: /^kehubu: 标准输入或标准输出：存储空间已满/, en: /^kehubu: standard input or output: There is no space left/, shell: 'exec >/dev/full;' });
        assert.equal(once.complained.trimEnd().split('\n').length, 1, once.complained);
        const path = await ownCopy();
        const full = join(path, '..', 'disk');
        await mkdir(full);
        const mounted = await run(['help'], { shell: `unshare -rm mount -t tmpfs none '${full}' || exit 9;` });
        if (mounted.code === 9) return;  // no right to make a small disk here; the unit tests fill a database as well
        const size = Math.ceil((await stat(path)).size / 4096) + 4;
        const shell = `exec unshare -rm bash -c 'mount -t tmpfs -o size=${size * 4096} none "${full}" && cp "${path}" "${full}/office.db" && "$0" "$@"; code=$?; ls -A "${full}" >&2; exit $code' "$0" "$@";`;
        const result = await run(['merge', join(full, 'office.db'), bundle], { shell });
        assert.equal(result.code, 4, result.said + result.complained);
        assert.match(result.complained, /office\.db: There is no space left; this step was not saved\. Free some and try again/);
    });

    test('a bundle is exported to another place where the database itself has no room to note it', async () => {
        const path = await ownCopy();
        const full = join(path, '..', 'disk');
        await mkdir(full);
        const mounted = await run(['help'], { shell: `unshare -rm mount -t tmpfs none '${full}' || exit 9;` });
        if (mounted.code === 9) return;  // no right to make a small disk here
        const output = join(path, '..', 'out.json');
        const size = Math.ceil((await stat(path)).size / 4096) + 2;
        const shell = `exec unshare -rm bash -c 'mount -t tmpfs -o size=${size * 4096} none "${full}" && cp "${path}" "${full}/office.db" && { head -c 1000000 /dev/zero > "${full}/filler"; "$0" "$@"; }' "$0" "$@";`;
        for (const [language, told] of [['zh_CN.UTF-8', /office\.db：数据包是完整的，只是这次导出没能在数据库里登记：存储空间已满/], ['en_US.UTF-8', /office\.db: the bundle is whole, but this export could not be noted in the database: There is no space left/]]) {
            const result = await run(['export', join(full, 'office.db'), '-o', output], { shell, language });
            assert.equal(result.code, 0, result.said + result.complained);
            assert.match(result.complained, told);
            assert.doesNotMatch(result.complained, programmersWords);
            assert.equal((await run(['verify', output])).code, 0);
            const nowhere = await run(['export', join(full, 'office.db'), '-o', '/dev/full'], { shell, language });
            assert.equal(nowhere.code, 4, nowhere.said + nowhere.complained);
            assert.doesNotMatch(nowhere.complained, told);
        }
    });

    test('a bundle that was changed on its way is refused and counted, also where all of its changes are known', async () => {
        const path = await ownCopy();
        const place = join(path, '..');
        assert.equal((await run(['merge', path, bundle])).code, 0);
        const whole = await readFile(bundle, 'utf8');
        const lines = whole.split('\n');
        const changed = {
            altered: whole.replace('公司 17"', '公司 71"'), cut: whole.slice(0, whole.length / 2), doubled: whole + whole, followed: whole + 'x\n',
            shorter: lines.toSpliced(200, 1).join('\n'), longer: lines.toSpliced(200, 0, lines[200]).join('\n'), packed: gzipSync(whole.replace('公司 17"', '公司 71"')),
        };
        for (const [name, content] of Object.entries(changed)) {
            assert.notEqual(content, whole, name);
            const file = join(place, `${name}.json`);
            await writeFile(file, content);
            assert.equal((await run(['verify', file])).code, 1, name);
            const refused = await run(['merge', path, file]);
            assert.deepEqual([refused.code, / 0 known, 0 waiting, 1 refused/.test(refused.said)], [1, true], `${name}: ${refused.said}${refused.complained}`);
            const together = await run(['merge', path, bundle, file]);
            assert.equal(together.code, 1, name);
            assert.match(together.said, /1 known, 0 waiting, 1 refused/, name);
        }
        assert.match((await run(['merge', path, bundle])).said, /1 known, 0 waiting, 0 refused/);
    });

    test('who only looks at a file is not told that nothing was imported', async () => {
        const place = await ownFolder();
        const [empty, text, table, cut] = ['empty.json', 'letter.txt', 'list.csv', 'cut.json.gz'].map((name) => join(place, name));
        await writeFile(empty, '');
        await writeFile(text, '{"format":"kehubu-bundle","version":2,');
        await writeFile(table, '客户名称,电话\n博海餐饮,0755-1\n');
        await writeFile(cut, gzipSync(await readFile(bundle)).subarray(0, 300));
        for (const file of [empty, text, table, cut]) {
            for (const words of [['show', file], ['verify', file]]) {
                const answers = await failsWith(1, words, { zh: /。/, en: /\. / });
                for (const { complained } of answers) assert.doesNotMatch(complained, /没有导入|nothing was imported|，。|  /i);
            }
            await failsWith(1, ['merge', await ownCopy(), file], { zh: /没有导入任何内容/, en: /nothing was imported/i });
        }
        await failsWith(1, ['show', table], { zh: /到客户簿的网页里用“导入名单”/, en: /on Kehubu's page/ });
    });

    test('"new" refuses names that nobody could use, and leaves nothing behind', async () => {
        const place = await ownFolder();
        for (const name of ['', ':memory:', ':x', '-']) {
            await failsWith(2, ['new', name, '--name', 'x'], { zh: /不能作数据库的文件名。请换/, en: /cannot be the name of a database's file\. Choose/, cwd: place });
        }
        await failsWith(2, ['new', 'a.db', '--name', ' '], { zh: /请给设备取一个名称/, en: /Give the device a name/, cwd: place });
        await failsWith(2, ['new', 'a.db', '--name', 'x'.repeat(1001)], { zh: /太长，最多 1000 个字节/, en: /too long: 1000 bytes/, cwd: place });
        await failsWith(2, ['new', 'a.db', '--name', 'x\ny'], { zh: /看不见的字符/, en: /invisible characters/, cwd: place });
        await failsWith(2, ['new', 'a.db'], { zh: /看不见的字符/, en: /invisible characters/, cwd: place, shell: `set -- new a.db --name $'\\xff';` });
        await failsWith(2, ['new', 'a.db', '--name', 'x', '--letter', 'a b'], { zh: /不能作设备字母/, en: /cannot be a device's letter/, cwd: place });
        await failsWith(4, ['new', join(place, 'none', 'a.db'), '--name', 'x'], { zh: /没有这个文件或文件夹/, en: /There is no such file or folder/ });
        assert.deepEqual(await readdir(place), []);
        await failsWith(1, ['new', sound, '--name', 'x'], { zh: /已经存在，没有改动它/, en: /exists already and was left alone/ });
        const longest = join(place, 'longest.db');
        assert.equal((await run(['new', longest, '--name', '名'.repeat(333)])).code, 0);
        assert.equal((await run(['export', longest, '-o', join(place, 'longest.json')])).code, 0);
        assert.equal((await run(['merge', await ownCopy(), join(place, 'longest.json')])).code, 0);
    });

    test('files that are no bundles are named and counted, and the others are imported', async () => {
        const place = await ownFolder();
        const packed = gzipSync(await readFile(bundle));
        const cut = join(place, 'cut.json.gz');
        await writeFile(cut, packed.subarray(0, packed.length - 40));
        const good = join(place, 'good.json.gz');
        await writeFile(good, packed);
        const bomb = join(place, 'bomb.json.gz');
        await writeFile(bomb, gzipSync(Buffer.alloc(64 << 20)));
        const table = join(place, 'table.csv');
        await writeFile(table, '客户名称,电话\n博海餐饮,0755-1\n');
        const path = await ownCopy();
        const result = await run(['merge', path, cut, bomb, join(place, 'none.json'), place, sound, path, good, table]);
        assert.equal(result.code, 1);
        for (const told of [`${cut}: The packed file is damaged`, `${bomb}: It unpacks to more`, 'none.json: There is no such file', `${place}: This is a folder`,
            `${sound}: This is not a bundle of Kehubu: it is a database`, `${table}: This is not a bundle of Kehubu: it is a table (CSV)`, `${path}: this is the database itself`]) {
            assert.ok(result.complained.includes(told), `${told}\n${result.complained}`);
        }
        assert.match(result.said, /^1 files? imported, 400 changes.* 7 refused$/m);
    });

    test('a wrong file is called what it is, by every command alike', async () => {
        const place = await ownFolder();
        const picture = join(place, 'photo.png');
        await writeFile(picture, Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13]));
        for (const words of [['show', picture], ['verify', picture], ['merge', await ownCopy(), picture]]) {
            const [chinese] = await failsWith(1, words, { zh: /这不是客户簿的数据包，是图片/, en: /This is not a bundle of Kehubu: it is a picture/ });
            assert.doesNotMatch(chinese.complained, /第 1 行|应该是/);
        }
    });

    test('a file that may not be read is the same trouble for every command', async () => {
        const path = await ownCopy();
        await chmod(join(path, '..'), 0o755);
        await chmod(path, 0o000);
        for (const words of [['show', path], ['verify', path], ['hash', path]]) {
            await failsWith(4, words, { zh: /没有权限。请检查/, en: /Permission denied\. Check/, asNobody: true });
        }
    });

    test('a file that is too large is refused before it is read', async () => {
        const large = join(await ownFolder(), 'large.json');
        const file = await open(large, 'w');
        await file.truncate(604 << 20);
        await file.close();
        for (const words of [['merge', await ownCopy(), large], ['verify', large], ['show', large]]) {
            await failsWith(1, words, { zh: /不能超过 512 MiB，没有读它。请/, en: /a bundle may have 512 MiB; it was not read\. Ask/ });
        }
    });

    test('a byte order mark before a bundle is passed over', async () => {
        const marked = join(await ownFolder(), 'marked.json');
        await writeFile(marked, Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), await readFile(bundle)]));
        const path = await ownCopy();
        assert.equal((await run(['verify', marked])).code, 0);
        assert.equal((await run(['merge', path, marked])).code, 0);
        assert.match((await run(['merge', path, bundle])).said, /1 known/);
    });

    test('the database is never overwritten by its own bundle', async () => {
        const path = await ownCopy();
        await failsWith(2, ['export', path, '-o', path], { zh: /这是数据库自己，没有改动它/, en: /this is the database itself, and it was left alone/ });
        assert.deepEqual(await readFile(path), await readFile(sound));
    });

    // However fast the machine is: with no seconds between them the lines begin at once, with 10,000 none comes after the first.
    test('long work tells how far it is, also where nobody watches', async () => {
        const place = await ownFolder();
        const large = join(place, 'large.json');
        await writeFile(large, bundleOfCustomers({ device: makeId(9), deviceName: 'x', names: Array.from({ length: 20_000 }, (_, index) => `名 ${index}`) }));
        const told = async (seconds) => {
            const result = await run(['merge', await ownCopy(), large], { variables: { KEHUBU_PROGRESS_SECONDS: seconds } });
            assert.equal(result.code, 0, result.complained);
            assert.ok(!result.complained.includes('\r'), result.complained);
            return result.complained.split('\n').filter((line) => /^kehubu: (Reading|Merging) … \d+ %$/.test(line)).length;
        };
        assert.ok(await told('0') > 0);
        assert.ok(await told('10000') <= 1);
    });

    test('a merge says what became of what was written on this very device', async () => {
        const place = await ownFolder();
        const path = join(place, 'office.db');
        assert.equal((await run(['new', path, '--name', '总部'])).code, 0);
        assert.equal((await run(['export', path, '-o', join(place, 'empty.json')])).code, 0);
        const device = Buffer.from(JSON.parse(await readFile(join(place, 'empty.json'), 'utf8')).device.id, 'base64url');
        const row = makeId(77);
        const [own, other] = ['own.json', 'other.json'].map((name) => join(place, name));
        await writeFile(own, bundleOfWritten({ device, deviceName: '总部', records: [{ id: row, fields: { name: 'Bohai', phone: '1111' } }] }));
        await writeFile(other, bundleOfWritten({ device: makeId(3), deviceName: '李强的平板', records: [{ id: row, fields: { phone: '2222' } }], created: 1795673401000 }));
        assert.equal((await run(['merge', path, own])).code, 0);
        for (const [language, told] of [['zh_CN.UTF-8', /电话现在是“2222”：李强的平板写得比您晚（您写的是“1111”，在历史里）。/], ['en_US.UTF-8', /is now "2222": 李强的平板 wrote it later than you \(you wrote "1111"/]]) {
            const copy = join(place, `${language}.db`);
            await copyFile(path, copy);
            const result = await run(['merge', copy, other], { language });
            assert.equal(result.code, 0, result.complained);
            assert.match(result.said, told);
        }
    });

    test('wrong words are answered by the usage, and the help tells every exit code', async () => {
        for (const words of [['merge'], ['export'], ['new'], ['verify'], ['show'], ['hash'], ['conflicts']]) {
            for (const [language, usage] of [['zh_CN.UTF-8', /用法：kehubu [a-z]+ 数据库/], ['en_US.UTF-8', /Usage: kehubu [a-z]+ DATABASE/]]) {
                const result = await run(words, { language });
                assert.equal(result.code, 2);
                assert.match(result.complained, usage);
            }
        }
        await failsWith(2, ['hash', sound, '--wait', 'x'], { zh: /用法不对/, en: /not understood/ });
        for (const language of ['zh_CN.UTF-8', 'en_US.UTF-8']) {
            const help = await run(['help'], { language });
            assert.match(help.said, /0 .*1 .*2 .*3 .*4 /s);
        }
    });
});
