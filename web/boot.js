// Starts the program, or says honestly why this browser cannot run it.

const welcome = document.getElementById('welcome');
const message = document.getElementById('message');
const again = document.getElementById('again');

function giveUp(zh, en, detail) {
    welcome.hidden = false;
    welcome.classList.add('failed');
    welcome.setAttribute('role', 'alert');
    message.hidden = false;
    message.textContent = `${zh}\n${en}${detail ? `\n\n${detail}` : ''}`;
    again.hidden = false;
}
again.addEventListener('click', () => location.reload());

function whatIsMissing() {
    if (typeof WebAssembly !== 'object') {
        return ['此浏览器不支持 WebAssembly。请更新浏览器，或换用新版 Chrome、Edge、Safari 或 Firefox。',
            'This browser has no WebAssembly. Please update it, or use a recent Chrome, Edge, Safari or Firefox.'];
    }
    let hasStorage = false;
    try { hasStorage = !!globalThis.indexedDB; } catch { /* some private modes throw */ }
    if (!hasStorage) {
        return ['此浏览器不允许网页保存数据（没有 IndexedDB）。请退出无痕模式，或在设置中允许网站数据。',
            'This browser lets pages store nothing (no IndexedDB). Please leave private mode, or allow site data in the settings.'];
    }
    return null;
}

// Errors that nobody handled: the program may be in any state, so it stops with a word instead of going on wrongly.
function onBroken(detail) {
    globalThis.kehubuBroken = String(detail);
    giveUp('程序遇到意外错误，已停止。已保存的数据不受影响，请重新载入。',
        'The program met an unexpected error and stopped. What was saved is safe; please reload.', String(detail).slice(0, 500));
}

const missing = whatIsMissing();
if (missing) {
    giveUp(...missing);
} else {
    try {
        const { default: createKehubu } = await import('./kehubu.js');
        await createKehubu({
            onAbort: onBroken,
            print: (line) => console.log(line),
            printErr: (line) => console.warn(line),
        });
        // The context that the program has made, or null. Making one only to see whether it can be made would cost as much again.
        if (!document.getElementById('canvas').getContext('webgl2')) {
            giveUp('此浏览器没有 WebGL 2，画面无法显示。请更新浏览器，并在设置中打开“硬件加速”。',
                'This browser has no WebGL 2, so nothing can be drawn. Please update it and switch hardware acceleration on.');
        }
    } catch (error) {
        giveUp('程序没有载入成功。请检查网络后重新载入；首次载入之后即可断网使用。',
            'The program could not be loaded. Please check the network and reload; after the first visit it works offline.', String(error?.message ?? error));
    }
}
addEventListener('error', (event) => { if (event.error instanceof WebAssembly.RuntimeError) onBroken(event.error); });
addEventListener('unhandledrejection', (event) => { if (event.reason instanceof WebAssembly.RuntimeError) onBroken(event.reason); });
