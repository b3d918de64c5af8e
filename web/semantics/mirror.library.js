// Keeps real, invisible elements over the canvas in step with the semantic tree (decision 6).
//
// C++ sends only what changed: a JSON array of nodes, the ids that are gone, and, when the structure changed, the order of
// each parent's children. Elements are position:fixed, so a child needs no update when its parent scrolls without it.

addToLibrary({
  $kehubuMirror__deps: ['$stringToNewUTF8', '$UTF8ToString'],
  $kehubuMirror: {
    elements: null,        // Map: node id (string) -> element
    nodes: null,           // Map: node id -> what was last sent
    root: null,
    modals: [],            // open ones, lowest first: {id, returnTo}, where the focus goes back to
    composing: false,
    telling: 0,            // timer: a composition that pauses is told
    entered: null,         // the field that the tap which is under way has entered
    fromKeyboard: false,   // the last thing the person touched was a key

    kinds: { activate: 0, focus: 1, blur: 2, draft: 3, submit: 4, cancel: 5, scrollTo: 6, menu: 7 },
    roles: ['button', 'link', 'tab', 'tablist', 'textbox', 'searchbox', 'combobox', 'listbox', 'option', 'checkbox', 'switch', 'radio',
      'radiogroup', 'grid', 'row', 'columnheader', 'cell', 'list', 'listitem', 'heading', 'text', 'status', 'alert', 'dialog', 'menu',
      'menuitem', 'progressbar', 'navigation', 'main', 'region', 'form', 'group', 'img'],
    inputTypes: ['text', 'search', 'tel', 'email', 'url', 'text', 'text', 'date', 'datetime-local', 'password'],
    inputModes: ['text', 'search', 'tel', 'email', 'url', 'decimal', 'numeric', '', '', 'text'],

    send(id, kind, text, fromKeyboard, unreadable) {
      _kehubu_semantic_event(BigInt(id), kehubuMirror.kinds[kind], text === undefined ? 0 : stringToNewUTF8(text), fromKeyboard ? 1 : 0, unreadable ? 1 : 0);
    },
    // What stands in a field. A date that is half typed, or that there is none of, reads as nothing: that is not an empty field.
    sendText(id, kind, element) {
      kehubuMirror.send(id, kind, element.value, false, element.validity.badInput);
    },
    isField: (node) => node.field !== undefined,
    idOf: (target) => target instanceof Element ? target.closest('[data-node]')?.dataset.node : undefined,

    make(node) {
      let element;
      if (kehubuMirror.isField(node)) {
        element = document.createElement(node.field.multiline ? 'textarea' : 'input');
        if (!node.field.multiline) element.type = kehubuMirror.inputTypes[node.field.mode];
        element.inputMode = kehubuMirror.inputModes[node.field.mode];
        element.autocomplete = 'off';
        element.autocapitalize = 'off';
        element.spellcheck = false;
        element.enterKeyHint = node.field.mode === 1 ? 'search' : node.field.multiline ? 'enter' : 'done';
      } else {
        element = document.createElement('div');
        const role = kehubuMirror.roles[node.role];
        if (role !== 'text') element.setAttribute('role', role);
      }
      element.dataset.node = node.id;
      element.id = `node-${node.id}`;
      return element;
    },

    attribute(element, name, value) {
      if (value === undefined || value === null || value === false || value === '') element.removeAttribute(name);
      else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, String(value));
    },

    describe(element, node) {
      const set = (name, value) => kehubuMirror.attribute(element, name, value);
      const role = kehubuMirror.roles[node.role];
      const speaksByContent = ['text', 'cell', 'columnheader', 'heading', 'status', 'alert'].includes(role);
      if (!speaksByContent) set('aria-label', node.name);
      else if (!node.parented) {
        const words = node.name || node.value || '';
        if (element.textContent !== words) element.textContent = words;
      } else set('aria-label', node.name);
      set('aria-description', node.description);
      set('aria-disabled', node.disabled && 'true');
      set('aria-current', node.current && 'page');
      set('aria-haspopup', node.popup && (role === 'combobox' ? 'listbox' : 'menu'));
      set('aria-modal', node.modal && 'true');
      set('aria-required', node.required && 'true');
      set('aria-invalid', node.invalid && 'true');
      set('aria-level', node.level || undefined);
      // Rows and columns have words of their own for what lists call position and size.
      const [position, count, column] = role === 'grid' ? ['', 'aria-rowcount', 'aria-colcount'] : role === 'row' ? ['aria-rowindex', '', 'aria-colindex']
        : role === 'list' ? ['', '', 'aria-colindex'] : ['aria-posinset', 'aria-setsize', 'aria-colindex'];
      if (position) set(position, node.position || undefined);
      if (count) set(count, node.count || undefined);
      set(column, node.column || undefined);
      if (role === 'columnheader') set('aria-sort', node.sort ? (node.sort > 0 ? 'ascending' : 'descending') : undefined);
      if (['tab', 'option', 'row', 'cell'].includes(role)) set('aria-selected', node.interactive || node.selected ? String(!!node.selected) : undefined);
      const checked = node.checked ? ['', 'false', 'true', 'mixed'][node.checked] : undefined;
      // A plain item of a menu cannot be checked.
      if (role === 'menuitem') set('role', checked === undefined ? 'menuitem' : 'menuitemcheckbox');
      if (role === 'button') set('aria-pressed', checked ?? (node.selected && 'true'));
      else set('aria-checked', checked);
      set('aria-expanded', node.expanded === undefined ? undefined : String(!!node.expanded));
      if (role === 'progressbar') {
        set('aria-valuemin', '0');
        set('aria-valuemax', '100');
        set('aria-valuenow', node.progress === undefined ? undefined : Math.round(node.progress / 10));
      }
      if (['combobox', 'progressbar', 'button', 'listitem', 'row', 'switch'].includes(role)) set('aria-valuetext', role === 'progressbar' ? node.value : undefined);
      if (role === 'combobox' && element.textContent !== (node.value || '')) element.textContent = node.value || '';
      if (role === 'dialog') element.tabIndex = -1;
      else if (node.interactive && !kehubuMirror.isField(node)) element.tabIndex = node.disabled || !node.stop ? -1 : 0;
      else if (!kehubuMirror.isField(node)) element.removeAttribute('tabindex');
    },

    place(element, node) {
      const [left, top, width, height] = node.rectangle;
      const style = element.style;
      style.left = `${left}px`;
      style.top = `${top}px`;
      style.width = `${width}px`;
      style.height = `${height}px`;
      const [clipLeft, clipTop, clipWidth, clipHeight] = node.clip;
      const cut = [clipTop - top, left + width - clipLeft - clipWidth, top + height - clipTop - clipHeight, clipLeft - left].map((part) => Math.max(0, part));
      style.clipPath = cut.some((part) => part > 0) ? `inset(${cut.map((part) => `${part}px`).join(' ')})` : '';
      if (!kehubuMirror.isField(node)) return;
      // A field scrolled out of view must not catch a finger that is meant for what covers it.
      const hidden = cut[0] + cut[2] >= height || cut[1] + cut[3] >= width;
      element.style.pointerEvents = hidden ? 'none' : '';
      const [textLeft, textTop, textWidth, textHeight] = node.field.area;
      style.fontSize = `${node.field.size}px`;
      style.paddingLeft = `${textLeft - left}px`;
      style.paddingRight = `${Math.max(0, left + width - textLeft - textWidth)}px`;
      if (node.field.multiline) {
        style.paddingTop = `${textTop - top}px`;
        style.paddingBottom = `${Math.max(0, top + height - textTop - textHeight)}px`;
        style.lineHeight = `${node.field.line}px`;
      } else {
        // The whole height, not the line's: Chromium ignores a line-height that is less than a fallback face's own, and
        // hanzi would jump by two pixels when the field is entered.
        style.lineHeight = `${height}px`;
      }
    },

    // Only its place has changed: [id, rectangle, clip, and of fields the letters' area], flat.
    move(place) {
      const node = kehubuMirror.nodes.get(place[0]);
      node.rectangle = place.slice(1, 5);
      node.clip = place.slice(5, 9);
      if (node.field) node.field.area = place.slice(9, 13);
      kehubuMirror.place(kehubuMirror.elements.get(place[0]), node);
    },

    fill(element, node, before) {
      const field = node.field;
      kehubuMirror.attribute(element, 'placeholder', field.placeholder);
      element.disabled = !!node.disabled;
      element.required = !!node.required;
      const editing = document.activeElement === element;
      const seedChanged = !before || before.field.seed !== field.seed;
      // While it is being edited the element owns the text, unless the program put in something else than was typed.
      if (seedChanged && element.value !== field.seed && !(editing && kehubuMirror.composing)) element.value = field.seed;
      element.style.textAlign = field.end ? 'end' : 'start';
    },

    update(node) {
      let element = kehubuMirror.elements.get(node.id);
      const before = kehubuMirror.nodes.get(node.id);
      const mustBeMade = !element || before.role !== node.role || kehubuMirror.isField(before) !== kehubuMirror.isField(node)
        || (node.field && (node.field.multiline !== before.field.multiline || node.field.mode !== before.field.mode));
      if (mustBeMade) {
        const made = kehubuMirror.make(node);
        if (element) {
          made.append(...element.children);
          element.replaceWith(made);
        }
        kehubuMirror.elements.set(node.id, element = made);
      }
      kehubuMirror.nodes.set(node.id, node);
      kehubuMirror.describe(element, node);
      kehubuMirror.place(element, node);
      if (node.field) kehubuMirror.fill(element, node, mustBeMade ? undefined : before);
    },

    // Children of a parent in the tree's order, moving as few as possible: a moved element would lose the focus.
    order(parentId, ids) {
      const parent = parentId === '0' ? kehubuMirror.root : kehubuMirror.elements.get(parentId);
      let expected = parent.firstElementChild;
      const focused = document.activeElement;
      for (const id of ids) {
        const element = kehubuMirror.elements.get(id);
        if (element === expected) { expected = expected.nextElementSibling; continue; }
        // Rather move those in between than the one that has the focus.
        if (element.parentNode === parent && element.contains(focused) && expected) {
          while (expected && expected !== element) { const next = expected.nextElementSibling; parent.append(expected); expected = next; }
          expected = element.nextElementSibling;
          continue;
        }
        parent.insertBefore(element, expected);
      }
    },

    // Everything below the uppermost modal's layer is out of reach; its fields do not catch taps. The focus goes into a modal
    // that opens, and back to where it was when it closes.
    applyModal(modalId) {
      const mirror = kehubuMirror;
      const modal = modalId ? mirror.elements.get(modalId) : null;
      const focused = mirror.idOf(document.activeElement);  // before it becomes inert, which takes the focus away
      for (const child of mirror.root.querySelectorAll('[inert]')) {
        child.removeAttribute('inert');
        child.classList.remove('covered');
      }
      const layer = modal ? mirror.nodes.get(modalId).layer ?? 0 : 0;
      for (let element = modal; element && element !== mirror.root; element = element.parentElement) {
        for (const sibling of element.parentElement.children) {
          const node = mirror.nodes.get(sibling.dataset.node);
          const above = node && (node.layer ?? 0) >= layer && layer > 0;  // a toast
          if (sibling === element || above || ['status', 'alert'].includes(sibling.getAttribute('role'))) continue;
          sibling.setAttribute('inert', '');
          sibling.classList.add('covered');
        }
      }
      let returnTo;
      while (mirror.modals.length && mirror.modals.at(-1).id !== modalId && !(modalId && mirror.elements.has(mirror.modals.at(-1).id))) {
        returnTo = mirror.modals.pop().returnTo;
      }
      if (modal && mirror.modals.at(-1)?.id !== modalId) {
        mirror.modals.push({ id: modalId, returnTo: focused });
        modal.focus({ preventScroll: true });
      } else if (returnTo && mirror.elements.has(returnTo) && (!document.activeElement || document.activeElement === document.body)) {
        // A field would bring the soft keyboard up again, which nobody asked for.
        if (mirror.fromKeyboard || !mirror.isField(mirror.nodes.get(returnTo))) mirror.elements.get(returnTo).focus({ preventScroll: true });
      }
    },

    focus(id) {
      const element = kehubuMirror.elements.get(id);
      if (!element || document.activeElement === element) return;
      element.focus({ preventScroll: true });
      if (element instanceof HTMLInputElement && !['date', 'datetime-local'].includes(element.type)) element.select();
    },

    // What an input method is still composing: some compose whole sentences, and a draft must not miss them. The element goes
    // on owning its text (fill).
    tellTyped() {
      const element = document.activeElement;
      const id = kehubuMirror.composing ? kehubuMirror.idOf(element) : undefined;
      const field = id && kehubuMirror.nodes.get(id)?.field;
      if (field && field.mode !== 1) kehubuMirror.send(id, 'draft', element.value);  // letters on the way search nothing
    },
    tellLater() {
      clearTimeout(kehubuMirror.telling);
      kehubuMirror.telling = setTimeout(kehubuMirror.tellTyped, 500);
    },

    listen() {
      const mirror = kehubuMirror;
      const root = mirror.root;
      addEventListener('keydown', () => { mirror.fromKeyboard = true; }, true);
      addEventListener('pointerdown', () => { mirror.fromKeyboard = false; }, true);
      root.addEventListener('focusin', (event) => {
        const id = mirror.idOf(event.target);
        if (id) mirror.send(id, 'focus', undefined, mirror.fromKeyboard);
        mirror.entered = event.target;
      });
      root.addEventListener('focusout', (event) => {
        const id = mirror.idOf(event.target);
        if (!id) return;
        mirror.composing = false;
        const node = mirror.nodes.get(id);
        if (node && mirror.isField(node)) mirror.sendText(id, 'blur', event.target);
        else mirror.send(id, 'blur');
      });
      root.addEventListener('click', (event) => {
        const id = mirror.idOf(event.target);
        const node = id && mirror.nodes.get(id);
        if (node && node.interactive && !node.disabled && !mirror.isField(node)) mirror.send(id, 'activate', undefined, true);
        // Who taps a number means another number. Only now: the tap that entered the field has just placed the caret.
        if (mirror.entered === event.target && ['decimal', 'numeric'].includes(event.target.inputMode)) event.target.select();
        mirror.entered = null;
      });
      // The menu key, Shift+F10 and screen readers ask the element; a right click and a long press reach the canvas.
      root.addEventListener('contextmenu', (event) => {
        const id = mirror.idOf(event.target);
        const node = id && mirror.nodes.get(id);
        if (!node || mirror.isField(node)) return;
        event.preventDefault();
        if (node.interactive && !node.disabled) mirror.send(id, 'menu');
      });
      root.addEventListener('compositionstart', () => { mirror.composing = true; });
      root.addEventListener('compositionend', (event) => {
        mirror.composing = false;
        const id = mirror.idOf(event.target);
        if (id) mirror.send(id, 'draft', event.target.value);
      });
      root.addEventListener('input', (event) => {
        const id = mirror.idOf(event.target);
        if (!id) return;
        if (!mirror.composing && !event.isComposing) mirror.sendText(id, 'draft', event.target);
        else mirror.tellLater();
      });
      // The page may end with these, and with it whatever only the element knows. Before the program hears of them: capturing.
      addEventListener('pagehide', mirror.tellTyped, true);
      document.addEventListener('visibilitychange', () => { if (document.hidden) mirror.tellTyped(); }, true);
      root.addEventListener('keydown', (event) => {
        const id = mirror.idOf(event.target);
        const node = id && mirror.nodes.get(id);
        // 229: a key that an input method is still chewing on; WebKit says so only that way after compositionend.
        if (!node || event.isComposing || event.keyCode === 229) return;
        if (mirror.isField(node)) {
          if (event.key === 'Enter' && !node.field.multiline) { event.preventDefault(); mirror.sendText(id, 'submit', event.target); }
          else if (event.key === 'Escape') { event.preventDefault(); mirror.send(id, 'cancel'); }
        } else if ((event.key === 'Enter' || event.key === ' ') && node.interactive && !node.disabled && !event.repeat) {
          event.preventDefault();
          event.stopPropagation();
          mirror.send(id, 'activate', undefined, true);
        }
      });
    },
  },

  kehubu_mirror_start__deps: ['$kehubuMirror'],
  kehubu_mirror_start: () => {
    kehubuMirror.elements = new Map();
    kehubuMirror.nodes = new Map();
    kehubuMirror.root = document.getElementById('mirror');
    kehubuMirror.listen();
  },

  // `update` is {"nodes": [...], "moved": [[id, numbers]], "gone": [ids], "orders": [[parent, [ids]]], "modal": id, "focus": [ids]}; any part may be missing.
  kehubu_mirror_update__deps: ['$kehubuMirror', '$UTF8ToString'],
  kehubu_mirror_update: (text, size) => {
    const update = JSON.parse(UTF8ToString(text, size));
    for (const node of update.nodes ?? []) kehubuMirror.update(node);
    for (const place of update.moved ?? []) kehubuMirror.move(place);
    for (const [parent, ids] of update.orders ?? []) kehubuMirror.order(parent, ids);
    for (const id of update.gone ?? []) {
      const element = kehubuMirror.elements.get(id);
      if (element && element.contains(document.activeElement)) kehubuMirror.send(id, 'blur', undefined);
      element?.remove();
      kehubuMirror.elements.delete(id);
      kehubuMirror.nodes.delete(id);
    }
    if (update.modal !== undefined) kehubuMirror.applyModal(update.modal);
    // Focus that was requested is given when the element stands in the document.
    for (const id of update.focus ?? []) kehubuMirror.focus(id);
  },
});
