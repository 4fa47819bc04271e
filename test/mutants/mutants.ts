/** A way in which the protocol could be wrong, and the seeds of the simulator that notice it. */
export interface Mutant {
  readonly name: string;
  /** What goes wrong with it. */
  readonly about: string;
  /** Where in `src/`. */
  readonly file: string;
  /** Text that stands there exactly once, and what takes its place. */
  readonly find: string;
  readonly replace: string;
  readonly scenario: string;
  readonly firstSeed: number;
  /** It is caught within so many seeds from the first on. */
  readonly seeds: number;
}

export const mutants: readonly Mutant[] = [
  {
    name: 'acknowledge before sync',
    about: 'What was accepted counts at once, and power that fails takes it away again (CELL-1).',
    file: 'cell/acceptor.ts',
    find: `    this.#context.whenDurable(position, () => {
      if (this.epoch !== epoch || !sameBallot(this.#accepted, ballot) || end <= this.#durableEnd) return;
      this.#durableEnd = end;
      then(end);
    });`,
    replace: `    this.#context.whenDurable(0, () => undefined);
    if (this.epoch !== epoch || !sameBallot(this.#accepted, ballot) || end <= this.#durableEnd) return;
    this.#durableEnd = end;
    void position;
    then(end);`,
    scenario: 'restart-all',
    firstSeed: 1,
    seeds: 40,
  },
  {
    name: 'promise twice',
    about: 'A member promises a ballot although it promised a higher one to another (CELL-2).',
    file: 'cell/voter.ts',
    find: `    if (order < 0) return this.#refuse(to);
    if (order === 0) {`,
    replace: '    if (order === 0) {',
    scenario: 'partition',
    firstSeed: 1,
    seeds: 10,
  },
  {
    name: 'accept an older ballot',
    about: 'A member accepts entries of a leader although it promised a later one (CELL-2).',
    file: 'cell/voter.ts',
    find: `    if (order < 0) this.#refuse(to);
    return order === 0;`,
    replace: '    return order <= 0;',
    scenario: 'partition',
    firstSeed: 7,
    seeds: 15,
  },
  {
    name: 'forget a promise',
    about: 'After a start the promises in the journal do not count any more (CELL-2).',
    file: 'cell/acceptor.ts',
    find: `    if (record.kind === 'promise') {
      this.#raise(record.ballot);
      return true;
    }
    if (record.kind === 'sync') {
      this.#raise(record.ballot);
      this.#accepted = record.ballot;
    }`,
    replace: `    if (record.kind === 'promise') return true;
    if (record.kind === 'sync') this.#accepted = record.ballot;`,
    scenario: 'restart-all',
    firstSeed: 6,
    seeds: 60,
  },
  {
    name: 'keep what another ballot accepted',
    about: 'A member keeps entries behind those that its new leader gave it (CELL-4).',
    file: 'cell/acceptor.ts',
    find: `    this.log.truncate(from - 1);
    for (const entry of kept)`,
    replace: `    for (const entry of kept.slice(this.log.end + 1 - from))`,
    scenario: 'churn',
    firstSeed: 3,
    seeds: 20,
  },
  {
    name: 'a majority of one less',
    about: 'Half of the members decide, so that two halves can decide two things.',
    file: 'cell/cellConfig.ts',
    find: 'return (config.members.length >>> 1) + 1;',
    replace: 'return Math.max(1, config.members.length >>> 1);',
    scenario: 'partition',
    firstSeed: 1,
    seeds: 10,
  },
  {
    name: 'lease without bound',
    about: 'A lease that was granted once never ends, and a deposed leader answers from an old state (CELL-6).',
    file: 'cell/lease.ts',
    find: 'return elapsedMs < leaseMs - leaseDriftMs;',
    replace: 'return elapsedMs < leaseMs * leaseDriftMs;',
    scenario: 'partition',
    firstSeed: 3,
    seeds: 20,
  },
  {
    name: 'read without asking anybody',
    about: 'A leader without a lease answers reads although nobody confirmed that it leads (CELL-5).',
    file: 'cell/reads.ts',
    find: 'if (others === 0) this.#finish(state);',
    replace: 'if (others >= 0) this.#finish(state);',
    scenario: 'partition',
    firstSeed: 17,
    seeds: 80,
  },
  {
    name: 'serve before caught up',
    about: 'A new leader answers reads before what it took over is applied (CELL-8).',
    file: 'cell/service.ts',
    find: 'return isLeading && stopSign === undefined && this.#state.applied.index >= adoptedEnd;',
    replace: 'return isLeading && stopSign === undefined && adoptedEnd >= 0;',
    scenario: 'churn',
    firstSeed: 4,
    seeds: 30,
  },
  {
    name: 'append over a gap',
    about: 'A member appends entries although it missed those before them (CELL-3).',
    file: 'cell/voter.ts',
    find: `    if (first > log.end + 1) return this.#host.fetch(to);
    const known = log.end + 1 - first;`,
    replace: '    const known = Math.max(0, log.end + 1 - first);',
    scenario: 'partition',
    firstSeed: 1,
    seeds: 10,
  },
  {
    name: 'act on an unchosen stop-sign',
    about: 'A leader ends its epoch as soon as the stop-sign is on its own disk (CELL-9).',
    file: 'cell/leadership.ts',
    find: `    this.#selfAcked = end;
    this.#count();`,
    replace: `    this.#selfAcked = end;
    if (this.#stopSign === end) this.#host.choose(end);
    else this.#count();`,
    scenario: 'members',
    firstSeed: 1,
    seeds: 30,
  },
  {
    name: 'both parts of a split keep the keys',
    about: 'The lower part of a split goes on to answer for the keys of the upper one (CELL-13).',
    file: 'state/state.ts',
    find: '    this.#range = { from: this.#range.from, to: upper.from };',
    replace: '    void this.#range;',
    scenario: 'cells',
    firstSeed: 1,
    seeds: 5,
  },
  {
    name: 'a split without log time and version floor',
    about: 'The upper part of a split begins at the beginning of time (CELL-13).',
    file: 'state/state.ts',
    find: 'metaRows(upper.cell, position, figures)',
    replace: 'metaRows(upper.cell, position, { ...figures, timeMs: 0, version: 0 })',
    scenario: 'cells',
    firstSeed: 1,
    seeds: 5,
  },
  {
    name: 'a split without what memory holds',
    about: 'The upper part of a split begins with what the last checkpoint had of it (CELL-14).',
    file: 'state/table.ts',
    find: '    for (const [key, value] of this.#changes.takeFrom(from)) latest.set(key, value);',
    replace: '    this.#changes.takeFrom(from);',
    scenario: 'cells',
    firstSeed: 1,
    seeds: 5,
  },
  {
    name: 'a split off cell before it is on the disk',
    about: 'The replica of a cell that was split off begins before its rows are committed (CELL-14).',
    file: 'cell/children.ts',
    find: `    this.#context.whenCommitted(ticket, () => {
      if (children.length > 0) this.#reach('split/4 both parts on the disk');
      for (const child of children) {
        this.#underWay.delete(child);
        this.#context.beget(child);
      }
`,
    replace: `    for (const child of children) {
      this.#underWay.delete(child);
      this.#context.beget(child);
    }
    this.#context.whenCommitted(ticket, () => {
`,
    scenario: 'cells',
    firstSeed: 1,
    seeds: 5,
  },
  {
    name: 'a copy beside the cell that it was split off from',
    about: 'A peer takes a copy of a cell while another cell there still holds its keys (CELL-14).',
    file: 'cell/cells.ts',
    find: 'if (!this.#replicas.has(message.cell) && this.#neighbours.isApart(message.config)) this.#learn(message);',
    replace: 'if (!this.#replicas.has(message.cell)) this.#learn(message);',
    scenario: 'cells',
    firstSeed: 1,
    seeds: 10,
  },
  {
    name: 'retry as new',
    about: 'An operation that arrives once more is executed once more.',
    file: 'state/state.ts',
    find: '      if (before !== undefined) return before;',
    replace: '      void before;',
    scenario: 'churn',
    firstSeed: 1,
    seeds: 10,
  },
  {
    name: 'expire by local clock',
    about: 'A leader says that a value expired because its own clock says so; the next one still sees it.',
    file: 'state/stateData.ts',
    find: 'if (item.expiresAtMs <= this.#readerMs) this.needsTime = true;',
    replace: 'if (item.expiresAtMs <= this.#readerMs) return false;',
    scenario: 'clock',
    firstSeed: 270,
    seeds: 60,
  },
  {
    name: 'truncate at corruption',
    about:
      'A member whose journal lost records goes on with those before them, as if nothing had been there (CELL-10).',
    file: 'cell/cells.ts',
    find: 'const isSound = damagedUpTo <= this.#trimmedBefore() && this.#replay(records);',
    replace: 'const isSound = this.#replay(records) || damagedUpTo > this.#trimmedBefore();',
    scenario: 'restart-all',
    firstSeed: 1,
    seeds: 30,
  },
  {
    name: 'snapshot without sessions',
    about: 'Who catches up by a snapshot does not know what was executed already.',
    file: 'state/stateRanges.ts',
    find: '[expiryPrefix(cell), sessionPrefix(cell), metaPrefix(cell)]',
    replace: '[expiryPrefix(cell), metaPrefix(cell)]',
    scenario: 'members',
    firstSeed: 1,
    seeds: 10,
  },
  {
    name: 'half of a snapshot',
    about: 'A snapshot takes the place of what is here before its last rows have come (CELL-16).',
    file: 'cell/catchUp.ts',
    find: 'if (install.range < install.ranges.length) {',
    replace: 'if (install.range < install.ranges.length - 1) {',
    scenario: 'members',
    firstSeed: 1,
    seeds: 5,
  },
  {
    name: 'checkpoint without the latest writes',
    about: 'A checkpoint says that it holds one entry more than it does.',
    file: 'cell/checkpointer.ts',
    find: "this.#acceptor.checkpoint('whole', index);",
    replace: "this.#acceptor.checkpoint('whole', index + 1);",
    scenario: 'churn',
    firstSeed: 1,
    seeds: 10,
  },
  {
    name: 'do what comes early',
    about: 'A write is done although the one before it on its connection was lost and will come later (TX-8).',
    file: 'state/state.ts',
    find: '      if (followed === undefined || bytesEqual(followed, movedResult)) return early;\n',
    replace: '',
    scenario: 'gateway',
    firstSeed: 1,
    seeds: 20,
  },
  {
    name: 'stay buried',
    about: 'A peer that was taken for dead does not object when it hears of it (MEM-2).',
    file: 'overlay/overlay.ts',
    find: 'this.#restate({}, statement);',
    replace: 'void statement;',
    scenario: 'partition',
    firstSeed: 1,
    seeds: 10,
  },
  {
    name: 'transaction without checks',
    about: 'A transaction is executed although what it read has changed since.',
    file: 'state/stateTransaction.ts',
    find: '(data.live(key)?.version ?? 0) !== version',
    replace: '(data.live(key)?.version ?? 0) < 0 && version > 0',
    scenario: 'transfers',
    firstSeed: 1,
    seeds: 10,
  },
  {
    name: 'adopt unheard',
    about: 'A peer follows whoever it is told of, without having heard it (RING-2).',
    file: 'ring/relaxedRing.ts',
    find: `    // A suspicion may be wrong, and a question costs little.
    this.askToFollow(predecessor);`,
    replace: '    this.#follow(predecessor, []);',
    scenario: 'rings',
    firstSeed: 1,
    seeds: 10,
  },
  {
    name: 'copy successors unordered',
    about: 'The list of those behind is copied as it came, past the peer itself (RING-9).',
    file: 'ring/neighbours.ts',
    find: 'if (!isBetween(list.at(-1)!.id, one.id, this.self.id)) break;',
    replace: 'if (one.id === this.self.id) break;',
    scenario: 'rings',
    firstSeed: 1,
    seeds: 40,
  },
  {
    name: 'short successor list',
    about: 'A peer remembers one peer behind it, so that two crashes leave it nobody.',
    file: 'ring/limits.ts',
    find: 'export const successorsMax = 8;',
    replace: 'export const successorsMax = 1;',
    scenario: 'rings',
    firstSeed: 485,
    seeds: 20,
  },
  {
    name: 'suspect for ever',
    about: 'Who did not answer once is suspected although it is heard again.',
    file: 'ring/suspects.ts',
    find: 'if (this.#untilMs.size > 0) this.#untilMs.delete(address);',
    replace: 'void address;',
    scenario: 'rings',
    firstSeed: 20,
    seeds: 60,
  },
  {
    name: 'answer for the successor',
    about: 'A peer answers that its successor holds what lies between them, though a branch may hold it (RING-1).',
    file: 'ring/relaxedRing.ts',
    find: 'if (neighbours.isAlone || neighbours.holds(key)) return',
    replace: 'if (neighbours.isAlone || neighbours.holds(key) || neighbours.holderBehind(key, () => false)) return',
    scenario: 'rings',
    firstSeed: 1,
    seeds: 10,
  },
  {
    name: 'pass over what did not fit',
    about: 'An answer that is full says that the next one begins behind the change that it had no room for (WATCH-1).',
    file: 'state/history.ts',
    find: 'next: { index: change.index, offset: change.offset }, missed: false };',
    replace: 'next: { index: change.index, offset: change.offset + 1 }, missed: false };',
    scenario: 'cells',
    firstSeed: 1,
    seeds: 10,
  },
  {
    name: 'a new cell remembers nothing',
    about: 'What was split off does not know what changed before, and does not say so (WATCH-2).',
    file: 'state/history.ts',
    find: 'for (const change of this.#changes.slice(this.#gone)) if (concerns(change, range)) part.#push(change);',
    replace: 'void range;',
    scenario: 'cells',
    firstSeed: 1,
    seeds: 20,
  },
  {
    name: 'speak for all that was asked',
    about: 'A cell that holds a part of a range says that it told of all of it (WATCH-1).',
    file: 'state/state.ts',
    find: "return doneBytes({ kind: 'changes', ...this.history.read({ ...asked, ...held }) });",
    replace:
      "return doneBytes({ kind: 'changes', ...this.history.read({ ...asked, ...held }), from: asked.from, to: asked.to });",
    scenario: 'cells',
    firstSeed: 1,
    seeds: 10,
  },
];
