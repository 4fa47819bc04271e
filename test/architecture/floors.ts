/** The floors of the house, the lowest first. A room may import only from floors below its own. */
export const floors: readonly (readonly string[])[] = [
  ['base'],
  ['component'],
  ['world', 'component/testing', 'component/async', 'component/placement'],
  ['ring'],
  ['gossip', 'groups', 'overlay', 'ferry', 'world/real', 'world/simulated'],
  ['command', 'balance', 'space'],
  ['state'],
  ['cell'],
  ['store'],
  ['hosting', 'streaming'],
  ['autopilot', 'api', 'archive'],
  ['gateway'],
  ['peer', 'client'],
  ['layers'],
  ['simulator'],
  ['machine', 'dashboard', 'viewer', 'guard'],
  ['explorer'],
  ['cli'],
];

/** What a room is written for: nothing but the language, promises too, Node, or a browser. */
export type Climate = 'pure' | 'promises' | 'node' | 'browser';

export const climates: Readonly<Record<string, Climate>> = {
  client: 'promises',
  layers: 'promises',
  'component/async': 'promises',
  'component/placement': 'node',
  'world/real': 'node',
  machine: 'node',
  guard: 'node',
  explorer: 'node',
  cli: 'node',
  dashboard: 'browser',
  viewer: 'browser',
};

/** Which climates a room may lean on: what is not repeatable below would make what is above it so. */
export const bearable: Readonly<Record<Climate, readonly Climate[]>> = {
  pure: ['pure'],
  promises: ['pure', 'promises'],
  node: ['pure', 'promises', 'node'],
  browser: ['pure', 'promises', 'browser'],
};

/** Rooms that only one other room may enter, because they are one of two twins. */
export const onlyFrom: Readonly<Record<string, readonly string[]>> = {
  'world/real': ['machine'],
  'world/simulated': ['simulator'],
};

export const fileLinesMax = 400;
export const functionLinesMax = 60;

const rooms = floors.flat().sort((a, b) => b.length - a.length);

/** The room that a file of `src/` stands in, by the longest name that fits. */
export function roomOf(path: string): string | undefined {
  return rooms.find((room) => path.startsWith(`src/${room}/`));
}

export function floorOf(room: string): number {
  return floors.findIndex((floor) => floor.includes(room));
}
