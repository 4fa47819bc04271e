import { component, event, port } from '../../dist/component/index.js';
import { cpuUs, leastFirst, makeSystem, summary } from './rig.mjs';

/** Questions go to all copies through a port; each answer goes to whoever asked, by a reference. */
const Copies = port('copies', { requests: { read: event(), write: event() } });

/** A copy of every key. Of two stamps the one with the higher number is newer, equal ones are told apart by rank. */
function holdCopies(copies, keys) {
  const [numbers, ranks, values] = Array.from({ length: 3 }, () => new Int32Array(keys));
  copies.on.read(({ key, round, answer }) =>
    answer.tell({ key, round, number: numbers[key], rank: ranks[key], value: values[key] }),
  );
  copies.on.write(({ key, round, number, rank, value, answer }) => {
    if (number > numbers[key] || (number === numbers[key] && rank > ranks[key])) {
      numbers[key] = number;
      ranks[key] = rank;
      values[key] = value;
    }
    answer.tell({ key, round });
  });
}

/**
 * A replicated register for every key (Attiya, Bar-Noy, Dolev 1995), as in the public suite: a read whose majority agrees
 * is not written back. Each of the components starts an operation on every key at once, half of them reads.
 */
const Register = component('register', {
  provides: { mine: Copies },
  requires: { all: Copies },
  setup: ({ provides: { mine }, requires: { all }, ref, onStart }, { rank, count, keys, readShare, done }) => {
    holdCopies(mine, keys);
    const majority = Math.floor(count / 2) + 1;
    const open = Array.from({ length: keys }, () => ({
      round: 0,
      isRead: false,
      answers: 0,
      agree: true,
      newest: null,
    }));
    let left = keys;
    const end = () => {
      if (--left === 0) done();
    };
    const stored = ref(({ key, round }) => {
      const one = open[key];
      if (round === one.round && ++one.answers === majority) end();
    });
    const heard = ref((told) => {
      const one = open[told.key];
      if (told.round !== one.round) return;
      const { newest } = one;
      if (newest !== null && told.number !== newest.number) one.agree = false;
      if (newest === null || told.number > newest.number) one.newest = told;
      if (++one.answers === majority) settle(told.key, one);
    });
    const settle = (key, one) => {
      const round = ++one.round;
      one.answers = 0;
      const { number, rank: by, value } = one.newest;
      if (one.isRead && one.agree) end();
      else if (one.isRead) all.emit.write({ key, round, number, rank: by, value, answer: stored });
      else all.emit.write({ key, round, number: number + 1, rank, value: rank, answer: stored });
    };
    onStart(() => {
      for (let key = 0; key < keys; key++) {
        const isFirst = key < keys * (rank % 2 === 0 ? readShare : 1 - readShare);
        const one = open[key];
        one.isRead = isFirst === (rank % 2 === 0);
        all.emit.read({ key, round: ++one.round, answer: heard });
      }
    });
  },
});

const Group = component('group', {
  setup: ({ create, connect }, { count, ...init }) => {
    const registers = Array.from({ length: count }, (_, i) =>
      create(Register, { ...init, count, rank: i + 1 }, { name: `register${i}` }),
    );
    for (const { requires } of registers) for (const { provides } of registers) connect(provides.mine, requires.all);
  },
});

/** Milliseconds until all operations have ended. */
function atomicRegister(readShare) {
  const count = 3;
  const times = Array.from({ length: 7 }, () => {
    const { system, runAll } = makeSystem();
    let busy = count;
    const done = () => {
      busy--;
    };
    const handle = system.create(Group, { count, keys: 40_000, readShare, done });
    const us = cpuUs(() => {
      handle.start();
      runAll();
    });
    if (busy !== 0) throw new Error(`${busy} registers have not ended`);
    return us / 1000;
  });
  return summary(times, leastFirst);
}

export const cases = {
  'atomic register, 3 copies, 40,000 keys, half are reads': () => ({ value: atomicRegister(0.5), unit: 'ms' }),
  'atomic register, 3 copies, 40,000 keys, 95 of 100 are reads': () => ({ value: atomicRegister(0.95), unit: 'ms' }),
};
