import type { Piece } from '../content/piece';
import type { Trouble } from '../core/findings';
import { type Member, type Reader, troubleOf } from './contract';
import { breathe, rangeOf } from './lines';
import { PROPERTY, type Property, propertiesIn, TYPE, textOf } from './mapi';
import { decompressRtf } from './rtf-compressed';

/** Attributes by their number, without their type (MS-OXTNEF 2.1.3.3). */
const ATTRIBUTE = {
  body: 0x800c,
  attachData: 0x800f,
  attachTitle: 0x8010,
  attachMetaFile: 0x8011,
  attachTransportName: 0x9001,
  attachRenderData: 0x9002,
  messageProperties: 0x9003,
  attachment: 0x9005,
};

const HEADER = 6;
/** Level, number, length; the content's checksum follows it. */
const ATTRIBUTE_HEADER = 9;
const CHECKSUM = 2;
const LONGEST_NAME = 64 * 1024;
/** An object begins with the identifier of what it is: a message or a storage of OLE (MS-OXTNEF 2.1.3.4). */
const OBJECT_ID = 16;
/** The contents of one attachment that wait for its name; hardly one has more than two. */
const MOST_WAITING = 64;

interface Attribute {
  number: number;
  start: number;
  end: number;
}

/** The attributes; one that goes beyond the end is there as far as it goes, and a trouble behind it. */
function* attributesIn(piece: Piece): Generator<Attribute | Trouble> {
  for (let at = HEADER; at + ATTRIBUTE_HEADER <= piece.size; ) {
    const header = Buffer.from(piece.bytes(at, at + ATTRIBUTE_HEADER));
    const start = at + ATTRIBUTE_HEADER;
    const end = start + header.readUInt32LE(5);
    const isLevel = header[0] === 1 || header[0] === 2;
    if (isLevel) yield { number: header.readUInt16LE(1), start, end: Math.min(end, piece.size) };
    if (!isLevel || end > piece.size)
      return yield { why: 'damaged', message: 'It ends in the middle of an attachment.' };
    at = end + CHECKSUM;
  }
}

/** Attachments of Outlook and Exchange that others see as `winmail.dat` (MS-OXTNEF), with the message's own text. */
export const tnef: Reader = {
  id: 'tnef',
  reads: ({ mime }) => mime === 'application/vnd.ms-tnef',
  members: async function* (piece, { signal }): AsyncGenerator<Member | Trouble> {
    const member = (name: string, start: number, end: number): Member => ({
      name,
      size: end - start,
      open: () => rangeOf(piece, start, end, signal),
    });
    let number = 0;
    let title: string | undefined;
    let longName: string | undefined;
    let waiting: [start: number, end: number][] = [];
    const attached = function* () {
      for (const [start, end] of waiting)
        yield member(longName ?? title ?? `attachment-${number}.bin`, Math.min(start, end), end);
      waiting = [];
    };
    const addProperty = (property: Property) => {
      const { id, type, start, end } = property;
      if (id === PROPERTY.longName) longName = textOf(piece, property, LONGEST_NAME);
      else if (id === PROPERTY.shortName || id === PROPERTY.displayName)
        title ??= textOf(piece, property, LONGEST_NAME);
      else if (id === PROPERTY.data) waiting.push([type === TYPE.object ? start + OBJECT_ID : start, end]);
    };
    const text = function* ({ id, start, end }: Property): Generator<Member> {
      if (id === PROPERTY.body) yield member('message.txt', start, end);
      if (id === PROPERTY.html) yield member('message.html', start, end);
      if (id === PROPERTY.rtf)
        yield { name: 'message.rtf', open: () => decompressRtf(rangeOf(piece, start, end, signal)) };
    };

    let count = 0;
    const turn = async () => {
      if (++count % 1000 === 0) await breathe(signal);
    };
    let damage: Trouble | undefined;
    for (const attribute of attributesIn(piece)) {
      await turn();
      if ('why' in attribute) {
        yield* attached();
        yield attribute;
        continue;
      }
      const { number: kind, start, end } = attribute;
      if (kind === ATTRIBUTE.attachRenderData || waiting.length >= MOST_WAITING) yield* attached();
      if (kind === ATTRIBUTE.attachRenderData) {
        number++;
        title = longName = undefined;
      } else if (kind === ATTRIBUTE.attachData) waiting.push([start, end]);
      else if (kind === ATTRIBUTE.attachMetaFile) yield member('icon.wmf', start, end);
      else if (kind === ATTRIBUTE.attachTitle || kind === ATTRIBUTE.attachTransportName)
        title ??= textOf(piece, { id: 0, type: TYPE.string, start, end }, LONGEST_NAME);
      else if (kind === ATTRIBUTE.body) yield member('message.txt', start, end);
      else if (kind === ATTRIBUTE.attachment || kind === ATTRIBUTE.messageProperties) {
        const isAttachment = kind === ATTRIBUTE.attachment;
        try {
          for (const property of propertiesIn(piece, start, end)) {
            await turn();
            if (isAttachment) addProperty(property);
            else yield* text(property);
            if (waiting.length >= MOST_WAITING) yield* attached();
          }
        } catch (error) {
          signal.throwIfAborted();
          damage ??= troubleOf(error);
        }
      }
    }
    yield* attached();
    if (damage !== undefined) yield damage;
  },
};
