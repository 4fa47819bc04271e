import { NumberedMap } from '../base/index.ts';
import type { Command } from '../command/index.ts';
import { component, type Ref } from '../component/index.ts';
import { Access, type Call, type Reply } from '../store/index.ts';
import type { World } from '../world/index.ts';

/** How a call is done where that is not as usual. */
export type CallWay = Pick<Call, 'staleMs' | 'isEventual' | 'commit'>;

/** What turns the events of a peer into promises. */
export interface Bridge {
  call(command: Command, patienceMs: number, how?: CallWay): Promise<Reply>;
  sleep(ms: number): Promise<void>;
  /** A number in [0, 1). */
  fraction(): number;
}

interface Ask {
  readonly command: Command;
  readonly patienceMs: number;
  readonly how: CallWay;
  readonly done: (reply: Reply) => void;
}

export interface BridgeInit {
  readonly world: World;
  /** Takes the bridge. */
  readonly hand: (bridge: Bridge) => void;
}

/** The end of the store's port at which promises begin: the one component that programs outside the model speak to. */
export const BridgeComponent = component('bridge', {
  requires: { access: Access },
  setup: (context, { world, hand }: BridgeInit) => {
    const waiting = new NumberedMap<(reply: Reply) => void>();
    let lastTag = 0;
    const reply = context.ref<Reply>((told) => {
      const done = waiting.get(told.tag);
      waiting.delete(told.tag);
      done?.(told);
    });
    const asks: Ref<Ask> = context.ref<Ask>(({ command, patienceMs, how, done }) => {
      const tag = ++lastTag;
      waiting.set(tag, done);
      context.requires.access.emit.call({ command, patienceMs, reply, tag, order: 0, ...how });
    });
    const naps = context.ref<{ ms: number; done: () => void }>(({ ms, done }) => {
      world.timer.after(ms, context.ref(done));
    });
    context.onStop(() => {
      for (const [tag, done] of waiting) done({ kind: 'refused', tag, reason: 'this peer is stopping' });
      waiting.clear();
    });
    hand({
      call: (command, patienceMs, how = {}) => new Promise((done) => asks.tell({ command, patienceMs, how, done })),
      sleep: (ms) => new Promise((done) => naps.tell({ ms, done })),
      fraction: () => world.entropy.fraction(),
    });
  },
});
