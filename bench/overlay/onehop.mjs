import { frameBytes, MessageCursor } from '../../dist/world/index.js';
import { churn } from './churn.mjs';
import { RoutedTown } from './routedTown.mjs';

const peers = 500;
/** As many come and go in a second among 500 peers as among 10,000 that live for an hour. */
const lifeMs = 3 * 60_000;
/** Long enough for views to be compared; a ring with pointers does the same every few seconds. */
const periodsOfView = { settleMs: 120_000, churnMs: 180_000 };
const periodsOfPointers = { settleMs: 40_000, churnMs: 60_000 };
const floorKbits = 1.8;
const tcpBytes = 40;

/** What a message of the ring is for, by its tag. */
const purposes = new Map([
  [43, 'news'],
  [44, 'fetching the view'],
  [45, 'fetching the view'],
  [46, 'comparing views'],
  [47, 'comparing views'],
  [10, 'stabilising'],
  [11, 'stabilising'],
  [14, 'pointers'],
  [15, 'pointers'],
  [12, 'lookups'],
  [13, 'lookups'],
]);

/** Bytes by what they are for: each message has its part of the frame's header and of those of IP and TCP. */
function meter(town) {
  const { network } = town.universe;
  const bytes = new Map([...new Set(purposes.values()), 'joining and leaving'].map((purpose) => [purpose, 0]));
  const transmit = network.transmit.bind(network);
  network.transmit = (from, to, frame) => {
    const said = messagesOf(frame);
    const inside = said.reduce((sum, { length }) => sum + length, 0);
    const header = (frameBytes(frame) - inside + tcpBytes) / said.length;
    for (const { kind, length } of said) {
      const purpose = purposes.get(kind) ?? 'joining and leaving';
      bytes.set(purpose, bytes.get(purpose) + length + header);
    }
    transmit(from, to, frame);
  };
  return bytes;
}

/** What a frame says: the first byte of each message, which stands for its kind, and how long it is. */
function messagesOf({ bytes, at, end }) {
  const cursor = new MessageCursor(bytes, at, end);
  const said = [];
  while (cursor.next()) said.push({ kind: bytes[cursor.at], length: cursor.end - cursor.at });
  return said;
}

class OneHopTown extends RoutedTown {
  estimate = 0;

  add(contact) {
    const resident = super.add(contact);
    resident.peer.attributes.peersEstimated.set(this.estimate);
    return resident;
  }

  setEstimate(estimate) {
    this.estimate = estimate;
    for (const { peer } of this.alive) peer.attributes.peersEstimated.set(estimate);
  }
}

function measured(seed, estimate, { settleMs, churnMs }) {
  const town = new OneHopTown({ seed, periods: { stabiliseMs: 5_000, pointersMs: 5_000 } });
  town.grow(peers);
  town.setEstimate(estimate);
  town.universe.runFor(settleMs);
  const quiet = town.lookups(2_000, 5_000);
  const bytes = meter(town);
  const startMs = town.universe.nowMs;
  const churned = churn(town, { lifeMs, forMs: churnMs, lookupsPerSecond: 20, overlaps: () => 0 });
  const seconds = (town.universe.nowMs - startMs) / 1_000;
  const kbits = new Map([...bytes].map(([purpose, sum]) => [purpose, (sum * 8) / 1_000 / peers / seconds]));
  const after = town.lookups(2_000, 15_000);
  return { quiet, churned, after, kbits };
}

export const experiment = {
  title: 'One hop: a full view, and what it costs',
  run: ({ seed }) => {
    const full = measured(seed, peers, periodsOfView);
    const pointers = measured(seed, 0, periodsOfPointers);
    const view = ['news', 'fetching the view', 'comparing views'];
    const viewKbits = view.reduce((sum, purpose) => sum + full.kbits.get(purpose), 0);
    const total = ({ kbits }) => [...kbits.values()].reduce((sum, one) => sum + one, 0);
    const rows = [...full.kbits.keys()].map((purpose) => [
      purpose,
      full.kbits.get(purpose),
      pointers.kbits.get(purpose),
    ]);
    const hops = ({ quiet, after }) => [quiet.hops, after.hops];
    return {
      method: `${peers.toLocaleString('en')} simulated peers whose lives last ${lifeMs / 60_000} minutes on the average: as many come and go in a
second (5.6) as among 10,000 with lives of an hour, for which the floor of ${floorKbits} kbit/s stands (40 B for each event, received once). 10,000
full views of 10,000 peers do not fit into the memory of one machine; what the scale changes is named here. News go out every 2.5 s, the interval
for 10,000 peers and one hour. A newcomer fetches a twentieth of the table, twenty times as often. News have 9 steps to go in place of 14: so a few
of the rarest messages are missing. Bytes are those that a peer sends, which on the average it receives, for ${periodsOfView.churnMs / 1_000} s of churn
(with pointers ${periodsOfPointers.churnMs / 1_000} s), with frame headers and 40 B each for IP and TCP. Beside it the same ring with pointers of arity 4 that are asked for every 5 s. Both stabilise every 5 s,
and 20 keys are looked up in a second. Right after churn hops say what the scale does: in the 8 s that news take one peer in
eleven is new or gone here, and one in two hundred of 10,000.`,
      columns: ['kbit/s a peer', 'full view', 'pointers'],
      rows: [
        ...rows,
        ['all', total(full), total(pointers)],
        ['hops before the churn', hops(full)[0], hops(pointers)[0]],
        ['hops right after it', hops(full)[1], hops(pointers)[1]],
        [
          'right, of lookups during churn',
          `${full.churned.right} of ${full.churned.asked}`,
          `${pointers.churned.right} of ${pointers.churned.asked}`,
        ],
      ],
      goals: [
        {
          what: 'kbit/s for the full view: news, fetching, comparing',
          figure: viewKbits.toFixed(2),
          goal: `below ${2 * floorKbits} (floor ${floorKbits})`,
          isMet: viewKbits < 2 * floorKbits,
        },
        {
          what: 'kbit/s for everything, stabilising and lookups too',
          figure: total(full).toFixed(2),
          goal: `below ${2 * floorKbits}`,
          isMet: total(full) < 2 * floorKbits,
        },
        {
          what: 'hops of a lookup before the churn',
          figure: full.quiet.hops.toFixed(3),
          goal: '1',
          isMet: full.quiet.hops <= 1,
        },
      ],
      plots: { bytes: plot(full, pointers) },
    };
  },
};

const plot = (full, pointers) => ({
  title: 'What a peer sends, by what it is for',
  data: {
    values: [
      ['full view', full],
      ['pointers', pointers],
    ].flatMap(([ring, { kbits }]) => [...kbits].map(([purpose, kbit]) => ({ ring, purpose, kbit }))),
  },
  mark: 'bar',
  encoding: {
    y: { field: 'ring', type: 'nominal', title: null },
    x: { field: 'kbit', type: 'quantitative', title: 'kbit/s a peer' },
    color: { field: 'purpose', type: 'nominal', title: null },
  },
});
