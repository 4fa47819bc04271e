import {
  type AnyDefinition,
  type AnyHandle,
  type Context,
  type Crossing,
  component,
  crossingsOf,
  type Definition,
  type Handle,
  type Ports,
} from '../component/index.ts';
import { Berth } from './berth.ts';
import { crossings } from './messages.ts';

/** What a component of another peer is made of here. */
export interface Lodging {
  readonly definition: AnyDefinition;
  readonly init: unknown;
  /** The berth is there: what the init refers to can be told something from the set-up of the component on. */
  readonly moored: (berth: Berth) => void;
  /** It is gone, whoever wanted that. */
  readonly failed: () => void;
}

/** A composite of the component and of what it is connected to: all that it says goes to its peer, and the other way round. */
export function guestOf({
  definition,
  init,
  moored,
  failed,
}: Lodging): Definition<Record<never, never>, Record<never, never>, void> {
  return component('guest', {
    setup: (context) => {
      let placed: AnyHandle | undefined;
      const control = (crossing: number): void => (crossing === crossings.start ? placed?.start() : placed?.stop());
      const outside = context.create(surroundings(definition, control, moored));
      const inner: Handle<Ports, Ports> = context.create(definition, init);
      placed = inner;
      for (const name of Object.keys(definition.provides))
        context.connect(inner.provides[name]!, outside.requires[name]!);
      for (const name of Object.keys(definition.requires))
        context.connect(outside.provides[name]!, inner.requires[name]!);
      context.onEnd(failed);
    },
  });
}

function surroundings(
  definition: AnyDefinition,
  control: (crossing: number) => void,
  moored: (berth: Berth) => void,
): Definition<Ports, Ports, void> {
  return component('outside', {
    provides: definition.requires,
    requires: definition.provides,
    setup: (context: Context<Ports, Ports>) => {
      const landing = ({ side, port }: Crossing) =>
        side === 'provides' ? context.requires[port]! : context.provides[port]!;
      const [leaves, comes] = [crossingsOf(definition, 'says'), crossingsOf(definition, 'hears')];
      moored(new Berth(context, { leaves, comes, landing, control }));
    },
  });
}
