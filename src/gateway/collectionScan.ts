import { Glob } from './glob.ts';
import { scanRowsMax } from './limits.ts';
import { numberAt } from './numbers.ts';
import { ask, type Failure, fail, notAnInteger, type Plan, syntaxError } from './plan.ts';
import { renderAnswer } from './render.ts';
import type { Request } from './request.ts';
import { textOfMember } from './scores.ts';

const countDefault = 10;
const placesMax = 2 ** 32;

interface Options {
  readonly glob: Glob | undefined;
  readonly count: number;
}

/** SSCAN, HSCAN and ZSCAN: a cursor is a place among the elements, the same at every peer. */
export function planScanOf(request: Request, of: 'set' | 'hash' | 'sortedSet'): Plan {
  const cursor = numberAt(request, 2);
  if (cursor === undefined || cursor < 0) return fail('ERR invalid cursor');
  const options = optionsOf(request);
  if ('kind' in options) return options;
  const from = Math.min(cursor, placesMax - 1);
  const rowsMax = Math.min(options.count, scanRowsMax);
  return ask({ kind: 'look', key: request.key(1), of, at: { kind: 'page', from, rowsMax } }, (reply, answer) => {
    if (answer.kind !== 'elements') return renderAnswer(reply, answer);
    const isPast = cursor >= placesMax;
    const found = answer.elements.filter(({ name }) => !isPast && (options.glob?.matches(name) ?? true));
    reply.array(2);
    reply.bulkKey(String(isPast ? 0 : (answer.next ?? 0)));
    reply.array(of === 'set' ? found.length : 2 * found.length);
    for (const { name, value } of found) {
      reply.bulkKey(name);
      if (of === 'hash') reply.bulk(value);
      // Here a score is a text in both protocols.
      if (of === 'sortedSet') reply.bulkKey(textOfMember(value));
    }
  });
}

function optionsOf(request: Request): Options | Failure {
  let glob: Glob | undefined;
  let count = countDefault;
  for (let i = 3; i < request.count; i += 2) {
    if (i + 1 >= request.count) return syntaxError;
    const option = request.word(i);
    if (option === 'match') glob = new Glob(request.key(i + 1));
    else if (option === 'count') {
      const given = numberAt(request, i + 1);
      if (given === undefined) return notAnInteger;
      if (given < 1) return syntaxError;
      count = given;
    } else return syntaxError;
  }
  return { glob, count };
}
