import { type PeerFlags, request } from './request.ts';

/** Has a cell begin at a key. It may be asked again: a border that is there stays as it is. */
export function split(key: string, flags: PeerFlags): Promise<void> {
  return request('/split', { key }, flags);
}

/** Has no cell begin at a key. It may be asked again, and goes on where it was. */
export function merge(key: string, flags: PeerFlags): Promise<void> {
  return request('/merge', { key }, flags);
}
