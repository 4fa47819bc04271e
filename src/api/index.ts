/** Api: what goes over HTTP, as types that both ends share. */
export type { NodeReport, NodesReport } from './components.ts';
export type {
  CellReport,
  CopyReport,
  DegreeReport,
  FigureReport,
  PeerReport,
  SelfReport,
  StatusReport,
} from './status.ts';
