import { expect, test } from 'vitest';
import { traceLineText } from '../world/simulated/index.ts';
import { spaceTimeDiagram } from './diagram.ts';
import { diagramRowsMax } from './limits.ts';

const line = (event: number, atMs: number, peer: string, kind: string, text: string) =>
  traceLineText({ event, atMs, peer, kind, text });

const story = [
  line(1, 0, 'a', 'start', 'incarnation 1'),
  line(2, 0, 'b', 'start', 'incarnation 2'),
  line(3, 5, 'client-1', 'asks', 'put k <&>'),
  line(4, 10, 'nemesis', 'fault', 'crash of b'),
  line(5, 10, 'b', 'crash', 'after 3 events'),
  line(6, 12, 'a', 'hears', 'b @ 5.000  cells.ping round=1'),
  line(7, 20, 'b', 'start', 'incarnation 2'),
];
const count = (svg: string, part: string): number => svg.split(part).length - 1;

test('a message is an arrow from the moment it was sent to the moment it was heard', () => {
  const svg = spaceTimeDiagram(story);
  expect(count(svg, 'class="message"')).toBe(1);
  const [, sentY, heardY] = /class="message" x1="\S+" y1="(\S+)" x2="\S+" y2="(\S+)"/.exec(svg)!;
  const yOf = (text: string) => Number(new RegExp(`y="(\\d+)">${text}<`).exec(svg)![1]) - 4;
  expect(Number(sentY)).toBe(yOf('5.000'));
  expect(Number(heardY)).toBe(yOf('12.000'));
});

test('a peer that is down has a broken line, and words are safe in it', () => {
  const svg = spaceTimeDiagram(story);
  expect(count(svg, 'class="down"')).toBe(1);
  expect(svg).toContain('asks put k &lt;&amp;&gt;');
  expect(svg).toContain('fault crash of b');
});

test('what is no line of a trace is passed over, and of a long one the latest lines are drawn', () => {
  const long = Array.from({ length: diagramRowsMax + 10 }, (_, i) => line(i, i, 'a', 'disk', `sync ${i}`));
  const svg = spaceTimeDiagram(['what is this', ...long, '']);
  expect(count(svg, '<circle')).toBe(diagramRowsMax);
  expect(svg).not.toContain('what');
});

test('of many peers each has less room, in the order of their numbers, and the names come again on the way down', () => {
  const many = Array.from({ length: 120 }, (_, i) => line(i, i, `p${i % 12}`, 'disk', 'sync of a long journal'));
  const svg = spaceTimeDiagram(many);
  const names = [...svg.matchAll(/<text x="(\S+)" y="26" text-anchor="middle" font-weight="bold">(\S+)</g)];
  const inOrder = names.sort((a, b) => Number(a[1]) - Number(b[1])).map(([, , name]) => name);
  expect(inOrder).toEqual(Array.from({ length: 12 }, (_, i) => `p${i}`));
  expect(Number(names[1]![1]) - Number(names[0]![1])).toBeLessThan(130);
  expect(count(svg, '>p11<')).toBe(3);
  expect(svg).toContain('>disk sync of a l…<title>');
});
