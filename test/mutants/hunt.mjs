// Runs seeds of a scenario on a build until one is violated: node hunt.mjs DIST SCENARIO FIRST-SEED SEEDS.
// Prints one line of JSON: how many seeds it ran, and what the last of them violated, if it did.
import { pathToFileURL } from 'node:url';

const [dist, name, first, count] = process.argv.slice(2);
const { runSeed, scenarios } = await import(pathToFileURL(`${dist}/simulator/index.js`));
const rings = scenarios.find((one) => one.name === 'rings');
/** Rings with nothing beside them: what the kept seeds of `src/simulator/regressions.test.ts` tell of. */
const alone = { ...rings, name: 'rings alone', rings: { ...rings.rings, gossip: 0, groups: 0, seats: 0 } };
const scenario = [...scenarios, alone].find((one) => one.name === name);
if (scenario === undefined) throw new Error(`there is no scenario ${name}`);

let seeds = 0;
let violation;
while (violation === undefined && seeds < Number(count)) {
  violation = runSeed(scenario, Number(first) + seeds).violations[0];
  seeds++;
}
console.log(JSON.stringify({ seeds, violation }));
