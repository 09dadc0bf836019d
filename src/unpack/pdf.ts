import type { Reader } from './contract';
import { readAttachments } from './pdf-attachments';
import { readEncryptedPdf } from './pdf-encrypted';
import { lookAtPdf } from './pdf-look';
import { createObjects } from './pdf-objects';
import { createTurns } from './turns';

/**
 * Reads PDF documents: what is embedded in them, their scripts, and an encrypted one without its encryption. Sloppy ones that every
 * program opens are no trouble; one is only where something in it could not be read.
 */
export const pdf: Reader = {
  id: 'pdf',
  reads: ({ mime }) => mime === 'application/pdf',
  members: async function* (container, context) {
    const turns = createTurns(context.signal);
    const objects = createObjects(container, turns);
    const look = await lookAtPdf(container, objects, turns);
    if (look.encrypted) {
      const document = await readEncryptedPdf(container, context);
      if (document !== 'plain') {
        yield document;
        return;
      }
    }
    if (look.orphaned)
      yield { why: 'damaged', message: 'It is encrypted, and the part of it that says so is missing.' };
    if (look.worthReading) yield* readAttachments(container, objects);
  },
};
