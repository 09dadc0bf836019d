import { z } from 'zod';

const bytes = () => z.number().int().nonnegative().optional();

/** What a rule may name, sizes in bytes. */
export const FileRuleShape = z.strictObject({
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/i, 'not a SHA-256 hash: 64 hexadecimal digits')
    .optional(),
  type: z
    .string()
    .max(200)
    .regex(/^[\w.+-]+\/(\*|[\w.+-]+)$/, 'not a MIME type such as image/png or image/*')
    .optional(),
  name: z.string().min(1).max(255).optional(),
  minSize: bytes(),
  maxSize: bytes(),
  reason: z.string().trim().min(1).max(200).optional(),
});
/** A rule without a condition would fit every file. */
export const namesSomething = ({ reason, ...conditions }: object & { reason?: unknown }): boolean =>
  Object.values(conditions).some((condition) => condition !== undefined);
export const NAMES_NOTHING = 'name at least one of sha256, type, name, minSize and maxSize';

/**
 * Which files a list of a workflow means: by content (`sha256`, `type` as it is told by content), by name (`*` and `?`; the last part of
 * the path, or all of it where the pattern has a slash) and by size. All that it names must fit.
 */
export const FileRule = FileRuleShape.refine(namesSomething, NAMES_NOTHING);
export type FileRule = z.infer<typeof FileRule>;

/** Rules of one list; for long lists of hashes there is the engine `hashes`. */
export const MOST_RULES = 1000;
export const FileRules = z.array(FileRule).max(MOST_RULES);

/**
 * Whether a name fits a pattern of `*` (any characters) and `?` (one), in letters of either case.
 * It goes back to the last star only, so that its time is the product of the lengths at most.
 */
export const fitsPattern = (pattern: string, name: string): boolean => {
  const [p, n] = [[...pattern.toLowerCase()], [...name.toLowerCase()]];
  let [i, j, star, from] = [0, 0, -1, 0];
  while (j < n.length) {
    if (p[i] === '*') {
      star = i++;
      from = j;
    } else if (i < p.length && (p[i] === '?' || p[i] === n[j])) {
      i++;
      j++;
    } else if (star >= 0) {
      i = star + 1;
      j = ++from;
    } else return false;
  }
  while (p[i] === '*') i++;
  return i === p.length;
};
