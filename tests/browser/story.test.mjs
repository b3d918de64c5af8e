// The whole story, in three browsers: two reps and head office. A list comes in from a spreadsheet, visits and a contract are
// written without a network, tablets are closed and opened, bundles go back and forth, a conflict is seen, decided and sent
// back, and in the end all three show the same fingerprint.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { join } from 'node:path';
import { openTablet, removeFolder, startSite, temporaryFolder, testData } from './driver.mjs';
import { addContract, addEmployee, addProduct, changeGrade, fingerprint, importCustomers, openCustomer, recordVisit, section, sendBundle, startEmpty, startFromBundle } from './steps.mjs';

let site;
let files;
const tablets = [];

before(async () => {
    site = await startSite();
    files = await temporaryFolder('bundles');
});
after(async () => {
    for (const tablet of tablets) await tablet.remove();
    await removeFolder(files);
    await site.close();
});

async function open(options = {}) {
    const tablet = await openTablet({ site, ...options });
    tablets.push(tablet);
    return tablet;
}
const send = (tablet) => sendBundle(tablet, join(files, `${tablets.indexOf(tablet)}-${Date.now()}`));
async function receive(tablet, ...bundles) {
    await section(tablet, '同步');
    await tablet.giveFile(() => tablet.tap('button', '选择文件'), ...bundles);
    await tablet.tap('button', /^合并/);
    await tablet.sees('heading', '合并完成');
    await tablet.saved();
}

test('two reps and head office end with the same content', { timeout: 600_000 }, async () => {
    const customer = '澳柯玛';
    const office = await open();
    await startEmpty(office, { name: '赵工', code: 'HQ1', role: '系统管理员', company: '南粤食品' });
    await addEmployee(office, '王敏', 'R07');
    await addEmployee(office, '李强', 'R15');
    await addProduct(office, { name: '原味葵花籽', code: 'P001', price: '35.50' });
    const welcome = await send(office);

    // Rep A: a real list, a visit and a contract, without a network; then the tablet is closed and opened again.
    let wang = await open();
    await startFromBundle(wang, welcome, '王敏');
    await wang.setOffline(true);
    await importCustomers(wang, testData('import/listed-companies-gb18030.csv'));
    await recordVisit(wang, customer, '张三', '谈妥下月试销，先送样品');
    await addContract(wang, customer, { title: '试销合同', product: '原味葵花籽', quantity: '120' });
    await wang.close();
    const folder = wang.folder;
    tablets.splice(tablets.indexOf(wang), 1);
    wang = await open({ folder });
    await openCustomer(wang, customer);
    await wang.seesText('谈妥下月试销，先送样品');
    await wang.tap('tab', '合同');
    await wang.seesText('试销合同');
    await wang.seesText('¥4,260.00');
    const fromWang = await send(wang);

    // Head office merges and passes it on to rep B.
    await receive(office, fromWang);
    const li = await open();
    await startFromBundle(li, await send(office), '李强');
    await recordVisit(li, customer, '李四', '问了价格，等回复');

    // Both reps change the same thing without knowing of each other.
    await changeGrade(wang, customer, 'A级');
    await changeGrade(li, customer, 'C级');
    await receive(office, await send(wang), await send(li));

    // Head office sees what collided, decides, and sends the decision back.
    await office.tap('button', '处理冲突');
    await office.tap('button', '客户“澳柯玛”的客户级别被同时修改');
    await office.seesText('王敏');
    await office.tap('button', '采用李强的');
    await office.seesText('裁定会随下一个同步包发给大家');
    await office.saved();
    const decision = await send(office);
    await receive(wang, decision);
    await receive(li, decision);

    const hashes = [await fingerprint(office), await fingerprint(wang), await fingerprint(li)];
    assert.equal(hashes[1], hashes[0]);
    assert.equal(hashes[2], hashes[0]);
    await openCustomer(wang, customer);
    await wang.seesText('C级');
    for (const tablet of tablets) assert.deepEqual(tablet.complaints, []);
});
