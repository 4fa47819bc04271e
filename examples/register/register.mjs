// A replicated register after Attiya, Bar-Noy and Dolev (1995): every peer holds a copy, and whoever reads or writes asks
// a majority of them. The same component runs in a simulation and for real.
import { component } from 'selfman/component';
import { encode, parse, protocol, record, service, text, union, variant, varint } from 'selfman/world';

/** Of two copies the one with the higher number is newer; equal numbers are told apart by who drew them. */
const copy = { number: varint, by: text, value: text };
const stored = record(copy);

export const messages = union({
  query: variant(1, { round: varint }),
  copy: variant(2, { round: varint, ...copy }),
  store: variant(3, { round: varint, ...copy }),
  stored: variant(4, { round: varint }),
});
// The peers belong to no overlay and draw no system id, so the protocol passes between peers without one.
const registerProtocol = protocol('register', 1, messages, { mayJoin: true });

/** Calls are `{ kind: 'read' }` and `{ kind: 'write', value }`; both are answered `{ value }`. */
const Register = service('register');

const isNewer = (a, b) => a.number > b.number || (a.number === b.number && a.by > b.by);
const newest = (copies) => copies.reduce((one, other) => (isNewer(other, one) ? other : one));
const askAgainMs = 200;

/** The program. A reader that does not write back what it read is the bug that the simulator is to find. */
export function registerProgram({ writesBack = true } = {}) {
  return component('register', {
    provides: { service: Register },
    setup: (context, init) => {
      const { ask, life } = copyHolder(context, init);
      let lastNumber = 0;
      context.provides.service.on.ask(({ call, reply }) => {
        const answer = (value) => () => reply.tell({ value });
        ask({ kind: 'query' }, (answers) => {
          const { number, by, value } = newest(answers);
          if (call.kind === 'write') {
            lastNumber = Math.max(lastNumber, number) + 1;
            ask({ kind: 'store', number: lastNumber, by: life, value: call.value }, answer(call.value));
          } else if (writesBack) ask({ kind: 'store', number, by, value }, answer(value));
          else answer(value)();
        });
      });
    },
  });
}

/** Holds this peer's copy on its disk, answers the others, and asks them all until a majority has answered. */
function copyHolder(context, { platform, peers, show }) {
  const { storage, timer, entropy } = platform.world;
  const network = context.attach(context.create(platform.transport({ register: registerProtocol })).provides.register);
  const disk = context.attach(context.create(platform.durability).provides.durability);
  const send = (to, message) => network.emit.send({ to, message });

  // What was drawn in an earlier life of this peer must not be taken for this one's.
  const life = entropy.hex(8);
  let round = entropy.u32() * 2 ** 20;
  const kept = storage.recover().records.map(({ bytes }) => parse(stored, bytes).value);
  let held = newest([{ number: 0, by: '', value: '' }, ...kept]);
  let durable = storage.end;
  const rounds = new Map();
  let unsynced = [];
  show(held);

  const heard = {
    query: (from, message) => send(from, { ...held, kind: 'copy', round: message.round }),
    store: (from, { round, number, by, value }) => {
      if (isNewer({ number, by }, held)) {
        held = { number, by, value };
        storage.append(encode(stored, held));
        show(held);
      }
      // Whoever is told "stored" counts on it for good: not before it is on the disk.
      if (storage.end <= durable) send(from, { kind: 'stored', round });
      else unsynced.push({ upTo: storage.end, from, round });
    },
    copy: answered,
    stored: answered,
  };
  function answered(from, message) {
    const open = rounds.get(message.round);
    open?.answers.set(from, message);
    if (open === undefined || open.answers.size <= peers.length / 2) return;
    rounds.delete(message.round);
    open.done([...open.answers.values()]);
  }
  network.on.received(({ from, message }) => heard[message.kind](from, message));
  disk.on.durable(({ upTo }) => {
    durable = upTo;
    for (const { from, round } of unsynced.filter((one) => one.upTo <= upTo)) send(from, { kind: 'stored', round });
    unsynced = unsynced.filter((one) => one.upTo > upTo);
  });

  const ask = (message, done) => {
    const mine = ++round;
    const answers = new Map();
    rounds.set(mine, { answers, done });
    const say = context.ref(() => {
      if (!rounds.has(mine)) return;
      for (const to of peers) if (!answers.has(to)) send(to, { ...message, round: mine });
      timer.after(askAgainMs, say);
    });
    say.tell();
  };
  return { life, ask };
}
