import { record, text, varint } from '../../dist/base/index.js';
import { ask, component, correlation, event, port } from '../../dist/component/index.js';

export const Sums = port('sums', {
  requests: { add: event(varint), say: event(text) },
  indications: { total: event(varint), said: event(text) },
});

export const Names = port('names', {
  requests: { find: event(record({ number: varint, correlation })) },
  indications: { found: event(record({ name: text, correlation })) },
});

/** Adds what it is told, and asks outside for the name of each total that it is to say. */
export const Summer = component('summer', {
  provides: { sums: Sums },
  requires: { names: Names },
  setup: ({ provides: { sums }, requires: { names } }, { from }) => {
    let total = from;
    const find = ask(names, 'find', 'found', { timeoutMs: 5000 });
    sums.on.add((number) => {
      total += number;
      sums.emit.total(total);
    });
    sums.on.say((word) => {
      if (word === 'throw') throw new Error('told to');
      if (word === 'exit') process.exit(7);
      find({ number: total }, (found) => sums.emit.said(`${word} ${found.ok ? found.value.name : 'nobody'}`));
    });
  },
});
