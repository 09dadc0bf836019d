import { isUtf8 } from 'node:buffer';
import type { FileType } from '../core/findings';
import { PGP } from './sealed';

const text = (mime: string, description: string): FileType => ({ mime, description, container: false });

/** Text formats by how they begin, the first that fits. */
const BEGINNINGS: [RegExp, FileType][] = [
  [/^#!/, text('text/x-script', 'Script')],
  [/^%!PS/, text('application/postscript', 'PostScript document')],
  [/^-----BEGIN PGP MESSAGE/, PGP],
  [/^-----BEGIN /, text('application/x-pem-file', 'PEM text')],
  [/^\s*<!doctype html|^\s*<html/i, text('text/html', 'HTML document')],
  [
    /^\s*(<\?[^>]*>\s*|<!--((?!-->)[\s\S])*-->\s*|<!doctype\s([^>[]|\[[^\]]*\])*>\s*)*<svg/i,
    text('image/svg+xml', 'SVG image'),
  ],
  [/^\s*<\?xml/, text('text/xml', 'XML document')],
  [
    /^begin(-base64\S*)? +[0-7]{3,6} +\S/,
    { mime: 'text/x-uuencode', description: 'File written as text (uuencode)', container: true },
  ],
  [/^<\?php/i, text('text/x-php', 'PHP script')],
];

/** How much of the beginning must be text, and how much of it tells which text. Bytes. */
const SAMPLE = 4096;
const START = 1024;
/** From this many bytes on, text in an older encoding is told from bytes that happen to hold no control characters. */
const LEGACY = 128;

// A character that the sample's end cut in two does not make the text binary.
const isText = (sample: Uint8Array, cut: boolean): boolean =>
  isUtf8(sample) || (cut && [1, 2, 3].some((n) => isUtf8(sample.subarray(0, sample.length - n))));

// Tab, line feed, vertical tab, form feed, carriage return and escape occur in text; the others do not.
const BINARY = /[\x00-\x08\x0e-\x1a\x1c-\x1f]/;

/** Which UTF-16 a text is in: by its mark, or by the `<` of markup without one (as XML parsers tell it, XML 1.0, F.1; browsers where it is `<?x`, WHATWG HTML, 13.2.3.2). */
export const utf16Of = ([a, b, c, d]: Uint8Array): 'utf-16le' | 'utf-16be' | undefined => {
  if ((a === 0xff && b === 0xfe) || (a === 0x3c && b === 0 && c !== 0 && d === 0)) return 'utf-16le';
  if ((a === 0xfe && b === 0xff) || (a === 0 && b === 0x3c && c === 0 && d !== 0)) return 'utf-16be';
  return undefined;
};

const decode = (head: Uint8Array): string | undefined => {
  const utf16 = utf16Of(head);
  const sample = head.subarray(0, SAMPLE);
  if (utf16 !== undefined) return new TextDecoder(utf16).decode(sample);
  // Without control characters, what is not UTF-8 is text in an older encoding, unless it is too short to say.
  if (sample.length < LEGACY && !isText(sample, head.length > SAMPLE)) return undefined;
  return Buffer.from(sample.buffer, sample.byteOffset, sample.byteLength).toString('latin1');
};

/**
 * Tells text by the beginning of a file; undefined for what is not text.
 * Text is UTF-8, UTF-16 with a byte order mark, or an older encoding, without control characters.
 */
export const identifyText = (head: Uint8Array): FileType | undefined => {
  const sample = decode(head);
  if (sample === undefined || BINARY.test(sample)) return undefined;
  // The mark as UTF-16 decodes it, and as UTF-8's three bytes look in Latin-1.
  const start = sample.slice(0, START).replace(/^(\uFEFF|\xef\xbb\xbf)/, '');
  for (const [beginning, type] of BEGINNINGS) if (beginning.test(start)) return type;
  if (/^\s*[{[]/.test(start) && /^\s*(\{\s*("|\}|$)|\[\s*(["{[\d\]tfn-]|$))/.test(start))
    return text('application/json', 'JSON text');
  return text('text/plain', 'Text');
};
