import type { RingResident, RingSubject } from './ringSubject.ts';

/** What was last said of a peer. */
interface Said {
  readonly phase: string;
  readonly place: string;
}

/** Writes into the trace how peers of rings move and melt: their messages alone do not tell it. */
export class RingChronicle {
  readonly #subject: RingSubject;
  readonly #said = new Map<RingResident, Said>();

  constructor(subject: RingSubject) {
    this.#subject = subject;
  }

  /** Looks at those who changed with the last event. */
  look(): void {
    for (const one of this.#subject.changed) {
      if (this.#subject.isLiving(one)) this.#tell(one);
      else this.#said.delete(one);
    }
  }

  #tell(one: RingResident): void {
    const { universe } = this.#subject;
    const { host, view } = one;
    const said = this.#said.get(one);
    const place = `between ${view.predecessor?.address ?? 'nobody'} and ${view.successor?.address ?? 'nobody'}`;
    if (said?.place !== place) universe.note(host.name, 'moved', () => place);
    if (said?.phase !== view.phase) universe.note(host.name, 'phase', () => `${said?.phase ?? 'new'} > ${view.phase}`);
    if (said?.place !== place || said.phase !== view.phase) this.#said.set(one, { phase: view.phase, place });
  }
}
