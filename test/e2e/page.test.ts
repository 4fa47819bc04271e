import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Processes, run } from './processes.ts';

const looksMs = 30_000;
const quiet = ['--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update'];

let processes: Processes;
let browser: Browser;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  processes = await Processes.start(3);
  await processes.untilWhole();
  browser = await chromium.launch({
    executablePath: (await run('sh', ['-c', 'command -v chromium'])).trim(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-sync', ...quiet],
  });
  page = await browser.newPage({ viewport: { width: 1100, height: 860 } });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
});

afterAll(async () => {
  await browser?.close();
  await processes?.stop();
});

function picture(name: string): Promise<Buffer> {
  const folder = process.env['SELFMAN_PICTURES'] ?? processes.folder;
  return page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

test('the page shows the peers alive and who leads, and that one of them has died', async () => {
  const leader = await processes.leader();
  const other = processes.peers.find((peer) => peer !== leader)!;
  await page.goto(`http://${other.http}/`);
  await page.getByText('3 peers are one system, which survives 1 failure now.').waitFor({ timeout: looksMs });
  expect(await page.locator('#peers td.good').allTextContents()).toEqual(['alive', 'alive', 'alive']);
  expect(await page.locator('#ring text').allTextContents()).toContain(`${leader.name} (leader)`);
  expect(await page.locator('#ring circle.seat').count()).toBe(3);
  expect(await page.locator('#cells').textContent()).toContain(leader.name);
  await picture('whole');
  const ring = await run(process.execPath, ['dist/cli/main.js', 'ring', '--http', other.http]);
  expect(ring).toContain('3 seats, in the order of the ring');
  expect(ring).toMatch(/[0-9a-f]{8} +\w+ +alive +[#.]{24} +[0-9.]+% +leads 1/);
  const inventory = (await (await fetch(`http://${other.http}/components`)).json()) as { definition: string }[];
  expect(inventory.map(({ definition }) => definition)).toEqual(
    expect.arrayContaining(['overlay', 'cells', 'gateway']),
  );

  await leader.kill();
  await page.getByText('survives no failure now').waitFor({ timeout: looksMs });
  await page.locator('#peers td.bad', { hasText: 'dead' }).waitFor({ timeout: looksMs });
  await page.locator('#ring text', { hasText: '(leader)' }).waitFor({ timeout: looksMs });
  expect(await page.locator('#cells').textContent()).toContain(`${leader.name} is away`);
  await picture('one-dead');

  await leader.start();
  await page.getByText('3 peers are one system, which survives 1 failure now.').waitFor({ timeout: looksMs });
  expect(complaints).toEqual([]);
});

test('it reads well in the dark and on a small screen', async () => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize({ width: 390, height: 800 });
  await page.locator('#peers td.good').first().waitFor({ timeout: looksMs });
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
  await picture('small-dark');
});
