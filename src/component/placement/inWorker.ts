import { parentPort, threadId, workerData } from 'node:worker_threads';
import { assert, must } from '../../base/index.ts';
import {
  type AnyDefinition,
  type Context,
  type Crossing,
  component,
  crossingsOf,
  type Fault,
  hearCrossing,
  type Ports,
  System,
  sayCrossing,
} from '../index.ts';
import { Inbox } from './inbox.ts';
import type { Control, Order } from './order.ts';
import { Outbox } from './outbox.ts';
import { Ring } from './ring.ts';

/** Numbers of one system. So many systems of one process cannot be confused before 2^53. */
const numbersPerThread = 2 ** 32;

const port = must(parentPort, 'this module runs in workers alone');
const order = workerData as Order;
const tell = (control: Control): void => port.postMessage(control);

/** The first thing that goes wrong is told, and ends the worker: whoever placed the component decides what becomes of it. */
function fail({ path, event, error }: Fault): void {
  tell({ kind: 'fault', path, event, message: error instanceof Error ? error.message : String(error) });
  port.close();
}

async function load(): Promise<AnyDefinition> {
  const { module, name } = order;
  const exported = ((await import(module)) as Readonly<Record<string, AnyDefinition | undefined>>)[name];
  assert(exported?.setup !== undefined, () => `${module} exports no component ${name}`);
  return exported;
}

/** What the component is connected to here: all that it says goes out, all that comes in is said to it. */
function surroundings(definition: AnyDefinition, listen: (control: (control: Control) => void) => void): AnyDefinition {
  return component('outside', {
    provides: definition.requires,
    requires: definition.provides,
    setup: (context: Context<Ports, Ports>, _init: unknown) => {
      const inside = ({ side, port: name }: Crossing) =>
        side === 'provides' ? context.requires[name]! : context.provides[name]!;
      const says = crossingsOf(definition, 'says');
      const outbox = new Outbox(context, new Ring(order.says), says, tell);
      for (const [index, crossing] of says.entries())
        hearCrossing(inside(crossing), crossing, (payload) => outbox.send(index, payload));
      const deliver = (crossing: Crossing, payload: unknown): void => sayCrossing(inside(crossing), crossing, payload);
      const inbox = new Inbox(new Ring(order.hears), crossingsOf(definition, 'hears'), deliver, tell);
      listen(({ kind }) => {
        if (kind === 'work') inbox.work();
        else if (kind === 'room') outbox.resume();
      });
    },
  });
}

function run(definition: AnyDefinition): void {
  const system = new System({
    scheduler: {
      nowMs: () => performance.now(),
      wake: (act) => void setImmediate(act),
      after: (delayMs, act) => void setTimeout(act, delayMs),
    },
    numbersFrom: threadId * numbersPerThread,
    onHalt: fail,
  });
  const root = component('worker', {
    setup: (context) => {
      const placed = context.create(definition, order.init);
      const outside = context.create(
        surroundings(definition, (hear) => port.on('message', hear)),
        undefined,
      );
      for (const name of Object.keys(definition.provides))
        context.connect(placed.provides[name]!, outside.requires[name]!);
      for (const name of Object.keys(definition.requires))
        context.connect(outside.provides[name]!, placed.requires[name]!);
      port.on('message', ({ kind }: Control) => {
        if (kind === 'start') placed.start();
        else if (kind === 'stop') placed.stop();
      });
    },
  });
  system.create(root).start();
}

load().then(run, (error: unknown) => fail({ path: order.name, event: 'loading', error }));
