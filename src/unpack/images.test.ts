import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdirSync, readFileSync, truncateSync } from 'node:fs';
import { lacks, type Program } from '../../test/needs';
import { openWorkshop, readWhole } from './fixtures/sevenzip';
import { rawDisc } from './raw-disc';
import { createSevenZip } from './sevenzip';
import { createLoadSevenZip } from './sevenzip-load';

const reader = createSevenZip(createLoadSevenZip());
const shop = openWorkshop();
const { path, run, write } = shop;
afterAll(() => shop.close());

const read = async (name: string) =>
  (await readWhole(reader, path(name), shop.scratch)).map((one) => [one.name, one.why ?? one.content.toString()]);

beforeAll(() => {
  mkdirSync(path('dir'));
  write('dir/a.txt', 'hello');
  write('b.txt', 'second');
});

/** A disk of one partition from its 64th sector on, with a table as MS-DOS has it. */
const disk = (partition: Buffer): Buffer => {
  const first = Buffer.alloc(64 * 512);
  Buffer.from([0, 0, 2, 0, 0x83, 0, 3, 0]).copy(first, 446);
  first.writeUInt32LE(64, 454);
  first.writeUInt32LE(partition.length / 512, 458);
  first.writeUInt16LE(0xaa55, 510);
  return Buffer.concat([first, partition]);
};

describe('images of file systems and disks', () => {
  const images: [string, Program[], cutAt: number, () => void][] = [
    [
      'floppy.img',
      ['mcopy'],
      4096,
      () => run('sh', '-ec', 'mformat -C -f 1440 -i floppy.img ::; mcopy -i floppy.img dir/a.txt ::'),
    ],
    ['ext.img', ['mke2fs'], 4096, () => run('sh', '-ec', 'truncate -s 1M ext.img; mke2fs -q -F -d dir ext.img')],
    ['a.squashfs', ['mksquashfs'], 150, () => run('mksquashfs', 'dir', 'a.squashfs', '-quiet', '-no-progress')],
  ];
  for (const [name, programs, cutAt, make] of images) {
    test.skipIf(lacks(...programs))(`${name} gives out its files`, async () => {
      make();
      expect(await read(name)).toContainEqual([expect.stringMatching(/^a\.txt$/i), 'hello']);
      truncateSync(path(name), cutAt);
      expect(await read(name)).toContainEqual([expect.any(String), expect.stringMatching(/^(damaged|unsupported)$/)]);
    });
  }

  test.skipIf(lacks('mke2fs'))('a disk gives out its partitions', async () => {
    run('sh', '-ec', 'truncate -s 1M part.img; mke2fs -q -F -d dir part.img');
    const partition = readFileSync(path('part.img'));
    write('disk.img', disk(partition));
    const members = await readWhole(reader, path('disk.img'), shop.scratch);
    expect(members.some(({ content }) => content.equals(partition))).toBe(true);
  });
});

describe.skipIf(lacks('genisoimage'))('an image of an optical disc', () => {
  const image = (...how: string[]) =>
    run('genisoimage', '-quiet', '-J', '-r', ...how, '-o', 'a.iso', 'dir/a.txt', 'b.txt');

  test('gives out what only some systems show, and the rest once', async () => {
    image();
    expect(await read('a.iso')).toEqual([
      ['a.txt', 'hello'],
      ['b.txt', 'second'],
    ]);
    image('-hide-joliet', 'dir/a.txt');
    expect(await read('a.iso')).toEqual([
      ['b.txt', 'second'],
      ['A.TXT', 'hello'],
    ]);
    image('-hide', 'dir/a.txt');
    expect(await read('a.iso')).toContainEqual(['a.txt', 'hello']);
  });

  test('that has a file system of old Macintosh systems as well is not read whole', async () => {
    image('-hfs');
    expect(await read('a.iso')).toContainEqual(['', 'unsupported']);
  });

  test('as it lies on the disc is one of its data', async () => {
    image();
    const data = readFileSync(path('a.iso'));
    for (const mode of [1, 2]) {
      const sectors = Array.from({ length: data.length / 2048 }, (_, i) => {
        const sector = Buffer.alloc(2352, 0xff);
        sector.writeUInt8(0, 0);
        sector.writeUInt8(0, 11);
        sector.writeUInt8(mode, 15);
        data.copy(sector, mode === 1 ? 16 : 24, i * 2048, (i + 1) * 2048);
        return sector;
      });
      write('disc.bin', Buffer.concat(sectors));
      const [member] = await readWhole(rawDisc, path('disc.bin'), shop.scratch);
      expect(member?.name).toBe('disc.iso');
      expect(member?.content.equals(data)).toBe(true);
    }
  });
});
