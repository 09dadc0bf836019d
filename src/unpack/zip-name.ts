import { isUtf8 } from 'node:buffer';
import { crc32 } from 'node:zlib';
import { extraField, type Facts, FLAG } from './zip-record';

/** Bytes 0x80 to 0xff of IBM's code page 437, the encoding of names in a zip that does not say another (APPNOTE.TXT, appendix D). */
export const CP437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';

const UNICODE_PATH = 0x7075;

const fromCp437 = (bytes: Buffer): string => {
  let text = '';
  for (const byte of bytes) text += byte < 0x80 ? String.fromCharCode(byte) : CP437[byte - 0x80];
  return text;
};

// The field counts only while it belongs to the name that is there (APPNOTE.TXT 4.6.9).
const unicodePath = ({ name, extra }: Facts): string | undefined => {
  const field = extraField(extra, UNICODE_PATH);
  if (field === undefined || field.length < 5 || field.readUInt32LE(1) !== crc32(name)) return undefined;
  return field.toString('utf8', 5);
};

/** A member's name as text. Many tools write UTF-8 without saying so. */
export const nameOf = (facts: Facts): string => {
  const { name, flags, extra } = facts;
  const path = extra.length > 0 ? unicodePath(facts) : undefined;
  if (path !== undefined) return path;
  return (flags & FLAG.utf8) !== 0 || isUtf8(name) ? name.toString('utf8') : fromCp437(name);
};
