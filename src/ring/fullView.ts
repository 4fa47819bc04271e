import type { Key } from '../base/index.ts';
import type { Address } from '../world/index.ts';
import { type Contact, isBetween } from './contact.ts';
import { compareEveryMs, newsEveryMs, newsMax, pageMax, viewRetryMs } from './limits.ts';
import type { RingMessage, RingMessageOf } from './messages.ts';
import { News, ttlFor } from './news.ts';
import type { Place } from './ringView.ts';
import { bucketOf, View } from './view.ts';

/** What a full view does to the world. */
export interface ViewEffects {
  readonly send: (to: Address, message: RingMessage) => void;
  readonly after: (delayMs: number, run: () => void) => unknown;
  /** From 0 to 1. */
  readonly fraction: () => number;
  readonly nowMs: () => number;
}

/**
 * All peers, known to each of them: so every key is one hop away. A peer asks those behind it, one stretch after the other, until
 * it has come around the ring; then news keep the view as it is, and comparing it with that of others finds what was missed.
 */
export class FullView {
  readonly view: View;
  readonly #self: Contact;
  readonly #effects: ViewEffects;
  readonly #news = new News();
  /** Up to here everybody is known; the whole ring, when it is this peer again. */
  #frontier: Key;
  #isOn = false;
  #place: Place | undefined;
  /** Which run it is: timers of an earlier one say nothing. */
  #run = 0;

  constructor(self: Contact, effects: ViewEffects) {
    this.#self = self;
    this.#effects = effects;
    this.view = new View(self, effects.nowMs);
    this.#frontier = self.id;
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  /** Whether everybody is known, so that keys are looked up by it. */
  isReady = false;

  switchOn(): void {
    if (this.#isOn) return;
    this.#isOn = true;
    const run = ++this.#run;
    this.#fetch(run);
    this.#every(run, newsEveryMs, () => this.#tell());
    this.#every(run, compareEveryMs, () => this.#compare());
  }

  switchOff(): void {
    this.#run++;
    this.#isOn = false;
    this.isReady = false;
    this.#frontier = this.#self.id;
    this.view.clear();
  }

  /** Who stands before a peer tells it who came and who left: it is the first to know, and spreads it (RING-23). */
  moved(place: Place): void {
    const former = this.#place?.predecessor;
    this.#place = place;
    const { predecessor } = place;
    if (!this.#isOn || former === undefined || predecessor === undefined || former.id === predecessor.id) return;
    const ttl = ttlFor(this.view.size);
    if (isBetween(former.id, predecessor.id, this.#self.id) || former.id === this.#self.id) {
      this.view.add(predecessor);
      this.#news.joined(predecessor, ttl);
    } else {
      this.view.bury(former.id);
      this.#news.left(former.id, ttl);
    }
  }

  /** It was heard as the holder of a key: a view that did not know is corrected by use. */
  heard(one: Contact): void {
    if (this.#isOn) this.view.add(one);
  }

  /** It does not answer: this peer does not go there any more. Who left is told by the one behind it. */
  forget({ id }: Contact): void {
    this.view.remove(id);
  }

  receive(message: RingMessage, from: Address): boolean {
    switch (message.kind) {
      case 'news':
        this.#hear(message);
        return true;
      case 'askView':
        this.#effects.send(from, { kind: 'viewPage', contacts: this.view.stretch(this.#frontier, pageMax) });
        return true;
      case 'viewPage':
        this.#append(message.contacts);
        return true;
      case 'viewDigest':
        this.#answerDigest(message.digests, from);
        return true;
      case 'viewPart':
        this.#merge(message, from);
        return true;
      default:
        return false;
    }
  }

  #hear({ ttl, joined, left }: RingMessageOf<'news'>): void {
    if (!this.#isOn) return;
    for (const one of joined) if (this.view.add(one)) this.#news.joined(one, ttl);
    for (const id of left) if (this.view.bury(id)) this.#news.left(id, ttl);
    if (this.#news.size >= newsMax) this.#tell();
  }

  #tell(): void {
    if (!this.isReady) return;
    for (const { places, message } of this.#news.take(this.#self, this.view)) {
      // The one behind may be newer than the view.
      const receiver = (places === 1 ? this.#place?.successor : undefined) ?? this.view.behind(places);
      this.#effects.send(receiver.address, message);
    }
  }

  /** Asks whoever stands where everybody up to is known for those behind it. */
  #fetch(run: number): void {
    if (run !== this.#run || this.isReady) return;
    // Who stood at the frontier may be gone meanwhile: the one before it is asked then.
    const known = this.view.stretch(this.#frontier, this.view.size);
    const next = this.#frontier === this.#self.id ? this.#place?.successor : (known.at(-1) ?? this.#place?.successor);
    if (next?.id === this.#self.id) this.isReady = true;
    else {
      if (next !== undefined) this.#askBehind(next);
      this.#effects.after(viewRetryMs * (1 + this.#effects.fraction()), () => this.#fetch(run));
    }
  }

  #askBehind(whom: Contact): void {
    this.view.add(whom);
    this.#frontier = whom.id;
    this.#effects.send(whom.address, { kind: 'askView' });
  }

  #append(contacts: readonly Contact[]): void {
    if (!this.#isOn || this.isReady) return;
    for (const one of contacts) {
      if (!isBetween(this.#frontier, one.id, this.#self.id)) {
        // Around the ring: whoever stands behind the last one is this peer, or behind it.
        if (one.id === this.#self.id || isBetween(this.#frontier, this.#self.id, one.id)) this.isReady = true;
        if (this.isReady) return;
        continue;
      }
      this.view.add(one);
      this.#frontier = one.id;
    }
    const last = contacts.at(-1);
    if (last !== undefined && last.id === this.#frontier) this.#askBehind(last);
  }

  /** Somebody drawn by lot compares its view with this one. */
  #compare(): void {
    if (!this.isReady || this.view.size < 2) return;
    const other = this.view.behind(1 + Math.floor(this.#effects.fraction() * (this.view.size - 1)));
    this.#effects.send(other.address, { kind: 'viewDigest', digests: this.view.digests() });
  }

  #answerDigest(digests: readonly number[], from: Address): void {
    if (!this.isReady) return;
    const own = this.view.digests();
    const buckets = own.flatMap((digest, i) => (digest === 0 || digests[i] === 0 || digest === digests[i] ? [] : [i]));
    if (buckets.length > 0) this.#sendPart(from, buckets, true);
  }

  #sendPart(to: Address, buckets: readonly number[], isAsking: boolean): void {
    const wanted = new Set(buckets);
    const left = [...this.view.left].filter((id) => wanted.has(bucketOf(id)));
    this.#effects.send(to, { kind: 'viewPart', buckets, contacts: this.view.inBuckets(wanted), left, isAsking });
  }

  #merge({ buckets, contacts, left, isAsking }: RingMessageOf<'viewPart'>, from: Address): void {
    if (!this.#isOn) return;
    for (const id of left) this.view.bury(id);
    for (const one of contacts) if (!this.view.hasLeft(one.id)) this.view.add(one);
    if (isAsking) this.#sendPart(from, buckets, false);
  }

  #every(run: number, periodMs: number, act: () => void): void {
    this.#effects.after(periodMs * (0.5 + this.#effects.fraction()), () => {
      if (run !== this.#run) return;
      act();
      this.#every(run, periodMs, act);
    });
  }
}
