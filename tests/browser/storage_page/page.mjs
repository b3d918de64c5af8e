// globalThis.store: the storage as a test sees it. Statements are synchronous, as in the product.
import createModule from './storage_page.mjs';

const waiting = new Map(); // ticket → { resolve, reject }
let lastTicket = 0;
const outcomes = [];
const outcomeListeners = [];

const module = await createModule({
  onOutcome(outcome) {
    globalThis.loadedAt = performance.now();
    outcomes.push(outcome);
    for (const listener of outcomeListeners.splice(0)) listener();
  },
  onDone(ticket, problem) {
    const { resolve, reject } = waiting.get(ticket);
    waiting.delete(ticket);
    if (problem) reject(new Error(problem));
    else resolve();
  },
});

const call = (name, type, ...parameters) => module.ccall(name, type, parameters.map((value) => typeof value), parameters);
const asked = (name) => new Promise((resolve, reject) => {
  waiting.set(++lastTicket, { resolve, reject });
  call(name, null, lastTicket);
});

async function outcome(index = 0) {
  while (outcomes.length <= index) await new Promise((resolve) => { outcomeListeners.push(resolve); });
  return outcomes[index];
}

globalThis.store = {
  outcome,
  outcomes,
  run(sql) {
    const problem = call('page_run', 'string', sql);
    if (problem) throw new Error(problem);
  },
  value: (sql) => call('page_value', 'string', sql),
  health: () => JSON.parse(call('page_health', 'string')),
  durable: () => asked('page_wait_durable'), // of everything committed so far
  copy: () => asked('page_copy'),
  erase: () => asked('page_erase'),
  acknowledge: () => call('page_acknowledge', null),
  takeOver: () => call('page_take_over', null),
  retry: () => call('page_retry', null),
};
call('page_open', null);
