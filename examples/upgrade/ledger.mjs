// A ledger in three versions. The second keeps more than the first did; the third has a bug in how it takes over.
import { attribute, component, event, port, state, upgrade, wholeNumber } from 'selfman/component';

/** Payments go in, each with its number; what was booked comes out, with the version that did it. */
export const Payments = port('payments', { requests: { pay: event() }, indications: { booked: event() } });

/** What all versions say of themselves: whoever changes them compares it before and after. */
const attributes = { totalCents: attribute(wholeNumber(), 0) };

export const LedgerV1 = component('ledger', {
  version: 1,
  provides: { payments: Payments },
  attributes,
  setup: (context) => {
    const { payments } = context.provides;
    let cents = {};
    payments.on.pay(({ number, account, amount }) => {
      cents[account] = (cents[account] ?? 0) + amount;
      context.attributes.totalCents += amount;
      payments.emit.booked({ number, version: 1 });
    });
    return state({ dump: () => ({ cents: { ...cents } }), load: (kept) => (cents = { ...kept.cents }) });
  },
});

/** Versions 2 and 3 differ in nothing but how they take over what the one before knew. */
const withBookings = (version, takeOver) =>
  component('ledger', {
    version,
    provides: { payments: Payments },
    attributes,
    upgrade: takeOver,
    setup: (context) => {
      const { payments } = context.provides;
      let accounts = new Map();
      payments.on.pay(({ number, account, amount }) => {
        const { cents, bookings } = accounts.get(account) ?? { cents: 0, bookings: 0 };
        accounts.set(account, { cents: cents + amount, bookings: bookings + 1 });
        context.attributes.totalCents += amount;
        payments.emit.booked({ number, version });
      });
      const load = (kept) => {
        accounts = new Map(kept);
        context.attributes.totalCents = [...accounts.values()].reduce((sum, { cents }) => sum + cents, 0);
      };
      return state({ dump: () => [...accounts], load });
    },
  });

const fromCents = ({ cents }) => Object.entries(cents).map(([account, sum]) => [account, { cents: sum, bookings: 0 }]);
const toCents = (accounts) => ({ cents: Object.fromEntries(accounts.map(([account, { cents }]) => [account, cents])) });
export const LedgerV2 = withBookings(2, upgrade(LedgerV1, fromCents, toCents));

/** The bug: who was not heard of since version 2 began is taken for gone, and the money with it. */
const onlyBusy = (accounts) => accounts.filter(([, { bookings }]) => bookings > 0);
export const LedgerV3 = withBookings(3, upgrade(LedgerV2, onlyBusy));
