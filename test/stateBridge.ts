import type { Bridge } from '../src/client/index.ts';
import { type Command, isRead } from '../src/command/index.ts';
import type { Reply } from '../src/store/index.ts';
import { LoggedState } from './loggedState.ts';

/** The store of one cell without replication, as a client library sees it: what is asked in one turn is one entry of the log. */
export class StateBridge implements Bridge {
  readonly cell = new LoggedState();
  /** Transactions that came to nothing, because what they had read was changed. */
  conflicts = 0;
  #waiting: { command: Command; done: (reply: Reply) => void }[] = [];

  /** How many entries the log has. */
  get entries(): number {
    return this.cell.index;
  }

  call(command: Command): Promise<Reply> {
    return new Promise((done) => {
      if (this.#waiting.push({ command, done }) === 1) setTimeout(() => this.#turn(), 0);
    });
  }

  sleep(): Promise<void> {
    return Promise.resolve();
  }

  fraction(): number {
    return 0.5;
  }

  #turn(): void {
    const asked = this.#waiting;
    this.#waiting = [];
    const writes = asked.filter(({ command }) => !isRead(command));
    const operations = writes.map(({ command }) => ({ sequence: this.cell.sequence++, command }));
    const results = operations.length === 0 ? [] : this.cell.apply(operations);
    for (const { command, done } of asked.filter(({ command: one }) => isRead(one))) {
      const answer = this.cell.read(command);
      if (typeof answer === 'string') throw new Error(`a read ${answer}`);
      done({ kind: 'done', tag: 0, answer });
    }
    writes.forEach(({ done }, i) => {
      const result = results[i]!;
      if (result.kind !== 'done') throw new Error(`a write was ${result.kind}`);
      if (result.answer.kind === 'conflict') this.conflicts++;
      done({ kind: 'done', tag: 0, answer: result.answer });
    });
  }
}
