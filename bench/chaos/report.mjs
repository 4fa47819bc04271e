import { appendFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { join } from 'node:path';

const rowsMax = 5;
const mebibyte = 1024 * 1024;

/** The outcome as people read it; kept in bench/results/chaos.md where that was asked for. */
export function save({
  minutes,
  seed,
  peers,
  clients,
  isKept,
  hindrance,
  violations,
  nemesis,
  load,
  gauges,
  healedMs,
}) {
  const text = `
## ${minutes} minutes, seed ${seed}

${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores (${cpus()[0].model}), Linux ${release()}, Node ${process.versions.node}.
Command: \`npm run chaos -- --minutes ${minutes} --seed ${seed} --peers ${peers} --clients ${clients}\`${hindrance === undefined ? ', as root' : ', not as root: no links were cut, no disks filled'}.

| workload | done | refused | without an answer | besides |
|---|---|---|---|---|
${load.workloads.map(workloadRow).join('\n')}

| fault | times |
|---|---|
${[...nemesis.counts].map(([name, count]) => `| ${name} | ${count} |`).join('\n')}

${processTable(gauges.rows)}All was well again ${(healedMs / 1000).toFixed(1)} s behind the last fault. ${violations.length === 0 ? 'Nothing that was acknowledged is missing, and no history is wrong.' : `**${violations.length} violations.**`}
`;
  if (isKept) appendFileSync(join(import.meta.dirname, '../results/chaos.md'), text);
  return text;
}

function workloadRow({ name, figures: { done, refused, unknown, ...others } }) {
  const besides = Object.entries(others).map(([what, count]) => `${count.toLocaleString('en')} ${what}`);
  const counts = [done, refused, unknown].map((count) => count.toLocaleString('en'));
  return `| ${name} | ${counts.join(' | ')} | ${besides.join(', ')} |`;
}

function processTable(rows) {
  if (rows.length === 0)
    return 'No process lived for two minutes: whether memory or handles leak this run does not show.\n\n';
  const lines = rows.slice(0, rowsMax).map(({ name, minutes, early, late }) => {
    const memory = `${Math.round(early.resident / mebibyte)} -> ${Math.round(late.resident / mebibyte)} MiB`;
    const disk = `${Math.round(early.disk / mebibyte)} -> ${Math.round(late.disk / mebibyte)} MiB`;
    return `| ${name}, ${minutes.toFixed(1)} min | ${memory} | ${early.handles} -> ${late.handles} | ${disk} |`;
  });
  return `The processes that lived longest, when they were warm and at their end (the least of 30 s each):

| process | memory | handles | disk |
|---|---|---|---|
${lines.join('\n')}

`;
}
