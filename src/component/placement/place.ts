import { type AnyDefinition, crossingsOf, type Definition, hearCrossing, type Ports } from '../index.ts';
import { ringBytes } from './limits.ts';
import { Outpost } from './outpost.ts';

/** Where a component runs: in the thread of whoever creates it, or in a worker of its own. */
export type Placement =
  | { readonly in: 'here' }
  | {
      readonly in: 'worker';
      /** The module that exports the definition: the worker loads it. */
      readonly module: URL;
      /** The name under which it does. */
      readonly export: string;
      /** Bytes that may be on the way, each way; a power of two. */
      readonly ringBytes?: number;
    };

/**
 * The same component somewhere else: a definition with the same ports and the same init, to be created, connected and supervised
 * like any other. In a worker each event of its ports needs a schema, and its init must be cloneable. If the worker dies, the
 * component fails, and a restart begins with a new worker; what was on the way to the old one is lost with it.
 */
export function place<P extends Ports, R extends Ports, I, S>(
  definition: Definition<P, R, I, S>,
  placement: Placement,
): Definition<P, R, I, S> {
  if (placement.in === 'here') return definition;
  const placed = definition as unknown as AnyDefinition;
  const [hears, says] = [crossingsOf(placed, 'hears'), crossingsOf(placed, 'says')];
  const setup: AnyDefinition['setup'] = (context, init) => {
    const { module, export: name } = placement;
    const order = { module: module.href, name, init };
    const outpost = new Outpost(context, order, { hears, says }, placement.ringBytes ?? ringBytes);
    for (const [index, one] of hears.entries())
      hearCrossing(context[one.side][one.port]!, one, (payload) => outpost.send(index, payload));
    context.onStart(() => outpost.start());
    context.onStop(() => outpost.stop());
    context.onEnd(() => outpost.end());
  };
  return { ...placed, setup } as unknown as Definition<P, R, I, S>;
}
