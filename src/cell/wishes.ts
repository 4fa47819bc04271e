import { type Bytes, encode, type Key, parse, unreachable } from '../base/index.ts';
import { type Answer, type Arrangement, command, operationResult } from '../command/index.ts';
import type { Acceptor } from './acceptor.ts';
import { type CellConfig, rangeOfConfig } from './cellConfig.ts';
import type { Copy } from './copy.ts';
import { borderOf, degreesAllowed, sameDegrees, withDegree } from './degree.ts';
import type { Divider } from './divider.ts';
import type { Keeper } from './keeper.ts';
import type { Leadership } from './leadership.ts';
import { learnerLagMax } from './limits.ts';
import type { Merger } from './merger.ts';
import { isNamed, replaced } from './replacement.ts';
import type { ReplicaContext } from './replicaContext.ts';
import type { Succession } from './succession.ts';

/** What came of a wish: the encoded result, or that a stop-sign for it is on its way, or nothing yet. */
export type Granted = Bytes | 'under way' | 'ask again';

/** The parts of a replica that see to wishes. */
export interface WishParts {
  readonly divider: Divider;
  readonly merger: Merger;
  readonly keeper: Keeper;
  readonly succession: Succession;
}

/** What the leader of a cell is asked to see to: borders, how many members there are, who they are, who leads. */
export class Wishes {
  readonly #context: ReplicaContext;
  readonly #acceptor: Acceptor;
  readonly #copy: Copy;
  readonly #parts: WishParts;

  constructor(context: ReplicaContext, acceptor: Acceptor, copy: Copy, parts: WishParts) {
    this.#context = context;
    this.#acceptor = acceptor;
    this.#copy = copy;
    this.#parts = parts;
  }

  get #config(): CellConfig {
    return this.#acceptor.config;
  }

  /** Sees to what an encoded command wants, as far as that can be done now: whoever wants it asks until it is so. */
  grant(leadership: Leadership | undefined, wish: Bytes): Granted {
    const asked = parse(command, wish);
    if (!asked.ok || leadership === undefined) return 'ask again';
    switch (asked.value.kind) {
      case 'border':
        return this.#split(leadership, asked.value.at);
      case 'merge':
        return this.#merge(leadership);
      case 'arrange':
        return this.#arrange(leadership, asked.value.wish);
      default:
        return 'ask again';
    }
  }

  #split(leadership: Leadership, at: Key): Granted {
    return this.#parts.divider.onBorder(leadership, at) ? 'under way' : 'ask again';
  }

  #merge(leadership: Leadership): Granted {
    const { from, degrees } = this.#config;
    const lower = this.#context.below(from);
    if (lower !== undefined && !sameDegrees(lower.degrees, degrees)) {
      return declined('the two cells are to have other numbers of members (selfman replicas)');
    }
    this.#parts.merger.wish(leadership);
    return 'ask again';
  }

  #arrange(leadership: Leadership, wish: Arrangement): Granted {
    switch (wish.kind) {
      case 'degree':
        return this.#degree(leadership, wish);
      case 'move':
        return this.#move(wish.from, wish.to);
      case 'lead':
        return this.#lead(leadership, wish.peer);
      default:
        return unreachable(wish);
    }
  }

  #move(from: string, to: string): Granted {
    const view = this.#context.view();
    if (view === undefined) return 'ask again';
    const members = replaced(this.#config, view.peers, from, to);
    if (!members.ok) return declined(members.error);
    if (members.value === 'done') return result({ kind: 'arranged', upTo: this.#config.to });
    // The keeper gives the newcomer its copy, and then its vote; whoever wants it says so until then.
    this.#parts.keeper.align(members.value);
    return 'ask again';
  }

  #lead(leadership: Leadership, peer: string): Granted {
    const { config } = this.#acceptor;
    const heir = config.members.find(({ id }) => isNamed(id, peer));
    if (heir === undefined) return declined(`${peer} is no member`);
    if (heir.id === this.#context.self) return result({ kind: 'arranged', upTo: config.to });
    const isThere = this.#context.view()?.peers.some(({ id, status }) => id === heir.id && status === 'alive');
    if (isThere !== true) return declined(`${peer} is away`);
    const follower = [...leadership.followers].find(({ member }) => member.id === heir.id);
    const lag = leadership.isLeading ? this.#acceptor.log.end - (follower?.acked ?? 0) : Number.POSITIVE_INFINITY;
    if (lag > learnerLagMax || !this.#isFree(leadership)) return 'ask again';
    this.#context.world.log.note(
      'info',
      'cell',
      () => `cell ${config.cell}: ${heir.id} is to lead (epoch ${config.epoch + 1})`,
    );
    this.#parts.succession.name(heir.id);
    leadership.propose({ kind: 'stopSign', config: { ...config, epoch: config.epoch + 1 } });
    return 'under way';
  }

  #degree(leadership: Leadership, wish: Arrangement & { readonly kind: 'degree' }): Granted {
    const { config } = this.#acceptor;
    const { prefix } = wish;
    const replicas = wish.replicas === 0 ? undefined : wish.replicas;
    if (replicas !== undefined && !degreesAllowed.includes(replicas)) {
      return declined(`a cell has ${degreesAllowed.join(', ')} members, not ${replicas}`);
    }
    const degrees = withDegree(config.degrees, prefix, replicas);
    if (sameDegrees(degrees, config.degrees)) return result({ kind: 'arranged', upTo: config.to });
    const border = borderOf(prefix, rangeOfConfig(config));
    if (border !== undefined) return this.#split(leadership, border);
    if (!this.#isFree(leadership)) return 'ask again';
    const text = `prefix ${JSON.stringify(prefix)} asks for ${replicas ?? 'nothing of its own'}`;
    this.#context.world.log.note('info', 'cell', () => `cell ${config.cell}: ${text} (epoch ${config.epoch + 1})`);
    leadership.propose({ kind: 'stopSign', config: { ...config, epoch: config.epoch + 1, degrees } });
    return 'under way';
  }

  /** Whether nothing else of the cell is about to change. */
  #isFree({ isLeading, stopSign }: Leadership): boolean {
    const { state, children } = this.#copy;
    return (
      isLeading && stopSign === undefined && state.stage === undefined && children.isEmpty && !this.#context.isDiskFull
    );
  }
}

function declined(reason: string): Bytes {
  return result({ kind: 'declined', reason });
}

function result(answer: Answer): Bytes {
  return encode(operationResult, { kind: 'done', answer });
}
