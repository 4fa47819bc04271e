import type { Key } from '../base/index.ts';
import { hashOf } from './hash.ts';
import { cutsKept, gossipPerMessage, gossipRepeats, hintBytesMax, hintsMax } from './limits.ts';
import type { Hint, PeerId } from './membership.ts';
import type { Cut, News } from './messages.ts';
import type { PeerTable } from './peerTable.ts';
import type { Reports } from './reports.ts';
import { sectionOf } from './sections.ts';

/** What is being passed on. Its content is looked up when it is told: the newest counts. */
type Rumour =
  | { readonly kind: 'peer'; readonly id: PeerId }
  | { readonly kind: 'hint'; readonly topic: Key }
  | { readonly kind: 'report'; readonly life: number }
  | { readonly kind: 'cut'; readonly cut: Cut };

interface MutableNews {
  readonly peers: News['peers'][number][];
  readonly hints: Hint[];
  readonly reports: News['reports'][number][];
  readonly cuts: Cut[];
}

/** Passes changes on with the messages that travel anyway, those told least often first, each a few times. */
export class Gossip {
  readonly #table: PeerTable;
  readonly #reports: Reports;
  readonly #hints = new Map<Key, Hint>();
  /** The last decisions. */
  readonly #cuts: Cut[] = [];
  /** By how often they were told, and by name; and how often each was. */
  readonly #told: Map<string, Rumour>[] = [];
  readonly #times = new Map<string, number>();

  constructor(table: PeerTable, reports: Reports) {
    this.#table = table;
    this.#reports = reports;
  }

  get hints(): readonly Hint[] {
    return [...this.#hints.values()];
  }

  /** Whether changes are on their way: what differs then is no gap. */
  get isBusy(): boolean {
    return this.#times.size > 0;
  }

  /** True if the fact is newer than what was known, and is now what is known. */
  acceptHint(hint: Hint): boolean {
    const known = this.#hints.get(hint.topic);
    if (known !== undefined ? known.version >= hint.version : this.#hints.size >= hintsMax) return false;
    if (hint.bytes.length > hintBytesMax) return false;
    const place = hashOf(hint.topic);
    if (known !== undefined) this.#table.sections.toggle(place, known.version);
    this.#table.sections.toggle(place, hint.version);
    this.#hints.set(hint.topic, { ...hint, bytes: new Uint8Array(hint.bytes) });
    this.#spread(`hint ${hint.topic}`, { kind: 'hint', topic: hint.topic });
    return true;
  }

  spreadPeer(id: PeerId): void {
    this.#spread(`peer ${id}`, { kind: 'peer', id });
  }

  /** Another one knows it already: that counts as if it had been told once more (feedback, Demers et al. 1987). */
  heardAgain(id: PeerId): void {
    this.#toldAgain(`peer ${id}`);
  }

  /** The same of a report. */
  heardReportAgain(life: number): void {
    this.#toldAgain(`report ${life}`);
  }

  spreadReport(life: number): void {
    this.#spread(`report ${life}`, { kind: 'report', life });
  }

  spreadCut(cut: Cut): void {
    this.#cuts.push(cut);
    if (this.#cuts.length > cutsKept) this.#cuts.shift();
    this.#spread(`cut ${cut.lives}`, { kind: 'cut', cut });
  }

  /** The changes to send along now; undefined where there are none. */
  news(): News | undefined {
    const chosen = this.#choose();
    if (chosen.length === 0) return undefined;
    const news: MutableNews = { peers: [], hints: [], reports: [], cuts: [] };
    for (const rumour of chosen) this.#tell(rumour, news);
    return news;
  }

  everything(): News {
    const reports = this.#reports.lives.map((life) => this.#reports.report(life)!);
    return { peers: this.#table.all(), hints: this.hints, reports, cuts: [] };
  }

  /** What is known in some sections. */
  within(wanted: ReadonlySet<number>): News {
    const hints = this.hints.filter(({ topic }) => wanted.has(sectionOf(hashOf(topic))));
    const peers = this.#table.within(wanted);
    // Whoever hears of one that was cut out hears of all that went with it: they go at once there too.
    const cuts = this.#cuts.filter(({ number }) => peers.some(({ cut }) => cut === number));
    return { peers, hints, reports: this.#reports.within(wanted), cuts };
  }

  /** Takes those told least often, and puts them with those told once more. */
  #choose(): Rumour[] {
    const chosen: [string, Rumour][] = [];
    for (const rumours of this.#told) {
      for (const named of rumours) {
        if (chosen.length === gossipPerMessage) break;
        chosen.push(named);
      }
    }
    for (const [name] of chosen) this.#toldAgain(name);
    return chosen.map(([, rumour]) => rumour);
  }

  #toldAgain(name: string): void {
    const times = this.#times.get(name);
    if (times === undefined) return;
    const rumour = this.#told[times]!.get(name)!;
    this.#told[times]!.delete(name);
    if (times + 1 < this.#timesMax) this.#put(name, rumour, times + 1);
    else this.#times.delete(name);
  }

  get #timesMax(): number {
    return gossipRepeats + Math.ceil(Math.log2(this.#table.size + 2));
  }

  #tell(rumour: Rumour, { peers, hints, reports, cuts }: MutableNews): void {
    const peer = rumour.kind === 'peer' ? this.#table.get(rumour.id) : undefined;
    const hint = rumour.kind === 'hint' ? this.#hints.get(rumour.topic) : undefined;
    const report = rumour.kind === 'report' ? this.#reports.report(rumour.life) : undefined;
    if (peer !== undefined) peers.push(peer);
    if (hint !== undefined) hints.push(hint);
    if (report !== undefined) reports.push(report);
    if (rumour.kind === 'cut') cuts.push(rumour.cut);
  }

  #spread(name: string, rumour: Rumour): void {
    const times = this.#times.get(name);
    if (times !== undefined) this.#told[times]!.delete(name);
    this.#put(name, rumour, 0);
  }

  #put(name: string, rumour: Rumour, times: number): void {
    while (this.#told.length <= times) this.#told.push(new Map());
    this.#told[times]!.set(name, rumour);
    this.#times.set(name, times);
  }
}

export const nothingNew: News = { peers: [], hints: [], reports: [], cuts: [] };
