// The whole story: the register under faults, a bug put in and found, and then three processes for real.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { explore, shrinkTrial, stepText } from 'selfman/simulator';
import { registerTrial } from './trial.mjs';

const good = explore(registerTrial(), { seed: 1, seeds: 10 });
console.log(`${good.seeds} seeds, ${good.failures.length} failed, ${good.coverage.answered} calls answered`);

const broken = registerTrial({ writesBack: false });
const [failure] = explore(broken, { seed: 20, seeds: 200 }).failures;
console.log(`without writing back, seed ${failure.seed} fails; the fewest steps found:`);
for (const step of shrinkTrial(broken, failure.seed, { runsMax: 300 }).script.steps) console.log(stepText(step));

/** An address that nobody listens at now. */
async function freeAddress() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return `127.0.0.1:${port}`;
}

/** Starts a process and waits until it is ready; `say` sends it a line and takes the line that it answers. */
async function startPeer(name, listen, peers) {
  const words = [join(import.meta.dirname, 'peer.mjs'), join(folder, name), name, listen, peers.join()];
  const child = spawn(process.execPath, words, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const say = async (line) => {
    child.stdin.write(`${line}\n`);
    return (await lines.next()).value;
  };
  await lines.next();
  return { child, say };
}

const folder = mkdtempSync(join(tmpdir(), 'selfman-register-'));
const addresses = await Promise.all([freeAddress(), freeAddress(), freeAddress()]);
const peers = await Promise.all(['a', 'b', 'c'].map((name, i) => startPeer(name, addresses[i], addresses)));
try {
  console.log(`written through a: ${await peers[0].say('write hello')}`);
  console.log(`read through b: ${await peers[1].say('read')}`);
  peers[0].child.kill('SIGKILL');
  console.log(`a is killed, read through c: ${await peers[2].say('read')}`);
} finally {
  for (const { child } of peers) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}
