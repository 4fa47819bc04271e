/** Archive: what a store holds, as a stream of pieces with checksums: the form of backups. */
export { archiveMagic, archiveMagics, pieceBytesGoal } from './limits.ts';
export { type ArchivedCell, type Piece, PieceWriter } from './piece.ts';
export { PieceReader } from './pieceReader.ts';
