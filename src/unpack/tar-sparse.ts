import { troubleError } from './contract';

/** What a pax header says of a sparse file (GNU tar manual, "Storing Sparse Files"). */
export interface Sparse {
  /** Whether it is of the format 1.0, which has its map before the data. */
  mapped: boolean;
  /** The file's size with its holes. Bytes. */
  size: number;
}

/** Tells a sparse file by the pax records that 7-Zip does not know, which it prints in one line. */
export const sparseIn = (records: string): Sparse | undefined => {
  if (!records.includes('GNU.sparse.')) return undefined;
  const size = Number(/GNU\.sparse\.(?:realsize|size)=(\d+)/.exec(records)?.[1] ?? 0);
  return { mapped: /GNU\.sparse\.major=1\D/.test(records), size };
};

const BLOCK = 512;
/** The longest map that is believed. Bytes. */
const MAP = 4 * 1024 * 1024;
const HOLE = 1024 * 1024;

const damaged = () => troubleError('damaged', 'The map of its holes is damaged.');

/** The decimal numbers in a text of one a line, as many as the first says pairs of; undefined when the text does not hold all. */
const numbersIn = (map: Buffer): { numbers: number[]; length: number } | undefined => {
  const numbers: number[] = [];
  let wanted = 1;
  let at = 0;
  while (numbers.length < wanted) {
    const end = map.indexOf('\n', at);
    if (end < 0) return undefined;
    const line = map.toString('latin1', at, end);
    if (!/^\d{1,15}$/.test(line)) throw damaged();
    numbers.push(Number(line));
    if (numbers.length === 1) wanted = 1 + 2 * Number(line);
    at = end + 1;
  }
  return { numbers: numbers.slice(1), length: Math.ceil(at / BLOCK) * BLOCK };
};

function* hole(size: number): Generator<Uint8Array, void, void> {
  const zeros = new Uint8Array(Math.min(size, HOLE));
  for (let left = size; left > 0; left -= zeros.length) yield zeros.subarray(0, Math.min(left, zeros.length));
}

/** Puts the holes back into a sparse file. @param stored its map and its data */
export async function* withHoles(
  stored: AsyncIterator<Uint8Array, void, void>,
  { mapped, size }: Sparse,
): AsyncGenerator<Uint8Array, void, void> {
  if (!mapped) throw troubleError('unsupported', 'It is a sparse file of a kind that is not supported.');
  let ahead: Buffer = Buffer.alloc(0);
  const more = async (): Promise<boolean> => {
    const { done, value } = await stored.next();
    if (!done) ahead = Buffer.concat([ahead, value]);
    return !done;
  };
  let map = numbersIn(ahead);
  while (map === undefined) {
    if (ahead.length > MAP || !(await more())) throw damaged();
    map = numbersIn(ahead);
  }
  while (ahead.length < map.length && (await more()));
  ahead = ahead.subarray(map.length);

  let position = 0;
  for (let i = 0; i + 1 < map.numbers.length; i += 2) {
    const [offset = 0, length = 0] = map.numbers.slice(i, i + 2);
    if (offset < position) throw damaged();
    yield* hole(offset - position);
    for (let left = length; left > 0; ) {
      if (ahead.length === 0 && !(await more())) throw damaged();
      const piece = ahead.subarray(0, left);
      ahead = ahead.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
    position = offset + length;
  }
  yield* hole(Math.max(0, size - position));
}
