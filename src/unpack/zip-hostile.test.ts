import { describe, expect, test } from 'bun:test';
import { crc32, deflateRawSync } from 'node:zlib';
import { pieceInMemory } from '../content/piece';
import type { Scratch } from '../content/scratch';
import { isMember } from './contract';
import { passwordsOf, readBytes, type Told } from './fixtures/read-bytes';
import { readMade } from './fixtures/read-made';
import { descriptorOf, endOf, localOf, type Made, makeZip, rawOf } from './fixtures/zip-maker';
import { createLoadSevenZip } from './sevenzip-load';
import { createZip } from './zip';

const zip = createZip(createLoadSevenZip());

/** What came, as one line each. */
const lines = (told: Told[]) =>
  told.map(({ name = 'the zip', content = '', why = '' }) => [name, content.slice(0, 20), why].join(' ').trim());
const read = async (bytes: Uint8Array) => lines(await readBytes(zip, bytes));

const open: Made = { name: 'open', content: 'seen by all', method: 0 };
const evil: Made = { name: 'evil', content: 'evil' };
const bytesOf = (made: Made) => Buffer.concat([localOf(made), rawOf(made), made.behind ?? Buffer.alloc(0)]);

describe('what one program sees and another does not', () => {
  test('a member that only a local header names comes, wherever it is hidden', async () => {
    const hidden = bytesOf(evil);
    expect(await read(makeZip([open, { ...evil, hidden: true }]))).toEqual(['open seen by all', 'evil evil']);
    expect(await read(makeZip([{ ...evil, hidden: true }, open]))).toEqual(['open seen by all', 'evil evil']);
    expect(await read(makeZip([open], { between: hidden }))).toEqual(['open seen by all', 'evil evil']);
    expect(await read(makeZip([open], { comment: hidden }))).toEqual(['open seen by all', 'evil evil']);
    expect(await read(makeZip([open], { after: hidden }))).toEqual([
      'open seen by all',
      'evil evil',
      expect.stringContaining('data after the end'),
    ]);
    expect(await read(makeZip([open], { before: Buffer.concat([Buffer.alloc(99), hidden]) }))).toEqual([
      'open seen by all',
      'evil evil',
    ]);
  });

  test('and no member comes twice where all agree', async () => {
    const members = Array.from({ length: 300 }, (_, i) => ({ name: `m${i}`, content: `${i}`.repeat(i) }));
    expect(await read(makeZip(members))).toHaveLength(300);
    const inner = makeZip(members);
    expect(await read(makeZip([{ name: 'inner.zip', content: inner, method: 0 }]))).toHaveLength(1);
    const withDescriptors = members.map((made) => ({
      ...made,
      local: { flags: 8, crc: 0, size: 0, compressed: 0 },
      central: { flags: 8 },
      behind: descriptorOf(made.content, rawOf({ ...made, method: 8 }).length),
    }));
    expect(await read(makeZip(withDescriptors))).toHaveLength(300);
    expect(await read(makeZip(members, { before: Buffer.alloc(5000, 1), counted: false }))).toHaveLength(300);
  });

  test('also in the slack behind a content that ends before its header says', async () => {
    const deflated = deflateRawSync('short');
    const raw = Buffer.concat([deflated, Buffer.alloc(3), bytesOf(evil)]);
    expect(await read(makeZip([{ name: 'short', content: 'short', raw }, open]))).toEqual([
      'short short',
      'open seen by all',
      'evil evil',
    ]);
  });

  test('also where another member’s content covers it', async () => {
    const covered = Buffer.concat([Buffer.from('covered'), bytesOf(evil)]);
    const cover: Made = { name: 'cover', content: covered, method: 0 };
    const inSlack = Buffer.concat([deflateRawSync('short'), bytesOf(cover)]);
    // The directory names the cover in the slack; from the front, programs come upon it too, and pass over it.
    const told = await read(makeZip([{ name: 'short', content: 'short', raw: inSlack }]));
    expect(told).toEqual(['short short', expect.stringMatching(/^cover covered/)]);
    // Here the cover begins in a field of the first header, which programs that read from the front pass over: they see evil.
    const end = bytesOf(evil);
    const first: Made = { name: 'first', content: 'first', method: 0 };
    const coverHead = localOf({ ...cover, content: Buffer.alloc(first.content.length + end.length) });
    const field = Buffer.concat([Buffer.from([0xfe, 0xca, coverHead.length, 0]), coverHead]);
    const firstLocal = localOf({ ...first, both: { extra: field } });
    const body = Buffer.concat([firstLocal, rawOf(first), end]);
    const coverContent = Buffer.concat([rawOf(first), end]);
    const size = coverContent.length;
    const bytes = makeZip(
      [
        { ...first, hidden: false, both: { extra: field } },
        { ...evil, hidden: true },
        {
          name: 'cover',
          content: '',
          raw: Buffer.alloc(0),
          method: 0,
          central: { offset: firstLocal.length - coverHead.length, size, compressed: size, crc: crc32(coverContent) },
        },
      ].map((made) => ({ ...made, method: made.name === 'evil' ? 8 : 0 }) as Made),
    );
    expect(bytes.subarray(0, body.length).equals(body)).toBe(true);
    expect(await read(bytes)).toContain('evil evil');
  });

  test.each<[string, Partial<Made>]>([
    ['the name', { central: { name: 'good' } }],
    ['the method', { local: { method: 0, compressed: 4, size: 4 }, raw: Buffer.from('evil'), method: 8 }],
    [
      'the packed size',
      {
        method: 0,
        raw: Buffer.from('evilgood'),
        local: { compressed: 4, size: 4 },
        central: { size: 8, compressed: 8 },
      },
    ],
    ['the flag of encryption', { central: { flags: 1 } }],
  ])('where directory and local header disagree on %s, both ways are gone', async (_, lies) => {
    const told = await read(makeZip([{ ...evil, ...lies }, open]));
    expect(told).toContain('evil evil');
    expect(told).toHaveLength(3);
  });

  test('a local header that says nothing of a size hides nothing, and its member comes once', async () => {
    expect(await read(makeZip([{ ...evil, local: { size: 0, compressed: 0, crc: 0 } }, open]))).toEqual([
      'evil evil',
      'open seen by all',
    ]);
  });

  test('a flag of encryption on what is not encrypted does not hide it', async () => {
    expect(await read(makeZip([{ ...evil, both: { flags: 1 } }]))).toEqual(['evil evil']);
  });
});

