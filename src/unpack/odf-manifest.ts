import { SaxesParser } from 'saxes';

/** How one file of a package is encrypted, as the manifest says it (OpenDocument 1.3 part 2, 3.4); what is missing is empty or 0. */
export interface Row {
  /** Of the content, unpacked. Bytes. */
  size: number;
  algorithm: string;
  iv: Buffer;
  checksumType: string;
  checksum: Buffer;
  startKey: string;
  derivation: string;
  salt: Buffer;
  iterations: number;
  keySize: number;
  /** Of Argon2. KiB, and threads. */
  memory: number;
  lanes: number;
}

/** Rows by the name of the file in the package. */
export type Rows = Map<string, Row[]>;

/** More rows than any document has are not kept, nor so many for one file. */
const MOST_ROWS = 100_000;
const MOST_OF_ONE = 4;

const empty = (size: number): Row => ({
  size,
  algorithm: '',
  iv: Buffer.alloc(0),
  checksumType: '',
  checksum: Buffer.alloc(0),
  startKey: '',
  derivation: '',
  salt: Buffer.alloc(0),
  iterations: 0,
  keySize: 0,
  memory: 0,
  lanes: 0,
});

const bytes = (base64 = ''): Buffer => Buffer.from(base64, 'base64');
const count = (text = ''): number => (/^\d{1,10}$/.test(text) ? Number(text) : 0);

type Attributes = Map<string, string>;

/** What each element within a file's encryption-data adds; programs write attributes under several prefixes. */
const ELEMENTS: { [element: string]: (attributes: Attributes) => Partial<Row> } = {
  'encryption-data': (of) => ({ checksumType: of.get('checksum-type') ?? '', checksum: bytes(of.get('checksum')) }),
  algorithm: (of) => ({ algorithm: of.get('algorithm-name') ?? '', iv: bytes(of.get('initialisation-vector')) }),
  'start-key-generation': (of) => ({ startKey: of.get('start-key-generation-name') ?? '' }),
  'key-derivation': (of) => ({
    derivation: of.get('key-derivation-name') ?? '',
    salt: bytes(of.get('salt')),
    iterations: count(of.get('iteration-count') ?? of.get('argon2-iterations')),
    keySize: count(of.get('key-size')),
    memory: count(of.get('argon2-memory')),
    lanes: count(of.get('argon2-lanes')),
  }),
};

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

/**
 * Reads which files of a package are encrypted, and how.
 * @throws where the manifest is no XML: what lies behind that is unknown
 */
export const readManifest = async (manifest: AsyncIterable<Uint8Array>, rows: Rows): Promise<void> => {
  const parser = new SaxesParser();
  const decoder = new TextDecoder();
  let path: string | undefined;
  let size = 0;
  let row: Row | undefined;
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const of: Attributes = new Map(Object.entries(attributes).map(([key, value]) => [localName(key), value]));
    const element = localName(name);
    if (element === 'file-entry') {
      path = of.get('full-path');
      size = count(of.get('size'));
    }
    if (element === 'encryption-data') row = empty(size);
    if (row !== undefined) Object.assign(row, ELEMENTS[element]?.(of));
  });
  parser.on('closetag', ({ name }) => {
    if (localName(name) !== 'encryption-data' || row === undefined) return;
    const of = rows.get(path ?? '') ?? [];
    if (path !== undefined && rows.size < MOST_ROWS && of.length < MOST_OF_ONE) rows.set(path, [...of, row]);
    row = undefined;
  });
  for await (const chunk of manifest) parser.write(decoder.decode(chunk, { stream: true }));
  parser.close();
};
