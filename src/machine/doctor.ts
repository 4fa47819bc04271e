import { failure, type Result, success } from '../base/index.ts';
import { type CellRemains, type Examination, examine } from '../cell/index.ts';
import { belongingIn } from '../overlay/index.ts';
import { OfflineFolder, type OfflineJournal } from '../world/real/index.ts';

/** What is wrong in a folder, or remarkable, and what to do about it. */
export interface Symptom {
  /** 'note': nothing need be done. 'damage': something that was synced is gone. */
  readonly kind: 'note' | 'damage';
  readonly text: string;
}

/** The files of a journal by the bytes at which they begin, and what is in them. */
export interface JournalReport {
  readonly segments: readonly { readonly start: number; readonly sizeBytes: number }[];
  readonly records: number;
  readonly end: number;
  readonly isTorn: boolean;
  /** Where the last damage ends; 0 where there is none. */
  readonly damagedUpTo: number;
}

/** What the folder of a stopped peer holds. */
export interface FolderReport {
  readonly path: string;
  readonly name: string;
  readonly incarnation: string;
  readonly format: number;
  /** Empty where it belongs to no system yet. */
  readonly systemId: string;
  readonly journal: JournalReport;
  readonly cells: readonly CellRemains[];
  readonly symptoms: readonly Symptom[];
}

/** Reads the folder of a stopped peer and changes nothing. The failure is a sentence that says what to do. */
export async function examineFolder(path: string): Promise<Result<FolderReport, string>> {
  const opened = await OfflineFolder.open(path);
  if (!opened.ok) return opened;
  const folder = opened.value;
  try {
    const { identity, journal } = folder;
    const belonging = belongingIn(folder);
    const found = examine({
      get: (key) => folder.get(key),
      rows: (range) => folder.rows(range),
      records: journal.recovery.records,
    });
    const holder = OfflineFolder.holder(folder.path);
    if (holder !== undefined) return failure(`process ${holder} began to use ${folder.path} meanwhile: stop it first`);
    const { name, incarnation, format } = identity;
    const systemId = belonging === undefined || belonging === 'damaged' ? '' : belonging.systemId;
    const copied = folder.isCopy
      ? [note(`This is a copy of a peer's folder: no peer starts from it. ${copyAdvice}.`)]
      : [];
    const symptoms = [...copied, ...ofBelonging(belonging), ...ofJournal(journal, found), ...ofCells(found)];
    const { segments, end, isTorn, recovery } = journal;
    const { records, damagedUpTo } = recovery;
    const read = { segments, records: records.length, end, isTorn, damagedUpTo };
    return success({
      path: folder.path,
      name,
      incarnation,
      format,
      systemId,
      journal: read,
      cells: found.cells,
      symptoms,
    });
  } catch (error) {
    return failure(`the engine in ${folder.path}/state cannot be read: ${(error as Error).message}. ${anew}`);
  } finally {
    await folder.close();
  }
}

const copyAdvice = 'Use the folder that it was copied from, or an empty one for a new peer';
const refetch =
  'Start the peer: it does not vote until it has everything again from the other members of its cells. Where all of them have lost records, or there are none, restore a backup';
const anew =
  'Start a new peer with an empty folder in its place, and the others give it a copy; where there are no others, restore a backup';

function ofBelonging(belonging: ReturnType<typeof belongingIn>): Symptom[] {
  if (belonging === undefined) return [note('The peer belongs to no system yet.')];
  if (belonging !== 'damaged') return [];
  return [damage(`The row that says to which system the peer belongs is damaged. ${anew}.`)];
}

function ofJournal({ recovery, isTorn, end }: OfflineJournal, { trimmedTo, unknownRecords }: Examination): Symptom[] {
  const symptoms: Symptom[] = [];
  if (isTorn) {
    symptoms.push(
      note(
        `The journal has a torn end behind byte ${end}: what was being written when the peer ended. It was never acknowledged, and the next start takes it away.`,
      ),
    );
  }
  if (recovery.damagedUpTo > trimmedTo) {
    symptoms.push(
      damage(
        `The journal is damaged before byte ${recovery.damagedUpTo}: records that were synced are gone. ${refetch}.`,
      ),
    );
  } else if (recovery.damagedUpTo > 0) {
    symptoms.push(
      note(`The journal is damaged before byte ${recovery.damagedUpTo}, where nothing is needed any more.`),
    );
  }
  if (unknownRecords > 0) {
    symptoms.push(
      damage(
        `${unknownRecords} records of the journal are sound, but this version cannot read them: use the one that wrote them.`,
      ),
    );
  }
  return symptoms;
}

function ofCells({ cells, damagedCheckpoints }: Examination): Symptom[] {
  const symptoms: Symptom[] = [];
  if (damagedCheckpoints > 0) {
    symptoms.push(
      damage(`The list of cells has ${damagedCheckpoints} damaged rows: the peer cannot start from it. ${anew}.`),
    );
  }
  for (const { checkpoint, damagedRows, missingKeys, isBroken, end } of cells) {
    const { status, config } = checkpoint;
    const { cell } = config;
    if (damagedRows > 0) symptoms.push(damage(`Cell ${cell} has ${damagedRows} damaged rows. ${refetch}.`));
    if (missingKeys !== 0 && status === 'whole') {
      symptoms.push(
        damage(`Cell ${cell} has lost rows: ${Math.abs(missingKeys)} of them, and no checksum noticed. ${anew}.`),
      );
    }
    if (isBroken) {
      symptoms.push(damage(`The journal lacks records of cell ${cell} behind index ${end}. ${refetch}.`));
    }
    if (status === 'damaged') {
      symptoms.push(damage(`The peer had found cell ${cell} damaged itself, and was getting it again. ${refetch}.`));
    }
    if (status === 'installing') {
      symptoms.push(note(`Cell ${cell} was on its way here: its copy is not whole yet, and the next start goes on.`));
    }
  }
  return symptoms;
}

function note(text: string): Symptom {
  return { kind: 'note', text };
}

function damage(text: string): Symptom {
  return { kind: 'damage', text };
}
