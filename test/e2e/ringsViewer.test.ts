import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ViewedRun } from './viewedRun.ts';

const looksMs = 60_000;

let viewed: ViewedRun;
let page: Page;
/** A time of the run, in whole milliseconds, at which there were two rings: how soon they are introduced is the machine's. */
let twoRingsMs: number;

beforeAll(async () => {
  viewed = await ViewedRun.open('--scenario', 'rings', '--port', '8574', '--seed', '3');
  page = viewed.page;
});

afterAll(() => viewed?.close());

interface Wanted {
  readonly seed: number;
  readonly peers: number;
  readonly rings: number;
  readonly links?: string;
  readonly faults?: string;
}

async function begin({ seed, peers, rings, links = 'all', faults = 'mine' }: Wanted): Promise<void> {
  await page.getByRole('spinbutton', { name: 'Seed' }).fill(String(seed));
  await page.getByRole('spinbutton', { name: 'Peers' }).fill(String(peers));
  await page.getByRole('spinbutton', { name: 'Rings' }).fill(String(rings));
  await page.selectOption('select[name="links"]', links);
  await page.selectOption('select[name="faults"]', faults);
  await page.getByRole('button', { name: 'Begin again' }).click();
  await page.selectOption('#speed', '5');
}

/** The rings as they are drawn: who stands on each circle, by following the arrows. */
function drawnRings(): Promise<string[][]> {
  return page.locator('#ring path.successor').evaluateAll((arrows) => {
    const next = new Map(arrows.map((arrow) => [arrow.getAttribute('data-from')!, arrow.getAttribute('data-to')!]));
    const rings: string[][] = [];
    for (const first of next.keys()) {
      if (rings.some((ring) => ring.includes(first))) continue;
      const ring = [first];
      for (let name = next.get(first); name !== undefined && name !== first; name = next.get(name)) {
        if (ring.includes(name)) break;
        ring.push(name);
      }
      rings.push(ring);
    }
    return rings;
  });
}

function sizes(...wanted: number[]): Promise<void> {
  const drawn = async (): Promise<number[]> => (await drawnRings()).map(({ length }) => length).sort((a, b) => a - b);
  return expect.poll(drawn, { timeout: looksMs }).toEqual(wanted) as unknown as Promise<void>;
}

function says(id: string, text: string | RegExp): Promise<void> {
  const said = (): Promise<string | null> => page.locator(`#${id}`).textContent();
  return expect.poll(said, { timeout: looksMs }).toMatch(text) as unknown as Promise<void>;
}

function markOf(peer: string): Promise<string | null> {
  return page.locator(`#ring g[data-peer="${peer}"]`).getAttribute('data-mark');
}

function marks(...wanted: string[]): Promise<void> {
  const drawn = async (): Promise<string[]> => {
    const found = page.locator('#ring g.peer');
    return [
      ...new Set(await found.evaluateAll((peers) => peers.map((peer) => peer.getAttribute('data-mark')!))),
    ].sort();
  };
  return expect.poll(drawn, { timeout: looksMs }).toEqual(wanted) as unknown as Promise<void>;
}

async function choose(peer: string): Promise<void> {
  await page.locator(`#peers tr[data-peer="${peer}"]`).getByRole('button').click();
  await page.evaluate(() => window.scrollTo(0, 0));
}

function deed(name: string): Promise<void> {
  return page.locator('#deeds').getByRole('button', { name }).click();
}

test('two rings are two circles, and become one when they are introduced', async () => {
  await page.selectOption('#speed', '5');
  await sizes(8, 8);
  await says('rings-count', '2');
  await says('verdict', 'Not one ring yet');
  await marks('solid');
  await viewed.picture('rings-two');

  await page.selectOption('#speed', '0.001');
  twoRingsMs = Math.floor(Number.parseFloat((await page.locator('#time').textContent())!));
  await page.getByRole('button', { name: 'Introduce the rings' }).click();
  await page.locator('#ring line.hangs').first().waitFor({ timeout: looksMs });
  await viewed.picture('rings-merging');
  await page.selectOption('#speed', '5');
  await sizes(16);
  await says('verdict', 'One whole ring');
  await says('twice', '0 %');
  await viewed.picture('rings-merged');
});

test('neighbours of a peer that crashes melt and freeze again, and it comes back', async () => {
  await page.selectOption('#speed', '1');
  await choose('p3');
  await deed('Crash');
  await expect.poll(() => markOf('p3'), { timeout: looksMs }).toBe('down');
  await page.locator('#ring g[data-mark="liquid3"]').first().waitFor({ state: 'attached', timeout: looksMs });
  await says('nobody', /\d %/);
  await viewed.picture('rings-crashed');
  await page.selectOption('#speed', '5');
  await marks('down', 'solid');
  await sizes(15);
  await deed('Start');
  await sizes(16);
  await marks('solid');
});

