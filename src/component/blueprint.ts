import { assert } from '../base/index.ts';
import { type AttributeViews, attributeViews } from './attributeViews.ts';
import type { AnyDefinition } from './definition.ts';
import type { AnyPort, Ports } from './port.ts';
import { signatureOf, type Way } from './signature.ts';

/** What all the gates of one port of one definition have in common. */
export interface PortPlan {
  readonly name: string;
  readonly kind: 'provides' | 'requires' | 'attached';
  readonly type: AnyPort;
  readonly hears: Way;
  readonly says: Way;
}

/** What the runtime knows of a definition, worked out once however many components are made of it. */
export interface Blueprint {
  readonly ports: readonly PortPlan[];
  readonly attributes: AttributeViews;
}

const known = new WeakMap<AnyDefinition, Blueprint>();

export function blueprintOf(definition: AnyDefinition): Blueprint {
  let blueprint = known.get(definition);
  if (blueprint === undefined) {
    blueprint = {
      ports: [...plans('provides', definition.provides), ...plans('requires', definition.requires)],
      attributes: attributeViews(definition.attributes),
    };
    known.set(definition, blueprint);
  }
  return blueprint;
}

function plans(kind: 'provides' | 'requires', ports: Ports): PortPlan[] {
  return Object.entries(ports).map(([name, type]) => planOf(name, kind, type));
}

export function planOf(name: string, kind: PortPlan['kind'], type: AnyPort): PortPlan {
  const { requests, indications } = signatureOf(type);
  const [hears, says] = kind === 'provides' ? [requests, indications] : [indications, requests];
  return { name, kind, type, hears, says };
}

/** A substitute stands on the gates of what it replaces, so that its ports must be the same. */
export function checkSubstitute(old: AnyDefinition, substitute: AnyDefinition, path: string): void {
  for (const [kind, from, to] of [
    ['provides', old.provides, substitute.provides],
    ['requires', old.requires, substitute.requires],
  ] as const) {
    for (const name of new Set([...Object.keys(from), ...Object.keys(to)])) {
      assert(
        from[name] === to[name],
        () => `${substitute.name} cannot stand for ${path}: they differ in what it ${kind} as ${name}`,
      );
    }
  }
}
