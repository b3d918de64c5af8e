// Visits every page and presses every control once, through the semantic mirror, in any browser that can run a text in the
// page. What tests/support/app_walker.cpp does natively, on the real program: its storage, files, fields, history and letters.
//
//   const walker = new Walker(run, { log });
//   await walker.walk(addresses);
//   await walker.destroy();  what destroys or leaves (deleting, another language, erasing): put off until here
//   walker.findings   what stopped, said nothing or did nothing, each with the presses that lead there
//   walker.files      what was handed over: { told, name, bytes }, each already checked (handed_over.mjs)
//
// Nothing is loaded again between two presses: the page goes back in the browser's history where a press led away, dialogs are
// closed as a person would. The order is fixed; KEHUBU_WALK_FROM=<address> walks that page only, KEHUBU_WALK_TRACE=1 says each press before it is made.
import { faultOfFile } from './handed_over.mjs';

// Runs in the page, once for each time that it is loaded. Everything it answers is plain data.
function install() {
    if (globalThis.kehubuWalk) return;
    const mirror = document.getElementById('mirror');
    const roles = new Set(['button', 'link', 'tab', 'combobox', 'option', 'checkbox', 'switch', 'radio', 'menuitem', 'menuitemcheckbox', 'columnheader', 'row', 'listitem']);
    const errors = [];
    const handed = [];    // files
    let outside = 0;      // what happened that is not on the screen
    let pushes = 0;       // places that the browser's history has got
    addEventListener('error', (event) => errors.push(String(event.message)));
    addEventListener('unhandledrejection', (event) => errors.push(String(event.reason)));
    const complain = console.error;
    console.error = (...words) => { errors.push(words.join(' ')); complain(...words); };
    const instead = (object, name, watch) => {
        const original = object[name];
        object[name] = function (...parameters) { return watch.call(this, () => original.apply(this, parameters), ...parameters); };
    };
    const blobs = new Map();
    instead(URL, 'createObjectURL', (original, blob) => { const address = original(); blobs.set(address, blob); return address; });
    // Where a link of the program leads, or which file it hands over. Nothing is dialled and no place is asked for anything.
    instead(HTMLAnchorElement.prototype, 'click', function (original) {
        outside++;
        if (this.download) {
            handed.push({ name: this.download, blob: blobs.get(this.href) });
            if (globalThis.walkTakesFiles) original();
        } else if (!/^(tel:[+\d][\d,*#-]*|mailto:[^\s@]+@[^\s@]+|sms:[+\d]+|https:\/\/\S+)$/.test(this.href) || /undefined|NaN|null/.test(this.href)) {
            errors.push(`a link to ${this.href}`);
        }
    });
    instead(HTMLInputElement.prototype, 'click', function (original) {
        if (this.type === 'file') outside++;
        if (this.type !== 'file' || globalThis.walkTakesFiles) original();
    });
    if (navigator.clipboard) navigator.clipboard.writeText = async (words) => { outside++; if (!words) errors.push('nothing was copied'); };
    instead(history, 'pushState', (original) => { pushes++; return original(); });
    let changes = 0;
    new MutationObserver((records) => { changes += records.length; }).observe(mirror, { subtree: true, childList: true, characterData: true, attributes: true });

    const nameOf = (element) => element.getAttribute('aria-label') ?? element.textContent ?? '';
    const isField = (element) => element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement;
    // What a press can bring about besides other words: another place or language, a field that is written in next.
    const field = () => (document.activeElement && isField(document.activeElement) ? nameOf(document.activeElement) : '');
    const beyond = () => `${location.hash}|${outside}|${document.documentElement.lang}|${document.documentElement.style.cssText}|${field()}`;
    // Everything that a press brings about has been drawn: no frame is asked for, and none was made for a while. Frames of our own
    // would be counted by the browser's compositor, and cost more than the program's.
    let framesWanted = 0;
    const animate = requestAnimationFrame;
    instead(globalThis, 'requestAnimationFrame', (original, callback) => {
        framesWanted++;
        return animate.call(globalThis, (time) => { framesWanted--; callback(time); });
    });
    async function settle() {
        for (let quiet = 0, last = -1, tries = 0; quiet < 2 && tries < 100; tries++) {
            await new Promise((resume) => setTimeout(resume, 15));
            const now = globalThis.kehubu?.frames ?? changes;
            quiet = now === last && (framesWanted === 0 || document.hidden) ? quiet + 1 : 0;
            last = now;
        }
    }
    // What can be pressed now; of many rows alike the first two. Those of the bars are the same on every page.
    function controls() {
        const rows = new Map();
        const found = [];
        for (const element of mirror.querySelectorAll('[role], input, textarea')) {
            const role = isField(element) ? 'field' : element.getAttribute('role');
            if (role !== 'field' && (!roles.has(role) || !element.hasAttribute('tabindex'))) continue;
            if (element.getAttribute('aria-disabled') === 'true' || element.disabled || element.closest('[inert]')) continue;
            const list = element.parentElement.closest(element.hasAttribute('aria-pressed') ? '[role=group]' : '[role=list], [role=grid], [role=listbox]');
            let place = '';
            if (list && ['option', 'row', 'listitem', 'button'].includes(role)) {
                rows.set(list, (rows.get(list) ?? 0) + 1);
                if (rows.get(list) > 2) continue;
                place = `${nameOf(list)} ${rows.get(list)}`;
            }
            const over = element.closest('[role=dialog], [role=menu]');
            found.push({ role, name: nameOf(element), place, over: over ? nameOf(over) : '', within: element.closest('[role=group]')?.getAttribute('aria-label') ?? '',
                everywhere: !!element.closest('[role=navigation]'), element });
        }
        return found;
    }
    const plain = (name) => name.replace(/\d+/g, '#');
    const alike = (control, wanted) => control.role === wanted.role && plain(control.name) === plain(wanted.name) && control.over === wanted.over;
    const stands = (element) => element.getAttribute('aria-selected') === 'true' || element.getAttribute('aria-pressed') === 'true'
        || element.hasAttribute('aria-current') || element.getAttribute('aria-checked') === 'true';
    const bytesOf = async ({ name, blob }) => ({
        name, base64: blob && await new Promise((resolve) => {
            const reader = new FileReader();
            reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(',') + 1));
            reader.readAsDataURL(blob);
        }) });
    async function state() {
        return { hash: decodeURIComponent(location.hash.slice(1)), overlay: !!mirror.querySelector('[aria-modal=true], [role=menu]'), broken: globalThis.kehubuBroken ?? null,
            errors: errors.splice(0), handed: await Promise.all(handed.splice(0).map(bytesOf)), pushes,
            said: [...mirror.querySelectorAll('*')].filter((element) => nameOf(element).trim()).length,
            controls: controls().map(({ element, ...control }) => control) };
    }
    async function write(element) {
        const text = { date: '2026-03-04', 'datetime-local': '2026-03-04T10:30' }[element.type] ?? '测试 12';
        element.focus();
        element.value = text;
        element.dispatchEvent(new InputEvent('input', { bubbles: true }));
        await settle();
        if (element.isConnected && element.value !== text) errors.push(`of what was typed "${element.value}" is left`);
        element.blur();
    }
    async function press(wanted) {
        const all = controls();
        const found = all.find((control) => control.name === wanted.name && alike(control, wanted)) ?? all.find((control) => alike(control, wanted));
        if (!found) return { found: false };
        const { element } = found;
        const before = { changes, beyond: beyond(), said: !!mirror.querySelector('[aria-invalid=true]') && /^(保存|Save)/.test(found.name),
            stood: stands(element), warned: !!mirror.querySelector(':scope > [role=alert]') };
        if (isField(element)) await write(element); else element.click();
        await settle();
        const changed = () => isField(element) || changes !== before.changes || beyond() !== before.beyond;
        // Where it says already why not, nothing more is expected.
        const patience = before.said || before.warned ? 3 : 20;
        for (let waited = 0; !changed() && !before.stood && waited < patience; waited++) await new Promise((resume) => setTimeout(resume, 100));
        return { found: true, changed: changed(), ...before, state: await state() };
    }
    async function go(address) { location.hash = address; await settle(); return state(); }
    async function back() {
        const left = new Promise((resume) => addEventListener('popstate', resume, { once: true }));
        history.back();
        await Promise.race([left, new Promise((resume) => setTimeout(resume, 3000))]);
        await settle();
        return state();
    }
    async function escape() {
        const target = document.activeElement && mirror.contains(document.activeElement) ? document.activeElement : document.body;
        for (const type of ['keydown', 'keyup']) target.dispatchEvent(new KeyboardEvent(type, { key: 'Escape', bubbles: true, cancelable: true }));
        await settle();
        return state();
    }
    globalThis.kehubuWalk = { press, go, back, escape, state };
}

