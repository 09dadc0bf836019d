import type { Trouble } from '../core/findings';
import type { Member, Reader } from './contract';
import { PROPERTY, TYPE } from './mapi';
import type { OleEntry } from './ole-directory';
import { type OleStorage, openOle } from './ole-storage';
import { decompressRtf } from './rtf-compressed';
import { createTurns } from './turns';

const hex = (id: number) => id.toString(16).padStart(4, '0').toUpperCase();
const streamName = (id: number, type: number) => `__substg1.0_${hex(id)}${hex(type)}`;
/** A property that is a stream, by its id and type; more values of one add a number (MS-OXMSG 2.1.3, 2.1.4). */
const PROPERTY_STREAM = /^__substg1\.0_([0-9A-F]{4})([0-9A-F]{4})(?:-[0-9A-F]{8})?$/i;
/** What an attachment that is an object, such as another message, lies in (MS-OXMSG 2.2.2.1). */
const OBJECT = streamName(PROPERTY.data, TYPE.object);
const ATTACHMENT = /^__attach_version1\.0_/i;
/** Lists of names and properties of a fixed length, people the message goes to. */
const NO_CONTENT = /(^|\/)(__nameid_version1\.0|__recip_version1\.0_[^/]*)\/|(^|\/)__properties_version1\.0$/i;
/** The keys and ids that many other properties are, are shorter than this. Bytes. */
const LEAST = 1024;
const LONGEST_NAME = 64 * 1024;

const BODIES: { [id: number]: string } = {
  [PROPERTY.body]: 'message.txt',
  [PROPERTY.html]: 'message.html',
  [PROPERTY.rtf]: 'message.rtf',
  [PROPERTY.rendering]: 'icon.wmf',
};

export const isMessage = (storage: OleStorage): boolean => storage.find('', '__properties_version1.0') !== undefined;

/** Text as UTF-8, which every engine reads. */
async function* toUtf8(chunks: AsyncIterable<Uint8Array>) {
  const decoder = new TextDecoder('utf-16le');
  for await (const chunk of chunks) yield Buffer.from(decoder.decode(chunk, { stream: true }));
  const rest = decoder.decode();
  if (rest !== '') yield Buffer.from(rest);
}

/**
 * Messages that Outlook saved (MS-OXMSG): their text and attachments. What a message within the message holds comes out here too, in a
 * folder with its name, for it is no file of its own.
 */
export const msg: Reader = {
  id: 'msg',
  reads: ({ mime }) => mime === 'application/vnd.ms-outlook',
  members: async function* (container, { signal }): AsyncGenerator<Member | Trouble> {
    const turns = createTurns(signal);
    const storage = openOle(container);
    const read = async function* (stream: OleEntry) {
      for (const bytes of storage.read(stream)) {
        yield bytes;
        await turns.next();
      }
    };
    const text = (folder: string, id: number): string | undefined => {
      for (const [type, encoding] of [
        [TYPE.unicode, 'utf16le'],
        [TYPE.string, 'latin1'],
      ] as const) {
        const stream = storage.find(folder, streamName(id, type));
        const name = stream && storage.part(stream, 0, LONGEST_NAME).toString(encoding).replace(/\0.*$/s, '');
        if (name) return name;
      }
      return undefined;
    };

    const names = new Map<string, string>([['', '']]);
    /** The names of the attachments that a storage lies in; other storages keep their own. */
    const nameOf = (path: string): string => {
      const known = names.get(path);
      if (known !== undefined) return known;
      const at = path.lastIndexOf('/');
      const own = path.slice(at + 1);
      const outer = nameOf(path.slice(0, Math.max(at, 0)));
      const named = ATTACHMENT.test(own)
        ? ([PROPERTY.longName, PROPERTY.shortName, PROPERTY.displayName].map((id) => text(path, id)).find(Boolean) ??
          `attachment-${Number.parseInt(own.slice(-8), 16) + 1}`)
        : own;
      const name = own.toUpperCase() === OBJECT.toUpperCase() ? outer : [outer, named].filter(Boolean).join('/');
      names.set(path, name);
      return name;
    };
    const within = (stream: OleEntry, own: string) => [nameOf(stream.storage), own].filter(Boolean).join('/');

    for (const stream of storage.streams) {
      await turns.next();
      if (NO_CONTENT.test(stream.path)) continue;
      const [, id, type] = PROPERTY_STREAM.exec(stream.name) ?? [];
      const property = id === undefined ? undefined : Number.parseInt(id, 16);
      const body = property === undefined ? undefined : BODIES[property];
      const open = () => read(stream);
      if (property === PROPERTY.data) yield { name: nameOf(stream.storage), size: stream.size, open };
      else if (property === PROPERTY.rtf)
        yield { name: within(stream, 'message.rtf'), open: () => decompressRtf(open()) };
      else if (body !== undefined && type !== undefined && Number.parseInt(type, 16) === TYPE.unicode)
        yield { name: within(stream, body), open: () => toUtf8(open()) };
      else if (body !== undefined || property === undefined || stream.size >= LEAST)
        yield { name: within(stream, body ?? stream.name), size: stream.size, open };
    }
    if (storage.cut) yield { why: 'unsupported', message: 'It has more streams than are looked at.' };
  },
};
