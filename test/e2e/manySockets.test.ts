import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const processCount = 6;
const peersEach = 50;
const patienceMs = 100_000;

interface Contact {
  readonly id: string;
  readonly address: string;
}
interface Place {
  readonly self: Contact;
  readonly predecessor?: Contact;
  readonly successor?: Contact;
}
type Said =
  | { readonly kind: 'ready'; readonly address: string }
  | { readonly kind: 'places'; readonly places: readonly Place[] };

const folder = mkdtempSync(join(tmpdir(), 'selfman-sockets-'));
const children: ChildProcess[] = [];

afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** What a process says next; one that ends says nothing more. */
function heard(child: ChildProcess): Promise<Said> {
  return new Promise((resolve, reject) => {
    const fail = (code: number | null): void => reject(new Error(`a process of peers ended with ${code}`));
    child.once('exit', fail);
    child.once('message', (said: Said) => {
      child.off('exit', fail);
      resolve(said);
    });
  });
}

async function start(prefix: string, contact?: string): Promise<string> {
  const words = [folder, prefix, String(peersEach), ...(contact === undefined ? [] : [contact])];
  const child = fork('test/e2e/ringPeers.mjs', words);
  children.push(child);
  const said = await heard(child);
  return said.kind === 'ready' ? said.address : '';
}

async function places(): Promise<readonly Place[]> {
  const all = await Promise.all(
    children.map(async (child) => {
      const answer = heard(child);
      child.send('places');
      const said = await answer;
      return said.kind === 'places' ? said.places : [];
    }),
  );
  return all.flat().sort((a, b) => (a.self.id < b.self.id ? -1 : 1));
}

/** Who does not stand between the two that it should. */
function misplaced(all: readonly Place[]): readonly Place[] {
  return all.filter(({ predecessor, successor }, i) => {
    const [before, behind] = [all.at(i - 1)!, all[(i + 1) % all.length]!];
    return predecessor?.id !== before.self.id || successor?.id !== behind.self.id;
  });
}

/** Who still stands in the wrong place when all do not come right in time, of so many peers. */
async function leftMisplaced(count: number): Promise<readonly Place[]> {
  const end = Date.now() + patienceMs;
  for (;;) {
    const all = await places();
    expect(all).toHaveLength(count);
    const wrong = misplaced(all);
    if (wrong.length === 0 || Date.now() > end) return wrong;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

test('300 peers with a listening socket each form one ring, which closes when 50 of them die at once', async () => {
  const contact = await start('p0-');
  const others = Array.from({ length: processCount - 1 }, (_, i) => start(`p${i + 1}-`, contact));
  await Promise.all(others);
  expect(await leftMisplaced(processCount * peersEach)).toEqual([]);

  const [last] = children.splice(-1);
  last!.kill('SIGKILL');
  expect(await leftMisplaced((processCount - 1) * peersEach)).toEqual([]);
});
