import { assert, unreachable } from '../base/index.ts';
import type { Ref } from '../component/index.ts';
import type { Timeout, World } from '../world/index.ts';
import { Coordination, compareBallots, fastQuorum } from './coordination.ts';
import { coordinatorEveryMs, fastRoundMs, tellAllMax, voteEveryMs, voteFanOut } from './limits.ts';
import type { Accepted, AgreementMessage, Ballot, Electorate } from './messages.ts';
import type { PeerTable } from './peerTable.ts';
import { Tallies } from './tallies.ts';

export interface AgreementEffects {
  /** To a life of the electorate, this one included. */
  sendTo(life: number, message: AgreementMessage): void;
  ref<E>(handler: (event: E) => void): Ref<E>;
  /** The electorate agreed to cut these lives out: from here on there is another one. */
  decided(lives: readonly number[]): void;
  /** Whether this peer would let a coordinator cut these lives out. */
  mayCut(lives: readonly number[]): boolean;
}

const fast: Ballot = { round: 0, coordinator: 0 };

/** What an elector must remember of one electorate. */
interface Instance {
  readonly electorate: Electorate;
  readonly electors: readonly number[];
  readonly tallies: Tallies;
  promised: Ballot;
  accepted: Accepted | undefined;
  coordination: Coordination | undefined;
  readonly timers: Timeout[];
}

/**
 * Agrees on a cut among those who were in the view before it (Fast Paxos, Lamport 2006, as in Rapid): everybody votes for
 * the cut that its own observers' reports came to, and where three quarters vote for the same one nobody needs to ask
 * anybody. Otherwise a coordinator asks a majority. Votes count in the electorate alone in which they were given; where
 * it changes, all begins anew.
 */
export class Agreement {
  readonly #world: World;
  readonly #table: PeerTable;
  readonly #effects: AgreementEffects;
  #open: Instance | undefined;

  constructor(world: World, table: PeerTable, effects: AgreementEffects) {
    this.#world = world;
    this.#table = table;
    this.#effects = effects;
  }

