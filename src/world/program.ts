import { type Definition, type EventType, event, type PortType, port, type Ref } from '../component/index.ts';
import type { Address } from './network.ts';
import type { Platform } from './platform.ts';

/** What one peer is asked, and where the answer is told: once at most, and perhaps never. */
export interface Asked<Call, Answer> {
  readonly call: Call;
  readonly reply: Ref<Answer>;
}

/** The port through which outsiders ask one peer of a system. */
export type ServicePort<Call, Answer> = PortType<
  { readonly ask: EventType<Asked<Call, Answer>> },
  Readonly<Record<never, never>>
>;

/** Declares the port of a service: its calls and its answers, both readonly data. */
export function service<Call, Answer>(name: string): ServicePort<Call, Answer> {
  return port(name, { requests: { ask: event<Asked<Call, Answer>>() } });
}

/** What a program is set up with: the same things in every world. */
export interface ProgramInit<View = unknown> {
  readonly platform: Platform;
  /** Where the peers of the system listen, this one too. */
  readonly peers: readonly Address[];
  /** Shows what this peer holds true now to the checks of a simulation. Where none is there nobody looks. */
  readonly show: (view: View) => void;
}

/**
 * What runs on each peer of somebody's own system: a component that provides a service, and makes what it needs of the
 * outside from the platform. The simulated world and the real one run the same value. One that needs nothing of the outside
 * need not say what it is set up with.
 */
export type Program<Call, Answer, View = unknown> =
  | ProgramWith<Call, Answer, ProgramInit<View>>
  | ProgramWith<Call, Answer, void>;

/** A program that is set up with something, or with nothing. */
export type ProgramWith<Call, Answer, Init> = Definition<
  { readonly service: ServicePort<Call, Answer> },
  Readonly<Record<never, never>>,
  Init
>;

/** One run of a program: a way to ask it, for whoever stands outside of its components. */
export type AskProgram<Call, Answer> = Ref<{ readonly call: Call; readonly done: (answer: Answer) => void }>;
