import { assert, must } from '../base/index.ts';
import type { Context } from './context.ts';
import type { CreateOptions, Definition, Handle, LifecycleState } from './definition.ts';
import { type Half, type Handler, join, type Listener, part } from './half.ts';
import { type AnyDefinition, attachHalf, Instance } from './instance.ts';
import type { AnyEvents, AnyPort, Inside, Outside, Ports } from './port.ts';
import type { Ref } from './ref.ts';

type AnyInside = Inside<AnyEvents, AnyEvents>;

/** Outside ports are opaque to users; the runtime finds the half behind each here. */
const halves = new WeakMap<object, Half>();

function halfBehind(outside: Outside<AnyPort, '+' | '-'>): Half {
  return must(halves.get(outside), () => `${outside.path} is not a port that a component gave out`);
}

function outsideOf(half: Half): Outside<AnyPort, '+' | '-'> {
  const outside = { type: half.type, path: half.path };
  halves.set(outside, half);
  return outside;
}

/** Runs a definition's set-up for an instance. */
export function setUp(instance: Instance, init: unknown): void {
  instance.definition.setup(makeContext(instance) as unknown as Context<Ports, Ports>, init);
}

/** What the owner holds of a component. */
export function handleOf<P extends Ports, R extends Ports>(instance: Instance): Handle<P, R> {
  const handle = {
    path: instance.path,
    get state(): LifecycleState {
      return instance.state;
    },
    provides: fromEntries(instance.provided, (half) => outsideOf(half.pair)),
    requires: fromEntries(instance.required, (half) => outsideOf(half.pair)),
    start: () => instance.start(),
    stop: () => instance.stop(),
    kill: () => instance.kill(),
  };
  return handle as unknown as Handle<P, R>;
}

function makeContext(instance: Instance): object {
  return {
    path: instance.path,
    provides: fromEntries(instance.provided, (half) => inside(half, half.type.requests, half.type.indications)),
    requires: fromEntries(instance.required, (half) => inside(half, half.type.indications, half.type.requests)),
    inner: {
      provides: fromEntries(instance.provided, outsideOf),
      requires: fromEntries(instance.required, outsideOf),
    },
    create: (definition: Definition<Ports, Ports, unknown>, init: unknown, options?: CreateOptions) =>
      createChild(instance, definition, init, options ?? {}),
    connect: (provided: Outside<AnyPort, '+'>, required: Outside<AnyPort, '-'>) => connect(provided, required),
    attach: (provided: Outside<AnyPort, '+'>) => attach(instance, provided),
    ref: (handler: Handler) => makeRef(instance, handler),
    atTurnEnd: (handler: () => void) => instance.system.deferToTurnEnd(instance, handler),
    onStart: (hook: () => void) => void instance.startHooks.push(hook),
    onStop: (hook: () => void) => void instance.stopHooks.push(hook),
  };
}

function createChild(
  owner: Instance,
  definition: AnyDefinition,
  init: unknown,
  options: CreateOptions,
): Handle<Ports, Ports> {
  const name = options.name ?? definition.name;
  const path = `${owner.path}/${name}`;
  assert(!owner.children.some((child) => child.path === path), () => `${path} exists already: give it another name`);
  const child = new Instance(owner.system, owner, definition, init, options, setUp);
  owner.children.push(child);
  if (owner.state === 'active') child.start();
  return handleOf(child);
}

function connect(provided: Outside<AnyPort, '+'>, required: Outside<AnyPort, '-'>): () => void {
  const a = halfBehind(provided);
  const b = halfBehind(required);
  join(a, b);
  return () => part(a, b);
}

function attach(owner: Instance, provided: Outside<AnyPort, '+'>): AnyInside {
  const half = attachHalf(owner, halfBehind(provided));
  return inside(half, half.type.indications, half.type.requests);
}

function inside(half: Half, hears: AnyEvents, says: AnyEvents): AnyInside {
  const on: Record<string, (handler: Handler) => void> = {};
  const emit: Record<string, (event: unknown) => void> = {};
  for (const name of Object.keys(hears)) on[name] = (handler) => half.subscribe(name, handler);
  for (const name of Object.keys(says)) emit[name] = (event) => half.emit(name, event);
  return { on, emit } as unknown as AnyInside;
}

function makeRef(instance: Instance, handler: Handler): Ref<unknown> {
  const { generation, system } = instance;
  const guarded = (event: unknown): void => {
    if (instance.generation === generation) handler(event);
  };
  const listenerOf = (run: Handler): Listener => ({ component: instance, name: 'ref', handlers: [run] });
  const listener = listenerOf(guarded);
  return {
    tell: (event) => system.enqueue(listener, event),
    tellIf: (event, isWanted) => {
      const run = (wanted: unknown): void => {
        if (isWanted()) guarded(wanted);
      };
      system.enqueue(listenerOf(run), event);
    },
  };
}

function fromEntries<T>(from: ReadonlyMap<string, Half>, make: (half: Half) => T): Record<string, T> {
  const result: Record<string, T> = {};
  for (const [name, half] of from) result[name] = make(half);
  return result;
}
