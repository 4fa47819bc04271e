import { describe, expect, test } from 'vitest';
import { ComponentRig } from '../../test/componentRig.ts';
import { record, text, varint } from '../base/index.ts';
import { ask, type Correlated, component, event, openEvent, port, reference, subtype } from './index.ts';

const Echo = port('echo', {
  requests: { say: event<{ text: string; tone: number }>() },
  indications: { heard: event<string>(), silence: event() },
});
const Other = port('other', { requests: { say: event<number>() } });
const Store = port('store', {
  requests: { get: event<{ key: string } & Correlated>(), forget: event<{ key: string }>() },
  indications: { value: event<{ value: number } & Correlated>() },
});
const Cave = component('cave', { provides: { echo: Echo }, setup: (_context, _init: { tone: number }) => {} });
const Listener = component('listener', { requires: { echo: Echo, other: Other }, setup: () => {} });

test('what is wrong does not compile', () => {
  const uses = (rig: ComponentRig): void => {
    // @ts-expect-error: the init is missing
    rig.system.create(Cave);
    // @ts-expect-error: the init has the wrong type
    rig.system.create(Cave, { tone: 'low' });
    component('wrong', {
      provides: { echo: Echo },
      requires: { other: Other },
      setup: (context) => {
        const { echo } = context.provides;
        const { other } = context.requires;
        // @ts-expect-error: a provider cannot emit a request
        echo.emit.say('x');
        // @ts-expect-error: a provider hears requests only
        echo.on.heard(() => {});
        // @ts-expect-error: the payload has the wrong type
        echo.emit.heard(7);
        // @ts-expect-error: an event without payload takes none
        echo.emit.silence(1);
        // @ts-expect-error: the payload is missing
        other.emit.say();
        // @ts-expect-error: a handler is given what the event carries, and no string
        echo.on.say((text: string) => text);
        // @ts-expect-error: there is no such event
        echo.on.whisper(() => {});
        // @ts-expect-error: there is no such port
        context.requires.none;
        const cave = context.create(Cave, { tone: 1 });
        const one = context.create(Listener);
        // @ts-expect-error: required and provided are swapped
        context.connect(one.requires.echo, cave.provides.echo);
        // @ts-expect-error: the port types differ
        context.connect(cave.provides.echo, one.requires.other);
        // @ts-expect-error: two providers cannot be joined
        context.connect(cave.provides.echo, cave.provides.echo);
        // @ts-expect-error: the port has no such event to select by
        context.connect(cave.provides.echo, one.requires.echo, { select: { event: 'shout', field: 'tone', value: 1 } });
        // @ts-expect-error: the event has no such field
        context.connect(cave.provides.echo, one.requires.echo, { select: { event: 'say', field: 'pitch', value: 1 } });
        // @ts-expect-error: the field is a number
        context.connect(cave.provides.echo, one.requires.echo, { select: { event: 'say', field: 'tone', value: 'a' } });
        // @ts-expect-error: it has no port of that name to export
        context.export(cave.provides.echo, 'sound');
        // @ts-expect-error: only what is provided can be attached to
        context.attach(one.requires.echo);
        // @ts-expect-error: a reference is told what its handler takes
        context.ref<number>(() => {}).tell('one');
      },
    });
  };
  expect(uses).toBeTypeOf('function');
});

test('what is wrong about open events does not compile', () => {
  const Message = openEvent('message', event<{ to: string }>());
  const Ping = subtype(Message, 'ping', event<{ nonce: number }>());
  const Letter = openEvent('letter', event<{ to: string }>());
  const Mail = port('mail', { requests: { send: Message, stop: event<{ to: string }>() } });
  const Sender = component('sender', {
    provides: { inbox: Mail },
    requires: { outbox: Mail },
    setup: ({ provides: { inbox }, requires: { outbox } }) => {
      // @ts-expect-error: who hears all messages knows no more than that they are messages
      inbox.on.send((message) => message.nonce);
      // @ts-expect-error: a letter is no message, though it has the same fields
      inbox.on.send.of(Letter);
      // @ts-expect-error: other events have no subtypes
      inbox.on.stop.of(Ping);
      // @ts-expect-error: what the base has is missing
      outbox.emit.send.of(Ping)({ nonce: 1 });
      // @ts-expect-error: the handler of a subtype is given what it carries
      inbox.on.send.of(Ping)(({ nonce }: { nonce: string }) => nonce);
    },
  });
  expect(Sender.name).toBe('sender');
});

test('what is wrong about events that leave their peer does not compile', () => {
  const Family = openEvent('family', event(record({ to: text })));
  const Post = port('post', {
    requests: { watch: event(record({ watcher: reference(varint) })), send: Family },
  });
  const Watcher = component('watcher', {
    requires: { post: Post },
    setup: ({ requires: { post }, ref }) => {
      // @ts-expect-error: what is told numbers cannot take texts
      post.emit.watch({ watcher: ref((text: string) => text) });
      // @ts-expect-error: a component is no reference
      post.emit.watch({ watcher: () => {} });
      // @ts-expect-error: the schema of the event is of another type
      event<{ to: string }>(record({ to: varint }));
      // @ts-expect-error: what the subtype adds is missing
      post.emit.send.of(subtype(Family, 'child', event(record({ age: varint }))))({ to: 'her' });
    },
  });
  expect(Watcher.name).toBe('watcher');
});

