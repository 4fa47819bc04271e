import { median } from './lab.mjs';

const watcherCounts = [1, 10, 100, 1_000];
const changes = 200;

/** How long a change takes to those who wait for it. */
async function run(lab) {
  const ours = await lab.store('selfman');
  const { RedisClient } = await import('../redisClient.mjs');
  const writer = new RedisClient(ours.addresses[0]);
  await writer.ready;
  const rows = [];
  for (const watchers of watcherCounts) rows.push([watchers, ...(await fanOut(ours, writer, watchers))]);
  writer.close();
  const columns = ['watchers', 'changes told /s', 'p50 ms', 'p99 ms', 'CPU us per change told'];
  const method =
    `Watchers of one prefix over HTTP (server-sent events), all at one peer. ${changes} keys of it are written one after the other, the next when all have heard ` +
    'of the last; counted from before the write to the moment at which the generator, one process for all watchers, has read it.';
  return { method, columns, rows, goals: [] };
}

async function fanOut(ours, writer, watchers) {
  const ending = new AbortController();
  let heard = 0;
  let all;
  const prefix = `watched ${watchers} `;
  const hear = async (body) => {
    const decoder = new TextDecoder();
    try {
      for await (const chunk of body) {
        heard += decoder.decode(chunk, { stream: true }).split('"kind":"put"').length - 1;
        if (heard >= watchers) all?.();
      }
    } catch (error) {
      if (error.name !== 'AbortError') throw error;
    }
  };
  const streams = await Promise.all(Array.from({ length: watchers }, () => ours.watch(prefix, ending.signal)));
  const ended = streams.map(hear);
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const times = [];
  const cpu = ours.cpuSeconds();
  const begin = performance.now();
  for (let i = 0; i < changes; i++) {
    heard = 0;
    const done = new Promise((resolve) => {
      all = resolve;
    });
    const startedMs = performance.now();
    await writer.put(`${prefix}${i}`, Buffer.from('v'));
    await done;
    times.push(performance.now() - startedMs);
  }
  const seconds = (performance.now() - begin) / 1_000;
  const micros = ((ours.cpuSeconds() - cpu) * 1e6) / (changes * watchers);
  ending.abort();
  await Promise.all(ended);
  const sorted = [...times].sort((a, b) => a - b);
  const p99 = sorted[Math.floor(sorted.length * 0.99)];
  return [Math.round((changes * watchers) / seconds), median(times).toFixed(2), p99.toFixed(2), micros.toFixed(1)];
}

export const measurement = { title: 'Changes told to many', run };
