import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type examineFolder, type FolderReport, seatFolder, seatsIn } from '../machine/index.ts';
import { Exit } from './exit.ts';
import { size, table } from './words.ts';

interface DoctorFlags {
  readonly json?: boolean;
}

type Examined = Awaited<ReturnType<typeof examineFolder>>;

/** Says what the folder of a stopped peer holds and whether it is sound; the same of each further seat below it. */
export async function doctor(path: string, { json }: DoctorFlags): Promise<void> {
  const all: FolderReport[] = [];
  for (const folder of [path, ...seatsIn(path).map((seat) => seatFolder(path, seat))]) {
    const report = await examined(folder);
    // Each as it comes: of the next one there may be nothing to tell.
    if (!json) console.log(`${all.length === 0 ? '' : '\n'}${describe(report)}`);
    all.push(report);
  }
  const [report, ...seats] = all;
  if (json) console.log(JSON.stringify({ ...report, seats }, undefined, 2));
  if (all.some(({ symptoms }) => symptoms.some(({ kind }) => kind === 'damage'))) process.exitCode = 1;
}

async function examined(path: string): Promise<FolderReport> {
  const outcome = await examineApart(path);
  if (!outcome.ok) throw new Exit(2, `${outcome.error.charAt(0).toUpperCase()}${outcome.error.slice(1)}.`);
  return outcome.value;
}

/** In a process of its own: the engine reads its file as memory, and a file that is cut off ends whoever does. */
function examineApart(path: string): Promise<Examined> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL('./doctorProcess.js', import.meta.url)), [path]);
    child.once('message', (examined: Examined) => resolve(examined));
    child.once('error', reject);
    child.once('exit', (_, signal) => {
      const advice = 'Start a new peer with an empty folder in its place, or restore a backup';
      const ended = signal === null ? '' : ` (reading it ended with ${signal})`;
      reject(new Exit(1, `The engine in ${path}/state is cut off or damaged, and cannot be read${ended}. ${advice}.`));
    });
  });
}

function describe(report: FolderReport): string {
  const { path, name, incarnation, format, systemId, journal, symptoms } = report;
  const system = systemId === '' ? 'no system' : `system ${systemId}`;
  const { segments, end, records } = journal;
  const bytes = segments.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const parts = [
    `${path}: peer ${name} (disk ${incarnation}) of ${system}, in format ${format}`,
    `journal: ${records} sound records in ${segments.length} files of ${size(bytes)}, up to byte ${end}`,
    '',
    cellsTable(report),
    '',
  ];
  parts.push(...symptoms.map(({ kind, text }) => `${kind}: ${text}`));
  if (symptoms.every(({ kind }) => kind === 'note')) parts.push('What is here is sound.');
  return parts.join('\n');
}

function cellsTable({ cells }: FolderReport): string {
  if (cells.length === 0) return 'The peer holds no cell.';
  const rows = cells.map(({ checkpoint, epoch, end, keys, bytes, damagedRows }) => [
    checkpoint.config.cell,
    `${shown(checkpoint.config.from) || 'lowest'} .. ${checkpoint.config.to === undefined ? 'highest' : shown(checkpoint.config.to)}`,
    String(epoch),
    damagedRows > 0 ? 'damaged' : checkpoint.status,
    String(checkpoint.index),
    String(end),
    `${keys}, ${size(bytes)}`,
    checkpoint.config.members.map(({ id }) => id.split('#')[0]).join(' '),
  ]);
  return table(['CELL', 'RANGE', 'EPOCH', 'STATE', 'CHECKPOINT AT', 'LOG UP TO', 'KEYS, SIZE', 'MEMBERS'], rows);
}

/** A key as people read it. */
function shown(key: string): string {
  return Buffer.from(key, 'latin1').toString('utf8');
}
