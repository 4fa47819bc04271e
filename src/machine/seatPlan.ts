import { failure, type Result, success } from '../base/index.ts';
import { seatName } from '../overlay/index.ts';
import type { HostAndPort } from '../world/real/index.ts';
import { readNote, seatFolder, seatsIn } from './folderNote.ts';
import { seatPortStep, seatsMax } from './limits.ts';
import type { CheckedOptions } from './options.ts';

const portMax = 65_535;

/**
 * How the further seats of a program are to be started: those that its folder holds, and new ones up to the number asked for. The failure is a
 * sentence that says what to do.
 */
export function planSeats(options: CheckedOptions): Result<CheckedOptions[], string> {
  const { data, name, seats } = options;
  const notes = new Map(seatsIn(data).map((seat) => [seat, readNote(seatFolder(data, seat))]));
  const known = [...notes].filter(([, note]) => note?.hasLeft === false).map(([seat]) => seat);
  if (known.length >= seats) return failure(tooFew(options, known));
  const planned = [...known];
  for (let seat = 2; planned.length < seats - 1 && seat <= seatsMax; seat++) {
    if (!planned.includes(seat) && notes.get(seat)?.hasLeft !== true) planned.push(seat);
  }
  if (planned.length < seats - 1) {
    return failure(
      `The folders below ${data}/seats of seats that have left stand in the way of ${seats} seats: remove them.`,
    );
  }
  const made = planned.sort((a, b) => a - b).map((seat) => seatOptions(options, seat));
  const beyond = made
    .flatMap(({ listen, redis, http }) => [listen, redis, http])
    .find((at) => (at?.port ?? 0) > portMax);
  return beyond === undefined
    ? success(made)
    : failure(`A seat of ${name} would listen at port ${beyond.port}: choose ports that leave room below ${portMax}.`);
}

function tooFew({ data, name, seats }: CheckedOptions, known: readonly number[]): string {
  const there = known.length + 1;
  const surplus = known.slice(seats - 1).map((seat) => seatName(name, seat));
  return (
    `${data} holds ${there} seats, and seats ${seats} would leave out ${surplus.join(' and ')}: start with seats ${there}. ` +
    `To have fewer from then on: ${surplus.map((seat) => `selfman leave --name ${seat}`).join(', ')}.`
  );
}

/** As its program, but for its name and folder, and ports so far above those of the program that several programs fit on a machine. */
function seatOptions(options: CheckedOptions, seat: number): CheckedOptions {
  const at = ({ host, port }: HostAndPort): HostAndPort => {
    return { host, port: port === 0 ? 0 : port + seatPortStep * (seat - 1) };
  };
  const { name, data, listen, redis, http } = options;
  return {
    ...options,
    name: seatName(name, seat),
    data: seatFolder(data, seat),
    listen: at(listen),
    redis: redis && at(redis),
    http: http && at(http),
    seats: 1,
  };
}
