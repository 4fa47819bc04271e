import type { Hono } from 'hono';
import type { Reflection } from './reflection.ts';

/** What may be asked of a peer's components, and set. */
export function addComponentRoutes(app: Hono, reflection: Reflection): void {
  app.get('/components', (context) => {
    const path = context.req.query('path');
    if (path === undefined) return context.json(reflection.inventory());
    const found = reflection.find(path);
    return found.ok ? context.json(found.value) : context.text(`${found.error}.\n`, 400);
  });
  app.post('/components', (context) => {
    const { path, value } = context.req.query();
    if (path === undefined || value === undefined)
      return context.text(
        'Say which attribute is to be set, and to what: POST /components?path=PATH&value=VALUE.\n',
        400,
      );
    const outcome = reflection.set(path, value);
    return outcome.ok ? context.json({ set: outcome.value }) : context.text(`${outcome.error}.\n`, 400);
  });
}
