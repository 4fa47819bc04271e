/** Store: the way to the cells, and transactions over several of them. */
export { Access, type Call, type CommitWay, type Reply } from './access.ts';
export { EventualFigures } from './eventualFigures.ts';
export { type ChangesAnswer, changesCommand, type Passed, type Piece, Pursuit, rangeBehind } from './pursuit.ts';
export { Router } from './router.ts';
export { Routes } from './routes.ts';
