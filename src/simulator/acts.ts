import { bytesOfText, textOfBytes } from '../base/index.ts';
import type { Answer, Command } from '../command/index.ts';
import type { Act, Seen } from './history.ts';

/** The command that asks for an act. */
export function commandFor(key: string, act: Act): Command {
  switch (act.kind) {
    case 'get':
      return { kind: 'get', key };
    case 'put':
    case 'putExpiring':
    case 'putIfAbsent':
      return {
        kind: 'put',
        key,
        value: bytesOfText(act.value),
        when: { kind: act.kind === 'putIfAbsent' ? 'absent' : 'always' },
        expiry: act.kind === 'putExpiring' ? { kind: 'after', afterMs: act.afterMs } : { kind: 'never' },
        returnPrevious: false,
      };
    case 'append':
      return { kind: 'append', key, value: bytesOfText(act.value) };
    case 'delete':
      return { kind: 'delete', keys: [key] };
    case 'increment':
      return { kind: 'increment', key, by: act.by };
  }
}

/** What an answer tells of its act; undefined for an answer that no such act can have. */
export function seenIn(answer: Answer): Seen | undefined {
  switch (answer.kind) {
    case 'missing':
      return { kind: 'value', value: undefined };
    case 'value':
      return { kind: 'value', value: textOfBytes(answer.value) };
    case 'ok':
      return { kind: 'done', isDone: true };
    case 'notDone':
      return { kind: 'done', isDone: false };
    case 'integer':
      return { kind: 'number', value: Number(answer.value) };
    default:
      return undefined;
  }
}
