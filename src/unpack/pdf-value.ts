import { createLexer, type Token } from './pdf-syntax';

/** A value of a PDF; of a dictionary every entry, also where a key comes twice. */
export type Value =
  | Token
  | { kind: 'reference'; number: number }
  | { kind: 'array'; items: Value[] }
  | { kind: 'dictionary'; entries: [key: string, value: Value][] };

export interface Parsed {
  value: Value;
  /** Where the first word behind it begins; the word. */
  end: number;
  word?: string;
}

/** Values in values are read up to here; the readers that people use give up far earlier. */
const DEEPEST = 500;

const pair = (items: Value[]): [string, Value][] => {
  const entries: [string, Value][] = [];
  for (let i = 0; i + 1 < items.length; i++) {
    const key = items[i];
    const value = items[i + 1];
    if (key?.kind !== 'name' || value === undefined) continue;
    entries.push([key.value, value]);
    i++;
  }
  return entries;
};

/**
 * Reads the value that begins at a position, as leniently as the programs that show documents.
 * @throws when it is nested beyond reason
 */
export const parseValue = (bytes: Buffer, start: number): Parsed => {
  const lexer = createLexer(bytes, start);
  const open: { closes: string; items: Value[] }[] = [];
  const top: Value[] = [];
  const close = () => {
    const done = open.pop();
    if (done === undefined) return;
    const into = open.at(-1)?.items ?? top;
    into.push(
      done.closes === '>>' ? { kind: 'dictionary', entries: pair(done.items) } : { kind: 'array', items: done.items },
    );
  };
  const finish = (end: number, word?: string): Parsed => {
    while (open.length > 0) close();
    return { value: top[0] ?? { kind: 'word', value: 'null' }, end, word };
  };
  for (let token = lexer.next(); token !== undefined; token = lexer.next()) {
    const items = open.at(-1)?.items ?? top;
    if (token.kind !== 'word') {
      items.push(token);
      continue;
    }
    const { value: word } = token;
    if (word === '<<' || word === '[') {
      if (open.length === DEEPEST) throw new Error('Its values are nested beyond reason.');
      open.push({ closes: word === '<<' ? '>>' : ']', items: [] });
    } else if (word === '>>' || word === ']') {
      if (open.at(-1)?.closes === word) close();
    } else if (word === 'R') {
      const [number, generation] = items.slice(-2);
      if (number?.kind !== 'number' || generation?.kind !== 'number') continue;
      items.splice(-2, 2, { kind: 'reference', number: number.value });
    } else if (['endobj', 'stream', 'endstream', 'obj', 'xref', 'trailer', 'startxref'].includes(word)) {
      return finish(lexer.position - word.length, word);
    } else items.push(token);
  }
  return finish(bytes.length);
};

/** An entry of a dictionary; the last where there are several. */
export const entryOf = (value: Value | undefined, key: string): Value | undefined =>
  value?.kind === 'dictionary' ? value.entries.findLast(([name]) => name === key)?.[1] : undefined;

export const numberOf = (value: Value | undefined, otherwise: number): number =>
  value?.kind === 'number' ? value.value : otherwise;

export const isName = (value: Value | undefined, name: string): boolean =>
  value?.kind === 'name' && value.value === name;

/** Every dictionary within a value, itself included. */
export function* dictionariesIn(value: Value): Generator<Extract<Value, { kind: 'dictionary' }>> {
  if (value.kind === 'dictionary') {
    yield value;
    for (const [, inner] of value.entries) yield* dictionariesIn(inner);
  }
  if (value.kind === 'array') for (const inner of value.items) yield* dictionariesIn(inner);
}

/** The numbers of the objects that a value refers to. */
export const referencesIn = (value: Value): number[] => {
  if (value.kind === 'reference') return [value.number];
  if (value.kind === 'array') return value.items.flatMap(referencesIn);
  if (value.kind === 'dictionary') return value.entries.flatMap(([, inner]) => referencesIn(inner));
  return [];
};

/** A text string as text (ISO 32000-2, 7.9.2.2), in the encodings that matter. */
export const textOf = (bytes: Buffer): string => {
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes.subarray(2));
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes.subarray(2));
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return bytes.toString('utf8', 3);
  return bytes.toString('latin1');
};
