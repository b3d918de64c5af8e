// What BrowserPlatform asks of the browser. Strings to C++ are malloc'ed and freed there; answers that come later call the
// exported functions of browser_platform.cpp.

addToLibrary({
  $kehubuPage__deps: ['$UTF8ToString', '$stringToNewUTF8', 'malloc', 'free'],
  $kehubuPage: {
    framePending: false,
    frameTimer: 0,
    frameTimerAt: 0,  // 0: none. Not Infinity: Emscripten writes this object as JSON, which has none
    frames: 0,
    frameMicroseconds: 0,
    registration: null,
    unsaved: false,

    // Whether wasm memory has room for so many bytes and for the copies that reading makes of them; 0 says that it cannot grow so far.
    // It never shrinks, so that asking takes nothing that reading would not take.
    hasRoomFor(size) {
      const copies = 3;
      const pointer = _malloc(Math.max(1, copies * size));
      _free(pointer);
      return pointer !== 0;
    },
    // Copies bytes into wasm memory; C++ takes them over. Only after hasRoomFor() where a file says how many they are.
    give(bytes) {
      const pointer = _malloc(Math.max(1, bytes.length));
      HEAPU8.set(bytes, pointer);
      return pointer;
    },
    take(pointer, size) { return HEAPU8.slice(pointer, pointer + size); },

    runFrame() {
      kehubuPage.framePending = false;
      _kehubu_frame();
    },
    requestFrame() {
      if (kehubuPage.framePending) return;
      kehubuPage.framePending = true;
      // A hidden page gets no animation frames, but its long work must go on.
      if (document.hidden) setTimeout(kehubuPage.runFrame, 30);
      else requestAnimationFrame(kehubuPage.runFrame);
    },

    // ---- files ----
    deliverFiles: async (request, files, limit) => {
      try {
        for (const file of files) {
          if (file.size > limit) {
            _kehubu_files_done(request, 1, stringToNewUTF8(file.name));
            return;
          }
        }
        for (const file of files) {
          if (!kehubuPage.hasRoomFor(file.size)) {
            _kehubu_files_done(request, 1, stringToNewUTF8(file.name));
            return;
          }
          const bytes = new Uint8Array(await file.arrayBuffer());
          _kehubu_file_read(request, stringToNewUTF8(file.name), kehubuPage.give(bytes), bytes.length);
        }
        _kehubu_files_done(request, 0, stringToNewUTF8(''));
      } catch (error) {
        _kehubu_files_done(request, 2, stringToNewUTF8(String(error && error.message || error)));
      }
    },
    download(name, blob) {
      const address = URL.createObjectURL(blob);
      const link = document.createElement('a');
      link.href = address;
      link.download = name;
      document.body.append(link);
      link.click();
      link.remove();
      setTimeout(() => URL.revokeObjectURL(address), 60000);
    },
    readAll: async (stream, limit) => {
      const reader = stream.getReader();
      const parts = [];
      let size = 0;
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        size += value.length;
        if (size > limit) {
          await reader.cancel();
          return null;
        }
        parts.push(value);
      }
      const whole = new Uint8Array(size);
      let offset = 0;
      for (const part of parts) { whole.set(part, offset); offset += part.length; }
      return whole;
    },
    recode: async (request, bytes, transform, limit) => {
      try {
        const whole = await kehubuPage.readAll(new Blob([bytes]).stream().pipeThrough(transform), limit);
        if (whole && kehubuPage.hasRoomFor(whole.length)) _kehubu_recoded(request, 0, kehubuPage.give(whole), whole.length);
        else _kehubu_recoded(request, 1, 0, 0);
      } catch (error) {
        _kehubu_recoded(request, 2, 0, 0);
      }
    },

    // ---- history ----
    // Each entry knows its place and the address beneath it: { place, beneath }. Going through the history takes its time; what is
    // asked for meanwhile waits, or it would be done to the entry that is being left.
    entry: { place: 0, beneath: null },
    address: '',
    walking: false,
    historyWork: [],

    workOnHistory() {
      while (!kehubuPage.walking && kehubuPage.historyWork.length) kehubuPage.historyWork.shift()();
    },
    inHistory(work) {
      kehubuPage.historyWork.push(work);
      kehubuPage.workOnHistory();
    },
    writeEntry(entry, address, push) {
      kehubuPage.entry = entry;
      kehubuPage.address = address;
      if (push) history.pushState(entry, '', address); else history.replaceState(entry, '', address);
    },
    walk(steps) {
      kehubuPage.walking = true;
      history.go(steps);
    },
    // A typed address makes an entry that knows nothing yet: it stands above the one before.
    arrived() {
      if (history.state) kehubuPage.entry = history.state;
      else kehubuPage.writeEntry({ place: kehubuPage.entry.place + 1, beneath: kehubuPage.address }, location.hash, false);
      kehubuPage.address = location.hash;
    },
    onPopState() {
      const { place } = kehubuPage.entry;
      const asked = kehubuPage.walking;
      kehubuPage.walking = false;
      kehubuPage.arrived();
      if (!asked) _kehubu_route_changed(stringToNewUTF8(location.hash.slice(1)), kehubuPage.entry.place - place);
      else kehubuPage.requestFrame();
      kehubuPage.workOnHistory();
    },

    // ---- updates of the program ----
    watchUpdates(registration) {
      kehubuPage.registration = registration;
      const tell = () => { if (registration.waiting && navigator.serviceWorker.controller) _kehubu_update_ready(); };
      tell();
      registration.addEventListener('updatefound', () => {
        const worker = registration.installing;
        const isFirst = !registration.active;  // nothing older is in use: no update, and no news
        if (worker && !isFirst) worker.addEventListener('statechange', () => { if (worker.state === 'installed') tell(); });
      });
      // A page that stays open for days looks for a new version when it comes back to the front.
      document.addEventListener('visibilitychange', () => {
        if (!document.hidden && navigator.onLine) registration.update().catch(() => {});
      });
    },
  },

  kehubu_platform_start__deps: ['$kehubuPage'],
  kehubu_platform_start: () => {
    const redraw = () => kehubuPage.requestFrame();
    for (const query of ['(prefers-color-scheme: dark)', '(prefers-reduced-motion: reduce)', '(prefers-contrast: more)', '(forced-colors: active)']) {
      matchMedia(query).addEventListener('change', redraw);
    }
    for (const event of ['online', 'offline', 'languagechange']) addEventListener(event, redraw);
    kehubuPage.writeEntry(history.state ?? kehubuPage.entry, location.hash, false);
    addEventListener('popstate', kehubuPage.onPopState);
    addEventListener('beforeunload', (event) => {
      if (kehubuPage.unsaved) {
        event.preventDefault();
        event.returnValue = '';
      }
    });
    addEventListener('pagehide', () => _kehubu_hidden());
    document.addEventListener('visibilitychange', () => { if (document.hidden) _kehubu_hidden(); else redraw(); });
    addEventListener('dragover', (event) => { event.preventDefault(); event.dataTransfer.dropEffect = 'copy'; });
    addEventListener('drop', (event) => {
      event.preventDefault();
      const files = [...event.dataTransfer.files];
      if (files.length) kehubuPage.deliverFiles(0, files, 256 * 1024 * 1024);
    });
    if ('serviceWorker' in navigator) {
      navigator.serviceWorker.register('sw.js').then(kehubuPage.watchUpdates).catch((error) => console.warn('offline use is not possible:', error));
    }
    // For measurements (tests/bench) and curious people; nothing in the program reads it.
    globalThis.kehubu = Object.freeze({
      get frames() { return kehubuPage.frames; },
      get frameMicroseconds() { return kehubuPage.frameMicroseconds; },
    });
  },

  kehubu_request_frame__deps: ['$kehubuPage'],
  kehubu_request_frame: () => kehubuPage.requestFrame(),
  kehubu_request_frame_after__deps: ['$kehubuPage'],
  kehubu_request_frame_after: (milliseconds) => {
    const at = performance.now() + milliseconds;
    if (kehubuPage.frameTimerAt && at >= kehubuPage.frameTimerAt) return;
    clearTimeout(kehubuPage.frameTimer);
    kehubuPage.frameTimerAt = at;
    kehubuPage.frameTimer = setTimeout(() => {
      kehubuPage.frameTimerAt = 0;
      kehubuPage.requestFrame();
    }, milliseconds);
  },
  kehubu_count_frame__deps: ['$kehubuPage'],
  kehubu_count_frame: (microseconds) => { ++kehubuPage.frames; kehubuPage.frameMicroseconds = microseconds; },
  kehubu_show_page: () => { document.getElementById('welcome').hidden = true; },

  kehubu_random: (pointer, size) => {
    const bytes = new Uint8Array(size);
    for (let from = 0; from < size; from += 65536) crypto.getRandomValues(bytes.subarray(from, Math.min(size, from + 65536)));
    HEAPU8.set(bytes, pointer);
  },
  kehubu_preferences: () => (matchMedia('(prefers-color-scheme: dark)').matches ? 1 : 0) | (navigator.language.toLowerCase().startsWith('zh') ? 2 : 0)
    | (matchMedia('(prefers-reduced-motion: reduce)').matches ? 4 : 0) | (navigator.onLine ? 8 : 0)
    | (matchMedia('(prefers-contrast: more)').matches || matchMedia('(forced-colors: active)').matches ? 16 : 0),

  kehubu_setting_read__deps: ['$UTF8ToString', '$stringToNewUTF8'],
  kehubu_setting_read: (key, keySize) => {
    let value = null;
    try { value = localStorage.getItem(`kehubu.setting.${UTF8ToString(key, keySize)}`); } catch { /* forbidden: as if there were none */ }
    return stringToNewUTF8(value ?? '');
  },
  kehubu_setting_write__deps: ['$UTF8ToString'],
  kehubu_setting_write: (key, keySize, value, valueSize) => {
    try { localStorage.setItem(`kehubu.setting.${UTF8ToString(key, keySize)}`, UTF8ToString(value, valueSize)); } catch { /* forbidden or full: it holds for this visit only */ }
  },

  kehubu_pick_files__deps: ['$kehubuPage', '$UTF8ToString'],
  kehubu_pick_files: (request, accept, acceptSize, multiple, limit) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = UTF8ToString(accept, acceptSize);
    input.multiple = !!multiple;
    input.hidden = true;
    input.id = 'file-picker';
    document.body.append(input);
    input.addEventListener('change', () => { kehubuPage.deliverFiles(request, [...input.files], limit); input.remove(); });
    input.addEventListener('cancel', () => { _kehubu_files_done(request, 3, stringToNewUTF8('')); input.remove(); });
    input.click();
  },
  kehubu_save_file__deps: ['$kehubuPage', '$UTF8ToString'],
  kehubu_save_file: (request, name, nameSize, type, typeSize, bytes, size, share) => {
    const fileName = UTF8ToString(name, nameSize);
    const blob = new Blob([kehubuPage.take(bytes, size)], { type: UTF8ToString(type, typeSize) });
    const done = () => setTimeout(() => _kehubu_file_saved(request, 0), 0);
    const file = share && navigator.canShare ? new File([blob], fileName, { type: blob.type }) : null;
    if (!file || !navigator.canShare({ files: [file] })) {
      kehubuPage.download(fileName, blob);
      done();
      return;
    }
    navigator.share({ files: [file], title: fileName }).then(done, (error) => {
      if (error.name === 'AbortError') _kehubu_file_saved(request, 1);  // the person closed the sheet
      else { kehubuPage.download(fileName, blob); done(); }
    });
  },
  kehubu_compress__deps: ['$kehubuPage'],
  kehubu_compress: (request, bytes, size) => { kehubuPage.recode(request, kehubuPage.take(bytes, size), new CompressionStream('gzip'), Infinity); },
  kehubu_decompress__deps: ['$kehubuPage'],
  kehubu_decompress: (request, bytes, size, limit) => { kehubuPage.recode(request, kehubuPage.take(bytes, size), new DecompressionStream('gzip'), limit); },

  // The text as malloc'ed UTF-8, or 0 when the browser does not know the encoding. Broken sequences, and the zero bytes that
  // would end the text, become U+FFFD.
  kehubu_decode__deps: ['$kehubuPage', '$UTF8ToString', '$stringToNewUTF8'],
  kehubu_decode: (encoding, encodingSize, bytes, size) => {
    try { return stringToNewUTF8(new TextDecoder(UTF8ToString(encoding, encodingSize)).decode(kehubuPage.take(bytes, size)).replaceAll('\0', '\uFFFD')); } catch { return 0; }
  },
  kehubu_copy__deps: ['$UTF8ToString'],
  kehubu_copy: (text, size) => {
    const words = UTF8ToString(text, size);
    navigator.clipboard?.writeText(words).catch(() => {
      // Older engines allow only the selection of a focused field.
      const area = document.createElement('textarea');
      area.value = words;
      document.body.append(area);
      area.select();
      document.execCommand('copy');
      area.remove();
    });
  },
  kehubu_open_link__deps: ['$UTF8ToString'],
  kehubu_open_link: (address, size) => {
    const link = document.createElement('a');
    link.href = UTF8ToString(address, size);
    if (!/^(tel|mailto|sms|https?):$/.test(link.protocol)) return;
    if (link.protocol.startsWith('http')) { link.target = '_blank'; link.rel = 'noopener noreferrer'; }
    link.click();
  },
  kehubu_route__deps: ['$stringToNewUTF8'],
  kehubu_route: () => stringToNewUTF8(location.hash.slice(1)),
  // move: 1 to a new entry, 0 in place of the present one, -1 to the one beneath where that is this route's, else as 0.
  kehubu_set_route__deps: ['$kehubuPage', '$UTF8ToString'],
  kehubu_set_route: (route, size, move) => {
    const address = `#${UTF8ToString(route, size)}`;
    kehubuPage.inHistory(() => {
      const { place, beneath } = kehubuPage.entry;
      if (move > 0) kehubuPage.writeEntry({ place: place + 1, beneath: kehubuPage.address }, address, true);
      else if (move < 0 && beneath === address) kehubuPage.walk(-1);
      else kehubuPage.writeEntry(kehubuPage.entry, address, false);
    });
  },
  kehubu_walk_history__deps: ['$kehubuPage'],
  kehubu_walk_history: (steps) => kehubuPage.inHistory(() => kehubuPage.walk(steps)),
  kehubu_at_first_entry__deps: ['$kehubuPage'],
  kehubu_at_first_entry: () => !kehubuPage.walking && !kehubuPage.historyWork.length && kehubuPage.entry.place === 0,
  kehubu_set_title__deps: ['$UTF8ToString'],
  kehubu_set_title: (title, size) => { document.title = UTF8ToString(title, size); },
  kehubu_set_document__deps: ['$UTF8ToString'],
  kehubu_set_document: (chinese, page, pageSize, text, textSize, accent, accentSize, dark) => {
    const root = document.documentElement;
    root.lang = chinese ? 'zh-CN' : 'en';
    root.style.setProperty('--page', UTF8ToString(page, pageSize));
    root.style.setProperty('--text', UTF8ToString(text, textSize));
    root.style.setProperty('--accent', UTF8ToString(accent, accentSize));
    root.style.setProperty('color-scheme', dark ? 'dark' : 'light');
    document.querySelector('meta[name=theme-color]').content = UTF8ToString(page, pageSize);
  },
  kehubu_set_unsaved__deps: ['$kehubuPage'],
  kehubu_set_unsaved: (unsaved) => { kehubuPage.unsaved = !!unsaved; },
  kehubu_apply_update__deps: ['$kehubuPage'],
  kehubu_apply_update: () => {
    navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
    const waiting = kehubuPage.registration?.waiting;
    if (waiting) waiting.postMessage('activate'); else location.reload();
  },
  kehubu_reload: () => location.reload(),
});
