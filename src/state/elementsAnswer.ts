import type { Element, SimpleAnswer } from '../command/index.ts';
import { answerBytesMax } from './limits.ts';
import type { StateData } from './stateData.ts';

export const tooMuch: SimpleAnswer = {
  kind: 'error',
  problem: 'tooLarge',
  text: `the answer is larger than ${answerBytesMax} bytes: ask for it page by page`,
};

/** The answer that lists them, if it is not too large. */
export function elementsAnswer(data: StateData, found: Iterable<Element>, next?: number): SimpleAnswer {
  const listed: Element[] = [];
  for (const one of found) {
    data.answerBytesLeft -= one.name.length + one.value.length + 2;
    if (data.answerBytesLeft < 0) return tooMuch;
    listed.push(one);
  }
  return { kind: 'elements', elements: listed, next };
}
