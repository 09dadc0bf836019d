const LINE = 4 * 1024;
const NAME = 200;
/** JavaScriptCore gives a runaway pattern up after about a second; no further line is begun after this many milliseconds. */
const BUDGET = 100;

/** One line of text without control characters, at most 200 characters. */
export const clean = (text: string): string =>
  text
    .slice(0, LINE)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
    .slice(0, NAME);

/** The first line that says anything. */
export const firstLine = (text: string): string => {
  for (const line of text.split('\n', 50)) {
    const said = clean(line);
    if (said) return said;
  }
  return '';
};

/** The threat's name: what the pattern's group caught in the first line that fits. Lines are cut to 4 KiB. */
export const nameIn = (output: string, pattern: RegExp): string | undefined => {
  const until = performance.now() + BUDGET;
  for (const line of output.split('\n')) {
    if (performance.now() > until) return undefined;
    const name = clean(pattern.exec(line.slice(0, LINE))?.[1] ?? '');
    if (name) return name;
  }
  return undefined;
};

/** A pattern with at least one group; undefined when it is not one. */
export const patternOf = (source: string): RegExp | undefined => {
  try {
    const groups = new RegExp(`${source}|`).exec('')?.length ?? 0;
    return groups > 1 ? new RegExp(source) : undefined;
  } catch {
    return undefined;
  }
};
