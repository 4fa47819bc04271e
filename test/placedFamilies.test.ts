import { afterEach, expect, test, vi } from 'vitest';
import { component, type Fault, System } from '../dist/component/index.js';
import { type Placement, place } from '../dist/component/placement/index.js';
// @ts-expect-error: a worker loads plain JavaScript, and what it loads is loaded here too.
import { Echo as AnyEcho, Ping as AnyPing } from './placed/mail.mjs';
import type { EchoDefinition, PingType } from './placed/types.ts';

const Echo = AnyEcho as EchoDefinition;
const Ping = AnyPing as PingType;
const worker: Placement = { in: 'worker', module: new URL('./placed/mail.mjs', import.meta.url), export: 'Echo' };

let running: { kill(): void } | undefined;

afterEach(() => running?.kill());

test.each([{ placement: worker }, { placement: { in: 'here' } as const }])(
  'a subtype of an open event is the same in $placement.in as here',
  async ({ placement }) => {
    const heard: string[] = [];
    const faults: Fault[] = [];
    const root = component('root', {
      setup: (context) => {
        const { on, emit } = context.attach(context.create(place(Echo, placement)).provides.mail);
        on.back(({ to }) => heard.push(`message ${to}`));
        on.back.of(Ping)(({ to, nonce }) => heard.push(`ping ${nonce} ${to}`));
        context.onStart(() => {
          emit.send({ to: 'a' });
          emit.send.of(Ping)({ to: 'b', nonce: 7 });
        });
      },
    });
    const system = new System({
      scheduler: { nowMs: () => performance.now(), wake: setImmediate, after: (ms, run) => setTimeout(run, ms) },
      onFault: (fault) => faults.push(fault),
    });
    const handle = system.create(root);
    handle.start();
    running = handle;
    await vi.waitFor(() => expect(heard).toHaveLength(4), { timeout: 30_000, interval: 5 });
    expect(heard).toEqual(['message from a', 'ping 8 b', 'message b', 'message from b']);
    expect(faults).toEqual([]);
  },
);