describe('several ends', () => {
  const one = makeZip([open]);
  const two = makeZip([evil]);

  test('zips one behind the other all come', async () => {
    expect(await read(Buffer.concat([one, two]))).toEqual(['evil evil', 'open seen by all']);
    expect(await read(Buffer.concat([one, Buffer.alloc(70_000), two, Buffer.alloc(70_000)]))).toEqual([
      'evil evil',
      'open seen by all',
    ]);
  });

  test('a zip in the comment of another', async () => {
    expect(await read(makeZip([open], { comment: two }))).toEqual(
      expect.arrayContaining(['evil evil', 'open seen by all']),
    );
  });

  test('an end record that counts no members, or none of its bytes right, hides none', async () => {
    expect(await read(makeZip([open], { after: endOf(0, 0, 0) }))).toEqual(['open seen by all']);
    expect(await read(makeZip([open], { end: { entries: 0 } }))).toEqual(['open seen by all']);
    expect(await read(makeZip([open], { end: { size: 1 } }))).toEqual(['open seen by all']);
    expect(await read(makeZip([open], { end: { offset: 1 } }))).toEqual(['open seen by all']);
    expect(await read(makeZip([open], { end: { commentLength: 999 } }))).toEqual(['open seen by all']);
    expect(await read(makeZip([open], { end: { size: 0xffff_ffff, offset: 0xffff_ffff } }))).toEqual([
      'open seen by all',
      'the zip  damaged',
    ]);
    expect(await read(makeZip([open], { end: { disk: 1 } }))).toEqual(['open seen by all', 'the zip  unsupported']);
  });

  test('two directories of which one changes what the other says', async () => {
    const bytes = makeZip([{ ...open, name: 'x' }]);
    const other = makeZip([{ ...open, name: 'x', central: { name: 'y' } }]);
    const directory = other.subarray(other.indexOf('PK\x01\x02', 0, 'latin1'));
    const both = Buffer.concat([bytes, directory]);
    expect((await read(both)).sort()).toEqual(expect.arrayContaining(['x seen by all', 'y seen by all']));
  });

  test('more end records than any program looks for end in a trouble', async () => {
    const record = (i: number) => {
      const central = makeZip([{ ...open, name: `${i}` }]);
      return central.subarray(central.indexOf('PK\x01\x02', 0, 'latin1'));
    };
    const bytes = Buffer.concat([makeZip([open]), ...Array.from({ length: 50 }, (_, i) => record(i))]);
    expect(await read(bytes)).toContain('the zip  damaged');
  });

  test('a zip64 record that lies is not believed more than the old one', async () => {
    const wide = Buffer.alloc(56 + 20);
    wide.write('PK\x06\x06', 'latin1');
    wide.writeBigUInt64LE(0xffff_ffff_ffff_ffffn, 40);
    wide.writeBigUInt64LE(0x7fff_ffff_ffff_ffffn, 48);
    wide.write('PK\x06\x07', 56, 'latin1');
    wide.writeBigUInt64LE(0xffff_ffff_ffff_fff0n, 64);
    const plain = makeZip([open]);
    const at = plain.indexOf('PK\x05\x06', 0, 'latin1');
    expect(await read(Buffer.concat([plain.subarray(0, at), wide, plain.subarray(at)]))).toEqual(['open seen by all']);
  });
});

