import { afterAll, describe, expect, test } from 'bun:test';
import { readdirSync, readFileSync } from 'node:fs';
import { lacks } from '../../test/needs';
import { openWorkshop, readWhole, SEVENZIP } from './fixtures/sevenzip';
import { createSevenZip } from './sevenzip';
import { createLoadSevenZip } from './sevenzip-load';

const reader = createSevenZip(createLoadSevenZip());
const shop = openWorkshop();
const { path, run, write } = shop;
afterAll(() => shop.close());

const NOISE = Buffer.concat(Array.from({ length: 9000 }, (_, i) => new Bun.SHA256().update(`${i}`).digest() as Buffer));
const troubles = async (name: string) =>
  (await readWhole(reader, path(name), shop.scratch)).flatMap(({ why }) => why ?? []);

describe('one part of an archive in several files is never whole', () => {
  test.skipIf(lacks('arj'))('ARJ', async () => {
    write('noise', NOISE);
    write('a.txt', 'hello');
    run('arj', 'a', '-y', '-i', '-v100k', 'parts.arj', 'noise', 'a.txt');
    for (const name of ['parts.arj', 'parts.a01', 'parts.a02']) expect(await troubles(name)).toContain('unsupported');
    run('arj', 'a', '-y', '-i', 'whole.arj', 'noise', 'a.txt');
    expect(await troubles('whole.arj')).toEqual([]);
  });

  test('7z, but for the parts that only their names tell', async () => {
    write('noise', NOISE);
    run(SEVENZIP, 'a', '-bso0', '-v100k', 'parts.7z', 'noise');
    expect(await troubles('parts.7z.001')).toContain('damaged');
    expect(readdirSync(shop.dir)).toContain('parts.7z.002');
  });

  test.skipIf(lacks('gcab'))('a cabinet that says that another one goes before or follows', async () => {
    write('a.txt', 'hello');
    run('gcab', '-c', 'whole.cab', 'a.txt');
    expect(await troubles('whole.cab')).toEqual([]);
    const cabinet = readFileSync(path('whole.cab'));
    for (const flag of [1, 2]) {
      cabinet.writeUInt16LE(flag, 30);
      write('part.cab', cabinet);
      expect((await troubles('part.cab')).length).toBeGreaterThan(0);
    }
  });

  test('a tar that goes on with a file of another one, and a folder in one that has content', async () => {
    write('a.txt', 'hello');
    run('tar', '-cf', 'whole.tar', 'a.txt');
    const whole = readFileSync(path('whole.tar'));
    for (const kind of ['M', 'D']) {
      const header = whole.subarray(0, 512);
      header.write(kind, 156);
      header.write('        ', 148);
      header.write(
        `${header
          .reduce((sum, byte) => sum + byte, 0)
          .toString(8)
          .padStart(6, '0')}\0 `,
        148,
      );
      write('part.tar', whole);
      expect(await troubles('part.tar')).toEqual(['unsupported']);
    }
  });
});
