/** What two single-byte encodings hold from 0x80 on, up to where they are as Latin-1 (ISO 32000-2, D.2; Windows code page 1252). */
const PDF_DOC = '•†‡…—–ƒ⁄‹›−‰„“”‘’‚™ﬁﬂŁŒŠŸŽıłœšž\ufffd€';
const CP1252 = '€\ufffd‚ƒ„…†‡ˆ‰Š‹Œ\ufffdŽ\ufffd\ufffd‘’“”•–—˜™š›œ\ufffdžŸ';

const encode = (password: string, from0x80: string): Uint8Array | undefined => {
  const bytes: number[] = [];
  for (const letter of password) {
    const special = from0x80.indexOf(letter);
    const code = special < 0 ? (letter.codePointAt(0) ?? 0) : 0x80 + special;
    // A letter that the encoding lacks: nobody can have typed this password into a program that uses it.
    if (code > 0xff || (special < 0 && code >= 0x80 && code < 0x80 + from0x80.length)) return undefined;
    bytes.push(code);
  }
  return Uint8Array.from(bytes);
};

/**
 * The bytes that programs make of one password, without repetitions: UTF-8 as it is and normalized (AES-256; ISO 32000-2, 7.6.4.3.3),
 * and for the older kinds PDFDocEncoding, or whatever the system had.
 */
export const passwordBytes = (password: string): Uint8Array[] => {
  const utf8 = Buffer.from(password);
  if (/^[\0-\x7f]*$/.test(password)) return [utf8];
  const all = [
    utf8,
    Buffer.from(password.normalize('NFKC')),
    encode(password.normalize('NFC'), PDF_DOC),
    encode(password.normalize('NFC'), CP1252),
  ].filter((bytes) => bytes !== undefined);
  const seen = new Set<string>();
  return all.filter((bytes) => {
    const key = Buffer.from(bytes).toString('latin1');
    return !seen.has(key) && seen.add(key);
  });
};
