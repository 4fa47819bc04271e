import { assert } from '../base/index.ts';
import { countEnds, eachEnd } from './ends.ts';
import { Face } from './gate.ts';
import { heldEventsMax } from './limits.ts';
import type { AnyPort, Outside } from './port.ts';
import { arrive, emptyPlan, follow } from './route.ts';
import { type Select, type Selection, selectionOf } from './selection.ts';

/** What a channel lets pass. */
export interface ConnectOptions<P> {
  /** Which events pass; by default all do. */
  readonly select?: Select<P>;
}

/**
 * What joins a provided port to a required one. While it is held, or an end is unplugged, it keeps what should pass, in
 * its order and up to a limit, and lets it pass before anything later when it is open again. All calls are idempotent.
 */
export interface Channel<P = AnyPort> {
  /** Where it runs, as in `peer/store.provides.kv -> peer/client.requires.kv`. */
  readonly path: string;
  readonly state: 'open' | 'held' | 'unplugged' | 'gone';
  /** Events that it keeps. */
  readonly waiting: number;
  hold(): void;
  resume(): void;
  /** Takes one end off; what the other end sends is kept for whoever is plugged in. */
  unplug(end: 'provided' | 'required'): void;
  /** Puts a port where an end was taken off, and lets pass what was kept unless the channel is held. */
  plug(port: Outside<P, '+'> | Outside<P, '-'>): void;
  /** Takes the channel away for good, with what it keeps. What has passed already is still handled. */
  disconnect(): void;
}

/** One event that a channel keeps: requests go to the end that provides, indications to the other. */
export interface Held {
  readonly isRequest: boolean;
  readonly slot: number;
  readonly event: unknown;
}

/** A channel at run time. */
export class RuntimeChannel implements Channel<AnyPort> {
  readonly selection: Selection | undefined;
  #provided: Face | undefined;
  #required: Face | undefined;
  #kept: Held[] | undefined = undefined;
  #isHeld = false;
  #isGone = false;

  constructor(provided: Face, required: Face, selection: Selection | undefined) {
    this.#provided = provided;
    this.#required = required;
    this.selection = selection;
    provided.add(this);
    required.add(this);
    this.#changed();
  }

  get path(): string {
    return `${this.#provided?.path ?? 'nothing'} -> ${this.#required?.path ?? 'nothing'}`;
  }

