import type { Server } from 'node:net';
import { failure, type Result, success } from '../../base/index.ts';
import type { Address } from '../index.ts';

/** A name or IP address, and a TCP port from 0 to 65535. */
export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

/** `host:port`, where an IPv6 host stands in brackets. */
export function parseAddress(address: Address): Result<HostAndPort, string> {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(address);
  const port = Number(match?.[3]);
  if (match === null || port > 65535)
    return failure(`${address} is no address: write it as host:port, as in 127.0.0.1:7001`);
  return success({ host: match[1] ?? match[2]!, port });
}

/** The address of a host and a port: an IPv6 host is put in brackets. */
export function formatAddress({ host, port }: HostAndPort): Address {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Lets a server listen; the address says the port that was taken where 0 was asked for. */
export function listenOn(server: Server, address: Address): Promise<Result<Address, string>> {
  const parsed = parseAddress(address);
  if (!parsed.ok) return Promise.resolve(parsed);
  const { host, port } = parsed.value;
  return new Promise((resolve) => {
    const fail = (error: NodeJS.ErrnoException): void => resolve(failure(sentenceOf(error, address)));
    server.once('error', fail);
    server.listen({ host, port, backlog: 1024 }, () => {
      server.off('error', fail);
      const bound = server.address();
      resolve(success(formatAddress({ host, port: bound !== null && typeof bound === 'object' ? bound.port : port })));
    });
  });
}

function sentenceOf(error: NodeJS.ErrnoException, address: Address): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return `${address} is in use by another program: stop that one, or choose another port`;
    case 'EACCES':
      return `${address} may not be used by this user: choose a port above 1023`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${address} is not an address of this machine: choose one that is`;
    default:
      return `${address} cannot be listened on: ${error.message}`;
  }
}
