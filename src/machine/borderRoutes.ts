import type { Hono } from 'hono';
import { bytesOfText, type Key, keyOfBytes, type Result } from '../base/index.ts';
import { keyBytesMax } from '../state/index.ts';

/** What is asked of a peer about the borders between cells: why it is not so yet, where it cannot be done. */
export interface BorderKeeper {
  /** Has a cell begin at the key. */
  split(at: Key): Promise<Result<unknown, string>>;
  /** Has no cell begin at the key. */
  merge(at: Key): Promise<Result<unknown, string>>;
}

interface BorderText {
  readonly ask: string;
  readonly done: (key: string) => string;
  readonly open: (key: string) => string;
}

const splitText: BorderText = {
  ask: 'Say at which key a cell is to begin: POST /split?key=KEY.',
  done: (key) => `A cell begins at ${key}.`,
  open: (key) => `No cell begins at ${key} yet`,
};
const mergeText: BorderText = {
  ask: 'Say at which key no cell is to begin: POST /merge?key=KEY.',
  done: (key) => `No cell begins at ${key}.`,
  open: (key) => `A cell begins at ${key} still`,
};

export function addBorderRoutes(app: Hono, keeper: BorderKeeper): void {
  addRoute(app, '/split', splitText, (at) => keeper.split(at));
  addRoute(app, '/merge', mergeText, (at) => keeper.merge(at));
}

function addRoute(
  app: Hono,
  path: string,
  text: BorderText,
  change: (at: Key) => Promise<Result<unknown, string>>,
): void {
  app.post(path, async (context) => {
    const key = context.req.query('key') ?? '';
    const at = keyOfBytes(bytesOfText(key));
    if (at === '') return context.text(`${text.ask}\n`, 400);
    if (at.length > keyBytesMax) return context.text(`A key has at most ${keyBytesMax} bytes.\n`, 400);
    const outcome = await change(at);
    return outcome.ok
      ? context.text(`${text.done(key)}\n`)
      : context.text(`${text.open(key)}: ${outcome.error}. Ask again.\n`, 503);
  });
}
