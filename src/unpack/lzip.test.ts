import { afterAll, describe, expect, test } from 'bun:test';
import { readFileSync, writeFileSync } from 'node:fs';
import { lacks } from '../../test/needs';
import { createCompressed } from './compressed';
import { openWorkshop, readWhole } from './fixtures/sevenzip';
import { createSevenZip } from './sevenzip';
import { createLoadSevenZip } from './sevenzip-load';

const load = createLoadSevenZip();
const reader = createCompressed(load, createSevenZip(load));
const shop = openWorkshop();
afterAll(() => shop.close());

const read = async (name: string) =>
  (await readWhole(reader, shop.path(name), shop.scratch)).map((one) => [one.name, one.why ?? one.content.toString()]);

describe.skipIf(lacks('lzip'))('a file under lzip', () => {
  const packed = (content: string, ...how: string[]) => {
    shop.write('plain', content);
    return shop.run('lzip', ...how, '-c', 'plain');
  };

  test('gives out what is in it, of all its parts', async () => {
    const content = 'nothing to see\n'.repeat(5000);
    shop.write('a.txt.lz', packed(content));
    expect(await read('a.txt.lz')).toEqual([['a.txt', content]]);
    shop.write('two.lz', Buffer.concat([packed('one '), packed('two', '-9'), packed('', '-0')]));
    expect(await read('two.lz')).toEqual([['two', 'one two']]);
  });

  test('that is cut off, damaged or followed by something is damaged', async () => {
    shop.write('whole.lz', packed('hello '.repeat(1000)));
    const whole = readFileSync(shop.path('whole.lz'));
    const wrong = Buffer.from(whole);
    wrong.writeUInt8(wrong.readUInt8(whole.length - 20) ^ 1, whole.length - 20);
    for (const bytes of [
      whole.subarray(0, -1),
      whole.subarray(0, 20),
      wrong,
      Buffer.concat([whole, Buffer.from('x')]),
    ]) {
      writeFileSync(shop.path('cut.lz'), bytes);
      expect(await read('cut.lz')).toEqual([['cut', 'damaged']]);
    }
  });
});
