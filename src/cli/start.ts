import { Peer, type PeerOptions, StartError } from '../machine/index.ts';
import { Exit } from './exit.ts';

interface StartFlags {
  readonly name: string;
  readonly data: string;
  readonly seats?: number;
  readonly zone?: string;
  readonly host?: string;
  readonly listen: string;
  readonly redis: string;
  readonly http: string;
  readonly join?: string;
  readonly memberDeadMs?: number;
  readonly reads?: 'lease' | 'quorum';
  readonly splitBytes?: number;
  readonly splitCommands?: number;
  readonly mergeBytes?: number;
  readonly scrubHours?: number;
  readonly insecure?: boolean;
}

/** As shells count a program that SIGINT ended. */
const interruptedCode = 130;

/** What a peer tells the process that started it. */
export type StartReport =
  | { readonly kind: 'progress'; readonly text: string }
  | { readonly kind: 'ready'; readonly address: string; readonly redis: string; readonly http: string };

/** Runs one peer until it is told to stop. */
export async function start(flags: StartFlags): Promise<void> {
  const stopping = untilToldToStop();
  try {
    const peer = await Promise.race([startPeer(optionsFrom(flags)), stopping]);
    // Not a member yet, it owes nobody anything: it need not wait for what may never come.
    if (peer === 'signal') process.exit(interruptedCode);
    await serve(peer, stopping);
  } finally {
    // While this stands open the process does not end.
    if (process.connected) process.disconnect?.();
  }
}

async function serve(peer: Peer, stopping: Promise<'signal'>): Promise<void> {
  tell({ kind: 'ready', address: peer.address, redis: peer.redis, http: peer.http });
  say(`Peer ${peer.name} is ready: peers ${peer.address}, Redis ${peer.redis}, page http://${peer.http}/`);
  const reason = await Promise.race([stopping, peer.ended]);
  if (reason === 'signal') {
    say(`Peer ${peer.name} stops; its data stays in ${peer.data}.`);
    await peer.stop();
  } else if (reason.kind === 'failed') {
    throw new Exit(1, reason.reason);
  }
}

async function startPeer(options: PeerOptions): Promise<Peer> {
  try {
    return await Peer.start(options, (text) => {
      say(text);
      tell({ kind: 'progress', text });
    });
  } catch (thrown) {
    if (thrown instanceof StartError) throw new Exit(1, thrown.message);
    throw thrown;
  }
}

function optionsFrom({ join, ...flags }: StartFlags): PeerOptions {
  const contacts = (join ?? '').split(',').map((text) => text.trim());
  return { ...flags, join: contacts.filter((text) => text !== '') };
}

function say(text: string): void {
  console.log(text);
}

/** To the process that started this one, if it listens. */
function tell(report: StartReport): void {
  if (process.connected) process.send?.(report);
}

/** The first signal asks for a graceful stop; a second one is obeyed at once. */
function untilToldToStop(): Promise<'signal'> {
  return new Promise((resolve) => {
    let times = 0;
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        times++;
        if (times > 1) process.exit(interruptedCode);
        resolve('signal');
      });
    }
    process.on('disconnect', () => resolve('signal'));
  });
}
