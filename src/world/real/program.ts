import { failure, type Result, success } from '../../base/index.ts';
import { type Fault, System } from '../../component/index.ts';
import { type Address, type AskProgram, type Log, type Program, programRoot } from '../index.ts';
import { openPlatform } from './platform.ts';

/** Where one peer of a program runs, and where all of them do. */
export interface ProgramOptions {
  /** The folder of this peer's data. */
  readonly data: string;
  readonly name: string;
  /** Where to listen for the other peers, as `host:port`. */
  readonly listen: Address;
  /** Where all peers listen, this one too. */
  readonly peers: readonly Address[];
  /** Silent where it is left out. */
  readonly log?: Log;
}

/** A program that runs for real as one peer of its system. */
export interface RunningProgram<Call, Answer> {
  readonly address: Address;
  /** Asks this peer. It settles with the answer, and not at all where none comes. */
  ask(call: Call): Promise<Answer>;
  /** Settles when a bug stopped the program. */
  readonly halted: Promise<Fault>;
  /** Ends this run: what was written stays in the folder, and a later run goes on from it. */
  stop(): Promise<void>;
}

const silent: Log = { note: () => undefined };

/** Runs over sockets and disks what ran in the simulator; or says in a sentence why it cannot. */
export async function startProgram<Call, Answer, View>(
  program: Program<Call, Answer, View>,
  { data, name, listen, peers, log = silent }: ProgramOptions,
): Promise<Result<RunningProgram<Call, Answer>, string>> {
  const platform = await openPlatform({ data, name, listen, log });
  if (!platform.ok) return failure(platform.error);
  const { value } = platform;
  let halt: (fault: Fault) => void = () => {};
  const halted = new Promise<Fault>((resolve) => {
    halt = resolve;
  });
  const system = new System({
    scheduler: value.scheduler,
    onFault: ({ path, event, error }) => log.note('error', 'fault', () => `${path} at ${event}: ${String(error)}`),
    onHalt: (fault) => halt(fault),
  });
  let ask: AskProgram<Call, Answer> | undefined;
  const init = { platform: value, peers, show: () => undefined };
  const root = system.create(
    programRoot(program, init, (ref) => {
      ask = ref;
    }),
  );
  root.start();
  return success({
    address: value.address,
    halted,
    ask: (call) => new Promise((done) => ask!.tell({ call, done })),
    stop: async () => {
      root.kill();
      await value.close();
    },
  });
}
