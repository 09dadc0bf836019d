import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lacks } from '../../test/needs';
import { inWords, readMade } from './fixtures/read-made';
import { attachment, attribute, object, properties, property, tnefOf, unicode } from './fixtures/tnef';
import { tnef } from './tnef';

const read = async (...attributes: Buffer[]) => inWords(await readMade(tnef, tnefOf(...attributes)));
const LONG_NAME = 0x3707;
const DATA = 0x3701;

describe('winmail.dat', () => {
  let dir: string;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'assay-tnef-'));
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  test.skipIf(lacks('tnef'))('gives out the files that the program tnef gives out', async () => {
    const bytes = tnefOf(
      ...attachment('ONE~1.TXT', 'one', properties(unicode(LONG_NAME, 'one of two.txt'))),
      ...attachment('two.bin', 'two'),
    );
    writeFileSync(join(dir, 'winmail.dat'), bytes);
    const { exitCode, stderr } = Bun.spawnSync(['tnef', '--directory', dir, join(dir, 'winmail.dat')]);
    expect(stderr.toString()).toBe('');
    expect(exitCode).toBe(0);
    const taken = readdirSync(dir)
      .filter((name) => name !== 'winmail.dat')
      .sort();
    expect(inWords(await readMade(tnef, bytes)).sort()).toEqual(
      taken.map((name) => `${name}: ${readFileSync(join(dir, name))}`),
    );
  });

  test('gives out the message and files that are properties', async () => {
    const nested = tnefOf(...attachment('deep.txt', 'deep'));
    expect(
      await read(
        attribute(1, 0x9003, properties(property(0x1013, 0x102, '<p>hi</p>'))),
        attribute(2, 0x9002, Buffer.alloc(14)),
        attribute(2, 0x9005, properties(property(DATA, 0x102, 'by property'), unicode(LONG_NAME, 'über.txt'))),
        attribute(2, 0x9002, Buffer.alloc(14)),
        attribute(2, 0x9005, properties(object(DATA, nested))),
      ),
    ).toEqual(['message.html: <p>hi</p>', 'über.txt: by property', `attachment-2.bin: ${nested.toString('latin1')}`]);
  });

  test('has its rich text unpacked', async () => {
    // The example of MS-OXRTFCP 4.1.1, and its text.
    const packed = '2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0';
    const seen = await read(attribute(1, 0x9003, properties(property(0x1009, 0x102, Buffer.from(packed, 'hex')))));
    expect(seen).toEqual(['message.rtf: {\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n']);
  });

  test('gives out what is there of a file that is cut off, and says so', async () => {
    const whole = tnefOf(
      ...attachment('one.txt', 'one'),
      attribute(2, 0x9002, Buffer.alloc(14)),
      attribute(2, 0x800f, Buffer.from('two, cut')),
    );
    expect(inWords(await readMade(tnef, whole.subarray(0, -6)))).toEqual([
      'one.txt: one',
      'attachment-2.bin: two,',
      'damaged',
    ]);
  });

  test.each([
    ['more properties than it has', properties().fill(0xff)],
    ['a property that is longer than all', properties(property(DATA, 0x102, 'x')).fill(0xff, 12, 16)],
    ['a property of a type that does not exist', properties(property(DATA, 0x777, 'x'))],
  ])('that announces %s is damaged', async (_, lying) => {
    const [first, ...more] = await read(
      attribute(2, 0x9002, Buffer.alloc(14)),
      attribute(2, 0x9005, lying),
      ...attachment('one.txt', 'one'),
    );
    expect([first, ...more]).toEqual(['one.txt: one', 'damaged']);
  });
});
