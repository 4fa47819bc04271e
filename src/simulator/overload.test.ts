import { expect, test } from 'vitest';
import { bytesOfText } from '../base/index.ts';
import { RespReader, type RespReply } from './respReader.ts';
import { SimulatedSubject } from './subject.ts';

const clients = 12;
const additions = 40;
/** So little that a dozen clients are more than it: one command at once, and no patience to speak of. */
const narrow = {
  callsInitial: 1,
  callsMin: 1,
  callsMax: 1,
  targetMs: 50,
  windowMs: 20,
  standingMs: 0,
  burstWaitMs: 2,
  standingWaitMs: 2,
};

interface Tally {
  readonly done: Set<string>;
  readonly refused: Set<string>;
  readonly odd: RespReply[];
}

/** Adds members to one set, one after the other. */
function addAll(subject: SimulatedSubject, client: number, tally: Tally): void {
  const { universe } = subject;
  const host = subject.hosts[client % subject.hosts.length]!;
  const reader = new RespReader();
  let at = 0;
  const member = (): string => `${client}:${at}`;
  const next = (): void => {
    if (++at <= additions) connection.send(bytesOfText(`SADD set ${member()}\r\n`));
  };
  const connection = universe.connect(host, {
    opened: next,
    data: (bytes) => {
      reader.add(bytes);
      for (let reply = reader.take(); reply !== undefined; reply = reader.take()) {
        if (reply.kind === 'integer') tally.done.add(member());
        else if (reply.kind === 'error' && reply.text.startsWith('BUSY')) tally.refused.add(member());
        else tally.odd.push(reply);
        next();
      }
    },
    closed: () => undefined,
  });
}

test.each([1, 2, 3])(
  'under more than it can do, what was refused has never happened, and all else has: seed %i',
  (seed) => {
    const subject = new SimulatedSubject({ seed, peers: 3, reads: 'lease', admission: narrow });
    subject.universe.runFor(4_000);
    const tally: Tally = { done: new Set(), refused: new Set(), odd: [] };
    for (let client = 0; client < clients; client++) addAll(subject, client, tally);
    const all = clients * additions;
    subject.universe.runFor(60_000, () => tally.done.size + tally.refused.size === all);
    expect(tally.odd).toEqual([]);
    expect(tally.done.size + tally.refused.size).toBe(all);
    expect(tally.refused.size).toBeGreaterThan(all / 10);
    expect(tally.done.size).toBeGreaterThan(all / 10);
    expect(membersOf(subject)).toEqual([...tally.done].sort());
  },
);

function membersOf(subject: SimulatedSubject): string[] {
  let members: string[] | undefined;
  const look = { kind: 'look', key: 'set', of: 'set', at: { kind: 'elements' } } as const;
  subject.ask(look, 5_000, (reply) => {
    if (reply === 'lost' || reply.kind !== 'done' || reply.answer.kind !== 'elements') return;
    members = reply.answer.elements.map(({ name }) => name).sort();
  });
  subject.universe.runFor(6_000, () => members !== undefined);
  return members ?? [];
}
