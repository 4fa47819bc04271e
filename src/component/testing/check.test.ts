import { describe, expect, test } from 'vitest';
import { component, event, openEvent, port, state, subtype } from '../index.ts';
import { check, type Story, VirtualTime } from './index.ts';

const Counter = port('counter', {
  requests: { add: event<number>(), reset: event() },
  indications: { total: event<number>(), log: event<string>() },
});
const Disk = port('disk', {
  requests: { write: event<{ total: number }>() },
  indications: { written: event<{ total: number }>() },
});

/** Writes each total to its disk and tells it once that is written; every 100 ms without work it says so. */
const Adder = component('adder', {
  provides: { counter: Counter },
  requires: { disk: Disk },
  setup: ({ provides: { counter }, requires: { disk }, ref, onStart }, time: VirtualTime) => {
    let total = 0;
    const idle = ref(() => {
      counter.emit.log('idle');
      time.after(100, () => idle.tell(undefined));
    });
    onStart(() => time.after(100, () => idle.tell(undefined)));
    counter.on.add((number) => {
      if (number < 0) throw new Error(`cannot add ${number}`);
      total += number;
      disk.emit.write({ total });
    });
    counter.on.reset(() => (total = 0));
    disk.on.written((written) => counter.emit.total(written.total));
    return state({ dump: () => ({ total }), load: (kept) => void (total = kept.total) });
  },
});

type AdderStory = Story<{ readonly counter: typeof Counter }, { readonly disk: typeof Disk }, { total: number }>;

function adder(tell: (story: AdderStory) => void, patienceMs = 50): void {
  const time = new VirtualTime();
  check(Adder, { init: time, time, patienceMs }, tell);
}

/** The message with which a story fails, its lines trimmed. */
function messageOf(tell: (story: AdderStory) => void, patienceMs?: number): string {
  try {
    adder(tell, patienceMs);
  } catch (error) {
    return String((error as Error).message);
  }
  throw new Error('the story was kept');
}

describe('a story that is kept', () => {
  test('triggers, answers and expects', () => {
    adder(({ provides: { counter }, requires: { disk }, inspect }) => {
      counter.trigger.add(2);
      disk.answer.write('written', (event) => event);
      counter.expect.total(2);
      counter.trigger.add(() => 3);
      disk.answer.write('written', ({ total }) => ({ total }), { total: 5 });
      counter.expect.total((total) => total > 4);
      inspect(({ total }) => total === 5);
    });
  });

  test('gives what is to be given first, and lets the answers come after it', () => {
    adder(({ provides: { counter }, requires: { disk }, repeat }) => {
      repeat(3, () => counter.trigger.add(1));
      repeat(3, () => disk.expect.write());
    });
  });

  test('takes one of two ways, and what comes in any order', () => {
    for (const number of [1, 2]) {
      adder(({ provides: { counter }, requires: { disk }, either, unordered }) => {
        counter.trigger.add(number);
        either(
          () => disk.expect.write({ total: 1 }),
          () => disk.expect.write({ total: 2 }),
        );
        counter.trigger.add(10);
        counter.trigger.add(10);
        unordered(() => {
          disk.expect.write({ total: 20 + number });
          disk.expect.write({ total: 10 + number });
        });
      });
    }
  });

  test('repeats as often as it can, and goes on with what is to be done where nothing more comes', () => {
    adder(({ provides: { counter }, requires: { disk }, repeat }) => {
      for (const number of [1, 2, 3]) counter.trigger.add(number);
      repeat({ min: 1 }, () => disk.expect.write());
      counter.trigger.reset();
      counter.trigger.add(7);
      repeat({ max: 2 }, () => disk.expect.write({ total: 7 }));
    });
  });

  test('knows what may come, and loses what is to be lost', () => {
    adder(({ provides: { counter }, requires: { disk }, repeat, wait }) => {
      counter.allow.log('idle');
      wait(250);
      repeat(1, () => {
        disk.drop.write((one) => one.total < 3);
        for (let i = 0; i < 4; i++) counter.trigger.add(1);
        disk.expect.write({ total: 3 });
        disk.expect.write({ total: 4 });
      });
    });
  });

  test('lets virtual time go on where it must, and counts it', () => {
    const time = new VirtualTime();
    check(Adder, { init: time, time, patienceMs: 100 }, ({ provides: { counter }, quiet, within }) => {
      counter.expect.log('idle');
      quiet(99);
      within(1, () => counter.expect.log('idle'));
    });
    expect(time.nowMs()).toBe(200);
  });

  test('expects a fault, behind what was said before it, and the component goes on', () => {
    adder(({ provides: { counter }, requires: { disk }, fault }) => {
      counter.trigger.add(1);
      counter.trigger.add(-1);
      counter.trigger.add(1);
      disk.expect.write({ total: 1 });
      fault(({ error }) => String(error).includes('cannot add -1'));
      disk.expect.write({ total: 2 });
    });
  });

  test('gives subtypes of open events, and tells them apart', () => {
    check(Box, {}, postman);
  });
});

