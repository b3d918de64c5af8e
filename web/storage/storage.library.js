// What browser_backend.cpp asks of the browser. No decision is made here: each function does one thing and answers what came
// of it. Layout and failure table: docs/storage.md.
//
// Answers never come inside the call that asked (a synchronous failure is answered from a microtask), and none throws.

addToLibrary({
  $createKehubuStorage: () => {
    const databaseName = 'kehubu';
    const lockName = 'kehubu-writer';
    const sentinelKey = 'kehubu.sentinel';
    // Measured: four reads of under 1 MiB at a time take less than half as long as larger ones, or as one after the other.
    const recordsPerRead = 16;
    const readsAtOnce = 4;
    const longestDetail = 300;

    // As in enum StorageFault and StorageEvents.
    const Fault = { none: 0, aborted: 1, quota: 2, connectionLost: 3, unavailable: 4 };
    const Event = { connectionClosed: 0, lockLost: 1, yieldRequested: 2, pageHidden: 3, pageShown: 4 };
    const LockMode = { ifFree: 0, wait: 1, steal: 2 };

    const faultByName = {
      QuotaExceededError: Fault.quota,
      InvalidStateError: Fault.connectionLost, // the connection is closing
      UnknownError: Fault.connectionLost, // "Internal error opening backing store", "Connection to Indexed Database server lost"
      TransactionInactiveError: Fault.connectionLost,
      SecurityError: Fault.unavailable,
      NotSupportedError: Fault.unavailable,
      NotAllowedError: Fault.unavailable,
      VersionError: Fault.unavailable,
    };
    const faultOf = (error) => faultByName[error?.name] ?? Fault.aborted;
    const detailOf = (error) => (error ? `${error.name}: ${error.message}` : 'aborted').slice(0, longestDetail);

    const encoder = new TextEncoder();
    function answer(request, fault = Fault.none, { detail = '', payload = null, first = 0, second = 0 } = {}) {
      const detailBytes = encoder.encode(detail);
      const at = _kehubu_storage_buffer(detailBytes.length + (payload?.length ?? 0));
      HEAPU8.set(detailBytes, at);
      if (payload) HEAPU8.set(payload, at + detailBytes.length);
      _kehubu_storage_answer(request, fault, detailBytes.length, payload ? payload.length : -1, first, second);
    }
    const fail = (request, error, fault = faultOf(error)) => answer(request, fault, { detail: detailOf(error) });
    // For failures that are known before the call has returned.
    const failLater = (request, error, fault = faultOf(error)) => queueMicrotask(() => fail(request, error, fault));

    // ---- IndexedDB ----

    let database = null;
    let connections = 0;
    let createdStore = false;

    function disconnect() {
      connections++;
      database?.close();
      database = null;
    }

    function lost(connection) {
      if (database !== connection) return;
      database = null;
      _kehubu_storage_event(Event.connectionClosed);
    }

    function connect(request) {
      disconnect();
      const mine = connections;
      let opening;
      try {
        opening = indexedDB.open(databaseName, 1);
      } catch (error) {
        failLater(request, error, Fault.unavailable);
        return;
      }
      opening.onupgradeneeded = () => {
        createdStore = true;
        opening.result.createObjectStore('meta');
        opening.result.createObjectStore('records');
      };
      opening.onerror = (event) => {
        event.preventDefault();
        fail(request, opening.error);
      };
      opening.onsuccess = () => {
        const connection = opening.result;
        if (mine !== connections) {
          connection.close(); // it was given up meanwhile
          return;
        }
        database = connection;
        connection.onclose = () => lost(connection);
        // Another page deletes the database, or a newer program changes it: let it.
        connection.onversionchange = () => {
          connection.close();
          lost(connection);
        };
        answer(request);
      };
    }

    function transaction(request, mode, options) {
      try {
        if (!database) throw new DOMException('not connected', 'InvalidStateError');
        return database.transaction(['meta', 'records'], mode, options);
      } catch (error) {
        failLater(request, error);
        return null;
      }
    }

    // A value that is not bytes was not written by us.
    const bytesOf = (value) => (value instanceof Uint8Array ? value : new Uint8Array(0));

    function readFromMeta(request, key) {
      const reading = transaction(request, 'readonly');
      if (!reading) return;
      const get = reading.objectStore('meta').get(key);
      get.onsuccess = () => answer(request, Fault.none, { payload: bytesOf(get.result) });
      get.onerror = () => fail(request, get.error);
    }

    function deliver(request, values) {
      const records = values.filter((value) => value instanceof Uint8Array);
      const size = records.reduce((sum, record) => sum + 4 + ((record.length + 3) & ~3), 0);
      if (size === 0) return;
      let at = _kehubu_storage_buffer(size);
      for (const record of records) {
        HEAPU32[at >>> 2] = record.length;
        HEAPU8.set(record, at + 4);
        at += 4 + ((record.length + 3) & ~3);
      }
      _kehubu_storage_records(request, size);
    }

    // In windows, several asked for before the first is answered. A window that cannot be read is read record by record, so that
    // one unreadable value does not hide its neighbours.
    function readRecords(request) {
      const reading = transaction(request, 'readonly');
      if (!reading) return;
      const store = reading.objectStore('records');
      let numbers = [];
      let next = 0;
      const readOneByOne = (window) => {
        for (const number of window) {
          const get = store.get(number);
          get.onsuccess = () => deliver(request, [get.result]);
          get.onerror = (event) => event.preventDefault();
        }
      };
      const readWindow = () => {
        const window = numbers.slice(next, next + recordsPerRead);
        if (window.length === 0) return;
        next += recordsPerRead;
        const get = store.getAll(IDBKeyRange.bound(window[0], window.at(-1)));
        get.onsuccess = () => {
          readWindow();
          deliver(request, get.result);
        };
        get.onerror = (event) => {
          event.preventDefault();
          readOneByOne(window);
          readWindow();
        };
      };
      const keys = store.getAllKeys();
      keys.onsuccess = () => {
        numbers = keys.result;
        for (let count = 0; count < readsAtOnce; count++) readWindow();
      };
      reading.oncomplete = () => answer(request);
      reading.onabort = () => fail(request, reading.error);
    }

    // The records of the next commit, copied out of wasm memory: one buffer each, since cloning a view clones all of its buffer.
    let puts = [];
    let deletes = [];
    const put = (number, pointer, size) => puts.push({ number, bytes: HEAPU8.slice(pointer, pointer + size) });

    // The seam for encryption. It gets each record before the transaction opens, because awaiting anything inside a transaction
    // ends it; openRecord() would be called by deliver(). Identity for now.
    const sealRecord = (record) => record;

    const sameBytes = (one, other) => one.length === other.length && one.every((byte, index) => byte === other[index]);

    function commit(request, expected, meta, clearRecords) {
      const sealed = puts.map(sealRecord);
      const dead = deletes;
      puts = [];
      deletes = [];
      const writing = transaction(request, 'readwrite', { durability: 'strict' });
      if (!writing) return;
      let other = null;
      let thrown = null;
      writing.oncomplete = () => answer(request);
      writing.onabort = () => {
        if (other) answer(request, Fault.none, { payload: other });
        else fail(request, thrown ?? writing.error);
      };
      try {
        const metaStore = writing.objectStore('meta');
        const recordStore = writing.objectStore('records');
        // The fence: whoever has written since we last looked has changed this record. Everything below is undone then.
        const head = metaStore.get('head');
        head.onsuccess = () => {
          const stored = bytesOf(head.result);
          if (!sameBytes(stored, expected)) {
            other = stored;
            writing.abort();
          } else {
            writing.commit?.(); // nothing else will be asked: saves waiting for every put to be answered
          }
        };
        if (clearRecords) recordStore.clear();
        for (const { number, bytes } of sealed) recordStore.put(bytes, number);
        for (const number of dead) recordStore.delete(number);
        metaStore.put(meta, 'head');
      } catch (error) {
        thrown = error;
        try {
          writing.abort();
        } catch {
          failLater(request, error);
        }
      }
    }

    // ---- rest, and the log of Chromium ----

    // Nobody waits for it: the transaction is complete as far as we are concerned, and is carried out even if the page dies now.
    function writeRestMark(mark) {
      try {
        const writing = database?.transaction('meta', 'readwrite', { durability: 'strict' });
        if (!writing) return;
        writing.objectStore('meta').put(mark, 'rest');
        writing.commit?.();
      } catch {
        // Without a mark the next start is slower, and no worse.
      }
    }

    // A mark that outlives its rest makes the next start trust a log that may be cut short: nothing is written before the answer.
    function removeRestMark(request) {
      const writing = transaction(request, 'readwrite', { durability: 'strict' });
      if (!writing) return;
      writing.oncomplete = () => answer(request);
      writing.onabort = () => fail(request, writing.error);
      writing.objectStore('meta').delete('rest');
      writing.commit?.();
    }

    // Chromium keeps IndexedDB in LevelDB, whose log may be cut short by the browser's death; the next browser goes on writing behind the
    // cut, and the one after that finds the log corrupt and deletes everything. LevelDB begins a new log when 4 MiB are in its table, so
    // that much is written and written again: the first log is then replaced for certain before the third transaction is done.
    const logMayBeCutShort = () => !createdStore && /Chrom(e|ium)\//.test(navigator.userAgent);

    const renewalTransactions = [
      (store, filling) => { for (let part = 0; part < 76; part++) store.put(filling, `renew-${part}`); },
      (store, filling) => { for (let part = 0; part < 76; part++) store.put(filling, `renew-${part}`); },
      (store) => store.delete(IDBKeyRange.bound('renew-', 'renew-~')),
    ];
    function renewLog(request, step = 0) {
      let writing;
      try {
        if (!database) throw new DOMException('not connected', 'InvalidStateError');
        writing = database.transaction('meta', 'readwrite', { durability: step === 2 ? 'strict' : 'relaxed' });
        renewalTransactions[step](writing.objectStore('meta'), new Uint8Array(57344));
      } catch (error) {
        failLater(request, error);
        return;
      }
      writing.oncomplete = () => {
        if (step + 1 < renewalTransactions.length) renewLog(request, step + 1);
        else answer(request);
      };
      writing.onabort = () => fail(request, writing.error);
    }

    // ---- one writer ----

    let releaseHeldLock = null;
    let stopWaiting = null;
    let channel = null;

    function releaseLock() {
      stopWaiting?.abort();
      stopWaiting = null;
      releaseHeldLock?.();
      releaseHeldLock = null;
    }

    function acquireLock(request, mode) {
      stopWaiting?.abort();
      stopWaiting = null;
      if (!navigator.locks) {
        queueMicrotask(() => answer(request, Fault.none, { first: 1 }));
        return;
      }
      let held = false;
      const options = {};
      if (mode === LockMode.ifFree) options.ifAvailable = true;
      if (mode === LockMode.steal) options.steal = true;
      if (mode === LockMode.wait) {
        stopWaiting = new AbortController();
        options.signal = stopWaiting.signal;
      }
      navigator.locks.request(lockName, options, (lock) => {
        if (!lock) {
          answer(request, Fault.none, { first: 0 });
          return undefined;
        }
        held = true;
        const release = new Promise((resolve) => { releaseHeldLock = resolve; });
        answer(request, Fault.none, { first: 1 });
        return release;
      }).catch((error) => {
        if (held) {
          releaseHeldLock = null;
          _kehubu_storage_event(Event.lockLost);
        } else if (error.name !== 'AbortError') {
          answer(request, Fault.none, { first: 1 }); // locks do not work here: the epoch alone decides
        }
      });
    }

    // ---- sentinel ----

    function readSentinel() {
      let text = '';
      try {
        text = localStorage.getItem(sentinelKey) ?? '';
      } catch {
        return 0; // storage is switched off: as if there were none
      }
      const bytes = encoder.encode(text);
      HEAPU8.set(bytes, _kehubu_storage_buffer(bytes.length));
      return bytes.length;
    }

    function writeSentinel(text) {
      try {
        localStorage.setItem(sentinelKey, text);
      } catch {
        // Full or switched off. Without a sentinel a wiped store looks new; nothing better can be done here.
      }
    }

    // ---- second copy ----

    let copyWriter = null;

    async function copyFolder(create) {
      if (!navigator.storage?.getDirectory) throw new DOMException('no OPFS', 'NotSupportedError');
      const root = await navigator.storage.getDirectory();
      return root.getDirectoryHandle('kehubu', { create });
    }
    const copyName = (slot) => `copy-${slot}.image`;

    async function answerWhenDone(request, work) {
      try {
        answer(request, Fault.none, { payload: (await work()) ?? null });
      } catch (error) {
        fail(request, error);
      }
    }

    const readCopy = (request, slot, offset, length) => answerWhenDone(request, async () => {
      try {
        const handle = await (await copyFolder(false)).getFileHandle(copyName(slot));
        const file = await handle.getFile();
        return new Uint8Array(await file.slice(offset, offset + length).arrayBuffer());
      } catch (error) {
        if (error.name === 'NotFoundError') return new Uint8Array(0);
        throw error;
      }
    });

    const beginCopy = (request, slot) => answerWhenDone(request, async () => {
      await copyWriter?.abort().catch(() => {});
      copyWriter = null;
      const handle = await (await copyFolder(true)).getFileHandle(copyName(slot), { create: true });
      if (!handle.createWritable) throw new DOMException('no createWritable', 'NotSupportedError');
      copyWriter = await handle.createWritable(); // writes to a shadow file that replaces the old one at close()
    });

    const appendCopy = (request, bytes) => answerWhenDone(request, async () => { await copyWriter.write(bytes); });

    const finishCopy = (request) => answerWhenDone(request, async () => {
      await copyWriter.close();
      copyWriter = null;
    });

    async function removeCopies() {
      await copyWriter?.abort().catch(() => {});
      copyWriter = null;
      try {
        const root = await navigator.storage.getDirectory();
        await root.removeEntry('kehubu', { recursive: true });
      } catch {
        // There are none, or there is no OPFS.
      }
    }

    // In this order: should it be cut short, what is left is still found as data, never as "wiped" or "recovered".
    const erase = (request) => answerWhenDone(request, async () => {
      await removeCopies();
      try {
        localStorage.removeItem(sentinelKey);
      } catch {
        // as in writeSentinel
      }
      disconnect();
      await new Promise((resolve, reject) => {
        const deleting = indexedDB.deleteDatabase(databaseName);
        deleting.onsuccess = () => resolve();
        deleting.onerror = () => reject(deleting.error);
      });
    });

    // ---- the platform ----

    async function queryPersistence(request, ask) {
      let persisted = false;
      try {
        persisted = await (ask ? navigator.storage.persist() : navigator.storage.persisted());
      } catch {
        // not offered
      }
      answer(request, Fault.none, { first: persisted ? 1 : 0 });
    }

    async function queryQuota(request) {
      try {
        const { usage, quota } = await navigator.storage.estimate();
        answer(request, Fault.none, { first: usage ?? 0, second: quota ?? 0 });
      } catch (error) {
        fail(request, error, Fault.unavailable);
      }
    }

    // Registered once: adding and removing the listener with every commit costs more than the commit's own work.
    let warnsBeforeUnload = false;
    const askBeforeUnload = (event) => {
      if (!warnsBeforeUnload) return;
      event.preventDefault();
      event.returnValue = '';
    };

    function start() {
      const hidden = () => _kehubu_storage_event(Event.pageHidden);
      document.addEventListener('visibilitychange', () => _kehubu_storage_event(document.hidden ? Event.pageHidden : Event.pageShown));
      addEventListener('pagehide', hidden);
      addEventListener('beforeunload', askBeforeUnload);
      if (globalThis.BroadcastChannel) {
        channel = new BroadcastChannel(lockName);
        channel.onmessage = ({ data }) => { if (data === 'yield') _kehubu_storage_event(Event.yieldRequested); };
      }
    }

    return {
      start, connect, disconnect, readFromMeta, writeRestMark, removeRestMark, logMayBeCutShort, renewLog, readRecords, put, commit, erase, acquireLock, releaseLock, readSentinel, writeSentinel,
      readCopy, beginCopy, appendCopy, finishCopy, queryPersistence, queryQuota,
      warnBeforeUnload: (warn) => { warnsBeforeUnload = warn; },
      remove: (number) => deletes.push(number),
      askToYield: () => channel?.postMessage('yield'),
    };
  },

  $kehubuStorage__deps: ['$createKehubuStorage'],
  $kehubuStorage__postset: 'kehubuStorage = createKehubuStorage();',
  $kehubuStorage: {},

  kehubu_storage_start__deps: ['$kehubuStorage'],
  kehubu_storage_start: () => kehubuStorage.start(),
  kehubu_storage_connect__deps: ['$kehubuStorage'],
  kehubu_storage_connect: (request) => kehubuStorage.connect(request),
  kehubu_storage_disconnect__deps: ['$kehubuStorage'],
  kehubu_storage_disconnect: () => kehubuStorage.disconnect(),
  kehubu_storage_read_meta__deps: ['$kehubuStorage'],
  kehubu_storage_read_meta: (request) => kehubuStorage.readFromMeta(request, 'head'),
  kehubu_storage_read_rest_mark__deps: ['$kehubuStorage'],
  kehubu_storage_read_rest_mark: (request) => kehubuStorage.readFromMeta(request, 'rest'),
  kehubu_storage_write_rest_mark__deps: ['$kehubuStorage'],
  kehubu_storage_write_rest_mark: (pointer, size) => kehubuStorage.writeRestMark(HEAPU8.slice(pointer, pointer + size)),
  kehubu_storage_remove_rest_mark__deps: ['$kehubuStorage'],
  kehubu_storage_remove_rest_mark: (request) => kehubuStorage.removeRestMark(request),
  kehubu_storage_log_may_be_cut_short__deps: ['$kehubuStorage'],
  kehubu_storage_log_may_be_cut_short: () => (kehubuStorage.logMayBeCutShort() ? 1 : 0),
  kehubu_storage_renew_log__deps: ['$kehubuStorage'],
  kehubu_storage_renew_log: (request) => kehubuStorage.renewLog(request),
  kehubu_storage_read_records__deps: ['$kehubuStorage'],
  kehubu_storage_read_records: (request) => kehubuStorage.readRecords(request),
  kehubu_storage_put__deps: ['$kehubuStorage'],
  kehubu_storage_put: (number, pointer, size) => { kehubuStorage.put(number, pointer, size); },
  kehubu_storage_delete__deps: ['$kehubuStorage'],
  kehubu_storage_delete: (number) => { kehubuStorage.remove(number); },
  kehubu_storage_commit__deps: ['$kehubuStorage'],
  kehubu_storage_commit: (request, expected, expectedSize, meta, metaSize, clearRecords) => kehubuStorage.commit(
    request, HEAPU8.slice(expected, expected + expectedSize), HEAPU8.slice(meta, meta + metaSize), clearRecords !== 0),
  kehubu_storage_erase__deps: ['$kehubuStorage'],
  kehubu_storage_erase: (request) => { kehubuStorage.erase(request); },
  kehubu_storage_acquire_lock__deps: ['$kehubuStorage'],
  kehubu_storage_acquire_lock: (request, mode) => kehubuStorage.acquireLock(request, mode),
  kehubu_storage_release_lock__deps: ['$kehubuStorage'],
  kehubu_storage_release_lock: () => kehubuStorage.releaseLock(),
  kehubu_storage_ask_to_yield__deps: ['$kehubuStorage'],
  kehubu_storage_ask_to_yield: () => { kehubuStorage.askToYield(); },
  kehubu_storage_read_sentinel__deps: ['$kehubuStorage'],
  kehubu_storage_read_sentinel: () => kehubuStorage.readSentinel(),
  kehubu_storage_write_sentinel__deps: ['$kehubuStorage', '$UTF8ToString'],
  kehubu_storage_write_sentinel: (text, size) => kehubuStorage.writeSentinel(UTF8ToString(text, size)),
  kehubu_storage_read_copy__deps: ['$kehubuStorage'],
  kehubu_storage_read_copy: (request, slot, offset, length) => { kehubuStorage.readCopy(request, slot, offset, length); },
  kehubu_storage_begin_copy__deps: ['$kehubuStorage'],
  kehubu_storage_begin_copy: (request, slot) => { kehubuStorage.beginCopy(request, slot); },
  kehubu_storage_append_copy__deps: ['$kehubuStorage'],
  kehubu_storage_append_copy: (request, pointer, size) => { kehubuStorage.appendCopy(request, HEAPU8.slice(pointer, pointer + size)); },
  kehubu_storage_finish_copy__deps: ['$kehubuStorage'],
  kehubu_storage_finish_copy: (request) => { kehubuStorage.finishCopy(request); },
  kehubu_storage_query_persistence__deps: ['$kehubuStorage'],
  kehubu_storage_query_persistence: (request, ask) => { kehubuStorage.queryPersistence(request, ask !== 0); },
  kehubu_storage_query_quota__deps: ['$kehubuStorage'],
  kehubu_storage_query_quota: (request) => { kehubuStorage.queryQuota(request); },
  kehubu_storage_warn_before_unload__deps: ['$kehubuStorage'],
  kehubu_storage_warn_before_unload: (warn) => kehubuStorage.warnBeforeUnload(warn !== 0),
  kehubu_storage_start_timer: (milliseconds) => {
    const timer = setTimeout(() => _kehubu_storage_timer(timer), milliseconds);
    return timer;
  },
  kehubu_storage_stop_timer: (timer) => clearTimeout(timer),
});
