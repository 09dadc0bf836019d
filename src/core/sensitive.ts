import { z } from 'zod';

/** One find of sensitive data. */
export const SensitiveHit = z.object({
  before: z.string(),
  /** Masked, unless the workflow wants it as it is. */
  hit: z.string(),
  after: z.string(),
  /** How certain it is, 0–100. */
  score: z.number(),
  /** The member that it lies in; absent for the file itself. */
  path: z.string().optional(),
});
export type SensitiveHit = z.infer<typeof SensitiveHit>;

/** Sensitive data of one type: ccn, ssn, iban …, regex_N. */
export const SensitiveType = z.object({
  type: z.string(),
  displayName: z.string(),
  /** All that was found, also what `hits` leaves out. */
  count: z.number(),
  /** The highest of all. */
  score: z.number(),
  hits: z.array(SensitiveHit),
});
export type SensitiveType = z.infer<typeof SensitiveType>;

/** Why not all of the text was read, as the engine's answer would have said it without a find. */
const Unread = z.object({ status: z.enum(['skipped', 'failed']), reason: z.string() });

export const Sensitive = z.object({ shown: z.boolean(), types: z.array(SensitiveType), unread: Unread.optional() });
export type Sensitive = z.infer<typeof Sensitive>;

/** Hits of one type that are kept of a file with all that lies in it. */
const MOST_HITS = 50;

const CERTAINTIES = ['Very Low', 'Low', 'Medium', 'High', 'Very High'] as const;
export type Certainty = (typeof CERTAINTIES)[number];

/** A score in words, each for a fifth of the scale. */
export const certaintyOf = (score: number): Certainty =>
  CERTAINTIES[Math.max(0, Math.min(4, Math.floor(score / 20)))] ?? 'Very High';

export const scoreOf = ({ types }: Sensitive): number => Math.max(0, ...types.map(({ score }) => score));

/** Puts together what was found at several places; of each type those of the highest score are kept. */
export const createSensitive = () => {
  const types = new Map<string, SensitiveType>();
  let shown = false;
  let unread: Sensitive['unread'];
  return {
    /** @param path the member that it was found in */
    add: (sensitive: Sensitive, path?: string): void => {
      shown ||= sensitive.shown;
      unread ??= sensitive.unread;
      for (const { hits, ...of } of sensitive.types) {
        const placed = path === undefined ? hits : hits.map((hit) => ({ ...hit, path }));
        const known = types.get(of.type);
        const all = [...(known?.hits ?? []), ...placed].toSorted((a, b) => b.score - a.score).slice(0, MOST_HITS);
        types.set(of.type, {
          ...of,
          count: of.count + (known?.count ?? 0),
          score: Math.max(of.score, known?.score ?? 0),
          hits: all,
        });
      }
    },
    /** Undefined when nothing was found. */
    all: (): Sensitive | undefined =>
      types.size === 0
        ? undefined
        : { shown, unread, types: [...types.values()].toSorted((a, b) => b.score - a.score) },
  };
};

/** The same without the finds themselves. */
export const withoutHits = (sensitive: Sensitive): Sensitive => ({
  ...sensitive,
  types: sensitive.types.map((type) => ({ ...type, hits: [] })),
});
