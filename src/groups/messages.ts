import { bool, bytes, type Infer, key, list, optional, record, text, u32, union, variant } from '../base/index.ts';
import { protocol } from '../world/index.ts';

const range = record({ from: key, to: optional(key) });

/** Which message: who began it, and the how many-th of its messages it is. */
export const messageId = record({ origin: text, number: u32 });
export type MessageId = Infer<typeof messageId>;

export const groupMessage = union({
  /**
   * See to it that the holders of `keys` hear this: the receiver itself, and the peers between it and `limit`; and who stands
   * at `limit` unless it was told already. Without a limit nobody beyond the receiver is meant. `depth` counts the messages on the way. Where `patienceMs` is not 0 the sender
   * waits for so long for an answer, which carries `token` back.
   */
  spread: variant(1, {
    id: messageId,
    topic: text,
    payload: bytes,
    keys: list(range),
    limit: optional(key),
    isLimitTold: bool,
    depth: u32,
    token: u32,
    patienceMs: u32,
  }),
  /** For these keys it was delivered; and what was answered. */
  gathered: variant(2, {
    token: u32,
    covered: list(range),
    answers: list(record({ from: text, value: bytes })),
  }),
});
export type GroupMessage = Infer<typeof groupMessage>;
export type Spread = Extract<GroupMessage, { kind: 'spread' }>;

export const groupProtocol = protocol('groups', 6, groupMessage, { mayJoin: true });
