import { createHash } from 'node:crypto';
import type { Definitions } from '../../src/engines/contract';
import { declarationsIn } from './declarations';
import { native, VERSIONS } from './native';
import type { RuleFile } from './sources';

/** Compiled rules for every thread. */
export interface CompiledRules {
  rules: SharedArrayBuffer;
  /** Global rules as `file\0rule`. */
  globals: Set<string>;
  definitions: Definitions;
}

const errorIn = ({ path, text }: RuleFile): string | undefined => {
  const [error] = native().validate(text).errors;
  if (error === undefined) return undefined;
  const what = /error\[\w+\]: (.*)/.exec(error.message)?.[1] ?? error.message;
  const line = /--> line:(\d+)/.exec(error.message)?.[1] ?? '1';
  const detail = /\^+ (.*)/.exec(error.message)?.[1];
  return `${path}:${line}: ${what}${detail ? ` (${detail})` : ''}`;
};

/** Compiles each file in a namespace of its own; a file that does not compile stops them all, so that no rule is lost unnoticed. */
export const compile = (files: RuleFile[]): CompiledRules => {
  const declared = files.map((file) => ({ file, ...declarationsIn(file.text) }));
  const count = declared.reduce((sum, declarations) => sum + declarations.count, 0);
  if (count === 0) throw new Error('there are no rules: name rule files in `rules`, or leave `builtIn` on');
  for (const { file, include } of declared) {
    if (include)
      throw new Error(
        `${file.path}:${include}: include is not supported: name the included file, or its folder, in \`rules\``,
      );
  }

  const yara = native().create();
  try {
    yara.addRuleSources(files.map(({ path, text }) => ({ source: text, namespace: path })));
  } catch (cause) {
    const errors = files.map(errorIn).filter((error) => error !== undefined);
    throw new Error(errors.length > 0 ? errors.join('\n') : String(cause), { cause });
  }
  const serialized = yara.serialize();
  const rules = new SharedArrayBuffer(serialized.length);
  new Uint8Array(rules).set(serialized);

  const hash = createHash('sha256').update(`${VERSIONS.yara} ${VERSIONS.binding}`);
  for (const { path, text } of files) hash.update(`\0${path}\0${text}`);
  return {
    rules,
    globals: new Set(declared.flatMap(({ file, globals }) => globals.map((name) => `${file.path}\0${name}`))),
    definitions: {
      version: `yara ${VERSIONS.yara}, ${count} ${count === 1 ? 'rule' : 'rules'} ${hash.digest('hex').slice(0, 6)}`,
      date: new Date(Math.max(...files.map(({ modified }) => modified))).toISOString(),
    },
  };
};
