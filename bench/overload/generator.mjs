// Puts a load of SETs on peers: so many under way at once (closed), or so many a second whatever becomes of them (open).
import { connect } from 'node:net';
import { createHistogram, performance } from 'node:perf_hooks';

const keys = 10_000;
const value = 'v'.repeat(128);
/** How often an open load sends: what is due by then goes out together. */
const tickMs = 5;

function requestFor(n) {
  const key = `key${String((Math.imul(n, 2654435761) >>> 0) % keys).padStart(9, '0')}`;
  return `*3\r\n$3\r\nSET\r\n$${key.length}\r\n${key}\r\n$${value.length}\r\n${value}\r\n`;
}

const requests = Array.from({ length: keys }, (_, n) => requestFor(n));

/** A connection that knows when each of its requests was due. */
class Line {
  #due = [];
  #at = 0;
  #rest = '';
  #text = '';

  constructor(address, heard) {
    const [host, port] = address.split(':');
    this.socket = connect({ host, port: Number(port), noDelay: true });
    this.socket.setEncoding('latin1');
    this.ready = new Promise((resolve) => this.socket.once('connect', resolve));
    this.socket.on('error', () => {});
    this.socket.on('data', (text) => {
      const lines = (this.#rest + text).split('\r\n');
      this.#rest = lines.pop();
      const now = performance.now();
      for (const line of lines) heard(line, now - this.#due[this.#at++], this);
      if (this.#at > 10_000) {
        this.#due = this.#due.slice(this.#at);
        this.#at = 0;
      }
    });
  }

  /** Requests that nobody has answered. */
  get open() {
    return this.#due.length - this.#at;
  }

  add(request, dueMs) {
    this.#due.push(dueMs);
    this.#text += request;
  }

  flush() {
    if (this.#text === '') return;
    this.socket.write(this.#text, 'latin1');
    this.#text = '';
  }
}

async function load({ addresses, connections, inFlight, rate, warmMs, durationMs }) {
  const answered = createHistogram();
  const refusals = createHistogram();
  const seen = { done: 0, refused: 0, failed: 0, offered: 0 };
  let isMeasuring = false;
  let isOver = false;
  let n = 0;
  const next = (line, dueMs) => line.add(requests[n++ % keys], dueMs);
  const heard = (reply, tookMs, line) => {
    const micros = Math.max(1, Math.round(tookMs * 1000));
    if (isMeasuring) {
      if (reply === '+OK') {
        seen.done++;
        answered.record(micros);
      } else if (reply.startsWith('-BUSY')) {
        seen.refused++;
        refusals.record(micros);
      } else seen.failed++;
    }
    if (rate !== undefined || isOver) return;
    next(line, performance.now());
    if (isMeasuring) seen.offered++;
    queueMicrotask(() => line.flush());
  };
  const lines = Array.from({ length: connections }, (_, i) => new Line(addresses[i % addresses.length], heard));
  await Promise.all(lines.map(({ ready }) => ready));
  const begin = performance.now();
  let ticker;
  if (rate === undefined) {
    for (const line of lines) {
      for (let i = 0; i < inFlight; i++) next(line, begin);
      line.flush();
    }
  } else {
    let sent = 0;
    ticker = setInterval(() => {
      const now = performance.now();
      const due = Math.floor(((now - begin) / 1000) * rate);
      for (; sent < due; sent++) {
        next(lines[sent % connections], begin + (sent / rate) * 1000);
        if (isMeasuring) seen.offered++;
      }
      for (const line of lines) line.flush();
    }, tickMs);
  }
  await new Promise((resolve) => setTimeout(resolve, warmMs));
  isMeasuring = true;
  const measureFrom = performance.now();
  const cpu = process.cpuUsage();
  await new Promise((resolve) => setTimeout(resolve, durationMs));
  isMeasuring = false;
  const seconds = (performance.now() - measureFrom) / 1000;
  const used = process.cpuUsage(cpu);
  isOver = true;
  clearInterval(ticker);
  const open = lines.reduce((sum, line) => sum + line.open, 0);
  for (const { socket } of lines) socket.destroy();
  const ms = (histogram, percentile) => (histogram.count === 0 ? undefined : histogram.percentile(percentile) / 1000);
  return {
    offered: seen.offered / seconds,
    rate: seen.done / seconds,
    refused: seen.refused / seconds,
    failed: seen.failed / seconds,
    p50Ms: ms(answered, 50),
    p99Ms: ms(answered, 99),
    refusedP50Ms: ms(refusals, 50),
    open,
    generatorCore: (used.user + used.system) / 1e6 / seconds,
  };
}

process.on('message', async (job) => process.send(await load(job)));
