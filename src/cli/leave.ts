import { urlOf } from './ask.ts';
import { Exit } from './exit.ts';
import { localPeers } from './localPeers.ts';

interface LeaveFlags {
  readonly http?: string;
  readonly name?: string;
  readonly data: string;
}

/** Has a peer leave, and waits until it is gone. */
export async function leave(flags: LeaveFlags): Promise<void> {
  const { name, url } = chosen(flags);
  console.log(`Peer ${name} hands over what it holds ...`);
  const response = await post(`${url}/leave`);
  if (response === undefined)
    throw new Exit(3, `No peer answers at ${url}: start it first, a peer must be up to leave.`);
  const text = (await response.text()).trim();
  if (!response.ok) throw new Exit(1, text);
  console.log(text);
}

/** The one peer that the flags mean. */
export function chosen({ http, name, data }: LeaveFlags): { name: string; url: string } {
  if (http !== undefined) return { name: `at ${http}`, url: urlOf(http) };
  const peers = localPeers(data).filter((peer) => !peer.hasLeft);
  const names = peers.map((peer) => peer.name);
  if (peers.length === 0) throw new Exit(3, `No peer was found in ${data}: name one with --http URL.`);
  if (name === undefined && peers.length > 1) {
    throw new Exit(2, `There are several peers in ${data}: say which one with --name ${names.join(' or --name ')}.`);
  }
  const peer = name === undefined ? peers[0] : peers.find((one) => one.name === name);
  if (peer === undefined) throw new Exit(2, `There is no peer ${name} in ${data}: there are ${names.join(', ')}.`);
  return { name: peer.name, url: urlOf(peer.http) };
}

async function post(url: string): Promise<Response | undefined> {
  try {
    return await fetch(url, { method: 'POST' });
  } catch {
    return undefined;
  }
}
