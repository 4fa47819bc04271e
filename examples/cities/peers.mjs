import { fork } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** The program beside the library: what `npx selfman` runs. */
const program = fileURLToPath(new URL('../cli/main.js', import.meta.resolve('selfman')));

/** Starts three peers, each a process of its own, and waits until all three hold a copy. */
export async function startPeers(folder) {
  const peers = [];
  for (const name of ['a', 'b', 'c']) {
    const contacts = peers.map(({ address }) => address);
    const any = '127.0.0.1:0';
    peers.push(await start({ name, folder, contacts, address: any, redis: any, http: any }));
  }
  while ((await statusOf(peers[0])).cells[0].survivesFailuresNow < 1) await pause(100);
  return peers;
}

/** Kills the peer that leads: no goodbye, nothing written any more. Starts it again a while later. */
export async function killLeader(peers, awayMs) {
  const { leader } = (await statusOf(peers[0])).cells[0];
  const peer = peers.find(({ name }) => name === leader) ?? peers[0];
  peer.child.kill('SIGKILL');
  await pause(awayMs);
  peer.child = (await start(peer)).child;
  return peer.name;
}

export async function stopPeers(peers) {
  const gone = peers.map(({ child }) => new Promise((done) => child.once('exit', done)));
  for (const { child } of peers) child.kill('SIGTERM');
  await Promise.all(gone);
}

async function statusOf({ http }) {
  return (await fetch(`http://${http}/status`)).json();
}

function start({ name, folder, contacts, address, redis, http }) {
  const words = ['start', '--name', name, '--data', `${folder}/${name}`];
  words.push('--listen', address, '--redis', redis, '--http', http);
  if (contacts.length > 0) words.push('--join', contacts.join(','));
  const child = fork(program, words, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  return new Promise((done, fail) => {
    child.once('exit', (code) => fail(new Error(`peer ${name} could not start (code ${code})`)));
    child.on('message', (report) => {
      if (report.kind === 'ready') done({ ...report, name, folder, contacts, child });
    });
  });
}
