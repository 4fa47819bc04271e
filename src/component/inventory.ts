import { eachEnd } from './ends.ts';
import type { Face, Gate } from './gate.ts';
import { allWithin } from './graph.ts';
import type { Instance } from './instance.ts';

/** One definition in one version, as plain data that can be sent to whoever asks. */
export interface InventoryEntry {
  readonly definition: string;
  readonly version: string;
  /** How many components are instances of it. */
  readonly count: number;
  /** With whom they speak through channels: behind which port, over which port type. Composites are looked through. */
  readonly speaksWith: readonly Partner[];
}

/** Another component that one speaks with: over which port, of which type, and what it is in which version. */
export interface Partner {
  readonly port: string;
  readonly type: string;
  readonly definition: string;
  readonly version: string;
}

/** Which components run within these, in which version, and with whom they speak, by name and version. */
export function inventoryOf(roots: Iterable<Instance>): readonly InventoryEntry[] {
  const entries = new Map<string, { count: number; partners: Map<string, Partner>; first: Instance }>();
  for (const instance of allWithin(roots)) {
    const { name, version } = instance.definition;
    const key = `${name} ${version}`;
    const entry = entries.get(key) ?? { count: 0, partners: new Map<string, Partner>(), first: instance };
    entries.set(key, entry);
    entry.count++;
    for (const partner of instance.gates.flatMap(partnersOf))
      entry.partners.set(Object.values(partner).join(' '), partner);
  }
  return inOrder(entries).map(({ count, partners, first: { definition } }) => {
    return { definition: definition.name, version: definition.version, count, speaksWith: inOrder(partners) };
  });
}

/** By their keys, so that two systems which run the same answer the same. */
function inOrder<V>(entries: ReadonlyMap<string, V>): V[] {
  const keys = [...entries.keys()].sort();
  return keys.map((key) => entries.get(key)!);
}

function partnersOf(gate: Gate): Partner[] {
  const { type } = gate.plan;
  const port = gate.plan.kind === 'attached' ? 'attached' : gate.plan.name;
  const partners: Partner[] = [];
  follow(gate, false, (partner) => {
    const { name, version } = partner.component.definition;
    partners.push({ port, type: type.name, definition: name, version });
  });
  return partners;
}

/** Goes along all channels from one side of a gate, through composites, to the gates that hear or speak themselves. */
function follow(gate: Gate, isInner: boolean, found: (gate: Gate) => void): void {
  for (const channel of eachEnd(gate.endsAt(isInner))) {
    const ends: readonly (Face | undefined)[] = [channel.provided, channel.required];
    const other = ends.find((face) => face !== undefined && (face.gate !== gate || face.isInner !== isInner));
    if (other === undefined) continue;
    const isPassage = other.gate.endsAt(!other.isInner) !== undefined && other.gate.listeners === undefined;
    if (isPassage) follow(other.gate, !other.isInner, found);
    else found(other.gate);
  }
}
