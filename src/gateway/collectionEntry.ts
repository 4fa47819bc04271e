import type { CommandEntry } from './plan.ts';

type Keys = CommandEntry['keys'];

/** The entries of one kind of collection: most of them name one key. */
export function entriesOf(group: string) {
  return (
    name: string,
    arity: number,
    flags: string,
    since: string,
    summary: string,
    plan: CommandEntry['plan'],
    keys: Keys = [1, 1, 1],
  ): CommandEntry => ({ group, order: 'free', name, arity, flags: flags.split(' '), keys, since, summary, plan });
}
