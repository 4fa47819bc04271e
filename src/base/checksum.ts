import type { Bytes } from './bytes.ts';

const table = makeTable();

function makeTable(): Int32Array {
  const entries = new Int32Array(256);
  for (let n = 0; n < 256; n++) {
    let c = n;
    for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
    entries[n] = c;
  }
  return entries;
}

/**
 * CRC-32 (ISO 3309, the polynomial of zlib), as an unsigned number. `seed` is the checksum of what came before. The
 * real world may use the native one of its platform: both give the same numbers.
 */
export function checksum(bytes: Bytes, seed = 0): number {
  let c = ~seed;
  for (let i = 0; i < bytes.length; i++) c = (c >>> 8) ^ table[(c ^ bytes[i]!) & 0xff]!;
  return ~c >>> 0;
}
