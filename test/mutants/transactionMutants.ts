import type { Mutant } from './mutants.ts';

/** Ways in which transactions over several cells could be wrong. */
export const transactionMutants: readonly Mutant[] = [
  {
    name: 'commit on a missing vote',
    about: 'Who finishes a transaction takes one vote of yes for all of them (TX-9).',
    file: 'store/outcomes.ts',
    find: "if (votes.every(({ vote }) => vote === 'yes')) {",
    replace: "if (votes.some(({ vote }) => vote === 'yes')) {",
    scenario: 'transfers',
    firstSeed: 1,
    seeds: 10,
  },
  {
    name: 'take silence for a vote',
    about: 'A coordinator that hears nothing of a participant commits without it (TX-9).',
    file: 'store/commit.ts',
    find: "if (reply.kind === 'unknown') return void this.#failures.push({ kind: 'unknown', operation: reply.operation });",
    replace: "if (reply.kind === 'unknown') return;",
    scenario: 'transfers',
    firstSeed: 1,
    seeds: 10,
  },
  {
    name: 'a second vote overrides the first',
    about: 'Who asks how a cell has voted bars it, although it has voted yes (TX-9).',
    file: 'state/stateCommit.ts',
    find: `  if (known !== undefined) return voted(name, voteOf(known), known.version);
  if (timeMs`,
    replace: `  if (known?.state === 'prepared') intents.settle(known, 0);
  else if (known !== undefined) return voted(name, voteOf(known), known.version);
  if (timeMs`,
    scenario: 'transfers',
    firstSeed: 20,
    seeds: 5,
  },
  {
    name: 'reads pass an intention',
    about: 'A read answers from before a transaction that may be committed already (TX-10).',
    file: 'state/state.ts',
    find: `    if (obstruction !== undefined) return obstruction;
    this.demand`,
    replace: '    this.demand',
    scenario: 'transfers',
    firstSeed: 1,
    seeds: 10,
  },
  {
    name: 'finish without asking',
    about: 'Who finishes a transaction commits it, whatever the votes are (TX-11).',
    file: 'store/outcomes.ts',
    find: '      const { outcome, version } = decide(answers);',
    replace: `      const version = this.#host.wallMs * 2048 + 2 ** 28;
      const { outcome } = answers === undefined ? decide(answers) : { outcome: 'committed' as const };`,
    scenario: 'transfers',
    firstSeed: 1,
    seeds: 10,
  },
  {
    name: 'a split loses intentions',
    about: 'The upper part of a split knows nothing of transactions that the cell has voted for (TX-13).',
    file: 'state/intents.ts',
    find: 'if (upper !== undefined) rows.push({ key: prefix + id, value: bytesOfRecord(upper) });',
    replace: 'void upper;',
    scenario: 'cells',
    firstSeed: 9,
    seeds: 5,
  },
  {
    name: 'read each cell once',
    about: 'A read of several cells does not look whether they have changed meanwhile (TX-14).',
    file: 'store/consistentRead.ts',
    find: 'const isStill = second.every((one, i) => isUnchanged(parts[i]!, first[i]!, one));',
    replace: 'const isStill = second.length > 0;',
    scenario: 'transfers',
    firstSeed: 1,
    seeds: 10,
  },
  {
    name: 'the locks of reads stay',
    about: 'A transaction that is decided goes on to keep others from what it read (TX-15).',
    file: 'state/intents.ts',
    find: `      if (rest.size === 0) this.#readers.delete(key);
      else this.#readers.set(key, rest);`,
    replace: '      void rest;',
    scenario: 'transfers',
    firstSeed: 1,
    seeds: 10,
  },
  {
    name: 'what is old counts as new',
    about: 'A member answers a near read by what it has applied, however long ago its leader vouched for that (TX-18).',
    file: 'cell/freshness.ts',
    find: 'return oldestMs(this.#reached.askedAt, momentOf(this.#clock)) <= ageMaxMs;',
    replace: 'return oldestMs(this.#reached.askedAt, momentOf(this.#clock)) <= ageMaxMs + 60_000;',
    scenario: 'near',
    firstSeed: 1,
    seeds: 10,
  },
  {
    name: 'what is chosen counts as applied',
    about: 'A member answers a near read although it has not applied yet what its leader vouched for (TX-18).',
    file: 'cell/freshness.ts',
    find: 'while (this.#waiting[0] !== undefined && this.#waiting[0].index <= applied) this.#reached = this.#waiting.shift();',
    replace:
      'while (this.#waiting[0] !== undefined) this.#reached = { ...this.#waiting.shift()!, index: Math.min(applied, 1) };',
    scenario: 'near',
    firstSeed: 1,
    seeds: 10,
  },
  {
    name: 'decide without a log',
    about: 'A coordinator in two phases tells its caller before its decision is logged anywhere (TX-19).',
    file: 'store/twoPhase.ts',
    find: `    this.#ask(name, settling(name, version), (answers) => {
      if (answers === undefined) return this.#host.after(decisionPauseMs, () => this.decide(name, version, then));
      this.end(name);
      then();
    });`,
    replace: `    this.end(name);
    then();
    void version;`,
    scenario: 'two-phase',
    firstSeed: 9,
    seeds: 5,
  },
  {
    name: 'writes pass a reservation',
    about: 'A write does not look whether somebody else has reserved its key (TX-20).',
    file: 'state/reservations.ts',
    find: '    if (this.isFree) return undefined;\n    if (clears)',
    replace: '    if (!clears) return undefined;\n    if (clears)',
    scenario: 'eager',
    firstSeed: 1,
    seeds: 5,
  },
  {
    name: 'sharing what one has for itself',
    about: 'Who reads is let in to a key that somebody else has reserved for writing (TX-20).',
    file: 'state/stateReservations.ts',
    find: 'if (others.length > 0 && (isExclusive || known?.isExclusive))',
    replace: 'if (others.length > 0 && isExclusive)',
    scenario: 'eager',
    firstSeed: 1,
    seeds: 5,
  },
  {
    name: 'a lost lease commits',
    about: 'A transaction happens although what it rests on is not reserved any more (TX-21).',
    file: 'state/stateReservations.ts',
    find: 'return commands.every((one) =>',
    replace: 'return commands.length === 0 || commands.some((one) =>',
    scenario: 'eager',
    firstSeed: 1,
    seeds: 5,
  },
  {
    name: 'leases without end',
    about: 'What is reserved by somebody who is gone stays so (TX-22).',
    file: 'state/reservations.ts',
    find: 'if (timeMs < this.#endMs) return [];',
    replace: 'if (timeMs < this.#endMs + 3_600_000) return [];',
    scenario: 'eager',
    firstSeed: 1,
    seeds: 5,
  },
];
