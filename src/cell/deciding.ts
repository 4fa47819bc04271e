import { unreachable } from '../base/index.ts';
import type { PeerId } from '../overlay/index.ts';
import type { Address } from '../world/index.ts';
import { compareBallots } from './ballot.ts';
import type { ReplicaMessage } from './cellMessages.ts';
import type { Copy } from './copy.ts';
import type { Leadership } from './leadership.ts';
import type { Service } from './service.ts';
import type { Voter } from './voter.ts';

/** Messages that mean nothing outside their epoch. */
export type EpochMessage = Exclude<
  ReplicaMessage,
  { kind: 'invite' | 'ahead' | 'fetch' | 'chosen' | 'snapshot' | 'pull' | 'rows' | 'expired' | 'settled' | 'merge' }
>;

/** The parts of a replica that decide what comes next in its epoch. */
export interface Deciding {
  readonly voter: Voter;
  readonly service: Service;
  readonly copy: Copy;
  readonly leadership: Leadership | undefined;
  /** The leader of the epoch before leaves the lead to this member. */
  takeOver(): void;
  /** Another has a higher ballot. */
  outbid(by: PeerId): void;
}

/** Hands a message of this epoch to the part that it is for. */
export function decide(parts: Deciding, from: Address, message: EpochMessage): void {
  const { voter, service, copy, leadership } = parts;
  switch (message.kind) {
    case 'prepare':
      return voter.onPrepare(from, message);
    case 'promise':
      return leadership?.onPromise(message);
    case 'sync':
      return voter.onSync(from, message);
    case 'accept':
      return voter.onAccept(from, message);
    case 'accepted':
      return leadership?.onAccepted(message);
    case 'refused':
      if (!leadership || compareBallots(message.promise, leadership.ballot) <= 0) return;
      return parts.outbid(message.promise.member);
    case 'confirm':
      return voter.onConfirm(from, message);
    case 'confirmed':
      if (leadership !== undefined && compareBallots(message.ballot, leadership.ballot) === 0) {
        service.onConfirmed(message.from, message.round);
      }
      return;
    case 'takeOver':
      return parts.takeOver();
    case 'recover':
      return copy.onRecover(from, message);
    case 'recovered':
      return copy.onRecovered(message);
    case 'scrub':
      return copy.scrubber.receive(from, message);
    default:
      unreachable(message);
  }
}
