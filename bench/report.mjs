import { mkdirSync, writeFileSync } from 'node:fs';
import * as vega from 'vega';
import { compile } from 'vega-lite';

/**
 * What an experiment or a measurement gives: `method` in sentences, a table (`columns`, `rows`), `goals` of `{ what, figure, goal, isMet }` with the
 * published or reproduced figure beside ours, and `plots`, Vega-Lite specifications by name.
 */
const table = (columns, rows) =>
  [columns, columns.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');
const cell = (value) => (typeof value === 'number' ? Number(value.toPrecision(4)).toLocaleString('en') : String(value));
const goalRows = (goals) => goals.map(({ what, figure, goal, isMet }) => [what, figure, goal, isMet ? 'yes' : 'NO']);

/** The whole result as text. */
export function printed(experiment, { method, columns, rows, goals }, command, seconds) {
  const parts = [`# ${experiment.title}`, method, table(columns, rows)];
  if (goals.length > 0) parts.push(table(['what', 'ours', 'goal', 'met'], goalRows(goals)));
  parts.push(`\`${command}\`, ${seconds} s.`);
  return `${parts.join('\n\n')}\n`;
}

/** Writes the table and draws the plots, into a folder. */
export async function writeResult(results, name, experiment, result, command, seconds) {
  mkdirSync(results, { recursive: true });
  const plots = Object.entries(result.plots ?? {});
  const pictures = plots.map(([plot]) => `![${plot}](${name}-${plot}.svg)`);
  const text = [printed(experiment, result, command, seconds), ...pictures.map((picture) => `${picture}\n`)].join('\n');
  writeFileSync(new URL(`${name}.md`, results), text);
  for (const [plot, spec] of plots) writeFileSync(new URL(`${name}-${plot}.svg`, results), await drawn(spec));
}

function drawn(spec) {
  const base = { width: 480, height: 280, background: 'white', config: { font: 'sans-serif' } };
  return new vega.View(vega.parse(compile({ ...base, ...spec }).spec), { renderer: 'none' }).toSVG();
}

/** One row a goal, of everything in a folder, behind what is to be said of all. */
export function writeOverview(results, head, goals) {
  const rows = goals.map((goal) => [`[${goal.name}](${goal.name}.md)`, ...goalRows([goal])[0]]);
  const body = table(['measured in', 'what', 'ours', 'goal', 'met'], rows);
  writeFileSync(new URL('README.md', results), `${head}\n\n${body}\n`);
}
