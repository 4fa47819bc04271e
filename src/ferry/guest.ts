import { encode, must, parse } from '../base/index.ts';
import {
  type AnyDefinition,
  type Context,
  type Crossing,
  component,
  crossingsOf,
  type Definition,
  type Ports,
} from '../component/index.ts';
import type { Item } from './messages.ts';

type Says = (payload: unknown) => void;

/** What a component of another peer is made of here. Its `deliver` is set when it is there. */
export interface Lodging {
  readonly definition: AnyDefinition;
  readonly init: unknown;
  readonly send: (item: Item) => void;
  deliver: (item: Item) => void;
  /** It is gone, whoever wanted that. */
  readonly failed: () => void;
}

/** A composite of the component and of what it is connected to: all that it says goes to its peer, and the other way round. */
export function guestOf(lodging: Lodging): Definition<Record<never, never>, Record<never, never>, void> {
  const { definition, init } = lodging;
  return component('guest', {
    setup: (context) => {
      const placed = context.create(definition, init);
      const control = (index: number): void => (index === 0 ? placed.start() : placed.stop());
      const outside = context.create(surroundings(lodging, control));
      for (const name of Object.keys(definition.provides))
        context.connect(placed.provides[name]!, outside.requires[name]!);
      for (const name of Object.keys(definition.requires))
        context.connect(outside.provides[name]!, placed.requires[name]!);
      context.onEnd(lodging.failed);
    },
  });
}

/** Events begin behind the two numbers that start and stop the component. */
export const controls = 2;

function surroundings(lodging: Lodging, control: (index: number) => void): Definition<Ports, Ports, void> {
  const { definition } = lodging;
  const hears = crossingsOf(definition, 'hears');
  return component('outside', {
    provides: definition.requires,
    requires: definition.provides,
    setup: (context: Context<Ports, Ports>) => {
      const inside = ({ side, port }: Crossing) =>
        side === 'provides' ? context.requires[port]! : context.provides[port]!;
      for (const [crossing, one] of crossingsOf(definition, 'says').entries()) {
        const send = (payload: unknown): void => lodging.send({ crossing, payload: encode(one.schema, payload) });
        inside(one).on[one.event]!(send);
      }
      lodging.deliver = ({ crossing, payload }) => {
        if (crossing < controls) return control(crossing);
        const one = must(hears[crossing - controls], () => `${definition.name} hears no event ${crossing}`);
        (inside(one).emit[one.event] as Says)(decoded(one, payload));
      };
    },
  });
}

/** A copy is read, since events may outlive the turn in which their message came. */
export function decoded({ port, event, schema }: Crossing, payload: Item['payload']): unknown {
  const value = parse(schema, payload.slice());
  if (!value.ok) throw new TypeError(`${port}.${event} cannot be read: ${value.error}`);
  return value.value;
}
