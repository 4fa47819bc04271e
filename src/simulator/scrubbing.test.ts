import { expect, test } from 'vitest';
import { bytesOfText } from '../base/index.ts';
import type { CellReport } from '../cell/index.ts';
import type { Command } from '../command/index.ts';
import type { SimulatedHost } from '../world/simulated/index.ts';
import { SimulatedSubject } from './subject.ts';

const scrubEveryMs = 2_000;
const keys = 300;

/** A system whose clients write all the time, and whose leader has the rows of the members compared. */
function system(seed: number): SimulatedSubject {
  const subject = new SimulatedSubject({ seed, peers: 3, reads: 'lease', scrubEveryMs });
  subject.universe.runFor(4_000);
  for (let i = 0; i < keys; i++) subject.ask(put(`key ${i}`, `value ${i}`), 5_000, () => undefined);
  subject.universe.runFor(1_000);
  let count = 0;
  const write = (): void => {
    subject.ask(put(`busy ${count % 7}`, String(count++)), 5_000, () => subject.after(10, write));
  };
  write();
  return subject;
}

function put(key: string, value: string): Command {
  const always = { when: { kind: 'always' }, expiry: { kind: 'never' }, returnPrevious: false } as const;
  return { kind: 'put', key, value: bytesOfText(value), ...always };
}

function leader(subject: SimulatedSubject): CellReport | undefined {
  return subject.leaderReport();
}

function hostOf(subject: SimulatedSubject, isLeader: boolean): SimulatedHost {
  const name = leader(subject)!.leader.split('#')[0];
  return subject.hosts.find((host) => (host.name === name) === isLeader)!;
}

/** Rows of keys that nobody writes any more, on each disk. */
function rows(subject: SimulatedSubject): string[] {
  return subject.hosts.map(({ disk }) => {
    const found: string[] = [];
    for (const shelf of ['', '~']) {
      const page = disk.engine.scan({ from: `${shelf}dkey`, to: `${shelf}dkez` }, { rowsMax: 1_000, bytesMax: 1e6 });
      if (page !== 'damaged') for (const { key, value } of page.rows) found.push(`${key.replace('~', '')} ${value}`);
    }
    return found.join('\n');
  });
}

function problems(subject: SimulatedSubject): readonly string[] {
  return [
    ...subject.universe.faults.map(({ fault }) => String((fault.error as Error).stack)),
    ...subject.log.violations,
  ];
}

test.each([1, 2, 3])('members that hold the same are found to, under load, seed %i', (seed) => {
  const subject = system(seed);
  subject.universe.runFor(15_000);
  const { scrubs, differences } = leader(subject)!.counters;
  expect(scrubs).toBeGreaterThanOrEqual(3);
  expect(differences).toBe(0);
  expect(problems(subject)).toEqual([]);
});

test.each([
  [11, 'another', false],
  [12, 'missing', false],
  [13, 'another', true],
  [14, 'missing', true],
] as const)(
  'a row that changed on one disk is fetched again from the others, seed %i: %s, on that of the leader: %s',
  (seed, what, isLeader) => {
    const subject = system(seed);
    subject.universe.runFor(6_000);
    const hurt = hostOf(subject, isLeader);
    const sound = rows(subject)[0]!;
    expect(rows(subject)).toEqual([sound, sound, sound]);
    const row = hurt.disk.engine.scan({ from: 'dkey 7', to: 'dkey 8' }, { rowsMax: 1, bytesMax: 1e6 });
    const shelf = row !== 'damaged' && row.rows.length > 0 ? '' : '~';
    hurt.disk.engine.change(`${shelf}dkey 77`, what === 'missing' ? undefined : bytesOfText('\0another!!'));
    expect(rows(subject)).not.toEqual([sound, sound, sound]);
    subject.universe.runFor(20_000, () => rows(subject).every((text) => text === sound));
    expect(rows(subject)).toEqual([sound, sound, sound]);
    subject.universe.runFor(10_000, () => leader(subject)?.survivesFailures === 1 && leader(subject)?.repairs === '');
    expect(leader(subject)).toMatchObject({ survivesFailures: 1, repairs: '' });
    expect(problems(subject)).toEqual([]);
  },
);
