import { isUtf8 } from 'node:buffer';
import libmime from 'libmime';
import type { Lines } from './lines';

/** The fields of a header that say what its content is, by their lower-case names, unfolded, as Latin-1. */
export type Fields = Map<string, string[]>;

export interface Header {
  fields: Fields;
  /** Where the content begins. */
  body: number;
  /** Where a line stood that is none of a header: some programs let the content begin there. */
  early?: number;
  /** A field was longer than what is kept of it. */
  cut: boolean;
}

const WANTED = new Set(['content-type', 'content-transfer-encoding', 'content-disposition', 'content-location']);
/** RFC 5322 2.2: a name is of printable ASCII; blanks before the colon are obsolete but read (4.5). */
const FIELD = /^([!-9;-~]+)[ \t]*:(.*)$/s;
/** Kept of one field with its continuation lines, and fields of one name. */
const KEPT = 64 * 1024;
const SAME_NAME = 8;

/**
 * Reads a header up to the empty line, or to a delimiter that comes before one.
 * @param isDelimiter whether a line divides the parts that are open
 */
export const readHeader = async (
  lines: Lines,
  start: number,
  isDelimiter: (text: string) => boolean,
): Promise<Header> => {
  const fields: Fields = new Map();
  let values: string[] | undefined;
  let early: number | undefined;
  let cut = false;
  let at = start;
  for (;;) {
    const line = await lines.at(at);
    // Without an empty line the content begins where the header looks no longer like one.
    if (line === undefined || (line.text.startsWith('--') && isDelimiter(line.text)))
      return { fields, body: early ?? at, cut };
    at = line.next;
    if (line.text === '' && !line.cut) return { fields, body: at, early, cut };
    if (/^[ \t]/.test(line.text)) {
      if (values !== undefined && (values.at(-1)?.length ?? 0) + line.text.length > KEPT) cut = true;
      else if (values !== undefined) values.push(`${values.pop() ?? ''}${line.text}`);
      if (values !== undefined && line.cut) cut = true;
      continue;
    }
    const [, name, value = ''] = FIELD.exec(line.text) ?? [];
    values = undefined;
    if (name === undefined) {
      // What mailboxes and gateways put before a message is not its beginning.
      if (!/^>?From /.test(line.text)) early ??= line.start;
      continue;
    }
    const key = name.toLowerCase();
    if (!WANTED.has(key)) continue;
    cut ||= line.cut;
    values = fields.get(key) ?? [];
    if (values.length < SAME_NAME) values.push(value);
    else {
      values = undefined;
      cut = true;
      continue;
    }
    fields.set(key, values);
  }
};

export interface Entity {
  /** Lower-case media type. */
  type: string;
  /** Every boundary that a program may read out of it; a sound one has none or one. As Latin-1. */
  boundaries: string[];
  /** Every transfer encoding it names, lower-case; never empty. */
  encodings: string[];
  /** As the header says, decoded. */
  name?: string;
}

const parse = (value: string) => libmime.parseHeaderValue(value, { stripComments: true });

/** Every literal value of a parameter: programs differ on which of several counts. */
const BOUNDARY = /[;\s]boundary\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))/gis;

const boundariesOf = (value: string): string[] => [
  parse(value).params.boundary ?? '',
  ...[...value.matchAll(BOUNDARY)].map(([, quoted, token]) => quoted?.replace(/\\(.)/gs, '$1') ?? token ?? ''),
];

const nameOf = (value: string, parameter: string): string | undefined => {
  const bytes = Buffer.from(value, 'latin1');
  const { params, decodedParams } = parse(isUtf8(bytes) ? bytes.toString('utf8') : value);
  const name = params[parameter];
  if (name === undefined) return undefined;
  return decodedParams.includes(parameter) ? name : libmime.decodeWords(name);
};

const distinct = (values: string[]): string[] => [...new Set(values)].filter((value) => value !== '');

/** What the fields say of the content. @param fallback the media type where they name none */
export const describe = (fields: Fields, fallback: string): Entity => {
  const types = fields.get('content-type') ?? [];
  const named = types.map((value) => parse(value).value.toLowerCase());
  // Programs differ on which of several types counts: parts are looked into where one of them announces any.
  const type = named.find((one) => one.startsWith('multipart/')) ?? named[0] ?? '';
  const encodings = distinct(
    (fields.get('content-transfer-encoding') ?? []).map((value) =>
      parse(value).value.toLowerCase().replace(/\s.*$/s, ''),
    ),
  );
  const names = [
    ...(fields.get('content-disposition') ?? []).map((value) => nameOf(value, 'filename')),
    ...types.map((value) => nameOf(value, 'name')),
    ...(fields.get('content-location') ?? []).map((value) => libmime.decodeWords(value.trim())),
  ];
  const all = distinct(types.flatMap(boundariesOf).map((boundary) => boundary.trimEnd()));
  return {
    type: type || fallback,
    boundaries: all,
    encodings: encodings.length > 0 ? encodings : ['7bit'],
    name: names.find((name) => name !== undefined && name !== ''),
  };
};
