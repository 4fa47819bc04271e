import { checkSubstitute } from './blueprint.ts';
import type { Instance } from './instance.ts';
import type { Backoff, Fault, RestartRule, RestartScope } from './supervision.ts';

/** Does what the owner's rule says about a component that failed, or one of whose children escalated. */
export function recover(failed: Instance, fault: Fault, escalated: Instance | undefined): void {
  const rule = failed.supervision;
  switch (rule.on) {
    case 'resume':
      escalated?.resume();
      return;
    case 'destroy':
      failed.abandon();
      failed.kill();
      return;
    case 'restart':
      restart(failed, groupOf(failed, rule.scope), rule, fault, (one) => one.renew(rule.state === 'last'));
      return;
    case 'replace':
      restart(failed, [failed], rule, fault, (one) => {
        const { definition, init } = rule.with;
        checkSubstitute(one.definition, definition, one.path);
        one.definition = definition;
        one.init = init;
        one.renew(false);
      });
      return;
    case 'escalate':
      escalate(failed, fault);
      return;
  }
}

/** All of a group stop before any is set up anew, and they start in the order in which they were created. */
function restart(
  failed: Instance,
  group: readonly Instance[],
  rule: RestartRule,
  fault: Fault,
  renew: (one: Instance) => void,
): void {
  const attempt = failed.countRestart(rule.withinMs);
  if (attempt > rule.restartsMax) {
    escalate(failed, fault);
    return;
  }
  for (const one of group.toReversed()) one.abandon();
  const generations = group.map(({ generation }) => generation);
  const again = (): void => {
    for (const [i, one] of group.entries()) {
      // It may have been killed while it waited, or restarted for another's sake.
      if (one.state !== 'restarting' || one.generation !== generations[i]) continue;
      try {
        renew(one);
      } catch (error) {
        const failure = { path: one.path, event: 'setup', error };
        one.system.record(failure);
        escalate(one, failure);
      }
    }
  };
  const waitMs = waitOf(rule.backoff, attempt);
  if (waitMs === 0) again();
  else failed.system.after(waitMs, again);
}

function groupOf(failed: Instance, scope: RestartScope = 'one-for-one'): readonly Instance[] {
  if (failed.parent === undefined || scope === 'one-for-one') return [failed];
  const siblings = [...failed.parent.children].filter(({ state }) => state === 'active' || state === 'passive');
  return scope === 'one-for-all' ? siblings : siblings.slice(siblings.indexOf(failed));
}

function waitOf(backoff: Backoff | undefined, attempt: number): number {
  if (backoff === undefined) return 0;
  return Math.min(backoff.waitMaxMs, backoff.firstMs * backoff.factor ** (attempt - 1));
}

function escalate(failed: Instance, fault: Fault): void {
  failed.state = 'faulty';
  failed.system.changed();
  if (failed.parent === undefined) failed.system.halt(fault);
  else failed.parent.fail(fault, failed);
}
