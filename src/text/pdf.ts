import { getDocumentProxy } from 'unpdf';
import type { Piece } from '../content/piece';
import { unread } from './unread';

/** A document is in memory as a whole, several times over. Bytes. */
const LARGEST = 64 * 1024 * 1024;
const MB = 1024 * 1024;
/** More pages than this are no document that somebody reads. */
const MOST_PAGES = 20_000;

type Document = Awaited<ReturnType<typeof getDocumentProxy>>;
type Page = Awaited<ReturnType<Document['getPage']>>;

const open = async (bytes: Uint8Array): Promise<Document | undefined> => {
  try {
    // A copy, for what it is given is gone afterwards; and not as a Buffer, which it refuses.
    return await getDocumentProxy(new Uint8Array(bytes), {
      verbosity: 0,
      disableFontFace: true,
      useSystemFonts: false,
      stopAtErrors: false,
    });
  } catch (error) {
    // What is in a locked one is read when it was opened; that nobody could open it is told of it elsewhere.
    if (error instanceof Error && error.name === 'PasswordException') return undefined;
    throw unread('failed', `its pages cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
};

const textOf = async (page: Page): Promise<string> => {
  const { items } = await page.getTextContent();
  return items.map((item) => ('str' in item ? item.str + (item.hasEOL ? '\n' : '') : '')).join('');
};

/** What was filled into a form, and notes. */
const notesOn = async (page: Page): Promise<string> => {
  const notes: { fieldValue?: unknown; contentsObj?: { str?: string } }[] = await page.getAnnotations();
  return notes
    .flatMap(({ fieldValue, contentsObj }) => [fieldValue, contentsObj?.str])
    .filter((text) => typeof text === 'string' && text !== '')
    .join('\n');
};

/** The operators that paint a picture, by their numbers in pdf.js (OPS). */
const PAINTS = new Set([83, 85, 86, 88, 89]);
const showsPicture = async (page: Page): Promise<boolean> =>
  (await page.getOperatorList()).fnArray.some((operator: number) => PAINTS.has(operator));

const infoOf = async (document: Document): Promise<string> => {
  const { info } = await document.getMetadata();
  return Object.values(info)
    .filter((value) => typeof value === 'string')
    .join('\n');
};

/** The text of a PDF's pages, with its forms, notes and description. Pages that are nothing but pictures keep it from being read whole. */
export async function* pdf(piece: Piece, signal: AbortSignal): AsyncGenerator<string> {
  if (piece.size > LARGEST)
    throw unread('skipped', `it is larger than the ${LARGEST / MB} MB up to which the text of a PDF is read`);
  const document = await open(piece.whole ?? piece.bytes(0, piece.size));
  if (document === undefined) return;
  let pictures = 0;
  let broken = 0;
  try {
    yield `${await infoOf(document).catch(() => '')}\n`;
    const pages = Math.min(document.numPages, MOST_PAGES);
    for (let number = 1; number <= pages; number++) {
      signal.throwIfAborted();
      try {
        const page = await document.getPage(number);
        const text = await textOf(page);
        yield `${text}\n${await notesOn(page)}\n`;
        if (text.trim() === '' && (await showsPicture(page))) pictures += 1;
        page.cleanup();
      } catch (error) {
        signal.throwIfAborted();
        broken += 1;
        if (broken > 100) throw error;
      }
    }
    if (document.numPages > pages) throw unread('skipped', `it has more than the ${pages} pages that are read`);
    if (broken > 0) throw unread('failed', `${broken} of its pages cannot be read`);
    if (pictures > 0) throw unread('skipped', `${pictures} of its pages hold pictures and no text`);
  } finally {
    await document.loadingTask.destroy();
  }
}
