import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { run } from './processes.ts';

const quiet = ['--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update'];

/** `selfman simulate --view` in a real browser. */
export class ViewedRun {
  readonly page: Page;
  /** What the browser complained of. */
  readonly complaints: string[] = [];
  readonly #folder: string;
  readonly #server: ChildProcess;
  readonly #browser: Browser;

  private constructor(folder: string, server: ChildProcess, browser: Browser, page: Page) {
    this.#folder = folder;
    this.#server = server;
    this.#browser = browser;
    this.page = page;
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
  }

  static async open(...words: readonly string[]): Promise<ViewedRun> {
    const folder = await mkdtemp(join(tmpdir(), 'selfman-viewer-'));
    const server = spawn(process.execPath, ['dist/cli/main.js', 'simulate', '--view', ...words]);
    const [said] = await once(server.stdout!, 'data');
    const address = /http:\S+/.exec(String(said))![0];
    const browser = await chromium.launch({
      executablePath: (await run('sh', ['-c', 'command -v chromium'])).trim(),
      args: ['--no-sandbox', '--disable-gpu', '--disable-sync', ...quiet],
    });
    const page = await browser.newPage({ viewport: { width: 1200, height: 1000 } });
    const viewed = new ViewedRun(folder, server, browser, page);
    await page.goto(address);
    return viewed;
  }

  /** The page as people see it: kept where `SELFMAN_PICTURES` says. */
  picture(name: string): Promise<Buffer> {
    const path = join(process.env['SELFMAN_PICTURES'] ?? this.#folder, `${name}.png`);
    return this.page.screenshot({ path, fullPage: true });
  }

  async close(): Promise<void> {
    await this.#browser.close();
    this.#server.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
