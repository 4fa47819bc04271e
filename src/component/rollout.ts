import { component } from './definition.ts';
import { siteRetryMs, siteTriesMax } from './limits.ts';
import { event, type InsideRequired, port } from './port.ts';
import type { Ref } from './ref.ts';
import { type SiteAnswer, type SiteRequest, Sites } from './site.ts';

/** A change of all instances of a definition from one version to another, in one system after the other. */
export interface RolloutPlan {
  /** Greater than that of any rollout before. */
  readonly number: number;
  readonly definition: string;
  readonly from: string;
  readonly to: string;
  /** In this order. */
  readonly sites: readonly string[];
  /** How long each runs the new version before it is looked at, and the next is changed. */
  readonly soakMs: number;
}

/** What became of a rollout. */
export interface RolloutOutcome {
  readonly number: number;
  /** `stuck` means that it should have been undone and that some systems did not answer. */
  readonly outcome: 'done' | 'undone' | 'stuck';
  /** Why it was not done; empty where it was. */
  readonly reason: string;
  /** The systems that still run the new version, or may. */
  readonly changed: readonly string[];
}

/** Starts rollouts, and says what became of each. */
export const Rollouts = port('rollouts', {
  requests: { start: event<RolloutPlan>() },
  indications: { ended: event<RolloutOutcome>() },
});

/** What a rollout needs of its world: somebody who tells it that time has passed. */
export interface RolloutInit {
  /** Tells the reference once, so much later: as the timer of a world does. */
  readonly after: (delayMs: number, notify: Ref<void>) => unknown;
}

/**
 * Changes one system after the other, and looks at each after a while. Where one refuses, fails its check or is silent for too
 * long, it is changed back in all of them, the last first. One rollout at a time: another begins when it has ended.
 */
export const Rollout = component('rollout', {
  provides: { rollouts: Rollouts },
  requires: { sites: Sites },
  setup: ({ provides: { rollouts }, requires: { sites }, ref }, { after }: RolloutInit) => {
    const waiting: RolloutPlan[] = [];
    let running: Run | undefined;
    const next = (): void => {
      const plan = waiting.shift();
      if (plan === undefined) return;
      const later = (delayMs: number, act: () => void): void => void after(delayMs, ref(act));
      running = new Run(plan, sites, later, (outcome) => {
        running = undefined;
        rollouts.emit.ended(outcome);
        next();
      });
      running.begin();
    };
    rollouts.on.start((plan) => {
      waiting.push(plan);
      if (running === undefined) next();
    });
    sites.on.answered((answer) => running?.hear(answer));
  },
});

type Later = (delayMs: number, act: () => void) => void;
type Answered = (reason: string | undefined) => void;

/** One rollout under way. */
class Run {
  readonly #plan: RolloutPlan;
  readonly #sites: InsideRequired<typeof Sites>;
  readonly #later: Later;
  readonly #end: (outcome: RolloutOutcome) => void;
  /** Systems that run the new version, or may. */
  readonly #changed: string[] = [];
  readonly #silent: string[] = [];
  #asked: { readonly kind: SiteRequest['kind']; readonly site: string; readonly then: Answered } | undefined;

  constructor(
    plan: RolloutPlan,
    sites: InsideRequired<typeof Sites>,
    later: Later,
    end: (outcome: RolloutOutcome) => void,
  ) {
    this.#plan = plan;
    this.#sites = sites;
    this.#later = later;
    this.#end = end;
  }

  begin(): void {
    this.#change(0);
  }

  hear({ kind, site, number, reason }: SiteAnswer): void {
    const asked = this.#asked;
    if (number !== this.#plan.number || kind !== asked?.kind || site !== asked.site) return;
    this.#asked = undefined;
    asked.then(reason);
  }

  #change(index: number): void {
    const site = this.#plan.sites[index];
    if (site === undefined) return this.#ended('done', '');
    this.#ask('change', site, (reason) => {
      // Who is silent may have done it, and who refuses did not.
      if (reason === undefined || reason === '') this.#changed.push(site);
      if (reason === '') this.#later(this.#plan.soakMs, () => this.#look(index, site));
      else this.#undo(reason ?? 'it does not answer', site);
    });
  }

  #look(index: number, site: string): void {
    this.#ask('look', site, (reason) => {
      if (reason === '') this.#change(index + 1);
      else this.#undo(reason ?? 'it does not answer', site);
    });
  }

  #undo(reason: string, cause: string): void {
    const site = this.#changed.pop();
    if (site === undefined) {
      this.#changed.push(...this.#silent);
      this.#ended(this.#silent.length === 0 ? 'undone' : 'stuck', `${cause}: ${reason}`);
      return;
    }
    this.#ask('undo', site, (refusal) => {
      if (refusal !== '') this.#silent.push(site);
      this.#undo(reason, cause);
    });
  }

  /** Asks until there is an answer, and so often at most; undefined stands for silence. */
  #ask(kind: SiteRequest['kind'], site: string, then: Answered): void {
    const { number, definition, from, to } = this.#plan;
    const asked = { kind, site, then };
    this.#asked = asked;
    const again = (tries: number): void => {
      if (this.#asked !== asked) return;
      if (tries > siteTriesMax) {
        this.#asked = undefined;
        then(undefined);
        return;
      }
      this.#sites.emit.ask({ kind, site, number, definition, from, to });
      this.#later(siteRetryMs, () => again(tries + 1));
    };
    again(1);
  }

  #ended(outcome: RolloutOutcome['outcome'], reason: string): void {
    this.#end({ number: this.#plan.number, outcome, reason, changed: this.#changed });
  }
}
