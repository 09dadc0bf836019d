import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import PDFDocument from 'pdfkit';
import { lacks } from '../../test/needs';
import { readAll } from './fixtures/read-all';
import { pdf } from './pdf';

const FONT = join(import.meta.dir, '../../node_modules/dejavu-fonts-ttf/ttf/DejaVuSans.ttf');
const SECRET = 'words that only the attachment holds';

let dir: string;
const at = (name: string) => join(dir, name);

const qpdf = (...args: string[]) => {
  const { exitCode, stderr } = Bun.spawnSync(['qpdf', '--allow-weak-crypto', ...args], { cwd: dir });
  if (exitCode !== 0) throw new Error(stderr.toString());
};

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'assay-pdf-'));
  const document = new PDFDocument({ font: FONT });
  document.text('A page.');
  document.file(Buffer.from(SECRET), { name: 'note.txt' });
  document.end();
  writeFileSync(at('attached.pdf'), Buffer.concat(await Array.fromAsync(document)));
});
afterAll(() => rmSync(dir, { recursive: true }));

describe.skipIf(lacks('qpdf'))('an encrypted PDF', () => {
  const KINDS: [string, string[]][] = [
    ['RC4 40', ['40', '--']],
    ['RC4 128', ['128', '--use-aes=n', '--']],
    ['AES-128', ['128', '--use-aes=y', '--']],
    ['AES-256', ['256', '--']],
  ];
  describe.each(KINDS)('%s', (_, how) => {
    beforeAll(() => {
      qpdf('attached.pdf', 'locked.pdf', '--encrypt', 'user’s', 'owner’s', ...how);
      qpdf('attached.pdf', 'owned.pdf', '--encrypt', '', 'owner’s', ...how);
    });

    test.each(['user’s', 'owner’s'])('opens with the password “%s”', async (password) => {
      const [document, ...more] = await readAll(pdf, at('locked.pdf'), ['another', password]);
      expect(more).toEqual([]);
      expect(document).toMatchObject({ name: 'locked.pdf' });
      expect(document?.content?.subarray(0, 5).toString()).toBe('%PDF-');
      writeFileSync(at('unlocked.pdf'), document?.content ?? '');
      qpdf('--check', 'unlocked.pdf');
      expect(readFileSync(at('unlocked.pdf')).includes('/Encrypt')).toBe(false);
    });

    test('is encrypted without a password, and with a wrong one', async () => {
      expect(await readAll(pdf, at('locked.pdf'))).toEqual([{ name: 'locked.pdf', trouble: 'encrypted' }]);
      expect(await readAll(pdf, at('locked.pdf'), ['wrong'])).toEqual([{ name: 'locked.pdf', trouble: 'encrypted' }]);
    });

    test('needs no password where only an owner’s guards it', async () => {
      const [document] = await readAll(pdf, at('owned.pdf'));
      expect(document?.content?.includes('/Encrypt')).toBe(false);
    });
  });
});
