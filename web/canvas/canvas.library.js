// The canvas: its WebGL 2 context, its size in device pixels, and what pointers and keys do.

addToLibrary({
  $kehubuCanvas__deps: ['$kehubuPage', '$stringToNewUTF8', '$GL'],
  $kehubuCanvas: {
    canvas: null,
    safeArea: null,
    deviceWidth: 0,
    deviceHeight: 0,
    channel: null,
    coverTimer: 0,
    pointer: null,  // the one that presses; further fingers are ignored

    sources: { mouse: 0, touch: 1, pen: 2 },
    keys: { ArrowLeft: 1, ArrowRight: 2, ArrowUp: 3, ArrowDown: 4, PageUp: 5, PageDown: 6, Home: 7, End: 8, Escape: 9, Enter: 10, ' ': 11, Delete: 12, Tab: 13 },

    measure() {
      const canvas = kehubuCanvas.canvas;
      const ratio = globalThis.devicePixelRatio || 1;
      const width = innerWidth;
      const height = innerHeight;
      const area = getComputedStyle(kehubuCanvas.safeArea);
      const seen = globalThis.visualViewport;
      // Less than this is a browser's bar that slides in or out, not a keyboard.
      const covered = seen && seen.scale < 1.01 ? height - seen.height - seen.offsetTop : 0;
      const deviceWidth = kehubuCanvas.deviceWidth || Math.round(width * ratio);
      const deviceHeight = kehubuCanvas.deviceHeight || Math.round(height * ratio);
      if (canvas.width !== deviceWidth) canvas.width = deviceWidth;
      if (canvas.height !== deviceHeight) canvas.height = deviceHeight;
      _kehubu_viewport(width, height, ratio, parseFloat(area.paddingTop), parseFloat(area.paddingRight), parseFloat(area.paddingBottom),
        parseFloat(area.paddingLeft), covered > 80 ? covered : 0, deviceWidth, deviceHeight);
    },

    isField: (target) => target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement,

    // Without its context the canvas is blank, and the real fields over it would stand there alone: a word instead, until the
    // browser gives the context back; when it does not, a way to load the page again. What was typed is in its drafts.
    cover(covered) {
      const chinese = document.documentElement.lang.startsWith('zh');
      const cover = document.getElementById('interrupted');
      const [words, again] = cover.children;
      if (covered) document.activeElement?.blur?.();
      document.body.classList.toggle('interrupted', covered);
      cover.hidden = !covered;
      again.hidden = true;
      clearTimeout(kehubuCanvas.coverTimer);
      if (!covered) return;
      words.textContent = chinese ? '画面暂时中断，正在恢复。填写的内容都在。' : 'The picture is interrupted and is being restored. What you have entered is safe.';
      again.textContent = chinese ? '重新载入' : 'Reload';
      again.onclick = () => location.reload();
      kehubuCanvas.coverTimer = setTimeout(() => { again.hidden = false; }, 4000);
    },

    listen() {
      const ours = (event) => event.target === kehubuCanvas.canvas || (kehubuCanvas.isField(event.target) && event.pointerType !== 'mouse');
      const send = (event, kind) => _kehubu_pointer(kind, event.clientX, event.clientY, kehubuCanvas.sources[event.pointerType] ?? 0, event.button);
      const [move, down, up, leave] = [0, 1, 2, 3];
      let start = null;  // of a press upon the canvas
      kehubuCanvas.canvas.addEventListener('mousedown', (event) => event.preventDefault());  // would take the focus away at once
      addEventListener('pointerdown', (event) => {
        if (kehubuCanvas.pointer !== null || !ours(event)) return;
        kehubuCanvas.pointer = event.pointerId;
        if (event.target === kehubuCanvas.canvas) {
          kehubuCanvas.canvas.setPointerCapture(event.pointerId);
          start = [event.clientX, event.clientY];
        }
        send(event, down);
      });
      addEventListener('pointermove', (event) => {
        if (kehubuCanvas.pointer === event.pointerId || (kehubuCanvas.pointer === null && event.pointerType === 'mouse')) send(event, move);
      });
      const release = (event) => {
        if (kehubuCanvas.pointer !== event.pointerId) return;
        kehubuCanvas.pointer = null;
        // What is edited is committed when a person taps elsewhere, on a drawn button for instance; and not before the finger is
        // lifted: the soft keyboard that goes would move the button away from under it, and who only scrolls goes on typing.
        const tapped = start && event.type === 'pointerup' && Math.hypot(event.clientX - start[0], event.clientY - start[1]) < 8;
        if (tapped && kehubuCanvas.isField(document.activeElement)) document.activeElement.blur();
        start = null;
        send(event, up);
        if (event.pointerType === 'touch') send(event, leave);
      };
      addEventListener('pointerup', release);
      // After a touch browsers play a mouse at the same place, for pages that know nothing of touch. Meanwhile what the tap
      // opened may lie there, and its field would take that for a second tap.
      kehubuCanvas.canvas.addEventListener('touchend', (event) => { if (event.cancelable) event.preventDefault(); }, { passive: false });
      addEventListener('pointercancel', release);
      document.documentElement.addEventListener('pointerleave', (event) => { if (kehubuCanvas.pointer === null) send(event, leave); });
      addEventListener('wheel', (event) => {
        if (event.ctrlKey) return;  // the browser's own zoom
        if (event.target instanceof HTMLTextAreaElement && document.activeElement === event.target && event.target.scrollHeight > event.target.clientHeight) return;
        event.preventDefault();
        const unit = [1, 16, innerHeight][event.deltaMode];
        _kehubu_wheel(event.deltaX * unit, event.deltaY * unit, event.clientX, event.clientY);
      }, { passive: false });
      kehubuCanvas.canvas.addEventListener('contextmenu', (event) => event.preventDefault());

      const key = (event, isDown) => {
        const command = event.ctrlKey || event.metaKey;
        const typing = kehubuCanvas.isField(document.activeElement);
        if (event.isComposing || event.keyCode === 229) return;
        const letter = /^[a-z0-9]$/i.test(event.key) ? event.key.toUpperCase().charCodeAt(0) : 0;
        const code = kehubuCanvas.keys[event.key] ?? 0;
        const modifiers = (command ? 1 : 0) | (event.shiftKey ? 2 : 0) | (event.altKey ? 4 : 0);
        if (typing && !(command && (letter === 75 || letter === 83)) && event.key !== 'Escape') return;
        if (!letter && !code) return;
        // Ctrl+K and Ctrl+S belong to the program, and arrows must not scroll a document that does not scroll.
        if (isDown && ((command && (letter === 75 || letter === 83)) || (code >= 1 && code <= 8))) event.preventDefault();
        _kehubu_key(letter, code, isDown ? 1 : 0, modifiers);
      };
      addEventListener('keydown', (event) => key(event, true));
      addEventListener('keyup', (event) => key(event, false));
      addEventListener('blur', () => _kehubu_focus_lost());

      const changed = () => { kehubuCanvas.measure(); kehubuPage.requestFrame(); };
      addEventListener('resize', () => { if (!kehubuCanvas.deviceWidth) changed(); else kehubuPage.requestFrame(); });
      globalThis.visualViewport?.addEventListener('resize', changed);
      globalThis.visualViewport?.addEventListener('scroll', changed);
      const observer = new ResizeObserver(([entry]) => {
        // Exact device pixels where the browser tells them: at fractional ratios, rounding ourselves would blur everything.
        const exact = entry.devicePixelContentBoxSize?.[0];
        kehubuCanvas.deviceWidth = exact ? exact.inlineSize : 0;
        kehubuCanvas.deviceHeight = exact ? exact.blockSize : 0;
        kehubuCanvas.measure();
        // A canvas that has changed its size is empty until it is drawn again: do it before the browser shows it.
        _kehubu_frame();
      });
      try { observer.observe(kehubuCanvas.canvas, { box: 'device-pixel-content-box' }); } catch { observer.observe(kehubuCanvas.canvas); }
    },
  },

  // Calls kehubu_work() after the events that wait already. A message, not a timer: timers are held back to 4 ms and, in
  // hidden pages, to a second.
  kehubu_work_soon: () => {
    if (!kehubuCanvas.channel) {
      kehubuCanvas.channel = new MessageChannel();
      kehubuCanvas.channel.port1.onmessage = () => _kehubu_work();
    }
    kehubuCanvas.channel.port2.postMessage(0);
  },
  kehubu_work_soon__deps: ['$kehubuCanvas'],

  // 0 when there is no WebGL 2.
  kehubu_canvas_start__deps: ['$kehubuCanvas', '$kehubuPage', '$GL'],
  kehubu_canvas_start: () => {
    const canvas = kehubuCanvas.canvas = document.getElementById('canvas');
    kehubuCanvas.safeArea = document.getElementById('safe-area');
    const handle = GL.createContext(canvas, { majorVersion: 2, minorVersion: 0, alpha: false, antialias: false, depth: false, stencil: false,
      premultipliedAlpha: true, preserveDrawingBuffer: false, powerPreference: 'default', enableExtensionsByDefault: 1 });
    if (!handle) return 0;
    GL.makeContextCurrent(handle);
    canvas.addEventListener('webglcontextlost', (event) => { event.preventDefault(); _kehubu_context_lost(); kehubuCanvas.cover(true); });
    canvas.addEventListener('webglcontextrestored', () => { _kehubu_context_restored(); kehubuCanvas.cover(false); });
    kehubuCanvas.measure();
    kehubuCanvas.listen();
    return 1;
  },
});
