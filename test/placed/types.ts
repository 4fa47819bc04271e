import type { Correlated, Definition, EventType, OpenEventType, PortType } from '../../dist/component/index.js';

/** The types of what `sums.mjs` exports. */
export type SumsPort = PortType<
  { readonly add: EventType<number>; readonly say: EventType<string> },
  { readonly total: EventType<number>; readonly said: EventType<string> }
>;
export type NamesPort = PortType<
  { readonly find: EventType<{ readonly number: number } & Correlated> },
  { readonly found: EventType<{ readonly name: string } & Correlated> }
>;
export type SummerDefinition = Definition<
  { readonly sums: SumsPort },
  { readonly names: NamesPort },
  { readonly from: number }
>;

/** The types of what `mail.mjs` exports. */
export type MessageType = OpenEventType<{ readonly to: string }, 'message'>;
export type PingType = OpenEventType<{ readonly to: string; readonly nonce: number }, 'message'>;
export type EchoDefinition = Definition<
  { readonly mail: PortType<{ readonly send: MessageType }, { readonly back: MessageType }> },
  Readonly<Record<never, never>>,
  void
>;
