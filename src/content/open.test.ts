import { afterAll, describe, expect, test } from 'bun:test';
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type OpenFile, openFile, toUnread } from './open';
import { bufferFor, digest, IN_MEMORY, readAt, streamOf } from './read';

const folder = mkdtempSync(join(tmpdir(), 'assay-content-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);
const open = (name: string) => openFile({ path: at(name) }) as OpenFile;
const signal = new AbortController().signal;

describe('opening', () => {
  test('a FIFO that nobody writes to, a folder, a link and what is gone are told apart without waiting', () => {
    spawnSync('mkfifo', [at('fifo')]);
    mkdirSync(at('folder'));
    symlinkSync('/etc/passwd', at('link'));
    expect(openFile({ path: at('fifo') })).toMatchObject({
      why: 'notRegular',
      message: 'It is a FIFO, not a regular file.',
    });
    expect(openFile({ path: at('folder') })).toMatchObject({ why: 'notRegular' });
    expect(openFile({ path: at('link') })).toMatchObject({ why: 'link' });
    expect(openFile({ path: at('nothing') })).toMatchObject({ why: 'gone' });
    expect(openFile({ path: at('fifo/x') })).toMatchObject({ why: 'gone' });
    expect(openFile({ path: '/dev/null' })).toMatchObject({
      why: 'notRegular',
      message: 'It is a device, not a regular file.',
    });
  });

  test('a folder on the way that became a link leads nowhere, also when the file behind it is regular', () => {
    mkdirSync(at('way'));
    writeFileSync(at('way/file'), 'inside');
    renameSync(at('way'), at('elsewhere'));
    symlinkSync(at('elsewhere'), at('way'));
    expect(openFile({ path: at('way/file') })).toMatchObject({ why: 'link' });
    const file = open('elsewhere/file');
    expect(file.size).toBe(6);
    file.close();
  });

  test('a name that is not UTF-8 is opened by its bytes', () => {
    const raw = Buffer.concat([Buffer.from(at('bad')), Buffer.from([0xff])]);
    writeFileSync(raw, 'x');
    const file = openFile({ path: raw.toString(), raw }) as OpenFile;
    expect(file.size).toBe(1);
    file.close();
  });

  test('a file that grows, or is replaced by its writer, has changed; one that was renamed has not', () => {
    writeFileSync(at('log'), 'one');
    const file = open('log');
    renameSync(at('log'), at('log.1'));
    expect(file.hasChanged()).toBe(false);
    appendFileSync(at('log.1'), 'two');
    expect(file.hasChanged()).toBe(true);
    file.close();
  });

  test.each([
    ['EACCES', 'denied'],
    ['EPERM', 'denied'],
    ['EIO', 'unreadable'],
    ['ENAMETOOLONG', 'denied'],
  ])('%s is %s', (code, why) => {
    expect(toUnread(Object.assign(new Error(), { code })).why).toBe(why as never);
  });
});

describe('reading', () => {
  const expected = (content: Uint8Array) =>
    Object.fromEntries(
      ['sha256', 'sha1', 'md5'].map((name) => [
        name,
        new Bun.CryptoHasher(name as 'md5').update(content).digest('hex'),
      ]),
    );

  test.each([0, 1, 65_536, IN_MEMORY, IN_MEMORY + 1, IN_MEMORY + 1_234_567])(
    '%p bytes are hashed whole, whether held or streamed',
    async (size) => {
      const content = Buffer.alloc(size, 'assay');
      writeFileSync(at('file'), content);
      const file = open('file');
      const digested = await digest(file, new Uint8Array(bufferFor(size)), signal);
      expect(digested).toMatchObject(expected(content));
      expect(Buffer.from(digested.head).equals(content.subarray(0, 65_536))).toBe(true);
      expect(digested.whole?.length).toBe(size <= IN_MEMORY ? size : undefined);
      const pieces: Uint8Array[] = [];
      for await (const piece of streamOf(file.fd, size)) pieces.push(piece);
      expect(Buffer.concat(pieces).equals(content)).toBe(true);
      file.close();
    },
  );

  test('a range beyond the end is what is there', () => {
    writeFileSync(at('short'), 'abc');
    const file = open('short');
    const buffer = new Uint8Array(10);
    expect(readAt(file.fd, buffer, 1)).toBe(2);
    expect(readAt(file.fd, buffer, 99)).toBe(0);
    file.close();
  });

  test('reading a large file ends when its time is up', async () => {
    writeFileSync(at('large'), Buffer.alloc(IN_MEMORY + 5e6));
    const file = open('large');
    expect(digest(file, new Uint8Array(bufferFor(file.size)), AbortSignal.abort())).rejects.toThrow();
    file.close();
  });
});
