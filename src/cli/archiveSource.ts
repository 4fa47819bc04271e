import { setTimeout as pause } from 'node:timers/promises';
import type { StatusReport } from '../api/index.ts';
import { type ArchivedCell, type Piece, PieceReader } from '../archive/index.ts';
import { answerMsMax, candidates, firstAnswer, urlOf } from './ask.ts';
import { Exit } from './exit.ts';
import { unreachable } from './status.ts';

export interface SourceFlags {
  readonly http?: string;
  readonly data: string;
}

/** One cell as it is sent by its leader: where it stands, and all pieces behind that. */
interface CellStream {
  readonly cell: ArchivedCell;
  readonly pieces: AsyncGenerator<Piece>;
}

/** Everything that a system holds, every cell at a place of its log. */
export interface Source {
  readonly systemId: string;
  readonly cells: readonly CellStream[];
  /** How far apart the cells were pinned: from before the first to behind the last. */
  readonly spreadMs: number;
  /** Lets all cells go. */
  close(): void;
}

const openMsMax = 30_000;
const againMs = 300;
/** How long a cell may take to pin what it holds. */
const pinMsMax = 15_000;

/** Has every cell pinned by its leader, all at once, before the first row is read. */
export async function openSource(flags: SourceFlags): Promise<Source> {
  const urls = candidates(flags.http, flags.data);
  const deadlineMs = performance.now() + openMsMax;
  for (;;) {
    const response = await firstAnswer(urls, '/status');
    if (response === undefined) throw new Exit(3, unreachable(urls, flags.data));
    const opened = await openAll((await response.json()) as StatusReport);
    if (typeof opened !== 'string') return opened;
    if (performance.now() > deadlineMs) {
      throw new Exit(1, `Not every cell could be read within ${openMsMax / 1000} s: ${opened}. See selfman status.`);
    }
    await pause(againMs);
  }
}

async function openAll(report: StatusReport): Promise<Source | string> {
  const beganMs = performance.now();
  const leaders = new Map(report.peers.map(({ name, http }) => [name, http]));
  const use = new AbortController();
  const opened = await Promise.all(
    report.cells.map(({ cell, leader }) =>
      openCell(cell, leaders.get(leader) ?? '', use).catch((error) => whyNot(cell, error)),
    ),
  );
  const cells = opened.filter((one): one is CellStream => typeof one !== 'string');
  const trouble = opened.find((one) => typeof one === 'string') ?? gapOf(cells);
  const close = (): void => use.abort();
  if (trouble === undefined) return { systemId: report.systemId, cells, spreadMs: performance.now() - beganMs, close };
  close();
  return trouble;
}

/** Hands every piece of every cell on, those of one cell in their order. */
export async function drain({ cells, close }: Source, take: (piece: Piece) => Promise<void>): Promise<void> {
  try {
    await Promise.all(
      cells.map(async ({ pieces }) => {
        for await (const piece of pieces) await take(piece);
      }),
    );
  } finally {
    close();
  }
}

function whyNot(cell: string, error: unknown): string {
  const words = asWords(error);
  return words === 'fetch failed' || (error as Error).name === 'AbortError'
    ? `the peer that leads cell ${cell} does not answer over HTTP`
    : words;
}

function asWords(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function openCell(cell: string, http: string, use: AbortController): Promise<CellStream | string> {
  if (http === '') return `cell ${cell} has no leader that serves HTTP`;
  const late = setTimeout(() => use.abort(), pinMsMax + answerMsMax);
  const address = `${urlOf(http)}/backup?cell=${encodeURIComponent(cell)}`;
  const response = await fetch(address, { signal: use.signal }).finally(() => clearTimeout(late));
  if (!response.ok || response.body === null) return (await response.text()).trim().replace(/\.$/, '');
  const pieces = piecesOf(response.body, cell);
  const first = await pieces.next();
  if (first.done || first.value.kind !== 'cell') return `cell ${cell} was not sent from its beginning`;
  return { cell: first.value.cell, pieces };
}

async function* piecesOf(body: ReadableStream<Uint8Array>, cell: string): AsyncGenerator<Piece> {
  const reader = new PieceReader();
  let isWhole = false;
  try {
    for await (const chunk of body) {
      reader.add(chunk);
      for (let piece = must(reader.next()); piece !== undefined; piece = must(reader.next())) {
        isWhole = piece.kind === 'cellEnd';
        yield piece;
      }
    }
  } catch (error) {
    throw new Exit(1, `The peer that sent cell ${cell} stopped in the middle (${asWords(error)}): try again.`);
  }
  if (!isWhole) throw new Exit(1, `The peer that sent cell ${cell} stopped in the middle: try again.`);
}

function must<T>(result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string }): T {
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

/** Cells cover all keys, each once: where they do not, one of them has been split or merged meanwhile. */
function gapOf(cells: readonly CellStream[]): string | undefined {
  const sorted = cells.map(({ cell }) => cell).sort((a, b) => (a.from < b.from ? -1 : 1));
  let next: string | undefined = '';
  for (const { from, to } of sorted) {
    if (from !== next) return 'a cell was being split or merged';
    next = to;
  }
  return next === undefined ? undefined : 'a cell was being split or merged';
}
