import type { Removed } from '../core/sanitized';
import { isClickable } from './address';

/** Types of record (MS-PPT 2.13.24, MS-ODRAW). */
const VIDEO = 0x1005;
const HYPERLINK = 0xfd7;
const INTERACTION = 0xff2;
const INTERACTION_ATOM = 0xff3;
const TEXT = 0xfba;
const MACROS = 0x400;
const OBJECT = 0x1011;
const LINK = 0xfd1;
const DIRECTORY = 0x1772;
const EDIT = 0xff5;
const SESSION = 0x2f14;
const PROPERTIES = 0xf00b;
const LINKED_SOUND = 0x1013;
/** What a click or the pointer does: run a macro, a program, or an embedded object (MS-PPT 2.6.2). */
const RUNNING = new Set([1, 2, 5]);
/** Of a target that is another file, and of a name by which a picture is fetched: MS-ODRAW 2.3.23.5, 2.3.7.7, 2.3.8.8. */
const PICTURE_NAMES = new Set([0x105, 0x187, 0x1c7]);
const ON_CALL = 3;
const ENCRYPTED = 0xf3d1c4df;
const HEAD = 8;
const DEEPEST = 50;
const CONTAINER = 0xf;

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const textOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf16le');
const blank = (text: Uint8Array): void => {
  for (let i = 0; i < text.length; i++) text[i] = i % 2 === 0 ? 0x20 : 0;
};

interface Record {
  type: number;
  instance: number;
  isContainer: boolean;
  data: Uint8Array;
  /** The types and instances of what it lies in, the nearest last. */
  within: Pick<Record, 'type' | 'instance'>[];
}

/** A path of another computer, or an address. */
const isElsewhere = (name: string): boolean => /^\\\\|^\/\/|:\/\//.test(name);

/** Properties of a drawing: six bytes each, and behind them the texts of those that have some (MS-ODRAW 2.2.7). */
const clearProperties = ({ instance, data }: Record, tell: Tell): void => {
  const view = viewOf(data);
  let text = instance * 6;
  for (let at = 0; at + 6 <= Math.min(data.length, instance * 6); at += 6) {
    const id = view.getUint16(at, true);
    if ((id & 0x8000) === 0) continue;
    const name = data.subarray(text, text + view.getUint32(at + 2, true));
    text += name.length;
    if (!PICTURE_NAMES.has(id & 0x3fff) || !isElsewhere(textOf(name))) continue;
    tell('external link', textOf(name));
    blank(name);
  }
};

type Tell = (what: Removed['what'], where: string) => void;

/** Takes out of one record, in place, what acts. */
const clearRecord = (record: Record, tell: Tell): void => {
  const { type, instance, data, within } = record;
  const { type: parent, instance: parentInstance } = within.at(-1) ?? { type: 0, instance: 0 };
  const view = viewOf(data);
  switch (type) {
    case MACROS: {
      // Where they are, and whether there are any; then the version of the record (MS-PPT 2.4.11).
      const place = data.subarray(0, 8);
      if (place.some((byte) => byte !== 0)) tell('macro', 'VBA');
      place.fill(0);
      break;
    }
    case OBJECT:
      if (data.some((byte) => byte !== 0)) tell('embedded object', 'an object');
      data.fill(0);
      break;
    case LINK:
      if (data.length < 8 || view.getUint32(4, true) === ON_CALL) break;
      tell('external link', 'a linked object');
      view.setUint32(4, ON_CALL, true);
      break;
    case INTERACTION_ATOM: {
      const action = data[8] ?? 0;
      // The second kind of interaction is that the pointer passes over it.
      if (action === 0 || (!RUNNING.has(action) && parentInstance !== 1)) break;
      tell('action', 'an interaction');
      data[8] = 0;
      break;
    }
    case TEXT: {
      const text = textOf(data);
      const isLinked = parent === VIDEO || parent === LINKED_SOUND || (parent === HYPERLINK && instance !== 0);
      if (text.trim() === '') break;
      if (parent === INTERACTION) blank(data);
      else if (isLinked && (parent === HYPERLINK ? !isClickable(text) && /[\\/:]/.test(text) : isElsewhere(text))) {
        tell('external link', text);
        blank(data);
      }
      break;
    }
    case PROPERTIES:
      clearProperties(record, tell);
      break;
    case SESSION:
      throw new Error('It is encrypted.');
  }
};

const damaged = () => new Error('Its records are damaged.');

/** The offset of the newest edit, by the stream that says so (MS-PPT 2.3.2). @throws when it is encrypted or damaged */
const newestEdit = (user: Uint8Array | undefined): number => {
  if (user === undefined || user.length < 20) throw damaged();
  if (viewOf(user).getUint32(12, true) === ENCRYPTED) throw new Error('It is encrypted.');
  return viewOf(user).getUint32(16, true);
};

/**
 * Takes out of a PowerPoint presentation's stream, in place, what acts. All records are gone through that follow one another from the
 * beginning, and all that the directories of its edits lead to: programs go by these.
 * @param user the stream "Current User"
 * @throws when it is encrypted or damaged
 */
export const clearPresentation = (stream: Uint8Array, user: Uint8Array | undefined, removed: Removed[]): void => {
  const view = viewOf(stream);
  const tell: Tell = (what, where) => void removed.push({ what, where: where.replaceAll('\0', '').slice(0, 200) });
  const seen = new Set<number>();
  const due = [newestEdit(user)];

  const visit = (at: number, end: number, within: Record['within']): number => {
    if (at + HEAD > end || within.length > DEEPEST) throw damaged();
    const head = view.getUint16(at, true);
    const [type, length] = [view.getUint16(at + 2, true), view.getUint32(at + 4, true)];
    const next = at + HEAD + length;
    if (next > end) throw damaged();
    if (seen.has(at)) return next;
    seen.add(at);
    const data = stream.subarray(at + HEAD, next);
    const record = { type, instance: head >> 4, isContainer: (head & 0xf) === CONTAINER, data, within };
    if (type === EDIT && length >= 16)
      due.push(view.getUint32(at + HEAD + 8, true), view.getUint32(at + HEAD + 12, true));
    if (type === DIRECTORY) due.push(...offsetsIn(data));
    clearRecord(record, tell);
    if (record.isContainer) for (let inner = at + HEAD; inner < next; ) inner = visit(inner, next, [...within, record]);
    return next;
  };

  for (let at = 0; at < stream.length; ) at = visit(at, stream.length, []);
  for (let at = due.pop(); at !== undefined; at = due.pop())
    if (at !== 0 && !seen.has(at)) visit(at, stream.length, []);
};

/** Where objects begin: runs of offsets, each behind a number whose upper twelve bits say how many (MS-PPT 2.3.5). */
function* offsetsIn(data: Uint8Array): Generator<number> {
  const view = viewOf(data);
  for (let at = 0; at + 4 <= data.length; ) {
    const count = view.getUint32(at, true) >>> 20;
    at += 4;
    for (let i = 0; i < count && at + 4 <= data.length; i++, at += 4) yield view.getUint32(at, true);
  }
}
