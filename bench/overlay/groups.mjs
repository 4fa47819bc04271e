import { bytesOfText, everything } from '../../dist/base/index.js';
import { arc, keySetOf } from '../../dist/groups/index.js';
import { groupTown, heardIn } from './groupTown.mjs';
import { holderIn } from './routedTown.mjs';

const peers = 10_000;
const inRange = 500;
const keysInSet = 100;
const crashes = [1, 5];
const roundMs = 20_000;
const rounds = 4;
const mendMs = 30_000;
const payload = bytesOfText('hello, everybody');

/** Tells or asks, lets it come to its end, and adds up what was heard. */
function measured(town, name, keys, wanted, isAsked) {
  heardIn(town);
  const startMs = town.universe.nowMs;
  const from = town.random.pick(town.alive);
  let gathered;
  if (isAsked) {
    const done = (found) => {
      gathered = { ...found, ms: town.universe.nowMs - startMs };
    };
    from.ask.tell({ topic: 'bench', keys, payload, done });
  } else from.tell.tell({ topic: 'bench', keys, payload });
  town.universe.runFor(isAsked ? 40_000 : 1_000, () => gathered !== undefined);
  const heard = heardIn(town);
  return {
    name,
    wanted,
    ...heard,
    answers: gathered?.answers.length,
    missing: gathered?.missing.length,
    ms: gathered?.ms,
  };
}

function range(town) {
  const order = town.inOrder();
  const first = town.random.below(peers - inRange);
  return arc(order[first].self.id, order[first + inRange].self.id);
}

function someKeys(town) {
  const keys = Array.from({ length: keysInSet }, () => town.drawKey());
  const order = town.inOrder();
  const holders = new Set(keys.map((key) => holderIn(order, key)));
  return { keys: keySetOf(keys.map((key) => ({ from: key, to: `${key}\0` }))), wanted: holders.size };
}

/** Peers that crash while the message is on its way: one part before it is sent, the same again a millisecond later. */
function withCrashes(town, percent, isAsked) {
  const victims = Math.round((town.alive.length * percent) / 200);
  const crash = () => {
    for (let i = 0; i < victims; i++) town.random.pick(town.alive).host.crash();
  };
  crash();
  town.universe.after(1, crash);
  const name = `${isAsked ? 'question' : 'broadcast'}, ${percent}% crash`;
  const result = measured(town, name, [everything], undefined, isAsked);
  return { ...result, wanted: town.alive.length };
}

export const experiment = {
  title: 'Group communication',
  run: ({ seed }) => {
    const town = groupTown({ seed, periods: { stabiliseMs: 5_000, pointersMs: roundMs } });
    town.grow(peers);
    town.universe.runFor(rounds * roundMs);
    const set = someKeys(town);
    const results = [
      measured(town, 'broadcast', [everything], peers, false),
      measured(town, `message for a range of ${inRange} peers`, range(town), inRange, false),
      measured(town, `message for ${keysInSet} keys`, set.keys, set.wanted, false),
      measured(town, 'question to everybody', [everything], peers, true),
      measured(town, `question to a range of ${inRange} peers`, range(town), inRange, true),
    ];
    for (const percent of crashes) {
      results.push(withCrashes(town, percent, false));
      town.universe.runFor(mendMs);
      results.push(withCrashes(town, percent, true));
      town.universe.runFor(mendMs);
    }
    return { ...described(results), plots: {} };
  },
};

function described(results) {
  const [broadcast] = results;
  const asked = results.filter(({ answers }) => answers !== undefined);
  const duplicates = results.reduce((sum, one) => sum + one.duplicates, 0);
  const all = asked.filter(({ reached, wanted, missing }) => reached >= wanted && missing === 0);
  return {
    method: `${peers.toLocaleString('en')} simulated peers with pointers of arity 4 that have settled. Messages are those of group
communication alone, counted where they arrive; in questions the answers count too. Depth is the most messages in a row from
the sender to a peer. With crashes, half of the stated part of the peers dies right before the message is sent, so that pointers still
lead to them, and half a millisecond later, while it is on its way; then the ring has ${mendMs / 1_000} s to mend before the
next. Wanted is who lives at the end. A broadcast is not repeated: it misses whoever was to hear of it through the dead. A question
goes around them, and is asked again for keys that nobody answered for.`,
    columns: ['what', 'wanted', 'reached', 'delivered twice', 'messages', 'depth', 'answers', 'ranges missing', 'ms'],
    rows: results.map(({ name, wanted, reached, duplicates: twice, messages, depth, answers, missing, ms }) => [
      name,
      wanted,
      reached,
      twice,
      messages,
      depth,
      answers ?? '',
      missing ?? '',
      ms ?? '',
    ]),
    goals: [
      {
        what: 'broadcast: messages',
        figure: broadcast.messages.toLocaleString('en'),
        goal: `N-1 = ${(peers - 1).toLocaleString('en')}`,
        isMet: broadcast.messages === peers - 1 && broadcast.reached === peers,
      },
      {
        what: 'broadcast: depth',
        figure: broadcast.depth,
        goal: `log2 N = ${Math.log2(peers).toFixed(1)}`,
        isMet: broadcast.depth <= Math.log2(peers),
      },
      { what: 'delivered twice, in all cases', figure: duplicates, goal: '0', isMet: duplicates === 0 },
      {
        what: 'questions that reached everybody who lives, crashes or not',
        figure: `${all.length} of ${asked.length}`,
        goal: 'all',
        isMet: all.length === asked.length,
      },
    ],
  };
}
