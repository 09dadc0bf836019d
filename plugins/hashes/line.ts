/** One entry of a list; the parser fills the same one again and again, for lists have millions of lines. */
export interface Entry {
  /** The hash, in its first `length` bytes. */
  digest: Uint8Array;
  /** 32 for SHA-256, 20 for SHA-1, 16 for MD5. */
  length: number;
  /** Bytes the file must have, or -1 for any. */
  size: number;
  name: string;
  /** Whether `name` is a threat's, and not a file's or empty. */
  isThreat: boolean;
}

export type Line = 'entry' | 'nothing' | 'malformed';

const [TAB, LF, CR, SPACE, HASH, ASTERISK, COMMA, COLON, SEMICOLON] = [9, 10, 13, 32, 35, 42, 44, 58, 59] as const;
const LENGTHS = new Set([16, 20, 32]);
const NOT_HEX = 255;
const NIBBLES = Uint8Array.from({ length: 256 }, (_, code) => {
  const value = Number.parseInt(String.fromCharCode(code), 16);
  return Number.isNaN(value) ? NOT_HEX : value;
});

const isBlank = (code: number | undefined) => code === SPACE || code === TAB || code === CR || code === LF;
const nibble = (code: number | undefined) => NIBBLES[code ?? 0] ?? NOT_HEX;
const utf8 = new TextDecoder();
const textOf = (bytes: Uint8Array, start: number, end: number) => utf8.decode(bytes.subarray(start, end)).trim();

/** Reads hex digits into the entry and returns where they end. */
const readHash = (bytes: Uint8Array, start: number, end: number, entry: Entry): number => {
  const limit = Math.min(end, start + 64);
  let at = start;
  for (; at + 1 < limit; at += 2) {
    const high = nibble(bytes[at]);
    const low = nibble(bytes[at + 1]);
    if (high === NOT_HEX || low === NOT_HEX) break;
    entry.digest[(at - start) >> 1] = (high << 4) | low;
  }
  entry.length = (at - start) >> 1;
  return at;
};

/** Splits a line of comma-separated values with optional quotes; quotes inside quotes are doubled. */
const fieldsOf = (line: string): string[] =>
  [...line.matchAll(/\s*(?:"((?:[^"]|"")*)"|([^,]*))\s*(?:,|$)/g)].map(
    ([, quoted, bare = '']) => quoted?.replaceAll('""', '"') ?? bare.trim(),
  );

interface Columns {
  hash: number;
  name: number;
}

/** Which columns count, if the line is a header of one of the CSV exports in use: the strongest hash, and the threat's name. */
const columnsOf = (line: string): Columns | undefined => {
  const titles = fieldsOf(line).map((title) => title.toLowerCase().replace(/[^a-z0-9]|hash$/g, ''));
  const column = (...names: string[]) => names.map((name) => titles.indexOf(name)).find((index) => index >= 0) ?? -1;
  const hash = column('sha256', 'sha1', 'md5');
  return hash < 0 || titles.length < 2 ? undefined : { hash, name: column('signature', 'threat', 'malware', 'name') };
};

const readCsv = (line: string, { hash, name }: Columns, entry: Entry): Line => {
  const fields = fieldsOf(line);
  const digits = Buffer.from(fields[hash] ?? '', 'latin1');
  if (readHash(digits, 0, digits.length, entry) !== digits.length || !LENGTHS.has(entry.length)) return 'malformed';
  const given = fields[name] ?? '';
  entry.name = given === 'n/a' ? '' : given;
  entry.isThreat = entry.name !== '';
  return 'entry';
};

/** ClamAV's `hash:size:name`, with `*` for any size, and perhaps engine levels after the name. */
const readSignature = (rest: string, entry: Entry): Line => {
  const [size = '', name = ''] = rest.split(':');
  if (!/^(\*|\d{1,15})$/.test(size) || name === '') return 'malformed';
  entry.size = size === '*' ? -1 : Number(size);
  entry.name = name;
  entry.isThreat = true;
  return 'entry';
};

/**
 * Parses the lines of one list, whichever format they have: plain hashes with an optional name, sha256sum and its like, ClamAV's
 * .hdb and .hsb, and CSV with a header that titles a hash column, such as MalwareBazaar's, whose header is a comment.
 */
export const createLineParser = (entry: Entry) => {
  let columns: Columns | undefined;

  return (bytes: Uint8Array, from: number, to: number): Line => {
    let start = from;
    let end = to;
    while (start < end && isBlank(bytes[start])) start++;
    while (end > start && isBlank(bytes[end - 1])) end--;
    if (start === end) return 'nothing';
    entry.size = -1;
    entry.name = '';
    entry.isThreat = false;

    if (bytes[start] === HASH) {
      columns ??= columnsOf(textOf(bytes, start + 1, end));
      return 'nothing';
    }
    // A comment that only reads like a header makes no CSV of a plain list.
    if (columns && readCsv(textOf(bytes, start, end), columns, entry) === 'entry') return 'entry';

    const after = readHash(bytes, start, end, entry);
    if (!LENGTHS.has(entry.length)) {
      if (columns) return 'malformed';
      columns = columnsOf(textOf(bytes, start, end));
      return columns ? 'nothing' : 'malformed';
    }
    if (after === end) return 'entry';
    const separator = bytes[after];
    if (separator === COLON) return readSignature(textOf(bytes, after + 1, end), entry);
    if (separator === COMMA || separator === SEMICOLON) {
      entry.name = textOf(bytes, after + 1, end)
        .replace(/[,;].*/, '')
        .replaceAll('"', '')
        .trim();
    } else if (isBlank(separator)) {
      const second = bytes[after + 1];
      const isFileName = separator === SPACE && (second === SPACE || second === ASTERISK);
      entry.name = textOf(bytes, isFileName ? after + 2 : after + 1, end);
      entry.isThreat = !isFileName && !entry.name.startsWith('#');
      if (entry.name.startsWith('#')) entry.name = '';
      return 'entry';
    } else return 'malformed';
    entry.isThreat = entry.name !== '';
    return 'entry';
  };
};
