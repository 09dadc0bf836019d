import { describe, expect, test } from 'bun:test';
import type { EngineFile } from '../../../src/engines/contract';
import { auditable, goBuildInfo, makeElf, makePe, sectionAddress, versionResource } from '../fixtures/programs';
import { recognize } from './recognize';

const ROUNDS = 1_500;
/** Bytes that a file of this size could ask for, however its headers lie; read by position, each costs memory. */
const MOST_AT_ONCE = 9 * 1024 * 1024;

/** Numbers that are the same in each run (mulberry32). */
const createRandom = (seed: number) => {
  let state = seed;
  return (below: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
};

const EXTREMES = [0, 1, 0x7f, 0x80, 0xff];

const mutate = (sample: Buffer, random: (below: number) => number): Buffer => {
  const bytes = Buffer.from(sample);
  for (let i = random(6); i >= 0; i--) {
    const at = random(bytes.length);
    switch (random(3)) {
      case 0:
        bytes[at] = EXTREMES[random(EXTREMES.length)] as number;
        break;
      case 1:
        bytes.fill(EXTREMES[random(EXTREMES.length)] as number, at, Math.min(bytes.length, at + 1 + random(8)));
        break;
      default:
        bytes[at] = random(256);
    }
  }
  return random(4) === 0 ? bytes.subarray(0, random(bytes.length)) : bytes;
};

const modules = 'path\tx\nmod\te.com/x\tv1.0.0\t\ndep\tgolang.org/x/net\tv0.5.0\th1:a\n';
const address = sectionAddress(1);
const rpm = Buffer.alloc(400);
rpm.writeUInt32BE(0xedabeedb, 0);
for (const [at, entries, size] of [
  [96, 0, 0],
  [112, 3, 60],
] as const) {
  rpm.writeUInt32BE(0x8eade801, at);
  rpm.writeUInt32BE(entries, at + 8);
  rpm.writeUInt32BE(size, at + 12);
}
for (const [i, tag] of [1000, 1001, 1002].entries()) {
  for (const [j, value] of [tag, 6, i * 4, 1].entries()) rpm.writeUInt32BE(value, 128 + i * 16 + j * 4);
}
rpm.write('abc\x001.0\x00el9\x00', 176, 'latin1');

const SAMPLES: { [path: string]: Buffer } = {
  '/x/go': makeElf({ '.go.buildinfo': goBuildInfo('go1.20', modules), '.text': Buffer.alloc(40) }),
  '/x/rust': makeElf({ '.dep-v0': auditable([{ name: 'time', version: '0.2.22', source: 'crates.io' }]) }),
  '/x/win.dll': makePe(
    {
      '.data': goBuildInfo('go1.20', modules),
      '.rsrc': versionResource({ InternalName: 'a.dll', ProductVersion: '1.0' }, address),
    },
    { directories: { 2: { address, size: 4096 }, 14: { address: 1, size: 72 } } },
  ),
  '/x/a.rpm': rpm,
  '/x/log4j-core-2.14.1.jar/META-INF/MANIFEST.MF': Buffer.from('Manifest-Version: 1.0\r\nBundle-Version: 1.0\r\n\r\n'),
  '/x/a.jar/META-INF/maven/a/b/pom.properties': Buffer.from('version=1\ngroupId=a\nartifactId=b\n'),
  '/x/package.json': Buffer.from('{"name":"lodash","version":"4.17.20","a":[[[{}]]]}'),
  '/x/PKG-INFO': Buffer.from('Name: a\nVersion: 1\n\n'),
  '/x/a.gem/metadata.gz/metadata': Buffer.from(
    '--- !ruby/object:Gem::Specification\nname: a\nversion: x\n  version: 1\n',
  ),
  '/x/a-1.gemspec': Buffer.from('Gem::Specification.new do |s|\n s.name = "a"\n s.version = "1"\n'),
  '/x/a.deb/control.tar.xz/control.tar/control': Buffer.from('Package: a\nVersion: 1\nSource: b (2)\n'),
  '/x/a.apk/.PKGINFO': Buffer.from('pkgname = a\npkgver = 1-r0\norigin = b\n'),
};

describe('recognize under hostile bytes', () => {
  for (const [path, sample] of Object.entries(SAMPLES)) {
    test(`${path} in ${ROUNDS} damaged shapes: no throw, no more read than a bound, nothing but words`, async () => {
      const random = createRandom(path.length);
      expect(await recognize(fileOf(path, sample))).not.toEqual([]);
      for (let round = 0; round < ROUNDS; round++) {
        for (const { names, version } of (await recognize(fileOf(path, mutate(sample, random)))) ?? []) {
          for (const word of [...names, version]) expect(word).toMatch(/^[^\s\0-\x1f\x7f]{1,600}$/);
        }
      }
    });
  }

  test('a section that says it is as large as a terabyte file is read by its bound', async () => {
    const content = makeElf({ '.go.buildinfo': goBuildInfo('go1.20', modules), '.dep-v0': Buffer.alloc(32) });
    // The sizes of all sections: what follows them, the file does have.
    const huge = Buffer.from(content);
    const sections = Number(huge.readBigUInt64LE(40));
    for (let at = sections; at + 64 <= huge.length; at += 64) huge.writeBigUInt64LE(1n << 40n, at + 32);
    expect(await recognize(fileOf('/x/huge', huge, 2 ** 41))).toMatchObject([{ names: ['stdlib'] }, {}, {}]);
  });

  test('a long line without an end, and many lines, take no time to speak of by their shape', async () => {
    const long = 'a'.repeat(3_000_000);
    for (const path of Object.keys(SAMPLES).slice(4)) {
      for (const text of [long, `name: ${long}`, `${long}-1.jar`, 'a:\n'.repeat(1_000_000), '-'.repeat(3_000_000)]) {
        expect(await recognize(fileOf(path, Buffer.from(text)))).toBeArray();
      }
    }
    expect(
      await recognize(fileOf(`/x/${'-1'.repeat(100_000)}.jar/META-INF/MANIFEST.MF`, Buffer.from('A: b\n\n'))),
    ).toEqual([]);
  });
});

function fileOf(path: string, content: Buffer, size = content.length): EngineFile {
  return {
    path,
    size,
    bytes: async (start = 0, end = size) => {
      if (end - start > MOST_AT_ONCE) throw new Error(`it wants ${end - start} bytes at once`);
      return new Uint8Array(content.subarray(start, end));
    },
  } as EngineFile;
}
