import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import builtInRules from './builtin.yar' with { type: 'text' };

export interface RuleFile {
  path: string;
  text: string;
  /** Milliseconds since 1970. */
  modified: number;
}

const BUILT_IN: RuleFile = { path: 'built-in', text: builtInRules, modified: Date.parse('2025-11-01T00:00:00Z') };

/** Real paths, so that a file reached by several links, as in a mounted Kubernetes ConfigMap, is read once. */
const filesIn = (path: string, seen: Set<string>, given: boolean): string[] => {
  const real = realpathSync(path);
  if (seen.has(real)) return [];
  if (!statSync(real).isDirectory()) {
    if (!given && !/\.yara?$/i.test(path)) return [];
    seen.add(real);
    return [real];
  }
  seen.add(real);
  const names = readdirSync(real).filter((name) => !name.startsWith('.'));
  return names.sort().flatMap((name) => filesIn(join(real, name), seen, false));
};

const read = (path: string): RuleFile => {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
    return { path, text, modified: statSync(path).mtimeMs };
  } catch (cause) {
    throw new Error(
      cause instanceof TypeError ? `${path} is not UTF-8 text` : `${path} cannot be read: ${String(cause)}`,
      { cause },
    );
  }
};

/** Reads the rule files named, and every `*.yar` and `*.yara` in the folders named; throws when one is missing or cannot be read. */
export const readSources = (paths: string[], builtIn: boolean, warn: (message: string) => void): RuleFile[] => {
  const seen = new Set<string>();
  const found = paths.flatMap((path) => {
    try {
      const files = filesIn(path, seen, true);
      if (files.length === 0) warn(`${path} holds no rule files that were not read already (*.yar, *.yara)`);
      return files;
    } catch (cause) {
      throw new Error(`${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
  });
  return [...(builtIn ? [BUILT_IN] : []), ...found.map(read)];
};
