import { readFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import type { StatusReport } from '../api/index.ts';
import { type Bytes, bytesOfText, failure, type Key, keyOfBytes, type Result, success } from '../base/index.ts';
import type { Watch } from '../client/index.ts';
import { keyBytesMax, type Loss, type PinReply } from '../store/index.ts';
import { formatAddress, type HostAndPort } from '../world/real/index.ts';
import { backupStream } from './backupStream.ts';
import { addComponentRoutes } from './componentRoutes.ts';
import { httpConnectionsMax, httpHeadersMs, httpLastWordsMs } from './limits.ts';
import { metricsOf } from './metrics.ts';
import type { Reflection } from './reflection.ts';
import { watchStream } from './watchStream.ts';

/** What the HTTP server asks of its peer. */
export interface Reporter {
  report(): Promise<StatusReport>;
  readonly reflection: Reflection;
  /** Has the peer leave; resolves when it is over, or takes too long. */
  leave(): Promise<'left' | 'not yet'>;
  /** Has a cell begin at the key; why none does, where it cannot be done. */
  split(at: Key): Promise<Result<undefined, string>>;
  /** Watches the keys with a prefix, from now on or from where another watch was. */
  watch(prefix: string, resume: string | undefined): Promise<Result<Watch<Bytes, Bytes>, string>>;
  /** Pins what a cell holds that this peer leads. */
  pin(cell: string): Promise<PinReply>;
  /** What it costs to go on with the copy of a cell here alone; with that sentence as consent it is done. */
  rescue(cell: string, consent: string | undefined): Promise<Result<Loss, string>>;
}

export interface HttpServer {
  /** `host:port`, with the port that was taken. */
  readonly address: string;
  close(): Promise<void>;
}

const page = new URL('../dashboard/', import.meta.url);
const files: Readonly<Record<string, { readonly name: string; readonly type: string }>> = {
  '/': { name: 'index.html', type: 'text/html; charset=utf-8' },
  '/page.css': { name: 'page.css', type: 'text/css; charset=utf-8' },
  '/page.js': { name: 'page.js', type: 'text/javascript; charset=utf-8' },
  '/ring.js': { name: 'ring.js', type: 'text/javascript; charset=utf-8' },
};

/** Serves the page, `/status`, `/components`, `/metrics`, `/health` (the process answers) and `/ready` (it serves its clients). */
export async function serveHttp(at: HostAndPort, reporter: Reporter): Promise<Result<HttpServer, string>> {
  const app = routes(reporter);
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  server.maxConnections = httpConnectionsMax;
  server.headersTimeout = httpHeadersMs;
  const listening = await listen(server, at);
  if (!listening.ok) return listening;
  return success({ address: listening.value, close: () => close(server) });
}

function routes(reporter: Reporter): Hono {
  const app = new Hono();
  for (const [path, { name, type }] of Object.entries(files)) {
    app.get(path, async (context) => context.body(await readFile(new URL(name, page)), 200, { 'content-type': type }));
  }
  app.get('/health', (context) => context.text('alive\n'));
  app.get('/status', async (context) => context.json(await reporter.report()));
  addComponentRoutes(app, reporter.reflection);
  app.get('/ready', async (context) => {
    const report = await reporter.report();
    const reason = reasonNotReady(report);
    return reason === undefined ? context.text('ready\n') : context.text(`not ready: ${reason}\n`, 503);
  });
  app.get('/metrics', async (context) => {
    const { type, text } = await metricsOf(await reporter.report());
    return context.body(text, 200, { 'content-type': type });
  });
  app.post('/leave', async (context) => {
    const outcome = await reporter.leave();
    return outcome === 'left'
      ? context.text('The peer has left: its folder is of no more use.\n')
      : context.text('The peer is still handing over: ask again, and see the status meanwhile.\n', 503);
  });
  app.post('/split', async (context) => {
    const text = context.req.query('key') ?? '';
    const at = keyOfBytes(bytesOfText(text));
    if (at === '') return context.text('Say at which key a cell is to begin: POST /split?key=KEY.\n', 400);
    if (at.length > keyBytesMax) return context.text(`A key has at most ${keyBytesMax} bytes.\n`, 400);
    const outcome = await reporter.split(at);
    return outcome.ok
      ? context.text(`A cell begins at ${text}.\n`)
      : context.text(`No cell begins at ${text} yet: ${outcome.error}. Ask again.\n`, 503);
  });
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
    const watch = await reporter.watch(prefix, resume);
    if (!watch.ok)
      return context.text(`Nothing can be watched so: ${watch.error}.\n`, resume === undefined ? 503 : 400);
    return context.body(watchStream(watch.value), 200, { 'content-type': 'text/event-stream' });
  });
  addRecoverRoutes(app, reporter);
  app.onError((error, context) => context.text(`The peer cannot answer now: ${error.message}.\n`, 503));
  app.notFound((context) =>
    context.text(
      `There is nothing at ${context.req.path}: try /, /status, /components, /metrics, /health, /ready, /backup or /watch.\n`,
      404,
    ),
  );
  return app;
}

/** What going on without a majority would give up, and going on so. */
function addRecoverRoutes(app: Hono, reporter: Reporter): void {
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

function reasonNotReady(report: StatusReport): string | undefined {
  if (report.systemId === '') return report.troubles[0] ?? 'it has not joined a system yet';
  if (report.cells.length === 0) return 'it knows no cell yet';
  const broken = report.cells.find(({ leader }) => leader === '');
  return broken && `cell ${broken.cell} has no leader`;
}

function listen(server: Server, { host, port }: HostAndPort): Promise<Result<string, string>> {
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const address = formatAddress({ host, port });
      const reason =
        error.code === 'EADDRINUSE'
          ? 'is in use by another program: stop that one, or choose another port'
          : `cannot be listened on: ${error.message}`;
      resolve(failure(`The HTTP address ${address} ${reason}.`));
    });
    server.listen({ host, port }, () => {
      const bound = server.address() as AddressInfo;
      resolve(success(formatAddress({ host, port: bound.port })));
    });
  });
}

/** Answers that are under way are given a moment; then every connection ends. */
function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const end = setTimeout(() => server.closeAllConnections(), httpLastWordsMs);
    server.close(() => {
      clearTimeout(end);
      resolve();
    });
    server.closeIdleConnections();
  });
}
