import { deflateSync } from 'node:zlib';
import type { Random } from './random';
import type { Text } from './text';
import { zip } from './zip';

/** Makes a file of about this many bytes. */
export type Maker = (size: number) => Buffer;

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

/** XML shrinks about this much in a zip. */
const SHRINKS = 3;

const jpegHeader = Buffer.from(
  `ffd8ffe000104a46494600010101004800480000ffdb0043 00${'10'.repeat(64)}ffc0000b080100010001011100ffc4001f00000105010101010101000000000000000001020304050607 08090a0bffda0008010100003f00`.replaceAll(
    ' ',
    '',
  ),
  'hex',
);

/** Files that an office host holds and that this machine is unlikely to have. */
export const createMakers = (random: Random, text: Text): { [kind: string]: Maker } => {
  // In entropy-coded data an ff is followed by 00 (ITU T.81, B.1.1.5); without any ff there is nothing to escape.
  const jpg: Maker = (size) => {
    const data = random.bytes(Math.max(64, size - jpegHeader.length - 2));
    for (let i = data.indexOf(0xff); i >= 0; i = data.indexOf(0xff, i)) data[i] = 0xfe;
    return Buffer.concat([jpegHeader, data, Buffer.from('ffd9', 'hex')]);
  };

  const paragraphs = (size: number) =>
    (text.prose(size).match(/[\s\S]{1,400}/g) ?? [])
      .map((part) => `<w:p><w:r><w:t xml:space="preserve">${part}</w:t></w:r></w:p>`)
      .join('');
  const rows = (size: number) =>
    (text.csv(size).match(/[^\n]+/g) ?? [])
      .map((line, i) => `<row r="${i + 1}"><c t="inlineStr"><is><t>${line}</t></is></c></row>`)
      .join('');

  const office = (main: string, body: (size: number) => string, size: number) => {
    // From some size on it is pictures that make a document large.
    const picture = size > 40_000 ? Math.floor(size * 0.7) : 0;
    return zip([
      { name: '[Content_Types].xml', bytes: Buffer.from(`${HEAD}<Types>${text.prose(600)}</Types>`) },
      { name: '_rels/.rels', bytes: Buffer.from(`${HEAD}<Relationships/>`) },
      { name: main, bytes: Buffer.from(`${HEAD}<doc>${body((size - picture) * SHRINKS)}</doc>`) },
      ...(picture ? [{ name: `${main.split('/')[0]}/media/image1.jpeg`, bytes: jpg(picture), stored: true }] : []),
    ]);
  };

  const pdf: Maker = (size) => {
    const picture = size > 30_000 ? Math.floor(size * 0.6) : 0;
    const pages = deflateSync(Buffer.from(`BT (${text.prose((size - picture) * SHRINKS)}) Tj ET`));
    const object = (id: number, dictionary: string, data?: Buffer) => [
      Buffer.from(`${id} 0 obj\n<<${dictionary}${data ? `/Length ${data.length}` : ''}>>\n`),
      ...(data ? [Buffer.from('stream\n'), data, Buffer.from('\nendstream\n')] : []),
      Buffer.from('endobj\n'),
    ];
    return Buffer.concat([
      Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1'),
      ...object(1, '/Type/Catalog/Pages 2 0 R'),
      ...object(2, '/Type/Pages/Kids[3 0 R]/Count 1'),
      ...object(3, '/Type/Page/Parent 2 0 R/Contents 4 0 R'),
      ...object(4, '/Filter/FlateDecode', pages),
      ...(picture ? object(5, '/Type/XObject/Subtype/Image/Filter/DCTDecode', jpg(picture)) : []),
      Buffer.from('trailer\n<</Root 1 0 R/Size 6>>\nstartxref\n0\n%%EOF\n'),
    ]);
  };

  const eml: Maker = (size) => {
    const attached = size > 6000 ? Math.floor(((size - 3000) * 3) / 4) : 0;
    const file = random.number() < 0.5 ? pdf(attached) : office('word/document.xml', paragraphs, attached);
    const base64 = file.toString('base64').replaceAll(/.{76}/g, '$&\r\n');
    const attachment = attached
      ? `--b\r\nContent-Type: application/octet-stream; name="${text.name()}"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename="${text.name()}"\r\n\r\n${base64}\r\n`
      : '';
    const body = text.prose(Math.min(size, 2000)).replaceAll('\n', '\r\n');
    return Buffer.from(
      `Received: from mail.${text.name()}.example by mx.example\r\nFrom: <${text.name()}@example.com>\r\nTo: <${text.name()}@example.org>\r\nSubject: ${text.name()}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n${body}\r\n${attachment}--b--\r\n`,
    );
  };

  return {
    jpg,
    pdf,
    eml,
    docx: (size) => office('word/document.xml', paragraphs, size),
    xlsx: (size) => office('xl/worksheets/sheet1.xml', rows, size),
    zip: (size) =>
      zip(
        Array.from({ length: 3 }, () => ({
          name: `${text.name()}.csv`,
          bytes: Buffer.from(text.csv(Math.ceil((size * SHRINKS) / 3))),
        })),
      ),
    csv: (size) => Buffer.from(text.csv(size)),
    log: (size) => Buffer.from(text.log(size)),
  };
};
