import type { Reader } from './contract';
import { readEncryptedPdf } from './pdf-encrypted';

/** Reads PDF documents. */
export const pdf: Reader = {
  id: 'pdf',
  reads: ({ mime }) => mime === 'application/pdf',
  members: async function* (container, context) {
    const encrypted = await readEncryptedPdf(container, context);
    if (encrypted !== 'plain') yield encrypted;
  },
};
