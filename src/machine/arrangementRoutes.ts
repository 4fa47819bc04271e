import type { Hono } from 'hono';
import { bytesOfText, type Key, keyOfBytes, type Result } from '../base/index.ts';
import type { Arrangement } from '../command/index.ts';
import { keyBytesMax } from '../state/index.ts';

/** What a peer is asked to have the leader of a cell see to: why it is not so yet, where it is not. */
export interface Arranger {
  /** Of the cell that holds the key. */
  arrange(at: Key, wish: Arrangement): Promise<Result<unknown, string>>;
}

/** `POST /move?key=KEY&from=PEER&to=PEER` replaces a member, `POST /lead?key=KEY&peer=PEER` hands the lead over. */
export function addArrangementRoutes(app: Hono, arranger: Arranger): void {
  app.post('/move', async (context) => {
    const { key = '', from = '', to = '' } = context.req.query();
    if (from === '' || to === '') return context.text('Say who: POST /move?key=KEY&from=PEER&to=PEER.\n', 400);
    const at = keyOfBytes(bytesOfText(key));
    if (at.length > keyBytesMax) return context.text(`A key has at most ${keyBytesMax} bytes.\n`, 400);
    const outcome = await arranger.arrange(at, { kind: 'move', from, to });
    return outcome.ok
      ? context.text(`${to} is a member of the cell that holds ${quoted(key)}, and ${from} is none.\n`)
      : context.text(`${to} is not a member in place of ${from}: ${outcome.error}.\n`, 503);
  });
  app.post('/lead', async (context) => {
    const { key = '', peer = '' } = context.req.query();
    if (peer === '') return context.text('Say who: POST /lead?key=KEY&peer=PEER.\n', 400);
    const at = keyOfBytes(bytesOfText(key));
    if (at.length > keyBytesMax) return context.text(`A key has at most ${keyBytesMax} bytes.\n`, 400);
    const outcome = await arranger.arrange(at, { kind: 'lead', peer });
    return outcome.ok
      ? context.text(`${peer} leads the cell that holds ${quoted(key)}.\n`)
      : context.text(`${peer} does not lead: ${outcome.error}.\n`, 503);
  });
}

function quoted(key: string): string {
  return JSON.stringify(key);
}
