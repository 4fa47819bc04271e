import type { Hono } from 'hono';
import { type Bytes, bytesOfText, type Result } from '../base/index.ts';
import type { Loss, PinReply } from '../cell/index.ts';
import type { Watch } from '../client/index.ts';
import { keyBytesMax } from '../state/index.ts';
import { backupStream } from './backupStream.ts';
import { watchStream } from './watchStream.ts';

/** What the routes need of the peer. */
export interface CellReporter {
  /** Watches the keys with a prefix, from now on or from where another watch was; with `locks` also who reserves them for writing. */
  watch(prefix: string, resume: string | undefined, locks: boolean): Promise<Result<Watch<Bytes, Bytes>, string>>;
  /** Pins what a cell holds that this peer leads. */
  pin(cell: string): Promise<PinReply>;
  /** What it costs to go on with the copy of a cell here alone; with that sentence as consent it is done. */
  rescue(cell: string, consent: string | undefined): Promise<Result<Loss, string>>;
}

/** What a peer is asked of its cells: to save or watch what they hold, to go on with the copy of one peer. */
export function addCellRoutes(app: Hono, reporter: CellReporter): void {
  addReading(app, reporter);
  addRecovery(app, reporter);
}

function addReading(app: Hono, reporter: CellReporter): void {
  app.get('/backup', async (context) => {
    const cell = context.req.query('cell') ?? '';
    if (cell === '') return context.text('Say of which cell: GET /backup?cell=CELL.\n', 400);
    const reply = await reporter.pin(cell);
    if (reply.kind === 'refused') return context.text(`Cell ${cell} cannot be saved now: ${reply.reason}.\n`, 503);
    return context.body(backupStream(reply.pin), 200, { 'content-type': 'application/octet-stream' });
  });
  app.get('/watch', async (context) => {
    const prefix = context.req.query('prefix') ?? '';
    if (bytesOfText(prefix).length > keyBytesMax) return context.text(`A key has at most ${keyBytesMax} bytes.\n`, 400);
    const resume = context.req.header('last-event-id') ?? context.req.query('resume');
    const locks = context.req.query('locks') === '1';
    const watch = await reporter.watch(prefix, resume, locks);
    if (!watch.ok)
      return context.text(`Nothing can be watched so: ${watch.error}.\n`, resume === undefined ? 503 : 400);
    return context.body(watchStream(watch.value), 200, { 'content-type': 'text/event-stream' });
  });
}

function addRecovery(app: Hono, reporter: CellReporter): void {
  app.get('/recover', async (context) => {
    const loss = await reporter.rescue(context.req.query('cell') ?? '', undefined);
    return loss.ok ? context.json(loss.value) : context.text(`Nothing can be recovered here: ${loss.error}.\n`, 400);
  });
  app.post('/recover', async (context) => {
    const { cell = '', loss: consent } = context.req.query();
    const loss = await reporter.rescue(cell, consent);
    if (!loss.ok) return context.text(`Nothing can be recovered here: ${loss.error}.\n`, 400);
    const { sentence } = loss.value;
    if (consent !== sentence) return context.text(`Spell out the loss: "${sentence}".\n`, 400);
    return context.text(`Cell ${cell} goes on with this peer alone: start peers, and they take part again.\n`);
  });
}
