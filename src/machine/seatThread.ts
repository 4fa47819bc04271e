import { parentPort, workerData } from 'node:worker_threads';
import { must } from '../base/index.ts';
import { Peer } from './peer.ts';
import type { SeatOrder, SeatTask, SeatWord } from './seatWords.ts';
import { StartError } from './startError.ts';

const port = must(parentPort, 'this module runs in threads of seats alone');
const { options } = workerData as SeatTask;
const tell = (word: SeatWord): void => port.postMessage(word);

/** Runs one further seat until its program says stop, or it ends of itself; then nothing keeps the thread. */
async function run(): Promise<void> {
  const peer = await Peer.startSeat(options, (text) => tell({ kind: 'progress', text }));
  port.on('message', ({ kind }: SeatOrder) => {
    if (kind === 'stop') void peer.stop().then(() => port.close());
    else void peer.leave().then((outcome) => outcome === 'not yet' && tell({ kind: 'notYetLeft' }));
  });
  const { address, redis, http } = peer;
  tell({ kind: 'ready', address, redis, http });
  tell({ kind: 'ended', ended: await peer.ended });
  port.close();
}

run().catch((thrown: unknown) => {
  // What is no sentence for people is a bug: it ends the thread, and its program is told of the error as it is.
  if (!(thrown instanceof StartError)) throw thrown;
  tell({ kind: 'refused', reason: thrown.message });
  port.close();
});
