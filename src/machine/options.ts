import { hostname } from 'node:os';
import { z } from 'zod';
import { failure, type Result, success } from '../base/index.ts';
import { memberDeadMs, memberDeadMsMin } from '../cell/index.ts';
import { formatAddress, type HostAndPort, parseAddress } from '../world/real/index.ts';
import { namesLengthMax, scrubHoursMin, seatsMax, splitBytesMin } from './limits.ts';

const address = z.string().transform((text, context): HostAndPort => {
  const parsed = parseAddress(text);
  if (parsed.ok) return parsed.value;
  context.addIssue({ code: 'custom', message: parsed.error });
  return z.NEVER;
});

const standName = z.string().max(namesLengthMax, `use at most ${namesLengthMax} characters`);

const schema = z.strictObject({
  /** The name of the peer: what people call it. */
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'use letters, digits, dots, dashes and underscores, a letter or digit first')
    .max(namesLengthMax, `use at most ${namesLengthMax} characters`),
  /** What it fails together with, as a room or a power supply: members of a cell stand in different ones where they can. */
  zone: standName.default(''),
  /** The machine that it runs on: by default what that is called. */
  host: standName.default(hostname),
  /** Seats that this program takes: the first runs in this thread, each further one is a peer in a thread of its own. */
  seats: z
    .number()
    .int('use a whole number')
    .min(1, 'use at least 1')
    .max(seatsMax, `use at most ${seatsMax}, and start a second program where there are more cores`)
    .default(1),
  /** The folder of its data. */
  data: z.string().min(1, 'name a folder'),
  /** Where it listens for peers. */
  listen: address.default({ host: '127.0.0.1', port: 0 }),
  /** Where it listens for Redis clients, if at all. */
  redis: address.optional(),
  /** Where it listens for HTTP, if at all. */
  http: address.optional(),
  /** Peers to join through. None, and an empty folder: a new system is created. */
  join: z.array(address).default([]),
  /** Listen beyond this machine although there is no TLS and no password yet. */
  insecure: z.boolean().default(false),
  /** How long a member of a cell may be dead before another takes its place. */
  memberDeadMs: z
    .number()
    .int('use whole milliseconds')
    .min(memberDeadMsMin, `use at least ${memberDeadMsMin}`)
    .default(memberDeadMs),
  /** Where linearizable reads come from: a leader's lease, or a round of the members each time. */
  reads: z.enum(['lease', 'quorum']).default('lease'),
  /** A cell that holds more bytes of keys and values is split by its leader, where that is this peer. Else it never is. */
  splitBytes: z.number().int('use whole bytes').min(splitBytesMin, `use at least ${splitBytesMin}`).optional(),
  /** A cell of which more commands are asked in a second is split. Else it never is. */
  splitCommands: z.number().int('use a whole number').min(1, 'use at least 1').optional(),
  /** Two cells beside each other that hold less together are merged. At most half of `splitBytes`. Else none are. */
  mergeBytes: z.number().int('use whole bytes').min(1, 'use at least 1').optional(),
  /** So often the leaders among the cells here have the rows of all members compared. Else they never do. */
  scrubHours: z.number().min(scrubHoursMin, `use at least ${scrubHoursMin}`).optional(),
});

/** What a peer is started with. Addresses are `host:port`; port 0 takes any that is free. */
export type PeerOptions = z.input<typeof schema>;
export type CheckedOptions = z.output<typeof schema>;

/** The options with their defaults, or a sentence for each that is wrong. */
export function checkOptions(options: unknown): Result<CheckedOptions, string> {
  // With what was given, or nobody can tell what is missing from what is wrong.
  const parsed = schema.safeParse(options, { reportInput: true });
  if (!parsed.success) return failure(parsed.error.issues.map(sentenceFor).join(' '));
  const { splitBytes, mergeBytes } = parsed.data;
  if (splitBytes !== undefined && mergeBytes !== undefined && mergeBytes > splitBytes / 2) {
    return failure(
      'The option mergeBytes is wrong: use at most half of splitBytes, or what was merged would be split again.',
    );
  }
  const open = listensBeyondLoopback(parsed.data);
  if (open !== undefined && !parsed.data.insecure) {
    return failure(
      `${open} can be reached from other machines, and there is no TLS and no password yet: ` +
        'listen on 127.0.0.1, or accept the risk with --insecure.',
    );
  }
  return success(parsed.data);
}

function sentenceFor(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `There is no option ${issue.keys.join(', ')}.`;
  const name = issue.path.map(String).join('.');
  const message = issue.message.replace(/\.$/, '');
  return issue.code === 'invalid_type' && issue.input === undefined
    ? `The option ${name} is missing.`
    : `The option ${name} is wrong: ${message}.`;
}

/** The first address that more than this machine can reach. */
function listensBeyondLoopback({ listen, redis, http }: CheckedOptions): string | undefined {
  const open = [listen, redis, http].find((one) => one !== undefined && !isLoopback(one.host));
  return open && formatAddress(open);
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
