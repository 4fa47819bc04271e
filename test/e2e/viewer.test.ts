import { spawnSync } from 'node:child_process';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ViewedRun } from './viewedRun.ts';

const looksMs = 60_000;

let viewed: ViewedRun;
let page: Page;

beforeAll(async () => {
  viewed = await ViewedRun.open('--port', '8573', '--seed', '3');
  page = viewed.page;
});

afterAll(() => viewed?.close());

/** The ring as it is drawn: from the first arrow on, as long as arrows lead on. */
function drawnRing(): Promise<string[]> {
  return page.locator('#ring path.successor').evaluateAll((arrows) => {
    const next = new Map(arrows.map((arrow) => [arrow.getAttribute('data-from'), arrow.getAttribute('data-to')]));
    const ring: string[] = [];
    let name = [...next.keys()][0];
    while (name && !ring.includes(name)) {
      ring.push(name);
      name = next.get(name);
    }
    return name === ring[0] ? ring.sort() : ['not closed'];
  });
}

function ringIs(...names: string[]): Promise<void> {
  return expect.poll(drawnRing, { timeout: looksMs }).toEqual(names) as unknown as Promise<void>;
}

function deed(peer: string, name: string): Promise<void> {
  return page.locator(`#peers tr[data-peer="${peer}"]`).getByRole('button', { name }).click();
}

test.each([
  [['--port', '99999'], '--port 99999: choose from 0 (any that is free) to 65535.'],
  [
    ['--scenario', 'churn'],
    'There is no page for the scenario churn: --view goes with --scenario rings, or with none.',
  ],
  [['--seeds', '3'], 'The page shows one run, which happens in it: --view does not go with --seeds.'],
  [['--only', 'hears'], 'The page shows one run, which happens in it: --view does not go with --only.'],
  [['--seed', '99999999999'], '--seed 99999999999: choose from 0 to 4294967295 for a page.'],
])('%j is refused in a sentence', (words, sentence) => {
  const { status, stderr } = spawnSync(process.execPath, ['dist/cli/main.js', 'simulate', '--view', ...words], {
    encoding: 'utf8',
  });
  expect({ status, said: stderr.trim() }).toEqual({ status: 2, said: sentence });
});

test('peers become a ring in the browser; one is crashed and the ring closes around it; it comes back', async () => {
  await page.selectOption('#speed', '5');
  await ringIs('a', 'b', 'c', 'd', 'e');
  await page.getByText(/\d\d commands done/).waitFor({ timeout: looksMs });
  await viewed.picture('viewer-whole');

  await deed('c', 'Crash');
  await page.locator('#ring circle.seat.bad').waitFor({ timeout: looksMs });
  await ringIs('a', 'b', 'd', 'e');
  await viewed.picture('viewer-crashed');

  await deed('c', 'Start');
  await ringIs('a', 'b', 'c', 'd', 'e');
});

test('a peer is cut off, which shows, and the network heals', async () => {
  await deed('b', 'Cut off');
  expect(await page.locator('#ring line.cut').count()).toBe(4);
  await expect
    .poll(() => page.locator('#peers tr[data-peer="b"]').textContent(), { timeout: looksMs })
    .toContain('a, c');
  await viewed.picture('viewer-cut');
  await page.getByRole('button', { name: 'Heal the network' }).click();
  await ringIs('a', 'b', 'c', 'd', 'e');
});

test('time can be gone back in and stepped through, and what clients saw is judged', async () => {
  await page.getByRole('button', { name: 'Judge' }).click();
  await page.getByText('the history so far is linearizable').waitFor({ timeout: looksMs });
  await page.locator('#slider').fill('4000');
  await expect.poll(() => page.locator('#time').textContent()).toBe('4000.000 ms');
  const before = await page.locator('#trace tr').first().textContent();
  await page.getByRole('button', { name: 'Step' }).click();
  expect(await page.locator('#trace tr').first().textContent()).not.toBe(before);
  await page.selectOption('#filter', 'asks told');
  const kinds = await page.locator('#trace tr td:nth-child(4)').allTextContents();
  expect(new Set(kinds)).toEqual(new Set(['asks', 'told']));
  await page.selectOption('#filter', '');
  await page.selectOption('#speed', '0.001');
  await page.getByRole('button', { name: 'Play' }).click();
  await page.locator('#ring circle.message').first().waitFor({ timeout: looksMs });
  await viewed.picture('viewer-messages');
});

test('it begins again with another seed, reads well in the dark and on a small screen, and nobody complains', async () => {
  await page.getByRole('spinbutton', { name: 'Seed' }).fill('11');
  await page.getByRole('spinbutton', { name: 'Peers' }).fill('7');
  await page.getByRole('button', { name: 'Begin again' }).click();
  await page.selectOption('#speed', '5');
  await ringIs('a', 'b', 'c', 'd', 'e', 'f', 'g');
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize({ width: 390, height: 800 });
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  await viewed.picture('viewer-small-dark');
  expect(overflow).toBeLessThanOrEqual(0);
  expect(viewed.complaints).toEqual([]);
});
