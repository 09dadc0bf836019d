import { describe, expect, test } from 'bun:test';
import type { FileType } from '../core/findings';
import { mismatchOf } from './mismatch';

const type = (mime: string): FileType => ({ mime, description: 'Something', container: false });
const PE = 'application/vnd.microsoft.portable-executable';
const ELF = 'application/x-elf';
const OOXML = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
const OPEN_DOCUMENT = 'application/vnd.oasis.opendocument';

test('a name of any length is looked at once', () => {
  expect(mismatchOf(`${'. '.repeat(500_000)}x`, type(PE))).toBeUndefined();
});

describe('a name that claims another type than the content has', () => {
  test.each([
    ['invoice.pdf', PE],
    ['INVOICE.PDF', PE],
    ['invoice.pdf. ', PE],
    ['photo.jpg', ELF],
    ['notes.txt', 'application/x-mach-binary'],
    ['table.csv', PE],
    ['page.html', PE],
    ['data.json', ELF],
    ['font.woff2', PE],
    ['letter.doc', 'application/x-ms-shortcut'],
    ['letter.docx', 'application/x-msi'],
    ['all.zip', PE],
    ['all.tar.gz', ELF],
    ['mail.eml', PE],
    ['photo.png', 'text/x-php'],
    ['report.pdf', 'text/x-script'],
    ['photo.jpg', 'application/pdf'],
    ['photo.jpg', 'application/postscript'],
    ['photo.jpg', 'application/java-archive'],
    ['film.mp4', 'application/vnd.rar'],
    ['notes.txt', 'application/zip'],
    ['report.pdf', OOXML],
    ['letter.docx', 'application/msword'],
    ['letter.docx', 'application/rtf'],
    ['letter.doc', 'application/pdf'],
    ['all.zip', 'application/pdf'],
  ])('%s that is %s', (name, mime) => {
    expect(mismatchOf(name, type(mime))).toMatch(
      /Its name ends with “\.[a-z0-9]+”, but its content is something else: Something\./,
    );
  });
});

describe('a name that claims nothing wrong', () => {
  test.each([
    ['setup.exe', PE],
    ['invoice.pdf.exe', PE],
    ['library.so.1', ELF],
    ['program', ELF],
    ['.profile', ELF],
    ['firmware.bin', PE],
    ['cache.dat', ELF],
    ['upload.tmp', PE],
    ['odd.xyz', PE],
    ['notes.txt', 'text/plain'],
    ['notes.txt', 'text/x-script'],
    ['install.md', 'text/x-script'],
    ['app.js', 'text/x-script'],
    ['index.html', 'text/x-php'],
    ['photo.jpg', 'image/png'],
    ['photo.jpg', 'text/html'],
    ['book.pdf', 'text/html'],
    ['picture.pdf', 'image/jpeg'],
    ['letter.doc', 'application/rtf'],
    ['letter.doc', 'message/rfc822'],
    ['letter.doc', OOXML],
    ['table.xls', 'text/html'],
    ['table.xls', 'text/xml'],
    ['table.csv', OOXML],
    ['letter.docx', 'application/zip'],
    ['letter.docx', 'application/encrypted'],
    ['letter.docx', 'application/x-ole-storage'],
    ['letter.docx', OPEN_DOCUMENT],
    ['letter.odt', 'application/java-archive'],
    ['letter.rtf', 'application/msword'],
    ['all.zip', OOXML],
    ['all.zip', 'application/java-archive'],
    ['all.zip', 'application/vnd.rar'],
    ['all.rar', 'application/zip'],
    ['style.css', 'application/gzip'],
    ['system.log', 'application/gzip'],
    ['notes.txt', 'application/x-cpio'],
    ['drawing.svg', 'application/gzip'],
    ['drawing.ai', 'application/pdf'],
    ['nothing.pdf', 'inode/x-empty'],
    ['constructor', PE],
    ['a.constructor', PE],
    ['', PE],
    ['.', PE],
  ])('%s that is %s', (name, mime) => {
    expect(mismatchOf(name, type(mime))).toBeUndefined();
  });
});

describe('a name that is shown otherwise than it is', () => {
  test('turns its ending around', () => {
    expect(mismatchOf('invoice\u202efdp.exe', type(PE))).toBe(
      'Its name is written so that another ending is shown than “.exe”.',
    );
    expect(mismatchOf('\u202egpj.invoice.scr', type('text/plain'))).toBeDefined();
  });

  test('pushes its ending out of sight', () => {
    expect(mismatchOf(`invoice.pdf${' '.repeat(60)}.exe`, type(PE))).toBe(
      'Its name is written so that its ending “.exe” is out of sight.',
    );
    expect(mismatchOf(`invoice.pdf${'\u2003'.repeat(9)}.exe`, type(PE))).toBeDefined();
  });

  test('is no mismatch where only marks of Arabic or Hebrew, or a few blanks, are in it', () => {
    expect(mismatchOf('\u200fحساب\u200e 2024.pdf', type('application/pdf'))).toBeUndefined();
    expect(mismatchOf('\u202bחשבון\u202c.pdf', type('application/pdf'))).toBeUndefined();
    expect(mismatchOf('\u202eabc\u202c.pdf', type('application/pdf'))).toBeUndefined();
    expect(mismatchOf('report v1.2  final .pdf', type('application/pdf'))).toBeUndefined();
  });
});
