import { f64, type Infer, u32, union, variant, word } from '../base/index.ts';
import { contact } from '../ring/index.ts';
import { protocol } from '../world/index.ts';

export const balanceMessage = union({
  /** What do you carry, and the one behind you? */
  compare: variant(1, { token: u32 }),
  /** `behind` and `behindLoad`: as that one said last; the own contact and load where nothing was heard. */
  compared: variant(2, { token: u32, load: f64, behind: contact, behindLoad: f64 }),
  /** Let us share: the sender found out that the lighter of the two should take `amount` of the heavier. */
  propose: variant(3, {
    token: u32,
    self: contact,
    how: word(['slide', 'jump']),
    amount: f64,
    ownLoad: f64,
    yourLoad: f64,
  }),
  accept: variant(4, { token: u32 }),
  decline: variant(5, { token: u32 }),
  /** What was agreed on is done, or failed: the other is free again. */
  finished: variant(6, { token: u32 }),
});
export type BalanceMessage = Infer<typeof balanceMessage>;
export type BalanceMessageOf<K extends BalanceMessage['kind']> = Extract<BalanceMessage, { kind: K }>;

export const balanceProtocol = protocol('balance', 12, balanceMessage);