const destroys = /删除|清除|清空|抹|新设备|接管|重新载入|载入示例|Erase|Delete|new device|Take over|Reload/i;
const speaks = /English|中文|语言|Language/;
const endsAll = /清除|Erase/;
const leaves = /^(放弃填写|Discard it|离开|Leave|取消|Cancel)$/;
const tools = new Set(['搜索客户、页面和操作', 'Search customers, pages and actions', '撤销', 'Undo', '重做', 'Redo']);
const longestPath = 3;

export const kindOf = (address) => address.split('/').map((part) => (part.length === 22 ? '*' : part)).join('/').replace(/^conflict\/.*/, 'conflict/*');
const plain = (name) => name.replace(/\d+/g, '#');

export class Walker {
    // `presses(control)`: whether it is pressed at all. `isShared(control)`: whether it is the same one on every page that has one of
    // its name. `mayDoNothing(press)`: presses that may do nothing that is seen.
    constructor(run, { log = () => {}, presses = () => true, isShared = () => false, follows = () => true, mayDoNothing = () => false } = {}) {
        Object.assign(this, { run, log, wanted: presses, isShared, follows, mayDoNothing, seen: new Set(), pages: new Set(), later: [], findings: [], files: [], presses: 0, told: '' });
    }
    find(words) {
        this.findings.push(`${this.told}: ${words}`);
        this.log(`FOUND ${words}`);
    }