const Message = openEvent('message', event<{ to: number }>());
const Ping = subtype(Message, 'ping', event<{ nonce: number }>());
const Mail = port('mail', { requests: { send: Message }, indications: { got: Message } });

/** Gives back what it gets: a ping as a ping, and all else, pings too, as no more than a message. */
const Box = component('box', {
  provides: { mail: Mail },
  setup: ({ provides: { mail } }) => {
    mail.on.send.of(Ping)(mail.emit.got.of(Ping));
    mail.on.send(({ to }) => mail.emit.got({ to }));
  },
});

function postman({ provides: { mail } }: Story<{ readonly mail: typeof Mail }, Record<never, never>, unknown>): void {
  mail.trigger.send({ to: 1 });
  mail.expect.got({ to: 1 });
  mail.trigger.send.of(Ping)({ to: 2, nonce: 7 });
  mail.expect.got.of(Ping)((ping) => ping.nonce === 7);
  mail.expect.got({ to: 2 });
}

describe('one story catches each of these', () => {
  type Act = (say: (total: number) => void, number: number, before: number) => void;
  /** Something that is to tell the total of what it was told. */
  const summing = (act: Act) =>
    component('summing', {
      provides: { counter: Counter },
      setup: ({ provides: { counter } }) => {
        let total = 0;
        counter.on.add((number) => {
          act(counter.emit.total, number, total);
          total += number;
        });
      },
    });
  const tell = ({
    provides: { counter },
  }: Story<{ readonly counter: typeof Counter }, Record<never, never>, unknown>): void => {
    for (const number of [1, 2, 3]) counter.trigger.add(number);
    for (const total of [1, 3, 6]) counter.expect.total(total);
  };
  const late: number[] = [0];
  const wrong: readonly (readonly [what: string, act: Act, words: string])[] = [
    ['a total that is lost', (say, n, before) => n !== 2 && say(before + n), 'nobody expected counter.total 6'],
    ['one too many', (say, n, before) => [say, say].map((each) => each(before + n)), 'nobody expected counter.total 1'],
    ['one that is wrong', (say, n) => say(n), 'nobody expected counter.total 2'],
    ['one that comes late', (say, n, before) => say(late[late.push(before + n) - 2]!), 'expected counter.total 0'],
    ['none at all', () => {}, 'nothing came for 1000 ms'],
    ['a bug', (_say, n) => expect(n).toBe(0), 'it failed at add'],
  ];

  test('what is right, not', () =>
    check(
      summing((say, n, before) => say(before + n)),
      {},
      tell,
    ));

  test.each(wrong)('%s', (_what, act, words) => {
    expect(() => check(summing(act), {}, tell)).toThrow(words);
  });

  test('a mere base where a subtype must be', () => {
    const flat: typeof Box = {
      ...Box,
      setup: ({ provides: { mail } }) => mail.on.send((message) => mail.emit.got(message)),
    };
    expect(() => check(flat, {}, postman)).toThrow('Expected:\n  mail.got of ping where');
  });
});

