import { expect, test } from 'vitest';
import { bytes, bytesEqual, type Infer, record, text, varint } from '../../src/base/index.ts';
import { component, type InsideRequired, type System } from '../../src/component/index.ts';
import { type Incoming, Links, messageBytesMax, type Platform, protocol } from '../../src/world/index.ts';
import { type Arena, until, within } from './arena.ts';

const letter = record({ text, number: varint, payload: bytes });
type Letter = Infer<typeof letter>;
const post = protocol('post', 1, letter, { mayJoin: true });
const news = protocol('news', 2, letter);

interface Mail {
  readonly post: InsideRequired<typeof post.port>;
  readonly news: InsideRequired<typeof news.port>;
  readonly links: InsideRequired<typeof Links>;
}

/** A peer's network in the hands of a test: what came in, and the ports to send by. */
class Mailbox {
  readonly letters: Incoming<Letter>[] = [];
  readonly headlines: Incoming<Letter>[] = [];
  readonly links: string[] = [];
  readonly refused: string[] = [];
  mail!: Mail;
  #act!: (action: () => void) => void;

  boot({ system, platform }: { readonly system: System; readonly platform: Platform }): void {
    const reader = component('reader', {
      requires: { post: post.port, news: news.port, links: Links },
      setup: (context) => {
        this.mail = context.requires;
        context.requires.post.on.received((letter) => this.letters.push(letter));
        context.requires.news.on.received((letter) => this.headlines.push(letter));
        context.requires.links.on.up(({ address }) => this.links.push(`up ${address}`));
        context.requires.links.on.down(({ address }) => this.links.push(`down ${address}`));
        context.requires.links.on.refused(({ reason }) => this.refused.push(reason));
        const run = context.ref((action: () => void) => action());
        this.#act = (action) => run.tell(action);
      },
    });
    const root = component('root', {
      setup: (context) => {
        const { post: p, news: n, links } = context.create(platform.transport({ post, news })).provides;
        const needs = context.create(reader).requires;
        context.connect(p, needs.post);
        context.connect(n, needs.news);
        context.connect(links, needs.links);
      },
    });
    system.create(root).start();
  }

  /** Acts within one turn of the peer. */
  act(action: (mail: Mail) => void): void {
    this.#act(() => action(this.mail));
  }
}

const note = (number: number): Letter => ({ text: `note ${number}`, number, payload: new Uint8Array([number & 0xff]) });

async function pair(arena: Arena) {
  const a = new Mailbox();
  const b = new Mailbox();
  const peerA = await arena.peer('a', (run) => a.boot(run));
  const peerB = await arena.peer('b', (run) => b.boot(run));
  return { a, b, peerA, peerB, toA: peerA.platform.address, toB: peerB.platform.address };
}

/** What every network promises, over whatever it runs. */
export function networkContract(make: () => Promise<Arena>): void {
  test(
    'messages of one turn arrive whole, from where their sender listens',
    within(make, async (arena) => {
      const { a, b, toA, toB } = await pair(arena);
      a.act(({ post }) => {
        for (let i = 0; i < 1000; i++) post.emit.send({ to: toB, message: note(i) });
      });
      await until(arena, () => b.letters.length === 1000);
      expect(b.letters.map(({ message }) => message.number)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
      expect(new Set(b.letters.map(({ from }) => from))).toEqual(new Set([toA]));
      expect(b.letters[300]!.message).toEqual(note(300));
      expect(a.links).toContain(`up ${toB}`);
    }),
  );

  test(
    'a peer hears what it sends to itself',
    within(make, async (arena) => {
      const { a, toA } = await pair(arena);
      a.act(({ post }) => post.emit.send({ to: toA, message: note(7) }));
      await until(arena, () => a.letters.length === 1);
      expect(a.letters[0]).toEqual({ from: toA, message: note(7) });
    }),
  );

  test(
    'a message of a megabyte arrives, and one above the limit is a bug of its sender',
    within(make, async (arena) => {
      const { a, b, toB } = await pair(arena);
      const payload = new Uint8Array(1024 * 1024).map((_, i) => i % 251);
      a.act(({ post }) => post.emit.send({ to: toB, message: { text: 'large', number: 1, payload } }));
      await until(arena, () => b.letters.length === 1);
      expect(bytesEqual(b.letters[0]!.message.payload, payload)).toBe(true);
      const tooLong = new Uint8Array(messageBytesMax + 1);
      a.act(({ post }) => post.emit.send({ to: toB, message: { text: 'too large', number: 2, payload: tooLong } }));
      await until(arena, () => arena.faults.length > 0);
      expect(arena.faults[0]).toContain('too long');
    }),
  );

  test(
    'SYS-1: frames of another system are refused and told, those of the own pass',
    within(make, async (arena) => {
      const { a, b, toB } = await pair(arena);
      a.act(({ links }) => links.emit.setSystem({ systemId: 'aaaaaaaaaaaaaaaa' }));
      b.act(({ links }) => links.emit.setSystem({ systemId: 'bbbbbbbbbbbbbbbb' }));
      await arena.pass(5);
      a.act(({ post, news }) => {
        post.emit.send({ to: toB, message: note(1) });
        news.emit.send({ to: toB, message: note(2) });
      });
      await until(arena, () => b.refused.length > 0);
      expect(b.refused[0]).toContain('SYS-1');
      expect(b.refused[0]).toContain('aaaaaaaaaaaaaaaa');
      b.act(({ links }) => links.emit.setSystem({ systemId: 'aaaaaaaaaaaaaaaa' }));
      await arena.pass(5);
      a.act(({ news }) => news.emit.send({ to: toB, message: note(3) }));
      await until(arena, () => b.headlines.length > 0);
      expect(b.headlines.map(({ message }) => message.number)).toEqual([3]);
      expect(b.letters).toEqual([]);
    }),
  );

  test(
    'SYS-1: between a peer with a system and one without, only joining protocols pass',
    within(make, async (arena) => {
      const { a, b, toA, toB } = await pair(arena);
      a.act(({ links }) => links.emit.setSystem({ systemId: 'aaaaaaaaaaaaaaaa' }));
      await arena.pass(5);
      b.act(({ post }) => post.emit.send({ to: toA, message: note(1) }));
      await until(arena, () => a.letters.length === 1);
      a.act(({ post, news }) => {
        post.emit.send({ to: toB, message: note(2) });
        news.emit.send({ to: toB, message: note(3) });
      });
      await until(arena, () => b.letters.length === 1 && b.refused.length === 1);
      expect(b.headlines).toEqual([]);
    }),
  );

  test(
    'a peer that is gone is told as down, and up again when it is back',
    within(make, async (arena) => {
      const { a, b, peerB, toB } = await pair(arena);
      a.act(({ post }) => post.emit.send({ to: toB, message: note(1) }));
      await until(arena, () => b.letters.length === 1);
      await peerB.stop();
      await until(arena, () => {
        a.act(({ post }) => post.emit.send({ to: toB, message: note(2) }));
        return a.links.at(-1) === `down ${toB}`;
      });
      await peerB.restart();
      await until(arena, () => {
        a.act(({ post }) => post.emit.send({ to: toB, message: note(3) }));
        return b.letters.some(({ message }) => message.number === 3);
      });
      expect(a.links.at(-1)).toBe(`up ${toB}`);
    }),
  );
}
