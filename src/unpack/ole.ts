import type { Reader } from './contract';
import { msiName } from './msi-names';
import { openPackage } from './office-package';
import { openOlePackage } from './ole-package';
import { openOle } from './ole-storage';
import { createTurns } from './turns';
import { createVba } from './vba';

const TYPES = new Set([
  'application/encrypted',
  'application/x-ole-storage',
  'application/msword',
  'application/vnd.ms-excel',
  'application/vnd.ms-powerpoint',
  'application/vnd.visio',
  'application/x-msi',
]);

/** Reads OLE compound files: Office documents up to 2003, encrypted ones since, macros, and Windows installers. */
export const ole: Reader = {
  id: 'ole',
  reads: ({ mime }) => TYPES.has(mime),
  members: async function* (container, context) {
    const turns = createTurns(context.signal);
    const storage = openOle(container);
    const macrosIn = createVba(storage);
    for (const stream of storage.streams) {
      await turns.next();
      if (stream.name === 'EncryptedPackage') {
        yield openPackage(storage, stream, context, turns);
        continue;
      }
      yield {
        name: msiName(stream.path),
        size: stream.size,
        open: async function* () {
          for (const bytes of storage.read(stream)) {
            yield bytes;
            await turns.next();
          }
        },
      };
      if (stream.name === '\x01Ole10Native') yield openOlePackage(storage, stream);
      yield* macrosIn(stream);
    }
    if (storage.cut) yield { why: 'unsupported', message: 'It has more streams than are looked at.' };
  },
};
