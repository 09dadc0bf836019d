import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom, mutate } from '../../src/unpack/fixtures/mutate';
import { readBytes } from '../../src/unpack/fixtures/read-bytes';
import { descriptorOf, makeZip } from '../../src/unpack/fixtures/zip-maker';
import { createLoadSevenZip } from '../../src/unpack/sevenzip-load';
import { createZip } from '../../src/unpack/zip';
import { lacks, type Program } from '../needs';

// Hundreds of mutants are read in each, on machines of every speed.
setDefaultTimeout(120_000);

const zip = createZip(createLoadSevenZip());

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'assay-zip-fuzz-'));
  writeFileSync(join(dir, 'a'), 'hello');
  writeFileSync(join(dir, 'b'), 'world '.repeat(300));
});
afterAll(() => rmSync(dir, { recursive: true }));

const made = (...command: string[]): Buffer => {
  const path = join(dir, 'made.zip');
  rmSync(path, { force: true });
  Bun.spawnSync([...command, path, 'a', 'b'], { cwd: dir });
  return readFileSync(path);
};
const content = 'behind '.repeat(50);
const corpus: [string, Program[], () => Buffer][] = [
  ['zip', ['zip'], () => made('zip')],
  ['zip64', ['zip'], () => made('zip', '-fz')],
  ['ZipCrypto', ['zip'], () => made('zip', '-P', 'geheim')],
  ['AES', ['7zz'], () => made('7zz', 'a', '-tzip', '-mem=AES256', '-pgeheim')],
  ['Deflate64', ['7zz'], () => made('7zz', 'a', '-tzip', '-mm=Deflate64')],
  [
    'descriptors',
    [],
    () =>
      makeZip([
        { name: 'd', content, local: { flags: 8, crc: 0, size: 0, compressed: 0 }, behind: descriptorOf(content, 9) },
        { name: 'e', content },
      ]),
  ],
  ['two zips', [], () => Buffer.concat([makeZip([{ name: 'one', content }]), makeZip([{ name: 'two', content }])])],
];

for (const [name, programs, maker] of corpus) {
  test.skipIf(lacks(...programs))(
    `400 mutants of ${name} end in members and troubles, the same from a file as from memory`,
    async () => {
      const random = createRandom(Bun.hash.crc32(name));
      const sound = maker();
      for (let n = 0; n < 400; n++) {
        const mutant = mutate(sound, random);
        // Whatever the mutant is taken for: the reader has to bear it.
        const reader = { ...zip, reads: () => true };
        const told = await readBytes(reader, mutant, ['wrong', 'geheim']);
        for (const { why, message } of told) {
          if (why === undefined) continue;
          expect(['encrypted', 'damaged', 'unsupported']).toContain(why);
          expect(message).toMatch(/^[A-Z].*\.$/);
          expect(message).not.toContain('geheim');
        }
        expect(told.length).toBeLessThan(2000);
      }
    },
  );
}

test('nothing is lost of a zip of which one byte is wrong, or there is a trouble', async () => {
  const sound = makeZip([
    { name: 'a', content: 'first' },
    { name: 'b', content: 'second' },
  ]);
  for (let at = 0; at < sound.length; at++) {
    const mutant = Buffer.from(sound);
    mutant[at] = (mutant[at] ?? 0) ^ 0x41;
    const told = await readBytes({ ...zip, reads: () => true }, mutant);
    const isWhole = ['first', 'second'].every((content) => told.some((entry) => entry.content === content));
    if (!isWhole) expect(told.some(({ why }) => why !== undefined)).toBe(true);
  }
});
