import { must, record, type Schema, text, varint, word } from '../base/index.ts';
import { type AnyDefinition, component, type Definition, type Handle } from './definition.ts';
import type { Graph } from './graph.ts';
import type { ComponentNode } from './graphNode.ts';
import { event, type InsideProvided, type Ports, port } from './port.ts';
import type { System } from './system.ts';
import { EmitView } from './view.ts';

/** What a rollout asks of one system: plain data, so that any network can carry it. */
export interface SiteRequest {
  readonly kind: 'change' | 'look' | 'undo';
  /** Which of the systems is asked. */
  readonly site: string;
  /** The number of the rollout: a greater one than of any before. */
  readonly number: number;
  readonly definition: string;
  readonly from: string;
  readonly to: string;
}

/** What a system says of its part in a rollout. */
export interface SiteAnswer {
  readonly kind: SiteRequest['kind'];
  readonly site: string;
  readonly number: number;
  /** Why it was not done, or what the check found; empty where all is well. */
  readonly reason: string;
}

const kind = word(['change', 'look', 'undo']);
const siteRequest: Schema<SiteRequest> = record({
  kind,
  site: text,
  number: varint,
  definition: text,
  from: text,
  to: text,
});
const siteAnswer: Schema<SiteAnswer> = record({ kind, site: text, number: varint, reason: text });

/** Between a rollout and the systems that it changes. */
export const Sites = port('sites', {
  requests: { ask: event(siteRequest) },
  indications: { answered: event(siteAnswer) },
});

/** A system that takes part in rollouts: its name, what it can run, and how it judges itself. */
export interface SiteInit {
  readonly name: string;
  /** The one that it changes; its own where none is named. */
  readonly system?: System;
  /** The versions that this system can run. They take the init of the component that they replace. */
  readonly catalogue: readonly Pick<AnyDefinition, 'name' | 'version'>[];
  /** Whether all is well: of a change that is planned, and of one that was made some time ago. */
  readonly check: (graph: Graph) => string | undefined;
}

/** What became of the last rollout here. */
interface Last {
  readonly number: number;
  readonly changed: readonly string[];
  isUndone: boolean;
  reason: string;
}

/**
 * Changes the components of its system from one version to another for a rollout, whole or not at all, and back again. Asked
 * twice it does it once: requests may be lost, doubled, and overtake each other.
 */
export const Site = component('site', {
  provides: { sites: Sites },
  setup: ({ provides: { sites }, path }, init: SiteInit) => {
    const system = init.system ?? systemOf(sites);
    let last: Last = { number: 0, changed: [], isUndone: true, reason: '' };
    const swap = (request: SiteRequest, paths: readonly string[] | undefined, done: (last: Last) => void): void => {
      const [from, to] = request.kind === 'undo' ? [request.to, request.from] : [request.from, request.to];
      const old = componentsOf(system, request.definition, from, paths);
      system.reconfigure(
        (tx) => {
          const next = definitionOf(init, request.definition, to);
          for (const { handle, target } of old) tx.replace(handle as AnyReplaced, next, { init: target.init });
        },
        {
          by: `rollout ${request.number} at ${path}`,
          ...(request.kind === 'undo' ? {} : { check: init.check }),
          done: (outcome) =>
            done({
              number: request.number,
              changed: outcome.ok ? old.map((one) => one.path) : [],
              isUndone: request.kind === 'undo' && outcome.ok,
              reason: outcome.ok ? '' : outcome.error,
            }),
        },
      );
    };
    const answer = ({ kind, number }: SiteRequest, reason: string): void =>
      sites.emit.answered({ kind, number, site: init.name, reason });
    const settle = (request: SiteRequest, next: Last): void => {
      last = next;
      answer(request, next.reason);
    };
    sites.on.ask((request) => {
      const { kind, number } = request;
      if (request.site !== init.name || number < last.number) return;
      if (kind === 'look') answer(request, init.check(system.graph()) ?? '');
      else if (kind === 'change' && number > last.number) swap(request, undefined, (next) => settle(request, next));
      else if (kind === 'change') answer(request, last.isUndone ? 'it was undone' : last.reason);
      else if (number > last.number || last.isUndone)
        settle(request, { number, changed: [], isUndone: true, reason: '' });
      else
        swap(request, last.changed, (next) => settle(request, next.isUndone ? next : { ...last, reason: next.reason }));
    });
  },
});

function systemOf({ emit }: InsideProvided<typeof Sites>): System {
  return EmitView.gateOf(emit as unknown as EmitView).component.system;
}

type AnyReplaced = Handle<Ports, Ports, unknown>;

function definitionOf({ catalogue }: SiteInit, name: string, version: string): Definition<Ports, Ports, unknown> {
  const found = catalogue.find((one) => one.name === name && one.version === version);
  return must(found, () => `version ${version} of ${name} is not known here`) as Definition<Ports, Ports, unknown>;
}

function componentsOf(
  system: System,
  name: string,
  version: string,
  paths: readonly string[] | undefined,
): readonly ComponentNode[] {
  return system
    .graph()
    .components.filter((one) => one.definition === name && one.version === version)
    .filter(({ path }) => paths === undefined || paths.includes(path));
}
