/** Api: what goes over HTTP, as types that both ends share. */
export type { CellReport, FigureReport, PeerReport, SelfReport, StatusReport } from './status.ts';
