import type { Entropy } from '../world/index.ts';
import { coordinateGain, coordinateGainLeast, firstMsMax, heightMsLeast, pullMsMax } from './limits.ts';
import type { Coordinate } from './messages.ts';

/** What one peer knows of its place in the space of round trips. `error` is the part by which distances are wrong, about. */
export interface Located {
  readonly coordinate: Coordinate;
  readonly error: number;
}

/** Where a peer begins: somewhere, because those who begin at one point unfold slowly, and put everything into their heights. */
export function somewhere(entropy: Entropy): Located {
  const any = (): number => (2 * entropy.fraction() - 1) * firstMsMax;
  return { coordinate: { x: any(), y: any(), z: any(), heightMs: heightMsLeast }, error: 1 };
}

/** The round trip that two coordinates foretell, in milliseconds. */
export function roundTripMs(a: Coordinate, b: Coordinate): number {
  return length(a.x - b.x, a.y - b.y, a.z - b.z) + a.heightMs + b.heightMs;
}

/**
 * Where a peer is, behind one more measured round trip: as if a spring stood between the two, which pulls the more, the surer the
 * other is beside this one (Vivaldi: Dabek, Cox, Kaashoek and Morris 2004, with heights).
 */
export function located(own: Located, other: Located, measuredMs: number, entropy: Entropy): Located {
  const { coordinate, error } = own;
  const weight = error / Math.max(error + other.error, Number.MIN_VALUE);
  const foretoldMs = roundTripMs(coordinate, other.coordinate);
  const wrong = Math.min(1, Math.abs(foretoldMs - measuredMs) / measuredMs);
  const follow = coordinateGain * weight;
  // Who is nearly right moves little: what it would follow is the noise of the ways.
  const gain = Math.min(coordinateGain, Math.max(coordinateGainLeast, error)) * weight;
  const pushMs = Math.max(-pullMsMax, Math.min(pullMsMax, gain * (measuredMs - foretoldMs)));
  return {
    coordinate: pushed(coordinate, other.coordinate, pushMs, entropy),
    error: wrong * follow + error * (1 - follow),
  };
}

/** A coordinate that is pushed away from another by so much; each of the two heights takes its part of the way. */
function pushed(own: Coordinate, other: Coordinate, pushMs: number, entropy: Entropy): Coordinate {
  const [dx, dy, dz] = direction(own, other, entropy);
  const wholeMs = length(dx, dy, dz) + own.heightMs + other.heightMs;
  const flat = pushMs / wholeMs;
  const heightMs = own.heightMs + ((own.heightMs + other.heightMs) / wholeMs) * pushMs;
  return {
    x: own.x + dx * flat,
    y: own.y + dy * flat,
    z: own.z + dz * flat,
    heightMs: Math.max(heightMsLeast, heightMs),
  };
}

/** From the other to this one. Those that stand at one point part in a direction by chance, or they would stay there. */
function direction(own: Coordinate, other: Coordinate, entropy: Entropy): readonly [number, number, number] {
  const [dx, dy, dz] = [own.x - other.x, own.y - other.y, own.z - other.z];
  if (dx !== 0 || dy !== 0 || dz !== 0) return [dx, dy, dz];
  const angle = 2 * Math.PI * entropy.fraction();
  const up = 2 * entropy.fraction() - 1;
  const flat = Math.sqrt(1 - up * up);
  return [flat * Math.cos(angle), flat * Math.sin(angle), up];
}

function length(dx: number, dy: number, dz: number): number {
  return Math.sqrt(dx * dx + dy * dy + dz * dz);
}
