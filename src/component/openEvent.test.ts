import { describe, expect, test } from 'vitest';
import { ComponentRig } from '../../test/componentRig.ts';
import { type Channel, type ConnectOptions, component, event, openEvent, port, subtype } from './index.ts';

const Message = openEvent('message', event<{ to: number }>());
const Ping = subtype(Message, 'ping', event<{ nonce: number }>());
const Urgent = subtype(Ping, 'urgent', event<{ why: string }>());
const Pong = subtype(Message, 'pong', event<{ nonce: number }>());
const Mail = port('mail', { requests: { send: Message } });

/** Hears each of the family by a handler of its own, and notes which of them an event came to. */
const Reader = component('reader', {
  provides: { mail: Mail },
  setup: ({ provides: { mail } }, heard: string[]) => {
    mail.on.send(({ to }) => heard.push(`message to ${to}`));
    mail.on.send.of(Ping)(({ to, nonce }) => heard.push(`ping ${nonce} to ${to}`));
    mail.on.send.of(Urgent)(({ why }) => heard.push(`urgent: ${why}`));
  },
});

/** A reader behind `depth` composites, and what speaks to it. */
function make({ depth = 0, select }: { depth?: number; select?: ConnectOptions<typeof Mail>['select'] } = {}) {
  const rig = new ComponentRig();
  const heard: string[] = [];
  const Shell = component('shell', {
    provides: { mail: Mail },
    setup: (context, left: number) => {
      const child = left === 0 ? context.create(Reader, heard) : context.create(Shell, left - 1);
      context.export(child.provides.mail, 'mail');
    },
  });
  const sends: {
    ping: (nonce: number) => void;
    urgent: (why: string) => void;
    message: () => void;
    pong: () => void;
  }[] = [];
  const Writer = component('writer', {
    requires: { mail: Mail },
    setup: ({ requires: { mail } }) => {
      const [ping, urgent, pong] = [mail.emit.send.of(Ping), mail.emit.send.of(Urgent), mail.emit.send.of(Pong)];
      sends.push({
        message: () => mail.emit.send({ to: 1 }),
        ping: (nonce) => ping({ to: 1, nonce }),
        urgent: (why) => urgent({ to: 1, nonce: 0, why }),
        pong: () => pong({ to: 2, nonce: 0 }),
      });
    },
  });
  const channel: Channel = rig.root(({ create, connect }) =>
    connect(create(Shell, depth).provides.mail, create(Writer).requires.mail, select === undefined ? {} : { select }),
  );
  const said = (): string[] => {
    rig.system.run();
    return heard.splice(0);
  };
  return { rig, channel, said, ...sends[0]! };
}

describe('an open event', () => {
  test.each([0, 4])('is heard by the handlers of all that it refines, itself first, through %i composites', (depth) => {
    const { said, message, ping, urgent, pong } = make({ depth });
    message();
    expect(said()).toEqual(['message to 1']);
    ping(7);
    expect(said()).toEqual(['ping 7 to 1', 'message to 1']);
    urgent('fire');
    expect(said()).toEqual(['urgent: fire', 'ping 0 to 1', 'message to 1']);
    pong();
    expect(said()).toEqual(['message to 2']);
  });

  test('that waited in a channel is still what it was', () => {
    const { said, ping, channel } = make();
    channel.hold();
    ping(1);
    expect(said()).toEqual([]);
    channel.resume();
    expect(said()).toEqual(['ping 1 to 1', 'message to 1']);
  });

  test('passes a channel that selects by what its base has', () => {
    const { said, ping, pong, message } = make({ select: { event: 'send', field: 'to', value: 1 } });
    ping(1);
    pong();
    message();
    expect(said()).toEqual(['ping 1 to 1', 'message to 1', 'message to 1']);
  });

  test('finds a handler that is subscribed after it was sent the first time', () => {
    const rig = new ComponentRig();
    const heard: number[] = [];
    let listen = (): void => {};
    const Late = component('late', {
      provides: { mail: Mail },
      setup: ({ provides: { mail } }) => {
        listen = () => mail.on.send.of(Ping)(({ nonce }) => heard.push(nonce));
      },
    });
    const ping = rig.root((context) => context.attach(context.create(Late).provides.mail).emit.send.of(Ping));
    ping({ to: 1, nonce: 1 });
    rig.system.run();
    listen();
    ping({ to: 1, nonce: 2 });
    rig.system.run();
    expect(heard).toEqual([2]);
  });

  test('that is not of the family is refused, and says so, where the compiler was talked out of it', () => {
    const Letter = openEvent('letter', event<{ to: number }>());
    const rig = new ComponentRig();
    const { on, emit } = rig.root((context) => {
      const heard: string[] = [];
      return context.attach(context.create(Reader, heard).provides.mail);
    });
    expect(on).toBeDefined();
    const talkedOut = Letter as unknown as typeof Ping;
    expect(() => emit.send.of(talkedOut)).toThrow('letter is no subtype of what send carries');
  });
});
