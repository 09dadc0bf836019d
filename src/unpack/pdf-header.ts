import type { Piece } from '../content/piece';

/** Readers take a document whose header lies within so many bytes, and look as far from the end for its mark (PDF Reference 1.7, H.3.4.1 and H.3.4.4 "implementation notes"). */
const NEAR = 1024;

const latin = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');

/** Where a PDF document begins that lies behind something short; undefined when there is none. */
export const startOfPdf = (piece: Piece): number | undefined => {
  const at = latin(piece.bytes(0, NEAR)).search(/%PDF-[12]\.\d/);
  if (at <= 0) return undefined;
  return latin(piece.bytes(Math.max(0, piece.size - NEAR), piece.size)).includes('startxref') ? at : undefined;
};
