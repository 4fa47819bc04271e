// Tells a story about membership on a build: node membershipHunt.mjs DIST STORY SEEDS, with the seeds from 1 on.
// Prints one line of JSON: how many seeds it told it with, and what the last of them violated, if it did.
import { pathToFileURL } from 'node:url';
import { MembershipTown, openBuild } from '../../bench/overlay/membershipTown.mjs';

const [dist, name, count] = process.argv.slice(2);
const build = await openBuild(pathToFileURL(`${dist}/`));

/** Ends the story where something is not so. */
function must(isSo, text) {
  if (!isSo) throw new Error(text);
}

function townOf(seed, peers) {
  const town = new MembershipTown(build, seed);
  town.grow(peers, { atOnce: 1, pauseMs: 50 });
  town.universe.runFor(5_000);
  town.changes = new Map(town.residents.map((resident) => [resident, 0]));
  town.onView = (resident, view, before) => {
    if (deadTo({ view }) !== deadTo({ view: before })) town.changes.set(resident, town.changes.get(resident) + 1);
  };
  return town;
}

function deadTo({ view }) {
  const dead = view.peers.filter(({ status }) => status === 'dead');
  return dead.map((peer) => peer.name).join(' ');
}

function crash(town, numbers) {
  for (const number of numbers) town.residents[number].host.crash();
}

/** All who run count these, and nobody else, as dead, after this number of agreements. */
function mustHaveCut(town, numbers, agreements) {
  const names = numbers.map((number) => `p${number}`).sort();
  for (const resident of town.alive) {
    const dead = deadTo(resident).split(' ').sort().join(' ');
    must(dead === names.join(' '), `MEM-6: to ${resident.name} those dead are ${dead}, not ${names}`);
    const { number } = resident.view;
    must(number === agreements, `MEM-4: ${resident.name} counts ${number} agreements, not ${agreements}`);
  }
}

function mustAllBeThere(town) {
  for (const { name: to, view } of town.alive) {
    for (const peer of view.peers) must(peer.status === 'alive', `MEM-2: to ${to} ${peer.name} is ${peer.status}`);
    must(view.number === 0, `MEM-6: ${to} has seen a cut`);
  }
}

const stories = {
  blackout(seed) {
    const town = townOf(seed, 40);
    const crashed = [3, 9, 14, 22, 31, 38];
    crash(town, crashed);
    town.universe.runFor(12_000);
    mustHaveCut(town, crashed, 1);
    for (const resident of town.alive) must(town.changes.get(resident) === 1, `MEM-9: ${resident.name} saw two cuts`);
    return town;
  },
  neighbours(seed) {
    const town = townOf(seed, 5);
    crash(town, [1, 4]);
    town.universe.runFor(12_000);
    mustHaveCut(town, [1, 4], 1);
    return town;
  },
  stall(seed) {
    const town = townOf(seed, 7);
    for (const number of [2, 5]) {
      town.residents[number].host.stall(1_500);
      town.universe.runFor(6_000);
    }
    mustAllBeThere(town);
    return town;
  },
  deaf(seed) {
    const town = townOf(seed, 3);
    const { network } = town.universe;
    for (const number of [0, 2]) network.cutOneWay(town.residents[number].host, town.residents[1].host);
    town.universe.runFor(6_000);
    for (const number of [0, 2]) must(deadTo(town.residents[number]) === 'p1', `MEM-6: to p${number} p1 is not dead`);
    return town;
  },
  'second blackout'(seed) {
    const town = townOf(seed, 7);
    crash(town, [3]);
    town.universe.runFor(8_000);
    mustHaveCut(town, [3], 1);
    crash(town, [5]);
    town.universe.runFor(8_000);
    mustHaveCut(town, [3, 5], 2);
    return town;
  },
};

function violationOf(seed) {
  try {
    const { faults } = stories[name](seed).universe;
    return faults[0] && `${faults[0].host} had a bug: ${faults[0].fault.error}`;
  } catch (error) {
    return String(error.message);
  }
}

let seeds = 0;
let violation;
while (violation === undefined && seeds < Number(count)) violation = violationOf(++seeds);
console.log(JSON.stringify({ seeds, violation }));
