// What people do in the page, in the words of their work; each step ends when the page says that it is done.
export const section = (tablet, name) => tablet.tap('link', name, { exact: true });

export async function startEmpty(tablet, { name, code, role, company }) {
    await tablet.tap('button', '从空白开始');
    await tablet.type('姓名', name);
    await tablet.type('业务代码', code);
    await tablet.choose('岗位', role);
    if (company) await tablet.type('公司名称', company);
    await tablet.tap('button', '开始使用');
    await tablet.sees('link', '客户');
}
export async function startFromBundle(tablet, bundle, person) {
    await tablet.giveFile(() => tablet.tap('button', '从同步包开始'), bundle);
    await tablet.choose('这台设备归谁用', person);
    await tablet.tap('button', '开始使用');
    await tablet.sees('link', '客户');
}
export async function addEmployee(tablet, name, code) {
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
export async function addProduct(tablet, { name, code, price }) {
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
export async function importCustomers(tablet, file) {
    await section(tablet, '客户');
    await tablet.tap('button', '导入');
    await tablet.giveFile(() => tablet.tap('button', '选择表格文件'), file);
    await tablet.tap('button', /^导入 \d/);
    await tablet.sees('button', '新建客户');
    await tablet.saved();
}
export async function openCustomer(tablet, name) {
    await section(tablet, '客户');
    await tablet.type('搜索客户', name);
    await tablet.tapOn(tablet.find('row', name).or(tablet.page.getByRole('listitem').getByRole('button', { name })));
    await tablet.sees('button', '记录拜访');
}
export async function recordVisit(tablet, customer, contact, sentence) {
    await openCustomer(tablet, customer);
    await tablet.tap('button', '记录拜访');
    await tablet.sees('button', '保存');
    if (await tablet.has('button', '其他人…')) await tablet.tap('button', '其他人…');  // somebody is known there already
    await tablet.type('联系人姓名', contact);
    await tablet.type('一句话记下来', sentence);
    await tablet.tap('button', '保存');
    await tablet.tap('button', '登记为联系人');
    await tablet.seesText(sentence);
    await tablet.saved();
}
export async function changeGrade(tablet, customer, grade) {
    await openCustomer(tablet, customer);
    await tablet.tap('button', '编辑');
    await tablet.choose('客户级别', grade);
    await tablet.tap('button', '保存');
    await tablet.sees('button', '记录拜访');
    await tablet.saved();
}
export async function addContract(tablet, customer, { title, product, quantity }) {
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
export async function addCustomer(tablet, name) {
    await section(tablet, '客户');
    await tablet.tap('button', '新建客户');
    await tablet.type('客户名称', name);
    await tablet.tap('button', '保存');
    await tablet.sees('heading', name);
    await tablet.saved();
}

// Makes a bundle of everything and answers its file in the folder.
export async function sendBundle(tablet, folder) {
    await section(tablet, '同步');
    await tablet.tap('button', '全部内容');
    return tablet.takeFile(() => tablet.tap('button', '生成并发出'), folder);
}
export async function fingerprint(tablet) {
    await section(tablet, '同步');
    const shown = tablet.page.locator('#mirror').getByText(/^[0-9a-f]{4}( [0-9a-f]{4}){15}$/).first();
    await shown.waitFor({ state: 'attached' });
    return shown.textContent();
}

// From the first visit to a saved customer, by whatever can tap, type, choose and see.
export async function addFirstCustomerInEnglish(hand, name) {
    await hand.tap('button', 'Start empty');
    await hand.type('Your name', 'Wang Min');
    await hand.type('Employee code', 'R07');
    await hand.choose('Role', 'Sales representative');
    await hand.tap('button', 'Start', { exact: true });
    await hand.tap('link', 'Customers');
    await hand.sees('heading', 'Customers');
    await hand.tap('button', 'New customer');
    await hand.type('Name', name);
    await hand.tap('button', 'Save');
    await hand.sees('heading', name);
    await hand.saved();
}
