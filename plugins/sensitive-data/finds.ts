import type { SensitiveHit, SensitiveType } from '../../src/engines/contract';
import type { Detector } from './detector';

/** One find, with the text around it as it may be kept. */
export interface Find {
  value: string;
  score: number;
  /** Words near by speak for it. */
  isBacked: boolean;
  context: () => Pick<SensitiveHit, 'before' | 'hit' | 'after'>;
}

/** What is told of a type: those of the highest score. */
const MOST_HITS = 20;
/** Different values that are told apart; beyond, there are enough. */
const MOST_DIFFERENT = 10_000;
/** What scores less is not reported. */
const LEAST_SCORE = 10;

const clamp = (score: number) => Math.max(0, Math.min(100, score));

type Kept = SensitiveHit & { isBacked: boolean };

/** Collects what one detector finds in a file; memory stays flat whatever the file holds. */
export const createFinds = ({ type, displayName, adjust, least = 1 }: Detector) => {
  const different = new Set<string>();
  const lookalikes = new Set<string>();
  const counts = { backed: new Uint32Array(101), bare: new Uint32Array(101) };
  let kept: Kept[] = [];

  const adjusted = ({ score, isBacked }: { score: number; isBacked: boolean }): number => {
    const by = adjust?.(different.size, lookalikes.size) ?? 0;
    // Numbers that are no cards, put among some that are called cards, do not take anything from these.
    return clamp(isBacked ? score + Math.max(0, by) : score + by);
  };
  const remember = (values: Set<string>, value: string) => {
    if (values.size < MOST_DIFFERENT) values.add(value);
  };

  return {
    addLookalike: (value: string): void => remember(lookalikes, value),
    add: ({ value, score, isBacked, context }: Find): void => {
      remember(different, value);
      const clamped = clamp(score);
      const list = isBacked ? counts.backed : counts.bare;
      list[clamped] = (list[clamped] ?? 0) + 1;
      const last = kept.at(-1);
      if (kept.length >= MOST_HITS && last !== undefined && last.score >= clamped) return;
      kept.push({ ...context(), score: clamped, isBacked });
      // The first of equals stay.
      kept = kept.toSorted((a, b) => b.score - a.score).slice(0, MOST_HITS);
    },
    /** What came of it; undefined when there is nothing to report. */
    report: (): SensitiveType | undefined => {
      if (different.size < least) return undefined;
      const hits = kept
        .map(({ isBacked, ...hit }) => ({ ...hit, score: adjusted({ score: hit.score, isBacked }) }))
        .filter(({ score }) => score >= LEAST_SCORE)
        .sort((a, b) => b.score - a.score);
      let count = 0;
      for (let score = 0; score <= 100; score++) {
        if (adjusted({ score, isBacked: true }) >= LEAST_SCORE) count += counts.backed[score] ?? 0;
        if (adjusted({ score, isBacked: false }) >= LEAST_SCORE) count += counts.bare[score] ?? 0;
      }
      const [best] = hits;
      return best === undefined ? undefined : { type, displayName, count, score: best.score, hits };
    },
  };
};
