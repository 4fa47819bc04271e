import { unreachable } from '../base/index.ts';
import { component, type Ref } from '../component/index.ts';
import { Durability, type JournalPosition } from './storage.ts';

/** What a disk tells the peer that it belongs to. */
export type DiskReport =
  | { readonly kind: 'durable'; readonly upTo: JournalPosition }
  | { readonly kind: 'committed'; readonly ticket: number }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'full'; readonly reason: string }
  | { readonly kind: 'resumed' };

/** A disk as the component of its port sees it. */
export interface ReportingDisk {
  listen(reports: Ref<DiskReport>): void;
  /** From now on reads answer from this commit: called when it is indicated. */
  reveal(ticket: number): void;
}

/** The durability port of both worlds, over their disks. */
export function durabilityOver(disk: ReportingDisk) {
  return component('durability', {
    provides: { durability: Durability },
    setup: (context) => {
      const { emit } = context.provides.durability;
      const hear = (report: DiskReport): void => {
        switch (report.kind) {
          case 'durable':
            emit.durable({ upTo: report.upTo });
            break;
          case 'committed':
            disk.reveal(report.ticket);
            emit.committed({ ticket: report.ticket });
            break;
          case 'failed':
            emit.failed({ reason: report.reason });
            break;
          case 'full':
            emit.full({ reason: report.reason });
            break;
          case 'resumed':
            emit.resumed();
            break;
          default:
            unreachable(report);
        }
      };
      disk.listen(context.ref(hear));
    },
  });
}
