import { expect, test } from 'vitest';
import { parseTraceLine, runScript, type Script, type Step, scenarios } from '../src/simulator/index.ts';

/** A story of the protocols: what is done, and which lines of its trace tell it. */
interface Story {
  readonly file: string;
  /** What it tells, in front of its lines. */
  readonly about: readonly string[];
  readonly scenario: string;
  readonly peers: number;
  readonly steps: readonly Step[];
  readonly fromMs: number;
  readonly toMs: number;
  /** Messages and lines that belong to other stories. */
  readonly without: RegExp;
}

const crashOf = (peer: string, atMs: number, lastsMs: number): Step => ({
  kind: 'fault',
  atMs,
  lastsMs,
  fault: { kind: 'crash', peer },
});
/** What goes on all the time, whatever happens. */
const hum = /overlay\.|cells\.(ping|pong)| {2}link {2}| {2}disk {2}/;

const stories: readonly Story[] = [
  {
    file: 'set.txt',
    about: [
      'A SET, from the client to chosen.',
      'Client 1 asks peer b, while a leads. b opens a session first: its opening is an entry of its own. Then b forwards the',
      'write, a sends it to the members before its own disk has it, and it is chosen when a majority has it on the disk. Then c asks',
      'for a read: a confirms with a round of the members that it still leads, and answers.',
    ],
    scenario: 'churn',
    peers: 3,
    steps: [
      { kind: 'call', atMs: 4_000, client: 1, key: 'k02', act: { kind: 'put', value: 'hello' }, via: 'b' },
      { kind: 'call', atMs: 4_100, client: 1, key: 'k02', act: { kind: 'get' }, via: 'c' },
    ],
    fromMs: 4_000,
    toMs: 4_101.2,
    without: /overlay\.|cells\.(ping|pong)| {2}link {2}/,
  },
  {
    file: 'election.txt',
    about: [
      'A leader is elected.',
      'The leader a loses power. The others miss its answers; one draws a higher ballot, prepares, is promised, brings the other to',
      'where it stands (sync), and leads. A write that came meanwhile waited for it. Much later a comes back.',
    ],
    scenario: 'churn',
    peers: 3,
    steps: [
      crashOf('a', 4_000, 3_000),
      { kind: 'call', atMs: 4_050, client: 1, key: 'k02', act: { kind: 'put', value: 'hello' }, via: 'b' },
    ],
    fromMs: 4_000,
    toMs: 7_040,
    without: hum,
  },
  {
    file: 'replacement.txt',
    about: [
      'A member is replaced.',
      'Of four peers three are members. One, c, loses power for long. When it is dead for long enough the leader has the fourth, d,',
      'pull a copy first, and then ends the epoch with a stop-sign that names d in the place of c: d votes in the next epoch.',
    ],
    scenario: 'members',
    peers: 4,
    steps: [crashOf('c', 4_000, 40_000)],
    fromMs: 4_000,
    toMs: 14_756,
    without: /overlay\.|cells\.(ping|pong|fetch|sync)| {2}link {2}| {2}disk {2}/,
  },
  {
    file: 'transaction.txt',
    about: [
      'A crash in the middle of a transaction.',
      'The bank reads its accounts, and moves 7 from account 0 to account 1 in one transaction with checks. The leader a loses power',
      'when the transaction is on its way to the others. The next leader, b, finds it accepted and brings it to c (sync). Meanwhile c asks',
      'again, so that it stands in the log twice: by its number in its session it is executed once, and answered.',
    ],
    scenario: 'transfers',
    peers: 3,
    steps: [{ kind: 'transfer', atMs: 4_000, from: 0, to: 1, amount: 7 }, crashOf('a', 4_002.2, 2_000)],
    fromMs: 3_999,
    toMs: 4_605.5,
    without: hum,
  },
];

/** Runs a story: what it is about, and those lines of its trace that tell it. */
function tell({ about, scenario, peers, steps, fromMs, toMs, without }: Story): string {
  const script: Script = { scenario, seed: 1, peers, reads: 'quorum', steps };
  const stage = scenarios.find(({ name }) => name === scenario);
  // A run that is stopped is tidied up at once, which is no part of the story.
  const { trace } = runScript(stage!, script, { trace: {}, until: { ms: toMs + 100 } });
  const lines = trace.filter((line) => {
    const { atMs } = parseTraceLine(line)!;
    return atMs >= fromMs && atMs <= toMs && !without.test(line);
  });
  return `${[...about.map((sentence) => `# ${sentence}`), '', ...lines].join('\n')}\n`;
}

test.each(stories)(
  '$file is what happens; `npx vitest run test/transcripts.test.ts -u` writes it anew',
  async (story) => {
    await expect(tell(story)).toMatchFileSnapshot(`transcripts/${story.file}`);
  },
);
