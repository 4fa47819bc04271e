import type { Hono } from 'hono';
import type { DegreeReport } from '../api/index.ts';
import { bytesOfText, type Key, keyOfBytes, type Result } from '../base/index.ts';
import { degreesAllowed, usualReplicas } from '../cell/index.ts';
import { keyBytesMax } from '../state/index.ts';

/** What is asked of a peer about how many copies there are of the keys of a prefix. */
export interface DegreeKeeper {
  degrees(): Promise<readonly DegreeReport[]>;
  /** Has the keys of a prefix held by so many members; by as many as others where that is 0. */
  setDegree(prefix: Key, replicas: number): Promise<Result<undefined, string>>;
}

/** `GET /replicas` lists what prefixes ask for, `POST /replicas?prefix=PREFIX&n=N` changes it: 0 asks for nothing any more. */
export function addDegreeRoutes(app: Hono, keeper: DegreeKeeper): void {
  app.get('/replicas', async (context) => context.json({ usual: usualReplicas, prefixes: await keeper.degrees() }));
  app.post('/replicas', async (context) => {
    const { prefix = '', n = '' } = context.req.query();
    const replicas = Number(n);
    if (n === '' || ![0, ...degreesAllowed].includes(replicas)) {
      const numbers = degreesAllowed.join(', ');
      return context.text(
        `Say how many: POST /replicas?prefix=PREFIX&n=N, N one of ${numbers}, or 0 for as many as usual.\n`,
        400,
      );
    }
    const key = keyOfBytes(bytesOfText(prefix));
    if (key.length > keyBytesMax) return context.text(`A key has at most ${keyBytesMax} bytes.\n`, 400);
    const outcome = await keeper.setDegree(key, replicas);
    const keys = prefix === '' ? 'all keys' : `the keys that begin with ${prefix}`;
    if (!outcome.ok) return context.text(`Not all cells of ${keys} know yet: ${outcome.error}. Ask again.\n`, 503);
    const text =
      replicas === 0
        ? `Nothing of its own is asked for ${keys}`
        : `Of ${keys} ${replicas === 1 ? 'one copy is' : `${replicas} copies are`} wanted`;
    return context.text(`${text}: see status for how far that is.\n`);
  });
}
