import { shownCharactersMax, shownLevelsMax } from './limits.ts';

/** An event's payload, or what is expected of it, in one line for people. */
export function wordsOf(value: unknown): string {
  if (typeof value === 'function') return clipped(`where ${String(value).replace(/\s+/g, ' ')}`);
  return clipped(worded(value, shownLevelsMax));
}

function clipped(text: string): string {
  return text.length <= shownCharactersMax ? text : `${text.slice(0, shownCharactersMax - 3)}...`;
}

function worded(value: unknown, levels: number): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return `[${value.name === '' ? 'a function' : value.name}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof Error) return String(value);
  if (value instanceof Uint8Array) return `bytes ${hexOf(value)}`;
  if (levels === 0) return '...';
  if (Array.isArray(value)) return `[${value.map((item) => worded(item, levels - 1)).join(', ')}]`;
  if (value instanceof Set) return `set of ${worded([...value], levels)}`;
  const pairs: [unknown, unknown][] = value instanceof Map ? [...value] : Object.entries(value);
  const fields = pairs.map(([key, item]) => `${String(key)}: ${worded(item, levels - 1)}`).join(', ');
  return `${value instanceof Map ? 'map of ' : ''}${fields === '' ? '{}' : `{ ${fields} }`}`;
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
