import { expect, test } from 'bun:test';
import { createIdentify } from '../content/identify';
import { inWords, readMade } from './fixtures/read-made';
import { mbox } from './mbox';

const read = async (text: string) => inWords(await readMade(mbox, text));
const LINE = 'From a@example.org Thu Jan  1 00:00:00 1970\n';
const message = (body: string) => `From: a@example.org\nTo: b@example.org\n\n${body}\n\n`;

test('a mailbox gives out its messages', async () => {
  const all = LINE + message('one') + LINE + message('two');
  expect(await read(all)).toEqual([`message-1.eml: ${message('one')}`, `message-2.eml: ${message('two')}`]);
  expect(await read(all.replaceAll('\n', '\r\n'))).toHaveLength(2);
});

test('a line of text that begins with From does not divide it', async () => {
  const [first, ...more] = await read(LINE + message('From here on\n>From there on'));
  expect(first).toContain('there on');
  expect(more).toEqual([]);
});

test('an envelope without a time divides it where a header follows', async () => {
  expect(await read(`${LINE}${message('one')}From a@example.org\n${message('two')}`)).toHaveLength(2);
  expect(await read(`From a@example.org\n${message('one')}`)).toEqual([`message-1.eml: ${message('one')}`]);
});

test('a message that does not look like one is given out as one all the same', async () => {
  const [first] = await readMade(mbox, `${LINE}not a header\nContent-Type: text/plain\n\nx`);
  expect((await createIdentify()(first?.content ?? Buffer.alloc(0))).mime).toBe('message/rfc822');
});

test('a mailbox with nothing behind its last envelope has an empty message', async () => {
  expect(await read(LINE)).toEqual(['message-1.eml: MIME-Version: 1.0\r\n']);
});
