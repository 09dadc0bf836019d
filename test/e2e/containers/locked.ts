import { readFileSync, writeFileSync } from 'node:fs';
import { encrypt } from 'officecrypto-tool';
import { libreOffice, PASSWORD as OFFICE } from '../../../src/unpack/fixtures/libreoffice';
import { makeWholesome } from '../../../src/unpack/fixtures/odf';
import { makeRar4 } from '../../../src/unpack/fixtures/rar4-maker';
import { makeRar5 } from '../../../src/unpack/fixtures/rar5';
import { type Pack, packedBy, tool } from './packer';
import { inDocument, NAMES, partsOf } from './plain';

/** Letters that are not ASCII, and blanks, also at the beginning; and without such letters, for programs that take none. */
const WORDS = ' pä ss wörd';
const ASCII = ' pa ss word';
/** All that opens something, and one that opens nothing. */
export const PASSWORDS = ['wrong', WORDS, ASCII, OFFICE];

export interface Locked {
  pack: Pack;
  /** What it is without its password. */
  result: 'Encrypted Archive' | 'Password Protected Document';
  /** Nothing bad is in it: no free program puts something into what it locks so. */
  harmless?: boolean;
}

const archive = (pack: Pack): Locked => ({ pack, result: 'Encrypted Archive' });
const document = (pack: Pack, harmless = false): Locked => ({
  pack,
  result: 'Password Protected Document',
  harmless,
});

const zip = (...how: string[]) => archive(packedBy('7zz', 'a', '-bso0', '-tzip', `-p${ASCII}`, ...how, '{}', '.'));
const sevenZip = (...how: string[]) => archive(packedBy('7zz', 'a', '-bso0', `-p${WORDS}`, ...how, '{}', '.'));

/** A document of Word since 2007, encrypted as a whole. */
const office = (type?: 'standard') =>
  document((from, to) => {
    inDocument('plain.docx')(from, to);
    const plain = tool(from, 'cat', to);
    writeFileSync(to, encrypt(plain, { password: WORDS, ...(type && { type }) }));
  });

/** A document of LibreOffice since 24.8, encrypted as a whole. */
const wholesome = document((from, to) => {
  inDocument('plain.odt')(from, to);
  writeFileSync(to, makeWholesome(readFileSync(to), WORDS));
});

/** A PDF with the parts attached, encrypted in one of qpdf's ways. */
const attached = (password: string, ...how: string[]) =>
  document(
    packedBy(
      ...['qpdf', '--allow-weak-crypto', '--empty', ...NAMES.flatMap((name) => ['--add-attachment', name, '--'])],
      ...['--encrypt', password, 'owner', ...how, '--', '{}'],
    ),
  );

const saved = (name: Parameters<typeof libreOffice>[0]) =>
  document((_, to) => writeFileSync(to, libreOffice(name)), true);

const rarFive = (from: string) => partsOf(from).map(({ name, content }) => ({ name, content, password: WORDS }));

/** What is encrypted, by the name of the file. */
export const LOCKED: { [name: string]: Locked } = {
  'crypto.zip': archive(packedBy('zip', '-qr', '-P', WORDS, '{}', '.')),
  'crypto-lzma.zip': zip('-mem=ZipCrypto', '-mm=LZMA'),
  'aes128.zip': zip('-mem=AES128'),
  'aes192.zip': zip('-mem=AES192'),
  'aes256.zip': zip('-mem=AES256'),
  'aes256-bzip2.zip': zip('-mem=AES256', '-mm=BZip2'),
  'members.7z': sevenZip(),
  'names.7z': sevenZip('-mhe=on'),
  'members4.rar': archive((from, to) => writeFileSync(to, makeRar4(partsOf(from), { password: WORDS }))),
  'names4.rar': archive((from, to) => writeFileSync(to, makeRar4(partsOf(from), { password: WORDS, hidden: true }))),
  'members5.rar': archive((from, to) => writeFileSync(to, makeRar5(rarFive(from)))),
  'names5.rar': archive((from, to) => writeFileSync(to, makeRar5(rarFive(from), WORDS))),
  'agile.docx': office(),
  'standard.docx': office('standard'),
  'saved.docx': saved('locked.docx'),
  'saved.doc': saved('locked.doc'),
  'saved.xls': saved('locked.xls'),
  'saved.odt': saved('locked.odt'),
  'blowfish.odt': saved('blowfish.odt'),
  'wholesome.odt': wholesome,
  'rc4-40.pdf': attached(ASCII, '40'),
  'rc4-128.pdf': attached(ASCII, '128', '--use-aes=n'),
  'aes128.pdf': attached(ASCII, '128', '--use-aes=y'),
  'aes256.pdf': attached(WORDS, '256'),
};
