import { readFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import type { StatusReport } from '../api/index.ts';
import { failure, type Result, success } from '../base/index.ts';
import { formatAddress, type HostAndPort } from '../world/real/index.ts';
import { type Arranger, addArrangementRoutes } from './arrangementRoutes.ts';
import { addBorderRoutes, type BorderKeeper } from './borderRoutes.ts';
import { addCellRoutes, type CellReporter } from './cellRoutes.ts';
import { addComponentRoutes } from './componentRoutes.ts';
import { addDegreeRoutes, type DegreeKeeper } from './degreeRoutes.ts';
import { httpConnectionsMax, httpHeadersMs, httpLastWordsMs } from './limits.ts';
import { metricsOf } from './metrics.ts';
import type { Reflection } from './reflection.ts';

/** What the HTTP server asks of its peer. */
export interface Reporter extends Arranger, BorderKeeper, CellReporter, DegreeKeeper {
  report(): Promise<StatusReport>;
  readonly reflection: Reflection;
  /** Has the peer leave; resolves when it is over, or takes too long. */
  leave(): Promise<'left' | 'not yet'>;
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
  '/names.js': { name: 'names.js', type: 'text/javascript; charset=utf-8' },
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
  addBorderRoutes(app, reporter);
  addCellRoutes(app, reporter);
  addDegreeRoutes(app, reporter);
  addArrangementRoutes(app, reporter);
  app.onError((error, context) => context.text(`The peer cannot answer now: ${error.message}.\n`, 503));
  app.notFound((context) =>
    context.text(
      `There is nothing at ${context.req.path}: try /, /status, /components, /metrics, /health, /ready, /replicas, /backup or /watch.\n`,
      404,
    ),
  );
  return app;
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
