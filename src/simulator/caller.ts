import type { Command } from '../command/index.ts';
import { component, type Ref } from '../component/index.ts';
import { Access, type Call, type Reply } from '../store/index.ts';

/** How a command is done where that is not as usual. */
export type AskWay = Pick<Call, 'staleMs' | 'isEventual' | 'commit'>;

/** A command to give to a peer, and whom to tell what became of it. */
export interface Ask {
  readonly command: Command;
  readonly patienceMs: number;
  readonly how: AskWay;
  readonly done: (reply: Reply) => void;
}

export interface CallerInit {
  /** Takes the address under which the simulator reaches this component. */
  readonly hand: (ref: Ref<Ask>) => void;
}

/** A program that embeds a peer: calls its store and waits for the replies. */
export const Caller = component('caller', {
  requires: { access: Access },
  setup: (context, { hand }: CallerInit) => {
    const waiting = new Map<number, Ask>();
    let lastTag = 0;
    const reply = context.ref<Reply>((told) => {
      const ask = waiting.get(told.tag);
      waiting.delete(told.tag);
      ask?.done(told);
    });
    const take = context.ref<Ask>((ask) => {
      const tag = ++lastTag;
      waiting.set(tag, ask);
      const { command, patienceMs, how } = ask;
      context.requires.access.emit.call({ command, patienceMs, reply, tag, order: 0, ...how });
    });
    hand(take);
  },
});
