import type { Ref } from '../component/index.ts';
import type { Address, Timeout, World } from '../world/index.ts';
import { joinRetryMaxMs, joinRetryMs, joinRoundsUntilTrouble } from './limits.ts';
import type { PeerInfo } from './membership.ts';
import type { OverlayMessage } from './messages.ts';
import type { PeerTable } from './peerTable.ts';

export interface JoiningEffects {
  send(to: Address, message: OverlayMessage): void;
  ref<E>(handler: (event: E) => void): Ref<E>;
  trouble(reason: string, isFinal: boolean): void;
}

/** Asks the contacts, again and again, until one lets us in or refuses for good. It never creates a system. */
export class Joining {
  readonly #world: World;
  readonly #effects: JoiningEffects;
  readonly #contacts: readonly Address[];
  #rounds = 0;
  #retry: Timeout | undefined;
  #isDone = false;
  #lastReason = '';

  constructor(world: World, contacts: readonly Address[], effects: JoiningEffects) {
    this.#world = world;
    this.#contacts = contacts;
    this.#effects = effects;
  }

  ask(self: PeerInfo): void {
    if (this.#isDone) return;
    this.#rounds++;
    for (const contact of this.#contacts) this.#effects.send(contact, { kind: 'join', info: self, systemId: '' });
    const delay = Math.min(joinRetryMs * 2 ** (this.#rounds - 1), joinRetryMaxMs);
    this.#retry = this.#world.timer.after(
      delay,
      this.#effects.ref(() => this.ask(self)),
    );
    if (this.#rounds % joinRoundsUntilTrouble === 0) this.#effects.trouble(this.#describe(), false);
  }

  refused(reason: string, isFinal: boolean): void {
    if (this.#isDone) return;
    this.#lastReason = reason;
    if (!isFinal) return;
    this.done();
    this.#effects.trouble(reason, true);
  }

  done(): void {
    this.#isDone = true;
    this.#retry?.cancel();
  }

  #describe(): string {
    const where = this.#contacts.join(', ');
    return this.#lastReason === ''
      ? `no peer answers at ${where}: start one there, or correct --join; still trying`
      : `${this.#lastReason}; still trying`;
  }
}

/**
 * Whether a newcomer may be let in, or the sentence to refuse it with. One name is one peer, and one identity runs in
 * one place: a copied folder would break the promises of the original.
 */
export function admission(table: PeerTable, info: PeerInfo): { reason: string; isFinal: boolean } | undefined {
  const known = table.get(info.id);
  if (known?.status === 'left') {
    return {
      reason: `peer ${info.name} has left this system for good: start it with an empty data folder`,
      isFinal: true,
    };
  }
  if (known !== undefined && known.address !== info.address && isThere(table, known)) {
    return {
      reason:
        `a running peer at ${known.address} has the same identity as this data folder: ` +
        'a copied folder cannot join; start with an empty one (if the peer was moved, it is let in once the old address is silent)',
      isFinal: false,
    };
  }
  const namesake = table.all().find((peer) => peer.name === info.name && peer.id !== info.id && isThere(table, peer));
  if (namesake === undefined) return undefined;
  const isSilent = namesake.address === info.address && namesake.id !== table.self.id;
  return {
    reason: isSilent
      ? `a peer named ${info.name} was alive at ${namesake.address} a moment ago: waiting until it counts as gone`
      : `a peer named ${info.name} is already here, at ${namesake.address}: choose another --name`,
    isFinal: !isSilent,
  };
}

function isThere(table: PeerTable, peer: PeerInfo): boolean {
  return table.isPresent(peer) && !table.isDoubted(peer.life);
}
