import type { SensitiveType } from '../../src/engines/contract';
import { type Columns, createColumns, weighWords } from './context';
import type { Candidate, Detector } from './detector';
import { createFinds } from './finds';
import { coverAll, coverQuietly } from './mask';

/** Text that is searched at once, and how much of it is searched again with what follows, so that nothing is cut in two. Characters. */
const WINDOW = 128 * 1024;
const MARGIN = 4096;
/** What is kept of the text around a find, and of a find that is shown as it is. Characters. */
const AROUND = 40;
const LONGEST_HIT = 256;

type Spotted = Candidate & { detector: Detector };

const flat = (text: string): string => text.replaceAll(/[\s\p{Cc}]+/gu, ' ');

/** Where something was found, without overlaps and in order. */
const unite = (spotted: Spotted[]): [start: number, end: number][] => {
  const united: [number, number][] = [];
  for (const { start, end } of spotted) {
    const last = united.at(-1);
    if (last !== undefined && start < last[1]) last[1] = Math.max(last[1], end);
    else united.push([start, end]);
  }
  return united;
};

/** A part of a text in which all that was found is covered, and what else might be sensitive, too. */
const coverPart = (text: string, from: number, to: number, found: [start: number, end: number][]): string => {
  let [low, high] = [0, found.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((found[middle]?.[1] ?? 0) <= from) low = middle + 1;
    else high = middle;
  }
  let covered = '';
  let at = from;
  for (let [start, end] = found[low] ?? [to, to]; start < to; [start, end] = found[++low] ?? [to, to]) {
    const begin = Math.max(at, start);
    covered += text.slice(at, begin) + coverAll(text.slice(begin, Math.min(end, to)));
    at = Math.min(end, to);
  }
  return coverQuietly(covered + text.slice(at, to));
};

export interface Searching {
  detectors: Detector[];
  /** Finds are told as they are, and not masked. */
  shown: boolean;
  signal: AbortSignal;
}

/**
 * Searches a text, piece by piece, for all that the detectors find. What the text throws is thrown behind what was found before.
 * @returns what was found; `error` when the text did not come to its end
 */
export const search = async (
  pieces: AsyncIterable<string>,
  { detectors, shown, signal }: Searching,
): Promise<{ types: SensitiveType[]; error?: unknown }> => {
  const finds = new Map(detectors.map((detector) => [detector, createFinds(detector)]));
  let columns: Columns;
  let isFirst = true;

  const contextOf =
    (text: string, found: [number, number][], { start, end, masked }: Candidate) =>
    () => {
      const [from, to] = [Math.max(0, start - AROUND), Math.min(text.length, end + AROUND)];
      if (shown) {
        const hit = text.slice(start, Math.min(end, start + LONGEST_HIT));
        return { before: flat(text.slice(from, start)), hit, after: flat(text.slice(end, to)) };
      }
      return {
        before: flat(coverPart(text, from, start, found)),
        hit: flat(masked.slice(0, LONGEST_HIT)),
        after: flat(coverPart(text, end, to, found)),
      };
    };

  /** Searches a window, and counts what begins in a part of it. */
  const searchWindow = (text: string, from: number, to: number): void => {
    if (isFirst) columns = createColumns(text);
    isFirst = false;
    const spotted: Spotted[] = detectors.flatMap((detector) =>
      [...detector.find(text)].map((candidate) => ({ ...candidate, detector })),
    );
    spotted.sort((a, b) => a.start - b.start || b.end - a.end);
    const found = unite(spotted);
    for (const candidate of spotted) {
      const { start, value, detector, score } = candidate;
      const ofType = finds.get(detector);
      if (start < from || start >= to || ofType === undefined) continue;
      if (score === 0) {
        ofType.addLookalike(value);
        continue;
      }
      const byWords = weighWords(text, candidate, detector, columns);
      const context = contextOf(text, found, candidate);
      ofType.add({ value, score: score + byWords, isBacked: byWords > 0, context });
    }
  };

  let text = '';
  let from = 0;
  const read = async () => {
    for await (const piece of pieces) {
      text += piece;
      while (text.length >= WINDOW + MARGIN) {
        signal.throwIfAborted();
        searchWindow(text.slice(0, WINDOW + MARGIN), from, WINDOW);
        text = text.slice(WINDOW - MARGIN);
        from = MARGIN;
        // Lets the thread's other files go on.
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
  };
  let error: unknown;
  try {
    await read();
  } catch (thrown) {
    error = thrown;
  }
  signal.throwIfAborted();
  try {
    searchWindow(text, from, text.length);
  } catch (thrown) {
    error ??= thrown;
  }
  const types = [...finds.values()].flatMap((one) => one.report() ?? []);
  return { types: types.sort((a, b) => b.score - a.score), error };
};
