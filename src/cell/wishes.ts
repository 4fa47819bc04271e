import { type Bytes, encode, type Key, parse } from '../base/index.ts';
import { type Answer, type Arrangement, command, operationResult } from '../command/index.ts';
import type { Acceptor } from './acceptor.ts';
import { type CellConfig, rangeOfConfig } from './cellConfig.ts';
import type { Copy } from './copy.ts';
import { borderOf, degreesAllowed, sameDegrees, withDegree } from './degree.ts';
import type { Divider } from './divider.ts';
import type { Leadership } from './leadership.ts';
import type { Merger } from './merger.ts';
import type { ReplicaContext } from './replicaContext.ts';

/** What came of a wish: the encoded result, or that a stop-sign for it is on its way, or nothing yet. */
export type Granted = Bytes | 'under way' | 'ask again';

/** What the leader of a cell is asked to see to: borders, and how many members there are. */
export class Wishes {
  readonly #context: ReplicaContext;
  readonly #acceptor: Acceptor;
  readonly #copy: Copy;
  readonly #divider: Divider;
  readonly #merger: Merger;

  constructor(context: ReplicaContext, acceptor: Acceptor, copy: Copy, divider: Divider, merger: Merger) {
    this.#context = context;
    this.#acceptor = acceptor;
    this.#copy = copy;
    this.#divider = divider;
    this.#merger = merger;
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
    return this.#divider.onBorder(leadership, at) ? 'under way' : 'ask again';
  }

  #merge(leadership: Leadership): Granted {
    const { from, degrees } = this.#config;
    const lower = this.#context.below(from);
    if (lower !== undefined && !sameDegrees(lower.degrees, degrees)) {
      return declined('the two cells are to have other numbers of members (selfman replicas)');
    }
    this.#merger.wish(leadership);
    return 'ask again';
  }

  #arrange(leadership: Leadership, wish: Arrangement): Granted {
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
