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
    find: `    if (this.#isLocked(parsed.value)) return locked;
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
    name: 'eventual writes bear no order',
    about: 'Eventual writes of one key are sent without saying which must follow which (TX-23).',
    file: 'store/backlog.ts',
    find: 'tag: ticket, order: own };',
    replace: 'tag: ticket, order: 0 * own };',
    scenario: 'eventual',
    firstSeed: 1,
    seeds: 10,
  },
  {
    name: 'reads pass eventual writes',
    about: 'Who asks for a key does not wait for the eventual write of it that the same peer has answered (TX-24).',
    file: 'store/backlog.ts',
    find: '    strand.wait(pending, this.#lastTicket);\n    return true;',
    replace: '    return false;',
    scenario: 'eventual',
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
];
