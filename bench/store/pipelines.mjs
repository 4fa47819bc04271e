import { cellNames, cells, noteOf } from './lab.mjs';

const round = (value) => Number(value.toFixed(2));

/** The peer that leads the first cell, and one that does not. */
async function placesOf(cluster) {
  const leader = await cluster.leaderAddress();
  return { leader, other: cluster.addresses.find((address) => address !== leader) };
}

async function run(lab) {
  const ours = await lab.store('selfman');
  const { leader, other } = await placesOf(ours);
  const put = (lines, inFlight) => ({ work: 'put', lines, callers: lines * inFlight });
  const get = (inFlight, addresses) => ({
    work: 'get',
    lines: 50,
    callers: 50 * inFlight,
    ...(addresses && { addresses }),
  });
  const cases = [
    ['put, 48 connections, 1 in flight', put(48, 1), put(48, 1), undefined],
    ['put, 48 connections, 16 in flight', put(48, 16), put(48, 16), 0.4],
    ['get, 50 connections, 1 in flight, at the leader', get(1, [leader]), get(1), 0.8],
    ['get, 50 connections, 16 in flight, at the leader', get(16, [leader]), get(16), 0.6],
    ['get, 50 connections, 1 in flight, at another peer', get(1, [other]), get(1), 0.3],
    ['get, 50 connections, 16 in flight, at another peer', get(16, [other]), get(16), 0.3],
  ];
  const rows = [];
  const goals = [];
  for (const [what, job, theirs, goal] of cases) {
    const [seen, redis] = await lab.inTurns(['selfman', job], ['redis', theirs]);
    rows.push([what, ...cells(seen), ...cells(redis), round(redis.ratio), noteOf(seen, redis)]);
    if (goal === undefined) continue;
    goals.push({
      what: `${what}: of Redis Cluster`,
      figure: round(redis.ratio),
      goal: `at least ${goal}`,
      isMet: redis.ratio >= goal,
    });
  }
  const columns = ['work', ...cellNames('selfman'), ...cellNames('redis'), 'ratio', 'generator'];
  const method =
    'Through the Redis protocol, with connections of their own. Redis Cluster runs with appendfsync always; what a connection writes in one turn is followed by ' +
    'one WAIT for a replica, which is no consensus: a master that fails may lose what it acknowledged. Its clients know which master has a key, and use its three masters; ours ask one peer.';
  return { method, columns, rows, goals };
}

export const measurement = { title: 'The Redis protocol beside Redis Cluster', run };
