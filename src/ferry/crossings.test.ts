import { describe, expect, test } from 'vitest';
import { Archipelago } from '../../test/archipelago.ts';
import { nothing, record, text, varint } from '../base/index.ts';
import {
  ask,
  type Correlation,
  component,
  correlation,
  event,
  openEvent,
  port,
  type Supervision,
  subtype,
} from '../component/index.ts';
import { abroad, offer } from './index.ts';

const often: Supervision = { on: 'restart', restartsMax: 9, withinMs: 600_000 };

const Names = port('names', {
  requests: { seek: event(record({ number: varint, correlation })) },
  indications: { found: event(record({ name: text, correlation })) },
});
const Wishes = port('wishes', { requests: { wish: event(varint) }, indications: { heard: event(text) } });

test('an answer reaches the one that asked, where askers of two peers have the same number', () => {
  const asked: Correlation[] = [];
  const heard: string[] = [];
  const Asker = component('asker', {
    provides: { wishes: Wishes },
    requires: { names: Names },
    setup: ({ provides: { wishes }, requires: { names } }) => {
      const find = ask(names, 'seek', 'found', { timeoutMs: 5000 });
      wishes.on.wish((number) =>
        find({ number }, (found) => wishes.emit.heard(found.ok ? found.value.name : found.error.kind)),
      );
    },
  });
  const Clerk = component('clerk', {
    provides: { names: Names },
    setup: ({ provides: { names } }) => {
      names.on.seek((question) => {
        asked.push(question.correlation);
        names.emit.found({ correlation: question.correlation, name: `number ${question.number}` });
      });
    },
  });
  const peers = new Archipelago({
    b: { offers: () => [offer(Asker, nothing)] },
    a: {
      act: (context, ferry) => {
        const clerk = context.create(Clerk).provides.names;
        const there = abroad(Asker, { ferry, to: 'b:7000', init: nothing });
        for (const [name, definition] of [
          ['here', Asker],
          ['there', there],
        ] as const) {
          // Eight askers of each kind: some pair of them has one number.
          for (let i = 0; i < 8; i++) {
            const asker = context.create(definition, undefined, { name: `${name} ${i}` });
            context.connect(clerk, asker.requires.names);
            const { on, emit } = context.attach(asker.provides.wishes);
            on.heard((text) => heard.push(`${name} ${i}: ${text}`));
            context.onStart(() => emit.wish(i + (name === 'here' ? 0 : 100)));
          }
        }
      },
    },
  });
  peers.universe.runFor(2000);
  expect(heard.sort()).toEqual(
    [0, 1, 2, 3, 4, 5, 6, 7].flatMap((i) => [`here ${i}: number ${i}`, `there ${i}: number ${i + 100}`]).sort(),
  );
  const [mine, theirs] = [
    asked.filter(({ home }) => home === undefined),
    asked.filter(({ home }) => home !== undefined),
  ];
  expect([mine.length, theirs.length]).toEqual([8, 8]);
  expect(mine.some((one) => theirs.some(({ asker, number }) => asker === one.asker && number === one.number))).toBe(
    true,
  );
});

const Message = openEvent('message', event(record({ to: varint })));
const Ping = subtype(Message, 'ping', event(record({ nonce: varint })));
const Urgent = subtype(Ping, 'urgent', event(record({ why: text })));
const Bare = subtype(Message, 'bare', event<{ what: string }>());
const Mail = port('mail', { requests: { send: Message }, indications: { back: Message } });

