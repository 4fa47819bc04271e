import {
  type Bytes,
  bytes,
  encode,
  failure,
  must,
  parse,
  type Result,
  record,
  type Schema,
  success,
  text,
  varint,
} from '../base/index.ts';
import type { RuntimeChannel } from './channel.ts';
import { instanceBehind } from './create.ts';
import type { Definition, Handle } from './definition.ts';
import { eachEnd } from './ends.ts';
import type { Instance } from './instance.ts';
import type { AnyPort, Outside, Ports } from './port.ts';

/** How a component's state is written, and which version of it this is. */
export interface Preservation<S> {
  readonly schema: Schema<S>;
  readonly version: number;
}

/** A component that was taken out of its system: what it knew, and the channels that keep what is for it. */
export interface Dormant<P extends Ports, R extends Ports> {
  /** Name of its definition, version and state. They may go to a file, or to another peer. */
  readonly bytes: Bytes;
  /** Plugs its channels into a component with the same ports, which gets all that came meanwhile, in its order. */
  moor(handle: Handle<P, R>): void;
}

const packed = record({ definition: text, version: varint, state: bytes });

/**
 * Brings a running component to rest: its channels are held, what is on the way to it is handled, its state is dumped, and it is
 * killed. Its channels stay and keep what comes, up to their limit. Fails, and changes nothing, where it has children or gives out
 * no state, and where it is restarted or killed before it came to rest. What is told to its references afterwards is dropped.
 */
export function passivate<P extends Ports, R extends Ports, S>(
  handle: Handle<P, R, S>,
  preservation: Preservation<S>,
  done: (outcome: Result<Dormant<P, R>, string>) => void,
): void {
  const instance = instanceBehind(handle as unknown as Handle<Ports, Ports>);
  const { path, state, isLeaf, made } = instance;
  if (state !== 'active') return done(failure(`${path} is ${state}: only what runs can be brought to rest`));
  if (!isLeaf) return done(failure(`${path} has children: they would be lost`));
  const carried = made.carried;
  if (carried === undefined) return done(failure(`${path} gives out no state`));
  const moorings = mooringsOf(instance);
  for (const { channel } of moorings) channel.hold();
  let isOver = false;
  instance.onEnd(() => {
    if (isOver) return;
    isOver = true;
    for (const { channel } of moorings) channel.resume();
    done(failure(`${path} was restarted or killed before it came to rest`));
  });
  const rest = (): void => {
    // A marker of an earlier set-up may still come.
    if (isOver) return;
    isOver = true;
    const known = encode(preservation.schema, carried.dump() as S);
    for (const { channel, end } of moorings) channel.unplug(end);
    instance.kill();
    const { name } = instance.definition;
    const packet = encode(packed, { definition: name, version: preservation.version, state: known });
    done(success({ bytes: packet, moor: (next) => moor(moorings, next) }));
  };
  // All that was on the way before the channels were held stands before this in the queue.
  instance.system.enqueue({ component: instance, name: 'passivate', run: rest }, undefined);
}

interface Mooring {
  readonly channel: RuntimeChannel;
  readonly end: 'provided' | 'required';
  readonly kind: 'provides' | 'requires';
  readonly port: string;
}

/** The channels that are open at the ports of a component. Those that somebody holds are his to resume. */
function mooringsOf({ gates }: Instance): readonly Mooring[] {
  return gates.flatMap((gate) => {
    const { kind, name } = gate.plan;
    if (kind === 'attached') return [];
    const end = kind === 'provides' ? ('provided' as const) : ('required' as const);
    return [...eachEnd(gate.endsAt(false))]
      .filter((channel) => channel.isOpen)
      .map((channel) => ({ channel, end, kind, port: name }));
  });
}

function moor(moorings: readonly Mooring[], handle: Handle<Ports, Ports>): void {
  for (const { channel, kind, port } of moorings) {
    const ports: Readonly<Record<string, Outside<AnyPort, '+'> | Outside<AnyPort, '-'>>> = handle[kind];
    const there = must(ports[port], () => `${handle.path} ${kind} no ${port}: ${channel.path} cannot be moored there`);
    if (channel.state !== 'gone') channel.plug(there);
    channel.resume();
  }
}

/**
 * A definition whose first component begins with the state of one that was brought to rest, here or elsewhere; a restart begins
 * afresh. Fails where the bytes are of another definition or version, or are none.
 */
export function awakened<P extends Ports, R extends Ports, I, S>(
  definition: Definition<P, R, I, S>,
  packet: Bytes,
  { schema, version }: Preservation<S>,
): Result<Definition<P, R, I, S>, string> {
  const { name } = definition;
  const opened = parse(packed, packet);
  if (!opened.ok) return opened;
  const { value } = opened;
  if (value.definition !== name) return failure(`this is a ${value.definition}, and no ${name}`);
  if (value.version !== version)
    return failure(`this is the state of ${name} in version ${value.version}, and not in ${version}`);
  const known = parse(schema, value.state);
  if (!known.ok) return known;
  let isLoaded = false;
  const setup: typeof definition.setup = (context, init) => {
    const carried = definition.setup(context, init);
    if (isLoaded) return carried;
    isLoaded = true;
    must(carried ?? undefined, () => `${name} gives out no state that could be loaded`).load(known.value);
    return carried;
  };
  return success({ ...definition, setup });
}
