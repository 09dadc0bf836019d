import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { createFinder } from './corpus/found';
import { createMakers } from './corpus/made';
import { createRandom } from './corpus/random';
import { createText } from './corpus/text';

/** Change it whenever the corpus would come out differently. */
const VERSION = 1;
const FILES = 10_000;
const MEDIAN = 12_000;
const SIGMA = 1.4;
const SMALLEST = 100;
const LARGEST = 1024 * 1024;
const MB = 1e6;

/** What of a hundred files is of each kind: found on this machine where it has some, else made. */
const MIX = {
  docx: 13,
  xlsx: 7,
  pdf: 13,
  jpg: 13,
  png: 7,
  txt: 6,
  html: 6,
  csv: 5,
  log: 5,
  eml: 5,
  json: 4,
  gz: 4,
  zip: 3,
  py: 3,
  xml: 2,
  elf: 2,
  js: 2,
};

export interface Kind {
  files: number;
  bytes: number;
  /** How many of them are this machine's own. */
  found: number;
}

export interface Corpus {
  version: number;
  path: string;
  small: { path: string; files: number; bytes: number; median: number };
  large: { path: string; files: number; bytes: number };
  kinds: { [kind: string]: Kind };
}

const CACHE = join(import.meta.dir, '../.bench');

const drawKind = (at: number): string => {
  let left = at;
  for (const [kind, share] of Object.entries(MIX)) {
    left -= share;
    if (left < 0) return kind;
  }
  return 'txt';
};

const writeLarge = (path: string, pieces: number, piece: () => Uint8Array) => {
  const fd = openSync(path, 'w');
  for (let i = 0; i < pieces; i++) writeSync(fd, piece());
  closeSync(fd);
  return pieces * MB;
};

const make = (folder: string): Corpus => {
  const random = createRandom('assay');
  const text = createText(random);
  const makers = createMakers(random, text);
  const find = createFinder();
  const kinds: Corpus['kinds'] = {};
  const sizes: number[] = [];
  const small = join(folder, 'small');
  const large = join(folder, 'large');
  const total = Object.values(MIX).reduce((sum, share) => sum + share);

  for (let i = 0; i < FILES; i++) {
    const kind = drawKind(random.below(total));
    const size = Math.min(LARGEST, Math.max(SMALLEST, Math.round(random.logNormal(MEDIAN, SIGMA))));
    const found = find(kind, size, makers[kind] ? 2 : Number.POSITIVE_INFINITY);
    const bytes = found ?? makers[kind]?.(size) ?? makers.csv!(size);
    const counted = kinds[kind] ?? { files: 0, bytes: 0, found: 0 };
    kinds[kind] = counted;
    counted.files += 1;
    counted.bytes += bytes.length;
    if (found) counted.found += 1;
    sizes.push(bytes.length);
    const below = join(small, String(i % 100).padStart(2, '0'));
    mkdirSync(below, { recursive: true });
    writeFileSync(join(below, `${text.name()}-${i}.${kind}`), bytes);
  }

  mkdirSync(large, { recursive: true });
  const bytes =
    writeLarge(join(large, 'dump.sql'), 50, () => Buffer.from(text.sql(MB))) +
    writeLarge(join(large, 'recording.mp4'), 90, () =>
      Buffer.concat([Buffer.from('\0\0\0\x20ftypisom'), random.bytes(MB - 12)]),
    ) +
    writeLarge(join(large, 'disk.img'), 200, () => random.bytes(MB));
  sizes.sort((a, b) => a - b);
  return {
    version: VERSION,
    path: folder,
    small: { path: small, files: FILES, bytes: sizes.reduce((sum, size) => sum + size), median: sizes[FILES / 2]! },
    large: { path: large, files: 3, bytes },
    kinds,
  };
};

/** The corpus, made when it is not there yet. */
export const openCorpus = (): Corpus => {
  const folder = join(CACHE, `corpus-${VERSION}`);
  const manifest = `${folder}.json`;
  if (!existsSync(manifest)) {
    console.error('Making the corpus');
    rmSync(folder, { recursive: true, force: true });
    const text = JSON.stringify(make(`${folder}.new`), null, 2).replaceAll(`${folder}.new`, folder);
    renameSync(`${folder}.new`, folder);
    writeFileSync(manifest, text);
  }
  return JSON.parse(readFileSync(manifest, 'utf8')) as Corpus;
};

/** A folder for what a part needs only while it runs. */
export const scratch = (name: string): { path: string; remove: () => void } => {
  const path = join(CACHE, `${name}-${process.pid}`);
  mkdirSync(path, { recursive: true });
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
};

if (import.meta.main) console.log(JSON.stringify(openCorpus(), null, 2));
