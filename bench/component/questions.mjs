import { ask, component, event, port } from '../../dist/component/index.js';
import { cpuUs, makeSystem, mostFirst, summary } from './rig.mjs';

const Store = port('store', { requests: { get: event() }, indications: { value: event() } });

const Answerer = component('answerer', {
  provides: { store: Store },
  setup: ({ provides: { store } }) =>
    store.on.get(({ key, correlation }) => store.emit.value({ correlation, value: key })),
});

/** Keeps `pipe` questions open until `count` are answered. */
const Asker = component('asker', {
  requires: { store: Store },
  setup: ({ requires: { store }, onStart }, { count, pipe }) => {
    const get = ask(store, 'get', 'value', { timeoutMs: 60_000 });
    let left = count;
    const next = () => {
      if (--left >= 0) get({ key: left }, next);
    };
    onStart(() => {
      for (let i = 0; i < pipe; i++) next();
    });
  },
});

/** Questions a second, each with its answer: two events and a place in the list of those that are open. */
function questions(pipe) {
  const count = 200_000;
  const root = component('root', {
    setup: (context) => {
      const answerer = context.create(Answerer);
      context.connect(answerer.provides.store, context.create(Asker, { count, pipe }).requires.store);
    },
  });
  const rates = Array.from({ length: 11 }, () => {
    const { system, runAll } = makeSystem({ after: () => {} });
    const us = cpuUs(() => {
      system.create(root).start();
      runAll();
    });
    return count / us;
  });
  return summary(rates, mostFirst);
}

export const cases = {
  'questions and their answers, 1 open': () => ({ value: questions(1), unit: 'M/s' }),
  'questions and their answers, 500 open': () => ({ value: questions(500), unit: 'M/s' }),
};
