import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';
import {
  type Arena,
  type ArenaPeer,
  type Run,
  type StreamEars,
  type StreamEnd,
  worldContract,
} from '../../../test/contract/index.ts';
import { System } from '../../component/index.ts';
import type { Platform } from '../index.ts';
import { openPlatform, parseAddress, type RealPlatform } from './index.ts';

const quiet = { note: () => undefined };

/** Opens a platform that must open. */
async function platformOf(data: string, name: string, listen: string): Promise<RealPlatform> {
  const opened = await openPlatform({ data, name, listen, clients: '127.0.0.1:0', log: quiet });
  if (!opened.ok) throw new Error(opened.error);
  return opened.value;
}

function connectTo(address: string, ears: StreamEars): StreamEnd {
  const parsed = parseAddress(address);
  if (!parsed.ok) throw new Error(parsed.error);
  const socket = connect(parsed.value);
  socket.on('data', (chunk: Buffer) => ears.data(chunk));
  socket.on('close', () => ears.closed());
  socket.on('error', () => undefined);
  return {
    send: (bytes) => void socket.write(bytes),
    close: () => void socket.end(),
    stopReading: () => void socket.pause(),
    startReading: () => void socket.resume(),
  };
}

async function realArena(): Promise<Arena> {
  const folder = mkdtempSync(join(tmpdir(), 'selfman-contract-'));
  const faults: string[] = [];
  const open = new Set<RealPlatform>();
  const peer = async (name: string, boot: (run: Run) => void): Promise<ArenaPeer> => {
    let platform = await platformOf(join(folder, name), name, '127.0.0.1:0');
    const { address } = platform;
    const run = (): void => {
      open.add(platform);
      const system = new System({
        scheduler: platform.scheduler,
        onFault: ({ error }) => void faults.push(String(error)),
      });
      boot({ system, platform });
    };
    const stop = async (): Promise<void> => {
      open.delete(platform);
      await platform.close();
    };
    run();
    return {
      get platform(): Platform {
        return platform;
      },
      connect: (ears) => connectTo(platform.clientAddress!, ears),
      stop,
      restart: async () => {
        if (open.has(platform)) await stop();
        platform = await platformOf(join(folder, name), name, address);
        run();
      },
    };
  };
  return {
    peer,
    pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    faults,
    close: async () => {
      for (const platform of open) await platform.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

describe('the real world keeps the contract', () => worldContract(realArena));
