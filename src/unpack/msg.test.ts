import { describe, expect, test } from 'bun:test';
import * as CFB from 'cfb';
import { pieceInMemory } from '../content/piece';
import { createScratch } from '../content/scratch';
import type { FileType } from '../core/findings';
import { isMember } from './contract';
import { inWords, readMade } from './fixtures/read-made';
import { msg } from './msg';
import { ole } from './ole';

const utf16 = (text: string) => Buffer.from(text, 'utf16le');
/** What cfb leaves in all that it writes. */
const MARK = '\x01Sh33tJ5';
const PROPERTIES = '__properties_version1.0';
const attachment = (number: number) => `__attach_version1.0_#${number.toString(16).padStart(8, '0')}`;

/** A message by its streams. The container is written by SheetJS's cfb. */
const messageOf = (streams: { [path: string]: Buffer }): Buffer => {
  const container = CFB.utils.cfb_new();
  for (const [path, content] of Object.entries({ [PROPERTIES]: Buffer.alloc(32), ...streams }))
    CFB.utils.cfb_add(container, `/${path}`, content);
  return Buffer.from(CFB.write(container, { type: 'buffer' }) as Uint8Array);
};
const read = async (streams: { [path: string]: Buffer }) =>
  inWords((await readMade(msg, messageOf(streams))).filter(({ name }) => name !== MARK)).sort();

describe('a message of Outlook', () => {
  test('gives out its text and its attachments under their long names', async () => {
    expect(
      await read({
        '__substg1.0_1000001F': utf16('hello'),
        '__substg1.0_10130102': Buffer.from('<p>hello</p>'),
        [`${attachment(0)}/__substg1.0_37010102`]: Buffer.from('one'),
        [`${attachment(0)}/__substg1.0_3704001F`]: utf16('ONE~1.TXT'),
        [`${attachment(0)}/__substg1.0_3707001F`]: utf16('one of two.txt'),
        [`${attachment(1)}/__substg1.0_37010102`]: Buffer.from('two'),
        [`${attachment(1)}/__substg1.0_3704001E`]: Buffer.from('TWO.TXT\0'),
        [`${attachment(2)}/__substg1.0_37010102`]: Buffer.from('three'),
      }),
    ).toEqual([
      'TWO.TXT: two',
      'attachment-3: three',
      'message.html: <p>hello</p>',
      'message.txt: hello',
      'one of two.txt: one',
    ]);
  });

  test('gives out what lies in a message within it, and in another object', async () => {
    const nested = `${attachment(0)}/__substg1.0_3701000D`;
    const object = `${attachment(1)}/__substg1.0_3701000D`;
    expect(
      await read({
        [`${attachment(0)}/__substg1.0_3001001F`]: utf16('Inner mail'),
        [`${nested}/__substg1.0_1000001F`]: utf16('inside'),
        [`${nested}/${attachment(0)}/__substg1.0_37010102`]: Buffer.from('deep'),
        [`${nested}/${attachment(0)}/__substg1.0_3707001F`]: utf16('deep.txt'),
        [`${object}/CONTENTS`]: Buffer.from('drawing'),
      }),
    ).toEqual(['Inner mail/deep.txt: deep', 'Inner mail/message.txt: inside', 'attachment-2/CONTENTS: drawing']);
  });

  test('leaves out the people and keys, but not what is long enough to be something else', async () => {
    const long = 'x'.repeat(2000);
    expect(
      await read({
        '__recip_version1.0_#00000000/__substg1.0_3001001F': utf16(long),
        '__nameid_version1.0/__substg1.0_00020102': Buffer.from(long),
        '__substg1.0_300B0102': Buffer.from('key'),
        '__substg1.0_80090102': Buffer.from(long),
      }),
    ).toEqual([`__substg1.0_80090102: ${long}`]);
  });

  test('is read as one also where only its directory, behind the beginning, tells so', async () => {
    const scratch = createScratch('/nonexistent');
    const piece = pieceInMemory(messageOf({ '__substg1.0_1000001F': utf16('hello') }), scratch);
    const type: FileType = { mime: 'application/x-ole-storage', description: '', container: false };
    const passwords = { list: () => [], worked: () => {} };
    const { signal } = new AbortController();
    const entries = await Array.fromAsync(ole.members(piece, { name: 'x', type, passwords, signal, scratch }));
    expect(entries.map((entry) => isMember(entry) && entry.name)).toContain('message.txt');
  });

  test('that is cut off gives out what is there, and says so', async () => {
    const whole = messageOf({ [`${attachment(0)}/__substg1.0_37010102`]: Buffer.alloc(20_000, 'x') });
    const seen = await readMade(msg, whole.subarray(0, whole.length - 6000));
    expect(seen.some(({ trouble }) => trouble === 'damaged')).toBe(true);
  });
});
