import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import PDFDocument from 'pdfkit';
import { survives } from '../../src/unpack/fixtures/survives';
import { pdf } from '../../src/unpack/pdf';
import { lacks } from '../needs';

const FONT = join(import.meta.dir, '../../node_modules/dejavu-fonts-ttf/ttf/DejaVuSans.ttf');

let dir: string;
const qpdf = (...args: string[]) => {
  const { exitCode, stderr } = Bun.spawnSync(['qpdf', ...args, 'made.pdf'], { cwd: dir });
  expect([exitCode, stderr.toString()]).toEqual([0, '']);
  return readFileSync(join(dir, 'made.pdf'));
};

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'assay-pdf-fuzz-'));
  const document = new PDFDocument({ font: FONT });
  document.text('A page.');
  for (const name of ['note.txt', 'ü 2.txt']) document.file(Buffer.from('attached, '.repeat(50)), { name });
  document.end();
  writeFileSync(join(dir, 'two.pdf'), Buffer.concat(await Array.fromAsync(document)));
});
afterAll(() => rmSync(dir, { recursive: true }));

test.skipIf(lacks('qpdf'))('broken documents end without harm', async () => {
  await survives(pdf, qpdf('--object-streams=generate', 'two.pdf'), 300);
  await survives(pdf, qpdf('two.pdf', '--encrypt', 'p', 'o', '128', '--use-aes=y', '--'), 40, ['p']);
});
