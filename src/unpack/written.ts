import { blocksIn } from './blocks';
import type { Reader } from './contract';

/** Files that are written as text, in a file of their own. */
export const written: Reader = {
  id: 'written',
  reads: ({ mime }) => mime === 'text/x-uuencode' || mime === 'text/x-yenc',
  members: (piece, { signal }) => blocksIn(piece, 0, piece.size, signal),
};
