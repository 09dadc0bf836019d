import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { lacks, type Program } from '../../test/needs';
import { createCompressed } from './compressed';
import { makeDmg, makeLzh, makeXar } from './fixtures/handmade';
import { RAR4_CONTENT, RAR4_ENCRYPTED, RAR4_HIDDEN } from './fixtures/rar4';
import { makeRar4 } from './fixtures/rar4-maker';
import { makeRar5 } from './fixtures/rar5';
import { openWorkshop, type Read, readWhole, SEVENZIP } from './fixtures/sevenzip';
import { createSevenZip } from './sevenzip';
import { createLoadSevenZip } from './sevenzip-load';

const load = createLoadSevenZip();
const reader = createSevenZip(load);
const shop = openWorkshop();
const { path, write, run } = shop;
const read = (name: string, passwords: string[] = [], mime = '') =>
  readWhole(reader, path(name), shop.scratch, { passwords, mime });
const sevenZip = (...args: string[]) => run(SEVENZIP, ...args);

const NUMBERS = Array.from({ length: 50_000 }, (_, i) => `${i}\n`).join('');
const told = (seen: Read[]) => seen.map(({ name, content, why }) => [name, why ?? content.toString()]);

beforeAll(() => {
  mkdirSync(path('dir'));
  write('a.txt', 'hello');
  write('dir/numbers.txt', NUMBERS);
});
afterAll(() => {
  expect(shop.left()).toEqual([]);
  shop.close();
});

