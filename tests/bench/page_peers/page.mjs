// What others need until a first picture stands on the screen, and what they draw when nobody touches them. Each is used as its own README
// says, with the least that it can show: the figures are floors, without an application and without data.
const peers = {
    async canvaskit(canvas) {
        const kit = await globalThis.CanvasKitInit({ locateFile: (file) => `/node_modules/canvaskit-wasm/bin/${file}` });
        const surface = kit.MakeCanvasSurface(canvas.id);
        const paint = new kit.Paint();
        await new Promise((drawn) => { surface.drawOnce((context) => { context.clear(kit.WHITE); context.drawRect(kit.LTRBRect(10, 10, 400, 60), paint); drawn(); }); });
    },
    async jsimgui(canvas) {
        const { ImGui, ImGuiImplWeb } = await import('/node_modules/@mori2003/jsimgui/build/mod.js');
        await ImGuiImplWeb.Init({ canvas });
        await new Promise((drawn) => {
            const render = () => {
                ImGuiImplWeb.BeginRender();
                ImGui.Begin('Customers');
                ImGui.Text('Hello, World!');
                ImGui.End();
                ImGuiImplWeb.EndRender();
                requestAnimationFrame(render);
                drawn();
            };
            requestAnimationFrame(render);
        });
    },
    async rerun() {
        const { WebViewer } = await import('/node_modules/@rerun-io/web-viewer/index.js');
        const viewer = new WebViewer();
        await viewer.start(null, document.body, { width: '1180px', height: '700px', hide_welcome_screen: true });
        await new Promise((drawn) => { requestAnimationFrame(() => requestAnimationFrame(drawn)); });
    },
};

await peers[new URLSearchParams(location.search).get('peer')](document.getElementById('canvas'));
globalThis.benchUsableAt = performance.now();
