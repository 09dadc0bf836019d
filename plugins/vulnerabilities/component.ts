import type { EngineFile } from '../../src/engines/contract';

/** A piece of software that was recognized, by the names that a database may have for it. */
export interface Component {
  /** OSV's name of where it is from; undefined for what OSV knows nothing of. */
  ecosystem?: string;
  /** Names that it may have there, the most certain first. */
  names: string[];
  version: string;
  /** Of a distribution: which of its releases it was made for, where the version tells. */
  release?: string;
  vendor?: string;
}

/** Reads what says which software a file is, or is a part of. Its answer is for any bytes: what it cannot read is no component. */
export interface Recognizer {
  /** @param head the first bytes of the file */
  fits: (file: EngineFile, head: Buffer) => boolean;
  read: (file: EngineFile) => Promise<Component[]>;
}

/** Far above any file that describes one package. Bytes. */
const LARGEST_TEXT = 4 * 1024 * 1024;

/** A recognizer of small text files. */
export const ofText = (fits: RegExp, parse: (text: string, path: string) => Component[]): Recognizer => ({
  fits: ({ path }) => fits.test(path),
  read: async (file) => {
    if (file.size > LARGEST_TEXT) return [];
    return parse(new TextDecoder().decode(await file.bytes()), file.path);
  },
});

/** Names and versions that are longer are nobody's. */
const LONGEST = 300;

/** Whether it can be a name or a version: one short word. */
export const isWord = (text: string | undefined): text is string =>
  text !== undefined && text !== '' && text.length <= LONGEST && /^[^\s\0-\x1f\x7f]+$/.test(text);

/** The name of the part of a path that stands `up` parts before its end. */
export const partOf = (path: string, up: number): string => {
  let end = path.length;
  for (let i = 0; i < up && end >= 0; i++) end = path.lastIndexOf('/', end - 1);
  return end < 0 ? '' : path.slice(path.lastIndexOf('/', end - 1) + 1, end);
};
