import { parseTraceLine, type TraceLine } from '../world/simulated/index.ts';
import { diagramRowsMax } from './limits.ts';

const rowHeight = 16;
/** The room of a peer and its words; less where there are many, or the picture is wider than any screen. */
const peerWidthMost = 170;
const peerWidthLeast = 124;
const widePeersMost = 10;
const characterWidth = 6.7;
/** After so many rows the names stand there again. */
const namedRows = 50;
const left = 180;
const top = 40;
const notesWidth = 420;

/** Kinds of line after which a peer is down. */
const ends = new Set(['crash', 'kill']);
/** Who stands in the column of notes at the right, instead of having a line of its own. */
const narrators = new Set(['nemesis', 'network']);

/** A line of the trace in its place: rows are one below the other, each with room for its words. */
interface Row extends TraceLine {
  readonly y: number;
}

/** A message on its way, as the line of its arrival tells. */
interface Arrow {
  readonly from: string;
  readonly sentMs: number;
  readonly text: string;
}

/**
 * A space-time diagram of a trace, as SVG: time goes down, stretched so that each line of the trace has room, every peer
 * and client has its vertical line, messages are arrows from when they were sent to when they were heard. What is not
 * a line of a trace is passed over; of a long trace the latest lines are drawn.
 */
export function spaceTimeDiagram(trace: readonly string[]): string {
  const lines = trace.map(parseTraceLine).filter((line) => line !== undefined);
  const rows = lines.slice(-diagramRowsMax).map((line, i): Row => ({ ...line, y: yOfRow(i) }));
  return new Diagram(rows).svg();
}

/** Rows make room for the names that stand between them now and then. */
function yOfRow(index: number): number {
  return top + (index + 1 + Math.floor(index / namedRows)) * rowHeight;
}

class Diagram {
  readonly #rows: readonly Row[];
  readonly #columns = new Map<string, number>();
  readonly #peerWidth: number;
  readonly #bottom: number;

  constructor(rows: readonly Row[]) {
    this.#rows = rows;
    this.#bottom = yOfRow(rows.length);
    const names = new Set(rows.flatMap((row) => [row.peer, arrowOf(row)?.from ?? row.peer]));
    const drawn = [...names].filter((one) => !narrators.has(one)).sort(byPlace);
    this.#peerWidth = drawn.length > widePeersMost ? peerWidthLeast : peerWidthMost;
    for (const name of drawn) this.#columns.set(name, left + (this.#columns.size + 0.5) * this.#peerWidth);
  }

