// The whole story, in three browsers: two reps and head office. A list comes in from a spreadsheet, visits and a contract are
// written without a network, tablets are closed and opened, bundles go back and forth, a conflict is seen, decided and sent
// back, and in the end all three show the same fingerprint.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { join } from 'node:path';
import { openTablet, removeFolder, startSite, temporaryFolder, testData } from './driver.mjs';

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
const section = (tablet, name) => tablet.tap('link', name, { exact: true });

async function startEmpty(tablet, { name, code, role, company }) {
    await tablet.tap('button', '从空白开始');
    await tablet.type('姓名', name);
    await tablet.type('业务代码', code);
    await tablet.choose('岗位', role);
    if (company) await tablet.type('公司名称', company);
    await tablet.tap('button', '开始使用');
    await tablet.sees('link', '客户');
}
async function startFromBundle(tablet, bundle, person) {
    await tablet.giveFile(() => tablet.tap('button', '从同步包开始'), bundle);
    await tablet.choose('这台设备归谁用', person);
    await tablet.tap('button', '开始使用');
    await tablet.sees('link', '客户');
}
async function addEmployee(tablet, name, code) {
    await section(tablet, '设置');
    await tablet.tap('button', '员工');
    await tablet.tap('button', '新建员工');
    await tablet.type('姓名', name);
    await tablet.type('员工编号', code);
    await tablet.choose('系统角色', '销售代表');
    await tablet.type('登录名', code.toLowerCase());
    await tablet.tap('button', '保存');
    await tablet.sees('heading', name);
}
async function addProduct(tablet, { name, code, price }) {
    await section(tablet, '产品');
    await tablet.tap('button', '新建产品');
    await tablet.type('产品/服务名称', name);
    await tablet.type('产品编号', code);
    await tablet.choose('产品类别', '炒货');
    await tablet.type('单位', '箱');
    await tablet.type('售价', price);
    await tablet.tap('button', '保存');
    await tablet.sees('heading', name);
}
async function importCustomers(tablet, file) {
    await section(tablet, '客户');
    await tablet.tap('button', '导入');
    await tablet.giveFile(() => tablet.tap('button', '选择表格文件'), file);
    await tablet.tap('button', /^导入 \d/);
    await tablet.sees('button', '新建客户');
    await tablet.saved();
}
async function openCustomer(tablet, name) {
    await section(tablet, '客户');
    await tablet.type('搜索客户', name);
    await tablet.tapOn(tablet.page.locator('#mirror [role=row]').filter({ hasText: name }));
    await tablet.sees('button', '记录拜访');
}
async function recordVisit(tablet, customer, contact, sentence) {
    await openCustomer(tablet, customer);
    await tablet.tap('button', '记录拜访');
    await tablet.type('联系人姓名', contact);
    await tablet.type('一句话记下来', sentence);
    await tablet.tap('button', '保存');
    await tablet.tap('button', '登记为联系人');
    await tablet.seesText(sentence);
    await tablet.saved();
}
async function changeGrade(tablet, customer, grade) {
    await openCustomer(tablet, customer);
    await tablet.tap('button', '编辑');
    await tablet.choose('客户级别', grade);
    await tablet.tap('button', '保存');
    await tablet.sees('button', '记录拜访');
    await tablet.saved();
}
async function addContract(tablet, customer, { title, product, quantity }) {
    await openCustomer(tablet, customer);
    await tablet.tap('button', '新建合同');
    await tablet.type('合同名称', title);
    await tablet.tap('combobox', '产品/服务名称');
    await tablet.tap('option', product);
    await tablet.type('数量', quantity);
    await tablet.tap('button', '保存');
    await tablet.sees('heading', title);
    await tablet.saved();
}
// Makes a bundle for the named receiver, or of everything, and answers its file.
async function send(tablet, receiver) {
    await section(tablet, '同步');
    if (receiver) await tablet.tap('button', `发给${receiver}`);
    return tablet.takeFile(() => tablet.tap('button', '生成并发出'), join(files, `${tablets.indexOf(tablet)}-${Date.now()}`));
}
async function receive(tablet, ...bundles) {
    await section(tablet, '同步');
    await tablet.giveFile(() => tablet.tap('button', '选择文件'), ...bundles);
    await tablet.tap('button', /^合并/);
    await tablet.sees('heading', '合并完成');
    await tablet.saved();
}
async function fingerprint(tablet) {
    await section(tablet, '同步');
    const shown = tablet.page.locator('#mirror').getByText(/^[0-9a-f]{4}( [0-9a-f]{4}){15}$/).first();
    await shown.waitFor({ state: 'attached' });
    return shown.textContent();
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
    await office.tapOn(office.page.locator('#mirror [role=button]').filter({ hasText: '客户级别' }));
    await office.seesText('王敏');
    await office.tap('button', '采用 李强 的');
    await office.sees('heading', '已裁定');
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
