/** What a line that begins with two hyphens is to the multiparts that are open. */
export type Delimiter = { level: number; closes: boolean };

/** The multiparts that are open, the outermost first; their number costs nothing, however deep they lie. */
export interface Boundaries {
  open: (boundary: string, digest: boolean) => number;
  /** Ends all that lie deeper than this level. */
  endBelow: (level: number) => void;
  /** Whether the parts of the innermost are messages where they do not say what they are (RFC 2046 5.1.5). */
  isDigest: () => boolean;
  isOpen: () => boolean;
  /**
   * Which multipart the line divides, the innermost first; `near` when it only begins like a delimiter.
   * RFC 2046 5.1.1 takes that for one, while mail programs demand that nothing but blanks follows.
   */
  match: (line: string) => Delimiter | 'near' | undefined;
}

/** Longest boundary that is looked for; RFC 2046 allows 70 characters. */
export const LONGEST_BOUNDARY = 200;

export const createBoundaries = (): Boundaries => {
  const stack: { boundary: string; digest: boolean }[] = [];
  const levels = new Map<string, number[]>();
  const lengths = new Map<number, number>();
  const count = (length: number, by: number) => {
    const left = (lengths.get(length) ?? 0) + by;
    if (left === 0) lengths.delete(length);
    else lengths.set(length, left);
  };
  const isNear = (rest: string): boolean => {
    for (const length of lengths.keys()) if (length < rest.length && levels.has(rest.slice(0, length))) return true;
    return false;
  };
  return {
    open: (boundary, digest) => {
      const level = stack.push({ boundary, digest }) - 1;
      const same = levels.get(boundary);
      if (same === undefined) levels.set(boundary, [level]);
      else same.push(level);
      count(boundary.length, 1);
      return level;
    },
    endBelow: (level) => {
      while (stack.length > level + 1) {
        const boundary = stack.pop()?.boundary ?? '';
        const same = levels.get(boundary);
        same?.pop();
        if (same?.length === 0) levels.delete(boundary);
        count(boundary.length, -1);
      }
    },
    isDigest: () => stack.at(-1)?.digest ?? false,
    isOpen: () => stack.length > 0,
    match: (line) => {
      const rest = line.slice(2, LONGEST_BOUNDARY + 1000).trimEnd();
      const level = levels.get(rest)?.at(-1);
      if (level !== undefined) return { level, closes: false };
      const closed = rest.endsWith('--') ? levels.get(rest.slice(0, -2))?.at(-1) : undefined;
      if (closed !== undefined) return { level: closed, closes: true };
      return isNear(rest) ? 'near' : undefined;
    },
  };
};
