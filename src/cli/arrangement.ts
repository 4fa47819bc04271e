import { type PeerFlags, request } from './request.ts';

/** Has a peer be a member of a cell in place of another. It may be asked again, and goes on where it was. */
export function move(key: string, flags: PeerFlags & { readonly from: string; readonly to: string }): Promise<void> {
  return request('/move', { key, from: flags.from, to: flags.to }, flags);
}

/** Has a member of a cell lead it. */
export function lead(key: string, peer: string, flags: PeerFlags): Promise<void> {
  return request('/lead', { key, peer }, flags);
}
