import { expect, test } from 'bun:test';
import { gzipSync } from 'node:zlib';
import { gunzipSmall } from './gzip';

const text = Buffer.from('what lies in it '.repeat(100));
const packed = gzipSync(text);

/** A header with every optional field (RFC 1952, 2.3). */
const withFields = (name: string) => {
  const header = Buffer.from(packed.subarray(0, 10));
  header[3] = 4 | 8 | 16 | 2;
  const fields = Buffer.from(`\x03\x00abc${name}\0a comment\0\x00\x00`, 'latin1');
  return Buffer.concat([header, fields, packed.subarray(10)]);
};

const changed = (at: number, value: number) => {
  const file = Buffer.from(packed);
  file[at < 0 ? file.length + at : at] = value;
  return file;
};

test('one whole stream is unpacked, whatever its header has', () => {
  expect(gunzipSmall(packed)).toEqual(text);
  expect(gunzipSmall(withFields('a name'))).toEqual(text);
  expect(gunzipSmall(gzipSync(''))?.length).toBe(0);
});

test('what is not one whole and right stream is left to the other way', () => {
  const others = {
    empty: new Uint8Array(),
    'no gzip': Buffer.from('hello, this is no gzip file'),
    'cut off': packed.subarray(0, -1),
    'cut in the data': packed.subarray(0, 30),
    'something behind it': Buffer.concat([packed, Buffer.from('x')]),
    'a second stream': Buffer.concat([packed, packed]),
    'another checksum': changed(-5, 1),
    'a size too small': changed(-4, 1),
    'a size too large': changed(-2, 1),
    'reserved flags': changed(3, 0x20),
    'a name without an end': Buffer.concat([changed(3, 8).subarray(0, 10), Buffer.alloc(40, 'x')]),
    'an extra field beyond the end': Buffer.concat([changed(3, 4).subarray(0, 10), Buffer.alloc(40, 0xff)]),
    'damaged data': changed(15, 0xff),
    'more than is taken here': gzipSync(Buffer.alloc(2 * 1024 * 1024)),
  };
  for (const [what, file] of Object.entries(others))
    expect([what, gunzipSmall(new Uint8Array(file))]).toEqual([what, undefined]);
});

test('a bomb that says it is small stops at what it says', () => {
  const bomb = gzipSync(Buffer.alloc(500 * 1024 * 1024));
  bomb.writeUInt32LE(10, bomb.length - 4);
  expect(gunzipSmall(bomb)).toBeUndefined();
});