describe('bombs', () => {
  const signal = new AbortController().signal;
  const scratch: Scratch = {
    create: () => {
      throw new Error('no file is needed');
    },
    keep: () => {
      throw new Error('no file is needed');
    },
  };
  const members = (bytes: Buffer, by = signal) =>
    zip.members(pieceInMemory(bytes, scratch), {
      name: 'bomb',
      type: { mime: 'application/zip', description: '', container: true },
      passwords: passwordsOf([]),
      signal: by,
      scratch,
    });

  test('many records of one content give it once each, when they are asked', async () => {
    const shared: Made = { name: 'x', content: Buffer.alloc(100_000) };
    const one = makeZip([shared]);
    const at = one.indexOf('PK\x01\x02', 0, 'latin1');
    const record = one.subarray(at, one.lastIndexOf('PK\x05\x06', undefined, 'latin1'));
    const records = Buffer.concat(Array(500).fill(record));
    const bytes = Buffer.concat([one.subarray(0, at), records, endOf(500, records.length, at)]);
    let size = 0;
    let count = 0;
    for await (const entry of members(bytes)) {
      if (!isMember(entry)) throw new Error(entry.message);
      count++;
      for await (const piece of entry.open()) size += piece.length;
    }
    expect([count, size]).toEqual([500, 500 * 100_000]);
  });

  test('a member that unpacks to far more than it says comes in pieces, and stops when nobody wants more', async () => {
    const raw = deflateRawSync(Buffer.alloc(300_000_000));
    const bytes = makeZip([{ name: 'bomb', content: 'small', raw }]);
    for await (const entry of members(bytes)) {
      if (!isMember(entry)) continue;
      let largest = 0;
      let size = 0;
      for await (const piece of entry.open()) {
        largest = Math.max(largest, piece.length);
        size += piece.length;
        if (size > 10_000_000) break;
      }
      expect(size).toBeLessThan(12_000_000);
      expect(largest).toBeLessThanOrEqual(1024 * 1024);
    }
  });

  test('of a million records is read one by one', async () => {
    const one = makeZip([{ name: 'x', content: '', method: 0 }]);
    const at = one.indexOf('PK\x01\x02', 0, 'latin1');
    const record = one.subarray(at, one.lastIndexOf('PK\x05\x06', undefined, 'latin1'));
    const records = Buffer.alloc(record.length * 1_000_000, record);
    const bytes = Buffer.concat([one.subarray(0, at), records, endOf(0xffff, records.length, at)]);
    const objects = () => {
      Bun.gc(true);
      return process.memoryUsage().heapUsed;
    };
    const before = objects();
    let most = 0;
    let count = 0;
    for await (const _ of members(bytes)) if (count++ % 250_000 === 0) most = Math.max(most, objects());
    expect(count).toBeGreaterThanOrEqual(1_000_000);
    expect(most - before).toBeLessThan(50_000_000);
  });

  test('of a million local headers without any content is gone through once', async () => {
    const header = localOf({ name: 'x', content: '', method: 0 });
    expect(await readMade(zip, Buffer.alloc(header.length * 1_000_000, header))).toEqual([{ trouble: 'damaged' }]);
  });

  test('ends when its time is up, in members and in contents', async () => {
    const controller = new AbortController();
    const bytes = makeZip([{ name: 'bomb', content: 'x', raw: deflateRawSync(Buffer.alloc(50_000_000)) }, open]);
    const walk = async () => {
      for await (const entry of members(bytes, controller.signal)) {
        controller.abort(new Error('time is up'));
        if (isMember(entry)) for await (const _ of entry.open()) expect(true).toBe(true);
      }
    };
    await expect(walk()).rejects.toThrow('time is up');
  });
});
