import {
  PDFArray,
  PDFBool,
  PDFDict,
  PDFDocument,
  PDFHexString,
  PDFName,
  type PDFObject,
  PDFRawStream,
  PDFStream,
  PDFString,
} from 'pdf-lib';
import type { Removed } from '../core/sanitized';
import { isClickable } from './address';
import type { Sanitizer } from './contract';

/** Actions that run, open, fetch or send something (ISO 32000-2, 12.6.4). */
const ACTING: { [name: string]: Removed['what'] } = {
  JavaScript: 'script',
  Launch: 'action',
  SubmitForm: 'form',
  ImportData: 'form',
  GoToR: 'external link',
  GoToE: 'attachment',
  Thread: 'external link',
  Rendition: 'action',
  Movie: 'action',
  Sound: 'action',
  RichMediaExecute: 'script',
  GoTo3DView: 'action',
};

/** Annotations that hold or play something, and pictures that are programs in PostScript. */
const HOLDING: { [name: string]: Removed['what'] } = {
  FileAttachment: 'attachment',
  RichMedia: 'embedded object',
  Screen: 'embedded object',
  Movie: 'embedded object',
  Sound: 'embedded object',
  '3D': 'embedded object',
  PS: 'script',
};

/** Keys under which something acts, or lies, wherever they stand. */
const KEYS: { [key: string]: Removed['what'] } = {
  AA: 'action',
  OpenAction: 'action',
  JS: 'script',
  EF: 'attachment',
  AF: 'attachment',
  XFA: 'form',
  RichMediaContent: 'embedded object',
  JavaScript: 'script',
  EmbeddedFiles: 'attachment',
  Ref: 'external link',
  OPI: 'external link',
  PieceInfo: 'embedded object',
};

const nameIn = (dict: PDFDict, key: string): string | undefined => {
  const value = dict.lookup(PDFName.of(key));
  return value instanceof PDFName ? value.decodeText() : undefined;
};

const textIn = (dict: PDFDict, key: string): string => {
  const value = dict.lookup(PDFName.of(key));
  return value instanceof PDFString || value instanceof PDFHexString ? value.decodeText() : '';
};

const isOutsideLink = (dict: PDFDict): boolean => nameIn(dict, 'S') === 'URI' && !isClickable(textIn(dict, 'URI'));

/** Empties what acts, in one dictionary. */
const clearDict = (dict: PDFDict, removed: Removed[]): void => {
  const action = nameIn(dict, 'S') ?? '';
  const annotation = nameIn(dict, 'Subtype') ?? '';
  const what = ACTING[action] ?? (isOutsideLink(dict) ? 'external link' : HOLDING[annotation]);
  if (what !== undefined) {
    removed.push({ what, where: action || annotation });
    for (const key of dict.keys()) dict.delete(key);
    return;
  }
  for (const [key, found] of Object.entries(KEYS)) {
    // A document may also open at a place of its own.
    const isPlace = key === 'OpenAction' && dict.lookup(PDFName.of(key)) instanceof PDFArray;
    if (dict.delete(PDFName.of(key)) && !isPlace) removed.push({ what: found, where: key });
  }
};

/** Empties what acts, in an object and all that lies in it. What it refers to is gone through by itself. */
const clearObject = (object: PDFObject, removed: Removed[], depth = 0): void => {
  if (depth > 100) throw new Error('Its objects lie deeper in one another than is looked through.');
  if (object instanceof PDFStream) {
    clearDict(object.dict, removed);
    // Its content lies in another file (ISO 32000-2, 7.3.8.2).
    if (object instanceof PDFRawStream && object.dict.delete(PDFName.of('F')))
      removed.push({ what: 'external link', where: 'F' });
    for (const value of object.dict.values()) clearObject(value, removed, depth + 1);
    return;
  }
  if (object instanceof PDFDict) {
    clearDict(object, removed);
    for (const value of object.values()) clearObject(value, removed, depth + 1);
  }
  if (object instanceof PDFArray) for (const value of object.asArray()) clearObject(value, removed, depth + 1);
};

/** Draws what was filled into a form, where that is left to the program that shows it: the form itself does not come along. */
const drawForm = (document: PDFDocument): void => {
  const form = document.catalog.lookup(PDFName.of('AcroForm'));
  if (form instanceof PDFDict && form.lookup(PDFName.of('NeedAppearances')) === PDFBool.True)
    document.getForm().updateFieldAppearances();
};

const load = (bytes: Uint8Array): Promise<PDFDocument> =>
  PDFDocument.load(bytes, { updateMetadata: false, throwOnInvalidObject: true }).catch((error) => {
    // What is enciphered looks damaged before its trailer says so.
    const isEncrypted = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes('/Encrypt');
    throw isEncrypted ? new Error('It is encrypted, and its copy would not be.') : error;
  });

/** PDF documents: the pages go into a new document; scripts, actions, attachments and forms' targets stay behind. */
export const pdf: Sanitizer = {
  id: 'pdf',
  sanitizes: ({ mime, encrypted }) => mime === 'application/pdf' && encrypted === undefined,
  sanitize: async (bytes, { signal }) => {
    const removed: Removed[] = [];
    const source = await load(bytes);
    for (const [, object] of source.context.enumerateIndirectObjects()) clearObject(object, removed);
    drawForm(source);
    signal.throwIfAborted();
    const target = await PDFDocument.create({ updateMetadata: false });
    for (const page of await target.copyPages(source, source.getPageIndices())) target.addPage(page);
    signal.throwIfAborted();
    return { content: await target.save({ updateFieldAppearances: false }), removed };
  },
};