  /** This peer would cut these lives out. It votes once: said again it changes nothing. */
  propose(lives: readonly number[]): void {
    const instance = this.#current();
    const { electors } = instance;
    if (instance.accepted !== undefined || instance.promised.round > 0) return;
    const areElectors = lives.every((life) => electors.includes(life));
    assert(areElectors && lives.length > 0, 'MEM-5: a vote to cut out peers that are not in the view');
    instance.accepted = { ballot: fast, lives };
    instance.tallies.vote(lives, electors.indexOf(this.#table.self.life));
    this.#passOn(instance);
    if (this.#countVotes(instance)) return;
    const here = this.#here(instance);
    const waitMs = here.length >= fastQuorum(electors.length) ? fastRoundMs : 0;
    const rank = here.indexOf(this.#table.self.life);
    this.#after(instance, waitMs + rank * coordinatorEveryMs, () => this.#coordinate(instance, lives));
    this.#passOnLater(instance);
  }

  /** False where it belongs to another electorate than this peer's. */
  receive(message: AgreementMessage): boolean {
    const instance = this.#current();
    if (!isSameElectorate(message.electorate, instance.electorate)) return false;
    switch (message.kind) {
      case 'votes':
        for (const tally of message.tallies) instance.tallies.add(tally);
        this.#countVotes(instance);
        break;
      case 'prepare':
        this.#promise(instance, message.ballot);
        break;
      case 'promise':
        this.#promised(instance, message);
        break;
      case 'accept':
        this.#accept(instance, message.ballot, message.lives);
        break;
      case 'accepted':
        this.#accepted(instance, message);
        break;
      default:
        unreachable(message);
    }
    return true;
  }

  /** The instance of the electorate as it is now; what was said in another one is over. */
  #current(): Instance {
    const { electorate } = this.#table;
    if (this.#open !== undefined && isSameElectorate(this.#open.electorate, electorate)) return this.#open;
    for (const timer of this.#open?.timers ?? []) timer.cancel();
    const electors = this.#table.electors();
    const tallies = new Tallies(electors.length);
    const nothing = { promised: fast, accepted: undefined, coordination: undefined, timers: [] };
    this.#open = { electorate, electors, tallies, ...nothing };
    return this.#open;
  }

  #passOnLater(instance: Instance): void {
    if (instance.electors.length <= tellAllMax) return;
    this.#after(instance, voteEveryMs, () => {
      this.#passOn(instance);
      this.#passOnLater(instance);
    });
  }

  /** Tells some others which votes are known; in a small system all of them. */
  #passOn({ electorate, electors, tallies }: Instance): void {
    const { self } = this.#table;
    const others = this.#table.others().filter(({ life }) => life !== self.life && !this.#table.isDoubted(life));
    const message = { kind: 'votes', electorate, tallies: tallies.all } as const;
    const count = electors.length <= tellAllMax ? others.length : voteFanOut;
    for (let i = 0; i < count && others.length > 0; i++) {
      const [peer] = others.splice(Math.floor(this.#world.entropy.fraction() * others.length), 1);
      this.#effects.sendTo(peer!.life, message);
    }
  }

  #countVotes({ electors, tallies }: Instance): boolean {
    const winner = tallies.winner(fastQuorum(electors.length));
    if (winner !== undefined) this.#decide(winner);
    return winner !== undefined;
  }

  /** The electors that can be expected to answer, sorted. */
  #here({ electors }: Instance): number[] {
    return electors.filter((life) => {
      const peer = this.#table.byLife(life);
      return peer !== undefined && this.#table.isPresent(peer) && !this.#table.isDoubted(life);
    });
  }

  /** The votes did not come to anything: this peer asks. It asks again later, under a higher number. */
  #coordinate(instance: Instance, lives: readonly number[]): void {
    const { electors, electorate, promised } = instance;
    const ballot = { round: promised.round + 1, coordinator: this.#table.self.life };
    instance.coordination = new Coordination(ballot, electors.length, lives);
    for (const life of electors) this.#effects.sendTo(life, { kind: 'prepare', electorate, ballot });
    const pauseMs = fastRoundMs * (1 + this.#world.entropy.fraction());
    this.#after(instance, pauseMs, () => this.#coordinate(instance, lives));
  }

  #promise(instance: Instance, ballot: Ballot): void {
    if (compareBallots(ballot, instance.promised) <= 0) return;
    instance.promised = ballot;
    const { electorate, accepted } = instance;
    const voter = this.#table.self.life;
    this.#effects.sendTo(ballot.coordinator, { kind: 'promise', electorate, ballot, voter, accepted });
  }

  #promised(instance: Instance, message: Extract<AgreementMessage, { kind: 'promise' }>): void {
    const { coordination, electorate, electors } = instance;
    if (coordination === undefined || compareBallots(message.ballot, coordination.ballot) !== 0) return;
    const lives = coordination.promised(message.voter, message.accepted);
    if (lives === undefined) return;
    const accept = { kind: 'accept', electorate, ballot: message.ballot, lives } as const;
    for (const life of electors) this.#effects.sendTo(life, accept);
  }

  #accept(instance: Instance, ballot: Ballot, lives: readonly number[]): void {
    if (compareBallots(ballot, instance.promised) < 0 || !this.#effects.mayCut(lives)) return;
    instance.promised = ballot;
    instance.accepted = { ballot, lives };
    const { electorate } = instance;
    const voter = this.#table.self.life;
    this.#effects.sendTo(ballot.coordinator, { kind: 'accepted', electorate, ballot, voter });
  }

  #accepted({ coordination }: Instance, { ballot, voter }: Extract<AgreementMessage, { kind: 'accepted' }>): void {
    if (coordination === undefined || compareBallots(ballot, coordination.ballot) !== 0) return;
    const lives = coordination.accepted(voter);
    if (lives !== undefined) this.#decide(lives);
  }

  #decide(lives: readonly number[]): void {
    for (const timer of this.#open?.timers.splice(0) ?? []) timer.cancel();
    this.#effects.decided(lives);
  }

  /** What is planned for one electorate is not done in another. */
  #after(instance: Instance, delayMs: number, action: () => void): void {
    const isDue = (): void => {
      if (this.#current() === instance) action();
    };
    instance.timers.push(this.#world.timer.after(delayMs, this.#effects.ref(isDue)));
  }
}

export function isSameElectorate(a: Electorate, b: Electorate): boolean {
  return a.high === b.high && a.low === b.low;
}
