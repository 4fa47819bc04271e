import type { Key } from '../base/index.ts';
import type { ConnectionId } from '../world/index.ts';
import { transactionCommandsMax } from './limits.ts';
import type { Plan } from './plan.ts';

/** What a client queued between MULTI and EXEC. */
export class Transaction {
  readonly plans: Plan[] = [];
  bytes = 0;
  /** A command could not even be queued: EXEC will refuse. */
  isSpoiled = false;

  get isFull(): boolean {
    return this.plans.length >= transactionCommandsMax;
  }
}

/** A client as commands see it: who it is, and what it set up on its connection. */
export class Client {
  readonly id: ConnectionId;
  readonly remote: string;
  readonly openedMs: number;
  lastRequestMs: number;
  lastCommand = 'NULL';
  name = '';
  libraryName = '';
  libraryVersion = '';
  protocol: 2 | 3 = 2;
  /** How old at most the answers to its reads may be; 0: they are of this moment. */
  staleMs = 0;
  /** Its plain writes are answered before they are done. */
  isEventual = false;
  transaction: Transaction | undefined;
  /** Watched keys with the versions that they had. */
  readonly watches = new Map<Key, number>();
  /** It said goodbye, or broke the protocol: nothing more is taken from it. */
  isClosing = false;

  constructor(id: ConnectionId, remote: string, nowMs: number) {
    this.id = id;
    this.remote = remote;
    this.openedMs = nowMs;
    this.lastRequestMs = nowMs;
  }

  reset(): void {
    this.name = '';
    this.protocol = 2;
    this.staleMs = 0;
    this.isEventual = false;
    this.transaction = undefined;
    this.watches.clear();
  }

  /** The line of this client in CLIENT LIST. */
  describe(nowMs: number): string {
    const age = Math.floor((nowMs - this.openedMs) / 1000);
    const idle = Math.floor((nowMs - this.lastRequestMs) / 1000);
    const queued = this.transaction === undefined ? -1 : this.transaction.plans.length;
    return (
      `id=${this.id} addr=${this.remote} laddr= fd=-1 name=${this.name} age=${age} idle=${idle} flags=${this.staleMs > 0 ? 'r' : 'N'} db=0 sub=0 ` +
      `psub=0 ssub=0 multi=${queued} watch=${this.watches.size} cmd=${this.lastCommand} user=default ` +
      `resp=${this.protocol} lib-name=${this.libraryName} lib-ver=${this.libraryVersion}`
    );
  }
}
