import { unreachable } from '../base/index.ts';
import type { AccessMessage } from './accessMessages.ts';
import { groupBytesMax } from './limits.ts';

/** A message as several that each fit between two peers: what is in its list may be large, and there may be many. */
export function piecesOf(message: AccessMessage): readonly AccessMessage[] {
  switch (message.kind) {
    case 'results':
      return split(
        message.results,
        ({ result }) => result.length,
        (results) => ({ ...message, results }),
        message,
      );
    case 'answers':
      return split(
        message.answers,
        ({ result }) => result.length,
        (answers) => ({ ...message, answers }),
        message,
      );
    case 'read':
      return split(
        message.reads,
        ({ command }) => command.length,
        (reads) => ({ ...message, reads }),
        message,
      );
    case 'readNear':
      return split(
        message.reads,
        ({ command }) => command.length,
        (reads) => ({ ...message, reads }),
        message,
      );
    case 'nearAnswers':
      return split(
        message.answers,
        ({ result }) => result?.length ?? 0,
        (answers) => ({ ...message, answers }),
        message,
      );
    case 'forward':
    case 'elsewhere':
    case 'resigned':
    case 'cells':
    case 'overdue':
      return [message];
    default:
      return unreachable(message);
  }
}

/** Parts of the list of at most `groupBytesMax` bytes; one item alone may be larger, as far as commands and answers may. */
function split<T>(
  items: readonly T[],
  lengthOf: (item: T) => number,
  withItems: (items: readonly T[]) => AccessMessage,
  whole: AccessMessage,
): readonly AccessMessage[] {
  const pieces: AccessMessage[] = [];
  let from = 0;
  let size = 0;
  for (let i = 0; i < items.length; i++) {
    const length = lengthOf(items[i]!);
    if (size + length > groupBytesMax && i > from) {
      pieces.push(withItems(items.slice(from, i)));
      from = i;
      size = 0;
    }
    size += length;
  }
  if (pieces.length === 0) return [whole];
  pieces.push(withItems(items.slice(from)));
  return pieces;
}
