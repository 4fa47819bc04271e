import { bytesOfText } from '../src/base/index.ts';
import type { Command, SimpleCommand } from '../src/command/index.ts';
import { SimulatedSubject } from '../src/simulator/subject.ts';
import type { Reply } from '../src/store/index.ts';

/** How long whoever asks waits for an answer. */
export const patienceMs = 20_000;

/** A system that serves, in a network and on disks that are as good as they get. */
export function servingSystem(seed: number, peers = 3): SimulatedSubject {
  const subject = new SimulatedSubject({ seed, peers, reads: seed % 2 === 0 ? 'quorum' : 'lease' });
  subject.universe.runFor(4_000);
  return subject;
}

export function put(key: string, value: string): SimpleCommand {
  const always = { when: { kind: 'always' }, expiry: { kind: 'never' }, returnPrevious: false } as const;
  return { kind: 'put', key, value: bytesOfText(value), ...always };
}

/** Asks, lets time pass, and gives the reply. */
export function ask(subject: SimulatedSubject, command: Command, via?: string): Reply | 'lost' {
  let reply: Reply | 'lost' | undefined;
  const told = (one: Reply | 'lost'): void => {
    reply = one;
  };
  subject.ask(command, patienceMs, told, via);
  subject.universe.runFor(patienceMs + 1_000, () => reply !== undefined);
  return reply ?? 'lost';
}

export function answerOf(reply: Reply | 'lost'): unknown {
  return reply !== 'lost' && reply.kind === 'done' ? reply.answer : reply;
}

/** What is wrong now. */
export function problems(subject: SimulatedSubject): readonly string[] {
  const faults = subject.universe.faults.map(({ fault }) => String(fault.error));
  return [...faults, ...subject.log.violations, ...subject.gaps()];
}
