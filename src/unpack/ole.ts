import type { Reader } from './contract';
import { openPackage } from './office-package';
import { openOle } from './ole-storage';
import { createTurns } from './turns';

const TYPES = new Set([
  'application/encrypted',
  'application/x-ole-storage',
  'application/CDFV2',
  'application/msword',
  'application/vnd.ms-excel',
  'application/vnd.ms-powerpoint',
  'application/x-msi',
]);

/** Reads OLE compound files: Office documents up to 2003, encrypted ones since, and Windows installers. */
export const ole: Reader = {
  id: 'ole',
  reads: ({ mime }) => TYPES.has(mime),
  members: async function* (container, context) {
    const turns = createTurns(context.signal);
    const storage = openOle(container);
    for (const stream of storage.streams) {
      await turns.next();
      if (stream.name === 'EncryptedPackage') yield openPackage(storage, stream, context, turns);
    }
  },
};