  get state(): Channel['state'] {
    if (this.#isGone) return 'gone';
    if (this.#provided === undefined || this.#required === undefined) return 'unplugged';
    return this.#isHeld ? 'held' : 'open';
  }

  get isHeld(): boolean {
    return this.#isHeld;
  }

  get isOpen(): boolean {
    return this.state === 'open';
  }

  get waiting(): number {
    return this.#kept?.length ?? 0;
  }

  get provided(): Face | undefined {
    return this.#provided;
  }

  get required(): Face | undefined {
    return this.#required;
  }

  /** The face at the other end. */
  across(from: Face): Face | undefined {
    return from === this.#provided ? this.#required : this.#provided;
  }

  hold(): void {
    if (this.#isGone || this.#isHeld) return;
    this.#isHeld = true;
    this.#forget();
    this.#changed();
  }

  resume(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    this.#open();
    this.#changed();
  }

  unplug(end: 'provided' | 'required'): void {
    const face = end === 'provided' ? this.#provided : this.#required;
    if (face === undefined || this.#isGone) return;
    this.#forget();
    face.remove(this);
    if (end === 'provided') this.#provided = undefined;
    else this.#required = undefined;
    changed(face);
    this.#changed();
  }

  plug(port: Outside<AnyPort, '+'> | Outside<AnyPort, '-'>): void {
    const face = faceBehind(port);
    const there = this.#provided ?? this.#required;
    assert(!this.#isGone, () => `a channel that was disconnected cannot be plugged into ${face.path}`);
    if (face === this.#provided || face === this.#required) return;
    const isFree = face.isPositive ? this.#provided === undefined : this.#required === undefined;
    assert(isFree, () => `${this.path} has no free end for ${face.path}`);
    if (there !== undefined) checkPair(face, there);
    if (face.isPositive) this.#provided = face;
    else this.#required = face;
    face.add(this);
    this.#open();
    this.#changed();
  }

  disconnect(): void {
    if (this.#isGone) return;
    this.#forget();
    this.#provided?.remove(this);
    this.#required?.remove(this);
    this.#isGone = true;
    this.#kept = undefined;
    this.#changed();
  }

  /** Takes what another channel of its type keeps, before what it keeps itself. */
  inherit(from: RuntimeChannel): void {
    const kept = from.#kept ?? [];
    from.#kept = undefined;
    this.#kept = [...kept, ...(this.#kept ?? [])];
    this.#open();
  }

  /** Keeps an event that would pass if the channel were open. */
  keep(held: Held): void {
    this.#kept ??= [];
    assert(
      this.#kept.length < heldEventsMax,
      () => `${this.path} keeps ${heldEventsMax} events already: it was held for too long`,
    );
    this.#kept.push(held);
    this.#anyEnd?.gate.component.system.keptByChange?.push(this);
  }

  /** Forgets the event that it kept last: what sent it was undone. */
  forgetLast(): void {
    this.#kept?.pop();
  }

  /** Lets pass what was kept, then all that comes. A turn is never inside this, so that nothing can overtake. */
  #open(): void {
    if (!this.isOpen) return;
    this.#forget();
    const kept = this.#kept;
    this.#kept = undefined;
    for (const { isRequest, slot, event } of kept ?? []) {
      const plan = emptyPlan();
      arrive((isRequest ? this.#provided : this.#required)!, { isRequest, slot }, plan);
      follow(plan, isRequest, slot, event);
    }
  }

  #changed(): void {
    if (this.#provided !== undefined) changed(this.#provided);
    if (this.#required !== undefined) changed(this.#required);
  }

  get #anyEnd(): Face | undefined {
    return this.#provided ?? this.#required;
  }

  #forget(): void {
    this.#provided?.gate.forgetLeaving(this.#provided.isInner);
    this.#required?.gate.forgetLeaving(this.#required.isInner);
  }
}

function changed({ gate: { component } }: Face): void {
  component.system.touched(component);
}

/** Joins two ports by a channel, or says which two cannot be joined and why. */
export function connect(
  provided: Outside<AnyPort, '+'>,
  required: Outside<AnyPort, '-'>,
  options: ConnectOptions<AnyPort>,
): RuntimeChannel {
  return join(faceBehind(provided), faceBehind(required), options.select);
}

export function join(provided: Face, required: Face, select: Select<AnyPort> | undefined): RuntimeChannel {
  assert(
    provided.isPositive,
    () => `${provided.path} requires its service: it cannot stand where a provided port must`,
  );
  assert(
    !required.isPositive,
    () => `${required.path} provides its service: it cannot stand where a required port must`,
  );
  checkPair(provided, required);
  const where = () => `the channel of ${provided.path} and ${required.path}`;
  const selection = select === undefined ? undefined : selectionOf(provided.type, select, where);
  checkFree(provided, required, selection);
  return new RuntimeChannel(provided, required, selection);
}

function checkFree(a: Face, b: Face, selection: Selection | undefined): void {
  const [fewer, other] = countEnds(a.ends) < countEnds(b.ends) ? [a, b] : [b, a];
  for (const channel of eachEnd(fewer.ends)) {
    assert(
      channel.across(fewer) !== other || !isSame(channel.selection, selection),
      () => `${a.path} and ${b.path} are connected already`,
    );
  }
}

export function faceBehind(outside: Outside<AnyPort, '+' | '-'>): Face {
  assert(outside instanceof Face, () => `${String(outside?.path)} is not a port that a component gave out`);
  return outside;
}

function checkPair(a: Face, b: Face): void {
  assert(
    a.type === b.type,
    () => `${a.path} is a ${a.type.name} and ${b.path} is a ${b.type.name}: they cannot connect`,
  );
  checkAlive(a);
  checkAlive(b);
  assert(
    a.gate.component.system === b.gate.component.system,
    () => `${a.path} and ${b.path} belong to two systems: they cannot connect`,
  );
}

function checkAlive(face: Face): void {
  const isAlive = face.gate.component.state !== 'destroyed';
  assert(isAlive, () => `${face.path} is of a component that was killed: it cannot connect`);
}

function isSame(a: Selection | undefined, b: Selection | undefined): boolean {
  return a === b || (a?.event === b?.event && a?.field === b?.field && a?.value === b?.value);
}