describe('members come out as they went in', () => {
  const BOTH = ['a.txt', 'dir/numbers.txt'];
  const made: [name: string, programs: Program[], make: () => void, names?: string[]][] = [
    ['solid.7z', [], () => sevenZip('a', 'solid.7z', ...BOTH)],
    ['apart.7z', [], () => sevenZip('a', '-ms=off', 'apart.7z', ...BOTH)],
    ['ppmd.7z', [], () => sevenZip('a', '-m0=PPMd', 'ppmd.7z', ...BOTH)],
    ['image.wim', [], () => sevenZip('a', 'image.wim', ...BOTH)],
    ['gnu.tar', [], () => run('tar', '-cf', 'gnu.tar', ...BOTH)],
    ['v7.tar', [], () => run('tar', '-cf', 'v7.tar', '--format=v7', ...BOTH)],
    ['pax.tar', [], () => run('tar', '-cf', 'pax.tar', '--format=pax', ...BOTH)],
    ['ustar.tar', [], () => run('tar', '-cf', 'ustar.tar', '--format=ustar', ...BOTH)],
    ['stored.cab', ['gcab'], () => run('gcab', '-c', '-n', 'stored.cab', ...BOTH), ['a.txt', 'numbers.txt']],
    ['packed.cab', ['gcab'], () => run('gcab', '-c', '-z', 'packed.cab', ...BOTH)],
    ['a.arj', ['arj'], () => run('arj', 'a', '-y', '-i', 'a.arj', ...BOTH)],
    ['newc.cpio', ['cpio'], () => writeFileSync(path('newc.cpio'), archiveOf('newc'))],
    ['crc.cpio', ['cpio'], () => writeFileSync(path('crc.cpio'), archiveOf('crc'))],
    ['odc.cpio', ['cpio'], () => writeFileSync(path('odc.cpio'), archiveOf('odc'))],
    ['bin.cpio', ['cpio'], () => writeFileSync(path('bin.cpio'), archiveOf('bin'))],
    ['lib.a', ['ar'], () => run('ar', 'rc', 'lib.a', ...BOTH), ['a.txt', 'numbers.txt']],
    [
      'joliet.iso',
      ['genisoimage'],
      () => run('genisoimage', '-quiet', '-J', '-r', '-graft-points', '-o', 'joliet.iso', 'a.txt=a.txt', 'dir=dir'),
    ],
    [
      'five.rar',
      [],
      () =>
        write(
          'five.rar',
          makeRar5([
            { name: 'a.txt', content: 'hello' },
            { name: 'dir/numbers.txt', content: NUMBERS },
          ]),
        ),
    ],
  ];
  const archiveOf = (format: string) => {
    const { stdout } = Bun.spawnSync(['cpio', '-o', '-H', format], {
      cwd: shop.dir,
      stdin: Buffer.from(`${BOTH.join('\n')}\n`),
    });
    return stdout;
  };

  for (const [name, programs, make, names = BOTH] of made)
    test.skipIf(lacks(...programs))(name, async () => {
      make();
      expect(told(await read(name))).toEqual([
        [names[0] ?? '', 'hello'],
        [names[1] ?? '', NUMBERS],
      ]);
    });

  test.each([
    ['a.lzh', makeLzh('a.txt', 'hello')],
    ['a.xar', makeXar('a.txt', 'hello')],
  ])('%s', async (name, bytes) => {
    write(name, bytes);
    expect(told(await read(name))).toContainEqual(['a.txt', 'hello']);
  });

  test.skipIf(lacks('dpkg-deb', 'rpmbuild'))('a Debian package and an RPM package hold their archives', async () => {
    mkdirSync(path('deb/DEBIAN'), { recursive: true });
    write('deb/DEBIAN/control', 'Package: a\nVersion: 1\nArchitecture: all\nMaintainer: a <a@b.c>\nDescription: a\n');
    run('dpkg-deb', '--build', '-Zgzip', 'deb', 'a.deb');
    expect((await read('a.deb')).map(({ name, why }) => [name, why])).toEqual([
      ['control.tar.gz', undefined],
      ['data.tar.gz', undefined],
    ]);

    write(
      'a.spec',
      'Name: a\nVersion: 1\nRelease: 1\nSummary: a\nLicense: none\nBuildArch: noarch\n%description\na\n%files\n',
    );
    run('rpmbuild', '--quiet', '-bb', '--define', `_topdir ${path('rpm')}`, 'a.spec');
    run('cp', 'rpm/RPMS/noarch/a-1-1.noarch.rpm', 'a.rpm');
    const [payload] = await read('a.rpm');
    expect(payload?.name).toContain('cpio');
    expect(payload?.content.length).toBeGreaterThan(20);
  });

  test.skipIf(lacks('genisoimage'))('an image with ISO 9660 and UDF is read in both ways', async () => {
    run('genisoimage', '-quiet', '-udf', '-o', 'both.iso', 'a.txt');
    expect(told(await read('both.iso'))).toEqual([
      ['A.TXT', 'hello'],
      ['a.txt', 'hello'],
    ]);
  });

  test('an Apple disk image, which begins like a compressed file', async () => {
    const partition = Buffer.alloc(4096, 'partition ');
    write('a.dmg', makeDmg('disk', partition));
    const [image] = await readWhole(createCompressed(load, reader), path('a.dmg'), shop.scratch, {
      mime: 'application/zlib',
    });
    expect(image?.content.equals(partition)).toBe(true);
  });

  test('what a zip is packed with that others do not read', async () => {
    sevenZip('a', '-mm=Deflate64', 'a.zip', ...BOTH);
    expect(told(await read('a.zip', [], 'application/zip'))).toEqual([
      ['a.txt', 'hello'],
      ['dir/numbers.txt', NUMBERS],
    ]);
  });

  test('sparse files have their holes', async () => {
    const whole = Buffer.concat([
      Buffer.alloc(300_000),
      Buffer.from('data'),
      Buffer.alloc(100_000),
      Buffer.from('end'),
    ]);
    write('sparse', whole);
    run('fallocate', '--dig-holes', 'sparse');
    for (const args of [[], ['--format=pax']]) {
      run('tar', '-cSf', 'sparse.tar', ...args, 'sparse', 'a.txt');
      expect(readFileSync(path('sparse.tar')).length).toBeLessThan(100_000);
      const [sparse, after] = await read('sparse.tar');
      expect(sparse?.content.equals(whole)).toBe(true);
      expect(after?.content.toString()).toBe('hello');
    }
    run('tar', '-cSf', 'sparse.tar', '--format=pax', '--sparse-version=0.0', 'sparse', 'a.txt');
    expect(told(await read('sparse.tar'))).toEqual([
      ['sparse', 'unsupported'],
      ['a.txt', 'hello'],
    ]);
  });

  test('empty files, links, folders and what is behind the end', async () => {
    mkdirSync(path('odd/empty folder'), { recursive: true });
    write('odd/empty', '');
    write('odd/real', 'real');
    run('ln', '-sf', '/etc/passwd', 'odd/link');
    run('ln', '-f', 'odd/real', 'odd/twin');
    run('tar', '-cf', 'odd.tar', '-C', 'odd', 'empty folder', 'empty', 'link', 'real', 'twin');
    writeFileSync(path('odd.tar'), Buffer.concat([readFileSync(path('odd.tar')), Buffer.from('behind')]));
    expect(told(await read('odd.tar'))).toEqual([
      ['empty', ''],
      ['link', '/etc/passwd'],
      ['real', 'real'],
      ['twin', ''],
      ['data after the end', 'behind'],
    ]);
    sevenZip('a', '-snl', 'odd.7z', './odd/*');
    const seen = told(await read('odd.7z'));
    expect(seen).toContainEqual(['link', '/etc/passwd']);
    expect(seen).toContainEqual(['empty', '']);
    expect(seen.map(([name]) => name)).not.toContain('empty folder');
  });

  test.skipIf(lacks('cpio'))('an archive without members has none', async () => {
    run('tar', '-cf', 'none.tar', '-T', '/dev/null');
    writeFileSync(path('none.cpio'), Bun.spawnSync(['cpio', '-o', '-H', 'newc'], { stdin: Buffer.alloc(0) }).stdout);
    expect(await read('none.cpio')).toEqual([]);
    sevenZip('a', '-r', 'none.7z', 'dir', '-x!*.txt');
    expect(await read('none.7z')).toEqual([]);
  });
});

