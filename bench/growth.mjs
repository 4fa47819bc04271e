/**
 * A system that grows from one peer to nine and shrinks to three while clients work: `npm run bench -- growth [--clients 16] [--folder DIR] [--save]`. Clients
 * put and get single keys through all peers that there are, and try again, through the next peer, what was not answered well: what is not
 * answered within ten seconds is an error that they see. It ends with 0 where nobody saw one and nothing acknowledged is missing.
 */
import { appendFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Town } from './chaos/town.mjs';
import { Patient, pause } from './growth/patient.mjs';

const [most, least] = [9, 3];
const steadyMs = 15_000;
const stepMs = 2_000;
const wholeMsMax = 60_000;
const leaveMsMax = 90_000;

const { values: options } = parseArgs({
  options: {
    clients: { type: 'string', default: '16' },
    folder: { type: 'string', default: '.' },
    save: { type: 'boolean', default: false },
  },
});
const clients = Number(options.clients);
if (!(clients > 0)) {
  console.error('Use: npm run bench -- growth [--clients 16] [--folder DIR] [--save]');
  process.exit(2);
}

async function leave(town, peer) {
  const deadline = performance.now() + leaveMsMax;
  while (peer.isRunning) {
    await fetch(`http://${peer.http}/leave`, { method: 'POST' }).catch(() => undefined);
    if (performance.now() > deadline) throw new Error(`${peer.name} could not leave in time`);
    await pause(200);
  }
  town.forget(peer);
}

async function settle(town) {
  const ailment = await town.untilWhole(wholeMsMax);
  if (ailment !== undefined) throw new Error(`not well: ${ailment}`);
}

/** Lets something happen, and gathers what the clients were answered meanwhile. */
async function phase(name, patients, act) {
  for (const patient of patients) patient.begin();
  const startedMs = performance.now();
  await act();
  const seconds = (performance.now() - startedMs) / 1_000;
  const taken = patients.flatMap((patient) => patient.taken).sort((a, b) => a - b);
  const at = (share) => taken[Math.min(taken.length - 1, Math.floor(taken.length * share))] ?? 0;
  const sum = (what) => patients.reduce((total, patient) => total + patient[what], 0);
  const [retries, errors] = [sum('retries'), sum('errors')];
  const row = {
    name,
    seconds,
    perSecond: taken.length / seconds,
    p50: at(0.5),
    p99: at(0.99),
    most: at(1),
    retries,
    errors,
  };
  console.log(`${name}: p99 ${row.p99.toFixed(1)} ms, ${errors} errors, ${retries} tried again`);
  return row;
}

const town = new Town(options.folder, [], { isApart: false });
const rows = [];
let lost = 0;
try {
  await town.add();
  await settle(town);
  const patients = Array.from({ length: clients }, (_, index) => new Patient(town, index));
  rows.push(await phase('one peer', patients, () => pause(steadyMs)));
  rows.push(
    await phase('from one to three', patients, async () => {
      while (town.peers.length < least) await town.add();
      await settle(town);
    }),
  );
  rows.push(await phase('three peers', patients, () => pause(steadyMs)));
  rows.push(
    await phase('from three to nine', patients, async () => {
      while (town.peers.length < most) {
        await town.add();
        await pause(stepMs);
      }
      await settle(town);
    }),
  );
  rows.push(await phase('nine peers', patients, () => pause(steadyMs)));
  rows.push(
    await phase('from nine to three', patients, async () => {
      // The oldest go first: they lead, and hold the only copies.
      while (town.peers.length > least) {
        await leave(town, town.peers[0]);
        await pause(stepMs);
      }
      await settle(town);
    }),
  );
  rows.push(await phase('three again', patients, () => pause(steadyMs)));
  await Promise.all(patients.map((patient) => patient.end()));
  for (const patient of patients) lost += await patient.countLost();
} finally {
  await town.stop();
}
const errors = rows.reduce((sum, row) => sum + row.errors, 0);
const line = ({ name, seconds, perSecond, p50, p99, most: longest, retries, errors: seen }) =>
  `| ${name} | ${seconds.toFixed(0)} s | ${Math.round(perSecond)} | ${p50.toFixed(1)} | ${p99.toFixed(1)} | ${longest.toFixed(0)} | ${retries} | ${seen} |`;
const report = `
## One to nine peers and back to three, ${clients} clients

${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores (${cpus()[0].model}), Linux ${release()}, Node ${process.versions.node}, shared with other programs.
Command: \`npm run bench -- growth --clients ${clients}\`. Half of the operations are puts; times in milliseconds, of whole operations, with all their tries.

| while | for | operations a second | p50 | p99 | most | tried again | errors seen |
|---|---|---|---|---|---|---|---|
${rows.map(line).join('\n')}

${lost} acknowledged writes are missing.
`;
console.log(report);
if (options.save) appendFileSync(join(import.meta.dirname, 'results/growth.md'), report);
process.exit(errors + lost > 0 ? 1 : 0);
