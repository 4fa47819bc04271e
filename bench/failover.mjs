/**
 * How long writes stop when the leader is lost. Three peers as processes, 32 clients that write in closed loops through
 * all of them; then, again and again: kill -9 (or SIGSTOP) to the leader, the time until writes are acknowledged again,
 * the peer brought back. `node bench/failover.mjs [--tries 100] [--fault kill|pause] [--clients 32] [--save]` after a
 * build, in a folder on a real disk.
 */
import { appendFileSync, mkdirSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Peers, pause, until } from './failover/peers.mjs';
import { clientPatienceMs, Writers } from './failover/writers.mjs';

/** How long the leader stands still, at least. */
const pausedMs = 3_000;
/** Undisturbed writes before each fault. */
const calmMs = 500;
const goalMs = 2_000;

const { values: options } = parseArgs({
  options: {
    tries: { type: 'string', default: '100' },
    fault: { type: 'string', default: 'kill' },
    clients: { type: 'string', default: '32' },
    save: { type: 'boolean', default: false },
  },
});
const tries = Number(options.tries);
const clients = Number(options.clients);
if (!(tries > 0) || !(clients > 0) || !['kill', 'pause'].includes(options.fault)) {
  console.error('Use: node bench/failover.mjs [--tries 100] [--fault kill|pause] [--clients 32] [--save]');
  process.exit(2);
}

/** Loses the leader once, and brings it back. */
async function tryOnce(peers, writers) {
  const leader = await peers.leader();
  await pause(calmMs);
  writers.mark();
  if (options.fault === 'kill') leader.child.kill('SIGKILL');
  else leader.child.kill('SIGSTOP');
  await until('a write of every client', () => writers.allServed);
  const outcome = { gapMs: writers.longestGapMs, slowestMs: writers.slowestMs };
  if (options.fault === 'kill') {
    await until('the end of the process', () => leader.child.signalCode !== null);
    await leader.start();
  } else {
    await pause(Math.max(0, pausedMs - outcome.slowestMs));
    leader.child.kill('SIGCONT');
  }
  await peers.untilWhole();
  return outcome;
}

function percentile(values, fraction) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * fraction) - 1)];
}

function row(name, values) {
  const within = values.filter((value) => value <= goalMs).length;
  const figures = [percentile(values, 0.5), percentile(values, 0.99), Math.max(...values)];
  return `| ${name} | ${figures.map((value) => `${Math.round(value)} ms`).join(' | ')} | ${within} of ${values.length} |`;
}

const peers = await Peers.start(3, '.');
const writers = new Writers(
  peers.all.map(({ redis }) => redis),
  clients,
);
const gaps = [];
const slowest = [];
for (let i = 1; i <= tries; i++) {
  const { gapMs, slowestMs } = await tryOnce(peers, writers);
  gaps.push(gapMs);
  slowest.push(slowestMs);
  process.stdout.write(
    `${options.fault} ${i}: gap ${Math.round(gapMs)} ms, slowest client ${Math.round(slowestMs)} ms\n`,
  );
}
await writers.stop();
let lost = 0;
for (const { redis } of peers.all) lost += await writers.countLost(redis);
await peers.stop();

const report = `
## ${options.fault === 'kill' ? 'kill -9' : 'SIGSTOP'} of the leader, ${tries} times

${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores (${cpus()[0].model}), Linux ${release()}, Node ${process.versions.node}.
${clients} clients that wait at most ${clientPatienceMs} ms for a reply and then turn to the next peer.
Command: \`node bench/failover.mjs --tries ${tries} --fault ${options.fault} --clients ${clients}\`

| from the fault | p50 | p99 | most | within ${goalMs / 1000} s |
|---|---|---|---|---|
${row('longest time without any acknowledged write', gaps)}
${row('until every client has written again', slowest)}

${writers.acknowledged.toLocaleString('en')} writes acknowledged, ${writers.unknown.toLocaleString('en')} without an answer, ${lost} acknowledged and lost.
`;
console.log(report);
if (options.save) {
  mkdirSync(join(import.meta.dirname, 'results'), { recursive: true });
  appendFileSync(join(import.meta.dirname, 'results/failover.md'), report);
}
process.exitCode = lost > 0 ? 1 : 0;
