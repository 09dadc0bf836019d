import type { z } from 'zod';
import { Fault } from '../core/fault';
import { nearest } from '../core/nearest';
import type { Where } from './document';
import type { SchemaNode } from './schema';

type Issue = z.core.$ZodIssue;

interface Problem {
  message: string;
  hint?: string;
}

const nodeAt = (schema: SchemaNode | undefined, path: readonly PropertyKey[]): SchemaNode | undefined => {
  let node = schema;
  for (const step of path) node = typeof step === 'number' ? node?.items : node?.properties?.[String(step)];
  return node;
};

/** A path of keys as people write it: "storages[0].path". */
export const dotted = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : `${text}${text && '.'}${String(step)}`),
    '',
  );

interface Context {
  where: Where;
  /** The schema's own description, for the keys that it knows. */
  schema?: SchemaNode;
  /** Where the value that was checked hangs in the configuration. */
  prefix?: readonly PropertyKey[];
}

const unknownKey = (key: string, issue: Issue, { where, schema, prefix = [] }: Context): Problem => {
  const path = [...prefix, ...issue.path];
  const known = Object.keys(nodeAt(schema, issue.path)?.properties ?? {});
  const meant = nearest(key, known);
  const all = `${dotted(path) || 'the configuration'} takes ${known.join(', ') || 'no keys'}`;
  return {
    message: `${where(path, key)}: unknown key "${dotted([...path, key])}"`,
    hint: meant ? `did you mean "${meant}"?` : all,
  };
};

const problemsOf = (issue: Issue, context: Context): Problem[] => {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(key, issue, context));
  const path = [...(context.prefix ?? []), ...issue.path];
  const text = issue.message
    .replace(/^Invalid (input|option): /, '')
    .replace(/, received undefined$/, ', but it is missing');
  return [{ message: `${context.where(path)}: ${dotted(path) || 'the configuration'}: ${text}` }];
};

/** All that is wrong, as one Fault: each problem with its place, its key, and what was expected or meant. Values are never shown: they may be secrets. */
export const toConfigFault = (error: z.ZodError, context: Context): Fault => {
  const problems = error.issues.flatMap((issue) => problemsOf(issue, context));
  const hints = new Set(problems.flatMap(({ hint }) => hint ?? []));
  return new Fault('CONFIG_INVALID', problems.map(({ message }) => message).join('\n'), {
    hint: hints.size > 0 ? [...hints].join('\n') : undefined,
    cause: error,
  });
};
