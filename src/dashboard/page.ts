import type { CellReport, PeerReport, StatusReport } from '../api/index.ts';
import { drawRing } from './ring.ts';

const refreshMs = 1_000;

interface Sample {
  readonly atMs: number;
  readonly report: StatusReport;
}

let last: Sample | undefined;

function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no element ${id}`);
  return found;
}

async function refresh(): Promise<void> {
  try {
    const response = await fetch('/status', { cache: 'no-store' });
    const sample = { atMs: performance.now(), report: (await response.json()) as StatusReport };
    show(sample);
    last = sample;
  } catch {
    say('bad', 'This peer does not answer: it has stopped, or cannot be reached.');
  }
  setTimeout(() => void refresh(), refreshMs);
}

function show({ atMs, report }: Sample): void {
  summarise(report);
  drawRing(element('ring'), report);
  fill(
    element('peers'),
    ['Peer', 'Program', 'State', 'Peers reach it at', 'Redis', 'HTTP', 'Seat'],
    report.peers.map(peerRow),
  );
  fill(
    element('cells'),
    ['Cell', 'Range', 'Epoch', 'Leader', 'Members', 'Survives', 'Keys', 'Size', 'Being repaired'],
    report.cells.map(cellRow),
  );
  showRates(atMs, report);
}

function summarise(report: StatusReport): void {
  const { peers, cells, troubles } = report;
  const present = peers.filter(({ status }) => status === 'alive' || status === 'suspected').length;
  if (troubles.length > 0) return say('bad', troubles.join(' '));
  if (cells.length === 0) return say('warn', 'This peer is joining a system.');
  const survives = Math.min(...cells.map(({ survivesFailuresNow }) => survivesFailuresNow));
  const all = `${count(present, 'peer')} ${present === 1 ? 'is' : 'are'} one system`;
  if (survives < 0) return say('bad', `A cell has lost its majority: its keys are unavailable until peers come back.`);
  if (survives === 0) return say('warn', `${all}, which serves, and survives no failure now.`);
  say('good', `${all}, which survives ${count(survives, 'failure')} now.`);
}

function say(state: 'good' | 'warn' | 'bad', text: string): void {
  const summary = element('summary');
  summary.dataset['state'] = state;
  summary.textContent = text;
}

function peerRow(peer: PeerReport): HTMLElement[] {
  const tone = peer.status === 'alive' ? 'good' : peer.status === 'dead' ? 'bad' : 'warn';
  return [
    cell(peer.name),
    cell(peer.program),
    cell(peer.status, tone),
    cell(peer.address),
    cell(peer.redis),
    peer.http === '' ? cell('') : link(`http://${peer.http}/`, peer.http),
    cell(peer.seat),
  ];
}

function cellRow(report: CellReport): HTMLElement[] {
  const { survivesFailuresNow: survives } = report;
  const members =
    report.members.join(', ') + (report.learners.length > 0 ? ` (copies: ${report.learners.join(', ')})` : '');
  return [
    cell(report.cell),
    cell(`${report.from === '' ? 'the lowest key' : report.from} … ${report.to ?? 'the highest'}`),
    cell(String(report.epoch)),
    cell(report.leader === '' ? 'none now' : report.leader, report.leader === '' ? 'bad' : ''),
    cell(members),
    cell(
      survives < 0 ? 'unavailable' : count(survives, 'failure'),
      survives < 0 ? 'bad' : survives === 0 ? 'warn' : 'good',
    ),
    cell(report.keys === undefined ? 'not here' : report.keys.toLocaleString('en')),
    cell(report.bytes === undefined ? 'not here' : size(report.bytes)),
    cell(report.repairs.length === 0 ? 'nothing' : report.repairs.join('; ')),
  ];
}

function showRates(atMs: number, report: StatusReport): void {
  const { self, figures } = report;
  const seconds = last === undefined ? 0 : (atMs - last.atMs) / 1000;
  const rate = (name: 'commands' | 'bytesIn' | 'bytesOut' | 'events'): number =>
    last === undefined || seconds <= 0 ? 0 : Math.max(0, (figures[name] - last.report.figures[name]) / seconds);
  const rows: readonly (readonly [string, string])[] = [
    ['Name', self.name],
    ['Process', String(self.processId)],
    ['Running for', duration(self.uptimeMs)],
    ['Clients', String(figures.clients)],
    ['Commands a second', rate('commands').toFixed(0)],
    ['Bytes in, out a second', `${size(rate('bytesIn'))}, ${size(rate('bytesOut'))}`],
    ['Events a second', rate('events').toFixed(0)],
    ['Journal, engine', `${size(figures.journalBytes)}, ${size(figures.engineBytes)}`],
    ['Memory', size(figures.memoryBytes)],
  ];
  const parts = rows.flatMap(([name, value]) => [make('dt', name), make('dd', value)]);
  element('rates').replaceChildren(...parts);
}

function fill(table: HTMLElement, titles: readonly string[], rows: readonly HTMLElement[][]): void {
  const head = document.createElement('tr');
  head.append(...titles.map((title) => make('th', title)));
  const body = rows.map((cells) => {
    const row = document.createElement('tr');
    row.append(...cells);
    return row;
  });
  table.replaceChildren(head, ...body);
}

function cell(text: string, tone = ''): HTMLElement {
  const made = make('td', text);
  if (tone !== '') made.className = tone;
  return made;
}

function link(address: string, text: string): HTMLElement {
  const anchor = document.createElement('a');
  anchor.href = address;
  anchor.textContent = text;
  const made = make('td', '');
  made.append(anchor);
  return made;
}

function make(tag: string, text: string): HTMLElement {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function size(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value.toFixed(unit === 0 || value >= 100 ? 0 : 1)} ${units[unit]}`;
}

function duration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

void refresh();
