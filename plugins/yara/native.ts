/** The part of the YARA-X binding that is used here. */
export interface Yara {
  addRuleSources: (sources: RuleSource[]) => void;
  serialize: () => Uint8Array;
  scan: (data: Buffer) => RuleMatch[];
  setTimeout: (milliseconds: number) => void;
  setMaxMatchesPerPattern: (count: number) => void;
}

export interface RuleSource {
  source: string;
  namespace: string;
}

export interface RuleMatch {
  ruleIdentifier: string;
  namespace: string;
  meta: Record<string, unknown>;
  tags: string[];
}

interface Binding {
  create: () => Yara;
  deserialize: (rules: Buffer) => Yara;
  validate: (source: string) => { errors: { code: string; message: string }[] };
}

/** The binding, loaded when it is first needed: a process that only reads this engine's options does without its 20 MB. */
// The path is a literal so that `bun build --compile` embeds the file.
export const native = (): Binding => require('@litko/yara-x-linux-x64-gnu/yara-x.linux-x64-gnu.node');

/** The YARA-X inside the binding, and the binding's own version, which package.json pins. */
export const VERSIONS = { yara: '1.20', binding: '0.7.2' };

/** Where the binding was loaded from, inside the compiled binary too: another thread loads it from there. */
export const libraryPath = (): string => {
  const path = Object.keys(require.cache).find((key) => key.includes('yara-x') && key.endsWith('.node'));
  if (path === undefined) throw new Error('the YARA-X library is not loaded');
  return path;
};

/**
 * Matches kept for each pattern. The library's own limit of a million lets a crafted file fill the memory with match records;
 * with this one, a condition that counts or locates more than 100,000 matches of one pattern no longer sees the rest.
 */
export const MAX_MATCHES = 100_000;

/** Rules ready to scan with, from what `serialize` returned; `timeout` in milliseconds, of which YARA-X counts whole seconds. */
export const loadRules = (serialized: SharedArrayBuffer, timeout: number): Yara => {
  const yara = native().deserialize(Buffer.from(serialized));
  yara.setTimeout(timeout);
  yara.setMaxMatchesPerPattern(MAX_MATCHES);
  return yara;
};