    async walk(addresses) {
        const only = process.env.KEHUBU_WALK_FROM;
        this.waiting = only ? [only] : [...addresses];
        while (this.waiting.length) {
            const address = this.waiting.shift();
            if (this.pages.has(kindOf(address)) || (only && address !== only)) continue;
            this.pages.add(kindOf(address));
            await this.visit(address);
        }
    }

    // What was put off, each from its place with all that it asks: what destroys; then what changes the language, and with it
    // every name; then what leaves nothing.
    async destroy() {
        this.last = true;
        const order = ({ control }) => (endsAll.test(control.name) ? 3 : control.name === '中文' ? 2 : speaks.test(control.name) ? 1 : 0);
        for (const { address, path, control } of this.later.sort((left, right) => order(left) - order(right))) {
            const further = [];
            if (!await this.stand(address, path)) continue;
            await this.press(address, path, control, further);
            if (further.length) await this.visit(address, further);
        }
    }

    async visit(address, paths = [[]]) {
        while (paths.length) {
            const path = paths.shift();
            for (;;) {
                if (!await this.stand(address, path)) break;
                const control = this.next(address);
                if (!control) break;
                this.seen.add(this.identity(kindOf(address), control));
                if (!this.last && (destroys.test(control.name) || speaks.test(control.name))) this.later.push({ address, path, control });
                else await this.press(address, path, control, paths);
            }
        }
    }

    // Rows first, while nothing has been looked for that they are not; then what stands on the page; then what one can type, and
    // last what saves it.
    next(address) {
        const rank = ({ role, name }) => (/^(保存|Save)/.test(name) ? 3 : role === 'field' ? 2 : role === 'row' || role === 'listitem' ? 0 : 1);
        return this.fresh(address).reduce((first, one) => (first && rank(first) <= rank(one) ? first : one), undefined);
    }
    fresh(address) { return this.now.controls.filter((one) => this.wanted(one) && !this.seen.has(this.identity(kindOf(address), one))); }

    identity(kind, control) {
        const everywhere = control.everywhere || tools.has(control.over) || (!control.over && tools.has(control.name)) || this.isShared(control);
        return `${everywhere ? '' : kind}|${control.over}|${control.role}|${control.place || plain(control.name)}`;
    }

    // The page as one comes to it, and the presses that lead on from there.
    async stand(address, path) {
        const atOnce = this.now?.hash === address && !this.now.overlay && !path.length;
        for (let tries = 0; !atOnce && tries < 8; tries++) {
            this.told = `${kindOf(address)}: coming to it`;
            if (!this.now) await this.ask('kehubuWalk.state()');
            if (this.now.overlay) {
                const leave = this.now.controls.find(({ name }) => leaves.test(name));
                if (leave) await this.pressOne(leave); else await this.ask('kehubuWalk.escape()');
            } else if (this.now.hash === address) {
                break;
            } else {
                await this.ask(`kehubuWalk.go(${JSON.stringify(address)})`);
            }
        }
        if (this.now.hash !== address) {
            this.find(`${this.now.hash} stands there`);
            return false;
        }
        for (const step of path) {
            if (!(await this.pressOne(step)).found) return false;  // what was pressed before has changed the page
        }
        return true;
    }