/** A tar archive of files with any name and content, without a tool that would mend them. */
const tarOf = (files: [name: string, content: string, size?: number][]): Buffer => {
  const pad = (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
  const header = (name: Buffer, size: number, type: string): Buffer => {
    const bytes = Buffer.alloc(512);
    name.copy(bytes, 0, 0, 100);
    bytes.write('0000644\0', 100);
    bytes.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
    bytes.write('        ', 148);
    bytes.write(`${type}ustar\x0000`.replace(/^./, type), 156);
    bytes.write('ustar\x0000', 257);
    bytes.write(
      `${bytes
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, '0')}\0 `,
      148,
    );
    return bytes;
  };
  const longName = (path: Buffer): Buffer[] => {
    if (path.length < 100) return [];
    // The record's length counts its own digits (POSIX, pax, "pax Extended Header").
    const record = Buffer.concat([Buffer.from('65012 path='), path, Buffer.from('\n')]);
    return [header(Buffer.from('pax'), record.length, 'x'), pad(record)];
  };
  const parts = files.flatMap(([name, content, size]) => {
    const path = Buffer.from(name);
    return [...longName(path), header(path, size ?? Buffer.byteLength(content), '0'), pad(Buffer.from(content))];
  });
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
};

describe('names and contents are data', () => {
  test('whatever the name', async () => {
    const names = [
      '../../up',
      '/etc/passwd',
      'twice',
      'twice',
      'ünï — 日本',
      'n'.repeat(65_000),
      'with "quotes" ',
      '@list',
      '-so',
      'C:\\x',
      'a:b',
    ];
    write('names.tar', tarOf(names.map((name, i) => [name, `content ${i}`])));
    expect(told(await read('names.tar'))).toEqual(names.map((name, i) => [name, `content ${i}`]));
  });

  test('a name with lines in it forges none of the list', async () => {
    write(
      'forged.tar',
      tarOf([
        ['a\n\nPath = b\nFolder = -\nSize = 3', 'one'],
        ['c', 'two'],
      ]),
    );
    expect(told(await read('forged.tar'))).toEqual([
      [expect.stringMatching(/^a.*Path = b/), 'one'],
      ['c', 'two'],
    ]);
  });

  test('content that looks like messages of 7-Zip', async () => {
    const files: [string, string][] = [
      ['one', 'ERROR: CRC Failed : one\n- two\n'],
      ['two', '- three\nEverything is Ok\n'],
      ['three', '\nEnter password:\n'],
      ['four', '\nSub items Errors: 1\n\nArchives with Errors: 1\n'],
    ];
    for (const [name, content] of files) write(name, content);
    write('messages.tar', tarOf(files));
    expect(told(await read('messages.tar'))).toEqual(files);
    sevenZip('a', '-psecret', 'messages.7z', ...files.map(([name]) => name));
    expect(Object.fromEntries(told(await read('messages.7z', ['secret'])))).toEqual(Object.fromEntries(files));
  });

  test.skipIf(lacks('zip'))('a comment that looks like messages of 7-Zip', async () => {
    write('comment', '--\nType = zip\n\n- a.txt\nfake\nNo files to process\n');
    run('sh', '-c', 'zip -q commented.zip a.txt && zip -qz commented.zip < comment');
    expect(told(await read('commented.zip', [], 'application/zip'))).toEqual([['a.txt', 'hello']]);
  });

  test('30,000 members', async () => {
    write('many.tar', tarOf(Array.from({ length: 30_000 }, (_, i) => [`${i}`, `content ${i}`])));
    const seen = await read('many.tar');
    expect(seen).toHaveLength(30_000);
    expect(seen.every(({ name, content, why }) => why === undefined && content.toString() === `content ${name}`)).toBe(
      true,
    );
  });
});

describe('passwords', () => {
  const ENCRYPTED: [string, string][] = [
    ['a.txt', 'encrypted'],
    ['dir/numbers.txt', 'encrypted'],
  ];
  const OPENED: [string, string][] = [
    ['a.txt', 'hello'],
    ['dir/numbers.txt', NUMBERS],
  ];

  test.each(['plain pass', 'pässwörd 日本', ' spaces ', '"quoted" $HOME \\'])('7z by %p', async (password) => {
    run('rm', '-f', 'p.7z', 'hidden.7z', 'stored.7z');
    sevenZip('a', `-p${password}`, 'p.7z', 'a.txt', 'dir/numbers.txt');
    sevenZip('a', `-p${password}`, '-mx=0', 'stored.7z', 'a.txt', 'dir/numbers.txt');
    sevenZip('a', `-p${password}`, '-mhe=on', 'hidden.7z', 'a.txt', 'dir/numbers.txt');
    for (const name of ['p.7z', 'stored.7z', 'hidden.7z']) {
      expect(told(await read(name, ['wrong', 'with\nline', password, 'other']))).toEqual(OPENED);
      const locked = name === 'hidden.7z' ? [['', 'encrypted']] : ENCRYPTED;
      expect(told(await read(name, ['wrong', 'worse']))).toEqual(locked);
      expect(told(await read(name))).toEqual(locked);
    }
  });

  test('what is said of them', async () => {
    sevenZip('a', '-psecret', 'said.7z', 'a.txt');
    expect((await read('said.7z'))[0]?.message).toBe('It is encrypted and no password was given.');
    expect((await read('said.7z', ['x', 'y']))[0]?.message).toBe(
      'It is encrypted and none of the 2 passwords opens it.',
    );
  });

  test('a password whose bytes for another member look packed as they are does not pass for its own', async () => {
    const archive = [
      'N3q8ryccAAR59e5Y4QAAAAAAAAAiAAAAAAAAAI/jaTgBAApjb250ZW50IG9uZQBYSRX5CMqc1CyVs9qJc72DD1weLRgNG2lf',
      'IsakIjzQclH/LfOhQXxNwu3lumfk2KwAAIEzB65Pn2g8yhAuxLn1KSeA3+rGRK3q9WuONUgrAWsRQDzbeOQDrDMtl7rnFslu',
      'a74GeD1+ntn2N9nmYfAfu4ZMoNqnqcLqGoO7aXM4xhCiOqyEXVHJLHhIjzy52CD4SM4pUgavym492EhmsdRCPP0Zv6FvfNpG',
      'm+jpvjsf+xQqSkrRy8699QrMcNxrlFdg5vpok/D5vzdHKadzYUwAAAAXBj8BCYCiAAcLAQABIwMBAQVdABAAAAyAygoBqeJ7',
      'IAAA',
    ].join('');
    writeFileSync(path('alike.7z'), Buffer.from(archive, 'base64'));
    expect(told(await read('alike.7z', ['x', 'B b', 'y', 'A']))).toEqual([
      ['m-one', 'content one'],
      ['m-three', 'content three'],
      ['m-two', 'content two'],
    ]);
    expect(told(await read('alike.7z', ['B b']))).toEqual([
      ['m-one', 'content one'],
      ['m-two', 'damaged'],
      ['m-three', 'content three'],
    ]);
  });

  test.each(['7z', 'zip'])('several passwords for several members of one %s', async (format) => {
    for (const [name, ...password] of [['one'], ['two', '-pA'], ['three', '-pB b']]) {
      write(`m-${name}`, `content ${name}`);
      sevenZip('a', ...password, `mixed.${format}`, `m-${name}`);
    }
    const open = async (passwords: string[]) => {
      const mime = format === 'zip' ? 'application/zip' : '';
      return Object.fromEntries(told(await read(`mixed.${format}`, passwords, mime)));
    };
    expect(await open(['x', 'B b', 'y', 'A'])).toEqual({
      'm-one': 'content one',
      'm-two': 'content two',
      'm-three': 'content three',
    });
    expect(await open(['A'])).toEqual({ 'm-one': 'content one', 'm-two': 'content two', 'm-three': 'encrypted' });
    expect(await open(['B b', 'x'])).toEqual({
      'm-one': 'content one',
      'm-two': 'encrypted',
      'm-three': 'content three',
    });
    expect(await open([])).toEqual({ 'm-one': 'content one', 'm-two': 'encrypted', 'm-three': 'encrypted' });
  });

  test('RAR 4', async () => {
    write('four.rar', Buffer.from(RAR4_ENCRYPTED, 'base64'));
    write('four-hidden.rar', Buffer.from(RAR4_HIDDEN, 'base64'));
    const both = (first: string, second: string) => [
      ['encfile1.txt', first],
      ['encfile2.txt', second],
    ];
    expect(told(await read('four.rar', ['x', 'samplepassword2', 'samplepassword']))).toContainAllValues(
      both(RAR4_CONTENT, RAR4_CONTENT),
    );
    expect(told(await read('four.rar', ['samplepassword']))).toEqual(both(RAR4_CONTENT, 'encrypted'));
    expect(told(await read('four.rar', ['wrong']))).toEqual(both('encrypted', 'encrypted'));
    expect(told(await read('four.rar'))).toEqual(both('encrypted', 'encrypted'));
    expect(told(await read('four-hidden.rar', ['wrong', 'samplepassword']))).toEqual(both(RAR4_CONTENT, RAR4_CONTENT));
    expect(told(await read('four-hidden.rar', ['wrong']))).toEqual([['', 'encrypted']]);
    expect(told(await read('four-hidden.rar'))).toEqual([['', 'encrypted']]);
  });

  test('a member that is damaged is told from one that is locked, however many passwords there are', async () => {
    const damage = (name: string, archive: Buffer, at: string) => {
      const place = archive.indexOf(at, 0, 'latin1');
      for (let i = 0; i < 16; i++) archive.writeUInt8(archive.readUInt8(place + 400 + i) ^ 0x5a, place + 400 + i);
      write(name, archive);
    };
    const noise = (seed: number) => Buffer.from(Array.from({ length: 1000 }, (_, i) => (i * seed * 7919) >> 4));
    const files = ['a', 'b', 'c'].map((name, i) => ({ name: `${name}.bin`, content: noise(i + 1), password: 'right' }));
    damage('five-damaged.rar', makeRar5(files), 'b.bin');
    damage('four-damaged.rar', makeRar4(files, { password: 'right' }), 'b.bin');
    const whys = async (name: string, passwords: string[]) =>
      (await read(name, passwords)).map(({ name: member, why }) => [member, why]).sort();
    for (const name of ['five-damaged.rar', 'four-damaged.rar']) {
      for (const passwords of [['right'], ['x', 'right', 'y']])
        expect(await whys(name, passwords)).toEqual([
          ['a.bin', undefined],
          ['b.bin', 'damaged'],
          ['c.bin', undefined],
        ]);
      for (const passwords of [[], ['x'], ['x', 'y']])
        expect((await whys(name, passwords)).map(([, why]) => why)).toEqual(['encrypted', 'encrypted', 'encrypted']);
    }
  });

  test('RAR 5', async () => {
    write(
      'five-mixed.rar',
      makeRar5([
        { name: 'a', content: 'one', password: 'first' },
        { name: 'b', content: 'two', password: 'zweites ß' },
        { name: 'c', content: 'three' },
      ]),
    );
    write('five-hidden.rar', makeRar5([{ name: 'a', content: 'one', password: 'first' }], 'first'));
    const opened = async (name: string, passwords: string[]) => Object.fromEntries(told(await read(name, passwords)));
    expect(await opened('five-mixed.rar', ['x', 'zweites ß', 'first'])).toEqual({ a: 'one', b: 'two', c: 'three' });
    expect(await opened('five-mixed.rar', ['first'])).toEqual({ a: 'one', b: 'encrypted', c: 'three' });
    expect(await opened('five-mixed.rar', [])).toEqual({ a: 'encrypted', b: 'encrypted', c: 'three' });
    expect(await opened('five-hidden.rar', ['x', 'first'])).toEqual({ a: 'one' });
    expect(await opened('five-hidden.rar', ['x'])).toEqual({ '': 'encrypted' });
  });

  test('a damaged member under the right password is damaged, not encrypted', async () => {
    for (let i = 1; i <= 3; i++) write(`r${i}`, crypto.getRandomValues(new Uint8Array(20_000)));
    sevenZip('a', '-psecret', '-mx=0', '-ms=off', 'damaged-p.7z', 'r1', 'r2', 'r3');
    flip('damaged-p.7z', 30_000);
    const seen = await read('damaged-p.7z', ['secret']);
    expect(seen.map(({ name, why }) => [name, why])).toEqual([
      ['r1', undefined],
      ['r2', 'damaged'],
      ['r3', undefined],
    ]);
  });
});

/** Changes a byte of a file. */
const flip = (name: string, at: number) => {
  const bytes = readFileSync(path(name));
  bytes.writeUInt8(bytes.readUInt8(at) ^ 0x55, at);
  writeFileSync(path(name), bytes);
};

describe('damage', () => {
  test('members behind a damaged one come whole', async () => {
    const names = ['t1', 't2', 't3', 't4', 't5', 't6'];
    names.forEach((name, i) => {
      write(name, Array.from({ length: 5000 }, (_, n) => `${n * (i + 3)}\n`).join(''));
    });
    sevenZip('a', '-ms=off', 'torn.7z', ...names);
    const size = readFileSync(path('torn.7z')).length;
    flip('torn.7z', Math.floor(size / 12));
    flip('torn.7z', Math.floor(size / 2));
    const seen = await read('torn.7z');
    expect(seen.map(({ name }) => name)).toEqual(names);
    const bad = seen.filter(({ why }) => why !== undefined);
    expect(bad.length).toBeGreaterThan(0);
    expect(bad.length).toBeLessThan(4);
    for (const { name, content, why } of seen)
      if (why === undefined) expect(content.equals(readFileSync(path(name)))).toBe(true);
  });

  test('more damaged members than are looked for one by one', async () => {
    const names = Array.from({ length: 14 }, (_, i) => `d${String(i).padStart(2, '0')}`);
    for (const name of names) write(name, Array.from({ length: 3000 }, (_, n) => `${name} ${n}\n`).join(''));
    sevenZip('a', '-ms=off', '-mx=1', 'many-torn.7z', ...names);
    const size = readFileSync(path('many-torn.7z')).length;
    for (let i = 0; i < 12; i++) flip('many-torn.7z', 32 + Math.floor(((size * 0.9) / 14) * (i + 0.5)));
    const seen = await read('many-torn.7z');
    expect(seen.map(({ name }) => name).filter((name) => name !== '')).toEqual(names);
    expect(told(seen).at(-1)).toEqual(['d13', readFileSync(path('d13'), 'utf8')]);
  });

  test('a truncated tar gives what is left of it', async () => {
    write(
      'short.tar',
      tarOf([
        ['a', 'one'],
        ['b', NUMBERS],
      ]),
    );
    truncateSync(path('short.tar'), 100_000);
    const [a, b, whole] = await read('short.tar');
    expect(a).toMatchObject({ name: 'a', content: Buffer.from('one') });
    expect(b?.why).toBe('damaged');
    expect(b!.content.length).toBeGreaterThan(90_000);
    expect(NUMBERS.startsWith(b!.content.toString())).toBe(true);
    expect(whole).toMatchObject({ name: '', why: 'damaged', message: 'It ends before its end is due.' });
  });

  test('a truncated 7z, of which the names are gone, is damaged', async () => {
    sevenZip('a', 'short.7z', 'dir/numbers.txt');
    truncateSync(path('short.7z'), 5000);
    expect(told(await read('short.7z'))).toEqual([['', 'damaged']]);
  });

  test('a truncated RAR gives its first members', async () => {
    const five = makeRar5([
      { name: 'a', content: 'one' },
      { name: 'b', content: NUMBERS },
    ]);
    write('short.rar', five.subarray(0, 50_000));
    const [a, b, whole] = await read('short.rar');
    expect(a?.content.toString()).toBe('one');
    expect(b?.why).toBe('damaged');
    expect(NUMBERS.startsWith(b!.content.toString())).toBe(true);
    expect(whole).toMatchObject({ name: '', why: 'damaged' });
  });

  test('sizes that lie', async () => {
    write('lies.tar', tarOf([['small', 'x', 8_000_000_000]]));
    const [small] = await read('lies.tar');
    expect(small?.why).toBe('damaged');
    expect(small!.content.length).toBeLessThan(10_000);
  });

  test('a 7z that is none behind its signature', async () => {
    write('fake.7z', Buffer.concat([Buffer.from('377abcaf271c0004', 'hex'), Buffer.alloc(500, 7)]));
    expect(told(await read('fake.7z'))).toEqual([['', 'damaged']]);
  });
});