test('time can be gone back in, to when there were two rings', async () => {
  await page.locator('#slider').fill(String(twoRingsMs));
  await expect.poll(() => page.locator('#time').textContent()).toBe(`${twoRingsMs}.000 ms`);
  await sizes(8, 8);
  const before = await page.locator('#trace tr').first().textContent();
  await page.getByRole('button', { name: 'Step' }).click();
  expect(await page.locator('#trace tr').first().textContent()).not.toBe(before);
  await page.selectOption('#filter', 'moved phase');
  const kinds = await page.locator('#trace tr td:nth-child(4)').allTextContents();
  expect(new Set(kinds)).toEqual(new Set(['moved', 'phase']));
  await page.selectOption('#filter', '');
  await viewed.picture('rings-back');
  await page.getByRole('button', { name: 'Play' }).click();
});

test('what is parted makes two rings, and one again by itself when the network heals', async () => {
  await begin({ seed: 4, peers: 10, rings: 1 });
  await sizes(10);
  await says('verdict', 'One whole ring');
  await page.getByRole('button', { name: 'Part the network' }).click();
  await sizes(5, 5);
  await viewed.picture('rings-parted');
  await page.getByRole('button', { name: 'Heal the network' }).click();
  await sizes(10);
  await says('verdict', 'One whole ring');
  await page.getByRole('button', { name: 'Add a peer' }).click();
  await sizes(11);
  await choose('p10');
  await deed('Leave');
  await sizes(10);
});

test('who is cut off loses all, is a ring by itself, and joins the others again', async () => {
  await choose('p2');
  await deed('Cut off');
  await deed('Pause');
  await says('facts', 'stands still, cut from 9 peers');
  expect(await page.locator('#ring line.cut').count()).toBe(9);
  await expect.poll(() => markOf('p2'), { timeout: looksMs }).toBe('gas');
  await says('rings-count', '2');
  await viewed.picture('rings-cut');
  await page.getByRole('button', { name: 'Heal the network' }).click();
  await sizes(10);
});

test('faults come by chance until they are stopped, and then all are in one ring again', async () => {
  await begin({ seed: 6, peers: 20, rings: 1, faults: 'chance' });
  await page.locator('#ring g[data-mark="down"]').first().waitFor({ state: 'attached', timeout: looksMs });
  await page.waitForTimeout(2_000);
  await viewed.picture('rings-chance');
  await page.getByRole('button', { name: 'Stop the faults' }).click();
  await says('verdict', 'One whole ring');
  await marks('solid');
});

test('branches stand outside the circle of fifty peers, and whom one can never talk to is seen under the pointer', async () => {
  await begin({ seed: 2, peers: 50, rings: 1, links: 'eightInTen' });
  await says('verdict', 'One whole ring');
  await says('branches-count', /\d+ \(\d+ peers\)/);
  await page.selectOption('#speed', '0.001');
  await page.evaluate(() => window.scrollTo(0, 0));
  const tipOfFirst = async (): Promise<string | null> => {
    // In one go: every frame draws the peers anew.
    const [x, y] = await page.evaluate(() => {
      const box = document.querySelector('#ring g.peer:not([data-orbit="0"])')!.getBoundingClientRect();
      return [box.x + box.width / 2, box.y + box.height / 2] as const;
    });
    await page.mouse.move(x, y);
    return page.locator('#tip').textContent();
  };
  // The run goes on: who is under the pointer may stand elsewhere a moment later, so all of it is looked for at once, and again.
  const whatIsSeen = async () => {
    const name = /^p\d+(?=: .*never talks to p)/s.exec((await tipOfFirst()) ?? '')?.[0];
    const hangs = await page.locator(`#ring line.hangs[data-from="${name}"]`).count();
    return { isNamed: name !== undefined, hangs, isApart: (await page.locator('#ring line.apart').count()) > 0 };
  };
  await expect.poll(whatIsSeen, { timeout: looksMs }).toEqual({ isNamed: true, hangs: 1, isApart: true });
  await viewed.picture('rings-fifty');
  await page.mouse.move(0, 0);
});

test('no two names cover each other, in the dark and on a small screen too, and nobody complains', async () => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await viewed.picture('rings-dark');
  await page.setViewportSize({ width: 390, height: 844 });
  await page.waitForTimeout(1_500);
  const covered = await page.locator('#ring text.name').evaluateAll((names) => {
    const boxes = names.map((one) => one.getBoundingClientRect());
    const doCover = (a: DOMRect, b: DOMRect): boolean =>
      a.left < b.right - 2 && b.left < a.right - 2 && a.top < b.bottom - 3 && b.top < a.bottom - 3;
    return boxes.filter((box, i) => boxes.some((other, j) => j < i && doCover(box, other))).length;
  });
  expect(covered).toBe(0);
  expect(await page.locator('#ring text.name').count()).toBeGreaterThan(20);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  await viewed.picture('rings-small-dark');
  expect(overflow).toBeLessThanOrEqual(0);
  expect(viewed.complaints).toEqual([]);
});