  svg(): string {
    const width = this.#notesX + notesWidth;
    const parts = [...this.#columns].flatMap(([peer, x]) => this.#lifeline(peer, x));
    parts.push(...this.#rows.map((row) => this.#row(row)));
    const size = `width="${width}" height="${this.#bottom}" viewBox="0 0 ${width} ${this.#bottom}"`;
    return `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="monospace" font-size="11">
<style>line{stroke:#456}.down{stroke:#c33;stroke-dasharray:2 4}.message{stroke:#27a;marker-end:url(#head)}
text{paint-order:stroke;stroke:#fff;stroke-width:3px}.lost{fill:#c33}.note{fill:#a50}.time{fill:#888}</style>
<defs><marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">
<path d="M0 0L8 4L0 8z" fill="#27a"/></marker></defs>
<rect width="100%" height="100%" fill="#fff"/>
${parts.join('\n')}
</svg>
`;
  }

  get #notesX(): number {
    return left + this.#columns.size * this.#peerWidth + 10;
  }

  /** The name of a peer and the line of its life: dashed while it is down. */
  #lifeline(peer: string, x: number): string[] {
    const parts: string[] = [];
    let y = top;
    let isUp = true;
    for (const row of this.#rows) {
      const turnsUp: boolean = row.kind === 'start' ? true : ends.has(row.kind) ? false : isUp;
      if (row.peer !== peer || turnsUp === isUp) continue;
      parts.push(stroke(x, y, x, row.y, isUp ? 'up' : 'down'));
      y = row.y;
      isUp = turnsUp;
    }
    parts.push(stroke(x, y, x, this.#bottom, isUp ? 'up' : 'down'));
    return [...parts, ...this.#names(peer, x)];
  }

  /** At the top, and again and again on the way down: it may be far. */
  #names(peer: string, x: number): string[] {
    const count = Math.ceil(this.#rows.length / namedRows);
    return Array.from({ length: Math.max(1, count) }, (_, i) => {
      const y = i === 0 ? top - 14 : yOfRow(i * namedRows) - rowHeight + 4;
      return `<text x="${x}" y="${y}" text-anchor="middle" font-weight="bold">${escaped(peer)}</text>`;
    });
  }

  /** How many characters of words have room beside a line. */
  get #charactersMax(): number {
    return Math.floor((this.#peerWidth - 9) / characterWidth);
  }

  #row(row: Row): string {
    const time = `<text class="time" x="4" y="${row.y + 4}">${row.atMs.toFixed(3)}</text>`;
    const x = this.#columns.get(row.peer);
    const arrow = arrowOf(row);
    const text = `${row.kind} ${row.text}`;
    if (x === undefined) return time + words(row, text, { x: this.#notesX, name: 'note', charactersMax: 64 });
    if (arrow === undefined) {
      const dot = `<circle cx="${x}" cy="${row.y}" r="2.5"/>`;
      return time + dot + words(row, text, { x: x + 6, name: row.kind, charactersMax: this.#charactersMax });
    }
    const fromX = this.#columns.get(arrow.from)!;
    const line = stroke(fromX, this.#yAt(arrow.sentMs), x, row.y, 'message');
    // On the side where the arrow does not come from.
    const place = {
      x: fromX > x ? x - 6 : x + 6,
      name: 'hears',
      charactersMax: this.#charactersMax,
      isLeft: fromX > x,
    };
    return time + line + words(row, arrow.text, place);
  }

  /** Where a moment is: between the rows before and behind it. */
  #yAt(ms: number): number {
    const after = this.#rows.findIndex(({ atMs }) => atMs >= ms);
    const next = this.#rows[after];
    const previous = this.#rows[after - 1];
    if (next === undefined || previous === undefined) return top;
    return previous.y + ((ms - previous.atMs) / (next.atMs - previous.atMs)) * (next.y - previous.y);
  }
}

/** The message that a line tells of, as the network of the simulated world writes it. */
function arrowOf({ kind, text }: TraceLine): Arrow | undefined {
  const parts = kind === 'hears' ? /^(\S+) @ (\d+\.\d+) +(.*)$/.exec(text) : null;
  return parts === null ? undefined : { from: parts[1]!, sentMs: Number(parts[2]), text: parts[3]! };
}

function stroke(x1: number, y1: number, x2: number, y2: number, name: string): string {
  return `<line class="${name}" x1="${x1}" y1="${y1.toFixed(1)}" x2="${x2}" y2="${y2.toFixed(1)}"/>`;
}

interface Place {
  readonly x: number;
  readonly name: string;
  readonly charactersMax: number;
  readonly isLeft?: boolean;
}

/** Words beside a row, cut to their room: the whole line shows where the pointer rests. */
function words(row: Row, text: string, { x, name, charactersMax, isLeft }: Place): string {
  const short = text.length > charactersMax ? `${text.slice(0, charactersMax - 1)}…` : text;
  const whole = `<title>event ${row.event}, ${row.atMs} ms, ${escaped(`${row.peer} ${row.kind} ${row.text}`)}</title>`;
  const anchor = isLeft ? ' text-anchor="end"' : '';
  return `<text class="${escaped(name)}" x="${x}" y="${row.y + 4}"${anchor}>${escaped(short)}${whole}</text>`;
}

/** Clients stand to the right of the peers, and p10 behind p9. */
function byPlace(a: string, b: string): number {
  const isClient = (name: string): number => Number(name.startsWith('client-'));
  const [numberA, numberB] = [numberAtEnd(a), numberAtEnd(b)];
  const areAlike = a.slice(0, a.length - numberA.length) === b.slice(0, b.length - numberB.length);
  return isClient(a) - isClient(b) || (areAlike ? Number(numberA) - Number(numberB) : 0) || (a < b ? -1 : 1);
}

function numberAtEnd(name: string): string {
  return /\d*$/.exec(name)![0];
}

/** Text inside an element or an attribute; what XML cannot hold at all becomes a question mark. */
function escaped(text: string): string {
  const names: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"]|[^\x20-\uffff]/g, (one) => names[one] ?? '?');
}