describe('an open event that crosses to another peer', () => {
  /** Sends back what it gets, as what it is. */
  const Echo = component('echo', {
    provides: { mail: Mail },
    setup: ({ provides: { mail } }) => {
      mail.on.send(({ to }) => mail.emit.back({ to: to + 1 }));
      mail.on.send.of(Ping)(({ to, nonce }) => mail.emit.back.of(Ping)({ to, nonce }));
      mail.on.send.of(Urgent)(({ to, nonce, why }) => mail.emit.back.of(Urgent)({ to, nonce, why }));
    },
  });

  function correspond(heard: string[], fault: string[] = []) {
    let say: { message(): void; ping(): void; urgent(): void; bare(): void; late(): void } | undefined;
    const peers = new Archipelago({
      b: { offers: () => [offer(Echo, nothing)] },
      a: {
        act: (context, ferry) => {
          const echo = context.create(abroad(Echo, { ferry, to: 'b:7000', init: nothing }), undefined, {
            supervise: often,
          });
          const { on, emit } = context.attach(echo.provides.mail);
          on.back(({ to }) => heard.push(`message ${to}`));
          on.back.of(Ping)(({ nonce }) => heard.push(`ping ${nonce}`));
          on.back.of(Urgent)(({ why }) => heard.push(`urgent ${why}`));
          say = {
            message: () => emit.send({ to: 1 }),
            ping: () => emit.send.of(Ping)({ to: 1, nonce: 7 }),
            urgent: () => emit.send.of(Urgent)({ to: 1, nonce: 8, why: 'fire' }),
            bare: () => emit.send.of(Bare)({ to: 1, what: 'no schema' }),
            late: () => {
              const Late = subtype(Message, 'late', event(record({ by: varint })));
              emit.send.of(Late)({ to: 3, by: 9 });
            },
          };
        },
      },
    });
    peers.universe.runFor(500);
    const told = (what: 'message' | 'ping' | 'urgent' | 'bare' | 'late'): readonly string[] => {
      say![what]();
      peers.universe.runFor(500);
      fault.push(...peers.faults());
      return heard.splice(0);
    };
    return told;
  }

  test('is there what it was here, once, and comes back as that', () => {
    const told = correspond([]);
    expect(told('message')).toEqual(['message 2']);
    expect(told('ping')).toEqual(['ping 7', 'message 1', 'message 2']);
    expect(told('urgent')).toEqual(['urgent fire', 'ping 8', 'message 1', 'ping 8', 'message 1', 'message 2']);
  });

  test('may be declared after its channel was used', () => {
    const told = correspond([]);
    expect(told('message')).toEqual(['message 2']);
    expect(told('late')).toEqual(['message 4']);
  });

  test('without a schema is a fault that says so', () => {
    const faults: string[] = [];
    const told = correspond([], faults);
    expect(told('bare')).toEqual([]);
    expect(faults).toEqual(['a: bare has no schema: it cannot leave its thread']);
  });

  test('that cannot be read there is a fault of the component there, and nobody else notices', () => {
    const Old = port('mail', { requests: { send: event(varint) }, indications: { back: event(varint) } });
    const OldEcho = component('echo', {
      provides: { mail: Old },
      setup: ({ provides: { mail } }) => mail.on.send(mail.emit.back),
    });
    const heard: number[] = [];
    let say: ((number: number) => void) | undefined;
    const peers = new Archipelago({
      b: { offers: () => [offer(Echo, nothing), offer({ ...OldEcho, name: 'old echo' }, nothing)] },
      a: {
        act: (context, ferry) => {
          for (const name of ['echo', 'old echo']) {
            const there = abroad({ ...OldEcho, name }, { ferry, to: 'b:7000', init: nothing });
            const { on, emit } = context.attach(
              context.create(there, undefined, { supervise: { on: 'destroy' } }).provides.mail,
            );
            on.back((number) => heard.push(number));
            if (name === 'echo') context.onStart(() => emit.send(300));
            else say = (number) => emit.send(number);
          }
        },
      },
    });
    peers.universe.runFor(500);
    const [there, here] = peers.faults();
    expect(there).toMatch(/^b: mail\.send cannot be read: /);
    expect(here).toBe('a: root/echo on b:7000: it failed there');
    say!(7);
    peers.universe.runFor(500);
    expect(heard).toEqual([7]);
    expect(peers.faults()).toHaveLength(2);
  });

  test('has one subtype of a name', () => {
    expect(() => subtype(Message, 'ping', event(record({ other: varint })))).toThrow(
      'message has a subtype ping already: on another peer they would be the same',
    );
  });
});