    async press(address, path, control, further) {
        this.told = [kindOf(address), ...path.map(({ name }) => name)].join(' > ') + ` | ${control.role} | ${control.name}`;
        this.log(this.told);
        const pushesBefore = this.now.pushes;
        const { found, changed, stood, said, warned } = await this.pressOne(control);
        if (!found) return;
        this.presses++;
        // Why it cannot be done stands there already: beside the fields, or in a message that is still up.
        if (!changed && !stood && !said && !warned && !this.mayDoNothing(control)) this.find('nothing changed and nothing was said');
        if (this.now.said < 5) this.find('the page is empty');
        if (this.now.hash && this.now.hash !== address) {
            if (this.follows(this.now.hash)) this.waiting.push(this.now.hash);
            if (this.now.pushes === pushesBefore + 1 && !this.now.overlay) await this.goBack(address);
        } else if (path.length + 1 < longestPath && control.role !== 'field') {
            if (this.fresh(address).length) further.push([...path, control]);
        }
    }

    // Where a press led away, the browser's button leads back.
    async goBack(address) {
        const from = this.now.hash;
        this.told += ' | back';
        await this.ask('kehubuWalk.back()');
        if (this.now.hash !== address && !this.now.overlay) this.find(`from ${kindOf(from)} it leads to ${this.now.hash}`);
    }

    pressOne({ role, name, over }) { return this.ask(`kehubuWalk.press(${JSON.stringify({ role, name, over })})`); }

    // Runs in the page, and takes note of what the page has come to.
    async ask(expression) {
        const answer = await this.run(`(${install})(); return await ${expression};`);
        if (answer === undefined) {  // the page was loaded again meanwhile
            this.now = await this.run(`(${install})(); return await kehubuWalk.state();`);
            return { found: true, changed: true };
        }
        const now = answer.state ?? (answer.controls ? answer : undefined);
        if (!now) return answer;
        this.now = now;
        if (now.broken) throw new Error(`${this.told}: the program stopped: ${now.broken}`);
        for (const error of now.errors) this.find(error);
        for (const { name, base64 } of now.handed) {
            const file = { told: this.told, name, bytes: Buffer.from(base64 ?? '', 'base64') };
            const fault = faultOfFile(file);
            if (fault) this.find(`${name}: ${fault}`);
            this.files.push(file);
        }
        return answer;
    }
}

// Runs in the page. Nobody looks at the picture during a walk, and without a graphics card it costs four times as much as all the rest.
export function drawsNothing() {
    const context = WebGL2RenderingContext.prototype;
    const parts = /^(draw|clear|buffer|tex(Sub)?Image|scissor|bind|activeTexture|uniform|blend|viewport|enable|disable|vertexAttrib|pixelStore)/;
    for (const name of Object.getOwnPropertyNames(context)) {
        if (parts.test(name) && typeof Object.getOwnPropertyDescriptor(context, name).value === 'function') context[name] = () => {};
    }
    const { getParameter } = context;
    const known = new Map();  // each question is a way to another process and back
    context.getParameter = function (name) {
        if (!known.has(name)) known.set(name, getParameter.call(this, name));
        return known.get(name);
    };
    const hide = () => { document.getElementById('mirror').style.opacity = '0'; };
    if (document.getElementById('mirror')) hide(); else addEventListener('DOMContentLoaded', hide);
}

// The index of a form: its first section stands at the top already, its last one at the bottom.
export const mayDoNothing = ({ within }) => /^(表单的各部分|Sections of the form)$/.test(within);

// Every address that could be typed, whether or not something leads there.
const entities = ['customer', 'contact', 'opportunity', 'contract', 'contract_line', 'product', 'employee', 'org_unit', 'interaction', 'dict_item'];
export const allAddresses = ['today', 'opportunities', 'sync', 'conflicts', 'settings', 'identity', 'lists', 'more', 'visit/interaction',
    ...entities.flatMap((entity) => [`list/${entity}`, `form/${entity}`, `import/${entity}`])];
