import type { Schema } from '../base/index.ts';
import { type AnyDefinition, crossingsOf, type Definition, encodeAcross, type Ports } from '../component/index.ts';
import type { Address } from '../world/index.ts';
import { Berth } from './berth.ts';
import type { Ferry } from './ferry.ts';
import { crossings } from './messages.ts';

/** Where a component is to run: on the peer at this address, whose ferry offers its definition. */
export interface Abroad<I> {
  readonly ferry: Ferry;
  readonly to: Address;
  readonly init: Schema<I>;
}

/**
 * The same component on another peer: a definition with the same ports and init, to be created, connected and supervised like
 * any other. If its peer is lost, or it fails there, it fails here; a restart asks for a new one. What was on the way is lost then,
 * and before that nothing is lost, doubled or reordered, whatever the network does. It embarks when it first starts. References in
 * its init and in its events lead to and fro as long as it stays there.
 */
export function abroad<P extends Ports, R extends Ports, I, S>(
  definition: Definition<P, R, I, S>,
  { ferry, to, init: initSchema }: Abroad<I>,
): Definition<P, R, I, S> {
  const placed = definition as unknown as AnyDefinition;
  const [leaves, comes] = [crossingsOf(placed, 'hears'), crossingsOf(placed, 'says')];
  const setup: AnyDefinition['setup'] = (context, init) => {
    const berth = new Berth(context, {
      leaves,
      comes,
      landing: ({ side, port }) => context[side][port]!,
      control: () => {},
    });
    const embark = (): void =>
      berth.board(
        ferry.embark({
          to,
          definition: definition.name,
          init: (border) => encodeAcross(border, initSchema, init as I),
          post: berth.post,
          deliver: berth.heard.tell,
          confirmed: () => berth.resume(),
          ended: (reason) => berth.fail(new Error(`${context.path} on ${to}: ${reason}`)),
        }),
      );
    context.onStart(() => {
      if (berth.ticket === undefined) embark();
      berth.control(crossings.start);
    });
    context.onStop(() => berth.control(crossings.stop));
    context.onEnd(() => berth.ticket?.leave());
  };
  return { ...placed, setup } as unknown as Definition<P, R, I, S>;
}