test('what is wrong about questions does not compile', () => {
  const Asker = component('asker', {
    requires: { store: Store, echo: Echo },
    setup: ({ requires: { store, echo } }) => {
      // @ts-expect-error: there is no such question
      ask(store, 'find', 'value', { timeoutMs: 1 });
      // @ts-expect-error: the event carries no correlation, so that nobody could answer it
      ask(store, 'forget', 'value', { timeoutMs: 1 });
      // @ts-expect-error: nor does any of this port
      ask(echo, 'say', 'heard', { timeoutMs: 1 });
      // @ts-expect-error: question and answer are swapped
      ask(store, 'value', 'get', { timeoutMs: 1 });
      // @ts-expect-error: every question ends at some time
      ask(store, 'get', 'value', {});
      const get = ask(store, 'get', 'value', { timeoutMs: 1 });
      // @ts-expect-error: the question has the wrong type
      get({ key: 1 }, () => {});
      // @ts-expect-error: the correlation is not the asker's business
      get({ key: 'a', correlation: { asker: 1, number: 1 } }, () => {});
      // @ts-expect-error: there may be no answer
      get({ key: 'a' }, (outcome) => outcome.value.value);
    },
  });
  expect(Asker.name).toBe('asker');
});

describe('what the compiler was talked out of fails at once, and says where', () => {
  // biome-ignore lint/suspicious/noExplicitAny: these are the uses that types refuse.
  const untyped = (value: unknown): any => value;
  const wrong: readonly (readonly [what: string, message: string, act: (rig: ComponentRig) => void])[] = [
    [
      'two port types',
      'root/cave.provides.echo is a echo and root/listener.requires.other is a other: they cannot connect',
      (rig) =>
        rig.root(({ create, connect }) =>
          connect(create(Cave, { tone: 1 }).provides.echo, untyped(create(Listener).requires.other)),
        ),
    ],
    [
      'ends that are swapped',
      'root/listener.requires.echo requires its service: it cannot stand where a provided port must',
      (rig) =>
        rig.root(({ create, connect }) =>
          connect(untyped(create(Listener).requires.echo), untyped(create(Cave, { tone: 1 }).provides.echo)),
        ),
    ],
    [
      'something that is no port',
      'nowhere is not a port that a component gave out',
      (rig) => rig.root(({ create, connect }) => connect(untyped({ path: 'nowhere' }), create(Listener).requires.echo)),
    ],
    [
      'a port of what was killed',
      'root/cave.provides.echo is of a component that was killed: it cannot connect',
      (rig) =>
        rig.root(({ create, connect }) => {
          const cave = create(Cave, { tone: 1 });
          cave.kill();
          connect(cave.provides.echo, create(Listener).requires.echo);
        }),
    ],
    [
      'ports of two systems',
      'cave.provides.echo and root/listener.requires.echo belong to two systems: they cannot connect',
      (rig) => {
        const cave = new ComponentRig().system.create(Cave, { tone: 1 });
        rig.root(({ create, connect }) => connect(cave.provides.echo, create(Listener).requires.echo));
      },
    ],
    [
      'an event that the port does not have',
      'the channel of root/cave.provides.echo and root/listener.requires.echo selects shout, which echo does not have',
      (rig) =>
        rig.root(({ create, connect }) => {
          const select = untyped({ event: 'shout', field: 'tone', value: 1 });
          connect(create(Cave, { tone: 1 }).provides.echo, create(Listener).requires.echo, { select });
        }),
    ],
    [
      'a second component of one name',
      'root/cave exists already: give it another name',
      (rig) => rig.root(({ create }) => [create(Cave, { tone: 1 }), create(Cave, { tone: 2 })]),
    ],
    [
      'sharing an owner with what it owns',
      'root/owner stands within root: it cannot own it',
      (rig) => {
        const root = rig.system.create(
          component('root', {
            setup: ({ create }) => {
              create(component('owner', { setup: ({ share, onStart }) => onStart(() => share(root)) }));
            },
          }),
        );
        root.start();
        throw rig.halts[0]!.error;
      },
    ],
  ];

  test.each(wrong)('%s', (_what, message, act) => {
    expect(() => act(new ComponentRig())).toThrow(message);
  });

  test('a request at a port that was never connected is a fault of whoever makes it', () => {
    const rig = new ComponentRig();
    const Lone = component('lone', {
      requires: { echo: Echo },
      setup: ({ requires: { echo }, onStart }) => onStart(() => echo.emit.say({ text: 'hello', tone: 1 })),
    });
    rig.root(({ create }) => create(Lone));
    expect(String(rig.halts[0]?.error)).toContain('root/lone.requires.echo was never connected: nobody can hear say');
  });
});
