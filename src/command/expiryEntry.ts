import type { Key } from '../base/index.ts';

/** Where the key stands in an entry of the index of expiries: behind eight characters that sort as the time does. */
export const timeLength = 8;

export function expiryEntry(timeMs: number, key: Key): Key {
  let spelled = '';
  let rest = timeMs;
  for (let i = 0; i < timeLength; i++) {
    spelled = String.fromCharCode(rest % 0x100) + spelled;
    rest = Math.floor(rest / 0x100);
  }
  return spelled + key;
}

export function timeOf(entry: Key): number {
  let timeMs = 0;
  for (let i = 0; i < timeLength; i++) timeMs = timeMs * 0x100 + entry.charCodeAt(i);
  return timeMs;
}
