import { failure, type Result, success } from '../base/index.ts';
import type { OperationId } from '../command/index.ts';
import type { CommitWay, Reply } from '../store/index.ts';
import { ask } from './ask.ts';
import type { Bridge } from './bridge.ts';
import { EagerLocks, type LockNews, type Seniority } from './eagerLocks.ts';
import { Interruption } from './interruption.ts';
import { attemptsMax, backOffMaxMs, backOffMs, leaseMsDefault, leaseMsMax, leaseMsMin, patienceMs } from './limits.ts';
import { conflict, invalid, reserved, type StoreError, unavailable, unknownOutcome } from './storeError.ts';
import { type Codecs, Transaction } from './transaction.ts';

/** How a transaction is done. */
export interface TransactOptions<K = unknown> {
  /**
   * Who decides it where its keys lie in several cells: its votes, so that others finish it when this peer is gone ('votes', the
   * default), or this peer alone ('twoPhase'): then its keys stay locked until this peer is back. A baseline to compare with.
   */
  readonly commit?: CommitWay;
  /**
   * 'eager': each key is reserved in the moment in which the body reads it (others may read it too, and nobody writes it) or writes it
   * (others may read what it holds so far, and not write it), so that a body which takes long is not undone at its end. Without it
   * nothing is reserved, and a transaction whose reads have changed is tried again.
   */
  readonly locks?: 'eager';
  /**
   * How long a reservation outlives its last renewal, in milliseconds: 10 s if it is not said, half a second to 10 minutes. This
   * library renews three times in that time while the body runs, so it matters when this program is gone.
   */
  readonly leaseMs?: number;
  /** What others are told who has reserved: a name for people, of up to 128 characters. */
  readonly holder?: string;
  /** Told what becomes of the reservations. */
  readonly onLock?: (news: LockNews<K>) => void;
}

type Body<K, V, T> = (tx: Transaction<K, V>) => Promise<T>;
/** What one try came to. Where it is to be tried again nothing of it happened, nor will it. */
type Verdict = 'committed' | 'again' | StoreError;

/** Tries until nothing interferes, with growing pauses. What `body` throws is thrown. */
export async function runTransaction<K, V, T>(
  codecs: Codecs<K, V>,
  body: Body<K, V, T>,
  options: TransactOptions<K> = {},
): Promise<Result<T, StoreError>> {
  const { bridge } = codecs;
  const problem = problemOf(options);
  if (problem !== undefined) return failure(problem);
  const seniority: Seniority = { sinceMs: undefined, waitedMs: 0 };
  const id = options.locks && `${digits(bridge)}${digits(bridge)}`;
  for (let attempt = 1; attempt <= attemptsMax; attempt++) {
    const locks = id === undefined ? undefined : locksOf(codecs, options, `${id}.${attempt}`, seniority);
    const outcome = await tryOnce(codecs, body, locks, options);
    if (outcome !== 'again') return outcome;
    const pause = Math.min(backOffMs * 2 ** (attempt - 1), backOffMaxMs);
    await bridge.sleep(pause * (0.5 + bridge.fraction()));
  }
  return failure(conflict(attemptsMax));
}

async function tryOnce<K, V, T>(
  { bridge, ...codecs }: Codecs<K, V>,
  body: Body<K, V, T>,
  locks: EagerLocks | undefined,
  { commit }: Pick<TransactOptions, 'commit'>,
): Promise<'again' | Result<T, StoreError>> {
  const tx = new Transaction({ bridge, ...codecs }, locks);
  let value: T;
  try {
    value = await body(tx);
    await locks?.held();
  } catch (thrown) {
    await locks?.release();
    if (!(thrown instanceof Interruption)) throw thrown;
    return thrown.why === 'again' ? 'again' : failure(thrown.why);
  }
  const verdict = await settle(bridge, await bridge.call(tx.command(), patienceMs, { commit }));
  const released = locks?.release();
  if (verdict === 'committed') return success(value);
  await released;
  return verdict === 'again' ? verdict : failure(verdict);
}

function locksOf<K, V>(
  { bridge, keys }: Codecs<K, V>,
  { leaseMs = leaseMsDefault, holder, onLock }: TransactOptions<K>,
  id: string,
  seniority: Seniority,
): EagerLocks {
  const tell = (news: LockNews<string>): void => onLock?.({ ...news, key: keys.decode(news.key) });
  return new EagerLocks({ bridge, id, label: holder ?? `transaction ${id}`, leaseMs, seniority, tell });
}

/** Words that the types refuse come from programs without types: to do something else than was asked for would be worse. */
function problemOf({ locks, commit, leaseMs, holder }: TransactOptions<never>): StoreError | undefined {
  if (locks !== undefined && locks !== 'eager')
    return invalid('malformed', `locks are 'eager' or left out: not ${locks}`);
  if (commit !== undefined && commit !== 'votes' && commit !== 'twoPhase') {
    return invalid('malformed', `what commits is 'votes' or 'twoPhase': not ${commit}`);
  }
  if (leaseMs !== undefined && !(leaseMs >= leaseMsMin && leaseMs <= leaseMsMax)) {
    return invalid('malformed', `a lease lasts for ${leaseMsMin} to ${leaseMsMax} ms: leaseMs is ${leaseMs}`);
  }
  return holder === '' ? invalid('malformed', 'the holder has no name: say one, or leave it out') : undefined;
}

function digits(bridge: Bridge): string {
  return Math.floor(bridge.fraction() * 2 ** 40).toString(36);
}

async function settle(bridge: Bridge, reply: Reply): Promise<Verdict> {
  if (reply.kind === 'refused')
    return reply.because === 'reserved' ? reserved(reply.reason) : unavailable(reply.reason);
  if (reply.kind === 'unknown') return resolveOutcome(bridge, reply.operation);
  const { answer } = reply;
  if (answer.kind === 'executed') {
    // A set was meant, and something else is there: the rest has happened.
    const failed = answer.answers.find((one) => one.kind === 'error');
    return failed?.kind === 'error' ? invalid(failed.problem, failed.text) : 'committed';
  }
  if (answer.kind === 'conflict') return 'again';
  return answer.kind === 'error'
    ? invalid(answer.problem, answer.text)
    : invalid('malformed', `a transaction was answered ${answer.kind}`);
}

/** Before a transaction is tried again it must be certain that the last try did not and will not happen. */
async function resolveOutcome(bridge: Bridge, operation: OperationId): Promise<Verdict> {
  const { session, sequence } = operation;
  const answer = await ask(bridge, { kind: 'resolve', session, sequence });
  if (!answer.ok || answer.value.kind !== 'outcome') return unknownOutcome(operation);
  if (answer.value.state === 'never') return 'again';
  if (answer.value.state !== 'executed') return unknownOutcome(operation);
  return answer.value.answer?.kind === 'conflict' ? 'again' : 'committed';
}
