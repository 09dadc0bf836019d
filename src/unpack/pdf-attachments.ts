import type { Piece } from '../content/piece';
import type { Trouble } from '../core/findings';
import type { Member } from './contract';
import { decode, filtersOf } from './pdf-filters';
import type { PdfObject, PdfObjects } from './pdf-objects';
import { dictionariesIn, entryOf, isName, numberOf, referencesIn, textOf, type Value } from './pdf-value';

/** More of them than this are not asked for in a sound document. */
const MOST_WANTED = 100_000;
/** Numbers that stand alone are lengths of streams; more than this are not remembered. */
const MOST_LENGTHS = 1_000_000;
/** How many objects may lead to the one that is meant. */
const MOST_STEPS = 4;
const END_THEMSELVES = new Set(['FlateDecode', 'LZWDecode', 'ASCIIHexDecode', 'ASCII85Decode', 'RunLengthDecode']);

const isTrouble = (entry: PdfObject | Trouble): entry is Trouble => 'why' in entry;

const nameIn = (specification: Value): string => {
  for (const key of ['UF', 'F', 'Unix', 'DOS', 'Mac']) {
    const value = entryOf(specification, key);
    if (value?.kind === 'string' && value.value.length > 0) return textOf(value.value);
  }
  return '';
};

/** What lies embedded in a document that is not encrypted: files, in whatever way they hang in it, and scripts. */
export async function* readAttachments(piece: Piece, objects: PdfObjects): AsyncGenerator<Member | Trouble> {
  /** Names of the files, by the number of their object. */
  const files = new Map<number, string>();
  const scripts = new Set<number>();
  const lengths = new Map<number, number>();
  const numbered = (kind: 'embedded' | 'javascript') => {
    count[kind]++;
    return kind === 'embedded' ? `embedded-${count[kind]}` : `javascript-${count[kind]}.js`;
  };
  const count = { embedded: 0, javascript: 0 };

  const wantFiles = (value: Value, name: string) => {
    for (const number of referencesIn(value)) if (!files.has(number)) files.set(number, name);
    if (files.size > MOST_WANTED) throw new Error('It speaks of more embedded files than a sound document.');
  };

  /** Notes what an object says of others, and gives the scripts that it holds itself. */
  function* note({ number, value }: PdfObject): Generator<Member> {
    if (value.kind === 'number' && number !== undefined && lengths.size < MOST_LENGTHS)
      lengths.set(number, value.value);
    for (const dictionary of dictionariesIn(value)) {
      for (const [key, entry] of dictionary.entries) {
        if (key === 'EF') wantFiles(entry, nameIn(dictionary));
        if (key === 'JS' && entry.kind === 'string') yield scriptOf(entry.value);
        if (key === 'JS' && entry.kind === 'reference' && scripts.size < MOST_WANTED) scripts.add(entry.number);
      }
    }
  }

  const scriptOf = (bytes: Buffer): Member => ({
    name: numbered('javascript'),
    open: async function* () {
      yield Buffer.from(textOf(bytes));
    },
  });

  /** Where a stream ends that does not tell by its content: where it says, if that can be, else at the next mark. */
  const endOf = async (dictionary: Value, start: number): Promise<number> => {
    const length = entryOf(dictionary, 'Length');
    const told = length?.kind === 'reference' ? lengths.get(length.number) : numberOf(length, -1);
    if (told !== undefined && told >= 0) {
      const behind = Buffer.from(piece.bytes(start + told, start + told + 32)).toString('latin1');
      if (/^\s*endstream/.test(behind)) return start + told;
    }
    return objects.find('endstream', start);
  };

  const contentOf = (dictionary: Value, start: number): Member['open'] =>
    async function* () {
      // Where another object names the filter, the content says whether it is the usual one (RFC 1950, 2.2).
      const filters =
        filtersOf(dictionary) ?? (piece.bytes(start, start + 1)[0] === 0x78 ? [{ name: 'FlateDecode' }] : []);
      const endsItself = filters.some(({ name }) => END_THEMSELVES.has(name));
      const end = endsItself ? piece.size : await endOf(dictionary, start);
      yield* decode(objects.bytes(start, end), filters);
    };

  for await (const object of objects.all()) {
    if (isTrouble(object)) yield object;
    else yield* note(object);
  }

  const given = new Set<number>();
  const found = new Set<number>();
  for (let step = 0, known = -1; step < MOST_STEPS && known < files.size; step++) {
    known = files.size;
    for await (const object of objects.all()) {
      if (isTrouble(object)) continue;
      const { number, value, stream } = object;
      const name = number === undefined ? undefined : files.get(number);
      const isFile = name !== undefined || isName(entryOf(value, 'Type'), 'EmbeddedFile');
      const isScript = number !== undefined && scripts.has(number);
      if (isFile && number !== undefined) found.add(number);
      if (stream === undefined) {
        // What is not a stream may lead to one, in a way that no writer uses but readers follow.
        if (name !== undefined) wantFiles(value, name);
        if (isScript && step === 0 && value.kind === 'string') yield scriptOf(value.value);
        continue;
      }
      if (given.has(stream) || !(isFile || isScript)) continue;
      given.add(stream);
      yield { name: isFile ? name || numbered('embedded') : numbered('javascript'), open: contentOf(value, stream) };
    }
  }
  if ([...files.keys()].some((number) => !found.has(number))) {
    yield { why: 'damaged', message: 'It speaks of an embedded file that is not in it.' };
  }
}
