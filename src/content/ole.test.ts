import { describe, expect, test } from 'bun:test';
import CFB from 'cfb';
import { identifyOle } from './ole';

/** An OLE compound file with these streams, made by another program than ours. */
const compound = (names: string[]): Buffer => {
  const file = CFB.utils.cfb_new();
  for (const name of names) CFB.utils.cfb_add(file, name, Buffer.alloc(5000, 1));
  return Buffer.from(CFB.write(file, { type: 'buffer' }) as Uint8Array);
};

describe('the type of an OLE compound file, by the streams in its root', () => {
  test.each([
    [['/WordDocument', '/1Table'], 'application/msword'],
    [['/Workbook'], 'application/vnd.ms-excel'],
    [['/PowerPoint Document', '/Current User'], 'application/vnd.ms-powerpoint'],
    [['/EncryptionInfo', '/EncryptedPackage'], 'application/encrypted'],
    [['/__properties_version1.0'], 'application/vnd.ms-outlook'],
    [['/Something'], 'application/x-ole-storage'],
    [['/WordDocument', '/ObjectPool/_1/Workbook'], 'application/msword'],
    [['/Something', '/ObjectPool/_1/Workbook'], 'application/x-ole-storage'],
  ])('%p is %s', (names, mime) => {
    expect(identifyOle(compound(names).subarray(0, 65_536))?.mime).toBe(mime);
  });

  test('an encrypted document says so', () => {
    expect(identifyOle(compound(['/EncryptedPackage']))?.encrypted).toBe('document');
  });

  test('what is not one, or is cut off in its header, is none', () => {
    expect(identifyOle(Buffer.from('something else'))).toBeUndefined();
    expect(identifyOle(compound([]).subarray(0, 100))).toBeUndefined();
  });

  test('a directory whose siblings lead in circles ends', () => {
    const file = compound(['/a', '/b', '/c']);
    const directory = (file.readUInt32LE(48) + 1) * 512;
    for (let entry = 1; entry < 4; entry++) file.writeUInt32LE(1, directory + entry * 128 + 72);
    expect(identifyOle(file)?.mime).toBe('application/x-ole-storage');
  });
});
