// Ten thousand payments a second go through a ledger, which is replaced meanwhile: once well, once badly.
import { component, System } from 'selfman/component';
import { LedgerV1, LedgerV2, LedgerV3, Payments } from './ledger.mjs';

const bursts = 200;
const paymentsPerBurst = 100;
const burstEveryMs = 10;

const scheduler = { nowMs: () => performance.now(), wake: setImmediate, after: (ms, run) => setTimeout(run, ms) };
const seen = { sent: 0, sentCents: 0, byVersion: {}, inOrder: 0, times: new Map() };

/** Sends payments in bursts and notes what comes back. `onBurst` is called while a burst waits to be booked. */
const Shop = component('shop', {
  requires: { payments: Payments },
  setup: ({ requires: { payments }, ref, onStart }, { onBurst, onEnd }) => {
    let last = 0;
    payments.on.booked(({ number, version }) => {
      seen.times.set(number, (seen.times.get(number) ?? 0) + 1);
      seen.byVersion[version] = (seen.byVersion[version] ?? 0) + 1;
      if (number === last + 1) seen.inOrder++;
      last = number;
    });
    let burst = 0;
    const next = ref(() => {
      if (burst++ === bursts) return onEnd();
      for (let i = 0; i < paymentsPerBurst; i++) {
        const amount = 1 + (seen.sent % 500);
        payments.emit.pay({ number: ++seen.sent, account: accountOf(burst, i), amount });
        seen.sentCents += amount;
      }
      onBurst(burst);
      scheduler.after(burstEveryMs, () => next.tell());
    });
    onStart(() => next.tell());
  },
});

/** Some accounts are used in the beginning only. */
function accountOf(burst, i) {
  return burst < bursts / 4 ? `early ${i}` : `account ${i}`;
}

const Town = component('town', {
  setup: ({ create, connect }, init) => {
    const ledger = create(LedgerV1);
    connect(ledger.provides.payments, create(Shop, init).requires.payments);
  },
});

const totalCents = () => system.graph().path('//ledger/@totalCents')[0].value;

/** Puts another version in the place of the one that runs, unless money is missing then. A rehearsal is undone in any case. */
function replace(running, next, isRehearsal = false) {
  let before;
  const change = (tx) => {
    before = totalCents();
    tx.replace(system.query(running).first(), next);
  };
  const check = () => (totalCents() === before ? undefined : `of ${before} cents ${totalCents()} are left`);
  const done = (outcome) => report(running, next, outcome);
  system.reconfigure(change, { by: 'the operator', check, done, dryRun: isRehearsal });
}

function report(running, next, outcome) {
  const [ledger] = system.graph().path('//ledger');
  const { pauseMs, carriedEvents, outcome: became } = system.chronicle.at(-1);
  const why = outcome.ok ? `${carriedEvents} payments waited` : outcome.error;
  console.log(`version ${running.version} to ${next.version}: ${became}, ${why}; pause ${pauseMs.toFixed(2)} ms`);
  console.log(`version ${ledger.version} runs`);
}

function proof() {
  const booked = [...seen.times.values()].reduce((sum, times) => sum + times, 0);
  const doubled = booked - seen.times.size;
  console.log(`${seen.sent} payments sent, ${booked} booked: by version ${JSON.stringify(seen.byVersion)}`);
  console.log(`${seen.sent - seen.times.size} lost, ${doubled} doubled, ${booked - seen.inOrder} out of order`);
  console.log(`${seen.sentCents - totalCents()} cents are missing`);
}

const onBurst = (burst) => {
  if (burst === (bursts * 2) / 5) replace(LedgerV1, LedgerV2, true);
  if (burst === bursts / 2) replace(LedgerV1, LedgerV2);
  if (burst === (bursts * 3) / 4) replace(LedgerV2, LedgerV3);
};
const system = new System({ scheduler });
system.create(Town, { onBurst, onEnd: proof }).start();
