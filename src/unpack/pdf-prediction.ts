import { troubleError } from './contract';
import { entryOf, numberOf, type Value } from './pdf-value';

/** Rows that are longer are no rows. Bytes. */
const WIDEST = 1024 * 1024;

// The one of the three that is nearest to their plane (PNG, 9.4).
const paeth = (left: number, up: number, corner: number): number => {
  const plane = left + up - corner;
  const [a, b, c] = [Math.abs(plane - left), Math.abs(plane - up), Math.abs(plane - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
};

const guess = (kind: number, left: number, up: number, corner: number): number => {
  if (kind === 1) return left;
  if (kind === 2) return up;
  if (kind === 3) return (left + up) >> 1;
  return kind === 4 ? paeth(left, up, corner) : 0;
};

async function* rowsOf(source: AsyncIterable<Uint8Array>, length: number): AsyncGenerator<Uint8Array> {
  let rest = new Uint8Array();
  for await (const bytes of source) {
    const all = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    let at = 0;
    for (; at + length <= all.length; at += length) yield all.subarray(at, at + length);
    rest = Uint8Array.from(all.subarray(at));
  }
  if (rest.length > 1) yield rest;
}

/** Turns differences back into bytes, for the predictors of PNG (ISO 32000-2, 7.4.4.4). */
export async function* undoPrediction(
  source: AsyncIterable<Uint8Array>,
  parameters: Value | undefined,
): AsyncGenerator<Uint8Array> {
  const number = (key: string, otherwise: number) => numberOf(entryOf(parameters, key), otherwise);
  if (number('Predictor', 1) < 10) throw troubleError('unsupported', 'A part of it is encoded as pictures are.');
  const bits = number('Colors', 1) * number('BitsPerComponent', 8);
  const width = Math.ceil((bits * number('Columns', 1)) / 8);
  const step = Math.max(1, Math.ceil(bits / 8));
  if (!(width >= 1 && width <= WIDEST)) throw new Error('Its rows have no sensible length.');
  let above = new Uint8Array(width);
  for await (const row of rowsOf(source, width + 1)) {
    const line = new Uint8Array(width);
    for (let i = 0; i + 1 < row.length; i++) {
      const difference = row[i + 1] ?? 0;
      line[i] = difference + guess(row[0] ?? 0, line[i - step] ?? 0, above[i] ?? 0, above[i - step] ?? 0);
    }
    yield line.subarray(0, row.length - 1);
    above = line;
  }
}
