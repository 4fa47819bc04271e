import { type Bytes, parse } from '../../base/index.ts';
import { type Frame, MessageCursor, type Protocols } from '../index.ts';
import { messageTextMax } from './limits.ts';

/** The messages of a frame as people read them: `cell.accept epoch=1 entries=[2]`. */
export function frameText({ bytes, at, end }: Frame, protocols: Protocols): readonly string[] {
  const texts: string[] = [];
  const messages = new MessageCursor(bytes, at, end);
  while (messages.next()) texts.push(framedText(bytes, messages, protocols));
  return texts;
}

function framedText(bytes: Bytes, { tag, at, end }: MessageCursor, protocols: Protocols): string {
  const protocol = Object.values(protocols).find((one) => one.tag === tag);
  const message = protocol === undefined ? undefined : parse<unknown>(protocol.schema, bytes, at, end);
  if (protocol === undefined || !message?.ok) return `${end - at} bytes of protocol ${tag}`;
  return `${protocol.name}.${messageText(message.value)}`.slice(0, messageTextMax);
}

/** The kind of a message, and its fields. */
function messageText(message: unknown): string {
  if (typeof message !== 'object' || message === null) return `value ${valueText(message)}`;
  const { kind = 'record', ...fields } = message as { readonly kind?: string };
  const texts = Object.entries(fields).map(([name, value]) => `${name}=${valueText(value)}`);
  return [kind, ...texts].join(' ');
}

function valueText(value: unknown): string {
  if (value instanceof Uint8Array) return `<${value.length}>`;
  if (Array.isArray(value)) return value.length === 1 ? `[${valueText(value[0])}]` : `[${value.length} of them]`;
  if (typeof value !== 'object' || value === null) return typeof value === 'string' ? printable(value) : String(value);
  const texts = Object.entries(value).map(([name, one]) => `${name}:${valueText(one)}`);
  return `{${texts.join(' ')}}`;
}

/** Texts of the protocols may hold any byte, and a line of a trace is one line. */
function printable(text: string): string {
  return text.replace(/[^\x21-\x7e]/g, (one) => `\\x${one.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
