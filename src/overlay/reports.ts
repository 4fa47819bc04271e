import { assert } from '../base/index.ts';
import { mix } from './hash.ts';
import type { Report } from './messages.ts';
import { type Sections, sectionOf } from './sections.ts';

/** What an observer finds: its subject answers, it is silent, it counts as gone. */
export type Finding = 0 | 1 | 2;
export const isThere = 0;
export const isSilent = 1;
export const isGone = 2;

const kinds = 3;

interface Found {
  readonly statement: number;
  /** For each circle how often its observer changed its mind, in the order there, silent, gone, there again. */
  readonly changes: number[];
}

/**
 * What the observers say of their subjects. Each writes one number, which only grows and says its finding by what is
 * left when it is divided by three: of two numbers the greater is the later, so that nothing is counted twice and what
 * was withdrawn stays so, in whatever order the reports come. All belong to one statement of the subject: when it says
 * something new, all begin anew.
 */
export class Reports {
  readonly #found = new Map<number, Found>();
  readonly #sections: Sections;

  constructor(sections: Sections) {
    this.#sections = sections;
  }

  /** The lives that somebody does not find there. */
  get lives(): number[] {
    const isBad = ({ changes }: Found): boolean => changes.some((count) => count % kinds !== isThere);
    return [...this.#found].flatMap(([life, found]) => (isBad(found) ? [life] : []));
  }

  finding(life: number, circle: number): Finding {
    return ((this.#found.get(life)?.changes[circle] ?? 0) % kinds) as Finding;
  }

  /** An observer says what it found. True if that was not said yet. */
  say(life: number, statement: number, circle: number, finding: Finding): boolean {
    const said = this.#found.get(life);
    const known = said !== undefined && said.statement >= statement ? said : undefined;
    if (known === undefined && finding === isThere) return this.clearOlder(life, statement);
    const changes = known?.changes.slice() ?? [];
    while (changes.length <= circle) changes.push(0);
    const before = changes[circle]!;
    if (before % kinds === finding) return false;
    changes[circle] = before + ((finding - (before % kinds) + kinds) % kinds);
    assert(changes[circle]! > before, 'MEM-7: an observer says something new with an old number');
    this.#put(life, { statement: known?.statement ?? statement, changes });
    return true;
  }

  /** Takes over what another peer knows. True if something in it is new. */
  merge({ life, statement, findings }: Report): boolean {
    const known = this.#found.get(life);
    if (known !== undefined && known.statement > statement) return false;
    const isSame = known !== undefined && known.statement === statement;
    const changes = isSame ? known.changes.slice() : [];
    let isNew = false;
    findings.forEach((count, circle) => {
      while (changes.length <= circle) changes.push(0);
      if (count <= changes[circle]!) return;
      changes[circle] = count;
      isNew = true;
    });
    if (isNew) this.#put(life, { statement, changes });
    return isNew;
  }

  /** The subject has said something new: what was found before does not count. True if there was anything. */
  clearOlder(life: number, statement: number): boolean {
    const known = this.#found.get(life);
    if (known === undefined || known.statement >= statement) return false;
    this.forget(life);
    return true;
  }

  forget(life: number): void {
    this.#put(life, undefined);
  }

  /** What is known in some sections. */
  within(wanted: ReadonlySet<number>): Report[] {
    return [...this.#found.keys()].filter((life) => wanted.has(sectionOf(life))).map((life) => this.report(life)!);
  }

  report(life: number): Report | undefined {
    const found = this.#found.get(life);
    return found && { life, statement: found.statement, findings: found.changes };
  }

  #put(life: number, found: Found | undefined): void {
    const before = this.#found.get(life);
    if (before !== undefined) this.#sections.toggle(life, digestOf(before));
    if (found === undefined) this.#found.delete(life);
    else this.#found.set(life, found);
    if (found !== undefined) this.#sections.toggle(life, digestOf(found));
  }
}

function digestOf({ statement, changes }: Found): number {
  return changes.reduce(
    (digest, count, circle) => (count === 0 ? digest : digest ^ mix(count, circle)),
    mix(statement, 0),
  );
}