describe('a story that is not kept says', () => {
  test('what nobody expected, where, and what was expected instead', () => {
    const message = messageOf(({ provides: { counter }, requires: { disk } }) => {
      counter.trigger.add(1);
      disk.answer.write('written', () => ({ total: 3 }));
      counter.expect.total(1);
    });
    expect(message).toBe(
      [
        'adder: nobody expected counter.total 3',
        '',
        'So far:',
        '       0 ms  in    counter.add 1',
        '       0 ms  out   disk.write { total: 1 }',
        '       0 ms  in    disk.written { total: 3 }',
        '       0 ms  out   counter.total 3   <- this',
        '',
        'Expected:',
        '  counter.total 1',
      ].join('\n'),
    );
  });

  test('all that could have come, and where the story might have been over', () => {
    const message = messageOf(({ provides: { counter }, requires: { disk }, repeat, either }) => {
      counter.trigger.add(1);
      repeat({}, () =>
        either(
          () => disk.expect.write({ total: 9 }),
          () => counter.expect.total((total) => total === 9),
        ),
      );
    });
    expect(message).toContain('nobody expected disk.write { total: 1 }');
    expect(message.split('Expected one of:\n')[1]).toBe(
      '  disk.write { total: 9 }\n  counter.total where (total) => total === 9\n  the end',
    );
  });

  test('that nothing came', () => {
    const message = messageOf(({ provides: { counter } }) => counter.expect.total());
    expect(message).toBe('adder: nothing came for 50 ms\n\nSo far:\n  nothing\n\nExpected:\n  counter.total');
    expect(messageOf(({ provides: { counter }, within }) => within(99, () => counter.expect.log()))).toContain(
      'nothing came for 99 ms',
    );
  });

  test('which fault there was', () => {
    const message = messageOf(({ provides: { counter } }) => counter.trigger.add(-1));
    expect(message).toContain('adder: it failed at add: cannot add -1');
    expect(message).toContain('fault at add: cannot add -1   <- this');
    expect(messageOf(({ fault }) => fault(({ event: name }) => name === 'add'))).toContain(
      'Expected:\n  a fault where ({ event: name }) => name === ',
    );
  });

  test('what the component knew', () => {
    const message = messageOf(({ provides: { counter }, requires: { disk }, inspect }) => {
      disk.drop.write();
      counter.trigger.add(4);
      inspect(({ total }) => total === 5);
    });
    expect(message).toContain('adder: it knows { total: 4 }');
    expect(message).toContain('disk.write { total: 4 }   (not looked at)');
    expect(message).toContain('a state where ({ total }) => total === 5');
  });

  test('what was lost on the way', () => {
    const message = messageOf(({ provides: { counter }, requires: { disk } }) => {
      disk.drop.write();
      counter.trigger.add(4);
      counter.expect.total();
    });
    expect(message).toContain('out   disk.write { total: 4 }   (dropped)');
  });

  test('what broke the quiet', () => {
    const message = messageOf(({ quiet }) => quiet(100));
    expect(message).toContain('adder: counter.log "idle" broke the quiet');
    expect(message).toContain('     100 ms  out   counter.log "idle"   <- this');
  });

  test('that it does not say itself what is to be done', () => {
    const message = messageOf(({ provides: { counter }, either }) =>
      either(
        () => counter.trigger.add(1),
        () => counter.trigger.add(2),
      ),
    );
    expect(message).toContain('the story does not say what is to be done');
  });

  test('that it answers one event twice', () => {
    const message = messageOf(({ provides: { counter }, requires: { disk }, either }) => {
      const answer = (total: number) => () => disk.answer.write('written', () => ({ total }));
      counter.trigger.add(1);
      either(answer(1), answer(2));
    });
    expect(message).toContain('the story answers one event twice');
  });

  test.each([
    ['a loop that never ends', ({ repeat, wait }: AdderStory) => repeat({}, () => wait(1)), 'would never end'],
    ['a loop over nothing', ({ repeat }: AdderStory) => repeat({}, () => {}), 'must hold something'],
    ['acts without order', ({ unordered, wait }: AdderStory) => unordered(() => wait(1)), 'what is done has a moment'],
  ])('that it makes no sense: %s', (_what, tell, words) => {
    expect(messageOf(tell)).toContain(words);
  });
});

test('what is wrong in a story does not compile', () => {
  const tell = ({ provides: { counter }, requires: { disk }, inspect }: AdderStory): void => {
    // @ts-expect-error: what it says cannot be given to it
    counter.trigger.total(1);
    // @ts-expect-error: what it hears cannot be expected of it
    counter.expect.add(1);
    // @ts-expect-error: the payload has the wrong type
    disk.expect.write({ total: '1' });
    // @ts-expect-error: it cannot be answered by an event that it does not hear
    disk.answer.write('write', (one) => one);
    // @ts-expect-error: the answer has the wrong type
    disk.answer.write('written', () => 7);
    // @ts-expect-error: there is no such port
    counter.expect.none();
    // @ts-expect-error: its state knows nothing of that
    inspect(({ count }) => count === 1);
  };
  expect(tell).toBeTypeOf('function');
});
