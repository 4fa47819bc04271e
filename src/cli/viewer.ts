import { readFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { Exit } from './exit.ts';

const host = '127.0.0.1';
const portMax = 65_535;
const dist = new URL('../', import.meta.url);

/** The page, and the modules of the pure rooms that it runs: nothing else of the package is served. */
export const served =
  /^\/(?:viewer|base|component|world|ring|gossip|groups|overlay|command|state|cell|store|api|gateway|peer|simulator)\/[\w/]+\.(js|css|html)$/;
const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
};

/** The page of a system with its store, and that of rings alone. */
export type Page = 'index' | 'rings';

/** Serves the page that shows a simulated run, until it is told to stop. The run happens in the browser. */
export async function serveViewer(page: Page, port: number, seed: number): Promise<void> {
  if (port > portMax) throw new Exit(2, `--port ${port}: choose from 0 (any that is free) to ${portMax}.`);
  const server = createAdaptorServer({ fetch: routes().fetch }) as Server;
  await listen(server, port);
  const taken = (server.address() as AddressInfo).port;
  console.log(`The simulator shows itself at http://${host}:${taken}/viewer/${page}.html?seed=${seed}`);
  console.log('Ctrl-C ends it.');
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  server.close();
  server.closeAllConnections();
}

function routes(): Hono {
  const app = new Hono();
  app.get('/', (context) => context.redirect('/viewer/index.html'));
  app.get('*', async (context, next) => {
    const type = types[served.exec(context.req.path)?.[1] ?? ''];
    if (type === undefined) return next();
    const body = await readFile(new URL(`.${context.req.path}`, dist)).catch(() => undefined);
    return body === undefined ? next() : context.body(body, 200, { 'content-type': type });
  });
  app.notFound((context) => context.text(`There is nothing at ${context.req.path}: the page is at /.\n`, 404));
  return app;
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'EADDRINUSE' ? 'is in use by another program' : `cannot be had: ${error.message}`;
      reject(new Exit(1, `Port ${port} ${reason}: choose another one with --port.`));
    });
    server.listen({ host, port }, resolve);
  });
}
